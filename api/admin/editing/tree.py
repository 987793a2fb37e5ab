"""What a form for some content holds: one node a field, item or block, named by its JSON pointer.

It is drawn by the macros of `admin/editing/nodes.html` and read back by `sent`; neither needs the content to be valid.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from marshmallow import Schema, fields

from api.admin.editing import field_words as words
from cms.content import phones
from cms.content.fields import (
    Blocks,
    Choice,
    Country,
    Day,
    Hour,
    Inline,
    Key,
    Lines,
    Link,
    ListOf,
    Mail,
    Part,
    Phone,
    Ref,
    Slug,
    Tag,
    Text,
)
from cms.content.pictures import is_picture
from cms.content.validate import pointer

# The first that fits says how a field is drawn.
KINDS: tuple[tuple[type[fields.Field[Any]], str], ...] = (
    (Key, "key"),
    (Inline, "inline"),
    (Slug, "slug"),
    (Tag, "tag"),
    (Link, "link"),
    (Mail, "mail"),
    (Phone, "phone"),
    (Day, "day"),
    (Hour, "hour"),
    (Choice, "choice"),
    (Country, "country"),
    (Ref, "ref"),
    (fields.String, "text"),
    (fields.Integer, "whole"),
    (fields.Boolean, "flag"),
)
# A plain text that may be longer than this gets more than one line on the page.
ONE_LINE = 500


@dataclass(frozen=True)
class Node:
    """One thing in a form; `marked` says that it is there although it is empty, which the form must tell as well."""

    kind: str
    name: str
    label: str = ""
    hint: str = ""
    value: Any = ""
    required: bool = False
    translatable: bool = False
    several_lines: bool = False
    most: int = 0
    inner: tuple["Node", ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    kinds: tuple[tuple[str, str], ...] = ()
    target: str = ""
    marked: bool = False
    at: str = ""
    nested: bool = False

    def field(self, name: str) -> "Node | None":
        """Return the field of that name within an object."""
        return next((node for node in self.inner if node.name.rpartition("/")[2] == name), None)

    def fields(self, *but: str) -> list["Node"]:
        """Return the fields of an object without these, and without the id, which nobody fills in."""
        return [
            node for node in self.inner if node.kind != "key" and node.name.rpartition("/")[2] not in (*but, "type")
        ]

    @property
    def is_filled(self) -> bool:
        """Tell whether anything stands in it, or in what it holds."""
        if self.inner:
            return any(node.is_filled for node in self.inner if node.kind != "key")
        return self.value not in ("", None, False, [])

    @property
    def last(self) -> str:
        """Return the last part of the name: the field within its object, or the place within its list."""
        return self.name.rpartition("/")[2]


def draw(schema: Schema, content: Mapping[str, Any], owner: str) -> list[Node]:
    """Return the fields of a form for content of the type `owner`, in the schema's order."""
    return [_field(field, name, content, "", owner) for name, field in schema.fields.items()]


def trail(nodes: list[Node], name: str) -> list[Node]:
    """Return the nodes from the outermost to the one of that name, or to the innermost that holds its place."""
    found: list[Node] = []
    level: tuple[Node, ...] = tuple(nodes)
    while step := next((node for node in level if name == node.name or name.startswith(f"{node.name}/")), None):
        found.append(step)
        level = step.inner
    return found


def _field(field: fields.Field[Any], name: str, content: Mapping[str, Any], at: str, owner: str) -> Node:
    node = _value(field, content.get(name), pointer(at, name), owner, name)
    is_empty = node.value in ("", None, False, []) and not node.inner
    return replace(
        node,
        label=words.label(owner, name),
        hint=words.hint(owner, name),
        required=field.required,
        marked=name in content and (is_empty or node.kind in ("object", "picture")),
    )


def _value(field: fields.Field[Any], value: Any, at: str, owner: str, name: str) -> Node:
    if isinstance(field, Blocks):
        return _blocks(field, value, at, owner)
    if isinstance(field, ListOf):
        return _list(field, value, at, owner, name)
    if isinstance(field, fields.Nested):
        given = value if isinstance(value, Mapping) else {}
        kind = "picture" if is_picture(field.schema) else "object"
        return Node(kind, at, value=value, inner=_object(field.schema, given, at, _owner(owner, name)))
    kind = next((kind for shape, kind in KINDS if isinstance(field, shape)), "json")
    node = Node(kind, at, value=_shown(kind, value), translatable=bool(field.metadata.get("translatable")))
    if isinstance(field, Choice):
        return replace(node, options=_choices(field, value, name))
    if isinstance(field, Ref):
        return replace(node, target=field.target)
    if isinstance(field, Text):
        long = field.max_length > ONE_LINE or name in words.SENTENCES
        return replace(node, most=field.max_length, several_lines="\n" in node.value or (kind == "text" and long))
    return node


