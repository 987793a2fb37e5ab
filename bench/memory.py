"""Measure the translation memory: `python -m bench.memory`. How long a text waits for what is like it.

50,000 pairs of sentences and paragraphs, none made for this; the goal is that each answer takes under 50 ms.
"""

import argparse
import random
import re
import statistics
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from bench.scratch import database
from cms.localize import memory
from cms.localize.memory import Remembered
from cms.store import Database, write

GOAL = 50.0  # milliseconds
NOW = datetime(2026, 1, 1, tzinfo=UTC)
SYLLABLES = re.findall(
    r"\w+", "be de en er ge heel hou in je knie lang ma nek op pijn rug spie ten uit ver voet wat zo"
)
VOCABULARY = [first + second + third for first in SYLLABLES for second in SYLLABLES for third in ("", "en", "t")]
random.Random(3).shuffle(VOCABULARY)
LENGTHS = (20, 60, 120, 250, 500, 1000)


def main(words: Sequence[str]) -> int:
    """Measure as the command line asks; return 1 where the goal is missed and `--strict` was given."""
    parser = argparse.ArgumentParser("bench.memory", description="Measure the translation memory.")
    parser.add_argument("--pairs", type=int, default=50_000, help="how many are remembered (default 50000)")
    parser.add_argument("--rounds", type=int, default=20, help="how often each text is asked for (default 20)")
    parser.add_argument("--postgresql", action="store_true", help="measure on PostgreSQL too")
    parser.add_argument("--strict", action="store_true", help="fail where the goal is missed")
    asked = parser.parse_args(words)
    met = True
    for engine in ["sqlite", "postgresql"] if asked.postgresql else ["sqlite"]:
        with database(engine) as db:
            met = _measure(db, asked.pairs, asked.rounds) and met
    return 0 if met or not asked.strict else 1


def _measure(db: Database, count: int, rounds: int) -> bool:
    chance = random.Random(7)
    pairs = [Remembered(text := _text(chance), text[::-1]) for _ in range(count)]
    began = time.perf_counter()
    memory.remember(db, "nl", "en", pairs, by="bench", now=NOW)
    took = time.perf_counter() - began
    with write(db):
        db.execute("analyze")
    print(f"\n{db.engine}: {count} pairs remembered in {took:.1f} s")
    began = time.perf_counter()
    memory.suggest(db, "warm", "nl", "en")
    print(f"the first question of a connection reads them all: {1000 * (time.perf_counter() - began):.0f} ms\n")
    print("  characters  exact ms (median, worst)  alike ms (median, worst)  offers")
    slowest = 0.0
    by_length = sorted((pair.source for pair in pairs), key=len)
    for length in LENGTHS:
        text = min(by_length, key=lambda each, length=length: abs(len(each) - length))  # type: ignore[misc]
        exact = [_asked(db, text) for _ in range(rounds)]
        other = text[: len(text) // 2] + "niet " + text[len(text) // 2 :]
        alike = [_asked(db, other) for _ in range(rounds)]
        offers = len(memory.suggest(db, other, "nl", "en"))
        print(f"  {len(text):>10}  {_figures(exact)}  {_figures(alike)}  {offers:>6}")
        slowest = max(slowest, statistics.median(exact), statistics.median(alike))
    # One more pair, as when somebody approves a text between two questions.
    fresh = []
    for number in range(rounds):
        memory.remember(db, "nl", "en", [Remembered(f"Vers {number} {_text(chance)}", "x")], by="bench", now=NOW)
        fresh.append(_asked(db, by_length[count // 2]))
    print(f"  after one more pair: {_figures(fresh)}")
    slowest = max(slowest, statistics.median(fresh))
    print(f"  goal: under {GOAL:g} ms; slowest median {slowest:.1f} ms: {'met' if slowest < GOAL else 'MISSED'}")
    return slowest < GOAL


def _asked(db: Database, text: str) -> float:
    began = time.perf_counter()
    memory.suggest(db, text, "nl", "en")
    return 1000 * (time.perf_counter() - began)


def _figures(times: Sequence[float]) -> str:
    return f"{statistics.median(times):>10.1f} {max(times):>12.1f} "


def _text(chance: random.Random) -> str:
    """Return a heading, a sentence or a paragraph, as many of each as articles have."""
    sentences = chance.choice((1, 1, 1, 1, 2, 2, 3, 4, 6, 12))
    # Few words are used often and many seldom, as in any language.
    drawn = [VOCABULARY[int(len(VOCABULARY) * chance.random() ** 3)] for _ in range(sentences * chance.randint(3, 16))]
    return " ".join(drawn).capitalize() + "."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
