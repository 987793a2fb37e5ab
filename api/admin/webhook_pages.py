"""Webhooks of a partner, what became of each message, and sending one again. It sends nothing itself."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson
from flask import Blueprint, current_app, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from api.admin import forms, keys, limits, session, words
from api.admin.editing import choosing
from api.admin.page import render, say, section
from api.admin.paging import pages as paging
from api.wording import say as worded
from cms.desk import delivering
from cms.errors import Invalid, Refused
from cms.partners import deliveries, partners, webhooks
from cms.partners.messages import EVENTS
from cms.partners.webhooks import Webhook

pages = Blueprint("webhooks", __name__, url_prefix="/")
ACTION = "partners.manage"
SIZE = 50
CHOICES = ("events", "types", "locales", "topics")


@pages.route("/partners/<id>/webhooks", methods=["GET", "POST"])
@session.needs(ACTION)
def show(id: str) -> Any:
    """List the webhooks of a partner; add one, and show its secret this once."""
    partner = partners.find(session.db(), id)
    problems: Mapping[str, str] = {}
    if request.method == "POST":
        try:
            made, secret = delivering.add(
                session.db(), session.actor(), id, **_given(), private=_private(), now=session.now()
            )
        except (Invalid, Refused) as error:
            problems = forms.faults(error)
        else:
            return _handed(made, secret)
    found = webhooks.of(session.db(), id)
    given = {**request.form.to_dict(), **{name: forms.several(name) for name in CHOICES}}
    return render(
        "admin/partners/webhooks.html",
        422 if problems else 200,
        partner=partner,
        webhooks=found,
        counts=deliveries.counts(session.db(), [each.id for each in found]),
        states=deliveries.STATES,
        title=choosing.title,
        given=given,
        problems=problems,
        events=_events(),
        **limits.options(given),
    )


@pages.route("/webhooks/<webhook>", methods=["GET", "POST"])
@session.needs(ACTION)
def one(webhook: str) -> Any:
    """Show a webhook with its deliveries; change it, try it, rotate its secret, disable, enable or remove it."""
    section("partners")
    found = webhooks.find(session.db(), webhook)
    problems: Mapping[str, str] = {}
    if request.method == "POST":
        try:
            return _act(found, forms.text("do"))
        except (Invalid, Refused) as error:
            problems = forms.faults(error)
    state, page = request.args.get("state", ""), forms.page_number()
    state = state if state in deliveries.STATES else ""
    total, shown = deliveries.of(session.db(), [webhook], state=state, limit=SIZE, offset=(page - 1) * SIZE)
    given = _given() if problems and forms.text("do") == "change" else vars(found)
    return render(
        "admin/partners/webhook.html",
        422 if problems else 200,
        partner=partners.find(session.db(), found.partner),
        webhook=found,
        given=given,
        problems=problems,
        deliveries=shown,
        state_options=[("", _("All")), *((name, words.badge("delivery", name)[0]) for name in deliveries.STATES)],
        state=state,
        secrets=[each for each in found.secrets if each.value in found.live_secrets(session.now())],
        pages=paging(page, SIZE, total),
        title=choosing.title,
        now=session.now(),
        events=_events(),
        **limits.options(given),
    )


@pages.route("/deliveries/<delivery>", methods=["GET", "POST"])
@session.needs(ACTION)
def delivery(delivery: str) -> Any:
    """Show a message, each attempt to bring it and what was answered; send it again."""
    if request.method == "POST":
        try:
            delivering.replay(session.db(), session.actor(), delivery, now=session.now())
            say(_("It is sent again."))
        except Refused as error:
            say(" ".join(worded(each.code, each.values) for each in error.reasons), "warn")
        return redirect(url_for(".delivery", delivery=delivery), 303)
    section("partners")
    found = deliveries.find(session.db(), delivery)
    webhook = webhooks.find(session.db(), found.webhook)
    return render(
        "admin/partners/delivery.html",
        delivery=found,
        webhook=webhook,
        partner=partners.find(session.db(), webhook.partner),
        attempts=deliveries.attempts(session.db(), delivery),
        body=orjson.dumps(orjson.loads(found.body), option=orjson.OPT_INDENT_2).decode(),
        title=choosing.title,
    )


def _act(found: Webhook, do: str) -> AnyResponse:
    db, actor, now = session.db(), session.actor(), session.now()
    if do == "change":
        delivering.change(db, actor, found.id, **_given(), private=_private(), now=now)
        say(_("Saved."))
    elif do == "ping":
        delivering.ping(db, actor, found.id, now=now)
        say(_("A message is on its way; it stands below when it has arrived."))
    elif do == "disable":
        delivering.disable(db, actor, found.id, now=now)
        say(_("It is told nothing more until it is enabled."))
    elif do in ("enable", "skip"):
        delivering.enable(db, actor, found.id, skip=do == "skip", now=now)
        say(_("It is told again."))
    elif do == "rotate":
        hours = forms.whole(forms.text("hours"), 24)
        changed, secret = delivering.rotate(db, actor, found.id, after=timedelta(hours=hours), now=now)
        return _handed(changed, secret)
    elif do == "remove":
        delivering.remove(db, actor, found.id, now=now)
        say(_("Removed."))
        return redirect(url_for(".show", id=found.partner), 303)
    return redirect(url_for(".one", webhook=found.id), 303)


def _handed(webhook: Webhook, secret: str) -> AnyResponse:
    partner = partners.find(session.db(), webhook.partner)
    crumbs = [
        (_("Partners"), url_for("admin.partners.show")),
        (partner.name, url_for("admin.webhooks.show", id=partner.id)),
        (webhook.url, url_for("admin.webhooks.one", webhook=webhook.id)),
    ]
    hint = _("The partner needs it to see that a message is ours. Hand it over in a way that you trust.")
    return keys.handed(_("The secret of a webhook"), secret, crumbs=crumbs, hint=hint)


def _given() -> dict[str, Any]:
    return {"url": forms.text("url"), **{name: forms.several(name) for name in CHOICES}}


def _events() -> list[tuple[str, str]]:
    return [(name, words.event(name)) for name in EVENTS]


def _private() -> bool:
    return bool(current_app.config["WEBHOOK_PRIVATE"])
