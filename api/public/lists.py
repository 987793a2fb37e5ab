"""Lists of documents: `{data, meta, links}`, put together from bytes that were finished at publishing."""

from typing import Any
from urllib.parse import urlencode

import orjson
from flask import Response, request

from api.problems import NoSuchEntry, problem
from api.public import access, parameters
from api.public.answers import answer, dumps, pick, sent, site, unknown_locale, varied
from api.public.items import preferred
from api.public.parameters import FORMAT, FRESH, LIMIT, PAGE, REVIEW, SINCE, SORT, Parameter
from api.public.shapes import body_fields, brief_fields, document_fields, is_whole
from cms.content import types
from cms.content.types import Type
from cms.publish import documents, listing
from cms.publish.formats import as_format
from cms.publish.listing import Page, Query
from cms.store import Database


def list_parameters(kind: Type) -> dict[str, Parameter]:
    """Return what may be asked of a list."""
    known = [parameters.fields_of(kind, document_fields(kind)), FORMAT, SORT, PAGE, LIMIT, SINCE, FRESH, REVIEW]
    known += [parameters.reference(name, kind) for name in parameters.filters(kind)]
    return {parameter.name: parameter for parameter in known}


def show(db: Database, kind: Type, known: dict[str, Parameter], locale: str) -> Response:
    """Answer with one page of what is live of a type in a locale."""
    if locale not in access.locales():
        return unknown_locale(locale)
    if not access.has(kind):
        return problem(404, "not_found")
    asked = parameters.read(known)
    names = asked["fields"] or []
    whole = bool(set(names) - brief_fields(kind))
    query = Query(
        locale=locale,
        type=kind.name,
        references=wanted_references(db, kind, asked),
        topics=access.topics(kind),
        since=asked["updated_since"] or "",
        freshness=asked["freshness"] or "",
        review=asked["review"] or "",
        sort=asked["sort"],
        limit=asked["limit"],
        offset=(asked["page"] - 1) * asked["limit"],
    )
    page = listing.find(db, query, whole=whole)
    access.gave_many("list", locale, page.given, whole=is_whole(kind, names or brief_fields(kind)))
    formed = names or asked["format"] != "blocks"
    items = [_form(kind, item, names, asked["format"]) for item in page.items] if formed else page.items
    return respond(page, b",".join(items), asked, locale, kind.name)


def choose(kind: Type, known: dict[str, Parameter]) -> Response:
    """Send the caller to the list in the language that it prefers."""
    parameters.read(known)
    locale = preferred(request.accept_languages, list(access.locales()), site().source_locale)
    response = sent(302, f"/v1/{locale}/{kind.plural}")
    response.headers["Vary"] = "Accept-Language"
    return response


def respond(page: Page, items: bytes, asked: dict[str, Any], locale: str, keys: str) -> Response:
    """Answer with a page whose items are finished JSON, joined by commas."""
    pages = -(-page.total // asked["limit"])
    meta = {"locale": locale, "total": page.total, "page": asked["page"], "limit": asked["limit"], "pages": pages}
    links = page_links(asked["page"], pages)
    body = b'{"data":[%b],"links":%b,"meta":%b}' % (items, orjson.dumps(links), orjson.dumps(meta))
    etag = varied("0", request.full_path, page.etags, page.total)
    link = ", ".join(f'<{address}>; rel="{rel}"' for rel, address in links.items() if address and rel != "self")
    # No Last-Modified: a list that has lost an item is none the newer, and withdrawn advice must not be kept.
    return answer(body, etag=etag, locale=locale, updated_at="", keys=f"list {locale} {keys}", link=link)


def _form(kind: Type, item: bytes, names: list[str], form: str) -> bytes:
    value = orjson.loads(item)
    if form != "blocks":
        value = as_format(value, form, body_fields(kind))
    return dumps(pick(value, names, form) if names else value)


def wanted_references(db: Database, kind: Type, asked: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return (field, entry id) of the related entries that are asked for. Raises NoSuchEntry."""
    found, missing = [], []
    for name, field in parameters.filters(kind).items():
        handle = asked[name]
        if handle is None:
            continue
        target = types.find(kind.schema.fields[field].inner.target)  # type: ignore[attr-defined]
        entry = "" if "\0" in handle else documents.known_as(db, target.name, handle)
        if entry and (entry != handle or documents.slugs(db, target.name, entry)):
            found.append((field, entry))
        else:
            missing.append((name, "no_such_entry", {"id": handle[:80], "type": target.name}))
    if missing:
        raise NoSuchEntry(missing)
    return tuple(found)


def page_links(page: int, pages: int) -> dict[str, str | None]:
    """Return the addresses of the pages around the one that is asked for."""
    address = f"{site().url}{request.path}"
    others = urlencode([(name, value) for name, value in request.args.items(multi=True) if name != "page"])

    def at(number: int) -> str:
        query = "&".join(filter(None, (others, f"page={number}" if number > 1 else "")))
        return f"{address}?{query}" if query else address

    last = max(pages, 1)
    return {
        "self": at(page),
        "first": at(1),
        "prev": at(min(page - 1, last)) if page > 1 else None,
        "next": at(page + 1) if page < pages else None,
        "last": at(last),
    }
