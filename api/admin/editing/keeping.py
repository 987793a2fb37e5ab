"""What is being written, from request to request: content as raw as it was typed, and what the form needs beside it.

It is kept as a draft of the desk. What stands beside the content has names that no field can have.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from api.admin.editing import dialling, dividing, sent
from api.admin.editing.tree import blank
from cms.content import entries, revisions, types
from cms.content.fields import Blocks, new_id
from cms.content.types import Type
from cms.desk import drafts, reviewing
from cms.people.rights import Actor
from cms.store import Database

REMOVED, SAVING = "~removed", "~saving"


@dataclass(frozen=True)
class Writing:
    """One entry under somebody's hands; `based_on` is 0 and `is_new` true for one that is not there yet."""

    entry: str
    kind: Type
    content: dict[str, Any]
    based_on: int
    is_new: bool
    locale: str
    latest: int = 0
    kept_at: str = ""
    removed: Mapping[str, Any] = field(default_factory=dict)
    saving: Mapping[str, str] = field(default_factory=dict)
    archived_at: str = ""

    @property
    def is_reviewed(self) -> bool:
        """Tell whether entries of this type are reviewed at all."""
        return set(reviewing.FIELDS) <= self.kind.schema.fields.keys()

    @property
    def title(self) -> str:
        """Return what names the entry, empty while nothing does."""
        found = self.content.get(self.kind.title)
        return found if isinstance(found, str) else ""


def begun(kind: Type, entry: str, locale: str) -> Writing:
    """Return an entry that is not there yet, with nothing in it but a place to begin to write."""
    bodies = {name: field for name, field in kind.schema.fields.items() if isinstance(field, Blocks)}
    content = {name: [_first(field)] for name, field in bodies.items()}
    return Writing(entry, kind, content, 0, True, locale)


def _first(field: Blocks) -> dict[str, Any]:
    kind = "paragraph" if "paragraph" in field.kinds else next(iter(field.kinds))
    return dict(blank(field, kind, make_id=new_id))


def saved(db: Database, entry: str) -> Writing:
    """Return an entry as it was saved last; NotFound where there is none."""
    row = entries.find(db, entry)
    newest = revisions.get(db, entry, row.latest)
    return Writing(
        entry,
        types.find(row.type),
        newest.content,
        newest.number,
        False,
        row.source_locale,
        row.latest,
        archived_at=row.archived_at,
    )


def drafted(db: Database, actor: Actor, writing: Writing) -> Writing | None:
    """Return what an actor kept of this entry and did not save, None where there is nothing of the kind."""
    draft = drafts.find(db, actor, writing.entry)
    if draft is None or draft.type != writing.kind.name:
        return None
    content = {name: value for name, value in draft.content.items() if not name.startswith("~")}
    return replace(
        writing,
        content=content,
        based_on=draft.based_on,
        kept_at=draft.kept_at,
        removed=draft.content.get(REMOVED) or {},
        saving=draft.content.get(SAVING) or {},
    )


def finished(writing: Writing) -> dict[str, Any]:
    """Return what was typed as it is to be saved: without what is empty, and whole where people write in short."""
    schema = writing.kind.schema
    return dialling.completed(schema, dividing.divided(schema, sent.trimmed(schema, writing.content)), writing.locale)


def keep(db: Database, actor: Actor, writing: Writing, now: datetime) -> str:
    """Keep what is being written as the actor's draft, and return when that was."""
    beside = {REMOVED: writing.removed, SAVING: writing.saving}
    content = {**writing.content, **{name: value for name, value in beside.items() if value}}
    draft = drafts.keep(db, actor, writing.entry, content, based_on=writing.based_on, now=now, type=writing.kind.name)
    return draft.kept_at
