"""Do something in somebody's name: the right to it, one write, one line in the audit, or nothing of the three.

It knows not what is done.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cms.content import entries, revisions
from cms.errors import Problem, Refused, RevisionClash
from cms.people import audit, rights
from cms.people.rights import Actor
from cms.store import Database, write


@dataclass
class Record:
    """What the audit will say. Whoever does it fills in what was before and after; small facts, never secrets."""

    entry: str = ""
    type: str = ""
    locale: str = ""
    before: Any = None
    after: Any = None
    note: str = ""
    nothing_done: bool = False


@contextmanager
def doing(
    db: Database,
    actor: Actor,
    action: str,
    *,
    now: datetime,
    entry: str = "",
    type: str = "",
    locale: str = "",
    note: str = "",
) -> Iterator[Record]:
    """Require the right, open a write, and record what was done when it ends; an error undoes and records nothing.

    The type is that of the entry where none is given. Set `nothing_done` on what is yielded where nothing changed.
    Raises Forbidden, NotFound, and whatever is raised inside.
    """
    type = type or (entries.find(db, entry).type if entry else "")
    rights.require(actor, action, type, locale)
    with write(db):
        record = Record(entry=entry, type=type, locale=locale, note=note)
        yield record
        if not record.nothing_done:
            audit.record(
                db,
                actor,
                action,
                now=now,
                entry=record.entry,
                type=record.type,
                locale=record.locale,
                before=record.before,
                after=record.after,
                note=record.note,
            )


def refuse_archived(db: Database, entry: str) -> None:
    """Raise Refused where the entry has been put away: it must be taken back before anybody changes it."""
    if entries.find(db, entry).archived_at:
        raise Refused([Problem("", "archived", {"id": entry})])


def refuse_changed(db: Database, entry: str, based_on: int | None) -> None:
    """Raise RevisionClash where the newest revision is not the one that the actor had seen; None asks nothing."""
    latest = entries.find(db, entry).latest
    if based_on is None or based_on == latest:
        return
    changed: list[str] = []
    if 0 < based_on < latest:
        before, now = revisions.get(db, entry, based_on), revisions.get(db, entry, latest)
        changed = revisions.compare(before.content, now.content)
    raise RevisionClash(entry, based_on, latest, changed)
