"""Content paths name values by ids, never by places."""

from typing import Any

from cms.content import types, validate, walk
from tests.builders import a_clinic, a_paragraph, an_article, an_author

FULL = [
    {"id": "h1", "type": "heading", "level": 2, "text": "Kop"},
    a_paragraph("Tekst", "p1"),
    {"id": "l1", "type": "list", "items": [{"id": "l1a", "text": "een"}, {"id": "l1b", "text": "twee"}]},
    {"id": "c1", "type": "callout", "title": "Let op", "urgency": "emergency", "body": [a_paragraph("Bel 112", "c1p")]},
    {
        "id": "f1",
        "type": "faq",
        "items": [{"id": "f1a", "question": "Mag ik?", "answer": [a_paragraph("Ja", "f1b")]}],
    },
    {
        "id": "t1",
        "type": "table",
        "columns": [{"id": "k1", "text": "Dag"}],
        "rows": [{"id": "r1", "cells": [{"id": "e1", "text": "Maandag"}]}],
    },
]


def leaves(type_name: str, content: dict[str, Any]) -> list[walk.Leaf]:
    kind = types.find(type_name)
    return list(walk.leaves(kind.schema, validate.load(kind, content)))


def paths(type_name: str, content: dict[str, Any]) -> dict[str, Any]:
    return {leaf.path: leaf.value for leaf in leaves(type_name, content)}


def texts(content: dict[str, Any]) -> dict[str, str]:
    return {
        path: value
        for path, value in paths("article", content).items()
        if path.endswith((".text", ".title", ".question"))
    }


def test_a_path_goes_from_id_to_id() -> None:
    assert texts(an_article(body=FULL)) == {
        "body.h1.text": "Kop",
        "body.p1.text": "Tekst",
        "body.l1.items.l1a.text": "een",
        "body.l1.items.l1b.text": "twee",
        "body.c1.title": "Let op",
        "body.c1.body.c1p.text": "Bel 112",
        "body.f1.items.f1a.question": "Mag ik?",
        "body.f1.items.f1a.answer.f1b.text": "Ja",
        "body.t1.columns.k1.text": "Dag",
        "body.t1.rows.r1.cells.e1.text": "Maandag",
    }


def test_moving_blocks_and_items_changes_no_path() -> None:
    moved = [dict(block) for block in reversed(FULL)]
    moved[3] = {**moved[3], "items": list(reversed(FULL[2]["items"]))}
    assert texts(an_article(body=moved)) == texts(an_article(body=FULL))


def test_a_leaf_knows_the_place_that_it_has_in_the_json() -> None:
    found = {leaf.path: leaf.pointer for leaf in leaves("article", an_article(body=FULL))}
    assert found["body.f1.items.f1a.answer.f1b.text"] == "/body/4/items/0/answer/0/text"


def test_a_leaf_knows_the_top_level_block_around_it() -> None:
    around = {leaf.path: leaf.block and leaf.block["id"] for leaf in leaves("article", an_article(body=FULL))}
    assert (around["title"], around["body.c1.body.c1p.text"], around["body.f1.items.f1a.answer.f1b.text"]) == (
        None,
        "c1",
        "f1",
    )


def test_objects_and_lists_outside_the_body_are_walked_too() -> None:
    author = an_author(
        specialisms=[{"id": "s1", "text": "rug"}], photo={"src": "/m.svg", "alt": "Jos"}, languages=["nl"]
    )
    assert {name: value for name, value in paths("author", author).items() if not name.endswith(".id")} == {
        "name": "Jos Kooistra",
        "specialisms.s1.text": "rug",
        "photo.src": "/m.svg",
        "photo.alt": "Jos",
        "languages.0": "nl",
    }


def test_what_is_empty_is_passed_over() -> None:
    assert paths("clinic", a_clinic(phones=[], addresses=[])) == {"name": "Fysiogroep Waterland"}
