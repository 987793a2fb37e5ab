"""What is asked of readability before publishing."""

from dataclasses import replace

import pytest

from cms.content import types
from cms.errors import Refused
from cms.publish import requirements
from cms.site import Plainness
from cms.store import Database
from tests.builders import SITE, a_paragraph, create, publish, published

LONG = (
    "Wanneer onderliggende ontstekingsverschijnselen aanhouden is aanvullende specialistische beoordeling noodzakelijk "
)
HARD = [a_paragraph((LONG * 4).strip() + ".", "b1"), a_paragraph("Bel ons.", "b2")]
GATE = replace(SITE, readability={"article": Plainness("gate", 60)})
WARN = replace(SITE, readability={"article": Plainness("warn", 60)})


def article(db: Database, body: list[dict[str, object]]) -> str:
    return create(db, "article", body=body, authors=[published(db, "author")])


def test_a_gate_refuses_what_is_hard_to_read_and_says_where(db: Database) -> None:
    entry = article(db, HARD)
    with pytest.raises(Refused) as caught:
        publish(db, entry, site=GATE)
    assert [(reason.pointer, reason.code) for reason in caught.value.reasons] == [
        ("", "hard_to_read"),
        ("/body/0/text", "long_sentence"),
    ]
    assert caught.value.reasons[0].values == {"score": 0, "least": 60}


def test_a_gate_is_one_reason_among_others(db: Database) -> None:
    entry = create(db, "article", body=HARD)
    with pytest.raises(Refused) as caught:
        publish(db, entry, site=GATE)
    assert {reason.code for reason in caught.value.reasons} == {"needs_author", "hard_to_read", "long_sentence"}


@pytest.mark.parametrize("site", [SITE, WARN, replace(SITE, readability={"topic": Plainness("gate", 60)})])
def test_nothing_else_refuses(db: Database, site: object) -> None:
    assert publish(db, article(db, HARD), site=site).state == "published"  # type: ignore[arg-type]


def test_what_is_plain_passes(db: Database) -> None:
    plain = [a_paragraph("Blijf rustig lopen. Dat helpt tegen de pijn.", f"b{n}") for n in range(5)]
    assert publish(db, article(db, plain), site=GATE).state == "published"


def test_a_few_words_pass(db: Database) -> None:
    assert publish(db, article(db, [a_paragraph("Ontstekingsverschijnselen.")]), site=GATE).state == "published"


def test_a_language_without_a_formula_passes() -> None:
    asked = Plainness("gate", 60)
    assert requirements.readability_reasons(types.find("article"), {"body": HARD}, "de", asked) == []


def test_at_most_five_sentences_are_shown() -> None:
    body = [a_paragraph(HARD[0]["text"], f"b{n}") for n in range(9)]
    assert len(requirements.readability_reasons(types.find("article"), {"body": body}, "nl", Plainness())) == 6
