"""What becomes of each unit of a file: nobody's work is lost, and nothing is kept that was not asked for."""

import pytest

from cms.content import revisions
from cms.errors import Invalid
from cms.localize import glossary, review, suggestions, translations
from cms.localize.exchange import formats
from cms.localize.exchange.importing import Report
from cms.localize.glossary import Term
from cms.store import Database
from tests.builders import create, cut, later, save
from tests.cms.localize.exchange.rich import (
    ENTRY,
    TEXTS,
    an_entry,
    body,
    bring,
    by_now,
    faults,
    file,
    outcomes,
    standing,
    translated,
)  # fmt: skip

ONE = {"title": "Hurt your back"}


def one(db: Database, text: str = "Hurt your back", *, format: str = "xliff2", **options: str) -> Report:
    """Export, fill in the title alone, import."""
    return bring(db, translated(file(db, format), {"title": text}), now=later(days=3), **options)


def offered(db: Database) -> list[tuple[str, str, str]]:
    return [(each.path, each.text, each.origin) for each in suggestions.open_for(db, ENTRY, "en")]


def test_a_finished_text_waits_for_review(db: Database) -> None:
    an_entry(db)
    data = translated(file(db), ONE, state="final")
    assert outcomes(bring(db, data))["title"] == "accepted"
    assert standing(db)["title"] == ("Hurt your back", "needs_review", "import")


def test_the_operator_may_approve_but_not_what_is_critical(db: Database) -> None:
    an_entry(db)
    data = translated(file(db))
    report = bring(db, data, state="approved")
    assert report.counts == {"accepted": 4, "held": 2}
    held = {path: state for path, (_, state, _) in standing(db).items()}
    critical = {"body.b3.title", "body.b3.body.b3a.text"}
    assert held == {path: "needs_review" if path in critical else "approved" for path in TEXTS}
    assert {each.path for each in translations.approved(db, ENTRY, "en")} == TEXTS.keys() - critical


def test_approving_later_is_the_same_file_again(db: Database) -> None:
    an_entry(db)
    data = translated(file(db))
    bring(db, data)
    again = bring(db, data, state="approved")
    assert again.counts == {"accepted": 4, "unchanged": 2}
    assert standing(db)["title"] == ("Hurt your back", "approved", "import")


def test_what_a_check_warns_of_is_held_though_the_operator_approves(db: Database) -> None:
    glossary.add(db, [Term("nl", "en", "rug", "spine", "preferred")])
    an_entry(db)
    data = translated(file(db), ONE)
    for report in (bring(db, data, state="approved", dry_run=True), bring(db, data, state="approved")):
        assert outcomes(report)["title"] == "held"
        [title] = [unit for unit in report.units if unit.path == "title"]
        assert [(finding.code, finding.severity) for finding in title.findings] == [("term", "warning")]
    assert standing(db)["title"] == ("Hurt your back", "needs_review", "import")


def test_what_is_to_be_approved_later_is_checked_then(db: Database) -> None:
    an_entry(db)
    data = translated(file(db), ONE)
    bring(db, data)
    glossary.add(db, [Term("nl", "en", "rug", "spine", "preferred")])
    assert outcomes(bring(db, data, state="approved"))["title"] == "held"
    assert standing(db)["title"] == ("Hurt your back", "needs_review", "import")
    review.waive(db, ENTRY, "en", "title", "term", "the usual word here", by="reviewer", now=later(days=2))
    assert outcomes(bring(db, data, state="approved"))["title"] == "accepted"
    assert standing(db)["title"] == ("Hurt your back", "approved", "import")


def test_approving_later_leaves_drafts_of_other_sources_alone(db: Database) -> None:
    an_entry(db)
    by_now(db, "title", "Sore back for 3 days", state="draft")
    save(db, ENTRY, title="Rugpijn")
    data = translated(file(db), {"title": "Back pain"})
    bring(db, data)
    assert outcomes(bring(db, data, state="approved"))["title"] == "accepted"
    assert [each.text for each in translations.approved(db, ENTRY, "en")] == ["Back pain"]


def test_what_nobody_confirmed_is_not_approved(db: Database) -> None:
    an_entry(db)
    report = bring(db, translated(file(db), ONE, state="initial"), state="approved")
    assert outcomes(report)["title"] == "held"
    assert standing(db)["title"] == ("Hurt your back", "needs_review", "import")


def test_an_unfinished_text_is_a_draft(db: Database) -> None:
    an_entry(db)
    bring(db, translated(file(db, "xliff1"), ONE, state="needs-translation"), state="approved")
    assert standing(db)["title"] == ("Hurt your back", "draft", "import")


def test_an_import_corrects_an_import(db: Database) -> None:
    an_entry(db)
    one(db, "Hurt you back")
    assert outcomes(one(db))["title"] == "accepted"
    assert standing(db)["title"][0] == "Hurt your back"


