"""Turn what a caller sent into content that fits its schema, or say precisely where it does not."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from marshmallow import Schema, ValidationError, fields

from cms.content.fields import Blocks, ListOf
from cms.content.types import Type
from cms.errors import Fault, Invalid, Problem

# marshmallow words its own errors; Tolk gives them codes.
UNKNOWN_FIELD = "Unknown field."
CODES = {
    "Missing data for required field.": "required",
    "Field may not be null.": "null",
    UNKNOWN_FIELD: "unknown_field",
    "Not a valid string.": "not_text",
    "Not a valid list.": "not_a_list",
    "Not a valid mapping type.": "not_an_object",
    "Invalid input type.": "not_an_object",
    "Not a valid boolean.": "not_true_or_false",
    "Not a valid integer.": "not_a_whole_number",
}


def load(kind: Type, raw: Any) -> dict[str, Any]:
    """Return the content that `raw` holds, tidied and with ids for what had none; Invalid names all that is wrong."""
    content = read(kind.schema, raw)
    _refuse_duplicate_ids(content)
    return content


def read(schema: Schema, raw: Any) -> dict[str, Any]:
    """Return what a schema makes of `raw`; Invalid names all that is wrong."""
    if not isinstance(raw, Mapping):
        raise Invalid([Problem("", "not_an_object")])
    try:
        found: dict[str, Any] = schema.load(raw)
    except ValidationError as error:
        raise Invalid(list(_problems(error.messages, schema, raw, ""))) from None
    except RecursionError:
        raise Invalid([Problem("", "too_deep")]) from None
    return found


def pointer(parent: str, key: object) -> str:
    """Return an RFC 6901 pointer to `key` under `parent`."""
    text = str(key)
    # Names and numbers hold neither sign, and every value of an entry passes here.
    return f"{parent}/{text.replace('~', '~0').replace('/', '~1') if '~' in text or '/' in text else text}"


def _problems(messages: Any, where: Any, raw: Any, at: str) -> Iterator[Problem]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            # Faults of an object as a whole stand under "_schema", unless the caller sent a field of that name.
            if key == "_schema" and inner != [UNKNOWN_FIELD]:
                yield from _problems(inner, where, raw, at)
            else:
                yield from _problems(inner, _inside(where, key, raw), _within(raw, key), pointer(at, key))
        return
    for message in messages if isinstance(messages, list) else [messages]:
        if isinstance(message, Fault):
            yield Problem(at, message.code, message.values)
        elif isinstance(message, Mapping):
            yield from _problems(message, where, raw, at)
        else:
            yield _worded(str(message), where, at)


def _worded(message: str, where: Any, at: str) -> Problem:
    code = CODES.get(message, "invalid_value")
    if code == "unknown_field" and isinstance(where, _Unknown):
        return Problem(at, code, {"name": where.name, "did_you_mean": where.near})
    return Problem(at, code, {} if code != "invalid_value" else {"said": message})


class _Unknown:
    def __init__(self, name: str, known: list[str]) -> None:
        self.name, self.near = name, get_close_matches(name, known, 1)


def _inside(where: Any, key: Any, raw: Any) -> Any:
    """Return what the schema has at `key` of what is described by `where` and was sent as `raw`."""
    if isinstance(where, fields.Nested):
        where = where.schema
    if isinstance(where, Schema):
        return where.fields.get(key) or _Unknown(str(key), list(where.fields))
    if isinstance(where, ListOf):
        return where.inner
    if isinstance(where, Blocks):
        kind = _within(_within(raw, key), "type")
        return where.kinds.get(kind) if isinstance(kind, str) else None
    return None


def _within(raw: Any, key: Any) -> Any:
    if isinstance(raw, Mapping):
        return raw.get(key)
    return raw[key] if isinstance(raw, list) and isinstance(key, int) else None


def _refuse_duplicate_ids(content: Mapping[str, Any]) -> None:
    seen: dict[str, str] = {}
    problems = []
    for at, found in _ids(content, ""):
        if found in seen:
            problems.append(Problem(at, "duplicate_id", {"id": found, "first": seen[found]}))
        seen.setdefault(found, at)
    if problems:
        raise Invalid(problems)


def _ids(value: Any, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        if isinstance(value.get("id"), str):
            yield pointer(at, "id"), value["id"]
        for key, inner in value.items():
            yield from _ids(inner, pointer(at, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _ids(inner, pointer(at, index))
