"""Files as other tools give them back: their attributes, prefixes, segments and codes, as they are known to write."""

import re

import pytest
from lxml import etree

from cms.localize.exchange import formats
from cms.store import Database
from tests.builders import later, save
from tests.cms.localize.exchange.rich import (
    ENTRY,
    MARKED,
    TEXTS,
    XLF1,
    XLF2,
    an_entry,
    body,
    bring,
    by_now,
    file,
    fill,
    outcomes,
    standing,
    translated,
    unit,
)  # fmt: skip

LINK = "body.b3.body.b3a.text"
ALL = dict.fromkeys(TEXTS, "accepted")


def texts(db: Database) -> dict[str, str]:
    return {path: text for path, (text, _, _) in standing(db).items()}


def xliff1(content: str, *, head: str = "", file_attributes: str = "", xliff_attributes: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<xliff version="1.2" {xliff_attributes}xmlns="{XLF1["x"]}">'
        f'<file {file_attributes} datatype="x-tolk" source-language="nl" target-language="en" original="{ENTRY}">'
        f"<header>{head}</header><body>{content}</body></file></xliff>"
    ).encode()


def test_memoq_adds_its_namespace_and_its_metadata(db: Database) -> None:
    """memoQ: own attributes on units, own elements after the target, its tool in the header, a country added."""
    an_entry(db)
    data = translated(file(db, "xliff1"), state="translated").decode()
    data = data.replace('version="1.2"', 'version="1.2" xmlns:mq="MQXliff" mq:version="9.10"', 1)
    data = data.replace('target-language="en"', 'target-language="en-gb"')
    data = re.sub(
        r"<trans-unit ", '<trans-unit mq:status="ManuallyConfirmed" mq:segmentguid="3f2c" mq:locked="no" ', data
    )
    data = data.replace("</target>", '</target><mq:minorversions/><mq:insertedmatch matchtype="1"/>')
    report = bring(db, data.encode(), known=("nl", "en"))
    assert (report.locale, outcomes(report)) == ("en", ALL)
    assert texts(db) == TEXTS


def test_memoq_writes_codes_as_bpt_and_ept_with_its_own_content(db: Database) -> None:
    an_entry(db)
    codes = '<bpt id="1" ctype="bold">&lt;strong&gt;</bpt>%s<ept id="1">&lt;/strong&gt;</ept>'
    source, target = f"Neem {codes % 'twee'} tabletten.", f"Take {codes % 'two'} tablets."
    content = (
        f'<trans-unit id="body.b2.items.b2a.text"><source xml:space="preserve">{source}</source>'
        f'<target xml:space="preserve">{target}</target></trans-unit>'
    )
    assert outcomes(bring(db, xliff1(content))) == {"body.b2.items.b2a.text": "accepted"}
    assert texts(db) == {"body.b2.items.b2a.text": "Take **two** tablets."}


def test_trados_cuts_into_segments_and_marks_changes(db: Database) -> None:
    """Trados Studio: seg-source, targets in mrk, codes copied without their attributes, deletions still inside."""
    an_entry(
        db, body=[{"id": "b1", "type": "paragraph", "text": "Neem **twee** tabletten. Bel [ons](tel:112) daarna."}]
    )
    source = 'Neem <g id="1">twee</g> tabletten. Bel <bpt id="2">[</bpt>ons<ept id="2">](tel:112)</ept> daarna.'
    content = f"""
      <trans-unit id="body.b1.text" translate="yes" xmlns:sdl="http://sdl.com/FileTypes/SdlXliff/1.0">
        <source>{source}</source>
        <seg-source><mrk mtype="seg" mid="1">Neem <g id="1">twee</g> tabletten.</mrk> <mrk mtype="seg" mid="2">Bel
          <bpt id="2">[</bpt>ons<ept id="2">](tel:112)</ept> daarna.</mrk></seg-source>
        <target><mrk mtype="seg" mid="1">Take <g id="1">two</g> <mrk mtype="x-sdl-deleted">of </mrk>tablets.</mrk> <mrk
          mtype="seg" mid="2">Call <bpt id="2">[</bpt>us<ept id="2">](tel:112)</ept> <mrk
          mtype="x-sdl-added" sdl:revid="a">after</mrk>.</mrk></target>
        <sdl:seg-defs><sdl:seg id="1" conf="Translated"/><sdl:seg id="2" conf="Translated"/></sdl:seg-defs>
      </trans-unit>"""
    assert outcomes(bring(db, xliff1(content))) == {"body.b1.text": "accepted"}
    assert texts(db) == {"body.b1.text": "Take **two** tablets. Call [us](tel:112) after."}


