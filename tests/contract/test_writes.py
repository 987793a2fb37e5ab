"""What a write does happens wholly or not at all, and nothing is changed outside one."""

from collections.abc import Callable

import pytest

from cms.errors import BrokenReference, Conflict, StoreError
from cms.store import Database, connect, write


def _labels(db: Database) -> list[str]:
    return [row["label"] for row in db.table("shelf").rows_where(order_by="id")]


def _add(db: Database, id: str) -> None:
    db.table("shelf").insert({"id": id, "label": id})


def test_a_write_is_seen_by_others_once_it_ends(url: str, db: Database) -> None:
    other = connect(url)
    with write(db):
        _add(db, "b")
        assert (_labels(db), _labels(other)) == (["first", "b"], ["first"])
    assert _labels(other) == ["first", "b"]
    other.close()


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_a_write_that_fails_leaves_nothing(db: Database, error: type[BaseException]) -> None:
    with pytest.raises(error), write(db):
        _add(db, "b")
        raise error
    assert _labels(db) == ["first"]
    with write(db):
        _add(db, "c")
    assert _labels(db) == ["first", "c"]


def test_an_inner_write_that_fails_is_undone_alone(db: Database) -> None:
    with write(db):
        _add(db, "b")
        with pytest.raises(Conflict), write(db):
            _add(db, "c")
            _add(db, "b")
        with write(db):
            _add(db, "d")
            with pytest.raises(BrokenReference), write(db):
                db.table("book").insert({"shelf": "nowhere", "place": 1})
        _add(db, "e")
    assert _labels(db) == ["first", "b", "d", "e"]


def test_an_inner_write_goes_with_an_outer_one_that_fails(db: Database) -> None:
    with pytest.raises(RuntimeError), write(db):
        with write(db):
            _add(db, "b")
        raise RuntimeError
    assert _labels(db) == ["first"]


def test_nothing_more_can_be_done_in_a_write_whose_statement_failed(db: Database) -> None:
    with pytest.raises(StoreError), write(db):
        with pytest.raises(Conflict):
            _add(db, "a")
        _add(db, "b")
    assert _labels(db) == ["first"]


def test_a_write_whose_failure_was_swallowed_fails(db: Database) -> None:
    with pytest.raises(StoreError, match="swallowed"), write(db):
        _add(db, "b")
        with pytest.raises(Conflict):
            _add(db, "a")
    assert _labels(db) == ["first"]


def test_an_inner_write_whose_failure_was_swallowed_fails_alone(db: Database) -> None:
    with write(db):
        _add(db, "b")
        with pytest.raises(StoreError, match="swallowed"), write(db), pytest.raises(Conflict):
            _add(db, "a")
        _add(db, "c")
    assert _labels(db) == ["first", "b", "c"]


@pytest.mark.parametrize("wrote_before", [False, True])
@pytest.mark.parametrize(
    "change",
    [
        lambda db: db.table("shelf").insert({"id": "b", "label": "b"}),
        lambda db: db.table("shelf").update("a", {"label": "b"}),
        lambda db: db.table("shelf").upsert({"id": "b", "label": "b"}),
        lambda db: db.table("shelf").delete_where(),
        lambda db: db.table("more").create({"id": str}, pk="id"),
        lambda db: db.execute("with x as (select 1) insert into shelf values ('b', 'b')"),
        lambda db: db.query("insert into shelf values ('b', 'b') returning id"),
        lambda db: db.execute("drop table book"),
    ],
)
def test_nothing_is_changed_outside_a_write(
    db: Database, change: Callable[[Database], object], wrote_before: bool
) -> None:
    if wrote_before:
        with write(db):
            db.table("shelf").update("a", {"label": "first"})
    with pytest.raises(StoreError, match="write"):
        change(db)
    assert _labels(db) == ["first"]
    assert db.table("book").count_where() == 0
    assert not db.table("more").exists()
