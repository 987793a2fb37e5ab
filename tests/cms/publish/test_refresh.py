"""Documents are disposable: they come out the same from the rows at any time, and follow what they embed."""

from typing import Any

import pytest

from cms.content import pending
from cms.content.identity import stamp
from cms.publish import documents, events, listing, references
from cms.publish.refresh import drain, rebuild
from cms.store import Database, connect, write
from tests.builders import (
    SITE,
    a_paragraph,
    create,
    document,
    event_types,
    everything,
    later,
    publish,
    published,
    rows,
    save,
    translate,
    unpublish,
    withdraw,
)

UNKNOWN = "0198c0de-0000-7000-8000-000000000000"


def a_site(db: Database) -> dict[str, str]:
    """Publish some of everything: locales, an address that moved, a withdrawal, one that is unpublished."""
    clinic = published(db, "clinic", phones=["+31299653499"])
    author = published(db, "author", clinics=[clinic])
    topic = published(db, "topic")
    article = published(db, "article", authors=[author], clinics=[clinic], topics=[topic])
    for locale in ("en", "ar"):
        translate(db, article, locale)
        publish(db, article, locale)
    save(db, article, slug="verplaatst", body=[a_paragraph("Nieuw.", critical=True), a_paragraph("Erbij.", "b2")])
    publish(db, article, now=later(days=1))
    gone = published(db, "article", title="Weg", authors=[author])
    withdraw(db, gone, explanation="Fout.", replacement=article, now=later(days=2))
    off = published(db, "article", title="Uit", authors=[author])
    unpublish(db, off, "nl", now=later(days=2))
    return {"clinic": clinic, "author": author, "topic": topic, "article": article, "gone": gone, "off": off}


def empty(db: Database) -> None:
    with write(db):
        db.table("document").delete_where()


# Rebuilding


def test_rebuilding_changes_nothing_that_is_right(db: Database) -> None:
    a_site(db)
    before = everything(db)
    assert rebuild(db, SITE, later(days=9)) == 0
    assert everything(db) == before


def test_documents_that_were_lost_come_back_byte_for_byte(db: Database) -> None:
    a_site(db)
    before = everything(db)
    empty(db)
    assert rows(db, "document") == []
    rebuild(db, SITE, later(days=9))
    assert everything(db) == before


def test_documents_that_were_spoilt_are_put_right(db: Database) -> None:
    a_site(db)
    before = everything(db)
    with write(db):
        db.execute("update document set body = ?, etag = ?, slug = slug || '-x'", [b"{}", "x"])
    rebuild(db, SITE, later(days=9))
    assert everything(db) == before


def test_references_that_were_lost_come_back(db: Database) -> None:
    a_site(db)
    before = rows(db, "reference")
    with write(db):
        db.table("reference").delete_where()
    rebuild(db, SITE, later(days=9))
    assert rows(db, "reference") == before


def test_documents_without_an_edition_are_dropped(db: Database) -> None:
    a_site(db)
    before = everything(db)
    orphan = {**before["document"][0], "entry": UNKNOWN, "slug": "wees"}
    with write(db):
        db.table("document").insert(orphan)
        db.table("document").insert({**orphan, "locale": "de"})
    assert rebuild(db, SITE, later(days=9)) == 2
    after = everything(db)
    assert after | {"event": after["event"][:-2]} == before


def test_readers_of_lists_and_followers_hear_of_documents_that_were_dropped(db: Database) -> None:
    for number in range(3):
        published(db, "topic", title=f"Titel {number}")
    with write(db):
        db.table("document").insert({**rows(db, "document")[0], "entry": UNKNOWN, "slug": "wees"})
    asked = listing.Query("nl", "topic", limit=2)
    assert listing.find(db, asked).total == 4
    rebuild(db, SITE, later(days=9))
    assert listing.find(db, asked).total == 3
    last = rows(db, "event")[-1]
    assert (last["type"], last["entry"], last["locale"]) == ("edition.unpublished", UNKNOWN, "nl")


def test_rebuilding_tells_how_far_it_is(db: Database) -> None:
    for _ in range(3):
        published(db, "topic")
    seen: list[tuple[int, int]] = []
    rebuild(db, SITE, later(days=9), lambda done, total: seen.append((done, total)))
    assert seen == [(3, 3)]


def test_many_events_without_a_document_do_not_make_a_rebuild_tell_of_changes(db: Database) -> None:
    entry = published(db, "topic")
    with write(db):
        for _ in range(30):
            events.append(db, "schedule.failed", entry, "nl", {"code": "refused"}, later(days=1))
    before = everything(db)
    assert rebuild(db, SITE, later(days=9)) == 0
    assert everything(db) == before


# Cards


def test_a_changed_card_reaches_every_document_that_shows_it_in_every_locale(db: Database) -> None:
    author = published(db, "author")
    articles = [published(db, "article", title=f"Titel {n}", authors=[author]) for n in range(3)]
    translate(db, articles[0], "en")
    publish(db, articles[0], "en")
    seq = events.latest(db)
    save(db, author, name="Jos de Vries")
    publish(db, author, now=later(days=1))
    names = [document(db, article)["authors"][0]["name"] for article in articles]
    assert names == ["Jos de Vries"] * 3
    assert document(db, articles[0], "en")["authors"][0]["name"] == "Jos de Vries"
    assert sorted(event_types(db, since=seq)) == ["edition.published", *["edition.updated"] * 4]
    assert rows(db, "pending") == []


