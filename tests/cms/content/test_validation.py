"""What a content type refuses, with the pointer to the fault and its code; and what it tidies."""

import json
import time
from typing import Any

import pytest

from cms.content import types, validate
from cms.content.fields import MAX_ITEMS, MAX_TEXT
from cms.errors import Invalid
from tests.builders import a_clinic, a_paragraph, a_topic, an_article, an_author

SOME_ID = "0198c0de-0000-7000-8000-000000000001"


def load(type_name: str, raw: Any) -> dict[str, Any]:
    return validate.load(types.find(type_name), raw)


def faults(type_name: str, raw: Any) -> list[tuple[str, str]]:
    """Return (pointer, code) of everything that is wrong."""
    with pytest.raises(Invalid) as caught:
        load(type_name, raw)
    return [(problem.pointer, problem.code) for problem in caught.value.problems]


def values(type_name: str, raw: Any) -> dict[str, Any]:
    """Return what the only fault tells."""
    with pytest.raises(Invalid) as caught:
        load(type_name, raw)
    [problem] = caught.value.problems
    return dict(problem.values)


def body(*blocks: Any) -> dict[str, Any]:
    return an_article(body=list(blocks))


def a_list(*items: Any) -> dict[str, Any]:
    return {"id": "l1", "type": "list", "items": list(items)}


def a_table(columns: int, *rows: int) -> dict[str, Any]:
    return {
        "id": "t1",
        "type": "table",
        "columns": [{"text": "kop"}] * columns,
        "rows": [{"cells": [{"text": "cel"}] * cells} for cells in rows],
    }


FIGURE = {"id": "f1", "type": "figure", "image": {"src": "/media/rug.svg"}, "alt": "Een rug"}
REVIEW = {"author": SOME_ID, "role": "medical", "date": "2026-03-01"}

