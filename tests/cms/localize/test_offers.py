"""Where only facts changed since a text was translated, the same change is offered, whatever was saved in between."""

import pytest

from cms.errors import NotFound, TranslationClash
from cms.localize import glossary, offers, suggestions, translations
from cms.localize.glossary import Term
from cms.localize.suggestions import Suggestion
from cms.localize.translations import Outcome
from cms.store import Database, write
from tests.builders import a_paragraph, create, cut, everything, later, save, translate

PATH = "body.b1.text"
OLD, NEW = "Rust 3 dagen.", "Rust 4 dagen."


def rest(db: Database, source: str = OLD, **texts: str) -> str:
    """Create an article with one paragraph and its approved translations."""
    entry = create(db, "article", body=[a_paragraph(source)])
    for locale, text in texts.items():
        translate(db, entry, locale, {PATH: text}, checks=True)
    return entry


def edit(db: Database, entry: str, *sources: str) -> None:
    for hours, source in enumerate(sources, 1):
        save(db, entry, body=[a_paragraph(source)], now=later(hours=hours))


def offered(db: Database, entry: str, locale: str = "en", revision: int = 0) -> list[str]:
    return [each.text for each in offers.open_for(db, entry, locale, revision)]


def only(db: Database, entry: str, locale: str = "en") -> Suggestion:
    [found] = offers.open_for(db, entry, locale)
    return found


def test_it_is_offered_in_every_locale_that_has_the_old_text(db: Database) -> None:
    entry = rest(db, en="Rest for 3 days.", de="Ruhen Sie 3 Tage.")
    translate(db, entry, "pl", {"title": "x"})
    edit(db, entry, NEW)
    assert [offered(db, entry, locale) for locale in ("en", "de", "pl")] == [
        ["Rest for 4 days."], ["Ruhen Sie 4 Tage."], [],
    ]  # fmt: skip


def test_it_says_what_it_is_and_whose_text_it_was_made_from(db: Database) -> None:
    entry = create(db, "article", body=[a_paragraph(OLD)])
    translations.save(db, entry, "en", {PATH: "Rest for 3 days."}, by="Els", now=later(minutes=1))
    edit(db, entry, NEW)
    found = only(db, entry)
    assert (found.path, found.origin, found.why, found.made_by) == (PATH, "memory", "facts", "Els")
    assert found.source_hash == {each.path: each.source_hash for each in cut(db, entry)}[PATH]


def test_looking_stores_nothing_and_gives_the_same_id(db: Database) -> None:
    entry = rest(db, en="Rest for 3 days.")
    edit(db, entry, NEW)
    before = everything(db)
    assert only(db, entry) == only(db, entry)
    assert everything(db) == before


def test_two_edits_of_a_number_count_as_the_one_from_what_was_translated(db: Database) -> None:
    entry = rest(db, en="Rest for 3 days.")
    edit(db, entry, NEW, "Rust 6 dagen.")
    assert offered(db, entry) == ["Rest for 6 days."]


def test_a_number_and_then_the_wording_is_no_change_of_facts_alone(db: Database) -> None:
    entry = rest(db, en="Rest for 3 days.")
    edit(db, entry, NEW, "Houd 4 dagen rust.")
    assert offered(db, entry) == []


def test_the_wording_and_back_leaves_the_change_of_the_number(db: Database) -> None:
    entry = rest(db, en="Rest for 3 days.")
    edit(db, entry, "Houd 3 dagen rust.", NEW)
    assert offered(db, entry) == ["Rest for 4 days."]


def test_what_was_put_back_needs_no_offer(db: Database) -> None:
    entry = rest(db, en="Rest for 3 days.")
    edit(db, entry, NEW, OLD)
    assert offered(db, entry) == []


def test_the_figures_of_the_reader_are_kept(db: Database) -> None:
    entry = rest(db, ar="استرح ٣ أيام.")
    edit(db, entry, NEW)
    assert offered(db, entry, "ar") == ["استرح ٤ أيام."]


def test_the_newest_translation_that_it_follows_from_is_taken(db: Database) -> None:
    entry = rest(db, en="Rest for 3 days.")
    edit(db, entry, NEW)
    translate(db, entry, texts={PATH: "Take 4 days of rest."}, now=later(days=1))
    edit(db, entry, "Rust 5 dagen.")
    assert offered(db, entry) == ["Take 5 days of rest."]


def test_an_earlier_revision_has_offers_of_its_own(db: Database) -> None:
    entry = rest(db, en="Rest for 3 days.")
    edit(db, entry, NEW, "Houd 4 dagen rust.")
    assert offered(db, entry, revision=2) == ["Rest for 4 days."]


@pytest.mark.parametrize("state", ["approved", "draft"])
def test_what_a_person_translated_already_is_left_alone(db: Database, state: str) -> None:
    entry = rest(db, en="Rest for 3 days.")
    edit(db, entry, NEW)
    translate(db, entry, texts={PATH: "Rest for four days."}, state=state)
    assert offered(db, entry) == []


def test_a_machines_draft_does_not_keep_the_better_text_away(db: Database) -> None:
    entry = rest(db, en="Rest for 3 days.")
    edit(db, entry, NEW)
    translate(db, entry, texts={PATH: "Rust for 4 days."}, state="needs_review", origin="machine")
    assert offered(db, entry) == ["Rest for 4 days."]
    offers.accept(db, entry, "en", only(db, entry).id, by="Ada", now=later(days=1))
    assert translations.approved(db, entry, "en")[-1].text == "Rest for 4 days."


