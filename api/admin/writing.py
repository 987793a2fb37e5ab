"""The page on which an entry is written. Each button is a form that is sent, kept as a draft and shown again.

What is saved, and by which rules, the desk decides.
"""

from dataclasses import replace
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from api.admin import addresses, forms, moments, pictures, reading, session, writing_page
from api.admin.editing import changes, choosing, differing, keeping, problems, sent
from api.admin.editing.keeping import Writing
from api.admin.page import render, say, section
from api.public.answers import site
from cms.content import entries, pasted, revisions, types
from cms.content.fields import UUID
from cms.content.identity import new_id
from cms.content.saving import Saved
from cms.desk import drafts, history, writing
from cms.errors import Invalid, NotFound, Problem, Refused, RevisionClash, SlugTaken
from cms.people import rights

pages = Blueprint("writing", __name__)


@pages.get("/<plural>/new")
def begin(plural: str) -> AnyResponse:
    """Show an empty form for an entry of a type, or what was kept of one that is not there yet."""
    kind = types.find_plural(plural)
    rights.require(session.actor(), "entry.create", kind.name, site().source_locale)
    entry = request.args.get("entry", "")
    if entries.types_of(session.db(), [entry]):
        return redirect(addresses.entry(entry), 303)
    begun = keeping.begun(kind, entry if UUID.fullmatch(entry) else new_id(), site().source_locale)
    return writing_page.show(keeping.drafted(session.db(), session.actor(), begun) or begun)


@pages.post("/<plural>/new")
def begin_sent(plural: str) -> AnyResponse:
    """Do what a button of that form asks."""
    kind = types.find_plural(plural)
    entry = request.form.get("entry", "")
    if not UUID.fullmatch(entry):
        raise NotFound("entry", entry[:80])
    if entries.types_of(session.db(), [entry]):
        # It was saved from another window meanwhile; what is typed here goes on as a draft of it.
        stands = keeping.saved(session.db(), entry)
        rights.require(session.actor(), "entry.save", stands.kind.name, stands.locale)
        return _again(replace(_typed(stands), based_on=stands.latest), "")
    return act(keeping.begun(kind, entry, site().source_locale))


@pages.get("/entries/<entry>")
@session.needs("entry.read")
def edit(entry: str) -> Response:
    """Show the form of an entry; what somebody kept and did not save is offered first."""
    stands = keeping.saved(session.db(), entry)
    if not writing_page.may_save(stands):
        return reading.show(stands)
    kept = keeping.drafted(session.db(), session.actor(), stands)
    if kept is None:
        return writing_page.show(stands)
    if request.args.get("draft") == "on":
        return writing_page.show(kept)
    if kept.content == stands.content:
        drafts.drop(session.db(), session.actor(), entry)
        return writing_page.show(stands)
    section(stands.kind.plural)
    return render(
        "admin/editing/draft.html",
        writing=kept,
        changes=_changes(kept),
        whats=differing.whats(),
        of=stands.locale,
    )


def _changes(kept: Writing) -> list[differing.Told]:
    """Return how a draft differs from the revision that it was begun on."""
    before = revisions.get(session.db(), kept.entry, kept.based_on).content
    after = sent.trimmed(kept.kind.schema, kept.content)
    return differing.told(kept.kind, before, after, history.compare(kept.kind, before, after))


@pages.post("/entries/<entry>")
def edit_sent(entry: str) -> AnyResponse:
    """Do what a button of that form asks."""
    return act(keeping.saved(session.db(), entry))


@pages.get("/find")
@session.needs("entry.read")
def find() -> Response:
    """Return entries of a type whose title has some words, for the field that looks for them as one types."""
    found = choosing.entries(types.find(request.args.get("type", "")).name, request.args.get("q", ""), 12)
    return jsonify([{"id": entry, "title": title} for entry, title in found.options])


@pages.post("/view")
@session.needs("entry.read")
def view() -> Response:
    """Return inline Markdown as readers will see it, for the view beside a field."""
    text = request.form.get("text", "")
    return jsonify({"html": writing_page.seen(text), "marked": writing_page.is_marked_up(text)})


@pages.post("/paste")
@session.needs("entry.read")
def paste() -> Response:
    """Return what was copied elsewhere as one text, or nothing where it is more than that."""
    found = _clipboard()
    is_text = not found or (len(found) == 1 and found[0]["type"] == "paragraph")
    return jsonify({"text": found[0]["text"] if is_text and found else "" if is_text else None})


def act(stands: Writing) -> AnyResponse:
    """Do what the pressed button asks: save, change a part, or keep what was typed."""
    action = "entry.create" if stands.is_new else "entry.save"
    rights.require(session.actor(), action, stands.kind.name, stands.locale)
    asked = request.form.get("do", "keep")
    verb, _space, rest = asked.partition(" ")
    if verb == "discard":
        drafts.drop(session.db(), session.actor(), stands.entry)
        say(_("The draft is gone."), "info")
        return redirect(writing_page.own_address(stands), 303)
    kept = keeping.drafted(session.db(), session.actor(), stands)
    typed = _typed(stands)
    if verb == "save":
        return _save(typed, rest)
    # What was taken out can be put back until the next change.
    typed = replace(typed, removed=kept.removed if kept and verb in ("keep", "find", "back") else {})
    if verb in changes.VERBS:
        return _changed(typed, asked)
    if verb == "paste":
        return _pasted(typed, rest)
    if verb == "upload":
        return _uploaded(typed, rest)
    if verb == "focus":
        return _focused(typed, rest)
    at = moments.moment(keeping.keep(session.db(), session.actor(), typed, session.now()), "HH:mm")
    said = _("Saved as a draft at %(time)s.", time=at.striptags())
    if "X-Enhanced" in request.headers and verb == "keep":
        return jsonify({"said": said})
    if verb == "preview" and not stands.is_new:
        return redirect(f"{addresses.entry(stands.entry)}/preview?draft=on", 303)
    if verb == "find":
        return _again(typed, rest, find=rest, q=request.form.get(asked, ""))
    say(said)
    return _again(typed, "")


