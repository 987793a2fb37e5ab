"""Keys: what a program signs in with, for an owner, within scopes. The store keeps only the hash of the secret."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import orjson

from cms import locales as tags
from cms.content import types
from cms.content.identity import new_id, stamp
from cms.errors import Invalid, KeyRefused, NotFound, Problem
from cms.people import key_secrets, users
from cms.people.rights import ACTIONS, ANY, Actor, Scopes
from cms.store import Database, Row, write

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
        return key_secrets.state(self.revoked_at, self.expires_at, now)


def make(
    db: Database, *, name: str, owner: str, scopes: Scopes, expires_at: datetime | None = None, now: datetime
) -> tuple[Key, str]:
    """Make a key for the user `owner`, and return it with its secret, which is never to be had again.

    Raises Invalid, NotFound where there is no such owner.
    """
    columns, secret = key_secrets.make(name, expires_at, now)
    id = new_id()
    with write(db):
        problems = [
            *key_secrets.name_problems(name),
            *_scope_problems(scopes),
            *key_secrets.end_problems(expires_at, now),
        ]
        if users.find(db, owner).state != "active":
            problems.append(Problem("/owner", "owner_disabled"))
        if problems:
            raise Invalid(problems)
        db.table("api_key").insert({"id": id, **columns, "owner": owner, "scopes": _written(scopes)})
        return find(db, id), secret


def who(db: Database, secret: str, *, address: str, now: datetime) -> Actor:
    """Return the actor that a secret stands for: its owner's roles of now, within its scopes.

    Raises KeyRefused; who knows the whole secret is told that it was revoked or has expired, and nobody else.
    """
    rows = db.query(
        f"select {_COLUMNS}, k.secret_hash, u.name as owner_name, u.roles, u.locales, u.language, u.state"
        " from api_key k join tolk_user u on u.id = k.owner where k.prefix = ?",
        [key_secrets.prefix_of(secret)],
    )
    for row in rows:
        key_secrets.judge(row, secret, now)
        if row["state"] != "active":
            break
        key_secrets.note_use(db, "api_key", row, address, now)
        key = _read(row)
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


def knows(db: Database, secret: str) -> bool:
    """Tell whether a secret is that of any key here, good or not: for who was shown it at another door."""
    rows = db.query("select secret_hash from api_key where prefix = ?", [key_secrets.prefix_of(secret)])
    return any(key_secrets.is_whole(row, secret) for row in rows)


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


def _written(scopes: Scopes) -> str:
    return orjson.dumps({name: sorted(getattr(scopes, name)) for name in ("actions", "types", "locales")}).decode()


def _read(row: Row) -> Key:
    scopes = Scopes(**{name: frozenset(values) for name, values in orjson.loads(row["scopes"]).items()})
    names = ("id", "prefix", "name", "owner", "created_at", "expires_at", "last_used_at", "revoked_at")
    return Key(scopes=scopes, **{name: row[name] for name in names})


def _scope_problems(scopes: Scopes) -> Iterator[Problem]:
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
