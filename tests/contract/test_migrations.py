"""Migrations are applied once, in the order they are written, all or none."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlite_utils import Migrations

from cms.errors import NotFound
from cms.store import Database, connect
from migrations import migrate, pending


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    db = connect(empty_url)
    yield db
    db.close()


@pytest.fixture
def ledger() -> Migrations:
    ledger = Migrations("test")

    @ledger()
    def second_by_name(db: Any) -> None:
        db["thing"].create({"id": str}, pk="id")

    @ledger()
    def first_by_name(db: Any) -> None:
        db["thing"].add_column("note", str, not_null_default="none")
        db["thing"].insert({"id": "x"})

    return ledger


def test_looking_at_what_is_pending_changes_nothing(empty: Database, ledger: Migrations) -> None:
    assert pending(empty, ledger) == ["second_by_name", "first_by_name"]
    assert not empty.table("_sqlite_migrations").exists()


def test_each_is_applied_once_and_in_order(empty: Database, ledger: Migrations) -> None:
    assert migrate(empty, ledger) == ["second_by_name", "first_by_name"]
    assert migrate(empty, ledger) == pending(empty, ledger) == []
    assert list(empty.table("thing").rows_where()) == [{"id": "x", "note": "none"}]


def test_what_is_added_later_is_applied_alone(empty: Database, ledger: Migrations) -> None:
    migrate(empty, ledger)

    @ledger()
    def third(db: Any) -> None:
        db["thing"].update("x", {"note": "changed"})

    assert migrate(empty, ledger) == ["third"]
    assert empty.table("thing").get("x")["note"] == "changed"


def test_one_that_fails_leaves_neither_table_nor_record(empty: Database, ledger: Migrations) -> None:
    @ledger()
    def broken(db: Any) -> None:
        db["other"].create({"id": str}, pk="id")
        db["thing"].update("nowhere", {"note": "y"})

    with pytest.raises(NotFound):
        migrate(empty, ledger)
    assert not empty.table("other").exists()
    assert not empty.table("thing").exists()
    assert pending(empty, ledger) == ["second_by_name", "first_by_name", "broken"]


def test_tolks_own_are_applied(db: Database, database_url: str) -> None:
    migrated = connect(database_url)
    assert pending(migrated) == []
    assert pending(db) != []
    migrated.close()
