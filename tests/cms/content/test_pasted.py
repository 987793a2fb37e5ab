"""What comes from a word processor or a web page becomes plain blocks, and nothing else gets in."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.content import types, validate
from cms.content.pasted import blocks, of_text, texts
from cms.publish.inline import plain

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><body><!--StartFragment-->
<p class=MsoNormal><b>Let op</b><b>:</b> bel <i style='mso-bidi-font-style:normal'>direct</i>.<o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>Een</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><span>·<span>&nbsp; </span></span>Twee</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span>1.<span>&nbsp; </span></span>Eerst</p>
<!--EndFragment--></body></html>"""


def test_a_document_of_word_becomes_paragraphs_and_lists() -> None:
    assert blocks(WORD) == [
        {"type": "paragraph", "text": "**Let op:** bel *direct*."},
        {"type": "list", "ordered": False, "items": [{"text": "Een"}, {"text": "Twee"}]},
        {"type": "list", "ordered": True, "items": [{"text": "Eerst"}]},
    ]


def test_plain_text_becomes_blocks_as_well_and_blocks_become_items() -> None:
    found = of_text("Blijf in beweging zoals u dat gewend bent.\n\n- Wandel\n- Zwem *rustig*\n\n---\n")
    assert found == [
        {"type": "paragraph", "text": "Blijf in beweging zoals u dat gewend bent."},
        {"type": "list", "ordered": False, "items": [{"text": "Wandel"}, {"text": "Zwem \\*rustig\\*"}]},
    ]
    assert list(texts(found)) == ["Blijf in beweging zoals u dat gewend bent.", "Wandel", "Zwem \\*rustig\\*"]
    assert of_text(" \n ") == of_text("\0") == []


def a_paragraph(text: str) -> list[dict[str, Any]]:
    return [{"type": "paragraph", "text": text}]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("Zomaar tekst", a_paragraph("Zomaar tekst")),
        ("<h1>Kop</h1>", [{"type": "heading", "level": 2, "text": "Kop"}]),
        ("<h6><b>Kop</b></h6>", [{"type": "heading", "level": 4, "text": "Kop"}]),
        ('<a href="https://x.nl/a(b)">hier</a>', a_paragraph("[hier](https://x.nl/a%28b%29)")),
        ('<a href="javascript:alert(1)">hier</a>', a_paragraph("hier")),
        ("<b style='font-weight:normal'>gewoon</b>", a_paragraph("gewoon")),
        ("<span style='font-weight: 700'>vet</span>", a_paragraph("**vet**")),
        ("<i>a</i><i>b</i> c", a_paragraph("*ab* c")),
        ("een<br>twee<br><br>drie", [*a_paragraph("een\\\ntwee"), *a_paragraph("drie")]),
        ("<script>alert(1)</script><style>x</style><img src=x onerror=y>", []),
        ("2*3*4 [x](y)", a_paragraph("2\\*3\\*4 \\[x\\](y)")),
        (
            "<ul><li>a<ul><li>b</li></ul></li><li><p>c</p></li></ul>",
            [{"type": "list", "ordered": False, "items": [{"text": "a"}, {"text": "b"}, {"text": "c"}]}],
        ),
        ("<blockquote><p>Zei zij</p></blockquote>", [{"type": "quote", "text": "Zei zij"}]),
        ("<table><tr><td>een kader</td></tr></table>", a_paragraph("een kader")),
        ("<table><tr><td>a<td><tr><td>c<td>d</table>", [*a_paragraph("a"), *a_paragraph("c"), *a_paragraph("d")]),
        (
            "<table><tr><th>A<th>B<tr><td>1<td>2</table>",
            [
                {
                    "type": "table",
                    "columns": [{"text": "A"}, {"text": "B"}],
                    "rows": [{"cells": [{"text": "1"}, {"text": "2"}]}],
                }
            ],
        ),
        ("", []),
        ("\0", []),
    ],
)
def test_each_piece_becomes_its_block(html: str, expected: list[dict[str, Any]]) -> None:
    assert blocks(html) == expected


TAGS = st.sampled_from(
    ["p", "b", "i", "ul", "ol", "li", "table", "tr", "td", "h2", "a href='https://x'", "br", "div", "span"]
)
SOUP = st.lists(TAGS.map(lambda tag: f"<{tag}>") | TAGS.map(lambda tag: f"</{tag.split()[0]}>") | st.text(max_size=8))


@given(SOUP.map("".join))
def test_whatever_is_pasted_is_content_that_can_be_saved(html: str) -> None:
    found = blocks(html)
    content = {"title": "x", "body": found}
    try:
        loaded = validate.load(types.find("article"), content)
    except Exception as error:  # what the message holds is what the test tells
        problems = getattr(error, "problems", None)
        assert problems
        assert {problem.code for problem in problems} <= {"control_character"}
    else:
        assert len(loaded["body"]) == len(found)


@given(st.text(st.characters(categories=["L", "N", "P", "S"], exclude_characters="<>&"), min_size=1))
def test_plain_words_read_the_same_after_pasting(text: str) -> None:
    found = blocks(f"<p>{text}</p>")
    assert plain(" ".join(block["text"] for block in found)) == text
