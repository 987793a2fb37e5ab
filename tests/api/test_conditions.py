"""Asking again: 304 by ETag and by date (RFC 9110, section 13)."""

import pytest
from flask.testing import FlaskClient

PATHS = [
    "/v1/nl/articles/nekpijn",
    "/v1/nl/articles/nekpijn?format=text",
    "/v1/nl/articles/nekpijn?view=jsonld",
    "/v1/tr/articles/nekpijn?fallback=nl",
    "/v1/nl/articles",
    "/v1/nl/search?q=nek",
]
SHAPES = ["{tag}", "W/{tag}", '"other", {tag}', '{tag}, W/"other"', "*", '  "a" ,W/"b",{tag}']


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("shape", SHAPES)
def test_what_the_caller_has_is_not_sent_again(client: FlaskClient, path: str, shape: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": shape.format(tag=first.headers["ETag"])})
    assert (again.status_code, again.data) == (304, b"")
    # RFC 9110, section 15.4.5: what a 200 would have said of these.
    for name in ("ETag", "Cache-Control", "Content-Location", "Vary", "Surrogate-Key", "Link"):
        assert again.headers.get(name) == first.headers.get(name)
    assert "Content-Length" not in again.headers


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("given", ['"other"', "", "other", 'W/"other", "more"', '"', "W/", '""'])
def test_what_the_caller_lacks_is_sent(client: FlaskClient, path: str, given: str) -> None:
    assert client.get(path, headers={"If-None-Match": given}).status_code == 200


def test_a_head_request_can_be_answered_with_304_too(client: FlaskClient) -> None:
    tag = client.head(PATHS[0]).headers["ETag"]
    assert client.head(PATHS[0], headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("Mon, 23 Nov 2026 10:00:00 GMT", 304),
        ("Mon, 23 Nov 2026 10:00:01 GMT", 304),
        ("Mon, 23 Nov 2026 09:59:59 GMT", 200),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 200),
        ("Monday, 23-Nov-26 10:00:00 GMT", 304),
        ("yesterday", 200),
        ("Mon, 99 Foo 2026 10:00:00 GMT", 200),
        ("", 200),
    ],
)
def test_a_date_will_do_where_there_is_no_etag(client: FlaskClient, since: str, status: int) -> None:
    assert client.get(PATHS[0], headers={"If-Modified-Since": since}).status_code == status


def test_an_etag_outweighs_a_date(client: FlaskClient) -> None:
    headers = {"If-None-Match": '"other"', "If-Modified-Since": "Mon, 23 Nov 2026 10:00:00 GMT"}
    assert client.get(PATHS[0], headers=headers).status_code == 200


@pytest.mark.parametrize(
    "path", ["/v1/nl/articles/nergens", "/v1/nl/articles/hielpijn", "/v1/nl/articles/tenniselleboog"]
)
def test_an_asterisk_never_hides_that_something_is_not_there(client: FlaskClient, path: str) -> None:
    assert client.get(path, headers={"If-None-Match": "*"}).status_code in (404, 410, 301)
