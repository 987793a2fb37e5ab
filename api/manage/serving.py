"""Serve an operation: see that all about the request is in order, do it (once), and answer. It decides nothing."""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Response, request
from werkzeug.datastructures import ETags
from werkzeug.exceptions import PreconditionRequired, RequestEntityTooLarge, UnsupportedMediaType
from werkzeug.http import parse_etags

from api.manage import bodies, door
from api.manage.operations import Answer, Call, Operation, Upload
from api.problems import problem
from api.public import parameters
from api.public.answers import site, unknown_locale
from cms.content import revisions
from cms.desk.once import once
from cms.errors import Forbidden, Invalid, NotFound, Problem, RevisionClash
from cms.people import rights

REVISION = re.compile(r"r([1-9][0-9]{0,9})(?:-archived)?")
NAME = re.compile(r"[!-~]{1,200}")
FILE_BYTES = 12 * 2**20
JSON = "application/json"


@dataclass(frozen=True)
class Finished:
    """An answer as it goes out."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def serve(operation: Operation, json_bytes: int, where: Mapping[str, str]) -> Response:
    """Answer a request for an operation; `json_bytes` is how large a JSON body may be."""
    _refuse_large(FILE_BYTES if operation.files else json_bytes)
    actor, db, now = door.actor(), door.db(), door.now()
    if operation.rights and not any(rights.may_somewhere(actor, action) for action in operation.rights):
        raise Forbidden(operation.rights[0])
    if (locale := where.get("locale")) is not None and locale not in site().locales:
        return unknown_locale(locale)
    asked = parameters.read(operation.query, operation.required)
    uploaded = bodies.upload(operation) if operation.files else Upload(b"")
    if not operation.files and operation.body is None and request.get_data(cache=False):
        raise UnsupportedMediaType
    given = bodies.read(operation)
    based_on = _based_on() if operation.conditional else 0
    call = Call(db, actor, now, site(), asked, given, uploaded, based_on)

    def do() -> Finished:
        return _finished(operation.run(call, **where))

    if operation.stream:
        answer = operation.run(call, **where)
        return Response(answer.value, answer.status, headers=dict(answer.headers), content_type=answer.media)
    name = request.headers.get("Idempotency-Key") if operation.once else None
    if name is None:
        return _sent(do())
    if not NAME.fullmatch(name):
        raise Invalid([Problem("", "not_a_name")])
    packed = once(
        db,
        actor,
        name,
        _hash(call, where),
        door.secret(),
        lambda: _packed(do()),
        now=now,
        apart=operation.apart,
    )
    return _sent(_unpacked(packed))


def outdated(error: RevisionClash) -> Response:
    """Answer that somebody saved the entry since: who, when, and what changed (RFC 9110, 15.5.13)."""
    found: dict[str, Any] = {"latest": error.latest, "based_on": error.based_on, "changed": list(error.changed)}
    latest = revisions.get(door.db(), error.entry, error.latest)
    response = problem(412, "precondition_failed", **found, saved_by=latest.saved_by, saved_at=latest.saved_at)
    response.set_etag(f"r{error.latest}")
    return response


def number(text: str) -> int:
    """Return the number of a revision that an address names. Raises NotFound."""
    if not (text.isascii() and text.isdigit()) or len(text) > 10 or text.startswith("0"):
        raise NotFound("revision", text[:40])
    return int(text)


def _refuse_large(most: int) -> None:
    request.max_content_length = request.max_form_memory_size = most
    request.max_form_parts = 10
    if (request.content_length or 0) > most:
        raise RequestEntityTooLarge


def _based_on() -> int:
    """Return the newest revision that If-Match names, -1 where it names none. Raises PreconditionRequired.

    Any revision (`*`) is none that somebody has seen.
    """
    given: ETags = parse_etags(request.headers.get("If-Match"))
    if not given or given.star_tag:
        raise PreconditionRequired
    # RFC 9110, 13.1.1: a weak tag never fits.
    found = [int(one[1]) for one in map(REVISION.fullmatch, given.as_set()) if one]
    return max(found, default=-1)


def _hash(call: Call, where: Mapping[str, str]) -> str:
    """Return by what a request is known again: its address, and its body as it was understood."""
    said = [request.method, request.path, sorted(request.args.items()), dict(where), call.given, call.upload.name]
    asked = orjson.dumps(said, option=orjson.OPT_SORT_KEYS, default=_plain)
    return hashlib.sha256(asked + call.upload.data).hexdigest()


def _finished(answer: Answer) -> Finished:
    if answer.value is None:
        body = b""
    elif isinstance(answer.value, bytes):
        body = answer.value
    else:
        body = orjson.dumps(answer.value, default=_plain)
    headers = {**answer.headers, **({"Content-Type": answer.media} if body else {})}
    if answer.etag or (request.method in ("GET", "HEAD") and answer.status == 200):
        headers["ETag"] = f'"{answer.etag or hashlib.blake2b(body, digest_size=16).hexdigest()}"'
    return Finished(answer.status, headers, body)


def _sent(finished: Finished) -> Response:
    response = Response(finished.body, finished.status, headers=dict(finished.headers))
    response.autocorrect_location_header = False
    if finished.status == 200 and request.method in ("GET", "HEAD") and finished.headers.get("ETag"):
        response.make_conditional(request)
    return response


def _packed(finished: Finished) -> bytes:
    body = base64.b64encode(finished.body).decode()
    return orjson.dumps([finished.status, dict(finished.headers), body])


def _unpacked(packed: bytes) -> Finished:
    status, headers, body = orjson.loads(packed)
    return Finished(status, headers, base64.b64decode(body))


def _plain(value: Any) -> Any:
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)
