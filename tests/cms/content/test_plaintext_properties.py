"""Whatever is pasted: nothing is lost, nothing but Invalid is raised, and what comes out fits the schemas."""

import json
import re
import unicodedata
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from cms.content import schemas, types  # noqa: F401 (registers the shipped types)
from cms.content.plaintext import Understood, understand
from cms.content.plaintext.cleaning import clean
from cms.content.plaintext.cues import every_word
from cms.content.plaintext.lines import gather
from cms.content.validate import load
from cms.errors import Invalid

TEXTS = sorted((Path(__file__).parents[2] / "texts").glob("*.txt"))
ENTRY = "0198a7b2-0000-7000-8000-000000000000"
MARKDOWN = MarkdownIt("commonmark", {"html": False})
INLINE = {"text", "bio"}

PIECES = [
    "Waarom doet het pijn?", "Oorzaken", "Let op:", "Een zin. En nog een zin die wat langer is dan de vorige.",
    "- punt", "• ander punt", "o\tsub", "1. eerste", "2) tweede", "   - dieper", "a) letter", "•", "---", "***",
    "Geschreven door: Ann Ros", "Auteurs:", "Door: Bas de Wit, fysiotherapeut", "Fysiotherapeut", "Ann Ros",
    "Gespecialiseerd in a & b, c van d en e", "Specialisaties:", "Meer over Ann Ros", "BIG: 12345678901",
    "Onze fysiotherapeuten van Praktijk Zonnehof helpen je.", "Wij werken via het RugNetwerk.",
    "Je kunt contact opnemen via 085-0000123 / info@praktijkzonnehof.example / contactformulier.",
    "U kunt contact met ons opnemen via:", "Telefoon: 06-12345678", "E-mail: ann@x.example", "Bel 112 bij nood.",
    "www.praktijkzonnehof.example", "Dorpsstraat 1, 1234 AB Dorp", "Week\tKeer", "1\t2", "a | b", "c | d", "# Kop",
    "x  y   z", "Heb je vragen?", "Dan helpen wij je graag!", "1 maart 2024", "Lees meer", "*vet* [a](b) <i> &amp;",
    "Home > Blog > Rug", "Nieuws", "Laatst bijgewerkt: 12 maart 2026", "Door: redactie | 3 mei 2026 | 0 reacties",
    "Door Ann Ros | 12 maart 2026 | Leestijd 3 minuten", "Door Bas de Wit, manueel therapeut bij FysioPlus Zuid",
    "Over de auteur", "Ann Ros is sportarts bij Praktijk Zonnehof. Zij is gespecialiseerd in a en b.",
    "Met vriendelijke groet,", "Ann Ros, sportarts", "FysioPlus Zuid", "Fysiotherapeut bij FysioPlus Zuid",
    "Functie: Diëtist", "Praktijk Zonnehof", "Openingstijden", "Ma t/m do: 8.00 - 20.00 uur", "Zaterdag: gesloten",
    "KvK 12345678", "#rug #fysio", "Lees ook", "Lees ook: Oorzaken", "Deel dit artikel", "Volg ons op Facebook",
    "Bron: een boek", "© 2026 Praktijk Zonnehof", "Inhoud", "Vraag: Is het erg?", "Antwoord: Nee.", "V: En nu?",
    "A: Rust.", "Foto: Ann Ros", "Adres: Dorpsstraat 1, 1234 AB Dorp",
    "Bel Praktijk Zonnehof: 085-0000123, of mail ann@x.example.", "Maak een afspraak via https://x.example/afspraak.",
    "Praktijk Zonnehof | Dorpsstraat 1 | 1234 AB Dorp", "Kom langs bij FysioPlus Zuid in Dorp!", "Wil je hulp?",
    "een regel die met een kleine letter begint en lang genoeg is om te breken", "nek-", "", "", "",
]  # fmt: skip

