"""Who stands at the door of an API that changes things: every request shows a key, and none comes in too often.

It knows no operation.
"""

import math
import time
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import cast

from flask import Response, current_app, g, request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from api import bearer
from cms.errors import KeyOfPartner
from cms.partners import partner_keys
from cms.people import keys
from cms.people.rights import Actor
from cms.store import Database

PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE",
    "Access-Control-Allow-Headers": (
        "Authorization, Content-Type, Accept-Language, If-Match, If-None-Match, Idempotency-Key, X-Request-ID"
    ),
    "Access-Control-Max-Age": "600",
}


class Door:
    """Lets requests in; counts them for each key in this process."""

    def __init__(self, per_minute: int, origins: Collection[str], who: Callable[[str], Actor]) -> None:
        """Let in whom `who` knows by the secret that is shown."""
        self._who = who
        self._limit = RateLimitItemPerMinute(per_minute)
        self._counted = FixedWindowRateLimiter(MemoryStorage())
        self._origins = frozenset(origins)

    def enter(self) -> Response | None:
        """Learn who asks. Raises KeyRefused, Throttled, TooManyRequests."""
        if request.method == "OPTIONS":
            return current_app.make_default_options_response()
        g.secret = bearer.secret()
        g.actor = self._who(g.secret)
        if not self._counted.hit(self._limit, g.actor.id):
            ends = self._counted.get_window_stats(self._limit, g.actor.id).reset_time
            raise TooManyRequests(retry_after=max(1, math.ceil(ends - time.time())))
        return None

    def leave(self, response: Response) -> Response:
        """Keep the answer from everybody else's caches, and from scripts of sites that are not named."""
        response.headers["Cache-Control"] = "private, no-store"
        response.vary.update(("Authorization", "Accept-Language"))
        if self._origins:
            response.vary.add("Origin")
            if (origin := request.headers.get("Origin", "")) in self._origins:
                response.headers["Access-Control-Allow-Origin"] = origin
                if request.method == "OPTIONS":
                    response.headers.update(PREFLIGHT)
        return response


def program(secret: str) -> Actor:
    """Return the actor that a key for the management API stands for. Raises KeyRefused, Throttled."""
    return bearer.known(db(), secret, keys.who, partner_keys.knows, KeyOfPartner, now())


def actor() -> Actor:
    """Return who asks."""
    return cast(Actor, g.actor)


def secret() -> str:
    """Return the key that was shown, for what only its holder may read again."""
    return cast(str, g.secret)


def db() -> Database:
    """Return this thread's connection."""
    found: Database = current_app.extensions["tolk_connections"].get()
    return found


def now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)
