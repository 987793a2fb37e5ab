"""What documents look like, as JSON Schema, read from the same content types that render them."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from marshmallow import Schema, fields

from cms.content import pictures, types
from cms.content.blocks import kinds, nested_kinds
from cms.content.fields import (
    Blocks,
    Choice,
    Day,
    Flag,
    Inline,
    Lines,
    Link,
    ListOf,
    Mail,
    Ref,
    Text,
    Whole,
)
from cms.content.types import Type
from cms.publish.currency import REVIEW_STATES
from cms.site import INDEXING

Json = dict[str, Any]

STRING: Json = {"type": "string"}
STAMP: Json = {"type": "string", "format": "date-time"}
URI: Json = {"type": "string", "format": "uri"}
LOCALE: Json = {"type": "string", "description": "A BCP 47 tag.", "examples": ["nl"]}
DIRECTION: Json = {"type": "string", "enum": ["ltr", "rtl"]}
HTML: Json = {"type": "string", "description": "Sanitised inline HTML: em, strong, a, br, code."}
# What a part of a document carries where it is not in the document's language, or behind its source.
MARKS: Json = {
    "lang": {**LOCALE, "description": "The language of this part, where it is not the document's."},
    "dir": DIRECTION,
}
BLOCK_MARKS: Json = {
    **MARKS,
    "freshness": {"type": "string", "enum": ["stale", "missing"]},
    "notice": {**STRING, "description": "Why the source text is shown; to be put before the block."},
    "omitted": {"type": "boolean", "description": "The notice stands in the place of the block."},
    "notice_lang": {**LOCALE, "description": "The language of the notice, where it is not the document's."},
}
UNTRANSLATED: Json = {
    "type": "object",
    "description": "Which fields of a card nobody has translated yet, and the language that their texts are in.",
    "properties": {"fields": {"type": "array", "items": STRING, "minItems": 1}, "lang": LOCALE, "dir": DIRECTION},
    "required": ["dir", "fields", "lang"],
    "additionalProperties": False,
}

SIDE: Json = {"type": "integer", "minimum": 1}
PERCENT: Json = {"type": "integer", "minimum": 0, "maximum": 100}
# What a picture that was uploaded here carries beside its own fields.
PICTURE: Json = {
    "renditions": {
        "type": "array",
        "description": "The same picture in other sizes and formats, for `srcset`.",
        "items": {
            "type": "object",
            "properties": {"src": URI, "width": SIDE, "height": SIDE, "type": STRING},
            "required": ["height", "src", "type", "width"],
            "additionalProperties": False,
        },
    },
    "focus": {
        "type": "object",
        "description": "What matters in it, in percent from its left and its top.",
        "properties": {"x": PERCENT, "y": PERCENT},
        "required": ["x", "y"],
        "additionalProperties": False,
    },
}


def pascal(name: str) -> str:
    """Return a type's name as OpenAPI components are named: `flow_chart` gives `FlowChart`."""
    return "".join(word.title() for word in name.split("_"))


def ref(name: str) -> Json:
    """Return a reference to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


def nullable(schema: Json) -> Json:
    """Return a schema that also takes null."""
    if "$ref" in schema or "enum" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]}


def closed(properties: Json, required: list[str], **more: Any) -> Json:
    """Return an object schema that names all its members."""
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False, **more}


@lru_cache
def document_fields(kind: Type) -> frozenset[str]:
    """Return the names of all members of a type's documents."""
    return frozenset(_document(kind)["properties"])


@lru_cache
def body_fields(kind: Type) -> frozenset[str]:
    """Return the names of the members that are made of blocks."""
    return frozenset(name for name, field in kind.schema.fields.items() if isinstance(field, Blocks))


def is_whole(kind: Type, names: Iterable[str]) -> bool:
    """Tell whether these members are a document to keep, and no mere entry of a list that leads to one."""
    return bool(set(names) - brief_fields(kind)) or brief_fields(kind) == document_fields(kind)


@lru_cache
def brief_fields(kind: Type) -> frozenset[str]:
    """Return the names of the members that lists give."""
    full = {name for name, field in kind.schema.fields.items() if field.metadata.get("full")}
    return document_fields(kind) - body_fields(kind) - full


