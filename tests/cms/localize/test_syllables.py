"""Syllables are counted by letters; these are words that letters alone mislead about."""

import pytest

from cms.localize.syllables import dutch, english

DUTCH = {
    1: "rug nieuw eeuw gaan drie geur beurt",
    2: "rugpijn huisarts draaien zenuw knieën yoga frequent reuma zoals beide geïnd",
    3: "ideeën museum radio oefening bijvoorbeeld artrose",
    4: "beoefenen geïrriteerd beïnvloeden onmiddellijk beoordelen ibuprofen geopereerd wervelkolom",
    5: "coördinatie ontstekingsremmer paracetamol",
    6: "fysiotherapeut",
}
ENGLISH = {
    1: "pain back walked makes whole the be tired safe ache noise bruised knee",
    2: "table needed matches movement likely doctor people muscles being patient injured treated gentle because",
    3: "radio quality bandages medicine exercise continue different carefully",
    4: "usually emergency experience",
    5: "immediately paracetamol",
    6: "physiotherapist",
}


@pytest.mark.parametrize(("word", "count"), [(word, n) for n, words in DUTCH.items() for word in words.split()])
def test_dutch(word: str, count: int) -> None:
    assert dutch(word) == dutch(word.upper()) == count


@pytest.mark.parametrize(("word", "count"), [(word, n) for n, words in ENGLISH.items() for word in words.split()])
def test_english(word: str, count: int) -> None:
    assert english(word) == english(word.upper()) == count


def test_what_has_no_vowel_is_still_said() -> None:
    assert (dutch("pst"), english("hmm"), dutch("")) == (1, 1, 1)
