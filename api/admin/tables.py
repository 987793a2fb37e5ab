"""The entries of a type as a table: filtered, sought, sorted and paged. It counts nothing; the board has."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from api.admin import addresses, forms, session, words
from api.admin.page import language_name, render
from api.admin.paging import pages as paging
from api.public.answers import site
from cms.content import types
from cms.desk import board
from cms.desk.board import BoardQuery, BoardRow

pages = Blueprint("tables", __name__)
SIZE = 50


@dataclass(frozen=True)
class Chip:
    """How an entry stands in one language, and where it is translated."""

    locale: str
    said: str
    tone: str
    icon: str
    href: str


@pages.get("/<plural>")
@session.needs("entry.read")
def show(plural: str) -> Response:
    """Show one page of the entries of a type."""
    kind = types.find_plural(plural)
    asked = _asked(kind.name)
    page = forms.page_number()
    found = board.rows(session.db(), BoardQuery(**asked, limit=SIZE, offset=(page - 1) * SIZE))
    targets = site().targets
    return render(
        "admin/table.html",
        kind=kind,
        asked=asked,
        found=found,
        chips=_chips(found.rows, [asked["locale"]] if asked["locale"] else targets, asked["locale"]),
        targets=targets,
        states=_states(),
        freshness=_freshness(),
        sorts=_sorts(),
        pages=paging(page, SIZE, found.total),
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


def _chips(rows: Sequence[BoardRow], wanted: Sequence[str], asked: str) -> dict[str, list[Chip]]:
    """Return the chips of each entry: of the languages that something is there in, or of the one that is asked for."""
    names = {locale: language_name(locale) for locale in wanted}
    # A page has hundreds of chips, and few things to say on them.
    how = lru_cache(words.translated)

    def of(row: BoardRow) -> Iterator[Chip]:
        for locale in wanted:
            at = row.at(locale)
            is_there = at.current or at.stale or at.waiting or at.state != "none"
            if locale != row.source_locale and (asked or is_there):
                found = how(replace(at, locale="", since="", changed_at=""))
                said = f"{names[locale]}: {found.said}"
                yield Chip(locale, said, found.tone, found.icon, addresses.translation(row.entry, locale))

    return {row.entry: list(of(row)) for row in rows}


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
