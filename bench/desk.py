"""Measure the desk: `python -m bench.desk`. How long overviews take at 100 and at 10,000 entries in eight locales.

Also how long a translator waits for the page of a long article beside a memory of 50,000 pairs, and whoever publishes
a translation where 3 locales are live and where 40 are.
"""

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bench import many
from bench.memory import VOCABULARY
from bench.scratch import database
from cms.content import revisions, saving, touched
from cms.content.identity import stamp
from cms.desk import board, publishing, tally, translating, uses, writing
from cms.desk.board import BoardQuery
from cms.localize import memory, segments, translations
from cms.localize.glossary import Term, add
from cms.localize.memory import Remembered
from cms.people.rights import OPERATOR, Actor
from cms.publish import editions, refresh
from cms.site import Site
from cms.store import Database, write

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SITE = Site()
TARGETS = SITE.locales[1:]
TRANSLATOR = Actor("t", "translator", "person", frozenset({"translator"}), frozenset({"tr"}))
SEGMENTS = 60


def main(words: Sequence[str]) -> int:
    """Measure as the command line asks."""
    parser = argparse.ArgumentParser("bench.desk", description="Measure the overviews and the translation page.")
    parser.add_argument("--entries", default="100,10000", help="how many, smallest first (default 100,10000)")
    parser.add_argument("--pairs", type=int, default=50_000, help="how many the memory holds (default 50000)")
    parser.add_argument("--rounds", type=int, default=15, help="how often each is measured (default 15)")
    parser.add_argument("--postgresql", action="store_true", help="measure on PostgreSQL too")
    asked = parser.parse_args(words)
    for engine in ["sqlite", "postgresql"] if asked.postgresql else ["sqlite"]:
        found = {}
        for count in map(int, asked.entries.split(",")):
            with database(engine) as db:
                found[count] = _overviews(db, count, asked.rounds)
        _report(f"{engine}: overviews, ms (median, worst)", found)
        with database(engine) as db:
            _report(f"{engine}: a translator's page, ms", {asked.pairs: _page(db, asked.pairs, asked.rounds)})
        with database(engine) as db:
            _report(f"{engine}: by live locales, ms", {live: _publish(db, live, asked.rounds) for live in (3, 40)})
    return 0


Figures = dict[str, tuple[float, float]]


def _overviews(db: Database, count: int, rounds: int) -> Figures:
    author = saving.create(db, "author", {"name": "Bench"}, by="bench", now=NOW).id
    ids = _seed(db, count, author)
    began = time.perf_counter()
    tally.follow_all(db)
    each = 1000 * (time.perf_counter() - began) / len(ids)
    with write(db):
        db.execute("analyze")
    asked: dict[str, Callable[[], Any]] = {
        "first page": lambda: board.rows(db, BoardQuery(type="article")),
        "by title": lambda: board.rows(db, BoardQuery(type="article", sort="title")),
        "last page": lambda: board.rows(db, BoardQuery(type="article", sort="title", offset=max(0, count - 50))),
        "search, few": lambda: board.rows(db, BoardQuery(type="article", search="zzz 1")),
        "search, none": lambda: board.rows(db, BoardQuery(search="nothing like it")),
        "stale in tr": lambda: board.rows(db, BoardQuery(type="article", locale="tr", freshness="stale")),
        "missing in tr": lambda: board.rows(db, BoardQuery(type="article", locale="tr", freshness="missing")),
        "stale anywhere": lambda: board.rows(db, BoardQuery(type="article", freshness="stale")),
        "to do, translator": lambda: board.todo(db, TRANSLATOR, site=SITE, now=NOW),
        "to do, administrator": lambda: board.todo(db, OPERATOR, site=SITE, now=NOW),
        "uses of an author": lambda: uses.uses(db, author)[:1],
    }
    found = {name: _timed(act, rounds) for name, act in asked.items()}
    found["counting an entry"] = (each, each)
    found["save, then look"] = _timed(_saving(db, ids), rounds)
    return found


def _saving(db: Database, ids: Sequence[str]) -> Callable[[], None]:
    chance = random.Random(1)

    def act() -> None:
        newest = revisions.latest(db, chance.choice(ids))
        content = {**newest.content, "summary": _words(chance, 20)}
        writing.save(db, OPERATOR, newest.entry, content, based_on=newest.number, now=NOW)
        board.rows(db, BoardQuery(type="article"))

    return act


