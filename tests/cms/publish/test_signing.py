"""What is served is signed: by the standard, the same each time, with keys that come and go."""

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cms.errors import NotFound
from cms.people.rights import OPERATOR
from cms.publish import documents, pruning, renewal, signing, signing_keys, standing
from cms.publish.documents import Document
from cms.publish.refresh import rebuild
from cms.store import Database, write
from tests import verifier
from tests.builders import (
    SITE,
    a_paragraph,
    everything,
    later,
    publish,
    published,
    rows,
    save,
    translate,
    unpublish,
    withdraw,
)

# RFC 9421, appendix B.1.4 (test-key-ed25519) and B.2.6.
PRIVATE, PUBLIC = "n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU", "JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"
B26_COVERED = {
    "date": "Tue, 20 Apr 2021 02:07:55 GMT",
    "@method": "POST",
    "@path": "/foo",
    "@authority": "example.com",
    "content-type": "application/json",
    "content-length": "18",
}
B26_PARAMS = (
    '("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473'
    ';keyid="test-key-ed25519"'
)
B26_SIGNATURE = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
KEY = Ed25519PrivateKey.from_private_bytes(signing.decoded(PRIVATE))
DIGEST = "5f8f04f6a3a892aaabbddb6cf273894493773960d4a325b105fee46eef4304f1"
COVERED = signing.values(200, DIGEST, "nl")


def key_set(db: Database) -> dict[str, Any]:
    """Return what is said at the well-known address."""
    return {"keys": [signing.jwk(key.public_key, key.id) for key in signing_keys.good(db)]}


def served(db: Database, entry: str, locale: str = "nl") -> tuple[Document, dict[str, str]]:
    """Return what is served of an article, and the headers that prove it."""
    found = documents.read(db, locale, "article", entry)
    assert found
    headers = {
        "Content-Type": signing.CONTENT_TYPES[found.status],
        "Content-Language": locale,
        "Content-Digest": signing.content_digest(found.etag),
        "Signature-Input": found.signature_input,
        "Signature": found.signature,
    }
    return found, headers


def verified(db: Database, entry: str, locale: str = "nl") -> dict[str, Any]:
    """Return what an independent verifier learns of what is served of an article."""
    found, headers = served(db, entry, locale)
    return verifier.verify(found.status, headers, found.body, key_set(db))


# By the standard


def test_the_vector_of_the_standard_is_signed_as_it_says() -> None:
    made = KEY.sign(signing.base(B26_COVERED.items(), B26_PARAMS))
    assert base64.b64encode(made).decode() == B26_SIGNATURE


def test_the_vector_of_the_standard_is_read_and_verified() -> None:
    given = signing.read(f"sig-b26={B26_PARAMS}", f"sig-b26=:{B26_SIGNATURE}:", "sig-b26")
    assert given
    assert signing.verify(given, PUBLIC, B26_COVERED)
    assert not signing.verify(given, PUBLIC, {**B26_COVERED, "content-length": "19"})
    assert not signing.verify(given, PUBLIC, {name: B26_COVERED[name] for name in ("date", "@method")})


@pytest.mark.parametrize(
    ("public_key", "name"),
    [
        ("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"),  # RFC 8037, A.3
        (PUBLIC, "poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U"),
    ],
)
def test_a_key_is_named_by_its_thumbprint(public_key: str, name: str) -> None:
    assert signing.thumbprint(public_key) == name


def test_a_digest_is_written_as_the_standard_has_it() -> None:
    # RFC 9530, appendix B.1: {"hello": "world"}
    assert signing.content_digest(DIGEST) == "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"


def test_a_signature_is_found_among_others() -> None:
    ours = signing.sign(KEY, "k", COVERED, 1)
    noise = 'sig1=("@status" "x-odd;a");keyid="a, tolk=()";created=5'
    given = signing.read(f'{noise}, {ours.input}, z=("date")', f"sig1=:AAAA:, {ours.signature}, z=:AAAA:")
    assert given
    assert (given.covered, given.parameters["keyid"], given.parameters["created"]) == (signing.COVERED, "k", "1")
    assert signing.is_document(given)
    assert signing.verify(given, PUBLIC, COVERED)


