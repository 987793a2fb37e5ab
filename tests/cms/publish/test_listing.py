"""Lists of what is live: filtered, sorted, paged, and counted right at any time."""

from typing import Any

import orjson
import pytest

from cms.content.identity import stamp
from cms.publish import listing
from cms.publish.listing import Page, Query
from cms.store import Database
from tests.builders import (
    a_paragraph,
    create,
    later,
    publish,
    published,
    save,
    translate,
    unpublish,
    withdraw,
)


def find(db: Database, *, whole: bool = False, type: str = "topic", **query: Any) -> Page:
    return listing.find(db, Query(locale=query.pop("locale", "nl"), type=type, **query), whole=whole)


def titles(page: Page) -> list[str]:
    return [orjson.loads(item)["title"] for item in page.items]


def topics(db: Database, *names: str) -> list[str]:
    return [published(db, "topic", title=name, now=later(days=day)) for day, name in enumerate(names)]


def test_a_list_holds_what_is_live_in_its_type_and_locale(db: Database) -> None:
    topic, other = topics(db, "Rug", "Nek")
    create(db, "topic", title="Concept")
    published(db, "author")
    translate(db, topic, "en", {"title": "Back"})
    publish(db, topic, "en")
    unpublish(db, other, "nl", now=later(days=2))
    assert (titles(find(db)), titles(find(db, locale="en")), titles(find(db, locale="de"))) == (["Rug"], ["Back"], [])


def test_what_moved_or_is_withdrawn_is_in_no_list(db: Database) -> None:
    moved, gone = topics(db, "Rug", "Nek")
    save(db, moved, slug="elders")
    publish(db, moved)
    withdraw(db, gone, explanation="Fout.", now=later(days=3))
    page = find(db)
    assert (titles(page), page.total) == (["Rug"], 1)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("title", ["Arm", "Été", "Knie", "zoon"]),
        ("-title", ["zoon", "Knie", "Été", "Arm"]),
        ("published_at", ["Knie", "Été", "zoon", "Arm"]),
        ("-published_at", ["Arm", "zoon", "Été", "Knie"]),
    ],
)
def test_a_list_is_sorted_as_people_sort(db: Database, sort: str, expected: list[str]) -> None:
    topics(db, "Knie", "Été", "zoon", "Arm")
    assert titles(find(db, sort=sort)) == expected


@pytest.mark.parametrize("sort", sorted(listing.SORTS))
def test_every_sort_gives_every_entry_once_over_the_pages(db: Database, sort: str) -> None:
    author = published(db, "author")
    dates = ["2026-01-01", "2026-01-02", None, "2026-01-01"]
    made = [
        published(
            db,
            "article",
            authors=[author],
            title="Gelijk",
            **({"last_reviewed": day, "review_due": day} if day else {}),
        )
        for day in dates
    ]
    seen = [
        orjson.loads(item)["id"]
        for offset in range(4)
        for item in find(db, type="article", sort=sort, limit=1, offset=offset).items
    ]
    assert sorted(seen) == sorted(made)
    backwards = find(db, type="article", sort=f"-{sort}").items
    assert [orjson.loads(item)["id"] for item in backwards] == list(reversed(seen))


@pytest.mark.parametrize(
    ("limit", "offset", "count"),
    [(2, 0, 2), (2, 2, 2), (2, 4, 1), (5, 0, 5), (9, 0, 5), (2, 5, 0), (2, 99, 0), (0, 0, 0)],
)
def test_the_total_is_that_of_all_pages(db: Database, limit: int, offset: int, count: int) -> None:
    topics(db, *"abcde")
    page = find(db, limit=limit, offset=offset)
    assert (len(page.items), page.total) == (count, 5)


def test_the_total_stays_right_when_things_change(db: Database) -> None:
    first, *_ = topics(db, *"abcde")
    seen = [find(db, limit=1).total]
    published(db, "topic", title="f")
    seen.append(find(db, limit=1).total)
    unpublish(db, first, "nl", now=later(days=9))
    seen.append(find(db, limit=1).total)
    assert seen == [5, 6, 5]


