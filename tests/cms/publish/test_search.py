"""What readers type, and what they find, on both engines."""

from collections.abc import Iterator
from typing import Any as Anything

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cms.publish import search
from cms.publish.search import Found, Hit
from cms.store import Database, write
from cms.store.fulltext import All, Any, Phrase, Prefix, Term

Document = dict[str, Anything]


def document(entry: str, title: str, *paragraphs: str, locale: str = "nl", **more: Anything) -> Document:
    body = [{"id": f"b{number}", "type": "paragraph", "html": text} for number, text in enumerate(paragraphs)]
    return {"id": entry, "type": "article", "locale": locale, "title": title, "body": body, **more}


def index(db: Database, *documents: Document) -> None:
    with write(db):
        for one in documents:
            search.index(db, one)


def found(db: Database, q: str, locale: str = "nl") -> set[str]:
    result = search.find(db, locale, q)
    assert result.total == len(result.hits)
    return {hit.entry for hit in result.hits}


DUTCH = [
    document("back", "Rugklachten", "Blijf <em>bewegen</em>. Bel bij koorts de huisartsenpost."),
    document("spine", "Klachten aan de rug", "Een kruisbandoperatie is niet nodig. Neem 1,5 liter per dag."),
    document(
        "knees", "Pijn in de knieën", "Diëten helpen soms: e-mail ons over pijnstillers en uw <a href='/x'>L5</a>."
    ),
    document("children", "Oefeningen voor kinderen", "Onderrug&nbsp;en nek-/schouderoefeningen", summary="Artrose"),
]


@pytest.mark.parametrize(
    ("q", "entries"),
    [
        ("rugklachten", "back spine"),
        ("rugklacht", "back spine"),
        ("klachten aan de rug", "back spine"),
        ("Rug", "back spine children"),
        ("RUGKLACHTEN", "back spine"),
        ("rug-klachten", "back spine"),
        ("knieen", "knees"),
        ("KNIEËN", "knees"),
        ("knie pijn", "knees"),
        ("kniepijn", "knees"),
        ("ARTROSE", "children"),
        ("kind", "children"),
        ("oefening", "children"),
        ("schouderoefening", "children"),
        ("schouder oefen", "children"),
        ("nek", "children"),
        ("beweegt", "back"),
        ("huisarts", "back"),
        ("huisartsenposten", "back"),
        ("pijnstiller", "knees"),
        ("dieet", "knees"),
        ("dieten", "knees"),
        ("email", "knees"),
        ("e-mail", "knees"),
        ("l5", "knees"),
        ("1.5", "spine"),
        ("1,5 liter", "spine"),
        ("kruisband", "spine"),
        ("rug knie", ""),
        ("rugby", ""),
        ('"klachten aan de rug"', "spine"),
        ('"KLACHT aan de rug"', "spine"),
        ('"rug klachten"', ""),
        ('"rug blijf"', ""),
        ("“pijn in de knieen”", "knees"),
        ('„dieten helpen" soms', "knees"),
        ('"aan de rug', "back spine children"),
        ('operatie "niet nodig"', "spine"),
        ("oef*", "children"),
        ("oefeninge*", "children"),
        ("kru*", "spine"),
        ("huisartsenp*", "back"),
        ("rug* kl*", "back spine"),
        ("kl* kni*", ""),
        ("r*", ""),
        ("de", "back spine knees"),
        ("wat is artrose", "children"),
        ("x", ""),
        ("href", ""),
    ],
)
def test_a_dutch_reader_finds(db: Database, q: str, entries: str) -> None:
    index(db, *DUTCH)
    assert found(db, q) == set(entries.split())


OTHERS = [
    document("tr1", "Diz ağrısı", "IŞIK ve ILIK su; İLAÇ için doktora danışın.", locale="tr"),
    document("tr2", "Bel ağrıları", "Sırtınızı dik tutun.", locale="tr"),
    document("ar1", "ألم في الرُّكْبَة", "اتصل بالرقم ١١٢ فورًا.", locale="ar"),
    document("ar2", "آلام الظهر", "تمارين يومية لمدة ١٫٥ ساعة.", locale="ar"),
    document("pl1", "Ból kręgosłupa", "Ćwiczenia na łokieć i kolano.", locale="pl"),
    document("pl2", "Operacja kolana", "Po operacji odpoczywaj.", locale="pl"),
    document("de1", "Rückenschmerzen", "Füße und Hände.", locale="de"),
    document("de2", "Schmerzen im Rücken", "Der Kreuzbandriss.", locale="de"),
    document("en1", "Don't stop moving", "Your feet and knees; X-rays.", locale="en"),
    document("fr1", "Douleurs à l’épaule", "Évitez l'alcool.", locale="fr"),
    document("zh1", "腰背痛", "多运动，少坐。L5", locale="zh"),
    document("zh2", "痛背", "多坐", locale="zh"),
    document("fa1", "درد کمر", "می‌توانید ورزش کنید.", locale="fa"),
    document("uk1", "Біль у спині", "Здоров'я", locale="uk"),
]


