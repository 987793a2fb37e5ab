"""Read a form for content back into content: the names of its fields are JSON pointers. It judges nothing.

A name that ends in "~" marks what is there although it is empty; a pointer never ends so (RFC 6901, section 3).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema, fields

from cms.content import phones
from cms.content.blocks import Row, Table
from cms.content.fields import Blocks, Choice, ListOf, Phone

MARK = "~"
# No content is nested more deeply than the blocks within an answer within a block.
DEEPEST = 16
# What an item or block has before anybody has written in it.
FORM = frozenset({"id", "type", "level", "ordered"})
_NOTHING = object()


@dataclass
class Sent:
    """What was sent under one name, and under the names within it."""

    values: list[str] = field(default_factory=list)
    inner: dict[str, "Sent"] = field(default_factory=dict)
    is_marked: bool = False


def read(schema: Schema, pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return the content that a form holds, as raw as it was typed; `pairs` are the names and values as sent."""
    return _object(schema, _gather(pairs))


def _gather(pairs: Iterable[tuple[str, str]]) -> Sent:
    root = Sent()
    for name, value in pairs:
        steps = name.removesuffix(MARK).split("/")
        if steps[0] or not 1 < len(steps) <= DEEPEST:
            continue
        place = root
        for step in steps[1:]:
            place = place.inner.setdefault(step, Sent())
        if name.endswith(MARK):
            place.is_marked = True
        else:
            place.values.append(value.replace("\r\n", "\n").replace("\r", "\n"))
    return root


def _object(schema: Schema, sent: Sent) -> dict[str, Any]:
    found = {}
    for name, shape in schema.fields.items():
        if name in sent.inner:
            value = _value(shape, sent.inner[name])
            if value is not _NOTHING:
                found[name] = value
    return found


def _value(shape: fields.Field[Any], sent: Sent) -> Any:
    if isinstance(shape, fields.Nested):
        made = _object(shape.schema, sent)
        return made if made or sent.is_marked else _NOTHING
    if isinstance(shape, ListOf) and isinstance(shape.inner, Choice):
        return sent.values if sent.values or sent.is_marked else _NOTHING
    if isinstance(shape, (ListOf, Blocks)):
        items = [_item(shape, sent.inner[key]) for key in _in_order(sent.inner)]
        return items if items or sent.is_marked else _NOTHING
    if isinstance(shape, fields.Boolean):
        return True if "on" in sent.values else (False if sent.is_marked else _NOTHING)
    return _scalar(shape, sent)


def _in_order(inner: Mapping[str, Sent]) -> list[str]:
    return sorted((key for key in inner if key.isascii() and key.isdigit() and len(key) < 8), key=int)


def _item(shape: ListOf | Blocks, sent: Sent) -> Any:
    if isinstance(shape, Blocks):
        kind = sent.inner["type"].values[0] if "type" in sent.inner and sent.inner["type"].values else ""
        if kind not in shape.kinds:
            return _json(sent.values[0]) if sent.values else {"type": kind}
        return _object(shape.kinds[kind], sent)
    if isinstance(shape.inner, fields.Nested):
        return _object(shape.inner.schema, sent)
    value = _scalar(shape.inner, sent)
    return "" if value is _NOTHING else value


def _scalar(shape: fields.Field[Any], sent: Sent) -> Any:
    text = sent.values[0] if sent.values else ""
    if not text.strip():
        return "" if sent.is_marked else _NOTHING
    if isinstance(shape, fields.Integer):
        return int(text) if text.strip().isascii() and text.strip().isdigit() and len(text) < 17 else text
    if isinstance(shape, Phone):
        # The form shows it in groups; what stood there before is what was kept.
        return phones.completed(text)
    return text if isinstance(shape, fields.String) else _json(text)


def _json(text: str) -> Any:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return found if _is_shallow(found, DEEPEST) else text


def _is_shallow(value: Any, left: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return left > 0 and all(_is_shallow(each, left - 1) for each in inner)


def trimmed(schema: Schema, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return content without what was added and never filled in: empty lines, items and blocks."""
    kept: dict[str, Any] = {}
    for name, value in content.items():
        shape = schema.fields.get(name)
        # The cells of a table hold each other in their places, the empty ones too.
        if isinstance(value, list) and isinstance(shape, (ListOf, Blocks)) and not isinstance(schema, (Table, Row)):
            items = [_trimmed(shape, item) for item in value]
            if filled := [item for item in items if item is not _NOTHING]:
                kept[name] = filled
            elif not value:
                kept[name] = []
        elif isinstance(value, dict) and isinstance(shape, fields.Nested):
            kept[name] = trimmed(shape.schema, value)
        else:
            kept[name] = value
    return kept


def _trimmed(shape: ListOf | Blocks, item: Any) -> Any:
    if item == "":
        return _NOTHING
    if not isinstance(item, dict):
        return item
    if isinstance(shape, Blocks):
        kind = item.get("type")
        made = trimmed(shape.kinds[kind], item) if isinstance(kind, str) and kind in shape.kinds else item
    elif isinstance(shape.inner, fields.Nested):
        made = trimmed(shape.inner.schema, item)
    else:
        return item
    return made if made.keys() - FORM else _NOTHING
