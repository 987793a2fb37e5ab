"""The readable documentation at /docs: the OpenAPI description as a page, in the reader's language."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from babel import Locale
from flask import Response, current_app, render_template
from flask_babel import get_locale, gettext
from markupsafe import Markup

from api import wording
from api.problems import HTTP_CODES, STATUSES
from api.public.answers import site
from api.public.shapes import pascal
from cms import errors, locales
from cms.content import types
from cms.errors import TolkError
from cms.publish import listing
from cms.store import Database

Json = Mapping[str, Any]

# The page runs nothing, sends nothing and loads only its own style sheet and icon.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "public, max-age=60",
}
# What the routes say themselves, beside the errors that stand for a status.
SAID = {
    "bad_parameter": 400,
    "internal": 500,
    "not_in_locale": 404,
    "stale_form": 403,
    "unknown_locale": 404,
    "withdrawn": 410,
}
SUFFIXES = ("", "Brief", "Card", "Form", "List")


@dataclass(frozen=True)
class Row:
    """One member of an object, at its depth below the schema that is shown; `prefix` leads to it."""

    prefix: str
    name: str
    depth: int
    schema: Json
    required: bool


def show(connect: Callable[[], Database], api: Json) -> Response:
    """Answer with the page, made once for each language and kept while its example is live."""
    locale = get_locale() or Locale("en")
    kind = next(types.every())
    slug = _some_slug(connect, kind)
    kept: dict[str, tuple[str, str]] = current_app.extensions.setdefault("tolk_docs", {})
    made_for, page = kept.get(str(locale), ("", ""))
    if not page or made_for != slug:
        page = _page(api, locale, kind, slug)
        kept[str(locale)] = slug, page
    response = Response(page, content_type="text/html; charset=utf-8", headers=HEADERS)
    response.headers["Content-Language"] = str(locale)
    response.vary.add("Accept-Language")
    return response


def _page(api: Json, locale: Locale, kind: types.Type, slug: str) -> str:
    return render_template(
        "docs.html",
        api=api,
        site=site(),
        kind=kind,
        slug=slug,
        lang=str(locale),
        dir=locale.text_direction,
        direction=locales.direction,
        language_name=locales.language_name,
        cache_control=current_app.config["CACHE_CONTROL"],
        errors=wording.ERRORS,
        faults=wording.FAULTS,
        statuses=statuses(),
        groups=groups(api),
        rows=rows,
        parts=parts,
        said=said,
        prose=prose,
    )


def texts(api: Json) -> Iterator[str]:
    """Yield every text for people in the description, for the catalogues."""
    for name, value in api.items():
        if name in ("description", "summary") and isinstance(value, str):
            yield from parts(value)
        elif name not in ("enum", "examples", "mapping"):
            for inner in value if isinstance(value, list) else [value]:
                if isinstance(inner, Mapping):
                    yield from texts(inner)


def rows(schema: Json, depth: int = 0, prefix: str = "") -> Iterator[Row]:
    """Yield the members of an object schema, and below each one those of the object that it holds or lists."""
    required = schema.get("required", ())
    for name, member in schema.get("properties", {}).items():
        yield Row(prefix, name, depth, member, name in required)
        listed, held = "items" in member, member
        while "items" in held:
            held = held["items"]
        yield from rows(held, depth + 1, f"{prefix}{name}[]." if listed else f"{prefix}{name}.")


def groups(api: Json) -> list[tuple[str, list[str]]]:
    """Return the names of all schemas, in groups: a group for each content type, the blocks, and the rest."""
    names = list(api["components"]["schemas"])
    kinds = [pascal(kind.name) for kind in types.every()]
    found = [(kind, [kind + suffix for suffix in SUFFIXES]) for kind in kinds]
    blocks = ["Block", "NestedBlock"]
    blocks += [name for name in names if name.endswith("Block") and name not in blocks]
    found.append((gettext("Blocks"), blocks))
    grouped = {name for _, members in found for name in members}
    found.append((gettext("Shared"), [name for name in names if name not in grouped]))
    return [(title, [name for name in members if name in names]) for title, members in found]


def statuses() -> dict[str, int]:
    """Return the HTTP status that each error comes with; those of the command line alone have none."""
    found = {code: status for status, code in HTTP_CODES.items()} | SAID
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, TolkError)]
    for kind in kinds:
        if status := next((status for parent, status in STATUSES.items() if issubclass(kind, parent)), None):
            found[kind.code] = status
    return found


def said(text: str) -> Markup:
    """Return a text of the description in the reader's language; what stays English is marked as that."""
    translated = gettext(text)
    if translated == text and str(get_locale() or "en") != "en":
        return Markup('<span lang="en" dir="ltr">{}</span>').format(prose(text))
    return prose(translated)


def parts(text: str) -> list[str]:
    """Return the paragraphs of a text, each in one line."""
    return [" ".join(part.split()) for part in text.strip().split("\n\n")]


def prose(text: str) -> Markup:
    """Return a text as HTML: what stands between backticks is code, and a value's place shows its name."""
    return Markup("").join(_pieces(text))


def _pieces(text: str) -> Iterator[str]:
    end = 0
    for found in re.finditer(r"`([^`]+)`|%\((\w+)\)s", text):
        code, value = found.groups()
        yield text[end : found.start()]
        yield Markup("<code>{}</code>").format(code) if code else Markup("<var>{}</var>").format(value)
        end = found.end()
    yield text[end:]


def _some_slug(connect: Callable[[], Database], kind: types.Type) -> str:
    """Return a slug that the examples can use, nothing where none is live or the database does not answer."""
    try:
        page = listing.find(connect(), listing.Query(site().source_locale, kind.name, sort="title", limit=1))
    except TolkError:
        return ""
    return next((str(orjson.loads(item)["slug"]) for item in page.items), "")
