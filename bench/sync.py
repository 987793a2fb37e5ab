"""Measure sync: `python -m bench.sync`. A run through all there is, and catching up, beside reading one by one.

What is read one by one are the same documents over the same kept-open connection. Only the ratios say something.
"""

import argparse
import contextlib
import http.client
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import orjson

from bench import seed, servers
from bench.articles import entry_id
from bench.load import Wrong
from bench.seed import BY, SITE
from bench.servers import Server
from cms.content import revisions, saving
from cms.partners import partner_keys, partners
from cms.publish import editions, refresh
from cms.store import Database, connect, write

# Of the processor time that the server uses to give the same one by one: on the wall, a busy machine counts too.
RUN_GOAL, CATCH_UP_GOAL = 0.5, 0.5
POLLS = 200


@dataclass(frozen=True)
class Took:
    """What one way of reading took: documents, requests, bytes; seconds on the wall, and of the server's processor."""

    documents: int
    requests: int
    size: int
    wall: float
    busy: float


@dataclass(frozen=True)
class Place:
    """A server with a kept-open connection to it, and the database behind it."""

    server: Server
    link: http.client.HTTPConnection
    db: Database

    def get(self, address: str, key: str = "") -> bytes:
        """Return what an address answers. Raises Wrong."""
        where = urlsplit(address)
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self.link.request("GET", f"{where.path}?{where.query}" if where.query else where.path, headers=headers)
        answer = self.link.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise Wrong(f"{address}: {answer.status} {body[:300]!r}")
        return body


def main(words: Sequence[str]) -> int:
    """Measure as the command line asks; return 1 where a goal is missed and `--strict` was given."""
    parser = argparse.ArgumentParser("bench.sync", description="Measure sync, as ratios to reading one by one.")
    parser.add_argument("--articles", type=int, default=1_000, help="how many, in three locales (default 1000)")
    parser.add_argument("--changes", type=int, default=100, help="how many are published anew (default 100)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured; the best counts (default 3)")
    parser.add_argument("--postgresql", action="store_true", help="measure on PostgreSQL too, in a cluster of its own")
    parser.add_argument("--strict", action="store_true", help="fail where a goal is missed")
    asked = parser.parse_args(words)
    missed = 0
    for engine in ("sqlite", "postgresql") if asked.postgresql else ("sqlite",):
        with _place(engine, asked.articles) as place:
            print(f"\n{engine}, {asked.articles} articles; load average before: {os.getloadavg()[0]:.1f}")
            missed += _told(list(measure(place, asked.changes, asked.rounds)))
    return 1 if missed and asked.strict else 0


def measure(place: Place, changes: int, rounds: int) -> Iterator[tuple[str, Took, Took | None, float]]:
    """Yield what is measured: its name, what it took, what it is held against, and the goal (0 for none)."""
    addresses = [line["url"] for line in _manifest(place)]
    alone = _best(place, rounds, lambda: _one_by_one(place, addresses))
    yield f"{len(addresses)} documents, one by one", alone, None, 0
    for limit in (100, 500):
        took = _best(place, rounds, lambda limit=limit: _run(place, f"/v1/sync?limit={limit}"))  # type: ignore[misc]
        yield f"a run, {limit} a page", took, alone, RUN_GOAL
    yield "a run of one topic", _best(place, rounds, lambda: _run(place, f"/v1/sync?topic={TOPIC}")), alone, 0
    yield "the manifest", _best(place, rounds, lambda: _sized(place, "/v1/manifest")), alone, 0
    key = _key(place.db)
    yield "a partner's first run", _best(place, 1, lambda: _run(place, "/v1/sync", key)), alone, 0
    yield "a partner's second run", _best(place, rounds, lambda: _run(place, "/v1/sync", key)), alone, 0

    cursor, by_topic = _end(place, "/v1/sync"), _end(place, f"/v1/sync?topic={TOPIC}")
    yield f"nothing new, {POLLS} times", _best(place, rounds, lambda: _polls(place, cursor)), None, 0
    publish_anew(place.db, changes)
    changed = [each["url"] for each in _changes(place, cursor) if each["op"] == "upsert"]
    alone = _best(place, rounds, lambda: _one_by_one(place, changed))
    yield f"{len(changed)} that changed, one by one", alone, None, 0
    yield f"catching up after {changes}", _best(place, rounds, lambda: _run(place, cursor)), alone, CATCH_UP_GOAL
    yield "the same of one topic", _best(place, rounds, lambda: _run(place, by_topic)), alone, 0


TOPIC = entry_id("topic", 0)


def publish_anew(db: Database, count: int) -> None:
    """Save and publish so many articles; their other languages follow."""
    for number in range(count):
        entry, now = entry_id("article", number), datetime.now(UTC) + timedelta(seconds=number)
        newest = revisions.latest(db, entry)
        content = {**newest.content, "summary": f"{newest.content['summary']} {now:%H:%M}."}
        saving.save(db, entry, content, based_on=newest.number, by=BY, now=now)
        editions.publish(db, entry, SITE.source_locale, by=BY, now=now, site=SITE)
        refresh.drain(db, SITE, now)


