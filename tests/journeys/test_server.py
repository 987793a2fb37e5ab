"""The real server: it answers, keeps time, stops gracefully, and no writer keeps a reader waiting."""

import contextlib
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cms.content import revisions, saving
from cms.desk import publishing
from cms.people.rights import OPERATOR
from cms.publish import editions, schedule
from cms.site import Site
from cms.store import Database, connect, write
from migrations import migrate
from tests import postgres
from tests.journeys.serving import PATIENCE, Server, environment, serving, starting, tolk

SITE = Site()
AT_ONCE = 2.0  # seconds, on a machine that does other things too
BODY = [{"id": f"b{number}", "type": "paragraph", "text": "Blijf rustig bewegen. " * 20} for number in range(20)]


def article(db: Database, slug: str, publish: bool = True) -> str:
    """Make an article, with a clinic that answers for it."""
    now = datetime.now(UTC)
    clinic = saving.create(db, "clinic", {"name": f"Praktijk {slug}"}, by="editor", now=now).id
    editions.publish(db, clinic, "nl", by="editor", now=now, site=SITE)
    content = {"title": f"Artikel {slug}", "slug": slug, "clinics": [clinic], "body": BODY}
    entry = saving.create(db, "article", content, by="editor", now=now).id
    if publish:
        editions.publish(db, entry, "nl", by="editor", now=now, site=SITE)
    return entry


def republish(db: Database, entry: str, number: int) -> None:
    """Change an article and publish it again."""
    now = datetime.now(UTC)
    latest = revisions.latest(db, entry)
    content = {**latest.content, "summary": f"Versie {number}. " * (number % 50)}
    saving.save(db, entry, content, based_on=latest.number, by="editor", now=now)
    editions.publish(db, entry, "nl", by="editor", now=now, site=SITE)


@pytest.fixture
def server(database_url: str, db: Database, tmp_path: Path) -> Iterator[Server]:
    """Yield a server with one article, `een`."""
    article(db, "een")
    with serving(database_url, tmp_path) as found:
        yield found