@pytest.mark.parametrize(
    ("signature_input", "signature"),
    [
        ("", ""),
        ("tolk", "tolk"),
        ("tolk=()", ""),
        ("tolk=(", "tolk=:AAAA:"),
        ("tolk=1", "tolk=:AAAA:"),
        ('tolk=("@status";req)', "tolk=:AAAA:"),
        ('tolk=("@status")', "tolk=:AAA:"),
        ('other=("@status")', "tolk=:AAAA:"),
        ('tolk=("@status")', "other=:AAAA:"),
    ],
)
def test_what_cannot_be_read_is_no_signature(signature_input: str, signature: str) -> None:
    assert signing.read(signature_input, signature) is None


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ('"content-digest" ', ""),
        ('"@status" ', ""),
        ('"content-digest"', '"content-digest" "content-digest"'),
        ('tag="tolk-document"', 'tag="other"'),
        (';tag="tolk-document"', ""),
        ('alg="ed25519"', 'alg="hmac-sha256"'),
    ],
)
def test_a_signature_that_leaves_something_out_is_none_of_a_document(part: str, other: str) -> None:
    ours = signing.sign(KEY, "k", COVERED, 1)
    given = signing.read(ours.input.replace(part, other), ours.signature)
    assert given
    assert not signing.is_document(given)


@pytest.mark.parametrize("name", COVERED)
def test_nothing_that_is_covered_can_be_altered(name: str) -> None:
    ours = signing.sign(KEY, "k", COVERED, 1)
    given = signing.read(ours.input, ours.signature)
    assert given
    assert not signing.verify(given, PUBLIC, {**COVERED, name: "x"})


def test_a_key_that_is_none_verifies_nothing() -> None:
    ours = signing.sign(KEY, "k", COVERED, 1)
    given = signing.read(ours.input, ours.signature)
    assert given
    for key in ("", "AAAA", "no key!", signing.encoded(bytes(32))):
        assert not signing.verify(given, key, COVERED)


# What is served


def test_each_document_is_signed_and_an_independent_verifier_says_so(db: Database) -> None:
    article = published(db, "article")
    translate(db, article, "en")
    publish(db, article, "en", now=later(days=1))
    (key,) = signing_keys.every(db)
    for locale, at in (("nl", later(days=1)), ("en", later(days=1))):
        said = verified(db, article, locale)
        assert said == {
            "created": int(at.timestamp()), "keyid": key.id, "alg": "ed25519", "tag": "tolk-document",
        }  # fmt: skip


def test_the_notice_of_a_withdrawal_is_signed_too(db: Database) -> None:
    article = published(db, "article")
    withdraw(db, article, now=later(days=1), severity="safety")
    found, _ = served(db, article)
    assert found.status == documents.GONE
    assert verified(db, article)["created"] == int(later(days=1).timestamp())


def test_a_document_that_was_altered_is_found_out(db: Database) -> None:
    article = published(db, "article")
    found, headers = served(db, article)
    for status, body, changed in (
        (200, found.body.replace(b"Blijf", b"Stop"), {}),
        (203, found.body, {}),
        (200, found.body, {"Content-Language": "en"}),
        (200, found.body, {"Content-Type": "text/html"}),
    ):
        with pytest.raises(verifier.NOT_GOOD):
            verifier.verify(status, {**headers, **changed}, body, key_set(db))


def test_an_address_that_moved_is_not_signed(db: Database) -> None:
    article = published(db, "article", slug="oud")
    save(db, article, slug="nieuw")
    publish(db, article, now=later(days=1))
    moved = documents.read(db, "nl", "article", "oud")
    assert moved
    assert (moved.status, moved.signature_input, moved.signature) == (documents.MOVED, "", "")


def test_what_was_made_before_there_were_keys_is_signed_by_a_rebuild(db: Database) -> None:
    article = published(db, "article")
    with write(db):
        db.execute("update document set signature_input = '', signature = ''", [])
        for table in ("signature", "signing_key"):
            db.table(table).delete_where()
    assert served(db, article)[0].signature == ""
    assert rebuild(db, SITE, later(days=1)) == 0
    # These bytes have been served since they were published, and that is what their signature says.
    assert verified(db, article)["created"] == int(later().timestamp())


def test_a_rebuild_after_a_rotation_changes_no_byte(db: Database) -> None:
    article = published(db, "article")
    signing_keys.rotate(db, OPERATOR, now=later(days=1))
    before = everything(db)
    assert rebuild(db, SITE, later(days=2)) == 0
    assert everything(db) == before
    with write(db):
        db.table("document").delete_where()
    rebuild(db, SITE, later(days=2))
    assert everything(db) == before
    assert verified(db, article)


# Versions


def states(db: Database, article: str) -> list[tuple[int, int, str]]:
    """Return (version, status, how it stands) of every version that was served in Dutch, oldest first."""
    found = [row for row in rows(db, "signature") if row["entry"] == article and row["locale"] == "nl"]
    known = [signing_keys.Signature(**row) for row in sorted(found, key=lambda row: row["seq"])]
    return [(each.revision, each.status, standing.of(db, each).state) for each in known]


