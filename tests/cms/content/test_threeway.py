"""Two changes of the same content go together, and what both changed is asked."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.content.threeway import Divided, merge

BASE = {
    "title": "Nek",
    "topics": ["a", "b"],
    "body": [{"id": "1", "text": "een"}, {"id": "2", "text": "twee"}, {"id": "3", "text": "drie"}],
}


def changed(**fields: Any) -> dict[str, Any]:
    return {**BASE, **fields}


def body(*items: str) -> list[dict[str, str]]:
    """Return a body: `2` is the item of the base, `2:anders` another text under its id."""
    known = {item["id"]: item["text"] for item in BASE["body"]}  # type: ignore[index]
    return [{"id": id, "text": text or known[id]} for id, _, text in (item.partition(":") for item in items)]


@pytest.mark.parametrize(
    ("theirs", "yours", "expected"),
    [
        ({"title": "Hun"}, {"summary": "Mijn"}, {"title": "Hun", "summary": "Mijn"}),
        ({"body": body("1", "2:hun", "3")}, {"body": body("1:mijn", "2", "3")}, {"body": body("1:mijn", "2:hun", "3")}),
        ({"body": body("1", "3")}, {"body": body("3", "2", "1")}, {"body": body("3", "1")}),
        (
            {"body": body("1", "4:nieuw", "2", "3")},
            {"body": body("1", "2", "3", "5:ook")},
            {"body": body("1", "4:nieuw", "2", "3", "5:ook")},
        ),
        ({"topics": ["a", "b", "c"]}, {"topics": ["b", "d"]}, {"topics": ["b", "c", "d"]}),
        ({"title": "Gelijk"}, {"title": "Gelijk"}, {"title": "Gelijk"}),
    ],
)
def test_what_only_one_changed_is_taken(
    theirs: dict[str, Any], yours: dict[str, Any], expected: dict[str, Any]
) -> None:
    merged = merge(BASE, changed(**theirs), changed(**yours))
    assert merged.divided == ()
    assert merged.content == changed(**expected)


def test_what_both_changed_is_asked_and_chosen() -> None:
    theirs, yours = changed(body=body("1:hun", "2", "3")), changed(body=body("1:mijn", "2", "3"))
    merged = merge(BASE, theirs, yours)
    assert merged.divided == (Divided("body.1.text", "een", "hun", "mijn"),)
    assert merged.content == yours
    assert merge(BASE, theirs, yours, {"body.1.text": "theirs"}).content == theirs
    assert merge(BASE, theirs, yours, {"body.1.text": "base"}).content == BASE


def test_what_one_took_away_and_the_other_changed_is_asked() -> None:
    theirs, yours = changed(body=body("2", "3")), changed(body=body("1:mijn", "2", "3"))
    merged = merge(BASE, theirs, yours)
    assert [each.path for each in merged.divided] == ["body.1"]
    assert merged.content == yours
    assert merge(BASE, theirs, yours, {"body.1": "theirs"}).content == theirs


CONTENT = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from("xyz"),
        "topics": st.lists(st.sampled_from("abc"), unique=True),
        "body": st.lists(
            st.fixed_dictionaries({"id": st.sampled_from("1234"), "text": st.sampled_from("pq")}),
            unique_by=lambda item: item["id"],
        ),
    },
)


@given(base=CONTENT, other=CONTENT)
def test_who_changed_nothing_gets_what_the_other_made(base: dict[str, Any], other: dict[str, Any]) -> None:
    assert merge(base, other, base).content == other
    assert merge(base, base, other).content == other


@given(base=CONTENT, theirs=CONTENT, yours=CONTENT)
def test_nothing_that_anybody_wrote_is_lost_without_asking(
    base: dict[str, Any], theirs: dict[str, Any], yours: dict[str, Any]
) -> None:
    merged = merge(base, theirs, yours)
    asked = {each.path for each in merged.divided}
    made = {item["id"]: item["text"] for item in merged.content.get("body", [])}
    was = {item["id"]: item["text"] for item in base.get("body", [])}
    for side in (theirs, yours):
        for item in side.get("body", []):
            is_new = was.get(item["id"]) != item["text"]
            divided = {"body", f"body.{item['id']}", f"body.{item['id']}.text"} & asked
            assert not is_new or divided or made.get(item["id"]) == item["text"]
