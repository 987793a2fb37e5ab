"""Events: what happened, appended in the transaction in which it happened. Who reads them is not known here.

One writer at a time gives sequence numbers in the order of commits, without holes.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from cms.content.identity import new_id, stamp
from cms.store import Database

UPDATED, UNPUBLISHED = "edition.updated", "edition.unpublished"
# Nothing but the moment until which a document may be shown has changed: to who has it, it is nothing new.
RENEWED = "edition.renewed"
# The events that name the ETag of a document: what is served now.
WITH_ETAG = (
    "edition.published", "edition.moved", UPDATED, "edition.withdrawn", RENEWED, "edition.overdue", "edition.expired",
)  # fmt: skip
# The events after which a reader who had a document has to have another, or none.
CHANGES = (*(kind for kind in WITH_ETAG if kind != RENEWED), UNPUBLISHED)
# All that says what is served of a document from then on.
SERVED = (*WITH_ETAG, UNPUBLISHED)
MOST = 2**62  # after which no event comes

Key = tuple[str, str]  # the entry and the locale of a document


@dataclass(frozen=True)
class Told:
    """What the newest event about a document said: its place in the order, the document's ETag, and when.

    `changed_at` is since when the text has been served, where that is before `at`.
    """

    seq: int
    etag: str
    at: str
    changed_at: str = ""


@dataclass(frozen=True)
class Event:
    """What happened, at which place in the order; `entry` and `locale` are empty where it concerns none."""

    seq: int
    id: str
    type: str
    entry: str
    locale: str
    at: str
    data: Mapping[str, Any]


def append(db: Database, kind: str, entry: str, locale: str, data: Mapping[str, Any], now: datetime) -> Told:
    """Append an event. Call it inside `store.write` only."""
    told = _told(latest(db) + 1, data, stamp(now))
    db.table("event").insert(
        {
            "seq": told.seq,
            "id": new_id(),
            "type": kind,
            "entry": entry,
            "locale": locale,
            "data": orjson.dumps(data, option=orjson.OPT_SORT_KEYS).decode(),
            "at": told.at,
        }
    )
    return told


def latest(db: Database) -> int:
    """Return the sequence number of the newest event, 0 where nothing has happened yet."""
    for row in db.query("select seq from event order by seq desc limit 1"):
        return int(row["seq"])
    return 0


def last_told(db: Database, entry: str) -> dict[str, Told]:
    """Return, by locale, what the newest event that names the ETag of an entry's document told."""
    marks = ", ".join("?" for _ in WITH_ETAG)
    newest = db.query(
        f"select max(seq) as seq from event where entry = ? and type in ({marks}) group by locale", [entry, *WITH_ETAG]
    )
    numbers = [int(row["seq"]) for row in newest]
    if not numbers:
        return {}
    marks = ", ".join("?" for _ in numbers)
    rows = db.query(f"select seq, locale, data, at from event where seq in ({marks})", numbers)
    return {row["locale"]: _told(int(row["seq"]), orjson.loads(row["data"]), row["at"]) for row in rows}


def of_kind(db: Database, entry: str, kind: str) -> list[Event]:
    """Return the events of one kind about an entry, oldest first."""
    return _read(db, "entry = ? and type = ? order by seq", [entry, kind])


def after(db: Database, seq: int, limit: int) -> list[Event]:
    """Return what happened after an event, oldest first: at most so many."""
    return _read(db, "seq > ? order by seq limit ?", [seq, limit])


def changes(db: Database, seq: int, upto: int, limit: int, locales: Collection[str] = ()) -> list[Event]:
    """Return what changed for readers after an event, up to another, oldest first; in these locales, or in all."""
    where = f"seq > ? and seq <= ? and type in ({marks(CHANGES)})"
    within = f" and locale in ({marks(locales)})" if locales else ""
    return _read(db, f"{where}{within} order by seq limit ?", [seq, upto, *CHANGES, *sorted(locales), limit])


def count_changes(db: Database, seq: int, most: int) -> int:
    """Count what changed for readers after an event, as far as `most`."""
    where = f"seq > ? and type in ({marks(CHANGES)}) limit ?"
    rows = db.query(f"select count(*) as total from (select seq from event where {where}) c", [seq, *CHANGES, most])
    return int(next(iter(rows))["total"])


def newest(db: Database, keys: Collection[Key], upto: int = MOST) -> dict[Key, Event]:
    """Return what was told last of each of these documents, up to an event; those of which nothing was are left out."""
    if not keys:
        return {}
    found = db.query(
        f"with wanted (entry, locale) as (values {', '.join('(?, ?)' for _ in keys)})"
        " select (select e.seq from event e where e.entry = w.entry and e.locale = w.locale and e.seq <= ?"
        f" and e.type in ({marks(SERVED)}) order by e.seq desc limit 1) as seq from wanted w",
        [*(part for key in keys for part in key), upto, *SERVED],
    )
    numbers = [row["seq"] for row in found if row["seq"] is not None]
    told = _read(db, f"seq in ({marks(numbers)})", numbers) if numbers else []
    return {(event.entry, event.locale): event for event in told}


def of_types(db: Database, kinds: Collection[str], seq: int, limit: int) -> list[Event]:
    """Return what happened of these types after an event, oldest first: at most so many."""
    return _read(db, f"type in ({marks(kinds)}) and seq > ? order by seq limit ?", [*sorted(kinds), seq, limit])


def renewed(db: Database, seq: int) -> int:
    """Return the event that told of a text last, where another told of it since because it was renewed alone."""
    return int(facts(db, [seq]).get(seq, {}).get("renews", seq))


def facts(db: Database, numbers: Collection[int]) -> dict[int, Mapping[str, Any]]:
    """Return what these events tell, by their numbers; those that are kept no longer are left out."""
    marks = ", ".join("?" for _ in numbers)
    rows = db.query(f"select seq, data from event where seq in ({marks})", [*numbers]) if numbers else ()
    return {int(row["seq"]): orjson.loads(row["data"]) for row in rows}


def marks(values: Collection[Any]) -> str:
    """Return a placeholder for each value."""
    return ", ".join("?" for _ in values)


def _told(seq: int, data: Mapping[str, Any], at: str) -> Told:
    return Told(seq, str(data.get("etag", "")), at, str(data.get("changed_at", "")))


def _read(db: Database, where: str, params: list[Any]) -> list[Event]:
    rows = db.query(f"select seq, id, type, entry, locale, at, data from event where {where}", params)
    return [Event(**{**row, "data": orjson.loads(row["data"])}) for row in rows]