def _typed(stands: Writing) -> Writing:
    return replace(
        stands,
        content=sent.read(stands.kind.schema, request.form.items(multi=True)),
        based_on=forms.whole(request.form.get("based_on", ""), stands.based_on),
        saving={name: request.form.get(name, "")[:500] for name in ("change", "note") if request.form.get(name)},
    )


def _save(typed: Writing, then: str) -> AnyResponse:
    typed = replace(typed, content=keeping.finished(typed), removed={})
    try:
        saved = save(typed)
    except RevisionClash:
        keeping.keep(session.db(), session.actor(), typed, session.now())
        return redirect(f"{addresses.entry(typed.entry)}/clash", 303)
    except (Invalid, Refused, SlugTaken) as error:
        kept_at = keeping.keep(session.db(), session.actor(), typed, session.now())
        return writing_page.show(replace(typed, kept_at=kept_at), problems.of(error), 422)
    if not saved.changed:
        say(_("Nothing was changed, so nothing was saved."), "info")
    elif saved.revision.number == 1:
        say(_("Saved. Readers see it once it is published."))
    else:
        say(_("Saved as revision %(number)s. Readers see it once it is published.", number=saved.revision.number))
    onward = "/publish" if then == "publish" else ""
    return redirect(f"{addresses.entry(saved.revision.entry)}{onward}", 303)


def save(typed: Writing) -> Saved:
    """Save what was written through the desk. Raises what the desk raises."""
    db, actor, now = session.db(), session.actor(), session.now()
    if typed.is_new:
        return writing.create(db, actor, typed.kind.name, typed.content, now=now, site=site(), entry=typed.entry)
    change = typed.saving.get("change", "major")
    return writing.save(
        db,
        actor,
        typed.entry,
        typed.content,
        based_on=typed.based_on,
        now=now,
        update_type="" if change == "same" else change,
        note=typed.saving.get("note", ""),
        minor=change == "same",
    )


def _changed(typed: Writing, asked: str) -> AnyResponse:
    try:
        made = changes.change(typed.kind.schema, typed.content, asked, typed.removed)
    except changes.Unchanged:
        return _again(typed, "")
    return _again(replace(typed, content=made.content, removed=made.removed or {}), made.at)


def _pasted(typed: Writing, at: str) -> AnyResponse:
    try:
        made = changes.insert(typed.kind.schema, typed.content, at, _clipboard())
    except changes.Unchanged:
        return _again(typed, at)
    return _again(replace(typed, content=made.content), made.at)


def _clipboard() -> list[pasted.Block]:
    """Return what was copied elsewhere as blocks: from its HTML, or from its words where it has none."""
    html = request.form.get("html", "")[:2_000_000]
    return pasted.blocks(html) if html else pasted.of_text(request.form.get("plain", "")[:2_000_000])


def _uploaded(typed: Writing, at: str) -> AnyResponse:
    try:
        picture = pictures.uploaded(f"file {at}")
        content = changes.fill(typed.content, at, pictures.as_content(picture))
    except changes.Unchanged:
        return _again(typed, "")
    except Invalid as error:
        return _refused(typed, at, error)
    say(_("The picture is there. Say what it shows, for people who cannot see it."))
    return _again(replace(typed, content=content), at)


def _focused(typed: Writing, at: str) -> AnyResponse:
    try:
        pictures.focused(
            request.form.get(f"{at}/src", ""), *(request.form.get(f"focus-{way} {at}", "") for way in "xy")
        )
    except Invalid as error:
        return _refused(typed, at, error)
    say(_("Kept: this point of the picture stays in view wherever it is cut."))
    return _again(typed, at)


def _refused(typed: Writing, at: str, error: Invalid) -> Response:
    """Keep what was typed and show it again, with what is wrong with its picture."""
    kept_at = keeping.keep(session.db(), session.actor(), typed, session.now())
    found = [Problem(f"{at}/src", problem.code, problem.values) for problem in error.problems]
    return writing_page.show(replace(typed, kept_at=kept_at), found, 422)


def _again(typed: Writing, at: str, **more: str) -> AnyResponse:
    """Keep what was typed and show it again, where the reader was."""
    keeping.keep(session.db(), session.actor(), typed, session.now())
    asked = {"entry": typed.entry} if typed.is_new else {"draft": "on"}
    query = urlencode({**asked, **({"at": at} if at else {}), **more})
    return redirect(f"{writing_page.own_address(typed)}?{query}{f'#at{at}' if at else ''}", 303)
