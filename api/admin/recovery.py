"""Setting a password by a link that works once: asked for by mail, or handed over by an administrator."""

from flask import Blueprint, current_app, redirect, request, url_for
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from api import languages, mail
from api.admin import forms, session
from api.admin.page import render, say
from api.public.answers import site
from cms.errors import Expired, Invalid
from cms.people import one_time, passwords, throttle, users
from cms.people.one_time import Purpose
from cms.people.throttle import Limit
from cms.people.users import User

pages = Blueprint("recovery", __name__)
PURPOSES: tuple[Purpose, ...] = ("invite", "reset")
HOURS = 2


@pages.route("/forgot", methods=["GET", "POST"])
@session.open_to_all
def forgot() -> Response:
    """Mail a link to whoever forgot a password; the answer is the same whether or not there is such a person."""
    session.choose_language()
    settings = current_app.config["MAIL"]
    if request.method != "POST":
        return render("admin/forgot.html", sends=mail.can_send(settings), sent=False)
    if not mail.can_send(settings):
        raise NotFound
    place = throttle.place(session.address())
    email = forms.text("email")
    account = users.email_key(email) or email
    throttle.enter(session.db(), [Limit(f"forgot {place}", 20), Limit(f"forgot {account}", 5)], session.now())
    user = users.by_email(session.db(), email)
    if user and user.state == "active":
        token = one_time.make(session.db(), user.id, "reset", now=session.now(), hours=HOURS)
        mail_link(user, token, HOURS)
    return render("admin/forgot.html", sends=True, sent=True)


@pages.route("/link/<token>", methods=["GET", "POST"])
@session.open_to_all
def link(token: str) -> Response:
    """Let the holder of a link choose a password."""
    session.choose_language()
    purpose, user = _holder(token)
    if request.method != "POST":
        return render("admin/link.html", user=user, problems={}, welcome=purpose == "invite")
    problems = {}
    if request.form.get("password") != request.form.get("again"):
        problems["again"] = _("These two are not the same.")
    else:
        try:
            passwords.redeem(
                session.db(),
                token,
                purpose,
                request.form.get("password", ""),
                address=session.address(),
                now=session.now(),
            )
        except Invalid as error:
            problems = forms.faults(error)
    if problems:
        return render("admin/link.html", 422, user=user, problems=problems, welcome=purpose == "invite")
    say(_("Your password is set. Sign in with it."))
    response = redirect(url_for("admin.signing.sign_in"), 303)
    session.drop_cookie(response, "session")
    return response


def address_of(token: str) -> str:
    """Return the address at which the holder of a one-time token sets a password."""
    return site().url + url_for("admin.recovery.link", token=token)


def mail_link(user: User, token: str, hours: int) -> None:
    """Mail a user the link to set a password, in the user's language."""
    with force_locale(user.language if user.language in languages.SPOKEN else languages.choose()):
        subject = _("Set your password for %(name)s", name=site().name)
        text = ngettext(
            "Hello %(name)s,\n\nWith this link you set your password for %(site)s. It works once, and for"
            " %(num)d hour:\n\n%(address)s\n\nIf you did not ask for it you need do nothing.\n",
            "Hello %(name)s,\n\nWith this link you set your password for %(site)s. It works once, and for"
            " %(num)d hours:\n\n%(address)s\n\nIf you did not ask for it you need do nothing.\n",
            hours,
            name=user.name,
            site=site().name,
            address=address_of(token),
        )
    mail.send_soon(current_app.config["MAIL"], user.email, subject, text)


def _holder(token: str) -> tuple[Purpose, User]:
    for purpose in PURPOSES:
        try:
            return purpose, one_time.look(session.db(), token, purpose, session.now())
        except Expired:
            continue
    raise Expired
