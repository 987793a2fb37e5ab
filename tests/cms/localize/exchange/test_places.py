"""What a translator is told of a segment: its kind, its place, how urgent it is."""

from typing import Any

import pytest

from cms.content import types
from cms.localize.exchange.places import place
from cms.localize.exchange.units import values
from tests.cms.localize.exchange.rich import body

CONTENT: dict[str, Any] = {
    "title": "Door je rug gaan",
    "body": [
        *body(),
        {"id": "b4", "type": "steps", "items": [{"id": "s1", "title": "Eerst", "text": "Ga liggen."}]},
        {
            "id": "b5",
            "type": "table",
            "columns": [{"id": "c1", "text": "Dag"}, {"id": "c2", "text": "Uur"}],
            "rows": [{"id": "r1", "cells": [{"id": "k1", "text": "ma"}, {"id": "k2", "text": "9"}]}],
        },
        {
            "id": "b6",
            "type": "faq",
            "items": [
                {"id": "q1", "question": "Mag ik?", "answer": [{"id": "a1", "type": "paragraph", "text": "Ja."}]}
            ],
        },
        {"id": "b7", "type": "quote", "text": "Au.", "cite": "Jos"},
        {"id": "b8", "type": "paragraph", "text": "Let op.", "critical": True},
    ],
    "images": [{"id": "i1", "src": "/media/a.png", "alt": "Een rug"}],
    "seo": {"title": "Rug"},
}
HEAD = "under “Wat kun je doen?”"


@pytest.mark.parametrize(
    ("path", "kind", "where", "urgency"),
    [
        ("title", "title", "", ""),
        ("body.b1.text", "heading", "", ""),
        ("body.b2.items.b2b.text", "list item", f"item 2 of 2 in numbered list 2 of 8 in body; {HEAD}", ""),
        ("body.b3.title", "title of a callout", HEAD, "callout, emergency: critical"),
        (
            "body.b3.body.b3a.text",
            "paragraph",
            f"block 1 of 1 in callout “Bel 112”; {HEAD}",
            "callout, emergency: critical",
        ),
        ("body.b4.items.s1.title", "title of a step", f"item 1 of 1 in steps 4 of 8 in body; {HEAD}", ""),
        ("body.b4.items.s1.text", "step", f"item 1 of 1 in steps 4 of 8 in body; {HEAD}", ""),
        ("body.b5.columns.c2.text", "head of a table column", f"column 2 of 2 in table 5 of 8 in body; {HEAD}", ""),
        (
            "body.b5.rows.r1.cells.k1.text",
            "table cell",
            f"column 1 of 2, row 1 of 1 in table 5 of 8 in body; {HEAD}",
            "",
        ),
        ("body.b6.items.q1.question", "question", f"item 1 of 1 in faq 6 of 8 in body; {HEAD}", ""),
        (
            "body.b6.items.q1.answer.a1.text",
            "paragraph",
            f"block 1 of 1, item 1 of 1 in faq 6 of 8 in body; {HEAD}",
            "",
        ),
        ("body.b7.cite", "source of a quotation", HEAD, ""),
        ("body.b8.text", "paragraph", HEAD, "critical"),
        ("images.i1.alt", "text alternative of a picture", "", ""),
        ("seo.title", "title for search engines", "", ""),
    ],
)
def test_a_segment_is_described(path: str, kind: str, where: str, urgency: str) -> None:
    notes = {"kind": kind, "place": where, "urgency": urgency}
    found = place(CONTENT, path)
    assert found.kind == kind
    assert dict(found.notes) == {name: text for name, text in notes.items() if text}


def test_every_segment_of_every_type_has_a_place() -> None:
    for path in values(types.find("article"), CONTENT):
        assert place(CONTENT, path).kind
