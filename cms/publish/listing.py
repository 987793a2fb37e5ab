"""Lists of documents: filtered, sorted, paged, as bytes that were finished at publishing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from cms.publish import currency, events, references
from cms.store import Database

SORTS = {
    "title": "title_key",
    "published_at": "published_at",
    "content_changed_at": "content_changed_at",
    "modified_at": "modified_at",
    "updated_at": "updated_at",
    "last_reviewed": "last_reviewed",
    "review_due": "review_due",
}
DEFAULT_SORT = "-published_at"
ANY_REVIEW = "any"


@dataclass(frozen=True)
class Query:
    """What is asked for: `references` are (field, entry id), all of which must hold; `since` is a stamp.

    Where there are `topics`, by the ids of their entries, one of them must be named. `review` is a state of review, or
    `any`; where it is empty, what has gone unreviewed for too long is left out.
    """

    locale: str
    type: str
    references: tuple[tuple[str, str], ...] = ()
    topics: tuple[str, ...] = ()
    since: str = ""
    freshness: str = ""
    review: str = ""
    sort: str = DEFAULT_SORT
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True)
class Page:
    """What was found: `total` counts all that fit the query, `items` are JSON objects as bytes.

    `given` says of each item which entry it is, and the event that it was made after.
    """

    total: int
    items: Sequence[bytes]
    etags: Sequence[str]
    updated_at: str
    given: Sequence[tuple[str, int]] = ()


def find(db: Database, query: Query, *, whole: bool = False) -> Page:
    """Return one page of a list; `whole` gives full documents instead of briefs."""
    where, params = _where(query)
    descending = query.sort.startswith("-")
    column = SORTS[query.sort.lstrip("-")]
    order = f"{column} desc, entry desc" if descending else f"{column}, entry"
    rows = list(
        db.query(
            f"select {'body' if whole else 'brief'} as item, etag, updated_at, entry, seq from document"
            f" where {where} order by {order} limit ? offset ?",
            [*params, query.limit, query.offset],
        )
    )
    total = _count(db, where, params, query, len(rows))
    return Page(
        total=total,
        items=[row["item"] for row in rows],
        etags=[row["etag"] for row in rows],
        updated_at=max((row["updated_at"] for row in rows), default=""),
        given=[(row["entry"], row["seq"]) for row in rows],
    )


def briefs(db: Database, locale: str, entries: Sequence[str]) -> dict[str, bytes]:
    """Return the brief of each of these entries that is live in the locale, by entry id."""
    if not entries:
        return {}
    marks = ", ".join("?" for _ in entries)
    rows = db.query(
        f"select entry, brief from document where entry in ({marks}) and locale = ? and status = 200",
        [*entries, locale],
    )
    return {row["entry"]: row["brief"] for row in rows}


def _where(query: Query) -> tuple[str, list[Any]]:
    terms = ["locale = ?", "type = ?", "status = 200"]
    params: list[Any] = [query.locale, query.type]
    for field, target in query.references:
        terms.append("entry in (select entry from reference where target = ? and field = ?)")
        params += [target, field]
    if query.topics:
        term, topics = references.about(query.topics)
        terms.append(term)
        params += topics
    if query.since:
        terms.append("updated_at >= ?")
        params.append(query.since)
    if query.freshness:
        terms.append("freshness = ?")
        params.append(query.freshness)
    if not query.review:
        terms.append(currency.UNLESS_EXPIRED)
    elif query.review != ANY_REVIEW:
        terms.append("entry in (select entry from currency where review_state = ?)")
        params.append(query.review)
    return " and ".join(terms), params


# Counting grows with what is counted; the newest event tells whether anything can have changed since.
_counts: WeakKeyDictionary[Any, tuple[int, dict[tuple[Any, ...], int]]] = WeakKeyDictionary()
_MOST_COUNTS = 1_000


def _count(db: Database, where: str, params: list[Any], query: Query, found: int) -> int:
    if found < query.limit and (found or not query.offset):
        return query.offset + found
    seq = events.latest(db)
    known_at, counts = _counts.get(db, (-1, {}))
    if known_at != seq or len(counts) >= _MOST_COUNTS:
        counts = {}
        _counts[db] = (seq, counts)
    key = (where, *params)
    if key not in counts:
        counts[key] = db.table("document").count_where(where, params)
    return counts[key]
