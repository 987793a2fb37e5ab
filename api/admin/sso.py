"""Signing in through an organisation's own service (OpenID Connect Core 1.0, code flow with PKCE, RFC 7636).

The service vouches for an e-mail address; whose it is, and whether they may come in, is known here alone.
"""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from secrets import compare_digest, token_urlsafe
from typing import Any
from urllib.parse import urlencode

import httpx
import orjson
import structlog
from flask import Blueprint, current_app, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from api.admin import session, signing
from api.admin.page import say
from api.public.answers import site
from api.sso_settings import Sso
from cms.errors import SignInRefused
from cms.people import signing_in

pages = Blueprint("sso", __name__, url_prefix="/sign-in/sso")
LASTS = timedelta(minutes=10)
PATIENCE = 10.0  # seconds, for each answer of the service
# What a service may sign with; never "none", and never our own secret taken for its public key.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
LEEWAY = 60  # seconds that clocks may differ
log = structlog.get_logger()


class NotVouched(Exception):
    """The service did not answer, or what it said does not hold."""


@pages.get("")
@session.open_to_all
def begin() -> Response:
    """Send the browser to the service."""
    settings = _settings()
    signing_in.count_sso(session.db(), address=session.address(), now=session.now())
    kept = {name: token_urlsafe(32) for name in ("state", "nonce", "verifier")}
    try:
        known = _discover(settings)
    except NotVouched as error:
        return _refused(error)
    challenge = urlsafe_b64encode(sha256(kept["verifier"].encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": settings.client,
        "redirect_uri": _back(),
        "scope": "openid email",
        "state": kept["state"],
        "nonce": kept["nonce"],
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    start = known["authorization_endpoint"]
    response = redirect(f"{start}{'&' if '?' in start else '?'}{urlencode(asked)}", 303)
    wanted = session.own_path(request.args.get("next"), url_for("admin.home.show"))
    session.set_cookie(response, "sso", orjson.dumps({**kept, "next": wanted}).hex(), LASTS)
    return response


@pages.get("/back")
@session.open_to_all
def back() -> Response:
    """Take the browser back from the service, and sign in whom it vouches for."""
    settings = _settings()
    try:
        kept = _kept()
        if not compare_digest(request.args.get("state", "").encode(), str(kept["state"]).encode()):
            raise NotVouched("another state")
        email = _vouched_for(settings, request.args.get("code", ""), kept)
        done = signing_in.by_sso(
            session.db(), email, address=session.address(), agent=session.agent(), now=session.now()
        )
    except (NotVouched, SignInRefused) as error:
        return _refused(error)
    response = signing.let_in(done.token, session.own_path(str(kept["next"]), url_for("admin.home.show")))
    session.drop_cookie(response, "sso")
    return response


def _vouched_for(settings: Sso, code: str, kept: Mapping[str, Any]) -> str:
    """Return the e-mail address that the service vouches for. Raises NotVouched."""
    known = _discover(settings)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": _back(),
        "code_verifier": str(kept["verifier"]),
    }
    given = _ask("POST", known["token_endpoint"], data=form, auth=(settings.client, settings.secret))
    claims = _claims(settings, str(given.get("id_token", "")), _ask("GET", known["jwks_uri"]))
    if claims.get("nonce") != kept["nonce"]:
        raise NotVouched("another nonce")
    # OpenID Connect Core, 5.1: an address that the service has not verified may be anybody's.
    if claims.get("email_verified") is not True or not isinstance(claims.get("email"), str):
        raise NotVouched("no verified e-mail address")
    return str(claims["email"])


def _claims(settings: Sso, token: str, keys: Any) -> dict[str, Any]:
    """Return what an ID token says, once its signature, issuer, audience and time hold (Core, 3.1.3.7)."""
    # Only who uses it installs it: `tolk[sso]`.
    from joserfc import jwk, jwt
    from joserfc.errors import JoseError

    try:
        read = jwt.decode(token, jwk.KeySet.import_key_set(keys), algorithms=ALGORITHMS)
        rules = jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": settings.issuer},
            aud={"essential": True, "value": settings.client},
            exp={"essential": True},
        )
        rules.validate(read.claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise NotVouched(f"the token does not hold: {error}") from error
    return dict(read.claims)


def _discover(settings: Sso) -> dict[str, Any]:
    """Return the addresses of the service (OpenID Connect Discovery 1.0)."""
    known = _ask("GET", f"{settings.issuer.rstrip('/')}/.well-known/openid-configuration")
    if known.get("issuer") != settings.issuer:
        raise NotVouched("the service names another issuer")
    if missing := {"authorization_endpoint", "token_endpoint", "jwks_uri"} - set(known):
        raise NotVouched(f"the service does not name: {', '.join(sorted(missing))}")
    return known


def _ask(method: str, address: str, **what: Any) -> dict[str, Any]:
    try:
        answer = httpx.request(method, address, timeout=PATIENCE, **what)
        answer.raise_for_status()
        found = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise NotVouched(str(error)) from error
    if not isinstance(found, dict):
        raise NotVouched("the service did not answer with an object")
    return found


def _kept() -> dict[str, Any]:
    try:
        kept = orjson.loads(bytes.fromhex(session.cookie("sso")))
        return {name: kept[name] for name in ("state", "nonce", "verifier", "next")}
    except (ValueError, KeyError, TypeError) as error:
        raise NotVouched("no sign-in was begun here") from error


def _refused(error: Exception) -> Response:
    log.warning("sso_refused", said=str(error) or type(error).__name__)
    say(_("You could not be signed in that way. Ask an administrator, or use your password."), "bad")
    response = redirect(url_for("admin.signing.sign_in"), 303)
    session.drop_cookie(response, "sso")
    return response


def _settings() -> Sso:
    found: Sso = current_app.config["SSO"]
    if not found.issuer:
        raise NotFound
    return found


def _back() -> str:
    return site().url + url_for("admin.sso.back")
