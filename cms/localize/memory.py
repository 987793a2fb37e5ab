"""The memory: what was translated before, offered again for the same text or one like it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher
from weakref import WeakKeyDictionary

from rapidfuzz import fuzz, process

from cms.content.identity import stamp
from cms.localize.segments import source_hash
from cms.localize.stems import words
from cms.store import Database, write

# Below this likeness, of 100, a remembered text helps nobody.
ALIKE = 70.0


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
    has beyond it, and lacks.
    """

    pair: Remembered
    likeness: float
    difference: tuple[tuple[str, str], ...]


def remember(
    db: Database, source_locale: str, target_locale: str, pairs: Iterable[Remembered], *, by: str, now: datetime
) -> int:
    """Keep pairs of texts; a pair that is known already is kept once. Returns how many were new."""
    new = 0
    with write(db):
        number = _newest(db)
        for pair in pairs:
            keys = [source_locale, target_locale, source_hash(pair.source), source_hash(pair.target)]
            known = db.table("memory").count_where(
                "source_locale = ? and target_locale = ? and source_hash = ? and target_hash = ?", keys
            )
            if known:
                continue
            new += 1
            db.table("memory").insert(
                {
                    "number": number + new,
                    "source_locale": source_locale,
                    "target_locale": target_locale,
                    "source_hash": keys[2],
                    "target_hash": keys[3],
                    "source": pair.source,
                    "target": pair.target,
                    "entry": pair.entry,
                    "path": pair.path,
                    "saved_at": stamp(now),
                    "saved_by": by,
                }
            )
    return new


def suggest(db: Database, text: str, source_locale: str, target_locale: str, limit: int = 5) -> list[Offer]:
    """Return what is remembered for a text: exact matches first, newest first, then what is most alike."""
    shelf = _shelf(db, source_locale, target_locale)
    exact = [pair for pair in reversed(shelf.pairs) if pair.source == text][:limit]
    offers = [Offer(pair, 100.0, (("same", text),)) for pair in exact]
    if len(offers) < limit:
        alike = process.extract(text, shelf.sources, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=limit + len(exact))
        offers += [
            Offer(shelf.pairs[index], round(likeness, 1), difference(source, text))
            for source, likeness, index in alike
            if source != text
        ]
    return offers[:limit]


def pairs(db: Database, source_locale: str, target_locale: str) -> list[Remembered]:
    """Return all that is remembered for a pair of languages, oldest first."""
    return list(_shelf(db, source_locale, target_locale).pairs)


def difference(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """Return how one text became another, in words. Pure."""
    before, after = _pieces(old), _pieces(new)
    found: list[tuple[str, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(("same", "".join(before[a:b])))
            continue
        found += [("gone", "".join(before[a:b]))] if b > a else []
        found += [("new", "".join(after[c:d]))] if d > c else []
    return tuple(found)


@dataclass
class _Shelf:
    """All pairs of two languages as they stood at `number`, kept so that a search need not read them again."""

    number: int = 0
    pairs: list[Remembered] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)


_shelves: WeakKeyDictionary[Database, dict[tuple[str, str], _Shelf]] = WeakKeyDictionary()


def _shelf(db: Database, source_locale: str, target_locale: str) -> _Shelf:
    shelf = _shelves.setdefault(db, {}).setdefault((source_locale, target_locale), _Shelf())
    newest = _newest(db)
    if shelf.number != newest:
        rows = db.query(
            "select source, target, entry, path, saved_at, saved_by from memory"
            " where source_locale = ? and target_locale = ? and number > ? order by number",
            [source_locale, target_locale, shelf.number],
        )
        for row in rows:
            shelf.pairs.append(Remembered(**row))
            shelf.sources.append(row["source"])
        shelf.number = newest
    return shelf


def _newest(db: Database) -> int:
    return next((int(row["number"]) for row in db.query("select number from memory order by number desc limit 1")), 0)


def _pieces(text: str) -> list[str]:
    """Return the text in words and what stands between them."""
    pieces, at = [], 0
    for start, end, _ in words(text):
        pieces += [text[at:start], text[start:end]]
        at = end
    return [piece for piece in [*pieces, text[at:]] if piece]
