"""The ledger: what is noted, what ends it, and who may still show what."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from cms.partners import holdings, partners
from cms.partners.partners import Partner
from cms.publish import documents, events
from cms.store import Database, connect, write
from tests.builders import SITE, create, document, later, publish, published, save, translate, unpublish, withdraw
from tests.cms.partners.conftest import NOW, Adding

Giving = Callable[..., int]
Closing = Callable[[], AbstractContextManager[Any]]


@pytest.fixture
def nobody_writes(database_url: str) -> Closing:
    """Return what keeps everybody else from writing: who tries fails, after waiting for long."""

    @contextmanager
    def closed() -> Iterator[None]:
        other = connect(database_url)
        try:
            with write(other):
                yield
        finally:
            other.close()

    return closed


@pytest.fixture
def partner(add: Adding) -> Partner:
    return add()


@pytest.fixture
def give(db: Database, partner: Partner) -> Giving:
    """Return a function that notes that a partner was given what is served of an entry now."""

    def given(entry: str, locale: str = "nl", *, to: Partner = partner, how: str = "sync", **when: float) -> int:
        stands = documents.read(db, locale, "article", entry)
        assert stands
        version = document(db, entry, locale)["version"]
        return holdings.note(db, to.id, [(entry, locale, version, stands.seq)], how, later(**when))

    return given


def shown(db: Database, entry: str, **asked: Any) -> list[tuple[str, str, int]]:
    return [(each.partner_name, each.locale, each.revision) for each in holdings.holders(db, entry, **asked)]


def prove(db: Database, partner: Partner, seq: int | None = None) -> int:
    return holdings.prove(db, partner.id, events.latest(db) if seq is None else seq, NOW)


def renew(db: Database, entry: str, locale: str = "nl") -> None:
    """Serve the same content anew, as is done when the time to refresh it is near."""
    row = next(iter(db.query("select slug, type from document where entry = ? and locale = ?", [entry, locale])))
    with write(db):
        told = events.append(db, "edition.renewed", entry, locale, {"etag": "0"}, NOW)
        db.table("document").update((locale, row["type"], row["slug"]), {"seq": told.seq})


def test_what_a_partner_was_given_is_noted_once(db: Database, give: Giving) -> None:
    entry = published(db, "article")
    assert (give(entry), give(entry, minutes=1)) == (1, 0)
    found = holdings.holders(db, entry)
    assert [(each.revision, each.how, each.since[:16], each.newer) for each in found] == [
        (1, "sync", "2026-03-01T12:00", 0)
    ]


def test_noting_again_writes_nothing(db: Database, give: Giving, nobody_writes: Closing) -> None:
    entry = published(db, "article")
    give(entry)
    with nobody_writes():
        assert give(entry) == 0


def test_two_versions_are_two_holdings(db: Database, partner: Partner, give: Giving) -> None:
    entry = published(db, "article")
    give(entry)
    save(db, entry, title="Anders")
    publish(db, entry)
    give(entry)
    assert shown(db, entry) == [("RugNetwerk", "nl", 1), ("RugNetwerk", "nl", 2)]
    assert [each.newer for each in holdings.holders(db, entry)] == [2, 0]
    assert shown(db, entry, revision=1) == [("RugNetwerk", "nl", 1)]
    assert (holdings.count(db, partner.id), len(holdings.held(db, partner.id, limit=1))) == (2, 1)


def test_a_partner_that_has_passed_a_newer_version_holds_the_old_one_no_longer(
    db: Database, partner: Partner, give: Giving
) -> None:
    entry, other = published(db, "article"), published(db, "article", title="Nek")
    give(entry)
    give(other)
    before = events.latest(db)
    save(db, entry, title="Anders")
    publish(db, entry)
    give(entry)
    assert prove(db, partner, before) == 0
    assert prove(db, partner) == 1
    assert shown(db, entry) == [("RugNetwerk", "nl", 2)]
    assert shown(db, other) == [("RugNetwerk", "nl", 1)]
    ended = [each for each in holdings.holders(db, entry, ended=True) if each.ended_at]
    assert [(each.revision, each.ended_how, each.ended_at) for each in ended] == [
        (1, "sync", "2026-03-02T09:30:00.000000Z")
    ]


@pytest.mark.parametrize("take_away", [unpublish, lambda db, entry: withdraw(db, entry)])
def test_what_was_taken_away_is_held_until_it_is_shown_to_be_gone(
    db: Database, partner: Partner, give: Giving, take_away: Any
) -> None:
    entry = published(db, "article")
    give(entry)
    take_away(db, entry)
    assert shown(db, entry) == [("RugNetwerk", "nl", 1)]
    assert prove(db, partner) == 1
    assert shown(db, entry) == []


def test_each_language_is_held_by_itself(db: Database, partner: Partner, give: Giving) -> None:
    entry = published(db, "article")
    translate(db, entry, "en")
    publish(db, entry, "en")
    give(entry)
    give(entry, "en")
    unpublish(db, entry, "en")
    prove(db, partner)
    assert {locale for _, locale, _ in shown(db, entry)} <= {"nl"}
    assert shown(db, entry, locale="en") == []


def test_a_position_is_never_moved_back(db: Database, partner: Partner) -> None:
    published(db, "article")
    prove(db, partner)
    prove(db, partner, 1)
    assert partners.find(db, partner.id).position == events.latest(db)
    assert partners.find(db, partner.id).seen_at == "2026-03-02T09:30:00.000000Z"


def test_showing_the_same_again_writes_nothing(db: Database, partner: Partner, nobody_writes: Closing) -> None:
    published(db, "article")
    prove(db, partner)
    with nobody_writes():
        assert prove(db, partner) == 0


def test_what_is_given_late_is_held_until_something_newer_comes(db: Database, partner: Partner, give: Giving) -> None:
    entry = published(db, "article")
    early = documents.read(db, "nl", "article", entry)
    assert early
    save(db, entry, title="Anders")
    publish(db, entry)
    prove(db, partner)
    # Whoever asks twice at a time may be answered in the other order, and write the older one last.
    holdings.note(db, partner.id, [(entry, "nl", 1, early.seq)], "item", NOW)
    assert prove(db, partner) == 0
    assert shown(db, entry) == [("RugNetwerk", "nl", 1)]
    withdraw(db, entry)
    prove(db, partner)
    assert shown(db, entry) == []


def test_what_ended_and_is_given_again_is_held_again(db: Database, partner: Partner, give: Giving) -> None:
    entry = published(db, "article")
    give(entry)
    holdings.end(db, partner.id, entry, upto=events.latest(db), how="acknowledged", now=NOW)
    assert shown(db, entry) == []
    assert give(entry, hours=1) == 1
    assert [each.since[:16] for each in holdings.holders(db, entry)] == ["2026-03-01T13:00"]


def test_what_was_merely_renewed_is_the_same_holding(db: Database, partner: Partner, give: Giving) -> None:
    entry = published(db, "article")
    give(entry)
    renew(db, entry)
    assert prove(db, partner) == 0
    assert shown(db, entry) == [("RugNetwerk", "nl", 1)]
    assert (give(entry, hours=1), give(entry, hours=2)) == (1, 0)
    held = holdings.holders(db, entry, ended=True)
    assert [(each.since[:16], each.seq) for each in held] == [("2026-03-01T12:00", events.latest(db))]


def test_what_was_renewed_after_it_changed_is_another_holding(db: Database, partner: Partner, give: Giving) -> None:
    entry = published(db, "article")
    give(entry)
    save(db, entry, title="Anders")
    publish(db, entry)
    renew(db, entry)
    give(entry)
    assert [revision for _, _, revision in shown(db, entry)] == [1, 2]


def test_an_acknowledgement_ends_what_was_held_by_then(
    db: Database, partner: Partner, give: Giving, add: Adding
) -> None:
    entry, other = published(db, "article"), add("Gezond")
    give(entry)
    give(entry, to=other)
    upto = events.latest(db)
    save(db, entry, title="Anders")
    publish(db, entry)
    give(entry)
    ended = holdings.end(db, partner.id, entry, upto=upto, how="acknowledged", now=NOW)
    assert ended == 1
    assert shown(db, entry) == [("Gezond", "nl", 1), ("RugNetwerk", "nl", 2)]


def test_an_acknowledgement_may_be_of_some_languages(db: Database, partner: Partner, give: Giving) -> None:
    entry = published(db, "article")
    translate(db, entry, "en")
    publish(db, entry, "en")
    give(entry)
    give(entry, "en")
    upto = events.latest(db)
    assert holdings.end(db, partner.id, entry, upto=upto, locales=["en"], how="acknowledged", now=NOW) == 1
    assert [locale for _, locale, _ in shown(db, entry)] == ["nl"]


def test_who_began_afresh_holds_what_is_in_scope(db: Database, partner: Partner, give: Giving) -> None:
    topic = create(db, "topic")
    about = published(db, "article", title="Rug", topics=[topic])
    other = published(db, "article", title="Knie")
    gone = published(db, "article", title="Weg", topics=[topic])
    for entry in (about, other, gone):
        give(entry)
    prove(db, partner)
    unpublish(db, gone)
    narrowed = partners.change(db, SITE, partner.id, topics=[topic], types=["article"], locales=["nl"])
    seq = events.latest(db)
    late = published(db, "article", title="Later")
    give(late)
    assert holdings.prove_whole(db, narrowed, seq, NOW) == 2
    assert [shown(db, entry) for entry in (about, other, gone)] == [[("RugNetwerk", "nl", 1)], [], []]
    assert [each.ended_how for each in holdings.holders(db, other, ended=True)] == ["left_scope"]
    # What came after the run began is not judged by it.
    assert shown(db, late) == [("RugNetwerk", "nl", 1)]
    assert partners.find(db, partner.id).position == seq


def test_what_left_the_scope_since_is_held_until_that_is_known(db: Database, partner: Partner, give: Giving) -> None:
    topic = create(db, "topic")
    entry = published(db, "article", topics=[topic])
    give(entry)
    narrowed = partners.change(db, SITE, partner.id, topics=[topic])
    seq = events.latest(db)
    save(db, entry, topics=[])
    publish(db, entry)
    assert holdings.prove_whole(db, narrowed, seq, NOW) == 0
    assert shown(db, entry) == [("RugNetwerk", "nl", 1)]
    assert prove(db, partner) == 1
    assert shown(db, entry) == []


def test_who_began_afresh_without_limits_holds_all_that_is_live(db: Database, partner: Partner, give: Giving) -> None:
    entry = published(db, "article")
    give(entry)
    assert holdings.prove_whole(db, partner, events.latest(db), NOW) == 0
    assert shown(db, entry) == [("RugNetwerk", "nl", 1)]