def test_trados_leaves_a_segment_open(db: Database) -> None:
    an_entry(db, body=[{"id": "b1", "type": "paragraph", "text": "Een. Twee."}])
    content = """<trans-unit id="body.b1.text"><source>Een. Twee.</source>
      <seg-source><mrk mtype="seg" mid="1">Een.</mrk> <mrk mtype="seg" mid="2">Twee.</mrk></seg-source>
      <target><mrk mtype="seg" mid="1">One.</mrk> <mrk mtype="seg" mid="2"/></target></trans-unit>"""
    assert outcomes(bring(db, xliff1(content))) == {"body.b1.text": "failing"}
    assert texts(db) == {}


def test_omegat_and_okapi_write_prefixes_and_drop_what_they_do_not_know(db: Database) -> None:
    """Okapi: its own namespaces, no context groups, ids renumbered in source and target alike, no ctype."""
    an_entry(db)
    root = etree.fromstring(translated(file(db, "xliff1")))
    for group in root.xpath("//x:context-group | //x:note | //x:alt-trans", namespaces=XLF1):
        group.getparent().remove(group)
    for code in root.xpath("//x:g | //x:bpt | //x:ept", namespaces=XLF1):
        code.attrib.pop("ctype", None)
        code.attrib.pop("clone", None)
        for name in ("id", "rid"):
            if code.get(name):
                code.set(name, str(int(code.get(name, "")) + 40))
    data = etree.tostring(root).decode()
    data = data.replace(
        "<xliff ",
        '<xliff xmlns:okp="okapi-framework:xliff-extensions" '
        'xmlns:its="http://www.w3.org/2005/11/its" its:version="2.0" ',
        1,
    )
    data = data.replace("<trans-unit ", '<trans-unit okp:sdlmeta="x" ')
    assert outcomes(bring(db, data.encode())) == ALL
    assert texts(db) == TEXTS


def test_okapi_and_others_write_g_for_links(db: Database) -> None:
    """What a link leads to is lost in the file; the source has it."""
    an_entry(db)
    content = (
        f'<trans-unit id="{LINK}"><source>Lees <g id="1">meer <g id="2">hier</g></g> of bel <g id="3">112</g>.</source>'
        '<target>Read <g id="1">more <g id="2">here</g></g> or call <g id="3">112</g>.</target></trans-unit>'
    )
    assert outcomes(bring(db, xliff1(content))) == {LINK: "accepted"}
    assert texts(db) == {LINK: TEXTS[LINK]}


def test_a_prefix_may_stand_for_the_namespace(db: Database) -> None:
    an_entry(db)
    for format, names in (("xliff1", XLF1), ("xliff2", XLF2)):
        root = etree.fromstring(translated(file(db, format)))
        prefixed = etree.Element(root.tag, dict(root.attrib), nsmap={"xlf": names["x"]})
        prefixed.extend(list(root))
        etree.cleanup_namespaces(prefixed)
        data = etree.tostring(prefixed)
        assert b"<xlf:" in data
        assert set(outcomes(bring(db, data)).values()) <= {"accepted", "unchanged"}
    assert texts(db) == TEXTS


