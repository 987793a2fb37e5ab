"""Links and tickets that are good for one use: to set a password, to go on after one, to answer a challenge.

It knows not what they are carried by.
"""

import contextlib
from datetime import datetime, timedelta
from typing import Literal

from cms.content.identity import stamp
from cms.errors import Expired, NotFound
from cms.people import tokens, users
from cms.people.users import User
from cms.store import Database, write

Purpose = Literal["reset", "invite", "second", "passkey.add", "passkey.sign_in"]
LINKS: tuple[Purpose, ...] = ("reset", "invite")


def make(db: Database, user: str, purpose: Purpose, *, now: datetime, hours: float = 24) -> str:
    """Return a new token for the user of this id; earlier ones for a link of the same purpose are good no more."""
    token = tokens.make()
    with write(db):
        if purpose in LINKS:
            db.table("one_time").delete_where("person = ? and purpose = ?", [user, purpose])
        keep(db, token, user, purpose, now=now, hours=hours)
    return token


def keep(db: Database, token: str, user: str, purpose: Purpose, *, now: datetime, hours: float) -> None:
    """Remember a token that was made elsewhere; `user` is empty where it is not known yet."""
    with write(db):
        db.table("one_time").delete_where("expires_at <= ?", [stamp(now)])
        db.table("one_time").insert(
            {
                "token_hash": tokens.hashed(token),
                "purpose": purpose,
                "person": user,
                "made_at": stamp(now),
                "expires_at": stamp(now + timedelta(hours=hours)),
            }
        )


def look(db: Database, token: str, purpose: Purpose, now: datetime) -> User:
    """Return whom a token is for, without using it. Raises Expired."""
    rows = db.query(
        "select person from one_time where token_hash = ? and purpose = ? and expires_at > ?",
        [tokens.hashed(token), purpose, stamp(now)],
    )
    for row in rows:
        return _active(db, row["person"])
    raise Expired


def link(db: Database, token: str, now: datetime) -> tuple[User, Purpose]:
    """Return whom the token of a link is for, and for what, without using it. Raises Expired."""
    for purpose in LINKS:
        with contextlib.suppress(Expired):
            return look(db, token, purpose, now), purpose
    raise Expired


def use(db: Database, token: str, purpose: Purpose, now: datetime) -> User:
    """Return whom a token is for, and use it up. Raises Expired where it was used before, is unknown or too old."""
    with write(db):
        user = look(db, token, purpose, now)
        take(db, token, purpose, now)
        return user


def take(db: Database, token: str, purpose: Purpose, now: datetime) -> None:
    """Use up a token, whomever it is for. Raises Expired."""
    with write(db):
        found = db.table("one_time").delete_where(
            "token_hash = ? and purpose = ? and expires_at > ?", [tokens.hashed(token), purpose, stamp(now)]
        )
        if not found:
            raise Expired


def forget(db: Database, user: str) -> None:
    """Make all that was given to a user good no more."""
    with write(db):
        db.table("one_time").delete_where("person = ?", [user])


def _active(db: Database, user: str) -> User:
    try:
        found = users.find(db, user)
    except NotFound:
        raise Expired from None
    if found.state != "active":
        raise Expired
    return found
