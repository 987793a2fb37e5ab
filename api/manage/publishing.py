"""Where an entry stands in each language: published, unpublished, withdrawn, scheduled, and what still blocks it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from api.manage.asking import readable, words
from api.manage.bodies import Body, Id, Moment
from api.manage.operations import Answer, Call, Group
from api.wording import say
from cms.content.fields import Choice, Inline, Tag
from cms.content.saving import UPDATE_TYPES
from cms.desk import board, publishing
from cms.people import rights
from cms.publish import live, schedule
from cms.publish.editions import SEVERITIES
from cms.publish.live import Edition
from cms.publish.schedule import ACTIONS, Task

group = Group("publishing", "What readers get: an edition for each language, now or at a moment to come.")

ENTRY = words("entry", "Only tasks of this entry; a key that is limited by type names one.", 60)
PUBLISH = ("entry.publish", "translation.publish")
UNPUBLISH = ("entry.unpublish", "translation.unpublish")


class Publish(Body):
    """How much the change matters, where the revision does not say it."""

    update_type = Choice(*UPDATE_TYPES)


class Withdraw(Body):
    """Why advice is withdrawn, from one language or all, and what to read instead."""

    explanation = Inline(required=True, max_length=2_000)
    locale = Tag(load_default="")
    replacement = Id(load_default="")
    severity = Choice(*SEVERITIES, load_default="editorial")


class Plan(Body):
    """What is to be done, and when."""

    action = Choice(*ACTIONS, required=True)
    due_at = Moment(required=True)


@dataclass(frozen=True)
class LocaleStanding:
    """How an entry stands in one language; counts are of the segments of its newest revision."""

    locale: str
    is_source: bool
    state: str
    revision: int
    slug: str
    published_at: str
    since: str
    stale_since: str
    notice: Mapping[str, Any] | None
    total: int
    current: int
    stale: int
    missing: int
    waiting: int
    critical: int
    in_review: int


@dataclass(frozen=True)
class Ended:
    """The languages in which readers do not get it any more."""

    locales: list[str]


@dataclass(frozen=True)
class Blocker:
    """One thing that still keeps an entry from its readers, in words."""

    pointer: str
    code: str
    detail: str


@group.does("GET", "/entries/<entry>/locales", needs="entry.read", gives=list[LocaleStanding])
def list_locales(call: Call, entry: str) -> Answer:
    """See how an entry stands in each language, its own first."""
    row = readable(call, entry)
    counted = board.row(call.db, entry)
    editions = live.current(call.db, entry)
    locales = sorted(call.site.locales, key=lambda locale: locale != row.source_locale)
    return Answer(
        [
            _standing(locale, locale == row.source_locale, editions.get(locale), counted)
            for locale in locales
            if locale == row.source_locale or rights.may(call.actor, "translation.read", row.type, locale)
        ]
    )


def _standing(locale: str, is_source: bool, edition: Edition | None, row: board.BoardRow | None) -> LocaleStanding:
    total = row.segments if row else 0
    at = row.at(locale) if row and not is_source else board.BoardLocale(locale, "none", total, total, 0, 0, 0, 0)
    counts = ("total", "current", "stale", "missing", "waiting", "critical", "in_review")
    return LocaleStanding(
        locale=locale,
        is_source=is_source,
        state=edition.state if edition else "none",
        revision=edition.revision if edition else 0,
        slug=edition.slug if edition else "",
        published_at=edition.published_at if edition else "",
        since=edition.since if edition else "",
        stale_since=edition.stale_since if edition else "",
        notice=orjson.loads(edition.notice) if edition and edition.notice else None,
        **{name: getattr(at, name) for name in counts},
    )


@group.does("GET", "/entries/<entry>/locales/<locale>/blockers", needs="entry.read", gives=list[Blocker])
def list_blockers(call: Call, entry: str, locale: str) -> Answer:
    """See what still keeps an entry from being published in a language, without trying."""
    readable(call, entry, locale)
    found = publishing.blockers(call.db, entry, locale, now=call.now, site=call.site)
    return Answer([Blocker(each.pointer, each.code, say(each.code, each.values)) for each in found])


@group.does(
    "POST",
    "/entries/<entry>/locales/<locale>/publish",
    needs=PUBLISH,
    gives=Edition,
    body=Publish(),
    conditional=True,
)
def publish_entry(call: Call, entry: str, locale: str) -> Answer:
    """Publish an entry in a language: its newest revision, or its translation of what is live."""
    return Answer(
        publishing.publish(
            call.db,
            call.actor,
            entry,
            locale,
            now=call.now,
            site=call.site,
            update_type=call.given.get("update_type", ""),
            based_on=call.based_on,
        )
    )


@group.does("POST", "/entries/<entry>/locales/<locale>/unpublish", needs=UNPUBLISH, gives=Ended)
def unpublish_entry(call: Call, entry: str, locale: str) -> Answer:
    """Take an entry out of a language; out of all of them where it is the one it is written in."""
    return _ended(publishing.unpublish(call.db, call.actor, entry, locale, now=call.now, site=call.site))


@group.does("POST", "/entries/<entry>/withdraw", needs="entry.withdraw", gives=Ended, body=Withdraw())
def withdraw_entry(call: Call, entry: str) -> Answer:
    """Withdraw advice from one language, or from all; its addresses say why, and where to go instead."""
    return _ended(publishing.withdraw(call.db, call.actor, entry, **call.given, now=call.now, site=call.site))


def _ended(editions: list[Edition]) -> Answer:
    return Answer(Ended([each.locale for each in editions]))


@group.does("GET", "/tasks", needs="entry.read", gives=list[Task], query=(ENTRY,))
def list_tasks(call: Call) -> Answer:
    """List what is still to be done, the soonest first."""
    if call.asked["entry"]:
        readable(call, call.asked["entry"])
    else:
        rights.require(call.actor, "entry.read", "", call.site.source_locale)
    return Answer([task for task in schedule.waiting(call.db) if call.asked["entry"] in ("", task.entry)])


@group.does(
    "POST",
    "/entries/<entry>/locales/<locale>/tasks",
    needs="entry.schedule",
    gives={201: Task},
    body=Plan(),
    once=True,
)
def schedule_entry(call: Call, entry: str, locale: str) -> Answer:
    """Ask for an entry to be published or unpublished at a moment to come."""
    task = publishing.schedule(
        call.db,
        call.actor,
        entry,
        locale,
        call.given["action"],
        call.given["due_at"],
        now=call.now,
        site=call.site,
    )
    return Answer(task, 201)


@group.does("DELETE", "/tasks/<task>", needs="entry.schedule", gives={204: None})
def cancel_task(call: Call, task: str) -> Answer:
    """Cancel a task that still waits."""
    publishing.cancel(call.db, call.actor, task, now=call.now)
    return Answer(None, 204)
