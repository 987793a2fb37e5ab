"""A text that nobody chose waits beside the one that stands, until a person takes or refuses it."""

import pytest

from cms.errors import NotFound
from cms.localize import suggestions, translations
from cms.localize.segments import Segment
from cms.store import Database, write
from tests.builders import BY, create, cut, later, save, translate


def offer(db: Database, entry: str, segment: Segment, text: str, locale: str = "en", day: int = 0) -> None:
    with write(db):
        suggestions.offer(
            db, entry, locale, segment, text, origin="machine", by="deepl", now=later(days=day), why="model 1"
        )


def texts(db: Database, entry: str, locale: str = "en") -> list[str]:
    return [each.text for each in suggestions.open_for(db, entry, locale)]


def test_a_suggestion_says_where_it_belongs_and_who_made_it(db: Database) -> None:
    entry = create(db, "article")
    title = cut(db, entry)[0]
    offer(db, entry, title, "Back pain")
    [found] = suggestions.open_for(db, entry, "en")
    assert (found.path, found.source_hash, found.text) == (title.path, title.source_hash, "Back pain")
    assert (found.origin, found.why, found.made_by) == ("machine", "model 1", "deepl")
    assert suggestions.find(db, found.id) == found


def test_the_same_text_twice_is_one_suggestion(db: Database) -> None:
    entry = create(db, "article")
    title, paragraph = cut(db, entry)
    offer(db, entry, title, "Back pain")
    offer(db, entry, title, "Back pain", day=1)
    offer(db, entry, title, "Sore back", day=2)
    offer(db, entry, paragraph, "Back pain", day=3)
    assert texts(db, entry) == ["Back pain", "Sore back", "Back pain"]


def test_the_same_text_for_another_source_is_another_suggestion(db: Database) -> None:
    entry = create(db, "article")
    offer(db, entry, cut(db, entry)[0], "Back pain")
    save(db, entry, title="Rugpijn")
    offer(db, entry, cut(db, entry)[0], "Back pain", day=1)
    assert len({each.source_hash for each in suggestions.open_for(db, entry, "en")}) == 2


def test_locales_and_entries_have_their_own(db: Database) -> None:
    one, other = create(db, "article"), create(db, "article")
    offer(db, one, cut(db, one)[0], "Back pain")
    assert texts(db, one, "de") == texts(db, other) == []


def test_what_is_dismissed_is_gone(db: Database) -> None:
    entry = create(db, "article")
    offer(db, entry, cut(db, entry)[0], "Back pain")
    [found] = suggestions.open_for(db, entry, "en")
    with write(db):
        suggestions.dismiss(db, found.id)
    assert texts(db, entry) == []
    with pytest.raises(NotFound):
        suggestions.find(db, found.id)


@pytest.mark.parametrize("origin", translations.UNASKED)
def test_what_comes_beside_a_persons_text_is_suggested_and_changes_nothing(db: Database, origin: str) -> None:
    entry = create(db, "article")
    translate(db, entry, texts={"title": "Back pain"})
    translate(db, entry, texts={"title": "Through your back"}, origin=origin)
    assert texts(db, entry) == ["Through your back"]
    assert [each.text for each in translations.approved(db, entry, "en")] == ["Back pain"]
    assert suggestions.open_for(db, entry, "en")[0].made_by == BY
