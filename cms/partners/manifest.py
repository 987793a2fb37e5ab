"""The manifest: all that a reader is to have, by digest, to hold a copy against in full. It gives no document."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cms.partners import sync
from cms.partners.cursors import Cursor
from cms.partners.selections import Selection
from cms.publish.served import Served
from cms.store import Database


@dataclass(frozen=True)
class Part:
    """Some lines of the manifest, `after` which the next part begins; `cursor` is there with the last.

    It is the cursor of a sync from where the reading of the manifest began.
    """

    lines: Sequence[Served]
    after: Cursor | None
    cursor: Cursor | None


def begin(db: Database, selection: Selection) -> Cursor:
    """Return where the reading of the manifest begins."""
    return replace(sync.begin(db, selection), phase="manifest")


def part(db: Database, selection: Selection, after: Cursor, limit: int) -> Part:
    """Return what follows in the manifest: `limit` lines at most. Raises CursorExpired."""
    sync.check(db, selection, after)
    lines, (entry, locale), is_end = sync.live(db, selection, (after.entry, after.locale), limit)
    if is_end:
        return Part(lines, None, replace(after, phase="catch_up", entry="", locale=""))
    return Part(lines, replace(after, entry=entry, locale=locale), None)
