"""Feeds of what changed last in a language: gathered here once, written as Atom and as JSON Feed by their modules."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Response, request

from api.problems import problem
from api.public import access, atom, json_feed, lists, parameters
from api.public.answers import answer, site, unknown_locale, varied
from api.public.parameters import PAGE, Parameter
from api.public.shapes import body_fields
from cms import locales
from cms.content.types import Type
from cms.publish import documents, following
from cms.publish.following import Departed
from cms.publish.formats import as_format
from cms.store import Database

SIZE = 20


@dataclass(frozen=True)
class Item:
    """One document as feeds give it: `html` is its body, `updated` when readers last had something new of it."""

    document: dict[str, Any]
    html: str
    updated: str
    permalink: str
    etag: str


@dataclass(frozen=True)
class Feed:
    """One page of a feed; the departed stand on the first alone."""

    title: str
    locale: str
    address: str
    home: str
    items: list[Item]
    departed: list[tuple[Departed, str]]
    links: dict[str, str | None]

    @property
    def updated(self) -> str:
        """Return when anything in it was last new."""
        moments = [item.updated for item in self.items] + [each.at for each, _ in self.departed]
        return max(moments, default="1970-01-01T00:00:00.000000Z")


# What a feed is called, its media type, and who writes it.
FORMS: dict[str, tuple[str, Callable[[Feed], bytes]]] = {
    "feed.atom": ("application/atom+xml; charset=utf-8", atom.write),
    "feed.json": ("application/feed+json", json_feed.write),
}


def feed_parameters(kind: Type) -> dict[str, Parameter]:
    """Return what may be asked of a feed."""
    known = [PAGE, *(parameters.reference(name, kind) for name in parameters.filters(kind))]
    return {parameter.name: parameter for parameter in known}


def show(db: Database, kind: Type, known: dict[str, Parameter], locale: str, name: str) -> Response:
    """Answer with one page of the feed of a type in a locale."""
    if locale not in access.locales():
        return unknown_locale(locale)
    if not access.has(kind):
        return problem(404, "not_found")
    asked = parameters.read(known)
    feed, etags = _gather(db, kind, locale, asked, name)
    media, write = FORMS[name]
    return answer(
        write(feed),
        etag=varied("0", request.full_path, name, etags, [(each.entry, each.at) for each, _ in feed.departed]),
        locale=locale,
        updated_at="",
        keys=f"list {locale} {kind.name}",
        link=f'<{feed.address}>; rel="self"',
        content_type=media,
    )


def permalink(locale: str, kind: Type, entry: str) -> str:
    """Return the address of a document that no change of its slug changes."""
    return f"{site().url}/v1/{locale}/{kind.plural}/{entry}"


def _gather(db: Database, kind: Type, locale: str, asked: dict[str, Any], name: str) -> tuple[Feed, list[str]]:
    here, page = site(), asked["page"]
    references = lists.wanted_references(db, kind, asked)
    about, start = access.topics(kind), (page - 1) * SIZE
    found = following.latest(db, locale, kind.name, references, topics=about, limit=SIZE, offset=start)
    access.gave_many("feed", locale, found.given, whole=True)
    links = lists.page_links(page, -(-found.total // SIZE))
    pairs = zip(found.bodies, found.etags, strict=True)
    items = [_item(kind, orjson.loads(body), etag) for body, etag in pairs]
    departed = following.departed(db, locale, kind.name) if page == 1 else []
    named = [_title(db, locale, kind, field, target) for field, target in references]
    feed = Feed(
        title=" – ".join([here.name, *named]),
        locale=locale,
        address=str(links["self"]),
        home=f"{here.url}/v1/{locale}/{kind.plural}",
        items=items,
        departed=[(each, permalink(locale, kind, each.entry)) for each in departed],
        links=links,
    )
    return feed, list(found.etags)


def _item(kind: Type, document: dict[str, Any], etag: str) -> Item:
    made = as_format(document, "html", body_fields(kind))
    html = "\n".join(made[name] for name in kind.schema.fields if name in body_fields(kind) and made.get(name))
    # Falling behind its source changes what readers are told, as a change of the text does.
    behind = document["translation"]["stale_since"] or ""
    updated = max(document["modified_at"], document["published_at"], behind)
    return Item(document, html, updated, permalink(document["locale"], kind, document["id"]), etag)


def _title(db: Database, locale: str, kind: Type, field: str, target: str) -> str:
    inner = kind.schema.fields[field].inner  # type: ignore[attr-defined]
    for language in (locale, *locales.fallbacks(locale), site().source_locale):
        if found := documents.read(db, language, inner.target, target):
            said = orjson.loads(found.body)
            return str(said.get("title") or said.get("name") or target)
    return target
