"""Memories travel as TMX 1.4: what is written is valid, what other tools write is read, what is hostile is refused."""

import time
from io import StringIO

import pytest
from lxml import etree

from cms.content.identity import stamp
from cms.errors import Invalid
from cms.localize import memory
from cms.localize.memory import Remembered
from cms.localize.tmx import from_tmx, to_tmx
from cms.store import Database
from tests.builders import BY, NOW

# The rules of the TMX 1.4 DTD for all elements that may stand in a file, in the words of a DTD.
RULES = """
<!ELEMENT tmx (header, body)> <!ATTLIST tmx version CDATA #FIXED "1.4">
<!ELEMENT header (note | prop | ude)*>
<!ATTLIST header creationtool CDATA #REQUIRED creationtoolversion CDATA #REQUIRED
  segtype (block | paragraph | sentence | phrase) #REQUIRED o-tmf CDATA #REQUIRED adminlang CDATA #REQUIRED
  srclang CDATA #REQUIRED datatype CDATA #REQUIRED o-encoding CDATA #IMPLIED creationdate CDATA #IMPLIED
  creationid CDATA #IMPLIED changedate CDATA #IMPLIED changeid CDATA #IMPLIED>
<!ELEMENT body (tu*)>
<!ELEMENT note (#PCDATA)> <!ATTLIST note o-encoding CDATA #IMPLIED xml:lang CDATA #IMPLIED lang CDATA #IMPLIED>
<!ELEMENT prop (#PCDATA)>
<!ATTLIST prop type CDATA #REQUIRED xml:lang CDATA #IMPLIED o-encoding CDATA #IMPLIED lang CDATA #IMPLIED>
<!ELEMENT ude (map+)> <!ATTLIST ude name CDATA #REQUIRED base CDATA #IMPLIED>
<!ELEMENT map EMPTY>
<!ATTLIST map unicode CDATA #REQUIRED code CDATA #IMPLIED ent CDATA #IMPLIED subst CDATA #IMPLIED>
<!ELEMENT tu ((note | prop)*, tuv+)>
<!ATTLIST tu tuid CDATA #IMPLIED o-encoding CDATA #IMPLIED datatype CDATA #IMPLIED usagecount CDATA #IMPLIED
  lastusagedate CDATA #IMPLIED creationtool CDATA #IMPLIED creationtoolversion CDATA #IMPLIED
  creationdate CDATA #IMPLIED creationid CDATA #IMPLIED changedate CDATA #IMPLIED
  segtype (block | paragraph | sentence | phrase) #IMPLIED changeid CDATA #IMPLIED o-tmf CDATA #IMPLIED
  srclang CDATA #IMPLIED>
<!ELEMENT tuv ((note | prop)*, seg)>
<!ATTLIST tuv xml:lang CDATA #REQUIRED o-encoding CDATA #IMPLIED datatype CDATA #IMPLIED usagecount CDATA #IMPLIED
  lastusagedate CDATA #IMPLIED creationtool CDATA #IMPLIED creationtoolversion CDATA #IMPLIED
  creationdate CDATA #IMPLIED creationid CDATA #IMPLIED changedate CDATA #IMPLIED o-tmf CDATA #IMPLIED
  changeid CDATA #IMPLIED lang CDATA #IMPLIED>
<!ELEMENT seg (#PCDATA | bpt | ept | ph | it | hi | ut)*>
<!ELEMENT bpt (#PCDATA | sub)*> <!ATTLIST bpt i CDATA #REQUIRED x CDATA #IMPLIED type CDATA #IMPLIED>
<!ELEMENT ept (#PCDATA | sub)*> <!ATTLIST ept i CDATA #REQUIRED>
<!ELEMENT ph (#PCDATA | sub)*> <!ATTLIST ph x CDATA #IMPLIED assoc CDATA #IMPLIED type CDATA #IMPLIED>
<!ELEMENT it (#PCDATA | sub)*> <!ATTLIST it pos (begin | end) #REQUIRED x CDATA #IMPLIED type CDATA #IMPLIED>
<!ELEMENT hi (#PCDATA | bpt | ept | ph | it | hi | ut)*> <!ATTLIST hi x CDATA #IMPLIED type CDATA #IMPLIED>
<!ELEMENT sub (#PCDATA | bpt | ept | it | ph | hi | ut)*> <!ATTLIST sub datatype CDATA #IMPLIED type CDATA #IMPLIED>
<!ELEMENT ut (#PCDATA | sub)*> <!ATTLIST ut x CDATA #IMPLIED>
"""
ENTRY = "019b0000-0000-7000-8000-000000000000"
PAIRS = [
    Remembered("Blijf **bewegen** & rust < 5 min", "Keep **moving**", ENTRY, "body.b1.text", stamp(NOW), BY),
    Remembered("Twee\nregels", "Two\nlines  here"),
    Remembered("يمين", "sağ"),
]  # fmt: skip


