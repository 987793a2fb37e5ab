"""Links and tickets: one use, by one of those who try, within their time."""

import threading
from datetime import timedelta

import pytest

from cms.errors import Expired
from cms.people import one_time, users
from cms.store import Database, connect
from tests.cms.people.conftest import NOW, Adding


def test_a_link_is_good_once(db: Database, add: Adding) -> None:
    user = add("ada", "editor")
    token = one_time.make(db, user.id, "reset", now=NOW)
    assert one_time.use(db, token, "reset", NOW) == user
    with pytest.raises(Expired):
        one_time.use(db, token, "reset", NOW)


def test_looking_does_not_use_a_link(db: Database, add: Adding) -> None:
    user = add("ada", "editor")
    token = one_time.make(db, user.id, "invite", now=NOW)
    assert one_time.link(db, token, NOW) == one_time.link(db, token, NOW) == (user, "invite")


@pytest.mark.parametrize(("passed", "good"), [(timedelta(hours=24, seconds=-1), True), (timedelta(hours=24), False)])
def test_a_link_is_good_for_a_day(db: Database, add: Adding, passed: timedelta, good: bool) -> None:
    user = add("ada", "editor")
    token = one_time.make(db, user.id, "reset", now=NOW)
    if good:
        assert one_time.use(db, token, "reset", NOW + passed) == user
    else:
        with pytest.raises(Expired):
            one_time.use(db, token, "reset", NOW + passed)


def test_a_link_is_good_for_its_purpose_alone(db: Database, add: Adding) -> None:
    token = one_time.make(db, add("ada", "editor").id, "second", now=NOW)
    with pytest.raises(Expired):
        one_time.use(db, token, "reset", NOW)
    with pytest.raises(Expired):
        one_time.link(db, token, NOW)


def test_a_newer_link_ends_the_one_before(db: Database, add: Adding) -> None:
    user = add("ada", "editor")
    first, second = (one_time.make(db, user.id, "reset", now=NOW) for _ in range(2))
    with pytest.raises(Expired):
        one_time.use(db, first, "reset", NOW)
    assert one_time.use(db, second, "reset", NOW) == user


def test_who_is_disabled_uses_no_link(db: Database, add: Adding) -> None:
    user = add("ada", "editor")
    users.change(db, user.id, state="disabled", now=NOW)
    token = one_time.make(db, user.id, "reset", now=NOW)
    with pytest.raises(Expired):
        one_time.use(db, token, "reset", NOW)


@pytest.mark.parametrize("token", ["", "x", "\0", "\ud800"])
def test_a_link_that_never_was_is_expired(db: Database, token: str) -> None:
    with pytest.raises(Expired):
        one_time.use(db, token, "reset", NOW)


def test_the_store_knows_no_token(db: Database, add: Adding) -> None:
    token = one_time.make(db, add("ada", "editor").id, "reset", now=NOW)
    assert token not in str(list(db.table("one_time").rows_where()))


def test_what_is_too_old_is_not_kept(db: Database, add: Adding) -> None:
    user = add("ada", "editor")
    one_time.make(db, user.id, "second", now=NOW, hours=1)
    one_time.make(db, user.id, "second", now=NOW + timedelta(hours=2), hours=1)
    assert db.table("one_time").count_where() == 1


def test_of_two_who_use_a_link_at_once_one_succeeds(db: Database, database_url: str, add: Adding) -> None:
    token = one_time.make(db, add("ada", "editor").id, "reset", now=NOW)
    start = threading.Barrier(4, timeout=30)
    outcomes: list[str] = []

    def use() -> None:
        own = connect(database_url)
        start.wait()
        try:
            outcomes.append(one_time.use(own, token, "reset", NOW).name)
        except Expired:
            outcomes.append("expired")
        finally:
            own.close()

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["Ada", "expired", "expired", "expired"]
