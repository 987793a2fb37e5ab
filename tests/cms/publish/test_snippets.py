"""What is shown of a text that was found."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.publish.search import understand
from cms.publish.snippets import LENGTH, snippet

FILLER = "Lees hier wat anderen schreven over wonen en werken in de stad. "


def shown(text: str, q: str, locale: str = "nl") -> str:
    node = understand(q, locale)
    assert node
    return snippet(text, node, locale)


@pytest.mark.parametrize(
    ("text", "q", "expected"),
    [
        ("Pijn aan de rug.", "rug", "Pijn aan de <mark>rug</mark>."),
        ("Uw Rugklachten", "rug klachten", "Uw <mark>Rugklachten</mark>"),
        ("Klacht van de rug", "rugklachten", "<mark>Klacht</mark> van de <mark>rug</mark>"),
        ("De knieën", "KNIEEN", "De <mark>knieën</mark>"),
        ("Oefen uw oefeningen", "oef*", "<mark>Oefen</mark> uw <mark>oefeningen</mark>"),
        ("de rug en de nek", '"de nek"', "de rug en <mark>de</mark> <mark>nek</mark>"),
        ("diëten volgen", '"dieten volgen"', "<mark>diëten</mark> <mark>volgen</mark>"),
        ('<b>rug</b> & "nek"', "rug", "&lt;b&gt;<mark>rug</mark>&lt;/b&gt; &amp; &quot;nek&quot;"),
        ("Nek\nRug", "rug", "Nek · <mark>Rug</mark>"),
        ("Nek", "rug", "Nek"),
        ("", "rug", ""),
    ],
)
def test_matching_words_are_marked(text: str, q: str, expected: str) -> None:
    assert shown(text, q) == expected


def test_a_long_text_is_cut_around_a_match_at_its_sentence() -> None:
    text = f"{FILLER * 5}Bel bij artrose uw huisarts. {FILLER * 5}"
    cut = shown(text, "artrose")
    assert cut.startswith("… Bel bij <mark>artrose</mark> uw huisarts. Lees")
    assert cut.endswith(" …")


def test_most_different_matches_decide_where_to_cut() -> None:
    text = f"Een rug, de rug, uw rug. {FILLER * 5}De rug doet pijn. {FILLER * 5}"
    assert "<mark>rug</mark> doet <mark>pijn</mark>" in shown(text, "rug pijn")


def test_a_match_at_the_end_shows_what_came_before() -> None:
    cut = shown(f"{FILLER * 5}Artrose", "artrose")
    assert cut.startswith("… ")
    assert cut.endswith("<mark>Artrose</mark>")
    assert len(plain(cut)) > LENGTH / 2


def test_arabic_and_turkish_are_marked() -> None:
    assert shown("ألم في الرُّكْبَة", "ركبه", "ar") == "ألم في <mark>الرُّكْبَة</mark>"
    assert shown("IŞIK", "isik", "tr") == "<mark>IŞIK</mark>"


def plain(cut: str) -> str:
    return unescape(re.sub("</?mark>", "", cut)).removeprefix("… ").removesuffix(" …")


@given(st.text(alphabet='rug pijn.<&\n"*é背', max_size=1000), st.sampled_from(["rug", '"rug pijn"', "ru* pijn", "背"]))
def test_a_snippet_is_a_piece_of_the_text_and_not_longer_than_it_may_be(text: str, q: str) -> None:
    cut = plain(shown(text, q))
    assert cut in text.replace("\n", " · ")
    assert len(cut.replace(" · ", "\n")) <= 3 * LENGTH


def test_no_text_becomes_markup() -> None:
    assert shown("<script>rug</script>", "rug") == "&lt;script&gt;<mark>rug</mark>&lt;/script&gt;"