def _best(place: Place, rounds: int, read: Callable[[], tuple[int, int, int]]) -> Took:
    """Return the fastest of some rounds: what slows others down is another's work."""
    found = []
    for _ in range(rounds):
        busy, began = place.server.used(), time.perf_counter()
        documents, requests, size = read()
        found.append(Took(documents, requests, size, time.perf_counter() - began, place.server.used() - busy))
    return min(found, key=lambda took: took.wall)


def _one_by_one(place: Place, addresses: Sequence[str]) -> tuple[int, int, int]:
    return len(addresses), len(addresses), sum(len(place.get(address)) for address in addresses)


def _run(place: Place, address: str, key: str = "") -> tuple[int, int, int]:
    documents = requests = size = 0
    for body in _pages(place, address, key):
        documents += body.count(b'"op":"upsert"')
        requests += 1
        size += len(body)
    return documents, requests, size


def _pages(place: Place, address: str, key: str = "") -> Iterator[bytes]:
    while address:
        body = place.get(address, key)
        yield body
        # Parsing a page is the reader's work. What it needs of one stands at the end, behind the changes.
        tail = orjson.loads(b'{"cursor":' + body.rpartition(b'],"cursor":')[2])
        address = tail["links"]["next"] if tail["more"] else ""


def _changes(place: Place, address: str) -> Iterator[dict[str, str]]:
    for body in _pages(place, address):
        yield from orjson.loads(body)["changes"]


def _end(place: Place, address: str) -> str:
    """Return the address of what follows on a run."""
    *_, body = _pages(place, address)
    return str(orjson.loads(body)["links"]["next"])


def _manifest(place: Place) -> Iterator[dict[str, str]]:
    address = "/v1/manifest"
    while address:
        page = orjson.loads(place.get(address))
        yield from page["data"]
        address = page["links"]["next"]


def _sized(place: Place, address: str) -> tuple[int, int, int]:
    documents = requests = size = 0
    while address:
        body = place.get(address)
        page = orjson.loads(body)
        documents, requests, size = documents + len(page["data"]), requests + 1, size + len(body)
        address = page["links"]["next"]
    return documents, requests, size


def _polls(place: Place, address: str) -> tuple[int, int, int]:
    return 0, POLLS, sum(len(place.get(address)) for _ in range(POLLS))


def _key(db: Database) -> str:
    now = datetime.now(UTC)
    partner = partners.add(db, SITE, name="Bench", by=BY, now=now)
    return partner_keys.make(db, partner=partner.id, name="bench", now=now)[1]


def _told(found: list[tuple[str, Took, Took | None, float]]) -> int:
    """Print the table; return how many goals were missed."""
    heads = ("documents", "requests", "MB", "s", "req/s", "doc/s", "/ alone", "CPU s", "/ alone")
    print(" " * 34 + "".join(f"{head:>10}" for head in heads))
    missed = 0
    for name, took, alone, goal in found:
        figures = f"{took.documents:>10}{took.requests:>10}{took.size / 1e6:>10.2f}{took.wall:>10.2f}"
        figures += f"{took.requests / took.wall:>10.0f}{took.documents / took.wall:>10.0f}"
        against = f"{took.wall / alone.wall:>10.2f}" if alone else " " * 10
        figures += f"{against}{took.busy:>10.2f}" + (f"{took.busy / alone.busy:>10.2f}" if alone else "")
        print(f"{name:<34}{figures}")
        if goal and alone and took.busy / alone.busy > goal:
            missed += 1
            print(f"{'':<34}  missed: at most {goal} of the processor time")
    return missed


@contextlib.contextmanager
def _place(engine: str, count: int) -> Iterator[Place]:
    """Yield a server on a database that is thrown away, since it is written in."""
    with contextlib.ExitStack() as stack:
        if engine == "sqlite":
            kept = seed.sqlite(count, lambda done: None).removeprefix("sqlite:///")
            folder = stack.enter_context(tempfile.TemporaryDirectory(dir=seed.FOLDER))
            shutil.copyfile(kept, Path(folder) / "sync.db")
            url = f"sqlite:///{folder}/sync.db"
        else:
            from tests import postgres

            url = stack.enter_context(postgres.schema(stack.enter_context(postgres.server())))
            seed.fill(url, count, lambda done: None)
        db = connect(url)
        stack.callback(db.close)
        with write(db):
            db.execute("analyze")
        core = sorted(os.sched_getaffinity(0))[0]
        server = stack.enter_context(servers.running("tolk", core, {"DATABASE_URL": url}))
        link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        stack.callback(link.close)
        yield Place(server, link, db)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
