"""Save an edit that leaves the meaning as it was, and let the translations follow it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cms.content import saving, types
from cms.content.entries import find
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
        row = find(db, entry)
        before = get(db, entry, row.latest)
        saved = saving.save(db, entry, content, based_on=based_on, by=by, now=now, update_type="minor", note=note)
        if not saved.changed:
            return saved
        changes = carry.changes(types.find(row.type), before.content, saved.revision.content)
        carry.refuse_changed_facts(changes, row.source_locale, glossary.terms(db, row.source_locale))
        for locale, paths in carry.carry(db, entry, changes, saved.revision.number).items():
            facts = {"by": by, "from": before.number, "to": saved.revision.number, "paths": paths, "note": note}
            events.append(db, "translation.carried", entry, locale, facts, now)
        return saved
