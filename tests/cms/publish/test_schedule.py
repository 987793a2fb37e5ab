"""What is asked for later is done then, once."""

import threading
from datetime import datetime
from typing import Any

import orjson
import pytest

from cms.content.identity import stamp
from cms.errors import NotFound, Refused
from cms.publish import documents, schedule
from cms.publish.schedule import Task
from cms.store import Database, connect
from tests.builders import BY, NOW, SITE, create, event_types, later, publish, published, rows, save, unpublish

NOBODY = "0198c0de-0000-7000-8000-000000000000"


def ask(db: Database, entry: str, action: str = "publish", hours: float = 1, locale: str = "nl") -> Task:
    return schedule.ask(db, entry, locale, action, later(hours=hours), by="els", now=NOW, site=SITE)


def run(db: Database, hours: float) -> list[tuple[str, str]]:
    """Run what is due and return (state, outcome) of each task that was done."""
    return [(task.state, task.outcome) for task in schedule.run_due(db, SITE, later(hours=hours))]


def status(db: Database, entry: str) -> int | None:
    found = documents.read(db, "nl", db.table("entry").get(entry)["type"], entry)
    return found and found.status


def test_what_is_scheduled_is_published_when_it_is_due_and_not_before(db: Database) -> None:
    entry = create(db, "topic")
    task = ask(db, entry)
    assert (run(db, 0.5), status(db, entry)) == ([], None)
    assert (run(db, 1), status(db, entry)) == ([("done", "")], 200)
    assert schedule.find(db, task.id).settled_at == stamp(later(hours=1))
    [edition] = rows(db, "edition")
    assert (edition["published_by"], edition["since"]) == ("els", stamp(later(hours=1)))


def test_what_is_scheduled_is_unpublished_when_it_is_due(db: Database) -> None:
    entry = published(db, "topic")
    ask(db, entry, "unpublish")
    assert (run(db, 1), status(db, entry)) == ([("done", "")], None)


def test_a_task_is_run_once(db: Database) -> None:
    ask(db, create(db, "topic"))
    assert (run(db, 2), run(db, 3)) == ([("done", "")], [])


def test_tasks_are_run_in_the_order_in_which_they_are_due(db: Database) -> None:
    entry = create(db, "topic")
    ask(db, entry, "unpublish", hours=2)
    ask(db, entry, "publish", hours=1)
    assert run(db, 3) == [("done", ""), ("done", "")]
    assert event_types(db, entry) == ["edition.published", "edition.unpublished"]


def test_the_newest_revision_is_what_is_published(db: Database) -> None:
    entry = create(db, "topic")
    ask(db, entry)
    save(db, entry, title="Later geschreven")
    run(db, 1)
    assert rows(db, "edition")[0]["revision"] == 2


def test_a_task_that_fails_is_kept_with_its_reason_and_told_and_stops_no_other(db: Database) -> None:
    refused, fine = create(db, "article"), create(db, "topic")
    first, second = ask(db, refused, hours=1), ask(db, fine, hours=2)
    assert run(db, 3) == [("failed", "refused"), ("done", "")]
    assert [schedule.find(db, task.id).state for task in (first, second)] == ["failed", "done"]
    assert (event_types(db, refused), status(db, refused)) == (["schedule.failed"], None)
    told = next(row for row in rows(db, "event") if row["entry"] == refused)
    assert (orjson.loads(told["data"])["code"], "needs_author" in orjson.loads(told["data"])["said"]) == (
        "refused",
        True,
    )


def test_a_task_that_fails_late_leaves_nothing_but_its_failure(db: Database) -> None:
    published(db, "topic", slug="rug")
    entry = create(db, "topic", slug="rug")
    before = {name: rows(db, name) for name in ("edition", "slug", "document", "reference", "pending")}
    ask(db, entry)
    assert run(db, 1) == [("failed", "slug_taken")]
    assert {name: rows(db, name) for name in before} == before


def test_a_cancelled_task_is_not_run(db: Database) -> None:
    entry = create(db, "topic")
    task = ask(db, entry)
    schedule.cancel(db, task.id, now=NOW)
    assert (run(db, 2), status(db, entry), schedule.waiting(db)) == ([], None, [])
    with pytest.raises(Refused) as caught:
        schedule.cancel(db, task.id, now=NOW)
    assert [reason.code for reason in caught.value.reasons] == ["already_settled"]


def test_what_waits_is_listed_soonest_first(db: Database) -> None:
    entry = create(db, "topic")
    last, first = ask(db, entry, hours=2), ask(db, entry, hours=1)
    assert schedule.waiting(db) == [first, last]


@pytest.mark.parametrize(
    ("locale", "action", "due", "expected"),
    [
        ("nl", "delete", later(hours=1), [("/action", "not_a_choice")]),
        ("nl", "publish", NOW, [("/due_at", "not_in_future")]),
        ("nl", "publish", later(hours=-1), [("/due_at", "not_in_future")]),
        ("xx", "publish", later(hours=1), [("/locale", "unknown_locale")]),
        ("NL", "unpublish", later(hours=1), [("/locale", "unknown_locale")]),
        ("xx", "x", NOW, [("/locale", "unknown_locale"), ("/action", "not_a_choice"), ("/due_at", "not_in_future")]),
    ],
)
def test_what_cannot_be_done_later_is_refused(
    db: Database, locale: str, action: str, due: datetime, expected: list[tuple[str, str]]
) -> None:
    entry = create(db, "topic")
    with pytest.raises(Refused) as caught:
        schedule.ask(db, entry, locale, action, due, by=BY, now=NOW, site=SITE)
    assert [(reason.pointer, reason.code) for reason in caught.value.reasons] == expected
    assert rows(db, "schedule") == []


def test_what_does_not_exist_is_not_found(db: Database) -> None:
    for act in (
        lambda: ask(db, NOBODY),
        lambda: schedule.find(db, NOBODY),
        lambda: schedule.cancel(db, NOBODY, now=NOW),
    ):
        with pytest.raises(NotFound):
            act()


def test_of_two_workers_one_runs_a_task(database_url: str) -> None:
    db = connect(database_url)
    tasks = [ask(db, create(db, "topic", title=f"Titel {number}")) for number in range(8)]
    together = threading.Barrier(2, timeout=30)
    done: list[list[str]] = []
    failures: list[BaseException] = []

    def work() -> None:
        mine = connect(database_url)
        try:
            together.wait()
            done.append([task.id for task in schedule.run_due(mine, SITE, later(hours=1))])
        except BaseException as error:
            failures.append(error)
        finally:
            mine.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    counts: dict[str, Any] = {kind: event_types(db).count(kind) for kind in set(event_types(db))}
    db.close()
    assert failures == []
    assert sorted([*done[0], *done[1]]) == sorted(task.id for task in tasks)
    assert counts == {"edition.published": 8}


def test_an_address_that_is_unpublished_by_hand_first_fails_the_task(db: Database) -> None:
    entry = published(db, "topic")
    ask(db, entry, "unpublish")
    unpublish(db, entry, "nl", now=NOW)
    assert run(db, 1) == [("failed", "refused")]
    publish(db, entry, now=later(hours=2))
    assert status(db, entry) == 200
