"""Translators see all they need in the article's own order, and change their own locales alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from cms.content.fields import Text as TextField
from cms.desk import translating, writing
from cms.desk.workbench import Line
from cms.errors import Fault, Forbidden, Invalid, MachineUnavailable, NotFound, Refused, TranslationClash
from cms.localize import glossary, translations
from cms.localize.checks import Finding
from cms.localize.glossary import Term
from cms.localize.machine import Cost, Limits, Text
from cms.people import audit
from cms.people.rights import Actor
from cms.store import Database
from tests.builders import NOW, SITE, a_paragraph, an_article, create, everything, later, published, save, translate
from tests.cms.desk.actors import ADMIN, EDITOR, ENGLISH, REVIEWER, TURKISH

BODY = [
    {"id": "h1", "type": "heading", "level": 2, "text": "Wat helpt"},
    a_paragraph("Rust 2 dagen."),
    {
        "id": "c1",
        "type": "callout",
        "urgency": "emergency",
        "title": "Let op",
        "body": [{"id": "l1", "type": "list", "ordered": True, "items": [{"id": "i1", "text": "Bel 112."}]}],
    },
]


def an_entry(db: Database) -> str:
    return create(db, "article", title="Rugpijn", body=BODY)


def line(db: Database, entry: str, path: str, locale: str = "en") -> Line:
    return next(each for each in translating.page(db, entry, locale).lines if each.path == path)


# The page


def test_the_page_has_every_text_in_the_order_of_the_article_with_its_place(db: Database) -> None:
    page = translating.page(db, an_entry(db), "en")
    assert [(each.path, each.block, each.block_type, each.field) for each in page.lines] == [
        ("title", "", "", "title"),
        ("body.h1.text", "h1", "heading", "text"),
        ("body.b1.text", "b1", "paragraph", "text"),
        ("body.c1.title", "c1", "callout", "title"),
        ("body.c1.body.l1.items.i1.text", "c1", "callout", "text"),
    ]
    assert page.lines[1].steps[0].level == 2
    item = page.lines[4]
    assert [(step.list, step.id, step.number, step.type, step.ordered) for step in item.steps] == [
        ("body", "c1", 3, "callout", False),
        ("body", "l1", 1, "list", True),
        ("items", "i1", 1, "", False),
    ]
    assert (item.critical, item.is_inline, page.lines[0].is_inline) == (True, True, False)
    assert item.steps[0].urgency == "emergency"
    assert (page.lines[0].max_length, page.title, page.state, page.live_revision) == (200, "Rugpijn", "none", 0)


def test_a_text_that_is_behind_shows_both_sources_in_words_and_its_older_translation(db: Database) -> None:
    entry = an_entry(db)
    translate(db, entry, "en", {"body.b1.text": "Rest for 2 days."})
    changed = [BODY[0], a_paragraph("Rust liever 2 dagen."), BODY[2]]
    save(db, entry, body=changed)
    found = line(db, entry, "body.b1.text")
    assert (found.freshness, found.text) == ("stale", "")
    assert found.older is not None
    assert (found.older.source, found.older.text) == ("Rust 2 dagen.", "Rest for 2 days.")
    assert found.older.change == (("same", "Rust "), ("new", "liever "), ("same", "2 dagen."))


def test_a_draft_stands_beside_what_readers_get(db: Database) -> None:
    entry = an_entry(db)
    translate(db, entry, "en", {"body.h1.text": "What helps"})
    translate(db, entry, "en", {"body.h1.text": "What will help"}, state="draft", now=later(hours=1))
    found = line(db, entry, "body.h1.text")
    assert (found.text, found.approved, found.state, found.is_done) == ("What will help", "What helps", "draft", False)


def test_the_page_shows_what_the_checks_say_and_what_was_waived(db: Database) -> None:
    entry = an_entry(db)
    translating.save(db, ENGLISH, entry, "en", {"body.b1.text": "Rest for 3 days."}, now=NOW)
    assert [finding.code for finding in line(db, entry, "body.b1.text").findings] == ["number"]


def test_what_was_waived_is_shown_beside_the_text_and_not_among_its_findings(db: Database) -> None:
    entry = create(db, "article", body=[a_paragraph("Blijf niet liggen.")])
    translating.save(db, ENGLISH, entry, "en", {"body.b1.text": "Keep moving."}, now=NOW)
    assert [finding.code for finding in line(db, entry, "body.b1.text").findings] == ["negation"]
    translating.waive(db, REVIEWER, entry, "en", "body.b1.text", "negation", "Says the same.", now=NOW)
    found = line(db, entry, "body.b1.text")
    assert found.findings == ()
    assert [(waiver.code, waiver.reason) for waiver in found.waived] == [("negation", "Says the same.")]


def test_terms_are_marked_in_the_source(db: Database) -> None:
    glossary.add(db, [Term("nl", "en", "rugpijn", "back pain", "preferred")])
    [place] = line(db, an_entry(db), "title").terms
    assert (place.start, place.end, place.term.target) == (0, 7, "back pain")


def test_the_memory_offers_the_very_text_on_the_page_and_others_when_asked(db: Database) -> None:
    other = create(db, "article", title="Rugpijn", body=[a_paragraph("Rust 2 lange dagen.")])
    translate(db, other, "en", {"title": "Back pain", "body.b1.text": "Rest for 2 long days."})
    entry = an_entry(db)
    assert [pair.target for pair in line(db, entry, "title").memory] == ["Back pain"]
    assert line(db, entry, "body.b1.text").memory == ()
    assert [offer.pair.target for offer in translating.offers_for(db, entry, "en", "body.b1.text")] == [
        "Rest for 2 long days."
    ]


def test_a_change_of_a_number_is_offered_and_taken_for_review_by_a_translator(db: Database) -> None:
    entry = an_entry(db)
    translate(db, entry, "en", {"body.b1.text": "Rest for 2 days."})
    save(db, entry, body=[BODY[0], a_paragraph("Rust 3 dagen."), BODY[2]])
    [offered] = line(db, entry, "body.b1.text").suggestions
    assert offered.text == "Rest for 3 days."
    translating.accept(db, ENGLISH, entry, "en", offered.id, now=NOW)
    found = line(db, entry, "body.b1.text")
    assert (found.text, found.state, found.suggestions) == ("Rest for 3 days.", "needs_review", ())


def test_who_may_approve_takes_an_offer_as_approved(db: Database) -> None:
    entry = an_entry(db)
    translate(db, entry, "en", {"body.b1.text": "Rest for 2 days."})
    save(db, entry, body=[BODY[0], a_paragraph("Rust 3 dagen."), BODY[2]])
    [offered] = line(db, entry, "body.b1.text").suggestions
    translating.accept(db, ADMIN, entry, "en", offered.id, now=NOW)
    assert line(db, entry, "body.b1.text").state == "approved"
    with pytest.raises(NotFound):
        translating.accept(db, ADMIN, entry, "en", offered.id, now=NOW)


def test_a_kept_suggestion_is_dismissed(db: Database) -> None:
    entry = an_entry(db)
    translate(db, entry, "en", {"title": "Back pain"})
    translations.save(db, entry, "en", {"title": "Pain in the back"}, by="x", now=NOW, origin="import")
    [offered] = line(db, entry, "title").suggestions
    translating.dismiss(db, ENGLISH, entry, "en", offered.id, now=NOW)
    assert line(db, entry, "title").suggestions == ()
    with pytest.raises(NotFound):
        translating.dismiss(db, ENGLISH, entry, "en", offered.id, now=NOW)


def test_the_source_has_no_translation_page(db: Database) -> None:
    with pytest.raises(Invalid):
        translating.page(db, an_entry(db), "nl")


# As one types


def test_texts_are_judged_as_one_types_and_not_saved(db: Database) -> None:
    entry = an_entry(db)
    before = everything(db)
    said = translating.check_texts(
        db, entry, "en", {"body.b1.text": "Rest for 3 days.", "title": "x" * 201, "body.h1.text": ""}
    )
    assert everything(db) == before
    assert [each.code for each in said["body.b1.text"] if isinstance(each, Finding)] == ["number"]
    assert [each.code for each in said["title"] if isinstance(each, Fault)] == ["too_long"]
    assert said["body.h1.text"] == ()


def test_a_text_of_no_segment_is_not_judged(db: Database) -> None:
    with pytest.raises(Invalid):
        translating.check_texts(db, an_entry(db), "en", {"body.b9.text": "x"})


def test_every_text_of_a_page_has_a_longest_length(db: Database) -> None:
    assert all(
        0 < each.max_length <= TextField.max_length * 40 for each in translating.page(db, an_entry(db), "en").lines
    )


# Saving


def test_a_save_is_a_draft_unless_somebody_may_approve(db: Database) -> None:
    entry = an_entry(db)
    outcomes = translating.save(db, ENGLISH, entry, "en", {"title": "Back pain"}, now=NOW)
    assert outcomes["title"].what == "saved"
    assert line(db, entry, "title").state == "draft"
    with pytest.raises(Forbidden) as caught:
        translating.save(
            db, ENGLISH, entry, "en", {"title": "Backache"}, now=NOW, seen={"title": "Back pain"}, state="approved"
        )
    assert caught.value.action == "translation.approve"
    translating.save(
        db, ADMIN, entry, "en", {"title": "Backache"}, now=NOW, seen={"title": "Back pain"}, state="approved"
    )
    assert line(db, entry, "title").state == "approved"


def test_the_audit_has_the_texts_before_and_after(db: Database) -> None:
    entry = an_entry(db)
    translating.save(db, ENGLISH, entry, "en", {"title": "Back pain"}, now=NOW)
    translating.save(db, ENGLISH, entry, "en", {"title": "Backache"}, now=NOW, seen={"title": "Back pain"})
    told = audit.entries(db)[0]
    assert (told.action, told.locale, told.before, told.after) == (
        "translation.save",
        "en",
        {"texts": {"title": "Back pain"}},
        {"state": "draft", "texts": {"title": "Backache"}},
    )


def test_the_same_again_is_not_audited(db: Database) -> None:
    entry = an_entry(db)
    for _ in range(2):
        translating.save(db, ENGLISH, entry, "en", {"title": "Back pain"}, now=NOW)
    assert len(audit.entries(db)) == 1


def test_two_translators_who_collide_lose_nothing(db: Database) -> None:
    entry = an_entry(db)
    translating.save(db, ENGLISH, entry, "en", {"title": "Back pain"}, now=NOW)
    with pytest.raises(TranslationClash) as caught:
        translating.save(db, ADMIN, entry, "en", {"title": "Backache"}, now=NOW, seen={})
    assert [(clash.theirs, clash.by) for clash in caught.value.clashes] == [("Back pain", "Ed Translator")]
    assert line(db, entry, "title").text == "Back pain"


def every_act(db: Database, actor: Actor, entry: str, locale: str) -> list[Callable[[], Any]]:
    return [
        lambda: translating.save(db, actor, entry, locale, {"title": "x"}, now=NOW),
        lambda: translating.approve(db, actor, entry, locale, now=NOW),
        lambda: translating.waive(db, actor, entry, locale, "title", "length", "x", now=NOW),
        lambda: translating.accept(db, actor, entry, locale, "x", now=NOW),
        lambda: translating.dismiss(db, actor, entry, locale, "x", now=NOW),
        lambda: translating.upload(db, actor, entry, locale, b"", now=NOW),
        lambda: translating.download(db, actor, entry, locale),
        lambda: translating.machine(db, actor, entry, locale, translator=Reverser(), now=NOW),
    ]


def test_a_translator_of_turkish_cannot_touch_polish(db: Database) -> None:
    entry = an_entry(db)
    before = everything(db)
    for act in every_act(db, TURKISH, entry, "pl"):
        with pytest.raises(Forbidden):
            act()
    assert (everything(db), audit.entries(db)) == (before, [])


def test_an_archived_entry_is_not_translated(db: Database) -> None:
    entry = an_entry(db)
    translate(db, entry, "en", {"title": "Back pain"}, state="draft")
    writing.archive(db, EDITOR, entry, now=NOW, site=SITE)
    for act in (
        lambda: translating.save(db, ADMIN, entry, "en", {"title": "x"}, now=NOW),
        lambda: translating.approve(db, ADMIN, entry, "en", now=NOW),
    ):
        with pytest.raises(Refused):
            act()


# Approving


def test_a_reviewer_approves_what_nothing_stands_against(db: Database) -> None:
    entry = an_entry(db)
    texts = {"title": "Back pain", "body.b1.text": "Rest for 3 days."}
    translating.save(db, ENGLISH, entry, "en", texts, now=NOW, state="needs_review")
    with pytest.raises(Refused):
        translating.approve(db, REVIEWER, entry, "en", now=NOW)
    assert translating.approve(db, REVIEWER, entry, "en", ["title"], now=NOW) == ["title"]
    assert audit.entries(db)[0].after == {"paths": ["title"]}
    assert translating.approve(db, REVIEWER, entry, "en", ["title"], now=NOW) == []
    assert len(audit.entries(db)) == 2


# Exchange


def test_a_file_goes_out_and_comes_back(db: Database) -> None:
    entry = an_entry(db)
    sent = translating.download(db, ENGLISH, entry, "en", format="csv")
    filled = sent.replace(b"Rugpijn,,", b"Rugpijn,Back pain,")
    assert filled != sent
    tried = translating.upload(db, ENGLISH, entry, "en", filled, now=NOW, name="en.csv", dry_run=True)
    assert (tried.counts["accepted"], line(db, entry, "title").text, audit.entries(db)) == (1, "", [])
    translating.upload(db, ENGLISH, entry, "en", filled, now=NOW, name="en.csv")
    assert (line(db, entry, "title").text, line(db, entry, "title").state) == ("Back pain", "needs_review")
    [told] = audit.entries(db)
    assert (told.action, told.note, told.after["counts"]["accepted"]) == ("translation.import", "en.csv", 1)


def test_a_file_about_another_entry_is_not_taken(db: Database) -> None:
    one, other = an_entry(db), create(db, "article", **an_article(title="Nekpijn"))
    sent = translating.download(db, ENGLISH, other, "en", format="csv")
    with pytest.raises(Invalid) as caught:
        translating.upload(db, ENGLISH, one, "en", sent, now=NOW)
    assert [problem.code for problem in caught.value.problems] == ["other_entry"]


def test_a_file_that_names_no_entry_is_reported_unit_by_unit(db: Database) -> None:
    entry = an_entry(db)
    data = b'msgid ""\nmsgstr "Language: en\\n"\n\nmsgid "Rugpijn"\nmsgstr "Back pain"\n'
    report = translating.upload(db, ENGLISH, entry, "en", data, now=NOW, dry_run=True)
    assert report.counts == {"unknown": 1}


def test_a_translator_cannot_import_as_approved(db: Database) -> None:
    entry = an_entry(db)
    with pytest.raises(Forbidden):
        translating.upload(db, ENGLISH, entry, "en", b"", now=NOW, state="approved")


# By machine


LIMITS = Limits(texts=2, bytes=10_000)


@dataclass(frozen=True)
class Reverser:
    """A service that answers with a fixed text, or fails."""

    fails: bool = False
    name: str = "reverser"
    limits: Limits = LIMITS

    def translate(self, texts: Sequence[Text], source: str, target: str, terms: Sequence[Term]) -> list[str]:
        if self.fails:
            raise MachineUnavailable(self.name)
        return [f"<b>{text.markup}</b>" if "<" in text.markup else f"EN {text.markup}" for text in texts]

    def estimate(self, characters: int) -> Cost:
        return Cost(characters)


def test_what_a_machine_gives_waits_for_review_and_is_audited(db: Database) -> None:
    entry = an_entry(db)
    assert translating.plan(db, ENGLISH, entry, "en").characters > 0
    done = translating.machine(db, ENGLISH, entry, "en", translator=Reverser(), now=NOW)
    assert done.failure is None
    assert {each.origin for each in translating.page(db, entry, "en").lines} == {"machine"}
    assert "approved" not in {each.state for each in translating.page(db, entry, "en").lines}
    [told] = audit.entries(db)
    assert (told.action, told.after["service"], told.after["failure"]) == ("translation.machine", "reverser", "")


def test_a_machine_that_fails_is_audited_too(db: Database) -> None:
    entry = published(db, "topic")
    translating.machine(db, ENGLISH, entry, "en", translator=Reverser(fails=True), now=NOW)
    assert audit.entries(db)[0].after["failure"] == "machine_unavailable"
