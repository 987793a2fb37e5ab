"""What goes out and comes back: unchanged it changes nothing, filled in it gives exactly the texts filled in."""

import shutil
import subprocess
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms.content import types
from cms.content.fields import tidy
from cms.localize.exchange import formats, table
from cms.localize.exchange.history import _is_alike
from cms.localize.exchange.inline import parse, settled
from cms.localize.exchange.judging import read_text
from cms.localize.exchange.names import from_token, to_token
from cms.localize.exchange.units import Parcel, Unit, Value, fingerprint, values
from cms.localize.exchange.writing import write
from cms.store import Database
from tests.builders import later, save, translate
from tests.cms.localize.exchange.rich import (
    ENTRY,
    TEXTS,
    an_entry,
    body,
    bring,
    by_now,
    file,
    outcomes,
    standing,
    translated,
)

WORDS = st.text(st.sampled_from("ab cé1.,!?\"'()<>&;#*_`[]\\\n‏م\ufffe=+-@"), max_size=15)
LINKS = st.sampled_from(["https://a.nl/b?c=d&e=(f)", "entry:0198a000-0000-7000-8000-000000000001", "tel:112", "/a b"])
MARKDOWN = st.recursive(
    WORDS,
    lambda inner: st.one_of(
        st.builds("**{}**".format, inner),
        st.builds("*{}*".format, inner),
        st.builds("[{}](<{}>)".format, inner, LINKS),
        st.builds("`{}`".format, WORDS),
        st.builds("{}\\\n{}".format, inner, inner),
        st.builds("{} {}".format, inner, inner),
    ),
    max_leaves=6,
)
STRICT = settings(deadline=None, max_examples=60)


def a_parcel(source: str, text: str, *, is_inline: bool = True) -> Parcel:
    value = a_value(source)
    unit = Unit(
        path="body.b1.text", kind="paragraph", is_inline=is_inline, source=value.segment.source,
        source_hash=value.segment.source_hash, text=text, state="needs_review", freshness="current", max_length=20_000,
        critical=False, notes=(("kind", "paragraph"),), earlier=None,
    )  # fmt: skip
    return Parcel(ENTRY, "article", "Rug", "nl", "en", 1, (unit,))


def a_value(source: str) -> Value:
    block = {"id": "b1", "type": "paragraph", "text": source}
    return values(types.find("article"), {"title": "Rug", "body": [block]})["body.b1.text"]


@pytest.mark.parametrize("format", formats.FORMATS)
@STRICT
@given(source=MARKDOWN.map(tidy).filter(bool), text=MARKDOWN.map(tidy).filter(bool))
def test_any_text_comes_back_as_it_was_filled_in(format: str, source: str, text: str) -> None:
    text = write(parse(text))[0]
    if not text:
        return
    data = formats.WRITERS[format]([a_parcel(source, text)])
    [received] = formats.read(data).units
    assert received.path == "body.b1.text"
    assert _is_alike(received.source, a_value(source))
    assert received.source_hash == a_value(source).segment.source_hash
    assert received.text_mark == fingerprint(text, True)
    if received.target is None:
        assert not text.strip("\ufffe")
        return
    found, _ = read_text(received, a_value(source))
    assert found == text


@pytest.mark.parametrize("format", formats.FORMATS)
@STRICT
@given(text=MARKDOWN.map(tidy).filter(bool))
def test_any_text_reads_as_it_was_written_whatever_its_markup(format: str, text: str) -> None:
    [received] = formats.read(formats.WRITERS[format]([a_parcel(text, text)])).units
    if received.target is not None:
        found, faults = read_text(received, a_value(text))
        assert settled(parse(found)) == settled(parse(text))
        assert faults == []


@pytest.mark.parametrize("format", formats.FORMATS)
def test_unchanged_it_changes_nothing(db: Database, format: str) -> None:
    an_entry(db)
    translate(db, ENTRY, "en", TEXTS)
    by_now(db, "body.b3.title", "Ring 112", state="draft", seen={"body.b3.title": "Call 112"})
    blocks = body()
    blocks[0]["text"] = "Wat kun *je* zelf doen?"
    save(db, ENTRY, body=blocks, now=later(days=2))
    before = standing(db)
    report = bring(db, file(db, format), now=later(days=3))
    assert set(outcomes(report).values()) <= {"unchanged", "empty"}
    assert standing(db) == before
    assert bring(db, file(db, format), now=later(days=3), state="approved").counts.keys() <= {"unchanged", "empty"}


