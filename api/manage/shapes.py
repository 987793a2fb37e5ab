"""What the management API takes and gives, as JSON Schema: read from the same schemas and dataclasses that do it."""

from collections.abc import Mapping, Sequence
from dataclasses import fields as fields_of
from dataclasses import is_dataclass
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from marshmallow import Schema, fields

from api.manage.bodies import Content, Moment, Texts
from api.public.shapes import STRING, closed, nullable, pascal, ref
from cms.content import types
from cms.content.blocks import kinds
from cms.content.fields import (
    ID,
    UUID,
    Blocks,
    Choice,
    Country,
    Day,
    Flag,
    Hour,
    Key,
    ListOf,
    Ref,
    Text,
    Whole,
)

Json = dict[str, Any]

PLAIN: Mapping[Any, Json] = {
    str: STRING,
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    Any: {},
}
LISTS = (list, tuple, frozenset, Sequence)


def given(kind: Any, known: dict[str, Json]) -> Json:
    """Return the schema of an answer; those of dataclasses are added to `known` by name, and referred to."""
    if isinstance(kind, dict):
        return kind
    if kind in PLAIN:
        return PLAIN[kind]
    if is_dataclass(kind):
        name = getattr(kind, "__name__", "")
        if name not in known:
            known[name] = {}
            hints = get_type_hints(kind)
            names = [field.name for field in fields_of(kind)]
            known[name] = closed({name: given(hints[name], known) for name in names}, sorted(names))
        return ref(name)
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        (one,) = [each for each in inner if each is not type(None)]
        found = given(one, known)
        return {"anyOf": [found, {"type": "null"}]} if "type" not in found else nullable(found)
    if origin is Literal:
        return {"type": "string", "enum": list(inner)}
    if origin is tuple and Ellipsis not in inner:
        parts = [given(each, known) for each in inner]
        return {"type": "array", "prefixItems": parts, "minItems": len(parts), "maxItems": len(parts)}
    if origin in LISTS:
        return {"type": "array", "items": given(inner[0], known)}
    # What is left is a mapping from names.
    return {"type": "object", "additionalProperties": given(inner[1], known)}


def contents() -> Json:
    """Return the schemas of content as it is written, by name: each type, and the blocks."""
    found: Json = {f"{pascal(kind.name)}Content": taken(kind.schema) for kind in types.every()}
    for name, schema in kinds().items():
        block = taken(schema)
        block["properties"]["type"] = {"type": "string", "const": name}
        found[f"{pascal(name)}Written"] = block
    return found


def taken(schema: Schema) -> Json:
    """Return the schema of an object that is sent; an id that is not sent is given."""
    properties = {name: written(field) for name, field in schema.fields.items()}
    needed = [name for name, field in schema.fields.items() if field.required and not isinstance(field, Key)]
    return closed(properties, needed)


def written(field: Any) -> Json:
    """Return the schema of one value that is sent."""
    if isinstance(field, Blocks):
        choices = [ref(f"{pascal(name)}Written") for name in field.kinds]
        return {"type": "array", "items": {"oneOf": choices}, "minItems": field.minimum}
    if isinstance(field, ListOf):
        return {
            "type": "array",
            "items": written(field.inner),
            "minItems": field.minimum,
            "maxItems": field.maximum,
        }
    if isinstance(field, fields.Nested):
        return taken(field.schema)
    if isinstance(field, Whole):
        return {"type": "integer", "minimum": field.minimum, "maximum": field.maximum}
    if isinstance(field, Flag):
        return {"type": "boolean"}
    if isinstance(field, Content):
        return {"anyOf": [ref(f"{pascal(kind.name)}Content") for kind in types.every()]}
    if isinstance(field, Texts):
        return {"type": "object", "additionalProperties": STRING}
    if isinstance(field, Moment):
        return {"type": "string", "format": "date-time"}
    return _text(field)


def _text(field: Text) -> Json:
    if isinstance(field, Choice):
        return {"type": "string", "enum": list(field.choices)}
    pattern = next((said for sort, said in PATTERNS.items() if isinstance(field, sort)), "")
    if pattern:
        return {"type": "string", "pattern": f"^{pattern}$" if field.required else f"^({pattern})?$"}
    return {"type": "string", "maxLength": field.max_length, **({"minLength": 1} if field.required else {})}


PATTERNS: Mapping[type[Text], str] = {
    Key: ID.pattern,
    Ref: UUID.pattern,
    Day: "[0-9]{4}-[0-9]{2}-[0-9]{2}",
    Hour: "([01][0-9]|2[0-3]):[0-5][0-9]",
    Country: "[A-Z]{2}",
}
