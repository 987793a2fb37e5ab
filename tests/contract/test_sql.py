"""One SQL serves both engines, as far as Tolk uses it."""

from typing import Any

import pytest

from cms.errors import StoreError
from cms.store import Database, write


@pytest.fixture
def words(db: Database) -> Database:
    with write(db):
        db.table("word").create({"id": int, "text": str, "n": int}, pk="id")
        for number, (text, n) in enumerate([("é", 1), ("Z", None), ("a", 3), ("ä", 2), ("_", None), ("z", 0)]):
            db.table("word").insert({"id": number, "text": text, "n": n})
    return db


def _texts(db: Database, sql: str, params: Any = ()) -> list[str]:
    return [row["text"] for row in db.query(sql, params)]


def test_text_is_ordered_by_its_bytes(words: Database) -> None:
    assert _texts(words, "select text from word order by text") == ["Z", "_", "a", "z", "ä", "é"]
    assert _texts(words, "select text from word where text < ? order by text", ["a"]) == ["Z", "_"]


def test_text_is_compared_with_its_case(words: Database) -> None:
    assert words.table("word").count_where("text = ?", ["A"]) == 0
    assert words.table("word").count_where("text = ?", ["a"]) == 1


def test_nulls_come_where_the_query_puts_them(words: Database) -> None:
    first = _texts(words, "select text from word order by n nulls first, text")
    assert first == ["Z", "_", "z", "é", "ä", "a"]
    last = _texts(words, "select text from word order by n desc nulls last, text")
    assert last == ["a", "ä", "é", "z", "Z", "_"]


def test_nothing_is_in_an_empty_list(words: Database) -> None:
    assert _texts(words, "select text from word where text in ()") == []
    assert _texts(words, "select text from word where n IN ( )") == []
    assert len(_texts(words, "select text from word where text not in () and n is null")) == 2
    assert words.table("word").count_where("n not in ()") == 6


def test_percent_signs_question_marks_and_colons_in_quoted_text_are_left_alone(words: Database) -> None:
    sql = """select '100% ? :x %s it''s' as "a?b:c%d", ? as e -- ? :y %
             /* :z ? % */"""
    assert list(words.query(sql, ["%(f)s"])) == [{"a?b:c%d": "100% ? :x %s it's", "e": "%(f)s"}]


def test_a_remainder_is_taken(words: Database) -> None:
    assert _texts(words, "select text from word where id % ? = 1 order by id", [3]) == ["Z", "_"]


def test_a_name_may_be_used_twice(words: Database) -> None:
    found = _texts(words, "select text from word where n = :n or id = :n order by id", {"n": 2, "more": 1})
    assert found == ["a", "ä"]


@pytest.mark.parametrize(("params"), [[], [1, 2], {"x": 1}])
def test_the_wrong_parameters_are_refused(words: Database, params: Any) -> None:
    with pytest.raises((StoreError, TypeError)):
        words.query("select text from word where id = ?", params)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [("count(*)", 6), ("sum(n)", 6), ("avg(n)", 1.5), ("min(n)", 0), ("max(id)", 5), ("sum(n) is null", 0)],
)
def test_sums_and_truths_are_plain_numbers(words: Database, expression: str, expected: object) -> None:
    (row,) = words.query(f"select {expression} as found from word")
    assert (row["found"], type(row["found"])) == (expected, type(expected))


def test_rows_of_an_execution_are_tuples_and_are_counted(words: Database) -> None:
    cursor = words.execute("select id, text from word where id < ? order by id", [2])
    assert (cursor.fetchone(), cursor.fetchall(), cursor.fetchone()) == ((0, "é"), [(1, "Z")], None)
    with write(words):
        assert words.execute("update word set n = 5 where n is null").rowcount == 2


def test_a_query_gives_the_rows_that_a_change_returns(words: Database) -> None:
    with write(words):
        found = words.query("delete from word where n > ? returning text", [1])
    assert sorted(row["text"] for row in found) == ["a", "ä"]


def test_a_query_that_gives_no_rows_is_refused_and_undone(words: Database) -> None:
    with pytest.raises(StoreError), write(words):
        words.query("delete from word")
    assert words.table("word").count_where() == 6


def test_rows_are_fetched_before_the_next_statement(words: Database) -> None:
    rows = words.query("select id from word order by id")
    with write(words):
        words.table("word").delete_where()
    assert [row["id"] for row in rows] == [0, 1, 2, 3, 4, 5]


def test_recursion_windows_and_row_values_work(words: Database) -> None:
    (row,) = words.query(
        "with recursive up(n) as (select 1 union all select n + 1 from up where n < ?) select sum(n) as s from up",
        [4],
    )
    assert row == {"s": 10}
    ranked = words.query("select text, row_number() over (order by text) as place from word order by place limit 1")
    assert list(ranked) == [{"text": "Z", "place": 1}]
    after = _texts(words, "select text from word where (text, id) > (?, ?) order by text, id", ["z", 5])
    assert after == ["ä", "é"]


@pytest.mark.parametrize("sql", ["selec 1", "select nothing from word", "select lowercase('x')"])
def test_wrong_sql_is_a_store_error(words: Database, sql: str) -> None:
    with pytest.raises(StoreError):
        words.query(sql)