def test_xliff_21_with_segments_split_and_reordered(db: Database) -> None:
    an_entry(db, body=[{"id": "b1", "type": "paragraph", "text": "Neem **twee** tabletten. Bel daarna."}])
    root = etree.fromstring(file(db))
    made = unit(root, "body.b1.text")
    segment = made.find("x:segment", XLF2)
    assert segment is not None
    made.remove(segment)
    parts = f"""<a xmlns="{XLF2["x"]}">
      <segment id="s1" state="translated"><source>Neem <sc id="1" type="fmt" subType="xlf:b" dataRef="d1"/>twee</source>
        <target order="3">Take <sc id="1" type="fmt" subType="xlf:b" dataRef="d1"/>two</target></segment>
      <segment id="s2" state="translated"><source><ec startRef="1" dataRef="d1"/> tabletten.</source>
        <target order="4"><ec startRef="1" dataRef="d1"/> tablets.</target></segment>
      <ignorable><source> </source></ignorable>
      <segment id="s3" state="reviewed"><source>Bel daarna.</source>
        <target order="1">First call.</target></segment></a>"""
    made.extend(list(etree.fromstring(parts)))
    bring(db, etree.tostring(root))
    assert texts(db)["body.b1.text"] == "First call. Take **two** tablets."


def test_xliff_21_with_one_segment_left_open(db: Database) -> None:
    an_entry(db, body=[{"id": "b1", "type": "paragraph", "text": "Een. Twee."}])
    root = etree.fromstring(file(db))
    made = unit(root, "body.b1.text")
    segment = made.find("x:segment", XLF2)
    assert segment is not None
    made.remove(segment)
    parts = f"""<a xmlns="{XLF2["x"]}"><segment state="translated"><source>Een.</source><target>One.</target></segment>
      <ignorable><source> </source></ignorable><segment><source>Twee.</source></segment></a>"""
    made.extend(list(etree.fromstring(parts)))
    assert outcomes(bring(db, etree.tostring(root)))["body.b1.text"] == "failing"
    assert texts(db) == {}


def test_codes_that_are_renumbered_and_lose_their_data(db: Database) -> None:
    """A 2.1 tool that gives codes ids of its own and drops originalData and types."""
    an_entry(db)
    root = etree.fromstring(translated(file(db)))
    for code in root.xpath("//x:pc", namespaces=XLF2):
        kept = f"c{code.get('id')}"
        code.attrib.clear()
        code.set("id", kept)
    for gone in root.xpath("//x:originalData | //mda:metadata | //x:notes", namespaces=XLF2):
        gone.getparent().remove(gone)
    assert outcomes(bring(db, etree.tostring(root))) == ALL
    assert texts(db) == TEXTS


def test_a_tool_fills_in_what_was_translated_before_and_leaves_it_unconfirmed(db: Database) -> None:
    """Pre-translation from the candidates: nobody has looked at it, so it is no translation of the new source."""
    an_entry(db)
    by_now(db, "body.b1.text", "What can *you* do?")
    blocks = body()
    blocks[0]["text"] = "Wat kun *je* zelf doen?"
    save(db, ENTRY, body=blocks, now=later(days=2))
    root = etree.fromstring(file(db))
    fill(root, "body.b1.text", MARKED["body.b1.text"], state="initial")
    assert outcomes(bring(db, etree.tostring(root), now=later(days=3)))["body.b1.text"] == "unchanged"
    fill(root, "body.b1.text", MARKED["body.b1.text"], state="translated")
    assert outcomes(bring(db, etree.tostring(root), now=later(days=3)))["body.b1.text"] == "accepted"


def test_white_space_is_changed(db: Database) -> None:
    """Indented and wrapped by an editor: spaces that nobody meant are not kept at the edges."""
    an_entry(db)
    data = translated(file(db), {"title": "Hurt your back"}).decode()
    data = data.replace('<unit id="title" name="title" xml:space="preserve"', '<unit id="title"')
    data = data.replace("<source>Door je rug gaan<", "<source>\n      Door je\n rug gaan\n      <")
    data = data.replace("Hurt your back", "\n        Hurt your back\n      ")
    assert outcomes(bring(db, data.encode()))["title"] == "accepted"
    assert texts(db)["title"] == "Hurt your back"


