"""Entries, found by id. What an entry says is in its revisions."""

from collections.abc import Iterable
from dataclasses import dataclass

from cms.content import touched
from cms.errors import NotFound
from cms.store import Database


@dataclass(frozen=True)
class Entry:
    """One piece of content, whatever its language or version; `archived_at` is empty while it is in use."""

    id: str
    type: str
    source_locale: str
    latest: int
    created_at: str
    created_by: str
    archived_at: str = ""


def find(db: Database, entry: str) -> Entry:
    """Return the entry; NotFound where there is none."""
    for row in db.query("select * from entry where id = ?", [entry]):
        return Entry(**row)
    raise NotFound("entry", entry)


def types_of(db: Database, entries: Iterable[str]) -> dict[str, str]:
    """Return the type of each of these entries that exists."""
    wanted = sorted(set(entries))
    if not wanted:
        return {}
    marks = ", ".join("?" for _ in wanted)
    return {row["id"]: row["type"] for row in db.query(f"select id, type from entry where id in ({marks})", wanted)}


def archive(db: Database, entry: str, at: str) -> None:
    """Put an entry away at a moment, or take it back where the moment is empty. Call it inside `store.write` only."""
    db.table("entry").update(entry, {"archived_at": at})
    touched.mark(db, entry)


def archived(db: Database, entries: Iterable[str]) -> set[str]:
    """Return which of these entries have been put away."""
    wanted = sorted(set(entries))
    if not wanted:
        return set()
    marks = ", ".join("?" for _ in wanted)
    rows = db.query(f"select id from entry where id in ({marks}) and archived_at <> ''", wanted)
    return {row["id"] for row in rows}
