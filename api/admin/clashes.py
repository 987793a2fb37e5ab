"""What two people made of the same entry at once: shown beside each other, chosen between, saved on the newest."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from api.admin import addresses, session, writing, writing_page
from api.admin.editing import differing, keeping, problems, tree
from api.admin.editing.differing import Pieces
from api.admin.editing.keeping import Writing
from api.admin.page import render, say, section
from cms.content import revisions, threeway
from cms.content.threeway import Divided
from cms.desk import history
from cms.errors import Invalid, Refused, RevisionClash, SlugTaken
from cms.people import rights

pages = Blueprint("clashes", __name__)


@dataclass(frozen=True)
class Question:
    """One value to choose: where it is, its words on each side, and which side is chosen."""

    name: str
    where: str
    base: Pieces
    theirs: Pieces
    yours: Pieces
    chosen: str


@pages.get("/entries/<entry>/clash")
@session.needs("entry.save")
def show(entry: str) -> AnyResponse:
    """Show what only one side has, and ask about what both changed."""
    yours = _yours(entry)
    if yours is None:
        return redirect(addresses.entry(entry), 303)
    return _ask(yours)


@pages.post("/entries/<entry>/clash")
@session.needs("entry.save")
def choose(entry: str) -> AnyResponse:
    """Save what was chosen on the newest revision; show it again where yet another one has come."""
    yours = _yours(entry)
    if yours is None:
        return redirect(addresses.entry(entry), 303)
    rights.require(session.actor(), "entry.save", yours.kind.name, yours.locale)
    seen = request.form.get("latest", "")
    base, theirs = _sides(yours)
    if seen != str(theirs.number):
        say(_("Somebody saved once more in between. Please look again."), "warn")
        return redirect(f"{addresses.entry(entry)}/clash", 303)
    choices = {name.removeprefix("side "): side for name, side in request.form.items() if name.startswith("side ")}
    merged = threeway.merge(base.content, theirs.content, yours.content, choices)
    together = replace(yours, content=merged.content, based_on=theirs.number, removed={})
    try:
        saved = writing.save(together)
    except RevisionClash:
        say(_("Somebody saved once more in between. Please look again."), "warn")
        return redirect(f"{addresses.entry(entry)}/clash", 303)
    except (Invalid, Refused, SlugTaken) as error:
        kept_at = keeping.keep(session.db(), session.actor(), together, session.now())
        return writing_page.show(replace(together, kept_at=kept_at), problems.of(error), 422)
    if saved.changed:
        say(_("Saved as revision %(number)s, with what both of you wrote.", number=saved.revision.number))
    else:
        say(
            _("You chose all that stands in revision %(number)s; there was nothing to save.", number=theirs.number),
            "info",
        )
    return redirect(addresses.entry(entry), 303)


def _yours(entry: str) -> Writing | None:
    """Return what the actor wrote on a revision that is the newest no more, None where there is nothing of the kind."""
    stands = keeping.saved(session.db(), entry)
    kept = keeping.drafted(session.db(), session.actor(), stands)
    return kept if kept and 0 < kept.based_on < stands.latest else None


def _sides(yours: Writing) -> tuple[revisions.Revision, revisions.Revision]:
    db = session.db()
    return revisions.get(db, yours.entry, yours.based_on), revisions.latest(db, yours.entry)


def _ask(yours: Writing) -> Response:
    section(yours.kind.plural)
    base, theirs = _sides(yours)
    merged = threeway.merge(base.content, theirs.content, yours.content)
    sides = {
        side: (content, tree.draw(yours.kind.schema, content, yours.kind.name))
        for side, content in (("yours", yours.content), ("theirs", theirs.content), ("base", base.content))
    }
    taken = history.compare(yours.kind, base.content, theirs.content)
    divided = {each.path for each in merged.divided}
    return render(
        "admin/editing/clash.html",
        writing=yours,
        theirs=theirs,
        base=base,
        questions=[_question(each, sides) for each in merged.divided],
        taken=differing.told(
            yours.kind, base.content, theirs.content, [one for one in taken if not _is_within(one.path, divided)]
        ),
        whats=differing.whats(),
        of=yours.locale,
    )


def _is_within(path: str, divided: set[str]) -> bool:
    return any(f"{path}.".startswith(f"{each}.") for each in divided)


def _question(each: Divided, sides: Mapping[str, tuple[Any, list[tree.Node]]]) -> Question:
    found = (problems.where(nodes, content, each.path) for content, nodes in sides.values())
    return Question(
        each.path,
        max(found, key=len),
        ((("same", differing.plain(each.base)),) if each.base is not None else ()),
        differing.beside(each.base, each.theirs),
        differing.beside(each.base, each.yours),
        "yours",
    )
