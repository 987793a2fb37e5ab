"""Passkeys in the browser: adding one to your profile, and signing in by one. `cms.people` verifies what they say.

They need scripts (WebAuthn has no other way); whoever has none signs in by password.
"""

from typing import Any

import orjson
from flask import Blueprint, redirect, request, url_for
from flask import Response as JsonResponse
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from api.admin import forms, session, signing
from api.admin.page import say
from api.public.answers import site
from api.wording import say_error
from cms.errors import Expired, Invalid, SignInRefused, Throttled
from cms.people import own, passkeys, signing_in

pages = Blueprint("passkeys", __name__)


@pages.post("/sign-in/passkey/options")
@session.open_to_all
def sign_in_options() -> JsonResponse:
    """Answer with what the browser is to ask its passkeys."""
    try:
        options = passkeys.sign_in_options(
            session.db(), rp_id=session.rp_id(), address=session.address(), now=session.now()
        )
    except Throttled as error:
        return _refused(429, signing.too_many(error))
    return _json(200, {"options": options})


@pages.post("/sign-in/passkey")
@session.open_to_all
def sign_in() -> Response:
    """Sign in by what a passkey answered."""
    try:
        done = signing_in.by_passkey(
            session.db(),
            _answer(),
            rp_id=session.rp_id(),
            origin=session.origin(),
            address=session.address(),
            agent=session.agent(),
            now=session.now(),
        )
    except SignInRefused as error:
        return _refused(401, say_error(error.code))
    wanted = session.own_path(request.args.get("next"), url_for("admin.home.show"))
    sent = signing.let_in(done.token, wanted)
    response = _json(200, {"go": wanted})
    for cookie in sent.headers.getlist("Set-Cookie"):
        response.headers.add("Set-Cookie", cookie)
    return response


@pages.post("/you/passkeys/options")
def options() -> JsonResponse:
    """Answer with what the browser is to make a passkey of, once the password is given again."""
    try:
        own.confirm_password(session.db(), session.actor(), request.form.get("password_now", ""), now=session.now())
    except Invalid as error:
        return _refused(422, forms.said(error)[0])
    except Throttled as error:
        return _refused(429, signing.too_many(error))
    made = passkeys.adding_options(
        session.db(), session.actor().id, rp_id=session.rp_id(), rp_name=site().name, now=session.now()
    )
    return _json(200, {"options": made})


@pages.post("/you/passkeys")
def add() -> JsonResponse:
    """Add the passkey that the browser made."""
    try:
        own.add_passkey(
            session.db(),
            session.actor(),
            _answer(),
            name=forms.text("name") or _("Passkey"),
            rp_id=session.rp_id(),
            origin=session.origin(),
            now=session.now(),
        )
    except Invalid as error:
        return _refused(422, forms.said(error)[0])
    except Expired:
        return _refused(410, _("That took too long. Please try again."))
    say(_("The passkey has been added. You can sign in with it from now on."))
    return _json(200, {"go": url_for("admin.you.show")})


@pages.post("/you/passkeys/<id>/remove")
def remove(id: str) -> Response:
    """Remove a passkey."""
    own.remove_passkey(session.db(), session.actor(), id, now=session.now())
    say(_("The passkey has been removed."))
    return redirect(url_for("admin.you.show"), 303)


def _answer() -> Any:
    try:
        return orjson.loads(request.form.get("answer", ""))
    except orjson.JSONDecodeError:
        return {}


def _refused(status: int, said: str) -> JsonResponse:
    return _json(status, {"said": said})


def _json(status: int, body: dict[str, Any]) -> JsonResponse:
    return JsonResponse(orjson.dumps(body), status, content_type="application/json")
