"""The OpenAPI 3.1 description of the API, made from the content types and parameters that serve it."""

from typing import Any

from apispec import APISpec

from api.public import access, sync_shapes
from api.public.embedding import EMBED_PARAMETERS, OEMBED_PARAMETERS
from api.public.feeds import feed_parameters
from api.public.items import item_parameters
from api.public.lists import list_parameters
from api.public.parameters import Parameter
from api.public.search import search_parameters
from api.public.shapes import LOCALE, STAMP, STRING, URI, body_fields, closed, components, nullable, pascal, ref
from api.public.sitemap import SITEMAP_PARAMETERS
from api.public.sync import manifest_parameters, sync_parameters
from api.public.well_known import DIGEST
from cms.content import types
from cms.content.types import Type
from cms.publish import standing
from cms.site import Site

Json = dict[str, Any]

ABOUT = """Finished JSON of health advice in many languages.

Every document says which language it is in (`locale`, `dir`), how its text stands against the source
(`translation`), and where else it can be had (`alternates`). A block whose advice is critical and not yet
translated is given in the source language, with its own `lang` and a `notice`: show both.

Withdrawn advice answers 410 with an explanation and, where there is one, a replacement; take it down.

A partner shows its key (`Authorization: Bearer tolk_…`) and is given its part; a key that is none is never anonymous.
"""
# What operations ask for, as OpenAPI says it: a partner's key.
KEY: Json = {"key": []}
HEADERS: Json = {
    "ETag": {"description": "Strong validator; send it back in If-None-Match.", "schema": STRING},
    "Cache-Control": {"schema": STRING},
    "Content-Language": {"schema": STRING},
    "X-Request-ID": {"description": "Name it when you ask us about this answer.", "schema": STRING},
}
# What a document carries as it was published: without `fields`, `format`, `view` and `fallback`.
PROOF: Json = {
    "Content-Digest": {
        "description": "The SHA-256 of the document (RFC 9530), before any compression.",
        "schema": STRING,
    },
    "Signature-Input": {"description": "What the signature `tolk` covers (RFC 9421).", "schema": STRING},
    "Signature": {"description": "The signature, by a key of `/.well-known/jwks.json`.", "schema": STRING},
}


def describe(site: Site, version: str, *, key_only: bool = False) -> Json:
    """Return the description as a JSON-ready object; with `key_only` of an API that nobody reads without a key."""
    spec = APISpec(
        title=f"{site.name} delivery API",
        version=version,
        openapi_version="3.1.0",
        info={"description": ABOUT, "license": {"name": "MIT", "identifier": "MIT"}},
        servers=[{"url": site.url}],
        security=[KEY] if key_only else [{}, KEY],
        tags=[{"name": kind.plural, "description": _about(kind)} for kind in types.every()]
        + [
            {"name": "search", "description": "Full-text search."},
            {"name": "elsewhere", "description": "Feeds, sitemaps and forms for other sites' pages."},
            {"name": "sync", "description": "Keep a copy: what changed, what is to go, and all there is."},
            {"name": "signatures", "description": "What proves documents."},
            {"name": "operation", "description": "Health."},
        ],
    )
    spec.components.security_scheme("key", {"type": "http", "scheme": "bearer", "bearerFormat": "tolk_…"})
    for name, schema in (*components(), *sync_shapes.components()):
        spec.components.schema(name, schema)
    spec.components.schema("Problem", _problem())
    spec.components.schema("Withdrawal", _withdrawal())
    spec.components.schema("Signature", _signature())
    spec.components.schema("Keys", _keys())
    for kind in types.every():
        _type_paths(spec, site, kind)
        _elsewhere_paths(spec, site, kind)
    _other_paths(spec, site)
    described: Json = spec.to_dict()
    return described


def _about(kind: Type) -> str:
    return (type(kind.schema).__doc__ or kind.name).strip().partition("\n")[0]


