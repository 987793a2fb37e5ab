"""Pages of partners held against what they should show: tables of pages, right and wrong."""

from datetime import timedelta
from typing import Any

import pytest

from cms.partners.conformance import CODES, Expected, Page, judge, pieces
from tests.builders import NOW

DOCUMENT: dict[str, Any] = {
    "locale": "ar",
    "dir": "rtl",
    "title": "ألم الظهر",
    "summary": "ما يمكنك فعله",
    "body": [
        {"id": "b1", "type": "paragraph", "html": "استمر في <em>الحركة</em>."},
        {
            "id": "b2",
            "type": "callout",
            "lang": "nl",
            "dir": "ltr",
            "freshness": "stale",
            "notice": "لم تُترجم هذه النصيحة بعد.",
            "title": "Bel direct",
            "body": [
                {"id": "b2a", "type": "list", "items": [{"id": "i1", "html": "Bel <strong>112</strong> &amp; wacht."}]}
            ],
        },
    ],
    "attribution": {"text": "Fysio Oever, Tolk", "url": "https://oever.example/rug"},
    "canonical_url": "https://oever.example/rug",
    "url": "https://tolk.example/v1/ar/articles/rug",
    "display_until": "2026-06-01T00:00:00.000000Z",
    "authors": [{"type": "author", "title": "Jan", "href": "https://tolk.example/v1/ar/authors/jan"}],
}
HEAD = '<link rel="canonical" href="https://oever.example/rug/"><title>x</title>'
BODY = """<main><h1>ألم  الظهر</h1><p>ما يمكنك فعله</p><p>استمر في <b>الحركة</b>.</p>
<p>لم تُترجم هذه النصيحة بعد.</p><div lang="nl-NL" dir="ltr"><h3>Bel direct</h3>
<ul><li>Bel <i>112</i> &amp; wacht.</li></ul></div>
<footer><a href="https://oever.example/rug">Fysio Oever</a>, via Tolk</footer></main>"""


def page(body: str = BODY, head: str = HEAD, attributes: str = 'lang="ar" dir="rtl"', **told: Any) -> Page:
    text = f"<!doctype html><html {attributes}><head><meta charset=utf-8>{head}</head><body>{body}</body></html>"
    return Page("https://partner.example/", **{"status": 200, "body": text.encode(), **told})


def expected(**told: Any) -> Expected:
    return Expected(**{"locale": "ar", "etag": "e" * 64, "document": DOCUMENT, **told})


def codes(found: Page, wanted: Expected | None = None, days: int = 0) -> list[str]:
    return [finding.code for finding in judge(found, wanted or expected(), NOW + timedelta(days=days))]


def test_a_page_that_says_all_of_it_in_its_own_way_conforms() -> None:
    assert codes(page()) == []


def test_every_text_of_a_document_is_a_piece_in_its_language() -> None:
    assert [(piece.block, piece.lang, piece.is_notice) for piece in pieces(DOCUMENT)] == [
        ("", "ar", False),
        ("", "ar", False),
        ("b1", "ar", False),
        ("b2", "ar", True),
        ("b2", "nl", False),
        ("b2", "nl", False),
    ]
    assert pieces(DOCUMENT)[-1].text == "Bel 112 & wacht."


