"""Inline Markdown becomes safe HTML, whatever is written."""

import time
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cms.publish.inline import ATTRIBUTES, SCHEMES, TAGS, linked, links, plain, safe_href, to_html, without_controls


def link(entry: str) -> str | None:
    return {"one": "/en/articles/one", "far": "https://tolk.test/en/articles/far"}.get(entry)


REL = ' rel="noopener noreferrer"'

RENDERED = [
    ("", ""),
    ("Blijf bewegen.", "Blijf bewegen."),
    ("Ernst & Co: 2 < 3 > 1", "Ernst &amp; Co: 2 &lt; 3 &gt; 1"),
    ("*a* **b** `c<d`", "<em>a</em> <strong>b</strong> <code>c&lt;d</code>"),
    ("_a_ __b__ snake_case_word", "<em>a</em> <strong>b</strong> snake_case_word"),
    ("***both***", "<em><strong>both</strong></em>"),
    (r"\*plain\*", "*plain*"),
    ("a  \nb\nc\\\nd", "a<br>b\nc<br>d"),
    ("5 &euro;&nbsp;per &lt;b&gt;", "5 €\u00a0per &lt;b&gt;"),
    ("a\u00a0b *c*", "a\u00a0b <em>c</em>"),
    ("[x](https://a.nl/b?c=d&e=f)", f'<a href="https://a.nl/b?c=d&amp;e=f"{REL}>x</a>'),
    ('[x](https://a.nl "title")', f'<a href="https://a.nl"{REL}>x</a>'),
    ("[x](/nl/rug)", '<a href="/nl/rug">x</a>'),
    ("[x](#b3)", '<a href="#b3">x</a>'),
    ("[bel](tel:+31201234567)", '<a href="tel:+31201234567">bel</a>'),
    ("[mail](mailto:a@b.nl)", '<a href="mailto:a@b.nl">mail</a>'),
    ("[*x*](entry:one)", '<a href="/en/articles/one"><em>x</em></a>'),
    ("[x](entry:far)", '<a href="https://tolk.test/en/articles/far">x</a>'),
    ("[*x*](entry:gone) y", "<em>x</em> y"),
    ("![alt](/x.png)", '!<a href="/x.png">alt</a>'),
    ("<https://a.nl>", "&lt;https://a.nl&gt;"),
    ("# no *heading*", "# no <em>heading</em>"),
    ("- no *list*", "- no <em>list</em>"),
]


@pytest.mark.parametrize(("markdown", "html"), RENDERED)
def test_renders(markdown: str, html: str) -> None:
    assert to_html(markdown, link) == html


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "&#106;avascript:alert(1)",
        "&#x6A;avascript&colon;alert(1)",
        "javascript&colon;alert(1)",
        "java&#10;script:alert(1)",
        "java&Tab;script:alert(1)",
        "<\x01javascript:alert(1)>",
        "<java\u200bscript:alert(1)>",
        "<java\u00adscript:alert(1)>",
        "< javascript:alert(1)>",
        r"java\script:alert(1)",
        "vbscript:msgbox(1)",
        "data:text/html;base64,PHNjcmlwdD4=",
        "file:///etc/passwd",
        "blob:https://a.nl/1",
        "view-source:https://a.nl",
        "//evil.test",
        r"/\\evil.test",
        "</&#9;/evil.test>",
        r"\\\\evil.test",
        "www.a.nl",
        "x.html",
        "",
        "entry:",
        "ENTRY:one",
    ],
)
def test_a_harmful_or_useless_target_leaves_the_words_only(target: str) -> None:
    html = to_html(f"[words]({target})", link)
    assert "<a" not in html
    assert "words" in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script> *x*",
        "<img src=x onerror=alert(1)> *x*",
        "<b onclick='x'>*x*</b>",
        "`<script>`",
        "&lt;script&gt;",
        "*<style>*",
        "[<img src=x onerror=y>](https://a.nl)",
        '[x](https://a.nl"onmouseover=alert(1)//)',
        "<svg/onload=alert(1)>*x*",
        "<!-- *x* -->",
        "<a href='javascript:x'>[y](/z)</a>",
    ],
)
def test_no_markup_of_the_writer_survives(text: str) -> None:
    html = to_html(text, link)
    assert {tag for tag, _ in _elements(html)} <= {"em", "code", "a"}
    assert {name for _, attributes in _elements(html) for name in attributes} <= {"href", "rel"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\u202eb", "ab"),
        ("a\u2066b\u2069", "ab"),
        ("*a*&#x202e;b", "<em>a</em>b"),
        ("a\u200bb\ufeff\u2060", "ab"),
        ("a\x00b\x07c\x85d", "abc d"),
        ("\u200f+31\u200e \u061c", "\u200f+31\u200e \u061c"),
        ("می\u200cروم 👩\u200d⚕️", "می\u200cروم 👩\u200d⚕️"),
        ("wervel\u00adkolom", "wervel\u00adkolom"),
        ("a\ud800b *c*", "a\ufffdb <em>c</em>"),
    ],
)
def test_invisible_controls_go_and_what_scripts_need_stays(text: str, expected: str) -> None:
    assert to_html(text, link) == expected


