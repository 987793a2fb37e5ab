"""A translation is kept by the source text that it was made from; freshness is derived from that alone."""

from typing import Any

import pytest

from cms.content import revisions
from cms.errors import Clash, Invalid, NotFound, TranslationClash
from cms.localize import suggestions, translations
from cms.localize.translations import ORIGINS, UNASKED, Outcome
from cms.store import Database
from tests.builders import BY, NOW, a_paragraph, create, cut, everything, later, save, translate


def freshness(db: Database, entry: str, locale: str = "en") -> dict[str, str]:
    found = translations.match(cut(db, entry), translations.approved(db, entry, locale))
    return {path: rendering.freshness for path, rendering in found.items()}


def shown(db: Database, entry: str, path: str, locale: str = "en") -> str | None:
    found = translations.match(cut(db, entry), translations.approved(db, entry, locale))[path]
    return found.translation and found.translation.text


def test_without_a_translation_a_segment_is_missing(db: Database) -> None:
    entry = create(db, "article")
    assert freshness(db, entry) == {"title": "missing", "body.b1.text": "missing"}


def test_a_translation_of_this_very_text_is_current(db: Database) -> None:
    entry = create(db, "article")
    translate(db, entry, texts={"title": "Back pain"})
    assert freshness(db, entry) == {"title": "current", "body.b1.text": "missing"}
    assert shown(db, entry, "title") == "Back pain"


def test_a_translation_of_an_older_text_is_stale_and_still_there(db: Database) -> None:
    entry = create(db, "article")
    translate(db, entry, texts={"title": "Back pain"})
    save(db, entry, title="Rugpijn")
    assert freshness(db, entry)["title"] == "stale"
    assert shown(db, entry, "title") == "Back pain"


def test_putting_the_source_back_makes_its_translation_current_again(db: Database) -> None:
    entry = create(db, "article")
    translate(db, entry, texts={"title": "Back pain"})
    save(db, entry, title="Rugpijn")
    translate(db, entry, texts={"title": "Spine pain"}, now=later(days=1))
    save(db, entry, title="Door je rug gaan")
    assert (freshness(db, entry)["title"], shown(db, entry, "title")) == ("current", "Back pain")


def test_the_newest_of_the_older_translations_is_the_stale_one(db: Database) -> None:
    entry = create(db, "article", title="een")
    for day, title in enumerate(("een", "twee")):
        save(db, entry, title=title)
        translate(db, entry, texts={"title": f"[{title}]"}, now=later(days=day))
    save(db, entry, title="drie")
    assert shown(db, entry, "title") == "[twee]"


def test_moving_a_block_makes_nothing_stale(db: Database) -> None:
    entry = create(db, "article", body=[a_paragraph("een", "b1"), a_paragraph("twee", "b2")])
    translate(db, entry)
    save(db, entry, body=[a_paragraph("twee", "b2"), a_paragraph("een", "b1")])
    assert set(freshness(db, entry).values()) == {"current"}


@pytest.mark.parametrize(
    ("state", "found"), [("approved", "current"), ("needs_review", "missing"), ("draft", "missing")]
)
def test_only_what_is_approved_counts(db: Database, state: str, found: str) -> None:
    entry = create(db, "article")
    translate(db, entry, texts={"title": "Back pain"}, state=state)
    assert freshness(db, entry)["title"] == found


def test_locales_know_nothing_of_each_other(db: Database) -> None:
    entry = create(db, "article")
    translate(db, entry, "en")
    translate(db, entry, "tr", {"title": "Bel"})
    assert shown(db, entry, "title", "tr") == "Bel"
    assert freshness(db, entry, "tr")["body.b1.text"] == "missing"
    assert set(freshness(db, entry, "en").values()) == {"current"}


def test_a_translation_may_be_made_from_an_earlier_revision(db: Database) -> None:
    entry = create(db, "article")
    save(db, entry, title="Rugpijn")
    translate(db, entry, texts={"title": "Back pain"}, revision=1)
    [kept] = translations.approved(db, entry, "en")
    assert (kept.source, kept.revision, freshness(db, entry)["title"]) == ("Door je rug gaan", 1, "stale")


@pytest.mark.parametrize("origin", ORIGINS)
def test_a_translation_says_who_made_it_and_how(db: Database, origin: str) -> None:
    entry = create(db, "article")
    translate(db, entry, texts={"title": " Back pain\r\n"}, origin=origin)
    [kept] = translations.approved(db, entry, "en")
    assert (kept.text, kept.origin, kept.saved_by, kept.source_hash) == (
        "Back pain",
        origin,
        BY,
        cut(db, entry)[0].source_hash,
    )


