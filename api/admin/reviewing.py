"""Record that somebody reviewed an entry, beside the entry itself. Whoever may review need not be able to write."""

from datetime import date

from flask import Blueprint, Response, redirect
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from api.admin import addresses, forms, moments, reading, session, writing_page
from api.admin.editing import choosing, field_words, keeping, problems, tree
from api.admin.editing.keeping import Writing
from api.admin.page import render, say, section
from api.admin.preview import drawn
from cms.content.schemas import REVIEW_ROLES
from cms.desk import reviewing
from cms.errors import Invalid, NotFound, Refused, RevisionClash

pages = Blueprint("reviewing", __name__)

# How many years a review holds, unless somebody says otherwise.
HOLDS = 2


@pages.get("/entries/<entry>/review")
@session.needs("entry.review")
def show(entry: str) -> Response:
    """Show what was reviewed before, and what there is to review now."""
    return _page(_found(entry), {})


@pages.post("/entries/<entry>/review")
@session.needs("entry.review")
def record(entry: str) -> AnyResponse:
    """Record a review of the revision that was shown."""
    stands = _found(entry)
    if forms.text("do").startswith("find "):
        return _page(stands, {})
    try:
        saved = reviewing.review(
            session.db(),
            session.actor(),
            entry,
            reviewer=forms.text("/author"),
            role=forms.text("role"),
            date=forms.text("date"),
            review_due=forms.text("review_due"),
            based_on=forms.whole(forms.text("based_on")),
            now=session.now(),
        )
    except RevisionClash:
        say(_("It was changed since you opened it. Please read it again."), "warn")
        return redirect(_address(stands), 303)
    except (Invalid, Refused) as error:
        return _page(stands, _faults(error), 422)
    if not saved.changed:
        say(_("This review was recorded before."), "info")
    else:
        say(_("The review is recorded, as revision %(number)s.", number=saved.revision.number))
        say(_("Readers see its date once this revision is published."), "info")
    return redirect(_address(stands), 303)


def _found(entry: str) -> Writing:
    stands = keeping.saved(session.db(), entry)
    if not stands.is_reviewed:
        raise NotFound("entry", entry)
    return stands


def _address(stands: Writing) -> str:
    return f"{addresses.entry(stands.entry)}/review"


def _faults(error: Invalid | Refused) -> dict[str, str]:
    """Return what is wrong by the field of this form; what is wrong elsewhere in the entry is said at the top."""
    named = {"author": "/author", "role": "role", "date": "date", "last_reviewed": "date", "review_due": "review_due"}
    found = {}
    for problem in problems.of(error):
        found[named.get(problem.pointer.rpartition("/")[2], "")] = problems.worded(problem)
    return found


def _page(stands: Writing, faults: dict[str, str], status: int = 200) -> Response:
    section(stands.kind.plural)
    document = reading.newest(stands)
    today = session.now().astimezone(moments.zone()).date()
    due = str(stands.content.get("review_due") or "")
    return render(
        "admin/editing/review.html",
        status,
        writing=stands,
        document=document,
        drawn=drawn(document),
        reviews=[
            (choosing.title(each["author"]), field_words.choice("role", each["role"]), each["date"])
            for each in sorted(stands.content.get("reviewers", ()), key=lambda each: str(each["date"]), reverse=True)
        ],
        roles=[(role, field_words.choice("role", role)) for role in REVIEW_ROLES],
        reviewer=tree.Node("ref", "/author", target="author", value=forms.text("/author") or _own()),
        given={
            "role": forms.text("role") or "medical",
            "date": forms.text("date") or today.isoformat(),
            "review_due": forms.text("review_due") or max(due, _later(today).isoformat()),
        },
        may_record=session.may("entry.review", stands.kind.name, stands.locale) and not stands.archived_at,
        problems=faults,
        of=stands.locale,
        **writing_page.forms(faults),
    )


def _later(day: date) -> date:
    """Return the day on which a review of this day is due again."""
    last = day.replace(day=28) if (day.month, day.day) == (2, 29) else day
    return last.replace(year=day.year + HOLDS)


def _own() -> str:
    """Return the author who is called as the reader is, nothing where there is none or more than one."""
    found = choosing.entries("author", session.actor().name, 3)
    own = [entry for entry, title in found.options if title.casefold() == session.actor().name.casefold()]
    return own[0] if len(own) == 1 else ""
