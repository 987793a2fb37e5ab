"""What is to be done in one language: entries whose readers could come to harm first. It counts nothing itself."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from api.admin import forms, session
from api.admin.page import render
from api.admin.paging import pages as paging
from api.admin.session import needs
from api.public.answers import site
from cms.content import types
from cms.desk import board, translating
from cms.desk.board import BoardPage, BoardQuery
from cms.errors import NotFound

pages = Blueprint("translations", __name__, url_prefix="/translations")
SIZE, FEW = 50, 8
# The piles, the most urgent first: what each asks of the board.
PILES = {
    "critical": {"freshness": "critical", "state": "published"},
    "stale": {"freshness": "stale", "state": "published"},
    "waiting": {"freshness": "waiting"},
    "missing": {"freshness": "missing"},
    "current": {"freshness": "current"},
}


@dataclass(frozen=True)
class Pile:
    """Entries of one kind: what they are called, what it means, and the first of them."""

    name: str
    title: str
    meaning: str
    tone: str
    icon: str
    found: BoardPage


@pages.get("")
@needs("translation.read")
def choose() -> AnyResponse:
    """Lead to the language that whoever asks most likely works in."""
    own = _own()
    if not own:
        raise NotFound("locale", "")
    return redirect(url_for("admin.translations.show", locale=own[0]), 303)


@pages.get("/<locale>")
@needs("translation.read")
def show(locale: str) -> Response:
    """Show what is to be done in a language: a little of each pile, or one of them whole."""
    if locale not in site().targets:
        raise NotFound("locale", locale)
    wanted = request.args.get("show", "")
    wanted = wanted if wanted in PILES else ""
    search = request.args.get("search", "").replace("\0", "")[:200]
    number = forms.page_number()
    piles = [
        Pile(*said, found=_found(locale, said[0], search, number if wanted else 1, SIZE if wanted else FEW))
        for said in _piles()
        if wanted in ("", said[0]) and (wanted or said[0] != "current")
    ]
    return render(
        "admin/translations.html",
        locale=locale,
        targets=_own(),
        piles=[pile for pile in piles if pile.found.total or wanted],
        wanted=wanted,
        search=search,
        names=[("", _("To do")), *((said[0], said[1]) for said in _piles())],
        pages=paging(number, SIZE, piles[0].found.total) if wanted else None,
        behind=max(pile.found.behind for pile in piles),
    )


def _own() -> list[str]:
    """Return the languages to translate into, those of whoever asks first."""
    first = next(types.every()).name
    mine = set(translating.locales_of(session.actor(), site(), "translation.save", first))
    return sorted(site().targets, key=lambda locale: locale not in mine)


def _found(locale: str, name: str, search: str, number: int, size: int) -> BoardPage:
    asked: dict[str, Any] = {**PILES[name], "locale": locale, "search": search}
    return board.rows(session.db(), BoardQuery(**asked, limit=size, offset=(number - 1) * size))


def _piles() -> list[tuple[str, str, str, str, str]]:
    return [
        (
            "critical",
            _("Critical advice behind"),
            _("Readers get it in the language of the source, with a notice."),
            "bad",
            "warn",
        ),
        ("stale", _("Outdated"), _("Published, and the source has changed since."), "warn", "clock"),
        ("waiting", _("Not approved yet"), _("Drafts, and texts that wait for a reviewer."), "info", "eye"),
        ("missing", _("Not translated"), _("Wholly or in part."), "quiet", "gap"),
        ("current", _("Up to date"), "", "good", "check"),
    ]
