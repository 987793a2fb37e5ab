"""Hostile content, published in every field that takes text, is harmless in every form that is served."""

import json
import re
from typing import Any

import pytest
from lxml import html as parser
from markdown_it import MarkdownIt
from marshmallow import Schema, fields

from api.public.parameters import FORMATS
from cms.content import saving, types
from cms.content.blocks import kinds
from cms.content.fields import Blocks, Choice, Inline, Link, ListOf, Mail, Phone, Ref, Slug, Text
from cms.errors import Invalid
from cms.publish.jsonld import dumps
from cms.store import Database
from tests.api.conftest import NOW, Desk

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href='javascript:alert(1)'>x</a>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "</script><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "-->\n<script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](  javascript:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](<java\nscript:alert(1)>)",
    "[x](&#106;avascript:alert(1))",
    "[x](&#x6A&#x61&#x76&#x61script:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](java&Tab;script&NewLine;:alert(1))",
    "[x](%6Aavascript:alert(1))",
    "[x](\\javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](file:///etc/passwd)",
    "[x](//evil.example)",
    "[x](/\\evil.example)",
    "[x](entry:javascript:alert(1))",
    '[x](https://ok.example "onmouseover=alert(1)")',
    '[x](https://ok.example/"onmouseover="alert(1))',
    "[x](https://ok.example/<script>)",
    "[<img src=x onerror=alert(1)>](https://ok.example)",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/pixel.gif)",
    "<javascript:alert(1)>",
    "`<script>alert(1)</script>`",
    "**<script>**alert(1)</script>",
    "*[x](java*script:alert(1))*",
    "veilig \u202etxt.exe\u202c \u2066omgekeerd\u2069",
    "nul\u200bbreed \ufeff einde \u2028 regel",
    "{{7*7}} {% raw %} ${7*7} <%= 7*7 %>",
    "\ufff9verborgen\ufffa\ufffb \U000e0041\U000e0042",
]
ALL = "\n\n".join(PAYLOADS)
TAGS = {
    "a", "aside", "address", "article", "bdi", "blockquote", "br", "caption", "cite", "code", "dd", "div", "dl", "dt",
    "em", "figcaption", "figure", "footer", "h2", "h3", "h4", "img", "li", "mark", "ol", "p", "section", "small",
    "span", "strong", "table", "tbody", "td", "th", "thead", "time", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "href", "hreflang", "rel", "src", "alt", "width", "height", "lang", "dir", "id", "class", "scope", "start", "title",
    "role", "aria-label", "loading", "colspan", "translate",
}  # fmt: skip
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")


def dangers(html: str) -> list[str]:
    """Return what in some HTML could do something: judged by a parser, not by its looks."""
    found = []
    for element in parser.fragment_fromstring(html, create_parent="div").iter():
        if not isinstance(element.tag, str):
            found.append(repr(element))
            continue
        if element.tag not in TAGS:
            found.append(f"<{element.tag}>")
        for name, value in element.attrib.items():
            if name not in ATTRIBUTES and not name.startswith("data-"):
                found.append(f"{element.tag} {name}={value[:40]}")
            address = re.sub(r"[\x00-\x20\u00ad\u200b-\u200f]", "", value).lower()
            safe = address.startswith(("https://", "http://", "mailto:", "tel:", "#")) or re.match(
                r"/(?![/\\])", address
            )
            if name in ("href", "src") and not safe:
                found.append(f"{element.tag} {name}={value[:40]}")
    return found


