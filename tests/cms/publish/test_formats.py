"""A document in blocks can be had as one string of HTML, Markdown or text, with the same words."""

import re
from html import unescape
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from cms.publish.formats import as_format, to_markdown, to_text
from cms.publish.inline import to_html

commonmark = MarkdownIt("commonmark").enable("table")


def paragraph(html: str, **more: Any) -> dict[str, Any]:
    return {"id": "p", "type": "paragraph", "html": html, **more}


def shown(format: str, *blocks: dict[str, Any], **document: Any) -> str:
    body = as_format({"locale": "en", "dir": "ltr", "body": list(blocks), **document}, format)["body"]
    return str(body)


CLINIC = {"name": "C & C", "phones": ["+31201234567"], "email": "a@b.nl", "contact_form": "https://c.nl/form/"}
TABLE = {
    "id": "t",
    "type": "table",
    "caption": "Doses",
    "columns": [{"id": "a", "html": "A|B"}, {"id": "b", "html": "C"}],
    "rows": [{"id": "r", "cells": [{"id": "x", "html": "1<br>2"}, {"id": "y", "html": "<em>3</em>"}]}],
}
STEPS = {
    "id": "s",
    "type": "steps",
    "items": [{"id": "i", "title": "Lie", "html": "down"}, {"id": "j", "html": "rest"}],
}
LIST = {"id": "l", "type": "list", "ordered": False, "items": [{"id": "i", "html": "a"}, {"id": "j", "html": "b"}]}
FAQ = {"id": "q", "type": "faq", "items": [{"id": "i", "question": "Why <x>?", "answer": [paragraph("So")]}]}
FIGURE = {
    "id": "f",
    "type": "figure",
    "image": {"src": "/a.png", "width": 3, "height": 4},
    "alt": 'a "b"',
    "caption": "Cap",
    "credit": "Me",
}
CONTACT = {"id": "k", "type": "contact", "clinic": CLINIC, "html": "<strong>Bel</strong>"}
PHONE = '<a href="tel:+31201234567"><bdi dir="ltr">+31201234567</bdi></a>'
MAIL = '<a href="mailto:a@b.nl"><bdi dir="ltr">a@b.nl</bdi></a>'
FORM = '<a href="https://c.nl/form/"><bdi dir="ltr">c.nl/form</bdi></a>'

SHOWN = [
    (
        {"id": "h", "type": "heading", "level": 3, "html": "A <em>b</em>"},
        '<h3 id="h">A <em>b</em></h3>',
        "### A *b*",
        "A b",
    ),
    (
        paragraph('a_b <a href="https://a.nl/x_(y)">c</a>!<a href="/en/d">d</a><br>e'),
        '<p id="p">a_b <a href="https://a.nl/x_(y)">c</a>!<a href="/en/d">d</a><br>e</p>',
        "a\\_b [c](https://a.nl/x_%28y%29)\\![d](/en/d)\\\ne",
        "a_b c (https://a.nl/x_(y))!d\ne",
    ),
    (LIST, '<ul id="l"><li>a</li><li>b</li></ul>', "- a\n- b", "- a\n- b"),
    ({**LIST, "ordered": True}, '<ol id="l"><li>a</li><li>b</li></ol>', "1. a\n2. b", "1. a\n2. b"),
    (
        STEPS,
        '<ol class="steps" id="s"><li><p><strong>Lie</strong></p><p>down</p></li><li>rest</li></ol>',
        "1. **Lie**\n\n   down\n2. rest",
        "1. Lie\n\n   down\n2. rest",
    ),
    (
        {"id": "c", "type": "callout", "title": "1 < 2", "urgency": "emergency", "body": [paragraph("Bel 112")]},
        '<aside role="note" class="callout" id="c" data-urgency="emergency"><p class="title"><strong>1 &lt; 2'
        "</strong></p><p>Bel 112</p></aside>",
        "> **1 \\< 2**\n>\n> Bel 112",
        "1 < 2\n\nBel 112",
    ),
    (
        FIGURE,
        '<figure id="f"><img src="/a.png" width="3" height="4" alt="a &quot;b&quot;"><figcaption>Cap '
        "<small>Me</small></figcaption></figure>",
        '![a "b"](/a.png)\n\nCap Me',
        'a "b"\n\nCap Me',
    ),
    (
        FAQ,
        '<dl class="faq" id="q"><div><dt>Why &lt;x&gt;?</dt><dd><p>So</p></dd></div></dl>',
        "**Why \\<x>?**\n\nSo",
        "Why <x>?\n\nSo",
    ),
    (
        TABLE,
        '<table id="t"><caption>Doses</caption><thead><tr><th scope="col">A|B</th><th scope="col">C</th></tr>'
        "</thead><tbody><tr><td>1<br>2</td><td><em>3</em></td></tr></tbody></table>",
        "Doses\n\n| A\\|B | C |\n| --- | --- |\n| 1 2 | *3* |",
        "Doses\n\nA|B | C\n1 2 | 3",
    ),
    (
        {"id": "u", "type": "quote", "html": "said", "cite": "<Me>"},
        '<figure class="quote" id="u"><blockquote><p>said</p></blockquote><figcaption><cite>&lt;Me&gt;</cite>'
        "</figcaption></figure>",
        "> said\n\n\\<Me>",
        "said\n\n<Me>",
    ),
    (
        CONTACT,
        '<address class="contact" id="k"><p><strong>C &amp; C</strong></p><p><strong>Bel</strong></p>'
        f"<p>{PHONE}</p><p>{MAIL}</p><p>{FORM}</p></address>",
        "**C & C**\n\n**Bel**\n\n[+31201234567](tel:+31201234567)\n\n[a@b.nl](mailto:a@b.nl)\n\n"
        "[c.nl/form](https://c.nl/form/)",
        "C & C\n\nBel\n\n+31201234567\n\na@b.nl\n\nc.nl/form",
    ),
    ({"id": "z", "type": "mystery", "html": "x"}, '<div id="z"><p>x</p></div>', "x", "x"),
]