def _page(db: Database, pairs: int, rounds: int) -> Figures:
    chance = random.Random(7)
    body = [{"id": f"b{n}", "type": "paragraph", "text": _words(chance, 25)} for n in range(SEGMENTS - 1)]
    article = {"title": "Bench", "body": body}
    entry = saving.create(db, "article", article, by="bench", now=NOW).id
    told = [Remembered(_words(chance, chance.randint(3, 60)), "x") for _ in range(pairs)]
    memory.remember(db, "nl", "en", told, by="bench", now=NOW)
    add(db, [Term("nl", "en", word, word[::-1], "preferred") for word in VOCABULARY[50:2050:10]])
    cut = segments.cut(saving.types.find("article"), revisions.latest(db, entry).content)
    texts = {segment.path: segment.source for segment in cut[: SEGMENTS // 2]}
    translations.save(db, entry, "en", texts, by="bench", now=NOW, state="draft")
    changed = {**article, "body": [{**block, "text": f"{block['text']} Nu."} for block in body[:15]] + body[15:]}
    saving.save(db, entry, changed, based_on=1, by="bench", now=NOW)
    path = cut[1].path
    with write(db):
        db.execute("analyze")
    return {
        f"page of {SEGMENTS} segments": _timed(lambda: translating.page(db, entry, "en"), rounds),
        "check one text": _timed(lambda: translating.check_texts(db, entry, "en", {path: _words(chance, 25)}), rounds),
        "memory for one text": _timed(lambda: translating.offers_for(db, entry, "en", path), rounds),
    }


def _publish(db: Database, live: int, rounds: int) -> Figures:
    site = replace(many.site(live), checks_translations=False)
    source, target, *_ = site.locales
    body = [{"id": f"b{n}", "type": "paragraph", "text": f"Alinea {n} blijft rustig."} for n in range(20)]
    author = saving.create(db, "author", {"name": "Bench"}, by="bench", now=NOW).id
    editions.publish(db, author, source, by="bench", now=NOW, site=site)
    article = {"title": f"Bench {live}", "body": body, "authors": [author]}
    entry = saving.create(db, "article", article, by="bench", now=NOW).id
    cut = segments.cut(saving.types.find("article"), article)
    for locale in site.locales:
        if locale != source:
            texts = {segment.path: f"{segment.source} {locale}" for segment in cut}
            translations.save(db, entry, locale, texts, by="bench", now=NOW, state="approved", checks=False)
        editions.publish(db, entry, locale, by="bench", now=NOW, site=site)
    refresh.drain(db, site, NOW)
    answered, rendered = [], []
    for _ in range(rounds):
        publishing.unpublish(db, OPERATOR, entry, target, now=NOW, site=site)
        refresh.drain(db, site, NOW)
        began = time.perf_counter()
        publishing.publish(db, OPERATOR, entry, target, now=NOW, site=site)
        answered.append(1000 * (time.perf_counter() - began))
        refresh.drain(db, site, NOW)
        rendered.append(1000 * (time.perf_counter() - began))
    return {
        "publish a translation": (statistics.median(answered), max(answered)),
        "until all is rendered": (statistics.median(rendered), max(rendered)),
    }


def _seed(db: Database, count: int, author: str) -> list[str]:
    """Make articles that are live in eight locales, some of them behind, some not translated; rows, not documents."""
    chance = random.Random(3)
    ids = []
    for start in range(0, count, 500):
        with write(db):
            for number in range(start, min(start + 500, count)):
                ids.append(_article(db, number, author, chance))
    return ids


def _article(db: Database, number: int, author: str, chance: random.Random) -> str:
    body = [{"id": f"b{n}", "type": "paragraph", "text": _words(chance, 12), "critical": n == 0} for n in range(5)]
    now = NOW + timedelta(minutes=number)
    content = {"title": f"{_words(chance, 4)} {number}", "body": body, "authors": [author]}
    content["review_due"] = f"202{chance.randint(5, 8)}-0{chance.randint(1, 9)}-01"
    entry = saving.create(db, "article", content, by="bench", now=now).id
    cut = segments.cut(saving.types.find("article"), content)
    for locale in SITE.locales:
        has = locale == "nl" or chance.random() < 0.8
        if has:
            edition = (entry, locale, 1, "article", 1, "published", f"a-{number}", "major", stamp(now), stamp(now), "")
            marks = ", ".join("?" * 15)
            db.execute(f"insert into edition values ({marks})", [*edition, "bench", 1, "", ""])
        for segment in cut if has and locale != "nl" else ():
            is_older = chance.random() < 0.03
            source_hash = segments.source_hash("older") if is_older else segment.source_hash
            approved = int(chance.random() < 0.97)
            row = (entry, locale, segment.path, source_hash, approved, "s", "t", "approved" if approved else "draft")
            marks = ", ".join("?" * 12)
            db.execute(f"insert into translation values ({marks})", [*row, "human", 1, stamp(now), "bench"])
    touched.mark(db, entry)
    return entry


def _words(chance: random.Random, count: int) -> str:
    return " ".join(VOCABULARY[int(len(VOCABULARY) * chance.random() ** 3)] for _ in range(count))


def _timed(act: Callable[[], Any], rounds: int) -> tuple[float, float]:
    act()
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        act()
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times), max(times)


def _report(title: str, found: dict[int, Figures]) -> None:
    print(f"\n{title}")
    print("  " + " " * 24 + "".join(f"{count:>20}" for count in found))
    for name in next(iter(found.values())):
        print(f"  {name:<24}" + "".join(f"{f[name][0]:>11.1f} {f[name][1]:>8.1f}" for f in found.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
