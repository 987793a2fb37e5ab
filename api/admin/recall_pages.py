"""Recalls: who holds what, who has taken it down and who has not; exercises, reports and closing."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from flask import Blueprint, Response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from api import recall_file
from api.admin import forms, holders, moments, session, writing_page
from api.admin.editing import choosing, tree
from api.admin.page import render, say
from cms.content import entries
from cms.desk import recalling
from cms.errors import Refused
from cms.partners import recalls
from cms.publish import live

pages = Blueprint("recalls", __name__, url_prefix="/recalls")
ACTION = "recall.manage"


@pages.get("")
@session.needs(ACTION)
def show() -> Response:
    """List recalls, the newest first."""
    db, now = session.db(), session.now()
    recalls.keep(db, now)
    found = [(each, recalls.called(db, each.id)) for each in recalls.every(db, limit=100)]
    return render("admin/recalls/list.html", recalls=found, now=now)


@pages.route("/drill", methods=["GET", "POST"])
@session.needs(ACTION)
def drill() -> Any:
    """Begin an exercise: choose with what, then say why."""
    if request.method != "POST":
        return _drill(request.args.get("entry", ""))
    if forms.text("do") != "begin":
        chosen = forms.text("/entry")
        return redirect(url_for(".drill", entry=chosen), 303) if forms.text("do") == "choose" and chosen else _drill("")
    entry = forms.text("entry")
    try:
        made = recalling.drill(
            session.db(),
            session.actor(),
            entry,
            explanation=forms.text("explanation"),
            locales=forms.several("locales"),
            now=session.now(),
        )
    except Refused as error:
        return _drill(entry, forms.faults(error))
    say(_("The exercise has begun: nothing is withdrawn."))
    return redirect(url_for(".one", recall=made.id), 303)


def _drill(entry: str, problems: Mapping[str, str] | None = None) -> Response:
    db = session.db()
    if entry:
        entries.find(db, entry)
    standing = live.current(db, entry).values() if entry else ()
    return render(
        "admin/recalls/drill.html",
        422 if problems else 200,
        entry=entry,
        title=choosing.title(entry) if entry else "",
        choice=tree.Node("ref", "/entry", target="article"),
        locales=sorted(each.locale for each in standing if each.state == "published"),
        given={"explanation": forms.text("explanation"), "locales": forms.several("locales")},
        problems=problems or {},
        **writing_page.forms({}),
    )


@pages.route("/<recall>", methods=["GET", "POST"])
@session.needs(ACTION)
def one(recall: str) -> Any:
    """Show a recall; note what a partner said, or close it."""
    db, now = session.db(), session.now()
    problems: Mapping[str, str] = {}
    if request.method == "POST":
        try:
            _act(recall, forms.text("do"))
            return redirect(url_for(".one", recall=recall), 303)
        except Refused as error:
            problems = forms.faults(error)
        except ValueError:
            problems = {"applied_at": _("This is no moment.")}
    recalls.keep(db, now)
    found, called = recalls.find(db, recall), recalls.called(db, recall)
    return render(
        "admin/recalls/one.html",
        422 if problems else 200,
        recall=found,
        called=called,
        waiting=[(each.partner, each.partner_name) for each in called if not each.acknowledged_at],
        title_of=choosing.title,
        still=holders.of_recall(found),
        problems=problems,
        given=request.form,
        now=now,
    )


@pages.get("/<recall>/report.<form>")
@session.needs(ACTION)
def report(recall: str, form: str) -> Response:
    """Send all that is known of a recall as a file: CSV for spreadsheets, JSON for programs."""
    db, now = session.db(), session.now()
    body: str | bytes
    if form == "csv":
        body, kind = recall_file.to_csv(recalls.called(db, recalls.find(db, recall).id), now), "text/csv; charset=utf-8"
    elif form == "json":
        body, kind = orjson.dumps(recalls.report(db, recall, now), option=orjson.OPT_INDENT_2), "application/json"
    else:
        raise NotFound
    response = Response(body, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="recall-{now.date().isoformat()}.{form}"'
    return response


def _act(recall: str, do: str) -> None:
    db, actor, now = session.db(), session.actor(), session.now()
    if do == "acknowledge":
        places = [line.strip() for line in forms.text("places").splitlines() if line.strip()]
        said = recalling.acknowledge(
            db,
            actor,
            recall,
            forms.text("partner"),
            applied_at=_moment(forms.text("applied_at")),
            places=places,
            note=forms.text("note"),
            now=now,
        )
        say(_("Noted for %(name)s.", name=said.partner_name))
    elif do == "close":
        recalling.close(db, actor, recall, why=forms.text("why"), now=now)
        say(_("Closed."))


def _moment(said: str) -> datetime | None:
    """Return the moment that a field for one gives, in the zone of the installation. Raises ValueError."""
    return datetime.fromisoformat(said).replace(tzinfo=moments.zone()).astimezone(UTC) if said else None