def a_file(body: str, head: str = "", version: str = "1.4") -> bytes:
    return f'{head}<tmx version="{version}"><header srclang="nl"/><body>{body}</body></tmx>'.encode()


def unit(source: str = "Rust", target: str = "Rest", one: str = "nl", other: str = "en") -> str:
    return f'<tu><tuv xml:lang="{one}"><seg>{source}</seg></tuv><tuv xml:lang="{other}"><seg>{target}</seg></tuv></tu>'


def texts(data: bytes, source: str = "nl", target: str = "en") -> list[tuple[str, str]]:
    return [(pair.source, pair.target) for pair in from_tmx(data, source, target)]


def refused(data: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        from_tmx(data, "nl", "en")
    [problem] = caught.value.problems
    return problem.code


def test_what_is_written_is_valid() -> None:
    rules = etree.DTD(StringIO(RULES))
    root = etree.fromstring(to_tmx("nl", "en", PAIRS, "0.1.0"))
    assert rules.validate(root), rules.error_log
    assert not rules.validate(
        etree.fromstring(a_file(unit()))
    )  # the rules can fail: this header lacks most of its parts
    assert [seg.text for seg in root.iter("seg")][:2] == ["Blijf **bewegen** & rust < 5 min", "Keep **moving**"]
    assert root.find("body/tu").attrib == {"creationdate": "20260301T120000Z", "creationid": BY}


def test_an_empty_memory_is_a_valid_file() -> None:
    assert etree.DTD(StringIO(RULES)).validate(etree.fromstring(to_tmx("nl", "en", [], "0.1.0")))


def test_what_was_written_is_read_with_its_place() -> None:
    read = from_tmx(to_tmx("nl", "en", PAIRS, "0.1.0"), "nl", "en")
    assert read == [Remembered(pair.source, pair.target, pair.entry, pair.path) for pair in PAIRS]


def test_a_memory_moves_to_another_installation(db: Database) -> None:
    memory.remember(db, "nl", "en", PAIRS, by=BY, now=NOW)
    data = to_tmx("nl", "en", memory.pairs(db, "nl", "en"), "0.1.0")
    assert memory.remember(db, "nl", "en", from_tmx(data, "nl", "en"), by="x", now=NOW) == 0
    memory.forget(db, "nl", "en", memory.pairs(db, "nl", "en"))
    assert memory.remember(db, "nl", "en", from_tmx(data, "nl", "en"), by=BY, now=NOW) == 3
    assert to_tmx("nl", "en", memory.pairs(db, "nl", "en"), "0.1.0").count(b"<tu ") == 3


def test_a_file_is_read_in_either_direction() -> None:
    assert texts(a_file(unit()), "en", "nl") == [("Rest", "Rust")]


def test_characters_that_xml_cannot_hold_are_left_out() -> None:
    data = to_tmx("nl", "en", [Remembered("Ru\ufffest", "Re\x0bst", ENTRY, "title", "", "a\x00b")], "0")
    assert texts(data) == [("Rust", "Rest")]


@pytest.mark.parametrize(
    ("segment", "text"),
    [
        ('Click <bpt i="1" type="bold">&lt;b&gt;</bpt>here<ept i="1">&lt;/b&gt;</ept> now', "Click here now"),
        ('<ph type="img">&lt;img alt="<sub>alt</sub>"&gt;</ph>Rest', "Rest"),
        ('<it pos="begin">{1}</it>Rest<ut>{2}</ut>', "Rest"),
        ("<hi>Rest</hi> more <hi>and <ph/>again</hi>!", "Rest more and again!"),
        ("  Rest\n", "Rest"),
        ("<![CDATA[a < b]]><!-- note -->", "a < b"),
    ],
)
def test_codes_of_other_tools_are_left_out_and_their_text_is_kept(segment: str, text: str) -> None:
    assert texts(a_file(unit(target=segment))) == [("Rust", text)]


@pytest.mark.parametrize(
    ("stated", "wanted", "fits"),
    [
        ("nl", "nl", True),
        ("nl-NL", "nl", True),
        ("NL_nl", "nl", True),
        ("nl", "nl-BE", True),
        ("nl-NL", "nl-BE", False),
        ("zh-TW", "zh", False),
        ("zh-Hant", "zh-TW", True),
        ("sr-Latn", "sr", False),
        ("de", "nl", False),
        ("nonsense!", "nl", False),
        ("", "nl", False),
    ],
)
def test_a_regional_variant_counts_as_its_language(stated: str, wanted: str, fits: bool) -> None:
    data = a_file(unit(one=stated) + unit("x", "y", wanted))
    assert (("Rust", "Rest") in texts(data, wanted)) == fits


def test_of_several_variants_the_nearest_is_taken() -> None:
    tuvs = "".join(
        f'<tuv xml:lang="{tag}"><seg>{tag}</seg></tuv>' for tag in ("en-US", "nl-BE", "en", "nl", "en-GB", "de")
    )
    data = a_file(f"<tu>{tuvs}</tu>")
    assert texts(data) == [("nl", "en")]
    assert texts(data, "nl-BE", "en-GB") == [("nl-BE", "en-GB")]
    assert texts(data, "nl-NL", "en-AU") == [("nl", "en")]


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE tmx SYSTEM "tmx14.dtd">',
        "<!DOCTYPE tmx SYSTEM 'tmx14b.dtd' >",
        '<!DOCTYPE tmx\n SYSTEM "http://192.0.2.1/tmx/tmx11.dtd">',
        '<!DOCTYPE tmx PUBLIC "-//LISA OSCAR:1998//DTD for Translation Memory eXchange//EN" "tmx14.dtd">',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_the_document_type_of_tmx_is_passed_over_and_never_loaded(doctype: str, encoding: str) -> None:
    head = f'<?xml version="1.0" encoding="{encoding}"?>\n<!-- made by a tool -->\n{doctype}\n'
    data = a_file(unit("Één", "Ağrı"), head).decode().encode(encoding)
    began = time.monotonic()
    assert texts(data) == [("Één", "Ağrı")]
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE tmx [<!ENTITY x "y">]>',
        '<!DOCTYPE tmx SYSTEM "tmx14.dtd" [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE tmx SYSTEM "tmx14.dtd"[<!ENTITY % x SYSTEM "http://192.0.2.1/x">%x;]>',
        '<!DOCTYPE tmx SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE html SYSTEM "tmx14.dtd">',
        '<!DOCTYPE tmx SYSTEM "tmx14.dtd"><!DOCTYPE tmx [<!ENTITY x "y">]>',
        '<!DOCTYPE tmx SYSTEM "a" [<!ENTITY x "tmx14.dtd">]>',
        "<!doctype tmx SYSTEM 'x'>",
    ],
)
def test_any_other_document_type_is_refused(doctype: str) -> None:
    assert refused(a_file(unit(target="&x;"), doctype)) == "doctype"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_xml"),
        (b"<tmx>", "not_xml"),
        (a_file(unit(target="&undeclared;")), "not_xml"),
        (b"<tmx>" * 5000, "not_xml"),
        (b'<xliff version="1.2"/>', "not_tmx"),
        (a_file(""), "languages_missing"),
        (a_file(unit(one="de")), "languages_missing"),
        (a_file(unit(target="x" * 20_001)), "languages_missing"),
        (a_file(unit(target=" ")), "languages_missing"),
        (a_file('<tu><tuv xml:lang="nl"/><tuv xml:lang="en"><seg>x</seg></tuv></tu>'), "languages_missing"),
        (b"x" * (50 * 1024 * 1024), "too_large"),
        (a_file(unit()).decode().encode("utf-16") + b"\x00", "wrong_encoding"),
        (b'<?xml version="1.0" encoding="ebcdic"?><tmx>\xe9</tmx>', "unknown_encoding"),
    ],
)
def test_what_cannot_be_used_is_refused(data: bytes, code: str) -> None:
    assert refused(data) == code


def test_a_refusal_names_the_languages_that_there_are() -> None:
    with pytest.raises(Invalid) as caught:
        from_tmx(a_file(unit(one="de-CH", other="fr")), "nl", "en")
    assert caught.value.problems[0].values["stated"] == ["de-CH", "fr"]


def test_older_files_name_their_languages_otherwise() -> None:
    assert texts(a_file(unit().replace("xml:lang", "lang"), version="1.1")) == [("Rust", "Rest")]


def test_a_segment_of_codes_alone_costs_no_more_than_its_length() -> None:
    data = a_file(unit() + unit(target="<ph/>ab" * 100_000))
    began = time.process_time()
    assert texts(data) == [("Rust", "Rest")]
    assert time.process_time() - began < 3
