"""Databases for the admin to be measured on: entries in eight locales, in every state, with people, audit and terms.

They hold rows, and no documents: no page of the admin reads one.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench import articles, seed
from bench.articles import Piece, entry_id
from bench.memory import VOCABULARY
from bench.seed import BY
from cms.content import saving, touched
from cms.content.identity import stamp
from cms.content.types import find
from cms.desk import tally
from cms.localize import glossary, memory, segments
from cms.localize.glossary import Term
from cms.localize.memory import Remembered
from cms.people import users
from cms.site import Site
from cms.store import Database, connect, write
from migrations import migrate

SITE = Site()
SOURCE, *TARGETS = SITE.locales
NOW = datetime(2026, 1, 1, tzinfo=UTC)
BUSY, RARE = "busy", "rare"  # of the actors in the audit
ARTICLE = 2  # the number of the one that is measured by itself: published, in full size, saved often
SAVES = 20
# How much of the articles is translated.
SHARES = dict(zip(TARGETS, (0.95, 0.8, 0.7, 0.8, 0.6, 0.3, 0.05), strict=True))
# How articles stand, in twentieths; the rest is published.
STATES = {0: "draft", 1: "draft", 15: "changed", 16: "changed", 17: "unpublished", 18: "withdrawn", 19: "archived"}
ACTIONS = ("entry.save", "translation.save", "translation.approve", "entry.publish", "session.open")


def sqlite(count: int) -> Path:
    """Return a file with so many entries."""
    return seed.kept(f"office-{count}", lambda url: fill(url, count), "bench/office.py")


def fill(url: str, count: int) -> None:
    """Store so many entries, four articles in five, and what people left beside them in proportion."""
    db, began = connect(url), time.perf_counter()
    chance = random.Random(3)
    try:
        migrate(db)
        authors, clinics = max(1, count * 15 // 100), max(1, count * 3 // 100)
        topics, number = max(1, count * 2 // 100), count * 80 // 100
        _each(db, topics, lambda n: _make(db, "topic", n, {"title": f"Klachten {_words(chance, 2)} {n}"}))
        _each(db, clinics, lambda n: _make(db, "clinic", n, {"name": f"Oefenpraktijk {n}"}))
        _each(
            db, authors, lambda n: _make(db, "author", n, {"name": f"Sam Example {n}", "job_title": "Fysiotherapeut"})
        )
        _each(db, number, lambda n: _article(db, n, min(topics, 16), authors, chance))
        _audit(db, count * 10, number, chance)
        glossary.add(db, _terms(count // 2))
        for locale in TARGETS[:4]:
            pairs = [Remembered(_words(chance, chance.randint(3, 30)), "x") for _ in range(count)]
            memory.remember(db, SOURCE, locale, pairs, by=BY, now=NOW)
        _each(db, count * 3 // 100, lambda n: _user(db, n))
        tally.follow_all(db)
        with write(db):
            db.execute("analyze")
    finally:
        db.close()
    print(f"seeded {count} entries in {len(SITE.locales)} locales: {time.perf_counter() - began:.0f} s")


def _each(db: Database, count: int, make: Callable[[int], object]) -> None:
    for start in range(0, count, 200):
        with write(db):
            for number in range(start, min(start + 200, count)):
                make(number)


def _make(db: Database, kind: str, number: int, content: Mapping[str, Any]) -> str:
    made = saving.create(
        db, kind, content, by=BY, now=_moment(number), source_locale=SOURCE, entry=entry_id(kind, number)
    )
    if number % 4:
        _edition(db, made.id, SOURCE, kind, 1, "published", _moment(number))
    return made.id


def _article(db: Database, number: int, topics: int, authors: int, chance: random.Random) -> None:
    piece, now = articles.article(number), _moment(number)
    body = piece.content["body"]
    content = {
        **piece.content,
        "title": f"{piece.content['title']} {_words(chance, 2)}",
        "body": body if number == ARTICLE else [block for block in body if block["id"] in ("c0", "p0")],
        "topics": [entry_id("topic", number % topics)],
        "authors": [entry_id("author", number // articles.ARTICLES_AN_AUTHOR % authors)],
        "clinics": [entry_id("clinic", 0)],
        "review_due": f"202{chance.randint(5, 8)}-0{chance.randint(1, 9)}-01",
    }
    entry = saving.create(db, "article", content, by=BY, now=now, source_locale=SOURCE, entry=piece.entry).id
    state = "published" if number == ARTICLE else STATES.get(number % 20, "published")
    # The one that is measured by itself is the same in every database.
    own = random.Random(1) if number == ARTICLE else chance
    _translate(db, piece, content, own, now, is_live=state in ("published", "changed", "archived"))
    saves = SAVES if number == ARTICLE else int(state == "changed")
    for save in range(saves):
        content = {**content, "summary": f"{piece.content['summary']} {_words(chance, 8)}."}
        saving.save(db, entry, content, based_on=save + 1, by=BY, now=now + timedelta(minutes=save))
    if state != "draft":
        stands = {"changed": "published", "archived": "withdrawn"}.get(state, state)
        _edition(db, entry, SOURCE, "article", 1, stands, now)
    if state == "archived":
        db.execute("update entry set archived_at = ? where id = ?", [stamp(now), entry])
    touched.mark(db, entry)


def _translate(
    db: Database, piece: Piece, content: Mapping[str, Any], chance: random.Random, now: datetime, *, is_live: bool
) -> None:
    entry, cut, rows = piece.entry, segments.cut(find("article"), content), []
    for locale, share in SHARES.items():
        if chance.random() >= share:
            continue
        if is_live and chance.random() < 0.85:
            _edition(db, entry, locale, "article", 1, "published", now)
        for segment in cut:
            fate = chance.random()
            source_hash = segments.source_hash("older") if fate < 0.02 else segment.source_hash
            if fate < 0.98:
                approved = int(fate < 0.96)
                state = "approved" if approved else "needs_review"
                text = piece.texts.get(locale, piece.texts["en"])[segment.path]
                row = (entry, locale, segment.path, source_hash, approved, segment.source, text, state)
                rows.append((*row, "human", 1, stamp(now), BY))
    _insert(db, "translation", rows)


def _edition(db: Database, entry: str, locale: str, kind: str, revision: int, state: str, now: datetime) -> None:
    at, slug = stamp(now), f"{entry}-{locale}"
    row = (entry, locale, 1, kind, revision, state, slug, "major", at, at, "", BY, revision, "", "")
    _insert(db, "edition", [row])


def _audit(db: Database, count: int, number: int, chance: random.Random) -> None:
    rows = []
    for seq in range(1, count + 1):
        actor = RARE if seq in (5, 6, 7) else BUSY if seq % 3 else f"actor-{seq % 40}"
        entry = entry_id("article", chance.randrange(number))
        at = stamp(NOW + timedelta(minutes=seq))
        row = (seq, at, actor, actor.title(), "person", "127.0.0.1", ACTIONS[seq % len(ACTIONS)], entry)
        rows.append((*row, "article", "", '{"revision":1}', '{"revision":2}', ""))
    with write(db):
        _insert(db, "audit", rows)


def _terms(count: int) -> Iterator[Term]:
    for number in range(count):
        # None stands in a text: what is found in one would be another page, not the same one with more beside it.
        word = f"{VOCABULARY[number // len(TARGETS) % len(VOCABULARY)]}itis"
        yield Term(SOURCE, TARGETS[number % len(TARGETS)], word, word[::-1], "preferred", "a note")


def _user(db: Database, number: int) -> None:
    users.add(db, name=f"Sam {number}", email=f"sam-{number}@example.org", roles=["editor"], now=NOW)


def _insert(db: Database, table: str, rows: Sequence[Sequence[Any]]) -> None:
    for start in range(0, len(rows), 500):
        some = rows[start : start + 500]
        marks = ", ".join(f"({', '.join('?' * len(row))})" for row in some)
        db.execute(f"insert into {table} values {marks}", [value for row in some for value in row])


def _moment(number: int) -> datetime:
    return NOW + timedelta(minutes=number)


def _words(chance: random.Random, count: int) -> str:
    return " ".join(VOCABULARY[int(len(VOCABULARY) * chance.random() ** 3)] for _ in range(count))