def test_every_version_that_was_served_can_be_looked_up(db: Database) -> None:
    article = published(db, "article")
    assert states(db, article) == [(1, 200, "current")]
    save(db, article, body=[a_paragraph("Rust.")])
    publish(db, article, now=later(days=1))
    assert states(db, article) == [(1, 200, "superseded"), (2, 200, "current")]
    withdraw(db, article, now=later(days=2))
    assert states(db, article) == [(1, 200, "withdrawn"), (2, 200, "withdrawn"), (2, 410, "withdrawn")]
    publish(db, article, now=later(days=3))
    assert [state for *_, state in states(db, article)] == ["superseded"] * 3 + ["current"]
    unpublish(db, article, now=later(days=4))
    assert {state for *_, state in states(db, article)} == {"unpublished"}


def test_a_renewal_is_told_from_another_text_also_when_events_are_kept_no_longer(db: Database) -> None:
    article = published(db, "article")
    renewal.keep(db, SITE, later(days=5))
    assert [state for *_, state in states(db, article)] == ["renewed", "current"]
    save(db, article, body=[a_paragraph("Rust.")])
    publish(db, article, now=later(days=6))
    renewal.keep(db, SITE, later(days=10))
    renewal.keep(db, SITE, later(days=15))
    expected = ["superseded", "superseded", "renewed", "renewed", "current"]
    assert [state for *_, state in states(db, article)] == expected
    assert pruning.prune(db, later(days=14))
    assert [state for *_, state in states(db, article)] == expected


def test_what_was_never_served_is_not_known(db: Database) -> None:
    published(db, "article")
    assert signing_keys.find(db, "0" * 64) is None


# Keys


def test_the_first_document_brings_the_first_key(db: Database) -> None:
    assert signing_keys.every(db) == []
    published(db, "article")
    (key,) = signing_keys.every(db)
    assert (key.state, key.id) == ("active", signing.thumbprint(key.public_key))


def test_after_a_rotation_old_signatures_are_good_and_new_ones_are_by_the_new_key(db: Database) -> None:
    old_article = published(db, "article")
    (old,) = signing_keys.every(db)
    new = signing_keys.rotate(db, OPERATOR, now=later(days=1))
    new_article = published(db, "article", title="Nieuw", now=later(days=2))
    assert verified(db, old_article)["keyid"] == old.id
    assert verified(db, new_article)["keyid"] == new.id
    assert [(key.id, key.state) for key in signing_keys.good(db)] == [(new.id, "active"), (old.id, "retired")]


def test_what_a_revoked_key_signed_is_signed_anew(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing_keys, "CHUNK", 2)
    article = published(db, "article")
    save(db, article, title="Anders")
    publish(db, article, now=later(days=1))
    gone = published(db, "article", title="Weg")
    withdraw(db, gone)
    served_before = {entry: served(db, entry)[0] for entry in (article, gone)}
    (old,) = signing_keys.every(db)
    signing_keys.revoke(db, OPERATOR, old.id, now=later(days=2))
    new = signing_keys.good(db)[0]
    count = len(rows(db, "signature"))
    assert signing_keys.sign_anew(db, later(days=2), limit=2) == 2
    assert signing_keys.sign_anew(db, later(days=2)) == count - 2
    assert signing_keys.sign_anew(db, later(days=2)) == 0
    assert {row["key"] for row in rows(db, "signature")} == {new.id}
    assert [(key.id, key.state) for key in signing_keys.every(db)] == [(new.id, "active"), (old.id, "revoked")]
    for entry, before in served_before.items():
        after = served(db, entry)[0]
        assert (after.body, after.etag, after.seq) == (before.body, before.etag, before.seq)
        assert verified(db, entry)["created"] == int(later(days=2).timestamp())
    kept = everything(db)
    assert rebuild(db, SITE, later(days=3)) == 0
    assert everything(db) == kept


def test_revoking_a_key_twice_revokes_it_once(db: Database) -> None:
    published(db, "article")
    (old,) = signing_keys.every(db)
    first = signing_keys.revoke(db, OPERATOR, old.id, now=later(days=1))
    assert signing_keys.revoke(db, OPERATOR, old.id, now=later(days=2)) == first
    assert [row["action"] for row in rows(db, "audit")] == ["signing_key.rotate", "signing_key.revoke"]
    assert "private" not in str(rows(db, "audit"))


def test_a_key_that_is_not_there_cannot_be_revoked(db: Database) -> None:
    with pytest.raises(NotFound):
        signing_keys.revoke(db, OPERATOR, "none", now=later())


def test_a_key_is_listed_without_its_secret(db: Database) -> None:
    published(db, "article")
    (row,) = rows(db, "signing_key")
    assert row["private_key"] not in str(signing_keys.every(db))
