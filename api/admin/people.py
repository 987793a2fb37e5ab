"""People: who may sign in, in which roles; inviting them and helping them back in. The rules are in `cms.people`."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, current_app, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from api import mail
from api.admin import forms, recovery, session
from api.admin.page import render, say
from api.admin.paging import pages as paging
from api.public.answers import site
from cms.errors import Invalid, Refused
from cms.people import managing, passkeys, sessions, users
from cms.people.rights import ROLES
from cms.people.users import User

pages = Blueprint("people", __name__, url_prefix="/people")
RESET_HOURS = 24
SIZE = 50


@pages.get("")
@session.needs("people.manage")
def show() -> Response:
    """List everybody."""
    sought = request.args.get("search", "").casefold()
    found = [user for user in users.every(session.db()) if sought in f"{user.name} {user.email}".casefold()]
    page = forms.page_number()
    return render(
        "admin/people.html",
        people=found[(page - 1) * SIZE : page * SIZE],
        pages=paging(page, SIZE, len(found)),
        search=request.args.get("search", ""),
    )


@pages.route("/new", methods=["GET", "POST"])
@session.needs("people.manage")
def new() -> Response:
    """Add somebody, and give them the link to set a password."""
    if request.method != "POST":
        return _form(None, {"roles": ["editor"], "locales": []})
    given = _given()
    try:
        user, token = managing.add_user(session.db(), session.actor(), **given, now=session.now())
    except Invalid as error:
        return _form(None, given, forms.faults(error))
    return _hand_over(user, token, managing.INVITE_HOURS)


@pages.route("/<id>", methods=["GET", "POST"])
@session.needs("people.manage")
def one(id: str) -> Response:
    """Change somebody's name, roles and languages."""
    user = users.find(session.db(), id)
    if request.method != "POST":
        return _form(user, vars(user))
    given = _given()
    try:
        managing.change_user(session.db(), session.actor(), id, **given, now=session.now())
    except (Invalid, Refused) as error:
        return _form(user, given, forms.faults(error))
    say(_("Saved."))
    return redirect(url_for(".show"), 303)


@pages.post("/<id>/state")
@session.needs("people.manage")
def state(id: str) -> Response:
    """Disable somebody, or let them in again."""
    wanted = forms.text("state")
    try:
        user = managing.change_user(session.db(), session.actor(), id, state=wanted, now=session.now())
    except (Invalid, Refused) as error:
        user = users.find(session.db(), id)
        return _form(user, vars(user), {"": " ".join(forms.faults(error).values())})
    if user.state == "disabled":
        say(_("%(name)s cannot sign in any more; all sessions and keys have ended.", name=user.name))
    else:
        say(_("%(name)s can sign in again.", name=user.name))
    return redirect(url_for(".one", id=id), 303)


@pages.post("/<id>/link")
@session.needs("people.manage")
def link(id: str) -> Response:
    """Make a link with which somebody sets another password."""
    token = managing.reset_password(session.db(), session.actor(), id, now=session.now())
    return _hand_over(users.find(session.db(), id), token, RESET_HOURS)


@pages.post("/<id>/second-factor")
@session.needs("people.manage")
def second_factor(id: str) -> Response:
    """Take away the second factor of somebody who lost it."""
    managing.reset_second_factor(session.db(), session.actor(), id, now=session.now())
    say(_("The authenticator, recovery codes and passkeys are gone, and all sessions have ended."))
    return redirect(url_for(".one", id=id), 303)


def _given() -> dict[str, Any]:
    return {
        "name": forms.text("name"),
        "email": forms.text("email"),
        "roles": forms.several("roles"),
        "locales": forms.several("locales"),
        "language": forms.text("language"),
    }


def _form(user: User | None, given: Mapping[str, Any], problems: Mapping[str, str] | None = None) -> Response:
    known = session.db()
    targets = site().targets
    return render(
        "admin/person.html",
        422 if problems else 200,
        user=user,
        given=given,
        problems=problems or {},
        roles=ROLES,
        # What somebody has stays, also where the installation has given that language up.
        locales=[*targets, *(locale for locale in given["locales"] if locale not in targets)],
        passkeys=passkeys.of(known, user.id) if user else [],
        sessions=sessions.of(known, user.id, session.now()) if user else [],
    )


def _hand_over(user: User, token: str, hours: int) -> Response:
    """Mail somebody their link, or show it to whoever is to hand it over: this once."""
    if mail.can_send(current_app.config["MAIL"]):
        recovery.mail_link(user, token, hours)
        say(_("A link to set a password has been mailed to %(email)s.", email=user.email))
        return redirect(url_for(".one", id=user.id), 303)
    return render("admin/handed.html", user=user, address=recovery.address_of(token), hours=hours)