articles = st.lists(st.sampled_from(PIECES), min_size=1, max_size=25).map("\n".join)
anything = st.text(st.characters(), max_size=300)
mixed = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=40)), max_size=20).map("\n".join)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(articles, mixed, anything, st.binary(max_size=300)))
@example("•\nGeschreven door: Ann Ros\n- punt")
def test_nothing_but_invalid_is_raised(text: str | bytes) -> None:
    try:
        draft = understand(text)
    except Invalid:
        return
    assert draft.title


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(articles, mixed))
@example("\n".join(PIECES))
def test_no_word_is_lost(text: str) -> None:
    try:
        draft = understand(text)
    except Invalid:
        return
    assert_nothing_lost(text, draft)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_no_word_of_the_sample_texts_is_lost(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert_nothing_lost(text, understand(text))


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(articles)
def test_what_comes_out_fits_the_schemas(text: str) -> None:
    try:
        draft = understand(text)
    except Invalid:
        return
    assert_fits(draft)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_the_sample_texts_fit_the_schemas(path: Path) -> None:
    assert_fits(understand(path.read_bytes()))


@settings(deadline=None)
@given(st.one_of(articles, mixed))
def test_every_line_that_is_not_blank_has_one_place(text: str) -> None:
    try:
        draft = understand(text)
        tidy, _ = clean(text)
    except Invalid:
        return
    assert [placed.line for placed in draft.provenance] == [
        number for number, line in enumerate(tidy.split("\n"), 1) if line.strip()
    ]
    dropped = {placed.line for placed in draft.provenance if placed.place == "dropped"}
    assert dropped == {line.line for line in draft.dropped if line.reason not in ("second_address", "beside_byline")}


def assert_nothing_lost(text: str, draft: Understood) -> None:
    """Compare words: a line of content must show all of them, a line about author or clinic all but the cues."""
    shown = words(" ".join([*strings(shown_values(draft)), *(line.text for line in draft.dropped)]))
    digits = "".join(
        re.findall(r"\d", " ".join(phone for clinic in draft.clinics for phone in clinic.get("phones", ())))
    )
    # "8.00" is kept as "08:00".
    shown |= {word.lstrip("0") for word in shown} - {""}
    told = {placed.line for placed in draft.provenance if placed.place.startswith(("/authors", "/clinics"))}
    asked = {
        placed.line
        for placed in draft.provenance
        if placed.place.startswith("/body/") and draft.body[int(placed.place[6:])]["type"] == "faq"
    }
    units, _ = gather(clean(text)[0])
    for unit in units:
        known = every_word() | {"0", "00", "nl", "https"} if unit.number in told else set()
        # "Vraag:" and "Antwoord:" become the shape of the block.
        labels = {"vraag", "antwoord", "v", "a", "q"} if unit.number in asked else set()
        lost = words(unit.text) - shown - known - labels
        assert not {word for word in lost if not (unit.number in told and word.lstrip("0") in digits)}


def shown_values(draft: Understood) -> list[Any]:
    return [draft.title, draft.summary, draft.body, draft.authors, draft.clinics]


def strings(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, str):
        yield unescape(re.sub(r"</?[a-z][^>]*>", "", MARKDOWN.renderInline(value))) if key in INLINE else value
        yield value
    for inner_key, inner in value.items() if isinstance(value, dict) else ():
        yield from strings(inner, inner_key)
    for inner in value if isinstance(value, list) else ():
        yield from strings(inner, key)


def words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text).lower()))


def assert_fits(draft: Understood) -> None:
    if any(doubt.code == "html_in_text" for doubt in draft.doubts):
        return  # A title is no Markdown: its HTML cannot be escaped, an editor has to reword it.
    article = {"title": draft.title, "summary": draft.summary, "body": draft.body}
    for kind, content in [
        ("article", article),
        *(("author", author) for author in draft.authors),
        *(("clinic", clinic) for clinic in draft.clinics if clinic["name"]),
    ]:
        load(types.find(kind), json.loads(json.dumps(content).replace('"@0"', f'"{ENTRY}"')))