def strings(value: Any, path: str = "") -> Any:
    """Yield every string of a JSON value with the name of the member that holds it."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from strings(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner, path)
    elif isinstance(value, str):
        yield path, value


def fill(schema: Schema, refs: dict[str, str], hostile: str, plain: str) -> dict[str, Any]:
    """Return content with the hostile text in each field that takes it, and in plain ones what they take of it."""
    return {
        name: value
        for name, field in schema.fields.items()
        if (value := _fill(name, field, refs, hostile, plain)) is not None
    }


def _fill(name: str, field: Any, refs: dict[str, str], hostile: str, plain: str) -> Any:
    if isinstance(field, Blocks):
        return [{**fill(schema, refs, hostile, plain), "type": kind} for kind, schema in field.kinds.items()]
    if isinstance(field, ListOf):
        value = _fill(name, field.inner, refs, hostile, plain)
        return None if value is None else [value]
    if isinstance(field, fields.Nested):
        return fill(field.schema, refs, hostile, plain)
    if isinstance(field, Inline):
        return hostile[: field.max_length]
    if isinstance(field, Choice):
        return field.choices[0]
    if isinstance(field, Ref):
        return refs.get(field.target)
    if isinstance(field, Link):
        return "/media/x.svg" if field.local else "https://ok.example/?q=%22%3E%3Cscript%3E"
    if isinstance(field, (Slug, Mail, Phone)) or name in ("id", "type", "country"):
        return None
    if type(field) is Text:
        return plain[: field.max_length]
    return {"level": 2, "width": 10, "height": 10, "opens": "08:00", "closes": "17:00", "date": "2026-01-01"}.get(name)


def test_every_kind_of_block_is_filled() -> None:
    blocks = fill(types.find("article").schema, {"clinic": "x"}, "H", "P")["body"]
    assert [block["type"] for block in blocks] == list(kinds())


PLAIN = [text for text in PAYLOADS if not re.search(r"</?[a-zA-Z!][^<>]*>", text)]


@pytest.fixture
def published(desk: Desk) -> dict[str, str]:
    """Publish an entry of every type, hostile in every field, and return their ids by type."""
    refs: dict[str, str] = {}
    for kind in ("topic", "clinic", "author", "article"):
        content = fill(types.find(kind).schema, refs, ALL, " ".join(PLAIN))
        content[types.find(kind).title] = " ".join(PLAIN)[:200]
        content["slug"] = f"vijandig-{kind}"
        content.pop("reviewers", None)
        content.pop("last_reviewed", None)
        content.pop("review_due", None)
        refs[kind] = desk.publish(kind, content)
    return refs


@pytest.mark.parametrize("text", [text for text in PAYLOADS if text not in PLAIN])
@pytest.mark.parametrize("kind", ["article", "author", "clinic", "topic"])
def test_plain_text_with_elements_in_it_is_refused(db: Database, kind: str, text: str) -> None:
    with pytest.raises(Invalid) as caught:
        saving.create(db, kind, {types.find(kind).title: text}, by="editor", now=NOW)
    assert caught.value.problems[0].code == "html_in_text"


def test_nothing_served_does_anything(desk: Desk, published: dict[str, str]) -> None:
    for kind, entry in published.items():
        plural = types.find(kind).plural
        for path in (f"/v1/nl/{plural}/{entry}", f"/v1/nl/{plural}"):
            for form in FORMATS:
                answer = desk.get(f"{path}?format={form}")
                assert (answer.status_code, answer.mimetype) == (200, "application/json"), answer.json
                for name, text in strings(answer.json):
                    if name == "html" or name.endswith("_html") or (name == "body" and form == "html"):
                        assert not dangers(text), (path, form, name, dangers(text))
                    if name in ("href", "url", "src", "contact_form", "website", "canonical_url"):
                        # The licence of a site may have no address.
                        assert not text or text.startswith(("https://", "http://", "/media/")), (name, text)


def test_every_inline_text_is_free_of_what_turns_a_sentence_round(desk: Desk, published: dict[str, str]) -> None:
    for kind, entry in published.items():
        for name, text in strings(desk.get(f"/v1/nl/{types.find(kind).plural}/{entry}").json):
            if name == "html" or name.endswith("_html"):
                assert not TURNING.search(text), (kind, name, TURNING.search(text))


def test_markdown_rendered_by_another_program_does_nothing_either(desk: Desk, published: dict[str, str]) -> None:
    render = MarkdownIt("commonmark", {"html": True}).enable("table").render
    for kind, entry in published.items():
        document = desk.get(f"/v1/nl/{types.find(kind).plural}/{entry}?format=markdown").json
        for name, text in strings(document):
            if name == "body" or name.endswith("_markdown"):
                found = [danger for danger in dangers(render(text)) if danger not in ("<pre>", "<hr>", "<h1>")]
                assert not found, (kind, name, found)


def test_json_ld_can_stand_inside_a_script_element(desk: Desk, published: dict[str, str]) -> None:
    for kind, entry in published.items():
        answer = desk.get(f"/v1/nl/{types.find(kind).plural}/{entry}?view=jsonld")
        page = f"<script type='application/ld+json'>{answer.get_data(as_text=True)}</script><p>after</p>"
        tree = parser.fragment_fromstring(page, create_parent="div")
        assert [element.tag for element in tree] == ["script", "p"], kind
        assert json.loads(tree[0].text) == answer.json
        assert "</script" not in dumps(answer.json).lower()
        for name, text in strings(answer.json):
            if name in ("url", "@id", "contentUrl", "sameAs", "license"):
                assert text.startswith(("https://", "http://", "/", "urn:uuid:")), (name, text)


@pytest.mark.parametrize("query", ["script", "alert", "onerror", '"><script>alert(1)</script>', "javascript"])
def test_snippets_of_hostile_text_do_nothing(desk: Desk, published: dict[str, str], query: str) -> None:
    answer = desk.get("/v1/nl/search", query_string={"q": query})
    assert answer.status_code == 200
    for hit in answer.json["data"]:
        assert not dangers(hit["snippet_html"]), hit["snippet_html"]


def test_hostile_words_in_addresses_and_parameters_are_only_quoted(desk: Desk) -> None:
    for path in ("/v1/nl/articles/<script>alert(1)<script>", "/<script>", "/v1/<svg onload=x>/articles"):
        answer = desk.get(path)
        assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    answer = desk.get("/v1/nl/articles", query_string={"<script>": "1", "sort": "<script>"})
    assert answer.content_type == "application/problem+json"


def test_header_values_cannot_be_broken_out_of(desk: Desk) -> None:
    for path in ("/v1/nl/articles?q=%0d%0aX-Evil:1", "/v1/articles?limit=1&x=%0d%0aX-Evil:1", "/%0d%0aX-Evil:1"):
        assert "X-Evil" not in desk.get(path, headers={"X-Request-ID": "abcdefgh"}).headers
