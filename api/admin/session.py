"""Who is at the other side of an admin page: the cookies, the actor, and the token that each form carries.

It knows no page. Every page is for people who are signed in, unless it is marked with `open_to_all`.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from hmac import compare_digest
from ipaddress import ip_address
from secrets import token_urlsafe
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Response, current_app, g, redirect, request, url_for
from markupsafe import Markup
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from api import languages
from api.problems import StaleForm
from api.public.answers import site
from cms.errors import Forbidden
from cms.people import rights, sessions
from cms.people.rights import Actor
from cms.people.sessions import Session
from cms.store import Database

View = TypeVar("View", bound=Callable[..., Any])

READING = frozenset({"GET", "HEAD", "OPTIONS"})
YEAR = timedelta(days=365)
THEMES = ("auto", "light", "dark")
# Whoever is not signed in has an address, a password or a passkey's answer to send, and no article.
STRANGERS_BYTES = 64 * 2**10
STRANGERS_PARTS = 50
# Where people write at length, and may be signed out before they have done: what they typed is shown to them again.
TYPED_AT = frozenset(
    {
        "writing",
        "clashes",
        "importing",
        "translating_steps",
        "reviewing",
        "publishing",
        "glossary",
        "partners",
        "recalls",
    }
)
TYPED_BYTES = 2**20


def open_to_all(view: View) -> View:
    """Mark a page as one that nobody need sign in for."""
    view.is_open = True  # type: ignore[attr-defined]
    return view


def needs(action: str) -> Callable[[View], View]:
    """Keep a page to those who may do `action` somewhere; what it changes is judged again where it is changed."""

    def keep(view: View) -> View:
        @wraps(view)
        def run(*args: Any, **kwargs: Any) -> Any:
            if not may(action):
                raise Forbidden(action, "", "")
            return view(*args, **kwargs)

        return cast(View, run)

    return keep


def guard() -> AnyResponse | None:
    """Learn who asks and in which language, refuse forms of other sites, and send strangers to the sign-in page."""
    if request.endpoint == "admin.static":
        return None
    g.visitor = _who()
    g.language = g.visitor.user.language if g.visitor else cookie("language")
    if request.method not in READING:
        if g.visitor is None:
            _expect_little()
        _check_form()
    view = current_app.view_functions[request.endpoint or ""]
    if g.visitor or getattr(view, "is_open", False):
        return None
    wanted = request.full_path.rstrip("?") if request.method in READING else ""
    return redirect(url_for("admin.signing.sign_in", next=wanted or None), 303)


def _who() -> Session | None:
    token = cookie("session")
    return sessions.who(db(), token, now()) if token else None


def is_typed_at() -> bool:
    """Tell whether the form comes from a page of ours, on which people write at length."""
    own = request.headers.get("Sec-Fetch-Site") == "same-origin"
    return own and (request.blueprint or "").rpartition(".")[2] in TYPED_AT


def _expect_little() -> None:
    if is_typed_at():
        request.max_content_length = request.max_form_memory_size = TYPED_BYTES
        return
    request.max_content_length = request.max_form_memory_size = STRANGERS_BYTES
    request.max_form_parts = STRANGERS_PARTS
    if (request.content_length or 0) > STRANGERS_BYTES:
        raise RequestEntityTooLarge


def visitor() -> Session | None:
    """Return the session of whoever asks, None where nobody is signed in."""
    found: Session | None = g.get("visitor")
    return found


def session() -> Session:
    """Return the session on a page for people who are signed in."""
    found = visitor()
    if found is None:
        raise RuntimeError("this page is open to all; ask for the visitor")
    return found


def actor() -> Actor:
    """Return who acts, as the library wants to know it."""
    if "actor" not in g:
        g.actor = sessions.actor_of(session(), address())
    return cast(Actor, g.actor)


def may(action: str, type_name: str = "", locale: str = "") -> bool:
    """Tell whether the person may do this: in that locale, or without one somewhere. False for strangers."""
    if visitor() is None:
        return False
    if not locale and not type_name:
        return rights.may_somewhere(actor(), action)
    return rights.may(actor(), action, type_name, locale)


def db() -> Database:
    """Return this thread's connection."""
    found: Database = current_app.extensions["tolk_connections"].get()
    return found


