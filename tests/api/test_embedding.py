"""Articles in other sites' pages: as a frame, as a fragment, and found by oEmbed."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import etree, html

from cms.publish import editions
from tests.api.conftest import NECK, NOW, Desk, desk_at, rewrite, translate

HERE = "http://127.0.0.1:8000"


def article(answer: Any) -> html.HtmlElement:
    assert answer.mimetype == "text/html"
    return html.fromstring(answer.text).xpath("//article")[0]


@pytest.mark.parametrize("part", ["page", "fragment"])
def test_an_article_says_its_language_whose_it_is_and_which_version(client: FlaskClient, part: str) -> None:
    answer = client.get(f"/v1/ar/articles/{NECK}/embed?part={part}")
    found = article(answer)
    document = client.get(f"/v1/ar/articles/{NECK}")
    assert (found.get("lang"), found.get("dir"), found.get("data-tolk-id")) == ("ar", "rtl", NECK)
    assert found.get("data-tolk-digest") == document.headers["ETag"].strip('"')
    assert found.get("data-tolk-version") == str(document.json["version"])
    assert found.xpath(f"string({'h1' if part == 'page' else 'h2'})") == document.json["title"]
    assert found.xpath("string(footer//a[@rel='author'])") == document.json["attribution"]["text"]
    assert found.xpath("string(footer//a[@rel='author']/@href)") == document.json["canonical_url"]
    assert ("<!doctype html>" in answer.text.lower()) == (part == "page")


def test_a_frame_runs_nothing_and_is_not_indexed(client: FlaskClient) -> None:
    answer = client.get(f"/v1/nl/articles/{NECK}/embed")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src" not in policy
    assert {"default-src 'none'", "frame-ancestors *"} <= {part.strip() for part in policy.split(";")}
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "<script" not in answer.text
    etag = answer.headers["ETag"]
    assert client.get(f"/v1/nl/articles/{NECK}/embed", headers={"If-None-Match": etag}).status_code == 304


def test_critical_advice_that_is_not_translated_keeps_its_language_and_notice(desk: Desk) -> None:
    body = [{"id": "b1", "type": "paragraph", "text": "Bel 112.", "critical": True}]
    entry = desk.article(body=body)
    translate(desk.db, entry, "ar", NOW)
    desk.publish_again(entry, locale="ar")
    rewrite(desk.db, entry, NOW, body=[{**body[0], "text": "Bel meteen 112."}])
    desk.publish_again(entry)
    found = article(desk.get(f"/v1/ar/articles/{entry}/embed"))
    [block] = found.xpath(".//p[@lang='nl'][@dir='ltr']")
    assert block.text == "Bel meteen 112."
    assert found.xpath("string(.//p[@class='notice']/@dir)") == "rtl"


def test_what_people_write_is_text(desk: Desk) -> None:
    entry = desk.article(title='Bij 3 < 5 & "meer"', summary='"> onerror=alert(1) &lt;b>')
    found = article(desk.get(f"/v1/nl/articles/{entry}/embed"))
    assert found.xpath("string(h1)") == 'Bij 3 < 5 & "meer"'
    assert found.xpath("string(p[@class='summary'])") == '"> onerror=alert(1) &lt;b>'


def test_withdrawn_advice_says_so_with_its_status(desk: Desk) -> None:
    clinics = [desk.clinic()]
    entry, other = desk.article(clinics=clinics), desk.article(title="Nieuw advies", clinics=clinics)
    now = NOW + timedelta(hours=1)
    editions.withdraw(
        desk.db, entry, explanation="Dit klopt niet.", by="editor", now=now, site=desk.settings.site, replacement=other
    )
    answer = desk.get("/v1/nl/articles/stijve-nek/embed")
    assert answer.status_code == 410
    assert "Dit klopt niet." in article(answer).text_content()
    assert article(answer).xpath("string(p/a/@href)") == f"{HERE}/v1/nl/articles/nieuw-advies"
    assert desk.get(f"/oembed?url={HERE}/v1/nl/articles/stijve-nek").status_code == 404


def test_an_earlier_slug_leads_on(client: FlaskClient) -> None:
    answer = client.get("/v1/nl/articles/tenniselleboog/embed")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/v1/nl/articles/tennisarm/embed")


@pytest.mark.parametrize(
    "url",
    [
        f"{HERE}/v1/nl/articles/nekpijn",
        f"{HERE}/v1/nl/articles/{NECK}",
        f"{HERE}/v1/nl/articles/nekpijn/embed",
        f"{HERE}/v1/nl/articles/nekpijn/?utm=x%23y",
    ],
)
def test_an_address_is_found_by_oembed(client: FlaskClient, url: str) -> None:
    said = client.get("/oembed", query_string={"url": url, "maxwidth": 300}).json
    frame = html.fromstring(said["html"])
    assert (said["version"], said["type"], said["width"], said["height"]) == ("1.0", "rich", 300, 480)
    assert frame.get("src") == f"{HERE}/v1/nl/articles/nekpijn/embed"
    assert (frame.get("title"), frame.get("lang"), frame.get("width")) == (said["title"], "nl", "300")


def test_oembed_answers_in_xml_too(client: FlaskClient) -> None:
    answer = client.get("/oembed", query_string={"url": f"{HERE}/v1/nl/articles/nekpijn", "format": "xml"})
    root = etree.fromstring(answer.data)
    assert (root.tag, root.findtext("version"), root.findtext("provider_name")) == ("oembed", "1.0", "Tolk")
    assert (root.findtext("html") or "").startswith("<iframe ")


def test_the_page_for_readers_is_found_too(database_url: str, tmp_path: Path) -> None:
    pattern = "https://kliniek.example/{locale}/{plural}/{slug}.html"
    with desk_at(database_url, tmp_path, TOLK_PAGE_URL=pattern) as desk:
        desk.article()
        url = "https://kliniek.example/nl/articles/stijve-nek.html"
        assert desk.get("/oembed", query_string={"url": url}).status_code == 200
        assert desk.get("/oembed", query_string={"url": url.replace("kliniek", "klinieke")}).status_code == 404


@pytest.mark.parametrize(
    "url", ["nekpijn", "javascript:alert(1)", "http://[x", "", f"{HERE}/v1/nl/articles/%00", f"{HERE}/", "x" * 3000]
)
def test_what_is_no_address_of_an_article_is_refused(client: FlaskClient, url: str) -> None:
    assert client.get("/oembed", query_string={"url": url}).status_code in (400, 404)


def test_what_is_not_there_cannot_be_shown(client: FlaskClient) -> None:
    assert client.get("/v1/nl/articles/niets/embed").status_code == 404
    assert client.get(f"/v1/nl/articles/{NECK}/embed?part=x").json["code"] == "bad_parameter"
    assert client.get("/v1/nl/clinics/fysiogroep-waterland/embed").status_code == 404