def test_the_totals_of_different_lists_are_kept_apart(db: Database) -> None:
    topic, other = topics(db, "Rug", "Nek")
    author = published(db, "author")
    for title, about in (("a", [topic]), ("b", [topic]), ("c", [other])):
        published(db, "article", title=title, authors=[author], topics=about)
    counts = [
        find(db, type="article", limit=1).total,
        find(db, type="article", limit=1, references=(("topics", topic),)).total,
        find(db, limit=1).total,
        find(db, type="article", limit=1).total,
    ]
    assert counts == [3, 2, 2, 3]


def test_a_list_is_filtered_by_what_the_entries_name(db: Database) -> None:
    rug, nek = topics(db, "Rug", "Nek")
    jos, els = published(db, "author"), published(db, "author", name="Els")
    about = {"a": ([rug], [jos]), "b": ([rug, nek], [els]), "c": ([nek], [jos])}
    for title, (named, by) in about.items():
        published(db, "article", title=title, topics=named, authors=by)

    def found(*references: tuple[str, str]) -> list[str]:
        return titles(find(db, type="article", references=references, sort="title"))

    assert found(("topics", rug)) == ["a", "b"]
    assert found(("topics", rug), ("topics", nek)) == ["b"]
    assert found(("topics", rug), ("authors", jos)) == ["a"]
    assert found(("authors", rug)) == []
    assert found(("topics", create(db, "topic"))) == []


def test_a_filter_follows_what_is_live_not_what_is_saved(db: Database) -> None:
    rug, nek = topics(db, "Rug", "Nek")
    article = published(db, "article", topics=[rug])
    save(db, article, topics=[nek])
    assert len(find(db, type="article", references=(("topics", rug),)).items) == 1
    publish(db, article)
    assert find(db, type="article", references=(("topics", rug),)).items == []


def test_updated_since_goes_by_when_the_bytes_came_to_be_served(db: Database) -> None:
    author = published(db, "author")
    published(db, "article", title="Met Jos", authors=[author])
    published(db, "article", title="Met Els", authors=[published(db, "author", name="Els")])
    save(db, author, name="Jos de Vries", now=later(days=3))
    publish(db, author, now=later(days=5))
    assert titles(find(db, type="article", since=stamp(later(days=4)))) == ["Met Jos"]
    assert titles(find(db, type="article", since=stamp(later(days=6)))) == []
    assert find(db, type="article").updated_at == stamp(later(days=5))


def test_a_list_is_filtered_by_how_translations_stand(db: Database) -> None:
    fresh, behind = topics(db, "Rug", "Nek")
    for topic in (fresh, behind):
        translate(db, topic, "en")
        publish(db, topic, "en")
    save(db, behind, title="Nek en hals")
    publish(db, behind)
    assert titles(find(db, locale="en", freshness="stale")) == ["[en] Nek"]
    assert titles(find(db, locale="en", freshness="current")) == ["[en] Rug"]
    assert titles(find(db, freshness="source", sort="title")) == ["Nek en hals", "Rug"]


def test_a_brief_is_the_document_without_what_is_long(db: Database) -> None:
    published(db, "article", body=[a_paragraph()], references=[{"title": "NHG"}], summary="Kort.")
    [brief], [whole] = (find(db, type="article", whole=whole).items for whole in (False, True))
    short, long = orjson.loads(brief), orjson.loads(whole)
    assert {name for name in long if name not in short} == {"body", "references", "images", "seo"}
    assert all(short[name] == long[name] for name in short)


def test_briefs_come_for_the_entries_that_are_live(db: Database) -> None:
    topic, draft = *topics(db, "Rug"), create(db, "topic")
    assert list(listing.briefs(db, "nl", [topic, draft])) == [topic]
    assert (listing.briefs(db, "en", [topic]), listing.briefs(db, "nl", [])) == ({}, {})
