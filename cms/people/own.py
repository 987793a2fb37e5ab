"""What people change of themselves: audited, and with their password asked again where it makes signing in easier."""

from datetime import datetime
from typing import Any

from argon2 import PasswordHasher

from cms.errors import Forbidden, Invalid, Problem
from cms.people import audit, passkeys, passwords, recovery, sessions, throttle, totp, users
from cms.people.passkeys import Passkey
from cms.people.rights import Actor
from cms.people.users import User
from cms.store import Database, write


def change(db: Database, actor: Actor, *, name: str | None = None, language: str | None = None, now: datetime) -> User:
    """Change one's own name or language. Raises Invalid."""
    with write(db):
        before = _myself(db, actor)
        user = users.change(db, actor.id, name=name, language=language, now=now)
        was = {"name": before.name, "language": before.language}
        audit.record(db, actor, "own.change", now=now, before=was, after={"name": user.name, "language": user.language})
        return user


def set_password(
    db: Database,
    actor: Actor,
    old: str,
    new: str,
    *,
    keep: str = "",
    now: datetime,
    hasher: PasswordHasher = passwords.HASHER,
) -> None:
    """Set another password, given the old one; all sessions but `keep` end. Raises Invalid, Throttled."""
    confirm_password(db, actor, old, now=now, hasher=hasher)
    passwords.set_password(db, actor.id, new, keep=keep, hasher=hasher)
    _record(db, actor, "password.set", now)


def confirm_password(
    db: Database, actor: Actor, password: str, *, now: datetime, hasher: PasswordHasher = passwords.HASHER
) -> None:
    """Raise Invalid at `/password_now` unless this is one's own password; Throttled where it is tried too often.

    Who has none, and signs in by a passkey, is asked for none.
    """
    user = _myself(db, actor)
    if not user.has_password:
        return
    subject = f"own {actor.id}"
    attempt = throttle.enter(db, [throttle.Limit(subject, 5)], now)
    if not passwords.is_right(db, user, password, hasher=hasher):
        raise Invalid([Problem("/password_now", "wrong_password")])
    throttle.forgive(db, attempt, [subject])


def confirm_totp(db: Database, actor: Actor, code: str, *, now: datetime) -> list[str]:
    """Turn on the authenticator that `totp.offer` offered; return recovery codes. Raises Invalid, Throttled."""
    _myself(db, actor)
    subject = f"offer {actor.id}"
    attempt = throttle.enter(db, [throttle.Limit(subject, 10)], now)
    with write(db):
        codes = totp.confirm(db, actor.id, code, now=now)
        _record(db, actor, "totp.on", now)
    throttle.forgive(db, attempt, [subject])
    return codes


def remove_totp(db: Database, actor: Actor, *, now: datetime) -> None:
    """Turn one's authenticator off; ask for the password first (`confirm_password`)."""
    _myself(db, actor)
    with write(db):
        totp.remove(db, actor.id)
        _record(db, actor, "totp.off", now)


def new_recovery_codes(db: Database, actor: Actor, *, now: datetime) -> list[str]:
    """Return new recovery codes in place of the old; ask for the password first (`confirm_password`)."""
    if not _myself(db, actor).has_totp:
        raise Forbidden("recovery_codes.make")
    with write(db):
        _record(db, actor, "recovery_codes.make", now)
        return recovery.make(db, actor.id, now=now)


def add_passkey(
    db: Database, actor: Actor, response: Any, *, name: str, rp_id: str, origin: str, now: datetime
) -> Passkey:
    """Add the passkey that a browser made. Raises Invalid, Expired."""
    _myself(db, actor)
    passkey = passkeys.add(db, actor.id, response, name=name, rp_id=rp_id, origin=origin, now=now)
    _record(db, actor, "passkey.add", now, passkey.name)
    return passkey


def remove_passkey(db: Database, actor: Actor, id: str, *, now: datetime) -> bool:
    """Remove one of one's own passkeys, and return whether there was such a one."""
    _myself(db, actor)
    with write(db):
        found = passkeys.remove(db, actor.id, id)
        if found:
            _record(db, actor, "passkey.remove", now, id)
        return found


def sign_out_everywhere(db: Database, actor: Actor, *, but: str = "", now: datetime) -> int:
    """End all of one's own sessions but the one with this id, and return how many."""
    _myself(db, actor)
    with write(db):
        _record(db, actor, "session.close_all", now)
        return sessions.close_all(db, actor.id, but=but)


def _myself(db: Database, actor: Actor) -> User:
    """Return the person who acts. Raises Forbidden where it is a key or the operator."""
    if actor.kind != "person":
        raise Forbidden("own.change")
    return users.find(db, actor.id)


def _record(db: Database, actor: Actor, action: str, now: datetime, note: str = "") -> None:
    with write(db):
        audit.record(db, actor, action, now=now, note=note)
