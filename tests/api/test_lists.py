"""Lists: filters, order, pages and the links between them."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from api.public.parameters import FORMATS
from cms.publish import editions
from cms.publish.listing import SORTS
from sample import entry_id
from tests.api.conftest import NECK, NOW, Desk, rewrite, translate

ARTICLES = 10  # of the sample's twelve, one is withdrawn and one unpublished
PLURALS = ["articles", "authors", "clinics", "topics"]


def slugs(client: FlaskClient, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.json
    return [item["slug"] for item in answer.json["data"]]


@pytest.mark.parametrize("plural", PLURALS)
def test_a_list_has_data_meta_and_links(client: FlaskClient, plural: str) -> None:
    answer = client.get(f"/v1/nl/{plural}?limit=100")
    assert set(answer.json) == {"data", "meta", "links"}
    assert answer.json["meta"] == {
        "locale": "nl", "limit": 100, "page": 1, "pages": 1, "total": len(answer.json["data"]),
    }  # fmt: skip
    assert answer.headers["Content-Language"] == "nl"
    assert answer.headers["Surrogate-Key"] == f"list nl {plural.removesuffix('s')}"


def test_a_list_holds_what_is_live_and_nothing_else(client: FlaskClient) -> None:
    found = slugs(client, "/v1/nl/articles?limit=100")
    assert len(found) == ARTICLES
    assert not {"hielpijn", "vallen-voorkomen", "tenniselleboog"} & set(found)


def test_a_list_in_a_language_holds_that_language_only(client: FlaskClient) -> None:
    assert sorted(slugs(client, "/v1/en/articles")) == ["hurt-your-back", "neck-pain"]
    assert slugs(client, "/v1/tr/articles") == []


def test_an_item_of_a_list_is_the_document_without_its_body(client: FlaskClient) -> None:
    brief = next(item for item in client.get("/v1/nl/articles?limit=100").json["data"] if item["slug"] == "nekpijn")
    whole = client.get("/v1/nl/articles/nekpijn").json
    assert "body" not in brief
    assert brief == {name: whole[name] for name in brief}


def test_a_list_gives_bodies_where_they_are_asked_for(client: FlaskClient) -> None:
    whole = client.get("/v1/nl/articles/nekpijn").json
    items = client.get("/v1/nl/articles?limit=100&fields=body").json["data"]
    assert {"id": whole["id"], "type": "article", "locale": "nl", "body": whole["body"]} in items


@pytest.mark.parametrize("form", FORMATS)
def test_a_list_gives_bodies_in_each_format(client: FlaskClient, form: str) -> None:
    item = client.get(f"/v1/nl/articles?limit=1&fields=body&format={form}").json["data"][0]
    assert isinstance(item["body"], list if form == "blocks" else str)


@pytest.mark.parametrize("query", ["", "&fields=bio_html"])
def test_a_list_gives_inline_fields_in_the_format_asked_for(client: FlaskClient, query: str) -> None:
    item = client.get(f"/v1/nl/authors?limit=1&format=text{query}").json["data"][0]
    assert "bio_text" in item
    assert "bio_html" not in item


@pytest.mark.parametrize(("name", "slug"), [("topic", "nek"), ("clinic", "fysiogroep-waterland")])
def test_a_list_is_filtered_by_slug_and_by_id_alike(client: FlaskClient, name: str, slug: str) -> None:
    by_slug = client.get(f"/v1/nl/articles?{name}={slug}&limit=100").json["data"]
    by_id = client.get(f"/v1/nl/articles?{name}={entry_id(name, slug)}&limit=100").json["data"]
    assert by_slug == by_id
    assert 0 < len(by_slug) < ARTICLES
    assert all(slug in [card["slug"] for card in item[f"{name}s"]] for item in by_slug)


def test_a_list_is_filtered_by_author(client: FlaskClient) -> None:
    author = client.get("/v1/nl/articles/nekpijn").json["authors"][0]
    found = client.get(f"/v1/nl/articles?author={author['slug']}&limit=100").json["data"]
    assert all(author["id"] in [card["id"] for card in item["authors"]] for item in found)
    assert "nekpijn" in [item["slug"] for item in found]


def test_filters_hold_together(client: FlaskClient) -> None:
    neck = set(slugs(client, "/v1/nl/articles?topic=nek"))
    here = set(slugs(client, "/v1/nl/articles?clinic=fysiogroep-waterland"))
    assert set(slugs(client, "/v1/nl/articles?topic=nek&clinic=fysiogroep-waterland")) == neck & here


def test_a_filter_takes_the_slug_of_any_language(desk: Desk) -> None:
    topic = desk.publish("topic", {"title": "Nek", "slug": "nek"})
    desk.article(slug="stijve-nek", topics=[topic])
    translate(desk.db, topic, "en", NOW, slug="neck")
    desk.publish_again(topic, locale="en")
    assert slugs(desk.app.test_client(), "/v1/nl/articles?topic=neck") == ["stijve-nek"]


@pytest.mark.parametrize("handle", ["nergens", "00000000-0000-0000-0000-000000000000", NECK, "%20", "%00", "%ff"])
def test_a_filter_by_what_is_not_there_is_told(client: FlaskClient, handle: str) -> None:
    answer = client.get(f"/v1/nl/articles?topic={handle}")
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")
    assert [(fault["parameter"], fault["code"]) for fault in answer.json["errors"]] == [("topic", "no_such_entry")]


@pytest.mark.parametrize(
    "since",
    [
        "2026-11-23T10:00:00Z",
        "2026-11-23T11:00:00+01:00",
        "2026-11-23T12:00:00 02:00",
        "2026-11-23T09:00:00.5Z",
        "2026-11-23 09:30",
        "2026-11-23T09:30",
    ],
)
def test_a_list_of_what_changed_since_takes_every_notation(client: FlaskClient, since: str) -> None:
    found = slugs(client, f"/v1/nl/articles?{urlencode({'updated_since': since})}")
    # A plus that was not encoded arrives as a space.
    assert found == slugs(client, f"/v1/nl/articles?updated_since={since}")
    # The last one has not changed itself: it links to the one that moved.
    assert set(found) == {"nekpijn", "door-je-rug-gaan", "tennisarm", "thuiswerken-zonder-klachten"}


@pytest.mark.parametrize(("since", "count"), [("2026-11-23", ARTICLES), ("2026-11-24", 0), ("1970-01-01", ARTICLES)])
def test_a_list_of_what_changed_since_takes_a_day(client: FlaskClient, since: str, count: int) -> None:
    assert client.get(f"/v1/nl/articles?updated_since={since}").json["meta"]["total"] == count


@pytest.mark.parametrize(
    ("since", "count"),
    [("0001-01-01T00:00:00+02:00", ARTICLES), ("9999-12-31T23:59:59-02:00", 0), ("2016-12-31t23:59:60z", ARTICLES)],
)
def test_the_edges_of_the_calendar_are_moments_too(client: FlaskClient, since: str, count: int) -> None:
    answer = client.get(f"/v1/nl/articles?{urlencode({'updated_since': since})}")
    assert answer.json["meta"]["total"] == count


@pytest.mark.parametrize("since", ["", "gisteren", "2026-13-01", "2026-02-30", "2026-03-01T25:00", "1e400"])
def test_what_is_no_moment_is_told(client: FlaskClient, since: str) -> None:
    answer = client.get(f"/v1/nl/articles?{urlencode({'updated_since': since})}")
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (400, "not_a_moment")


def test_a_list_is_filtered_by_freshness(client: FlaskClient) -> None:
    assert slugs(client, "/v1/en/articles?freshness=stale") == ["hurt-your-back"]
    assert slugs(client, "/v1/en/articles?freshness=current") == ["neck-pain"]
    assert len(slugs(client, "/v1/nl/articles?freshness=source")) == ARTICLES


@pytest.mark.parametrize("name", [name for name in SORTS if name not in ("title", "updated_at")])
def test_a_list_is_sorted_both_ways(client: FlaskClient, name: str) -> None:
    up = [item[name] or "" for item in client.get(f"/v1/nl/articles?limit=100&sort={name}").json["data"]]
    down = [item[name] or "" for item in client.get(f"/v1/nl/articles?limit=100&sort=-{name}").json["data"]]
    assert up == sorted(up)
    assert down == up[::-1]


def test_titles_are_sorted_without_regard_to_case_and_accents(desk: Desk) -> None:
    for title in ("Zweepslag", "elleboog", "Éénbenig staan", "Enkel"):
        desk.publish("topic", {"title": title})
    items = desk.get("/v1/nl/topics?sort=title").json["data"]
    assert [item["title"] for item in items] == ["Éénbenig staan", "elleboog", "Enkel", "Zweepslag"]


@pytest.mark.parametrize("sort", ["title", "-published_at", "last_reviewed"])
@pytest.mark.parametrize("limit", [1, 3, 10])
def test_following_next_gives_each_item_once(client: FlaskClient, sort: str, limit: int) -> None:
    address, seen, pages = f"/v1/nl/articles?limit={limit}&sort={sort}&fields=slug", [], 0
    while address:
        answer = client.get(address).json
        seen += [item["slug"] for item in answer["data"]]
        address, pages = answer["links"]["next"], pages + 1
    assert seen == slugs(client, f"/v1/nl/articles?limit=100&sort={sort}")
    assert pages == answer["meta"]["pages"]


def test_following_prev_leads_back(client: FlaskClient) -> None:
    last = client.get(client.get("/v1/nl/articles?limit=4").json["links"]["last"]).json
    pages = [last["meta"]["page"]]
    while last["links"]["prev"]:
        last = client.get(last["links"]["prev"]).json
        pages.append(last["meta"]["page"])
    assert pages == [3, 2, 1]


def test_links_keep_what_was_asked(client: FlaskClient) -> None:
    links = client.get("/v1/nl/articles?limit=2&topic=rug&fields=title,slug&page=1").json["links"]
    assert links["self"] == "http://127.0.0.1:8000/v1/nl/articles?limit=2&topic=rug&fields=title%2Cslug"
    assert links["prev"] is None


def test_links_stand_in_the_header_too(client: FlaskClient) -> None:
    assert client.get("/v1/nl/articles?limit=9&page=2").headers["Link"] == (
        '<http://127.0.0.1:8000/v1/nl/articles?limit=9>; rel="first", '
        '<http://127.0.0.1:8000/v1/nl/articles?limit=9>; rel="prev", '
        '<http://127.0.0.1:8000/v1/nl/articles?limit=9&page=2>; rel="last"'
    )


def test_a_page_beyond_the_last_is_empty_and_leads_back(client: FlaskClient) -> None:
    answer = client.get("/v1/nl/articles?limit=5&page=7").json
    assert (answer["data"], answer["meta"]["total"], answer["meta"]["pages"]) == ([], ARTICLES, 2)
    assert answer["links"]["next"] is None
    assert answer["links"]["prev"].endswith("page=2")


def test_the_total_follows_what_is_published(desk: Desk) -> None:
    topics = [desk.publish("topic", {"title": f"Onderwerp {number}"}) for number in range(3)]
    assert desk.get("/v1/nl/topics?limit=2").json["meta"]["total"] == 3
    desk.publish("topic", {"title": "Nog een"})
    assert desk.get("/v1/nl/topics?limit=2").json["meta"]["total"] == 4
    editions.unpublish(desk.db, topics[0], "nl", by="editor", now=NOW, site=desk.settings.site)
    assert desk.get("/v1/nl/topics?limit=2").json["meta"]["total"] == 3


def test_the_etag_of_a_list_changes_with_what_is_on_it(desk: Desk) -> None:
    entry = desk.article(slug="stijve-nek")
    before = desk.get("/v1/nl/articles").headers["ETag"]
    assert desk.get("/v1/nl/articles").headers["ETag"] == before
    rewrite(desk.db, entry, NOW, summary="Anders.")
    desk.publish_again(entry)
    assert desk.get("/v1/nl/articles").headers["ETag"] != before
    assert desk.get("/v1/nl/articles", headers={"If-None-Match": before}).status_code == 200


def test_a_list_that_lost_an_article_is_never_unchanged(desk: Desk) -> None:
    clinics = [desk.clinic()]
    first = desk.article(slug="een", clinics=clinics)
    desk.article(slug="twee", clinics=clinics, now=NOW + timedelta(hours=1))
    kept = desk.get("/v1/nl/articles").headers
    conditions = {"If-Modified-Since": kept.get("Last-Modified", "Mon, 23 Nov 2026 10:00:00 GMT")}
    editions.withdraw(
        desk.db, first, explanation="Onjuist.", by="editor", now=NOW + timedelta(hours=2), site=desk.settings.site
    )
    for condition in (conditions, {"If-None-Match": kept["ETag"]}):
        answer = desk.get("/v1/nl/articles", headers=condition)
        assert [item["slug"] for item in answer.json["data"]] == ["twee"]


def test_search_finds_what_is_live_with_a_snippet(client: FlaskClient) -> None:
    answer = client.get("/v1/nl/search?q=nekpijn").json
    assert "nekpijn" in [item["slug"] for item in answer["data"]]
    assert "<mark>" in answer["data"][0]["snippet_html"]


def test_search_can_be_of_one_type_and_is_paged(client: FlaskClient) -> None:
    everything = client.get("/v1/nl/search?q=rug&type=article&limit=100").json["data"]
    assert {item["type"] for item in everything} == {"article"}
    address, seen = "/v1/nl/search?q=rug&type=article&limit=2", []
    while address:
        answer = client.get(address).json
        seen += answer["data"]
        address = answer["links"]["next"]
    assert seen == everything


@pytest.mark.parametrize("words", ['"', "*", "-", "AND OR NOT", "NEAR(", "a:b", "%", "\\", "'--", "{}[]^~", "\0", "🙂"])
def test_no_words_are_a_syntax_error(client: FlaskClient, words: str) -> None:
    answer = client.get("/v1/nl/search", query_string={"q": words})
    assert answer.status_code == 200


@pytest.mark.parametrize(("query", "code"), [("", "required"), ("?q=", "blank"), ("?q=%20", "blank")])
def test_a_search_for_nothing_is_told(client: FlaskClient, query: str, code: str) -> None:
    answer = client.get(f"/v1/nl/search{query}")
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (400, code)
