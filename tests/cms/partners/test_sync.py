"""Sync, case by case: what a reader is told, by which page, and what it is never told."""

import threading
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from cms.desk import merging
from cms.errors import BadCursor, CursorExpired
from cms.partners import cursors, manifest, sync
from cms.partners.cursors import Cursor
from cms.partners.scopes import Scope
from cms.partners.selections import Selection
from cms.partners.sync import Removal, Upsert
from cms.people.rights import OPERATOR
from cms.publish import editions, events, pruning, renewal
from cms.publish.refresh import rebuild
from cms.site import Site
from cms.store import Database, connect, write
from tests.builders import (
    BY,
    SITE,
    a_paragraph,
    later,
    publish,
    published,
    save,
    translate,
    unpublish,
    withdraw,
)
from tests.cms.partners.reading import Reader, lasting, reading, truth


def told(reader: Reader, db: Database, limit: int = 100) -> list[tuple[str, str, str]]:
    """Return what one page says: upsert or removed, why, in which locale."""
    found = []
    for change in reader.step(db, limit).changes:
        if isinstance(change, Upsert):
            found.append(("upsert", change.reason, change.served.locale))
        else:
            found.append(("removed", change.reason, change.locale))
    return sorted(found)


def articles(**options: Any) -> Reader:
    return reading("article", **options)


def about(db: Database, entry: str, *topics: str) -> None:
    """Publish an entry anew, about these topics."""
    save(db, entry, topics=list(topics), title=f"Over {len(topics)} {events.latest(db)}")
    publish(db, entry)


def article(db: Database, *topics: str, locales: Sequence[str] = (), **fields: Any) -> str:
    entry = published(db, "article", topics=list(topics), **fields)
    for locale in locales:
        translate(db, entry, locale)
        publish(db, entry, locale)
    return entry


@pytest.fixture
def x(db: Database) -> str:
    return published(db, "topic", title="Rug")


@pytest.fixture
def y(db: Database) -> str:
    return published(db, "topic", title="Knie")


# What leaves a reader's part


def test_a_locale_that_was_unpublished_is_removed(db: Database) -> None:
    entry, reader = article(db, locales=["en", "ar"]), articles()
    reader.catch_up(db)
    unpublish(db, entry, "en")
    assert told(reader, db) == [
        ("removed", "unpublished", "en"), ("upsert", "updated", "ar"), ("upsert", "updated", "nl"),
    ]  # fmt: skip


def test_all_locales_go_with_their_source(db: Database) -> None:
    entry, reader = article(db, locales=["en"]), articles()
    reader.catch_up(db)
    unpublish(db, entry)
    assert told(reader, db) == [("removed", "unpublished", "en"), ("removed", "unpublished", "nl")]
    assert reader.copy == {}


def test_a_withdrawal_tells_why_and_where_to_go(db: Database) -> None:
    instead, entry, reader = article(db), article(db), articles()
    reader.catch_up(db)
    withdraw(db, entry, explanation="Dit klopt niet.", severity="safety", replacement=instead)
    [removal] = reader.step(db).changes
    assert isinstance(removal, Removal) and removal.replacement
    assert (removal.severity, removal.explanation, removal.replacement.entry) == ("safety", "Dit klopt niet.", instead)


def test_what_is_withdrawn_already_is_no_part_of_a_run(db: Database) -> None:
    withdraw(db, article(db))
    assert articles().catch_up(db) == {}


def test_another_topic_takes_it_from_one_reader_and_brings_it_to_another(db: Database, x: str, y: str) -> None:
    entry = article(db, x)
    readers = [articles(topics=(topic,)) for topic in (x, y)]
    for reader in readers:
        reader.catch_up(db)
    about(db, entry, y)
    assert [told(reader, db) for reader in readers] == [
        [("removed", "left_scope", "nl")], [("upsert", "published", "nl")],
    ]  # fmt: skip
    about(db, entry, x, y)
    assert [told(reader, db) for reader in readers] == [[("upsert", "published", "nl")]] * 2