def _type_paths(spec: APISpec, site: Site, kind: Type) -> None:
    name = pascal(kind.name)
    handle = _in_path("handle", f"The slug or the id of the {kind.name}.", STRING)
    locale = _locale(site)
    whole = {"anyOf": [ref(name), ref(f"{name}Form")]}
    item = {
        **_answers(whole, 400, 404),
        "301": _redirect("It has another slug now."),
        "304": {"description": "You have it already."},
        "410": {
            "description": "It has been withdrawn.",
            "headers": PROOF,
            "content": {"application/problem+json": {"schema": ref("Withdrawal")}},
        },
    }
    item["200"]["headers"] = {**HEADERS, **PROOF}
    item["200"]["content"]["application/ld+json"] = {"schema": {"type": "object"}}
    _get(
        spec, f"/v1/{{locale}}/{kind.plural}/{{handle}}", f"get_{kind.name}", f"One {kind.name}",
        kind.plural, [locale, handle, *_in_query(item_parameters(kind))], item,
    )  # fmt: skip
    _get(
        spec, f"/v1/{{locale}}/{kind.plural}", f"list_{kind.plural}", f"The {kind.plural} in a language",
        kind.plural, [locale, *_in_query(list_parameters(kind))],
        {**_answers(ref(f"{name}List"), 400, 404), "304": {"description": "You have it already."}},
    )  # fmt: skip
    _get(
        spec, f"/v1/{kind.plural}/{{handle}}", f"choose_{kind.name}",
        f"One {kind.name}, in the language that Accept-Language prefers", kind.plural,
        [handle, *_in_query(item_parameters(kind))],
        {"302": _redirect("The document in that language."), **_faults(400, 404)},
    )  # fmt: skip
    _get(
        spec, f"/v1/{kind.plural}", f"choose_{kind.plural}",
        f"The {kind.plural}, in the language that Accept-Language prefers", kind.plural,
        _in_query(list_parameters(kind)), {"302": _redirect("The list in that language."), **_faults(400)},
    )  # fmt: skip


def _elsewhere_paths(spec: APISpec, site: Site, kind: Type) -> None:
    name, locale = pascal(kind.name), _locale(site)
    _get(
        spec, f"/sitemap/{{locale}}/{kind.plural}.xml", f"map_{kind.plural}",
        f"The sitemap of {kind.plural} in a language", "elsewhere", [locale, *_in_query(SITEMAP_PARAMETERS)],
        _text("application/xml", 400, 404),
    )  # fmt: skip
    if not body_fields(kind):
        return
    asked = [locale, *_in_query(feed_parameters(kind))]
    _get(
        spec, f"/v1/{{locale}}/{kind.plural}/feed.atom", f"feed_{kind.plural}",
        f"The {kind.plural} that changed last in a language, as Atom with tombstones", "elsewhere", asked,
        _text("application/atom+xml", 400, 404),
    )  # fmt: skip
    _get(
        spec, f"/v1/{{locale}}/{kind.plural}/feed.json", f"json_feed_{kind.plural}",
        f"The {kind.plural} that changed last in a language, as JSON Feed 1.1", "elsewhere", asked,
        _other_media("application/feed+json", {"type": "object", "required": ["items", "title", "version"]}, 400, 404),
    )  # fmt: skip
    handle = _in_path("handle", f"The slug or the id of the {kind.name}.", STRING)
    page = _text("text/html", 400, 404)
    _get(
        spec, f"/v1/{{locale}}/{kind.plural}/{{handle}}/embed", f"embed_{name.lower()}",
        f"One {kind.name} as HTML, for a frame or to be put into a page", "elsewhere",
        [locale, handle, *_in_query(EMBED_PARAMETERS)],
        {
            **page,
            "301": _redirect("It has another slug now."),
            "410": {**page["200"], "description": "It has been withdrawn: the same page says why."},
        },
    )  # fmt: skip


