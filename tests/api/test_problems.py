"""Every error is an RFC 9457 problem, whatever was asked; none tells more of us than its code."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.application import create_app
from cms.store import connect
from migrations import migrate
from tests.api.conftest import Library, read_settings

LEAKS = re.compile(r"Traceback|File \"|\.py|select |psycopg|sqlite3|werkzeug", re.IGNORECASE)

UNKNOWN = [
    "/nothing",
    "/v1",
    "/v1/",
    "/v1/nl",
    "/v1/nl/nothing",
    "/v1/nl/articles/",
    "/v1/nl/articles/nekpijn/",
    "/v1//nl/articles",
    "//v1/nl/articles",
    "/v1/nl//articles",
    "/v1/nl/articles//nekpijn",
    "/v1/nl/articles/nekpijn/extra",
    "/v1/nl/articles/nergens",
    "/v1/nl/articles/Nekpijn",
    "/v1/nl/articles/%00",
    "/v1/nl/articles/nekpijn%00",
    "/v1/%00/articles",
    "/%00",
    "/v1/nl/articles/%ff",
    "/v1/nl/articles/%ED%A0%80",
    "/v1/nl/articles/%F0%9F%99%82",
    "/v1/nl/articles/..%2f..%2fetc",
    "/v1/nl/articles/%2e%2e",
    "/v1/nl/articles/" + "a" * 50_000,
    "/v1/nl/articles/00000000-0000-0000-0000-000000000000",
    "/v1/articles/%00",
    "/v1/articles/nergens",
    "/media/",
    "/media/nothing.svg",
    "/docs/",
    "/health/",
    "/favicon.ico",
]


def checked(answer: Any, status: int, code: str) -> dict[str, Any]:
    """Return the problem that an answer is, after seeing that it is a proper one."""
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    problem = json.loads(answer.get_data())
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["type"].endswith(f"/docs#{code}")
    assert problem["title"]
    assert "%(" not in answer.get_data(as_text=True)
    assert problem["request_id"] == answer.headers["X-Request-ID"]
    assert re.fullmatch(r"[!-~]*", problem["instance"])
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Content-Language"] in ("en", "nl")
    return problem


@pytest.mark.parametrize("path", UNKNOWN, ids=lambda path: path[:40])
def test_what_is_not_there_is_a_problem(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert checked(answer, 404, json.loads(answer.data)["code"])["code"] in ("not_found", "unknown_locale")


@pytest.mark.parametrize(
    "path", ["/", "/v1/nl/articles", "/v1/nl/articles/nekpijn", "/v1/articles", "/health", "/docs"]
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_a_method_that_an_address_does_not_take_is_a_problem_that_says_which_it_does(
    client: FlaskClient, path: str, method: str
) -> None:
    answer = client.open(path, method=method)
    checked(answer, 405, "method_not_allowed")
    assert sorted(answer.headers["Allow"].split(", ")) == ["GET", "HEAD", "OPTIONS"]


def test_a_body_that_is_too_large_is_a_problem(client: FlaskClient) -> None:
    checked(client.post("/v1/nl/articles", data=b"x" * 1_048_577), 413, "too_large")
    checked(client.post("/v1/nl/articles", data=b"x" * 1_048_576), 405, "method_not_allowed")


def test_a_host_that_cannot_be_is_a_problem(client: FlaskClient) -> None:
    checked(client.get("/v1/nl/articles/nekpijn", headers={"Host": "a..b"}), 400, "bad_request")


@pytest.mark.parametrize(
    ("query", "faults"),
    [
        ("colour=red", [("colour", "unknown_parameter")]),
        ("page=0", [("page", "out_of_range")]),
        ("page=99999999999999999999", [("page", "out_of_range")]),
        ("page=١", [("page", "not_a_whole_number")]),
        ("page=1.5", [("page", "not_a_whole_number")]),
        ("page=-1", [("page", "not_a_whole_number")]),
        ("limit=101", [("limit", "out_of_range")]),
        ("limit=", [("limit", "not_a_whole_number")]),
        ("sort=colour", [("sort", "not_a_choice")]),
        ("format=pdf", [("format", "not_a_choice")]),
        ("fields=title,colour", [("fields", "unknown_field")]),
        ("fields=", [("fields", "blank")]),
        ("fields=,", [("fields", "unknown_field")]),
        ("fields=title,,url", [("fields", "unknown_field")]),
        ("freshness=mouldy", [("freshness", "not_a_choice")]),
        ("topic=", [("topic", "blank")]),
        ("topic=nek&topic=rug", [("topic", "given_twice")]),
        ("limit=5&limit=5", [("limit", "given_twice")]),
        ("%00=1", [("\0", "unknown_parameter")]),
        ("page=0&limit=0&colour=red&sort=x", [
            ("page", "out_of_range"), ("limit", "out_of_range"), ("colour", "unknown_parameter"),
            ("sort", "not_a_choice"),
        ]),
    ],
)  # fmt: skip
def test_parameters_that_cannot_be_used_are_all_named(
    client: FlaskClient, query: str, faults: list[tuple[str, str]]
) -> None:
    problem = checked(client.get(f"/v1/nl/articles?{query}"), 400, "bad_parameter")
    assert [(fault["parameter"], fault["code"]) for fault in problem["errors"]] == faults
    assert all(fault["detail"] for fault in problem["errors"])


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/v1/nl/articles?pagee=2", "page"),
        ("/v1/nl/articles?feilds=title", "fields"),
        ("/v1/nl/articles?fields=tilte", "title"),
        ("/v1/nl/articles?sort=-publshed_at", "-published_at"),
        ("/v1/nl/articles/nekpijn?formt=text", "format"),
        ("/v1/nl/articles/nekpijn?format=txt", "text"),
        ("/v1/nl/articles/nekpijn?view=json-ld", "jsonld"),
        ("/v1/nl/search?q=nek&typ=article", "type"),
        ("/v1/nl/search?q=nek&type=artikel", "article"),
        ("/v1/articles?limt=1", "limit"),
        ("/v1/articles/nekpijn?fallbak=nl", "fallback"),
    ],
)
def test_a_misspelling_is_answered_with_what_was_meant(client: FlaskClient, path: str, meant: str) -> None:
    problem = checked(client.get(path), 400, "bad_parameter")
    assert problem["errors"][0]["did_you_mean"] == meant


def test_a_misspelling_is_told_of_a_document_that_is_not_there_too(client: FlaskClient) -> None:
    checked(client.get("/v1/tr/articles/nekpijn?colour=red"), 400, "bad_parameter")


def test_what_cannot_be_guessed_is_not_guessed(client: FlaskClient) -> None:
    assert "did_you_mean" not in client.get("/v1/nl/articles?zzzz=1").json["errors"][0]


@pytest.mark.parametrize("tag", ["x", "123", "en_", "nl,!", "a" * 500])
def test_a_fallback_that_is_no_language_is_told(client: FlaskClient, tag: str) -> None:
    problem = checked(client.get(f"/v1/tr/articles/nekpijn?fallback={tag}"), 400, "bad_parameter")
    assert problem["errors"][0]["code"] == "not_a_language_tag"


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/v1/nl/articles/nergens", "There is nothing at this address."),
        ("/v1/tr/articles/nekpijn", "This is not published in the language that you asked for."),
    ],
)
def test_problems_are_worded_in_english_where_nothing_else_is_asked(client: FlaskClient, path: str, title: str) -> None:
    for headers in ({}, {"Accept-Language": "tr"}, {"Accept-Language": "*"}, {"Accept-Language": "nl;q=0"}):
        answer = client.get(path, headers=headers)
        assert (answer.json["title"], answer.headers["Content-Language"]) == (title, "en")
        assert "Accept-Language" in answer.headers["Vary"]


DUTCH = [
    "/v1/nl/articles/nergens", "/v1/tr/articles/nekpijn", "/v1/xx/articles", "/v1/nl/articles?page=0&colour=x",
    "/v1/nl/articles?fields=tilte&sort=x&updated_since=x&topic=x", "/v1/nl/search",
]  # fmt: skip


@pytest.mark.parametrize("path", DUTCH)
@pytest.mark.parametrize("wanted", ["nl", "nl-BE", "nl,en;q=0.5", "fr, nl;q=0.2"])
def test_problems_are_worded_in_dutch_where_that_is_asked(client: FlaskClient, path: str, wanted: str) -> None:
    english = client.get(path, headers={"Accept-Language": "en"})
    dutch = client.get(path, headers={"Accept-Language": wanted})
    assert dutch.headers["Content-Language"] == "nl"
    assert dutch.json["code"] == english.json["code"]
    assert dutch.json["title"] != english.json["title"]
    for said, meant in zip(dutch.json.get("errors", []), english.json.get("errors", []), strict=True):
        assert said["code"] == meant["code"]
        assert said["detail"] != meant["detail"]


def test_an_address_on_an_unmigrated_database_is_a_problem_that_names_the_command(
    empty_url: str, tmp_path: Path
) -> None:
    app = create_app(read_settings(empty_url, tmp_path))
    client = app.test_client()
    for path in ("/v1/nl/articles", "/v1/nl/articles/x", "/v1/articles/x", "/v1/nl/search?q=x"):
        problem = checked(client.get(path), 503, "no_table")
        assert "tolk migrate" in problem["title"]
    checked(client.get("/ready"), 503, "store_unavailable")
    assert client.get("/health").json == {"status": "ok"}
    db = connect(empty_url)
    migrate(db)
    db.close()
    assert (client.get("/ready").json, client.get("/v1/nl/articles").json["data"]) == ({"status": "ok"}, [])
    app.extensions["tolk_connections"].close()


@pytest.mark.parametrize(
    "url", ["sqlite:///{folder}/file/tolk.db", "postgresql://nobody@127.0.0.1:1/nothing?connect_timeout=1"]
)
def test_a_database_that_does_not_answer_is_a_problem(tmp_path: Path, url: str) -> None:
    (tmp_path / "file").write_text("no folder")
    client = create_app(read_settings(url.format(folder=tmp_path), tmp_path)).test_client()
    for path in ("/v1/nl/articles", "/ready"):
        answer = client.get(path)
        checked(answer, 503, "store_unavailable")
        assert not LEAKS.search(answer.get_data(as_text=True))
        assert answer.headers["Cache-Control"] == "no-store"
    assert client.get("/health").status_code == 200


@pytest.fixture
def broken(library: Library, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    """Yield a client of a site in which something happens that nobody thought of."""

    def surprise(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr("cms.publish.documents.read", surprise)
    yield library.app.test_client()


def test_what_nobody_thought_of_is_a_problem_without_a_traceback(
    broken: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = broken.get("/v1/nl/articles/nekpijn", headers={"X-Request-ID": "my-own-id"})
    problem = checked(answer, 500, "internal")
    text = answer.get_data(as_text=True)
    assert not LEAKS.search(text)
    assert "secret" not in text
    assert answer.headers["Cache-Control"] == "no-store"
    # Those who run the server find all of it under the id.
    logged = json.loads(capsys.readouterr().err.strip().splitlines()[-1])
    assert logged["request_id"] == problem["request_id"] == "my-own-id"
    assert "ZeroDivisionError" in logged["exception"]
