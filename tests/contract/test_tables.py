"""Tables are made alike on both engines."""

import pytest
from sqlite_utils.db import ForeignKey

from cms.errors import BadValue, BrokenReference, Conflict, NoTable, StoreError
from cms.store import Database, connect, write


def test_an_integer_key_that_is_left_out_counts_up(db: Database) -> None:
    with write(db):
        db.table("log").create({"seq": int, "what": str}, pk="seq")
        for what in "ab":
            db.table("log").insert({"what": what})
    assert list(db.table("log").rows_where(order_by="seq")) == [
        {"seq": 1, "what": "a"},
        {"seq": 2, "what": "b"},
    ]


def test_a_key_is_never_null(db: Database) -> None:
    with pytest.raises(BadValue), write(db):
        db.table("shelf").insert({"id": None, "label": "x"})


def test_a_compound_reference_is_enforced_and_may_cascade(db: Database) -> None:
    with write(db):
        db.table("loan").create(
            {"id": str, "shelf": str, "place": int},
            pk="id",
            foreign_keys=[
                ForeignKey(
                    "loan",
                    None,
                    "book",
                    None,
                    columns=("shelf", "place"),
                    other_columns=("shelf", "place"),
                    is_compound=True,
                    on_delete="CASCADE",
                )
            ],
        )
        db.table("book").insert({"shelf": "a", "place": 1})
        db.table("loan").insert({"id": "x", "shelf": "a", "place": 1})
    with pytest.raises(BrokenReference), write(db):
        db.table("loan").insert({"id": "y", "shelf": "a", "place": 2})
    with write(db):
        db.table("book").delete_where()
    assert db.table("loan").count_where() == 0


def test_a_compound_reference_may_be_given_as_tuples(db: Database) -> None:
    key = (("shelf", "place"), "book", ("shelf", "place"))
    with write(db):
        db.table("loan").create({"id": str, "shelf": str, "place": int}, pk="id", foreign_keys=[key])
    with pytest.raises(BrokenReference), write(db):
        db.table("loan").insert({"id": "y", "shelf": "a", "place": 2})


def test_a_column_can_be_added_with_a_default_or_a_reference(db: Database) -> None:
    with write(db):
        db.table("shelf").add_column("height", int, not_null_default=30)
        db.table("shelf").add_column("colour", not_null_default="it's")
        db.table("shelf").add_column("above", str, fk="shelf")
    assert db.table("shelf").get("a") == {
        "id": "a",
        "label": "first",
        "height": 30,
        "colour": "it's",
        "above": None,
    }
    with pytest.raises(BrokenReference), write(db):
        db.table("shelf").update("a", {"above": "nowhere"})
    with pytest.raises(BadValue), write(db):
        db.table("shelf").update("a", {"height": None})


def test_an_index_takes_a_name_or_makes_one(db: Database) -> None:
    with write(db):
        db.table("shelf").create_index(["label"])
        db.table("shelf").create_index(["label", "id"], "labels", unique=True)
    for name in ("idx_shelf_label", "labels"):
        with pytest.raises(StoreError), write(db):
            db.table("shelf").create_index(["label"], name)


def test_a_unique_index_over_equal_rows_is_a_conflict(db: Database) -> None:
    with write(db):
        for place in (1, 2):
            db.table("book").insert({"shelf": "a", "place": place, "pages": place, "weight": 1.0})
    with pytest.raises(Conflict), write(db):
        db.table("book").create_index(["weight"], unique=True)


def test_a_table_is_made_once(db: Database) -> None:
    with pytest.raises(StoreError), write(db):
        db.table("shelf").create({"id": str}, pk="id")


def test_a_reference_to_a_table_that_is_not_there_is_refused(db: Database) -> None:
    with pytest.raises(StoreError), write(db):
        db.table("loan").create({"id": str, "by": str}, pk="id", foreign_keys=[("by", "person", "id")])


def test_a_name_that_one_engine_would_cut_off_is_refused(db: Database) -> None:
    with pytest.raises(StoreError, match="63 bytes"), write(db):
        db.table("t" * 64).create({"id": str}, pk="id")
    with pytest.raises(StoreError, match="63 bytes"), write(db):
        db.table("u").create({"id": str, "é" * 32: str}, pk="id")
    with pytest.raises(StoreError, match="63 bytes"), write(db):
        db.table("shelf").create_index(["label"], "i" * 64)


def test_words_of_sql_can_be_names(db: Database) -> None:
    with write(db):
        db.table("order").create({"group": str, "select": str}, pk="group")
        db.table("order").create_index(["select"])
        db.table("order").upsert({"group": "a", "select": "b"})
        db.table("order").update("a", {"select": "c"})
    assert db.table("order").get("a") == {"group": "a", "select": "c"}


def test_a_table_that_was_made_in_a_failed_write_is_gone(db: Database) -> None:
    with pytest.raises(RuntimeError), write(db):
        db.table("more").create({"id": str}, pk="id")
        db.table("more").insert({"id": "x"})
        db.table("shelf").add_column("height", int)
        assert db.table("shelf").get("a")["height"] is None
        raise RuntimeError
    with pytest.raises(NoTable):
        db.table("more").get("x")
    assert db.table("shelf").get("a") == {"id": "a", "label": "first"}


def test_a_column_that_another_connection_adds_is_used_at_once(url: str, db: Database) -> None:
    other = connect(url)
    for _ in range(10):  # often enough for a driver to have prepared it
        db.table("shelf").get("a")
        list(db.query("select * from shelf"))
    with write(other):
        other.table("shelf").add_column("height", int)
    other.close()
    assert db.table("shelf").get("a")["id"] == "a"
    assert next(db.query("select * from shelf"))["height"] is None
    with write(db):
        db.table("shelf").update("a", {"height": 3})
    assert db.table("shelf").get("a")["height"] == 3
