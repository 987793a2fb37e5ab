"""Nothing that a check stands against reaches readers by being saved as approved; a warning may be waived."""

from typing import Any

import pytest

from cms.errors import Invalid, NotFound, Refused
from cms.localize import glossary, memory, review, translations, waivers
from cms.localize.glossary import Term
from cms.store import Database
from tests.builders import BY, a_paragraph, create, everything, later, save, translate

PATH = "body.b1.text"
SOURCE, RIGHT, WRONG = "Neem 2 tabletten.", "Take 2 tablets.", "Take 3 tablets."
DENIES, AFFIRMS = "Blijf niet in bed liggen.", "Do stay in bed."


def an_article(db: Database, source: str = SOURCE) -> str:
    return create(db, "article", body=[a_paragraph(source)])


def put(db: Database, entry: str, text: str, *, days: int = 0, **options: Any) -> tuple[str, set[str]]:
    """Save the paragraph in English; return what became of it and the codes of what stands against it."""
    outcome = translate(db, entry, texts={PATH: text}, now=later(days=days), checks=True, **options)[PATH]
    return outcome.what, {finding.code for finding in outcome.findings}


def approve(db: Database, entry: str, *paths: str) -> list[str]:
    return translations.approve(db, entry, "en", paths, by="reviewer", now=later(days=9))


def waive(db: Database, entry: str, code: str = "negation", reason: str = "said otherwise", path: str = PATH) -> None:
    review.waive(db, entry, "en", path, code, reason, by="reviewer", now=later(days=2))


def read(db: Database, entry: str) -> list[str]:
    """Return the texts that readers may see."""
    return [each.text for each in translations.approved(db, entry, "en")]


def drafts(db: Database, entry: str) -> list[tuple[str, str]]:
    standing = translations.working(db, entry, "en")
    return [(each.text, each.state) for each in standing if each.state != "approved"]


# Saving


def test_what_passes_the_checks_is_approved(db: Database) -> None:
    entry = an_article(db)
    assert put(db, entry, RIGHT) == ("saved", set())
    assert read(db, entry) == [RIGHT]


def test_an_error_holds_the_text_and_says_why(db: Database) -> None:
    entry = an_article(db)
    assert put(db, entry, WRONG) == ("held", {"number"})
    assert (read(db, entry), drafts(db, entry)) == ([], [(WRONG, "needs_review")])


def test_a_warning_holds_it_too(db: Database) -> None:
    glossary.add(db, [Term("nl", "en", "tablet", "pill", "preferred")])
    entry = an_article(db)
    outcome = translate(db, entry, texts={PATH: RIGHT}, checks=True)[PATH]
    assert (outcome.what, [(each.code, each.severity) for each in outcome.findings]) == ("held", [("term", "warning")])


def test_what_readers_have_stays_while_the_new_text_is_held(db: Database) -> None:
    entry = an_article(db)
    put(db, entry, RIGHT)
    assert put(db, entry, WRONG, days=1) == ("held", {"number"})
    assert (read(db, entry), drafts(db, entry)) == ([RIGHT], [(WRONG, "needs_review")])


def test_each_text_is_judged_by_itself(db: Database) -> None:
    entry = an_article(db)
    outcomes = translate(db, entry, texts={"title": "Putting your back out", PATH: WRONG}, checks=True)
    assert {path: outcome.what for path, outcome in outcomes.items()} == {"title": "saved", PATH: "held"}


def test_a_draft_is_told_what_stands_against_it(db: Database) -> None:
    entry = an_article(db)
    assert put(db, entry, WRONG, state="draft") == ("saved", {"number"})
    assert drafts(db, entry) == [(WRONG, "draft")]


def test_a_mended_text_takes_the_place_of_the_held_one(db: Database) -> None:
    entry = an_article(db)
    put(db, entry, WRONG)
    assert put(db, entry, RIGHT, days=1) == ("saved", set())
    assert (read(db, entry), drafts(db, entry)) == ([RIGHT], [])


def test_a_held_text_is_not_remembered(db: Database) -> None:
    entry = an_article(db)
    put(db, entry, WRONG)
    assert memory.pairs(db, "nl", "en") == []


def test_it_is_checked_against_the_revision_that_it_was_made_from(db: Database) -> None:
    entry = an_article(db)
    save(db, entry, body=[a_paragraph("Neem 3 tabletten.")])
    assert put(db, entry, RIGHT, revision=1) == ("saved", set())
    assert put(db, entry, RIGHT) == ("held", {"number"})


