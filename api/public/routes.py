"""The addresses of the delivery API. Each content type gets its own four, registered or shipped alike."""

from collections.abc import Callable
from importlib.metadata import version
from posixpath import normpath

import orjson
from flask import Blueprint, Flask, Response, current_app, send_from_directory
from werkzeug.exceptions import NotFound

import migrations
from api.connections import Connections
from api.openapi import describe
from api.public import docs, embedding, feeds, items, lists, search, sitemap, sync, well_known
from api.public.answers import JSON, site
from api.public.shapes import body_fields
from api.settings import Settings
from cms import errors
from cms.content import types
from cms.content.types import Type
from cms.store import Database

# A drawing may be opened by itself: it may then run nothing and load nothing.
MEDIA_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def routes(settings: Settings, connections: Connections) -> Blueprint:
    """Return the delivery API for all registered content types."""
    blueprint = Blueprint("public", __name__, static_folder="static", static_url_path="/docs/static")

    for kind in types.every():
        _add_type(blueprint, kind, connections.get)
    known = search.search_parameters()

    @blueprint.get("/v1/<locale>/search")
    def find(locale: str) -> Response:
        return search.show(connections.get(), known, locale)

    @blueprint.get("/oembed")
    def oembed() -> Response:
        return embedding.oembed(connections.get())

    @blueprint.get("/embed.js")
    def web_component() -> Response:
        return blueprint.send_static_file("embed.js")

    @blueprint.get("/sitemap.xml")
    def sitemaps() -> Response:
        return sitemap.index(connections.get())

    @blueprint.get("/v1/signatures/<digest>")
    def signature(digest: str) -> Response:
        return well_known.signature(connections.get(), digest)

    @blueprint.get("/.well-known/jwks.json")
    def keys() -> Response:
        return well_known.keys(connections.get())

    changes, all_there_is = sync.sync_parameters(settings.site), sync.manifest_parameters(settings.site)

    @blueprint.get(sync.SYNC)
    def follow() -> Response:
        return sync.show(connections.get(), changes)

    @blueprint.get(sync.MANIFEST)
    def list_all() -> Response:
        return sync.show_manifest(connections.get(), all_there_is)

    @blueprint.get("/health")
    def health() -> Response:
        return _state("ok")

    @blueprint.get("/ready")
    def ready() -> Response:
        if migrations.pending(connections.get()):
            raise errors.StoreUnavailable("migrations are pending")
        return _state("ok")

    @blueprint.get("/v1/openapi.json")
    def openapi() -> Response:
        return Response(_description(current_app), content_type=JSON)

    @blueprint.get("/docs")
    def read_docs() -> Response:
        return docs.show(connections.get, orjson.loads(_description(current_app)))

    @blueprint.get("/media/<path:name>")
    def media(name: str) -> Response:
        if normpath(name) != name:
            raise NotFound
        response = send_from_directory(settings.media_dir.resolve(), name, max_age=3600)
        response.headers["Content-Security-Policy"] = MEDIA_POLICY
        return response

    @blueprint.get("/")
    def welcome() -> Response:
        here = site()
        first = {kind.plural: f"{here.url}/v1/{here.source_locale}/{kind.plural}" for kind in types.every()}
        return Response(
            orjson.dumps(
                {"name": here.name, "docs": f"{here.url}/docs", "openapi": f"{here.url}/v1/openapi.json", **first},
                option=orjson.OPT_INDENT_2,
            ),
            content_type=JSON,
        )

    return blueprint


def _add_type(blueprint: Blueprint, kind: Type, db: Callable[[], Database]) -> None:
    one, many = items.item_parameters(kind), lists.list_parameters(kind)

    def show(locale: str, handle: str) -> Response:
        return items.show(db(), kind, one, locale, handle)

    def show_list(locale: str) -> Response:
        return lists.show(db(), kind, many, locale)

    def choose(handle: str) -> Response:
        return items.choose(db(), kind, one, handle)

    def choose_list() -> Response:
        return lists.choose(kind, many)

    def map_pages(locale: str) -> Response:
        return sitemap.show(db(), kind, locale)

    blueprint.add_url_rule(f"/sitemap/<locale>/{kind.plural}.xml", f"{kind.name}_sitemap", map_pages)
    if body_fields(kind):
        _add_texts(blueprint, kind, db)
    blueprint.add_url_rule(f"/v1/<locale>/{kind.plural}/<handle>", f"{kind.name}_show", show)
    blueprint.add_url_rule(f"/v1/<locale>/{kind.plural}", f"{kind.name}_list", show_list)
    blueprint.add_url_rule(f"/v1/{kind.plural}/<handle>", f"{kind.name}_choose", choose)
    blueprint.add_url_rule(f"/v1/{kind.plural}", f"{kind.name}_choose_list", choose_list)


def _add_texts(blueprint: Blueprint, kind: Type, db: Callable[[], Database]) -> None:
    """Add what only what has a body has: feeds, and a form for other sites' pages."""
    known = feeds.feed_parameters(kind)

    def embed(locale: str, handle: str) -> Response:
        return embedding.show(db(), kind, locale, handle)

    def feed(locale: str, name: str) -> Response:
        return feeds.show(db(), kind, known, locale, name)

    blueprint.add_url_rule(f"/v1/<locale>/{kind.plural}/<handle>/embed", f"{kind.name}_embed", embed)
    for name in feeds.FORMS:
        defaults = {"name": name}
        blueprint.add_url_rule(
            f"/v1/<locale>/{kind.plural}/{name}", f"{kind.name}_{name.replace('.', '_')}", feed, defaults=defaults
        )


def _state(word: str) -> Response:
    return Response(orjson.dumps({"status": word}), content_type=JSON, headers={"Cache-Control": "no-store"})


def _description(app: Flask) -> bytes:
    """Return the OpenAPI document, made once an application."""
    made: bytes | None = app.extensions.get("tolk_openapi")
    if made is None:
        made = orjson.dumps(describe(app.config["SITE"], version("tolk"), key_only=app.config["KEY_ONLY"]))
        app.extensions["tolk_openapi"] = made
    return made
