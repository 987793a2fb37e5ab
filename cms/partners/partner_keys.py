"""The keys of partners: what opens the delivery API to a partner, and nothing else. The store keeps only hashes."""

from dataclasses import dataclass
from datetime import datetime

from cms.content.identity import new_id, stamp
from cms.errors import Invalid, KeyRefused, NotFound, PartnerSuspended
from cms.partners import partners
from cms.partners.partners import Partner
from cms.people import key_secrets
from cms.store import Database, Row, write

# Written out once: every request of a partner asks it.
_BY_PREFIX = "select id, secret_hash, partner, expires_at, last_used_at, revoked_at from partner_key where prefix = ?"


@dataclass(frozen=True)
class PartnerKey:
    """A key as it is listed; what has not happened, or never will, is empty."""

    id: str
    prefix: str
    name: str
    partner: str
    created_at: str
    expires_at: str
    last_used_at: str
    last_address: str
    revoked_at: str

    def state(self, now: datetime) -> str:
        """Return whether it works, its partner allowing: active, expired or revoked."""
        return key_secrets.state(self.revoked_at, self.expires_at, now)


def make(
    db: Database, *, partner: str, name: str, expires_at: datetime | None = None, now: datetime
) -> tuple[PartnerKey, str]:
    """Make a key for a partner, and return it with its secret, which is never to be had again.

    Raises Invalid, NotFound where there is no such partner.
    """
    columns, secret = key_secrets.make(name, expires_at, now)
    id = new_id()
    with write(db):
        partners.find(db, partner)
        if problems := [*key_secrets.name_problems(name), *key_secrets.end_problems(expires_at, now)]:
            raise Invalid(problems)
        db.table("partner_key").insert({"id": id, **columns, "partner": partner})
        return find(db, id), secret


def who(db: Database, secret: str, *, address: str, now: datetime) -> Partner:
    """Return the partner that a secret stands for.

    Raises KeyRefused; who knows the whole secret is told that it was revoked, has expired, or that the partner is
    suspended, and nobody else.
    """
    for row in db.query(_BY_PREFIX, [key_secrets.prefix_of(secret)]):
        key_secrets.judge(row, secret, now)
        partner = partners.find(db, row["partner"])
        if not partner.is_active:
            raise PartnerSuspended
        key_secrets.note_use(db, "partner_key", row, address, now)
        return partner
    raise KeyRefused


def knows(db: Database, secret: str) -> bool:
    """Tell whether a secret is that of any partner's key, good or not: for who was shown it at another door."""
    rows = db.query("select secret_hash from partner_key where prefix = ?", [key_secrets.prefix_of(secret)])
    return any(key_secrets.is_whole(row, secret) for row in rows)


def revoke(db: Database, id: str, *, now: datetime) -> PartnerKey:
    """End a key for good. Raises NotFound."""
    with write(db):
        if not (key := find(db, id)).revoked_at:
            db.table("partner_key").update(id, {"revoked_at": stamp(now)})
            key = find(db, id)
        return key


def find(db: Database, id: str) -> PartnerKey:
    """Return the key of this id. Raises NotFound."""
    for row in db.table("partner_key").rows_where("id = ?", [id]):
        return _read(row)
    raise NotFound("key", id)


def of(db: Database, partner: str) -> list[PartnerKey]:
    """Return the keys of a partner, the newest first."""
    rows = db.table("partner_key").rows_where("partner = ?", [partner], order_by="created_at desc, id")
    return [_read(row) for row in rows]


def every(db: Database) -> list[PartnerKey]:
    """Return the keys of all partners, the newest first."""
    return [_read(row) for row in db.table("partner_key").rows_where(order_by="created_at desc, id")]


def _read(row: Row) -> PartnerKey:
    return PartnerKey(**{name: row[name] for name in PartnerKey.__dataclass_fields__})
