"""Who may read, under which request id, and what the other addresses say."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.api.conftest import desk_at

ARTICLE = "/v1/nl/articles/nekpijn"
EVERYWHERE = [ARTICLE, "/v1/nl/articles", "/v1/articles/nekpijn", "/v1/nl/articles/nergens", "/health", "/", "/nothing"]


@pytest.mark.parametrize("path", EVERYWHERE)
def test_scripts_of_every_site_may_read(client: FlaskClient, path: str) -> None:
    headers = client.get(path, headers={"Origin": "https://example.org"}).headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert {"ETag", "Link", "X-Request-ID", "Content-Language"} <= set(
        headers["Access-Control-Expose-Headers"].split(", ")
    )
    assert "Access-Control-Allow-Credentials" not in headers


def test_a_preflight_says_what_may_be_asked(client: FlaskClient) -> None:
    answer = client.options(
        ARTICLE,
        headers={
            "Origin": "https://example.org",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "if-none-match",
        },
    )
    assert answer.status_code in (200, 204)
    assert answer.data == b""
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    allowed = answer.headers["Access-Control-Allow-Headers"].lower().split(", ")
    assert {"if-none-match", "if-modified-since", "x-request-id"} <= set(allowed)
    assert sorted(answer.headers["Allow"].split(", ")) == ["GET", "HEAD", "OPTIONS"]


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://a.example", "https://a.example"),
        ("https://b.example", "https://b.example"),
        ("https://c.example", None),
        ("https://a.example.evil", None),
        ("null", None),
        (None, None),
    ],
)
def test_only_the_sites_that_are_named_may_read_where_some_are(
    database_url: str, tmp_path: Path, origin: str | None, allowed: str | None
) -> None:
    with desk_at(database_url, tmp_path, TOLK_CORS_ORIGINS="https://a.example, https://b.example") as desk:
        for path in ("/v1/nl/articles", "/v1/nl/articles/nergens"):
            headers = desk.get(path, headers={"Origin": origin} if origin else {}).headers
            assert headers.get("Access-Control-Allow-Origin") == allowed
            # Otherwise a cache would give one site's answer to another.
            assert "Origin" in headers["Vary"]


def test_a_negotiated_answer_varies_by_language_and_by_site(database_url: str, tmp_path: Path) -> None:
    with desk_at(database_url, tmp_path, TOLK_CORS_ORIGINS="https://a.example") as desk:
        assert set(desk.get("/v1/articles").headers["Vary"].split(", ")) == {"Accept-Language", "Origin"}


@pytest.mark.parametrize("given", ["12345678", "a" * 64, "A-b_c.9-trace"])
def test_a_request_keeps_the_id_that_it_came_with(client: FlaskClient, given: str) -> None:
    assert client.get(ARTICLE, headers={"X-Request-ID": given}).headers["X-Request-ID"] == given


@pytest.mark.parametrize(
    "given", ["", "short", "a" * 65, "<script>", "a b c d e f", "é" * 9, "'; drop table--", "${jndi:x}"]
)
def test_an_id_that_could_do_harm_is_replaced(client: FlaskClient, given: str) -> None:
    assert re.fullmatch(r"[0-9a-f]{16}", client.get(ARTICLE, headers={"X-Request-ID": given}).headers["X-Request-ID"])


def test_each_request_gets_an_id_of_its_own(client: FlaskClient) -> None:
    assert len({client.get(path).headers["X-Request-ID"] for path in EVERYWHERE}) == len(EVERYWHERE)


@pytest.mark.parametrize("path", EVERYWHERE)
def test_no_answer_is_guessed_to_be_something_else(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["X-Content-Type-Options"] == "nosniff"


def test_health_and_readiness_are_not_kept(client: FlaskClient) -> None:
    for path in ("/health", "/ready"):
        answer = client.get(path)
        assert (answer.json, answer.headers["Cache-Control"]) == ({"status": "ok"}, "no-store")


def test_the_welcome_leads_to_everything(client: FlaskClient) -> None:
    welcome = client.get("/").json
    assert welcome["name"] == "Tolk"
    for name, address in welcome.items():
        assert name == "name" or client.get(address).status_code == 200


def test_caching_is_as_long_as_is_set(database_url: str, tmp_path: Path) -> None:
    with desk_at(database_url, tmp_path, TOLK_CACHE_SECONDS="30") as desk:
        assert desk.get("/v1/nl/articles").headers["Cache-Control"] == (
            "public, max-age=30, s-maxage=30, stale-while-revalidate=30, stale-if-error=30"
        )
    with desk_at(database_url, tmp_path, TOLK_CACHE_SECONDS="0") as desk:
        assert "max-age=0, s-maxage=0" in desk.get("/v1/nl/articles").headers["Cache-Control"]


def test_addresses_follow_the_setting_of_where_the_api_is_reached(database_url: str, tmp_path: Path) -> None:
    with desk_at(
        database_url,
        tmp_path,
        TOLK_URL="https://api.example.org/",
        TOLK_PAGE_URL="https://example.org/{locale}/{plural}/{slug}",
    ) as desk:
        desk.article(slug="stijve-nek")
        answer = desk.get("/v1/nl/articles/stijve-nek", headers={"Host": "evil.example"})
        assert answer.json["url"] == "https://api.example.org/v1/nl/articles/stijve-nek"
        assert answer.json["canonical_url"] == "https://example.org/nl/articles/stijve-nek"
        assert b"evil" not in answer.data
        links = desk.get("/v1/nl/articles?limit=1", headers={"Host": "evil.example"}).json["links"]
        assert links["self"] == "https://api.example.org/v1/nl/articles?limit=1"


def test_pictures_are_served_and_may_run_nothing(database_url: str, tmp_path: Path, media: Path) -> None:
    with desk_at(database_url, tmp_path) as desk:
        answer = desk.get("/media/chair.svg")
        assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
        assert answer.headers["Content-Security-Policy"] == ("default-src 'none'; style-src 'unsafe-inline'; sandbox")
        assert answer.data == (media / "chair.svg").read_bytes()
        again = desk.get("/media/chair.svg", headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304


@pytest.mark.parametrize(
    "name",
    [
        "../secret.txt",
        "..%2fsecret.txt",
        "%2e%2e/secret.txt",
        "%2e%2e%2fsecret.txt",
        "..%5csecret.txt",
        "....//secret.txt",
        "x/../../secret.txt",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "%00",
        "chair.svg%00.png",
        "chair.svg/",
        ".",
        "..",
        "a" * 5_000,
        "%ff.svg",
    ],
)
def test_nothing_outside_the_folder_of_pictures_is_served(
    database_url: str, tmp_path: Path, media: Path, name: str
) -> None:
    with desk_at(database_url, tmp_path) as desk:
        answer = desk.get(f"/media/{name}")
        assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


def test_a_folder_of_pictures_that_does_not_exist_is_no_error(desk: object, client: FlaskClient) -> None:
    assert client.get("/media/nothing/here.png").status_code == 404