FIELDS = [
    ("article", None, "", "not_an_object"),
    ("article", [], "", "not_an_object"),
    ("article", "een tekst", "", "not_an_object"),
    ("article", {}, "/title", "required"),
    ("article", an_article(title=None), "/title", "null"),
    ("article", an_article(title=12), "/title", "not_text"),
    ("article", an_article(title=["a"]), "/title", "not_text"),
    ("article", an_article(title=" \n "), "/title", "blank"),
    ("article", an_article(title="a" * 201), "/title", "too_long"),
    ("article", an_article(title="Rug <b>pijn</b>"), "/title", "html_in_text"),
    ("article", an_article(title="Rug\x00pijn"), "/title", "control_character"),
    ("article", an_article(title="Rug\x1bpijn"), "/title", "control_character"),
    ("article", an_article(title="Rug\x85pijn"), "/title", "control_character"),
    ("article", an_article(title="Rug\ud800pijn"), "/title", "control_character"),
    ("article", an_article(summary=None), "/summary", "null"),
    ("article", an_article(tilte="x"), "/tilte", "unknown_field"),
    ("article", an_article(**{"a/b~c": "x"}), "/a~1b~0c", "unknown_field"),
    ("article", an_article(_schema="x"), "/_schema", "unknown_field"),
    ("article", an_article(slug="Door De Rug"), "/slug", "not_a_slug"),
    ("article", an_article(slug="door--de-rug"), "/slug", "not_a_slug"),
    ("article", an_article(slug="door_de_rug"), "/slug", "not_a_slug"),
    ("article", an_article(slug="rug/pijn"), "/slug", "not_a_slug"),
    ("article", an_article(slug=SOME_ID), "/slug", "slug_like_id"),
    ("article", an_article(slug="a" * 97), "/slug", "too_long"),
    ("article", an_article(body={}), "/body", "not_a_list"),
    ("article", an_article(body="tekst"), "/body", "not_a_list"),
    ("article", an_article(body=None), "/body", "null"),
    ("article", an_article(topics="x"), "/topics", "not_a_list"),
    ("article", an_article(topics=["rug"]), "/topics/0", "not_an_entry_id"),
    ("article", an_article(topics=[SOME_ID, 3]), "/topics/1", "not_text"),
    ("article", an_article(topics=[""]), "/topics/0", "blank"),
    ("article", an_article(topics=[SOME_ID] * 201), "/topics", "too_many"),
    ("article", an_article(reviewers=[{**REVIEW, "role": "boss"}]), "/reviewers/0/role", "not_a_choice"),
    ("article", an_article(reviewers=[{**REVIEW, "date": "gisteren"}]), "/reviewers/0/date", "not_a_day"),
    ("article", an_article(reviewers=[{**REVIEW, "date": ""}]), "/reviewers/0/date", "blank"),
    ("article", an_article(reviewers=["iemand"]), "/reviewers/0", "not_an_object"),
    ("article", an_article(last_reviewed="2026-02-30"), "/last_reviewed", "not_a_day"),
    ("article", an_article(last_reviewed="20260301"), "/last_reviewed", "not_a_day"),
    ("article", an_article(last_reviewed="٢٠٢٦-٠٣-٠١"), "/last_reviewed", "not_a_day"),
    ("article", an_article(audience=["adults", "cats"]), "/audience/1", "not_a_choice"),
    ("article", an_article(references=[{"url": "https://a.nl"}]), "/references/0/title", "required"),
    ("article", an_article(references=[{"title": "x", "url": "ftp://a.nl"}]), "/references/0/url", "not_a_link"),
    ("article", an_article(seo="x"), "/seo", "not_an_object"),
    ("article", an_article(seo={"titel": "x"}), "/seo/titel", "unknown_field"),
    ("article", an_article(licence={"url": "https://a.nl"}), "/licence/name", "required"),
    ("author", an_author(example="yes"), "/example", "not_true_or_false"),
    ("author", an_author(example=1), "/example", "not_true_or_false"),
    ("author", an_author(languages=["nederlands"]), "/languages/0", "not_a_language_tag"),
    ("author", an_author(languages=["NL_be"]), "/languages/0", "not_a_language_tag"),
    ("author", an_author(bio="a" * 5_001), "/bio", "too_long"),
    ("author", an_author(photo={"src": "x", "width": 1}), "/photo/src", "not_a_link"),
    ("author", an_author(photo={"src": "/m.jpg", "width": 0}), "/photo/width", "out_of_range"),
    ("author", an_author(photo={"src": "/m.jpg", "width": 2.5}), "/photo/width", "not_a_whole_number"),
    ("author", an_author(photo={"src": "/m.jpg", "width": True}), "/photo/width", "not_a_whole_number"),
    ("author", an_author(photo={"src": "/m.jpg", "width": 10**400}), "/photo/width", "out_of_range"),
    ("author", an_author(specialisms=["rug"]), "/specialisms/0", "not_an_object"),
    ("author", an_author(specialisms=[{}]), "/specialisms/0/text", "required"),
    ("clinic", a_clinic(phones=["bel ons"]), "/phones/0", "not_a_phone"),
    ("clinic", a_clinic(phones=["0299-653499"]), "/phones/0", "not_a_phone"),
    ("clinic", a_clinic(phones=[""]), "/phones/0", "not_a_phone"),
    ("clinic", a_clinic(phones=["١١٢"]), "/phones/0", "not_a_phone"),
    ("clinic", a_clinic(email="info at a.nl"), "/email", "not_an_email"),
    ("clinic", a_clinic(email="info@localhost"), "/email", "not_an_email"),
    ("clinic", a_clinic(website="javascript:alert(1)"), "/website", "not_a_link"),
    ("clinic", a_clinic(website="/binnen"), "/website", "not_a_link"),
    ("clinic", a_clinic(website="http://[::1"), "/website", "not_a_link"),
    ("clinic", a_clinic(website="https://a.nl/x y"), "/website", "not_a_link"),
    ("clinic", a_clinic(opening_hours=[{"days": [], "opens": "08:00", "closes": "17:00"}]),
     "/opening_hours/0/days", "too_few"),
    ("clinic", a_clinic(opening_hours=[{"days": ["mon"], "opens": "8:00", "closes": "17:00"}]),
     "/opening_hours/0/opens", "not_an_hour"),
    ("clinic", a_clinic(opening_hours=[{"days": ["mon"], "opens": "08:00", "closes": "24:00"}]),
     "/opening_hours/0/closes", "not_an_hour"),
    ("clinic", a_clinic(opening_hours=[{"days": ["mon"], "opens": "0٨:00", "closes": "17:00"}]),
     "/opening_hours/0/opens", "not_an_hour"),
    ("clinic", a_clinic(networks=["RugNetwerk", " "]), "/networks/1", "blank"),
    ("topic", a_topic(codes=[{"system": "DSM", "code": "x"}]), "/codes/0/system", "not_a_choice"),
]  # fmt: skip

