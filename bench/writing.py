"""Measure writing: saving, publishing and rendering again, at each size in turn, one article after the other."""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from datetime import timedelta
from typing import Any

from bench import articles
from bench.seed import BEGAN, BY, SITE
from bench.words import LOCALES
from cms.content import saving
from cms.content.revisions import latest
from cms.localize import translations
from cms.publish import editions, refresh
from cms.store import Database, connect, write

STEPS = (
    "save an edit",
    "publish the source",
    "render the other locales after it, a document",
    "publish a translation",
    "rebuild, a document",
)
EDITED = "body.p0.text"
MORE = {"nl": " Doe het rustig aan.", "en": " Take it easy.", "ar": " خذ الأمور بهدوء."}
NOW = BEGAN + timedelta(days=300)

Results = Mapping[tuple[str, int], list[float]]


def measure(databases: Mapping[int, str], times: int, progress: Callable[[str], None]) -> Results:
    """Measure every step on these databases, which it changes; (step, articles) gives milliseconds."""
    found: dict[tuple[str, int], list[float]] = {(step, count): [] for step in STEPS for count in databases}
    open_ones = {count: connect(url) for count, url in databases.items()}
    try:
        for turn in range(-3, times):  # The first three warm up.
            progress(f"article {max(turn, 0) + 1} of {times}")
            for count, db in open_ones.items():
                entry = articles.entry_id("article", (turn + 3) * 37 % count)
                for step, took in _steps(db, entry, turn):
                    if turn >= 0:
                        found[step, count].append(took)
    finally:
        for db in open_ones.values():
            db.close()
    return found


def _steps(db: Database, entry: str, turn: int) -> Iterator[tuple[str, float]]:
    before = latest(db, entry)
    content: dict[str, Any] = deepcopy(before.content)
    next(block for block in content["body"] if block["id"] == "p0")["text"] += MORE[LOCALES[0]]
    save, source, others, translation, rebuild = STEPS
    with clock() as took:
        saving.save(db, entry, content, based_on=before.number, by=BY, now=NOW)
    yield save, took()
    with clock() as took:
        editions.publish(db, entry, LOCALES[0], by=BY, now=NOW, site=SITE)
    yield source, took()
    with clock() as took:
        refresh.drain(db, SITE, NOW)
    yield others, took() / len(LOCALES)
    for locale in LOCALES[1:]:
        translate(db, entry, locale)
    editions.unpublish(db, entry, LOCALES[1], by=BY, now=NOW, site=SITE)
    refresh.drain(db, SITE, NOW)
    with clock() as took:
        editions.publish(db, entry, LOCALES[1], by=BY, now=NOW, site=SITE)
    yield translation, took()
    refresh.drain(db, SITE, NOW)
    with clock() as took, write(db):
        refresh.refresh(db, SITE, entry, NOW, afresh=True)
    yield rebuild, took() / len(LOCALES)


def translate(db: Database, entry: str, locale: str) -> None:
    """Save what was added to the source, in a locale."""
    [text] = [each.text for each in translations.working(db, entry, locale) if each.path == EDITED][-1:]
    translations.save(db, entry, locale, {EDITED: text + MORE[locale]}, by=BY, now=NOW)


@contextmanager
def clock() -> Iterator[Callable[[], float]]:
    """Yield a function that gives, after the block, the milliseconds that it took."""
    began = time.perf_counter()
    ended = began

    yield lambda: (ended - began) * 1e3
    ended = time.perf_counter()


def median(took: list[float]) -> float:
    """Return the median."""
    return statistics.median(took)
