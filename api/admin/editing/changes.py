"""Change the parts of raw content as the buttons of a form ask: add, move, remove, put back. Pure.

A change is said in one line: `add /body 3 paragraph`, `up /body/3`, `remove /body/3/items/0`. A table's columns
take the cells of its rows with them.
"""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, fields

from api.admin.editing.tree import blank
from cms.content import pasted
from cms.content.blocks import Row, Table
from cms.content.fields import Blocks, ListOf, new_id
from cms.content.validate import pointer

Content = dict[str, Any]
VERBS = ("add", "up", "down", "remove", "back")


class Unchanged(ValueError):
    """The change names a place that the content does not have."""


@dataclass(frozen=True)
class Changed:
    """Content after a change: `at` is the pointer of what was changed, `removed` what was taken out and from where."""

    content: Content
    at: str
    removed: Mapping[str, Any] | None = None


@dataclass
class Place:
    """A list within some content: its field, the object that holds it, and that object's schema."""

    field: ListOf | Blocks
    items: list[Any]
    holder: dict[str, Any]
    schema: Schema


def change(schema: Schema, content: Content, said: str, removed: Mapping[str, Any] | None = None) -> Changed:
    """Return the content after the change that is said. Raises Unchanged where it cannot be."""
    verb, _, rest = said.partition(" ")
    asked = rest.split(" ")
    if verb not in _DONE or not asked[0].startswith("/"):
        raise Unchanged(said)
    return _DONE[verb](schema, copy.deepcopy(content), asked, removed or {})


def insert(schema: Schema, content: Content, at: str, blocks: Sequence[Content]) -> Changed:
    """Put new blocks behind the block or item at `at`, in its place where nothing is written in it."""
    content = copy.deepcopy(content)
    place, index = _item(schema, content, at)
    if isinstance(place.field, Blocks):
        fitting = [_with_ids(block) for block in blocks if block["type"] in place.field.kinds]
    elif "text" in _inside(place.field, place.items, str(index))[0].fields and not isinstance(
        place.schema, Table | Row
    ):
        fitting = [_with_ids({"text": text}) for text in pasted.texts(blocks)]
    else:
        raise Unchanged(at)
    is_empty = not (place.items[index].keys() - {"id", "type", "level", "ordered"})
    first = index if is_empty else index + 1
    place.items[first : first + is_empty] = fitting
    return Changed(content, pointer(at.rpartition("/")[0], max(first, first + len(fitting) - 1)))


def fill(content: Content, at: str, values: Mapping[str, Any]) -> Content:
    """Return content in which the object at `at` has these values. Raises Unchanged where there is none."""
    content = copy.deepcopy(content)
    place: Any = content
    for step in at.split("/")[1:]:
        if isinstance(place, dict):
            place = place.setdefault(step, {})
        elif isinstance(place, list) and step.isascii() and step.isdigit() and int(step) < len(place):
            place = place[int(step)]
        else:
            raise Unchanged(at)
    if not isinstance(place, dict) or place is content:
        raise Unchanged(at)
    place.update(values)
    return content


def _add(schema: Schema, content: Content, asked: list[str], removed: Mapping[str, Any]) -> Changed:
    at, index, kind = [*asked, "", ""][:3]
    place = _place(schema, content, at)
    if isinstance(place.field, Blocks) and kind not in place.field.kinds:
        raise Unchanged(at)
    where = min(int(index), len(place.items)) if index.isascii() and index.isdigit() else len(place.items)
    made = blank(place.field, kind, make_id=new_id)
    if isinstance(place.schema, Table) and at.endswith("/rows"):
        made["cells"] = [_cell() for _ in place.holder.get("columns", ())]
    elif kind == "table":
        made |= {"columns": [_cell(), _cell()], "rows": [{"id": new_id(), "cells": [_cell(), _cell()]}]}
    place.items.insert(where, made)
    for cells in _rows(place, at):
        cells.insert(min(where, len(cells)), _cell())
    return Changed(content, pointer(at, where))


