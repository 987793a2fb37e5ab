"""Checks: silent on correct translations, and never on one that changes what readers are told."""

import json
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.wording import FINDINGS
from cms.localize.checks import CODES, Finding, check
from cms.localize.facts.lexicon import KNOWN
from cms.localize.glossary import Term

PAIRS = Path(__file__).parents[2] / "pairs"
FACTS = ("number", "unit", "contact", "negation")
Pair = dict[str, Any]


def read(name: str) -> list[Pair]:
    return [json.loads(line) for line in (PAIRS / name).read_text("utf-8").splitlines()]


def codes(source: str, target: str, target_locale: str = "en", source_locale: str = "nl", **given: Any) -> set[str]:
    return {finding.code for finding in check(source, target, source_locale, target_locale, **given)}


@cache
def checked(name: str) -> list[tuple[Pair, list[Finding]]]:
    """Return the pairs of a table, each with what the checks find; there are thousands."""
    return [
        (pair, check(pair["source"], pair["target"], pair["source_locale"], pair["target_locale"]))
        for pair in read(name)
    ]


def test_the_tables_are_large_and_varied() -> None:
    for name in ("correct.jsonl", "defective.jsonl"):
        pairs = read(name)
        assert len(pairs) >= 150
        assert len({pair["id"] for pair in pairs}) == len(pairs)
        assert {pair["target_locale"] for pair in pairs} >= {"en", "de", "fr", "tr", "pl", "ar"}


def test_at_most_one_correct_pair_in_fifty_raises_an_alarm() -> None:
    pairs = checked("correct.jsonl")
    noisy = [pair["id"] for pair, found in pairs if found]
    assert len(noisy) * 50 <= len(pairs), noisy


def test_defects_are_caught_by_their_code() -> None:
    missed: dict[str, list[str]] = defaultdict(list)
    pairs = checked("defective.jsonl")
    for pair, found in pairs:
        if pair["expected"] not in {finding.code for finding in found}:
            missed[pair["expected"]].append(pair["id"])
    assert [missed[code] for code in ("number", "unit", "contact")] == [[], [], []]
    assert sum(map(len, missed.values())) <= 0.03 * len(pairs), dict(missed)


@pytest.mark.parametrize(
    ("source", "target", "locale"),
    [
        ("twee keer per dag", "twice a day", "en"),
        ("twee keer per dag", "zweimal täglich", "de"),
        ("twee keer per dag", "günde iki kez", "tr"),
        ("twee keer per dag", "dwa razy dziennie", "pl"),
        ("twee keer per dag", "مرتين في اليوم", "ar"),
        ("1,5 liter", "1.5 litres", "en"),
        ("12-03-2026", "12 March 2026", "en"),
        ("17.30 uur", "5:30 pm", "en"),
        ("niet alleen thuis maar ook op het werk", "both at home and at work", "en"),
        ("Fysiotherapie De Linde", "Fysiotherapie De Linde", "en"),
        ("Hernia", "Hernia", "en"),
        ("om de dag", "every other day", "en"),
        ("elke 6 uur", "every six hours", "en"),
        ("1 uur en 30 minuten", "90 minutes", "en"),
        ("ouder dan 65 jaar", "over 65", "en"),
        ("tussen 8 en 17 uur", "between 8 am and 5 pm", "en"),
        ("24/7 bereikbaar", "available around the clock", "en"),
        ("Neem 2 tabletten van 500 mg.", "Tome dos comprimidos de 500 mg.", "es"),
        ("Neem 3 keer per dag 2 tabletten.", "Take 2 tablets three times a day.", "en"),
        ("Neem 3 keer per dag 2 tabletten.", "تناول قرصين ثلاث مرات في اليوم.", "ar"),
        ("Volwassenen 500 mg, kinderen 250 mg.", "250 mg for children, 500 mg for adults.", "en"),
        ("Rust 10 minuten na elke 30 minuten.", "After every 30 minutes, rest for 10 minutes.", "en"),
        ("Een op de tien mensen heeft dit.", "10 % der Menschen haben das.", "de"),
        ("Half oktober komt de griepprik.", "The flu jab comes in mid-October.", "en"),
        ("in de 28e week", "في الأسبوع الثامن والعشرين", "ar"),
        ("8.00 tot 16.30 uur", "08.00-16.30 saatleri arasında", "tr"),
        ("Blijf je ziek? Bel dan.", "If you are still ill, call.", "en"),
        ("Wacht niet met bellen.", "Call at once.", "en"),
        ("Verlaat de praktijk niet.", "Restez dans le cabinet.", "fr"),
        ("Zonder verwijzing kunt u niet komen.", "You can only come with a referral.", "en"),
        ("Dit is niet gevaarlijk.", "Cela ne présente aucun danger.", "fr"),
        ("Verander elk uur van houding.", "غيّر وضعيتك كل ساعة.", "ar"),
        ("Noteer de datum.", "دوّن التاريخ.", "ar"),
        ("Ga naar de huisartsenpost (HAP).", "Go to the “huisartsenpost” (out-of-hours GP).", "en"),
    ],
)
def test_a_correct_translation_is_left_alone(source: str, target: str, locale: str) -> None:
    assert codes(source, target, locale) == set()


