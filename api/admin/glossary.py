"""The glossary: how terms are to be translated, listed, added, changed and removed. The rules are in the library."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from api.admin import forms, session
from api.admin.page import render, say
from api.admin.paging import pages as paging
from api.public.answers import site
from cms.desk import terms as desk
from cms.errors import Invalid
from cms.localize import glossary
from cms.localize.glossary import STATUSES, Term

pages = Blueprint("glossary", __name__, url_prefix="/glossary")
SIZE = 100
NAMES = ("source_locale", "target_locale", "source", "target")


@pages.get("")
@session.needs("translation.read")
def show() -> Response:
    """List the terms of one language, or of all."""
    locale = request.args.get("locale", "") if request.args.get("locale") in _targets() else ""
    search = request.args.get("search", "")[:200]
    page = forms.page_number()
    total, found = glossary.page(session.db(), locale, search, limit=SIZE, offset=(page - 1) * SIZE)
    return render(
        "admin/glossary.html",
        terms=found,
        total=total,
        pages=paging(page, SIZE, total),
        asked={"locale": locale, "search": search},
        targets=_targets(),
        own=[each for each in _targets() if session.may("glossary.save", locale=each)],
        named=_named,
    )


@pages.route("/new", methods=["GET", "POST"])
@session.needs("glossary.save")
def new() -> Response:
    """Add a term."""
    if request.method != "POST":
        return _form(None, {"source_locale": site().source_locale, "status": STATUSES[0], **request.args.to_dict()})
    return _save(None)


@pages.route("/term", methods=["GET", "POST"])
@session.needs("glossary.save")
def term() -> Response:
    """Change a term, which the address names by its languages and words."""
    found = _find()
    return _form(found, vars(found)) if request.method != "POST" else _save(found)


@pages.route("/remove", methods=["GET", "POST"])
@session.needs("glossary.save")
def remove() -> Response:
    """Ask whether to remove a term, and remove it."""
    found = _find()
    if request.method != "POST":
        return render("admin/term_remove.html", term=found, named=_named)
    desk.remove(session.db(), session.actor(), found, now=session.now())
    say(_("“%(term)s” has been removed.", term=found.source))
    return redirect(url_for(".show", locale=found.target_locale), 303)


def _save(before: Term | None) -> Response:
    given = {name: forms.text(name) for name in (*NAMES, "status", "note")}
    try:
        kept = desk.save(session.db(), session.actor(), Term(**given), instead_of=before, now=session.now())
    except Invalid as error:
        return _form(before, given, forms.faults(error))
    say(_("“%(term)s” has been saved.", term=kept.source))
    return redirect(url_for(".show", locale=kept.target_locale), 303)


def _form(before: Term | None, given: Mapping[str, Any], problems: Mapping[str, str] | None = None) -> Response:
    own = [each for each in _targets() if session.may("glossary.save", locale=each)]
    return render(
        "admin/term.html",
        422 if problems else 200,
        before=before,
        given=given,
        problems=problems or {},
        sources=site().locales,
        targets=own,
        statuses=STATUSES,
        named=_named,
    )


def _find() -> Term:
    """Return the term that the address names."""
    wanted = [request.args.get(name, "") for name in NAMES]
    for each in glossary.terms(session.db(), *wanted[:2]):
        if [each.source, each.target] == wanted[2:]:
            return each
    raise NotFound


def _named(found: Term) -> dict[str, str]:
    """Return the parameters that name a term in an address."""
    return {name: getattr(found, name) for name in NAMES}


def _targets() -> list[str]:
    return list(site().locales)
