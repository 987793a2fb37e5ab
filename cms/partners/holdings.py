"""The ledger: what a partner was given of a document, until it has shown to have something newer, or nothing.

It knows what was given and what was proved, and not what a partner does with it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from cms.content.identity import stamp
from cms.partners.partners import Partner
from cms.partners.scopes import fits
from cms.publish import events
from cms.publish.references import TOPICS
from cms.store import Database, write

SEEN_EVERY = timedelta(minutes=10)
_TELLING = (*events.CHANGES, events.RENEWED)

Given = tuple[str, str, int, int]  # entry, locale, revision, and the `seq` of the document


@dataclass(frozen=True)
class Holding:
    """That a partner was given a version of a document; `ended_at` is empty while it may still show it.

    `newer` is the revision of the newest version that it was given since, 0 where there is none.
    """

    partner: str
    partner_name: str
    partner_state: str
    entry: str
    locale: str
    revision: int
    seq: int
    how: str
    since: str
    ended_at: str
    ended_how: str
    newer: int


def note(db: Database, partner: str, given: Iterable[Given], how: str, now: datetime) -> int:
    """Keep that a partner was given these versions, and return how many are new; only those are written."""
    wanted = {(entry, locale, seq): revision for entry, locale, revision, seq in given}
    if not lacking(db, partner, wanted):
        return 0
    with write(db):
        new = lacking(db, partner, wanted)
        for entry, locale, seq in sorted(new):
            _put(db, partner, (entry, locale, wanted[entry, locale, seq], seq), how, stamp(now))
    return len(new)


def lacking(db: Database, partner: str, asked: Iterable[tuple[str, str, int]]) -> set[tuple[str, str, int]]:
    """Return of which of these versions (entry, locale, `seq`) it is not kept yet that a partner was given them."""
    wanted = set(asked)
    return wanted - _open(db, partner, wanted)


def prove(db: Database, partner: str, seq: int, now: datetime) -> int:
    """Take it that a partner has worked through all events up to `seq`; return how many of its holdings ended.

    It moves the partner's position, never back. Where nothing is new, nothing is written.
    """
    if not (_is_news(db, partner, seq, now) or _outdated(db, partner, seq)):
        return 0
    with write(db):
        ended = _outdated(db, partner, seq)
        _end(db, partner, ended, "sync", now)
        _move(db, partner, seq, now)
    return len(ended)


def prove_whole(db: Database, partner: Partner, seq: int, now: datetime) -> int:
    """Take the same, of a partner that began afresh and dropped what the new run, begun at `seq`, did not bring.

    So what has left the partner's scope is held no longer either. It reads all that the partner holds.
    """
    with write(db):
        ended = _outdated(db, partner.id, seq, since=0)
        _end(db, partner.id, ended, "sync", now)
        outside = _outside(db, partner, seq)
        _end(db, partner.id, outside, "left_scope", now)
        _move(db, partner.id, seq, now)
    return len(ended) + len(outside)


def end(
    db: Database, partner: str, entry: str, *, upto: int, locales: Collection[str] = (), how: str, now: datetime
) -> int:
    """End what a partner holds of an entry up to an event, in these locales or in all; return how many ended."""
    with write(db):
        rows = db.query(
            "select entry, locale, seq from holding where partner = ? and entry = ? and ended_at = '' and seq <= ?",
            [partner, entry, upto],
        )
        ended = [(row["entry"], row["locale"], row["seq"]) for row in rows if not locales or row["locale"] in locales]
        _end(db, partner, ended, how, now)
    return len(ended)


def holders(
    db: Database, entry: str, *, revision: int | None = None, locale: str | None = None, ended: bool = False
) -> list[Holding]:
    """Return who may still show an entry, by name of the partner; `ended` adds who once could."""
    asked = {"h.entry = ?": entry, "h.revision = ?": revision, "h.locale = ?": locale}
    given = {condition: value for condition, value in asked.items() if value is not None}
    if not ended:
        given["h.ended_at = ?"] = ""
    return _read(db, given, "p.name_key, h.locale, h.seq")


def held(db: Database, partner: str, *, limit: int | None = None, offset: int = 0) -> list[Holding]:
    """Return what a partner may still show, the newest first."""
    given = {"h.partner = ?": partner, "h.ended_at = ?": ""}
    return _read(db, given, "h.since desc, h.entry, h.locale, h.seq", limit, offset)


def count(db: Database, partner: str) -> int:
    """Count what a partner may still show."""
    return db.table("holding").count_where("partner = ? and ended_at = ''", [partner])


def _read(db: Database, given: dict[str, Any], order: str, limit: int | None = None, offset: int = 0) -> list[Holding]:
    page = "" if limit is None else " limit ? offset ?"
    rows = db.query(
        "select h.partner, p.name as partner_name, p.state as partner_state, h.entry, h.locale, h.revision, h.seq,"
        " h.how, h.since, h.ended_at, h.ended_how, coalesce((select n.revision from holding n where"
        " n.partner = h.partner and n.entry = h.entry and n.locale = h.locale and n.seq > h.seq"
        " order by n.seq desc limit 1), 0) as newer"
        f" from holding h join partner p on p.id = h.partner where {' and '.join(given)} order by {order}{page}",
        [*given.values(), *(() if limit is None else (limit, offset))],
    )
    return [Holding(**row) for row in rows]


def _open(db: Database, partner: str, asked: Iterable[tuple[str, str, int]]) -> set[tuple[str, str, int]]:
    entries = sorted({entry for entry, _, _ in asked})
    marks = ", ".join("?" for _ in entries)
    rows = db.query(
        f"select entry, locale, seq from holding where partner = ? and ended_at = '' and entry in ({marks})",
        [partner, *entries],
    )
    return {(row["entry"], row["locale"], row["seq"]) for row in rows} if entries else set()


def _put(db: Database, partner: str, given: Given, how: str, at: str) -> None:
    """Keep one version: in the row of the one that it renews, in the row that ended of itself, or in a new one."""
    entry, locale, revision, seq = given
    renewed = _renewed(db, partner, given)
    if renewed is not None:
        db.table("holding").delete_where(
            "partner = ? and entry = ? and locale = ? and seq = ?", [partner, entry, locale, renewed["seq"]]
        )
        how, at = renewed["how"], renewed["since"]
    told = {"revision": revision, "how": how, "since": at, "ended_at": "", "ended_how": ""}
    db.table("holding").upsert({"partner": partner, "entry": entry, "locale": locale, "seq": seq, **told})


def _renewed(db: Database, partner: str, given: Given) -> dict[str, Any] | None:
    """Return the open holding whose content this version has too, being renewed and no more."""
    entry, locale, revision, seq = given
    kinds = ", ".join("?" for _ in events.CHANGES)
    rows = db.query(
        "select h.seq, h.how, h.since from holding h where h.partner = ? and h.entry = ? and h.locale = ?"
        " and h.ended_at = '' and h.revision = ? and h.seq < ? and not exists (select 1 from event e where"
        f" e.entry = h.entry and e.seq > h.seq and e.seq <= ? and e.locale = h.locale and e.type in ({kinds}))",
        [partner, entry, locale, revision, seq, seq, *events.CHANGES],
    )
    return next(iter(rows), None)


def _outdated(db: Database, partner: str, seq: int, since: int | None = None) -> list[tuple[str, str, int]]:
    """Return what an event after `since`, the partner's position by itself, has made old."""
    if since is None:
        since = next((int(row["position"]) for row in _position(db, partner)), 0)
    if since >= seq:
        return []
    kinds = ", ".join("?" for _ in events.CHANGES)
    # From the events to what is held of them: those are few, what a partner holds may be all there is.
    rows = db.query(
        "select distinct h.entry, h.locale, h.seq from event e join holding h"
        " on h.partner = ? and h.entry = e.entry and h.locale = e.locale and h.seq < e.seq and h.ended_at = ''"
        f" where e.seq > ? and e.seq <= ? and e.type in ({kinds})",
        [partner, since, seq, *events.CHANGES],
    )
    return sorted((row["entry"], row["locale"], row["seq"]) for row in rows)