def components() -> Iterator[tuple[str, Json]]:
    """Yield every named schema of the delivery API."""
    yield "Translation", _translation()
    yield (
        "Alternate",
        closed(
            {
                "locale": LOCALE,
                "slug": STRING,
                "url": URI,
                "freshness": {"type": "string", "enum": ["source", "current", "stale"]},
            },
            ["freshness", "locale", "slug", "url"],
        ),
    )
    yield "Licence", closed({"name": STRING, "url": STRING}, ["name"])
    yield (
        "Attribution",
        closed(
            {
                "text": {**STRING, "description": "Whom to name."},
                "html": {**STRING, "description": "The same as sanitised HTML, with the link."},
                "logo": {**nullable(URI), "description": "What to show beside it."},
                "url": {**URI, "description": "Where to link to."},
            },
            ["html", "logo", "text", "url"],
        ),
    )
    yield from _blocks()
    for kind in types.every():
        yield f"{pascal(kind.name)}Card", _card(kind)
        whole = _document(kind)
        yield pascal(kind.name), whole
        yield f"{pascal(kind.name)}Form", _form(kind, whole)
        yield f"{pascal(kind.name)}Brief", _brief(kind, whole)
        yield f"{pascal(kind.name)}List", page_schema(ref(f"{pascal(kind.name)}Brief"), locale=LOCALE)
    hits = [
        {"allOf": [ref(f"{pascal(kind.name)}Brief"), {"type": "object", "required": ["snippet_html"]}]}
        for kind in types.every()
    ]
    yield "SearchResults", page_schema({"anyOf": hits}, locale=LOCALE)


def _translation() -> Json:
    properties: Json = {
        "source_locale": LOCALE,
        "source_revision": {"type": "integer"},
        "translated_from": {"type": "integer", "description": "The newest source revision that was wholly translated."},
        "revisions_behind": {"type": "integer", "minimum": 0},
        "state": {"type": "string", "enum": ["approved"]},
        "freshness": {"type": "string", "enum": ["source", "current", "stale"]},
        "stale_blocks": {"type": "array", "items": STRING, "description": "Ids of blocks that are not current."},
        "stale_fields": {"type": "array", "items": STRING, "description": "Names of fields that are not current."},
        "stale_since": nullable(STAMP),
        "origin": {"type": "string", "enum": ["human", "machine", "memory", "import"]},
    }
    return closed(properties, sorted(properties))


def _blocks() -> Iterator[tuple[str, Json]]:
    for name, schema in kinds().items():
        properties, required = _members(schema)
        properties = {**properties, "type": {"type": "string", "const": name}, **BLOCK_MARKS}
        yield f"{pascal(name)}Block", closed(properties, required)
    yield "Block", _union(list(kinds()))
    yield "NestedBlock", _union(list(nested_kinds()))


def _union(names: list[str]) -> Json:
    return {
        "oneOf": [ref(f"{pascal(name)}Block") for name in names],
        "discriminator": {
            "propertyName": "type",
            "mapping": {name: f"#/components/schemas/{pascal(name)}Block" for name in names},
        },
    }


def _members(schema: Schema) -> tuple[Json, list[str]]:
    """Return the members of a part of a document: absent where the source has nothing."""
    properties: Json = {}
    required = []
    for name, field in schema.fields.items():
        shown = name
        if isinstance(field, Inline):
            shown = "html" if name == "text" else f"{name}_html"
        properties[shown] = _value(field)
        if field.required:
            required.append(shown)
    if pictures.is_picture(schema):
        properties |= PICTURE
    return properties, required


def _value(field: Any) -> Json:
    if isinstance(field, Ref):
        return ref(f"{pascal(field.target)}Card")
    if isinstance(field, Inline):
        return HTML
    if isinstance(field, Choice):
        return {"type": "string", "enum": list(field.choices)}
    if isinstance(field, Text):
        return {"type": "string", **_format(field)}
    if isinstance(field, Whole):
        return {"type": "integer", "minimum": field.minimum, "maximum": field.maximum}
    if isinstance(field, Flag):
        return {"type": "boolean"}
    if isinstance(field, Lines):
        return {"type": "array", "items": STRING}
    if isinstance(field, Blocks):
        return {"type": "array", "items": ref("Block" if field.kinds is kinds() else "NestedBlock")}
    if isinstance(field, ListOf):
        return {"type": "array", "items": _value(field.inner)}
    if isinstance(field, fields.Nested):
        properties, required = _members(field.schema)
        return closed({**properties, **MARKS}, required)
    return {}