def test_a_locale_that_waits_for_critical_advice_is_suspended_and_comes_back(db: Database) -> None:
    site = Site(name="Tolk", url=SITE.url, checks_translations=False, policies={"article/en": "withdraw"})
    body = [a_paragraph("Bel 112.", "b1", urgency="emergency")]
    entry, reader = article(db, locales=["en"], site=site, body=body), articles(locales="en")
    reader.catch_up(db)
    save(db, entry, body=[a_paragraph("Bel direct 112.", "b1", urgency="emergency")], update_type="safety")
    publish(db, entry, site=site)
    [removal] = reader.step(db).changes
    assert isinstance(removal, Removal) and removal.replacement
    assert (removal.reason, removal.severity, removal.replacement.locale) == ("suspended", "safety", "nl")
    translate(db, entry)
    publish(db, entry, "en", site=site)
    assert told(reader, db) == [("upsert", "updated", "en")]


def test_what_nobody_reviewed_for_too_long_is_removed_and_comes_back(db: Database) -> None:
    entry, reader = article(db, review_due="2026-03-10"), articles()
    reader.catch_up(db)
    renewal.keep(db, SITE, later(days=10))
    assert told(reader, db) == [("upsert", "overdue", "nl")]
    renewal.keep(db, SITE, later(days=200))
    assert told(reader, db) == [("removed", "review_expired", "nl")]
    assert articles().catch_up(db) == {}
    save(db, entry, review_due="2028-01-01", update_type="minor")
    publish(db, entry, now=later(days=200))
    assert told(reader, db) == [("upsert", "published", "nl")]


def test_what_was_merged_leads_to_what_was_kept(db: Database) -> None:
    keep, gone, reader = article(db), article(db), articles()
    reader.catch_up(db)
    merging.merge(db, OPERATOR, keep, gone, now=later(), site=SITE)
    removals = [change for change in reader.step(db).changes if isinstance(change, Removal)]
    assert [(each.entry, each.reason, each.replacement and each.replacement.entry) for each in removals] == [
        (gone, "moved", keep)
    ]


def test_what_a_rebuild_takes_away_is_removed(db: Database) -> None:
    entry, reader = article(db), articles()
    reader.catch_up(db)
    with write(db):
        db.execute("update edition set state = 'unpublished' where entry = ?", [entry])
    rebuild(db, SITE, later())
    assert told(reader, db) == [("removed", "unpublished", "nl")]


# What is told of it, and what not


def test_another_slug_is_told_with_the_document(db: Database) -> None:
    entry, reader = article(db), articles()
    reader.catch_up(db)
    translate(db, entry, "en", {})
    save(db, entry, slug="nieuw", update_type="republish")
    publish(db, entry)
    [change] = reader.step(db).changes
    assert isinstance(change, Upsert) and (change.reason, change.served.slug) == ("published", "nieuw")


def test_a_card_that_changed_is_told(db: Database) -> None:
    author = published(db, "author")
    article(db, authors=[author])
    reader = articles()
    reader.catch_up(db)
    save(db, author, name="Een ander")
    publish(db, author)
    assert told(reader, db) == [("upsert", "updated", "nl")]


def test_a_renewal_alone_is_nothing_new(db: Database) -> None:
    article(db)
    reader = articles()
    reader.catch_up(db)
    for day in range(4, 20, 4):
        assert renewal.keep(db, SITE, later(days=day)) == 2
    assert told(reader, db) == []
    [line] = manifest.part(db, reader.selection, manifest.begin(db, reader.selection), 10).lines
    # Its number is the one that the reader has, though the bytes are others by now.
    assert (line.seq, line.told > line.seq) == (2, True)
    assert lasting(reader.copy) == lasting(truth(db, reader.selection))


def test_a_renewal_that_finds_another_card_is_told(db: Database) -> None:
    author = published(db, "author")
    article(db, authors=[author])
    reader = articles()
    reader.catch_up(db)
    save(db, author, name="Een ander")
    editions.publish(db, author, "nl", by=BY, now=later(), site=SITE)
    renewal.keep(db, SITE, later(days=5))
    assert told(reader, db) == [("upsert", "updated", "nl")]


def test_what_was_never_in_a_readers_part_is_never_told(db: Database, x: str, y: str) -> None:
    entry, reader = article(db, y, locales=["en"]), articles(topics=(x,), locales="nl")
    reader.catch_up(db)
    about(db, entry, y)
    withdraw(db, entry, locale="en")
    unpublish(db, entry)
    assert (told(reader, db), reader.removed) == ([], [])


