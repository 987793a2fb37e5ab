"""The verbs of a table do the same on both engines."""

from collections.abc import Callable

import pytest

from cms.errors import BadValue, BrokenReference, Conflict, NoTable, NotFound, StoreError
from cms.store import Database, Table, write

ROW = {"shelf": "a", "place": 1, "title": "One", "note": None, "pages": 10, "cover": b"\x00\xff", "weight": 1.5}


def test_a_row_comes_back_as_it_was_inserted(db: Database) -> None:
    with write(db):
        db.table("book").insert(ROW)
    assert db.table("book").get(("a", 1)) == ROW


def test_columns_that_are_left_out_get_their_default(db: Database) -> None:
    with write(db):
        db.table("book").insert({"shelf": "a", "place": 2})
    row = db.table("book").get(("a", 2))
    assert (row["title"], row["pages"], row["cover"]) == ("O'Reilly; TRUE()", 7, None)


def test_getting_a_row_that_is_not_there_is_not_found(db: Database) -> None:
    with pytest.raises(NotFound) as raised:
        db.table("book").get(("a", 9))
    assert (raised.value.kind, raised.value.key) == ("book", ("a", 9))


def test_a_key_of_the_wrong_length_is_refused(db: Database) -> None:
    with pytest.raises(BadValue):
        db.table("book").get("a")


def test_updating_changes_the_named_columns_alone(db: Database) -> None:
    with write(db):
        db.table("book").insert(ROW)
        db.table("book").update(("a", 1), {"pages": 11})
    assert db.table("book").get(("a", 1)) == {**ROW, "pages": 11}


@pytest.mark.parametrize("changes", [{"label": "x"}, {}])
def test_updating_a_row_that_is_not_there_is_not_found(db: Database, changes: dict[str, str]) -> None:
    with pytest.raises(NotFound), write(db):
        db.table("shelf").update("nowhere", changes)


def test_an_upsert_inserts_and_then_changes_what_it_names(db: Database) -> None:
    book = db.table("book")
    with write(db):
        book.upsert(ROW)
        book.upsert({"shelf": "a", "place": 1, "title": "Two"})
    assert list(book.rows_where()) == [{**ROW, "title": "Two"}]


def test_an_upsert_of_nothing_but_the_key_leaves_the_row_alone(db: Database) -> None:
    with write(db):
        db.table("count").create({"id": str, "n": int}, pk="id", defaults={"n": 1})
        for _ in range(2):
            db.table("count").upsert({"id": "x"})
    assert list(db.table("count").rows_where()) == [{"id": "x", "n": 1}]


def test_an_upsert_without_a_mandatory_column_is_refused_even_where_the_row_exists(db: Database) -> None:
    with write(db):
        db.table("shelf").upsert({"id": "a", "label": "first"})
    with pytest.raises(BadValue), write(db):
        db.table("shelf").upsert({"id": "a"})


@pytest.mark.parametrize("record", [{"label": "x"}, {"id": None, "label": "x"}])
def test_an_upsert_without_its_key_is_refused(db: Database, record: dict[str, str]) -> None:
    with pytest.raises(BadValue), write(db):
        db.table("shelf").upsert(record)


def test_an_upsert_does_not_make_up_a_key(db: Database) -> None:
    with write(db):
        db.table("log").create({"seq": int, "what": str}, pk="seq")
    with pytest.raises(BadValue), write(db):
        db.table("log").upsert({"what": "a"})
    assert db.table("log").count_where() == 0


def test_deleting_says_how_many(db: Database) -> None:
    with write(db):
        for place in range(5):
            db.table("book").insert({**ROW, "place": place, "pages": place})
        assert db.table("book").delete_where("pages < ?", [2]) == 2
        assert db.table("book").delete_where("pages = :pages", {"pages": 4}) == 1
        assert db.table("book").delete_where() == 2
    assert db.table("book").count_where() == 0


def test_rows_are_filtered_ordered_and_paged(db: Database) -> None:
    with write(db):
        for place in range(6):
            db.table("book").insert({**ROW, "place": place, "pages": place})
    found = db.table("book").rows_where(
        "pages > :least", {"least": 0}, order_by="pages desc", select="place as p", limit=2, offset=1
    )
    assert list(found) == [{"p": 4}, {"p": 3}]
    assert [row["place"] for row in db.table("book").rows_where(order_by="place", offset=4)] == [4, 5]
    assert db.table("book").count_where("pages > ?", [3]) == 2


def test_a_taken_key_is_a_conflict(db: Database) -> None:
    with pytest.raises(Conflict), write(db):
        db.table("shelf").insert({"id": "a", "label": "again"})


def test_a_taken_unique_index_is_a_conflict(db: Database) -> None:
    with write(db):
        db.table("book").insert(ROW)
    with pytest.raises(Conflict), write(db):
        db.table("book").insert({**ROW, "place": 2})


def test_a_reference_to_nothing_is_refused(db: Database) -> None:
    with pytest.raises(BrokenReference), write(db):
        db.table("book").insert({**ROW, "shelf": "nowhere"})


def test_what_is_referred_to_cannot_be_deleted(db: Database) -> None:
    with write(db):
        db.table("book").insert(ROW)
    with pytest.raises(BrokenReference), write(db):
        db.table("shelf").delete_where("id = ?", ["a"])


@pytest.mark.parametrize(
    "verb",
    [
        lambda table: table.get("a"),
        lambda table: table.insert({"id": "a"}),
        lambda table: table.upsert({"id": "a"}),
        lambda table: table.update("a", {"id": "b"}),
        lambda table: table.delete_where(),
        lambda table: table.rows_where(),
        lambda table: table.count_where(),
        lambda table: table.add_column("more"),
        lambda table: table.create_index(["id"]),
        lambda table: table.pks,
    ],
)
def test_a_table_that_no_migration_made_is_refused(db: Database, verb: Callable[[Table], object]) -> None:
    with pytest.raises(NoTable), write(db):
        verb(db.table("shelve"))
    assert not db.table("shelve").exists()


@pytest.mark.parametrize("sql", ["select * from shelve", "delete from shelve"])
def test_a_table_that_no_migration_made_is_refused_in_sql_too(db: Database, sql: str) -> None:
    with pytest.raises(NoTable), write(db):
        db.execute(sql)


def test_a_table_that_exists_says_so(db: Database) -> None:
    assert db.table("shelf").exists()
    assert db["book"].pks == ["shelf", "place"]


@pytest.mark.parametrize("name", ["labell", "LABEL", 'la"bel'])
def test_a_column_that_no_migration_made_is_refused(db: Database, name: str) -> None:
    with pytest.raises(StoreError, match="no column"), write(db):
        db.table("shelf").update("a", {name: "x"})
