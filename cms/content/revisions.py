"""Revisions: immutable, numbered snapshots of an entry's source. How they come about is in `saving`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from cms.content import entries
from cms.errors import NotFound
from cms.store import Database


@dataclass(frozen=True)
class Revision:
    """One snapshot. `content_changed_at` is when the meaning last changed, `saved_at` when anything did."""

    entry: str
    number: int
    content: dict[str, Any]
    content_hash: str
    based_on: int
    update_type: str
    note: str
    content_changed_at: str
    saved_at: str
    saved_by: str


def get(db: Database, entry: str, number: int) -> Revision:
    """Return one revision; NotFound where there is none."""
    for row in db.query("select * from revision where entry = ? and number = ?", [entry, number]):
        return from_row(row)
    raise NotFound("revision", f"{entry}@{number}")


def latest(db: Database, entry: str) -> Revision:
    """Return the newest revision of an entry."""
    return get(db, entry, entries.find(db, entry).latest)


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Return what differs between two contents: names of fields, and of blocks and items where a field has them."""
    changed = []
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        inner = _compare_parts(before, after)
        changed += [f"{name}.{part}" for part in inner] or [name]
    return changed


def _compare_parts(before: Any, after: Any) -> list[str]:
    old, new = _by_id(before), _by_id(after)
    return [part for part in sorted(old.keys() | new.keys()) if old.get(part) != new.get(part)]


def _by_id(value: Any) -> dict[str, Any]:
    if not isinstance(value, list):
        return {}
    return {item["id"]: item for item in value if isinstance(item, Mapping) and "id" in item}


def from_row(row: Mapping[str, Any]) -> Revision:
    """Return the revision that a row of the store holds."""
    return Revision(**{**row, "content": orjson.loads(row["content"])})
