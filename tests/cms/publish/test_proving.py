"""How a copy of a document is judged, by what it is and by what its site says. No network, no database."""

import gzip
import json
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cms.publish import documents, proving, signing
from cms.publish.proving import Copy

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = signing.encoded(KEY.public_key().public_bytes_raw())
KEYS = {signing.thumbprint(PUBLIC): PUBLIC}
(KEY_ID,) = KEYS
DOCUMENT: dict[str, Any] = {
    "id": "1", "type": "article", "locale": "nl", "version": 3, "title": "Nek ü", "refresh_by": "2026-03-08T00:00:00Z",
    "display_until": None, "url": "https://api.example/base/v1/nl/articles/nek", "geo": [52.5, 1e-7, 2**53],
}  # fmt: skip
BODY = documents.freeze(DOCUMENT)
DIGEST = documents.etag(BODY)
WITHDRAWAL = documents.freeze(
    {"type": "https://api.example/docs#withdrawn", "status": 410, "code": "withdrawn", "id": "1", "locale": "nl",
     "entry_type": "article", "version": 3}
)  # fmt: skip


def signed(body: bytes = BODY, status: int = 200, key: Ed25519PrivateKey = KEY, name: str = KEY_ID) -> Copy:
    """Return an answer with its signature."""
    digest = documents.etag(body)
    made = signing.sign(key, name, signing.values(status, digest, "nl"), 1_772_000_000)
    headers = {
        "content-type": signing.CONTENT_TYPES[status], "content-language": "nl", "signature": made.signature,
        "signature-input": made.input, "content-digest": signing.content_digest(digest),
    }  # fmt: skip
    return Copy(body, status, headers)


def record(state: str = "current", body: bytes = BODY, status: int = 200) -> dict[str, Any]:
    """Return what a site says of a version."""
    headers = signed(body, status).headers
    return {
        "digest": documents.etag(body), "status": status, "locale": "nl", "state": state,
        "url": "https://api.example/v1/nl/articles/nek", "signature": headers["signature"],
        "signature_input": headers["signature-input"],
    }  # fmt: skip


def judged(copy: Copy, said: dict[str, Any] | None = None, **kwargs: Any) -> tuple[Any, ...]:
    """Return the outcome, the reasons and the notes."""
    given = {"keys": KEYS, "now": NOW, **kwargs}
    found = proving.judge(copy, given.pop("keys"), said, given.pop("now"), **given)
    return found.outcome, found.reasons, found.notes


def without(copy: Copy, **headers: str) -> Copy:
    """Return a copy with other headers."""
    return replace(copy, headers={**copy.headers, **{name.replace("_", "-"): value for name, value in headers.items()}})


OTHER = signed(WITHDRAWAL, 410).headers["signature"]
NONE = (b"", b"[]", b"{", b"<p>", b"\xff", b"[" * 10_000)


def test_a_good_copy_says_what_it_is() -> None:
    found = proving.judge(signed(), KEYS, record(), NOW)
    assert (found.outcome, found.digest, found.key, found.signed_at) == ("good", DIGEST, KEY_ID, 1_772_000_000)
    assert (found.entry, found.type, found.locale, found.version) == ("1", "article", "nl", 3)
    withdrawn = proving.judge(signed(WITHDRAWAL, 410), KEYS, None, NOW)
    assert (withdrawn.outcome, withdrawn.type) == ("withdrawn", "article")


@pytest.mark.parametrize(
    ("copy", "said", "expected"),
    [
        (signed(), record(), ("good", (), ())),
        (Copy(BODY), record(), ("good", (), ())),
        (signed(), record("renewed"), ("good", (), ())),
        (signed(), record("superseded"), ("outdated", ("superseded",), ())),
        (Copy(BODY), record("unpublished"), ("outdated", ("unpublished",), ())),
        (signed(), record("withdrawn"), ("withdrawn", ("withdrawn",), ())),
        (signed(WITHDRAWAL, 410), record("withdrawn", WITHDRAWAL, 410), ("withdrawn", ("withdrawn",), ())),
        (signed(), None, ("unknown", ("not_known",), ())),
        # What was written anew says the same.
        (Copy(json.dumps(DOCUMENT, indent=2).encode()), record(), ("good", (), ("rewritten",))),
        (Copy(BODY + b"\n"), record(), ("good", (), ("rewritten",))),
        (Copy(b"\xef\xbb\xbf" + BODY), record(), ("good", (), ("rewritten",))),
        (replace(signed(), body=BODY + b"\n"), record(), ("good", (), ("rewritten",))),
        # Headers that were altered do no harm where the site vouches for the text.
        (without(signed(), content_type="application/json; charset=utf-8"), record(), ("good", (), ("bad_signature",))),
        (without(signed(), signature_input="x", signature="y"), record(), ("good", (), ("foreign_signature",))),
        (replace(signed(), status=203), record(), ("good", (), ("bad_signature",))),
        # What was altered is not good, whatever is said of something else.
        (replace(signed(), body=BODY.replace(b"Nek", b"Rug")), record(), ("bad", ("altered",), ())),
        (Copy(BODY.replace(b"Nek", b"Rug")), None, ("bad", ("not_published",), ())),
        (Copy(BODY.replace(b"Nek", b"Rug")), record(), ("bad", ("bad_signature",), ())),
        (without(signed(), content_type="text/html"), None, ("bad", ("bad_signature",), ())),
        (without(signed(), content_language="en"), None, ("bad", ("bad_signature",), ())),
        (Copy(BODY), {**record(), "signature": OTHER}, ("bad", ("bad_signature",), ())),
        (Copy(BODY), {**record(), "locale": "en"}, ("bad", ("bad_signature",), ())),
        (Copy(BODY), {**record(), "status": 999}, ("bad", ("bad_signature",), ())),
        (Copy(BODY), {"digest": DIGEST}, ("bad", ("bad_signature",), ())),
        # A member that is there twice is read one way by one reader, and another way by the next.
        (Copy(BODY.replace(b'"title":', b'"title":"Rug","title":')), record(), ("bad", ("not_a_document",), ())),
        *((Copy(body), record(), ("bad", ("not_a_document",), ())) for body in NONE),
    ],
)  # fmt: skip
def test_a_copy_is_judged(copy: Copy, said: dict[str, Any] | None, expected: tuple[Any, ...]) -> None:
    assert judged(copy, said) == expected


