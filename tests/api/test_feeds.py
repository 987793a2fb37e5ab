"""Feeds and sitemaps: as readers that know nothing of Tolk take them."""

from datetime import datetime, timedelta
from typing import Any

import feedparser
import pytest
from flask.testing import FlaskClient
from lxml import etree

from cms.publish import editions
from tests.api.conftest import NOW, Desk, rewrite, translate

ATOM = {"a": "http://www.w3.org/2005/Atom", "at": "http://purl.org/atompub/tombstones/1.0"}
ATOM |= {"fh": "http://purl.org/syndication/history/1.0"}
MAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def atom(desk: Desk, path: str = "/v1/nl/articles/feed.atom") -> etree._Element:
    answer = desk.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/atom+xml")
    return etree.fromstring(answer.data)


def found(root: etree._Element, path: str) -> list[Any]:
    return root.xpath(path, namespaces=ATOM)  # type: ignore[return-value]


def withdraw(desk: Desk, entry: str, hours: int = 1) -> None:
    now = NOW + timedelta(hours=hours)
    editions.withdraw(desk.db, entry, explanation="Klopt niet.", by="editor", now=now, site=desk.settings.site)


@pytest.mark.parametrize("locale", ["nl", "en", "ar"])
def test_every_feed_parses_without_complaint(client: FlaskClient, locale: str) -> None:
    answer = client.get(f"/v1/{locale}/articles/feed.atom")
    parsed = feedparser.parse(answer.data, response_headers={"content-type": answer.content_type})
    assert (parsed.bozo, parsed.version, parsed.feed.language) == (False, "atom10", locale)
    live = client.get(f"/v1/{locale}/articles?limit=100").json["data"]
    assert sorted(entry.title for entry in parsed.entries) == sorted(each["title"] for each in live)
    assert all(entry.content[0].value.startswith("<") for entry in parsed.entries)


@pytest.mark.parametrize("locale", ["nl", "en", "ar"])
def test_a_json_feed_has_what_version_1_1_asks_for(client: FlaskClient, locale: str) -> None:
    answer = client.get(f"/v1/{locale}/articles/feed.json")
    feed = answer.json
    assert answer.mimetype == "application/feed+json"
    assert (feed["version"], feed["language"]) == ("https://jsonfeed.org/version/1.1", locale)
    assert feed["feed_url"] == f"http://127.0.0.1:8000/v1/{locale}/articles/feed.json"
    entries = feedparser.parse(client.get(f"/v1/{locale}/articles/feed.atom").data).entries
    assert [(item["id"], item["title"]) for item in feed["items"]] == [(entry.id, entry.title) for entry in entries]
    for item in feed["items"]:
        assert {"content_html", "date_modified", "date_published", "url", "authors"} <= item.keys()
        datetime.fromisoformat(item["date_modified"])


def test_an_entry_says_whose_it_is_what_it_is_about_and_where_it_is(desk: Desk) -> None:
    topic = desk.publish("topic", {"title": "Nek & rug", "slug": "nek"})
    entry = desk.article(title="Stijve nek & rug", summary="Kort.", topics=[topic])
    [item] = found(atom(desk), "a:entry")
    said = {name: found(item, f"string({name})") for name in ("a:id", "a:title", "a:author/a:name", "a:summary")}
    assert said == {
        "a:id": f"http://127.0.0.1:8000/v1/nl/articles/{entry}",
        "a:title": "Stijve nek & rug",
        "a:author/a:name": "Praktijk Oever",
        "a:summary": "Kort.",
    }
    assert found(item, "string(a:category/@label)") == "Nek & rug"
    assert (
        found(item, "string(a:link[@rel='alternate']/@href)") == "http://127.0.0.1:8000/v1/nl/articles/stijve-nek-rug"
    )
    assert "Blijf bewegen." in found(item, "string(a:content[@type='html'])")


def test_a_feed_can_be_of_a_topic_and_is_named_after_it(desk: Desk) -> None:
    topic = desk.publish("topic", {"title": "Nek", "slug": "nek"})
    desk.article(title="Over de nek", topics=[topic])
    desk.article(title="Over de knie", clinics=[desk.publish("clinic", {"name": "Praktijk Wal", "slug": "wal"})])
    root = atom(desk, "/v1/nl/articles/feed.atom?topic=nek")
    assert (found(root, "string(a:title)"), found(root, "string(a:entry/a:title)")) == ("Tolk – Nek", "Over de nek")
    assert len(found(root, "a:entry")) == 1
    assert desk.get("/v1/nl/articles/feed.atom?topic=knie").status_code == 404


def test_what_is_taken_away_stands_as_a_tombstone_until_it_is_back(desk: Desk) -> None:
    clinic = [desk.clinic()]
    gone, away, here = [desk.article(title=title, clinics=clinic) for title in ("Weg", "Even weg", "Hier")]
    withdraw(desk, gone, 2)
    now = NOW + timedelta(hours=1)
    editions.unpublish(desk.db, away, "nl", by="editor", now=now, site=desk.settings.site)
    root = atom(desk)
    tombs = [(each.get("ref").rpartition("/")[2], each.get("when")[:13]) for each in found(root, "at:deleted-entry")]
    assert tombs == [(gone, "2026-11-23T11"), (away, "2026-11-23T10")]
    assert [each.text.rpartition("/")[2] for each in found(root, "a:entry/a:id")] == [here]
    tombstones = desk.get("/v1/nl/articles/feed.json").json["_tolk"]["tombstones"]
    assert [(each["id"].rpartition("/")[2], each["state"]) for each in tombstones] == [
        (gone, "withdrawn"),
        (away, "unpublished"),
    ]
    desk.publish_again(gone, NOW + timedelta(hours=3))
    assert [each.get("ref").rpartition("/")[2] for each in found(atom(desk), "at:deleted-entry")] == [away]


