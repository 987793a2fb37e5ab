"""From stored bytes to an HTTP response: validators, caching, languages and links (RFC 9110, 9111, 8288)."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from urllib.parse import quote

import orjson
from flask import Response, current_app, request
from werkzeug.datastructures import Headers
from werkzeug.http import http_date

from api.problems import problem
from api.public import access
from cms.publish import signing
from cms.publish.signing import Signed
from cms.site import Site

JSON = "application/json"


def site() -> Site:
    """Return the installation that this application serves."""
    found: Site = current_app.config["SITE"]
    return found


def cache_control(seconds: int) -> str:
    """Return how long a document may be kept: by browsers a minute, by shared caches as set, stale only briefly.

    Withdrawn advice must not linger, so serving stale is bounded as tightly as freshness itself.
    """
    browser = min(60, seconds)
    return f"public, max-age={browser}, s-maxage={seconds}, stale-while-revalidate={browser}, stale-if-error={seconds}"


def answer(
    body: bytes,
    *,
    etag: str,
    locale: str,
    updated_at: str,
    keys: str,
    status: int = 200,
    link: str = "",
    content_type: str = JSON,
    signed: Signed | None = None,
) -> Response:
    """Return a cacheable response, or 304 where the caller has it already.

    `signed` proves the body, whose SHA-256 the ETag then is. A 304 has it too, for caches that keep one by a key that
    was revoked since.
    """
    quoted = f'"{etag}"'
    headers = [("ETag", quoted), ("Cache-Control", current_app.config["CACHE_CONTROL"]), ("Surrogate-Key", keys)]
    if signed:
        # These bytes are as old as their signature; the text may be older.
        headers += [
            ("Signature-Input", signed.input),
            ("Signature", signed.signature),
            ("Last-Modified", _http_second(signing.created(signed.input))),
        ]
    elif updated_at:
        headers.append(("Last-Modified", _http_moment(updated_at)))
    if link:
        headers.append(("Link", link))
    known = request.environ.get("HTTP_IF_NONE_MATCH")
    # What a caller sends back is nearly always the one ETag, as it was given.
    if known and status == 200 and (known == quoted or request.if_none_match.contains_weak(etag)):
        return Finished([], 304, _fit(headers))
    if signed:
        headers.append(("Content-Digest", signing.content_digest(etag)))
    headers += [("Content-Type", content_type), ("Content-Language", locale), ("Content-Length", str(len(body)))]
    response = Finished([body], status, _fit(headers))
    if known is None and status == 200 and "HTTP_IF_MODIFIED_SINCE" in request.environ:
        response.make_conditional(request)
        if response.status_code == 304:
            for name in ("Content-Digest", "Content-Language", "Content-Length", "Content-Type"):
                response.headers.pop(name, None)
    return response


class Finished(Response):
    """A response whose headers are complete and fit to send: they are not looked through once more."""

    def get_wsgi_headers(self, environ: Any) -> Headers:
        """Return the headers as they are."""
        return self.headers


def _fit(fields: list[tuple[str, str]]) -> Headers:
    """Return headers that are fit to send: looked through once, all together. Raises ValueError where one is not."""
    said = "".join([value for _, value in fields])
    if "\n" in said or "\r" in said:
        raise ValueError("a header of two lines")
    headers = Headers()
    headers._list = fields
    return headers


def _http_moment(stamp: str) -> str:
    """Return a stamp of the store as HTTP writes it (RFC 9110, 5.6.7)."""
    return f"{_http_day(stamp[:10])} {stamp[11:19]} GMT"


@lru_cache(maxsize=4_096)
def _http_second(seconds: int) -> str:
    return http_date(seconds)


@lru_cache
def _http_day(day: str) -> str:
    return http_date(date.fromisoformat(day))[:16]


def path(locale: str, plural: str, slug: str) -> str:
    """Return the path of a document, fit for a header."""
    return f"/v1/{locale}/{plural}/{quote(slug)}"


def sent(status: int, address: str) -> Response:
    """Send the caller to another path of this API, with the same parameters."""
    query = request.query_string.decode("latin-1")
    headers = {"Location": f"{address}?{query}" if query else address, "Cache-Control": "public, max-age=60"}
    response = Response(status=status, headers=headers)
    # What a cache holds under this host must not depend on how this host is reached.
    response.autocorrect_location_header = False
    return response


def unknown_locale(locale: str) -> Response:
    """Answer for a language that is none of those that who asks may have."""
    known = list(access.locales())
    return problem(404, "unknown_locale", {"locale": locale, "known": known}, available_locales=known)


def varied(etag: str, *how: object) -> str:
    """Return the ETag of another form of the same document."""
    return f"{etag[:32]}-{blake2b(repr(how).encode(), digest_size=8).hexdigest()}"


def dumps(value: Any) -> bytes:
    """Return JSON bytes with keys in a fixed order."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def pick(document: Mapping[str, Any], names: list[str], form: str) -> dict[str, Any]:
    """Return the named fields of a document, and those that say what it is.

    A field that the form has renamed (`bio_html` is `bio_text` as text) comes under its new name.
    """
    wanted = {"id", "type", "locale", *names, *(f"{name.removesuffix('_html')}_{form}" for name in names)}
    return {name: value for name, value in document.items() if name in wanted}


def canonical(locale: str, plural: str, slug: str) -> str:
    """Return the Link header of a document: its canonical address and the description of the API."""
    here = site()
    page = quote(here.canonical_url(locale, plural, slug), safe=":/?&=#%")
    return f'<{page}>; rel="canonical", <{here.url}/v1/openapi.json>; rel="describedby"'