@pytest.mark.parametrize(("block", "html", "markdown", "text"), SHOWN, ids=[b["type"] for b, *_ in SHOWN])
def test_each_kind_of_block_in_each_format(block: dict[str, Any], html: str, markdown: str, text: str) -> None:
    assert [shown(format, block) for format in ("html", "markdown", "text")] == [html, markdown, text]


def test_blocks_are_parted_by_a_blank_line() -> None:
    blocks = [paragraph("a"), LIST, paragraph("b")]
    assert shown("text", *blocks) == "a\n\n- a\n- b\n\nb"
    assert shown("markdown", *blocks) == "a\n\n- a\n- b\n\nb"


def test_the_notice_speaks_the_readers_language_while_the_block_keeps_its_own() -> None:
    block = paragraph("Bel 112", lang="nl", dir="ltr", freshness="stale", urgency="emergency", notice="قديم <")
    assert shown("html", block, locale="ar", dir="rtl") == (
        '<div class="noticed"><p class="notice" lang="ar" dir="rtl">قديم &lt;</p>'
        '<p id="p" data-urgency="emergency" lang="nl" dir="ltr" data-freshness="stale">Bel 112</p></div>'
    )
    assert shown("text", block, locale="ar", dir="rtl") == "قديم <\n\nBel 112"


def test_a_notice_in_a_fallback_language_says_so() -> None:
    html = shown("html", paragraph("x", notice="Outdated", notice_lang="en"), locale="ar", dir="rtl")
    assert '<p class="notice" lang="en" dir="ltr">Outdated</p>' in html


@pytest.mark.parametrize("kind", ["list", "steps", "table", "faq"])
def test_an_item_in_another_language_is_marked(kind: str) -> None:
    foreign = {"id": "i", "html": "x", "question": "x", "lang": "nl", "dir": "ltr"}
    rows = {"columns": [], "rows": [{"id": "r", "cells": [foreign]}]}
    block = {"id": "b", "type": kind, "items": [foreign], **rows}
    assert ' lang="nl" dir="ltr"' in shown("html", block, locale="ar", dir="rtl")


def test_phone_numbers_keep_their_direction_in_right_to_left_text() -> None:
    assert "\u200e+31201234567" in shown("text", CONTACT, locale="ar", dir="rtl")
    assert "[\u200e+31201234567](tel:+31201234567)" in shown("markdown", CONTACT, locale="ar", dir="rtl")


HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


@pytest.mark.parametrize("block", [dict(block) for block, *_ in SHOWN], ids=[b["type"] for b, *_ in SHOWN])
def test_everything_but_sanitised_html_is_escaped(block: dict[str, Any]) -> None:
    assert not re.search(r"<script|<img src=x", shown("html", _poisoned(block)))


