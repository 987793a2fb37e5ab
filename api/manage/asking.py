"""Parameters that several operations take, and pages of lists."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.manage.operations import Answer, Call
from api.public.lists import page_links
from api.public.parameters import LAST_PAGE, SINCE, Fault, Parameter, whole
from cms.content import entries, types
from cms.content.entries import Entry
from cms.people import rights

LONGEST = 500


def words(name: str, description: str, most: int = LONGEST) -> Parameter:
    """Return a parameter that takes any text."""

    def read(text: str) -> str:
        if not text.isprintable():
            odd = next(char for char in text if not char.isprintable())
            raise Fault("control_character", character=f"U+{ord(odd):04X}")
        if len(text) > most:
            raise Fault("too_long", length=len(text), maximum=most)
        return text.strip()

    return Parameter(name, description, {"type": "string", "maxLength": most}, read, "")


def flag(name: str, description: str) -> Parameter:
    """Return a parameter that takes true or false."""

    def read(text: str) -> bool:
        if text not in ("true", "false"):
            raise Fault("not_true_or_false")
        return text == "true"

    return Parameter(name, description, {"type": "boolean", "default": False}, read, False)


def moment(name: str, description: str) -> Parameter:
    """Return a parameter that takes a day or a moment."""
    return Parameter(name, description, SINCE.schema, SINCE.read, "")


def _type(text: str) -> str:
    known = [kind.name for kind in types.every()]
    if text not in known:
        raise Fault("not_a_choice", value=text[:80], choices=known)
    return text


# Its schema names the types that are registered by the time that it is described.
TYPE = Parameter("type", "Only entries of this type. A key that is limited by type names one.", {}, _type, "")
PAGE = whole("page", "Which page of the list.", 1, LAST_PAGE, 1)
LIMIT = whole("limit", "How many a page.", 1, 100, 50)
BEFORE = whole("before", "Go on after the last one of the page before: its number.", 0, 2**31 - 1, 0)


def listed(item: Any) -> dict[str, Any]:
    """Return what describes a page of things of a kind; `item` stands under `data`."""
    return {"page of": item}


def page(call: Call, total: int, items: Sequence[Any]) -> Answer:
    """Answer with the page that was asked for."""
    number, limit = call.asked["page"], call.asked["limit"]
    pages = -(-total // limit)
    meta = {"total": total, "page": number, "limit": limit, "pages": pages}
    return Answer({"data": items, "meta": meta, "links": page_links(number, pages)})


def cut(call: Call, found: Sequence[Any]) -> Answer:
    """Answer with the page that was asked for of things that were all found."""
    start = offset(call.asked)
    return page(call, len(found), found[start : start + call.asked["limit"]])


def offset(asked: Mapping[str, Any]) -> int:
    """Return how many things go before the page that is asked for."""
    return int((asked["page"] - 1) * asked["limit"])


def readable(call: Call, entry: str, locale: str = "") -> Entry:
    """Return an entry that the caller may read, its translation too where a locale is named. Raises Forbidden."""
    row = entries.find(call.db, entry)
    rights.require(call.actor, "entry.read", row.type, row.source_locale)
    if locale and locale != row.source_locale:
        rights.require(call.actor, "translation.read", row.type, locale)
    return row