def _outside(db: Database, partner: Partner, seq: int) -> list[tuple[str, str, int]]:
    """Return what a partner holds that was outside its scope by what was told up to an event.

    What is about another topic since is not known to a partner that has come to that event.
    """
    if not partner.scope:
        return []
    kinds = ", ".join("?" for _ in _TELLING)
    rows = db.query(
        "select h.entry, h.locale, h.seq, n.type, e.data from holding h join entry n on n.id = h.entry"
        " join event e on e.seq = (select max(t.seq) from event t where t.entry = h.entry and t.locale = h.locale"
        f" and t.seq <= ? and t.type in ({kinds})) where h.partner = ? and h.ended_at = '' and h.seq <= ?",
        [seq, *_TELLING, partner.id, seq],
    )
    outside = []
    for row in rows:
        # Of what was told before events named topics nothing is known: it is held.
        about = orjson.loads(row["data"]).get(TOPICS, partner.topics)
        if not fits(partner.scope, type=row["type"], locale=row["locale"], topics=about):
            outside.append((row["entry"], row["locale"], row["seq"]))
    return outside


def _end(db: Database, partner: str, ended: Iterable[tuple[str, str, int]], how: str, now: datetime) -> None:
    for entry, locale, seq in ended:
        db.table("holding").update((partner, entry, locale, seq), {"ended_at": stamp(now), "ended_how": how})


def _is_news(db: Database, partner: str, seq: int, now: datetime) -> bool:
    return any(row["position"] < seq or row["seen_at"] <= stamp(now - SEEN_EVERY) for row in _position(db, partner))


def _move(db: Database, partner: str, seq: int, now: datetime) -> None:
    db.execute(
        "update partner set position = case when position < ? then ? else position end, seen_at = ? where id = ?",
        [seq, seq, stamp(now), partner],
    )


def _position(db: Database, partner: str) -> list[dict[str, Any]]:
    return list(db.query("select position, seen_at from partner where id = ?", [partner]))
