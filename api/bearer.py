"""Keys as requests show them: read from the Authorization header, known or refused, wrong ones counted.

It knows not what a key opens.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from flask import request

from cms.errors import KeyMissing, KeyRefused
from cms.people import throttle
from cms.people.throttle import Limit
from cms.store import Database

MOST_REFUSED = 30  # wrong keys that one address may show in a quarter of an hour

Known = TypeVar("Known")


def secret() -> str:
    """Return the secret that the request shows, empty where it shows something else. Raises KeyMissing."""
    scheme, _, given = request.headers.get("Authorization", "").strip().partition(" ")
    if not scheme:
        raise KeyMissing
    # RFC 9110, 11.1: the name of a scheme may be written in any case.
    return given.strip() if scheme.lower() == "bearer" else ""


def known(
    db: Database,
    shown: str,
    who: Callable[..., Known],
    elsewhere: Callable[[Database, str], bool],
    stranger: type[KeyRefused],
    now: datetime,
) -> Known:
    """Return whom a secret stands for by `who`. Raises KeyRefused, Throttled.

    `stranger` is raised where the key is good for another door, as `elsewhere` tells.
    """
    address = request.remote_addr or ""
    try:
        return who(db, shown, address=address, now=now)
    except KeyRefused as error:
        # Only what fails is counted: who has a good key is let in, whatever others at the same address do.
        throttle.enter(db, [Limit(f"key {throttle.place(address)}", MOST_REFUSED)], now)
        if type(error) is KeyRefused and elsewhere(db, shown):
            raise stranger from None
        raise
