"""Recalls in somebody's name: exercises, what a partner said by other ways than its key, and closing.

A recall in earnest begins with a withdrawal for safety, which is publishing's.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from cms.content import entries
from cms.desk.doing import doing
from cms.partners import recalls
from cms.partners.recalls import Called, Recall
from cms.people.rights import Actor
from cms.store import Database

ACTION = "recall.manage"


def drill(
    db: Database, actor: Actor, entry: str, *, explanation: str, locales: Collection[str] = (), now: datetime
) -> Recall:
    """Begin an exercise: partners are called as in earnest, and nothing is withdrawn. Raises Forbidden, Refused."""
    with doing(db, actor, ACTION, now=now, entry=entry, locale=_source(db, entry), note=explanation) as done:
        made = recalls.drill(db, entry, explanation=explanation, locales=locales, by=actor.name, now=now)
        done.after = {"recall": made.id, "drill": True, "locales": list(made.locales)}
        return made


def acknowledge(
    db: Database,
    actor: Actor,
    recall: str,
    partner: str,
    *,
    applied_at: datetime | None = None,
    places: Sequence[str] = (),
    note: str,
    now: datetime,
) -> Called:
    """Note what a partner said by telephone or mail. Raises Forbidden, NotFound."""
    found = recalls.find(db, recall)
    with doing(db, actor, ACTION, now=now, entry=found.entry, locale=_source(db, found.entry), note=note) as done:
        before = recalls.of_partner(db, recall, partner)
        called = recalls.acknowledge(
            db, recall, partner, applied_at=applied_at, places=places, note=note, how="person", now=now
        )
        done.nothing_done = called == before
        done.after = {"recall": recall, "partner": called.partner_name, "applied_at": called.applied_at}
        return called


def close(db: Database, actor: Actor, recall: str, *, why: str, now: datetime) -> Recall:
    """Close a recall that not everybody has acknowledged, with a reason. Raises Forbidden, NotFound, Refused."""
    found = recalls.find(db, recall)
    with doing(db, actor, ACTION, now=now, entry=found.entry, locale=_source(db, found.entry), note=why) as done:
        closed = recalls.close(db, recall, by=actor.name, why=why, now=now)
        done.after = {"recall": recall, "closed": True}
        return closed


def _source(db: Database, entry: str) -> str:
    return entries.find(db, entry).source_locale
