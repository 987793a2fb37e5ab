"""How an admin page is made: the shell around it, its headers, and what is said on the next one. It knows no rights."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from babel import Locale
from flask import Blueprint, Response, g, render_template, request, url_for
from flask_babel import get_locale
from itsdangerous import BadSignature, URLSafeSerializer

from api import languages
from api.admin import addresses, moments, session, words
from api.admin.editing import field_words
from api.public.answers import site
from api.report import one_line
from cms import locales
from cms.content import phones, types
from cms.content.types import Type

STATIC = Path(__file__).parent / "static"
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none';"
    " form-action 'self'"
)
# A browser drops a cookie of more than 4096 bytes (RFC 6265, 6.1), and a proxy may drop the answer with it. What is
# said quotes what was typed, so it is cut: a letter may be six bytes in JSON, of which base64 makes eight.
MOST_SAID = 3_500
FEW, MOST_LETTERS = 4, 400
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}


@dataclass(frozen=True)
class Link:
    """One line of the navigation; `here` says that the page shown is it, or belongs to it."""

    label: str
    href: str
    icon: str
    here: bool


def render(template: str, status: int = 200, **values: Any) -> Response:
    """Return a page of the admin; `values` are what its template shows."""
    locale = get_locale() or Locale("en")
    told = told_before()
    page = render_template(
        template,
        lang=locales.standard(str(locale)),
        dir=locale.text_direction,
        theme=session.theme(),
        site=site(),
        visitor=session.visitor(),
        menu=menu() if session.visitor() else {},
        said=told,
        **values,
    )
    response = Response(page, status, content_type="text/html; charset=utf-8")
    response.headers["Content-Language"] = locales.standard(str(locale))
    if told:
        session.drop_cookie(response, "said")
    return secure(response)


def secure(response: Response) -> Response:
    """Give a response the headers of the admin, where it has none of its own."""
    if request.endpoint == "admin.static":
        lasting = "public, max-age=31536000, immutable" if request.args.get("v") else "no-cache"
        response.headers["Cache-Control"] = lasting
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if session.is_https():
        response.headers.setdefault("Strict-Transport-Security", f"max-age={int(session.YEAR.total_seconds())}")
    return response


def say(text: str, tone: str = "good") -> None:
    """Say something at the top of the next page; tones are good, warn, bad and info."""
    g.setdefault("saying", []).append([tone, text])


def told_before() -> list[list[str]]:
    """Return what an earlier request left to be said on this page, and what this one says already."""
    now: list[list[str]] = g.pop("saying", [])
    try:
        before: list[list[str]] = _serializer().loads(session.cookie("said"))
    except BadSignature:
        before = []
    return before + now


def keep_said(response: Response) -> Response:
    """Leave what was said on a redirect to the page that it leads to."""
    if "saying" in g:
        kept = str(_serializer().dumps(g.saying))
        if len(kept) > MOST_SAID:
            few = g.saying[:FEW]
            kept = str(_serializer().dumps([[tone, one_line(text, MOST_LETTERS // len(few))] for tone, text in few]))
        session.set_cookie(response, "said", kept)
    return response


def _serializer() -> URLSafeSerializer:
    # Signed by what only this browser and the server know: nobody else can put words on the page.
    return URLSafeSerializer(session.csrf_token(), "said")


def menu() -> dict[str, list[Link]]:
    """Return the navigation of whoever is signed in, in groups."""
    content = [
        _link(words.plural(kind), url_for("admin.tables.show", plural=kind.plural), kind.name)
        for kind in types.every()
        if session.may("entry.read", kind.name)
    ]
    if session.may("translation.read"):
        content.append(_link(words.said(words.TRANSLATIONS), url_for("admin.translations.choose"), "translate"))
        content.append(_link(words.said(words.GLOSSARY), url_for("admin.glossary.show"), "glossary"))
    run = [
        _link(words.said(label), url_for(endpoint), icon)
        for action, label, endpoint, icon in words.RUN
        if session.may(action)
    ]
    home = Link(words.said(words.HOME), url_for("admin.home.show"), "home", request.path == url_for("admin.home.show"))
    return {name: links for name, links in (("", [home]), ("content", content), ("run", run)) if links}


def _link(label: str, href: str, icon: str) -> Link:
    path = request.path
    here = path == href or path.startswith(f"{href}/") or g.get("section") == href.rsplit("/", 1)[-1]
    return Link(label, href, icon, here)


def section(name: str) -> None:
    """Say to which line of the navigation this page belongs, where its address does not tell: `articles`."""
    g.section = name


@lru_cache
def _mark(name: str, changed: int) -> str:
    return blake2b((STATIC / name).read_bytes(), digest_size=6).hexdigest()


def asset(name: str) -> str:
    """Return the address of a file of the admin, with a mark that changes when the file does.

    Scripts have none: they import one another by name, and two addresses would be two modules.
    """
    # A page names the file of its pictures hundreds of times.
    known: dict[str, str] = g.setdefault("assets", {})
    if name not in known:
        changed = None if name.endswith(".js") else (STATIC / name).stat().st_mtime_ns
        known[name] = url_for("admin.static", filename=name, v=_mark(name, changed) if changed else None)
    return known[name]


def set_up(blueprint: Blueprint) -> None:
    """Give the templates of the admin what they use by name, and its responses their headers."""

    @blueprint.app_context_processor
    def names() -> dict[str, Any]:
        if not request or not request.path.startswith("/admin"):
            return {}
        return {
            "addresses": addresses,
            "asset": asset,
            "csrf": session.csrf,
            "has_passkeys": session.has_passkeys,
            "may": session.may,
            "spoken": _spoken(),
            "direction": locales.direction,
            "language_name": language_name,
            "words": words,
            "moment": moments.moment,
            "day": moments.day,
            "ago": moments.ago,
            "number": moments.number,
            "today": session.now().astimezone(moments.zone()).date().isoformat(),
            "name_locales": _name_locales,
            "role_options": _role_options,
            "type_options": _type_options,
            "theme_options": _theme_options,
        }

    for name, said in {
        "language_of": language_name,
        "action_said": words.action,
        "event_said": words.event,
        "type_said": words.singular,
        "role_said": words.role,
        "phone_said": phones.shown,
        "weekday_said": lambda day: field_words.choice("days", day),
    }.items():
        blueprint.add_app_template_filter(said, name)

    # The last is run first: what is said is signed by the token whose cookie comes after it.
    blueprint.after_request(session.keep_cookies)
    blueprint.after_request(keep_said)
    blueprint.after_request(secure)


def _spoken() -> Iterator[tuple[str, str]]:
    """Yield each language that the admin speaks, with its own name for itself."""
    for tag in languages.SPOKEN:
        yield tag, (Locale(tag).display_name or tag).capitalize()


def language_name(tag: str) -> str:
    """Return what the reader's language calls this one."""
    return locales.language_name(tag, str(get_locale() or "en"))


def _name_locales(tags: Iterable[str]) -> list[tuple[str, str]]:
    return [(tag, language_name(tag)) for tag in tags]


def _role_options(names: Iterable[str]) -> list[tuple[str, str, str]]:
    return [(name, words.role(name), words.said(words.ROLE_HINTS[name])) for name in names]


def _type_options(kinds: Iterable[Type]) -> list[tuple[str, str]]:
    return [(kind.name, words.plural(kind)) for kind in kinds]


def _theme_options() -> list[tuple[str, str]]:
    return [(name, words.said(said)) for name, said in words.THEMES.items()]
