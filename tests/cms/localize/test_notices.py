"""What readers are told in their own language."""

import pytest

from cms.localize.notices import Notice, notice, withdrawn
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


def test_the_wordings_differ_from_language_to_language() -> None:
    assert len({withdrawn(reader).text for reader in SAYS}) == len(SAYS)


@pytest.mark.parametrize(("reader", "spoken"), [("nl-BE", "nl"), ("sv", "en"), ("zh-Hant-TW", "en")])
def test_a_reader_without_a_wording_gets_the_nearest_and_is_told_which(reader: str, spoken: str) -> None:
    assert withdrawn(reader) == withdrawn(spoken)
    assert notice("missing", reader, "nl", "2026-05-02").locale == spoken
