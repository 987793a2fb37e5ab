"""What an entry lacks is asked of a machine; what it gives waits for a person."""

import time
from collections.abc import Sequence
from typing import Any

import pytest

from cms.errors import Invalid, MachineQuota, NotFound, Refused
from cms.localize import glossary, suggestions, translations
from cms.localize.exchange.units import Value
from cms.localize.glossary import Term
from cms.localize.machine import Cost, Limits, Nobody, Text, Translator, translating
from cms.localize.machine.checking import checker
from cms.localize.machine.deepl import DeepL
from cms.localize.machine.libretranslate import LibreTranslate
from cms.localize.machine.translating import Done, batches
from cms.store import Database
from tests.builders import BY, NOW, a_paragraph, create, document, later, publish, published, save, translate
from tests.cms.localize.machine.services import Reply, Service

BODY = [
    a_paragraph("Blijf *rustig* bewegen.", "b1"),
    a_paragraph("Bel 112 bij [gevoelloosheid](https://example.org/x).", "b2", urgency="emergency"),
]


def unchecked(value: Value, text: str) -> Sequence[Any]:
    """Find nothing: the local services translate nothing."""
    return ()


def ask(db: Database, machine: Translator, entry: str, locale: str = "en", only: str = "") -> Done:
    plan = translating.plan(db, entry, locale, only=only)
    return translating.translate(db, machine, plan, by="machine", now=NOW, check=unchecked)


def ask_checked(db: Database, machine: Translator, entry: str, locale: str = "en") -> Done:
    plan = translating.plan(db, entry, locale)
    return translating.translate(db, machine, plan, by="machine", now=NOW, check=checker(plan))


def outcomes(done: Done) -> dict[str, str]:
    return {result.path: result.outcome for result in done.results}


def states(db: Database, entry: str, locale: str = "en") -> dict[str, tuple[str, str]]:
    return {each.path: (each.state, each.origin) for each in translations.working(db, entry, locale)}


def texts(db: Database, entry: str, locale: str = "en") -> dict[str, str]:
    return {each.path: each.text for each in translations.working(db, entry, locale)}


def test_all_that_is_missing_is_asked_and_waits_for_review(db: Database, at_deepl: DeepL) -> None:
    entry = create(db, "article", body=BODY)
    done = ask(db, at_deepl, entry)
    assert outcomes(done) == {"title": "saved", "body.b1.text": "saved", "body.b2.text": "saved"}
    assert set(states(db, entry).values()) == {("needs_review", "machine")}
    assert texts(db, entry)["body.b1.text"] == "[EN-GB] Blijf *rustig* bewegen."
    assert texts(db, entry)["body.b2.text"] == "[EN-GB] Bel 112 bij [gevoelloosheid](https://example.org/x)."
    assert translations.approved(db, entry, "en") == []


def test_libretranslate_gives_the_same(db: Database, at_libre: LibreTranslate) -> None:
    entry = create(db, "article", title="Pijn < 6 weken & meer", body=BODY)
    ask(db, at_libre, entry)
    assert texts(db, entry)["title"] == "[en] Pijn < 6 weken & meer"
    assert texts(db, entry)["body.b1.text"] == "[en] Blijf *rustig* bewegen."


def test_readers_get_nothing_that_no_person_approved(db: Database, at_deepl: DeepL) -> None:
    entry = published(db, "article", body=BODY)
    ask(db, at_deepl, entry)
    with pytest.raises(Refused):
        publish(db, entry, "en")
    translations.approve(db, entry, "en", [], by=BY, now=later(days=1), checks=False)
    publish(db, entry, "en", now=later(days=1))
    assert document(db, publish(db, entry, "en").slug, "en")["title"] == "[EN-GB] Door je rug gaan"


def test_only_what_has_no_translation_of_its_text_is_asked(
    db: Database, at_deepl: DeepL, deepl_service: Service
) -> None:
    entry = create(db, "article", body=BODY)
    translate(db, entry, texts={"title": "Back pain"}, state="draft")
    ask(db, at_deepl, entry)
    assert ask(db, at_deepl, entry) == Done(())
    assert [len(call["text"]) for call in deepl_service.calls("/v2/translate")] == [2]


def test_missing_and_stale_can_be_asked_apart(db: Database, at_deepl: DeepL) -> None:
    entry = create(db, "article", body=BODY)
    translate(db, entry, texts={"title": "Back pain"})
    save(db, entry, title="Rugpijn")
    assert outcomes(ask(db, at_deepl, entry, only="stale")) == {"title": "saved"}
    assert outcomes(ask(db, at_deepl, entry, only="missing")) == {"body.b1.text": "saved", "body.b2.text": "saved"}
    assert [each.text for each in translations.approved(db, entry, "en")] == ["Back pain"]