@pytest.mark.parametrize(
    ("locale", "q", "entries"),
    [
        ("tr", "ağrı", "tr1 tr2"),
        ("tr", "AĞRI", "tr1 tr2"),
        ("tr", "agri", "tr1 tr2"),
        ("tr", "diz agrisi", "tr1"),
        ("tr", "ışık", "tr1"),
        ("tr", "isik", "tr1"),
        ("tr", "ISIK", "tr1"),
        ("tr", "ilaç", "tr1"),
        ("tr", "İLAC", "tr1"),
        ("tr", "ılık", "tr1"),
        ("tr", '"diz agrisi"', "tr1"),
        ("tr", '"dik tutun"', "tr2"),
        ("ar", "ركبة", "ar1"),
        ("ar", "الركبه", "ar1"),
        ("ar", "ألم", "ar1"),
        ("ar", "ظهر", "ar2"),
        ("ar", "112", "ar1"),
        ("ar", "١١٢", "ar1"),
        ("ar", "1.5", "ar2"),
        ("ar", '"الام الظهر"', "ar2"),
        ("pl", "kregoslup", "pl1"),
        ("pl", "KRĘGOSŁUP", "pl1"),
        ("pl", "kolana", "pl1 pl2"),
        ("pl", "lokiec", "pl1"),
        ("pl", "bol", "pl1"),
        ("pl", "operacją", "pl2"),
        ("pl", '"bol kregoslupa"', "pl1"),
        ("pl", "cwicz*", "pl1"),
        ("de", "rueckenschmerzen", "de1 de2"),
        ("de", "Rücken Schmerz", "de1 de2"),
        ("de", "fusse hand", "de1"),
        ("en", "foot knee", "en1"),
        ("en", "xray", "en1"),
        ("en", "don’t", "en1"),
        ("fr", "epaule", "fr1"),
        ("fr", "alcool", "fr1"),
        ("zh", "背痛", "zh1"),
        ("zh", "痛", "zh1 zh2"),
        ("zh", "少坐 L5", "zh1"),
        ("fa", "كمر", "fa1"),
        ("fa", "میتوانید", "fa1"),
        ("uk", "здоров’я", "uk1"),
        ("uk", "СПИНІ", "uk1"),
        ("nl", "agri", ""),
    ],
)
def test_readers_of_other_languages_find(db: Database, locale: str, q: str, entries: str) -> None:
    index(db, *OTHERS)
    assert found(db, q, locale) == set(entries.split())


def test_every_text_of_a_document_is_found(db: Database) -> None:
    nested = [{"id": "n1", "type": "list", "items": [{"id": "n2", "html": "lijstwoord"}]}]
    blocks = [
        {"id": "1", "type": "heading", "level": 2, "html": "kopwoord"},
        {"id": "2", "type": "steps", "items": [{"id": "2a", "title": "staptitel", "html": "stapwoord<br>regelwoord"}]},
        {"id": "3", "type": "callout", "title": "kadertitel", "body": nested, "notice": "meldwoord"},
        {"id": "4", "type": "figure", "image": {"src": "bron.png"}, "alt": "altwoord", "caption": "bijschrift"},
        {"id": "5", "type": "faq", "items": [{"id": "5a", "question": "vraagwoord", "answer": nested}]},
        {
            "id": "6",
            "type": "table",
            "columns": [{"id": "6a", "html": "kolomwoord"}],
            "rows": [{"id": "6b", "cells": [{"id": "6c", "html": "celwoord"}]}],
        },
        {"id": "7", "type": "quote", "html": "citaatwoord", "cite": "bronwoord"},
        {"id": "8", "type": "contact", "clinic": {"id": "c", "name": "Klinieknaam", "slug": "slugwoord"}},
    ]
    index(
        db,
        document(
            "all",
            "Titelwoord < 3",
            summary="samenvatting",
            topics=[{"id": "t", "title": "Themawoord"}],
            authors=[{"name": "Dr. Jansen", "href": "linkwoord"}],
        )
        | {"body": blocks},
        {
            "id": "clinic",
            "type": "clinic",
            "locale": "nl",
            "name": "Rugpoli",
            "description_html": "<p>omschrijving</p>",
            "services": ["echografie"],
            "addresses": [{"city": "Velp"}],
            "networks": ["RugNetwerk"],
        },
    )
    words = "kopwoord staptitel stapwoord regelwoord kadertitel lijstwoord altwoord bijschrift vraagwoord kolomwoord"
    for word in f"{words} celwoord citaatwoord bronwoord Klinieknaam Titelwoord samenvatting Themawoord Jansen".split():
        assert found(db, word) == {"all"}, word
    for word in ("rugpoli", "omschrijving", "echo*", "velp", "RugNetwerk"):
        assert found(db, word) == {"clinic"}, word
    for word in ("meldwoord", "bron", "slugwoord", "linkwoord", "nbsp"):
        assert found(db, word) == set(), word


