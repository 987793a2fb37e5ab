"""Keys: what a program signs in with, for an owner, within scopes. The store keeps only the hash of the secret."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from cms import locales as tags
from cms.content import types
from cms.content.fields import tidy
from cms.content.identity import new_id, stamp
from cms.errors import Invalid, KeyExpired, KeyRefused, KeyRevoked, NotFound, Problem
from cms.people import tokens, users
from cms.people.rights import ACTIONS, ANY, Actor, Scopes
from cms.people.sessions import MAX_ADDRESS, kept
from cms.store import Database, Row, write

MARK = "tolk"  # so that scanners for leaked secrets know one when they see it
PREFIX_BYTES = 5
SEEN_EVERY = timedelta(minutes=1)
MAX_NAME = 200

_COLUMNS = "k.id, k.prefix, k.name, k.owner, k.scopes, k.created_at, k.expires_at, k.last_used_at, k.revoked_at"


@dataclass(frozen=True)
class Key:
    """A key as it is listed; what has not happened, or never will, is empty."""

    id: str
    prefix: str
    name: str
    owner: str
    scopes: Scopes
    created_at: str
    expires_at: str
    last_used_at: str
    revoked_at: str

    def state(self, now: datetime) -> str:
        """Return whether it works: active, expired or revoked."""
        if self.revoked_at:
            return "revoked"
        return "expired" if self.expires_at and self.expires_at <= stamp(now) else "active"


def make(
    db: Database, *, name: str, owner: str, scopes: Scopes, expires_at: datetime | None = None, now: datetime
) -> tuple[Key, str]:
    """Make a key for the user `owner`, and return it with its secret, which is never to be had again.

    Raises Invalid, NotFound where there is no such owner.
    """
    prefix = tokens.make(PREFIX_BYTES)
    secret = f"{MARK}_{prefix}_{tokens.make()}"
    id = new_id()
    with write(db):
        problems = list(_problems(name, scopes, expires_at, now))
        if users.find(db, owner).state != "active":
            problems.append(Problem("/owner", "owner_disabled"))
        if problems:
            raise Invalid(problems)
        db.table("api_key").insert(
            {
                "id": id,
                "prefix": prefix,
                "secret_hash": tokens.hashed(secret),
                "name": tidy(name),
                "owner": owner,
                "scopes": _written(scopes),
                "created_at": stamp(now),
                "expires_at": stamp(expires_at) if expires_at else "",
                "last_used_at": "",
                "last_address": "",
                "revoked_at": "",
            }
        )
        return find(db, id), secret


def who(db: Database, secret: str, *, address: str, now: datetime) -> Actor:
    """Return the actor that a secret stands for: its owner's roles of now, within its scopes.

    Raises KeyRefused; who knows the whole secret is told that it was revoked or has expired, and nobody else.
    """
    mark, _, rest = secret.partition("_")
    prefix, _, _ = rest.partition("_")
    if mark != MARK or not prefix.isalnum() or not prefix.isascii():
        raise KeyRefused
    rows = db.query(
        f"select {_COLUMNS}, k.secret_hash, u.name as owner_name, u.roles, u.locales, u.language, u.state"
        " from api_key k join tolk_user u on u.id = k.owner where k.prefix = ?",
        [prefix],
    )
    for row in rows:
        key = _read(row)
        if not tokens.same(row["secret_hash"], tokens.hashed(secret)):
            break
        if key.revoked_at:
            raise KeyRevoked
        if key.expires_at and key.expires_at <= stamp(now):
            raise KeyExpired
        if row["state"] != "active":
            break
        if key.last_used_at <= stamp(now - SEEN_EVERY):
            _use(db, key.id, address, stamp(now))
        return Actor(
            key.id,
            f"{key.name} ({row['owner_name']})",
            "key",
            frozenset(row["roles"].split()),
            frozenset(row["locales"].split()),
            key.scopes,
            address,
            row["language"],
        )
    raise KeyRefused


def revoke(db: Database, id: str, *, now: datetime) -> Key:
    """End a key for good. Raises NotFound."""
    with write(db):
        if not (key := find(db, id)).revoked_at:
            db.table("api_key").update(id, {"revoked_at": stamp(now)})
            key = find(db, id)
        return key


def find(db: Database, id: str) -> Key:
    """Return the key of this id. Raises NotFound."""
    for row in db.query(f"select {_COLUMNS} from api_key k where k.id = ?", [id]):
        return _read(row)
    raise NotFound("key", id)


def every(db: Database) -> list[Key]:
    """Return all keys, the newest first."""
    return [_read(row) for row in db.query(f"select {_COLUMNS} from api_key k order by k.created_at desc, k.id")]


def _use(db: Database, id: str, address: str, at: str) -> None:
    with write(db):
        db.table("api_key").update(id, {"last_used_at": at, "last_address": kept(address, MAX_ADDRESS)})


def _written(scopes: Scopes) -> str:
    return orjson.dumps({name: sorted(getattr(scopes, name)) for name in ("actions", "types", "locales")}).decode()


def _read(row: Row) -> Key:
    scopes = Scopes(**{name: frozenset(values) for name, values in orjson.loads(row["scopes"]).items()})
    names = ("id", "prefix", "name", "owner", "created_at", "expires_at", "last_used_at", "revoked_at")
    return Key(scopes=scopes, **{name: row[name] for name in names})


def _problems(name: str, scopes: Scopes, expires_at: datetime | None, now: datetime) -> Iterator[Problem]:
    if not tidy(name):
        yield Problem("/name", "blank")
    elif len(name) > MAX_NAME:
        yield Problem("/name", "too_long", {"length": len(name), "maximum": MAX_NAME})
    if not scopes.actions:
        yield Problem("/scopes/actions", "required")
    known = {
        "actions": (set(ACTIONS) | {ANY}, sorted(ACTIONS)),
        "types": ({kind.name for kind in types.every()}, sorted(kind.name for kind in types.every())),
    }
    for field, (possible, choices) in known.items():
        for unknown in sorted(getattr(scopes, field) - possible):
            yield Problem(f"/scopes/{field}", "not_a_choice", {"value": unknown[:80], "choices": choices})
    for locale in sorted(scopes.locales):
        if not tags.is_standard(locale):
            yield Problem("/scopes/locales", "not_a_language_tag", {"value": locale[:80]})
    if expires_at and expires_at <= now:
        yield Problem("/expires_at", "not_in_future", {"value": stamp(expires_at)})
