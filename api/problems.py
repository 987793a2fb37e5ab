"""Every error as an RFC 9457 problem with a stable code, worded in the caller's language. No traceback gets out."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import orjson
import structlog
from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException

from api import logs
from api.wording import say, say_error, values_of
from cms import errors

log = structlog.get_logger()

STATUSES: Mapping[type[errors.TolkError], int] = {
    errors.Invalid: 422,
    errors.NotFound: 404,
    errors.Refused: 409,
    errors.Conflict: 409,
    errors.BrokenReference: 409,
    errors.BadValue: 422,
    errors.Forbidden: 403,
    errors.SignInRefused: 401,
    errors.KeyRefused: 401,
    errors.KeyReused: 422,
    errors.Throttled: 429,
    errors.Expired: 410,
    errors.BadCursor: 400,
    errors.CursorExpired: 410,
    errors.NoTable: 503,
    errors.StoreUnavailable: 503,
    errors.MachineUnavailable: 503,
    errors.MachineError: 502,
}
HTTP_CODES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    410: "gone",
    412: "precondition_failed",
    413: "too_large",
    414: "uri_too_long",
    415: "unsupported_media_type",
    428: "precondition_required",
    429: "too_many_requests",
}


# Makes a page of a status, a code, its title in words, and what is wrong in particular.
ErrorPage = Callable[[int, str, str, Sequence[str]], Response]


class BadParameter(errors.TolkError):
    """Parameters of the address that cannot be used; `faults` are (parameter, code, values)."""

    code = "bad_parameter"

    def __init__(self, faults: Sequence[tuple[str, str, Mapping[str, Any]]]) -> None:
        super().__init__(", ".join(f"{name}: {code}" for name, code, _ in faults))
        self.faults = faults


class NoSuchEntry(BadParameter):
    """A parameter names an entry that is not there."""

    code = "not_found"


class StaleForm(errors.TolkError):
    """A form came without the token of this browser's session: it is too old, or from another site."""

    code = "stale_form"


def problem(status: int, code: str, values: Mapping[str, Any] | None = None, **members: Any) -> Response:
    """Return a problem+json response; further members are added as they are."""
    body = {
        "type": f"{current_app.config['SITE'].url}/docs#{code}",
        "title": say_error(code, values),
        "status": status,
        "code": code,
        "instance": quote(request.path, safe="/:@!$&'()*+,;=~"),
        "request_id": g.get("request_id", ""),
        **members,
    }
    response = Response(orjson.dumps(body, default=str), status, content_type="application/problem+json")
    response.headers["Content-Language"] = _language()
    # What depends on who asks is nobody else's answer.
    private = status >= 500 or status in (401, 403, 429)
    response.headers["Cache-Control"] = "no-store" if private else "public, max-age=10"
    response.vary.add("Accept-Language")
    return response


def _language() -> str:
    from flask_babel import get_locale

    return str(get_locale() or "en")


def set_up(app: Flask, pages: Mapping[str, ErrorPage] | None = None) -> None:
    """Turn every error of the application into a problem; below the addresses of `pages`, into a page for people."""
    for kind, handle in (
        (BadParameter, _bad_parameter),
        (errors.TolkError, _tolk_error),
        (HTTPException, _http_error),
        (Exception, _unexpected),
    ):
        app.register_error_handler(kind, _shown(handle, pages or {}))


def _shown(handle: Callable[[Any], Response], pages: Mapping[str, ErrorPage]) -> Callable[[Any], Response]:
    """Return a handler that shows what `handle` answers as a page, where people are to read it."""

    def answer(error: Exception) -> Response:
        response = handle(error)
        show = next((page for start, page in pages.items() if _is_below(start)), None)
        if show is None or response.mimetype != "application/problem+json":
            return response
        told = orjson.loads(response.data)
        reasons = [each["detail"] for each in told.get("errors", ())]
        page = show(response.status_code, told["code"], told["title"], reasons)
        for name in ("Allow", "Retry-After"):
            if value := response.headers.get(name):
                page.headers[name] = value
        return page

    return answer


def _is_below(start: str) -> bool:
    return request.path == start or request.path.startswith(f"{start}/")


def _bad_parameter(error: BadParameter) -> Response:
    faults = [
        {"parameter": name, "code": code, "detail": say(code, values), **_hint(values)}
        for name, code, values in error.faults
    ]
    return problem(404 if isinstance(error, NoSuchEntry) else 400, error.code, errors=faults)


def _hint(values: Mapping[str, Any]) -> dict[str, Any]:
    near = values.get("did_you_mean")
    return {"did_you_mean": near[0]} if near else {}


def _tolk_error(error: errors.TolkError) -> Response:
    known = {**STATUSES, StaleForm: 403}
    status = next((code for kind, code in known.items() if isinstance(error, kind)), 500)
    if status >= 500:
        log.error("store_error", code=error.code, said=str(error), request_id=g.get("request_id"))
    members: dict[str, Any] = {}
    faults = getattr(error, "problems", None) or getattr(error, "reasons", ())
    if faults:
        members["errors"] = [
            {
                "pointer": fault.pointer,
                "code": fault.code,
                "detail": say(fault.code, fault.values),
                **_hint(fault.values),
            }
            for fault in faults
        ]
    if isinstance(error, errors.RevisionClash):
        members |= {"latest": error.latest, "based_on": error.based_on, "changed": list(error.changed)}
    if isinstance(error, errors.TranslationClash):
        members["clashes"] = [vars(clash) for clash in error.clashes]
    if isinstance(error, errors.Forbidden):
        members |= {"action": error.action, "entry_type": error.type, "locale": error.locale}
    response = problem(status, error.code, values_of(error), **members)
    if isinstance(error, errors.Throttled):
        response.headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, errors.KeyRefused):
        # RFC 6750, section 3: who gave no key at all is told no error.
        challenge = "Bearer" if isinstance(error, errors.KeyMissing) else 'Bearer error="invalid_token"'
        response.headers["WWW-Authenticate"] = challenge
    return response


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if 300 <= status < 400:
        return Response(status=status, headers=error.get_response().headers)
    response = problem(status, HTTP_CODES.get(status, "error" if status < 500 else "internal"))
    # RFC 9110: a 405 names what would be allowed, a 416 or 401 says what it wants.
    for name in ("Allow", "WWW-Authenticate", "Retry-After"):
        if value := error.get_response().headers.get(name):
            response.headers[name] = value
    return response


def _unexpected(error: Exception) -> Response:
    log.exception("unexpected", request_id=g.get("request_id"), path=logs.shown(request.path))
    return problem(500, "internal")
