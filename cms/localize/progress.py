"""How far a locale has come with an entry: what is current, stale or missing, and what waits for approval."""

from dataclasses import dataclass

from cms.content import entries, revisions, types
from cms.localize import translations
from cms.localize.segments import Segment, cut
from cms.localize.translations import Rendering, Translation
from cms.store import Database


@dataclass(frozen=True)
class Progress:
    """Counts of segments. `waiting` have an unapproved draft; `critical` could harm and are not current."""

    total: int
    current: int
    stale: int
    missing: int
    waiting: int
    critical: int


def desk(db: Database, entry: str, locale: str, revision: int = 0) -> dict[str, Rendering]:
    """Return what a translator works on: each segment of a revision (the latest), with the text that stands for it."""
    row = entries.find(db, entry)
    source = revisions.get(db, entry, revision or row.latest)
    return translations.match(cut(types.find(row.type), source.content), translations.working(db, entry, locale))


def progress(db: Database, entry: str, locale: str, revision: int = 0) -> Progress:
    """Return the counts of one entry in one locale."""
    rendered = list(desk(db, entry, locale, revision).values())
    states = [rendering.freshness for rendering in rendered]
    return Progress(
        total=len(rendered),
        current=states.count("current"),
        stale=states.count("stale"),
        missing=states.count("missing"),
        waiting=sum(_waits(rendering.translation) for rendering in rendered if rendering.freshness == "current"),
        critical=sum(_harmful(rendering.segment, rendering.freshness) for rendering in rendered),
    )


def _waits(translation: Translation | None) -> bool:
    return translation is not None and translation.state != "approved"


def _harmful(segment: Segment, freshness: str) -> bool:
    return segment.critical and freshness != "current"
