"""Facts: one value, however and in whatever language it is written."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.localize.facts import Fact, facts, figures
from cms.localize.facts.lexicon import KNOWN, lexicon
from cms.localize.facts.units import PARTS, UNITS

DAY = 86_400
UNIT_LISTS = ("units", "units_after_number", "rates", "duals", "maybe_dual", "before_number")


def numbers(text: str, locale: str) -> list[Fraction]:
    return [fact.number for fact in figures(text, locale) if fact.sure and fact.number is not None]


def only(text: str, locale: str) -> Fact:
    found = [fact for fact in figures(text, locale) if fact.sure]
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "locale", "number"),
    [
        ("3", "nl", 3),
        ("drie", "nl", 3),
        ("٣", "ar", 3),
        ("۳", "fa", 3),
        ("driemaal", "nl", 3),
        ("thrice", "en", 3),
        ("zesentwintig", "nl", 26),
        ("tweeëntwintig", "nl", 22),
        ("honderdvijftig", "nl", 150),
        ("achtundzwanzig", "de", 28),
        ("einhundertfünf", "de", 105),
        ("two hundred and five", "en", 205),
        ("twenty-one", "en", 21),
        ("soixante-dix-sept", "fr", 77),
        ("quatre-vingt-douze", "fr", 92),
        ("vingt et un", "fr", 21),
        ("yirmi beş", "tr", 25),
        ("onbeş", "tr", 15),
        ("dwadzieścia cztery", "pl", 24),
        ("خمسة وعشرون", "ar", 25),
        ("ثلاثة عشر", "ar", 13),
        ("4.000", "nl", 4000),
        ("4,000", "en", 4000),
        ("4 000", "fr", 4000),
        ("4\u202f000", "pl", 4000),
        ("٤٬٠٠٠", "ar", 4000),
        ("1.234.567", "de", 1_234_567),
        ("60 tysięcy", "pl", 60_000),
    ],
)
def test_a_number_is_read_in_any_notation(text: str, locale: str, number: int) -> None:
    assert numbers(f"({text})", locale) == [number]


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("1,5", "nl"), ("1.5", "en"), ("١٫٥", "ar"), ("anderhalf", "nl"), ("1½", "en"), ("one and a half", "en"),
        ("anderthalb", "de"), ("eineinhalb", "de"), ("un et demi", "fr"), ("bir buçuk", "tr"), ("półtora", "pl"),
    ],
)  # fmt: skip
def test_one_and_a_half_is_read_in_any_notation(text: str, locale: str) -> None:
    assert numbers(f"({text})", locale) == [Fraction(3, 2)]


@pytest.mark.parametrize(
    ("text", "locale", "value"),
    [
        ("90 minuten", "nl", ("time", 5400)),
        ("anderhalf uur", "nl", ("time", 5400)),
        ("1.5 hours", "en", ("time", 5400)),
        ("an hour and a half", "en", ("time", 5400)),
        ("une heure et demie", "fr", ("time", 5400)),
        ("ساعة ونصف", "ar", ("time", 5400)),
        ("een half uur", "nl", ("time", 1800)),
        ("half an hour", "en", ("time", 1800)),
        ("eine Viertelstunde", "de", ("time", 900)),
        ("trois quarts d'heure", "fr", ("time", 2700)),
        ("twee weken", "nl", ("time", 14 * DAY)),
        ("a fortnight", "en", ("time", 14 * DAY)),
        ("أسبوعين", "ar", ("time", 14 * DAY)),
        ("quinze jours", "fr", ("time", 14 * DAY)),
        ("om de dag", "nl", ("time", 2 * DAY)),
        ("every other day", "en", ("time", 2 * DAY)),
        ("co drugi dzień", "pl", ("time", 2 * DAY)),
        ("driedaagse", "nl", ("time", 3 * DAY)),
        ("zweiwöchige", "de", ("time", 14 * DAY)),
        ("1 g", "nl", ("mass", 10**6)),
        ("1000 mg", "nl", ("mass", 10**6)),
        ("500 ملغ", "ar", ("mass", 500_000)),
        ("0,5 liter", "nl", ("volume", 500)),
        ("50%", "nl", ("percent", 50)),
        ("vijftig procent", "nl", ("percent", 50)),
        ("%50'si", "tr", ("percent", 50)),
        ("yüzde 50", "tr", ("percent", 50)),
        ("€ 25", "nl", ("eur", 25)),
        ("vijfentwintig euro", "nl", ("eur", 25)),
    ],
)
def test_an_amount_is_its_measure_and_its_size(text: str, locale: str, value: tuple[str, int]) -> None:
    assert only(text, locale).value == value


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("12-03-2026", "nl"), ("12 maart 2026", "nl"), ("12 March 2026", "en"), ("March 12th, 2026", "en"),
        ("3/12/2026", "en-US"), ("12.03.2026", "de"), ("12. März 2026", "de"), ("12 mars 2026", "fr"),
        ("12 Mart 2026'da", "tr"), ("12 marca 2026", "pl"), ("12 مارس 2026", "ar"), ("2026-03-12", "pl"),
    ],
)  # fmt: skip
def test_a_date_is_read_in_any_order(text: str, locale: str) -> None:
    assert (only(text, locale).kind, only(text, locale).value) == ("date", (2026, 3, 12))


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("17.30 uur", "nl"), ("half zes", "nl"), ("5:30 pm", "en"), ("half past five", "en"), ("17:30 Uhr", "de"),
        ("halb sechs", "de"), ("17 h 30", "fr"), ("saat 17.30'da", "tr"), ("wpół do szóstej", "pl"),
        ("الساعة 5:30 مساءً", "ar"),
    ],
)  # fmt: skip
def test_a_time_is_read_in_figures_and_in_words(text: str, locale: str) -> None:
    assert ("time", 17 * 60 + 30) in only(text, locale).keys


@pytest.mark.parametrize(
    "written",
    ["010-1234567", "010 - 123 45 67", "+31 10 123 45 67", "0031101234567", "+31 (0)10 1234567", "‎010 1234567‎"],
)
def test_a_phone_number_is_one_in_any_grouping(written: str) -> None:
    found = only(f"Bel {written}.", "nl")
    assert (found.kind, found.value) == ("phone", "0101234567")


@pytest.mark.parametrize("short", ["112", "113", "0900-8844", "0800-0113", "116117"])
def test_short_numbers_are_phone_numbers(short: str) -> None:
    assert only(f"Bel {short}.", "nl").kind == "phone"


def test_a_short_number_that_counts_is_none() -> None:
    assert [fact.kind for fact in figures("112 mg", "nl")] == ["unit"]


def test_links_and_addresses_stay_as_written() -> None:
    text = "Zie [hier](entry:0198) of https://a.nl/b?c=1, mail info@a.nl; 3511 AB Utrecht."
    values = {fact.value for fact in figures(text, "nl")}
    assert {"entry:0198", "a.nl/b?c=1", "info@a.nl", "3511AB"} <= values


def test_an_article_is_no_number() -> None:
    assert [fact for fact in figures("een tablet, a tablet", "nl") if fact.sure] == []


@pytest.mark.parametrize("code", ["B12", "L5", "T12"])
def test_a_code_is_no_number(code: str) -> None:
    assert only(f"vitamine {code}", "nl").kind == "code"


@pytest.mark.parametrize("text", ["op maandag", "24/7 bereikbaar", "eerste hulp", "in acht nemen"])
def test_phrases_are_no_numbers(text: str) -> None:
    assert [fact for fact in figures(text, "nl") if fact.sure] == []


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("Neem geen ibuprofen.", "nl"), ("Gebruik géén warmte.", "nl"), ("Don’t lift.", "en"), ("ohne Schmerzen", "de"),
        ("Ne prenez pas cela.", "fr"), ("Personne ne répond.", "fr"), ("kaldırmayın", "tr"), ("ağrı değil", "tr"),
        ("Nikt nie odbiera.", "pl"), ("لا تتناول", "ar"), ("دون ألم", "ar"), ("يجب ألا ترفع", "ar"),
    ],
)  # fmt: skip
def test_a_denial_is_found_once(text: str, locale: str) -> None:
    assert [fact.kind for fact in facts(text, locale)] == ["negation"]


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("niet alleen thuis maar ook op het werk", "nl"), ("not only at home but also at work", "en"),
        ("nicht nur zu Hause, sondern auch im Büro", "de"), ("Il ne mange que du pain.", "fr"), ("pas à pas", "fr"),
        ("Faites 20 pas.", "fr"), ("nie tylko w domu", "pl"), ("لا يزال", "ar"), ("yemekten önce", "tr"),
        ("yürümeden önce", "tr"), ("wel of niet", "nl"), ("voorkom klachten", "nl"),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_denial_is_none(text: str, locale: str) -> None:
    assert [fact for fact in facts(text, locale) if fact.kind == "negation"] == []


def test_places_are_in_the_text_as_given() -> None:
    text = "Neem **twee** \u200etabletten van 500\u00a0mg."
    assert [text[fact.start : fact.end] for fact in figures(text, "nl")] == ["twee", "500\u00a0mg"]


def test_an_unknown_language_gives_digits_and_addresses() -> None:
    found = figures("Tome dos comprimidos de 500 mg, llame al 112 o a info@a.es.", "es")
    assert [fact.kind for fact in found] == ["unit", "phone", "email"]


@pytest.mark.parametrize("lang", KNOWN)
def test_every_unit_in_the_lists_is_known(lang: str) -> None:
    data = lexicon(lang).data
    named = {unit for name in UNIT_LISTS for unit in data.get(name, {})}
    named |= {unit for meaning in data["phrases"].values() if (unit := meaning.partition(" ")[2])}
    assert named - UNITS.keys() - PARTS.keys() == set()


@given(st.text(), st.sampled_from([*KNOWN, "es"]))
def test_any_text_can_be_read(text: str, locale: str) -> None:
    for fact in facts(text, locale):
        assert 0 <= fact.start < fact.end <= len(text)