def test_a_persons_text_stands_and_the_file_is_a_suggestion(db: Database) -> None:
    an_entry(db)
    data = translated(file(db), ONE)
    by_now(db, "title", "Sore back", days=2)
    report = bring(db, data)
    assert outcomes(report)["title"] == "suggested"
    assert standing(db)["title"] == ("Sore back", "approved", "human")
    assert offered(db) == [("title", "Hurt your back", "import")]
    assert next((unit.text, unit.stands) for unit in report.units if unit.path == "title") == (
        "Hurt your back", "Sore back",
    )  # fmt: skip


@pytest.mark.parametrize("state", ["needs_review", "approved"])
def test_what_a_person_approved_of_an_import_is_a_persons(db: Database, state: str) -> None:
    an_entry(db)
    older = translated(file(db), {"title": "Hurt you back"})
    bring(db, translated(file(db), ONE))
    translations.approve(db, ENTRY, "en", ["title"], by="reviewer", now=later(days=2))
    tried = bring(db, older, now=later(days=3), state=state, dry_run=True)
    assert outcomes(tried)["title"] == outcomes(bring(db, older, now=later(days=3), state=state))["title"]
    assert outcomes(tried)["title"] == "conflicting"
    assert standing(db)["title"] == ("Hurt your back", "approved", "import")
    assert offered(db) == [("title", "Hurt you back", "import")]


def test_an_import_made_from_what_was_approved_is_a_suggestion(db: Database) -> None:
    an_entry(db)
    bring(db, translated(file(db), ONE), state="approved")
    report = bring(db, translated(file(db), {"title": "A sore back"}), now=later(days=3))
    assert outcomes(report)["title"] == "suggested"
    assert standing(db)["title"][0] == "Hurt your back"


def test_both_changed_it_since_the_export(db: Database) -> None:
    an_entry(db)
    by_now(db, "title", "Sore back")
    data = translated(file(db), ONE)
    assert outcomes(bring(db, data, dry_run=True))["title"] == "suggested"
    by_now(db, "title", "Painful back", days=2, seen={"title": "Sore back"})
    assert outcomes(bring(db, data))["title"] == "conflicting"
    assert standing(db)["title"][0] == "Painful back"
    assert offered(db) == [("title", "Hurt your back", "import")]


@pytest.mark.parametrize("format", formats.FORMATS)
def test_what_the_file_did_not_change_says_nothing_against_newer_work(db: Database, format: str) -> None:
    an_entry(db)
    by_now(db, "title", "Sore back")
    data = file(db, format)
    by_now(db, "title", "Painful back", days=2, seen={"title": "Sore back"})
    assert outcomes(bring(db, data))["title"] == "unchanged"
    assert standing(db)["title"][0] == "Painful back"
    assert offered(db) == []


def test_a_text_for_an_older_source_is_kept_for_that_source(db: Database) -> None:
    an_entry(db)
    data = translated(file(db), ONE)
    save(db, ENTRY, title="Door je rug gegaan")
    save(db, ENTRY, title="Rugpijn", now=later(hours=1))
    assert outcomes(bring(db, data))["title"] == "stale"
    [segment] = [each for each in cut(db, ENTRY) if each.path == "title"]
    rendering = translations.match([segment], translations.working(db, ENTRY, "en"))["title"]
    assert rendering.freshness == "stale"
    assert rendering.translation
    assert (rendering.translation.text, rendering.translation.source) == ("Hurt your back", "Door je rug gaan")
    save(db, ENTRY, title="Door je rug gaan", now=later(hours=2))
    [segment] = [each for each in cut(db, ENTRY) if each.path == "title"]
    assert translations.match([segment], translations.working(db, ENTRY, "en"))["title"].freshness == "current"


def test_a_text_for_a_source_that_nobody_knows_is_not_kept(db: Database) -> None:
    an_entry(db)
    data = translated(file(db), ONE).replace(b"Door je rug gaan", b"Iets heel anders")
    report = bring(db, data)
    assert outcomes(report)["title"] == "stale"
    assert faults(report, "title") == ["source_unknown"]
    assert "title" not in standing(db)


def test_a_text_whose_place_is_gone_is_kept_for_the_source_it_had(db: Database) -> None:
    an_entry(db)
    data = translated(file(db), {"body.b1.text": "What can {1}you{/1} do?"})
    save(db, ENTRY, body=body()[1:])
    assert outcomes(bring(db, data))["body.b1.text"] == "stale"
    assert standing(db)["body.b1.text"][0] == "What can *you* do?"


def test_what_is_not_here_is_unknown(db: Database) -> None:
    an_entry(db)
    data = translated(file(db), ONE)
    assert outcomes(bring(db, data.replace(b'id="title"', b'id="headline"')))["headline"] == "unknown"
    nowhere = bring(db, data.replace(ENTRY.encode(), b"0198a000-0000-7000-8000-00000000dead"))
    assert nowhere.counts == {"unknown": 1, "empty": 5}
    assert standing(db) == {}


def test_lost_markup_fails_and_is_kept_as_a_draft(db: Database) -> None:
    an_entry(db)
    data = translated(file(db), {"body.b3.body.b3a.text": "Read more or call {3}112{/3}.", "title": "Back"})
    report = bring(db, data, state="approved")
    assert outcomes(report)["body.b3.body.b3a.text"] == "failing"
    assert "code_missing" in faults(report, "body.b3.body.b3a.text")
    assert standing(db)["body.b3.body.b3a.text"] == ("Read more or call **112**.", "draft", "import")
    assert standing(db)["title"][1] == "approved"