def test_a_signature_by_somebody_else_proves_nothing() -> None:
    other = Ed25519PrivateKey.generate()
    assert judged(signed(key=other)) == ("bad", ("bad_signature",), ())
    assert judged(signed(key=other, name="other")) == ("bad", ("unknown_key",), ())
    assert judged(signed(key=other, name="other"), record()) == ("good", (), ("unknown_key",))
    assert judged(signed(), keys={}) == ("bad", ("no_keys",), ())


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("good", ())),
        ({"refresh_by": "2026-03-01T12:00:00Z"}, ("outdated", ("refresh_by",))),
        ({"display_until": "2026-02-01T00:00:00Z"}, ("outdated", ("display_until",))),
        ({"display_until": "2027-02-01T00:00:00Z"}, ("good", ())),
        ({"refresh_by": "soon"}, ("good", ())),
    ],
)
def test_without_asking_its_own_terms_decide(changes: dict[str, str], expected: tuple[Any, ...]) -> None:
    body = documents.freeze({**DOCUMENT, **changes})
    assert judged(signed(body), was_asked=False)[:2] == expected


def test_what_is_served_now_is_good_even_where_the_clock_stood_still() -> None:
    body = documents.freeze({**DOCUMENT, "refresh_by": "2026-02-01T00:00:00Z"})
    assert judged(signed(body), record("current", body)) == ("good", (), ())
    assert judged(signed(body), record("renewed", body)) == ("outdated", ("refresh_by",), ())


# Files


def test_a_file_holds_a_body_alone() -> None:
    assert proving.saved(BODY) == Copy(BODY)


@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
def test_a_file_holds_an_answer_with_its_headers(end: bytes) -> None:
    lines = [
        b"HTTP/1.1 200 OK",
        b"Content-Type: application/json",
        b"X-A: 1",
        b"x-a: 2",
        b"X-B: one",
        b"  two",
        b"",
        BODY,
    ]
    assert proving.saved(end.join(lines)) == Copy(
        BODY, 200, {"content-type": "application/json", "x-a": "1, 2", "x-b": "one two"}
    )


def test_of_several_answers_in_a_file_the_last_one_counts() -> None:
    before = b"HTTP/1.1 200 Connection established\r\n\r\nHTTP/2 301\r\nlocation: /x\r\n\r\n"
    assert proving.saved(before + b"HTTP/2 410 \r\nx: y\r\n\r\n" + BODY) == Copy(BODY, 410, {"x": "y"})


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("gzip", gzip.compress(BODY)), ("deflate", zlib.compress(BODY)), ("gzip", BODY), ("br", BODY), ("", BODY)],
)
def test_what_is_compressed_is_undone(encoding: str, body: bytes) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\n\r\n".encode()
    assert proving.saved(head + body).body == BODY


def test_what_is_not_compressed_although_it_says_so_is_left() -> None:
    assert proving.saved(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n[]").body == b"[]"


@pytest.mark.parametrize("data", [b"HTTP/", b"HTTP/1.1", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 \r\n\r\n", b"HTTP/\n\n"])
def test_a_file_that_is_cut_short_holds_no_document(data: bytes) -> None:
    assert judged(proving.saved(data)) == ("bad", ("not_a_document",), ())


@pytest.mark.parametrize(
    ("body", "site"),
    [
        (BODY, "https://api.example/base"),
        (WITHDRAWAL, "https://api.example"),
        (b"{}", ""),
        (b"[]", ""),
        (b'{"url": 1}', ""),
        (b'{"url": "file:///etc/v1/nl/articles/x"}', ""),
        (b'{"url": "https:///v1/nl/articles/x"}', ""),
        (b'{"url": "https://elsewhere.example/page"}', ""),
    ],
)
def test_a_copy_names_its_site(body: bytes, site: str) -> None:
    assert proving.site_of(Copy(body)) == site


@pytest.mark.parametrize("value", [None, [], {}, {"keys": None}, {"keys": [1, {"crv": "P-256"}, {"crv": "Ed25519"}]}])
def test_a_key_set_without_our_kind_of_key_holds_none(value: Any) -> None:
    assert proving.keys_of(value) == {}