def test_a_draft_is_no_ground_for_an_offer(db: Database) -> None:
    entry = create(db, "article", body=[a_paragraph(OLD)])
    translate(db, entry, texts={PATH: "Rest for 3 days."}, state="draft")
    edit(db, entry, NEW)
    assert offered(db, entry) == []


def test_a_text_that_does_not_say_the_number_gives_no_offer(db: Database) -> None:
    entry = create(db, "article", body=[a_paragraph(OLD)])
    translate(db, entry, texts={PATH: "Rest for a while."})
    edit(db, entry, NEW)
    assert offered(db, entry) == []


def test_an_offer_that_a_check_stands_against_is_not_made(db: Database) -> None:
    entry = create(db, "article", body=[a_paragraph("Neem niet meer dan 3 tabletten.")])
    translate(db, entry, texts={PATH: "Take 3 tablets."})
    edit(db, entry, "Neem niet meer dan 4 tabletten.")
    assert offered(db, entry) == []


def test_taking_it_makes_it_the_translation(db: Database) -> None:
    entry = rest(db, en="Rest for 3 days.")
    edit(db, entry, NEW)
    taken = only(db, entry)
    assert offers.accept(db, entry, "en", taken.id, by="Ada", now=later(days=1)) == {PATH: Outcome("saved")}
    newest = translations.approved(db, entry, "en")[-1]
    assert (newest.source, newest.text, newest.origin, newest.saved_by) == (NEW, "Rest for 4 days.", "human", "Ada")
    assert newest.revision == 2
    assert offered(db, entry) == []
    with pytest.raises(NotFound):
        offers.accept(db, entry, "en", taken.id, by="Ada", now=later(days=1))


def test_who_may_not_approve_takes_it_for_review(db: Database) -> None:
    entry = rest(db, en="Rest for 3 days.")
    edit(db, entry, NEW)
    offers.accept(db, entry, "en", only(db, entry).id, by="Ada", now=later(days=1), state="needs_review")
    assert [each.text for each in translations.approved(db, entry, "en")] == ["Rest for 3 days."]
    assert translations.approve(db, entry, "en", [PATH], by="reviewer", now=later(days=2)) == [PATH]


def test_an_offer_that_does_not_say_the_same_any_more_is_not_taken(db: Database) -> None:
    entry = rest(db, en="Rest for 3 days.")
    edit(db, entry, NEW)
    taken = only(db, entry)
    edit(db, entry, "Rust 5 dagen.")
    with pytest.raises(NotFound):
        offers.accept(db, entry, "en", taken.id, by="Ada", now=later(days=1))


def test_what_is_taken_waits_for_review_where_a_check_stands_against_it(db: Database) -> None:
    entry = rest(db, en="Rest for 3 days.")
    edit(db, entry, NEW)
    glossary.add(db, [Term("nl", "en", "rust", "repose", "preferred")])
    outcome = offers.accept(db, entry, "en", only(db, entry).id, by="Ada", now=later(days=1))[PATH]
    assert (outcome.what, [finding.code for finding in outcome.findings]) == ("held", ["term"])
    assert [each.state for each in translations.working(db, entry, "en") if each.source == NEW] == ["needs_review"]
    assert [each.text for each in translations.approved(db, entry, "en")] == ["Rest for 3 days."]


def suggested(db: Database, text: str) -> str:
    """Return an article whose English a person wrote, with an import's text beside it."""
    entry = rest(db, en="Rest for 3 days.")
    [segment] = [each for each in cut(db, entry) if each.path == PATH]
    with write(db):
        suggestions.offer(db, entry, "en", segment, text, origin="import", by="agency", now=later())
    return entry


def test_what_somebody_wrote_is_not_lost_to_a_suggestion(db: Database) -> None:
    entry = suggested(db, "Take 3 days of rest.")
    taken = only(db, entry)
    before = everything(db)
    with pytest.raises(TranslationClash):
        offers.accept(db, entry, "en", taken.id, by="Ada", now=later(days=1))
    assert everything(db) == before
    outcome = offers.accept(db, entry, "en", taken.id, by="Ada", now=later(days=1), seen="Rest for 3 days.")
    assert outcome == {PATH: Outcome("saved")}
    assert offered(db, entry) == []


def test_a_suggestion_for_an_older_text_stays_with_it(db: Database) -> None:
    entry = suggested(db, "Take 3 days of rest.")
    taken = only(db, entry)
    edit(db, entry, "Rust niet.")
    offers.accept(db, entry, "en", taken.id, by="Ada", now=later(days=1), seen="Rest for 3 days.")
    newest = translations.approved(db, entry, "en")[-1]
    assert (newest.source, newest.revision, newest.text) == (OLD, 1, "Take 3 days of rest.")


def test_a_wrong_suggestion_is_kept_for_review_and_readers_keep_theirs(db: Database) -> None:
    entry = suggested(db, "Rest for 2 days.")
    taken, seen = only(db, entry).id, "Rest for 3 days."
    outcome = offers.accept(db, entry, "en", taken, by="Ada", now=later(days=1), seen=seen)[PATH]
    assert (outcome.what, {finding.code for finding in outcome.findings}) == ("held", {"number"})
    assert [each.text for each in translations.approved(db, entry, "en")] == ["Rest for 3 days."]
    assert [each.text for each in translations.working(db, entry, "en")] == ["Rest for 2 days."]
