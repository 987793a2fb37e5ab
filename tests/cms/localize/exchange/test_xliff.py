"""XLIFF that validates against the schemas of OASIS, with markup as codes and all that a translator must know."""

import pytest
from lxml import etree

from cms.errors import Invalid
from cms.localize.exchange import formats
from cms.store import Database
from tests.builders import create, later, save, translate
from tests.cms.localize.exchange import schemas
from tests.cms.localize.exchange.rich import ENTRY, TEXTS, XLF1, XLF2, an_entry, body, by_now, file, unit

ODD = "a\ufffeb\u200b & < c > ]]> *d*"


@pytest.mark.parametrize("format", ["xliff2", "xliff1"])
@pytest.mark.parametrize("only", ["all", "missing", "stale"])
def test_files_validate(db: Database, format: str, only: str) -> None:
    an_entry(db, seo={"title": "rug"}, summary=ODD)
    other = create(db, "author", bio="Zij *schrijft*.", photo={"src": "/a.png", "alt": "Zij"})
    translate(db, ENTRY, "en", {**TEXTS, "summary": ODD})
    translate(db, ENTRY, "en", {"body.b2.items.b2a.text": "Take **2**."}, now=later(days=1), state="draft")
    translate(db, other, "en", state="needs_review")
    blocks = body()
    blocks[0]["text"] = "Wat kun *je* **zelf** doen?"
    blocks[2]["body"][0]["text"] = "Bel **112** of [lees](https://voorbeeld.nl)."
    blocks.append({"id": "b9", "type": "paragraph", "text": f"{ODD} [`x`](<a b>)\\\nregel"})
    save(db, ENTRY, body=blocks, now=later(days=2))
    data = formats.export(db, [ENTRY, other], "en", format=format, only=only)
    assert schemas.faults(data, format) == []


@pytest.mark.parametrize("format", ["xliff2", "xliff1"])
def test_files_for_a_language_from_right_to_left_validate(db: Database, format: str) -> None:
    an_entry(db)
    data = formats.export(db, [ENTRY], "ar", format=format)
    assert schemas.faults(data, format) == []
    root = etree.fromstring(data)
    if format == "xliff2":
        assert (root.get("version"), root.get("srcLang"), root.get("trgLang")) == ("2.1", "nl", "ar")
        assert (root[0].get("srcDir"), root[0].get("trgDir")) == ("ltr", "rtl")
    else:
        assert (root[0].get("source-language"), root[0].get("target-language")) == ("nl", "ar")


@pytest.mark.parametrize(("format", "names"), [("xliff2", XLF2), ("xliff1", XLF1)])
def test_markup_is_codes_and_never_text(db: Database, format: str, names: dict[str, str]) -> None:
    an_entry(db)
    root = etree.fromstring(file(db, format))
    said = "".join(text for source in root.iter(f"{{{names['x']}}}source") for text in _texts(source))
    assert "dolo 5*3" in said
    for mark in ("**", "](", "&lt;", "<", "`"):
        assert mark not in said


def _texts(element: etree._Element) -> list[str]:
    """Return what a translator sees: not the content of native codes."""
    return element.xpath(".//text()[not(ancestor::*[local-name()='bpt' or local-name()='ept'])]")


def test_xliff_21_says_what_each_code_is(db: Database) -> None:
    an_entry(db)
    made = unit(etree.fromstring(file(db)), "body.b3.body.b3a.text")
    data = {each.get("id"): each.text for each in made.iterfind(".//x:data", XLF2)}
    link, emphasis, strong = made.findall(".//x:source//x:pc", XLF2)
    assert (link.get("type"), link.get("subType")) == ("link", "tolk:link")
    assert data[link.get("dataRefStart")] == "["
    assert data[link.get("dataRefEnd")] == '](https://voorbeeld.nl/rug "Over rugpijn")'
    assert (emphasis.get("subType"), strong.get("subType")) == ("xlf:i", "xlf:b")
    assert {code.get("canDelete") for code in (link, emphasis, strong)} == {"no"}
    assert emphasis.getparent() is link


