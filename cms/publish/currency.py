"""How long what is served of an entry may be relied on: by when to fetch it again, and how its review stands.

One row an entry, so that rendering looks at no clock and `rebuild` makes the same bytes. It renders nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from cms.content.fields import Day
from cms.content.identity import stamp
from cms.content.types import Type
from cms.site import Site
from cms.store import Database

CURRENT, OVERDUE, EXPIRED = "current", "overdue", "expired"
REVIEW_STATES = (CURRENT, OVERDUE, EXPIRED)
# What lists leave out. The index has it ready, whatever else is asked for.
UNLESS_EXPIRED = f"entry not in (select entry from currency where review_state = '{EXPIRED}')"


@dataclass(frozen=True)
class Currency:
    """How an entry stands: fetch again before `refresh_by`; `changes_at` is when the state changes, empty for never."""

    refresh_by: str
    review_state: str
    changes_at: str


def review_due(kind: Type, content: Mapping[str, Any]) -> str:
    """Return the day by which content is to be reviewed, an empty text where its type or its author names none."""
    return str(content.get("review_due") or "") if isinstance(kind.schema.fields.get("review_due"), Day) else ""


def display_until(site: Site, due: str) -> str:
    """Return from when on advice that was to be reviewed by that day is not to be shown; empty for never."""
    return _end_of(due, site.review_grace_days)


def review_state(site: Site, due: str, now: datetime) -> str:
    """Return how a review stands: overdue when its day is past, expired when the days of grace are too, in UTC."""
    at = stamp(now)
    if not (ends := _end_of(due)) or at < ends:
        return CURRENT
    until = display_until(site, due)
    return EXPIRED if until and at >= until else OVERDUE


def changes_at(site: Site, due: str, state: str) -> str:
    """Return when a state turns into the next, empty for never."""
    return {CURRENT: _end_of(due), OVERDUE: display_until(site, due)}.get(state, "")


def judge(site: Site, due: str, now: datetime, known: Currency | None = None) -> Currency:
    """Return how an entry stands now. As long as half of the period is left, what is known stays as it is."""
    state = review_state(site, due, now)
    earliest, latest = _span(site, now)
    keeps = known is not None and earliest <= known.refresh_by <= latest
    return Currency(known.refresh_by if known and keeps else latest, state, changes_at(site, due, state))


def settle(
    db: Database,
    site: Site,
    entry: str,
    due: str,
    *,
    is_live: bool,
    now: datetime,
    anew: bool = False,
    afresh: bool = False,
) -> Currency:
    """Return how an entry stands by its row; it is judged by the clock where there is none, or to do so `anew`.

    `afresh` keeps what readers are told, but sees to it that the clock looks at what settings have changed. Of what
    is live nowhere there is no row.
    """
    known = of(db, entry)
    if not is_live:
        if known:
            db.table("currency").delete_where("entry = ?", [entry])
        return known or judge(site, due, now)
    if known is None or anew:
        found = judge(site, due, now, known)
    elif afresh:
        stands = known.review_state == review_state(site, due, now)
        found = replace(known, changes_at=changes_at(site, due, known.review_state) if stands else stamp(now))
    else:
        return known
    if found != known:
        db.table("currency").upsert({"entry": entry, **vars(found)})
    return found


def of(db: Database, entry: str) -> Currency | None:
    """Return how an entry stands; None where nothing of it is live."""
    rows = db.query("select refresh_by, review_state, changes_at from currency where entry = ?", [entry])
    return next((Currency(**row) for row in rows), None)


def due(db: Database, site: Site, now: datetime, limit: int) -> list[str]:
    """Return entries that are to be judged anew: little of the period is left, or the state of the review changes."""
    earliest, latest = _span(site, now)
    asked = {
        "changes_at > '' and changes_at <= ? order by changes_at, entry": stamp(now),
        "refresh_by < ? order by refresh_by, entry": earliest,
        "refresh_by > ? order by refresh_by, entry": latest,
    }
    found: dict[str, None] = {}
    for where, at in asked.items():
        rows = db.query(f"select entry from currency where {where} limit ?", [at, limit])
        found |= dict.fromkeys(row["entry"] for row in rows)
    return list(found)[:limit]


def _span(site: Site, now: datetime) -> tuple[str, str]:
    """Return between which moments what is served may have to be fetched again."""
    period = timedelta(hours=site.refresh_hours)
    return stamp(now + period / 2), stamp(now + period)


def _end_of(day: str, later: int = 0) -> str:
    try:
        return stamp(datetime.combine(date.fromisoformat(day) + timedelta(days=later + 1), time(), UTC)) if day else ""
    except OverflowError:  # A day at the end of the calendar means never.
        return ""
