"""Addresses: earlier slugs, other languages, withdrawn advice, and which language a caller gets."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from cms.publish import editions
from sample import entry_id
from tests.api.conftest import BACK, NECK, NOW, Desk, rewrite

HEEL = entry_id("article", "hielpijn")


@pytest.mark.parametrize("query", ["", "?format=text&fields=title", "?view=jsonld", "?fields=%C3%A9"])
def test_an_earlier_slug_leads_on_and_keeps_the_query(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/v1/nl/articles/tenniselleboog{query}")
    if query == "?fields=%C3%A9":
        assert answer.status_code == 400
        return
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/v1/nl/articles/tennisarm{query}")
    assert client.get(answer.headers["Location"]).status_code == 200


def test_every_earlier_slug_leads_on_at_once_and_none_in_circles(desk: Desk) -> None:
    entry = desk.article(slug="een")
    for slug in ("twee", "drie", "een", "vier"):
        rewrite(desk.db, entry, NOW, slug=slug)
        desk.publish_again(entry)
    moved = [desk.get(f"/v1/nl/articles/{slug}") for slug in ("een", "twee", "drie")]
    assert [(answer.status_code, answer.headers["Location"]) for answer in moved] == [(301, "/v1/nl/articles/vier")] * 3
    assert desk.get("/v1/nl/articles/vier").status_code == 200


def test_an_earlier_slug_in_another_script_leads_on(desk: Desk) -> None:
    entry = desk.article(slug="ألم")
    rewrite(desk.db, entry, NOW, slug="ألم-الظهر")
    desk.publish_again(entry)
    answer = desk.get("/v1/nl/articles/ألم")
    assert answer.status_code == 301
    assert answer.headers["Location"].isascii()
    assert desk.get(answer.headers["Location"]).json["id"] == entry


def test_the_slug_of_another_language_leads_to_the_right_one(client: FlaskClient) -> None:
    answer = client.get("/v1/nl/articles/neck-pain?format=text")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/v1/nl/articles/nekpijn?format=text")
    answer = client.get("/v1/ar/articles/nekpijn")
    assert answer.status_code == 301
    assert client.get(answer.headers["Location"]).json["id"] == NECK


def test_an_id_needs_no_redirect(client: FlaskClient) -> None:
    assert client.get(f"/v1/en/articles/{NECK}").json["slug"] == "neck-pain"


def test_an_id_of_another_type_is_not_found(client: FlaskClient) -> None:
    assert client.get(f"/v1/nl/topics/{NECK}").status_code == 404


@pytest.mark.parametrize(
    ("wanted", "locale"),
    [
        (None, "nl"),
        ("", "nl"),
        ("*", "nl"),
        ("en", "en"),
        ("EN", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("nl-BE", "nl"),
        ("nl;q=0, en;q=0.1", "en"),
        ("en;q=0", "nl"),
        ("en;q=0.2, ar;q=0.7", "ar"),
        ("ar-EG", "ar"),
        ("tr", "nl"),
        ("tr, en;q=0.5", "en"),
        ("zz", "nl"),
        ("xx-invalid-tag-too-long-for-anyone", "nl"),
        ("en;q=abc", None),
        (";;;,,q=", "nl"),
        ("ü", "nl"),
        ("en," * 500, "en"),
    ],
)
def test_the_caller_gets_the_language_that_it_prefers(client: FlaskClient, wanted: str | None, locale: str) -> None:
    answer = client.get("/v1/articles/nekpijn", headers={} if wanted is None else {"Accept-Language": wanted})
    assert (answer.status_code, answer.headers["Vary"]) == (302, "Accept-Language")
    document = client.get(answer.headers["Location"]).json
    assert document["id"] == NECK
    assert locale in (document["locale"], None)


def test_the_redirect_by_language_keeps_the_query(client: FlaskClient) -> None:
    answer = client.get("/v1/articles/nekpijn?format=html", headers={"Accept-Language": "en"})
    assert answer.headers["Location"] == "/v1/en/articles/neck-pain?format=html"
    answer = client.get("/v1/articles?limit=3&sort=title", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/v1/en/articles?limit=3&sort=title")


def test_the_redirect_by_language_takes_ids_and_earlier_slugs(client: FlaskClient) -> None:
    locations = [client.get(f"/v1/articles/{handle}").headers["Location"] for handle in (NECK, "neck-pain")]
    assert locations == ["/v1/nl/articles/nekpijn"] * 2
    assert client.get("/v1/articles/tenniselleboog").headers["Location"] == "/v1/nl/articles/tennisarm"


def test_without_a_language_what_is_nowhere_is_not_found(client: FlaskClient) -> None:
    assert client.get("/v1/articles/nergens").status_code == 404


def test_a_missing_translation_is_not_found_and_says_where_it_can_be_had(client: FlaskClient) -> None:
    answer = client.get("/v1/tr/articles/nekpijn")
    assert (answer.status_code, answer.json["code"]) == (404, "not_in_locale")
    assert answer.json["available_locales"] == ["ar", "en", "nl"]
    for other in answer.json["alternates"]:
        assert client.get(other["url"]).json["locale"] == other["locale"]


def test_an_unknown_language_is_not_found_and_says_which_there_are(client: FlaskClient, library: object) -> None:
    for path in ("/v1/xx/articles/nekpijn", "/v1/xx/articles", "/v1/xx/search?q=nek", "/v1/NL/articles"):
        answer = client.get(path)
        assert (answer.status_code, answer.json["code"]) == (404, "unknown_locale")
        assert answer.json["available_locales"] == ["nl", "en", "de", "fr", "tr", "ar", "pl", "uk"]


def test_a_fallback_is_served_where_it_is_asked_for_and_says_so(client: FlaskClient) -> None:
    answer = client.get("/v1/tr/articles/door-je-rug-gaan?fallback=ar,en,nl")
    assert (answer.status_code, answer.json["id"]) == (200, BACK)
    assert answer.json["fallback"] == {"requested": "tr", "served": "en"}
    assert answer.headers["Content-Language"] == "en"
    assert answer.headers["Content-Location"] == "http://127.0.0.1:8000/v1/en/articles/hurt-your-back"


def test_a_fallback_in_another_script_has_headers_of_plain_ascii(client: FlaskClient) -> None:
    answer = client.get("/v1/tr/articles/nekpijn?fallback=ar")
    assert answer.json["fallback"]["served"] == "ar"
    assert all(value.isascii() for value in answer.headers.values())
    assert client.get(answer.headers["Content-Location"]).json["id"] == NECK


def test_a_fallback_is_not_served_where_the_language_itself_is_there(client: FlaskClient) -> None:
    answer = client.get("/v1/en/articles/neck-pain?fallback=nl")
    assert (answer.json["locale"], "fallback" in answer.json) == ("en", False)


def test_a_fallback_that_is_not_there_either_is_not_found(client: FlaskClient) -> None:
    assert client.get("/v1/tr/articles/nekpijn?fallback=de,fr").status_code == 404


@pytest.mark.parametrize("handle", ["hielpijn", HEEL])
def test_withdrawn_advice_is_gone_and_says_why_and_what_to_read_instead(client: FlaskClient, handle: str) -> None:
    answer = client.get(f"/v1/nl/articles/{handle}")
    assert (answer.status_code, answer.content_type) == (410, "application/problem+json")
    assert answer.json["code"] == "withdrawn"
    assert answer.json["detail"] == "Dit advies klopt niet meer."
    assert answer.json["severity"] == "safety"
    assert answer.json["replacement"]["slug"] == "enkel-verzwikt"


@pytest.mark.parametrize("query", ["?format=text", "?view=jsonld", "?fields=title", "?fallback=en"])
def test_withdrawn_advice_is_gone_in_every_form(client: FlaskClient, query: str) -> None:
    assert client.get(f"/v1/nl/articles/hielpijn{query}").status_code == 410


def test_withdrawn_advice_leaves_shared_caches_within_the_time_that_was_set(client: FlaskClient) -> None:
    assert "s-maxage=300" in client.get("/v1/nl/articles/hielpijn").headers["Cache-Control"]


def test_withdrawn_advice_is_in_no_list_and_no_search(client: FlaskClient) -> None:
    for path in ("/v1/nl/articles?limit=100", "/v1/nl/search?q=hielpijn&limit=100"):
        assert HEEL not in [item["id"] for item in client.get(path).json["data"]]


def test_the_earlier_slug_of_withdrawn_advice_leads_to_where_it_is_gone(desk: Desk) -> None:
    entry = desk.article(slug="een")
    rewrite(desk.db, entry, NOW, slug="twee")
    desk.publish_again(entry)
    later = NOW + timedelta(hours=1)
    editions.withdraw(desk.db, entry, explanation="Onjuist.", by="editor", now=later, site=desk.settings.site)
    answer = desk.get("/v1/nl/articles/een", follow_redirects=True)
    assert (answer.status_code, answer.json["detail"]) == (410, "Onjuist.")


def test_withdrawn_advice_can_be_published_again(desk: Desk) -> None:
    entry = desk.article(slug="een")
    later = NOW + timedelta(hours=1)
    editions.withdraw(desk.db, entry, explanation="Onjuist.", by="editor", now=later, site=desk.settings.site)
    assert desk.get("/v1/nl/articles/een").status_code == 410
    desk.publish_again(entry, later + timedelta(hours=1))
    assert desk.get("/v1/nl/articles/een").status_code == 200


def test_no_cache_may_mix_hosts_into_a_redirect(client: FlaskClient) -> None:
    answer = client.get("/v1/nl/articles/tenniselleboog", headers={"Host": "evil.example"})
    assert answer.headers["Location"] == "/v1/nl/articles/tennisarm"