def test_xliff_12_says_what_each_code_is(db: Database) -> None:
    an_entry(db)
    source = unit(etree.fromstring(file(db, "xliff1")), "body.b3.body.b3a.text").find("x:source", XLF1)
    assert source is not None
    found = [(etree.QName(code).localname, code.get("ctype"), code.text) for code in source]
    assert found == [
        ("bpt", "link", "["),
        ("g", "italic", "hier"),
        ("ept", None, '](https://voorbeeld.nl/rug "Over rugpijn")'),
        ("g", "bold", "112"),
    ]


def test_a_unit_says_what_it_is_where_it_stands_and_how_long_it_may_be(db: Database) -> None:
    an_entry(db)
    made = unit(etree.fromstring(file(db)), "body.b3.title")
    assert {note.get("category"): note.text for note in made.iterfind(".//x:note", XLF2)} == {
        "kind": "title of a callout",
        "place": "under “Wat kun je doen?”",
        "urgency": "callout, emergency: critical",
    }
    assert made.get("{urn:oasis:names:tc:xliff:sizerestriction:2.0}sizeRestriction") == "500"
    older = unit(etree.fromstring(file(db, "xliff1")), "body.b3.title")
    assert (older.get("maxwidth"), older.get("size-unit")) == ("500", "char")
    assert "urgency: callout, emergency: critical" in [note.text for note in older.iterfind("x:note", XLF1)]


def test_states_are_told(db: Database) -> None:
    an_entry(db)
    by_now(db, "title", "Back", state="approved")
    by_now(db, "body.b1.text", "What can *you* do?", state="needs_review")
    by_now(db, "body.b3.title", "Call", state="draft")
    root, older = etree.fromstring(file(db)), etree.fromstring(file(db, "xliff1"))
    paths = ("title", "body.b1.text", "body.b3.title", "body.b2.items.b2a.text")
    segments = [unit(root, path).find("x:segment", XLF2) for path in paths]
    assert [(each.get("state"), each.get("subState")) for each in segments if each is not None] == [
        ("final", None), ("translated", "tolk:needs_review"), ("translated", "tolk:draft"), ("initial", None),
    ]  # fmt: skip
    targets = [unit(older, path).find("x:target", XLF1) for path in paths]
    assert [target.get("state") for target in targets if target is not None] == [
        "final", "translated", "needs-review-translation", "new",
    ]  # fmt: skip
    assert [unit(older, path).get("approved") for path in paths] == ["yes", None, None, None]


def test_a_stale_segment_comes_with_what_was_translated_before(db: Database) -> None:
    an_entry(db)
    translate(db, ENTRY, "en", TEXTS)
    blocks = body()
    blocks[0]["text"] = "Wat kun *je* zelf doen?"
    save(db, ENTRY, body=blocks, now=later(days=2))
    made = unit(etree.fromstring(file(db, only="stale")), "body.b1.text")
    segment = made.find("x:segment", XLF2)
    assert segment is not None
    assert (segment.get("state"), segment.get("subState")) == ("initial", "tolk:stale")
    assert segment.find("x:target", XLF2) is None
    match = made[0][0]
    assert match.tag == "{urn:oasis:names:tc:xliff:matches:2.0}match"
    assert ["".join(each.itertext()) for each in match if each.tag.endswith(("source", "target"))] == [
        "Wat kun je doen?", "What can you do?",
    ]  # fmt: skip
    older = unit(etree.fromstring(file(db, "xliff1", only="stale")), "body.b1.text")
    target, before = older.find("x:target", XLF1), older.find("x:alt-trans", XLF1)
    assert target is not None and before is not None
    assert (target.get("state"), target.get("state-qualifier")) == ("needs-translation", "x-tolk-stale")
    assert (before.get("alttranstype"), "".join(before.itertext()).split()[0]) == ("previous-version", "Wat")


@pytest.mark.parametrize("format", formats.FORMATS)
def test_only_what_is_asked_for_is_exported(db: Database, format: str) -> None:
    an_entry(db)
    translate(db, ENTRY, "en", {"title": "Back"})
    missing = formats.read(file(db, format, only="missing"))
    assert sorted(each.path for each in missing.units) == sorted(TEXTS.keys() - {"title"})
    with pytest.raises(Invalid, match="nothing_to_exchange"):
        file(db, format, only="stale")


def test_the_source_language_is_not_exchanged(db: Database) -> None:
    an_entry(db)
    with pytest.raises(Invalid, match="is_source_locale"):
        formats.export(db, [ENTRY], "nl")
