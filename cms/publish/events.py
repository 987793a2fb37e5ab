"""Events: what happened, appended in the transaction in which it happened. Who reads them is not known here.

One writer at a time gives sequence numbers in the order of commits, without holes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from cms.content.identity import new_id, stamp
from cms.store import Database

# The events that name the ETag of a document: what is served now.
WITH_ETAG = ("edition.published", "edition.moved", "edition.updated", "edition.withdrawn")


@dataclass(frozen=True)
class Told:
    """What the newest event about a document said: its place in the order, the document's ETag, and when."""

    seq: int
    etag: str
    at: str


def append(db: Database, kind: str, entry: str, locale: str, data: Mapping[str, Any], now: datetime) -> Told:
    """Append an event. Call it inside `store.write` only."""
    told = Told(latest(db) + 1, str(data.get("etag", "")), stamp(now))
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


def last_told(db: Database, entry: str, locale: str) -> Told:
    """Return what the newest event that names this document's ETag told; a blank one where none did."""
    marks = ", ".join("?" for _ in WITH_ETAG)
    rows = db.query(
        f"select seq, data, at from event where entry = ? and locale = ? and type in ({marks})"
        " order by seq desc limit 1",
        [entry, locale, *WITH_ETAG],
    )
    for row in rows:
        return Told(int(row["seq"]), str(orjson.loads(row["data"])["etag"]), row["at"])
    return Told(0, "", "")


def data_since(db: Database, kind: str, entry: str, locale: str, since: str) -> list[dict[str, Any]]:
    """Return what the events of one kind have told of a document since a moment, oldest first."""
    rows = db.query(
        "select data from event where entry = ? and locale = ? and type = ? and at >= ? order by seq",
        [entry, locale, kind, since],
    )
    return [orjson.loads(row["data"]) for row in rows]
