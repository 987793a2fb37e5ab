"""What translators are offered: what was suggested, and what follows where the source changed in its facts alone.

The second is worked out each time from what stands, so that it follows every edit and nothing of it is stored.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime

from cms.content import entries, revisions, types
from cms.errors import NotFound
from cms.localize import fact_changes, suggestions, translations
from cms.localize.progress import desk
from cms.localize.segments import Segment, cut
from cms.localize.suggestions import Suggestion
from cms.localize.translations import Outcome, is_persons
from cms.store import Database, write

ORIGIN, WHY = "memory", "facts"


def open_for(db: Database, entry: str, locale: str, revision: int = 0) -> list[Suggestion]:
    """Return what is offered for an entry in a locale: for its newest revision, unless one is named.

    A change of facts alone is offered where no person has written or approved a text of the new source. It names
    whose translation it was made from, and when that was saved.
    """
    return [*suggestions.open_for(db, entry, locale), *_following(db, entry, locale, revision)]


def find(db: Database, entry: str, locale: str, suggestion: str, revision: int = 0) -> Suggestion:
    """Return what is offered by its id; NotFound where it is not, or not any more."""
    for offered in open_for(db, entry, locale, revision):
        if offered.id == suggestion:
            return offered
    raise NotFound("suggestion", suggestion)


def accept(
    db: Database,
    entry: str,
    locale: str,
    suggestion: str,
    *,
    by: str,
    now: datetime,
    seen: str | None = None,
    revision: int = 0,
    state: str = "approved",
    checks: bool = True,
) -> dict[str, Outcome]:
    """Save what is offered as the text that a person chose, and dismiss it; return what became of the path.

    `seen` is the translation of the same source text that the person saw beside it, if any; where another stands by
    now, TranslationClash shows both and nothing is saved. What a check stands against is held, as in saving. Raises
    NotFound where it is not offered, or not any more.
    """
    with write(db):
        offered = find(db, entry, locale, suggestion, revision)
        outcomes = translations.save(
            db,
            entry,
            locale,
            {offered.path: offered.text},
            by=by,
            now=now,
            state=state,
            revision=_revision_of(db, offered),
            seen={} if seen is None else {offered.path: seen},
            checks=checks,
        )
        suggestions.dismiss(db, suggestion)
        return outcomes


def _following(db: Database, entry: str, locale: str, revision: int) -> Iterator[Suggestion]:
    source_locale = entries.find(db, entry).source_locale
    newest_first = translations.approved(db, entry, locale)[::-1]
    for path, rendering in desk(db, entry, locale, revision).items():
        stands = rendering.translation if rendering.freshness == "current" else None
        if stands and is_persons(stands):
            continue
        segment = rendering.segment
        older = [each for each in newest_first if each.path == path and each.source_hash != segment.source_hash]
        followed = fact_changes.follow(segment, older, source_locale, locale)
        if followed:
            text, made_from = followed
            yield Suggestion(
                id=_id(segment, text),
                entry=entry,
                locale=locale,
                path=path,
                source_hash=segment.source_hash,
                text=text,
                origin=ORIGIN,
                why=WHY,
                made_at=made_from.saved_at,
                made_by=made_from.saved_by,
            )


def _id(segment: Segment, text: str) -> str:
    """Return by what an offer is known that is not stored: the same as long as it says the same."""
    return hashlib.sha256("\n".join((segment.path, segment.source_hash, text)).encode()).hexdigest()[:16]


def _revision_of(db: Database, offered: Suggestion) -> int:
    """Return the newest revision that has the text that a suggestion translates."""
    row = entries.find(db, offered.entry)
    kind = types.find(row.type)
    for number in range(row.latest, 0, -1):
        for segment in cut(kind, revisions.get(db, row.id, number).content):
            if (segment.path, segment.source_hash) == (offered.path, offered.source_hash):
                return number
    raise NotFound("segment", offered.path)
