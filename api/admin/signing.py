"""Signing in and out: password, then a second factor where there is one. It knows no passwords; `cms.people` does."""

from datetime import timedelta

from flask import Blueprint, current_app, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from api.admin import forms, session
from api.admin.page import render, say
from api.wording import say_error
from cms.errors import Expired, SignInRefused, Throttled
from cms.people import sessions, signing_in
from cms.people.signing_in import SecondFactor

pages = Blueprint("signing", __name__)
TICKET_LASTS = timedelta(minutes=10)


@pages.route("/sign-in", methods=["GET", "POST"])
@session.open_to_all
def sign_in() -> Response:
    """Ask for e-mail address and password."""
    session.choose_language()
    wanted = session.own_path(request.args.get("next"), url_for("admin.home.show"))
    if request.method != "POST":
        return redirect(wanted, 303) if session.visitor() else _ask()
    try:
        done = signing_in.sign_in(
            session.db(),
            forms.text("email"),
            request.form.get("password", ""),
            address=session.address(),
            agent=session.agent(),
            now=session.now(),
        )
    except SignInRefused as error:
        return _ask(401, say_error(error.code))
    except Throttled as error:
        return _slow_down(_ask(429, too_many(error)), error)
    if isinstance(done, SecondFactor):
        response = redirect(url_for(".second", next=request.args.get("next")), 303)
        session.set_cookie(response, "ticket", done.ticket, TICKET_LASTS)
        return response
    return let_in(done.token, wanted)


@pages.route("/sign-in/second", methods=["GET", "POST"])
@session.open_to_all
def second() -> Response:
    """Ask for the code of the second factor, or a recovery code."""
    session.choose_language()
    ticket = session.cookie("ticket")
    if not ticket:
        return redirect(url_for(".sign_in", next=request.args.get("next")), 303)
    if request.method != "POST":
        return render("admin/second.html", problem="")
    try:
        done = signing_in.second(
            session.db(),
            ticket,
            forms.text("code"),
            address=session.address(),
            agent=session.agent(),
            now=session.now(),
        )
    except SignInRefused:
        return render("admin/second.html", 401, problem=_("This code is not right. Codes change every half minute."))
    except Throttled as error:
        return _slow_down(render("admin/second.html", 429, problem=too_many(error)), error)
    except Expired:
        say(_("That took too long. Please sign in again."), "warn")
        response = redirect(url_for(".sign_in", next=request.args.get("next")), 303)
        session.drop_cookie(response, "ticket")
        return response
    return let_in(done.token, session.own_path(request.args.get("next"), url_for("admin.home.show")))


@pages.post("/sign-out")
def sign_out() -> Response:
    """End this session."""
    sessions.close(session.db(), session.cookie("session"))
    response = redirect(url_for(".sign_in"), 303)
    session.drop_cookie(response, "session")
    return response


def let_in(token: str, wanted: str) -> Response:
    """Give the browser its session and send it on; whatever session it had is over."""
    if before := session.cookie("session"):
        sessions.close(session.db(), before)
    response = redirect(wanted, 303)
    session.set_cookie(response, "session", token)
    for name in ("ticket", "form"):
        session.drop_cookie(response, name)
    return response


def too_many(error: Throttled) -> str:
    """Return that there were too many attempts, and how long to wait."""
    minutes = max(1, round(error.retry_after / 60))
    return str(
        ngettext(
            "There were too many attempts. Wait a minute and try again.",
            "There were too many attempts. Wait %(num)d minutes and try again.",
            minutes,
        )
    )


def _ask(status: int = 200, problem: str = "") -> Response:
    return render(
        "admin/sign_in.html", status, problem=problem, email=forms.text("email"), sso=current_app.config["SSO"]
    )


def _slow_down(response: Response, error: Throttled) -> Response:
    response.headers["Retry-After"] = str(error.retry_after)
    return response
