"""Errors on pages of the admin: a page in the reader's language with a way on, never JSON and never a traceback."""

from collections.abc import Sequence

from flask import Response, g, request

from api.admin import session
from api.admin.page import render, secure


def show(status: int, code: str, title: str, reasons: Sequence[str]) -> Response:
    """Return the page that tells of an error: its code, its title in words, and what is wrong in particular."""
    if "visitor" not in g:
        # No view was found, or the database failed before anybody was known.
        g.visitor = None
    response = render(
        "admin/error.html",
        status,
        code=code,
        heading=title,
        reasons=reasons,
        back=_back(),
        typed=_typed() if code == "stale_form" else [],
        again=request.full_path.rstrip("?"),
        request_id=g.get("request_id"),
    )
    response.vary.add("Cookie")
    return secure(response)


def _typed() -> list[tuple[str, str]]:
    """Return what somebody typed into one of our own forms, to be sent again; nothing of what is secret."""
    if not session.is_typed_at():
        return []
    return [(name, value) for name, value in request.form.items(multi=True) if name != "csrf"]


def _back() -> str:
    """Return the page that the visitor came from, where it was one of ours."""
    referrer = request.referrer or ""
    if not referrer.startswith(request.host_url):
        return ""
    return session.own_path("/" + referrer.removeprefix(request.host_url), "")
