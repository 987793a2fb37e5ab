"""Where an entry is used, and what can be done with one that is there twice or needed no more."""

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from api.admin import addresses, forms, session, writing_page
from api.admin.editing import choosing, field_words, keeping, tree
from api.admin.editing.keeping import Writing
from api.admin.page import render, say, section
from api.admin.paging import pages as paging
from api.public.answers import site
from cms.content import entries
from cms.desk import merging, uses
from cms.desk import writing as desk
from cms.errors import Invalid, NotFound, Refused

pages = Blueprint("uses", __name__)
SIZE = 50


@pages.get("/entries/<entry>/uses")
@session.needs("entry.read")
def show(entry: str) -> Response:
    """Show who refers to it."""
    return _page(keeping.saved(session.db(), entry), {})


@pages.post("/entries/<entry>/merge")
@session.needs("entry.merge")
def merge(entry: str) -> AnyResponse:
    """Merge it into another, after asking whether that is meant."""
    stands = keeping.saved(session.db(), entry)
    if forms.text("do").startswith("find "):
        return _page(stands, {})
    keep = forms.text("/keep")
    try:
        known = entries.find(session.db(), keep)
    except NotFound:
        return _page(stands, {"/keep": _("Choose the entry that stays.")}, 422)
    if not forms.text("sure"):
        section(stands.kind.plural)
        return render(
            "admin/editing/merge.html",
            writing=stands,
            keep=known,
            keep_title=choosing.title(keep),
            used=uses.referring(session.db(), entry),
            first=uses.page(session.db(), entry, limit=SIZE).uses,
            of=stands.locale,
        )
    try:
        changed = merging.merge(session.db(), session.actor(), keep, entry, now=session.now(), site=site())
    except (Refused, Invalid) as error:
        return _page(stands, {"/keep": " ".join(forms.faults(error).values())}, 422)
    say(
        ngettext(
            "Merged. %(num)d entry refers to the one that stays.",
            "Merged. %(num)d entries refer to the one that stays.",
            len(changed),
        )
    )
    return redirect(addresses.entry(keep), 303)


@pages.post("/entries/<entry>/archive")
@session.needs("entry.archive")
def archive(entry: str) -> AnyResponse:
    """Put it away; what is published and needed by nothing is withdrawn with an explanation."""
    stands = keeping.saved(session.db(), entry)
    if forms.text("do").startswith("find "):
        return _page(stands, {})
    try:
        left = desk.archive(
            session.db(),
            session.actor(),
            entry,
            now=session.now(),
            site=site(),
            explanation=forms.text("explanation"),
            replacement=forms.text("/replacement"),
        )
    except (Refused, Invalid) as error:
        return _page(stands, {"explanation": " ".join(forms.faults(error).values())}, 422)
    say(_("It is put away. It can be taken back at any time."))
    if left:
        say(_("Readers still find it, because other pages show it. You will hear when none does any more."), "info")
    return redirect(f"{addresses.entry(entry)}/uses", 303)


@pages.post("/entries/<entry>/unarchive")
@session.needs("entry.archive")
def unarchive(entry: str) -> AnyResponse:
    """Take it back into use."""
    desk.unarchive(session.db(), session.actor(), entry, now=session.now())
    say(_("It is back in use."))
    return redirect(f"{addresses.entry(entry)}/uses", 303)


def _page(stands: Writing, problems: dict[str, str], status: int = 200) -> Response:
    section(stands.kind.plural)
    db, kind = session.db(), stands.kind.name
    number = forms.page_number()
    found = uses.page(db, stands.entry, limit=SIZE, offset=(number - 1) * SIZE)

    def chosen(name: str) -> tree.Node:
        return tree.Node("ref", name, target=kind, value=forms.text(name))

    return render(
        "admin/editing/uses.html",
        status,
        writing=stands,
        used=found.uses,
        # What was sent is shown again at an address that cannot be asked for.
        pages=paging(number, SIZE, found.total) if request.method == "GET" else None,
        archived_at=entries.find(db, stands.entry).archived_at,
        is_shown=uses.is_shown(db, stands.entry),
        field=lambda type_name, name: _("A link in a text") if name == "link" else field_words.label(type_name, name),
        problems=problems,
        given=forms.text,
        sought=forms.text("do"),
        keep=chosen("/keep"),
        replacement=chosen("/replacement"),
        may_merge=session.may("entry.merge", kind, stands.locale),
        may_archive=session.may("entry.archive", kind, stands.locale),
        of=stands.locale,
        **writing_page.forms(problems),
    )