def test_pages_lead_on_and_hold_every_document_once(desk: Desk) -> None:
    clinic = [desk.clinic()]
    made = {desk.article(NOW + timedelta(minutes=n), title=f"Artikel {n}", clinics=clinic) for n in range(23)}
    first = atom(desk)
    assert found(first, "fh:complete") == []
    [following] = found(first, "a:link[@rel='next']/@href")
    second = atom(desk, following.partition(":8000")[2])
    ids = [each.text.rpartition("/")[2] for root in (first, second) for each in found(root, "a:entry/a:id")]
    assert (len(ids), set(ids)) == (23, made)
    assert found(second, "string(a:link[@rel='previous']/@href)").endswith("/v1/nl/articles/feed.atom")
    assert found(second, "a:link[@rel='next']") == []
    assert desk.get("/v1/nl/articles/feed.json").json["next_url"].endswith("feed.json?page=2")


def test_a_feed_of_one_page_says_that_it_is_complete(desk: Desk) -> None:
    desk.article()
    assert len(found(atom(desk), "fh:complete")) == 1


def test_what_readers_had_something_new_of_comes_first(desk: Desk) -> None:
    clinic = [desk.clinic()]
    old, new = [desk.article(NOW + timedelta(hours=n), title=f"Artikel {n}", clinics=clinic) for n in range(2)]
    day = NOW + timedelta(days=1)
    rewrite(desk.db, old, day, summary="Nieuw.")
    desk.publish_again(old, day)
    order = [each.text.rpartition("/")[2] for each in found(atom(desk), "a:entry/a:id")]
    assert order == [old, new]
    assert found(atom(desk), "string(a:entry[1]/a:updated)")[:10] == "2026-11-24"


def test_a_translation_that_falls_behind_is_new_to_its_readers(desk: Desk) -> None:
    entry = desk.article()
    translate(desk.db, entry, "en", NOW)
    desk.publish_again(entry, locale="en")
    before = desk.get("/v1/en/articles/feed.json").json["items"][0]
    day = NOW + timedelta(days=2)
    rewrite(desk.db, entry, day, title="Een stijve nek")
    desk.publish_again(entry, day)
    after = desk.get("/v1/en/articles/feed.json").json["items"][0]
    assert (before["_tolk"]["freshness"], after["_tolk"]["freshness"]) == ("current", "stale")
    assert before["date_modified"] < after["date_modified"]


def test_a_feed_that_is_known_is_not_sent_again(desk: Desk) -> None:
    entry = desk.article()
    etag = desk.get("/v1/nl/articles/feed.atom").headers["ETag"]
    assert desk.get("/v1/nl/articles/feed.atom", headers={"If-None-Match": etag}).status_code == 304
    withdraw(desk, entry)
    assert desk.get("/v1/nl/articles/feed.atom", headers={"If-None-Match": etag}).status_code == 200


def test_a_text_that_xml_cannot_hold_leaves_the_feed_whole(desk: Desk) -> None:
    desk.article(title="Nek en rug", summary="Bij 3 < 5 ]]> & \ufffe\U0001f600")
    assert found(atom(desk), "string(a:entry/a:summary)") == "Bij 3 < 5 ]]> & \U0001f600"


def test_sitemaps_name_every_page_with_its_other_languages(client: FlaskClient) -> None:
    index = etree.fromstring(client.get("/sitemap.xml").data)
    maps = [each.text.partition(":8000")[2] for each in index.findall("s:sitemap/s:loc", MAP)]
    assert "/sitemap/ar/articles.xml" in maps
    pages: dict[str, dict[str, str]] = {}
    for address in maps:
        for url in etree.fromstring(client.get(address).data).findall("s:url", MAP):
            others = {str(each.get("hreflang")): str(each.get("href")) for each in url.findall("x:link", MAP)}
            pages[str(url.findtext("s:loc", "", MAP))] = others
    # Each names itself, and whatever it names names it.
    assert all(page in others.values() for page, others in pages.items())
    assert all(page in pages[other].values() for page, others in pages.items() for other in others.values())
    neck = pages["http://127.0.0.1:8000/v1/nl/articles/nekpijn"]
    assert sorted(neck) == ["ar", "en", "nl", "x-default"]
    assert neck["x-default"] == neck["nl"]


def test_a_language_that_is_none_of_ours_has_neither(client: FlaskClient) -> None:
    assert client.get("/v1/sv/articles/feed.atom").json["code"] == "unknown_locale"
    assert client.get("/sitemap/sv/articles.xml").json["code"] == "unknown_locale"


def test_a_type_without_a_body_has_no_feed(client: FlaskClient) -> None:
    assert client.get("/v1/nl/clinics/feed.atom").status_code == 404
