"""Keep one row an entry, and one a locale that it is translated into, for overviews that stay fast.

Whoever changes an entry only marks it (`cms.content.touched`); who looks next brings the rows up to date.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from cms.content import entries, revisions, touched, types
from cms.content.entries import Entry
from cms.content.revisions import Revision
from cms.localize import progress
from cms.localize.progress import Progress
from cms.localize.segments import Segment, cut
from cms.publish import live, references
from cms.publish.documents import sort_key
from cms.publish.live import Edition
from cms.store import Database, write

# How many entries one look brings up to date at most: a page must not wait for an import of thousands.
FEW = 100
LIVE = ("published", "changed")


def follow(db: Database, limit: int = FEW) -> int:
    """Bring what was touched up to date, in one short write; return how many entries still wait."""
    if not touched.waiting(db, 1):
        return 0
    with write(db):
        found = touched.waiting(db, limit)
        for entry in found:
            _settle(db, entry)
        touched.settle(db, found)
    return touched.count(db) if len(found) == limit else 0


def follow_all(db: Database) -> None:
    """Bring everything up to date, in short writes."""
    while follow(db):
        pass


def _settle(db: Database, entry: str) -> None:
    row = entries.find(db, entry)
    kind, revision = types.find(row.type), revisions.get(db, entry, row.latest)
    segments = cut(kind, revision.content)
    editions = live.current(db, entry)
    state = _state(row, editions.get(row.source_locale))
    locales = _locales(db, row, revision, segments, editions, int(state in LIVE))
    title = str(revision.content[kind.title])
    db.table("board").upsert(
        {
            "entry": entry,
            "type": row.type,
            "source_locale": row.source_locale,
            "title": title,
            "title_key": sort_key(title),
            "state": state,
            "is_live": int(state in LIVE),
            "revision": row.latest,
            "live_revision": editions[row.source_locale].revision if state in LIVE else 0,
            "segments": len(segments),
            "critical": sum(segment.critical for segment in segments),
            **{
                f"locales_{name}": sum(bool(each[name] and each["is_live"]) for each in locales)
                for name in ("stale", "missing", "critical")
            },
            "locales_waiting": sum(bool(each["waiting"]) for each in locales),
            "changed_at": revision.saved_at,
            "changed_by": revision.saved_by,
            "review_due": revision.content.get("review_due") or "",
        }
    )
    _stand(db, entry, {each["locale"]: each for each in locales})
    references.record(db, entry, references.targets(kind, revision.content), "mention")


def _locales(
    db: Database,
    row: Entry,
    revision: Revision,
    segments: Sequence[Segment],
    editions: Mapping[str, Edition],
    source_is_live: int,
) -> list[dict[str, Any]]:
    critical = sum(segment.critical for segment in segments)
    blank = Progress(len(segments), current=0, stale=0, missing=len(segments), waiting=0, critical=critical)
    counted = progress.by_locale(db, row.id, segments)
    rows = []
    for locale in sorted({*counted, *editions} - {row.source_locale}):
        found, saved_at = counted.get(locale, (blank, ""))
        edition = editions.get(locale)
        behind = revision.saved_at if found.stale or found.critical else ""
        rows.append(
            {
                "entry": row.id,
                "locale": locale,
                "type": row.type,
                "state": edition.state if edition else "none",
                "is_live": int(edition is not None and edition.state == "published" and not row.archived_at),
                "source_is_live": source_is_live,
                **vars(found),
                "since": (edition.stale_since if edition else "") or behind,
                "changed_at": max(saved_at, edition.since if edition else ""),
            }
        )
    return rows


def _stand(db: Database, entry: str, found: Mapping[str, Mapping[str, Any]]) -> None:
    """Replace what is known of an entry in its locales; most saves change one of them."""
    table = db.table("board_locale")
    rows = {row["locale"]: row for row in table.rows_where("entry = ?", [entry])}
    for locale in rows.keys() - found.keys():
        table.delete_where("entry = ? and locale = ?", [entry, locale])
    for locale, each in found.items():
        if rows.get(locale) != each:
            table.upsert(each)


def _state(row: Entry, source: Edition | None) -> str:
    if row.archived_at:
        return "archived"
    if source is None:
        return "draft"
    if source.state == "published" and source.revision < row.latest:
        return "changed"
    return source.state
