"""Take a translation away as a file, and bring one in: first told what would become of it, then kept.

It reads no format itself. Between the two steps the file travels with the page: nothing is kept until somebody says so.
"""

import base64
import binascii

from flask import Blueprint, Response, make_response, request

from api.admin import forms, page, session
from api.admin.outline import outline
from api.admin.segments import said
from api.admin.session import needs
from api.admin.translating import look, may
from api.wording import say
from cms.content.slugs import slugify
from cms.desk import translating
from cms.desk.workbench import TranslationPage
from cms.errors import Invalid
from cms.localize.exchange import formats
from cms.localize.exchange.importing import Report
from cms.people import rights

pages = Blueprint("exchange_pages", __name__, url_prefix="/entries/<entry>/translate/<locale>/files")
MEDIA_TYPES = {
    "xliff2": "application/xliff+xml",
    "xliff1": "application/x-xliff+xml",
    "po": "text/x-gettext-translation; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}
# A file that is larger would be too large a page.
MOST_BYTES = 4 * 2**20


@pages.get("")
@needs("translation.export")
def show(entry: str, locale: str) -> Response:
    """Show the forms for both ways."""
    found = look(entry, locale)
    rights.require(session.actor(), "translation.export", found.type, locale)
    return _draw(found)


@pages.get("/download")
@needs("translation.export")
def download(entry: str, locale: str) -> Response:
    """Give what there is to translate as a file."""
    found = look(entry, locale)
    form, only = request.args.get("format", "xliff2"), request.args.get("only", "all")
    try:
        data = translating.download(session.db(), session.actor(), entry, locale, format=form, only=only)
    except Invalid as error:
        return _draw(found, 422, forms.said(error))
    name = f"{slugify(found.title)[:60] or found.entry}.{locale}{formats.SUFFIXES[form]}"
    response = make_response(data)
    response.headers.set("Content-Type", MEDIA_TYPES[form])
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers.set("X-Content-Type-Options", "nosniff")
    return page.secure(response)


@pages.post("")
@needs("translation.import")
def upload(entry: str, locale: str) -> Response:
    """Tell what would become of a file, or keep what was told before."""
    found = look(entry, locale)
    name, data = _sent()
    if not data:
        return _draw(found, 422, [say("no_file", {})])
    if len(data) > MOST_BYTES:
        return _draw(found, 413, [say("too_large", {"maximum": MOST_BYTES})])
    keep = request.form.get("do") == "keep"
    try:
        report = translating.upload(
            session.db(), session.actor(), entry, locale, data, name=name, dry_run=not keep, now=session.now()
        )
    except Invalid as error:
        return _draw(found, 422, forms.said(error))
    return _draw(found, report=report, name=name, data=base64.b64encode(data).decode() if not keep else "")


def _sent() -> tuple[str, bytes]:
    """Return the file that was chosen, or that travelled with the page; empty where there is none."""
    chosen = request.files.get("file")
    if chosen and chosen.filename:
        return chosen.filename[:200], chosen.read()
    try:
        return request.form.get("name", "")[:200], base64.b64decode(request.form.get("data", ""), validate=True)
    except binascii.Error:
        return "", b""


def _draw(
    found: TranslationPage,
    status: int = 200,
    problems: list[str] | None = None,
    report: Report | None = None,
    name: str = "",
    data: str = "",
) -> Response:
    spots = {spot.path: spot for group in outline(found.lines) for spot in group.spots}
    page.section("translations")
    return page.render(
        "admin/translating/files.html",
        status,
        found=found,
        problems=problems or [],
        report=report,
        units=[
            (unit, spots.get(unit.path), [say(fault.code, fault.values) for fault in unit.faults], said(unit.findings))
            for unit in (report.units if report else ())
            if unit.outcome not in ("unchanged", "empty")
        ],
        name=name,
        data=data,
        may_import=may("translation.import", found),
    )
