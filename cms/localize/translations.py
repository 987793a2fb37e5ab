"""Translations: a segment's text in one locale, kept by the source text it was made from. Freshness is derived.

A segment is current when a translation made from this very source text exists, stale when only one from an older
text of the same path does, missing when none does. No timestamp and no flag decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cms.content import entries, revisions, types
from cms.content.fields import tidy
from cms.content.identity import stamp
from cms.content.slugs import slugify
from cms.errors import Invalid, NotFound, Problem
from cms.localize.segments import Segment, cut
from cms.store import Database, write

STATES = ("draft", "needs_review", "approved")
ORIGINS = ("human", "machine", "memory", "import")
# A locale's slug is kept beside its translations; it is made from no source text, so it never goes stale.
SLUG = "slug"


@dataclass(frozen=True)
class Translation:
    """One stored translation; `source` is the text that it was made from, `revision` where that was read."""

    path: str
    source_hash: str
    source: str
    text: str
    state: str
    origin: str
    revision: int
    saved_at: str
    saved_by: str


@dataclass(frozen=True)
class Rendering:
    """What a locale has for a segment: the best translation, and whether it is current, stale or missing."""

    segment: Segment
    freshness: str
    translation: Translation | None


def save(
    db: Database,
    entry: str,
    locale: str,
    texts: Mapping[str, str],
    *,
    by: str,
    now: datetime,
    state: str = "approved",
    origin: str = "human",
    revision: int = 0,
) -> None:
    """Save translations of segments by path, made from one revision (the latest where none is given).

    Raises Invalid where a path is no segment of that revision, or the locale is the source's.
    """
    row = entries.find(db, entry)
    source = revisions.get(db, entry, revision or row.latest)
    segments = {segment.path: segment for segment in cut(types.find(row.type), source.content)}
    problems = [Problem(f"/{path}", "no_such_segment") for path in texts if path not in segments and path != SLUG]
    problems += [Problem(f"/{path}", "blank") for path, text in texts.items() if not tidy(text)]
    if slugify(texts.get(SLUG, "")) != texts.get(SLUG, ""):
        problems.append(Problem("/slug", "not_a_slug", {"value": texts[SLUG]}))
    if locale == row.source_locale:
        problems.append(Problem("/locale", "is_source_locale", {"locale": locale}))
    if problems:
        raise Invalid(problems)
    with write(db):
        for path, text in texts.items():
            segment = segments.get(path)
            db.table("translation").upsert(
                {
                    "entry": entry,
                    "locale": locale,
                    "path": path,
                    "source_hash": segment.source_hash if segment else "",
                    "source": segment.source if segment else "",
                    "text": tidy(text),
                    "state": state,
                    "origin": origin,
                    "revision": source.number,
                    "saved_at": stamp(now),
                    "saved_by": by,
                }
            )


def slug(db: Database, entry: str, locale: str) -> str:
    """Return the slug that a translator chose for the locale, or an empty text."""
    try:
        return str(db.table("translation").get((entry, locale, SLUG, ""))["text"])
    except NotFound:
        return ""


def stored(db: Database, entry: str, locale: str) -> list[Translation]:
    """Return all translations of an entry in a locale, oldest first."""
    rows = db.query(
        "select path, source_hash, source, text, state, origin, revision, saved_at, saved_by from translation"
        " where entry = ? and locale = ? and path <> ? order by saved_at, path, source_hash",
        [entry, locale, SLUG],
    )
    return [Translation(**row) for row in rows]


def match(segments: Sequence[Segment], translations: Iterable[Translation]) -> dict[str, Rendering]:
    """Return, by path, what these translations give for these segments. Pure.

    Only approved translations count: what no one has approved is not shown to readers.
    """
    newest: dict[str, Translation] = {}
    exact: dict[tuple[str, str], Translation] = {}
    for translation in translations:
        if translation.state == "approved":
            newest[translation.path] = translation
            exact[translation.path, translation.source_hash] = translation
    found = {}
    for segment in segments:
        current = exact.get((segment.path, segment.source_hash))
        older = newest.get(segment.path)
        freshness = "current" if current else "stale" if older else "missing"
        found[segment.path] = Rendering(segment, freshness, current or older)
    return found
