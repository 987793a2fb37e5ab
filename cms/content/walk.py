"""The one walker over content: every value with its content path. It reads shapes from the schemas and judges nothing.

A content path names a value by ids, never by places in a list, so that moving a block changes no path:
`title`, `body.b2.items.b2a.text`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, fields

from cms.content.fields import Blocks, ListOf
from cms.content.validate import pointer


@dataclass(frozen=True)
class Leaf:
    """One value of some content: where it is, under which field, inside which top-level block."""

    path: str
    pointer: str
    field: fields.Field[Any]
    value: Any
    block: Mapping[str, Any] | None


def leaves(schema: Schema, content: Mapping[str, Any]) -> Iterator[Leaf]:
    """Yield every value of the content that is not itself a list or an object, in reading order."""
    return _object(schema, content, "", "", None)


def _object(
    schema: Schema, value: Mapping[str, Any], path: str, at: str, block: Mapping[str, Any] | None
) -> Iterator[Leaf]:
    for name, field in schema.fields.items():
        if value.get(name) is not None:
            inner = f"{path}.{name}" if path else name
            yield from _value(field, value[name], inner, pointer(at, name), block)


def _value(field: fields.Field[Any], value: Any, path: str, at: str, block: Mapping[str, Any] | None) -> Iterator[Leaf]:
    if isinstance(field, fields.Nested):
        yield from _object(field.schema, value, path, at, block)
    elif isinstance(field, ListOf):
        for index, item in enumerate(value):
            inner = f"{path}.{item['id']}" if isinstance(item, Mapping) and "id" in item else f"{path}.{index}"
            yield from _value(field.inner, item, inner, pointer(at, index), block)
    elif isinstance(field, Blocks):
        for index, item in enumerate(value):
            schema = field.kinds[item["type"]]
            yield from _object(schema, item, f"{path}.{item['id']}", pointer(at, index), block or item)
    else:
        yield Leaf(path, at, field, value, block)
