"""Have a machine translate what is missing: what it would cost first, then what it gave. It knows no service."""

from flask import Blueprint, Response, current_app, redirect, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as AnyResponse

from api.admin import page, session
from api.admin.session import needs
from api.admin.translating import look, may
from api.machine import translator
from api.machine_settings import Machine
from api.settings import Settings
from api.wording import say_error
from cms.desk import translating
from cms.errors import MachineError, NotFound
from cms.localize.machine import Cost
from cms.people import rights

pages = Blueprint("machine_pages", __name__, url_prefix="/entries/<entry>/translate/<locale>/machine")


@pages.get("")
@needs("translation.machine")
def show(entry: str, locale: str) -> Response:
    """Show what a machine would be asked for, and what that costs."""
    _refuse_without_machine()
    found = look(entry, locale)
    rights.require(session.actor(), "translation.machine", found.type, locale)
    plan = translating.plan(session.db(), session.actor(), entry, locale)
    cost, failure = Cost(plan.characters), ""
    try:
        with translator(_settings()) as machine:
            cost = machine.estimate(plan.characters)
    except MachineError as error:
        failure = say_error(error.code)
    page.section("translations")
    return page.render(
        "admin/translating/machine.html", found=found, plan=plan, cost=cost, failure=failure, service=machine_name()
    )


@pages.post("")
@needs("translation.machine")
def ask(entry: str, locale: str) -> AnyResponse:
    """Ask the machine, and go back to what it gave."""
    _refuse_without_machine()
    found = look(entry, locale)
    only = request.form.get("only", "")
    with translator(_settings()) as machine:
        done = translating.machine(
            session.db(), session.actor(), entry, locale, translator=machine, now=session.now(), only=only
        )
    kept = sum(result.outcome in ("saved", "suggested", "failing") for result in done.results)
    if kept or not done.failure:
        page.say(ngettext("%(num)d text came from the machine.", "%(num)d texts came from the machine.", kept))
    if done.failure:
        page.say(say_error(done.failure.code), "bad")
    elif may("translation.approve", found):
        page.say(gettext("Look at each before you approve it."), "info")
    return redirect(url_for("admin.translating.show", entry=entry, locale=locale, show="unfinished"), 303)


def machine_name() -> str:
    """Return which machine is set up; empty where none is."""
    machine: Machine = _settings().machine
    return machine.name


def _settings() -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found


def _refuse_without_machine() -> None:
    if not machine_name():
        raise NotFound("machine", "")
