"""What readers are told in their own language."""

from datetime import date

import pytest

from cms.localize.notices import Notice, notice, review, withdrawn
from cms.site import Site

SAYS = Site().locales


def test_an_english_reader_is_told_when_and_in_what_language() -> None:
    assert notice("stale", "en", "nl", "2026-05-02T10:00:00.000000Z") == Notice(
        "This advice was changed on 2 May 2026 and has not been translated yet."
        " You see the current text in this language: Dutch.",
        "en",
    )


@pytest.mark.parametrize("reader", SAYS)
@pytest.mark.parametrize("freshness", ["stale", "missing"])
def test_every_locale_of_a_new_site_has_its_own_wording(reader: str, freshness: str) -> None:
    said = notice(freshness, reader, "nl", "2026-05-02T10:00:00.000000Z")
    assert (said.locale, "{" in said.text) == (reader, False)
    assert withdrawn(reader).locale == reader


@pytest.mark.parametrize("reader", SAYS)
@pytest.mark.parametrize("state", ["overdue", "expired"])
def test_every_locale_says_that_a_review_is_overdue(reader: str, state: str) -> None:
    said = review(state, reader, date(2026, 5, 2))
    assert (said.locale, "{" in said.text, "2026" in said.text) == (reader, False, True)


def test_an_english_reader_is_told_by_when_advice_was_to_be_reviewed() -> None:
    assert review("overdue", "en", date(2026, 5, 2)).text == (
        "This advice was due to be reviewed by 2 May 2026. That has not been done yet."
        " If in doubt, ask your practitioner."
    )


def test_the_wordings_differ_from_language_to_language() -> None:
    assert len({withdrawn(reader).text for reader in SAYS}) == len(SAYS)


@pytest.mark.parametrize(("reader", "spoken"), [("nl-BE", "nl"), ("sv", "en"), ("zh-Hant-TW", "en")])
def test_a_reader_without_a_wording_gets_the_nearest_and_is_told_which(reader: str, spoken: str) -> None:
    assert withdrawn(reader) == withdrawn(spoken)
    assert notice("missing", reader, "nl", "2026-05-02").locale == spoken
