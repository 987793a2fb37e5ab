"""Where only a fact changed, one acceptance of the same change makes a live translation current again."""

from cms.localize import offers, translations
from cms.publish.refresh import drain
from cms.store import Database
from tests.builders import BY, SITE, a_paragraph, document, later, publish, published, save


def an_article_in_english(db: Database) -> str:
    article = published(db, "article", body=[a_paragraph("Doe dit 10 keer per dag.", "b1")])
    texts = {"title": "Putting your back out", "body.b1.text": "Do this 10 times a day."}
    translations.save(db, article, "en", texts, by=BY, now=later())
    publish(db, article, "en")
    return article


def test_one_acceptance_makes_the_live_translation_current_again(db: Database) -> None:
    article = an_article_in_english(db)
    save(db, article, body=[a_paragraph("Doe dit 12 keer per dag.", "b1")])
    publish(db, article, now=later(days=1))
    drain(db, SITE, later(days=1))
    assert document(db, article, "en")["translation"]["freshness"] == "stale"
    [offered] = offers.open_for(db, article, "en")
    assert (offered.path, offered.text, offered.why) == ("body.b1.text", "Do this 12 times a day.", "facts")
    offers.accept(db, article, "en", offered.id, by="translator", now=later(days=2))
    drain(db, SITE, later(days=2))
    assert document(db, article, "en")["body"][0]["html"] == "Do this 12 times a day."
    assert document(db, article, "en")["translation"]["freshness"] == "current"


def test_the_draft_of_the_source_can_be_followed_before_it_is_published(db: Database) -> None:
    article = an_article_in_english(db)
    save(db, article, body=[a_paragraph("Doe dit 12 keer per dag.", "b1")])
    [offered] = offers.open_for(db, article, "en")
    offers.accept(db, article, "en", offered.id, by="translator", now=later(days=1))
    drain(db, SITE, later(days=1))
    assert document(db, article, "en")["body"][0]["html"] == "Do this 10 times a day."
    publish(db, article, now=later(days=2))
    drain(db, SITE, later(days=2))
    assert document(db, article, "en")["body"][0]["html"] == "Do this 12 times a day."
    assert document(db, article, "en")["translation"]["freshness"] == "current"
