"""What somebody has written and not saved: kept as it stands, for that person alone. It need not be valid."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from cms.content import entries, types
from cms.content.fields import UUID
from cms.content.identity import stamp
from cms.errors import Invalid, NotFound, Problem
from cms.people import rights
from cms.people.rights import Actor
from cms.store import Database, write

LARGEST = 2_000_000  # bytes of JSON
# Longer than a summer away; after that the entry has moved on, or nobody is coming back to it.
KEPT = timedelta(days=90)


@dataclass(frozen=True)
class Draft:
    """One draft; `based_on` is the revision that the writer had before them, 0 for an entry that is not there yet."""

    entry: str
    type: str
    content: dict[str, Any]
    based_on: int
    kept_at: str


def keep(
    db: Database,
    actor: Actor,
    entry: str,
    content: Mapping[str, Any],
    *,
    based_on: int,
    now: datetime,
    type: str = "",
) -> Draft:
    """Keep what an actor has written of an entry, in the place of what was kept before.

    An entry that is not there yet is given an id of its own (`cms.content.identity.new_id`) and its type. Raises
    Forbidden, Invalid, NotFound.
    """
    kind, locale = _known(db, entry, type)
    rights.require(actor, "entry.save" if locale else "entry.create", kind, locale)
    try:
        frozen = orjson.dumps(content, option=orjson.OPT_SORT_KEYS).decode()
    except (orjson.JSONEncodeError, UnicodeDecodeError):
        raise Invalid([Problem("", "not_an_object")]) from None
    if len(frozen) > LARGEST:
        raise Invalid([Problem("", "too_large", {"maximum": LARGEST})])
    row = {"actor": actor.id, "entry": entry, "type": kind, "content": frozen, "based_on": based_on}
    with write(db):
        db.table("draft").upsert({**row, "kept_at": stamp(now)})
    return Draft(entry, kind, dict(content), based_on, stamp(now))


def find(db: Database, actor: Actor, entry: str) -> Draft | None:
    """Return what an actor has kept of an entry."""
    rows = db.table("draft").rows_where("actor = ? and entry = ?", [actor.id, entry])
    return next(map(_draft, rows), None)


def every(db: Database, actor: Actor) -> list[Draft]:
    """Return all that an actor has kept, the newest first."""
    return [
        _draft(row) for row in db.table("draft").rows_where("actor = ?", [actor.id], order_by="kept_at desc, entry")
    ]


def drop(db: Database, actor: Actor, entry: str) -> None:
    """Forget what an actor has kept of an entry: it was saved, or is not wanted."""
    with write(db):
        db.table("draft").delete_where("actor = ? and entry = ?", [actor.id, entry])


def drop_old(db: Database, now: datetime) -> None:
    """Forget what nobody has touched for so long that nobody will go on with it."""
    where, params = "kept_at < ?", [stamp(now - KEPT)]
    if any(db.table("draft").rows_where(where, params, select="kept_at", limit=1)):
        with write(db):
            db.table("draft").delete_where(where, params)


def _known(db: Database, entry: str, type: str) -> tuple[str, str]:
    """Return the type of an entry and the language that it is written in, empty where it is not there yet."""
    try:
        row = entries.find(db, entry)
    except NotFound:
        if not type:
            raise
        if not UUID.fullmatch(entry):
            raise Invalid([Problem("/id", "not_an_entry_id", {"value": entry[:80]})]) from None
        return types.find(type).name, ""
    return row.type, row.source_locale


def _draft(row: Mapping[str, Any]) -> Draft:
    return Draft(row["entry"], row["type"], orjson.loads(row["content"]), row["based_on"], row["kept_at"])
