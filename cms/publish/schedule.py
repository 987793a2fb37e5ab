"""Publish and unpublish later: ask, cancel, and carry out what has fallen due."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cms.content import entries
from cms.content.identity import new_id, stamp
from cms.errors import NotFound, Problem, Refused, TolkError
from cms.publish import editions, events
from cms.site import Site
from cms.store import Database, write

ACTIONS: Mapping[str, Callable[..., Any]] = {"publish": editions.publish, "unpublish": editions.unpublish}


@dataclass(frozen=True)
class Task:
    """Something to be done at `due_at`; `state` is waiting, done, failed or cancelled, `outcome` an error code."""

    id: str
    entry: str
    locale: str
    action: str
    due_at: str
    state: str
    asked_by: str
    asked_at: str
    settled_at: str
    outcome: str


def ask(
    db: Database, entry: str, locale: str, action: str, due: datetime, *, by: str, now: datetime, site: Site
) -> Task:
    """Ask for an action at a moment to come. Raises Refused where the locale, the action or the moment cannot be."""
    problems = []
    if locale not in site.locales:
        problems.append(Problem("/locale", "unknown_locale", {"locale": locale, "known": list(site.locales)}))
    if action not in ACTIONS:
        problems.append(Problem("/action", "not_a_choice", {"value": action, "choices": list(ACTIONS)}))
    if due <= now:
        problems.append(Problem("/due_at", "not_in_future", {"value": stamp(due)}))
    if problems:
        raise Refused(problems)
    with write(db):
        entries.find(db, entry)
        task = Task(new_id(), entry, locale, action, stamp(due), "waiting", by, stamp(now), "", "")
        db.table("schedule").insert(vars(task))
        return task


def cancel(db: Database, task: str, *, now: datetime) -> None:
    """Cancel a task that still waits. Raises NotFound, Refused where it is settled already."""
    with write(db):
        if find(db, task).state != "waiting":
            raise Refused([Problem("", "already_settled", {"id": task})])
        db.table("schedule").update(task, {"state": "cancelled", "settled_at": stamp(now)})


def find(db: Database, task: str) -> Task:
    """Return a task; NotFound where there is none."""
    for row in db.query("select * from schedule where id = ?", [task]):
        return Task(**row)
    raise NotFound("task", task)


def waiting(db: Database) -> list[Task]:
    """Return what is still to be done, soonest first."""
    rows = db.query("select * from schedule where state = 'waiting' order by due_at, id")
    return [Task(**row) for row in rows]


def run_due(db: Database, site: Site, now: datetime) -> list[Task]:
    """Carry out what has fallen due, in order, each in its own write; a refusal is kept with the task and told.

    What waits to be rendered after that is the caller's to `refresh.drain`.
    """
    rows = db.query("select id from schedule where state = 'waiting' and due_at <= ? order by due_at, id", [stamp(now)])
    return [task for row in rows if (task := _run(db, site, row["id"], now))]


def _run(db: Database, site: Site, task_id: str, now: datetime) -> Task | None:
    with write(db):
        task = find(db, task_id)
        if task.state != "waiting":  # Another worker was first.
            return None
        state, outcome = "done", ""
        try:
            with write(db):
                ACTIONS[task.action](db, task.entry, task.locale, by=task.asked_by, now=now, site=site)
        except TolkError as error:
            state, outcome = "failed", error.code
            facts = {"action": task.action, "due_at": task.due_at, "code": error.code, "said": str(error)}
            events.append(db, "schedule.failed", task.entry, task.locale, facts, now)
        settled = {"state": state, "settled_at": stamp(now), "outcome": outcome}
        db.table("schedule").update(task.id, settled)
    return find(db, task_id)