def test_what_a_person_wrote_meanwhile_stands(db: Database, at_deepl: DeepL) -> None:
    entry = create(db, "article")
    plan = translating.plan(db, entry, "en")
    translate(db, entry, texts={"title": "Back pain"}, state="draft")
    done = translating.translate(db, at_deepl, plan, by="machine", now=NOW, check=unchecked)
    assert outcomes(done)["title"] == "suggested"
    assert texts(db, entry)["title"] == "Back pain"
    assert [(each.text, each.origin) for each in suggestions.open_for(db, entry, "en")] == [
        ("[EN-GB] Door je rug gaan", "machine")
    ]


def test_a_source_that_changed_meanwhile_gets_no_translation_of_its_old_text(db: Database, at_deepl: DeepL) -> None:
    entry = create(db, "article")
    plan = translating.plan(db, entry, "en")
    save(db, entry, title="Rugpijn")
    translating.translate(db, at_deepl, plan, by="machine", now=NOW, check=unchecked)
    assert [each.freshness for each in translating.plan(db, entry, "en").wanted] == ["stale"]


def test_broken_markup_becomes_a_draft_to_be_mended(db: Database, at_deepl: DeepL, deepl_service: Service) -> None:
    deepl_service.translate = lambda text, target: text.replace('<em id="1">', "").replace("</em>", "")
    entry = create(db, "article", body=BODY)
    done = ask(db, at_deepl, entry)
    (broken,) = [result for result in done.results if result.faults]
    assert (broken.path, broken.outcome, [fault.code for fault in broken.faults]) == (
        "body.b1.text",
        "failing",
        ["code_missing"],
    )
    assert states(db, entry)["body.b1.text"] == ("draft", "machine")
    assert states(db, entry)["body.b2.text"] == ("needs_review", "machine")


@pytest.mark.parametrize(("answer", "outcome"), [("", "unanswered"), ("  ", "unanswered"), ("a\x07b", "not_kept")])
def test_what_cannot_be_kept_is_not_kept(
    db: Database, at_deepl: DeepL, deepl_service: Service, answer: str, outcome: str
) -> None:
    deepl_service.translate = lambda text, target: answer
    entry = create(db, "article")
    assert set(outcomes(ask(db, at_deepl, entry)).values()) == {outcome}
    assert texts(db, entry) == {}


def test_a_text_that_its_field_does_not_take_is_a_suggestion(
    db: Database, at_deepl: DeepL, deepl_service: Service
) -> None:
    deepl_service.translate = lambda text, target: text + "x" * 300
    entry = create(db, "article")
    (title, _) = ask(db, at_deepl, entry).results
    assert (title.outcome, [fault.code for fault in title.faults]) == ("suggested", ["too_long"])
    assert [(each.path, each.why) for each in suggestions.open_for(db, entry, "en")] == [("title", "too_long")]
    assert list(texts(db, entry)) == ["body.b1.text"]


def test_the_same_text_is_asked_and_billed_once(db: Database, at_deepl: DeepL, deepl_service: Service) -> None:
    entry = create(db, "article", title="Rust", body=[a_paragraph("Rust", "b1"), a_paragraph("Rust", "b2")])
    assert translating.plan(db, entry, "en").characters == 4
    assert len(ask(db, at_deepl, entry).results) == 3
    assert deepl_service.calls("/v2/translate")[0]["text"] == ["Rust"]


def test_tags_and_context_are_not_billed(db: Database) -> None:
    entry = create(db, "article", title="Rug", body=[a_paragraph("*Blijf* [bewegen](https://example.org)", "b1")])
    plan = translating.plan(db, entry, "en")
    assert plan.characters == len("Rug") + len("Blijf bewegen")
    assert plan.wanted[0].text.context == "Rug\nBlijf bewegen"


def test_what_was_given_before_a_failure_is_kept(db: Database, at_deepl: DeepL, deepl_service: Service) -> None:
    entry = create(db, "article", body=[a_paragraph(f"Zin {n}.", f"b{n}") for n in range(99)])
    fine = {"translations": [{"text": f"Sentence {n}."} for n in range(50)]}
    deepl_service.replies.extend([Reply(200, fine), Reply(456, {"message": "Quota exceeded"})])
    done = ask(db, at_deepl, entry)
    assert (len(done.results), type(done.failure)) == (50, MachineQuota)
    assert len(texts(db, entry)) == 50
    assert len(ask(db, at_deepl, entry).results) == 50


