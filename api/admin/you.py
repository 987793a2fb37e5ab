"""Your own profile: name, language, colours, password, second factor and sessions. The rules are in `cms.people`."""

from collections.abc import Mapping

import segno
from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import refresh
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from api import languages
from api.admin import forms, session
from api.admin.page import render, say
from api.public.answers import site
from cms.errors import Invalid
from cms.people import own, passkeys, recovery, sessions, tokens, totp

pages = Blueprint("you", __name__, url_prefix="/you")


@pages.route("", methods=["GET", "POST"])
def show() -> Response:
    """Show the profile, and change what is seen of it on every page."""
    if request.method != "POST":
        return _page()
    language = forms.text("language") if forms.text("language") in ("", *languages.SPOKEN) else ""
    try:
        own.change(session.db(), session.actor(), name=forms.text("name"), language=language, now=session.now())
    except Invalid as error:
        return _page(forms.faults(error))
    session.speak(language)
    refresh()
    say(_("Saved."))
    response = redirect(url_for(".show"), 303)
    chosen = forms.text("theme")
    session.set_cookie(response, "theme", chosen if chosen in session.THEMES else session.THEMES[0], session.YEAR)
    return response


@pages.post("/password")
def password() -> Response:
    """Set another password; all other sessions end."""
    if request.form.get("password") != request.form.get("again"):
        return _page({"again": _("These two are not the same.")})
    try:
        own.set_password(
            session.db(),
            session.actor(),
            request.form.get("password_now", ""),
            request.form.get("password", ""),
            keep=session.session().id,
            now=session.now(),
        )
    except Invalid as error:
        return _page(forms.faults(error))
    say(_("Your password is changed; you are signed out everywhere else."))
    return _rotated(redirect(url_for(".show"), 303))


@pages.route("/authenticator", methods=["GET", "POST"])
def authenticator() -> Response:
    """Offer a secret to an authenticator, and turn it on once it gives a right code."""
    if session.session().user.has_totp:
        return redirect(url_for(".show"), 303)
    if request.method != "POST":
        return _offer({})
    try:
        codes = own.confirm_totp(session.db(), session.actor(), forms.text("code"), now=session.now())
    except Invalid as error:
        return _offer(forms.faults(error))
    return _rotated(render("admin/codes.html", codes=codes, is_new=True))


@pages.post("/authenticator/begin")
def begin_authenticator() -> Response:
    """Ask for the password before a second factor is offered."""
    if refused := _refused():
        return refused
    totp.offer(session.db(), session.actor().id, issuer=site().name)
    return redirect(url_for(".authenticator"), 303)


@pages.post("/authenticator/off")
def authenticator_off() -> Response:
    """Turn the authenticator off."""
    if refused := _refused():
        return refused
    own.remove_totp(session.db(), session.actor(), now=session.now())
    say(_("Codes are no longer asked for when you sign in."))
    return redirect(url_for(".show"), 303)


@pages.post("/codes")
def codes() -> Response:
    """Make new recovery codes in place of the old, and show them this once."""
    if refused := _refused():
        return refused
    made = own.new_recovery_codes(session.db(), session.actor(), now=session.now())
    return render("admin/codes.html", codes=made, is_new=False)


@pages.post("/sessions/end")
def end_sessions() -> Response:
    """Sign out everywhere else."""
    ended = own.sign_out_everywhere(session.db(), session.actor(), but=session.session().id, now=session.now())
    say(_("You are signed out everywhere else.") if ended else _("You were signed in nowhere else."))
    return redirect(url_for(".show"), 303)


@pages.post("/sessions/<id>/end")
def end_session(id: str) -> Response:
    """Sign out one other device."""
    if not sessions.close_one(session.db(), session.actor().id, id):
        raise NotFound
    say(_("That device is signed out."))
    return redirect(url_for(".show"), 303)


def _page(problems: Mapping[str, str] | None = None) -> Response:
    here, db = session.session(), session.db()
    return render(
        "admin/you.html",
        422 if problems else 200,
        user=here.user,
        problems=problems or {},
        given=request.form,
        passkeys=passkeys.of(db, here.user.id),
        codes_left=recovery.left(db, here.user.id),
        sessions=sessions.of(db, here.user.id, session.now()),
        here=here.id,
    )


def _offer(problems: Mapping[str, str]) -> Response:
    offer = totp.offered(session.db(), session.actor().id, issuer=site().name)
    if offer is None:
        return redirect(url_for(".show"), 303)
    spaced = tokens.grouped(offer.secret, " ")
    picture = segno.make(offer.uri, error="m").svg_data_uri(scale=5, border=3, dark="#000", light="#fff")
    return render(
        "admin/authenticator.html", 422 if problems else 200, secret=spaced, picture=picture, problems=problems
    )


def _rotated(response: Response) -> Response:
    """Give the session another token, as more is trusted to it than to the one of before."""
    fresh = sessions.rotate(session.db(), session.cookie("session"), session.now())
    if fresh:
        session.set_cookie(response, "session", fresh)
    return response


def _refused() -> Response | None:
    """Return the page again where the password that came with the form is not right, None where it is."""
    try:
        own.confirm_password(session.db(), session.actor(), request.form.get("password_now", ""), now=session.now())
    except Invalid as error:
        return _page({"totp_password": forms.said(error)[0]})
    return None
