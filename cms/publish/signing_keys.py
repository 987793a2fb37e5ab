"""The keys that documents are signed with, and the signature of every version that was ever served.

A key is made when the first document needs one. It is active until another takes its place, retired (what it signed
is good) until it is revoked; then all that it signed is signed anew.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property, lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cms.content.identity import moment, stamp
from cms.errors import NotFound
from cms.people import audit
from cms.people.rights import Actor
from cms.publish import signing
from cms.publish.events import Told
from cms.publish.signing import Signed
from cms.store import Database, Row, write

ACTIVE, RETIRED, REVOKING, REVOKED = "active", "retired", "revoking", "revoked"
GOOD = (ACTIVE, RETIRED)
CHUNK = 200


@dataclass(frozen=True)
class SigningKey:
    """A key as it is listed. `state` is active, retired, revoking (what it signed is being signed anew) or revoked."""

    id: str
    public_key: str
    state: str
    created_at: str
    retired_at: str
    revoked_at: str


@dataclass(frozen=True)
class Signature:
    """What is known of one version of a document: its SHA-256, where and since when it was served, what proves it."""

    digest: str
    entry: str
    type: str
    locale: str
    revision: int
    status: int
    seq: int
    key: str
    input: str
    signature: str
    made_at: str


_COLUMNS = ", ".join(each.name for each in fields(Signature))


class Signer:
    """Signs what is served now, with the active key, which is looked up at the first use. For within one write."""

    def __init__(self, db: Database, now: datetime) -> None:
        self._db, self._now = db, now

    @cached_property
    def _key(self) -> tuple[str, Ed25519PrivateKey]:
        for row in self._db.query("select id, private_key from signing_key where state = ?", [ACTIVE]):
            return row["id"], _opened(row["private_key"])
        return _make(self._db, self._now)

    def sign(
        self, entry: str, type: str, locale: str, *, revision: int, status: int, told: Told, afresh: bool = False
    ) -> Signed:
        """Return the signature of a document that is as it was told, and keep it.

        `afresh` looks first whether it has a good one already, so that what is made again is the same.
        """
        if afresh and (known := self._known(told)):
            return known
        key, signed = self.made(status, told.etag, locale, told.at)
        row = Signature(
            told.etag, entry, type, locale, revision, status, told.seq, key, signed.input, signed.signature, told.at
        )
        self._db.table("signature").upsert(vars(row))
        return signed

    def made(self, status: int, digest: str, locale: str, at: str) -> tuple[str, Signed]:
        """Return a new signature, as made at that moment, and the id of its key."""
        key, private_key = self._key
        created = int(moment(at).timestamp())
        return key, signing.sign(private_key, key, signing.values(status, digest, locale), created)

    def _known(self, told: Told) -> Signed | None:
        rows = self._db.query(
            "select s.input, s.signature from signature s join signing_key k on k.id = s.key"
            " where s.digest = ? and s.seq = ? and k.state in (?, ?)",
            [told.etag, told.seq, *GOOD],
        )
        return next((Signed(row["input"], row["signature"]) for row in rows), None)


def find(db: Database, digest: str) -> Signature | None:
    """Return the signature of the version with this SHA-256, None where none was ever served."""
    rows = db.query(f"select {_COLUMNS} from signature where digest = ?", [digest])
    return next((Signature(**row) for row in rows), None)


def every(db: Database) -> list[SigningKey]:
    """Return all keys, the newest first."""
    return [_read(row) for row in db.table("signing_key").rows_where(order_by="created_at desc, id")]


def good(db: Database) -> list[SigningKey]:
    """Return the keys whose signatures are good, the active one first."""
    return sorted((key for key in every(db) if key.state in GOOD), key=lambda key: key.state != ACTIVE)


def rotate(db: Database, actor: Actor, *, now: datetime) -> SigningKey:
    """Make a new key and sign with it from now on; what the one before it signed stays good."""
    with write(db):
        key, _ = _make(db, now)
        audit.record(db, actor, "signing_key.rotate", now=now, after={"key": key})
        return _find(db, key)


def revoke(db: Database, actor: Actor, id: str, *, now: datetime) -> SigningKey:
    """End a key for good, so that nothing that it signed passes any more; the rest is `sign_anew`'s.

    Where it is the active one, another takes its place. Raises NotFound.
    """
    with write(db):
        key = _find(db, id)
        if key.state not in GOOD:
            return key
        if key.state == ACTIVE:
            rotate(db, actor, now=now)
        db.table("signing_key").update(id, {"state": REVOKING, "revoked_at": stamp(now)})
        audit.record(db, actor, "signing_key.revoke", now=now, before={"key": id})
        return _find(db, id)


def sign_anew(db: Database, now: datetime, limit: int = 5_000) -> int:
    """Sign again, in short writes, what revoked keys have signed; return how many signatures were made, up to `limit`.

    What the signatures say of old versions is believed, since they are rows of ours; their bytes are not needed.
    """
    done = 0
    for row in list(db.query("select id from signing_key where state = ? order by id", [REVOKING])):
        after = ""
        while done < limit and (rows := _signed_by(db, row["id"], after)):
            with write(db):
                signer = Signer(db, now)
                for each in rows:
                    _sign_again(db, signer, each, now)
            done, after = done + len(rows), rows[-1].digest
        with write(db):
            if not _signed_by(db, row["id"], ""):
                db.table("signing_key").update(row["id"], {"state": REVOKED})
    return done


def _sign_again(db: Database, signer: Signer, row: Signature, now: datetime) -> None:
    key, signed = signer.made(row.status, row.digest, row.locale, stamp(now))
    db.table("signature").update(row.digest, {"key": key, "input": signed.input, "signature": signed.signature})
    db.execute(
        "update document set signature_input = ?, signature = ?"
        " where entry = ? and locale = ? and status = ? and etag = ?",
        [signed.input, signed.signature, row.entry, row.locale, row.status, row.digest],
    )


def _signed_by(db: Database, key: str, after: str) -> list[Signature]:
    rows = db.table("signature").rows_where("key = ? and digest > ?", [key, after], order_by="digest", limit=CHUNK)
    return [Signature(**row) for row in rows]


def _make(db: Database, now: datetime) -> tuple[str, Ed25519PrivateKey]:
    """Make a key, active from now on, and retire the one that was."""
    private_key = Ed25519PrivateKey.generate()
    public_key = signing.encoded(private_key.public_key().public_bytes_raw())
    db.execute("update signing_key set state = ?, retired_at = ? where state = ?", [RETIRED, stamp(now), ACTIVE])
    made = SigningKey(signing.thumbprint(public_key), public_key, ACTIVE, stamp(now), "", "")
    db.table("signing_key").insert({**vars(made), "private_key": signing.encoded(private_key.private_bytes_raw())})
    return made.id, private_key


@lru_cache(maxsize=4)
def _opened(private_key: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(signing.decoded(private_key))


def _find(db: Database, id: str) -> SigningKey:
    for row in db.table("signing_key").rows_where("id = ?", [id]):
        return _read(row)
    raise NotFound("signing_key", id)


def _read(row: Row) -> SigningKey:
    return SigningKey(**{name: value for name, value in row.items() if name != "private_key"})