def test_the_terms_in_the_texts_are_told(db: Database, at_deepl: DeepL, deepl_service: Service) -> None:
    rug, knie = (Term("nl", "en", source, "x", "preferred") for source in ("rug", "knie"))
    glossary.add(db, [rug, knie, Term("nl", "tr", "rug", "sırt", "preferred")])
    entry = create(db, "article", title="Lage ruggen")
    assert translating.plan(db, entry, "en").terms == (rug,)
    ask(db, at_deepl, entry)
    assert "glossary_id" in deepl_service.calls("/v2/translate")[0]


def test_terms_that_a_machine_was_not_told_are_looked_for(
    db: Database, at_libre: LibreTranslate, libre_service: Service
) -> None:
    terms = [("rug", "back", "preferred"), ("RugNetwerk", "", "keep"), ("klacht", "complaint", "forbidden")]
    glossary.add(db, [Term("nl", "en", source, target, status) for source, target, status in terms])
    entry = create(db, "article", title="Klachten aan je rug bij RugNetwerk")
    libre_service.translate = lambda text, target: "Complaints of your spine at NetworkX"
    found = ask_checked(db, at_libre, entry).results[0]
    assert {finding.reason for finding in found.findings if finding.code == "term"} == {
        "missing", "not_kept", "forbidden",
    }  # fmt: skip
    assert (found.outcome, states(db, entry)["title"]) == ("failing", ("draft", "machine"))


def test_a_changed_fact_becomes_a_draft_to_be_mended(db: Database, at_deepl: DeepL, deepl_service: Service) -> None:
    answers = {"Neem 1 tablet per dag.": "Take 2 tablets a day.", "Bel 112.": "Call 112."}
    deepl_service.translate = lambda text, target: answers.get(text, "Back pain")
    body = [a_paragraph("Neem 1 tablet per dag.", "b1"), a_paragraph("Bel 112.", "b2", urgency="emergency")]
    entry = create(db, "article", title="Rugpijn", body=body)
    done = ask_checked(db, at_deepl, entry)
    assert outcomes(done) == {"title": "saved", "body.b1.text": "failing", "body.b2.text": "saved"}
    assert "number" in {finding.code for finding in done.results[1].findings}
    assert states(db, entry) == {
        "title": ("needs_review", "machine"),
        "body.b1.text": ("draft", "machine"),
        "body.b2.text": ("needs_review", "machine"),
    }


def test_nobody_gives_nothing(db: Database) -> None:
    entry = create(db, "article")
    assert set(outcomes(ask(db, Nobody(), entry)).values()) == {"unanswered"}
    assert Nobody().estimate(5) == Cost(5)


def test_wrong_questions_are_refused(db: Database) -> None:
    entry = create(db, "article")
    with pytest.raises(Invalid, match="is_source_locale"):
        translating.plan(db, entry, "nl")
    with pytest.raises(Invalid, match="not_a_choice"):
        translating.plan(db, entry, "en", only="current")
    with pytest.raises(NotFound):
        translating.plan(db, "none", "en")


def sizes(markups: list[str], limits: Limits) -> list[list[str]]:
    return [[text.markup for text in batch] for batch in batches([Text(each, 1) for each in markups], limits)]


def test_batches_hold_no_more_texts_and_bytes_than_a_call() -> None:
    assert sizes(list("abcde"), Limits(2, 1_000)) == [["a", "b"], ["c", "d"], ["e"]]
    assert sizes(["aaaa", "bbbb", "cc"], Limits(9, 14)) == [["aaaa", "bbbb"], ["cc"]]
    assert sizes(["éé", "éé"], Limits(9, 13)) == [["éé"], ["éé"]]
    assert sizes(["a", "b" * 99, "c"], Limits(9, 14)) == [["a"], ["b" * 99], ["c"]]
    assert sizes([], Limits(9, 14)) == []


def test_an_answer_that_no_field_takes_is_not_looked_into(
    db: Database, at_deepl: DeepL, deepl_service: Service
) -> None:
    deepl_service.translate = lambda text, target: "x" * 200_000
    entry = create(db, "article")
    started = time.monotonic()
    assert set(outcomes(ask_checked(db, at_deepl, entry)).values()) == {"suggested"}
    assert time.monotonic() - started < 10
