"""Measure the admin: `python -m bench.admin`. Its pages with 10,000 entries beside the same with nearly none.

Each database has a server of its own; a page is fetched from one after the other, so that what else the machine does
hits all alike.
"""

import argparse
import contextlib
import http.client
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bench import office, seed, servers
from bench.articles import entry_id
from bench.load import Wrong
from bench.servers import Server
from cms.content import types
from cms.content.identity import new_id, stamp
from cms.desk import board
from cms.people import keys, sessions, users
from cms.people.rights import ANY, Scopes
from cms.publish.schedule import Task
from cms.store import Database, connect, write

WARM = 2  # rounds
GOAL, GRACE = 2.0, 100.0  # times what a page takes of a nearly empty database; milliseconds that are fine anyway
LOCALE = "tr"


@dataclass(frozen=True)
class Page:
    """One page: what it is called, its address, and as whom it is asked for."""

    name: str
    path: str
    who: str = "administrator"


@dataclass(frozen=True)
class Place:
    """One database: its server, a kept-open connection to it, and what each visitor shows it."""

    server: Server
    link: http.client.HTTPConnection
    headers: Mapping[str, Mapping[str, str]]
    deep: Mapping[str, int]


@dataclass(frozen=True)
class Took:
    """How long one page took: milliseconds on the wall, and of the server's processor."""

    wall: float
    busy: float


Found = Mapping[tuple[str, int], list[Took]]


def main(words: Sequence[str]) -> int:
    """Measure as the command line asks; return 1 where a goal is missed and `--strict` was given."""
    parser = argparse.ArgumentParser("bench.admin", description="Measure the pages of the admin.")
    parser.add_argument("--entries", default="10,100,10000", help="how many, fewest first (default 10,100,10000)")
    parser.add_argument("--rounds", type=int, default=9, help="how often each page is fetched (default 9)")
    parser.add_argument("--only", default="", help="only pages whose name has this in it")
    parser.add_argument("--postgresql", action="store_true", help="measure on PostgreSQL too, in a cluster of its own")
    parser.add_argument("--strict", action="store_true", help="fail where a goal is missed")
    asked = parser.parse_args(words)
    counts = sorted(int(count) for count in asked.entries.split(","))
    missed = 0
    for engine in ("sqlite", "postgresql") if asked.postgresql else ("sqlite",):
        with _databases(engine, counts) as urls, _places(urls) as places:
            print(f"\n{engine}, {asked.rounds} rounds; load average before: {os.getloadavg()[0]:.1f}")
            found = measure(places, [page for page in pages() if asked.only in page.name], asked.rounds)
            missed += _told(found, counts)
    return 1 if missed and asked.strict else 0


def pages() -> Iterator[Page]:
    """Yield the pages that are measured; `{page}` and `{before}` stand for a place deep in a list."""
    yield Page("home, administrator", "/admin/")
    yield Page("home, translator", "/admin/", "translator")
    yield from _tables()
    yield from _translations()
    article = f"/admin/entries/{entry_id('article', office.ARTICLE)}"
    yield Page("article: editor", article)
    yield Page("article: history", f"{article}/history")
    yield Page("article: publish", f"{article}/publish")
    yield Page("article: translate", f"{article}/translate/en", "translator")
    yield Page("author: uses", f"/admin/entries/{entry_id('author', 0)}/uses")
    yield from _lists()
    yield from _of_keys()


def _tables() -> Iterator[Page]:
    asked = {
        "": "first page",
        "page={page}": "page 100",
        "search=knie": "search, many fit",
        "search=knie+hardlopen": "search, few fit",
        "search=nergens": "search, none fits",
        **{f"state={state}": state for state in board.STATES},
        **{f"freshness={name}": f"{name} anywhere" for name in board.FRESHNESS},
        f"locale={LOCALE}": f"in {LOCALE}",
        **{f"locale={LOCALE}&freshness={name}": f"{name} in {LOCALE}" for name in board.FRESHNESS},
        **{f"sort={name}": f"by {name}" for name in (*board.SORTS, "-title")},
        "sort=title&page={page}": "by title, page 100",
        "sort=review_due&state=changed&page={deep}": "changed by review_due, deep",
    }
    for query, name in asked.items():
        yield Page(f"articles: {name}", f"/admin/articles?{query}")
    for kind in types.every():
        if kind.name != "article":
            yield Page(f"{kind.plural}: first page", f"/admin/{kind.plural}")


