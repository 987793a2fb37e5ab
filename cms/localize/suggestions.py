"""Suggestions: texts that nobody has chosen yet, kept beside a translation until a person takes or refuses them."""

from dataclasses import dataclass
from datetime import datetime

from cms.content.identity import new_id, stamp
from cms.errors import NotFound
from cms.localize.segments import Segment
from cms.store import Database


@dataclass(frozen=True)
class Suggestion:
    """One text offered for a segment as its source reads; `origin` is where it came from, `why` what made it."""

    id: str
    entry: str
    locale: str
    path: str
    source_hash: str
    text: str
    origin: str
    why: str
    made_at: str
    made_by: str


def offer(
    db: Database,
    entry: str,
    locale: str,
    segment: Segment,
    text: str,
    *,
    origin: str,
    by: str,
    now: datetime,
    why: str = "",
) -> None:
    """Offer a text for a segment; the same text twice is one suggestion. Call it inside `store.write` only."""
    known = [each.text for each in open_for(db, entry, locale) if (each.path, each.source_hash) == _key(segment)]
    if text in known:
        return
    db.table("suggestion").insert(
        {
            "id": new_id(),
            "entry": entry,
            "locale": locale,
            "path": segment.path,
            "source_hash": segment.source_hash,
            "text": text,
            "origin": origin,
            "why": why,
            "made_at": stamp(now),
            "made_by": by,
        }
    )


def open_for(db: Database, entry: str, locale: str) -> list[Suggestion]:
    """Return what is offered for an entry in a locale, oldest first."""
    rows = db.query("select * from suggestion where entry = ? and locale = ? order by made_at, id", [entry, locale])
    return [Suggestion(**row) for row in rows]


def find(db: Database, suggestion: str) -> Suggestion:
    """Return a suggestion that was kept; NotFound where there is none."""
    for row in db.query("select * from suggestion where id = ?", [suggestion]):
        return Suggestion(**row)
    raise NotFound("suggestion", suggestion)


def dismiss(db: Database, suggestion: str) -> None:
    """Drop a suggestion: it was taken or refused. Call it inside `store.write` only."""
    db.table("suggestion").delete_where("id = ?", [suggestion])


def _key(segment: Segment) -> tuple[str, str]:
    return segment.path, segment.source_hash
