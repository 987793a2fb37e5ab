"""Publish, unpublish, withdraw and schedule in somebody's name: what must be right at once is, when they return.

They render nothing else: what waits for it is for `refresh.drain`, which the server's clock calls.
"""

from datetime import datetime

from cms.content import entries, revisions, types
from cms.desk.doing import doing, refuse_archived, refuse_changed
from cms.desk.uses import LEADING
from cms.errors import Problem
from cms.people.rights import Actor
from cms.publish import editions, live, readiness, references
from cms.publish import schedule as tasks
from cms.publish.live import Edition
from cms.publish.schedule import Task
from cms.site import Site
from cms.store import Database


def publish(
    db: Database,
    actor: Actor,
    entry: str,
    locale: str,
    *,
    now: datetime,
    site: Site,
    update_type: str = "",
    based_on: int | None = None,
) -> Edition:
    """Publish an entry in a locale; `based_on` is the newest revision that the actor had seen, where that matters.

    Raises Forbidden, NotFound, SlugTaken, RevisionClash, and Refused with all reasons.
    """
    action = _action(db, entry, locale, "publish")
    with doing(db, actor, action, now=now, entry=entry, locale=locale) as done:
        refuse_changed(db, entry, based_on)
        refuse_archived(db, entry)
        edition = editions.publish(db, entry, locale, by=actor.name, now=now, site=site, update_type=update_type)
        done.after = {"revision": edition.revision, "slug": edition.slug, "update_type": edition.update_type}
        return edition


def unpublish(db: Database, actor: Actor, entry: str, locale: str, *, now: datetime, site: Site) -> list[Edition]:
    """Take an entry out of a locale, out of all where it is the source's. Raises Forbidden, NotFound, Refused."""
    action = _action(db, entry, locale, "unpublish")
    with doing(db, actor, action, now=now, entry=entry, locale=locale) as done:
        ended = editions.unpublish(db, entry, locale, by=actor.name, now=now, site=site)
        done.before = _standing(ended)
        return ended


def withdraw(
    db: Database,
    actor: Actor,
    entry: str,
    *,
    explanation: str,
    now: datetime,
    site: Site,
    locale: str = "",
    replacement: str = "",
    severity: str = "editorial",
) -> list[Edition]:
    """Withdraw an entry from one locale, or from all. Raises Forbidden, NotFound, Refused."""
    asked = locale or entries.find(db, entry).source_locale
    with doing(db, actor, "entry.withdraw", now=now, entry=entry, locale=asked, note=explanation) as done:
        ended = editions.withdraw(
            db,
            entry,
            explanation=explanation,
            by=actor.name,
            now=now,
            site=site,
            locale=locale,
            replacement=replacement,
            severity=severity,
        )
        done.before = _standing(ended)
        done.after = {"severity": severity, "replacement": replacement}
        return ended


def schedule(
    db: Database, actor: Actor, entry: str, locale: str, action: str, due: datetime, *, now: datetime, site: Site
) -> Task:
    """Ask for an action (`publish` or `unpublish`) at a moment to come. Raises Forbidden, NotFound, Refused."""
    with doing(db, actor, "entry.schedule", now=now, entry=entry, locale=locale) as done:
        refuse_archived(db, entry)
        task = tasks.ask(db, entry, locale, action, due, by=actor.name, now=now, site=site)
        done.after = {"task": task.id, "action": action, "due_at": task.due_at}
        return task


def cancel(db: Database, actor: Actor, task: str, *, now: datetime) -> None:
    """Cancel a task that still waits. Raises Forbidden, NotFound, Refused."""
    found = tasks.find(db, task)
    with doing(db, actor, "entry.schedule", now=now, entry=found.entry, locale=found.locale) as done:
        tasks.cancel(db, task, now=now)
        done.before = {"task": task, "action": found.action, "due_at": found.due_at}
        done.after = {"task": task, "state": "cancelled"}


def blockers(db: Database, entry: str, locale: str, *, now: datetime, site: Site) -> list[Problem]:
    """Return all that still keeps an entry from being published in a locale, without trying."""
    row = entries.find(db, entry)
    if row.archived_at:
        return [Problem("", "archived", {"id": entry})]
    return readiness.reasons(db, entry, locale, now=now, site=site)


def companions(db: Database, entry: str) -> list[str]:
    """Return what an entry shows and was never published, in the order in which to publish it: deepest first.

    What was taken offline or withdrawn on purpose is not among it, nor what a text only links to.
    """
    found: dict[str, None] = {}
    _gather(db, entry, {entry}, found)
    return list(found)


def _gather(db: Database, entry: str, seen: set[str], found: dict[str, None]) -> None:
    content = revisions.latest(db, entry).content
    for field, target in references.targets(types.find(entries.find(db, entry).type), content):
        if field in LEADING or target in seen:
            continue
        seen.add(target)
        if not live.current(db, target) and not entries.find(db, target).archived_at:
            _gather(db, target, seen, found)
            found[target] = None


def _action(db: Database, entry: str, locale: str, verb: str) -> str:
    is_source = entries.find(db, entry).source_locale == locale
    return f"entry.{verb}" if is_source else f"translation.{verb}"


def _standing(editions_found: list[Edition]) -> dict[str, object]:
    return {"locales": [each.locale for each in editions_found], "revision": editions_found[0].revision}
