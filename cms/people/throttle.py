"""How often something may be tried: counted in the store, so that it holds over threads, processes and machines.

It knows not what is tried.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from cms.content.identity import moment, new_id, stamp
from cms.errors import Throttled
from cms.people import tokens
from cms.store import Database, write

QUARTER = timedelta(minutes=15)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """Allow so many attempts at a subject within a time, a day at most."""

    subject: str
    most: int
    within: timedelta = QUARTER


def enter(db: Database, limits: Sequence[Limit], now: datetime) -> tuple[str, ...]:
    """Count an attempt before it is made, and return the ids of what was counted. Raises Throttled, and counts none."""
    _refuse_beyond(db, limits, now)  # first without a write: who floods must not hold up the others
    with write(db):
        _refuse_beyond(db, limits, now)
        db.table("attempt").delete_where("at <= ?", [stamp(now - DAY)])
        ids = []
        for subject in dict.fromkeys(limit.subject for limit in limits):
            ids.append(new_id())
            db.table("attempt").insert({"id": ids[-1], "subject": tokens.hashed(subject), "at": stamp(now)})
    return tuple(ids)


def forgive(db: Database, ids: Sequence[str], subjects: Sequence[str] = ()) -> None:
    """Forget an attempt that succeeded, and all earlier ones at these subjects."""
    with write(db):
        for id in ids:
            db.table("attempt").delete_where("id = ?", [id])
        for subject in subjects:
            db.table("attempt").delete_where("subject = ?", [tokens.hashed(subject)])


def place(address: str) -> str:
    """Return what an address is counted as: itself, or for IPv6 the /64 of which one customer has all."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((int(found), 64), strict=False))
    return str(found)


def _refuse_beyond(db: Database, limits: Sequence[Limit], now: datetime) -> None:
    waits = [wait for limit in limits if (wait := _wait(db, limit, now)) > 0]
    if waits:
        raise Throttled(max(waits))


def _wait(db: Database, limit: Limit, now: datetime) -> int:
    """Return the seconds until one attempt more is allowed."""
    rows = db.query(
        "select at from attempt where subject = ? and at > ? order by at desc limit 1 offset ?",
        [tokens.hashed(limit.subject), stamp(now - limit.within), limit.most - 1],
    )
    return max((ceil((moment(row["at"]) + limit.within - now).total_seconds()) for row in rows), default=0)
