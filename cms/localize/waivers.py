"""Waivers: a person has looked at a warning about one wording and says, with a reason, that it stands."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from cms.content.identity import stamp
from cms.errors import Invalid, NotFound, Problem
from cms.localize import translations
from cms.store import Database, write

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


def waive(db: Database, entry: str, locale: str, path: str, code: str, reason: str, *, by: str, now: datetime) -> None:
    """Waive a finding about the text at a path. Raises NotFound where none stands, Invalid without a reason."""
    if not reason.strip():
        raise Invalid([Problem("/reason", "blank")])
    with write(db):
        standing = [each for each in translations.working(db, entry, locale) if each.path == path]
        if not standing:
            raise NotFound("translation", path)
        db.table("waiver").upsert(
            {
                "entry": entry,
                "locale": locale,
                "path": path,
                "source_hash": standing[-1].source_hash,
                "text_hash": text_hash(standing[-1].text),
                "code": code,
                "reason": reason.strip(),
                "waived_at": stamp(now),
                "waived_by": by,
            }
        )


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
