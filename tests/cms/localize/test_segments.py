"""Content is cut into segments, each known by the hash of its source text."""

import hashlib
from typing import Any

import pytest

from cms.content import types, validate
from cms.content.types import Type
from cms.localize.segments import Segment, cut, source_hash
from tests.builders import a_paragraph, an_article, an_author

ARTICLE = types.find("article")


def segments(kind: Type, content: dict[str, Any]) -> list[Segment]:
    return cut(kind, validate.load(kind, content))


def test_a_hash_is_the_sha256_of_the_text() -> None:
    assert source_hash("Rug é") == hashlib.sha256("Rug é".encode()).hexdigest()


def test_segments_stand_in_reading_order_and_know_their_block() -> None:
    content = an_article(summary="Kort.", body=[a_paragraph("een", "b1"), a_paragraph("twee", "b2")])
    assert [(segment.path, segment.source, segment.block) for segment in segments(ARTICLE, content)] == [
        ("title", "Door je rug gaan", ""),
        ("summary", "Kort.", ""),
        ("body.b1.text", "een", "b1"),
        ("body.b2.text", "twee", "b2"),
    ]


def test_what_is_not_translated_is_no_segment() -> None:
    author = an_author(job_title="Fysio", languages=["nl"], credentials=[{"kind": "BIG", "number": "1", "title": "x"}])
    assert [segment.path for segment in segments(types.find("author"), author)] == ["job_title"]


def test_an_empty_text_is_no_segment() -> None:
    assert [segment.path for segment in segments(ARTICLE, an_article(summary="", body=[]))] == ["title"]


def nested(**marks: Any) -> dict[str, Any]:
    return a_paragraph("Bel 112.", "n1", **marks)


@pytest.mark.parametrize(
    ("block", "critical"),
    [
        (a_paragraph(), False),
        (a_paragraph(urgency="none"), False),
        (a_paragraph(critical=False), False),
        (a_paragraph(critical=True), True),
        (a_paragraph(urgency="see_gp"), True),
        (a_paragraph(urgency="urgent_today"), True),
        (a_paragraph(urgency="emergency"), True),
        ({"id": "c", "type": "callout", "urgency": "emergency", "body": [nested()]}, True),
        ({"id": "c", "type": "callout", "body": [nested()]}, False),
        ({"id": "c", "type": "callout", "body": [nested(urgency="emergency")]}, True),
        ({"id": "c", "type": "callout", "body": [nested(critical=True)]}, True),
        ({"id": "f", "type": "faq", "items": [{"question": "?", "answer": [nested(critical=True)]}]}, True),
    ],
)
def test_advice_is_critical_where_it_or_any_part_of_it_says_so(block: dict[str, Any], critical: bool) -> None:
    found = [segment for segment in segments(ARTICLE, an_article(body=[block])) if segment.block]
    assert [segment.critical for segment in found] == [critical] * len(found)
    assert found
