"""Partners: on which terms they take content over, their keys and pages, and what they may still show."""

from collections.abc import Mapping
from time import monotonic
from typing import Any

from flask import Blueprint, Response, current_app, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from api.admin import forms, limits, session, words, writing_page
from api.admin import keys as keys_pages
from api.admin.editing import choosing, tree
from api.admin.page import render, say
from api.admin.paging import pages as paging
from api.public.answers import site
from api.sending import sending
from api.wording import say as worded
from cms.desk import partnering
from cms.errors import Invalid, NotFound
from cms.partners import holdings, looking, partner_keys, partners, recalls, usage, webhooks
from cms.partners import pages as registered
from cms.partners.looking import PAGE_BYTES
from cms.partners.partners import ACKNOWLEDGE_HOURS, Partner
from cms.publish import events
from cms.site import INDEXING

pages = Blueprint("partners", __name__, url_prefix="/partners")
ACTION = "partners.manage"
SIZE = 50
SHOWN_RECALLS = 5
MOST_LAG = 1_000
# As long as people wait for an answer; of many pages the rest is looked at when they ask again.
LOOK_SECONDS = 20.0
LISTS = ("domains", "contacts")
CHOICES = ("locales", "types", "topics")


@pages.get("")
@session.needs(ACTION)
def show() -> Response:
    """List all partners, with how far each has come."""
    db = session.db()
    found = [(partner, _lag(partner)) for partner in partners.every(db)]
    return render("admin/partners/list.html", partners=found, most=MOST_LAG, title=choosing.title)


@pages.route("/new", methods=["GET", "POST"])
@session.needs(ACTION)
def new() -> Any:
    """Add a partner."""
    if request.method != "POST":
        hours = {"refresh_hours": site().refresh_hours, "acknowledge_hours": ACKNOWLEDGE_HOURS}
        return _form(None, {**dict.fromkeys((*LISTS, *CHOICES), ()), **hours, "indexing": site().indexing})
    given = _given()
    try:
        made = partnering.add(session.db(), session.actor(), site(), **given, now=session.now())
    except Invalid as error:
        return _form(None, given, forms.faults(error))
    say(_("Added. Make it a key, and hand that over."))
    return redirect(url_for(".keys", id=made.id), 303)


@pages.route("/<id>", methods=["GET", "POST"])
@session.needs(ACTION)
def one(id: str) -> Any:
    """Change what is agreed with a partner."""
    partner = partners.find(session.db(), id)
    if request.method != "POST":
        return _form(partner, vars(partner))
    given = _given()
    try:
        partnering.change(session.db(), session.actor(), site(), id, **given, now=session.now())
    except Invalid as error:
        return _form(partner, given, forms.faults(error))
    say(_("Saved."))
    return redirect(url_for(".one", id=id), 303)


@pages.post("/<id>/state")
@session.needs(ACTION)
def state(id: str) -> Any:
    """Shut a partner out, or let it in again."""
    act = partnering.suspend if forms.text("state") == partners.SUSPENDED else partnering.resume
    partner = act(session.db(), session.actor(), id, now=session.now())
    if partner.is_active:
        say(_("%(name)s is let in again.", name=partner.name))
    else:
        say(_("%(name)s is suspended: its keys open nothing, and it is told nothing.", name=partner.name))
    return redirect(url_for(".one", id=id), 303)


@pages.route("/<id>/keys", methods=["GET", "POST"])
@session.needs(ACTION)
def keys(id: str) -> Any:
    """List the keys of a partner; make one, and show its secret this once."""
    partner = partners.find(session.db(), id)
    problems: Mapping[str, str] = {}
    if request.method == "POST":
        try:
            key, secret = partnering.make_key(
                session.db(),
                session.actor(),
                id,
                name=forms.text("name"),
                expires_at=keys_pages.until(forms.text("expires")),
                now=session.now(),
            )
            return keys_pages.handed(
                _("The key “%(name)s”", name=key.name),
                secret,
                crumbs=_crumbs(partner, _("Keys"), request.path),
                hint=_("Hand it over in a way that you trust. The partner sends it as “Authorization: Bearer …”."),
            )
        except Invalid as error:
            problems = {{"expires_at": "expires"}.get(name, name): said for name, said in forms.faults(error).items()}
        except ValueError:
            problems = {"expires": _("This is no calendar day.")}
    return render(
        "admin/partners/keys.html",
        422 if problems else 200,
        partner=partner,
        keys=partner_keys.of(session.db(), id),
        given=request.form,
        problems=problems,
        now=session.now(),
    )


@pages.route("/<id>/keys/<key>/revoke", methods=["GET", "POST"])
@session.needs(ACTION)
def revoke(id: str, key: str) -> Any:
    """Ask whether to end a key of a partner, and end it."""
    partner, found, back = (
        partners.find(session.db(), id),
        partner_keys.find(session.db(), key),
        url_for(".keys", id=id),
    )
    if found.partner != id:
        raise NotFound("key", key)
    if request.method != "POST":
        return render("admin/key_revoke.html", key=found, crumbs=_crumbs(partner, _("Keys"), back))
    partnering.revoke_key(session.db(), session.actor(), key, now=session.now())
    say(_("The key “%(name)s” works no more.", name=found.name))
    return redirect(back, 303)


