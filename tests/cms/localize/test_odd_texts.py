"""Odd texts of the greatest length: compared in moments, and nothing crashes; the bound is on processor time."""

import time

import pytest

from api.wording import FINDINGS
from cms.content.fields import MAX_TEXT
from cms.localize.checks import check
from cms.localize.facts import figures
from cms.localize.facts.remembering import remembered

SECONDS = 2.0
ORDINARY = "Neem twee keer per dag 500 mg. Bel niet 112, maar 06-12345678. Lees **meer** op [a](https://a.nl)."


def filled(shape: str) -> str:
    return (shape * (MAX_TEXT // len(shape) + 1))[:MAX_TEXT]


def counted(shape: str) -> str:
    return "".join(shape.format(number, number + 1) for number in range(13, MAX_TEXT // 4))[:MAX_TEXT]


def spent(source: str, target: str, source_locale: str, target_locale: str) -> float:
    started = time.process_time()
    found = check(source, target, source_locale, target_locale)
    taken = time.process_time() - started
    assert {f"{finding.code}.{finding.reason}" for finding in found} <= FINDINGS.keys()
    return taken


@pytest.mark.parametrize(
    "text",
    [
        *map(filled, ["! ", ". ", "a.", "[a](", "<a ", "12 ", "a\u0301"]),
        "[a](" + " " * (MAX_TEXT - 4),
        " " * (MAX_TEXT - 5) + "todo!",
        counted("{0} mg en {1} ml. "),
    ],
    ids=lambda text: text[:12],
)
def test_a_text_of_one_shape_is_compared_with_itself_in_moments(text: str) -> None:
    assert spent(text, text, "nl", "en") < SECONDS


@pytest.mark.parametrize(
    "text",
    [
        *map(filled, ["a", "ni. ", "وغير "]),
        counted("06-123{0:05d} "),
    ],
    ids=lambda text: text[:12],
)
def test_an_odd_text_in_place_of_an_ordinary_one_is_compared_in_moments(text: str) -> None:
    assert spent(ORDINARY, text, "nl", "ar") < SECONDS
    assert spent(text, ORDINARY, "fr", "nl") < SECONDS


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (counted("{0} mg "), counted("{1} mg ")),
        (counted("Neem {0} mg en {1} ml. "), counted("Take {1} mg and {0} ml. ")),
        (filled("twee tabletten, 3 keer "), filled("three tablets, 2 times ")),
        (counted("06-123{0:05d} "), counted("06-321{0:05d} ")),
    ],
)
def test_two_long_texts_that_differ_everywhere_are_compared_in_moments(source: str, target: str) -> None:
    assert spent(source, target, "nl", "en") < SECONDS


@pytest.mark.parametrize("digits", ["1" * 5_000, "1" * 41, "1.111" * 900, "١" * 4_400])
@pytest.mark.parametrize("locale", ["en", "ar", "es"])
def test_a_digit_that_changed_among_thousands_is_found(digits: str, locale: str) -> None:
    middle = len(digits) // 2
    changed = digits[:middle] + ("2" if digits[middle] != "." else "22") + digits[middle + 1 :]
    assert check(digits, digits, "nl", locale) == []
    assert {finding.code for finding in check(digits, changed, "nl", locale)} == {"number"}


def test_digits_of_another_script_are_the_same_long_number() -> None:
    assert [fact.value for fact in figures("١" * 50, "ar")] == [fact.value for fact in figures("1" * 50, "en")]


def test_three_names_beside_two_amounts_are_no_reason_to_fail() -> None:
    source = "Volwassenen 500 mg, kinderen 250 mg, mannen."
    target = "Adults 500 mg, children 250 mg, men."
    assert check(source, target, "nl", "en") == []


def test_few_long_texts_are_remembered_and_many_short_ones() -> None:
    asked: list[str] = []

    @remembered
    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    texts = [str(number) * 4 for number in range(100, 200)]
    long = [text * 50 for text in texts]
    for text in (*texts, *texts, *long, *long):
        length(text)
    assert (sum(len(text) < 500 for text in asked), sum(len(text) > 500 for text in asked)) == (100, 200)
