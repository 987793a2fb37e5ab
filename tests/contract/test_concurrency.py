"""Several threads and processes lose nothing, wait for each other, and never stop a reader."""

import multiprocessing
import threading
import time
from collections.abc import Callable
from multiprocessing.synchronize import Event
from typing import Any

import pytest

from cms.store import Database, connect, write
from migrations import migrate, pending

SPAWN = multiprocessing.get_context("spawn")
WORKERS = 4
ROUNDS = 50


def count_up(url: str, errors: "list[BaseException] | None" = None) -> None:
    try:
        db = connect(url)
        for _ in range(ROUNDS):
            with write(db):
                pages = db.table("book").get(("a", 1))["pages"]
                db.table("book").update(("a", 1), {"pages": pages + 1})
        db.close()
    except BaseException as error:
        if errors is None:
            raise
        errors.append(error)


def migrate_at(url: str, start: Event) -> None:
    start.wait()
    db = connect(url)
    migrate(db)
    db.close()


def stop_halfway(url: str, reached: Event) -> None:
    db = connect(url)
    with write(db):
        db.table("shelf").update("a", {"label": "half"})
        db.table("more").create({"id": str}, pk="id")
        reached.set()
        time.sleep(60)


def _run(target: Callable[..., None], *args: Any) -> list[int | None]:
    processes = [SPAWN.Process(target=target, args=args) for _ in range(WORKERS)]
    for process in processes:
        process.start()
    # All have started, and wait: let them go at once.
    for event in args[1:]:
        time.sleep(1.0)
        event.set()
    for process in processes:
        process.join(60)
    codes = [process.exitcode for process in processes]
    for process in processes:
        process.close()
    return codes


@pytest.fixture
def counter(url: str, db: Database) -> str:
    with write(db):
        db.table("book").insert({"shelf": "a", "place": 1, "pages": 0})
    return url


def test_threads_that_read_and_then_write_lose_nothing(counter: str, db: Database) -> None:
    errors: list[BaseException] = []
    threads = [threading.Thread(target=count_up, args=(counter, errors)) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert db.table("book").get(("a", 1))["pages"] == WORKERS * ROUNDS


def test_processes_that_read_and_then_write_lose_nothing(counter: str, db: Database) -> None:
    assert _run(count_up, counter) == [0] * WORKERS
    assert db.table("book").get(("a", 1))["pages"] == WORKERS * ROUNDS


def test_processes_that_migrate_at_once_all_succeed(empty_url: str) -> None:
    assert _run(migrate_at, empty_url, SPAWN.Event()) == [0] * WORKERS
    db = connect(empty_url)
    assert pending(db) == []
    db.close()


def test_readers_do_not_wait_for_a_writer(url: str, db: Database) -> None:
    reader = connect(url)
    with write(db):
        db.table("shelf").update("a", {"label": "later"})
        # More than fits into a cache: without a write-ahead log it would lock the file.
        for place in range(8):
            db.table("book").insert({"shelf": "a", "place": place, "pages": place, "note": "x" * 1_000_000})
        started = time.monotonic()
        assert reader.table("shelf").get("a")["label"] == "first"
        assert time.monotonic() - started < 1.0
    assert reader.table("shelf").get("a")["label"] == "later"
    reader.close()


def test_a_writer_waits_for_another(url: str, db: Database) -> None:
    order: list[str] = []

    def second() -> None:
        other = connect(url)
        with write(other):
            order.append("second")
        other.close()

    thread = threading.Thread(target=second)
    with write(db):
        thread.start()
        time.sleep(0.3)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def test_a_killed_writer_leaves_the_state_before_it_and_blocks_nobody(url: str, db: Database) -> None:
    reached = SPAWN.Event()
    process = SPAWN.Process(target=stop_halfway, args=(url, reached))
    process.start()
    assert reached.wait(30)
    process.kill()
    process.join()
    process.close()
    assert db.table("shelf").get("a")["label"] == "first"
    assert not db.table("more").exists()
    started = time.monotonic()
    with write(db):
        db.table("shelf").update("a", {"label": "next"})
    assert time.monotonic() - started < 5.0
    assert db.table("shelf").get("a")["label"] == "next"