BLOCKS = [
    (["tekst"], "/body/0", "not_an_object"),
    ([None], "/body/0", "not_an_object"),
    ([{"id": "b1"}], "/body/0/type", "not_a_choice"),
    ([{"type": "video"}], "/body/0/type", "not_a_choice"),
    ([{"type": ["paragraph"]}], "/body/0/type", "not_a_choice"),
    ([{"type": {}}], "/body/0/type", "not_a_choice"),
    ([a_paragraph(), {"type": "paragraph"}], "/body/1/text", "required"),
    ([a_paragraph(" ")], "/body/0/text", "blank"),
    ([a_paragraph("a" * (MAX_TEXT + 1))], "/body/0/text", "too_long"),
    ([a_paragraph("a\x07b")], "/body/0/text", "control_character"),
    ([a_paragraph("\udfff")], "/body/0/text", "control_character"),
    ([a_paragraph(id="B1")], "/body/0/id", "not_an_id"),
    ([a_paragraph(id="-b")], "/body/0/id", "not_an_id"),
    ([a_paragraph(id="b.1")], "/body/0/id", "not_an_id"),
    ([a_paragraph(id="b" * 65)], "/body/0/id", "too_long"),
    ([a_paragraph(id=7)], "/body/0/id", "not_text"),
    ([a_paragraph(aspect="Danger")], "/body/0/aspect", "not_a_choice"),
    ([a_paragraph(urgency="soon")], "/body/0/urgency", "not_a_choice"),
    ([a_paragraph(critical="true")], "/body/0/critical", "not_true_or_false"),
    ([{"type": "heading", "text": "x"}], "/body/0/level", "required"),
    ([{"type": "heading", "text": "x", "level": 1}], "/body/0/level", "out_of_range"),
    ([{"type": "heading", "text": "x", "level": "2"}], "/body/0/level", "not_a_whole_number"),
    ([{"type": "heading", "text": "x" * 301, "level": 2}], "/body/0/text", "too_long"),
    ([{"type": "list"}], "/body/0/items", "required"),
    ([a_list()], "/body/0/items", "too_few"),
    ([a_list({"text": "a"}, {"text": ""})], "/body/0/items/1/text", "blank"),
    ([a_list({"tekst": "a", "text": "a"})], "/body/0/items/0/tekst", "unknown_field"),
    ([a_list(*[{"text": "a"}] * (MAX_ITEMS + 1))], "/body/0/items", "too_many"),
    ([{**a_list({"text": "a"}), "ordered": 1}], "/body/0/ordered", "not_true_or_false"),
    ([{"type": "steps", "items": [{"title": "x"}]}], "/body/0/items/0/text", "required"),
    ([{"type": "callout", "title": "x"}], "/body/0/body", "required"),
    ([{"type": "callout", "body": []}], "/body/0/body", "too_few"),
    ([{"type": "callout", "body": [{"type": "heading", "level": 2, "text": "x"}]}],
     "/body/0/body/0/type", "not_a_choice"),
    ([{"type": "callout", "body": [a_paragraph(), a_paragraph("", "b2")]}], "/body/0/body/1/text", "blank"),
    ([{**FIGURE, "alt": ""}], "/body/0/alt", "blank"),
    ([{**FIGURE, "image": {}}], "/body/0/image/src", "required"),
    ([{**FIGURE, "image": "x"}], "/body/0/image", "not_an_object"),
    ([{**FIGURE, "image": {"src": "//evil.example/x"}}], "/body/0/image/src", "not_a_link"),
    ([{"type": "faq", "items": [{"question": "Mag ik fietsen?"}]}], "/body/0/items/0/answer", "required"),
    ([{"type": "faq", "items": [{"question": "Ja?", "answer": [a_paragraph("")]}]}],
     "/body/0/items/0/answer/0/text", "blank"),
    ([a_table(2, 2, 1)], "/body/0/rows/1/cells", "uneven_row"),
    ([a_table(51, 1)], "/body/0/columns", "too_many"),
    ([a_table(0, 1)], "/body/0/columns", "too_few"),
    ([{"type": "quote", "cite": "x"}], "/body/0/text", "required"),
    ([{"type": "contact", "clinic": "Waterland"}], "/body/0/clinic", "not_an_entry_id"),
    ([a_paragraph(), a_paragraph()], "/body/1/id", "duplicate_id"),
    ([a_paragraph(id="x"), a_list({"id": "x", "text": "a"})], "/body/1/items/0/id", "duplicate_id"),
]  # fmt: skip


