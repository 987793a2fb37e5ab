"""Inline Markdown goes to a machine as tags, and comes back as the same Markdown."""

import json
from pathlib import Path

import pytest
from lxml import etree

import sample
from cms.localize.machine.tags import tagged, tree_of, untagged

LINK = "[bel ons](https://example.org/a?b=1&c=2)"


@pytest.mark.parametrize(
    ("markdown", "markup"),
    [
        ("Blijf *rustig* bewegen.", 'Blijf <em id="1">rustig</em> bewegen.'),
        ("**Bel 112** of *bel ons*", '<strong id="1">Bel 112</strong> of <em id="2">bel ons</em>'),
        (f"Twijfel je? {LINK}", 'Twijfel je? <a id="1">bel ons</a>'),
        ("[**nu**](entry:e1)", '<a id="1"><strong id="2">nu</strong></a>'),
        ("typ `a < b` in", 'typ <code id="1">a &lt; b</code> in'),
        ("een\\\ntwee", 'een<br id="1"/>twee'),
        ("een\ntwee", "een twee"),
        ("5 < 6 & meer", "5 &lt; 6 &amp; meer"),
    ],
)
def test_markup_becomes_numbered_tags(markdown: str, markup: str) -> None:
    assert tagged(tree_of(markdown, True)) == markup
    text, faults = untagged(markup, tree_of(markdown, True), True)
    assert (text, faults) == (markdown.replace("een\ntwee", "een twee"), ())


def test_plain_text_has_no_markup_but_its_lines() -> None:
    text = "Bel *ons* & wacht\nniet"
    markup = tagged(tree_of(text, False))
    assert markup == 'Bel *ons* &amp; wacht<br id="1"/>niet'
    assert untagged(markup, tree_of(text, False), False) == (text, ())


@pytest.mark.parametrize(
    ("answer", "markdown"),
    [
        ('Keep <em id="1">moving</em>', "Keep *moving*"),
        ("Keep <em>moving</em>", "Keep *moving*"),
        ("Keep <EM ID='1' class=x>moving</EM>", "Keep *moving*"),
        ("Keep <b>calm</b> & <em id=1>move</em> if x < 5", "Keep <b>calm</b> & *move* if x < 5"),
        ('<em id="1">Move &lt; more &amp; more</em>', "*Move < more & more*"),
        ('Keep<em id="1"> moving </em>now', "Keep *moving* now"),
    ],
)
def test_answers_are_read_however_they_are_written(answer: str, markdown: str) -> None:
    assert untagged(answer, tree_of("Blijf *bewegen*", True), True) == (markdown, ())


@pytest.mark.parametrize(
    ("source", "answer", "codes"),
    [
        ("Blijf *rustig*", "Stay calm", ["code_missing"]),
        (f"Twijfel? {LINK}", "In doubt? Call us", ["code_missing"]),
        ("Blijf rustig", 'Stay <em id="1">calm</em>', ["code_added"]),
        ("Blijf rustig", 'Stay <a id="4">calm</a>', ["code_unknown"]),
        ("*a* **b**", '<em id="1">x <strong id="2">y</em></strong>', ["code_crossed", "code_crossed", "code_missing"]),
        ("Blijf *rustig*", 'Stay <em id="1">calm', ["code_crossed", "code_missing"]),
        ("Blijf *rustig*", "Stay calm</em>", ["code_crossed", "code_missing"]),
        (f"Twijfel? {LINK}", '<a id="1">Call</a> <a id="1">us</a>', ["code_added"]),
    ],
)
def test_broken_markup_is_named(source: str, answer: str, codes: list[str]) -> None:
    _, faults = untagged(answer, tree_of(source, True), True)
    assert [fault.code for fault in faults] == codes


def test_a_link_of_the_machine_leads_nowhere_else() -> None:
    answer = '<a id="1" href="https://evil.example">call us</a>'
    assert untagged(answer, tree_of(LINK, True), True)[0] == "[call us](https://example.org/a?b=1&c=2)"


def test_the_sample_comes_through_unchanged() -> None:
    texts = [
        block["text"]
        for path in (Path(sample.__file__).parent / "articles").glob("*.json")
        for block in _blocks(json.loads(path.read_text("utf-8")))
    ]
    assert len(texts) > 300
    for text in texts:
        tree = tree_of(text, True)
        etree.fromstring(f"<x>{tagged(tree)}</x>")
        assert untagged(tagged(tree), tree, True) == (text.replace("\n", " "), ())


def _blocks(value: object) -> list[dict[str, str]]:
    if isinstance(value, dict):
        inner = [found for each in value.values() for found in _blocks(each)]
        return [value, *inner] if isinstance(value.get("text"), str) else inner
    return [found for each in value for found in _blocks(each)] if isinstance(value, list) else []
