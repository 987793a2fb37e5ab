"""Save what somebody wrote: a new entry, or the next revision of one. A save says which revision it was based on."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from cms.content import entries, revisions, touched, types, validate, walk
from cms.content.entries import Entry
from cms.content.fields import UUID, Ref
from cms.content.identity import new_id, stamp
from cms.content.revisions import Revision
from cms.errors import Conflict, Invalid, Problem, RevisionClash
from cms.locales import is_standard
from cms.store import Database, write

UPDATE_TYPES = ("safety", "major", "minor", "republish")
CHANGES_MEANING = ("safety", "major")


@dataclass(frozen=True)
class Saved:
    """Tell what a save did: the revision that is now the latest, and whether it is a new one."""

    revision: Revision
    changed: bool


def create(
    db: Database,
    type_name: str,
    content: Mapping[str, Any],
    *,
    by: str,
    now: datetime,
    source_locale: str = "nl",
    entry: str = "",
) -> Entry:
    """Create an entry with its first revision. Raises Invalid; Conflict where the given id exists."""
    if entry and not UUID.fullmatch(entry):
        raise Invalid([Problem("/id", "not_an_entry_id", {"value": entry[:80]})])
    if not is_standard(source_locale):
        raise Invalid([Problem("/source_locale", "not_a_language_tag", {"value": source_locale[:40]})])
    loaded = validate.load(types.find(type_name), content)
    entry = entry or new_id()
    with write(db):
        if db.table("entry").count_where("id = ?", [entry]):
            raise Conflict(f"entry {entry}")
        db.table("entry").insert(
            {
                "id": entry,
                "type": type_name,
                "source_locale": source_locale,
                "latest": 0,
                "created_at": stamp(now),
                "created_by": by,
            }
        )
        _append(db, entries.find(db, entry), loaded, None, by=by, now=now, update_type="major", note="")
        return entries.find(db, entry)


def save(
    db: Database,
    entry: str,
    content: Mapping[str, Any],
    *,
    based_on: int,
    by: str,
    now: datetime,
    update_type: str = "major",
    note: str = "",
) -> Saved:
    """Save content as the next revision; the same content again makes none.

    Raises Invalid, NotFound, and RevisionClash with the paths that changed where `based_on` is not the latest.
    """
    if update_type not in UPDATE_TYPES:
        raise Invalid([Problem("/update_type", "not_a_choice", {"value": update_type, "choices": UPDATE_TYPES})])
    loaded = validate.load(types.find(entries.find(db, entry).type), content)
    with write(db):
        row = entries.find(db, entry)
        previous = revisions.get(db, entry, row.latest)
        if previous.content_hash == _freeze(loaded)[1]:
            return Saved(previous, changed=False)
        if based_on != row.latest:
            raise RevisionClash(entry, based_on, row.latest, _changed_since(db, based_on, previous))
        return Saved(
            _append(db, row, loaded, previous, by=by, now=now, update_type=update_type, note=note),
            changed=True,
        )


def _freeze(content: Mapping[str, Any]) -> tuple[str, str]:
    frozen = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    return frozen.decode(), hashlib.sha256(frozen).hexdigest()


def _append(
    db: Database,
    entry: Entry,
    content: Mapping[str, Any],
    previous: Revision | None,
    *,
    by: str,
    now: datetime,
    update_type: str,
    note: str,
) -> Revision:
    _refuse_broken_references(db, types.find(entry.type), content)
    if previous:
        _refuse_changed_kinds(previous.content, content)
    frozen, digest = _freeze(content)
    row = {
        "entry": entry.id,
        "number": entry.latest + 1,
        "content": frozen,
        "content_hash": digest,
        "based_on": entry.latest,
        "update_type": update_type,
        "note": note,
        "content_changed_at": _content_changed_at(previous, update_type, now),
        "saved_at": stamp(now),
        "saved_by": by,
    }
    db.table("revision").insert(row)
    db.table("entry").update(entry.id, {"latest": entry.latest + 1})
    touched.mark(db, entry.id)
    return revisions.from_row(row)


def _content_changed_at(previous: Revision | None, update_type: str, now: datetime) -> str:
    if previous and update_type not in CHANGES_MEANING:
        return previous.content_changed_at
    return stamp(now)


def _changed_since(db: Database, based_on: int, latest: Revision) -> list[str]:
    if not 0 < based_on < latest.number:
        return []
    return revisions.compare(revisions.get(db, latest.entry, based_on).content, latest.content)


def _refuse_changed_kinds(before: Any, after: Any) -> None:
    """An id is never re-used: a block that has become another kind of block is another block."""
    known = {block["id"]: block["type"] for _, block in _blocks(before, "")}
    problems = [
        Problem(f"{at}/id", "id_of_another", {"id": block["id"], "type": known[block["id"]]})
        for at, block in _blocks(after, "")
        if known.get(block["id"], block["type"]) != block["type"]
    ]
    if problems:
        raise Invalid(problems)


def _blocks(value: Any, at: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(value, Mapping):
        if "id" in value and "type" in value:
            yield at, value
        for name, inner in value.items():
            yield from _blocks(inner, validate.pointer(at, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _blocks(inner, validate.pointer(at, index))


def _refuse_broken_references(db: Database, kind: types.Type, content: Mapping[str, Any]) -> None:
    found = [leaf for leaf in walk.leaves(kind.schema, content) if isinstance(leaf.field, Ref) and leaf.value]
    known = entries.types_of(db, (leaf.value for leaf in found))
    problems = []
    for leaf in found:
        target = leaf.field.target if isinstance(leaf.field, Ref) else ""
        if leaf.value not in known:
            problems.append(Problem(leaf.pointer, "no_such_entry", {"id": leaf.value, "type": target}))
        elif known[leaf.value] != target:
            values = {"id": leaf.value, "type": target, "found": known[leaf.value]}
            problems.append(Problem(leaf.pointer, "wrong_type", values))
    if problems:
        raise Invalid(problems)
