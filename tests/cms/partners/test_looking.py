"""Looking at a partner's registered pages: what should be there follows from what is published."""

import orjson
import pytest

from cms.calls import Answer, Call, Send
from cms.partners import looking, pages, partners
from cms.partners.partners import Partner
from cms.publish import documents, draw
from cms.store import Database
from tests.builders import BY, NOW, SITE, a_paragraph, later, publish, published, save, translate, unpublish, withdraw

URL = "https://rug.example/rug"
TEXT = "Blijf zo veel mogelijk bewegen."


def site_of(partner_pages: dict[str, tuple[int, dict[str, str], bytes]]) -> Send:
    """Return what answers for the partner's site."""

    def send(call: Call) -> Answer:
        if call.url not in partner_pages:
            raise ConnectionError("refused")
        return Answer(*partner_pages[call.url])

    return send


def drawn(db: Database, entry: str, locale: str = "nl") -> bytes:
    """Draw a document as a partner's site does."""
    found = documents.read(db, locale, "article", entry)
    assert found
    said = orjson.loads(found.body)
    html = draw.to_html(said["body"], said)
    names = f'<a href="{said["canonical_url"]}">{said["attribution"]["text"]}</a>'
    head = f'<meta charset="utf-8"><link rel="canonical" href="{said["canonical_url"]}">'
    whole = f'<html lang="{locale}" dir="{said["dir"]}"><head>{head}</head><h1>{said["title"]}</h1>{html}{names}</html>'
    return whole.encode()


@pytest.fixture
def rug(db: Database) -> Partner:
    return partners.add(db, SITE, name="RugNetwerk", domains=["rug.example"], by=BY, now=NOW)


def article(db: Database, rug: Partner, locale: str = "nl") -> str:
    entry = published(db, "article", body=[a_paragraph(TEXT)])
    if locale != "nl":
        translate(db, entry, locale)
        publish(db, entry, locale)
    pages.put(db, SITE, rug.id, url=URL, entry=entry, locale=locale, now=NOW)
    return entry


def found(db: Database, rug: Partner, status: int, body: bytes, **headers: str) -> list[str]:
    [looked] = looking.look(db, rug, site_of({URL: (status, headers, body)}), later(hours=1))
    return [each.code for each in looked.findings]


@pytest.mark.parametrize("locale", ["nl", "ar"])
def test_a_page_that_shows_what_is_published_conforms(db: Database, rug: Partner, locale: str) -> None:
    entry = article(db, rug, locale)
    assert found(db, rug, 200, drawn(db, entry, locale)) == []


def test_a_page_is_outdated_when_something_else_was_published(db: Database, rug: Partner) -> None:
    entry = article(db, rug)
    old = drawn(db, entry)
    save(db, entry, body=[a_paragraph("Blijf niet in bed liggen.")])
    publish(db, entry)
    assert found(db, rug, 200, old) == ["page_outdated"]
    assert found(db, rug, 200, drawn(db, entry)) == []


@pytest.mark.parametrize("locale", ["nl", "en"])
def test_what_was_withdrawn_must_be_gone(db: Database, rug: Partner, locale: str) -> None:
    entry = article(db, rug, locale)
    old = drawn(db, entry, locale)
    withdraw(db, entry)
    assert found(db, rug, 200, old) == ["page_still_shown"]
    assert found(db, rug, 200, b"<p>Dit advies is ingetrokken.</p>") == []
    assert found(db, rug, 410, old) == []


def test_what_was_unpublished_must_be_gone_too(db: Database, rug: Partner) -> None:
    entry = article(db, rug)
    old = drawn(db, entry)
    unpublish(db, entry)
    assert found(db, rug, 200, old) == ["page_still_shown"]


def test_what_was_found_is_kept_with_the_page(db: Database, rug: Partner) -> None:
    article(db, rug)
    found(db, rug, 404, b"")
    [kept] = pages.of(db, rug.id)
    assert (kept.checked_at[:13], [each["code"] for each in kept.findings]) == ("2026-03-01T13", ["page_missing"])


def test_redirects_are_followed_and_do_not_go_on_for_ever(db: Database, rug: Partner) -> None:
    entry = article(db, rug)
    there = {URL: (301, {"location": "/nieuw/rug"}, b""), "https://rug.example/nieuw/rug": (200, {}, drawn(db, entry))}
    [looked] = looking.look(db, rug, site_of(there), NOW)
    assert looked.findings == []
    [looked] = looking.look(db, rug, site_of({URL: (302, {"location": URL}, b"")}), NOW)
    assert [(each.code, each.values) for each in looked.findings] == [
        ("page_unreachable", {"said": "too many redirects"})
    ]


def test_a_site_that_does_not_answer_is_told(db: Database, rug: Partner) -> None:
    article(db, rug)
    [looked] = looking.look(db, rug, site_of({}), NOW)
    assert [(each.code, each.values) for each in looked.findings] == [("page_unreachable", {"said": "refused"})]
    assert orjson.loads(orjson.dumps(looking.as_json(looked)))["findings"][0]["severity"] == "error"