def _shown(kind: str, value: Any) -> Any:
    if kind == "json":
        return "" if value is None else json.dumps(value, ensure_ascii=False, indent=2)
    if kind == "flag":
        return value is True
    text = "" if value is None or isinstance(value, (dict, list)) else str(value)
    return phones.shown(text) if kind == "phone" else text


def _choices(field: Choice, value: Any, name: str) -> tuple[tuple[str, str], ...]:
    options = [(choice, words.choice(name, choice)) for choice in field.choices]
    # What somebody sent and what cannot be is shown too, so that it can be mended.
    if isinstance(value, str) and value and value not in field.choices:
        options.append((value, value))
    if field.required:
        return tuple(options) if value else (("", words.choose()), *options)
    nothing = dict(options).get("none", "")
    # "none" and nothing are the same to readers; what the content says of both is kept.
    shown = [option for option in options if option[0] != "none"]
    return (("none" if value == "none" else "", nothing or words.nothing()), *shown)


def _list(field: ListOf, value: Any, at: str, owner: str, name: str) -> Node:
    items = value if isinstance(value, list) else []
    inner = field.inner
    if isinstance(inner, Choice):
        # Ticked boxes come first where their order is another than the schema's.
        order = [choice for choice in inner.choices if choice in items]
        first = [] if order == items else [item for item in items if isinstance(item, str)]
        names = [*first, *(choice for choice in inner.choices if choice not in first)]
        return Node("choices", at, value=items, options=tuple((each, words.choice(name, each)) for each in names))
    kind = "lines" if isinstance(field, Lines) else "list"
    drawn = tuple(_item(inner, item, pointer(at, index), owner, name) for index, item in enumerate(items))
    return Node(kind, at, value=items, inner=drawn, kinds=(("", words.adding(owner, name)),))


def _item(inner: fields.Field[Any], item: Any, at: str, owner: str, name: str) -> Node:
    node = _value(inner, item, at, owner, name)
    given = item.get("id", "") if isinstance(item, Mapping) else ""
    single = words.item(owner, name)
    return replace(node, label=single, at=str(given), marked=isinstance(item, Mapping), required=True)


def _blocks(field: Blocks, value: Any, at: str, owner: str) -> Node:
    items = value if isinstance(value, list) else []
    nested = "." in owner
    return Node(
        "blocks",
        at,
        value=items,
        inner=tuple(_block(field.kinds, item, pointer(at, index), nested) for index, item in enumerate(items)),
        kinds=tuple((kind, words.block(kind)) for kind in field.kinds),
        nested=nested,
    )


def _block(kinds: Mapping[str, Schema], block: Any, at: str, nested: bool) -> Node:
    kind = block.get("type") if isinstance(block, Mapping) else None
    if not isinstance(kind, str) or kind not in kinds:
        # A kind that is known no more cannot be edited, but must not be lost either.
        return Node(
            "unknown", at, label=words.block(str(kind)), value=json.dumps(block, ensure_ascii=False), nested=nested
        )
    inner = _object(kinds[kind], block, at, f"block.{kind}")
    return Node(
        "block", at, label=words.block(kind), value=kind, inner=inner, at=str(block.get("id", "")), nested=nested
    )


def _object(schema: Schema, value: Mapping[str, Any], at: str, owner: str) -> tuple[Node, ...]:
    return tuple(_field(field, name, value, at, owner) for name, field in schema.fields.items())


def _owner(owner: str, name: str) -> str:
    return f"{owner}.{name}"


def blank(field: fields.Field[Any], kind: str = "", *, make_id: Callable[[], str]) -> Any:
    """Return a new, empty item of a list, or a new block of a kind, with as much in it as it must hold."""
    if isinstance(field, Blocks):
        return {**_blank_object(field.kinds[kind], make_id), "type": kind}
    if isinstance(field, ListOf) and isinstance(field.inner, fields.Nested):
        return _blank_object(field.inner.schema, make_id)
    return ""


def _blank_object(schema: Schema, make_id: Callable[[], str]) -> dict[str, Any]:
    made: dict[str, Any] = {"id": make_id()} if isinstance(schema, Part) else {}
    for name, field in schema.fields.items():
        if not field.required:
            continue
        if isinstance(field, Blocks):
            made[name] = [blank(field, next(iter(field.kinds)), make_id=make_id)]
        elif isinstance(field, ListOf) and isinstance(field.inner, fields.Nested):
            made[name] = [blank(field, make_id=make_id)]
        elif isinstance(field, fields.Integer):
            made[name] = getattr(field, "minimum", 0)
    return made
