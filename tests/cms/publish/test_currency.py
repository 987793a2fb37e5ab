"""How long what is served may be relied on: by when to fetch it again, and what becomes of an overdue review."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
import pytest

from cms.content import types
from cms.content.identity import stamp
from cms.desk import preview
from cms.errors import NotFound
from cms.localize.notices import review
from cms.publish import currency, documents, events, listing, renewal, search
from cms.publish.currency import Currency
from cms.publish.listing import Query
from cms.publish.refresh import drain, rebuild
from cms.site import Licence, Site
from cms.store import Database, write
from tests.builders import (
    NOW,
    SITE,
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
from tests.builders import events as told

PERIOD = timedelta(hours=SITE.refresh_hours)
DUE = "2026-03-10"
# The review is overdue when its day is past, and has expired ninety days later.
OVERDUE = datetime(2026, 3, 11, tzinfo=UTC)
EXPIRED = datetime(2026, 6, 9, tzinfo=UTC)


def last_seq(db: Database) -> int:
    return events.latest(db)


def keep(db: Database, now: datetime, site: Site = SITE) -> int:
    """Do what the clock does, and what follows from it."""
    done = renewal.keep(db, site, now)
    drain(db, site, now)
    return done


def found(db: Database, q: str = "blijf") -> set[str]:
    return {hit.entry for hit in search.find(db, "nl", q).hits}


def listed(db: Database, **query: Any) -> set[str]:
    page = listing.find(db, Query("nl", "article", **query))
    return {orjson.loads(item)["id"] for item in page.items}


@pytest.fixture
def article(db: Database) -> str:
    """Return an article in two languages whose review is due soon."""
    entry = published(db, "article", review_due=DUE)
    translate(db, entry, "en")
    publish(db, entry, "en")
    return entry


# Rules, as a table


@pytest.mark.parametrize(
    ("due", "grace", "now", "state", "changes"),
    [
        ("", 90, NOW, "current", ""),
        (DUE, 90, NOW, "current", stamp(OVERDUE)),
        (DUE, 90, OVERDUE - timedelta(microseconds=1), "current", stamp(OVERDUE)),
        (DUE, 90, OVERDUE, "overdue", stamp(EXPIRED)),
        (DUE, 90, EXPIRED - timedelta(seconds=1), "overdue", stamp(EXPIRED)),
        (DUE, 90, EXPIRED, "expired", ""),
        (DUE, 0, OVERDUE, "expired", ""),
        ("9999-12-31", 90, NOW, "current", ""),
        ("9999-12-01", 90, NOW, "current", "9999-12-02T00:00:00.000000Z"),
        ("0001-01-01", 90, NOW, "expired", ""),
    ],
)
def test_how_a_review_stands(due: str, grace: int, now: datetime, state: str, changes: str) -> None:
    site = replace(SITE, review_grace_days=grace)
    assert currency.judge(site, due, now) == Currency(stamp(now + PERIOD), state, changes)


@pytest.mark.parametrize("left", [PERIOD, PERIOD / 2])
def test_the_moment_stays_as_long_as_half_of_the_period_is_left(left: timedelta) -> None:
    known = Currency(stamp(NOW + left), "current", "")
    assert currency.judge(SITE, "", NOW, known) == known


@pytest.mark.parametrize("left", [PERIOD / 2 - timedelta(seconds=1), -PERIOD, PERIOD + timedelta(seconds=1)])
def test_a_moment_too_near_or_too_far_is_said_anew(left: timedelta) -> None:
    known = Currency(stamp(NOW + left), "current", "")
    assert currency.judge(SITE, "", NOW, known).refresh_by == stamp(NOW + PERIOD)


# What a document says


def test_a_document_says_how_it_may_be_used(db: Database) -> None:
    clinic = published(db, "clinic", name="Rug & Co")
    site = replace(
        SITE, logo="/media/logo.svg", indexing="noindex", page_url="https://site.example/{locale}/{slug}",
        licence=Licence("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    )  # fmt: skip
    entry = published(db, "article", clinics=[clinic], review_due=DUE, slug="rug", site=site)
    said = document(db, entry)
    assert said["attribution"] == {
        "text": "Rug & Co, Tolk",
        "html": '<a href="https://site.example/nl/rug" rel="noopener noreferrer">Rug &amp; Co, Tolk</a>',
        "logo": "https://tolk.example/media/logo.svg",
        "url": "https://site.example/nl/rug",
    }
    names = ("canonical_url", "indexing", "refresh_by", "display_until", "review_state", "review_notice")
    assert [said[name] for name in names] == [
        "https://site.example/nl/rug", "noindex", stamp(NOW + PERIOD), stamp(EXPIRED), "current", None,
    ]  # fmt: skip
    assert (said["licence"]["name"], said["review_notice_lang"]) == ("CC BY 4.0", None)


def test_without_a_day_of_review_there_is_no_end(db: Database) -> None:
    for kind in ("article", "clinic", "topic"):
        entry = published(db, kind)
        said = document(db, entry, type_name=kind)
        assert (said["display_until"], said["review_state"], said["attribution"]["logo"]) == (None, "current", None)


def test_a_logo_elsewhere_is_given_as_it_is(db: Database) -> None:
    entry = published(db, "article", site=replace(SITE, logo="https://cdn.example/logo.png"))
    assert document(db, entry)["attribution"]["logo"] == "https://cdn.example/logo.png"


def test_all_languages_of_an_entry_are_to_be_fetched_by_the_same_moment(db: Database, article: str) -> None:
    assert document(db, article)["refresh_by"] == document(db, article, "en")["refresh_by"] == stamp(NOW + PERIOD)


def test_a_preview_says_what_would_be_said(db: Database, article: str) -> None:
    said = preview.document(db, article, "nl", SITE, now=OVERDUE)
    assert (said["review_state"], bool(said["review_notice"])) == ("overdue", True)
    assert document(db, article)["review_state"] == "current"


# Renewing


def test_nothing_is_renewed_while_half_of_the_period_is_left(db: Database, article: str) -> None:
    before = everything(db)
    assert keep(db, NOW + PERIOD / 2) == 0
    assert everything(db) == before


def test_what_is_renewed_says_nothing_new_but_the_moment(db: Database, article: str) -> None:
    before, seq = {locale: document(db, article, locale) for locale in ("nl", "en")}, last_seq(db)
    row = documents.read(db, "nl", "article", article)
    at = NOW + PERIOD / 2 + timedelta(hours=1)
    assert keep(db, at) == 2  # the article and its author
    for locale, old in before.items():
        assert document(db, article, locale) == {**old, "refresh_by": stamp(at + PERIOD)}
    assert event_types(db, article, seq) == ["edition.renewed"] * 2
    # Lists by when a text changed do not move, and the signature is of the new bytes.
    again = documents.read(db, "nl", "article", article)
    assert row
    assert again
    assert (again.updated_at, again.seq > row.seq) == (row.updated_at, True)
    assert f";created={int(at.timestamp())};" in again.signature_input
    kept = everything(db)
    assert rebuild(db, SITE, at) == 0
    assert everything(db) == kept
    assert keep(db, at) == 0


def test_a_lost_document_that_was_renewed_comes_back_byte_for_byte(db: Database, article: str) -> None:
    keep(db, later(days=5))
    keep(db, later(days=9))
    before = everything(db)
    with write(db):
        db.table("document").delete_where()
    rebuild(db, SITE, later(days=9))
    assert everything(db) == before


def test_publishing_again_does_not_move_what_the_other_languages_say(db: Database, article: str) -> None:
    save(db, article, title="Anders")
    publish(db, article, now=later(days=1))
    assert document(db, article)["refresh_by"] == stamp(NOW + PERIOD)
    save(db, article, title="Weer anders")
    publish(db, article, now=later(days=5))
    assert document(db, article, "en")["refresh_by"] == stamp(later(days=5) + PERIOD)


@pytest.mark.parametrize("hours", [24, 1000])
def test_another_period_comes_into_force_by_itself(db: Database, article: str, hours: int) -> None:
    site = replace(SITE, refresh_hours=hours)
    assert keep(db, NOW, site) == 2
    assert document(db, article)["refresh_by"] == stamp(NOW + timedelta(hours=hours))
    assert keep(db, NOW, site) == 0


def test_of_what_is_gone_nothing_is_renewed(db: Database) -> None:
    topic, author = published(db, "topic"), published(db, "author")
    unpublish(db, topic)
    withdraw(db, author)
    assert rows(db, "currency") == []
    assert keep(db, later(days=9)) == 0
    publish(db, topic, now=later(days=9))
    assert [row["entry"] for row in rows(db, "currency")] == [topic]


def test_what_came_before_there_were_terms_gets_them_by_a_rebuild(db: Database, article: str) -> None:
    with write(db):
        db.table("currency").delete_where()
    rebuild(db, SITE, later(days=1))
    assert document(db, article)["refresh_by"] == stamp(later(days=1) + PERIOD)


def test_one_entry_that_cannot_be_made_keeps_no_other_from_it(db: Database, article: str, forgotten_type: str) -> None:
    with pytest.raises(NotFound):
        renewal.keep(db, SITE, later(days=6))
    assert document(db, article)["refresh_by"] == stamp(later(days=6) + PERIOD)


@pytest.fixture
def forgotten_type(db: Database, article: str) -> Iterator[str]:
    """Yield an entry of a type that is registered no more, and is the first to be renewed."""
    topic = published(db, "topic", now=NOW - timedelta(days=3))
    known = types._types.pop("topic")
    yield topic
    types._types["topic"] = known


# Reviews


def test_an_overdue_review_is_told_to_readers_and_to_who_follows(db: Database, article: str) -> None:
    seq, before = last_seq(db), document(db, article)
    keep(db, OVERDUE)
    assert event_types(db, article, seq) == ["edition.overdue"] * 2
    for locale in ("nl", "en"):
        said = document(db, article, locale)
        notice = review("overdue", locale, date.fromisoformat(DUE)).text
        assert (said["review_state"], said["review_notice"]) == ("overdue", notice)
        assert "10" in notice
    assert document(db, article)["body"] == before["body"]
    # It is still listed and found.
    assert article in listed(db) & found(db)
    kept = everything(db)
    assert rebuild(db, SITE, OVERDUE) == 0
    assert everything(db) == kept


def test_past_its_grace_it_leaves_lists_and_search_but_not_its_address(db: Database, article: str) -> None:
    keep(db, OVERDUE)
    seq = last_seq(db)
    keep(db, EXPIRED)
    assert event_types(db, article, seq) == ["edition.expired"] * 2
    said = document(db, article)
    assert (said["review_state"], said["display_until"]) == ("expired", stamp(EXPIRED))
    assert article not in listed(db) | found(db)
    assert article in listed(db, review="any") & listed(db, review="expired")
    assert article not in listed(db, review="current") | listed(db, review="overdue")
    kept = everything(db)
    assert rebuild(db, SITE, EXPIRED) == 0
    assert everything(db) == kept
    assert article not in found(db)
    # The rest goes on as before.
    assert keep(db, EXPIRED) == 0


def test_a_clock_that_stood_still_tells_what_is_true_now(db: Database, article: str) -> None:
    seq = last_seq(db)
    keep(db, EXPIRED + timedelta(days=30))
    assert event_types(db, article, seq) == ["edition.expired"] * 2


def test_a_review_brings_it_back(db: Database, article: str) -> None:
    keep(db, EXPIRED)
    save(db, article, now=EXPIRED, review_due="2028-01-01", update_type="minor")
    publish(db, article, now=EXPIRED)
    for locale in ("nl", "en"):
        said = document(db, article, locale)
        assert (said["review_state"], said["review_notice"]) == ("current", None)
    assert article in listed(db) & found(db)


def test_another_grace_takes_hold_with_the_next_look_of_the_clock(db: Database, article: str) -> None:
    keep(db, EXPIRED)
    site = replace(SITE, review_grace_days=400)
    rebuild(db, site, EXPIRED)
    assert document(db, article)["review_state"] == "expired"
    seq = last_seq(db)
    keep(db, EXPIRED, site)
    assert event_types(db, article, seq) == ["edition.overdue"] * 2
    assert article in listed(db) & found(db)


def test_a_reader_without_a_wording_is_told_which_language_the_notice_is_in(db: Database) -> None:
    site = replace(SITE, locales=(*SITE.locales, "sv"))
    entry = published(db, "article", review_due=DUE, site=site)
    translate(db, entry, "sv")
    publish(db, entry, "sv", site=site)
    keep(db, OVERDUE, site)
    said = document(db, entry, "sv")
    assert said["review_notice"] == review("overdue", "en", date.fromisoformat(DUE)).text
    assert said["review_notice_lang"] == "en"
    assert document(db, entry)["review_notice_lang"] is None


def test_what_changed_beside_the_moment_is_told_as_a_change(db: Database) -> None:
    author = published(db, "author")
    entry = published(db, "article", authors=[author])
    save(db, author, name="Ander")
    publish(db, author, now=later(days=5))
    assert event_types(db, entry)[-1] == "edition.updated"
    assert keep(db, later(days=5)) == 1
    assert event_types(db, entry)[-1] == "edition.renewed"


def test_every_event_of_a_renewal_says_since_when_the_text_is_served(db: Database, article: str) -> None:
    keep(db, later(days=5))
    keep(db, later(days=10))
    said = [orjson.loads(row["data"]) for row in told(db) if row["type"] == "edition.renewed" and row["locale"] == "nl"]
    assert {row["changed_at"] for row in said} == {stamp(NOW)}
