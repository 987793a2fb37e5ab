"""What proves a document, over HTTP: its headers, the public keys, and what is known of every version."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from joserfc.jwk import KeySet

from api.server import tick
from cms.people.rights import OPERATOR
from cms.publish import editions, signing_keys
from tests import verifier
from tests.api.conftest import NECK, NOW, Desk, read_settings, rewrite

ARTICLE = "/v1/nl/articles/nekpijn"
WITHDRAWN = "/v1/nl/articles/hielpijn"
OTHERS = ["/v1/ar/articles/ألم-الرقبة", "/v1/nl/clinics/fysiogroep-waterland"]
KEYS = "/.well-known/jwks.json"
PROOF = {"Content-Digest", "Signature", "Signature-Input"}


def verify(client: FlaskClient, path: str, **kwargs: Any) -> dict[str, Any]:
    """Ask for a path, and return what an independent verifier learns of the answer."""
    answer = client.get(path, buffered=True, **kwargs)
    return verifier.verify(answer.status_code, answer.headers, answer.data, client.get(KEYS).json)


def lookup(client: FlaskClient, path: str) -> dict[str, Any]:
    """Return what is known of what is served at a path."""
    digest = hashlib.sha256(client.get(path).data).hexdigest()
    found: dict[str, Any] = client.get(f"/v1/signatures/{digest}").json
    return found


# Headers


@pytest.mark.parametrize("path", [ARTICLE, WITHDRAWN, *OTHERS])
def test_a_document_is_proved_by_its_headers(client: FlaskClient, path: str) -> None:
    said = verify(client, path)
    assert (said["alg"], said["tag"]) == ("ed25519", "tolk-document")


def test_by_its_id_it_is_the_same(client: FlaskClient) -> None:
    by_slug, by_id = client.get(ARTICLE).headers, client.get(f"/v1/nl/articles/{NECK}").headers
    assert {name: by_slug[name] for name in PROOF} == {name: by_id[name] for name in PROOF}


def test_the_head_of_a_document_has_what_proves_it(client: FlaskClient) -> None:
    assert client.head(ARTICLE).headers["Signature"] == client.get(ARTICLE).headers["Signature"]


def test_a_withdrawal_is_proved_whatever_is_asked_of_it(client: FlaskClient) -> None:
    assert verify(client, f"{WITHDRAWN}?format=text")


@pytest.mark.parametrize(
    "path",
    [
        f"{ARTICLE}?format=blocks", f"{ARTICLE}?fields=title", f"{ARTICLE}?view=jsonld", f"{ARTICLE}?format=html",
        "/v1/tr/articles/nekpijn?fallback=nl", "/v1/nl/articles", "/v1/nl/search?q=nek",
        "/v1/nl/articles/tenniselleboog", "/v1/nl/articles/nergens", "/health",
    ],
)  # fmt: skip
def test_what_was_made_for_one_asker_is_not_signed(client: FlaskClient, path: str) -> None:
    assert not PROOF & set(client.get(path).headers.keys())


def test_whoever_has_it_already_is_given_the_signature_and_no_digest_of_nothing(client: FlaskClient) -> None:
    whole = client.get(ARTICLE).headers
    for condition in ({"If-None-Match": whole["ETag"]}, {"If-Modified-Since": whole["Last-Modified"]}):
        answer = client.get(ARTICLE, headers=condition)
        assert (answer.status_code, answer.headers["Signature"]) == (304, whole["Signature"])
        assert "Content-Digest" not in answer.headers


def test_scripts_may_read_what_proves_a_document(client: FlaskClient) -> None:
    assert set(client.get(ARTICLE).headers["Access-Control-Expose-Headers"].split(", ")) >= PROOF


def test_reading_a_document_is_one_statement(desk: Desk) -> None:
    desk.article(slug="nek")
    desk.get("/v1/nl/articles/nek")
    connection = desk.app.extensions["tolk_connections"]
    seen: list[str] = []
    db = connection.get()
    query = db.query
    db.query = lambda sql, *params: seen.append(sql) or query(sql, *params)  # type: ignore[method-assign, func-returns-value]
    try:
        assert desk.get("/v1/nl/articles/nek").headers["Signature"]
    finally:
        del db.query
    assert len(seen) == 1


# Keys


def test_the_keys_are_a_key_set_with_no_secret_in_it(client: FlaskClient) -> None:
    answer = client.get(KEYS)
    assert answer.content_type == "application/jwk-set+json"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert len(KeySet.import_key_set(answer.json).keys) == 1
    assert all(set(key) == {"alg", "crv", "kid", "kty", "use", "x"} for key in answer.json["keys"])


def test_before_anything_is_published_there_are_no_keys(desk: Desk) -> None:
    assert desk.get(KEYS).json == {"keys": []}


def test_a_revoked_key_is_gone_and_every_document_is_good_again(desk: Desk) -> None:
    desk.article(slug="nek")
    before = desk.get("/v1/nl/articles/nek").headers
    (old,) = desk.get(KEYS).json["keys"]
    signing_keys.rotate(desk.db, OPERATOR, now=NOW)
    assert [key["kid"] for key in desk.get(KEYS).json["keys"]][1:] == [old["kid"]]
    signing_keys.revoke(desk.db, OPERATOR, old["kid"], now=NOW + timedelta(hours=1))
    # The clock goes on with it, should whoever revoked it have been interrupted.
    tick(desk.db, desk.settings.site, NOW + timedelta(hours=1))
    (new,) = desk.get(KEYS).json["keys"]
    client = desk.app.test_client()
    assert verify(client, "/v1/nl/articles/nek")["keyid"] == new["kid"] != old["kid"]
    # A cache that asks whether it may keep what it has is told of the new signature, or sent all of it.
    kept = desk.get("/v1/nl/articles/nek", headers={"If-None-Match": before["ETag"]})
    assert kept.status_code == 304
    assert kept.headers["Signature"] == desk.get("/v1/nl/articles/nek").headers["Signature"] != before["Signature"]
    again = desk.get("/v1/nl/articles/nek", headers={"If-Modified-Since": before["Last-Modified"]})
    assert again.status_code == 200


# Versions


def test_what_is_served_is_known_by_its_digest(client: FlaskClient) -> None:
    served, found = client.get(ARTICLE), lookup(client, ARTICLE)
    expected = {
        "id": NECK, "type": "article", "locale": "nl", "status": 200, "state": "current", "replaced_by": None,
        "content_type": "application/json", "version": served.json["version"], "url": served.json["url"],
    }  # fmt: skip
    assert expected.items() <= found.items()
    assert (found["signature_input"], found["signature"], found["content_digest"]) == tuple(
        served.headers[name] for name in ("Signature-Input", "Signature", "Content-Digest")
    )
    assert f'"{found["digest"]}"' == served.headers["ETag"]


def test_a_withdrawal_is_known_as_one(client: FlaskClient) -> None:
    found = lookup(client, WITHDRAWN)
    assert (found["status"], found["state"], found["content_type"]) == (410, "withdrawn", "application/problem+json")


@pytest.mark.parametrize("digest", ["0" * 64, "0" * 63, "x", "../secret", "A" * 64, "%00"])
def test_what_was_never_served_is_not_there(client: FlaskClient, digest: str) -> None:
    answer = client.get(f"/v1/signatures/{digest}")
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")


def test_an_older_version_says_what_has_become_of_it(desk: Desk) -> None:
    article = desk.article(slug="nek")
    first = desk.get("/v1/nl/articles/nek")
    digest = first.headers["ETag"].strip('"')

    def stands() -> tuple[str, str | None]:
        answer = desk.get(f"/v1/signatures/{digest}")
        assert answer.headers["Cache-Control"] == "no-cache"
        return answer.json["state"], answer.json["replaced_by"]

    later = NOW + timedelta(days=4)
    tick(desk.db, desk.settings.site, later)
    assert stands() == ("renewed", desk.get("/v1/nl/articles/nek").headers["ETag"].strip('"'))
    rewrite(desk.db, article, later, title="Anders")
    desk.publish_again(article, later)
    assert stands() == ("superseded", desk.get("/v1/nl/articles/nek").headers["ETag"].strip('"'))
    site = desk.settings.site
    editions.withdraw(desk.db, article, explanation="Fout.", by="editor", now=later, site=site)
    assert stands()[0] == "withdrawn"
    desk.publish_again(article, later)
    editions.unpublish(desk.db, article, "nl", by="editor", now=later, site=site)
    assert stands() == ("unpublished", None)


# Terms


def test_what_went_unreviewed_for_too_long_leaves_lists_unless_it_is_asked_for(desk: Desk) -> None:
    clinics = [desk.clinic()]
    article = desk.article(slug="nek", review_due="2026-11-30", clinics=clinics)
    other = desk.article(slug="rug", clinics=clinics)
    seen = {}
    for days in (6, 8, 98):
        now = NOW + timedelta(days=days)
        tick(desk.db, desk.settings.site, now)
        document = desk.get("/v1/nl/articles/nek")
        assert document.status_code == 200
        seen[document.json["review_state"]] = {
            asked: {item["id"] for item in desk.get(f"/v1/nl/articles{asked}").json["data"]}
            for asked in ("", "?review=any", "?review=overdue", "?review=expired")
        }
        searched = desk.get("/v1/nl/search?q=nek").json["meta"]["total"]
        assert searched == (1 if document.json["review_state"] == "expired" else 2)
    both, one = {article, other}, {article}
    assert seen == {
        "current": {"": both, "?review=any": both, "?review=overdue": set(), "?review=expired": set()},
        "overdue": {"": both, "?review=any": both, "?review=overdue": one, "?review=expired": set()},
        "expired": {"": {other}, "?review=any": both, "?review=overdue": set(), "?review=expired": one},
    }


def test_a_state_of_review_that_is_none_is_refused(client: FlaskClient) -> None:
    answer = client.get("/v1/nl/articles?review=expird")
    assert (answer.status_code, answer.json["errors"][0]["did_you_mean"]) == (400, "expired")


def test_search_engines_are_told_until_when_it_holds(client: FlaskClient) -> None:
    until = client.get(ARTICLE).json["display_until"]
    assert until
    assert client.get(f"{ARTICLE}?view=jsonld").json["expires"] == until


def test_terms_are_as_they_are_set(tmp_path: Any) -> None:
    site = read_settings("sqlite://", tmp_path).site
    assert (site.logo, site.indexing, site.refresh_hours, site.review_grace_days) == ("", "canonical", 168, 90)
    site = read_settings(
        "sqlite://", tmp_path, TOLK_LOGO="/media/logo.svg", TOLK_INDEXING="noindex", TOLK_REFRESH_HOURS="24",
        TOLK_REVIEW_GRACE_DAYS="0",
    ).site  # fmt: skip
    assert (site.logo_url, site.indexing) == ("http://127.0.0.1:8000/media/logo.svg", "noindex")
    assert (site.refresh_hours, site.review_grace_days) == (24, 0)
