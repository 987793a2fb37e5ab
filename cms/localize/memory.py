"""The memory: what was translated before, offered again for the same text or one like it.

A search compares with every text, so each connection keeps those of a pair of languages on a shelf. Before each use
the shelf is held against the table: a write that was rolled back, and a pair that was forgotten, are noticed.
"""

import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from rapidfuzz import fuzz, process

from cms.content.fields import tidy
from cms.content.identity import stamp
from cms.localize.differences import difference
from cms.localize.segments import source_hash
from cms.localize.shelf import ALIKE, Shelf
from cms.store import Database, write

# How many pairs of languages a connection keeps at hand.
SHELVES = 8
COLUMNS = "source, target, entry, path, saved_at, saved_by"


@dataclass(frozen=True)
class Remembered:
    """One pair of texts and where it comes from; `entry` and `path` are empty for what came from elsewhere."""

    source: str
    target: str
    entry: str = ""
    path: str = ""
    saved_at: str = ""
    saved_by: str = ""


@dataclass(frozen=True)
class Offer:
    """A remembered pair with its likeness to the text, 0 to 100, and the difference between the two sources.

    `difference` is a list of (same | gone | new, words): what the remembered source has in common with the text,
    has beyond it, and lacks. What is same and new makes up the text.
    """

    pair: Remembered
    likeness: float
    difference: tuple[tuple[str, str], ...]