@dataclass(frozen=True)
class Standing:
    """A server that several tests ask, and its database; none of them stops it or changes `een`."""

    server: Server
    db: Database


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def standing(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """Yield a server with one article, `een`, on both engines in turn."""
    folder = tmp_path_factory.mktemp("standing")
    with contextlib.ExitStack() as stack:
        if request.param == "sqlite":
            url = f"sqlite:///{folder}/tolk.db"
        elif postgres.missing():
            pytest.skip(f"not tested on PostgreSQL: {postgres.missing()}")
        else:
            url = stack.enter_context(postgres.schema(request.getfixturevalue("postgres_server")))
        db = connect(url)
        stack.callback(db.close)
        migrate(db)
        article(db, "een")
        yield Standing(stack.enter_context(serving(url, folder)), db)


def test_the_server_answers_and_says_where_to_look(standing: Standing) -> None:
    server = standing.server
    answer = server.get("/v1/nl/articles/een")
    assert (answer.status, answer.json["slug"]) == (200, "een")
    assert answer.headers["ETag"] == f'"{hashlib.sha256(answer.body).hexdigest()}"'
    again = server.get("/v1/nl/articles/een", **{"If-None-Match": answer.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")
    head = server.get("/v1/nl/articles/een", method="HEAD")
    assert (head.body, head.headers["Content-Length"]) == (b"", str(len(answer.body)))
    assert server.get("/v1/articles/een").headers["Location"] == "/v1/nl/articles/een"
    assert server.get("/nothing").json["code"] == "not_found"
    assert server.get("/v1/nl/articles", method="DELETE").headers["Allow"]
    assert server.get("/ready").status == 200
    said = server.log.read_text()
    assert f"http://127.0.0.1:{server.port}/docs" in said
    assert "Traceback" not in said


RAW = [
    b"GET /v1/nl/articles/\xff HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /v1/nl/articles/%ff%00 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /v1/nl/articles?x=\xc3\xa9 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET //evil.example/x HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET http://evil.example/v1/nl/articles HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a..b\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: \xff\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.0\r\n\r\n",
    b"GET /v1/articles HTTP/1.1\r\nHost: x\r\nAccept-Language: \xff\xfe\r\nX-Request-ID: \xff\r\n\r\n",
    b"GET /v1/nl/articles/een HTTP/1.1\r\nHost: x\r\nIf-None-Match: \xff\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 500_000 + b"\r\n\r\n",
    b"\x00\x01\x02\r\n\r\n",
    b"BREW /v1/nl/articles HTTP/1.1\r\nHost: x\r\n\r\n",
]


def test_no_bytes_bring_the_server_down(standing: Standing) -> None:
    server = standing.server
    for raw in RAW:
        with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as connection:
            first = b""
            # It may hang up before all was said; a connection that is gone is an OSError to shutdown.
            with contextlib.suppress(OSError):
                connection.sendall(raw)
                connection.shutdown(socket.SHUT_WR)
                first = connection.recv(65_536).partition(b"\r\n")[0]
            assert b" 500 " not in first + b" ", raw[:80]
    assert server.get("/v1/nl/articles/een").status == 200
    assert "Traceback" not in server.log.read_text()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_the_server_stops_and_all_is_well(server: Server, how: int) -> None:
    assert server.get("/health").status == 200
    assert server.stop(how) == 0
    assert "Traceback" not in server.log.read_text()


SLOW = """
import time
from cms.publish import documents
_read = documents.read
def read(*args):
    print("reading", flush=True)
    time.sleep(1.5)
    return _read(*args)
documents.read = read
"""


def test_a_request_under_way_is_answered_before_the_server_stops(
    database_url: str, db: Database, tmp_path: Path
) -> None:
    article(db, "een")
    (tmp_path / "slow_reading.py").write_text(SLOW)
    path = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    with (
        serving(database_url, tmp_path, TOLK_CONTENT_TYPES="slow_reading", PYTHONPATH=path) as server,
        ThreadPoolExecutor(1) as readers,
    ):
        reading = readers.submit(server.get, "/v1/nl/articles/een")
        patient_until = time.monotonic() + PATIENCE
        while "reading" not in server.log.read_text() and time.monotonic() < patient_until:
            time.sleep(0.02)
        assert server.stop() == 0
        assert (reading.result().status, reading.result().json["slug"]) == (200, "een")


NEVER_READY = """
import time
import api.application
def create_app():
    print("beginning", flush=True)
    time.sleep(600)
api.application.create_app = create_app
"""


def test_a_server_that_only_begins_stops_at_once(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "never_ready.py").write_text(NEVER_READY)
    path = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    with starting(database_url, tmp_path, TOLK_CONTENT_TYPES="never_ready", PYTHONPATH=path) as server:
        patient_until = time.monotonic() + PATIENCE
        while "beginning" not in server.log.read_text():
            assert time.monotonic() < patient_until, server.log.read_text()
            time.sleep(0.02)
        assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()


def test_the_clock_publishes_what_is_scheduled(standing: Standing) -> None:
    server, db = standing.server, standing.db
    entry = article(db, "later", publish=False)
    now = datetime.now(UTC)
    schedule.ask(db, entry, "nl", "publish", now + timedelta(seconds=1), by="editor", now=now, site=SITE)
    assert server.get("/v1/nl/articles/later").status == 404
    patient_until = time.monotonic() + PATIENCE
    while server.get("/v1/nl/articles/later").status != 200:
        assert time.monotonic() < patient_until, server.log.read_text()
        time.sleep(0.1)
    logged = [json.loads(line) for line in server.log.read_text().splitlines() if line.startswith("{")]
    assert [line["state"] for line in logged if line.get("event") == "task"] == ["done"]


def test_what_others_show_of_it_follows_a_publish_at_once(database_url: str, db: Database, tmp_path: Path) -> None:
    entry = article(db, "een")
    [clinic] = revisions.latest(db, entry).content["clinics"]
    # No tick will come: what waits is seen all the same, in a process that did not publish.
    with serving(database_url, tmp_path, TOLK_CLOCK_SECONDS="3600") as server:
        now = datetime.now(UTC)
        saving.save(db, clinic, {"name": "Praktijk Oever"}, based_on=1, by="editor", now=now)
        publishing.publish(db, OPERATOR, clinic, "nl", now=now, site=SITE)
        patient_until = time.monotonic() + PATIENCE
        while server.get("/v1/nl/articles/een").json["clinics"][0]["name"] != "Praktijk Oever":
            assert time.monotonic() < patient_until, server.log.read_text()
            time.sleep(0.05)


def test_readers_never_wait_for_a_writer(standing: Standing) -> None:
    server, db = standing.server, standing.db
    with write(db):
        db.execute("update entry set created_by = 'somebody'")
        for path in ("/v1/nl/articles/een", "/v1/nl/articles", "/v1/nl/search?q=bewegen", "/ready", "/v1/articles/een"):
            began = time.monotonic()
            assert server.get(path).status in (200, 302)
            assert time.monotonic() - began < AT_ONCE, path


def test_every_answer_is_a_whole_document_while_it_is_published_again(server: Server, database_url: str) -> None:
    over = threading.Event()
    seen: set[str] = set()

    def read() -> int:
        count = 0
        while not over.is_set():
            answer = server.get("/v1/nl/articles/een")
            assert answer.status == 200
            assert answer.headers["ETag"] == f'"{hashlib.sha256(answer.body).hexdigest()}"'
            assert answer.json["body"][-1]["id"] == "b19"
            listed = server.get("/v1/nl/articles").json
            assert [item["slug"] for item in listed["data"]] == ["een"]
            seen.add(answer.headers["ETag"])
            count += 1
        return count

    with ThreadPoolExecutor(8) as readers:
        reading = [readers.submit(read) for _ in range(8)]
        try:
            db = connect(database_url)
            entry = db.table("entry").rows_where("type = ?", ["article"])
            found = next(row["id"] for row in entry)
            for number in range(30):
                republish(db, found, number)
            db.close()
        finally:
            over.set()
        assert all(future.result() for future in reading)
    assert len(seen) > 3


PUBLISHER = """
import sys
from cms.store import connect
from tests.journeys.test_server import republish
db = connect(sys.argv[1])
print("ready", flush=True)
for number in range(1, 100_000):
    republish(db, sys.argv[2], number)
    print(number, flush=True)
"""


def test_killing_the_server_or_a_publisher_leaves_whole_documents(
    database_url: str, db: Database, tmp_path: Path
) -> None:
    entry = article(db, "een")
    with serving(database_url, tmp_path) as server:
        publisher = subprocess.Popen(
            [sys.executable, "-c", PUBLISHER, database_url, entry],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
            env=environment(database_url, tmp_path),
        )
        assert publisher.stdout
        with publisher, publisher.stdout as said:
            for _ in range(5):
                said.readline()
            os.killpg(server.process.pid, signal.SIGKILL)
            # The publisher goes on as if nothing had happened; then it is killed in the middle of its work.
            done = [int(said.readline()) for _ in range(5)]
            publisher.kill()
    with serving(database_url, tmp_path) as server:
        answer = server.get("/v1/nl/articles/een")
        assert (answer.status, answer.headers["ETag"]) == (200, f'"{hashlib.sha256(answer.body).hexdigest()}"')
        document = answer.json
        newest = revisions.latest(db, entry)
        # What was said to be done is there; the step that was under way is there as a whole or not at all.
        assert document["version"] > max(done)
        assert newest.number - 1 <= document["version"] <= newest.number
        shown = revisions.get(db, entry, document["version"])
        assert document["summary"] == shown.content["summary"]
        republish(db, entry, 7)
        assert server.get("/v1/nl/articles/een").json["version"] == newest.number + 1


def test_two_workers_serve_the_same(database_url: str, db: Database, tmp_path: Path) -> None:
    entry = article(db, "een")
    with serving(database_url, tmp_path, TOLK_WORKERS="2", TOLK_THREADS="2") as server:
        with ThreadPoolExecutor(8) as readers:
            before = list(readers.map(lambda _: server.get("/v1/nl/articles/een"), range(40)))
            republish(db, entry, 3)
            after = list(readers.map(lambda _: server.get("/v1/nl/articles/een"), range(40)))
        assert {answer.status for answer in before + after} == {200}
        assert {answer.json["version"] for answer in before} == {1}
        assert {answer.json["version"] for answer in after} == {2}
        assert server.stop() == 0


def test_a_worker_that_dies_is_replaced(database_url: str, db: Database, tmp_path: Path) -> None:
    article(db, "een")
    with serving(database_url, tmp_path) as server:
        children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
        if not children.exists():
            pytest.skip("the system does not tell a process's children")
        worker = max(int(child) for child in children.read_text().split())
        os.kill(worker, signal.SIGKILL)
        patient_until = time.monotonic() + PATIENCE
        while True:
            with contextlib.suppress(OSError):
                if server.get("/v1/nl/articles/een").status == 200:
                    break
            assert time.monotonic() < patient_until, server.log.read_text()
            time.sleep(0.1)


def test_the_server_does_not_start_on_a_database_that_is_not_migrated(empty_url: str, tmp_path: Path) -> None:
    done = tolk("serve", env=environment(empty_url, tmp_path))
    assert done.returncode == 1
    assert "tolk migrate" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken_is_told(database_url: str, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = tolk("serve", "--port", port, env=environment(database_url, tmp_path))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert port in done.stderr
