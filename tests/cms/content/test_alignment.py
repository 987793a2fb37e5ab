"""A text that is imported again keeps the ids of what it still says."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms.content.alignment import align

Thing = dict[str, Any]
STAY = "Blijf in beweging zolang dat lukt."
REST = "Rust zo kort als het kan."
CALL = "Bel de huisarts als uw been verlamd raakt."


def old(*texts: str) -> list[Thing]:
    return [{"id": f"b{index}", "type": "paragraph", "text": text} for index, text in enumerate(texts, 1)]


def new(*texts: str) -> list[Thing]:
    return [{"type": "paragraph", "text": text} for text in texts]


def ids(things: list[Thing]) -> list[str | None]:
    return [thing.get("id") for thing in things]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([STAY, REST, CALL], [STAY, REST, CALL], ["b1", "b2", "b3"]),
        ([STAY, REST, CALL], [CALL, STAY, REST], ["b3", "b1", "b2"]),
        ([STAY, REST, CALL], [STAY, CALL], ["b1", "b3"]),
        ([STAY, CALL], [STAY, REST, CALL], ["b1", None, "b2"]),
        ([STAY, REST, CALL], [STAY, "Rust zo kort als u kunt.", CALL], ["b1", "b2", "b3"]),
        ([STAY, REST, CALL], [CALL, "Blijf in beweging zolang het lukt.", REST], ["b3", None, "b2"]),
        ([STAY, STAY], [STAY, STAY], ["b1", "b2"]),
        ([STAY], [STAY, STAY], ["b1", None]),
        ([STAY, STAY], [STAY], ["b1"]),
        ([], [STAY], [None]),
        ([STAY], [], []),
        ([STAY], [CALL], [None]),
        (
            ["Bewegen is gezond en helpt je om sneller te herstellen van klachten."],
            ["Ga naar de huisarts als de pijn langer dan zes weken duurt."],
            [None],
        ),
        (["Wat is rugpijn?"], ["Wat is lage rugpijn?"], ["b1"]),
        (["Oefeningen"], ["Oefening"], ["b1"]),
    ],
)
def test_a_text_keeps_its_id_where_it_moved_and_an_edited_one_where_it_stands(
    before: list[str], after: list[str], expected: list[str | None]
) -> None:
    assert ids(align(old(*before), new(*after))) == expected


def test_a_block_of_another_kind_does_not_continue_one() -> None:
    assert ids(align(old(STAY), [{"type": "quote", "text": STAY + "!"}])) == [None]


def test_items_of_a_list_keep_their_ids_when_the_list_changes() -> None:
    before = [{"id": "l1", "type": "list", "ordered": True, "items": [
        {"id": "i1", "text": STAY}, {"id": "i2", "text": REST}, {"id": "i3", "text": CALL}]}]  # fmt: skip
    after = [{"type": "list", "ordered": True, "items": [
        {"text": CALL}, {"text": STAY}, {"text": REST}, {"text": "Slaap genoeg."}]}]  # fmt: skip
    [found] = align(before, after)
    assert (found["id"], ids(found["items"])) == ("l1", ["i3", "i1", "i2", None])


def test_what_is_nested_in_an_answer_keeps_its_id() -> None:
    def faq(question: str, answer: str, **given: str) -> Thing:
        inner = {"type": "paragraph", "text": answer} | ({"id": "f3"} if given else {})
        item = {"question": question, "answer": [inner]} | ({"id": "f2"} if given else {})
        return {"type": "faq", "items": [item]} | ({"id": "f1"} if given else {})

    [found] = align([faq("Mag ik fietsen?", STAY, ids="yes")], [faq("Mag ik wel fietsen?", STAY)])
    [item] = found["items"]
    assert (found["id"], item["id"], item["answer"][0]["id"]) == ("f1", "f2", "f3")


def test_the_new_text_is_what_is_kept() -> None:
    after = new("Rust zo kort als u kunt.")
    assert align(old(REST), after) == [{**after[0], "id": "b1"}]


def test_nothing_that_was_given_is_changed() -> None:
    before, after = old(STAY, REST), new(REST, STAY)
    align(before, after)
    assert (before, after) == (old(STAY, REST), new(REST, STAY))


def test_very_long_texts_are_aligned_quickly() -> None:
    long = [f"{number} " + "a b " * 4_000 for number in range(6)]
    assert ids(align(old(*long), new(*(text + "!" for text in long)))) == ["b1", "b2", "b3", "b4", "b5", "b6"]


TEXTS = st.lists(st.sampled_from([STAY, REST, CALL, STAY + " Echt.", "Rust.", "Bel 112.", "a", "b"]), max_size=8)


@settings(max_examples=150, deadline=None)
@given(before=TEXTS, after=TEXTS)
def test_an_id_is_given_once_and_to_a_text_that_is_there(before: list[str], after: list[str]) -> None:
    found = align(old(*before), new(*after))
    given_ids = [found_id for found_id in ids(found) if found_id]
    assert len(given_ids) == len(set(given_ids))
    assert [thing["text"] for thing in found] == after


@settings(max_examples=150, deadline=None)
@given(before=TEXTS, after=TEXTS)
def test_as_many_copies_of_a_text_keep_an_id_of_that_text_as_there_were(before: list[str], after: list[str]) -> None:
    was = {thing["id"]: thing["text"] for thing in old(*before)}
    found = align(old(*before), new(*after))
    for text in set(before) & set(after):
        kept = [thing for thing in found if thing["text"] == text and was.get(thing.get("id", "")) == text]
        assert len(kept) == min(before.count(text), after.count(text))