def test_poedit_rewraps_and_reorders_a_po_file(db: Database) -> None:
    """Poedit: its own headers, long lines wrapped, comments kept, the fuzzy mark taken off what was confirmed."""
    an_entry(db)
    by_now(db, "body.b1.text", "What can *you* do?")
    blocks = body()
    blocks[0]["text"] = "Wat kun *je* zelf doen?"
    save(db, ENTRY, body=blocks, now=later(days=2))
    data = file(db, "po").decode()
    assert '#, fuzzy\n#| msgid "Wat kun *je* doen?"\n' in data
    assert set(outcomes(bring(db, data.encode(), now=later(days=3))).values()) == {"empty", "unchanged"}
    data = data.replace(
        '"Language: en\\n"',
        '"Language: en_GB\\n"\n"X-Generator: Poedit 3.4\\n"',
    )
    data = data.replace('#, fuzzy\n#| msgid "Wat kun *je* doen?"\n', "")
    data = data.replace('msgstr "What can *you* do?"', 'msgstr ""\n"What can *you* "\n"do yourself?"')
    data = data.replace('msgid "Door je rug gaan"\nmsgstr ""', 'msgid "Door je rug gaan"\nmsgstr "Hurt your back"')
    report = bring(db, data.replace("\n", "\r\n").encode(), known=("nl", "en"), now=later(days=3))
    assert report.counts == {"accepted": 2, "empty": 4}
    assert texts(db) == {"body.b1.text": "What can *you* do yourself?", "title": "Hurt your back"}


def test_weblate_keeps_contexts_and_turns_comments(db: Database) -> None:
    """Weblate: wrapped at 77, a plural header of its own, obsolete messages at the end, comments as translator's."""
    an_entry(db)
    data = file(db, "po").decode().replace("#. source-hash:", "# source-hash:")
    data = data.replace("Plural-Forms: nplurals=2; plural=(n != 1);", "Plural-Forms: nplurals=2; plural=n != 1;")
    data = re.sub(r'(msgid "Bel 112"\n)msgstr ""', r'\1msgstr "Call 112"', data)
    data += '\n#~ msgctxt "old"\n#~ msgid "Oud"\n#~ msgstr "Old"\n'
    assert bring(db, data.encode()).counts == {"accepted": 1, "empty": 5}
    assert texts(db) == {"body.b3.title": "Call 112"}


def test_weblate_writes_xliff_with_its_own_states(db: Database) -> None:
    an_entry(db)
    data = translated(
        file(db, "xliff1"), {"title": "Hurt your back", "body.b3.title": "Call 112"}, state="needs-translation"
    )
    data = re.sub(rb'<target state="needs-translation">Hurt', b'<target state="translated" xml:lang="en">Hurt', data)
    assert set(outcomes(bring(db, data)).values()) == {"accepted", "empty"}
    assert {path: state for path, (_, state, _) in standing(db).items()} == {
        "title": "needs_review", "body.b3.title": "draft",
    }  # fmt: skip


@pytest.mark.parametrize(("delimiter", "encoding"), [(";", "utf-8-sig"), ("\t", "utf-16"), (",", "utf-8")])
def test_a_spreadsheet_saves_in_its_own_way(db: Database, delimiter: str, encoding: str) -> None:
    """Excel and Calc: other separators and encodings, columns moved, the hashes thrown away by the user."""
    an_entry(db)
    rows = [["target", "source", "path", "entry"], *([text, "", path, ENTRY] for path, text in TEXTS.items())]
    for row, received in zip(rows[1:], formats.read(file(db, "csv")).units, strict=True):
        assert received.path == row[2]
        row[1] = str(received.source)
    data = "\n".join(delimiter.join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in rows)
    report = bring(db, data.encode(encoding), locale="en")
    assert outcomes(report) == ALL
    assert texts(db) == TEXTS


