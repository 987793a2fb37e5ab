"""How far a locale has come is counted from what its translations were made from."""

from cms.localize import translations
from cms.localize.progress import Progress, desk, progress
from cms.store import Database
from tests.builders import BY, NOW, a_paragraph, create, later, save


def an_article_in_english(db: Database) -> str:
    body = [a_paragraph("Blijf bewegen.", "b1"), a_paragraph("Bel 112.", "b2", urgency="emergency")]
    article = create(db, "article", body=body)
    texts = {"title": "Putting your back out", "body.b1.text": "Keep moving.", "body.b2.text": "Call 112."}
    translations.save(db, article, "en", texts, by=BY, now=NOW)
    return article


def test_nothing_is_translated_at_first(db: Database) -> None:
    article = create(db, "article")
    assert progress(db, article, "en") == Progress(total=2, current=0, stale=0, missing=2, waiting=0, critical=0)


def test_what_was_translated_is_current(db: Database) -> None:
    article = an_article_in_english(db)
    assert progress(db, article, "en") == Progress(total=3, current=3, stale=0, missing=0, waiting=0, critical=0)
    assert progress(db, article, "tr").missing == 3


def test_a_changed_critical_text_is_stale_and_counted_apart(db: Database) -> None:
    article = an_article_in_english(db)
    body = [a_paragraph("Blijf bewegen.", "b1"), a_paragraph("Bel direct 112.", "b2", urgency="emergency")]
    save(db, article, body=body)
    assert progress(db, article, "en") == Progress(total=3, current=2, stale=1, missing=0, waiting=0, critical=1)
    assert progress(db, article, "en", revision=1).current == 3


def test_a_draft_waits_for_approval_and_is_what_the_translator_sees(db: Database) -> None:
    article = an_article_in_english(db)
    draft = {"body.b1.text": "Keep on moving."}
    translations.save(
        db, article, "en", draft, by=BY, now=later(days=1), state="draft", seen={"body.b1.text": "Keep moving."}
    )
    assert progress(db, article, "en").waiting == 1
    seen = desk(db, article, "en")["body.b1.text"].translation
    assert seen and (seen.text, seen.state) == ("Keep on moving.", "draft")
    # All that waits is what was handed over: a draft is still the translator's.
    assert progress(db, article, "en").in_review == 0
    assert translations.approve(db, article, "en", [], by="reviewer", now=later(days=2)) == []
    translations.save(db, article, "en", draft, by=BY, now=later(days=3), state="needs_review")
    assert (progress(db, article, "en").waiting, progress(db, article, "en").in_review) == (1, 1)
    assert translations.approve(db, article, "en", [], by="reviewer", now=later(days=4)) == ["body.b1.text"]
    assert (progress(db, article, "en").waiting, progress(db, article, "en").in_review) == (0, 0)
