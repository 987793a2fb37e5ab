"""Save an edit that leaves the meaning as it was, and let the translations follow it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cms.content import imports, saving, types
from cms.content.entries import find
from cms.content.imports import Imported, Proposals
from cms.content.revisions import get
from cms.content.saving import Saved
from cms.localize import carry, glossary
from cms.publish import events
from cms.store import Database, write


def save(
    db: Database, entry: str, content: Mapping[str, Any], *, based_on: int, by: str, now: datetime, note: str = ""
) -> Saved:
    """Save content as a minor revision and carry the translations of what changed forward to it.

    It is told as `translation.carried`, with who said so and which paths. Raises Refused, and saves nothing, where
    a fact changed: a number, unit, negation, link, telephone number or term; and what saving raises.
    """
    with write(db):
        saved = saving.save(db, entry, content, based_on=based_on, by=by, now=now, update_type="minor", note=note)
        if saved.changed:
            _follow(db, entry, saved.revision.number, by, now, note)
        return saved


def accept(db: Database, proposals: Proposals, *, by: str, now: datetime, source_locale: str) -> Imported:
    """Save what was understood from a text that says what it said before in other words; else as `imports.accept`."""
    with write(db):
        imported = imports.accept(db, proposals, by=by, now=now, source_locale=source_locale, update_type="minor")
        if imported.changed and imported.revision > 1:
            _follow(db, imported.article, imported.revision, by, now, "import")
        return imported


def _follow(db: Database, entry: str, number: int, by: str, now: datetime, note: str) -> None:
    row = find(db, entry)
    before, after = get(db, entry, number - 1), get(db, entry, number)
    changes = carry.changes(types.find(row.type), before.content, after.content)
    carry.refuse_changed_facts(changes, row.source_locale, glossary.terms(db, row.source_locale))
    for locale, paths in carry.carry(db, row, changes, number, by=by, now=now).items():
        facts = {"by": by, "from": before.number, "to": number, "paths": paths, "note": note}
        events.append(db, "translation.carried", entry, locale, facts, now)