@pytest.mark.parametrize(
    ("text", "address", "href", "said"),
    [
        ("A & <B>", "https://a.example/?x=1&y=2", "https://a.example/?x=1&amp;y=2", "A &amp; &lt;B&gt;"),
        ("A\u202e", 'https://a.example/"><b>', "https://a.example/%22%3E%3Cb%3E", "A"),
    ],
)
def test_a_plain_text_becomes_a_link(text: str, address: str, href: str, said: str) -> None:
    assert linked(text, address) == f'<a href="{href}" rel="noopener noreferrer">{said}</a>'


def test_a_plain_text_leads_nowhere_that_is_harmful() -> None:
    assert linked("A & B", "javascript:alert(1)") == "A &amp; B"


def test_controls_are_taken_out_of_bare_text_too() -> None:
    assert without_controls("a\u202eb\x00\ud800") == "ab\ufffd"


PLAIN = [
    ("Blijf *echt* **bewegen**", "Blijf echt bewegen"),
    ("[x](https://a.nl) `y` [z](entry:gone)", "x y z"),
    ("a  \nb\nc", "a\nb c"),
    ("&amp; &lt;b&gt; \\*", "& <b> *"),
    ("2 < 3", "2 < 3"),
]


@pytest.mark.parametrize(("markdown", "text"), PLAIN)
def test_plain_is_what_a_reader_reads(markdown: str, text: str) -> None:
    assert plain(markdown) == text


def test_links_are_listed_as_written_safe_or_not() -> None:
    text = "[a](entry:1) [b](https://é.nl/x?a=b&amp;c=d) [c](javascript:x) `[d](/no)` \\[e](/no) [f](<a b>)"
    assert links(text) == ["entry:1", "https://é.nl/x?a=b&c=d", "javascript:x", "a b"]
    assert links("none") == []


@pytest.mark.parametrize(
    ("target", "schemes", "href"),
    [
        ("https://a.nl/é", SCHEMES, "https://a.nl/%C3%A9"),
        (" https://a.nl ", SCHEMES, "https://a.nl"),
        ("tel:112", frozenset({"https"}), None),
        ("/a", frozenset(), "/a"),
        ("//a", SCHEMES, None),
    ],
)
def test_safe_href(target: str, schemes: frozenset[str], href: str | None) -> None:
    assert safe_href(target, schemes) == href


REPEATED = [
    "[",
    "*",
    "_",
    "`",
    "![",
    "[_",
    "*[_",
    "[a](",
    "[a](<b",
    "**a**b",
    "_*__**",
    "`a``b```c",
    "&",
    "\\",
    "<",
    "[[a]]",
    "[a](b)",
    "[a][",
    "\u202e",
]
SPACED = ['[a](b "', "[a](b (", "**a **b", "*a_ ", "***a** b* ", "a  \n", " \n"]


@pytest.mark.parametrize("unit", [*REPEATED, *SPACED])
def test_no_input_keeps_a_worker_busy(unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    started = time.perf_counter()
    to_html(text, link), plain(text), links(text)
    assert time.perf_counter() - started < 3


def test_deep_emphasis_keeps_its_words_and_loses_its_tags() -> None:
    html = to_html("*a **b " * 200 + "c" + "** *" * 200, link)
    assert "c" in html
    assert html.count("<em>") == html.count("</em>")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        self.text += " " if tag == "br" else ""

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def _page(html: str) -> _Page:
    page = _Page()
    page.feed(html)
    page.close()
    return page


def _elements(html: str) -> list[tuple[str, dict[str, str | None]]]:
    return _page(html).seen


MARKS = "* ** _ ` [ ]( ) ](entry:one) ](javascript:x) ](https://a.nl) < > </ & &lt; &#x202e; &#0; \" ' \\ ! word"
TAGLIKE = ["<b>", "<script>", "\n", "  \n", "\r", "\x0c", "\u00a0", "\u202e", "\x00", "\ud800", " "]
SOUP = st.lists(st.one_of(st.text(max_size=6), st.sampled_from([*MARKS.split(" "), *TAGLIKE])), max_size=25)


@given(st.one_of(st.text(st.characters(), max_size=200), SOUP.map("".join)))
@example("[x](http://[a)")
@example("&#xD800; *x*")
@example("a\r\nb\rc *x*")
def test_any_text_gives_allowed_markup_around_the_plain_words(text: str) -> None:
    page = _page(to_html(text, link))
    for tag, attributes in page.seen:
        assert tag in TAGS
        assert set(attributes) <= ATTRIBUTES.get(tag, set())
        href = attributes.get("href") or "/"
        assert href.startswith(("/", "#")) or href.partition(":")[0].lower() in SCHEMES
    assert "".join(page.text.split()) == "".join(plain(text).split())
    assert not set(page.text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x00")
    links(text)
