"""Files that are broken, lying or meant to harm: a clear refusal, never a crash, never a file read from here."""

import contextlib
import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms.errors import Invalid
from cms.localize.exchange import formats, guard
from cms.localize.exchange.codes import Event
from cms.store import Database
from tests.cms.localize.exchange.rich import ENTRY, an_entry, bring, faults, file, outcomes, standing, translated

XLF2 = '<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.1" srcLang="nl" trgLang="en">'
XLF1 = (
    '<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" version="1.2">'
    f'<file original="{ENTRY}" source-language="nl" target-language="en" datatype="x-tolk"><body>'
)
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def two(content: str, *, source: str = "Door je rug gaan", attributes: str = "") -> bytes:
    """Return a file of XLIFF 2.1 whose title is translated as `content`."""
    unit = f'<unit id="title"{attributes}><segment><source>{source}</source>{content}</segment></unit>'
    return f'{XLF2}<file id="{ENTRY}">{unit}</file></xliff>'.encode()


def refused(data: bytes, format: str | None = None) -> list[str]:
    with pytest.raises(Invalid) as caught:
        formats.read(data, format)
    return [problem.code for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>{XLF2}&e;</xliff>'.encode(), "doctype"),
        (f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>{XLF2}&l9;</xliff>'.encode(), "doctype"),
        (b'<?xml version="1.0"?> <!-- a --> <?p i?>\n<!DOCTYPE x SYSTEM "http://a.nl/x.dtd"><x/>', "doctype"),
        (f"<!doctype x>{XLF2}</xliff>".encode("utf-16"), "doctype"),
        (f"{XLF2}&undefined;</xliff>".encode(), "not_xml"),
        (two("<target>Back</target>")[:-30], "not_xml"),
        (two("<target>Back\x00</target>"), "not_xml"),
        (two("<target>" + "<mrk id='1'>" * 5_000 + "</mrk>" * 5_000 + "</target>"), "not_xml"),
        (b"<xliff" + b" a='1'" * 50_000 + b"/>", "not_xml"),
        (two("<target>Rücken</target>").decode().encode("latin-1"), "wrong_encoding"),
        (b'<?xml version="1.0" encoding="utf-8"?><a>\xff\xfe</a>', "wrong_encoding"),
        (b'<?xml version="1.0" encoding="utf-7"?><a>\xff</a>', "unknown_encoding"),
        (b'<?xml version="1.0" encoding="ebcdic-cp-nl"?><a>\xff</a>', "unknown_encoding"),
        (b"\xff\xfe<\x00x", "wrong_encoding"),
        (b"<html><body/></html>", "unknown_format"),
        (b"", "unknown_format"),
        (b"PK\x03\x04\x14\x00\x06\x00\xff\xd8", "unknown_format"),
        (b"just some text", "unknown_format"),
        (XLF2.replace("2.1", "2.9").encode() + b"</xliff>", "unknown_xliff"),
        (XLF2.replace("document:2.0", "document:2.2").encode() + b"</xliff>", "unknown_xliff"),
        (b'<xliff version="1.0"/>', "unknown_xliff"),
        (b'msgid "a\nmsgstr "b"\n', "not_po"),
        (b'msgctxt "x"\nmsgid "a"\nmsgstr[9999999999999] "b"\n', "not_po"),
        (b'msgid "a"\nmsgstr "b"\nnonsense\n', "not_po"),
        (b'path,target\n"title,Back\n', "not_csv"),
        (b"path,target\ntitle," + b"x" * 200_000 + b"\n", "not_csv"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused(data: bytes, code: str) -> None:
    assert refused(data) == [code]


def test_a_format_that_is_stated_is_held_to() -> None:
    assert refused(b"path,target\n", "xliff2") == ["not_xml"]
    assert refused(b"title;x\na;b\n", "csv") == ["columns_missing"]
    assert refused(b"<a/>", "po") == ["not_po"]


def test_size_is_asked_before_anything_is_read() -> None:
    started = time.perf_counter()
    assert refused(b"<" * (50 * 1024 * 1024)) == ["too_large"]
    assert time.perf_counter() - started < 1
    assert guard.MAX_BYTES == 20 * 1024 * 1024


def test_a_long_text_of_escapes_takes_no_more_memory_than_others() -> None:
    data = b'msgid ""\nmsgstr ""\n\nmsgid "a"\nmsgstr "' + b"\\\\" * 500_000 + b'"\n'
    tracemalloc.start()
    try:
        formats.read(data, "po")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 20 * len(data)


def test_a_large_file_is_read(db: Database) -> None:
    an_entry(db)
    unit = '<unit id="x{}"><segment><source>a</source><target>b</target></segment></unit>'
    data = f'{XLF2}<file id="{ENTRY}">{"".join(map(unit.format, range(5_000)))}</file></xliff>'.encode()
    assert bring(db, data).counts == {"unknown": 5_000}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "iso-8859-1", "windows-1252"])
def test_other_encodings_are_read_where_they_are_true(db: Database, encoding: str) -> None:
    an_entry(db)
    text = (
        f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig").removesuffix("-le")}"?>'
        + two("<target>Café</target>").decode()
    )
    data = b"\xff\xfe" + text.encode("utf-16-le") if encoding == "utf-16-le" else text.encode(encoding)
    bring(db, data)
    assert standing(db)["title"][0] == "Café"


def test_a_declaration_that_was_forgotten_does_no_harm(db: Database) -> None:
    an_entry(db)
    bring(db, b'<?xml version="1.0" encoding="iso-8859-1"?>' + two("<target>Café</target>"))
    assert standing(db)["title"][0] == "Café"


@pytest.mark.parametrize(
    ("content", "outcome", "text"),
    [
        ("", "empty", ""),
        ("<target/>", "empty", ""),
        ("<target>  \n </target>", "empty", ""),
        ("<target><![CDATA[Hurt your back]]></target>", "accepted", "Hurt your back"),
        ("<target>Hurt <!-- a comment -->your<?pi x?> back</target>", "accepted", "Hurt your back"),
        ("<target>\n  Hurt your back\n  </target>", "accepted", "Hurt your back"),
        ("<target>Hurt <mrk id='m1'>your <mrk id='m2'>back</mrk></mrk></target>", "accepted", "Hurt your back"),
        ("<target>Hurt <sm id='m1'/>your<em startRef='m1'/> back</target>", "accepted", "Hurt your back"),
        ("<target>Hurt<cp hex='0020'/>your back</target>", "accepted", "Hurt your back"),
        ("<target>Hurt <pc id='9'>your</pc> back</target>", "failing", "Hurt your back"),
        ("<target>Hurt <ph id='9'/>your back</target>", "failing", "Hurt your back"),
        ("<target>Hurt <g xmlns='urn:other'>your</g> back</target>", "failing", "Hurt  back"),
        ("<target>Hurt <cp hex='7'/>back</target>", "failing", None),
        ("<target>Hurt <cp hex='D800'/><cp hex='zz'/>back</target>", "accepted", "Hurt \ufffd\ufffdback"),
    ],
)  # fmt: skip
def test_what_may_stand_in_a_target(db: Database, content: str, outcome: str, text: str | None) -> None:
    an_entry(db)
    assert outcomes(bring(db, two(content))) == {"title": outcome}
    assert standing(db).get("title", ("",))[0] == (text or "")


@pytest.mark.parametrize(
    ("target", "text", "code"),
    [
        ('What can <sc id="1"/>you<ec startRef="1"/> do?', "What can *you* do?", None),
        ('What can <sc id="1" isolated="no"/>you do?<ec startRef="1"/>', "What can *you do?*", None),
        ("What can you do?", "What can you do?", "code_missing"),
        ('What <pc id="1">can</pc> <pc id="1">you</pc> do?', "What *can* *you* do?", "code_added"),
        ('What <pc id="1">can <pc id="1">you</pc></pc> do?', None, "code_added"),
        ('What can <sc id="1"/>you do?', "What can you do?", "code_crossed"),
        ('What can you<ec startRef="1"/> do?', "What can you do?", "code_crossed"),
        ('What <sc id="1"/>can <pc id="7">you<ec startRef="1"/></pc> do?', "What can you do?", "code_crossed"),
        ('What can <ph id="1"/>you do?', "What can you do?", "code_unknown"),
    ],
)
def test_broken_codes_fail_and_never_crash(db: Database, target: str, text: str | None, code: str | None) -> None:
    an_entry(db)
    source = 'Wat kun <pc id="1" type="fmt" subType="xlf:i">je</pc> doen?'
    data = two(f"<target>{target}</target>", source=source).replace(b'id="title"', b'id="body.b1.text"')
    report = bring(db, data)
    assert outcomes(report) == {"body.b1.text": "failing" if code else "accepted"}
    if code:
        assert code in faults(report, "body.b1.text")
    if text:
        assert standing(db)["body.b1.text"][0] == text


def test_a_unit_that_comes_twice(db: Database) -> None:
    an_entry(db)
    once, other = two("<target>Hurt your back</target>"), two("<target>Bad back</target>")
    file_of = f'<file id="{ENTRY}">'.encode()
    both = once.replace(b"</file>", other.partition(file_of)[2].partition(b"</file>")[0] + b"</file>")
    report = bring(db, both)
    assert [(unit.outcome, unit.faults[0].code) for unit in report.units] == [("conflicting", "unit_repeated")] * 2
    assert standing(db) == {}
    same = once.replace(b"</file>", once.partition(file_of)[2].partition(b"</file>")[0] + b"</file>")
    assert [unit.outcome for unit in bring(db, same).units] == ["accepted", "unchanged"]


def test_codes_nested_too_deeply_fail(db: Database) -> None:
    an_entry(db)
    deep = "".join(f'<pc id="{n}" type="fmt" subType="xlf:{"bi"[n % 2]}">' for n in range(1, 240)) + "a" + "</pc>" * 239
    report = bring(db, two(f"<target>{deep}</target>").replace(b'id="title"', b'id="body.b3.title"'))
    assert outcomes(report) == {"body.b3.title": "stale"}
    source = 'Wat kun <pc id="1" type="fmt" subType="xlf:i">je</pc> doen?'
    data = two(f"<target>{deep}</target>", source=source).replace(b'id="title"', b'id="body.b1.text"')
    report = bring(db, data)
    assert outcomes(report) == {"body.b1.text": "failing"}
    assert "too_deep" in faults(report, "body.b1.text")


@pytest.mark.parametrize("entry", ["", "none", "a\x00b", "x" * 10_000, "'; drop table entry; --"])
def test_an_entry_of_any_name_is_unknown(db: Database, entry: str) -> None:
    an_entry(db)
    data = f'entry,path,target\n"{entry}",title,Back\n'.encode()
    assert bring(db, data, locale="en").counts == {"unknown": 1}


def test_a_hash_that_is_missing_or_wrong_is_no_reason_to_lose_work(db: Database) -> None:
    an_entry(db)
    data = translated(file(db))
    for gone in (b"source_hash", b"text_mark"):
        data = data.replace(b'type="' + gone + b'"', b'type="other"')
    assert bring(db, data).counts == {"accepted": 6}


def test_code_points_out_of_range() -> None:
    [unit] = formats.read(two("<target><cp hex='FFFFFFFFFFFF'/></target>")).units
    assert unit.target == (Event("text", "\ufffd"),)


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_no_damage_to_a_file_crashes(data: st.DataObject) -> None:
    whole = two("<target>Hurt <pc id='1'>your</pc> <ph id='2'/>back</target>")
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 40)))
    damaged = whole[:start] + data.draw(st.binary(max_size=8)) + whole[end:]
    with contextlib.suppress(Invalid):
        formats.read(damaged)


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=200), st.sampled_from([None, *formats.FORMATS]))
def test_no_bytes_crash(data: bytes, format: str | None) -> None:
    for begun in (data, b'msgid ""\nmsgstr ""\n' + data, b"path,target\n" + data, data[::-1]):
        with contextlib.suppress(Invalid):
            formats.read(begun, format)


