"""Search over what is live in a locale."""

import orjson
from flask import Response

from api.public import access, lists, parameters
from api.public.answers import unknown_locale
from api.public.parameters import LIMIT, PAGE, QUERY, Parameter
from cms.content import types
from cms.publish import listing, search
from cms.publish.documents import etag
from cms.publish.listing import Page
from cms.store import Database


def search_parameters() -> dict[str, Parameter]:
    """Return what may be asked of a search."""
    kinds = parameters.one_of("type", "Only this type.", [kind.name for kind in types.every()])
    return {parameter.name: parameter for parameter in (QUERY, kinds, PAGE, LIMIT)}


def show(db: Database, known: dict[str, Parameter], locale: str) -> Response:
    """Answer with the documents that fit the words, best first, each with a snippet."""
    if locale not in access.locales():
        return unknown_locale(locale)
    asked = parameters.read(known, required=["q"])
    offset = (asked["page"] - 1) * asked["limit"]
    within = access.condition()
    found = search.find(db, locale, asked["q"], type=asked["type"], limit=asked["limit"], offset=offset, within=within)
    briefs = listing.briefs(db, locale, [hit.entry for hit in found.hits])
    items = [
        # The brief is a finished JSON object; the snippet goes in before its closing brace.
        briefs[hit.entry][:-1] + b',"snippet_html":%b}' % orjson.dumps(hit.snippet_html)
        for hit in found.hits
        if hit.entry in briefs
    ]
    page = Page(found.total, items, [etag(item) for item in items], "")
    return lists.respond(page, b",".join(items), asked, locale, "search")
