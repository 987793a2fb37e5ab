"""The edge of the application: what every answer carries, whatever it says. It knows no address and no content."""

import re
from collections.abc import Callable, Iterable
from secrets import token_hex
from typing import Any

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]

GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
# Where people and keys come in to change things: no other site's scripts have business there.
PRIVATE = ("/admin", "/manage", "/v1/partner/")
REQUEST_ID = "tolk.request_id"  # where in the environ the application finds the name of a request

EVERY_ANSWER = [
    ("X-Content-Type-Options", "nosniff"),
    (
        "Access-Control-Expose-Headers",
        "Content-Digest, Content-Language, Content-Location, ETag, Link, Location, Retry-After, Signature,"
        " Signature-Input, X-Request-ID",
    ),
]
# Who shows a key is answered by that key: no cache may give one asker the answer of another.
PUBLIC_ANSWER = [*EVERY_ANSWER, ("Vary", "Authorization")]
OPENED = [*PUBLIC_ANSWER, ("Access-Control-Allow-Origin", "*")]
PREFLIGHT = [
    ("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS"),
    ("Access-Control-Allow-Headers", "Accept-Language, If-Modified-Since, If-None-Match, X-Request-ID"),
    ("Access-Control-Max-Age", "86400"),
]


def edged(application: Wsgi, open_to_all: bool) -> Wsgi:
    """Return the application with named requests, and with the headers that browsers ask of every answer.

    They are added outside Flask, which would look through each of them again for every request.
    """

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        given = environ.get("HTTP_X_REQUEST_ID")
        name = given if given and GIVEN_ID.fullmatch(given) else token_hex(8)
        environ[REQUEST_ID] = name
        is_private = environ.get("PATH_INFO", "").startswith(PRIVATE)
        asked_before = PREFLIGHT if environ["REQUEST_METHOD"] == "OPTIONS" and not is_private else ()
        always = EVERY_ANSWER if is_private else OPENED if open_to_all else PUBLIC_ANSWER

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            return start_response(status, [*headers, ("X-Request-ID", name), *always, *asked_before], *error)

        return application(environ, start)

    return answer
