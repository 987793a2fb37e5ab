"""What keys of every kind have in common: a secret that is known by its prefix and kept as a hash, and an end.

It knows neither whom a key is for nor what it opens.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from cms.content.fields import tidy
from cms.content.identity import stamp
from cms.errors import KeyExpired, KeyRefused, KeyRevoked, Problem
from cms.people import tokens
from cms.people.sessions import MAX_ADDRESS, kept
from cms.store import Database, Row, write

MARK = "tolk"  # so that scanners for leaked secrets know one when they see it
PREFIX_BYTES = 5
SEEN_EVERY = timedelta(minutes=1)
MAX_NAME = 200


def make(name: str, expires_at: datetime | None, now: datetime) -> tuple[dict[str, Any], str]:
    """Return the columns that a new key has whatever it is for, and its secret, which is in none of them."""
    prefix = tokens.make(PREFIX_BYTES)
    secret = f"{MARK}_{prefix}_{tokens.make()}"
    columns = {
        "prefix": prefix,
        "secret_hash": tokens.hashed(secret),
        "name": tidy(name),
        "created_at": stamp(now),
        "expires_at": stamp(expires_at) if expires_at else "",
        "last_used_at": "",
        "last_address": "",
        "revoked_at": "",
    }
    return columns, secret


def prefix_of(secret: str) -> str:
    """Return the part by which a key is known. Raises KeyRefused where the text is no secret of a key."""
    mark, _, rest = secret.partition("_")
    prefix, _, _ = rest.partition("_")
    if mark != MARK or not prefix.isalnum() or not prefix.isascii():
        raise KeyRefused
    return prefix


def is_whole(row: Row, secret: str) -> bool:
    """Tell whether a secret is wholly that of the key in the row."""
    return tokens.same(row["secret_hash"], tokens.hashed(secret))


def judge(row: Row, secret: str, now: datetime) -> None:
    """Raise KeyRefused unless the secret is that of the key in the row, and the key works.

    Who knows the whole secret is told that it was revoked or has expired, and nobody else.
    """
    if not is_whole(row, secret):
        raise KeyRefused
    if row["revoked_at"]:
        raise KeyRevoked
    if row["expires_at"] and row["expires_at"] <= stamp(now):
        raise KeyExpired


def note_use(db: Database, table: str, row: Row, address: str, now: datetime) -> None:
    """Keep when a key was last used and from where, once a minute at most."""
    if row["last_used_at"] <= stamp(now - SEEN_EVERY):
        with write(db):
            used = {"last_used_at": stamp(now), "last_address": kept(address, MAX_ADDRESS)}
            db.table(table).update(row["id"], used)


def state(revoked_at: str, expires_at: str, now: datetime) -> str:
    """Return whether a key works: active, expired or revoked."""
    if revoked_at:
        return "revoked"
    return "expired" if expires_at and expires_at <= stamp(now) else "active"


def name_problems(name: str) -> Iterator[Problem]:
    """Yield what is wrong with the name of a new key."""
    if not tidy(name):
        yield Problem("/name", "blank")
    elif len(name) > MAX_NAME:
        yield Problem("/name", "too_long", {"length": len(name), "maximum": MAX_NAME})


def end_problems(expires_at: datetime | None, now: datetime) -> Iterator[Problem]:
    """Yield what is wrong with the end of a new key."""
    if expires_at and expires_at <= now:
        yield Problem("/expires_at", "not_in_future", {"value": stamp(expires_at)})
