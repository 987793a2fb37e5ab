"""Measure reading: the bare callable, the minimal Flask route and Tolk, round by round on one core."""

import contextlib
import os
import statistics
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from urllib.parse import quote

from bench import load, servers, words
from bench.load import Measured
from bench.servers import Server
from bench.words import LOCALES
from cms.store import connect

SPREAD = 1_000  # documents that are asked for in turn, of all that there are
BARE, FLASK = "bare WSGI callable", "minimal Flask route"


@dataclass(frozen=True)
class Target:
    """What is asked of one server."""

    name: str
    server: Server
    requests: Sequence[bytes]
    status: int = 200


@dataclass
class Result:
    """The rounds of one target; `cpu` is the server's microseconds of processor time a request."""

    rounds: list[Measured] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def median(self, what: Callable[[Measured], float]) -> float:
        """Return the median over the rounds."""
        return statistics.median(map(what, self.rounds))

    @property
    def cost(self) -> float:
        """Return the median of the processor time."""
        return statistics.median(self.cpu)

    def against(self, other: "Result") -> float:
        """Return the median of what the rates of the same rounds were in proportion to another's."""
        return statistics.median(one.rate / its.rate for one, its in zip(self.rounds, other.rounds, strict=True))


Results = Mapping[tuple[str, int], Result]


def measure(databases: Mapping[int, str], rounds: int, seconds: float, progress: Callable[[str], None]) -> Results:
    """Measure every target on these databases (URL by number of articles); (name, number) gives what was found."""
    here = os.sched_getaffinity(0)
    with _targets(databases, min(here)) as targets:
        os.sched_setaffinity(0, {max(here)})
        try:
            return _rounds(targets, rounds, seconds, progress)
        finally:
            os.sched_setaffinity(0, here)


def _rounds(
    targets: Mapping[tuple[str, int], Target], rounds: int, seconds: float, progress: Callable[[str], None]
) -> Results:
    found = {key: Result() for key in targets}
    order = list(targets)
    for target in targets.values():
        _check(target)
        load.run(target.server.port, target.requests, target.status, seconds / 2)
    for number in range(rounds):
        # In another order each time: nobody always comes after the same neighbour.
        Random(number).shuffle(order)
        progress(f"round {number + 1} of {rounds}")
        for key in order:
            target = targets[key]
            before = target.server.used()
            measured = load.run(target.server.port, target.requests, target.status, seconds)
            found[key].rounds.append(measured)
            found[key].cpu.append((target.server.used() - before) / measured.count * 1e6)
    return found


def _check(target: Target) -> None:
    for wanted in target.requests[:: max(1, len(target.requests) // 10)]:
        status, head, _ = load.fetch(target.server.port, wanted)
        if status != target.status:
            raise load.Wrong(f"{target.name}: {wanted!r}: {head!r}")


@contextlib.contextmanager
def _targets(databases: Mapping[int, str], core: int) -> Iterator[dict[tuple[str, int], Target]]:
    with contextlib.ExitStack() as stack:
        article = stack.enter_context(tempfile.NamedTemporaryFile())
        article.write(_an_article(next(iter(databases.values()))))
        article.flush()
        given = {"BENCH_ARTICLE": article.name}
        bare = stack.enter_context(servers.running("bare", core, given))
        flask = stack.enter_context(servers.running("flask", core, given))
        targets = {
            (BARE, 0): Target(BARE, bare, [load.request("/article")]),
            (FLASK, 0): Target(FLASK, flask, [load.request("/article")]),
        }
        for count, url in databases.items():
            tolk = stack.enter_context(servers.running("tolk", core, {"DATABASE_URL": url}))
            targets |= {(target.name, count): target for target in _of_tolk(url, tolk)}
        yield targets


def _an_article(url: str) -> bytes:
    db = connect(url)
    try:
        rows = db.query(
            "select body from document where locale = ? and type = ? and slug = ?", ["nl", "article", "pain-nl-7"]
        )
        return bytes(next(rows)["body"])
    finally:
        db.close()


def _of_tolk(url: str, server: Server) -> Iterator[Target]:
    db = connect(url)
    try:
        rows = list(db.query("select locale, slug, entry, etag from document where type = 'article' and status = 200"))
    finally:
        db.close()
    rows = Random(1).sample(sorted(rows, key=lambda row: (row["locale"], row["slug"])), min(SPREAD, len(rows)))
    paths = [f"/v1/{row['locale']}/articles/{row['slug']}" for row in rows]
    known = [load.request(path, f'If-None-Match: "{row["etag"]}"') for path, row in zip(paths, rows, strict=True)]
    yield Target("item", server, [load.request(path) for path in paths])
    yield Target("item by id", server, [load.request(f"/v1/{row['locale']}/articles/{row['entry']}") for row in rows])
    yield Target("304", server, known, status=304)
    yield Target("list of 20", server, [load.request(f"/v1/{locale}/articles") for locale in LOCALES])
    yield Target("search", server, list(_searches()))
    yield Target("item as Markdown", server, [load.request(f"{path}?format=markdown") for path in paths])


def _searches() -> Iterator[bytes]:
    """Yield searches for a part of the body and an occasion: one in 240 articles fits."""
    for place, locale in enumerate(LOCALES):
        for part in words.PARTS:
            occasion = words.OCCASIONS[len(part[0]) % len(words.OCCASIONS)][place].split()[-1]
            yield load.request(f"/v1/{locale}/search?q={quote(part[place])}+{quote(occasion)}")
