"""What people choose from in forms for content: other entries, languages, countries. It knows no form."""

from dataclasses import dataclass
from functools import lru_cache

from babel import Locale
from flask import g, request
from flask_babel import get_locale

from api.admin import session
from api.admin.editing.tree import Node
from api.public.answers import site
from cms import locales
from cms.desk import board
from cms.desk.board import BoardQuery

# As many as a list can hold and still be looked through.
MOST = 100
# What is spoken in clinics here, before any other language that an entry names.
LANGUAGES = (
    "nl", "en", "de", "fr", "es", "it", "pt", "pl", "uk", "ru", "ro", "bg", "hu", "cs", "sk", "hr", "sr", "bs", "sq",
    "el", "tr", "ku", "ar", "fa", "ps", "ur", "hi", "pa", "bn", "ta", "zh", "ja", "ko", "vi", "th", "id", "so", "ti",
    "am", "sw", "zgh", "he", "fy", "pap", "srn", "sv", "da", "nb", "fi", "lt", "lv", "et",
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """Entries to choose from; `is_cut` says that there are more of them."""

    options: tuple[tuple[str, str], ...]
    is_cut: bool
    asked: str = ""


def entries(target: str, asked: str = "", limit: int = MOST) -> Found:
    """Return entries of a type by title, those that have these words in it where any are asked for."""
    asked = asked.replace("\0", "")[:200]
    found = board.rows(session.db(), BoardQuery(type=target, search=asked, sort="title", limit=limit))
    return Found(tuple((row.entry, row.title) for row in found.rows), found.total > len(found.rows), asked)


def entry_choices(node: Node) -> Found:
    """Return what a reference may be: entries that were sought for it, else all or the first, and what it is now."""
    sought = request.args.get("q", "") if request.args.get("find") == node.name else ""
    if request.form.get("do") == f"find {node.name}":
        sought = request.form.get(f"find {node.name}", "")
    known: dict[tuple[str, str], Found] = g.setdefault("entry_choices", {})
    if (node.target, sought) not in known:
        known[node.target, sought] = entries(node.target, sought)
    found = known[node.target, sought]
    is_cut = found.is_cut or bool(sought)
    if node.value and node.value not in dict(found.options):
        return Found(((node.value, title(node.value)), *found.options), is_cut, sought)
    return Found(found.options, is_cut, sought)


def title(entry: str) -> str:
    """Return what names an entry; its id where there is no such entry."""
    known: dict[str, str] = g.setdefault("entry_titles", {})
    if entry not in known:
        row = board.row(session.db(), entry)
        known[entry] = row.title if row else entry
    return known[entry]


def options(node: Node) -> list[tuple[str, str]]:
    """Return the choices of a field for a language or a country, in the reader's language and order."""
    reader = str(get_locale() or "en")
    found = list(_countries(reader) if node.kind == "country" else _languages(reader, site().locales))
    if node.value and node.value not in dict(found):
        found.append((node.value, node.value))
    return [("", "—"), *found]


@lru_cache
def _countries(reader: str) -> tuple[tuple[str, str], ...]:
    names = Locale.parse(reader).territories
    return tuple(
        sorted(
            ((code, name) for code, name in names.items() if locales.is_country(code)),
            key=lambda each: each[1].casefold(),
        )
    )


@lru_cache
def _languages(reader: str, own: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    tags = dict.fromkeys((*own, *LANGUAGES))
    return tuple((tag, locales.language_name(tag, reader)) for tag in tags)
