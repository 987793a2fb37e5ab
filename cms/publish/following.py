"""What a feed tells of a type in a locale: the documents that changed last, and what was taken away from readers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cms.publish.references import about
from cms.store import Database

MOST_DEPARTED = 200
# What readers see is new when the text was, and when it was first there for them at all.
_CHANGED = "case when modified_at > published_at then modified_at else published_at end"
_EXPIRED = "select entry from currency where review_state = 'expired'"


@dataclass(frozen=True)
class Latest:
    """One page of the documents that changed last: `total` counts all, `bodies` are canonical JSON.

    `given` says of each which entry it is, and the event that it was made after.
    """

    total: int
    bodies: Sequence[bytes]
    etags: Sequence[str]
    given: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Departed:
    """An entry that readers of a locale had and have no more: since when, and whether it was withdrawn."""

    entry: str
    at: str
    state: str


def latest(
    db: Database,
    locale: str,
    type: str,
    references: Sequence[tuple[str, str]] = (),
    *,
    topics: Sequence[str] = (),
    limit: int,
    offset: int = 0,
) -> Latest:
    """Return the documents that changed last, newest first; `references` are (field, entry id), all of which hold.

    Where there are `topics`, one of them must be named.
    """
    terms = ["locale = ?", "type = ?", "status = 200", f"entry not in ({_EXPIRED})"]
    params: list[Any] = [locale, type]
    for field, target in references:
        terms.append("entry in (select entry from reference where target = ? and field = ?)")
        params += [target, field]
    if topics:
        term, values = about(topics)
        terms.append(term)
        params += values
    where = " and ".join(terms)
    rows = list(
        db.query(
            f"select body, etag, entry, seq from document where {where}"
            f" order by {_CHANGED} desc, entry desc limit ? offset ?",
            [*params, limit, offset],
        )
    )
    total = db.table("document").count_where(where, params)
    given = [(row["entry"], row["seq"]) for row in rows]
    return Latest(total, [row["body"] for row in rows], [row["etag"] for row in rows], given)


def departed(db: Database, locale: str, type: str) -> list[Departed]:
    """Return what was withdrawn from a locale, unpublished there or not reviewed for too long, newest first.

    The last 200 are given: who stayed away for longer holds the manifest against what it has.
    """
    found = [
        Departed(row["entry"], row["at"], row["state"])
        for row in db.query(
            "select entry, since as at, state from edition"
            " where locale = ? and type = ? and until = '' and state <> 'published' order by since desc, entry limit ?",
            [locale, type, MOST_DEPARTED],
        )
    ]
    # A locale that waits for the translation of critical advice is suspended while its edition goes on.
    rows = db.query(
        "select d.entry, d.updated_at as at, case when d.status = 200 then 'expired' else 'withdrawn' end as state"
        " from document d join edition e on e.entry = d.entry and e.locale = d.locale and e.until = ''"
        " left join currency c on c.entry = d.entry"
        " where d.locale = ? and d.type = ? and e.state = 'published'"
        " and (d.status = 410 or (d.status = 200 and c.review_state = 'expired'))"
        " order by d.updated_at desc, d.entry limit ?",
        [locale, type, MOST_DEPARTED],
    )
    found += [Departed(row["entry"], row["at"], row["state"]) for row in rows]
    return sorted(found, key=lambda each: (each.at, each.entry), reverse=True)[:MOST_DEPARTED]


def addresses(
    db: Database, locale: str, type: str, *, topics: Sequence[str] = (), limit: int, offset: int = 0
) -> list[tuple[str, str, str]]:
    """Return (entry, slug, when its meaning changed) of what is live of a type in a locale, by entry.

    Where there are `topics`, one of them must be named.
    """
    term, values = about(topics) if topics else ("1 = 1", [])
    rows = db.query(
        "select entry, slug, content_changed_at from document where locale = ? and type = ? and status = 200"
        f" and entry not in ({_EXPIRED}) and {term} order by entry limit ? offset ?",
        [locale, type, *values, limit, offset],
    )
    return [(row["entry"], row["slug"], row["content_changed_at"]) for row in rows]


def alternates(db: Database, type: str, entries: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return the slug by locale of each of these entries, where it is live."""
    found: dict[str, dict[str, str]] = {entry: {} for entry in entries}
    if not entries:
        return found
    marks = ", ".join("?" for _ in entries)
    rows = db.query(
        f"select entry, locale, slug from document where type = ? and status = 200 and entry in ({marks})"
        " order by locale",
        [type, *entries],
    )
    for row in rows:
        found[row["entry"]][row["locale"]] = row["slug"]
    return found


def counts(db: Database) -> dict[tuple[str, str], int]:
    """Return how much is live, by locale and type."""
    rows = db.query("select locale, type, count(*) as number from document where status = 200 group by locale, type")
    return {(row["locale"], row["type"]): int(row["number"]) for row in rows}
