"""Measure speed: `python -m bench`. Figures are worth something as ratios within one run; bench/README.md says how."""

import argparse
import contextlib
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench import load, reading, report, seed, writing
from bench.serve import THREADS
from bench.words import LOCALES
from cms.store import connect, write


def main(words: Sequence[str]) -> int:
    """Measure as the command line asks; return 1 where a goal is missed and `--strict` was given."""
    asked = _asked(words)
    met = _measure("sqlite", asked)
    if asked.postgresql:
        met = _measure("postgresql", asked) and met
    return 0 if met or not asked.strict else 1


def _asked(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("bench", description="Measure the speed of Tolk, as ratios in one run.")
    parser.add_argument("--articles", default="1000,20000", help="how many, smallest first (default 1000,20000)")
    parser.add_argument("--rounds", type=int, default=9, help="how often each target is measured (default 9)")
    parser.add_argument("--seconds", type=float, default=1.0, help="how long each time (default 1)")
    parser.add_argument("--writes", type=int, default=40, help="how many articles are edited and published")
    parser.add_argument("--postgresql", action="store_true", help="measure on PostgreSQL too, in a cluster of its own")
    parser.add_argument("--strict", action="store_true", help="fail where a goal is missed")
    asked = parser.parse_args(words)
    asked.articles = sorted(int(count) for count in asked.articles.split(","))
    return asked


def _measure(engine: str, asked: argparse.Namespace) -> bool:
    cores = sorted(os.sched_getaffinity(0))
    print(
        f"\n{engine}, Python {platform.python_version()}: one granian worker of {THREADS} threads on core {cores[0]};"
    )
    print(f"load by {load.generator()} over {load.CONNECTIONS} kept-open connections, on core {cores[-1]};")
    print(
        f"{asked.rounds} rounds of {asked.seconds:g} s each, interleaved; load average before: {os.getloadavg()[0]:.1f}"
    )
    if len(cores) < 2:
        print("There is one core only: the load takes its time from the server, and ratios come out too high.")
    with (_sqlite if engine == "sqlite" else _postgresql)(asked.articles) as (databases, spare):
        read = reading.measure(databases, asked.rounds, asked.seconds, _progress)
        _progress("")
        print("\n" + "\n".join(report.reads(read)))
        written = writing.measure(spare, asked.writes, _progress)
    _progress("")
    print("\n" + "\n".join(report.writes(written)))
    goals = report.goals(read, written)
    print("\n" + "\n".join(report.judged(goals)))
    return all(goal.met for goal in goals)


Databases = tuple[dict[int, str], dict[int, str]]


@contextlib.contextmanager
def _sqlite(counts: Sequence[int]) -> Iterator[Databases]:
    """Yield the databases to read, and copies of them to write in."""
    kept = {}
    for count in counts:
        with _seeding(count) as progress:
            kept[count] = seed.sqlite(count, progress)
    with tempfile.TemporaryDirectory(dir=seed.FOLDER) as folder:
        spare = {}
        for count, url in kept.items():
            shutil.copyfile(url.removeprefix("sqlite:///"), Path(folder) / f"{count}.db")
            spare[count] = f"sqlite:///{folder}/{count}.db"
        yield kept, spare


@contextlib.contextmanager
def _postgresql(counts: Sequence[int]) -> Iterator[Databases]:
    """Yield databases in a cluster that is thrown away, so that what is read may be written in afterwards."""
    from tests import postgres

    with contextlib.ExitStack() as stack:
        server = stack.enter_context(postgres.server())
        kept = {}
        for count in counts:
            kept[count] = stack.enter_context(postgres.schema(server))
            with _seeding(count) as progress:
                seed.fill(kept[count], count, progress)
            db = connect(kept[count])
            with write(db):
                db.execute("analyze")
            db.close()
        yield kept, kept


@contextlib.contextmanager
def _seeding(count: int) -> Iterator[seed.Progress]:
    began, cpu = time.perf_counter(), time.process_time()
    done = 0

    def progress(number: int) -> None:
        nonlocal done
        done = number
        _progress(f"seeding {count} articles in 3 locales: {number} entries")

    yield progress
    _progress("")
    if done:
        wall, busy = time.perf_counter() - began, time.process_time() - cpu
        rate = done * len(LOCALES)
        print(f"seeded {count} articles: {rate / wall:.0f} publishes/s ({rate / busy:.0f} a second of processor time)")


def _progress(said: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{said}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
