"""Documents to be put into other sites' pages: a frame, a fragment of HTML, and oEmbed (oembed.com, 1.0).

A frame shows what is current, and an ended or withdrawn document as that; a copied fragment is the copier's to renew.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import orjson
from flask import Response, render_template
from lxml import etree
from lxml.etree import Element, SubElement
from markupsafe import Markup

from api.problems import problem
from api.public import access, parameters
from api.public.answers import answer, canonical, path, sent, site, unknown_locale, varied
from api.public.atom import title_of
from api.public.parameters import Fault, Parameter, one_of
from api.public.shapes import body_fields
from cms import locales
from cms.content import types
from cms.content.types import Type
from cms.localize.notices import reviewed
from cms.publish import documents
from cms.publish.documents import Document
from cms.publish.formats import as_format
from cms.store import Database

WIDTH, HEIGHT = 640, 480
LONGEST_URL = 2_000
# The frame runs nothing; its pictures may come from anywhere, and anybody may show it.
POLICY = "default-src 'none'; style-src 'self'; img-src *; base-uri 'none'; form-action 'none'; frame-ancestors *"
PART = one_of("part", "The whole page, for a frame, or its article alone.", ("page", "fragment"), "page")
EMBED_PARAMETERS = {PART.name: PART}
MEDIA = {"json": "application/json", "xml": "text/xml; charset=utf-8"}


def show(db: Database, kind: Type, locale: str, handle: str) -> Response:
    """Answer with a document as HTML; withdrawn advice says 410, why, and what to read instead."""
    if locale not in access.locales():
        return unknown_locale(locale)
    part = parameters.read(EMBED_PARAMETERS)["part"]
    document = access.read(db, locale, kind.name, handle)
    if document is None:
        return problem(404, "not_found")
    if document.status == documents.MOVED:
        return sent(301, f"{path(locale, kind.plural, document.location)}/embed")
    if document.status == documents.LIVE:
        access.gave("embed", locale, document)
    said = orjson.loads(document.body)
    body = render_template(f"embed/{part}.html", **_shown(kind, locale, document, said)).encode()
    response = answer(
        body,
        etag=varied(document.etag, "embed", part),
        locale=locale,
        updated_at=document.updated_at,
        keys=f"{document.entry} {locale} {kind.name}",
        status=document.status,
        link=canonical(locale, kind.plural, document.slug) if document.status == documents.LIVE else "",
        content_type="text/html; charset=utf-8",
    )
    response.headers["Content-Security-Policy"] = POLICY
    # The advice itself is what is to be found, not a frame of it.
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _shown(kind: Type, locale: str, document: Document, said: Mapping[str, Any]) -> dict[str, Any]:
    address = f"{site().url}{path(locale, kind.plural, document.slug)}"
    shown = {
        "site": site(),
        "lang": locale,
        "dir": locales.direction(locale),
        "direction": locales.direction,
        "etag": document.etag,
        "document": said,
        "gone": document.status == documents.GONE,
        "address": address,
        "oembed": f"{site().url}/oembed?url={quote(address, safe='')}",
    }
    if document.status == documents.GONE:
        return shown
    made = as_format(said, "html", body_fields(kind))
    bodies = [made[name] for name in kind.schema.fields if name in body_fields(kind) and made.get(name)]
    day = said.get("last_reviewed")
    return {
        **shown,
        "title": title_of(dict(said)),
        "summary": said.get("summary") or "",
        # Sanitised when it was published.
        "html": Markup("\n".join(bodies)),  # noqa: S704
        "reviewed": reviewed(locale, date.fromisoformat(day)) if day else None,
    }


def oembed(db: Database) -> Response:
    """Answer what to put into a page for the address of a document, in this API or on its page for readers."""
    asked = parameters.read(OEMBED_PARAMETERS, required=["url"])
    found = _find(db, asked["url"])
    if found is None:
        return problem(404, "not_found")
    kind, locale, document = found
    said = orjson.loads(document.body)
    width, height = min(WIDTH, asked["maxwidth"]), min(HEIGHT, asked["maxheight"])
    address = f"{site().url}{path(locale, kind.plural, document.slug)}/embed"
    value: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "title": title_of(said),
        "author_name": said["attribution"]["text"],
        "author_url": said["canonical_url"],
        "provider_name": site().name,
        "provider_url": site().url,
        "cache_age": 3600,
        "width": width,
        "height": height,
        "html": str(_frame(address, title_of(said), locale, width, height)),
    }
    return answer(
        orjson.dumps(value) if asked["format"] == "json" else _xml(value),
        etag=varied(document.etag, "oembed", sorted(asked.items(), key=str)),
        locale=locale,
        updated_at="",
        keys=f"{document.entry} {locale} {kind.name}",
        content_type=MEDIA[asked["format"]],
    )


def _frame(address: str, title: str, lang: str, width: int, height: int) -> Markup:
    return Markup(
        '<iframe src="{}" title="{}" lang="{}" width="{}" height="{}" loading="lazy" referrerpolicy="no-referrer"'
        ' sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>'
    ).format(address, title, lang, width, height)


def _xml(value: Mapping[str, Any]) -> bytes:
    root = Element("oembed")
    for name, said in value.items():
        SubElement(root, name).text = str(said)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", standalone=True)


def _find(db: Database, url: str) -> tuple[Type, str, Document] | None:
    """Return the live document that an address of this API, or of a page for readers, names."""
    for pattern in _patterns():
        if not (match := pattern.fullmatch(url)):
            continue
        kind = next((each for each in types.every() if each.plural == match["plural"]), None)
        if kind is None or not body_fields(kind):
            continue
        locale, slug = match["locale"], unquote(match["slug"])
        document = None if "\0" in slug else access.read(db, locale, kind.name, slug)
        if document and document.status == documents.MOVED:
            document = access.read(db, locale, kind.name, document.location)
        if document and document.status == documents.LIVE:
            return kind, locale, document
    return None


def _patterns() -> list[re.Pattern[str]]:
    here = site()
    names = {name: rf"(?P<{name}>[^/?#]+)" for name in ("locale", "plural", "slug")}
    found = [f"{re.escape(here.url)}/v1/{names['locale']}/{names['plural']}/{names['slug']}(?:/embed)?"]
    if here.page_url and all(f"{{{name}}}" in here.page_url for name in names):
        page = re.escape(here.page_url)
        for name, pattern in names.items():
            page = page.replace(re.escape(f"{{{name}}}"), pattern, 1)
        found.append(page)
    return [re.compile(f"{pattern}/?(?:[?#].*)?") for pattern in found]


def _address(text: str) -> str:
    if len(text) > LONGEST_URL:
        raise Fault("too_long", length=len(text), maximum=LONGEST_URL)
    try:
        parts = urlsplit(text)
    except ValueError:
        raise Fault("not_a_link", value=text[:80]) from None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise Fault("not_a_link", value=text[:80])
    return text


OEMBED_PARAMETERS = {
    parameter.name: parameter
    for parameter in (
        Parameter(
            "url",
            "The address of a document in this API, or of its page for readers.",
            {"type": "string", "format": "uri", "maxLength": LONGEST_URL},
            _address,
        ),
        one_of("format", "JSON or XML.", tuple(MEDIA), "json"),
        parameters.whole("maxwidth", "The greatest width of the frame, in pixels.", 1, 100_000, WIDTH),
        parameters.whole("maxheight", "The greatest height of the frame, in pixels.", 1, 100_000, HEIGHT),
    )
}
