"""Waivers: a person has looked at a warning about one wording and says, with a reason, that it stands.

It knows no translations: `review.waive` tells what may be waived.
"""

import hashlib
from dataclasses import asdict, dataclass

from cms.store import Database

Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Waiver:
    """One warning that stands, for one wording of one source text; another wording is warned of anew."""

    path: str
    source_hash: str
    text_hash: str
    code: str
    reason: str
    waived_at: str
    waived_by: str


def keep(db: Database, entry: str, locale: str, waiver: Waiver) -> None:
    """Store a waiver; one for the same wording and code takes its place. Call it inside `store.write` only."""
    db.table("waiver").upsert({"entry": entry, "locale": locale, **asdict(waiver)})


def waived(db: Database, entry: str, locale: str) -> dict[Key, Waiver]:
    """Return what has been waived, by (path, source hash, text hash, code)."""
    rows = db.query(
        "select path, source_hash, text_hash, code, reason, waived_at, waived_by from waiver"
        " where entry = ? and locale = ?",
        [entry, locale],
    )
    found = [Waiver(**row) for row in rows]
    return {(each.path, each.source_hash, each.text_hash, each.code): each for each in found}


def text_hash(text: str) -> str:
    """Return by what a wording is known: the SHA-256 of its text, as hex."""
    return hashlib.sha256(text.encode()).hexdigest()