WRONG = {
    "an older text": (page(BODY.replace("112", "113")), ["page_outdated"]),
    "a text less": (page(BODY.replace("<p>استمر في <b>الحركة</b>.</p>", "")), ["page_outdated"]),
    "a text in a script": (
        page(BODY.replace("<p>ما يمكنك فعله</p>", "<script>ما يمكنك فعله</script>")),
        ["page_outdated"],
    ),
    "a hidden text": (page(BODY.replace("<p>ما", "<p hidden>ما")), ["page_outdated"]),
    "no notice": (page(BODY.replace("<p>لم تُترجم هذه النصيحة بعد.</p>", "")), ["page_without_notice"]),
    "no language": (page(attributes='dir="rtl"'), ["page_wrong_language"]),
    "another language": (page(attributes='lang="nl" dir="rtl"'), ["page_wrong_language"]),
    "a part in the language of the page": (page(BODY.replace('lang="nl-NL" ', "")), ["page_wrong_language"]),
    "no direction": (page(attributes='lang="ar"'), ["page_wrong_direction"]),
    "a part in the direction of the page": (page(BODY.replace('dir="ltr"', "")), ["page_wrong_direction"]),
    "no attribution": (page(BODY.replace("Fysio Oever", "Wij")), ["page_unattributed"]),
    "no link": (page(BODY.replace("https://oever.example/rug", "/")), ["page_unattributed"]),
    "no canonical address": (page(head=""), ["page_without_canonical"]),
    "nothing": (page("", ""), ["page_outdated", "page_without_notice", "page_unattributed", "page_without_canonical"]),
    "an error": (Page("x", error="timed out"), ["page_unreachable"]),
    "not found": (page(status=404), ["page_missing"]),
    "no bytes": (Page("x", 200), ["page_outdated"]),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_named(name: str) -> None:
    found, wanted = WRONG[name]
    assert codes(found) == wanted


def test_a_page_may_show_its_version_by_the_digest_alone_but_owes_the_notices() -> None:
    part = BODY.replace("<main>", f'<main data-tolk-digest="{"e" * 64}">').replace("<p>ما يمكنك فعله</p>", "")
    assert codes(page(part)) == []
    assert codes(page(part.replace("لم تُترجم", ""))) == ["page_without_notice"]
    assert codes(page(part.replace("eeee", "ffff"))) == ["page_outdated"]


def test_a_page_is_past_its_time_after_display_until() -> None:
    assert codes(page(), days=60) == []
    assert codes(page(), days=100) == ["page_past_its_time"]


@pytest.mark.parametrize(
    ("indexing", "head", "headers", "wanted"),
    [
        ("noindex", HEAD, {}, ["page_indexed"]),
        ("noindex", '<meta name="robots" content="NoIndex, follow">', {}, []),
        ("noindex", "", {"X-Robots-Tag": "noindex"}, []),
        ("noindex", "", {"x-robots-tag": "none"}, []),
        ("canonical", '<meta name="robots" content="noindex">', {}, []),
        ("index", "", {}, []),
    ],
)
def test_search_engines_are_told_what_was_agreed(
    indexing: str, head: str, headers: dict[str, str], wanted: list[str]
) -> None:
    assert codes(page(head=head, headers=headers), expected(indexing=indexing)) == wanted


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (page(), ["page_still_shown"]),
        (page(status=410), []),
        (page(status=404), []),
        (page("<p>Dit advies is ingetrokken.</p>"), []),
        (Page("x", error="refused"), ["page_unreachable"]),
    ],
)
def test_withdrawn_advice_must_not_be_there_any_more(found: Page, wanted: list[str]) -> None:
    was = [piece.text for piece in pieces(DOCUMENT)]
    assert codes(found, expected(document=None, was=[*was, "لم تُترجم هذه النصيحة بعد."])) == wanted


def test_a_page_in_another_encoding_is_read_as_it_says() -> None:
    document = {**DOCUMENT, "locale": "nl", "title": "Één knie", "summary": "", "body": []}
    text = (
        '<html lang="nl"><head><meta charset="iso-8859-1"><link rel=canonical href="https://oever.example/rug"></head>'
    )
    text += '<h1>Één knie</h1><a href="https://oever.example/rug">Fysio Oever</a> Tolk'
    assert codes(Page("x", 200, body=text.encode("latin-1")), expected(locale="nl", document=document)) == []


@pytest.mark.parametrize("body", [b"\x00", b"<" * 5_000, b"<!doctype html>", b"\xff\xfe\x00", b"<p>" * 2_000])
def test_no_page_is_too_odd_to_be_judged(body: bytes) -> None:
    assert "page_outdated" in codes(Page("x", 200, body=body))


def test_every_code_is_found_by_some_page() -> None:
    found = {code for _, wanted in WRONG.values() for code in wanted} | {
        "page_still_shown",
        "page_indexed",
        "page_past_its_time",
    }
    assert found == set(CODES)
