"""The entries of a type as a table: filtered, sought, sorted and paged. It counts nothing; the board has."""

from typing import Any

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from api.admin import addresses, forms, session
from api.admin.page import render
from api.admin.paging import pages as paging
from api.public.answers import site
from cms.content import types
from cms.desk import board
from cms.desk.board import BoardQuery

pages = Blueprint("tables", __name__)
SIZE = 50


@pages.get("/<plural>")
@session.needs("entry.read")
def show(plural: str) -> Response:
    """Show one page of the entries of a type."""
    kind = types.find_plural(plural)
    asked = _asked(kind.name)
    page = forms.page_number()
    found = board.rows(session.db(), BoardQuery(**asked, limit=SIZE, offset=(page - 1) * SIZE))
    return render(
        "admin/table.html",
        kind=kind,
        asked=asked,
        found=found,
        targets=[locale for locale in site().locales if locale != site().source_locale],
        states=_states(),
        freshness=_freshness(),
        sorts=_sorts(),
        pages=paging(page, SIZE, found.total),
        addresses=addresses,
        may_create=session.may("entry.create", kind.name),
        is_filtered=any(asked[name] for name in ("locale", "state", "freshness", "search")),
    )


def _asked(type_name: str) -> dict[str, Any]:
    """Return what the address asks for, leaving out what cannot be."""
    given = request.args
    locale = given.get("locale", "") if given.get("locale") in site().locales else ""
    return {
        "type": type_name,
        "locale": locale,
        "state": given.get("state", "") if given.get("state") in dict(_states()) and not locale else "",
        "freshness": given.get("freshness", "") if given.get("freshness") in board.FRESHNESS else "",
        "search": given.get("search", "").replace("\0", "")[:200],
        "sort": given["sort"] if given.get("sort", "").lstrip("-") in board.SORTS else board.DEFAULT_SORT,
    }


def _states() -> list[tuple[str, str]]:
    return [
        ("", _("In use")),
        ("draft", _("Draft")),
        ("published", _("Published")),
        ("changed", _("Newer draft")),
        ("unpublished", _("Not published")),
        ("withdrawn", _("Withdrawn")),
        ("archived", _("Archived")),
    ]


def _freshness() -> list[tuple[str, str]]:
    return [
        ("", _("All")),
        ("critical", _("Critical advice behind")),
        ("stale", _("Outdated")),
        ("missing", _("Missing")),
        ("waiting", _("To be reviewed")),
        ("current", _("Current")),
    ]


def _sorts() -> list[tuple[str, str]]:
    return [
        ("-changed_at", _("Changed last")),
        ("title", _("By title")),
        ("review_due", _("By next review")),
    ]
