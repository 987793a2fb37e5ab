"""Dropping events that are old: what a document went through long ago, never what was told of it last.

It knows not who reads events; `pruned` tells them from where on all are there.
"""

from datetime import datetime

from cms.content.identity import stamp
from cms.publish import events, followers
from cms.publish.events import SERVED, marks
from cms.store import Database, write

_EXAMINED, _PRUNED = "events.examined", "events.pruned"  # as followers: how far it was looked, and what went


def prune(db: Database, before: datetime, limit: int = 1_000) -> int:
    """Drop what was told of documents before the day of a moment, but for the newest of each; return how many went.

    At most `limit` go at one call, in one short write. It does nothing, fast, until another day has grown old.
    """
    edge = _edge(db, stamp(before)[:10])
    if edge is None:
        return 0
    kinds = marks(SERVED)
    rows = db.query(
        f"select e.seq from event e where e.seq <= ? and e.type in ({kinds}) and exists (select 1 from event n"
        f" where n.entry = e.entry and n.seq > e.seq and n.locale = e.locale and n.type in ({kinds}))"
        " order by e.seq limit ?",
        [edge, *SERVED, *SERVED, limit],
    )
    old = [int(row["seq"]) for row in rows]
    with write(db):
        if old:
            db.table("event").delete_where(f"seq in ({marks(old)})", old)
            followers.move(db, _PRUNED, max(old[-1], pruned(db)))
        if len(old) < limit:
            followers.move(db, _EXAMINED, edge)
    return len(old)


def pruned(db: Database) -> int:
    """Return the newest of all events that were dropped, 0 where none was: those after it are all there."""
    return followers.position(db, _PRUNED)


def _edge(db: Database, day: str) -> int | None:
    """Return the newest event from before a day; None where nothing has grown old since it was last looked."""
    examined = followers.position(db, _EXAMINED)
    oldest = db.query("select at from event where seq > ? order by seq limit 1", [examined])
    if not any(row["at"] < day for row in oldest):
        return None
    younger = db.query("select seq from event where seq > ? and at >= ? order by seq limit 1", [examined, day])
    return next((int(row["seq"]) - 1 for row in younger), events.latest(db))
