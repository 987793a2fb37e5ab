"""Signing in: from a password, a code or a passkey to a session. Whoever is refused learns nothing from it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from argon2 import PasswordHasher

from cms.errors import SignInRefused
from cms.people import audit, one_time, passkeys, passwords, recovery, sessions, throttle, totp, users
from cms.people.throttle import DAY, Limit
from cms.people.users import User
from cms.store import Database, write

TICKET_HOURS = 1 / 6


@dataclass(frozen=True)
class SignedIn:
    """A session was opened: the browser is to keep this token."""

    token: str
    user: User


@dataclass(frozen=True)
class SecondFactor:
    """The password is right, and a code is wanted: the browser is to come back with this ticket."""

    ticket: str


def sign_in(
    db: Database,
    email: str,
    password: str,
    *,
    address: str,
    agent: str,
    now: datetime,
    hasher: PasswordHasher = passwords.HASHER,
) -> SignedIn | SecondFactor:
    """Sign in by password. Raises SignInRefused, Throttled."""
    place, account = throttle.place(address), users.email_key(email) or email
    mine = [f"account {account}", f"account {account} from {place}"]
    # Tighter from one place than from all: a stranger elsewhere should not easily lock somebody out.
    limits = [Limit(mine[0], 30), Limit(mine[1], 5), Limit(f"place {place}", 30)]
    attempt = throttle.enter(db, limits, now)
    user = users.by_email(db, email)
    right = passwords.is_right(db, user, password, hasher=hasher)
    if user is None or user.state != "active" or not right:
        raise SignInRefused
    throttle.forgive(db, attempt, mine)
    if user.has_totp:
        return SecondFactor(one_time.make(db, user.id, "second", now=now, hours=TICKET_HOURS))
    return _open(db, user, "password", address, agent, now)


def second(db: Database, ticket: str, code: str, *, address: str, agent: str, now: datetime) -> SignedIn:
    """Sign in by the code of an authenticator, or a recovery code. Raises SignInRefused, Throttled, Expired."""
    user = one_time.look(db, ticket, "second", now)
    subject = f"second {user.id}"
    attempt = throttle.enter(db, [Limit(subject, 5), Limit(subject, 20, DAY)], now)
    if totp.check(db, user.id, code, now=now):
        means = "password, code"
    elif recovery.use(db, user.id, code):
        means = "password, recovery code"
    else:
        raise SignInRefused
    throttle.forgive(db, attempt, [subject])
    one_time.take(db, ticket, "second", now)
    return _open(db, user, means, address, agent, now)


def by_passkey(
    db: Database, response: Any, *, rp_id: str, origin: str, address: str, agent: str, now: datetime
) -> SignedIn:
    """Sign in by what a passkey answered to `passkeys.sign_in_options`. Raises SignInRefused."""
    user = passkeys.verified(db, response, rp_id=rp_id, origin=origin, now=now)
    return _open(db, user, "passkey", address, agent, now)


def count_sso(db: Database, *, address: str, now: datetime) -> None:
    """Count that somebody there asks to be vouched for, which asks another service. Raises Throttled."""
    throttle.enter(db, [Limit(f"sso {throttle.place(address)}", 60)], now)


def by_sso(db: Database, email: str, *, address: str, agent: str, now: datetime) -> SignedIn:
    """Sign in whoever has this address, for which a trusted service vouched. Raises SignInRefused."""
    user = users.by_email(db, email)
    if user is None or user.state != "active":
        raise SignInRefused
    return _open(db, user, "single sign-on", address, agent, now)


def _open(db: Database, user: User, means: str, address: str, agent: str, now: datetime) -> SignedIn:
    with write(db):
        token = sessions.open_session(db, user.id, address=address, agent=agent, now=now)
        actor = sessions.actor_for(user, sessions.kept(address, sessions.MAX_ADDRESS))
        audit.record(db, actor, "session.open", now=now, note=means)
    return SignedIn(token, user)