def _poisoned(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _poisoned(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [_poisoned(item, name) for item in value]
    return HOSTILE if isinstance(value, str) and name not in {"html", "type"} else value


@pytest.mark.parametrize("src", ["javascript:alert(1)", "data:image/svg+xml,x", "//evil.test/x", "mailto:a@b.nl"])
def test_a_picture_comes_from_the_web_or_not_at_all(src: str) -> None:
    assert shown("html", {**FIGURE, "image": {"src": src}}).startswith('<figure id="f"><figcaption>')


def test_a_contact_form_with_a_harmful_address_is_shown_and_not_linked() -> None:
    block = {"id": "k", "type": "contact", "clinic": {"name": "C", "contact_form": "javascript:alert(1)"}}
    assert "href" not in shown("html", block)


def test_fields_of_html_are_renamed_with_the_format_since_text_is_not_escaped() -> None:
    document = {"id": "1", "name": "A", "bio_html": "1 &lt; <em>2</em>", "description_html": None}
    assert as_format(document, "html") == document
    assert as_format(document, "markdown") == {**_without_bio(document), "bio_markdown": "1 \\< *2*"}
    assert as_format(document, "text") == {**_without_bio(document), "bio_text": "1 < 2"}


def _without_bio(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "bio_html"}


def test_blocks_stay_blocks_and_the_document_is_left_alone() -> None:
    document = {"body": [paragraph("x")], "title": "T"}
    assert as_format(document, "blocks") == document
    assert as_format(document, "text") == {"body": "x", "title": "T"}
    assert document == {"body": [paragraph("x")], "title": "T"}


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="pdf"):
        as_format({}, "pdf")


@pytest.mark.parametrize("html", ["https://a.nl", "readme.txt", "", "<em>x</em>", "a &amp; b"])
def test_short_fields_are_not_taken_for_file_names(html: str) -> None:
    assert to_text(html) == unescape(re.sub("<.*?>", "", html))


LINES = ["# a", "- a", "+ a", "1. a", "1) a", "> a", "---", "===", "```", "~~~", "*a*", "_a_", "[a](b)", "![a](b)"]


@pytest.mark.parametrize("line", [*LINES, "<b>", "&amp;", "\\*", "| a |", "a | b", "`a`", "***", "+31 20", "[a]: b"])
def test_words_that_look_like_markdown_come_back_as_words(line: str) -> None:
    html = line.replace("&", "&amp;").replace("<", "&lt;")
    assert commonmark.render(to_markdown(f"<p>{html}</p>")).strip() == f"<p>{_escaped(line)}</p>"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@given(st.text(st.sampled_from("ab1 .)-+#>=*_`[]()!<&;\\~|x\n"), max_size=30))
@example(">  \n")
@example("| +~__1#=a<_-b_|1\\x_;)|x<a = +")
@example("___|\n__\n(_**+.~_+ <;*)!")
def test_any_paragraph_survives_the_way_through_markdown(text: str) -> None:
    html = to_html(text.replace("\\", "\\\\").replace("*", "\\*").replace("`", "\\`"), lambda entry: None)
    again = commonmark.render(to_markdown(f"<p>{html}</p>"))
    assert _words(again) == _words(html)


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("a<br>", "a"),
        ("a<br> <br>", "a"),
        ("<em>a<br></em>", "*a*"),
        ("a<br>b", "a\\\nb"),
        ("a \\<br>b", "a \\\\\\\nb"),
        ("<strong>Let op:</strong> bel", "**Let op:** bel"),
        ("(<em>a</em>)", "(*a*)"),
        ("<em>on</em>gevoelig", "<em>on</em>gevoelig"),
        ("<em>a</em><em>b</em>", "<em>a</em><em>b</em>"),
        ("<em>a, <strong>b</strong></em>", "*a, <strong>b</strong>*"),
        ("<strong>a <em>b</em> c</strong>", "**a *b* c**"),
        ("<em>€ 5</em> \u2014 <em>+31</em>", "<em>€ 5</em> \u2014 *+31*"),
    ],
)
def test_marks_are_written_so_that_they_are_read_back_alike(html: str, markdown: str) -> None:
    assert to_markdown(f"<p>{html}</p>") == markdown
    told = re.sub(r"(\s*<br\s*/?>\s*)+$|<br>\s*(?=</em>$)", "", html)
    again = commonmark.render(markdown).strip().removeprefix("<p>").removesuffix("</p>")
    assert re.sub(r"<br />\n", "<br>", again) == told


def _words(html: str) -> str:
    return "".join(unescape(re.sub("<[^>]*>", "", html)).split())