def test_a_changed_card_makes_a_document_new_but_not_its_content(db: Database) -> None:
    author = published(db, "author")
    article = published(db, "article", authors=[author])
    before = document(db, article)
    save(db, author, name="Jos de Vries", now=later(days=1))
    publish(db, author, now=later(days=1))
    after, row = document(db, article), documents.read(db, "nl", "article", article)
    clocks = ("published_at", "content_changed_at", "modified_at", "version")
    assert [after[clock] for clock in clocks] == [before[clock] for clock in clocks]
    assert row and row.updated_at == stamp(later(days=1))


def test_a_change_that_no_card_shows_renders_nothing_again(db: Database) -> None:
    author = published(db, "author")
    published(db, "article", authors=[author])
    before = rows(db, "document")
    seq = events.latest(db)
    save(db, author, bio="Nieuw.")
    publish(db, author, now=later(days=1))
    assert event_types(db, since=seq) == ["edition.published"]
    assert [row for row in rows(db, "document") if row["type"] == "article"] == [
        row for row in before if row["type"] == "article"
    ]


def test_an_author_who_is_published_later_appears(db: Database) -> None:
    author, clinic = create(db, "author"), published(db, "clinic")
    article = published(db, "article", authors=[author], clinics=[clinic])
    assert document(db, article)["authors"] == []
    publish(db, author)
    assert [card["id"] for card in document(db, article)["authors"]] == [author]
    unpublish(db, author, "nl", now=later(days=1))
    assert document(db, article)["authors"] == []


def test_two_who_name_each_other_are_both_kept_right(db: Database) -> None:
    author, clinic = create(db, "author"), create(db, "clinic")
    save(db, author, clinics=[clinic])
    save(db, clinic, staff=[author])
    for entry in (author, clinic):
        publish(db, entry)
    save(db, author, name="Jos de Vries")
    publish(db, author)
    assert document(db, clinic, type_name="clinic")["staff"][0]["name"] == "Jos de Vries"
    assert document(db, author, type_name="author")["clinics"][0]["name"] == "Fysiogroep Waterland"


def test_an_article_that_links_to_itself_settles(db: Database) -> None:
    entry = published(db, "article")
    save(db, entry, slug="zelf", body=[a_paragraph(f"Zie [hier](entry:{entry}).")])
    publish(db, entry)
    assert '/articles/zelf"' in document(db, entry)["body"][0]["html"]
    assert (rows(db, "pending"), rebuild(db, SITE, later(days=1))) == ([], 0)


@pytest.mark.parametrize(("translated", "marks"), [(False, {"locale": "nl", "lang": "nl", "dir": "ltr"}), (True, {})])
def test_a_card_in_another_language_says_so(db: Database, translated: bool, marks: dict[str, Any]) -> None:
    topic = published(db, "topic")
    article = published(db, "article", topics=[topic])
    translate(db, article, "ar")
    publish(db, article, "ar")
    if translated:
        translate(db, topic, "ar", {"title": "ظهر"})
        publish(db, topic, "ar")
    [card] = document(db, article, "ar")["topics"]
    expected = {"locale": "ar", **marks}
    assert {name: card[name] for name in ("locale", "lang", "dir") if name in card} == expected
    assert card["title"] == ("ظهر" if translated else "Rugpijn")
    assert "lang" not in document(db, article)["topics"][0]


# Waiting


def waiting(db: Database, count: int) -> list[str]:
    """Let articles wait to be rendered again."""
    author = published(db, "author")
    articles = [published(db, "article", title=f"Titel {n}", authors=[author]) for n in range(count)]
    with write(db):
        references.mark_pending(db, author, events.latest(db))
    return articles


def test_draining_is_bounded_and_goes_on_where_it_stopped(db: Database) -> None:
    waiting(db, 5)
    assert drain(db, SITE, later(days=1), limit=2) == 2
    assert len(rows(db, "pending")) == 3
    assert (drain(db, SITE, later(days=1)), drain(db, SITE, later(days=1))) == (3, 0)


def test_what_waits_survives_the_process_and_is_done_by_the_next(database_url: str) -> None:
    db = connect(database_url)
    articles = waiting(db, 3)
    db.close()
    other = connect(database_url)
    assert [row["entry"] for row in rows(other, "pending")] == sorted(articles)
    assert (drain(other, SITE, later(days=1)), rows(other, "pending")) == (3, [])
    other.close()


def test_who_waits_longest_comes_first(db: Database) -> None:
    first, second = published(db, "topic"), published(db, "topic")
    one, two = (published(db, "article", title=t, topics=[topic]) for t, topic in (("a", first), ("b", second)))
    with write(db):
        references.mark_pending(db, second, 1)
        references.mark_pending(db, first, 2)
        references.mark_pending(db, second, 3)
    assert pending.waiting(db, 9) == [two, one]


def test_publishing_an_entry_that_waits_settles_it(db: Database) -> None:
    [article] = waiting(db, 1)
    publish(db, article, now=later(days=1))
    assert rows(db, "pending") == []
