"""Paragraphs and items that were typed with an empty line between them, as blocks and items of their own. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import Schema, fields

from cms.content.fields import Blocks, ListOf, new_id

# Within one text readers get no empty line: two paragraphs would run together.
EMPTY_LINE = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def divided(schema: Schema, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return content in which no paragraph and no item of a list has an empty line; the first part keeps its id."""
    return {name: _value(schema.fields.get(name), value) for name, value in content.items()}


def _value(shape: fields.Field[Any] | None, value: Any) -> Any:
    if not isinstance(value, list):
        return value
    if isinstance(shape, Blocks):
        return [part for block in value for part in _block(shape, block)]
    if isinstance(shape, ListOf) and isinstance(shape.inner, fields.Nested):
        return [divided(shape.inner.schema, item) if isinstance(item, Mapping) else item for item in value]
    return value


def _block(shape: Blocks, block: Any) -> Iterator[Any]:
    kind = block.get("type") if isinstance(block, Mapping) else None
    if kind == "paragraph":
        yield from _parts(block)
    elif kind == "list" and isinstance(block.get("items"), list):
        yield {**block, "items": [part for item in block["items"] for part in _parts(item)]}
    elif isinstance(kind, str) and kind in shape.kinds:
        yield divided(shape.kinds[kind], block)
    else:
        yield block


def _parts(item: Any) -> Iterator[Any]:
    text = item.get("text") if isinstance(item, Mapping) else None
    parts = EMPTY_LINE.split(text.strip()) if isinstance(text, str) else []
    if len(parts) < 2:
        yield item
        return
    for place, part in enumerate(parts):
        yield {**item, "text": part, **({"id": new_id()} if place else {})}
