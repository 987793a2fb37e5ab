"""Terms are found by stem, never by accident; a table of them is taken in whole or not at all."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

import sample
from cms.content import types
from cms.errors import Invalid
from cms.localize import glossary, glossary_csv, segments
from cms.localize.glossary import Term, find, in_text
from cms.localize.glossary_csv import from_csv, to_csv
from cms.localize.scrutiny import Scrutiny
from cms.store import Database

HERNIA = Term("nl", "en", "hernia", "slipped disc", "preferred", "niet: hernia")
FALSE_FRIEND = Term("nl", "en", "hernia", "hernia", "forbidden")
NETWORK = Term("nl", "en", "RugNetwerk", "", "keep")
HEAD = "source_locale,target_locale,source,target,status,note\r\n"


def spoken(phrase: str, text: str, locale: str = "nl", **how: bool) -> list[str]:
    return [text[start:end] for start, end in find(phrase, text, locale, **how)]


def places(text: str, *sources: str, inside: bool = False) -> list[tuple[str, str]]:
    known = [replace(HERNIA, source=source) for source in sources]
    return [(each.term.source, text[each.start : each.end]) for each in in_text(known, text, "nl", inside=inside)]


def problems(data: bytes) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        from_csv(data)
    return [(problem.pointer, problem.code) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("phrase", "text", "found", "locale"),
    [
        ("fysiotherapeut", "Vraag het fysiotherapeuten.", "fysiotherapeuten", "nl"),
        ("spieren", "Een spier doet pijn", "spier", "nl"),
        ("hernia", "Twee hernia's", "hernia's", "nl"),
        ("knie", "Beide knieën", "knieën", "nl"),
        ("huisarts", "HUISARTS bellen", "HUISARTS", "nl"),
        ("lage rugpijn", "Bij lage rugpijn helpt bewegen", "lage rugpijn", "nl"),
        ("lage rugpijn", "Lagerugpijn gaat over", "Lagerugpijn", "nl"),
        ("lage rugpijn", "*lage* rugpijn", "lage* rugpijn", "nl"),
        ("lage rugpijn", "[lage](https://a.example/b.html) rugpijn", "lage](https://a.example/b.html) rugpijn", "nl"),
        ("e-mail", "Stuur een email", "email", "nl"),
        ("email", "Stuur een e-mail", "e-mail", "nl"),
        ("RugNetwerk", "de RugNetwerk-praktijk", "RugNetwerk", "nl"),
        ("painkiller", "Two painkillers", "painkillers", "en"),
        ("aile hekimi", "Aile hekiminizi arayın", "Aile hekiminizi", "tr"),
        ("RugNetwerk", "RugNetwerk'in üyesi", "RugNetwerk'in", "tr"),
        ("lekarz rodzinny", "do lekarza rodzinnego", "lekarza rodzinnego", "pl"),
        ("ألم", "عندك الألم هنا", "الألم", "ar"),
        ("صداع", "الدوار والصداع", "والصداع", "ar"),
        ("MRI", "na de MRI's", "MRI's", "nl"),
        ("KOAH", "KOAH'ın belirtileri", "KOAH'ın", "tr"),
        ("MRI", "two MRIs", "MRIs", "en"),
    ],
)
def test_a_term_is_found_in_its_inflections(phrase: str, text: str, found: str, locale: str) -> None:
    assert spoken(phrase, text, locale) == [found]


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("hand", "Leg de handdoek neer"),
        ("rug", "Rugpijn en Brugge"),
        ("MS", "Wacht 20 ms"),
        ("AS", "De as van de wervel"),
        ("ALS", "Bel als je pijn hebt"),
        ("pijn rug", "Veel pijn. Rug rechten"),
        ("pijn rug", "pijn\nrug"),
        ("lage rugpijn", "lage of erge rugpijn"),
        ("hernia", "Lees [dit](https://hernia.example/hernia) op www.hernia.example of mail hernia@hernia.example"),
        ("hernia", ""),
        ("…", "…"),
    ],
)
def test_a_term_is_not_found_by_accident(phrase: str, text: str) -> None:
    assert spoken(phrase, text) == []


def test_a_part_of_a_compound_is_found_where_that_is_asked() -> None:
    assert places("Heb je rugpijn?", "rug") == []
    assert places("Heb je rugpijn?", "rug", "pijn", inside=True) == [("rug", "rugpijn"), ("pijn", "rugpijn")]
    assert places("Heb je rugpijn?", "rug", "rugpijn", inside=True) == [("rugpijn", "rugpijn")]
    assert places("Je rug doet pijn", "rug", inside=True) == [("rug", "rug")]


@pytest.mark.parametrize(
    ("phrase", "text", "locale"),
    [
        ("rug", "rugpijn", "nl"),
        ("kemik erimesi", "kemik erimeniz var", "tr"),
        ("fizjoterapeuta", "fizjoterapeutką", "pl"),
        ("choroba", "choroby", "pl"),
    ],
)
def test_a_translation_may_use_a_term_with_endings_that_no_stemmer_knows(phrase: str, text: str, locale: str) -> None:
    assert spoken(phrase, text, locale) == []
    assert len(spoken(phrase, text, locale, loosely=True)) == 1


@pytest.mark.parametrize(("phrase", "text", "locale"), [("disc", "discuss", "en"), ("kas", "kasaba", "tr")])
def test_looseness_has_its_bounds(phrase: str, text: str, locale: str) -> None:
    assert spoken(phrase, text, locale, loosely=True) == []


def test_of_terms_that_overlap_the_longest_counts() -> None:
    text = "Acute pijn in de rug, geen andere pijn"
    found = places(text, "pijn", "pijn in de rug", "acute pijn")
    assert found == [("pijn in de rug", "pijn in de rug"), ("pijn", "pijn")]


def test_terms_with_one_source_stand_side_by_side() -> None:
    text = "Wat is een hernia?"
    assert [each.term for each in in_text([HERNIA, FALSE_FRIEND], text, "nl")] == [HERNIA, FALSE_FRIEND]


def test_places_are_in_the_order_of_the_text() -> None:
    assert places("knie, rug en knie", "rug", "knie") == [("knie", "knie"), ("rug", "rug"), ("knie", "knie")]


def test_many_terms_in_a_long_text_are_found_at_once() -> None:
    known = [replace(HERNIA, source=f"term{number}") for number in range(3000)] + [HERNIA]
    text = "Een hernia is een uitstulping. " * 600
    began = time.process_time()
    assert len(in_text(known, text, "nl")) == 600
    assert time.process_time() - began < 2


def test_terms_are_kept_for_their_languages(db: Database) -> None:
    german = replace(HERNIA, target_locale="de", target="Bandscheibenvorfall")
    assert glossary.add(db, [HERNIA, FALSE_FRIEND, NETWORK, german]) == 4
    assert glossary.terms(db, "nl", "en") == [NETWORK, FALSE_FRIEND, HERNIA]
    assert glossary.terms(db, "nl", "de") == [german]
    assert glossary.terms(db, "de", "nl") == []
    assert glossary.terms(db, "nl") == glossary.terms(db) == [german, NETWORK, FALSE_FRIEND, HERNIA]


def test_a_long_glossary_is_read_in_pages(db: Database) -> None:
    named = [replace(HERNIA, source=f"term {number}", note="Zeldzaam" if number == 3 else "") for number in range(5)]
    glossary.add(db, [*named, replace(HERNIA, target_locale="tr")])
    assert glossary.page(db, "en", limit=2, offset=2) == (5, named[2:4])
    assert glossary.page(db, limit=10) == (6, glossary.terms(db))
    assert glossary.page(db, search="ZELDZAAM", limit=2) == (1, [named[3]])
    assert glossary.page(db, "en", "term", limit=2, offset=4) == (5, named[4:])


def test_terms_that_concern_no_text_change_no_finding() -> None:
    preferred = replace(FALSE_FRIEND, source="tussenwervelschijf", status="preferred")
    other = [replace(HERNIA, source=source) for source in ("knie", "heup", "lage rug")]
    checks = Scrutiny("nl", "en", [HERNIA, FALSE_FRIEND, preferred, NETWORK, *other], ())
    few = checks.concerning(["Een hernia gaat over.", "Je lage rug doet pijn."])
    assert [term.source for term in few.terms] == ["hernia", "hernia", "tussenwervelschijf", "lage rug"]
    for source, text in (("Een hernia gaat over.", "A hernia passes."), ("Je lage rug doet pijn.", "Your back hurts.")):
        assert few.findings(source, text) == checks.findings(source, text) != ()


def test_the_same_source_and_target_get_the_new_status_and_note(db: Database) -> None:
    glossary.add(db, [HERNIA])
    glossary.add(db, [replace(HERNIA, status="forbidden", note="anders")])
    assert glossary.terms(db, "nl", "en") == [replace(HERNIA, status="forbidden", note="anders")]


def test_replacing_drops_what_is_not_given_in_those_languages_alone(db: Database) -> None:
    german = replace(HERNIA, target_locale="de", target="Bandscheibenvorfall")
    glossary.add(db, [HERNIA, NETWORK, german])
    glossary.add(db, [NETWORK, FALSE_FRIEND], replace_all=True)
    assert glossary.terms(db) == [german, NETWORK, FALSE_FRIEND]


def test_a_term_can_be_removed(db: Database) -> None:
    glossary.add(db, [HERNIA, FALSE_FRIEND])
    assert glossary.remove(db, replace(HERNIA, note=""))
    assert not glossary.remove(db, HERNIA)
    assert glossary.terms(db) == [FALSE_FRIEND]


def test_a_term_is_tidied(db: Database) -> None:
    glossary.add(db, [Term("NL", "en-gb", "  lage \n rugpijn", "low  back pain", "preferred", " x ")])
    assert glossary.terms(db) == [Term("nl", "en-GB", "lage rugpijn", "low back pain", "preferred", "x")]
    glossary.add(db, [replace(NETWORK, target=NETWORK.source)])
    assert glossary.terms(db, "nl", "en") == [NETWORK]


@pytest.mark.parametrize(
    ("wrong", "pointer", "code"),
    [
        ({"source": " "}, "/1/source", "blank"),
        ({"target": ""}, "/1/target", "blank"),
        ({"status": "never"}, "/1/status", "not_a_choice"),
        ({"status": "keep"}, "/1/target", "kept_has_target"),
        ({"source_locale": "zz-nope"}, "/1/source_locale", "not_a_language_tag"),
        ({"target_locale": "nl"}, "/1/target_locale", "same_language"),
        ({"source": "%"}, "/1/source", "no_words"),
        ({"source": "x" * 501}, "/1/source", "too_long"),
        ({"note": "\x07"}, "/1/note", "control_character"),
        ({"source": NETWORK.source, "target": "", "status": "preferred"}, "/1/target", "blank"),
    ],
)
def test_one_wrong_term_keeps_all_out(db: Database, wrong: dict[str, str], pointer: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        glossary.add(db, [NETWORK, replace(HERNIA, **wrong)])
    assert [(problem.pointer, problem.code) for problem in caught.value.problems] == [(pointer, code)]
    assert glossary.terms(db) == []


def test_a_term_cannot_be_both_preferred_and_forbidden(db: Database) -> None:
    with pytest.raises(Invalid) as caught:
        glossary.add(db, [HERNIA, HERNIA, replace(HERNIA, status="forbidden")])
    assert [(p.pointer, p.code) for p in caught.value.problems] == [("/2/status", "contradicting")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_table_comes_back_as_it_went(delimiter: str, encoding: str) -> None:
    known = [
        Term("nl", "tr", 'de "lage" rug; onder, achter', "bel, sırt; «x»", "preferred", "twee\nregels"),
        Term("nl", "ar", "-itis", "التهاب", "preferred", '=HYPERLINK("https://evil.example";"x")'),
        Term("nl", "en", "'s nachts", "at night", "preferred", "@home"),
        Term("nl", "en", "+plus", "plus", "forbidden", "'=1+1"),
        NETWORK,
    ]
    data = to_csv(known, delimiter).decode("utf-8-sig").encode(encoding)
    assert from_csv(data) == known


def test_no_cell_is_a_formula() -> None:
    wicked = ["=1+1", "+1", "-1", "@x", "＝1"]
    text = to_csv([replace(HERNIA, source=f"{start} x", note=start) for start in wicked]).decode("utf-8-sig")
    cells = [cell for line in text.split("\r\n")[1:] for cell in line.split(",")]
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@＝")]
    assert from_csv(text.encode()) == [replace(HERNIA, source=f"{start} x", note=start) for start in wicked]


def test_a_table_begins_with_the_mark_by_which_spreadsheets_know_utf8() -> None:
    assert to_csv([HERNIA]).startswith(b"\xef\xbb\xbfsource_locale,")


@pytest.mark.parametrize(
    "text",
    [
        "Status;Source ;target; SOURCE_LOCALE;target_locale;eigenaar\r\nPreferred ;hernia;slipped disc;nl;en;Jos\r\n",
        "sep=;\r\nstatus;source;target;source_locale;target_locale\r\n\r\n;;;;\r\npreferred;hernia;slipped disc;nl;en",
        "source_locale,target_locale,source,target,status\nnl,en,hernia,slipped disc,preferred\n\n",
        "source_locale,target_locale,source,target,status,,\nnl,en,hernia,slipped disc,preferred,,,,\n",
    ],
)
def test_tables_as_spreadsheets_leave_them_are_read(text: str) -> None:
    assert from_csv(text.encode()) == [replace(HERNIA, note="")]


def test_every_fault_is_named_by_its_line_and_column() -> None:
    text = (
        HEAD
        + 'nl,en,"twee\r\nregels",two,preferred,\r\n,en,x,y,preferred,\r\n\r\nnl,en,a,b,c,d,e\r\nnl,en,,y,Never,\r\n'
    )
    assert problems(text.encode()) == [
        ("/6", "uneven_row"),
        ("/4/source_locale", "not_a_language_tag"),
        ("/7/status", "not_a_choice"),
        ("/7/source", "blank"),
    ]


def test_lines_are_counted_from_the_first_also_below_a_separator_line() -> None:
    assert problems(f"sep=,\r\n{HEAD}nl,en,,y,preferred,".encode()) == [("/3/source", "blank")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "columns_missing"),
        (b"source,target\r\nx,y", "columns_missing"),
        (HEAD.encode() + b'nl,en,"x,y,preferred', "not_csv"),
        (HEAD.encode() + b'nl,en,"x"y,y,preferred', "not_csv"),
        (HEAD.encode() + "nl,en,één,one,preferred,".encode("windows-1252"), "not_utf8"),
        (b"\xff\xfe\x00", "wrong_encoding"),
        (b"x" * (21 * 1024 * 1024), "too_large"),
        (HEAD.encode() + b"nl,en," + b"x" * 200_000, "not_csv"),
    ],
)
def test_what_is_no_table_is_refused(data: bytes, code: str) -> None:
    assert [found for _, found in problems(data)] == [code]


def test_a_file_full_of_faults_is_told_in_part() -> None:
    assert len(problems((HEAD + "nl,en,,y,preferred,\r\n" * 500).encode())) == glossary_csv.MAX_PROBLEMS


def test_the_sample_glossary_is_without_fault(db: Database) -> None:
    known = sample_terms()
    assert glossary.add(db, known) == len(known)
    assert {term.target_locale for term in known} == {"en", "tr", "ar", "pl"}
    assert {term.status for term in known} == set(glossary.STATUSES)
    for target in ("en", "tr", "ar", "pl"):
        kept = {term.source for term in glossary.terms(db, "nl", target) if term.status == "keep"}
        assert kept == {"RugNetwerk", "Fysiogroep Waterland"}


@pytest.mark.parametrize("locale", ["en", "tr", "ar", "pl"])
def test_the_sample_translations_follow_the_sample_glossary(locale: str) -> None:
    """Preferred terms are used, forbidden ones are not, names are kept: term and inflection hold on real texts."""
    known = [term for term in sample_terms() if term.target_locale == locale]
    checked, wrong = 0, []
    for source, text in sample_translations(locale):
        found = {place.term for place in in_text(known, source, "nl")}
        checked += len(found)
        wrong += [(term.source, text) for term in unfollowed(found, text, locale)]
    assert wrong == []
    assert checked > 60


def sample_terms() -> list[Term]:
    return from_csv((sample.HERE / "glossary.csv").read_bytes())


def sample_translations(locale: str) -> Iterator[tuple[str, str]]:
    for kind, content in sample._read():
        path = sample.HERE / "translations" / locale / f"{kind}.{content['slug']}.json"
        texts = json.loads(path.read_text("utf-8")) if path.exists() else {}
        for segment in segments.cut(types.find(kind), content):
            if segment.path in texts:
                yield segment.source, texts[segment.path]


def unfollowed(found: set[Term], text: str, locale: str) -> list[Term]:
    used = {term for term in found if list(find(term.target, text, locale, loosely=True))}
    answered = {term.source for term in used if term.status == "preferred"}
    return [
        term
        for term in found
        if (term.status == "preferred" and term.source not in answered)
        or (term.status == "keep" and term.source not in text)
        or (term.status == "forbidden" and list(find(term.target, text, locale)))
    ]