def test_a_block_in_the_source_language_is_found_as_it_is_written(db: Database) -> None:
    stale = {"id": "s", "type": "paragraph", "html": "Bel de huisartsenpost", "lang": "nl", "freshness": "stale"}
    index(db, document("1", "Bel ağrısı", locale="tr") | {"body": [stale]})
    assert found(db, "huisartsenpost", "tr") == {"1"}
    assert found(db, "huisarts", "tr") == {"1"}


def test_a_type_of_your_own_names_its_fields(db: Database) -> None:
    with write(db):
        recipe = {"id": "1", "type": "recipe", "locale": "nl", "dish": "Soep", "goods": [{"what": "prei"}]}
        search.index(db, recipe, {"dish": "title", "goods.what": "extra"})
    assert found(db, "soep") == found(db, "prei") == {"1"}


def test_a_title_comes_before_a_summary_before_a_body(db: Database) -> None:
    more = "Lees verder over andere dingen. " * 20
    index(
        db,
        document("a", "Iets", f"artrose {more}", summary="Anders"),
        document("b", "Iets", f"Anders {more}", summary="artrose"),
        document("c", "Artrose", f"Anders {more}", summary="Anders"),
    )
    assert [hit.entry for hit in search.find(db, "nl", "artrose").hits] == ["c", "b", "a"]


def test_pages_and_totals(db: Database) -> None:
    index(db, *(document(str(number), "Artrose") for number in range(5)))
    pages = [search.find(db, "nl", "artrose", limit=2, offset=offset) for offset in (0, 2, 4, 6)]
    assert [page.total for page in pages] == [5, 5, 5, 5]
    assert [[hit.entry for hit in page.hits] for page in pages] == [["0", "1"], ["2", "3"], ["4"], []]
    assert search.find(db, "nl", "artrose", limit=0) == Found(5, [])


def test_a_type_can_be_asked_for(db: Database) -> None:
    index(db, document("1", "Artrose"), document("2", "Artrose") | {"type": "topic"})
    assert search.find(db, "nl", "artrose", type="topic") == Found(1, [Hit("2", "")])


def test_a_document_out_of_the_index_is_not_found(db: Database) -> None:
    index(db, *DUTCH)
    with write(db):
        search.unindex(db, "nl", "back")
    assert found(db, "rugklachten") == {"spine"}


def test_a_hit_shows_why(db: Database) -> None:
    index(db, document("1", "Rug", "Bel <b>112</b> bij A &lt; B", summary="Uw rugklachten."))
    assert search.find(db, "nl", "112 rug").hits == [
        Hit("1", "Uw <mark>rugklachten</mark>. · Bel <mark>112</mark> bij A &lt; B")
    ]


@pytest.mark.parametrize(
    ("q", "node"),
    [
        ("", None),
        ("?! … 🦴 \0", None),
        ("nek", Term("nek")),
        ("nek NEK", Term("nek")),
        ("de nek", Term("nek")),
        ("de het", All((Term("de"), Term("het")))),
        ("nekpijn", Any((Term("nekpijn"), All((Term("nek"), Term("pijn")))))),
        ("knieën", Any((Term("knie"), Term("knieen")))),
        ('"de nek" pijn', All((Phrase(("de", "nek")), Term("pijn")))),
        ("nek*", Prefix("nek")),
        ("n*", Term("n")),
        ("AND OR", All((Term("and"), Term("or")))),
    ],
)
def test_a_query_is_understood(q: str, node: object) -> None:
    assert search.understand(q, "nl") == node


def test_a_query_asks_for_so_many_words_at_most() -> None:
    node = search.understand(" ".join(f"w{number}" for number in range(1000)), "nl")
    assert isinstance(node, All)
    assert len(node.nodes) == search.MOST_WORDS
    assert search.understand('"' + " ".join(["w"] * 1000) + '"', "nl") == Phrase(("w",) * search.MOST_WORDS)


@pytest.fixture
def library(db: Database) -> Iterator[Database]:
    index(db, *DUTCH)
    yield db


SYNTAX = st.sampled_from(
    ['"', "*", ":", "-", "AND", "OR", "NOT", "NEAR(", ")", "'", "\\", "\0", "\ud800", "rug", "de", " "]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(), st.lists(SYNTAX).map("".join), st.lists(SYNTAX).map(" ".join)))
@example("rug " * 2500)
@example("rugklachten-" * 900)
@example("a" * 10_000)
@example("背" * 10_000)
@example('"' * 10_000)
@example("('" * 5_000)
@example("?!.,;:…")
@example("🦴🩺")
@example("rug\0klacht")
@example('"unbalanced rug')
@example("AND OR NOT NEAR(rug klacht, 5)")
@example("* : ^ {title}: rug* :* <-> & | !")
@example("\ud800 rug")
def test_whatever_is_typed_gives_an_answer(library: Database, q: str) -> None:
    result = search.find(library, "nl", q)
    assert result.total == len(result.hits) <= len(DUTCH)
