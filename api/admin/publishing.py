"""Where an entry stands in each language, what still keeps it back, and the buttons that publish, end and schedule."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from api.admin import addresses, forms, holders, moments, session, writing_page
from api.admin.editing import choosing, keeping, problems, tree
from api.admin.editing.keeping import Writing
from api.admin.editing.problems import Fault
from api.admin.page import language_name, render, say, section
from api.public.answers import site
from cms.content import entries
from cms.content.identity import stamp
from cms.desk import board, publishing
from cms.errors import Invalid, NotFound, Problem, Refused, SlugTaken
from cms.partners import recalls
from cms.publish import live, schedule
from cms.publish.live import Edition, Withdrawal
from cms.publish.schedule import Task

pages = Blueprint("publishing", __name__)

SHOWN = 8


@dataclass(frozen=True)
class Standing:
    """How an entry stands in one language, and what can be done there."""

    locale: str
    is_source: bool
    edition: Edition | None
    state: str
    faults: Sequence[Fault]
    more: int
    tasks: Sequence[Task]
    translated: tuple[int, int]
    may: frozenset[str]
    withdrawal: Withdrawal | None

    @property
    def is_begun(self) -> bool:
        """Tell whether there is anything in this language yet."""
        return self.is_source or self.edition is not None or self.translated[0] > 0


@pages.get("/entries/<entry>/publish")
@session.needs("entry.read")
def show(entry: str) -> Response:
    """Show all languages, the source first."""
    return _page(keeping.saved(session.db(), entry))


@pages.post("/entries/<entry>/publish")
@session.needs("entry.read")
def act(entry: str) -> AnyResponse:
    """Do what a button asks in one language."""
    stands = keeping.saved(session.db(), entry)
    locale, verb = forms.text("locale"), forms.text("do")
    if verb not in _DONE or (locale not in site().locales and verb != "cancel"):
        raise NotFound("action", verb)
    try:
        _DONE[verb](stands, locale)
    except SlugTaken as error:
        return _page(stands, locale, problems.of(error), 409)
    except (Refused, Invalid) as error:
        return _page(stands, locale, problems.of(error), 422)
    return redirect(f"{addresses.entry(entry)}/publish", 303)


@pages.get("/entries/<entry>/withdraw")
@session.needs("entry.withdraw")
def ask_withdraw(entry: str) -> Response:
    """Ask why advice is withdrawn, and where readers should go instead."""
    return _withdrawal(keeping.saved(session.db(), entry), {})


@pages.post("/entries/<entry>/withdraw")
@session.needs("entry.withdraw")
def withdraw(entry: str) -> AnyResponse:
    """Withdraw it from one language, or from all."""
    stands = keeping.saved(session.db(), entry)
    if forms.text("do").startswith("find "):
        return _withdrawal(stands, {})
    replacement = forms.text("/replacement")
    try:
        publishing.withdraw(
            session.db(),
            session.actor(),
            entry,
            explanation=forms.text("explanation"),
            now=session.now(),
            site=site(),
            locale=forms.text("locale"),
            replacement=replacement,
            severity=forms.text("severity"),
        )
    except (Refused, Invalid) as error:
        return _withdrawal(stands, forms.faults(error), 422)
    say(_("Withdrawn. Its address says why, and where to go instead."))
    if forms.text("severity") == "safety":
        recalls.follow(session.db(), session.now())
        if any(not each.drill for each in recalls.every(session.db(), entry=entry, open_only=True)):
            say(_("Partners are called to take it down."), "info")
    return redirect(f"{addresses.entry(entry)}/publish", 303)


def _publish(stands: Writing, locale: str) -> None:
    made = publishing.publish(session.db(), session.actor(), stands.entry, locale, now=session.now(), site=site())
    say(_("Published: readers see revision %(number)s.", number=made.revision))


def _unpublish(stands: Writing, locale: str) -> None:
    ended = publishing.unpublish(session.db(), session.actor(), stands.entry, locale, now=session.now(), site=site())
    names = _(", ").join(language_name(each.locale) for each in ended)
    say(_("No longer published in: %(names)s.", names=names))


def _schedule(stands: Writing, locale: str) -> None:
    try:
        due = moments.from_input(forms.text("due"))
    except ValueError:
        raise Invalid([Problem("/due_at", "not_a_moment", {"value": forms.text("due")})]) from None
    db, actor, action = session.db(), session.actor(), forms.text("action")
    publishing.schedule(db, actor, stands.entry, locale, action, due, now=session.now(), site=site())
    say(_("It is scheduled."))


def _cancel(stands: Writing, locale: str) -> None:
    publishing.cancel(session.db(), session.actor(), forms.text("task"), now=session.now())
    say(_("It will not be done."), "info")


def _together(stands: Writing, locale: str) -> None:
    """Publish first what readers will see with it, then the entry itself; stop at what cannot be published."""
    db, actor = session.db(), session.actor()
    for entry in (*publishing.companions(db, stands.entry), stands.entry):
        try:
            publishing.publish(db, actor, entry, locale, now=session.now(), site=site())
        except (Refused, SlugTaken) as error:
            if entry == stands.entry:
                raise
            for problem in problems.of(error):
                say(_("%(title)s: %(problem)s", title=choosing.title(entry), problem=problems.worded(problem)), "bad")
            return
        say(_("Published: %(title)s.", title=choosing.title(entry)))


_DONE: dict[str, Callable[[Writing, str], None]] = {
    "publish": _publish,
    "together": _together,
    "unpublish": _unpublish,
    "schedule": _schedule,
    "cancel": _cancel,
}


def _page(stands: Writing, locale: str = "", found: Sequence[Problem] = (), status: int = 200) -> Response:
    section(stands.kind.plural)
    nodes = tree.draw(stands.kind.schema, stands.content, stands.kind.name)
    standings = list(_standings(stands, nodes))
    refused = problems.placed(found, nodes) if locale == stands.locale else _in_words(found)
    return render(
        "admin/editing/publish.html",
        status,
        writing=stands,
        title_of=choosing.title,
        begun=[each for each in standings if each.is_begun],
        others=[each for each in standings if not each.is_begun],
        refused=refused,
        refused_in=locale,
        companions=_companions(stands),
        soon=moments.moment_input(_soon()),
        of=stands.locale,
        may_withdraw=session.may("entry.withdraw", stands.kind.name, stands.locale),
        holders=holders.of_entry(stands.entry),
        recalls=recalls.every(session.db(), entry=stands.entry, open_only=True),
        may_recall=session.may("recall.manage"),
    )


def _standings(stands: Writing, nodes: list[tree.Node]) -> Iterator[Standing]:
    db = session.db()
    standing = live.current(db, stands.entry)
    row = board.row(db, stands.entry)
    waiting = [task for task in schedule.waiting(db) if task.entry == stands.entry]
    for locale in sorted(site().locales, key=lambda tag: tag != stands.locale):
        is_source = locale == stands.locale
        counted = row.at(locale) if row and not is_source else None
        translated = (counted.current, counted.total) if counted else (0, 0)
        edition = standing.get(locale)
        begun = is_source or edition is not None or translated[0] > 0
        found = publishing.blockers(db, stands.entry, locale, now=session.now(), site=site()) if begun else []
        faults = problems.placed(found, nodes) if is_source else _in_words(found)
        yield Standing(
            locale,
            is_source,
            edition,
            _state(stands, edition, is_source),
            faults[:SHOWN],
            max(0, len(faults) - SHOWN),
            [task for task in waiting if task.locale == locale],
            translated,
            frozenset(_may(stands, locale, is_source)),
            live.withdrawn_at(db, stands.entry, locale, edition.since) if edition else None,
        )


def _companions(stands: Writing) -> list[tuple[str, str]]:
    """Return (id, title) of what readers will see with it and cannot yet, where the reader may publish that too."""
    found = publishing.companions(session.db(), stands.entry)
    kinds = entries.types_of(session.db(), found)
    may_all = all(session.may("entry.publish", kind, stands.locale) for kind in kinds.values())
    return [(entry, choosing.title(entry)) for entry in found] if may_all else []


def _state(stands: Writing, edition: Edition | None, is_source: bool) -> str:
    if edition is None:
        return "draft"
    if edition.state == "published" and is_source and edition.revision < stands.latest:
        return "changed"
    return edition.state


def _may(stands: Writing, locale: str, is_source: bool) -> Iterator[str]:
    of = "entry" if is_source else "translation"
    actions = {
        "publish": f"{of}.publish",
        "unpublish": f"{of}.unpublish",
        "schedule": "entry.schedule",
        "withdraw": "entry.withdraw",
    }
    return (verb for verb, action in actions.items() if session.may(action, stands.kind.name, locale))


def _in_words(found: Sequence[Problem]) -> list[Fault]:
    """Return problems by what they say, each once: a hundred texts that are missing are one thing to know."""
    counted: dict[str, int] = {}
    for problem in found:
        said = problems.worded(problem)
        counted[said] = counted.get(said, 0) + 1
    return [Fault(name="", where=str(count) if count > 1 else "", said=said) for said, count in counted.items()]


def _soon() -> str:
    return stamp(session.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=1))


def _withdrawal(stands: Writing, faults: dict[str, str], status: int = 200) -> Response:
    section(stands.kind.plural)
    standing = [each for each in live.current(session.db(), stands.entry).values() if each.state == "published"]
    replacement = tree.Node("ref", "/replacement", target=stands.kind.name, value=forms.text("/replacement"))
    return render(
        "admin/editing/withdraw.html",
        status,
        writing=stands,
        standing=standing,
        places=[
            ("", _("In all languages")),
            *((each.locale, language_name(each.locale)) for each in standing if each.locale != stands.locale),
        ],
        problems=faults,
        given=request.form,
        replacement=replacement,
        of=stands.locale,
        holders=holders.of_entry(stands.entry),
        **writing_page.forms({}),
    )
