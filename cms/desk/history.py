"""What became of an entry: its revisions, which of them readers got, and what changed between two, word by word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cms.content import entries, revisions, types, walk
from cms.content.fields import Text
from cms.content.types import Type
from cms.localize.differences import difference
from cms.store import Database


@dataclass(frozen=True)
class Version:
    """One revision without its content; `live` names the locales in which readers get it now."""

    number: int
    saved_at: str
    saved_by: str
    update_type: str
    note: str
    was_published: bool
    live: tuple[str, ...]


@dataclass(frozen=True)
class Changed:
    """One value that differs: added, removed or changed, or a block or item that was moved.

    `difference` is (same | gone | new, words) for texts; other values are told by `before` and `after`.
    """

    path: str
    what: str
    before: Any = None
    after: Any = None
    difference: tuple[tuple[str, str], ...] = ()


def versions(db: Database, entry: str, *, before: int = 0, limit: int = 100) -> list[Version]:
    """Return the revisions of an entry, the newest first; `before` goes on with a next page. Raises NotFound."""
    entries.find(db, entry)
    rows = db.query(
        "select number, saved_at, saved_by, update_type, note from revision where entry = ? and (? = 0 or number < ?)"
        " order by number desc limit ?",
        [entry, before, before, limit],
    )
    live: dict[int, list[str]] = {}
    seen: set[int] = set()
    for edition in db.query(
        "select revision, locale, until from edition where entry = ? and state = 'published' order by locale", [entry]
    ):
        seen.add(edition["revision"])
        if not edition["until"]:
            live.setdefault(edition["revision"], []).append(edition["locale"])
    return [
        Version(**row, was_published=row["number"] in seen, live=tuple(live.get(row["number"], ()))) for row in rows
    ]


def changes(db: Database, entry: str, a: int, b: int) -> list[Changed]:
    """Return what revision `b` changed since `a`, in the order of `b`, what was removed at the end. Raises NotFound."""
    kind = types.find(entries.find(db, entry).type)
    return compare(kind, revisions.get(db, entry, a).content, revisions.get(db, entry, b).content)


def compare(kind: Type, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Changed]:
    """Return what differs between two contents of a type, by path. Pure."""
    before, after = _values(kind, old), _values(kind, new)
    found = []
    for path, (value, is_text) in after.items():
        if path not in before:
            found.append(Changed(path, "added", None, value, (("new", value),) if is_text else ()))
        elif before[path][0] != value:
            was = before[path][0]
            words = difference(was, value) if is_text and isinstance(was, str) else ()
            found.append(Changed(path, "changed", was, value, words))
    found += [
        Changed(path, "removed", value, None, (("gone", value),) if is_text else ())
        for path, (value, is_text) in before.items()
        if path not in after
    ]
    return found + [Changed(path, "moved") for path in _moved(old, new, "")]


def _values(kind: Type, content: Mapping[str, Any]) -> dict[str, tuple[Any, bool]]:
    return {
        leaf.path: (leaf.value, isinstance(leaf.field, Text) and bool(leaf.field.metadata.get("translatable")))
        for leaf in walk.leaves(kind.schema, content)
    }


def _moved(old: Any, new: Any, path: str) -> list[str]:
    """Return the paths of things that stand in another order among those that were there before."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return [
            at
            for name in new
            if name in old
            for at in _moved(old[name], new[name], f"{path}.{name}" if path else str(name))
        ]
    if not (isinstance(old, list) and isinstance(new, list)):
        return []
    was, now = _by_id(old), _by_id(new)
    kept = [id for id in now if id in was]
    places = {id: place for place, id in enumerate(was)}
    steady = set(_longest_rising([places[id] for id in kept]))
    moved = [f"{path}.{id}" for number, id in enumerate(kept) if number not in steady]
    return moved + [at for id in kept for at in _moved(was[id], now[id], f"{path}.{id}")]


def _by_id(things: Sequence[Any]) -> dict[str, Any]:
    return {thing["id"]: thing for thing in things if isinstance(thing, Mapping) and "id" in thing}


def _longest_rising(places: Sequence[int]) -> list[int]:
    """Return which of these stay where they are: the numbers of a longest rising row, so that few have moved."""
    best: list[list[int]] = []
    for number, place in enumerate(places):
        before = [row for row in best if places[row[-1]] < place]
        best.append([*max(before, key=len, default=[]), number])
    return max(best, key=len, default=[])
