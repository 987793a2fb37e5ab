"""Inline Markdown as a tree, and back: nothing is lost, and nothing is read that publishing would not read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.localize.exchange import inline
from cms.localize.exchange.inline import Code, codes, parse, plain, settled
from cms.localize.exchange.writing import write
from cms.publish.inline import _markdown, to_html

MARKDOWN = st.text(st.sampled_from("ab *_`[]()\\&;#.\n!\"'<>é 1"), max_size=40)


def test_it_reads_what_publishing_reads() -> None:
    assert inline._markdown.get_active_rules() == _markdown.get_active_rules()
    assert dict(inline._markdown.options) == dict(_markdown.options)


def test_a_tree_has_text_and_codes() -> None:
    assert parse('Neem **twee *grote*** `5*3`, [zie](entry:1 "t")\\\nen \\* rust') == (
        "Neem ",
        Code("strong", ("twee ", Code("em", ("grote",)))),
        " ",
        Code("code", ("5*3",)),
        ", ",
        Code("link", ("zie",), "entry:1", "t"),
        Code("break"),
        "en * rust",
    )


@pytest.mark.parametrize(
    "markdown",
    [
        "Neem **twee** tabletten, *niet* meer.",
        "__Zo__ of _zo_.",
        "***beide***",
        "**_om_** en *__om__*",
        "`a` en ``b`c`` en `` ` ``",
        '[tekst *schuin*](https://voorbeeld.nl/a?b=1&c=2 "een \\"titel\\"")',
        "[a](<met spatie.html>) [b](entry:0198a000-0000-7000-8000-000000000001#kop)",
        "regel\nvervolg\\\nnieuwe regel",
        "5 * 3 * 2, snake_case_naam, [x] en (y), 10 & 20 < 30 > 2, &copy zonder puntkomma",
        "\\*geen nadruk\\*, \\[geen link\\](x), \\&copy; en een \\\\",
        "اتصل بـ **112** فورا",
        "",
    ],
)
def test_a_text_comes_back_as_it_was_written(markdown: str) -> None:
    assert write(parse(markdown)) == (markdown, True)


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        ((Code("strong", ('"112"',)), "yi"), '"**112**"yi'),
        (("Bel", Code("em", (" nu ",)), "112"), "Bel *nu* 112"),
        (("a", Code("em", ()), "b"), "ab"),
        ((Code("em", ("a",)), Code("em", ("b",))), "*ab*"),
        ((Code("strong", (Code("em", ("a",)),)),), "**_a_**"),
        (("x ", Code("code", ("a\nb",))), "x `a b`"),
        (("1. a",), "1. a"),
        (("*a*",), "\\*a\\*"),
        (("&amp;",), "\\&amp;"),
    ],
)
def test_what_tools_make_becomes_markdown_that_reads_the_same(tree: inline.Tree, expected: str) -> None:
    assert write(tree) == (expected, True)


def test_what_markdown_cannot_say_is_told_and_keeps_its_words() -> None:
    within = Code("link", ("a ", Code("link", ("b",), "https://b.nl"), " c"), "https://a.nl")
    assert write(("x ", within)) == ("x a b c", False)


def test_text_of_very_many_marks_is_carried_as_it_stands() -> None:
    for markdown in ("*a" * 3_000, "*a " * 600 + "b*" * 600):
        assert write(parse(markdown)) == (markdown.strip(), True)


@given(MARKDOWN)
def test_any_text_reads_the_same_when_it_comes_back(markdown: str) -> None:
    tree = settled(parse(markdown))
    written, is_faithful = write(parse(markdown))
    assert is_faithful
    assert settled(parse(written)) == tree
    assert write(parse(written)) == (written, True)


@given(MARKDOWN)
def test_a_settled_tree_shows_what_readers_see(markdown: str) -> None:
    shown = to_html(write(parse(markdown))[0], lambda entry: f"/{entry}")
    assert ("<strong>" in shown) <= any(code.kind == "strong" for code in codes(parse(markdown)))
    assert plain(settled(parse(markdown))).split() == plain(parse(markdown)).split()
