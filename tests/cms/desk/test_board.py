"""The board says of every entry what stands, however it came about, and finds it by any filter."""

from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cms.content import touched
from cms.desk import board, tally, writing
from cms.desk.board import BoardQuery
from cms.localize.progress import progress
from cms.publish import editions
from cms.store import Database
from tests.builders import BY, NOW, SITE, a_paragraph, create, later, publish, published, rows, save, translate
from tests.cms.desk.actors import EDITOR


def titles(db: Database, **asked: Any) -> list[str]:
    return [row.title for row in board.rows(db, BoardQuery(**asked)).rows]


def test_an_entry_is_on_the_board_when_it_is_saved(db: Database) -> None:
    entry = create(db, "article", title="Rug", review_due="2027-01-01")
    [found] = board.rows(db, BoardQuery()).rows
    assert (found.entry, found.title, found.state, found.revision, found.live_revision) == (entry, "Rug", "draft", 1, 0)
    assert (found.changed_by, found.review_due, found.locales) == (BY, "2027-01-01", {})


def test_a_row_follows_the_life_of_its_entry(db: Database) -> None:
    entry = create(db, "topic")
    seen = [board.rows(db, BoardQuery()).rows[0].state]
    for act in (
        lambda: publish(db, entry),
        lambda: save(db, entry, title="Nieuw"),
        lambda: publish(db, entry),
        lambda: editions.unpublish(db, entry, "nl", by=BY, now=NOW, site=SITE),
        lambda: publish(db, entry),
        lambda: editions.withdraw(db, entry, explanation="x", by=BY, now=NOW, site=SITE),
    ):
        act()
        seen.append(board.rows(db, BoardQuery()).rows[0].state)
    assert seen == ["draft", "published", "changed", "published", "unpublished", "published", "withdrawn"]


def test_a_locale_follows_its_translations(db: Database) -> None:
    entry = published(db, "article", body=[a_paragraph("Rust."), a_paragraph("Bel 112.", "b2", critical=True)])

    def stands() -> tuple[Any, ...]:
        found = board.row(db, entry)
        assert found is not None
        at = found.at("en")
        return at.state, at.current, at.stale, at.missing, at.waiting, at.critical

    assert stands() == ("none", 0, 0, 3, 0, 1)
    translate(db, entry, "en", {"title": "Back"}, state="draft")
    assert stands() == ("none", 1, 0, 2, 1, 1)
    translate(db, entry, "en")
    publish(db, entry, "en")
    assert stands() == ("published", 3, 0, 0, 0, 0)
    save(db, entry, body=[a_paragraph("Rust."), a_paragraph("Bel 113.", "b2", critical=True)])
    assert stands() == ("published", 2, 1, 0, 0, 1)


def test_archived_entries_are_shown_when_they_are_asked_for(db: Database) -> None:
    entry = create(db, "topic", title="Weg")
    create(db, "topic", title="Hier")
    writing.archive(db, EDITOR, entry, now=NOW, site=SITE)
    assert titles(db) == ["Hier"]
    assert titles(db, state="archived") == ["Weg"]
    assert titles(db, state="archived", locale="en") == ["Weg"]


def test_entries_are_found_by_type_state_and_words_of_their_title(db: Database) -> None:
    create(db, "topic", title="Rugpijn bij kinderen")
    create(db, "topic", title="100% Crème_brûlée")
    create(db, "author", name="Rug")
    published(db, "topic", title="Nekpijn")
    assert titles(db, type="author") == ["Rug"]
    assert titles(db, state="published") == ["Nekpijn"]
    assert titles(db, search="PIJN", sort="title") == ["Nekpijn", "Rugpijn bij kinderen"]
    assert titles(db, search="kinderen rug") == ["Rugpijn bij kinderen"]
    assert titles(db, search="creme_brulee") == ["100% Crème_brûlée"]
    assert titles(db, search="%") == ["100% Crème_brûlée"]
    assert titles(db, search="nergens") == []


def test_entries_are_sorted_and_paged(db: Database) -> None:
    for number, title in enumerate("cab"):
        create(db, "topic", title=title, now=later(hours=number))
    assert titles(db, sort="title") == ["a", "b", "c"]
    assert titles(db, sort="-title") == ["c", "b", "a"]
    assert titles(db) == ["b", "a", "c"]
    page = board.rows(db, BoardQuery(sort="title", limit=2, offset=2))
    assert ([row.title for row in page.rows], page.total) == (["c"], 3)
    beyond = board.rows(db, BoardQuery(sort="title", limit=2, offset=10))
    assert (list(beyond.rows), beyond.total) == ([], 3)


def a_set(db: Database) -> None:
    """Make one entry for each way in which a locale can stand."""
    body = [a_paragraph("Rust."), a_paragraph("Bel 112.", "b2", critical=True)]
    made = {
        name: published(db, "article", title=name, body=body) for name in ("current", "stale", "critical", "missing")
    }
    for name in ("current", "stale", "critical"):
        translate(db, made[name], "en")
        publish(db, made[name], "en")
    translate(db, made["current"], "en", {"title": "Now"}, state="draft")
    save(db, made["stale"], body=[a_paragraph("Rust uit."), body[1]])
    save(db, made["critical"], body=[body[0], a_paragraph("Bel nu 112.", "b2", critical=True)])


