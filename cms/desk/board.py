"""The board: entries in tables, filtered, sought, sorted and paged, from rows that are counted beforehand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cms.desk import tally
from cms.publish.documents import sort_key
from cms.store import Database

STATES = ("draft", "published", "changed", "unpublished", "withdrawn", "archived")
LOCALE_STATES = ("none", "published", "unpublished", "withdrawn")
# What holds of an entry in a locale; a locale without a row has no translation at all.
IN_LOCALE: Mapping[str, str] = {
    "current": "coalesce(l.missing, b.segments) = 0 and coalesce(l.stale, 0) = 0",
    "stale": "l.stale > 0",
    "missing": "coalesce(l.missing, b.segments) > 0",
    "critical": "coalesce(l.critical, b.critical) > 0",
    "waiting": "l.waiting > 0",
}
# The same where there is such a row for sure.
ON_ROW: Mapping[str, str] = {
    "current": "l.missing = 0 and l.stale = 0",
    **{name: f"l.{name} > 0" for name in ("stale", "missing", "critical", "waiting")},
}
# The same of an entry in any locale in which it is live; what waits may wait in any.
IN_ANY: Mapping[str, str] = {
    "current": "b.locales_stale = 0 and b.locales_missing = 0",
    **{name: f"b.locales_{name} > 0" for name in ("stale", "missing", "critical", "waiting")},
}
FRESHNESS = tuple(IN_LOCALE)
SORTS: Mapping[str, str] = {"title": "b.title_key", "changed_at": "b.changed_at", "review_due": "b.review_due"}
DEFAULT_SORT = "-changed_at"


@dataclass(frozen=True)
class BoardQuery:
    """What is asked for; what is empty is not asked.

    `state` is of STATES, or of LOCALE_STATES where a locale is named; `freshness` of FRESHNESS, in that locale or in
    any that is live. `sort` is of SORTS, with a hyphen before it for the other way round. Archived entries are shown
    only where they are asked for.
    """

    type: str = ""
    locale: str = ""
    state: str = ""
    freshness: str = ""
    search: str = ""
    sort: str = DEFAULT_SORT
    limit: int = 50
    offset: int = 0


@dataclass(frozen=True)
class BoardLocale:
    """How an entry stands in one locale: counts of segments of the newest revision, and since when it is behind."""

    locale: str
    state: str
    total: int
    current: int
    stale: int
    missing: int
    waiting: int
    critical: int
    since: str = ""
    changed_at: str = ""
    in_review: int = 0


@dataclass(frozen=True)
class BoardRow:
    """One entry; `locales` has those that it is translated or published in, `at` gives any."""

    entry: str
    type: str
    source_locale: str
    title: str
    state: str
    revision: int
    live_revision: int
    segments: int
    critical: int
    changed_at: str
    changed_by: str
    review_due: str
    locales: Mapping[str, BoardLocale] = field(default_factory=dict)

    def at(self, locale: str) -> BoardLocale:
        """Return how the entry stands in a locale, also where nothing is there yet."""
        blank = BoardLocale(locale, "none", self.segments, 0, 0, self.segments, 0, self.critical)
        return self.locales.get(locale, blank)


_COLUMNS = ", ".join(f"b.{name}" for name in BoardRow.__dataclass_fields__ if name != "locales")


@dataclass(frozen=True)
class BoardPage:
    """What was found: `total` counts all that fits, `behind` how many entries are still to be counted afresh."""

    total: int
    rows: Sequence[BoardRow]
    behind: int = 0


def rows(db: Database, query: BoardQuery) -> BoardPage:
    """Return one page of the board. Raises KeyError for a sort or freshness that is none."""
    behind = tally.follow(db)
    joined, where, params = _where(query)
    column = SORTS[query.sort.lstrip("-")]
    way = " desc" if query.sort.startswith("-") else ""
    found = list(
        db.query(
            f"select {_COLUMNS} from board b{joined} where {where} order by {column}{way}, b.entry{way}"
            " limit ? offset ?",
            [*params, query.limit, query.offset],
        )
    )
    total = query.offset + len(found)
    if len(found) == query.limit or (query.offset and not found):
        total = next(db.query(f"select count(*) as total from board b{joined} where {where}", params))["total"]
    locales = _locales(db, [row["entry"] for row in found])
    return BoardPage(total, [BoardRow(**row, locales=locales.get(row["entry"], {})) for row in found], behind)


def row(db: Database, entry: str) -> BoardRow | None:
    """Return the row of one entry, None where there is no such entry."""
    tally.follow(db)
    for found in db.query(f"select {_COLUMNS} from board b where b.entry = ?", [entry]):
        return BoardRow(**found, locales=_locales(db, [entry]).get(entry, {}))
    return None


def _where(query: BoardQuery) -> tuple[str, str, list[Any]]:
    joined, params, terms = "", [], []
    # An index leads to the rows that are there; of none, only all entries tell.
    has_row = bool(query.locale) and query.state in LOCALE_STATES[1:]
    if query.locale:
        joined = " left join board_locale l on l.entry = b.entry and l.locale = ?"
        terms.append("b.source_locale <> ?")
        params = [query.locale, query.locale]
    if query.type:
        terms.append("b.type = ?")
        params.append(query.type)
    if query.state and query.locale and query.state != "archived":
        state = "l.state" if has_row else "coalesce(l.state, 'none')"
        terms.append(f"{state} = ? and b.state <> 'archived'")
        params.append(query.state)
    elif query.state:
        terms.append("b.state = ?")
        params.append(query.state)
    else:
        terms.append("b.state <> 'archived'")
    if query.freshness:
        terms.append((ON_ROW if has_row else IN_LOCALE if query.locale else IN_ANY)[query.freshness])
    for word in sort_key(query.search).split():
        # A text that holds the word is another without it; LIKE would take signs in it for its own.
        terms.append("replace(b.title_key, ?, '') <> b.title_key")
        params.append(word)
    return joined, " and ".join(terms), params


def _locales(db: Database, entries: Sequence[str]) -> dict[str, dict[str, BoardLocale]]:
    if not entries:
        return {}
    marks = ", ".join("?" for _ in entries)
    columns = ", ".join(BoardLocale.__dataclass_fields__)
    found: dict[str, dict[str, BoardLocale]] = {}
    for each in db.query(
        f"select entry, {columns} from board_locale where entry in ({marks}) order by locale", list(entries)
    ):
        entry = each.pop("entry")
        found.setdefault(entry, {})[each["locale"]] = BoardLocale(**each)
    return found
