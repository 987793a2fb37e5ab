"""The audit log: who did what, sought and exported. It changes nothing; nobody can."""

from datetime import date, datetime, time, timedelta

import orjson
from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from api.admin import addresses, forms, moments, session
from api.admin.editing import choosing
from api.admin.page import render
from api.audit_file import FORMATS
from cms.content import entries
from cms.content.identity import stamp
from cms.people import audit, users

pages = Blueprint("audit", __name__, url_prefix="/audit")
SIZE = 50


@pages.get("")
@session.needs("audit.read")
def show() -> Response:
    """Show what was done, the newest first."""
    asked = _asked()
    before = request.args.get("before", "")
    found = audit.entries(
        session.db(),
        **_filters(asked),
        before_seq=forms.whole(before, digits=16),
        limit=SIZE + 1,
    )
    shown = found[:SIZE]
    return render(
        "admin/audit.html",
        asked=asked,
        rows=shown,
        titles={entry: choosing.title(entry) for entry in entries.types_of(session.db(), {row.entry for row in shown})},
        actors=[(user.id, user.name) for user in users.every(session.db())],
        older=addresses.here(before=shown[-1].seq) if len(found) > SIZE else "",
        newest=addresses.here(before=None) if before else "",
        json=_json,
    )


@pages.get("/export.<form>")
@session.needs("audit.read")
def export(form: str) -> Response:
    """Send all that fits the filters as a file: CSV for spreadsheets, JSONL for programs."""
    if form not in FORMATS:
        raise NotFound
    kind, write = FORMATS[form]
    found = audit.export(session.db(), **_filters(_asked()))
    response = Response(write(found), content_type=kind)
    day = session.now().astimezone(moments.zone()).date().isoformat()
    response.headers["Content-Disposition"] = f'attachment; filename="audit-{day}.{form}"'
    return response


def _asked() -> dict[str, str]:
    return {
        name: request.args.get(name, "").replace("\0", "").strip()[:100]
        for name in ("actor", "action", "entry", "since", "until")
    }


def _filters(asked: dict[str, str]) -> dict[str, str]:
    """Return the filters as the library takes them: days are whole days in the zone of the installation."""
    return {**asked, "since": _begin(asked["since"], 0), "until": _begin(asked["until"], 1)}


def _begin(day: str, after: int) -> str:
    try:
        begin = datetime.combine(date.fromisoformat(day) + timedelta(days=after), time.min, moments.zone())
        return stamp(begin)
    except (ValueError, OverflowError):
        return ""


def _json(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