@pytest.mark.parametrize(
    ("freshness", "expected"),
    [
        ("current", ["current"]),
        ("stale", ["critical", "stale"]),
        ("critical", ["critical", "missing"]),
        ("missing", ["missing"]),
        ("waiting", ["current"]),
    ],
)
def test_entries_are_found_by_how_they_stand_in_a_locale(db: Database, freshness: str, expected: list[str]) -> None:
    a_set(db)
    assert titles(db, type="article", locale="en", freshness=freshness, sort="title") == expected


def test_a_state_and_a_freshness_in_a_locale_are_asked_together(db: Database) -> None:
    a_set(db)
    found = {}
    for freshness in board.FRESHNESS:
        rows = board.rows(db, BoardQuery(locale="en", freshness=freshness, sort="title")).rows
        for state in board.LOCALE_STATES:
            expected = [row.title for row in rows if row.at("en").state == state]
            assert titles(db, locale="en", freshness=freshness, state=state, sort="title") == expected
            found[freshness, state] = len(expected)
    assert (found["critical", "published"], found["critical", "none"], found["stale", "published"]) == (1, 1, 2)


@pytest.mark.parametrize(
    ("freshness", "expected"),
    [
        ("current", ["current", "missing"]),
        ("stale", ["critical", "stale"]),
        ("critical", ["critical"]),
        ("missing", []),
        ("waiting", ["current"]),
    ],
)
def test_entries_are_found_by_how_they_stand_where_they_are_live(
    db: Database, freshness: str, expected: list[str]
) -> None:
    a_set(db)
    assert titles(db, type="article", freshness=freshness, sort="title") == expected


def test_entries_are_found_by_their_state_in_a_locale(db: Database) -> None:
    a_set(db)
    assert titles(db, type="article", locale="en", state="published", sort="title") == ["critical", "current", "stale"]
    assert titles(db, type="article", locale="en", state="none") == ["missing"]
    # The language that an entry is written in is no translation of it.
    assert titles(db, type="article", locale="nl") == []


def test_a_look_counts_a_few_and_says_how_many_are_left(db: Database) -> None:
    for number in range(5):
        create(db, "topic", title=str(number))
    assert tally.follow(db, limit=2) == 3
    assert db.table("board").count_where() == 2
    tally.follow_all(db)
    assert (db.table("board").count_where(), touched.count(db)) == (5, 0)


def test_a_look_at_what_nobody_touched_writes_nothing(db: Database) -> None:
    create(db, "topic")
    board.rows(db, BoardQuery())
    with db.atomic():  # A look that wrote would wait for this write to end.
        assert tally.follow(db) == 0


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["translate", "draft", "rewrite", "publish", "source"]),
        st.sampled_from(["en", "tr"]),
        st.sampled_from(["title", "body.b1.text", "body.b2.text"]),
    ),
    max_size=12,
)
TITLE = ("en", "title")
# A title that becomes again what it was, when the text between had a translation too.
BACK_AGAIN = [
    ("rewrite", *TITLE), ("translate", *TITLE), ("source", *TITLE), ("rewrite", *TITLE), ("translate", *TITLE),
    ("source", *TITLE), ("rewrite", *TITLE), ("translate", *TITLE),
]  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHANGES)
@example(BACK_AGAIN)
def test_the_counts_are_those_of_counting_afresh(db: Database, changes: list[tuple[str, str, str]]) -> None:
    entry = published(db, "article", body=[a_paragraph("Een."), a_paragraph("Twee.", "b2", critical=True)])
    for number, (act, locale, path) in enumerate(changes):
        if act in ("translate", "draft"):
            state = "approved" if act == "translate" else "draft"
            translate(db, entry, locale, {path: f"{locale} {number}"}, state=state, now=later(seconds=number))
        elif act == "rewrite":
            body = [a_paragraph(f"Een {number % 2}."), a_paragraph(f"Twee {number % 3}.", "b2", critical=True)]
            save(db, entry, title=f"T{number % 2}", body=body, now=later(seconds=number))
        else:
            publish(db, entry, now=later(seconds=number))
        found = board.row(db, entry)
        assert found is not None
        for each in ("en", "tr"):
            counted = vars(progress(db, entry, each))
            assert {name: getattr(found.at(each), name) for name in counted} == counted


def test_nothing_of_the_board_is_lost_with_its_tables(db: Database) -> None:
    a_set(db)
    tally.follow_all(db)
    before = {name: rows(db, name) for name in ("board", "board_locale", "mention")}
    with db.atomic():
        for name in before:
            db.table(name).delete_where()
        for row in db.query("select id from entry"):
            touched.mark(db, row["id"])
    tally.follow_all(db)
    assert {name: rows(db, name) for name in before} == before
