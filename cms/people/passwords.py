"""Passwords: which are good enough, how they are kept (Argon2id, RFC 9106), whether one is right.

It knows nothing of sessions but that a new password ends the others.
"""

import unicodedata
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from importlib import resources

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cms.errors import Invalid, Problem
from cms.people import audit, one_time, sessions, users
from cms.people.users import User
from cms.store import Database, write

SHORTEST = 12
LONGEST = 1_024
FEWEST_DIFFERENT = 5
# 86 to 97 ms where it was measured; OWASP asks for one pass over as much memory, or two over 19 MiB.
HASHER = PasswordHasher(time_cost=2, memory_cost=47_104, parallelism=1)


def set_password(db: Database, user: str, password: str, *, keep: str = "", hasher: PasswordHasher = HASHER) -> None:
    """Give a user another password; all sessions but `keep`, and all links for setting a password, end.

    Raises Invalid with what is wrong with it, NotFound.
    """
    _refuse_weak(users.find(db, user), password)
    _store(db, user, hasher.hash(_normal(password)), keep)


def redeem(
    db: Database,
    token: str,
    purpose: one_time.Purpose,
    password: str,
    *,
    address: str = "",
    now: datetime,
    hasher: PasswordHasher = HASHER,
) -> User:
    """Set the password of whoever holds a one-time link, and use the link up; a refused password does not.

    Raises Expired, Invalid.
    """
    _refuse_weak(one_time.look(db, token, purpose, now), password)
    kept = hasher.hash(_normal(password))
    with write(db):
        user = one_time.use(db, token, purpose, now)
        _store(db, user.id, kept, "")
        audit.record(db, sessions.actor_for(user, address), "password.set", now=now, note=purpose)
        return users.find(db, user.id)


def problems(password: str, *, name: str = "", email: str = "") -> Iterator[Problem]:
    """Yield what is wrong with a password, for somebody of this name and e-mail address. Pure."""
    normal = _normal(password)
    if len(normal) < SHORTEST:
        yield Problem("/password", "password_too_short", {"minimum": SHORTEST})
    elif len(normal) > LONGEST:
        yield Problem("/password", "too_long", {"length": len(normal), "maximum": LONGEST})
    elif len(set(normal)) < FEWEST_DIFFERENT or _plain(normal) in _commonest():
        yield Problem("/password", "password_too_common")
    elif _plain(normal) in {_plain(name), _plain(email), _plain(email.partition("@")[0])}:
        yield Problem("/password", "password_is_yours")


def is_right(db: Database, user: User | None, password: str, *, hasher: PasswordHasher = HASHER) -> bool:
    """Tell whether this is the user's password, in the same time whether or not there is such a user.

    A hash made with other parameters than today's is made anew.
    """
    row = next(db.query("select password from tolk_user where id = ?", [user.id if user else ""]), {"password": ""})
    normal = _normal(password) if len(password) <= LONGEST else ""
    try:
        hasher.verify(row["password"] or _nobodys(hasher), normal)
    except (VerificationError, InvalidHashError):
        return False
    if user is None or not row["password"]:
        return False
    if hasher.check_needs_rehash(row["password"]):
        fresh = hasher.hash(normal)
        with write(db):
            db.execute(
                "update tolk_user set password = ? where id = ? and password = ?", [fresh, user.id, row["password"]]
            )
    return True


def _refuse_weak(user: User, password: str) -> None:
    if found := list(problems(password, name=user.name, email=user.email)):
        raise Invalid(found)


def _store(db: Database, user: str, kept: str, keep: str) -> None:
    with write(db):
        db.table("tolk_user").update(user, {"password": kept})
        sessions.close_all(db, user, but=keep)
        one_time.forget(db, user)


def _normal(password: str) -> str:
    """Return the password as it is hashed: the same however a keyboard composes it (NIST SP 800-63B, 5.1.1.2)."""
    # What is no text (a lone surrogate) would be refused by the hash.
    return unicodedata.normalize("NFKC", password).encode(errors="replace").decode()


def _plain(text: str) -> str:
    """Return the letters of a text, or all of it where it has none: `Welkom-2026!` is `welkom`."""
    folded = text.casefold()
    return "".join(filter(str.isalpha, folded)) or folded


@lru_cache(maxsize=1)
def _commonest() -> frozenset[str]:
    listed = resources.files("cms.people").joinpath("commonest.txt").read_text("utf-8").split()
    return frozenset(listed)


@lru_cache(maxsize=4)
def _nobodys(hasher: PasswordHasher) -> str:
    """Return a hash to compare with where there is none, so that it takes as long."""
    return hasher.hash("nobody's password")
