"""What the reference must say of a field, read from its schema: its kind in words, and its rules."""

from collections.abc import Collection, Iterator

from marshmallow import Schema, fields

from cms.content.fields import (
    MAX_INTEGER,
    MAX_ITEMS,
    Blocks,
    Choice,
    Day,
    Flag,
    Hour,
    Inline,
    Key,
    Lines,
    Link,
    ListOf,
    Mail,
    Phone,
    Ref,
    Slug,
    Tag,
    Text,
    Whole,
)

KINDS = (
    (Slug, "slug"), (Key, "block id"), (Tag, "language tag"), (Mail, "e-mail address"), (Phone, "telephone number"),
    (Day, "day"), (Hour, "hour"), (Inline, "inline Markdown"), (Flag, "true or false"), (Text, "text"),
)  # fmt: skip


def kind(field: fields.Field) -> str:
    """Return what a field holds, in words."""
    if isinstance(field, Choice):
        return "one of " + ", ".join(f"`{word}`" for word in field.choices)
    if isinstance(field, Link):
        return "web address" + (" or path" if field.local else "")
    if isinstance(field, Ref):
        return f"id of a {field.target}".replace("of a a", "of an a")
    if isinstance(field, Whole):
        most = "" if field.maximum == MAX_INTEGER else f" to {field.maximum}"
        return f"whole number, {field.minimum}{most}"
    if isinstance(field, Lines):
        return "list of lines `{id, text}`"
    if isinstance(field, Blocks):
        return "list of blocks" if len(field.kinds) > 4 else "list of nested blocks"
    if isinstance(field, ListOf):
        return f"list of {_many(field.inner)}"
    if isinstance(field, fields.Nested):
        return "object"
    return next(words for sort, words in KINDS if isinstance(field, sort))


def _many(field: fields.Field) -> str:
    if isinstance(field, fields.Nested):
        return "parts"
    if isinstance(field, Ref):
        return f"ids of {field.target}s"
    words = kind(field)
    return words.removeprefix("one of ") if isinstance(field, Choice) else f"{words}s"


def rules(field: fields.Field) -> str:
    """Return the rules of a field, in words."""
    return ", ".join(_rules(field))


def _rules(field: fields.Field) -> Iterator[str]:
    metadata = field.metadata
    if field.required:
        yield "required"
    if metadata.get("publish"):
        yield "needed for publishing"
    if isinstance(field, Text) and not isinstance(field, Choice | Day | Hour | Ref | Key | Flag | Tag | Mail | Phone):
        yield f"at most {field.max_length:,} characters"
    if isinstance(field, ListOf | Blocks) and field.minimum:
        yield f"at least {field.minimum}"
    if isinstance(field, ListOf) and field.maximum != MAX_ITEMS:
        yield f"at most {field.maximum}"
    if metadata.get("translatable") or isinstance(field, Lines):
        yield "translatable"
    if metadata.get("searchable"):
        yield "searchable"
    if metadata.get("full"):
        yield "in whole documents only"


def table(schema: Schema, leave_out: Collection[str] = ("id",)) -> list[list[str]]:
    """Return the rows that the reference has for a schema: name, kind, rules."""
    return [[f"`{name}`", kind(field), rules(field)] for name, field in schema.fields.items() if name not in leave_out]


def nested(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """Yield every schema that stands below a field of this one, by the name of that field."""
    for name, field in schema.fields.items():
        inner = field.inner if isinstance(field, ListOf) and not isinstance(field, Lines) else field
        if isinstance(inner, fields.Nested) and not isinstance(field, Lines):
            yield name, inner.schema
            for deeper, found in nested(inner.schema):
                yield f"{name}.{deeper}", found