@pytest.mark.parametrize(("type_name", "raw", "pointer", "code"), FIELDS)
def test_a_fault_in_a_field_is_named_with_its_pointer_and_code(
    type_name: str, raw: Any, pointer: str, code: str
) -> None:
    assert faults(type_name, raw) == [(pointer, code)]


@pytest.mark.parametrize(("blocks", "pointer", "code"), BLOCKS)
def test_a_fault_in_a_block_is_named_with_its_pointer_and_code(blocks: list[Any], pointer: str, code: str) -> None:
    assert faults("article", an_article(body=blocks)) == [(pointer, code)]


def test_all_faults_are_named_at_once() -> None:
    raw = an_article(title="", summary=3, body=[a_paragraph(""), {"type": "x"}])
    assert sorted(faults("article", raw)) == [
        ("/body/0/text", "blank"),
        ("/body/1/type", "not_a_choice"),
        ("/summary", "not_text"),
        ("/title", "blank"),
    ]


@pytest.mark.parametrize(
    ("raw", "near"),
    [
        (an_article(tilte="x"), ["title"]),
        (an_article(qqqq="x"), []),
        (an_article(seo={"titel": "x"}), ["title"]),
        (an_article(reviewers=[{**REVIEW, "dates": "x"}]), ["date"]),
        (body(a_paragraph(txt="x")), ["text"]),
        (body({**FIGURE, "captoin": "x"}), ["caption"]),
        (body({**FIGURE, "image": {"src": "/m.svg", "widht": 1}}), ["width"]),
        (body(a_list({"text": "a", "txt": "x"})), ["text"]),
        (body({"type": "callout", "body": [a_paragraph(txt="x")]}), ["text"]),
        (body({"type": "faq", "items": [{"question": "?", "answer": [a_paragraph()], "anwser": 1}]}), ["answer"]),
    ],
)
def test_an_unknown_field_comes_with_the_name_that_was_meant(raw: Any, near: list[str]) -> None:
    assert values("article", raw)["did_you_mean"] == near


def test_a_language_tag_in_another_spelling_comes_with_the_right_one() -> None:
    assert values("author", an_author(languages=["NL_be"])) == {"value": "NL_be", "suggestion": "nl-BE"}