@pytest.mark.parametrize(
    ("source", "target", "code"),
    [
        ("4.000 stappen", "4.000 steps", "number"),
        ("een kop koffie", "two cups of coffee", "number"),
        ("op 3 mei", "on 4 May", "number"),
        ("op maandag", "on Tuesday", "number"),
        ("'s avonds om 8 uur", "at 8 am", "number"),
        ("500 mg", "500 mcg", "unit"),
        ("1 theelepel", "1 tablespoon", "unit"),
        ("een paar dagen", "a few weeks", "unit"),
        ("Bel 112.", "Call 911.", "contact"),
        ("Bel 06-12345678.", "Call +31 6 12345687.", "contact"),
        ("Lees [meer](entry:a).", "Read [more](entry:b).", "contact"),
        ("Lees [meer](entry:a).", "Read more.", "markup"),
        ("**Let op**", "**Note", "markup"),
        ("Let op", "<b>Note</b>", "markup"),
        ("Let op", "&lt;b&gt;Note", "markup"),
        ("Til niet.", "Lift.", "negation"),
        ("Rust.", "Do not rest.", "negation"),
        ("Blijf rustig bewegen.", "Blijf rustig bewegen.", "untranslated"),
        ("Blijf rustig bewegen.", "Restez en mouvement dans la journée.", "untranslated"),
        ("Neem 3 keer per dag 2 tabletten.", "Take 3 tablets 2 times a day.", "number"),
        ("Doe 3 series van 10 herhalingen.", "Do 10 sets of 3 repetitions.", "number"),
        ("Volwassenen 500 mg, kinderen 250 mg.", "Adults 250 mg, children 500 mg.", "number"),
        ("Consult 45 minuten, vervolg 25 minuten.", "Visit 25 minutes, follow-up 45 minutes.", "number"),
        ("38,5 °C", "38.5 °F", "unit"),
        ("15 kilo", "15 pounds", "unit"),
        ("Wacht niet af.", "Wait and see.", "negation"),
        ("Verlaat de praktijk niet.", "Do not stay in the practice.", "negation"),
        ("Rijd geen auto en drink geen alcohol.", "Drive a car and do not drink alcohol.", "negation"),
        ("Span je spieren aan.", "Tighten your spieren.", "untranslated"),
        ("Span je beenspieren aan.", "Tighten your beenspieren.", "untranslated"),
        ("Strek je arm rustig uit. Wissel daarna van arm.", "Stretch your arm out slowly.", "missing"),
        ("Om 14.15 uur bent u aan de beurt. Neem uw pas mee.", "It will be your turn at 14:15 exactly.", "missing"),
        ("Rust.", "Rеst.", "script"),
        ("Rust.", " ", "missing"),
        ("Rust.", "TODO", "missing"),
    ],
)
def test_a_defect_is_caught(source: str, target: str, code: str) -> None:
    assert code in codes(source, target)


def test_latin_names_may_stand_in_arabic_and_nothing_more() -> None:
    assert codes("Bel RugNetwerk.", "اتصل بـ RugNetwerk.", "ar") == set()
    assert {"script", "untranslated"} <= codes("Blijf rustig bewegen.", "Blijf rustig bewegen.", "ar")


def test_terms_are_found_by_stem() -> None:
    terms = [
        Term("nl", "en", "fysiotherapeut", "physiotherapist", "preferred"),
        Term("nl", "en", "hernia", "rupture", "forbidden"),
        Term("nl", "en", "RugNetwerk", "", "keep"),
    ]
    assert codes("De fysiotherapeuten helpen.", "The physiotherapists help.", terms=terms) == set()
    assert codes("De fysiotherapeuten helpen.", "The physios help.", terms=terms) == {"term"}
    assert codes("Een hernia.", "A rupture.", terms=terms) == {"term"}
    assert codes("Bel RugNetwerk.", "Call BackNetwork.", terms=terms) == {"term"}


def test_a_text_may_be_no_longer_than_its_place() -> None:
    assert codes("Titel", "A title", max_length=7) == set()
    assert codes("Titel", "A title", max_length=6) == {"length"}


def test_an_unknown_language_is_held_to_digits_and_addresses() -> None:
    assert codes("Wacht 15 minuten.", "Espere 20 minutos.", "es") == {"number"}
    assert codes("Bel 112.", "Llame al 911.", "es") == {"contact"}


def test_findings_say_where() -> None:
    source, target = "Neem **twee** tabletten.", "Take **three** tablets."
    (finding,) = check(source, target, "nl", "en")
    assert finding.source_span and source[slice(*finding.source_span)] == "twee"
    assert finding.target_span and target[slice(*finding.target_span)] == "three"


def test_every_reason_is_worded() -> None:
    assert {name.partition(".")[0] for name in FINDINGS} == set(CODES)
    pairs = [*checked("correct.jsonl"), *checked("defective.jsonl")]
    said = {f"{finding.code}.{finding.reason}" for _, found in pairs for finding in found}
    assert said <= FINDINGS.keys()


@given(st.text(), st.text(), st.sampled_from([*KNOWN, "es", "uk"]), st.sampled_from([*KNOWN, "fa", "zh"]))
def test_any_two_texts_can_be_compared(source: str, target: str, source_locale: str, target_locale: str) -> None:
    for finding in check(source, target, source_locale, target_locale):
        assert f"{finding.code}.{finding.reason}" in FINDINGS
        for span, text in ((finding.source_span, source), (finding.target_span, target)):
            assert span is None or 0 <= span[0] <= span[1] <= len(text)


@given(st.text(), st.sampled_from(KNOWN))
def test_a_text_has_the_facts_of_itself(text: str, locale: str) -> None:
    assert [finding for finding in check(text, text, locale, locale) if finding.code in FACTS] == []
