"""The first page after signing in: what this person may do something about now, the dangerous first."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

from api.admin import addresses, session
from api.admin.page import render
from api.public.answers import site
from cms.content import types
from cms.desk.piles import Item, Pile
from cms.desk.todo import Todo, todo

pages = Blueprint("home", __name__)
SHOWN = 4  # entries of a pile


@dataclass(frozen=True)
class Part:
    """A pile as it is shown: its title, what it means, its tone, and where all of it is found."""

    name: str
    title: str
    meaning: str
    tone: str
    icon: str
    pile: Pile
    more: str

    @property
    def lines(self) -> list[list[Item]]:
        """Return its items, those of one entry together; a recall or a webhook has a line of its own."""
        found: dict[str, list[Item]] = {}
        for item in self.pile.items:
            found.setdefault(item.id or item.entry, []).append(item)
        return list(found.values())

    @property
    def shown(self) -> int:
        """Return how many items the first lines tell of."""
        return sum(map(len, self.lines[:SHOWN]))


@pages.get("/")
def show() -> Response:
    """Show what there is to do."""
    found = todo(session.db(), session.actor(), site=site(), now=session.now())
    waiting = [part for part in _parts(found) if part.pile.total]
    return render("admin/home.html", parts_to_do=waiting, recent=found.recent.items, show_first=SHOWN, goal=_goal)


def _parts(found: Todo) -> Iterator[Part]:
    first = next(types.every()).plural
    yield Part(
        "recalls_overdue",
        _("Recalls overdue"),
        _("Partners that should have acknowledged by now that they have taken it down."),
        "bad",
        "warn",
        found.recalls_overdue,
        url_for("admin.recalls.show"),
    )
    yield Part(
        "critical",
        _("Critical advice behind"),
        _("Readers in this language do not get the newest safety advice in their own words."),
        "bad",
        "warn",
        found.critical,
        addresses.TRANSLATIONS,
    )
    yield Part(
        "webhooks_disabled",
        _("Webhooks disabled"),
        _("Partners that hear of nothing any more, because they could not be reached."),
        "bad",
        "stop",
        found.webhooks_disabled,
        url_for("admin.partners.show"),
    )
    yield Part(
        "failed",
        _("Failed tasks"),
        _("Something that was scheduled could not be done."),
        "bad",
        "stop",
        found.failed,
        "",
    )
    yield Part(
        "recalls_waiting",
        _("Recalls under way"),
        _("Partners that have not acknowledged yet that they have taken it down."),
        "warn",
        "clock",
        found.recalls_waiting,
        url_for("admin.recalls.show"),
    )
    yield Part(
        "webhooks_failing",
        _("Messages that do not arrive"),
        _("Partners whose webhooks take no message now; it is tried again for days."),
        "warn",
        "mail",
        found.webhooks_failing,
        url_for("admin.partners.show"),
    )
    yield Part(
        "overdue",
        _("Reviews overdue"),
        _("The day of the next medical review has passed."),
        "bad",
        "calendar",
        found.overdue,
        addresses.table(first, sort="review_due"),
    )
    yield Part(
        "waiting",
        _("To be approved"),
        _("Translations that wait for a reviewer."),
        "info",
        "eye",
        found.waiting,
        addresses.TRANSLATIONS,
    )
    yield Part(
        "ready",
        _("To be published"),
        _("Wholly translated and approved; readers do not have it yet."),
        "info",
        "check",
        found.ready,
        "",
    )
    yield Part(
        "stale",
        _("Outdated translations"),
        _("The source has changed since these were translated."),
        "warn",
        "clock",
        found.stale,
        addresses.TRANSLATIONS,
    )
    yield Part(
        "missing",
        _("Not translated yet"),
        _("Published in the source language, and not or not wholly in these."),
        "warn",
        "gap",
        found.missing,
        addresses.TRANSLATIONS,
    )
    yield Part(
        "due",
        _("Reviews due soon"),
        _("Within thirty days."),
        "warn",
        "calendar",
        found.due,
        addresses.table(first, sort="review_due"),
    )
    yield Part(
        "lingering",
        _("Put away, and still found"),
        _("Nothing shows it any more: take it out of sight, or withdraw it."),
        "info",
        "archive",
        found.lingering,
        "",
    )
    yield Part("scheduled", _("Scheduled"), _("What will happen by itself."), "info", "clock", found.scheduled, "")


def _goal(part: Part, item: Item) -> str:
    """Return the page on which something can be done about an item."""
    if item.locale and part.name in ("critical", "waiting", "stale", "missing"):
        return addresses.translation(item.entry, item.locale)
    if part.name in ("ready", "lingering"):
        return f"{addresses.entry(item.entry)}/publish"
    if part.name.startswith("recalls_"):
        return url_for("admin.recalls.one", recall=item.id)
    if part.name.startswith("webhooks_"):
        return url_for("admin.webhooks.one", webhook=item.id)
    return addresses.entry(item.entry)
