"""What is served of documents now, each with what was told of it: for those who keep copies.

A document and what was told of it are read in one statement: neither is ever older than the other.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from cms.publish import documents
from cms.publish.currency import EXPIRED
from cms.publish.events import Key, marks
from cms.store import Database


@dataclass(frozen=True)
class Served:
    """What stands in one locale of an entry: live with 200, withdrawn or suspended with 410.

    `told` is the event that told of these bytes, `seq` the last one that told of more than that they were renewed, at
    `updated_at`. `facts` is what was told. `body` is empty where only its digest was asked for.
    """

    entry: str
    locale: str
    type: str
    slug: str
    status: int
    told: int
    seq: int
    etag: str
    updated_at: str
    facts: Mapping[str, Any]
    signature_input: str
    signature: str
    body: bytes

    @property
    def is_live(self) -> bool:
        """Tell whether readers are to have it."""
        return self.status == documents.LIVE and self.facts.get("review_state") != EXPIRED

    @property
    def topics(self) -> Sequence[str]:
        """Return the ids of the topics that it is about."""
        return tuple(self.facts.get("topics", ()))


def was_live(facts: Mapping[str, Any]) -> bool:
    """Tell of a document, by what an event told of it, whether readers were to have it."""
    return facts.get("status") == documents.LIVE and facts.get("review_state") != EXPIRED


def of(db: Database, keys: Collection[Key]) -> dict[Key, Served]:
    """Return what is served of each of these documents; those of which nothing is are left out."""
    if not keys:
        return {}
    rows = db.query(
        f"with wanted (entry, locale) as (values {', '.join('(?, ?)' for _ in keys)})"
        f" {_select(whole=True)} from wanted w join document d on d.entry = w.entry and d.locale = w.locale"
        " left join event e on e.seq = d.seq where d.status <> 301",
        [part for key in keys for part in key],
    )
    return {(row["entry"], row["locale"]): _read(row) for row in rows}


def walk(
    db: Database,
    after: Key,
    limit: int,
    *,
    types: Collection[str] = (),
    locales: Collection[str] = (),
    whole: bool = True,
) -> list[Served]:
    """Return what is live, ordered by entry and locale, after one of them; of these types and locales, or of all."""
    entry, locale = after
    terms = ["d.entry >= ?", "(d.entry > ? or d.locale > ?)", "d.status = 200"]
    params: list[Any] = [entry, entry, locale]
    for column, values in (("type", types), ("locale", locales)):
        if values:
            # No index of lists is to be looked in: it would be sorted anew for every page.
            terms.append(f"d.{column} || '' in ({marks(values)})")
            params += sorted(values)
    rows = db.query(
        f"{_select(whole)} from document d left join event e on e.seq = d.seq"
        f" where {' and '.join(terms)} order by d.entry, d.locale limit ?",
        [*params, limit],
    )
    return [_read(row) for row in rows]


@dataclass(frozen=True)
class Successor:
    """The entry that another was merged into; `slug` is empty where it is not live in the locale."""

    entry: str
    type: str
    slug: str


def successors(db: Database, keys: Collection[Key]) -> dict[Key, Successor]:
    """Return the successor, in its locale, of each of these documents whose entry was merged into another."""
    if not keys:
        return {}
    # The id of an entry that was merged is one of the addresses of the entry that was kept.
    rows = db.query(
        "select s.slug as gone, s.locale, s.entry, s.type, d.slug from slug s left join document d"
        " on d.entry = s.entry and d.locale = s.locale and d.status = 200"
        f" where s.slug in ({marks(keys)}) and s.slug <> s.entry",
        [entry for entry, _ in keys],
    )
    found = {(row["gone"], row["locale"]): Successor(row["entry"], row["type"], row["slug"] or "") for row in rows}
    return {key: successor for key, successor in found.items() if key in keys}


def _select(whole: bool) -> str:
    return (
        "select d.entry, d.locale, d.type, d.slug, d.status, d.seq as told, d.etag, d.updated_at,"
        f" d.signature_input, d.signature, {'d.body, ' if whole else ''}e.data"
    )


def _read(row: dict[str, Any]) -> Served:
    facts = orjson.loads(row.pop("data") or "{}")
    return Served(**{"body": b"", **row}, seq=facts.get("renews", row["told"]), facts=facts)