def _translations() -> Iterator[Page]:
    for locale in office.TARGETS:
        yield Page(f"translations, {locale}: to do", f"/admin/translations/{locale}", "translator")
    for pile in ("critical", "stale", "waiting", "missing", "current"):
        address = f"/admin/translations/{LOCALE}?show={pile}"
        yield Page(f"translations, {LOCALE}: {pile}", address, "translator")
        yield Page(f"translations, {LOCALE}: {pile}, deep", f"{address}&page={{deep}}", "translator")
    yield Page(f"translations, {LOCALE}: search", f"/admin/translations/{LOCALE}?search=knie", "translator")
    yield Page("translations, uk: missing", "/admin/translations/uk?show=missing", "translator")


def _lists() -> Iterator[Page]:
    asked = {
        "": "first page",
        "before={before}": "deep",
        f"actor={office.BUSY}": "by a busy actor",
        f"actor={office.RARE}": "by a rare actor",
        f"actor={office.BUSY}&action=entry.save": "by actor and action",
        f"actor={office.BUSY}&action=nothing": "by actor and no action",
        "action=entry.publish": "by action",
        f"entry={entry_id('article', 3)}": "by entry",
        "since=2026-01-01&until=2026-01-01": "by days",
        f"actor={office.BUSY}&before={{before}}": "by a busy actor, deep",
    }
    for query, name in asked.items():
        yield Page(f"audit: {name}", f"/admin/audit?{query}")
    yield Page("glossary: first page", "/admin/glossary")
    yield Page("glossary: deep", "/admin/glossary?page={terms}")
    yield Page("glossary: in a language", f"/admin/glossary?locale={LOCALE}")
    yield Page("glossary: search", "/admin/glossary?search=knie")
    yield Page("people", "/admin/people")
    yield Page("people: search", "/admin/people?search=sam-1@")
    yield Page("keys", "/admin/keys")


def _of_keys() -> Iterator[Page]:
    asked = {
        "type=article": "first page",
        "type=article&page={page}": "page 100",
        "type=article&search=knie": "search",
        "state=changed": "changed",
        f"locale={LOCALE}&freshness=stale": f"stale in {LOCALE}",
        "freshness=missing": "missing anywhere",
        "sort=title": "by title",
        "sort=review_due&limit=100": "by review_due, 100",
    }
    for query, name in asked.items():
        yield Page(f"API entries: {name}", f"/manage/v1/entries?{query}", "key")
    yield Page("API todo", "/manage/v1/todo", "key")
    yield Page("API audit", "/manage/v1/audit", "key")


def measure(places: Mapping[int, Place], wanted: Sequence[Page], rounds: int) -> Found:
    """Fetch every page so many times from each of these, in another order each time. Raises Wrong."""
    found: dict[tuple[str, int], list[Took]] = defaultdict(list)
    chance = random.Random(1)
    for turn in range(rounds + WARM):
        for page in chance.sample(wanted, len(wanted)):
            for count in chance.sample(list(places), len(places)):
                took = _fetch(places[count], page)
                if turn >= WARM:
                    found[page.name, count].append(took)
    return {(page.name, count): found[page.name, count] for page in wanted for count in places}


def _fetch(place: Place, page: Page) -> Took:
    path = page.path.format(**place.deep)
    before, began = place.server.used(), time.perf_counter()
    place.link.request("GET", path, headers=place.headers[page.who])
    answer = place.link.getresponse()
    body = answer.read()
    wall = time.perf_counter() - began
    if answer.status != 200:
        raise Wrong(f"{page.name}, {path}: {answer.status} {body[:500].decode(errors='replace')}")
    return Took(1000 * wall, 1000 * (place.server.used() - before))


