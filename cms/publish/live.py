"""Editions as rows: which revision of an entry is live in which locale, and since when."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import orjson

from cms.content import touched
from cms.content.entries import Entry
from cms.errors import NotFound
from cms.store import Database


@dataclass(frozen=True)
class Edition:
    """An entry in one locale: what stands there now (`until` is empty) or stood there once.

    `number` counts the editions of the entry in the locale; `translated_from` is the newest source revision that
    was wholly translated; `stale_since` is empty while it still is; `notice` is JSON about a withdrawal.
    """

    entry: str
    locale: str
    number: int
    type: str
    revision: int
    state: str
    slug: str
    update_type: str
    published_at: str
    since: str
    until: str
    published_by: str
    translated_from: int
    stale_since: str
    notice: str


def current(db: Database, entry: str) -> dict[str, Edition]:
    """Return what stands in each locale now, by locale: published, unpublished or withdrawn."""
    rows = db.query("select * from edition where entry = ? and until = '' order by locale", [entry])
    return {row["locale"]: Edition(**row) for row in rows}


def standing(db: Database, entry: str, locale: str) -> Edition:
    """Return what stands in one locale now; NotFound where nothing does or did."""
    for row in db.query("select * from edition where entry = ? and locale = ? and until = ''", [entry, locale]):
        return Edition(**row)
    raise NotFound("edition", f"{entry}/{locale}")


@dataclass(frozen=True)
class Withdrawal:
    """What was said when an edition was withdrawn, and by whom."""

    facts: Mapping[str, str]
    by: str


def withdrawn_at(db: Database, entry: str, locale: str, at: str) -> Withdrawal | None:
    """Return what was said of the withdrawal of an edition at that moment, also where it is published again."""
    rows = db.query(
        "select notice, published_by from edition where entry = ? and locale = ? and since = ? and state = 'withdrawn'"
        " order by number desc limit 1",
        [entry, locale, at],
    )
    return next((Withdrawal(orjson.loads(row["notice"]), row["published_by"]) for row in rows), None)


def published(db: Database, entries: Iterable[str]) -> set[str]:
    """Return which of these entries are published in at least one locale."""
    wanted = sorted(set(entries))
    if not wanted:
        return set()
    marks = ", ".join("?" for _ in wanted)
    rows = db.query(
        f"select distinct entry from edition where entry in ({marks}) and until = '' and state = 'published'",
        wanted,
    )
    return {row["entry"] for row in rows}


def published_sources(db: Database, entry: Entry) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what the source has said to readers, newest first: since when, and the content."""
    rows = db.query(
        "select e.since, r.content from edition e join revision r on r.entry = e.entry and r.number = e.revision"
        " where e.entry = ? and e.locale = ? and e.state = 'published' order by e.number desc",
        [entry.id, entry.source_locale],
    )
    for row in rows:
        yield row["since"], orjson.loads(row["content"])


def supersede(db: Database, previous: Edition | None, following: Edition) -> None:
    """Put an edition in the place of the one before it."""
    if previous:
        db.execute(
            "update edition set until = ? where entry = ? and locale = ? and number = ?",
            [following.since, previous.entry, previous.locale, previous.number],
        )
        following = replace(following, number=previous.number + 1)
    db.table("edition").insert(asdict(following))
    touched.mark(db, following.entry)


def follow(db: Database, source: Edition) -> None:
    """Move the other live locales of an entry on to its source's revision, which is about to be published."""
    where = "entry = ? and until = '' and state = 'published' and locale <> ? and revision <> ?"
    others = [source.entry, source.locale, source.revision]
    db.execute(
        "insert into edition (entry, locale, number, type, revision, state, slug, update_type, published_at, since,"
        " until, published_by, translated_from, stale_since, notice)"
        " select entry, locale, number + 1, type, ?, state, slug, ?, published_at, ?,"
        f" until, published_by, translated_from, stale_since, notice from edition where {where}",
        [source.revision, source.update_type, source.since, *others],
    )
    db.execute(f"update edition set until = ? where {where}", [source.since, *others])


def note_freshness(db: Database, entry: str, locales: Collection[str], translated_from: int, stale_since: str) -> None:
    """Keep from when on, and from which revision, some locales have been behind their source."""
    marks = ", ".join("?" for _ in locales)
    db.execute(
        "update edition set translated_from = ?, stale_since = ?"
        f" where entry = ? and until = '' and locale in ({marks})",
        [translated_from, stale_since, entry, *locales],
    )
    touched.mark(db, entry)


def as_facts(edition: Edition, topics: Collection[str]) -> dict[str, Any]:
    """Return what an event tells of an edition; `topics` are the entries that its source names as such."""
    return {
        "type": edition.type,
        "slug": edition.slug,
        "revision": edition.revision,
        "state": edition.state,
        "update_type": edition.update_type,
        "topics": sorted(set(topics)),
    }
