"""What fails a check reaches no reader: neither of a locale that is to be published, nor of one that is live."""

import pytest

from cms.errors import Refused
from cms.localize import glossary, review, translations
from cms.localize.glossary import Term
from cms.publish.refresh import drain
from cms.site import Site
from cms.store import Database
from tests.builders import BY, a_paragraph, document, later, publish, published

STRICT = Site(name="Tolk", url="https://tolk.example")
RIGHT = {"title": "Putting your back out", "body.b1.text": "Take 2 tablets of 500 mg.", "body.b2.text": "Call 112."}


def an_article(db: Database) -> str:
    body = [
        a_paragraph("Neem 2 tabletten van 500 mg.", "b1"),
        a_paragraph("Bel 112.", "b2", urgency="emergency"),
    ]
    return published(db, "article", site=STRICT, body=body)


def in_english(db: Database, article: str, path: str = "", text: str = "") -> None:
    texts = RIGHT | ({path: text} if path else {})
    translations.save(db, article, "en", texts, by=BY, now=later())


def refusal(db: Database, article: str) -> list[tuple[str, str, str]]:
    """Return why English is not published: pointer, code and check."""
    with pytest.raises(Refused) as refused:
        publish(db, article, "en", site=STRICT)
    return [(each.pointer, each.code, each.values.get("check", "")) for each in refused.value.reasons]


def test_a_right_translation_is_published(db: Database) -> None:
    article = an_article(db)
    in_english(db, article)
    publish(db, article, "en", site=STRICT)
    assert document(db, article, "en")["body"][0]["html"] == "Take 2 tablets of 500 mg."


@pytest.mark.parametrize(
    ("path", "text", "check"),
    [
        ("body.b1.text", "Take 3 tablets of 500 mg.", "number"),
        ("body.b1.text", "Take 2 tablets of 500 g.", "unit"),
        ("body.b1.text", "Neem 2 tabletten van 500 mg.", "untranslated"),
        ("body.b2.text", "Call 911.", "contact"),
    ],
)
def test_a_wrong_one_is_held_back_with_its_path_and_reason(db: Database, path: str, text: str, check: str) -> None:
    article = an_article(db)
    in_english(db, article, path, text)
    found = refusal(db, article)
    assert (f"/{path}", "unreviewed", "") in found
    assert (f"/{path}", "failing_check", check) in found


def test_what_was_approved_before_its_term_was_is_held_back(db: Database) -> None:
    article = an_article(db)
    in_english(db, article)
    glossary.add(db, [Term("nl", "en", "tablet", "pill", "preferred")])
    assert refusal(db, article) == [("/body.b1.text", "unwaived_warning", "term")]


def test_a_waived_warning_is_published_once_it_is_approved(db: Database) -> None:
    article = published(db, "article", site=STRICT, body=[a_paragraph("Blijf niet in bed liggen.", "b1")])
    texts = {"title": "Putting your back out", "body.b1.text": "Do stay in bed."}
    translations.save(db, article, "en", texts, by=BY, now=later())
    path = "body.b1.text"
    assert refusal(db, article) == [(f"/{path}", "unreviewed", ""), (f"/{path}", "unwaived_warning", "negation")]
    review.waive(db, article, "en", path, "negation", "said otherwise", by="reviewer", now=later())
    assert refusal(db, article) == [(f"/{path}", "unreviewed", "")]
    translations.approve(db, article, "en", [path], by="reviewer", now=later())
    publish(db, article, "en", site=STRICT)
    assert document(db, article, "en")["body"][0]["html"] == "Do stay in bed."


def test_a_wrong_text_does_not_reach_the_readers_of_a_live_locale(db: Database) -> None:
    article = an_article(db)
    in_english(db, article)
    publish(db, article, "en", site=STRICT)
    wrong = {"body.b1.text": "Take 3 tablets of 500 mg."}
    seen = {"body.b1.text": RIGHT["body.b1.text"]}
    outcome = translations.save(db, article, "en", wrong, by=BY, now=later(days=1), seen=seen)["body.b1.text"]
    drain(db, STRICT, later(days=1))
    assert outcome.what == "held"
    assert document(db, article, "en")["body"][0]["html"] == "Take 2 tablets of 500 mg."