def _format(field: Text) -> Json:
    if isinstance(field, Link):
        return {"format": "uri"}
    if isinstance(field, Day):
        return {"format": "date"}
    return {"format": "email"} if isinstance(field, Mail) else {}


def _own(kind: Type, names: tuple[str, ...] = ()) -> Json:
    """Return the members that a type's own fields give a document: always there, null or empty where unknown."""
    properties: Json = {}
    for name, field in kind.schema.fields.items():
        if name == "slug" or (names and name not in names):
            continue
        shown = f"{name}_html" if isinstance(field, Inline) else name
        schema = _value(field)
        listed = schema.get("type") == "array"
        properties[shown] = schema if listed or (field.required and name == kind.title) else nullable(schema)
    return properties


def _card(kind: Type) -> Json:
    properties = {
        "id": STRING,
        "type": {"type": "string", "const": kind.name},
        "slug": STRING,
        "locale": LOCALE,
        "href": {**URI, "description": "Its document in this API."},
        "url": {**URI, "description": "Its page for readers."},
        **_own(kind, kind.card),
    }
    return closed({**properties, **MARKS, "untranslated": UNTRANSLATED}, sorted(properties))


def _document(kind: Type) -> Json:
    properties: Json = {
        "id": STRING,
        "type": {"type": "string", "const": kind.name},
        "locale": LOCALE,
        "dir": DIRECTION,
        "slug": STRING,
        **_own(kind),
        "translation": ref("Translation"),
        "alternates": {"type": "array", "items": ref("Alternate")},
        "published_at": {**STAMP, "description": "First published in this language."},
        "content_changed_at": {**STAMP, "description": "The meaning last changed."},
        "modified_at": {**STAMP, "description": "Anything last changed."},
        "update_type": {"type": "string", "enum": ["safety", "major", "minor", "republish"]},
        "version": {"type": "integer", "description": "The number of the source revision that is live."},
        "url": URI,
        "canonical_url": URI,
        "licence": ref("Licence"),
        "attribution": ref("Attribution"),
        "indexing": {
            "type": "string",
            "enum": list(INDEXING),
            "description": "Whether search engines may index a copy: no, with a link to the original, or freely.",
        },
        "refresh_by": {**STAMP, "description": "Fetch it again before then."},
        "display_until": {
            **nullable(STAMP),
            "description": "Show it no longer from then on; null where no review is due.",
        },
        "review_state": {"type": "string", "enum": list(REVIEW_STATES)},
        "review_notice": {
            **nullable(STRING),
            "description": "What to tell readers while its review is overdue; to be put before the text.",
        },
        "review_notice_lang": {
            **nullable(LOCALE),
            "description": "The language of that notice, where it is not the document's.",
        },
    }
    return closed(properties, sorted(properties))


def _form(kind: Type, whole: Json) -> Json:
    """Return the schema of a document of which fields were picked, or whose body is one text."""
    texts = {
        name: {"anyOf": [whole["properties"][name], nullable(STRING)]}
        for name, field in kind.schema.fields.items()
        if isinstance(field, Blocks)
    }
    fallback = closed({"requested": LOCALE, "served": LOCALE}, ["requested", "served"])
    properties = {**whole["properties"], **texts, "fallback": fallback}
    # With `format` an inline field is no HTML any more, and its name says so.
    for name, field in kind.schema.fields.items():
        if isinstance(field, Inline):
            properties |= {f"{name}_markdown": nullable(STRING), f"{name}_text": nullable(STRING)}
    return closed(properties, ["id", "locale", "type"])


def _brief(kind: Type, whole: Json) -> Json:
    properties = {
        **_form(kind, whole)["properties"],
        "snippet_html": {**STRING, "description": "With <mark> around what was found."},
    }
    del properties["fallback"]
    return closed(properties, ["id", "locale", "type"])


def page_schema(item: Json, **meta: Json) -> Json:
    """Return the schema of one page of a list; `meta` is what it says beside the counts."""
    whole = {"type": "integer", "minimum": 0}
    said = {**meta, "total": whole, "page": whole, "limit": whole, "pages": whole}
    links = {name: nullable(URI) for name in ("self", "first", "prev", "next", "last")}
    properties = {
        "data": {"type": "array", "items": item},
        "meta": closed(said, sorted(said)),
        "links": closed(links, sorted(links)),
    }
    return closed(properties, sorted(properties))
