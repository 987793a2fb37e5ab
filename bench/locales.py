"""Measure what more locales cost: `python -m bench.locales`. Articles in 3 and in 40, in one run, turn by turn."""

import argparse
import contextlib
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from bench import articles, many, seed
from bench.report import Goal, judged
from bench.seed import BY
from bench.words import LOCALES
from bench.writing import MORE, NOW, clock, translate
from cms.content import saving
from cms.content.revisions import latest
from cms.publish import editions, refresh
from cms.store import Database, connect, write

WARM = 3  # turns
SAVE_GOAL, TRANSLATION_GOAL = 1.25, 1.5  # times what it takes in the fewest locales

SAVE = "save an edit"
SOURCE = "publish the source, a plain edit"
CRITICAL = "publish the source, a critical edit"
SAVE_TRANSLATION = "save a translation"
TRANSLATION = "publish a translation"
AFTER_SOURCE = "render what a plain edit left, a locale"
AFTER_TRANSLATION = "render what a translation left, a locale"
STEPS = (SAVE, SOURCE, CRITICAL, SAVE_TRANSLATION, TRANSLATION, AFTER_SOURCE, AFTER_TRANSLATION)

Found = Mapping[tuple[str, int], list[float]]


def main(words: Sequence[str]) -> int:
    """Measure as the command line asks; return 1 where a goal is missed and `--strict` was given."""
    parser = argparse.ArgumentParser("bench.locales", description="Measure what more locales cost.")
    parser.add_argument("--articles", type=int, default=2000, help="how many (default 2000)")
    parser.add_argument("--locales", default="3,40", help="in how many, fewest first (default 3,40)")
    parser.add_argument("--times", type=int, default=30, help="how many articles are edited (default 30)")
    parser.add_argument("--postgresql", action="store_true", help="measure on PostgreSQL too, in a cluster of its own")
    parser.add_argument("--strict", action="store_true", help="fail where a goal is missed")
    asked = parser.parse_args(words)
    counts = sorted(int(count) for count in asked.locales.split(","))
    met = True
    for engine in ("sqlite", "postgresql") if asked.postgresql else ("sqlite",):
        whole = (asked.times + WARM) * len(counts)
        number = max(asked.articles, whole)
        with _databases(engine, number, whole, counts) as urls:
            print(f"\n{engine}, {number} articles; load average before: {os.getloadavg()[0]:.1f}")
            goals = _goals(_told(measure(urls, asked.times), counts), counts)
        met = all(goal.met for goal in goals) and met
    return 0 if met or not asked.strict else 1


def measure(urls: Mapping[int, str], times: int) -> Found:
    """Measure every step in these databases (URL by number of locales), which it changes; gives milliseconds."""
    found: dict[tuple[str, int], list[float]] = {(step, count): [] for step in STEPS for count in urls}
    open_ones = {count: connect(url) for count, url in urls.items()}
    try:
        for turn in range(times + WARM):
            # Each is first in its turn, and has articles of its own: what one has read, the other would find read.
            places = list(enumerate(open_ones))
            for place, count in places if turn % 2 else reversed(places):
                entry = articles.entry_id("article", turn * len(places) + place)
                for step, took in _steps(open_ones[count], entry, count):
                    if turn >= WARM:
                        found[step, count].append(took)
    finally:
        for db in open_ones.values():
            db.close()
    return found


def _steps(db: Database, entry: str, count: int) -> Iterator[tuple[str, float]]:
    site = many.site(count)
    source, target, *_ = LOCALES

    def publish(locale: str) -> None:
        editions.publish(db, entry, locale, by=BY, now=NOW, site=site)

    with clock() as took:
        _edit(db, entry, "p0")
    yield SAVE, took()
    with clock() as took:
        publish(source)
    yield SOURCE, took()
    with clock() as took:
        refresh.drain(db, site, NOW)
    yield AFTER_SOURCE, took() / (count - 1)

    editions.unpublish(db, entry, target, by=BY, now=NOW, site=site)
    with clock() as took:
        translate(db, entry, target)
    yield SAVE_TRANSLATION, took()
    refresh.drain(db, site, NOW)
    with clock() as took:
        publish(target)
    yield TRANSLATION, took()
    with clock() as took:
        refresh.drain(db, site, NOW)
    yield AFTER_TRANSLATION, took() / count

    _edit(db, entry, "c0")
    with clock() as took:
        publish(source)
    yield CRITICAL, took()
    refresh.drain(db, site, NOW)


def _edit(db: Database, entry: str, block: str) -> None:
    before = latest(db, entry)
    content: dict[str, Any] = deepcopy(before.content)
    edited = next(each for each in content["body"] if each["id"] == block)
    part = edited["body"][0] if "body" in edited else edited
    part["text"] += MORE[LOCALES[0]]
    saving.save(db, entry, content, based_on=before.number, by=BY, now=NOW)


def _told(found: Found, counts: Sequence[int]) -> dict[tuple[str, int], float]:
    medians = {key: statistics.median(took) for key, took in found.items()}
    fewest, *more = counts
    heads = [f"{count} locales" for count in counts] + [f"{count} / {fewest}" for count in more]
    print(f"{'milliseconds, median':<44}" + "".join(f"{head:>12}" for head in heads))
    for step in STEPS:
        figures = [f"{medians[step, count]:>12.2f}" for count in counts]
        figures += [f"{medians[step, count] / medians[step, fewest]:>12.2f}" for count in more]
        print(f"{step:<44}" + "".join(figures))
    return medians


def _goals(medians: Mapping[tuple[str, int], float], counts: Sequence[int]) -> list[Goal]:
    goals = []
    for step, bound in ((SAVE, SAVE_GOAL), (SAVE_TRANSLATION, SAVE_GOAL), (TRANSLATION, TRANSLATION_GOAL)):
        for count in counts[1:]:
            times = medians[step, count] / medians[step, counts[0]]
            goals.append(Goal(f"{step} in {count} locales, of {counts[0]}", times, bound, at_most=True))
    print("\n" + "\n".join(judged(goals)))
    return goals


@contextlib.contextmanager
def _databases(engine: str, count: int, whole: int, counts: Sequence[int]) -> Iterator[dict[int, str]]:
    with contextlib.ExitStack() as stack:
        if engine == "postgresql":
            from tests import postgres

            server = stack.enter_context(postgres.server())
            urls = {number: stack.enter_context(postgres.schema(server)) for number in counts}
            for number, url in urls.items():
                many.fill(url, count, number, whole)
                db = connect(url)
                with write(db):
                    db.execute("analyze")
                db.close()
            yield urls
            return
        kept = {number: many.sqlite(count, number, whole) for number in counts}
        folder = stack.enter_context(tempfile.TemporaryDirectory(dir=seed.FOLDER))
        for number, path in kept.items():
            shutil.copyfile(path, f"{folder}/{number}.db")
        yield {number: f"sqlite:///{folder}/{number}.db" for number in counts}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
