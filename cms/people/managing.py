"""Managing people and keys: the right is required, the change is made, and both are audited, in one write."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from cms.errors import Forbidden
from cms.people import audit, keys, one_time, own_secrets, sessions, totp, users
from cms.people.keys import Key
from cms.people.rights import ANY, Actor, Scopes, require
from cms.people.users import User
from cms.store import Database, write

INVITE_HOURS = 7 * 24


def add_user(
    db: Database,
    actor: Actor,
    *,
    name: str,
    email: str,
    roles: Iterable[str],
    locales: Iterable[str] = (),
    language: str = "",
    now: datetime,
) -> tuple[User, str]:
    """Add a user, and return the user with the token of a link to set the first password. Raises Invalid."""
    require(actor, "people.manage")
    with write(db):
        user = users.add(db, name=name, email=email, roles=roles, locales=locales, language=language, now=now)
        audit.record(db, actor, "user.add", now=now, after=asdict(user), note=user.email)
        return user, one_time.make(db, user.id, "invite", now=now, hours=INVITE_HOURS)


def change_user(db: Database, actor: Actor, id: str, *, now: datetime, **fields: Any) -> User:
    """Change a user as `users.change` does. Raises what it raises."""
    require(actor, "people.manage")
    with write(db):
        before = users.find(db, id)
        user = users.change(db, id, now=now, **fields)
        audit.record(db, actor, "user.change", now=now, before=asdict(before), after=asdict(user), note=user.email)
        return user


def reset_password(db: Database, actor: Actor, id: str, *, now: datetime) -> str:
    """Return the token of a link with which the user sets another password; the one of now goes on until then."""
    require(actor, "people.manage")
    with write(db):
        user = users.find(db, id)
        audit.record(db, actor, "user.reset", now=now, note=user.email)
        return one_time.make(db, user.id, "reset", now=now)


def reset_second_factor(db: Database, actor: Actor, id: str, *, now: datetime) -> None:
    """Take away a user's authenticator, recovery codes and passkeys, for who has lost them; end all sessions."""
    require(actor, "people.manage")
    # Reading certificates takes long to load, and every command would wait for it.
    from cms.people import passkeys

    with write(db):
        user = users.find(db, id)
        totp.remove(db, id)
        for passkey in passkeys.of(db, id):
            passkeys.remove(db, id, passkey.id)
        sessions.close_all(db, id)
        audit.record(db, actor, "user.reset_second_factor", now=now, note=user.email)


def make_key(
    db: Database,
    actor: Actor,
    *,
    name: str,
    owner: str,
    scopes: Scopes,
    expires_at: datetime | None = None,
    now: datetime,
) -> tuple[Key, str]:
    """Make a key as `keys.make` does; a key makes none that may more than itself. Raises Forbidden, Invalid."""
    require(actor, "keys.manage")
    if actor.scopes is not None and not _within(scopes, actor.scopes):
        raise Forbidden("keys.manage")
    with write(db):
        key, secret = keys.make(db, name=name, owner=owner, scopes=scopes, expires_at=expires_at, now=now)
        audit.record(db, actor, "key.make", now=now, after=asdict(key), note=key.prefix)
        return key, secret


def revoke_key(db: Database, actor: Actor, id: str, *, now: datetime) -> Key:
    """End a key for good. Raises NotFound."""
    require(actor, "keys.manage")
    with write(db):
        before = keys.find(db, id)
        key = keys.revoke(db, id, now=now)
        audit.record(db, actor, "key.revoke", now=now, before=asdict(before), after=asdict(key), note=key.prefix)
        return key


def rotate_secrets(db: Database, actor: Actor, *, now: datetime) -> int:
    """Make what the installation signs with anew and end all sessions; return how many ended. Raises Forbidden.

    No link to a preview is good any longer, and everybody signs in again. Keys, and links to set a password, go on.
    """
    require(actor, "people.manage")
    with write(db):
        own_secrets.forget(db)
        ended = sessions.close_everybody(db)
        audit.record(db, actor, "secret.rotate", now=now, after={"sessions": ended})
        return ended


def _within(asked: Scopes, own: Scopes) -> bool:
    return (
        (ANY in own.actions or asked.actions <= own.actions)
        and (not own.types or (bool(asked.types) and asked.types <= own.types))
        and (not own.locales or (bool(asked.locales) and asked.locales <= own.locales))
    )
