"""How far a locale has come with an entry: what is current, stale or missing, and what waits for approval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from cms.content import entries, revisions, types
from cms.localize import translations
from cms.localize.segments import Segment, cut
from cms.localize.translations import IN_REVIEW, Rendering
from cms.store import Database


@dataclass(frozen=True)
class Progress:
    """Counts of segments. `waiting` have an unapproved draft, `in_review` one that was handed over for review.

    `critical` could harm and are not current.
    """

    total: int
    current: int
    stale: int
    missing: int
    waiting: int
    critical: int
    in_review: int = 0


def desk(db: Database, entry: str, locale: str, revision: int = 0) -> dict[str, Rendering]:
    """Return what a translator works on: each segment of a revision (the latest), with the text that stands for it."""
    row = entries.find(db, entry)
    source = revisions.get(db, entry, revision or row.latest)
    return translations.match(cut(types.find(row.type), source.content), translations.working(db, entry, locale))


def progress(db: Database, entry: str, locale: str, revision: int = 0) -> Progress:
    """Return the counts of one entry in one locale."""
    rendered = list(desk(db, entry, locale, revision).values())
    states = [rendering.freshness for rendering in rendered]
    current = [each.translation for each in rendered if each.translation and each.freshness == "current"]
    return Progress(
        total=len(rendered),
        current=states.count("current"),
        stale=states.count("stale"),
        missing=states.count("missing"),
        waiting=sum(each.state != "approved" for each in current),
        critical=sum(_harmful(rendering.segment, rendering.freshness) for rendering in rendered),
        in_review=sum(each.state == IN_REVIEW for each in current),
    )


def by_locale(db: Database, entry: str, segments: Sequence[Segment]) -> dict[str, tuple[Progress, str]]:
    """Return the counts of these segments in every locale that has translations, and when it last changed.

    One statement, whatever the number of locales; what it counts is what `progress` counts.
    """
    rows = db.query(
        "select locale, path, source_hash, approved, state, saved_at from translation where entry = ? order by locale",
        [entry],
    )
    return {locale: _count(segments, list(found)) for locale, found in groupby(rows, itemgetter("locale"))}


def _count(segments: Sequence[Segment], rows: Sequence[Mapping[str, Any]]) -> tuple[Progress, str]:
    paths = {row["path"] for row in rows}
    exact = {(row["path"], row["source_hash"]) for row in rows}
    drafts = {(row["path"], row["source_hash"]): row["state"] for row in rows if not row["approved"]}
    keys = [(each.path, each.source_hash) for each in segments]
    behind = [each for each, key in zip(segments, keys, strict=True) if key not in exact]
    stale = sum(each.path in paths for each in behind)
    counted = Progress(
        total=len(segments),
        current=len(segments) - len(behind),
        stale=stale,
        missing=len(behind) - stale,
        waiting=sum(key in drafts for key in keys),
        critical=sum(each.critical for each in behind),
        in_review=sum(drafts.get(key) == IN_REVIEW for key in keys),
    )
    return counted, max(row["saved_at"] for row in rows)


def _harmful(segment: Segment, freshness: str) -> bool:
    return segment.critical and freshness != "current"
