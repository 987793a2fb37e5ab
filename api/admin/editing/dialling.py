"""Telephone numbers and web addresses on a form: typed as people are used to, kept whole. It judges nothing."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import Schema, fields

from cms.content import phones
from cms.content.fields import Blocks, Country, Link, ListOf, Phone

# An address on the web without its scheme: `praktijk.nl/contact`.
BARE = re.compile(r"(?:[\w-]+\.)+[^\W\d_]{2,}(?::\d+)?(?:[/?#][^\s<>\"\\]*)?")


def completed(schema: Schema, content: Mapping[str, Any], locale: str) -> dict[str, Any]:
    """Return content whose numbers have their country: that of its first address, else that of its language.

    Web addresses have their scheme.
    """
    return _object(schema, content, next(_countries(schema, content), "") or phones.region_of(locale))


def _countries(schema: Schema, content: Mapping[str, Any]) -> Iterator[str]:
    for name, shape in schema.fields.items():
        value = content.get(name)
        if isinstance(shape, Country) and isinstance(value, str) and value:
            yield value
        elif isinstance(shape, ListOf) and isinstance(shape.inner, fields.Nested) and isinstance(value, list):
            for item in value:
                yield from _countries(shape.inner.schema, item)


def _object(schema: Schema, content: Mapping[str, Any], region: str) -> dict[str, Any]:
    shapes = schema.fields
    return {name: _value(shapes[name], value, region) if name in shapes else value for name, value in content.items()}


def _value(shape: fields.Field[Any], value: Any, region: str) -> Any:
    if isinstance(shape, Phone):
        return phones.completed(value, region) if isinstance(value, str) else value
    if isinstance(shape, Link):
        return f"https://{value.strip()}" if isinstance(value, str) and BARE.fullmatch(value.strip()) else value
    if isinstance(shape, fields.Nested) and isinstance(value, Mapping):
        return _object(shape.schema, value, region)
    if isinstance(shape, (ListOf, Blocks)) and isinstance(value, list):
        return [_item(shape, item, region) for item in value]
    return value


def _item(shape: ListOf | Blocks, item: Any, region: str) -> Any:
    if not isinstance(shape, Blocks):
        return _value(shape.inner, item, region)
    kind = shape.kinds.get(str(item.get("type"))) if isinstance(item, Mapping) else None
    return _object(kind, item, region) if kind else item