def test_the_space_between_two_segments_stands_in_the_source_alone(db: Database) -> None:
    an_entry(db, body=[{"id": "b1", "type": "paragraph", "text": "Een. Twee."}])
    root = etree.fromstring(file(db))
    made = unit(root, "body.b1.text")
    segment = made.find("x:segment", XLF2)
    assert segment is not None
    made.remove(segment)
    parts = f"""<a xmlns="{XLF2["x"]}"><segment><source>Een. </source><target>One.</target></segment>
      <segment><source>Twee.</source><target>Two.</target></segment></a>"""
    made.extend(list(etree.fromstring(parts)))
    bring(db, etree.tostring(root))
    assert texts(db) == {"body.b1.text": "One. Two."}


@pytest.mark.parametrize(
    ("approved", "target_state", "state"),
    [
        ("", "translated", "approved"), ("yes", "", "approved"), ("", "needs-review-translation", "needs_review"),
        ("", "needs-review-l10n", "needs_review"), ("", "", "needs_review"), ("yes", "needs-translation", "draft"),
    ],
)  # fmt: skip
def test_what_is_to_be_reviewed_in_the_other_tool_is_not_approved_here(
    db: Database, approved: str, target_state: str, state: str
) -> None:
    """Weblate, Pootle and Virtaal say `needs-review-translation` of what gettext calls fuzzy."""
    an_entry(db)
    attributes = f' state="{target_state}"' if target_state else ""
    unit_attributes = f' approved="{approved}"' if approved else ""
    content = (
        f'<trans-unit id="title"{unit_attributes}><source>Door je rug gaan</source>'
        f"<target{attributes}>Hurt your back</target></trans-unit>"
    )
    bring(db, xliff1(content), state="approved")
    assert standing(db)["title"][1] == state


def test_a_link_whose_end_is_far_away_is_read(db: Database) -> None:
    an_entry(db, body=[{"id": "b1", "type": "paragraph", "text": "[een](tel:1) en [twee](tel:2)"}])
    code = '<bpt id="%d" rid="%d" ctype="link">[</bpt>%s<ept id="%d" rid="%d">](tel:%d)</ept>'
    one, two = code % (1, 7, "%s", 1, 7, 1), code % (2, 8, "%s", 2, 8, 2)
    content = (
        f'<trans-unit id="body.b1.text"><source>{one % "een"} en {two % "twee"}</source>'
        f"<target>{two % 'two'} and {one % 'one'}</target></trans-unit>"
    )
    bring(db, xliff1(content))
    assert texts(db) == {"body.b1.text": "[two](tel:2) and [one](tel:1)"}


def test_a_po_file_that_has_a_message_twice_with_two_texts(db: Database) -> None:
    """Joined by hand or by a merge that went wrong: gettext refuses it, Babel keeps the first and says nothing."""
    an_entry(db)
    data = file(db, "po").decode()
    head, _, rest = data.partition("\n\n")
    one = re.sub(r'(msgid "Bel 112"\n)msgstr ""', r'\1msgstr "Call 112"', rest)
    report = bring(db, f"{head}\n\n{one}\n{one.replace('Call 112', 'Ring 112')}".encode())
    assert report.counts == {"conflicting": 2, "empty": 10}
    assert texts(db) == {}


def test_plural_forms_that_were_never_filled_in_do_no_harm(db: Database) -> None:
    an_entry(db)
    data = re.sub(r"nplurals=[^\\]*", "nplurals=INTEGER; plural=EXPRESSION;", file(db, "po").decode())
    assert bring(db, data.encode()).counts == {"empty": 6}


@pytest.mark.parametrize(
    "head", ["sep=;\r\nentry;path;target", "Entry; Path ;TARGET", "\ufeffSEP=;\r\nENTRY;PATH;TARGET"]
)
def test_excel_has_its_own_first_line(db: Database, head: str) -> None:
    an_entry(db)
    known = {received.path: str(received.source) for received in formats.read(file(db, "csv")).units}
    data = f'{head};source\r\n{ENTRY};title;"Hurt your back";"{known["title"]}"\r\n'
    assert bring(db, data.encode(), locale="en").counts == {"accepted": 1}
    assert texts(db) == {"title": "Hurt your back"}