@pytest.mark.parametrize(
    "unit",
    [
        f'<unit id="title">{"<segment><source>a</source><target>b</target></segment>" * 40_000}</unit>',
        f'<unit id="title">{"<segment><source>a</source></segment>" * 40_000}'
        "<segment><source>a</source><target>b</target></segment></unit>",
    ],
)
def test_a_unit_of_very_many_segments_is_read_at_once(unit: str) -> None:
    started = time.monotonic()
    formats.read(f'{XLF2}<file id="{ENTRY}">{unit}</file></xliff>'.encode())
    assert time.monotonic() - started < 10


def test_links_that_never_end_are_read_at_once() -> None:
    codes = "".join(f'<bpt id="{number}" ctype="link">[</bpt>' for number in range(20_000))
    started = time.monotonic()
    formats.read(f'{XLF1}<trans-unit id="title"><target>{codes}</target></trans-unit></body></file></xliff>'.encode())
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("content", ["a" * 400_000, '<pc id="1">a</pc>' * 30_000, '<ph id="1"/>' * 30_000])
def test_a_text_that_no_field_takes_is_refused_without_being_checked(db: Database, content: str) -> None:
    an_entry(db)
    started = time.monotonic()
    report = bring(db, two(f"<target>{content}</target>"))
    assert outcomes(report) == {"title": "failing"}
    assert faults(report, "title") == ["too_long"]
    assert standing(db) == {}
    assert time.monotonic() - started < 10
