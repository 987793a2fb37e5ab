"""Language tags, their direction and their names."""

from datetime import date

import pytest

from cms import locales


@pytest.mark.parametrize(
    ("given", "tag"),
    [
        ("nl", "nl"),
        ("NL_be", "nl-BE"),
        ("EN-us", "en-US"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("iw", "he"),
        ("az-arab", "az-Arab"),
        ("ckb", "ckb"),
    ],
)
def test_a_tag_is_standardised(given: str, tag: str) -> None:
    assert locales.standard(given) == tag


@pytest.mark.parametrize("given", ["", "xx", "und", "nederlands", "n", "en-", "*", "\0", "nl nl", "a" * 99, "☃"])
def test_what_is_no_tag_is_refused(given: str) -> None:
    with pytest.raises(locales.UnknownTag):
        locales.standard(given)


@pytest.mark.parametrize(
    ("tag", "direction"),
    [
        ("nl", "ltr"), ("tr", "ltr"), ("uk", "ltr"), ("zh-Hant", "ltr"), ("ku", "ltr"), ("ar-Latn", "ltr"),
        ("ar", "rtl"), ("ar-MA", "rtl"), ("he", "rtl"), ("fa", "rtl"), ("ur", "rtl"), ("ckb", "rtl"), ("ps", "rtl"),
        ("az-Arab", "rtl"), ("pa-PK", "rtl"), ("dv", "rtl"), ("yi", "rtl"),
    ],
)  # fmt: skip
def test_a_language_runs_in_the_direction_of_its_script(tag: str, direction: str) -> None:
    assert locales.direction(tag) == direction


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (["en"], "en"),
        (["en-US"], "en"),
        (["nl-BE", "en"], "nl"),
        (["sv", "de"], "de"),
        (["ar-MA"], "ar"),
        (["sv"], None),
        (["*"], None),
        (["", "tr"], "tr"),
        (["\0", "pl"], "pl"),
        ([], None),
    ],
)
def test_a_reader_is_served_the_first_language_that_is_there(wanted: list[str], found: str | None) -> None:
    assert locales.negotiate(wanted, ["nl", "en", "de", "tr", "ar", "pl"]) == found


def test_where_nothing_is_available_nothing_is_served() -> None:
    assert locales.negotiate(["nl"], []) is None


@pytest.mark.parametrize(
    ("tag", "chain"), [("nl", ["nl"]), ("nl-BE", ["nl-BE", "nl"]), ("zh-Hant-TW", ["zh-Hant-TW", "zh-Hant", "zh"])]
)
def test_behind_a_tag_stand_the_less_specific_ones(tag: str, chain: list[str]) -> None:
    assert locales.fallbacks(tag) == chain


@pytest.mark.parametrize(("tag", "alone"), [("nl-BE", "nl"), ("zh-Hant-TW", "zh"), ("ar", "ar")])
def test_the_base_of_a_tag_is_its_language(tag: str, alone: str) -> None:
    assert locales.base(tag) == alone


@pytest.mark.parametrize(
    ("tag", "reader", "name"),
    [("nl", "nl", "Nederlands"), ("nl", "tr", "Felemenkçe"), ("nl-BE", "en", "Dutch"), ("nl", "ar", "الهولندية")],
)
def test_a_language_has_a_name_in_the_readers_language(tag: str, reader: str, name: str) -> None:
    assert locales.language_name(tag, reader) == name


@pytest.mark.parametrize(
    ("reader", "written"),
    [
        ("nl", "2 mei 2026"),
        ("nl-BE", "2 mei 2026"),
        ("en", "2 May 2026"),
        ("de", "2. Mai 2026"),
        ("tlh", "May 2, 2026"),
    ],
)
def test_a_day_is_written_as_the_reader_writes_it(reader: str, written: str) -> None:
    assert locales.long_date(date(2026, 5, 2), reader) == written