@pytest.mark.parametrize("format", ["xliff2", "xliff1"])
def test_filled_in_by_a_tool_it_gives_the_texts(db: Database, format: str) -> None:
    an_entry(db)
    report = bring(db, translated(file(db, format)))
    assert outcomes(report) == dict.fromkeys(TEXTS, "accepted")
    assert standing(db) == {path: (text, "needs_review", "import") for path, text in TEXTS.items()}
    again = bring(db, translated(file(db, format)))
    assert outcomes(again) == dict.fromkeys(TEXTS, "unchanged")


@pytest.mark.parametrize("format", ["po", "csv"])
def test_filled_in_as_text_it_gives_the_texts(db: Database, format: str) -> None:
    an_entry(db)
    parcel = _filled(db)
    report = bring(db, formats.WRITERS[format]([parcel]))
    assert outcomes(report) == dict.fromkeys(TEXTS, "accepted")
    assert {path: text for path, (text, _, _) in standing(db).items()} == TEXTS


def _filled(db: Database) -> Parcel:
    from cms.localize.exchange.units import collect

    parcel = collect(db, ENTRY, "en")
    units = [replace(unit, text=TEXTS[unit.path], state="needs_review", freshness="current") for unit in parcel.units]
    return replace(parcel, units=tuple(units))


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="gettext is not installed")
def test_gettext_reads_what_is_written(db: Database) -> None:
    an_entry(db, summary='Dit is een lange samenvatting, die de kop van de bladzijde vult.\nEn nog een "regel" erbij.')
    translate(db, ENTRY, "en")
    save(db, ENTRY, summary="Kort.", now=later(days=2))
    data = file(db, "po")
    assert b'#| msgid ""\n#| "Dit is' in data
    done = subprocess.run(["msgfmt", "--check", "-o", "-", "-"], input=data, capture_output=True)
    assert (done.returncode, b"error" in done.stderr) == (0, False)
    assert set(outcomes(bring(db, data, now=later(days=3))).values()) == {"unchanged"}


@given(st.text())
def test_a_path_is_a_token_and_back(path: str) -> None:
    path = path.encode("utf-8", "replace").decode()
    assert from_token(to_token(path)) == path or ":" in path
    assert from_token(to_token("title")) == "title"


@given(st.text())
def test_a_cell_is_no_formula_and_comes_back(text: str) -> None:
    assert table.guarded(text)[:1] not in {"=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"}
    assert table.unguarded(table.guarded(text)) == text


def test_a_table_guards_its_cells(db: Database) -> None:
    an_entry(db, title='=HYPERLINK("https://a.nl")', body=[{"id": "b1", "type": "paragraph", "text": "+31 en meer"}])
    data = file(db, "csv").decode("utf-8-sig")
    assert ",\"'=HYPERLINK" in data
    assert ",'+31 en meer," in data
    assert {unit.source for unit in formats.read(data.encode()).units} == {
        '=HYPERLINK("https://a.nl")', "+31 en meer",
    }  # fmt: skip


@pytest.mark.parametrize("locale", ["de-x-simple", "x-klare-taal", "ca-valencia", "zh-Hant-HK", "nl-BE"])
@pytest.mark.parametrize("format", formats.FORMATS)
def test_a_language_of_any_tag_goes_out_and_comes_back(db: Database, format: str, locale: str) -> None:
    an_entry(db)
    bundle = formats.read(formats.export(db, [ENTRY], locale, format=format))
    assert (bundle.source_locale, bundle.locale, len(bundle.units)) == ("nl", locale, 6)


def test_a_line_of_a_text_is_no_line_of_the_head_of_a_po_file(db: Database) -> None:
    an_entry(db, summary="Rug\nGenerated-By: x\nLanguage: y\nbuik")
    sources = [unit.source for unit in formats.read(file(db, "po")).units]
    assert "Rug\nGenerated-By: x\nLanguage: y\nbuik" in sources