def test_a_site_may_do_without_checks(db: Database) -> None:
    entry = an_article(db)
    outcome = translations.save(db, entry, "en", {PATH: WRONG}, by=BY, now=later(), checks=False)[PATH]
    assert (outcome.what, outcome.findings, read(db, entry)) == ("saved", (), [WRONG])


# Approving


def test_a_draft_that_fails_a_check_is_not_approved_and_nothing_beside_it(db: Database) -> None:
    entry = an_article(db)
    translate(db, entry, texts={"title": "Putting your back out", PATH: WRONG}, state="needs_review")
    before = everything(db)
    with pytest.raises(Refused) as refused:
        approve(db, entry)
    assert [(each.pointer, each.code, each.values["check"]) for each in refused.value.reasons] == [
        (f"/{PATH}", "failing_check", "number")
    ]
    assert everything(db) == before
    assert approve(db, entry, "title") == ["title"]


def test_a_draft_of_an_older_source_is_checked_against_that(db: Database) -> None:
    entry = an_article(db)
    translate(db, entry, texts={PATH: WRONG}, state="draft")
    save(db, entry, body=[a_paragraph("Slik 3 tabletten.")])
    with pytest.raises(Refused):
        approve(db, entry, PATH)


# Waiving


def test_a_waived_warning_lets_the_text_through(db: Database) -> None:
    entry = an_article(db, DENIES)
    assert put(db, entry, AFFIRMS) == ("held", {"negation"})
    with pytest.raises(Refused) as refused:
        approve(db, entry)
    assert [each.code for each in refused.value.reasons] == ["unwaived_warning"]
    waive(db, entry)
    assert approve(db, entry) == [PATH]
    assert read(db, entry) == [AFFIRMS]


def test_a_waiver_says_who_gave_it_when_and_why(db: Database) -> None:
    entry = an_article(db, DENIES)
    put(db, entry, AFFIRMS)
    waive(db, entry, reason=" said otherwise ")
    [kept] = waivers.waived(db, entry, "en").values()
    assert (kept.path, kept.code, kept.reason, kept.waived_by) == (PATH, "negation", "said otherwise", "reviewer")
    assert kept.waived_at.startswith("2026-03-03")


def test_a_waiver_lapses_when_the_text_changes_and_holds_again_when_it_is_put_back(db: Database) -> None:
    entry = an_article(db, DENIES)
    put(db, entry, AFFIRMS)
    waive(db, entry)
    assert put(db, entry, "Please do stay in bed.", days=3) == ("held", {"negation"})
    assert put(db, entry, AFFIRMS, days=4) == ("saved", set())


def test_a_waiver_lapses_when_the_source_changes_and_holds_again_when_it_is_put_back(db: Database) -> None:
    entry = an_article(db, DENIES)
    put(db, entry, AFFIRMS)
    waive(db, entry)
    save(db, entry, body=[a_paragraph("Blijf nu niet in bed liggen.")])
    assert put(db, entry, AFFIRMS, days=3) == ("held", {"negation"})
    save(db, entry, body=[a_paragraph(DENIES)])
    assert put(db, entry, AFFIRMS, days=4) == ("saved", set())


def test_a_waiver_is_for_one_locale_one_path_and_one_code(db: Database) -> None:
    entry = create(db, "article", body=[a_paragraph(DENIES, "b1"), a_paragraph(DENIES, "b2")])
    translate(db, entry, texts={PATH: AFFIRMS, "body.b2.text": AFFIRMS}, checks=True)
    waive(db, entry)
    with pytest.raises(Refused) as refused:
        approve(db, entry)
    assert [each.pointer for each in refused.value.reasons] == ["/body.b2.text"]


def test_a_wrong_number_cannot_be_waived(db: Database) -> None:
    entry = an_article(db)
    put(db, entry, WRONG)
    with pytest.raises(Refused) as refused:
        waive(db, entry, "number")
    assert [(each.pointer, each.code) for each in refused.value.reasons] == [(f"/{PATH}", "not_waivable")]
    assert waivers.waived(db, entry, "en") == {}


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_waiver_without_a_reason_names_the_field(db: Database, reason: str) -> None:
    entry = an_article(db, DENIES)
    put(db, entry, AFFIRMS)
    with pytest.raises(Invalid) as invalid:
        waive(db, entry, reason=reason)
    assert [(each.pointer, each.code) for each in invalid.value.problems] == [("/reason", "blank")]


@pytest.mark.parametrize(("path", "code"), [("title", "negation"), ("body.b9.text", "negation"), (PATH, "length")])
def test_what_was_not_found_cannot_be_waived(db: Database, path: str, code: str) -> None:
    entry = an_article(db, DENIES)
    put(db, entry, AFFIRMS)
    with pytest.raises(NotFound):
        waive(db, entry, code, path=path)
