"""How two versions of content differ, told for people: where, what stood there and what stands there, word by word."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from api.admin.editing import choosing, problems, tree
from cms.content.fields import UUID
from cms.content.types import Type
from cms.desk.history import Changed
from cms.localize.differences import difference

Pieces = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Told:
    """One difference: where it is, what happened (added, removed, changed, moved), and its words."""

    where: str
    what: str
    pieces: Pieces


def told(kind: Type, old: Mapping[str, Any], new: Mapping[str, Any], changes: Sequence[Changed]) -> list[Told]:
    """Return the differences in words, what belongs to one place together."""
    before, after = (tree.draw(kind.schema, content, kind.name) for content in (old, new))
    found = []
    for change in changes:
        if change.path.rpartition(".")[2] in ("id", "type"):
            continue
        content, nodes = (old, before) if change.what == "removed" else (new, after)
        found.append(Told(problems.where(nodes, content, change.path), change.what, _pieces(change)))
    return found


def _pieces(change: Changed) -> Pieces:
    if change.difference or change.what == "moved":
        return change.difference
    sides = (("gone", change.before), ("new", change.after))
    return tuple((side, plain(value)) for side, value in sides if value not in (None, ""))


def whats() -> dict[str, str]:
    """Return what is said of each kind of difference."""
    return {"added": _("Added"), "removed": _("Removed"), "changed": _("Changed"), "moved": _("Moved")}


def beside(base: Any, side: Any) -> Pieces:
    """Return how one side's value differs from the base, in words."""
    return difference(plain(base), plain(side))


def plain(value: Any) -> str:
    """Return a value as text that people can read: entries by title, objects line by line."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, str):
        return choosing.title(value) if UUID.fullmatch(value) else value
    return "\n".join(_lines(value)) if isinstance(value, (dict, list)) else str(value)


def _lines(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in ("id", "type"):
                yield from _lines(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _lines(inner)
    elif plain(value):
        yield plain(value)