def remember(
    db: Database, source_locale: str, target_locale: str, pairs: Iterable[Remembered], *, by: str, now: datetime
) -> int:
    """Keep pairs of texts; a pair that is known already is kept once. Returns how many were new.

    A pair that was known from nowhere in particular gets the place of the one that is given.
    """
    new = 0
    with write(db):
        # Numbers rise with the clock, so that one whose write was rolled back is never used again.
        number = max(_newest(db), time.time_ns() // 1000)
        for pair in pairs:
            number += 1
            row = _row(number, source_locale, target_locale, pair, by, now)
            if _insert(db, row):
                new += 1
            elif pair.entry and _delete(db, {**row, "entry": "", "path": ""}):
                _insert(db, row)
    return new


def forget(db: Database, source_locale: str, target_locale: str, pairs: Iterable[Remembered]) -> int:
    """Drop pairs that were remembered from these very places, such as a text that was wrong; return how many."""
    with write(db):
        rows = [_row(0, source_locale, target_locale, pair, "", None) for pair in pairs]
        return sum(_delete(db, row) for row in rows)


def suggest(
    db: Database, text: str, source_locale: str, target_locale: str, limit: int = 5, *, entry: str = "", path: str = ""
) -> list[Offer]:
    """Return what is remembered for a text: the very text first, then what is most alike; of equals, the newest.

    Where `entry` and `path` say which segment asks, what was remembered from there comes first, then what was
    remembered from the same path elsewhere.
    """
    text = tidy(text)
    if not text or limit < 1:
        return []
    shelf = _shelf(db, source_locale, target_locale)
    newest = shelf.by_source.get(text, [])[::-1]
    exact = sorted(newest, key=lambda pair: _strangeness(pair, entry, path))
    offers = [Offer(pair, 100.0, (("same", text),)) for pair in exact[:limit]]
    if len(offers) < limit:
        offers += _alike(shelf, text, limit - len(offers))
    return offers


def exact(
    db: Database, texts: Collection[str], source_locale: str, target_locale: str, *, entry: str = ""
) -> dict[str, list[Remembered]]:
    """Return what is remembered for these very texts, by text: that of the entry itself first, then the newest.

    One statement for all of them, which needs no shelf.
    """
    hashes = sorted({source_hash(text) for text in texts})
    if not hashes:
        return {}
    rows = db.query(
        f"select {COLUMNS} from memory where source_locale = ? and target_locale = ?"
        f" and source_hash in ({', '.join('?' for _ in hashes)}) order by number desc",
        [source_locale, target_locale, *hashes],
    )
    found: dict[str, list[Remembered]] = {}
    for pair in sorted((Remembered(**row) for row in rows), key=lambda pair: pair.entry != entry):
        found.setdefault(pair.source, []).append(pair)
    return found


def pairs(db: Database, source_locale: str, target_locale: str) -> list[Remembered]:
    """Return all that is remembered for a pair of languages, oldest first."""
    return [Remembered(**row) for row in _rows(db, source_locale, target_locale)]


def languages(db: Database) -> list[tuple[str, str, int]]:
    """Return the pairs of languages that something is remembered for, and how much."""
    rows = db.query(
        "select source_locale, target_locale, count(*) as held from memory group by source_locale, target_locale"
        " order by source_locale, target_locale"
    )
    return [(row["source_locale"], row["target_locale"], int(row["held"])) for row in rows]


_shelves: WeakKeyDictionary[Database, dict[tuple[str, str], Shelf]] = WeakKeyDictionary()


def _shelf(db: Database, source_locale: str, target_locale: str) -> Shelf:
    kept, key = _shelves.setdefault(db, {}), (source_locale, target_locale)
    shelf = kept.pop(key, None)
    if shelf is None or not _follow(db, source_locale, target_locale, shelf):
        shelf = _read(db, source_locale, target_locale)
    kept[key] = shelf
    if len(kept) > SHELVES:
        del kept[next(iter(kept))]
    return shelf


def _read(db: Database, source_locale: str, target_locale: str) -> Shelf:
    shelf = Shelf()
    for row in db.query("select number, target_hash from memory order by number desc limit 1"):
        shelf.newest, shelf.mark = int(row["number"]), row["target_hash"]
    shelf.add([Remembered(**row) for row in _rows(db, source_locale, target_locale, shelf.newest)])
    return shelf


def _follow(db: Database, source_locale: str, target_locale: str, shelf: Shelf) -> bool:
    """Add what is new since the shelf was last used; return False where something that it holds is no longer there.

    One statement, so that what it says was true at one moment: the newest row seen is there still, and there are as
    many pairs as the shelf holds and the news brings.
    """
    news = list(
        db.query(
            f"select number, source_locale, target_locale, target_hash, {COLUMNS}, (select count(*) from memory"
            " where source_locale = ? and target_locale = ?) as held from memory where number >= ? order by number",
            [source_locale, target_locale, shelf.newest],
        )
    )
    if not news or (news[0]["number"], news[0]["target_hash"]) != (shelf.newest, shelf.mark):
        return False
    names = COLUMNS.split(", ")
    mine = [
        Remembered(**{name: row[name] for name in names})
        for row in news[1:]
        if (row["source_locale"], row["target_locale"]) == (source_locale, target_locale)
    ]
    if shelf.held + len(mine) != news[-1]["held"]:
        return False
    shelf.add(mine)
    shelf.newest, shelf.mark = news[-1]["number"], news[-1]["target_hash"]
    return True


def _alike(shelf: Shelf, text: str, limit: int) -> list[Offer]:
    found = process.extract(text, shelf.near(text), scorer=fuzz.ratio, score_cutoff=ALIKE, limit=limit + 1)
    ranked = [
        (round(likeness, 1), pair)
        for source, likeness, _ in found
        if source != text
        for pair in reversed(shelf.by_source[source])
    ]
    ranked.sort(key=lambda each: (each[0], each[1].saved_at), reverse=True)
    return [Offer(pair, min(likeness, 99.9), difference(pair.source, text)) for likeness, pair in ranked[:limit]]


def _strangeness(pair: Remembered, entry: str, path: str) -> int:
    return 2 - (bool(path) and pair.path == path) - (bool(entry) and (pair.entry, pair.path) == (entry, path))


def _rows(db: Database, source_locale: str, target_locale: str, until: int = 2**63 - 1) -> Iterable[dict[str, Any]]:
    return db.query(
        f"select {COLUMNS} from memory where source_locale = ? and target_locale = ? and number <= ? order by number",
        [source_locale, target_locale, until],
    )


def _newest(db: Database) -> int:
    return next((int(row["number"]) for row in db.query("select number from memory order by number desc limit 1")), 0)


def _row(
    number: int, source_locale: str, target_locale: str, pair: Remembered, by: str, now: datetime | None
) -> dict[str, Any]:
    return {
        "number": number,
        "source_locale": source_locale,
        "target_locale": target_locale,
        "source_hash": source_hash(pair.source),
        "target_hash": source_hash(pair.target),
        "source": pair.source,
        "target": pair.target,
        "entry": pair.entry,
        "path": pair.path,
        "saved_at": stamp(now) if now else "",
        "saved_by": by,
    }


def _insert(db: Database, row: dict[str, Any]) -> bool:
    marks = ", ".join(f":{name}" for name in row)
    sql = f"insert into memory ({', '.join(row)}) values ({marks}) on conflict do nothing"
    return bool(db.execute(sql, row).rowcount)


def _delete(db: Database, row: dict[str, Any]) -> int:
    keys = ("source_locale", "target_locale", "source_hash", "target_hash", "entry", "path")
    where = " and ".join(f"{key} = ?" for key in keys)
    return db.table("memory").delete_where(where, [row[key] for key in keys])
