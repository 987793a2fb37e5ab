"""Every error as an RFC 9457 problem with a stable code, worded in the caller's language. No traceback gets out."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import orjson
import structlog
from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException

from api.wording import say, say_error
from cms import errors

log = structlog.get_logger()

STATUSES: Mapping[type[errors.TolkError], int] = {
    errors.Invalid: 422,
    errors.NotFound: 404,
    errors.Refused: 409,
    errors.Conflict: 409,
    errors.BrokenReference: 409,
    errors.BadValue: 422,
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
    413: "too_large",
    414: "uri_too_long",
    415: "unsupported_media_type",
}


class BadParameter(errors.TolkError):
    """Parameters of the address that cannot be used; `faults` are (parameter, code, values)."""

    code = "bad_parameter"

    def __init__(self, faults: Sequence[tuple[str, str, Mapping[str, Any]]]) -> None:
        super().__init__(", ".join(f"{name}: {code}" for name, code, _ in faults))
        self.faults = faults


class NoSuchEntry(BadParameter):
    """A parameter names an entry that is not there."""

    code = "not_found"


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
    response.headers["Cache-Control"] = "no-store" if status >= 500 else "public, max-age=10"
    response.vary.add("Accept-Language")
    return response


def _language() -> str:
    from flask_babel import get_locale

    return str(get_locale() or "en")


def set_up(app: Flask) -> None:
    """Turn every error of the application into a problem."""
    app.register_error_handler(BadParameter, _bad_parameter)
    app.register_error_handler(errors.TolkError, _tolk_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


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
    status = next((code for kind, code in STATUSES.items() if isinstance(error, kind)), 500)
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
    values = {"suggestion": error.suggestion} if isinstance(error, errors.SlugTaken) else {}
    return problem(status, error.code, values, **members)


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
    log.exception("unexpected", request_id=g.get("request_id"), path=request.path)
    return problem(500, "internal")