def test_what_came_and_went_between_two_pages_is_told_to_have_gone(db: Database) -> None:
    reader = articles()
    reader.catch_up(db)
    unpublish(db, article(db))
    assert told(reader, db) == [("removed", "unpublished", "nl")]


# That nothing is lost between pages


def test_what_was_given_newer_than_the_cursor_says_is_removed_later(db: Database, x: str, y: str) -> None:
    """A page is cut after the first event, and shows what came of the third already."""
    entry, other, reader = article(db, x), article(db, x), articles(topics=(x,))
    reader.catch_up(db)
    about(db, entry, y)
    about(db, other, x)
    about(db, entry, x)
    assert told(reader, db, 1) == [("upsert", "published", "nl")]
    about(db, entry, y)
    reader.catch_up(db, 100)
    assert set(reader.copy) == {(other, "nl")}


def test_a_page_gives_the_state_of_now_and_none_that_is_over(db: Database, x: str, y: str) -> None:
    entry, other, reader = article(db, y), article(db, x), articles(topics=(x,))
    reader.catch_up(db)
    about(db, entry, x)
    about(db, other, x)
    about(db, entry, y)
    assert told(reader, db, 1) == [("removed", "left_scope", "nl")]


def test_what_was_in_the_part_before_the_cursor_is_removed_after_it(db: Database, x: str, y: str) -> None:
    entry, reader = article(db, x), articles(topics=(x,))
    reader.catch_up(db)
    for _ in range(2):
        about(db, entry, y)
    assert told(reader, db, 1) == [("removed", "left_scope", "nl")]


def test_what_goes_behind_the_back_of_a_walking_reader_is_removed(db: Database) -> None:
    entries = [article(db) for _ in range(4)]
    reader = articles()
    reader.step(db, 2)
    assert set(reader.copy) == {(entries[0], "nl"), (entries[1], "nl")}
    unpublish(db, entries[0])
    unpublish(db, entries[3])
    about(db, entries[1])
    assert reader.catch_up(db, 1) == truth(db, reader.selection)
    assert len(reader.copy) == 2


def test_a_run_ends_when_it_has_caught_up_and_not_before(db: Database) -> None:
    for _ in range(2):
        article(db)
    reader = articles()
    phases = []
    for _ in range(4):
        page = reader.step(db, 1)
        article(db)
        phases.append((page.cursor.phase, page.more, page.is_complete))
    while reader.step(db, 1).more:
        pass
    page = reader.step(db, 1)
    phases.append((page.cursor.phase, page.more, page.is_complete))
    assert phases == [("walk", True, False)] * 4 + [("follow", False, True)]


def test_who_begins_anew_drops_what_the_new_run_does_not_bring(db: Database) -> None:
    gone, stays, reader = article(db), article(db), articles()
    reader.catch_up(db)
    withdraw(db, gone)
    reader.restart()
    assert reader.step(db, 100).is_complete
    assert set(reader.copy) == {(stays, "nl")}


def test_a_write_that_takes_long_is_not_passed_by(db: Database, database_url: str) -> None:
    entries, reader = [article(db) for _ in range(2)], articles()
    reader.catch_up(db)
    begun, go_on = threading.Event(), threading.Event()

    def slowly() -> None:
        other = connect(database_url)
        with write(other):
            save(other, entries[0], title="Langzaam")
            editions.publish(other, entries[0], "nl", by=BY, now=later(), site=SITE)
            begun.set()
            go_on.wait(10)
        other.close()

    def after_it() -> None:
        other = connect(database_url)
        save(other, entries[1], title="Snel")
        publish(other, entries[1])
        other.close()

    threads = [threading.Thread(target=work) for work in (slowly, after_it)]
    threads[0].start()
    assert begun.wait(10)
    threads[1].start()
    # What is not there yet has no number that could be passed by.
    assert told(reader, db) == []
    go_on.set()
    for thread in threads:
        thread.join()
    assert reader.catch_up(db) == truth(db, reader.selection)


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_a_page_has_as_many_changes_as_asked_for_at_most(db: Database, limit: int) -> None:
    for _ in range(3):
        article(db, locales=["en"])
    reader, sizes = articles(), []
    while True:
        page = reader.step(db, limit)
        sizes.append(len(page.changes))
        if not page.more:
            break
    assert (max(sizes), sum(sizes)) == (limit, 6)