def _told(found: Found, counts: Sequence[int]) -> int:
    """Print the table; return how many pages miss the goal."""
    fewest, *_, most = counts
    heads = [str(count) for count in counts] + [f"/ {fewest}"] + [f"CPU {count}" for count in counts]
    print(f"{'milliseconds, median':<40}" + "".join(f"{head:>11}" for head in heads))
    missed = []
    for name in dict.fromkeys(name for name, _ in found):
        walls = [statistics.median(took.wall for took in found[name, count]) for count in counts]
        busy = [statistics.median(took.busy for took in found[name, count]) for count in counts]
        ratio = walls[-1] / walls[0]
        print(
            f"{name:<40}" + "".join(f"{wall:>11.1f}" for wall in walls) + f"{ratio:>11.2f}"
            + "".join(f"{each:>11.1f}" for each in busy)
        )  # fmt: skip
        if ratio > GOAL and walls[-1] > GRACE:
            missed.append(name)
    goal = f"within {GOAL:g} times what it takes at {fewest}, or {GRACE:g} ms"
    print(f"\n{'MISSED' if missed else 'met'}: every page at {most} {goal}")
    print("\n".join(f"  {name}" for name in missed))
    return len(missed)


@contextlib.contextmanager
def _places(urls: Mapping[int, str]) -> Iterator[dict[int, Place]]:
    core = sorted(os.sched_getaffinity(0))[0]
    given = {"TOLK_LOCALES": ",".join(office.SITE.locales), "TOLK_MANAGE_PER_MINUTE": "1000000"}
    with contextlib.ExitStack() as stack:
        places = {}
        for count, url in urls.items():
            db = connect(url)
            headers = _visitors(db)
            _tasks(db, count // 100)
            deep = _deep(db)
            db.close()
            server = stack.enter_context(servers.running("tolk", core, {**given, "DATABASE_URL": url}))
            link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
            stack.callback(link.close)
            places[count] = Place(server, link, headers, deep)
        yield places


def _visitors(db: Database) -> dict[str, dict[str, str]]:
    """Sign in who looks at the pages, and return the headers that each sends."""
    now, found = datetime.now(UTC), {}
    for role, locales in (("administrator", []), ("translator", office.TARGETS)):
        user = users.add(
            db, name=role.title(), email=f"{role}@example.org", roles=[role], locales=locales, language="en", now=now
        )
        token = sessions.open_session(db, user.id, address="127.0.0.1", agent="bench", now=now)
        found[role] = {"Cookie": f"tolk-session={token}"}
        if role == "administrator":
            _key, secret = keys.make(db, name="bench", owner=user.id, scopes=Scopes(actions=frozenset({ANY})), now=now)
            found["key"] = {"Authorization": f"Bearer {secret}"}
    return found


def _tasks(db: Database, count: int) -> None:
    at = datetime.now(UTC)
    with write(db):
        for number in range(count):
            state, settled, outcome = ("waiting", "", "") if number % 4 else ("failed", stamp(at), "untranslated")
            entry, due = entry_id("article", number), stamp(at + timedelta(days=number % 9 + 1))
            task = Task(new_id(), entry, "nl", "publish", due, state, "bench", stamp(at), settled, outcome)
            db.table("schedule").insert(vars(task))


def _deep(db: Database) -> dict[str, int]:
    """Return places deep in the lists, as far as these go."""
    articles = db.table("board").count_where("type = 'article' and state <> 'archived'")
    last = next(db.query("select max(seq) as seq from audit"))["seq"]
    terms = db.table("term").count_where()
    return {
        "page": min(100, -(-articles // 50)),
        "deep": max(1, articles // 2000),
        "before": max(2, last // 2),
        "terms": max(1, terms // 200),
    }


@contextlib.contextmanager
def _databases(engine: str, counts: Sequence[int]) -> Iterator[dict[int, str]]:
    with contextlib.ExitStack() as stack:
        if engine == "postgresql":
            from tests import postgres

            server = stack.enter_context(postgres.server())
            urls = {count: stack.enter_context(postgres.schema(server)) for count in counts}
            for count, url in urls.items():
                office.fill(url, count)
            yield urls
            return
        kept = {count: office.sqlite(count) for count in counts}
        folder = stack.enter_context(tempfile.TemporaryDirectory(dir=seed.FOLDER))
        for count, path in kept.items():
            shutil.copyfile(path, f"{folder}/{count}.db")
        yield {count: f"sqlite:///{folder}/{count}.db" for count in counts}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
