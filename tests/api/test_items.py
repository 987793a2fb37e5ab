"""One document: its shape, its forms, its headers."""

import hashlib
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.public.parameters import FORMATS
from cms.content import saving
from cms.desk import writing
from cms.people.rights import OPERATOR
from sample import entry_id
from tests.api.conftest import BACK, NECK, NOW, Desk, Library, rewrite

SAMPLES = {"articles": "nekpijn", "authors": "jos-kooistra", "clinics": "fysiogroep-waterland", "topics": "nek"}
ENVELOPE = {
    "id", "type", "locale", "dir", "slug", "translation", "alternates", "published_at", "content_changed_at",
    "modified_at", "update_type", "version", "url", "canonical_url", "licence", "attribution", "indexing", "refresh_by",
    "display_until", "review_state", "review_notice", "review_notice_lang",
}  # fmt: skip


@pytest.mark.parametrize(("plural", "slug"), SAMPLES.items())
def test_a_document_carries_its_whole_envelope(client: FlaskClient, plural: str, slug: str) -> None:
    document = client.get(f"/v1/nl/{plural}/{slug}").json
    assert set(document) >= ENVELOPE
    assert (document["locale"], document["dir"], document["slug"]) == ("nl", "ltr", slug)
    assert document["translation"]["freshness"] == "source"


@pytest.mark.parametrize(("plural", "slug"), SAMPLES.items())
def test_a_document_is_the_same_under_its_slug_and_its_id(client: FlaskClient, plural: str, slug: str) -> None:
    by_slug = client.get(f"/v1/nl/{plural}/{slug}")
    by_id = client.get(f"/v1/nl/{plural}/{by_slug.json['id']}")
    assert (by_id.status_code, by_id.data, by_id.headers["ETag"]) == (200, by_slug.data, by_slug.headers["ETag"])


def test_the_etag_of_a_document_is_the_sha256_of_its_bytes(client: FlaskClient) -> None:
    answer = client.get("/v1/nl/articles/nekpijn")
    assert answer.headers["ETag"] == f'"{hashlib.sha256(answer.data).hexdigest()}"'


def test_related_entries_are_cards_with_working_addresses(client: FlaskClient) -> None:
    document = client.get("/v1/nl/articles/nekpijn").json
    cards = [*document["authors"], *document["clinics"], *document["topics"]]
    assert cards
    for card in cards:
        path = card["href"].removeprefix("http://127.0.0.1:8000")
        assert client.get(path).json["id"] == card["id"]


def test_a_right_to_left_document_says_so(client: FlaskClient) -> None:
    document = client.get("/v1/ar/articles/ألم-الرقبة").json
    assert (document["id"], document["dir"], document["title"]) == (NECK, "rtl", "ألم الرقبة")


def test_a_document_names_its_other_languages_and_how_fresh_they_are(client: FlaskClient) -> None:
    alternates = client.get("/v1/nl/articles/door-je-rug-gaan").json["alternates"]
    assert {"locale": "en", "slug": "hurt-your-back", "freshness": "stale"}.items() <= alternates[0].items()
    assert client.get(alternates[0]["url"]).json["id"] == BACK


def test_an_outdated_translation_says_what_is_behind(client: FlaskClient) -> None:
    document = client.get("/v1/en/articles/hurt-your-back").json
    assert document["translation"]["freshness"] == "stale"
    assert document["translation"]["stale_fields"] == ["summary"]
    assert document["translation"]["stale_since"]


def test_caches_are_told_how_long_and_by_which_keys(client: FlaskClient) -> None:
    headers = client.get("/v1/nl/articles/nekpijn").headers
    assert headers["Cache-Control"] == (
        "public, max-age=60, s-maxage=300, stale-while-revalidate=60, stale-if-error=300"
    )
    assert headers["Surrogate-Key"] == f"{NECK} nl article"
    assert headers["Content-Language"] == "nl"
    assert headers["Last-Modified"] == "Mon, 23 Nov 2026 10:00:00 GMT"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_document_links_to_its_page_and_to_the_description(client: FlaskClient) -> None:
    assert client.get("/v1/nl/articles/nekpijn").headers["Link"] == (
        '<http://127.0.0.1:8000/v1/nl/articles/nekpijn>; rel="canonical", '
        '<http://127.0.0.1:8000/v1/openapi.json>; rel="describedby"'
    )


def test_headers_of_an_address_in_another_script_are_plain_ascii(client: FlaskClient) -> None:
    headers = client.get("/v1/ar/articles/ألم-الرقبة").headers
    assert all(value.isascii() for value in headers.values())


@pytest.mark.parametrize("form", FORMATS)
def test_the_body_comes_in_each_format(client: FlaskClient, form: str) -> None:
    document = client.get(f"/v1/nl/articles/nekpijn?format={form}").json
    assert isinstance(document["body"], list if form == "blocks" else str)
    assert ("<p>" in document["body"]) == (form == "html")


def test_the_format_blocks_is_what_is_given_anyway(client: FlaskClient) -> None:
    assert client.get("/v1/nl/articles/nekpijn?format=blocks").data == client.get("/v1/nl/articles/nekpijn").data