def test_where_little_fits_a_page_may_be_empty_and_yet_not_the_last(
    db: Database, x: str, y: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is looked at for one page is bounded, however little of it fits."""
    monkeypatch.setattr(sync, "BATCH", 2)
    monkeypatch.setattr(sync, "MOST_LOOKED_AT", 2)
    entries, reader = [article(db, y) for _ in range(5)], articles(topics=(x,))
    walked = [reader.step(db) for _ in range(3)]
    assert [(len(page.changes), page.more) for page in walked] == [(0, True), (0, True), (0, False)]
    for entry in entries:
        about(db, entry, y)
    about(db, entries[0], x)
    assert [told(reader, db), told(reader, db), told(reader, db)] == [[], [], [("upsert", "published", "nl")]]


# Cursors


def test_a_cursor_is_what_was_sealed() -> None:
    cursor = Cursor("walk", 7, "m", "s", "e", "nl")
    text = cursors.seal(cursor, "secret")
    assert cursors.unseal(text, "secret") == cursor
    assert text == text.strip("=") and text.replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize("text", ["", "a", "é", "=", "AAAA", "A" * 5_000])
def test_a_cursor_that_was_not_sealed_here_is_none(text: str) -> None:
    with pytest.raises(BadCursor):
        cursors.unseal(text, "secret")


def test_a_cursor_of_another_secret_is_none() -> None:
    with pytest.raises(BadCursor):
        cursors.unseal(cursors.seal(Cursor("follow", 1, "m", "s"), "secret"), "other")


def test_no_letter_of_a_cursor_can_be_changed() -> None:
    text = cursors.seal(Cursor("follow", 12, "m", "se"), "secret")
    for place, letter in enumerate(text):
        with pytest.raises(BadCursor):
            cursors.unseal(f"{text[:place]}{'A' if letter != 'A' else 'B'}{text[place + 1 :]}", "secret")


def test_selections_differ_by_reader_and_by_what_limits_them() -> None:
    nl = Scope(locales=frozenset({"nl"}))
    found = [Selection(), Selection("p1"), Selection("p2"), Selection(may=nl), Selection(asked=nl), Selection("p1", nl)]
    assert len({each.digest for each in found}) == len(found)


def test_what_a_reader_may_and_what_it_asks_for_must_both_hold() -> None:
    may = Scope(types=frozenset({"article"}), topics=frozenset({"x"}))
    for asked, topics, fits in (
        (Scope(), ["x"], True),
        (Scope(), ["y"], False),
        (Scope(topics=frozenset({"y"})), ["x"], False),
        (Scope(topics=frozenset({"y"})), ["x", "y"], True),
        (Scope(types=frozenset({"author"})), ["x"], False),
    ):
        assert Selection(may=may, asked=asked).fits("article", "nl", topics) is fits
    assert Selection(may=may, asked=Scope(types=frozenset({"author"}))).types == {""}


def test_what_is_of_no_type_that_is_registered_is_in_no_selection() -> None:
    assert not Selection().fits("recipe", "nl", [])


def test_whoever_asks_for_what_it_may_not_have_is_given_nothing(db: Database) -> None:
    article(db)
    nl, en = (Scope(locales=frozenset({locale})) for locale in ("nl", "en"))
    assert Reader(Selection(may=nl, asked=en)).catch_up(db) == {}


# What is old


def moved_about(db: Database, *topics: str) -> str:
    """Return an article whose topic changes every day."""
    entry = article(db, topics[0])
    for day, topic in enumerate(topics[1:], 1):
        save(db, entry, topics=[topic], title=f"Dag {day}")
        publish(db, entry, now=later(days=day))
    return entry


def happened(db: Database, entry: str) -> list[int]:
    return [row["seq"] for row in db.table("event").rows_where("entry = ?", [entry], order_by="seq")]


def test_what_is_old_is_dropped_but_for_the_newest_of_each_document(db: Database, x: str) -> None:
    entry = moved_about(db, x, x, x)
    seqs = happened(db, entry)
    assert pruning.prune(db, later(days=2)) == 2
    assert (happened(db, entry), pruning.pruned(db)) == (seqs[2:], seqs[1])
    assert len(truth(db, Selection())) == len(reading().catch_up(db)) == 3


def test_what_is_told_of_other_things_is_kept(db: Database) -> None:
    entry = article(db, locales=["en"])
    save(db, entry, title="Anders")
    publish(db, entry, now=later(days=1))
    publish(db, entry, now=later(days=2))
    pruning.prune(db, later(days=300))
    kept = [row["type"] for row in db.table("event").rows_where("entry = ?", [entry], order_by="seq")]
    assert kept == ["translation.stale", "edition.published", "edition.updated"]


def test_it_is_dropped_in_small_writes_and_looked_for_once_a_day(db: Database, x: str) -> None:
    moved_about(db, x, x, x, x)
    day = later(days=3)
    assert [pruning.prune(db, day, limit=2) for _ in range(3)] == [2, 1, 0]
    before = list(db.table("follower").rows_where())
    assert pruning.prune(db, day + timedelta(hours=3)) == 0
    assert list(db.table("follower").rows_where()) == before


def cursor_at(db: Database, selection: Selection, seq: int) -> Cursor:
    mark = next((row["id"] for row in db.query("select id from event where seq = ?", [seq])), "")
    return Cursor("follow", seq, mark, selection.digest)


def test_a_cursor_from_before_what_was_dropped_is_too_old(db: Database, x: str) -> None:
    entry = moved_about(db, x, x, x)
    selection = Selection()
    first, second, third = (cursor_at(db, selection, seq) for seq in happened(db, entry))
    pruning.prune(db, later(days=2))
    with pytest.raises(CursorExpired) as error:
        sync.page(db, SITE, selection, first, 10)
    assert error.value.reason == "too_old"
    for cursor in (second, third):
        assert not sync.page(db, SITE, selection, cursor, 10).more


def test_what_was_in_the_part_by_an_event_that_was_dropped_is_removed(db: Database, x: str, y: str) -> None:
    entry, reader = article(db, x), articles(topics=(x,))
    reader.catch_up(db)
    save(db, entry, topics=[y])
    publish(db, entry, now=later(days=1))
    assert pruning.prune(db, later(days=2)) == 1
    assert told(reader, db) == [("removed", "left_scope", "nl")]


def test_what_cannot_be_in_the_part_is_not_told_though_what_was_told_is_dropped(db: Database, x: str) -> None:
    entry = moved_about(db, x, x, x)
    pruning.prune(db, later(days=2))
    reader = reading("topic")
    reader.cursor = Cursor("follow", pruning.pruned(db), "", reader.selection.digest)
    assert (told(reader, db), happened(db, entry)[-1] > pruning.pruned(db)) == ([], True)


def test_a_cursor_ahead_of_the_events_is_of_another_course(db: Database) -> None:
    article(db)
    selection = Selection()
    for cursor in (
        Cursor("follow", events.latest(db) + 1, "m", selection.digest),
        Cursor("follow", events.latest(db), "m", selection.digest),
    ):
        with pytest.raises(CursorExpired) as error:
            sync.page(db, SITE, selection, cursor, 10)
        assert error.value.reason == "other_history"


def test_the_first_reader_of_an_empty_site_follows_it(db: Database) -> None:
    reader = reading()
    assert (reader.step(db).is_complete, reader.copy) == (True, {})
    article(db)
    assert reader.catch_up(db) == truth(db, reader.selection)


# The manifest


def test_the_manifest_is_what_a_copy_must_be(db: Database, x: str, y: str) -> None:
    article(db, x, locales=["en"])
    unpublish(db, article(db, x))
    article(db, y)
    reader = articles(topics=(x,))
    reader.catch_up(db)
    lines, after = [], manifest.begin(db, reader.selection)
    while True:
        part = manifest.part(db, reader.selection, after, 1)
        lines += part.lines
        if part.after is None:
            break
        after = part.after
    assert {(line.entry, line.locale) for line in lines} == set(reader.copy)
    assert part.cursor and part.cursor.phase == "catch_up"
    assert all(line.body == b"" for line in lines)


def test_what_happens_while_the_manifest_is_read_is_told_after_it(db: Database) -> None:
    entries, selection = [article(db) for _ in range(2)], articles().selection
    part = manifest.part(db, selection, manifest.begin(db, selection), 1)
    unpublish(db, entries[0])
    assert part.after
    part = manifest.part(db, selection, part.after, 1)
    while part.after:
        part = manifest.part(db, selection, part.after, 1)
    reader = Reader(selection, cursor=part.cursor)
    assert told(reader, db) == [("removed", "unpublished", "nl")]
