"""Readability: figures of prose, held against what the formulas give by hand, and against the sample."""

import json
from pathlib import Path

import pytest

import sample
from cms.content import types
from cms.localize import plain_language
from cms.localize.readability import level, measure, prose, report
from cms.store import Database
from tests.builders import a_paragraph, create, save, translate

ARTICLE = types.find("article")
ARTICLES = sorted((Path(sample.__file__).parent / "articles").glob("*.json"))
# By hand: 12 words with 14 syllables in 2 sentences, three times over.
PLAIN = {f"body.b{n}.text": "Blijf rustig in beweging. De pijn gaat dan snel weg van je rug." for n in range(3)}
HARD = {
    "summary": "Zij stellen dat een sociale groep een minderheidsgroep is in relatie tot een referentiegroep wanneer "
    "intergroepsrelaties worden gekenmerkt door groepsdominantie (van de referentiegroep) of groepscompetitie (met de "
    "referentiegroep in de rol van de winnaar). Intergroepsrelaties berusten slechts ten dele op objectieve "
    "groepsverschillen in status, middelen en macht, ten dele ook op subjectieve percepties en sociale constructies "
    "in de vorm van groepsidentificaties en wederzijdse beeldvorming tussen groepen."
}


def test_the_dutch_score_is_that_of_douma() -> None:
    found = measure(PLAIN, "nl")
    assert (found.sentences, found.words, found.sentence_length) == (6, 39, 6.5)
    syllables = (1 + 2 + 1 + 3 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1) / 13
    assert found.syllables == round(syllables, 2)
    assert found.score == min(100, round(206.84 - 0.93 * 6.5 - 77 * syllables))


def test_a_text_that_is_known_to_be_hard_is_very_hard() -> None:
    """Its first sentence has 34 words and, by hand, 73 syllables."""
    found = measure(HARD, "nl")
    assert (found.level, found.sentence_length) == ("very_hard", 33.0)
    first = measure({"summary": HARD["summary"].split(". ")[0] + "."}, "nl")
    assert (first.words, first.syllables) == (34, round(73 / 34, 2))


def test_the_english_score_is_that_of_flesch() -> None:
    text = "The cat sat on the mat. It did not like the back pain. " * 3
    found = measure({"summary": text}, "en")
    assert (found.sentence_length, found.syllables) == (6.5, 1.0)
    assert found.score == min(100, round(206.835 - 1.015 * 6.5 - 84.6))


@pytest.mark.parametrize("locale", ["tr", "ar", "pl", "de", "zh"])
def test_without_a_formula_there_are_lengths_alone(locale: str) -> None:
    found = measure(PLAIN, locale)
    assert (found.score, found.level, found.syllables, found.sentence_length) == (None, "", None, 6.5)


def test_few_words_have_no_score() -> None:
    assert measure({"summary": "Blijf bewegen."}, "nl").score is None
    assert measure({}, "nl").sentences == 0


@pytest.mark.parametrize(
    ("score", "name"),
    [(100, "very_easy"), (90, "very_easy"), (89, "easy"), (70, "fairly_easy"), (60, "normal"), (59, "fairly_hard"),
     (44, "hard"), (29, "very_hard"), (0, "very_hard"), (None, "")],
)  # fmt: skip
def test_scores_have_names(score: int | None, name: str) -> None:
    assert level(score) == name


def test_long_sentences_are_shown_with_their_place_the_longest_first() -> None:
    long, longer = "Doe " + "dit " * 15 + "nu.", "Doe " + "dit " * 20 + "nu."
    found = measure({"body.b1.text": f"Kort. {long}", "body.b2.text": longer, "body.b3.text": "Doe dit nu."}, "nl")
    assert [(each.path, each.words) for each in found.long_sentences] == [("body.b2.text", 22), ("body.b1.text", 17)]
    assert found.long_sentences[1].text == long
    assert [each.words for each in measure({"body.b1.text": long, "body.b2.text": longer}, "en").long_sentences] == [22]


def test_long_words_are_shown_with_their_number() -> None:
    found = measure({"a": "De slijmbeursontsteking. Slijmbeursontsteking! ontstekingsremmer", "b": "pijn"}, "nl")
    assert [(each.word, each.times, each.path) for each in found.long_words] == [
        ("slijmbeursontsteking", 2, "a"),
        ("ontstekingsremmer", 1, "a"),
    ]


def test_only_prose_is_measured_and_as_readers_see_it() -> None:
    content = {
        "title": "Titel",
        "summary": "Samenvatting.",
        "seo": {"description": "Voor zoekmachines."},
        "body": [
            {"id": "h", "type": "heading", "level": 2, "text": "Kop"},
            a_paragraph("Blijf *rustig* [bewegen](https://example.org).", "b1"),
            {"id": "l", "type": "list", "ordered": False, "items": [{"id": "l1", "text": "Loop."}]},
            {"id": "f", "type": "faq", "items": [{"id": "q", "question": "Mag het?", "answer": [a_paragraph("Ja.")]}]},
            {"id": "q", "type": "quote", "text": "Gezegd."},
            {"id": "t", "type": "table", "columns": [{"id": "c", "text": "Kolom"}],
             "rows": [{"id": "r", "cells": [{"id": "d", "text": "Cel"}]}]},
        ],
    }  # fmt: skip
    assert prose(ARTICLE, content) == {
        "summary": "Samenvatting.",
        "body.b1.text": "Blijf rustig bewegen.",
        "body.l.items.l1.text": "Loop.",
        "body.f.items.q.answer.b1.text": "Ja.",
    }


def test_biographies_and_descriptions_are_prose() -> None:
    assert list(prose(types.find("author"), {"name": "Jos", "job_title": "Arts", "bio": "Jos *loopt*."})) == ["bio"]


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_the_sample_is_plain(path: Path) -> None:
    content = json.loads(path.read_text("utf-8"))
    found = report(ARTICLE, content.get("content", content), "nl")
    assert found.score is not None
    assert found.score >= 80
    assert found.sentence_length <= 10
    assert len(found.long_sentences) / found.sentences < 0.15
    assert all(sentence.words < 30 for sentence in found.long_sentences)


def test_a_translation_is_measured_beside_its_source(db: Database) -> None:
    entry = create(db, "article", body=[a_paragraph("Blijf lopen. Rust niet.", "b1"), a_paragraph("Bel.", "b2")])
    translate(db, entry, texts={"body.b1.text": "Keep walking and do not rest at all please."}, state="draft")
    found = plain_language.read(db, entry, "en")
    assert (found.figures.sentence_length, found.figures.longer, found.figures.is_longer) == (9.0, 350, True)
    assert found.source is not None
    assert (found.source.words, found.missing) == (4, 1)
    save(db, entry, body=[a_paragraph("Blijf zitten.", "b1")])
    stale = plain_language.read(db, entry, "en")
    assert (stale.figures.words, stale.figures.longer, stale.missing) == (0, None, 1)


def test_the_source_is_measured_as_it_was_saved_last(db: Database) -> None:
    entry = create(db, "article", body=[a_paragraph("Blijf lopen.", "b1")])
    save(db, entry, body=[a_paragraph("Blijf rustig lopen.", "b1")])
    found = plain_language.read(db, entry, "nl")
    assert (found.figures.words, found.source, found.missing) == (3, None, 0)