def test_what_fails_does_not_replace_what_stands(db: Database) -> None:
    an_entry(db)
    one(db)
    report = bring(db, translated(file(db), {"title": "A <b>bold</b> back"}))
    assert (outcomes(report)["title"], faults(report, "title")) == ("failing", ["html_in_text"])
    assert standing(db)["title"][0] == "Hurt your back"
    assert offered(db) == [("title", "A <b>bold</b> back", "import")]


def test_too_long_a_text_fails(db: Database) -> None:
    an_entry(db)
    report = one(db, "back " * 50)
    assert (outcomes(report)["title"], faults(report, "title")) == ("failing", ["too_long"])
    assert standing(db) == {}
    assert [path for path, _, _ in offered(db)] == ["title"]


def test_a_control_character_is_not_kept_at_all(db: Database) -> None:
    an_entry(db)
    data = file(db, "csv").replace(b",Door je rug gaan,,", b",Door je rug gaan,Back\x07,")
    report = bring(db, data)
    assert (outcomes(report)["title"], faults(report, "title")) == ("failing", ["control_character"])
    assert standing(db) == {}


@pytest.mark.parametrize("format", ["xliff2", "xliff1"])
def test_codes_may_change_places(db: Database, format: str) -> None:
    an_entry(db)
    moved = {"body.b3.body.b3a.text": "Call {3}112{/3} or read {1}more {2}here{/2}{/1}."}
    assert outcomes(bring(db, translated(file(db, format), moved)))["body.b3.body.b3a.text"] == "accepted"
    assert standing(db)["body.b3.body.b3a.text"][0] == (
        'Call **112** or read [more *here*](https://voorbeeld.nl/rug "Over rugpijn").'
    )


def test_a_dry_run_says_the_same_and_writes_nothing(db: Database) -> None:
    an_entry(db)
    by_now(db, "body.b1.text", "What *you* can do")
    data = translated(file(db))
    by_now(db, "title", "Sore back", days=2)
    tried = bring(db, data, dry_run=True)
    assert standing(db).keys() == {"title", "body.b1.text"}
    assert offered(db) == []
    assert bring(db, data).units == tried.units


def test_all_is_kept_or_nothing(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    an_entry(db)
    data = translated(file(db), {**ONE, "body.b3.title": "Call <i>112</i>"})
    by_now(db, "body.b3.title", "Ring 112")

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(translations, "save", broken)
    with pytest.raises(RuntimeError):
        bring(db, data)
    assert offered(db) == []


def test_several_entries_in_one_file(db: Database) -> None:
    an_entry(db)
    other = create(db, "topic", description="Pijn in de *rug*.")
    data = formats.export(db, [ENTRY, other], "en")
    report = bring(db, translated(data, {"description": "Pain in the {1}back{/1}."}))
    assert [(unit.entry, unit.outcome) for unit in report.units if unit.path == "description"] == [(other, "accepted")]
    assert standing(db, entry=other) == {"description": ("Pain in the *back*.", "needs_review", "import")}


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"locale": "de"}, "other_language"),
        ({"known": ("nl", "de")}, "unknown_locale"),
        ({"format": "docx"}, "not_a_choice"),
        ({"state": "published"}, "not_a_choice"),
        ({"max_bytes": 100}, "too_large"),
    ],
)
def test_a_file_is_refused_as_a_whole(db: Database, options: dict[str, str], code: str) -> None:
    an_entry(db)
    with pytest.raises(Invalid, match=code):
        bring(db, translated(file(db)), **options)
    assert standing(db) == {}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('trgLang="en"', 'trgLang="nl"', "is_source_locale"),
        ('srcLang="nl"', 'srcLang="de"', "other_language"),
        ('trgLang="en"', "", "no_language"),
        ('trgLang="en"', 'trgLang="not a tag"', "not_a_language_tag"),
    ],
)
def test_a_file_in_another_language_is_refused(db: Database, old: str, new: str, code: str) -> None:
    an_entry(db)
    with pytest.raises(Invalid, match=code):
        bring(db, translated(file(db)).replace(old.encode(), new.encode()))


@pytest.mark.parametrize("stated", ["en-GB", "en-US", "EN", "en_US"])
def test_a_country_that_a_tool_added_does_no_harm(db: Database, stated: str) -> None:
    an_entry(db)
    data = translated(file(db)).replace(b'trgLang="en"', f'trgLang="{stated}"'.encode())
    assert bring(db, data, known=("nl", "en")).locale == "en"
    assert bring(db, data, locale="en").locale == "en"


def test_a_translation_of_a_draft_is_kept_for_its_revision(db: Database) -> None:
    an_entry(db)
    assert revisions.latest(db, ENTRY).number == 1
    bring(db, translated(file(db)))
    assert {each.revision for each in translations.working(db, ENTRY, "en")} == {1}
