"""A table to which rows are only ever added: both engines refuse the same, as the same error."""

import pytest

from cms.errors import BadValue
from cms.store import Database, append_only, write


@pytest.fixture
def kept(db: Database) -> Database:
    """Return the two tables, of which rows are only ever added to the shelf."""
    with write(db):
        append_only.keep(db, "shelf")
        db.table("shelf").insert({"id": "b", "label": "second"})
    return db


@pytest.mark.parametrize(
    "statement",
    [
        "update shelf set label = 'other' where id = 'a'",
        "update shelf set label = label",
        "delete from shelf where id = 'b'",
        "insert into shelf (id, label) values ('a', 'x') on conflict (id) do update set label = excluded.label",
    ],
)
def test_a_row_is_neither_changed_nor_removed(kept: Database, statement: str) -> None:
    with pytest.raises(BadValue, match="shelf: rows are only ever added"), write(kept):
        kept.execute(statement)
    assert [row["label"] for row in kept.table("shelf").rows_where(order_by="id")] == ["first", "second"]


def test_what_touches_no_row_is_let_through(kept: Database) -> None:
    with write(kept):
        assert kept.table("shelf").delete_where("id = 'z'") == 0


def test_other_tables_change_as_before(kept: Database) -> None:
    with write(kept):
        kept.table("book").insert({"shelf": "b", "place": 1, "title": "T"})
        kept.table("book").update(("b", 1), {"title": "U"})
        assert kept.table("book").delete_where() == 1
