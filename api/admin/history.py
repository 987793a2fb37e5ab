"""What became of an entry: its revisions, what changed between any two, and the way back to an earlier one."""

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from api.admin import addresses, forms, session, writing_page
from api.admin.editing import differing, keeping, problems
from api.admin.page import render, say, section
from cms.content import revisions
from cms.desk import history
from cms.desk import writing as desk
from cms.errors import Invalid, Refused, RevisionClash, SlugTaken

pages = Blueprint("history", __name__)

SIZE = 50


@pages.get("/entries/<entry>/history")
@session.needs("entry.read")
def show(entry: str) -> Response:
    """Show the revisions, and what changed between the two that are asked for: else the newest and the one before."""
    db = session.db()
    stands = keeping.saved(db, entry)
    section(stands.kind.plural)
    before = forms.whole(request.args.get("before", ""))
    versions = history.versions(db, entry, before=before, limit=SIZE + 1)
    newer = forms.whole(request.args.get("to", "")) or stands.latest
    older = forms.whole(request.args.get("from", "")) or max(newer - 1, 1)
    one, other = revisions.get(db, entry, older), revisions.get(db, entry, newer)
    changes = history.changes(db, entry, older, newer)
    return render(
        "admin/editing/history.html",
        writing=stands,
        versions=versions[:SIZE],
        further=versions[SIZE - 1].number if len(versions) > SIZE else 0,
        older=one,
        newer=other,
        changes=differing.told(stands.kind, one.content, other.content, changes),
        whats=differing.whats(),
        update_types=update_types(),
        may_restore=writing_page.may_save(stands),
        of=stands.locale,
    )


@pages.post("/entries/<entry>/history")
@session.needs("entry.save")
def restore(entry: str) -> AnyResponse:
    """Save what an earlier revision says as the newest."""
    number, seen = forms.whole(forms.text("revision")), forms.whole(forms.text("latest"))
    try:
        saved = desk.restore(session.db(), session.actor(), entry, number, based_on=seen, now=session.now())
    except RevisionClash:
        say(_("Somebody saved in between. Please look again."), "warn")
        return redirect(f"{addresses.entry(entry)}/history", 303)
    except (Invalid, Refused, SlugTaken) as error:
        for problem in problems.placed(problems.of(error), []):
            say(problem.said, "bad")
        return redirect(f"{addresses.entry(entry)}/history", 303)
    if saved.changed:
        say(_("Revision %(old)s is back, as revision %(new)s.", old=number, new=saved.revision.number))
    else:
        say(_("It says the same as now; nothing was saved."), "info")
    return redirect(f"{addresses.entry(entry)}/history", 303)


def update_types() -> dict[str, str]:
    """Return what the kinds of change are called."""
    return {
        "safety": _("Safety"),
        "major": _("Changed"),
        "minor": _("Small change"),
        "republish": _("Published again"),
    }
