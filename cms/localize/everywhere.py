"""What readers may see of entries in many locales, read at once. It judges nothing: `translations` does."""

from collections.abc import Collection
from typing import Any

from cms.localize.fitting import SLUG
from cms.localize.segments import Segment
from cms.localize.translations import COLUMNS, Translation
from cms.store import Database


def approved(db: Database, entry: str, locales: Collection[str]) -> dict[str, list[Translation]]:
    """Return the approved translations of an entry in each of these locales, oldest first."""
    found: dict[str, list[Translation]] = {locale: [] for locale in locales}
    rows = _rows(db, f"locale, {COLUMNS}", [entry], locales, order="saved_at, path, source_hash")
    for row in rows:
        locale = row.pop("locale")
        if row["path"] != SLUG:
            found[locale].append(Translation(**row))
    return found


def lacking(
    db: Database, entry: str, locales: Collection[str], segments: Collection[Segment]
) -> dict[str, list[Segment]]:
    """Return the segments that have no approved translation of their very text, in each of these locales."""
    found: dict[str, list[Segment]] = {locale: [] for locale in locales}
    counted = _rows(db, "path, source_hash, count(*) as held", [entry], locales, group="path, source_hash")
    held = {(row["path"], row["source_hash"]): row["held"] for row in counted}
    # Mostly few do: which, is asked for those alone.
    weak = [segment for segment in segments if held.get(_key(segment), 0) < len(found)]
    rows = _rows(db, "locale, path, source_hash", [entry], locales, {segment.path for segment in weak})
    there = {(row["locale"], row["path"], row["source_hash"]) for row in rows}
    for locale, own in found.items():
        own += [segment for segment in weak if (locale, *_key(segment)) not in there]
    return found


def of_entries(
    db: Database, entries: Collection[str], locales: Collection[str], paths: Collection[str]
) -> dict[tuple[str, str], list[Translation]]:
    """Return the approved translations at these paths, oldest first, by (entry, locale)."""
    found: dict[tuple[str, str], list[Translation]] = {}
    for row in _rows(db, f"entry, locale, {COLUMNS}", entries, locales, paths, order="saved_at, path, source_hash"):
        key = row.pop("entry"), row.pop("locale")
        found.setdefault(key, []).append(Translation(**row))
    return found


def _rows(
    db: Database,
    columns: str,
    entries: Collection[str],
    locales: Collection[str],
    paths: Collection[str] | None = None,
    *,
    order: str = "",
    group: str = "",
) -> list[dict[str, Any]]:
    within = {"entry": entries, "locale": locales, **({} if paths is None else {"path": paths})}
    if not all(within.values()):
        return []
    where = " and ".join(f"{name} in ({', '.join('?' * len(values))})" for name, values in within.items())
    sql = f"select {columns} from translation where {where} and approved = 1"
    params = [value for values in within.values() for value in sorted(values)]
    sql += f" group by {group}" if group else ""
    sql += f" order by {order}" if order else ""
    return list(db.query(sql, params))


def _key(segment: Segment) -> tuple[str, str]:
    return segment.path, segment.source_hash
