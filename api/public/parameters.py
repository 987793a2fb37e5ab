"""The parameters of the delivery API: what may be asked, and clear answers to what may not."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from flask import request

from api.problems import BadParameter
from cms import locales
from cms.content.fields import ListOf, Ref
from cms.content.identity import moment, stamp
from cms.content.types import Type
from cms.publish.currency import REVIEW_STATES
from cms.publish.listing import ANY_REVIEW, DEFAULT_SORT, SORTS

FORMATS = ("blocks", "html", "markdown", "text")
VIEWS = ("json", "jsonld")
FRESHNESS = ("source", "current", "stale")
LONGEST_PAGE = 100
LAST_PAGE = 10_000
LONGEST_QUERY = 1_000
TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True)
class Parameter:
    """One query parameter: `schema` is its JSON Schema, `read` turns the text into a value or raises Fault."""

    name: str
    description: str
    schema: Mapping[str, Any]
    read: Callable[[str], Any]
    default: Any = None


class Fault(ValueError):
    """The text cannot be the value of this parameter."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def one_of(name: str, description: str, choices: Iterable[str], default: str | None = None) -> Parameter:
    """Return a parameter that takes one word of a closed set."""
    words = list(choices)

    def read(text: str) -> str:
        if text not in words:
            near = get_close_matches(text, words, 1)
            raise Fault("not_a_choice", value=text[:80], choices=words, did_you_mean=near)
        return text

    schema = {"type": "string", "enum": words, **({"default": default} if default else {})}
    return Parameter(name, description, schema, read, default)


def some_of(name: str, description: str, choices: Iterable[str]) -> Parameter:
    """Return a parameter that takes words of a closed set, separated by commas."""
    words = list(choices)
    one = one_of(name, description, words)

    def read(text: str) -> list[str]:
        return [one.read(word) for word in _listed(text)]

    return Parameter(name, description, {"type": "array", "minItems": 1, "items": one.schema}, read, [])


def whole(name: str, description: str, least: int, most: int, default: int) -> Parameter:
    """Return a parameter that takes a whole number."""

    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit():
            raise Fault("not_a_whole_number")
        if len(text) > 12 or not least <= int(text) <= most:
            raise Fault("out_of_range", minimum=least, maximum=most)
        return int(text)

    schema = {"type": "integer", "minimum": least, "maximum": most, "default": default}
    return Parameter(name, description, schema, read, default)


def _listed(text: str) -> list[str]:
    if not text.strip():
        raise Fault("blank")
    return [word.strip() for word in text.split(",")]


def _names(known: list[str]) -> Callable[[str], list[str]]:
    def read(text: str) -> list[str]:
        names = _listed(text)
        for name in names:
            if name not in known:
                near = get_close_matches(name, known, 1)
                raise Fault("unknown_field", name=name[:80], did_you_mean=near)
        return list(dict.fromkeys(names))

    return read


def _tags(text: str) -> list[str]:
    tags = _listed(text)
    for tag in tags:
        if not TAG.fullmatch(tag):
            raise Fault("not_a_language_tag", value=tag[:40])
    return [_standard(tag) for tag in tags]


def _standard(tag: str) -> str:
    try:
        return locales.standard(tag)
    except locales.UnknownTag:
        return tag  # Well-formed, but no language that anything is published in.


def _since(text: str) -> str:
    # In a query string a plus stands for a space; a zone such as +02:00 often arrives like that.
    # RFC 3339 has leap seconds and lower-case letters, Python's clock has not.
    wanted = text.strip().upper().replace(" ", "+").replace(":60", ":59")
    try:
        return stamp(moment(wanted))
    except OverflowError:
        # A zone can push the first and the last day of the calendar over its edge.
        return "" if wanted.startswith("0001") else wanted
    except ValueError:
        raise Fault("not_a_moment", value=text[:40]) from None