def _other_paths(spec: APISpec, site: Site) -> None:
    expired = {"410": {
        "description": "The cursor leads nowhere any longer: begin anew at `links.restart`.",
        "content": {"application/problem+json": {"schema": ref("Problem")}},
    }}  # fmt: skip
    _get(
        spec, "/v1/sync", "sync", "What changed since a cursor, or all there is", "sync",
        _in_query(sync_parameters(site)), {**_answers(ref("SyncPage"), 400, 404), **expired},
    )  # fmt: skip
    _get(
        spec, "/v1/manifest", "manifest", "All there is, by digest", "sync",
        _in_query(manifest_parameters(site)), {**_answers(ref("ManifestPage"), 400, 404), **expired},
    )  # fmt: skip
    _get(
        spec, "/oembed", "oembed", "What to put into a page for an address (oEmbed 1.0)", "elsewhere",
        _in_query(OEMBED_PARAMETERS, required=("url",)),
        {
            **_answers({"type": "object", "required": ["html", "type", "version"]}, 400, 404),
            "304": {"description": "You have it already."},
        },
    )  # fmt: skip
    _get(spec, "/sitemap.xml", "sitemaps", "The addresses of all sitemaps", "elsewhere", [],
         _text("application/xml", 400))  # fmt: skip
    _get(spec, "/embed.js", "web_component", "The web component tolk-article", "elsewhere", [],
         _text("text/javascript"))  # fmt: skip
    _get(
        spec, "/v1/{locale}/search", "search", "Search what is live in a language", "search",
        [_locale(site), *_in_query(search_parameters(), required=("q",))],
        {**_answers(ref("SearchResults"), 400, 404), "304": {"description": "You have it already."}},
    )  # fmt: skip
    digest = _in_path(
        "digest", "The SHA-256 of the document as it was served, as hex.", {"type": "string", "pattern": f"^{DIGEST}$"}
    )
    _get(
        spec, "/v1/signatures/{digest}", "get_signature", "What proves a version of a document, and how it stands now",
        "signatures", [digest], {**_answers(ref("Signature")), **_faults(404)},
    )  # fmt: skip
    keys = _answers(ref("Keys"))
    keys["200"]["content"] = {"application/jwk-set+json": {"schema": ref("Keys")}}
    _get(
        spec, "/.well-known/jwks.json", "get_keys", "The public keys that documents are signed with", "signatures",
        [], keys,
    )  # fmt: skip
    state = closed({"status": {"type": "string", "enum": ["ok"]}}, ["status"])
    _get(spec, "/health", "health", "Whether the process runs", "operation", [], _answers(state))
    _get(
        spec, "/ready", "ready", "Whether it can answer: the database is there and migrated", "operation", [],
        {**_answers(state), **_faults(503)},
    )  # fmt: skip
    _get(
        spec, "/v1/openapi.json", "describe", "This description", "operation", [], _answers({"type": "object"})
    )  # fmt: skip


def _get(spec: APISpec, path: str, name: str, summary: str, tag: str, parameters: list[Json], responses: Json) -> None:
    operation: Json = {
        "operationId": name, "summary": summary, "tags": [tag], "parameters": parameters, "responses": responses,
    }  # fmt: skip
    if access.is_open(path):
        operation["security"] = []
    else:
        operation["responses"] = {**responses, **_faults(401, 429)}
    spec.path(path, operations={"get": operation})


def _locale(site: Site) -> Json:
    return _in_path("locale", "The language to read in.", {**LOCALE, "enum": list(site.locales)})


def _in_path(name: str, description: str, schema: Json) -> Json:
    return {"name": name, "in": "path", "required": True, "description": description, "schema": schema}


def _in_query(known: dict[str, Parameter], required: tuple[str, ...] = ()) -> list[Json]:
    return [
        {
            "name": parameter.name,
            "in": "query",
            "required": parameter.name in required,
            "description": parameter.description,
            "schema": dict(parameter.schema),
            # A list is written with commas: `fields=title,url`.
            **({"style": "form", "explode": False} if parameter.schema.get("type") == "array" else {}),
        }
        for parameter in known.values()
    ]


def _answers(schema: Json, *faults: int) -> Json:
    good = {"description": "Here it is.", "headers": HEADERS, "content": {"application/json": {"schema": schema}}}
    return {"200": good, **_faults(*faults)}


def _other_media(media: str, schema: Json, *faults: int) -> Json:
    good = {"description": "Here it is.", "headers": HEADERS, "content": {media: {"schema": schema}}}
    return {"200": good, "304": {"description": "You have it already."}, **_faults(*faults)}


def _text(media: str, *faults: int) -> Json:
    return _other_media(media, STRING, *faults)


