"""One document: by slug or id, in a locale or by negotiation."""

from typing import Any

import orjson
from flask import Response, request
from werkzeug.datastructures import LanguageAccept

from api.problems import problem
from api.public import access, parameters
from api.public.answers import answer, canonical, dumps, path, pick, sent, site, unknown_locale, varied
from api.public.parameters import FALLBACK, FORMAT, VIEW, Parameter
from api.public.shapes import body_fields, document_fields, is_whole
from cms import locales
from cms.content.types import Type
from cms.publish import documents
from cms.publish.documents import Document
from cms.publish.formats import as_format
from cms.publish.jsonld import to_jsonld
from cms.publish.signing import CONTENT_TYPES, Signed
from cms.store import Database


def item_parameters(kind: Type) -> dict[str, Parameter]:
    """Return what may be asked of one document."""
    known = [parameters.fields_of(kind, document_fields(kind)), FORMAT, VIEW, FALLBACK]
    return {parameter.name: parameter for parameter in known}


def show(db: Database, kind: Type, known: dict[str, Parameter], locale: str, handle: str) -> Response:
    """Answer with one document: its stored bytes where nothing else is asked for."""
    environ = request.environ
    document = documents.read(db, locale, kind.name, handle)
    if access.PARTNER in environ:
        document = access.own(db, locale, kind.name, document)
    if document is not None and not environ.get("QUERY_STRING"):
        return _stands(kind, locale, document)
    asked = parameters.read(known)
    if document is None:
        return _elsewhere(db, kind, locale, handle, asked)
    if document.status != documents.LIVE:
        return _stands(kind, locale, document)
    return _formed(kind, locale, document, asked)


def choose(db: Database, kind: Type, known: dict[str, Parameter], handle: str) -> Response:
    """Send the caller to the language that it prefers among those in which the entry is live."""
    parameters.read(known)
    entry = documents.known_as(db, kind.name, handle)
    slugs = access.slugs(db, kind.name, entry) if entry else {}
    if not slugs:
        return problem(404, "not_found")
    locale = preferred(request.accept_languages, list(slugs), site().source_locale)
    response = sent(302, path(locale, kind.plural, slugs[locale]))
    response.headers["Vary"] = "Accept-Language"
    return response


def preferred(wanted: LanguageAccept, available: list[str], default: str) -> str:
    """Return the available language that the caller prefers; the default, or else the first, where none fits."""
    chosen = locales.negotiate([tag for tag, quality in wanted if tag != "*" and quality > 0], available)
    return chosen or (default if default in available else available[0])


def _stands(kind: Type, locale: str, document: Document) -> Response:
    if document.status == documents.MOVED:
        return sent(301, path(locale, kind.plural, document.location))
    if document.status == documents.LIVE:
        access.gave("item", locale, document)
    signed = Signed(document.signature_input, document.signature) if document.signature else None
    return answer(
        document.body,
        etag=document.etag,
        locale=locale,
        updated_at=document.updated_at,
        keys=f"{document.entry} {locale} {kind.name}",
        status=document.status,
        link="" if document.status == documents.GONE else canonical(locale, kind.plural, document.slug),
        content_type=CONTENT_TYPES[document.status],
        signed=signed,
    )


def _formed(kind: Type, locale: str, document: Document, asked: dict[str, Any], requested: str = "") -> Response:
    """Answer with another form of a document; `requested` is the language asked for where this is a fallback."""
    value = orjson.loads(document.body)
    content_type = "application/json"
    access.gave("item", locale, document, whole=is_whole(kind, asked["fields"] or document_fields(kind)))
    if asked["view"] == "jsonld":
        value, content_type = to_jsonld(value), "application/ld+json"
    else:
        if asked["format"] != "blocks":
            value = as_format(value, asked["format"], body_fields(kind))
        if asked["fields"]:
            value = pick(value, asked["fields"], asked["format"])
        if requested:
            value["fallback"] = {"requested": requested, "served": locale}
    body = dumps(value)
    if asked["view"] == "jsonld":
        # It is put into a script element, which any "</script>" in it would end.
        body = body.replace(b"<", b"\\u003c")
    response = answer(
        body,
        etag=varied(document.etag, sorted(asked.items(), key=str), requested),
        locale=locale,
        updated_at=document.updated_at,
        keys=f"{document.entry} {locale} {kind.name}",
        link=canonical(locale, kind.plural, document.slug),
        content_type=content_type,
    )
    if requested:
        response.headers["Content-Location"] = site().url + path(locale, kind.plural, document.slug)
    return response


def _elsewhere(db: Database, kind: Type, locale: str, handle: str, asked: dict[str, Any]) -> Response:
    """Answer for what is not published in this language: another one if asked to, else where it can be had."""
    if locale not in access.locales():
        return unknown_locale(locale)
    entry = documents.known_as(db, kind.name, handle)
    slugs = access.slugs(db, kind.name, entry) if entry else {}
    for other in [locale, *asked["fallback"]]:
        if other in slugs:
            document = access.read(db, other, kind.name, slugs[other])
            # Another language's slug was used; the document is here under its own.
            if other == locale:
                return _stands(kind, locale, _moved(entry, slugs[other]))
            if document is not None:
                return _formed(kind, other, document, asked, requested=locale)
    if not slugs:
        return problem(404, "not_found", available_locales=[])
    alternates = [
        {"locale": tag, "slug": slug, "url": site().document_url(tag, kind.plural, slug)} for tag, slug in slugs.items()
    ]
    return problem(404, "not_in_locale", available_locales=list(slugs), alternates=alternates)


def _moved(entry: str, slug: str) -> Document:
    return Document(entry, "", documents.MOVED, 0, "", "", slug, b"")