@pages.route("/<id>/pages", methods=["GET", "POST"])
@session.needs(ACTION)
def shown_at(id: str) -> Any:
    """List where a partner shows what; register, forget, or look at all of it now."""
    partner = partners.find(session.db(), id)
    problems: Mapping[str, str] = {}
    if request.method == "POST" and not forms.text("do").startswith("find "):
        try:
            _act(partner, forms.text("do"))
            return redirect(url_for(".shown_at", id=id), 303)
        except Invalid as error:
            problems = forms.faults(error)
    page = forms.page_number()
    return render(
        "admin/partners/pages.html",
        422 if problems else 200,
        partner=partner,
        registered=registered.of(session.db(), id, limit=SIZE, offset=(page - 1) * SIZE),
        pages=paging(page, SIZE, registered.count(session.db(), id)),
        given=request.form,
        problems=problems,
        title=choosing.title,
        worded=worded,
        choice=tree.Node("ref", "/entry", target="article", value=forms.text("/entry")),
        locales=partner.locales or site().locales,
        **writing_page.forms({}),
    )


def _act(partner: Partner, do: str) -> None:
    db, actor, now = session.db(), session.actor(), session.now()
    if do == "put":
        given = {"url": forms.text("url"), "entry": forms.text("/entry"), "locale": forms.text("locale")}
        partnering.put_page(db, actor, site(), partner.id, **given, now=now)
        say(_("Registered."))
    elif do == "remove":
        partnering.remove_page(db, actor, partner.id, forms.text("url"), now=now)
        say(_("Forgotten."))
    elif do == "look":
        _look(partner)


def _look(partner: Partner) -> None:
    """Look at the pages of a partner for as long as people wait, at those that were not looked at for longest first."""
    db, until = session.db(), monotonic() + LOOK_SECONDS
    left = sorted(registered.of(db, partner.id), key=lambda page: page.checked_at)
    wrong = looked = 0
    private = current_app.config["WEBHOOK_PRIVATE"]
    with sending(private=private, whole=LOOK_SECONDS / 2, most_bytes=PAGE_BYTES) as send:
        for each in looking.look(db, partner, send, session.now(), left):
            looked, wrong = looked + 1, wrong + bool(each.findings)
            if monotonic() >= until:
                break
    if wrong:
        text = ngettext("%(num)d page is not as it should be.", "%(num)d pages are not as they should be.", wrong)
        say(text, "warn")
    elif looked == len(left):
        say(_("All pages are as they should be."))
    if looked < len(left):
        text = _("%(done)s of %(all)s pages were looked at; look again to go on.", done=looked, all=len(left))
        say(text, "info")


@pages.get("/<id>/holdings")
@session.needs(ACTION)
def held(id: str) -> Response:
    """Show what a partner may still show, and how often it was given what."""
    partner = partners.find(session.db(), id)
    page = forms.page_number()
    return render(
        "admin/partners/holdings.html",
        partner=partner,
        held=holdings.held(session.db(), id, limit=SIZE, offset=(page - 1) * SIZE),
        pages=paging(page, SIZE, holdings.count(session.db(), id)),
        used=usage.totals(session.db(), ("way",), partner=id),
        title=choosing.title,
    )


def _crumbs(partner: Partner, here: str, address: str) -> list[tuple[str, str]]:
    own = url_for("admin.partners.one", id=partner.id)
    return [(_("Partners"), url_for("admin.partners.show")), (partner.name, own), (here, address)]


def _given() -> dict[str, Any]:
    return {
        "name": forms.text("name"),
        "terms": forms.text("terms"),
        "indexing": forms.text("indexing"),
        **{name: [line.strip() for line in forms.text(name).splitlines() if line.strip()] for name in LISTS},
        **{name: forms.several(name) for name in CHOICES},
        # What is no number is left to be refused, with all else.
        **{name: forms.whole(forms.text(name)) for name in ("refresh_hours", "acknowledge_hours")},
    }


def _form(partner: Partner | None, given: Mapping[str, Any], problems: Mapping[str, str] | None = None) -> Response:
    return render(
        "admin/partners/one.html",
        422 if problems else 200,
        partner=partner,
        given=given,
        problems=problems or {},
        **limits.options(given),
        indexing_options=[(name, words.one_of(words.INDEXING, name)) for name in INDEXING],
        now=session.now(),
        **(_standing(partner) if partner else {}),
    )


def _standing(partner: Partner) -> dict[str, Any]:
    """Return how far a partner has come, and how much there is of it on its other pages."""
    db, now = session.db(), session.now()
    return {
        "lag": _lag(partner),
        "most": MOST_LAG,
        "held": holdings.count(db, partner.id),
        "keys": sum(key.state(now) == "active" for key in partner_keys.of(db, partner.id)),
        "webhooks": len(webhooks.of(db, partner.id)),
        "recalls": recalls.concerning(db, partner.id)[:SHOWN_RECALLS],
    }


def _lag(partner: Partner) -> int:
    """Return how many changes a partner that follows by sync has not taken in yet, as far as MOST_LAG."""
    return events.count_changes(session.db(), partner.position, MOST_LAG) if partner.seen_at else 0
