"""Spellings that are the same word to somebody who searches, and those that are not."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cms.localize import stems

LOCALES = ["nl", "nl-BE", "de", "en", "fr", "tr", "ar", "pl", "fa", "uk", "zh", "zz"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Wat kunt u doen?", ["Wat", "kunt", "u", "doen"]),
        ("L5-S1, 1,5 mg en 2.000,50", ["L5", "S1", "1,5", "mg", "en", "2.000,50"]),
        ("hernia's en foto’s", ["hernia's", "en", "foto’s"]),
        ("'s nachts, 'aanhaling'", ["s", "nachts", "aanhaling"]),
        ("e-mail nek-/schouder", ["e", "mail", "nek", "schouder"]),
        ("3, 4. 5", ["3", "4", "5"]),
        ("rug\u00adklacht می\u200cشود", ["rug\u00adklacht", "می\u200cشود"]),
        ("الرُّكْبَة हिन्दी", ["الرُّكْبَة", "हिन्दी"]),
        ("背痛 L5", ["背", "痛", "L5"]),
        ("a_b 🦴 …", ["a", "b"]),
        ("", []),
    ],
)
def test_a_text_falls_into_words(text: str, words: list[str]) -> None:
    assert [word for _, _, word in stems.words(text)] == words


def test_words_know_where_they_are() -> None:
    text = "Knieën, en L5."
    assert [text[start:end] for start, end, _ in stems.words(text)] == ["Knieën", "en", "L5"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Knieën", "knieen"),
        ("e\u0301e\u0301n", "één"),
        ("İLAÇ", "ilac"),
        ("ILIK", "ılık"),
        ("Straße", "STRASSE"),
        ("łokieć", "Lokiec"),
        ("الرُّكْبَة", "الركبه"),
        ("إصابة", "اصابة"),
        ("کمر", "كمر"),
        ("١٢", "12"),
        ("1,5", "1.5"),
        ("١٫٥", "1.5"),
        ("foto’s", "foto's"),
        ("ĳs", "ijs"),
        ("rug\u00adklacht", "rugklacht"),
    ],
)
def test_case_accents_and_digits_fold(one: str, other: str) -> None:
    assert stems.fold(one) == stems.fold(other)


@pytest.mark.parametrize(
    ("locale", "family"),
    [
        ("nl", "rugklacht rugklachten Rugklachten"),
        ("nl-BE", "oefening oefeningen oefen geoefend"),
        ("nl", "knie knieën knieen KNIEËN"),
        ("nl", "allergie allergieën allergieen"),
        ("nl", "therapie therapieën"),
        ("nl", "bacterie bacteriën bacterien"),
        ("nl", "idee ideeën"),
        ("nl", "kind kinderen"),
        ("nl", "ei eieren"),
        ("nl", "been beenderen benen"),
        ("nl", "bloedvat bloedvaten"),
        ("nl", "schoolkind schoolkinderen"),
        ("nl", "vat vaten"),
        ("nl", "dieet diëten dieten"),
        ("nl", "patiënt patiënten patienten"),
        ("nl", "pijn pijnlijk pijnlijke"),
        ("nl", "bewegen beweegt bewoog beweging bewegingen"),
        ("nl", "hernia hernia's hernia’s"),
        ("nl", "stijf stijve stijfheid"),
        ("nl", "artrose arthrose"),
        ("nl", "advies adviezen"),
        ("nl", "verstuiken verstuikt verstuiking"),
        ("en", "knee knees Knees"),
        ("en", "foot feet"),
        ("en", "exercise exercises exercising"),
        ("en", "diagnosis diagnoses"),
        ("de", "Rückenschmerzen Rückenschmerz Rueckenschmerzen ruckenschmerzen"),
        ("de", "Hand Hände"),
        ("de", "Fuß Füße fuss"),
        ("fr", "épaule épaules epaule"),
        ("tr", "diz dizler dizim"),
        ("tr", "ağrı ağrıları AĞRI ağrısı agrisi ağrısına ağrılarımız"),
        ("tr", "sırt sırtım sırtınız sırtında"),
        ("tr", "tedavi tedavisi tedaviler tedavileri"),
        ("tr", "boyun boynum"),
        ("ar", "ركبة الركبة الرُّكْبَة"),
        ("pl", "kolano kolana KOLANA"),
        ("pl", "kręgosłup kręgosłupa"),
    ],
)
def test_the_forms_of_a_word_share_a_stem(locale: str, family: str) -> None:
    assert len({stems.stem(word, locale) for word in family.split()}) == 1


@pytest.mark.parametrize(
    ("locale", "word", "unaccented"),
    [
        ("pl", "kręgosłupa", "kregoslup"),
        ("tr", "ameliyatları", "ameliyatlari"),
        ("fr", "épaules", "epaule"),
        ("nl", "vóór", "voor"),
    ],
)
def test_unaccented_typing_meets_the_accented_word(locale: str, word: str, unaccented: str) -> None:
    typed = stems.forms(unaccented, locale)
    assert {typed.stem, typed.plain, typed.raw} & set(stems.forms(word, locale).every)


@pytest.mark.parametrize(
    ("one", "other"), [("rug", "rugby"), ("hand", "handleiding"), ("hart", "hard"), ("knie", "nier"), ("kind", "kin")]
)
def test_other_words_stay_apart(one: str, other: str) -> None:
    assert stems.stem(one, "nl") not in stems.forms(other, "nl").every


@pytest.mark.parametrize(
    ("locale", "word", "parts"),
    [
        ("nl", "rugklachten", ["rug", "klacht"]),
        ("nl", "nekpijn", ["nek", "pijn"]),
        ("nl", "Kniepijn", ["knie", "pijn"]),
        ("nl", "schouderoefeningen", ["schouder", "oefening"]),
        ("nl", "huisartsenpost", ["huisarts", "post"]),
        ("nl", "rugoefening", ["rug", "oefening"]),
        ("nl", "bewegingsapparaat", ["bewegen", "apparaat"]),
        ("nl", "ruggenprik", ["rug", "prik"]),
        ("nl", "rugspieroefeningen", ["rug", "spier", "oefening"]),
        ("nl", "onderrugklachten", ["onderrug", "klacht"]),
        ("nl", "bloedvaten", []),  # one part: its own parts are for the index
        ("nl", "rugby", []),
        ("nl", "handeling", []),
        ("nl", "oorlog", []),
        ("nl", "armoede", []),
        ("nl", "knie", []),
        ("de", "Rückenschmerzen", ["Rücken", "Schmerz"]),
        ("de", "Rueckenschmerzen", ["Rücken", "Schmerz"]),
        ("de", "Kreuzbandriss", ["Kreuzband", "Riss"]),
        ("de", "Handlung", []),
        ("fr", "l’épaule", ["épaule"]),
        ("en", "backpain", []),
    ],
)
def test_a_compound_has_parts(locale: str, word: str, parts: list[str]) -> None:
    assert stems.parts(word, locale) == [stems.stem(part, locale) for part in parts]


@pytest.mark.parametrize(
    ("word", "within"),
    [
        ("onderrugklachten", "rug"),
        ("onderrug", "rug"),
        ("ruggengraat", "rug"),
        ("bloedvaten", "vat"),
        ("knieschijf", "knie"),
    ],
)
def test_an_index_keeps_the_parts_of_parts(word: str, within: str) -> None:
    assert stems.stem(within, "nl") in stems.forms(word, "nl").every


@pytest.mark.parametrize(
    ("locale", "word", "expected"),
    [
        ("nl", "De", True),
        ("nl", "één", True),
        ("nl", "niet", False),
        ("en", "the", True),
        ("nl", "the", False),
        ("tr", "için", True),
        ("tr", "ICIN", True),
        ("ar", "في", True),
        ("pl", "się", True),
        ("zz", "de", False),
    ],
)
def test_stop_words(locale: str, word: str, expected: bool) -> None:
    assert stems.is_stop_word(word, locale) is expected


@given(st.text(), st.sampled_from(LOCALES))
@example("'’'ʼ", "fr")
@example("ﷺ½㎎ǅ", "ar")
@example("x" * 10_000, "nl")
@example("\ud800\0", "nl")
def test_any_text_has_words_with_forms(text: str, locale: str) -> None:
    for start, end, word in stems.words(text):
        assert text[start:end] == word
        assert all(stems.forms(word, locale).every)