def _words(text: str) -> str:
    if not text.strip():
        raise Fault("blank")
    if len(text) > LONGEST_QUERY:
        raise Fault("too_long", length=len(text), maximum=LONGEST_QUERY)
    return text


def _handle(text: str) -> str:
    if not text:
        raise Fault("blank")
    return text.strip()


def fields_of(kind: Type, names: Iterable[str]) -> Parameter:
    """Return the parameter that picks fields of a document."""
    known = sorted(names)
    description = (
        f"Only these fields, by name, separated by commas, as in `{kind.title},url`."
        " `id`, `type` and `locale` always come."
    )
    return Parameter(
        "fields",
        description,
        {"type": "array", "minItems": 1, "items": {"type": "string", "enum": known}},
        _names(known),
    )


def filters(kind: Type) -> dict[str, str]:
    """Return the reference filters of a type: the parameter's name and the field that it looks in."""
    found = {}
    for name, field in kind.schema.fields.items():
        if isinstance(field, ListOf) and isinstance(field.inner, Ref):
            target = field.inner.target
            found[target if target not in found else name] = name
    return found


FORMAT = one_of(
    "format", "How the body is given: blocks, or one text as HTML, Markdown or plain text.", FORMATS, "blocks"
)
VIEW = one_of("view", "The document itself, or schema.org JSON-LD for search engines.", VIEWS, "json")
FALLBACK = Parameter(
    "fallback",
    "Languages to give instead, in order, as in `nl,en`, where the document is not published in the one asked for.",
    {"type": "array", "minItems": 1, "items": {"type": "string", "pattern": f"^{TAG.pattern}$"}},
    _tags,
    [],
)
PAGE = whole("page", "Which page of the list.", 1, LAST_PAGE, 1)
LIMIT = whole("limit", "How many a page.", 1, LONGEST_PAGE, 20)
SORT = one_of(
    "sort", "The order; with `-` in front the other way round.", [sign + name for name in SORTS for sign in ("", "-")],
    DEFAULT_SORT,
)  # fmt: skip
FRESH = one_of("freshness", "Only documents whose text is the source, current, or behind the source.", FRESHNESS)
REVIEW = one_of(
    "review",
    "Only documents whose review stands so, or `any`. Without it, what has gone unreviewed for too long is left out.",
    [*REVIEW_STATES, ANY_REVIEW],
)
SINCE = Parameter(
    "updated_since",
    "Only documents whose served text changed at or after this day or moment (RFC 3339).",
    {
        "anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}],
        "examples": ["2026-03-01", "2026-03-01T08:30:00Z"],
    },
    _since,
)
QUERY = Parameter(
    "q",
    'Words to look for; "a phrase" in quotes, and a beginning with * after it.',
    {"type": "string", "pattern": r"\S", "maxLength": LONGEST_QUERY, "examples": ["rugklachten"]},
    _words,
)


def reference(name: str, kind: Type) -> Parameter:
    """Return a filter by a related entry."""
    description = f"Only {kind.plural} that name this {name}, by slug or id."
    return Parameter(name, description, {"type": "string", "minLength": 1}, _handle)


def read(known: Mapping[str, Parameter], required: Iterable[str] = ()) -> dict[str, Any]:
    """Return the value of every known parameter. Raises BadParameter that names all that cannot be used."""
    faults: list[tuple[str, str, Mapping[str, Any]]] = []
    values = {name: parameter.default for name, parameter in known.items()}
    for name, text in request.args.items():
        if name not in known:
            near = get_close_matches(name, list(known), 1)
            faults.append((name[:80], "unknown_parameter", {"name": name[:80], "did_you_mean": near}))
            continue
        if len(request.args.getlist(name)) > 1:
            faults.append((name, "given_twice", {}))
            continue
        try:
            values[name] = known[name].read(text)
        except Fault as fault:
            faults.append((name, fault.code, fault.values))
    faults += [(name, "required", {}) for name in required if name not in request.args]
    if faults:
        raise BadParameter(faults)
    return values
