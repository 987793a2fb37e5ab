"""What sync and the manifest answer with, as JSON Schema."""

from collections.abc import Iterator

from api.public.shapes import LOCALE, STAMP, STRING, URI, Json, closed, nullable, pascal, ref
from cms.content import types
from cms.content.saving import UPDATE_TYPES
from cms.partners.sync import FIRST, REASONS, REMOVED
from cms.publish.editions import SEVERITIES
from cms.site import INDEXING

SEQ: Json = {"type": "integer", "description": "Of two things told of one document, the one with the higher is newer."}
NAMED: Json = {
    "id": STRING,
    "type": {**STRING, "description": "The content type."},
    "locale": LOCALE,
    "version": {"type": "integer", "description": "The number of the source revision."},
    "seq": SEQ,
    "digest": {
        **STRING,
        "description": "SHA-256 of the document as canonical JSON, written as in Content-Digest (RFC 9530).",
        "pattern": "^sha-256=:[A-Za-z0-9+/]{43}=:$",
    },
    "url": {**URI, "description": "The document in this API."},
}


def components() -> Iterator[tuple[str, Json]]:
    """Yield every named schema of sync."""
    yield "SyncPage", _page()
    yield "Upsert", _upsert()
    yield "Removal", _removal()
    yield "ManifestPage", _manifest()


def _page() -> Json:
    hours: Json = {"type": "integer", "minimum": 1}
    terms: Json = {
        "text": nullable(STRING),
        "licence": ref("Licence"),
        "indexing": {"type": "string", "enum": list(INDEXING)},
        "refresh_hours": hours,
        "acknowledge_hours": nullable(hours),
    }
    operations = {"upsert": ref("Upsert")["$ref"], "removed": ref("Removal")["$ref"]}
    properties: Json = {
        "changes": {
            "type": "array",
            "items": {
                "oneOf": [ref("Upsert"), ref("Removal")],
                "discriminator": {"propertyName": "op", "mapping": operations},
            },
        },
        "cursor": {**STRING, "description": "Keep it, with what the page brought, and give it back the next time."},
        "more": {"type": "boolean", "description": "There is more: ask at once."},
        "complete": {
            "type": "boolean",
            "description": "The run has ended: what it brought is a whole copy, and what it did not bring is to go.",
        },
        "links": closed({"next": URI}, ["next"]),
        "refresh_by": {**STAMP, "description": "Until when the copy may be shown before the next answer of sync."},
        "terms": closed(terms, sorted(terms)),
    }
    return closed(properties, sorted(properties))


def _upsert() -> Json:
    properties: Json = {
        "op": {"type": "string", "const": "upsert"},
        "reason": {"type": "string", "enum": [FIRST, *REASONS]},
        "update_type": {
            "type": "string",
            "enum": list(UPDATE_TYPES),
            "description": "The gravest of what changed since the cursor.",
        },
        **NAMED,
        "signature_input": nullable({**STRING, "description": "The header Signature-Input (RFC 9421)."}),
        "signature": nullable({**STRING, "description": "The header Signature (RFC 9421)."}),
        "document": {"anyOf": [ref(pascal(kind.name)) for kind in types.every()]},
    }
    return closed(properties, sorted(properties))


def _removal() -> Json:
    instead: Json = {"id": STRING, "type": STRING, "locale": LOCALE, "url": nullable(URI)}
    properties: Json = {
        "op": {"type": "string", "const": "removed"},
        "reason": {"type": "string", "enum": list(REMOVED)},
        **{name: NAMED[name] for name in ("id", "type", "locale", "seq")},
        "at": {**STAMP, "description": "Since when."},
        "severity": nullable({"type": "string", "enum": list(SEVERITIES)}),
        "explanation": nullable({**STRING, "description": "Why, for readers."}),
        "replacement": nullable(closed(instead, sorted(instead))),
    }
    return closed(properties, sorted(properties))


def _manifest() -> Json:
    line: Json = {**NAMED, "updated_at": STAMP}
    properties: Json = {
        "data": {"type": "array", "items": closed(line, sorted(line))},
        "cursor": nullable(
            {**STRING, "description": "With the last page: go on from here with sync, as `links.sync` does."}
        ),
        "links": closed({"next": nullable(URI), "sync": nullable(URI)}, ["next", "sync"]),
    }
    return closed(properties, sorted(properties))
