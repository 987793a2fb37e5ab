"""The audit: who did what, when and from where, with what it was before and after. Rows are added, never changed.

It knows not what the actions mean.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from cms.content.identity import stamp
from cms.people.rights import Actor
from cms.store import Database, Row

PAGE = 500


@dataclass(frozen=True)
class Audited:
    """One thing that was done; `before` and `after` are JSON values, None where there was none."""

    seq: int
    at: str
    actor: str
    actor_name: str
    actor_kind: str
    address: str
    action: str
    entry: str
    type: str
    locale: str
    before: Any
    after: Any
    note: str


def record(
    db: Database,
    actor: Actor,
    action: str,
    *,
    now: datetime,
    entry: str = "",
    type: str = "",
    locale: str = "",
    before: Any = None,
    after: Any = None,
    note: str = "",
) -> None:
    """Append what an actor did. Call it inside the `store.write` that did it, and give it no secrets."""
    last = next(db.query("select coalesce(max(seq), 0) as seq from audit"))["seq"]
    db.table("audit").insert(
        {
            "seq": last + 1,
            "at": stamp(now),
            "actor": actor.id,
            "actor_name": actor.name,
            "actor_kind": actor.kind,
            "address": actor.address,
            "action": action,
            "entry": entry,
            "type": type,
            "locale": locale,
            "before": _written(before),
            "after": _written(after),
            "note": note,
        }
    )


def entries(
    db: Database,
    *,
    actor: str = "",
    action: str = "",
    entry: str = "",
    since: str = "",
    until: str = "",
    before_seq: int = 0,
    limit: int = 50,
) -> list[Audited]:
    """Return what was done, the newest first; `since` is a moment at which it begins, `until` one before which it ends.

    Moments are ISO 8601 text, and may be cut short: `2026-03` is the beginning of March. The next page begins
    before the `seq` of the last one.
    """
    asked = {
        "actor = ?": actor,
        "action = ?": action,
        "entry = ?": entry,
        "at >= ?": since,
        "at < ?": until,
        "seq < ?": before_seq,
    }
    given = {condition: value for condition, value in asked.items() if value}
    where = " and ".join(given) or None
    rows = db.table("audit").rows_where(where, [*given.values()], order_by="seq desc", limit=limit)
    return [_read(row) for row in rows]


def export(
    db: Database, *, actor: str = "", action: str = "", entry: str = "", since: str = "", until: str = ""
) -> Iterator[Audited]:
    """Yield all that was done, the newest first, without holding it all at once."""
    before = 0
    while page := entries(
        db, actor=actor, action=action, entry=entry, since=since, until=until, before_seq=before, limit=PAGE
    ):
        yield from page
        before = page[-1].seq


def _written(value: Any) -> str:
    return "" if value is None else orjson.dumps(value, option=orjson.OPT_SORT_KEYS, default=_plain).decode()


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise TypeError(type(value).__name__)


def _read(row: Row) -> Audited:
    said = {name: orjson.loads(row[name]) if row[name] else None for name in ("before", "after")}
    return Audited(**{**row, **said})
