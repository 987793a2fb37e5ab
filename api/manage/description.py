"""The OpenAPI 3.1 description of the management API, made from the operations that serve it."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from apispec import APISpec
from marshmallow import Schema

from api.manage.asking import TYPE
from api.manage.operations import Group, Operation
from api.manage.previews import document_schema
from api.manage.shapes import contents, given, taken
from api.openapi import HEADERS
from api.public.shapes import LOCALE, STRING, closed, components, page_schema, pascal, ref
from cms.content import types
from cms.site import Site

Json = dict[str, Any]

ABOUT = """All that the admin can do, for programs.

Every request shows a key: `Authorization: Bearer tolk_…`. A key acts for its owner, with the owner's roles, within its
scopes. What a key is limited to by type or language must be named in the request.

Writes to an entry send the ETag of the revision that they were based on as `If-Match`. Requests that make something
may carry an `Idempotency-Key`: sent again within a day, they are answered the same and nothing is made twice.
"""
SAID = {
    400: "The request or a parameter cannot be used.",
    401: "The key is missing, wrong, expired or revoked.",
    403: "The key, or its owner, may not do this.",
    404: "There is no such thing.",
    409: "A rule does not allow this now, or somebody was first.",
    412: "Somebody saved the entry since.",
    413: "The body is too large.",
    415: "The body is of another kind than this operation takes.",
    422: "What was sent does not fit.",
    428: "If-Match is missing.",
    429: "Too many requests.",
    502: "The machine that translates refuses.",
    503: "The database, or the machine that translates, does not answer.",
}
IN_PATH = {
    "entry": "The id of the entry.",
    "locale": "The language.",
    "revision": "The number of the revision.",
    "suggestion": "The id of the suggestion.",
    "task": "The id of the task.",
    "user": "The id of the user.",
    "key": "The id of the key.",
    "picture": "The id of the picture.",
    "partner": "The id of the partner.",
    "webhook": "The id of the webhook.",
    "delivery": "The id of the delivery.",
    "recall": "The id of the recall.",
}
IF_MATCH: Json = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag of the newest revision that you have seen.",
    "schema": {"type": "string", "examples": ['"r12"']},
}
IDEMPOTENCY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A name of your own for this request; sent again within a day, it is answered the same.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
}


def describe(
    site: Site, version: str, groups: Iterable[Group], prefix: str, name: str = "management API", about: str = ABOUT
) -> Json:
    """Return the description as a JSON-ready object."""
    groups = list(groups)
    spec = APISpec(
        title=f"{site.name} {name}",
        version=version,
        openapi_version="3.1.0",
        info={"description": about, "license": {"name": "MIT", "identifier": "MIT"}},
        servers=[{"url": site.url}],
        tags=[{"name": group.tag, "description": group.about} for group in groups],
        security=[{"key": []}],
    )
    spec.components.security_scheme("key", {"type": "http", "scheme": "bearer", "bearerFormat": "tolk_…"})
    known: dict[str, Json] = {}
    paths: dict[str, dict[str, Json]] = {}
    for group in groups:
        for operation in group.operations:
            path = prefix + re.sub(r"<(\w+)>", r"{\1}", operation.path)
            paths.setdefault(path, {})[operation.method.lower()] = _operation(site, operation, known)
    for path, operations in paths.items():
        spec.path(path, operations=operations)
    used = _used({**paths, **known}, schemas := {**dict(components()), **contents(), "Problem": _problem(), **known})
    for name in schemas:
        if name in used:
            spec.components.schema(name, schemas[name])
    described: Json = spec.to_dict()
    return described


def _used(value: Any, schemas: Mapping[str, Json]) -> set[str]:
    """Return the names of the schemas that are referred to, and of those that they refer to."""
    found: set[str] = set()
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            name = str(here.get("$ref", "")).rpartition("/")[2]
            if name in schemas and name not in found:
                found.add(name)
                waiting.append(schemas[name])
            waiting += here.values()
        elif isinstance(here, list):
            waiting += here
    return found


def _operation(site: Site, operation: Operation, known: dict[str, Json]) -> Json:
    described: Json = {
        "operationId": operation.name,
        "summary": operation.summary,
        **({"description": f"Needs the right {_rights(operation)}."} if operation.rights else {}),
        "tags": [operation.tag],
        "parameters": _parameters(site, operation),
        "responses": _responses(operation, known),
    }
    if operation.body is not None:
        schema = _body(operation.body)
        needed = any(field.required for field in operation.body.fields.values())
        described["requestBody"] = {"required": needed, "content": {"application/json": {"schema": schema}}}
    if operation.files:
        file = {"type": "string", "format": "binary", "minLength": 1}
        form = closed({"file": file}, ["file"])
        media = {kind: {"schema": file} for kind in operation.files} | {"multipart/form-data": {"schema": form}}
        described["requestBody"] = {"required": True, "content": media}
    return described


def _rights(operation: Operation) -> str:
    return " or ".join(f"`{action}`" for action in operation.rights) if len(operation.rights) < 9 else "to anything"


def _body(body: Schema) -> Json:
    schema = taken(body)
    if {"type", "content"} <= schema["properties"].keys():
        # What content may be depends on the type that is named beside it.
        return {
            "oneOf": [
                {**schema, "properties": {**schema["properties"], **_content_of(kind.name)}} for kind in types.every()
            ]
        }
    return schema


def _content_of(name: str) -> Json:
    return {"type": {"type": "string", "const": name}, "content": ref(f"{pascal(name)}Content")}


def _parameters(site: Site, operation: Operation) -> list[Json]:
    found: list[Json] = []
    for name in re.findall(r"<(\w+)>", operation.path):
        schema = {**LOCALE, "enum": list(site.locales)} if name == "locale" else STRING
        found.append({"name": name, "in": "path", "required": True, "description": IN_PATH[name], "schema": schema})
    for parameter in operation.query.values():
        schema = dict(parameter.schema)
        if parameter is TYPE:
            schema = {"type": "string", "enum": [kind.name for kind in types.every()]}
        found.append(
            {
                "name": parameter.name,
                "in": "query",
                "required": parameter.name in operation.required,
                "description": parameter.description,
                "schema": schema,
            }
        )
    found += [IF_MATCH] if operation.conditional else []
    return found + ([IDEMPOTENCY] if operation.once else [])


def _responses(operation: Operation, known: dict[str, Json]) -> Json:
    responses: Json = {}
    for status, kind in operation.answers.items():
        answer: Json = {"description": "Done." if operation.method != "GET" else "Here it is.", "headers": HEADERS}
        if kind is not None:
            answer["content"] = {media: {"schema": _answer(kind, known)} for media in operation.media}
        responses[str(status)] = answer
    if operation.method == "GET" and not operation.stream:
        responses["304"] = {"description": "You have it already."}
    problem = {"application/problem+json": {"schema": ref("Problem")}}
    for status in _faults(operation):
        responses[str(status)] = {"description": SAID[status], "content": problem}
    return dict(sorted(responses.items()))


def _answer(kind: Any, known: dict[str, Json]) -> Json:
    if isinstance(kind, dict) and "page of" in kind:
        return page_schema(given(kind["page of"], known))
    if isinstance(kind, dict) and "document" in kind:
        return document_schema()
    return given(kind, known)


def _faults(operation: Operation) -> list[int]:
    found = {400, 401, 403, 404, 429, 503}
    if operation.method != "GET":
        found |= {409, 413, 415, 422}
    if "<locale>" in operation.path or operation.tag == "glossary":
        found |= {422}
    if operation.conditional:
        found |= {412, 428}
    return sorted(found | ({502} if operation.path.endswith("/machine") else set()))


def _problem() -> Json:
    """Return the schema of a problem; `code` is stable, and tells which of the further members are there."""
    fault = closed(
        {
            "parameter": STRING,
            "pointer": {**STRING, "description": "An RFC 6901 JSON pointer into the body."},
            "code": STRING,
            "detail": STRING,
            "did_you_mean": STRING,
        },
        ["code", "detail"],
    )
    clash = closed(dict.fromkeys(("path", "theirs", "yours", "by"), STRING), ["by", "path", "theirs", "yours"])
    return closed(
        {
            "type": {"type": "string", "format": "uri"},
            "title": STRING,
            "status": {"type": "integer"},
            "code": STRING,
            "instance": STRING,
            "request_id": STRING,
            "errors": {"type": "array", "items": fault},
            "available_locales": {"type": "array", "items": LOCALE},
            "action": {**STRING, "description": "What may not be done (403)."},
            "entry_type": STRING,
            "locale": STRING,
            "latest": {"type": "integer", "description": "The newest revision (412)."},
            "based_on": {"type": "integer"},
            "changed": {"type": "array", "items": STRING, "description": "What changed since the one you named (412)."},
            "saved_by": STRING,
            "saved_at": STRING,
            "clashes": {"type": "array", "items": clash, "description": "Both texts of each segment (409)."},
        },
        ["code", "status", "title", "type"],
    )
