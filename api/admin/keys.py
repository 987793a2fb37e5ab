"""Keys for programs: made, shown once, listed, revoked. The rules are in `cms.people`."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from api.admin import forms, moments, session
from api.admin.page import render, say
from api.public.answers import site
from cms.content import types
from cms.errors import Invalid
from cms.people import keys, managing, users
from cms.people.rights import ACTIONS, ANY, Scopes

pages = Blueprint("keys", __name__, url_prefix="/keys")


@pages.get("")
@session.needs("keys.manage")
def show() -> Response:
    """List all keys."""
    names = {user.id: user.name for user in users.every(session.db())}
    found = keys.every(session.db())
    return render("admin/keys.html", keys=found, names=names, now=session.now())


@pages.route("/new", methods=["GET", "POST"])
@session.needs("keys.manage")
def new() -> Response:
    """Make a key, and show its secret this once."""
    if request.method != "POST":
        in_a_year = (session.now() + timedelta(days=365)).date().isoformat()
        return _form({"name": "", "owner": session.actor().id, "actions": [], "expires": in_a_year})
    scopes = Scopes(
        frozenset([ANY] if forms.is_on("everything") else forms.several("actions")),
        frozenset(forms.several("types")),
        frozenset(forms.several("locales")),
    )
    given = {**request.form.to_dict(), **{name: forms.several(name) for name in ("actions", "types", "locales")}}
    try:
        key, secret = managing.make_key(
            session.db(),
            session.actor(),
            name=forms.text("name"),
            owner=forms.text("owner"),
            scopes=scopes,
            expires_at=until(forms.text("expires")),
            now=session.now(),
        )
    except Invalid as error:
        faults = {
            _field(problem.pointer): said for problem, said in zip(error.problems, forms.said(error), strict=True)
        }
        return _form(given, faults)
    except ValueError:
        return _form(given, {"expires": _("This is no calendar day.")})
    return handed(_("The key “%(name)s”", name=key.name), secret, crumbs=_crumbs())


@pages.route("/<id>/revoke", methods=["GET", "POST"])
@session.needs("keys.manage")
def revoke(id: str) -> Response:
    """Ask whether to end a key, and end it."""
    key = keys.find(session.db(), id)
    if request.method != "POST":
        return render("admin/key_revoke.html", key=key, crumbs=_crumbs())
    managing.revoke_key(session.db(), session.actor(), id, now=session.now())
    say(_("The key “%(name)s” works no more.", name=key.name))
    return redirect(url_for(".show"), 303)


def handed(heading: str, secret: str, *, crumbs: Sequence[tuple[str, str]], hint: str = "") -> Response:
    """Show a secret this once; the last of the crumbs is where one goes on."""
    return render("admin/secret.html", heading=heading, secret=secret, crumbs=crumbs, back=crumbs[-1][1], hint=hint)


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Keys"), url_for("admin.keys.show"))]


def until(day: str) -> datetime | None:
    """Return the end of a calendar day in the zone of the installation; None for no day. Raises ValueError."""
    return datetime.combine(datetime.fromisoformat(day), time.max, moments.zone()) if day else None


def _field(pointer: str) -> str:
    name = pointer.removeprefix("/scopes").lstrip("/").split("/")[0]
    return {"expires_at": "expires"}.get(name, name)


def _form(given: Mapping[str, Any], problems: Mapping[str, str] | None = None) -> Response:
    return render(
        "admin/key.html",
        422 if problems else 200,
        given=given,
        problems=problems or {},
        owners=[(user.id, user.name) for user in users.every(session.db()) if user.state == "active"],
        actions=sorted(ACTIONS),
        kinds=list(types.every()),
        locales=site().locales,
    )