def test_a_duplicate_id_comes_with_the_place_of_the_first() -> None:
    assert values("article", body(a_paragraph(), a_paragraph())) == {"id": "b1", "first": "/body/0/id"}


def test_an_id_that_was_given_is_kept() -> None:
    raw = body(a_paragraph(id="eerste"), a_list({"id": "punt-1", "text": "a"}))
    assert load("article", raw)["body"] == [
        a_paragraph(id="eerste"),
        {"id": "l1", "type": "list", "ordered": False, "items": [{"id": "punt-1", "text": "a"}]},
    ]


def test_whatever_comes_without_an_id_gets_one_of_its_own() -> None:
    raw = body(
        {"type": "paragraph", "text": "a"}, {"type": "list", "items": [{"text": "b"}, {"text": "c"}]}, a_table(1, 1)
    )
    paragraph, listed, table = load("article", raw)["body"]
    ids = [paragraph["id"], listed["id"], *(item["id"] for item in listed["items"]), table["id"]]
    ids += [table["columns"][0]["id"], table["rows"][0]["id"], table["rows"][0]["cells"][0]["id"]]
    assert (len(set(ids)), all(ids)) == (8, True)


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("  Rugpijn \n", "Rugpijn"),
        ("Rug\r\npijn\rhier", "Rug\npijn\nhier"),
        ("Cafe\u0301", "Café"),
        ("5 < 6 en 7 > 3", "5 < 6 en 7 > 3"),
        ("👩🏽‍⚕️ رعاية 脊椎", "👩🏽‍⚕️ رعاية 脊椎"),
    ],
)
def test_text_is_tidied_and_otherwise_left_alone(raw: str, kept: str) -> None:
    assert load("article", an_article(title=raw))["title"] == kept


@pytest.mark.parametrize(
    ("given", "kept"),
    [("+31 (0)299 65 34 99", "+31299653499"), ("+31299653499", "+31299653499"), ("112", "112"), ("0031", "0031")],
)
def test_a_telephone_number_is_kept_in_one_form(given: str, kept: str) -> None:
    assert load("clinic", a_clinic(phones=[given]))["phones"] == [kept]


@pytest.mark.parametrize("slug", ["door-je-rug-gaan", "ألم-الظهر", "腰痛", "covid-19", "é"])
def test_a_slug_may_be_in_any_script(slug: str) -> None:
    assert load("article", an_article(slug=slug))["slug"] == slug


def test_a_text_of_the_greatest_length_is_taken() -> None:
    assert len(load("article", body(a_paragraph("a" * MAX_TEXT)))["body"][0]["text"]) == MAX_TEXT


@pytest.mark.parametrize("text", ["<" * 20_000, "<a" * 10_000, "<a" * 10_000 + ">", "a" * 20_000])
def test_a_hostile_text_is_judged_quickly(text: str) -> None:
    started = time.monotonic()
    faults("article", an_article(summary=text))
    assert time.monotonic() - started < 1


@pytest.mark.parametrize("place", ["title", "body", "seo", "topics", "surprise"])
def test_a_value_nested_without_end_is_refused(place: str) -> None:
    deep = json.loads("[" * 900 + "]" * 900)
    assert {pointer for pointer, _ in faults("article", an_article(**{place: deep}))} == {
        f"/{place}" if place not in ("body", "topics") else f"/{place}/0"
    }


@pytest.mark.parametrize("depth", [900, 980, 1_020])
def test_a_type_nested_without_end_is_refused(depth: int) -> None:
    deep: list[Any] = []
    for _ in range(depth):
        deep = [deep]
    assert faults("article", body({"type": deep})) == [("/body/0/type", "not_a_choice")]


def test_the_fault_of_a_long_value_does_not_repeat_all_of_it() -> None:
    assert len(str(values("article", body({"type": "x" * 100_000})))) < 1_000
