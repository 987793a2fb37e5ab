"""The same values are kept, and the same ones refused, by both engines."""

import enum
from typing import Any

import pytest

from cms.errors import BadValue
from cms.store import Database, write


class Colour(enum.StrEnum):
    RED = "red"


class Size(enum.IntEnum):
    LARGE = 3


KEPT: list[tuple[str, Any, Any]] = [
    ("title", "", ""),
    ("title", "Zürich · İstanbul · العربية · 🩺 · e\u0301", "Zürich · İstanbul · العربية · 🩺 · e\u0301"),
    ("title", "100% 'sure'? \\ :name \r\n", "100% 'sure'? \\ :name \r\n"),
    ("note", "x" * 1_000_000, "x" * 1_000_000),
    ("title", Colour.RED, "red"),
    ("pages", 0, 0),
    ("pages", -(2**63), -(2**63)),
    ("pages", 2**63 - 1, 2**63 - 1),
    ("pages", True, 1),
    ("pages", Size.LARGE, 3),
    ("pages", None, None),
    ("cover", b"", b""),
    ("cover", bytes(range(256)), bytes(range(256))),
    ("cover", bytearray(b"\x00\x01"), b"\x00\x01"),
    ("weight", 0.1, 0.1),
    ("weight", 2, 2.0),
]

REFUSED: list[tuple[str, Any]] = [
    ("title", "a\0b"),
    ("title", "\ud800"),
    ("title", 5),
    ("title", b"bytes"),
    ("title", None),
    ("pages", 2**63),
    ("pages", -(2**63) - 1),
    ("pages", "5"),
    ("pages", 1.0),
    ("cover", "text"),
    ("weight", float("nan")),
    ("weight", "1.5"),
    ("title", ["a", "list"]),
    ("title", {"a": "dict"}),
]


def _label(value: object) -> str:
    return ascii(value)[:24]


@pytest.mark.parametrize(("column", "value", "expected"), KEPT, ids=_label)
def test_it_comes_back_as_it_went_in(db: Database, column: str, value: object, expected: object) -> None:
    with write(db):
        db.table("book").insert({"shelf": "a", "place": 1, column: value})
    got = db.table("book").get(("a", 1))[column]
    assert (got, type(got)) == (expected, type(expected))


@pytest.mark.parametrize(("column", "value"), REFUSED, ids=_label)
def test_it_is_refused(db: Database, column: str, value: object) -> None:
    with pytest.raises(BadValue), write(db):
        db.table("book").insert({"shelf": "a", "place": 1, column: value})
    assert db.table("book").count_where() == 0


@pytest.mark.parametrize("value", ["a\0b", "\ud800", 2**63, float("nan"), {1}, ["x"]], ids=_label)
@pytest.mark.parametrize("named", [True, False])
def test_it_is_refused_as_a_parameter_of_sql_too(db: Database, value: object, named: bool) -> None:
    with pytest.raises(BadValue):
        if named:
            db.query("select * from book where title = :v", {"v": value})
        else:
            db.query("select * from book where title = ?", [value])


def test_text_does_not_get_into_an_integer_column_by_sql_either(db: Database) -> None:
    with pytest.raises(BadValue), write(db):
        db.execute("insert into book (shelf, place, pages) values (?, ?, ?)", ["a", 1, "five"])


def test_a_refused_value_does_not_spoil_the_write(db: Database) -> None:
    with write(db):
        with pytest.raises(BadValue):
            db.table("shelf").insert({"id": "b", "label": "a\0b"})
        with pytest.raises(BadValue):
            db.table("shelf").insert({"id": "b", "label": "\ud800"})
        db.table("shelf").insert({"id": "b", "label": "fine"})
    assert db.table("shelf").get("b")["label"] == "fine"