def now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


def rp_id() -> str:
    """Return the name of this site by which passkeys know it (WebAuthn, 5.4.2)."""
    return urlsplit(site().url).hostname or ""


def has_passkeys() -> bool:
    """Tell whether passkeys can work here: they belong to a name, never to a bare network address."""
    try:
        ip_address(rp_id())
    except ValueError:
        return bool(rp_id())
    return False


def origin() -> str:
    """Return the origin that a browser reports for pages of this site (RFC 6454)."""
    parts = urlsplit(site().url)
    return f"{parts.scheme}://{parts.netloc}"


def address() -> str:
    """Return the network address of whoever asks."""
    return request.remote_addr or ""


def agent() -> str:
    """Return what the browser calls itself."""
    return request.user_agent.string[:300]


def csrf_token() -> str:
    """Return the token that forms of this browser carry: the session's, or one in a cookie before sign-in."""
    found = visitor()
    if found is not None:
        return found.csrf
    if "form_token" not in g:
        g.form_token = cookie("form") or token_urlsafe(24)
    return cast(str, g.form_token)


def csrf() -> Markup:
    """Return the hidden field that every form of the admin carries."""
    return Markup('<input type="hidden" name="csrf" value="{}">').format(csrf_token())


def _check_form() -> None:
    """Raise StaleForm where the token is not this browser's, or where the browser says it comes from elsewhere."""
    given = request.headers.get("X-CSRF-Token") or request.form.get("csrf", "")
    known = visitor().csrf if visitor() else cookie("form")  # type: ignore[union-attr]  # asked twice, the same
    elsewhere = request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")
    if not known or elsewhere or not compare_digest(given.encode(), known.encode()):
        raise StaleForm


def own_path(given: str | None, otherwise: str) -> str:
    """Return the path that `next` asks for where it is one of the admin, else `otherwise`: never another site."""
    try:
        parts = urlsplit(given or "")
    except ValueError:
        return otherwise
    crooked = {"", ".", ".."} & set(parts.path.split("/")[1:-1]) or "\\" in parts.path
    plain = not (parts.scheme or parts.netloc or crooked)
    fits = parts.path == "/admin/" or (parts.path.startswith("/admin/") and "/sign-" not in parts.path)
    if not given or not plain or not fits or not given.isprintable() or given != given.strip():
        return otherwise
    return given


def is_https() -> bool:
    """Tell whether this site is reached over https."""
    return site().url.startswith("https:")


def _cookie_name(name: str) -> str:
    return f"__Host-tolk-{name}" if is_https() else f"tolk-{name}"


def cookie(name: str) -> str:
    """Return one of our cookies, nothing where the browser has none."""
    return request.cookies.get(_cookie_name(name), "")


def set_cookie(response: AnyResponse, name: str, value: str, lasts: timedelta | None = None) -> None:
    """Give the browser one of our cookies: unreadable to scripts, never sent along from other sites' forms."""
    response.set_cookie(
        _cookie_name(name), value, max_age=lasts, path="/", secure=is_https(), httponly=True, samesite="Lax"
    )


def drop_cookie(response: AnyResponse, name: str) -> None:
    """Take one of our cookies from the browser."""
    response.delete_cookie(_cookie_name(name), path="/", secure=is_https(), httponly=True, samesite="Lax")


def speak(language: str) -> None:
    """Answer the rest of this request in another language."""
    g.language = language


def theme() -> str:
    """Return which colours this browser was told to use: auto, light or dark."""
    found = cookie("theme")
    return found if found in THEMES else THEMES[0]


def keep_cookies(response: Response) -> Response:
    """Give a stranger's browser the token that the forms of its page carry."""
    if "form_token" in g and not visitor() and cookie("form") != g.form_token:
        set_cookie(response, "form", g.form_token)
    if g.get("language_chosen"):
        set_cookie(response, "language", g.language_chosen, YEAR)
    return response


def choose_language() -> None:
    """Let a stranger choose the language by `?language=`; people who are signed in have theirs in their profile."""
    asked = request.args.get("language", "")
    if visitor() is None and asked in languages.SPOKEN:
        g.language = g.language_chosen = asked