def _move(by: int) -> Callable[[Schema, Content, list[str], Mapping[str, Any]], Changed]:
    def move(schema: Schema, content: Content, asked: list[str], removed: Mapping[str, Any]) -> Changed:
        place, index = _item(schema, content, asked[0])
        where = min(max(index + by, 0), len(place.items) - 1)
        place.items.insert(where, place.items.pop(index))
        at = asked[0].rpartition("/")[0]
        for cells in _rows(place, at):
            if max(index, where) < len(cells):
                cells.insert(where, cells.pop(index))
        return Changed(content, pointer(at, where))

    return move


def _remove(schema: Schema, content: Content, asked: list[str], removed: Mapping[str, Any]) -> Changed:
    place, index = _item(schema, content, asked[0])
    at = asked[0].rpartition("/")[0]
    taken = {"at": asked[0], "item": place.items.pop(index)}
    if cells := [row.pop(index) if index < len(row) else _cell() for row in _rows(place, at)]:
        taken["cells"] = cells
    return Changed(content, pointer(at, min(index, len(place.items) - 1)) if place.items else at, taken)


def _put_back(schema: Schema, content: Content, asked: list[str], removed: Mapping[str, Any]) -> Changed:
    if removed.get("at") != asked[0]:
        raise Unchanged(asked[0])
    at, _, index = asked[0].rpartition("/")
    place = _place(schema, content, at)
    where = min(int(index), len(place.items))
    place.items.insert(where, removed["item"])
    for cells, cell in zip(_rows(place, at), removed.get("cells", ()), strict=False):
        cells.insert(min(where, len(cells)), cell)
    return Changed(content, pointer(at, where))


_DONE: Mapping[str, Callable[[Schema, Content, list[str], Mapping[str, Any]], Changed]] = {
    "add": _add,
    "up": _move(-1),
    "down": _move(1),
    "remove": _remove,
    "back": _put_back,
}


def _rows(place: Place, at: str) -> list[list[Any]]:
    """Return the cells of each row, where the place is a table's columns."""
    if not isinstance(place.schema, Table) or not at.endswith("/columns"):
        return []
    return [row.setdefault("cells", []) for row in place.holder.get("rows", ()) if isinstance(row, dict)]


def _cell() -> Content:
    return {"id": new_id()}


def _item(schema: Schema, content: Content, at: str) -> tuple[Place, int]:
    parent, _, index = at.rpartition("/")
    place = _place(schema, content, parent)
    if not (index.isascii() and index.isdigit() and int(index) < len(place.items)):
        raise Unchanged(at)
    return place, int(index)


def _place(schema: Schema, content: Content, at: str) -> Place:
    """Return the list that a pointer names, made where it is not there yet."""
    holder, field, steps = content, None, at.split("/")[1:]
    while steps:
        name = steps.pop(0)
        field = schema.fields.get(name)
        if isinstance(field, fields.Nested):
            schema, holder = field.schema, holder.setdefault(name, {})
        elif isinstance(field, (ListOf, Blocks)):
            items = holder.setdefault(name, [])
            if not steps:
                return Place(field, items, holder, schema)
            schema, holder = _inside(field, items, steps.pop(0))
        else:
            break
    raise Unchanged(at)


def _inside(field: ListOf | Blocks, items: list[Any], index: str) -> tuple[Schema, dict[str, Any]]:
    if not (index.isascii() and index.isdigit() and int(index) < len(items)):
        raise Unchanged(index)
    item = items[int(index)]
    if isinstance(field, Blocks) and item.get("type") in field.kinds:
        return field.kinds[item["type"]], item
    if isinstance(field, ListOf) and isinstance(field.inner, fields.Nested):
        return field.inner.schema, item
    raise Unchanged(index)


def _with_ids(value: Any) -> Any:
    """Return blocks that came without ids with new ones: theirs would be those of other blocks."""
    if isinstance(value, list):
        return [_with_ids(item) for item in value]
    if isinstance(value, Mapping):
        return {"id": new_id(), **{name: _with_ids(inner) for name, inner in value.items() if name != "id"}}
    return value