@pytest.mark.parametrize(
    ("texts", "locale", "problem"),
    [
        ({"subtitle": "x"}, "en", ("/subtitle", "no_such_segment")),
        ({"body.b9.text": "x"}, "en", ("/body.b9.text", "no_such_segment")),
        ({"title": " "}, "en", ("/title", "blank")),
        ({"slug": "Back Pain"}, "en", ("/slug", "not_a_slug")),
        ({"title": "x"}, "nl", ("/locale", "is_source_locale")),
    ],
)
def test_what_cannot_be_a_translation_is_refused(
    db: Database, texts: dict[str, str], locale: str, problem: tuple[str, str]
) -> None:
    entry = create(db, "article")
    before = everything(db)
    with pytest.raises(Invalid) as caught:
        translate(db, entry, locale, {"body.b1.text": "Keep moving.", **texts})
    assert [(found.pointer, found.code) for found in caught.value.problems] == [problem]
    assert everything(db) == before


@pytest.mark.parametrize("options", [{"entry": "0198c0de-0000-7000-8000-000000000000"}, {"revision": 9}])
def test_what_is_not_there_cannot_be_translated(db: Database, options: dict[str, Any]) -> None:
    entry = create(db, "article")
    with pytest.raises(NotFound):
        translations.save(
            db, options.get("entry", entry), "en", {"title": "x"}, by=BY, now=NOW, revision=options.get("revision", 0)
        )


def test_a_locale_has_a_slug_of_its_own_that_is_no_segment(db: Database) -> None:
    entry = create(db, "article")
    translate(db, entry, texts={"slug": "back-pain"})
    assert (translations.slug(db, entry, "en"), translations.slug(db, entry, "tr")) == ("back-pain", "")
    assert translations.approved(db, entry, "en") == []


def test_a_slug_never_goes_stale(db: Database) -> None:
    entry = create(db, "article")
    translate(db, entry, texts={"slug": "back-pain"})
    save(db, entry, title="Anders")
    assert translations.slug(db, entry, "en") == "back-pain"


def test_translating_changes_no_source(db: Database) -> None:
    entry = create(db, "article")
    before = revisions.latest(db, entry)
    translate(db, entry)
    assert revisions.latest(db, entry) == before


def test_a_draft_stands_beside_the_approved_text_until_it_is_approved(db: Database) -> None:
    entry = create(db, "article")
    translate(db, entry, texts={"title": "Back pain"})
    translate(db, entry, texts={"title": "Spine pain"}, state="draft", now=later(days=1))
    assert shown(db, entry, "title") == "Back pain"
    assert [each.text for each in translations.working(db, entry, "en")] == ["Spine pain"]
    assert translations.approve(db, entry, "en", ["title"], by=BY, now=later(days=2)) == ["title"]
    assert shown(db, entry, "title") == "Spine pain"
    assert translations.approve(db, entry, "en", [], by=BY, now=later(days=2)) == []


def test_of_two_translators_the_second_is_shown_what_the_first_wrote(db: Database) -> None:
    entry = create(db, "article")
    translations.save(db, entry, "en", {"title": "Back pain"}, by="els", now=NOW)
    before = everything(db)
    with pytest.raises(TranslationClash) as caught:
        translations.save(db, entry, "en", {"title": "Spine pain", "body.b1.text": "Move."}, by="jan", now=NOW)
    assert caught.value.clashes == (Clash("title", "Back pain", "Spine pain", "els"),)
    assert everything(db) == before


@pytest.mark.parametrize("origin", UNASKED)
def test_what_nobody_chose_becomes_a_suggestion_where_a_person_translated(db: Database, origin: str) -> None:
    entry = create(db, "article")
    translate(db, entry, texts={"title": "Back pain"})
    outcome = translations.save(db, entry, "en", {"title": "Spine pain"}, by="robot", now=NOW, origin=origin)
    assert outcome == {"title": Outcome("suggested")}
    assert shown(db, entry, "title") == "Back pain"
    assert [(each.path, each.text, each.origin) for each in suggestions.open_for(db, entry, "en")] == [
        ("title", "Spine pain", origin)
    ]


@pytest.mark.parametrize("origin", UNASKED)
def test_what_nobody_chose_is_never_approved_for_critical_advice(db: Database, origin: str) -> None:
    entry = create(db, "article", body=[a_paragraph("Bel 112.", critical=True)])
    outcome = translations.save(db, entry, "en", {"body.b1.text": "Call 112."}, by="robot", now=NOW, origin=origin)
    assert outcome == {"body.b1.text": Outcome("held")}
    assert freshness(db, entry)["body.b1.text"] == "missing"
    assert [each.state for each in translations.working(db, entry, "en")] == ["needs_review"]
