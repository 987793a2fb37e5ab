"""A locale whose translations fail a check is held back, and says at which path and why."""

import pytest

from cms.errors import Invalid, NotFound, Refused
from cms.localize import review, translations, waivers
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


def in_english(db: Database, article: str, state: str = "approved", **texts: str) -> None:
    given = RIGHT | {path.replace("__", "."): text for path, text in texts.items()}
    translations.save(db, article, "en", given, by=BY, now=later(), state=state)


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
    in_english(db, article, **{path.replace(".", "__"): text})
    with pytest.raises(Refused) as refused:
        publish(db, article, "en", site=STRICT)
    assert (f"/{path}", "failing_check", check) in [
        (reason.pointer, reason.code, reason.values["check"]) for reason in refused.value.reasons
    ]


def test_a_draft_that_fails_a_check_is_not_approved(db: Database) -> None:
    article = an_article(db)
    in_english(db, article, "needs_review", body__b2__text="Call 911.")
    with pytest.raises(Refused):
        review.approve(db, article, "en", [], by="reviewer", now=later(days=1))
    assert translations.approved(db, article, "en") == []
    assert review.approve(db, article, "en", ["title"], by="reviewer", now=later(days=1)) == ["title"]


def test_a_negation_that_reads_otherwise_may_be_waived_with_a_reason(db: Database) -> None:
    article = published(db, "article", site=STRICT, body=[a_paragraph("Blijf niet in bed liggen.", "b1")])
    texts = {"title": "Putting your back out", "body.b1.text": "Do stay in bed."}
    translations.save(db, article, "en", texts, by=BY, now=later())
    with pytest.raises(Refused) as refused:
        publish(db, article, "en", site=STRICT)
    assert [(r.pointer, r.code) for r in refused.value.reasons] == [("/body.b1.text", "unwaived_warning")]
    waivers.waive(db, article, "en", "body.b1.text", "negation", "said otherwise", by="reviewer", now=later())
    publish(db, article, "en", site=STRICT)

    # A waiver is for one wording: the next one is looked at anew.
    seen = {"body.b1.text": "Do stay in bed."}
    again = {"body.b1.text": "Please do stay in bed."}
    translations.save(db, article, "en", again, by=BY, now=later(days=1), seen=seen)
    with pytest.raises(Refused):
        publish(db, article, "en", site=STRICT)


def test_a_waiver_needs_a_reason_and_a_text(db: Database) -> None:
    article = an_article(db)
    with pytest.raises(NotFound):
        waivers.waive(db, article, "en", "body.b1.text", "length", "short in English", by=BY, now=later())
    in_english(db, article)
    with pytest.raises(Invalid):
        waivers.waive(db, article, "en", "body.b1.text", "length", " ", by=BY, now=later())