@pytest.mark.parametrize("form", ["markdown", "text"])
def test_an_inline_field_in_another_format_has_another_name(client: FlaskClient, form: str) -> None:
    document = client.get(f"/v1/nl/authors/jos-kooistra?format={form}").json
    assert f"bio_{form}" in document
    assert "bio_html" not in document


def test_only_the_fields_asked_for_come_and_what_says_which_document(client: FlaskClient) -> None:
    document = client.get("/v1/nl/articles/nekpijn?fields=title,summary").json
    assert set(document) == {"id", "type", "locale", "title", "summary"}


def test_a_field_that_a_format_renames_can_be_picked(client: FlaskClient) -> None:
    document = client.get("/v1/nl/authors/jos-kooistra?fields=bio_html&format=text").json
    assert set(document) == {"id", "type", "locale", "bio_text"}


@pytest.mark.parametrize(
    ("plural", "kind"),
    [("articles", "MedicalWebPage"), ("authors", "Person"), ("clinics", "MedicalClinic"), ("topics", None)],
)
def test_json_ld_describes_each_type(client: FlaskClient, plural: str, kind: str | None) -> None:
    answer = client.get(f"/v1/nl/{plural}/{SAMPLES[plural]}?view=jsonld")
    assert answer.content_type == "application/ld+json"
    assert answer.json["@context"][0] == "https://schema.org"
    assert kind is None or kind in answer.json["@type"]


def test_every_form_of_a_document_has_an_etag_of_its_own(client: FlaskClient) -> None:
    queries = ["", "?format=html", "?format=text", "?format=markdown", "?view=jsonld", "?fields=title", "?fields=slug"]
    etags = [client.get(f"/v1/nl/articles/nekpijn{query}").headers["ETag"] for query in queries]
    assert len(set(etags)) == len(queries)


def test_etags_of_forms_change_with_the_document(desk: Desk) -> None:
    entry = desk.article(slug="stijve-nek")
    queries = ["", "?format=html", "?view=jsonld", "?fields=title"]
    before = [desk.get(f"/v1/nl/articles/stijve-nek{query}").headers["ETag"] for query in queries]
    rewrite(desk.db, entry, NOW, summary="Anders.")
    desk.publish_again(entry)
    after = [desk.get(f"/v1/nl/articles/stijve-nek{query}").headers["ETag"] for query in queries]
    assert not set(before) & set(after)


@pytest.mark.parametrize("path", ["/v1/nl/articles/nekpijn", "/v1/nl/articles", "/v1/nl/articles/nekpijn?format=text"])
def test_head_gives_the_headers_of_get_and_no_body(client: FlaskClient, path: str) -> None:
    def compared(headers: Any) -> dict[str, str]:
        return {name: value for name, value in headers.items() if name != "X-Request-ID"}

    get, head = client.get(path), client.head(path)
    assert (head.status_code, head.data) == (200, b"")
    assert compared(head.headers) == compared(get.headers)


def test_every_sample_document_can_be_read(client: FlaskClient, library: Library) -> None:
    rows = library.db.query("select locale, type, slug from document where status = 200")
    for row in rows:
        assert client.get(f"/v1/{row['locale']}/{row['type']}s/{row['slug']}").status_code == 200


def test_what_was_never_published_is_not_there(desk: Desk) -> None:
    draft = saving.create(desk.db, "topic", {"title": "Concept", "slug": "concept"}, by="editor", now=NOW).id
    assert [desk.get(f"/v1/nl/topics/{handle}").status_code for handle in ("concept", draft)] == [404, 404]


def test_an_unpublished_article_is_not_there_any_more(client: FlaskClient) -> None:
    entry = entry_id("article", "vallen-voorkomen")
    assert [client.get(f"/v1/nl/articles/{handle}").status_code for handle in ("vallen-voorkomen", entry)] == [404, 404]


def test_the_id_of_a_merged_duplicate_leads_to_the_one_that_is_kept(desk: Desk) -> None:
    keep, gone = desk.clinic(), desk.publish("clinic", {"name": "Praktijk Oever 2"})
    last = desk.publish("clinic", {"name": "Praktijk aan de Oever", "slug": "aan-de-oever"})
    writing.merge(desk.db, OPERATOR, keep, gone, now=NOW, site=desk.settings.site)
    for handle in (gone, "praktijk-oever-2"):
        answer = desk.get(f"/v1/nl/clinics/{handle}?format=text")
        assert (answer.status_code, answer.headers["Location"]) == (301, "/v1/nl/clinics/oever?format=text")
    assert desk.get(f"/v1/clinics/{gone}").headers["Location"] == "/v1/nl/clinics/oever"
    assert desk.get(f"/v1/en/clinics/{gone}").json["available_locales"] == ["nl"]
    # And on, where that one is merged in its turn.
    writing.merge(desk.db, OPERATOR, last, keep, now=NOW, site=desk.settings.site)
    for handle in (gone, keep, "oever"):
        assert desk.get(f"/v1/nl/clinics/{handle}").headers["Location"] == "/v1/nl/clinics/aan-de-oever"
