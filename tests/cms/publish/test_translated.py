"""A reader is never given outdated or missing advice in translation without being told."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from cms.content.identity import stamp
from cms.errors import Refused
from cms.localize import translations
from cms.publish import documents, events
from cms.publish.refresh import drain, rebuild
from cms.store import Database
from tests.builders import (
    BY,
    NOW,
    SITE,
    a_paragraph,
    document,
    event_types,
    later,
    publish,
    published,
    rows,
    save,
    translate,
    unpublish,
)

STAY, CALL = "Blijf bewegen.", "Bel 112."


def an_article_in(db: Database, locale: str = "en", **fields: Any) -> str:
    """Publish an article with a plain and a critical paragraph, in Dutch and in translation."""
    body = [a_paragraph(STAY, "b1"), a_paragraph(CALL, "b2", urgency="emergency")]
    entry = published(db, "article", **{"body": body, **fields})
    translate(db, entry, locale)
    publish(db, entry, locale)
    return entry


def rewrite(db: Database, entry: str, day: int = 1, **fields: Any) -> int:
    """Publish the source with these fields; return the number of the event before."""
    seq = events.latest(db)
    save(db, entry, now=later(days=day), **fields)
    publish(db, entry, now=later(days=day))
    return seq


def body(plain: str = STAY, critical: str = CALL, **more: str) -> list[dict[str, Any]]:
    blocks = [a_paragraph(plain, "b1"), a_paragraph(critical, "b2", urgency="emergency")]
    return blocks + [a_paragraph(text, id) for id, text in more.items()]


def block(db: Database, entry: str, id: str, locale: str = "en") -> dict[str, Any]:
    return next(found for found in document(db, entry, locale)["body"] if found["id"] == id)


def refusal(act: Callable[[], Any]) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        act()
    return [(reason.pointer, reason.code) for reason in caught.value.reasons]


# Publishing a locale


def test_a_locale_names_all_that_is_missing_or_stale_before_it_is_published(db: Database) -> None:
    entry = published(db, "article", body=[a_paragraph(STAY, "b1"), a_paragraph(CALL, "b2")])
    translate(db, entry, texts={"title": "Back", "body.b1.text": "Move."})
    rewrite(db, entry, title="Anders")
    assert refusal(lambda: publish(db, entry, "en")) == [("/title", "stale"), ("/body.b2.text", "untranslated")]


@pytest.mark.parametrize("state", ["draft", "needs_review"])
def test_what_nobody_approved_is_not_shown(db: Database, state: str) -> None:
    entry = published(db, "article")
    translate(db, entry, state=state)
    assert refusal(lambda: publish(db, entry, "en")) == [("/title", "unreviewed"), ("/body.b1.text", "unreviewed")]


def test_a_draft_does_not_touch_what_readers_have(db: Database) -> None:
    entry = an_article_in(db)
    before = document(db, entry, "en")
    translate(db, entry, texts={"title": "Ontwerp"}, state="draft", now=later(days=1))
    rebuild(db, SITE, later(days=2))
    assert document(db, entry, "en") == before


def test_a_translation_needs_a_source_that_is_published(db: Database) -> None:
    entry = published(db, "article")
    translate(db, entry)
    unpublish(db, entry, "nl", now=NOW)
    assert refusal(lambda: publish(db, entry, "en")) == [("/locale", "source_not_published")]


def test_a_translation_is_of_the_revision_that_is_live(db: Database) -> None:
    entry = published(db, "article")
    translate(db, entry)
    save(db, entry, title="Nog niet gepubliceerd")
    publish(db, entry, "en")
    assert (document(db, entry, "en")["version"], document(db, entry, "en")["title"]) == (1, "[en] Door je rug gaan")


def test_a_translation_that_is_current_says_so(db: Database) -> None:
    entry = an_article_in(db)
    found = document(db, entry, "en")
    assert found["translation"] == {
        "source_locale": "nl",
        "source_revision": 1,
        "translated_from": 1,
        "revisions_behind": 0,
        "state": "approved",
        "freshness": "current",
        "stale_blocks": [],
        "stale_fields": [],
        "stale_since": None,
        "origin": "human",
    }
    assert [(each["id"], each["html"]) for each in found["body"]] == [("b1", f"[en] {STAY}"), ("b2", f"[en] {CALL}")]
    assert not any("lang" in each or "freshness" in each for each in found["body"])


def test_the_source_says_that_it_is_the_source(db: Database) -> None:
    entry = an_article_in(db)
    found = document(db, entry)["translation"]
    assert (found["freshness"], found["translated_from"], found["stale_blocks"]) == ("source", 1, [])


@pytest.mark.parametrize(("locale", "direction"), [("ar", "rtl"), ("tr", "ltr")])
def test_a_document_runs_in_the_direction_of_its_language(db: Database, locale: str, direction: str) -> None:
    entry = an_article_in(db, locale)
    assert (document(db, entry, locale)["dir"], document(db, entry)["dir"]) == (direction, "ltr")


def test_every_locale_names_the_others(db: Database) -> None:
    entry = an_article_in(db)
    translate(db, entry, "ar")
    publish(db, entry, "ar")
    named = {
        locale: [(found["locale"], found["freshness"]) for found in document(db, entry, locale)["alternates"]]
        for locale in ("nl", "en", "ar")
    }
    assert named == {
        "nl": [("ar", "current"), ("en", "current")],
        "en": [("ar", "current"), ("nl", "source")],
        "ar": [("en", "current"), ("nl", "source")],
    }


def test_publishing_a_locale_leaves_the_texts_of_the_others(db: Database) -> None:
    entry = an_article_in(db)
    translate(db, entry, "ar")
    before = [row for row in rows(db, "translation") if row["locale"] == "en"]
    shown = document(db, entry, "en")
    publish(db, entry, "ar", now=later(days=1))
    assert [row for row in rows(db, "translation") if row["locale"] == "en"] == before
    assert document(db, entry, "en") | {"alternates": []} == shown | {"alternates": []}


@pytest.mark.parametrize(
    ("origins", "told"),
    [(["human", "human"], "human"), (["human", "memory"], "memory"), (["machine", "human"], "machine")],
)
def test_a_document_tells_the_most_doubtful_origin(db: Database, origins: list[str], told: str) -> None:
    entry = published(db, "article")
    for path, origin in zip(("title", "body.b1.text"), origins, strict=True):
        translate(db, entry, texts={path: "x"}, origin=origin)
    publish(db, entry, "en")
    assert document(db, entry, "en")["translation"]["origin"] == told


# When the source moves on


@pytest.mark.parametrize(
    ("after", "id", "shown", "marks", "event"),
    [
        (body(plain="Beweeg rustig."), "b1", f"[en] {STAY}", {"freshness": "stale"}, "translation.stale"),
        (body(b3="Erbij."), "b3", "Erbij.", {"freshness": "missing", "lang": "nl", "dir": "ltr"}, "translation.stale"),
        (body(critical="Bel 112 nu."), "b2", "Bel 112 nu.",
         {"freshness": "stale", "lang": "nl", "dir": "ltr", "notice": "changed on 2 March 2026"},
         "translation.stale.critical"),
        ([*body(), a_paragraph("Niet tillen.", "b4", critical=True)], "b4", "Niet tillen.",
         {"freshness": "missing", "lang": "nl", "dir": "ltr", "notice": "not been translated"},
         "translation.stale.critical"),
    ],
    ids=["stale", "missing", "stale and critical", "missing and critical"],
)  # fmt: skip
def test_a_block_that_is_behind_is_shown_by_the_rule_and_marked(
    db: Database, after: list[dict[str, Any]], id: str, shown: str, marks: dict[str, str], event: str
) -> None:
    entry = an_article_in(db)
    seq = rewrite(db, entry, body=after)
    found = block(db, entry, id)
    assert found["html"] == shown
    assert marks.get("notice", "") in found.get("notice", "")
    marked = {name: found[name] for name in ("freshness", "lang", "dir", "notice") if name in found}
    assert marked == {**marks, **({"notice": found["notice"]} if "notice" in marks else {})}
    translation = document(db, entry, "en")["translation"]
    assert translation == {
        "source_locale": "nl",
        "source_revision": 2,
        "translated_from": 1,
        "revisions_behind": 1,
        "state": "approved",
        "freshness": "stale",
        "stale_blocks": [id],
        "stale_fields": [],
        "stale_since": stamp(later(days=1)),
        "origin": "human",
    }
    assert sorted(event_types(db, entry, seq)) == sorted(["edition.published", "edition.updated", event])


def test_other_blocks_stay_as_they_were(db: Database) -> None:
    entry = an_article_in(db)
    before = block(db, entry, "b1")
    rewrite(db, entry, body=body(critical="Bel 112 nu."))
    assert block(db, entry, "b1") == before


def test_a_field_that_is_behind_is_named(db: Database) -> None:
    entry = an_article_in(db)
    rewrite(db, entry, title="Anders", summary="Nieuw.")
    found = document(db, entry, "en")
    assert (found["title"], sorted(found["translation"]["stale_fields"])) == (
        "[en] Door je rug gaan",
        ["summary", "title"],
    )


def test_a_source_that_says_the_same_leaves_a_translation_current(db: Database) -> None:
    entry = an_article_in(db)
    seq = rewrite(db, entry, body=list(reversed(body())), last_reviewed="2026-02-01")
    translation = document(db, entry, "en")["translation"]
    assert (translation["freshness"], translation["translated_from"], translation["revisions_behind"]) == (
        "current",
        2,
        0,
    )
    assert not [kind for kind in event_types(db, entry, seq) if kind.startswith("translation.")]


def test_putting_the_source_back_makes_the_translation_current_again(db: Database) -> None:
    entry = an_article_in(db)
    before = document(db, entry, "en")
    rewrite(db, entry, body=body(critical="Bel 112 nu."))
    rewrite(db, entry, day=2, body=body())
    after = document(db, entry, "en")
    assert after["body"] == before["body"]
    assert (after["translation"]["freshness"], after["translation"]["stale_since"]) == ("current", None)


def test_translating_what_is_behind_makes_it_current_when_it_is_published(db: Database) -> None:
    entry = an_article_in(db)
    rewrite(db, entry, body=body(critical="Bel 112 nu."))
    translate(db, entry, texts={"body.b2.text": "Call 112 now."}, now=later(days=2))
    publish(db, entry, "en", now=later(days=2))
    assert block(db, entry, "b2")["html"] == "Call 112 now."
    assert document(db, entry, "en")["translation"]["stale_since"] is None
    assert [each["freshness"] for each in document(db, entry)["alternates"]] == ["current"]


def test_the_day_since_when_it_is_behind_is_kept(db: Database) -> None:
    entry = an_article_in(db)
    rewrite(db, entry, title="Twee")
    rewrite(db, entry, day=2, title="Drie")
    translation = document(db, entry, "en")["translation"]
    assert (translation["stale_since"], translation["revisions_behind"]) == (stamp(later(days=1)), 2)


def test_that_a_locale_is_behind_is_told_once(db: Database) -> None:
    entry = an_article_in(db)
    rewrite(db, entry, title="Twee")
    seq = rewrite(db, entry, day=2, title="Drie")
    rebuild(db, SITE, later(days=3))
    assert "translation.stale" not in event_types(db, entry, seq)


def test_that_critical_advice_is_behind_is_told_also_where_lesser_things_were_before(db: Database) -> None:
    entry = an_article_in(db)
    rewrite(db, entry, title="Twee")
    seq = rewrite(db, entry, day=2, body=body(critical="Bel 112 nu."))
    rewrite(db, entry, day=3, title="Drie")
    rebuild(db, SITE, later(days=4))
    assert event_types(db, entry, seq).count("translation.stale.critical") == 1
    seq = rewrite(db, entry, day=5, body=body(critical="Bel 112 meteen."))
    assert event_types(db, entry, seq).count("translation.stale.critical") == 1


def test_readers_of_other_locales_are_told_that_one_is_behind(db: Database) -> None:
    entry = an_article_in(db)
    rewrite(db, entry, body=body(plain="Beweeg rustig."))
    assert [each["freshness"] for each in document(db, entry)["alternates"]] == ["stale"]


def test_critical_advice_inside_an_answer_is_not_shown_outdated(db: Database) -> None:
    def faq(text: str) -> list[dict[str, Any]]:
        answer = [a_paragraph(text, "n1", urgency="urgent_today")]
        return [{"id": "f1", "type": "faq", "items": [{"id": "q1", "question": "Wanneer bel ik?", "answer": answer}]}]

    entry = an_article_in(db, body=faq("Bel na een week."))
    rewrite(db, entry, body=faq("Bel vandaag."))
    found = block(db, entry, "f1")
    assert (found["items"][0]["answer"][0]["html"], found["lang"], "notice" in found) == ("Bel vandaag.", "nl", True)


def test_a_reader_of_arabic_gets_the_notice_in_arabic_and_the_text_left_to_right(db: Database) -> None:
    entry = an_article_in(db, "ar")
    rewrite(db, entry, body=body(critical="Bel 112 nu."))
    found = block(db, entry, "b2", "ar")
    assert (found["html"], found["lang"], found["dir"]) == ("Bel 112 nu.", "nl", "ltr")
    assert "الهولندية" in found["notice"]
    assert "notice_lang" not in found


def test_a_notice_in_another_language_says_so(db: Database) -> None:
    site = replace(SITE, locales=(*SITE.locales, "sv"))
    entry = published(db, "article", body=body())
    translate(db, entry, "sv")
    publish(db, entry, "sv", site=site)
    save(db, entry, body=body(critical="Bel 112 nu."))
    publish(db, entry, site=site)
    assert block(db, entry, "b2", "sv")["notice_lang"] == "en"


TABLE = {
    "id": "t1",
    "type": "table",
    "columns": [{"id": "c1", "text": "Dag"}],
    "rows": [{"id": "r1", "cells": [{"id": "e1", "text": "Maandag"}]}],
}


def test_within_a_block_only_what_is_not_translated_is_marked(db: Database) -> None:
    def steps(*texts: str) -> list[dict[str, Any]]:
        return [{"id": "s1", "type": "steps", "items": [{"id": f"i{n}", "text": t} for n, t in enumerate(texts)]}]

    entry = an_article_in(db, "ar", body=steps("Een", "Twee"))
    rewrite(db, entry, body=steps("Een", "Twee", "Drie"))
    found = block(db, entry, "s1", "ar")
    assert (found["freshness"], "lang" in found) == ("stale", False)
    assert [(item["html"], item.get("lang"), item.get("dir")) for item in found["items"]] == [
        ("[ar] Een", None, None),
        ("[ar] Twee", None, None),
        ("Drie", "nl", "ltr"),
    ]


def test_what_is_translated_within_a_block_that_is_not_is_marked_back(db: Database) -> None:
    entry = an_article_in(db, "ar", body=[TABLE])
    rewrite(db, entry, body=[{**TABLE, "caption": "Rooster"}])
    found = block(db, entry, "t1", "ar")
    assert (found["caption"], found["lang"], found["dir"]) == ("Rooster", "nl", "ltr")
    [column], [cell] = found["columns"], found["rows"][0]["cells"]
    assert (column["html"], column["lang"], column["dir"]) == ("[ar] Dag", "ar", "rtl")
    assert (cell["html"], cell["lang"], cell["dir"]) == ("[ar] Maandag", "ar", "rtl")


def test_a_block_of_which_one_text_is_missing_speaks_the_source_language_as_a_whole(db: Database) -> None:
    figure = {"id": "f1", "type": "figure", "image": {"src": "/m.svg"}, "alt": "Een rug"}
    entry = an_article_in(db, body=[figure])
    rewrite(db, entry, body=[{**figure, "caption": "Zo doet u het"}])
    found = block(db, entry, "f1")
    assert (found["alt"], found["caption"], found["lang"]) == ("Een rug", "Zo doet u het", "nl")


# The address of a translation


def test_a_translation_is_served_under_a_slug_of_its_own_language(db: Database) -> None:
    entry = published(db, "article")
    translate(db, entry, texts={"title": "Back pain", "body.b1.text": "Move."})
    assert publish(db, entry, "en").slug == "back-pain"
    assert [each["slug"] for each in document(db, entry)["alternates"]] == ["back-pain"]


def test_a_new_slug_of_a_translation_moves_it_without_a_new_revision(db: Database) -> None:
    entry = an_article_in(db)
    before = document(db, entry, "en")["slug"]
    translate(db, entry, texts={"slug": "hurt-your-back"})
    seq = events.latest(db)
    publish(db, entry, "en", now=later(days=1))
    moved = documents.read(db, "en", "article", before)
    assert moved and (moved.status, moved.location) == (301, "hurt-your-back")
    assert event_types(db, entry, seq) == ["edition.moved", "edition.updated"]
    assert [each["slug"] for each in document(db, entry)["alternates"]] == ["hurt-your-back"]


def test_the_address_of_a_translation_stays_when_the_source_moves(db: Database) -> None:
    entry = an_article_in(db)
    before = document(db, entry, "en")["slug"]
    rewrite(db, entry, slug="heel-anders", title="Heel anders")
    assert document(db, entry, "en")["slug"] == before


# Policies


def test_a_site_may_leave_critical_advice_out_and_say_so(db: Database) -> None:
    site = replace(SITE, policies={"article": "omit"})
    entry = an_article_in(db)
    save(db, entry, body=body(critical="Bel 112 nu."))
    publish(db, entry, site=site)
    found = block(db, entry, "b2")
    said = found.pop("notice")
    kept = {"id": "b2", "type": "paragraph", "urgency": "emergency", "freshness": "stale"}
    assert found == {**kept, "html": "", "omitted": True}
    assert said and "Bel 112" not in said


def test_a_site_may_take_a_locale_down_until_critical_advice_is_translated(db: Database) -> None:
    site = replace(SITE, policies={"article/en": "withdraw"})
    entry = an_article_in(db)
    translate(db, entry, "ar")
    publish(db, entry, "ar")
    save(db, entry, body=body(critical="Bel 112 nu."))
    publish(db, entry, site=site)
    standing = {locale: documents.read(db, locale, "article", entry) for locale in ("nl", "en", "ar")}
    assert {locale: found and found.status for locale, found in standing.items()} == {"nl": 200, "en": 410, "ar": 200}
    assert document(db, entry, "en")["replacement"]["locale"] == "nl"
    translate(db, entry, "en", {"body.b2.text": "Call 112 now."}, now=later(days=1))
    publish(db, entry, "en", now=later(days=1), site=site)
    assert block(db, entry, "b2")["html"] == "Call 112 now."


def test_an_approved_text_reaches_the_readers_of_a_live_locale(db: Database) -> None:
    article = published(db, "article", body=[a_paragraph("Blijf bewegen.")])
    translate(db, article, "en")
    publish(db, article, "en")
    save(db, article, body=[a_paragraph("Blijf rustig bewegen.")])
    publish(db, article)
    assert document(db, article, "en")["translation"]["freshness"] == "stale"
    translations.save(db, article, "en", {"body.b1.text": "Keep moving gently."}, by=BY, now=later(days=1))
    assert document(db, article, "en")["translation"]["freshness"] == "stale"
    drain(db, SITE, later(days=1))
    assert document(db, article, "en")["body"][0]["html"] == "Keep moving gently."
    assert document(db, article, "en")["translation"]["freshness"] == "current"


def test_a_text_made_from_an_unpublished_draft_does_not_stand_in_for_the_live_one(db: Database) -> None:
    article = published(db, "article", body=[a_paragraph("Blijf bewegen.")])
    translate(db, article, "en")
    publish(db, article, "en")
    before = document(db, article, "en")["body"]
    save(db, article, body=[a_paragraph("Neem rust.")])
    translations.save(db, article, "en", {"body.b1.text": "Take rest."}, by=BY, now=later(days=1))
    drain(db, SITE, later(days=1))
    assert document(db, article, "en")["body"] == before
