"""Where only a fact changed, publishing the source offers the same change in every translation."""

import pytest

from cms.errors import Refused
from cms.localize import fact_changes, suggestions, translations
from cms.localize.segments import source_hash
from cms.publish.refresh import drain
from cms.store import Database, write
from tests.builders import BY, SITE, a_paragraph, cut, document, later, publish, published, save


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
    [offered] = suggestions.open_for(db, article, "en")
    assert (offered.path, offered.text, offered.why) == ("body.b1.text", "Do this 12 times a day.", "facts")
    assert document(db, article, "en")["translation"]["freshness"] == "stale"
    fact_changes.accept(db, offered.id, by="translator", now=later(days=2))
    drain(db, SITE, later(days=2))
    assert document(db, article, "en")["body"][0]["html"] == "Do this 12 times a day."
    assert document(db, article, "en")["translation"]["freshness"] == "current"
    assert suggestions.open_for(db, article, "en") == []


def test_another_wording_offers_nothing(db: Database) -> None:
    article = an_article_in_english(db)
    save(db, article, body=[a_paragraph("Herhaal dit 12 keer per dag.", "b1")])
    publish(db, article, now=later(days=1))
    assert suggestions.open_for(db, article, "en") == []


def test_a_suggestion_that_fails_a_check_is_not_accepted(db: Database) -> None:
    article = an_article_in_english(db)
    [segment] = [each for each in cut(db, article) if each.path == "body.b1.text"]
    assert segment.source_hash == source_hash("Doe dit 10 keer per dag.")
    with write(db):
        suggestions.offer(db, article, "en", segment, "Do this 11 times a day.", origin="import", by=BY, now=later())
    [offered] = suggestions.open_for(db, article, "en")
    with pytest.raises(Refused):
        fact_changes.accept(db, offered.id, by=BY, now=later(), seen="Do this 10 times a day.")
    assert suggestions.open_for(db, article, "en") == [offered]