def _faults(*statuses: int) -> Json:
    said = {400: "A parameter cannot be used.", 401: "The key is none, or a key is needed.",
            404: "There is no such thing, or not in this language.", 429: "Too many wrong keys; see Retry-After.",
            503: "The database does not answer."}  # fmt: skip
    content = {"application/problem+json": {"schema": ref("Problem")}}
    return {str(status): {"description": said[status], "content": content} for status in statuses}


def _redirect(description: str) -> Json:
    return {
        "description": description,
        "headers": {"Location": {"schema": {"type": "string", "format": "uri-reference"}}},
    }


def _problem() -> Json:
    fault = {
        "type": "object",
        "properties": {
            "parameter": STRING,
            "pointer": {**STRING, "description": "An RFC 6901 JSON pointer."},
            "code": STRING,
            "detail": STRING,
            "did_you_mean": STRING,
        },
        "required": ["code", "detail"],
    }
    return {
        "type": "object",
        "description": "An RFC 9457 problem; `code` is stable, `title` is in your language.",
        "properties": {
            "type": URI,
            "title": STRING,
            "status": {"type": "integer"},
            "code": STRING,
            "instance": STRING,
            "request_id": STRING,
            "errors": {"type": "array", "items": fault},
            "links": closed({"restart": URI}, ["restart"]),
            "reason": {"type": "string", "enum": ["too_old", "other_selection", "other_history"]},
            "available_locales": {"type": "array", "items": LOCALE},
            "alternates": {
                "type": "array",
                "items": closed({"locale": LOCALE, "slug": STRING, "url": URI}, ["locale", "slug", "url"]),
            },
        },
        "required": ["code", "status", "title", "type"],
    }


def _withdrawal() -> Json:
    cards = [ref(f"{pascal(kind.name)}Card") for kind in types.every()]
    properties: Json = {
        "type": STRING,
        "title": STRING,
        "lang": LOCALE,
        "status": {"type": "integer", "const": 410},
        "code": {"type": "string", "const": "withdrawn"},
        "detail": {**STRING, "description": "Why it was withdrawn."},
        "id": STRING,
        "entry_type": STRING,
        "locale": LOCALE,
        "slug": STRING,
        "version": {"type": "integer"},
        "severity": {"type": "string", "enum": ["editorial", "legal", "safety"]},
        "withdrawn_at": STAMP,
        "replacement": {"anyOf": [*cards, nullable({"type": "object"})]},
    }
    return closed(properties, sorted(properties))


def _signature() -> Json:
    properties: Json = {
        "digest": {**STRING, "description": "The SHA-256 of the document, as hex: its ETag then."},
        "content_digest": {**STRING, "description": "The same as the header Content-Digest gave it."},
        "content_type": STRING,
        "status": {"type": "integer", "enum": [200, 410]},
        "id": STRING,
        "type": STRING,
        "locale": LOCALE,
        "version": {"type": "integer"},
        "since": {**STAMP, "description": "From when on it was served."},
        "signature_input": {**STRING, "description": "The header Signature-Input."},
        "signature": {**STRING, "description": "The header Signature."},
        "key": {**STRING, "description": "The id of the key, as the key set has it."},
        "state": {
            "type": "string",
            "enum": list(standing.STATES),
            "description": "Whether it is what is served now. `renewed`: its text is, with a later `refresh_by`.",
        },
        "url": {**nullable(URI), "description": "Where its entry is served now, in this language."},
        "replaced_by": {**nullable(STRING), "description": "The SHA-256 of what is served there in its place."},
    }
    return closed(properties, sorted(properties))


def _keys() -> Json:
    key: Json = {
        "kty": {"type": "string", "const": "OKP"},
        "crv": {"type": "string", "const": "Ed25519"},
        "x": STRING,
        "kid": {**STRING, "description": "The SHA-256 thumbprint of the key (RFC 7638)."},
        "use": {"type": "string", "const": "sig"},
        "alg": {"type": "string", "const": "EdDSA"},
    }
    keys = {"type": "array", "items": closed(key, sorted(key))}
    return closed({"keys": keys}, ["keys"], description="A JSON Web Key Set (RFC 7517); the key in use is the first.")
