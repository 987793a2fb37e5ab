"""The page on which an entry is written. Each button is a form that is sent, kept as a draft and shown again.

What is saved, and by which rules, the desk decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, redirect, request
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from api.admin import addresses, moments, pictures, session, words
from api.admin.editing import changes, choosing, field_words, keeping, problems, sent, tree
from api.admin.editing.keeping import Writing
from api.admin.page import render, say, section
from api.public.answers import site
from cms.content import pasted, types
from cms.content.fields import UUID
from cms.content.identity import new_id
from cms.content.saving import Saved
from cms.desk import drafts, writing
from cms.errors import Invalid, NotFound, Problem, Refused, RevisionClash, SlugTaken
from cms.people import rights
from cms.publish import inline

pages = Blueprint("writing", __name__)


@pages.get("/<plural>/new")
def begin(plural: str) -> Response:
    """Show an empty form for an entry of a type, or what was kept of one that is not there yet."""
    kind = types.find_plural(plural)
    rights.require(session.actor(), "entry.create", kind.name, site().source_locale)
    entry = request.args.get("entry", "")
    begun = keeping.begun(kind, entry if UUID.fullmatch(entry) else new_id(), site().source_locale)
    return show(keeping.drafted(session.db(), session.actor(), begun) or begun)


@pages.post("/<plural>/new")
def begin_sent(plural: str) -> AnyResponse:
    """Do what a button of that form asks."""
    kind = types.find_plural(plural)
    entry = request.form.get("entry", "")
    if not UUID.fullmatch(entry):
        raise NotFound("entry", entry[:80])
    return act(keeping.begun(kind, entry, site().source_locale))


@pages.get("/entries/<entry>")
@session.needs("entry.read")
def edit(entry: str) -> Response:
    """Show the form of an entry; what somebody kept and did not save is offered first."""
    stands = keeping.saved(session.db(), entry)
    if not may_save(stands):
        return show(stands)
    kept = keeping.drafted(session.db(), session.actor(), stands)
    if kept is None:
        return show(stands)
    if request.args.get("draft") == "on":
        return show(kept)
    if kept.content == stands.content:
        drafts.drop(session.db(), session.actor(), entry)
        return show(stands)
    section(stands.kind.plural)
    return render("admin/editing/draft.html", writing=kept, addresses=addresses)


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
    return jsonify({"html": shown(text), "marked": is_marked_up(text)})


@pages.post("/paste")
@session.needs("entry.read")
def paste() -> Response:
    """Return what was copied elsewhere as one text, or nothing where it is more than that."""
    found = pasted.blocks(request.form.get("html", "")[:2_000_000])
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
        return redirect(own_address(stands), 303)
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
    if verb == "find":
        return _again(typed, rest, find=rest, q=request.form.get(asked, ""))
    say(said)
    return _again(typed, "")


def _typed(stands: Writing) -> Writing:
    based_on = request.form.get("based_on", "")
    return replace(
        stands,
        content=sent.read(stands.kind.schema, request.form.items(multi=True)),
        based_on=int(based_on) if based_on.isascii() and based_on.isdigit() and len(based_on) < 9 else stands.based_on,
        saving={name: request.form.get(name, "")[:500] for name in ("change", "note") if request.form.get(name)},
    )


def _save(typed: Writing, then: str) -> AnyResponse:
    typed = replace(typed, content=sent.trimmed(typed.kind.schema, typed.content), removed={})
    try:
        saved = save(typed)
    except RevisionClash:
        keeping.keep(session.db(), session.actor(), typed, session.now())
        return redirect(f"{addresses.entry(typed.entry)}/clash", 303)
    except (Invalid, Refused, SlugTaken) as error:
        kept_at = keeping.keep(session.db(), session.actor(), typed, session.now())
        return show(replace(typed, kept_at=kept_at), problems.of(error), 422)
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
    blocks = pasted.blocks(request.form.get("html", "")[:2_000_000])
    try:
        made = changes.insert(typed.kind.schema, typed.content, at, blocks)
    except changes.Unchanged:
        return _again(typed, at)
    return _again(replace(typed, content=made.content), made.at)


def _uploaded(typed: Writing, at: str) -> AnyResponse:
    try:
        picture = pictures.uploaded(f"file {at}")
        content = changes.fill(typed.content, at, pictures.as_content(picture))
    except changes.Unchanged:
        return _again(typed, "")
    except Invalid as error:
        keeping.keep(session.db(), session.actor(), typed, session.now())
        found = [Problem(f"{at}/src", problem.code, problem.values) for problem in error.problems]
        return show(typed, found, 422)
    say(_("The picture is there. Say what it shows, for people who cannot see it."))
    return _again(replace(typed, content=content), at)


def _focused(typed: Writing, at: str) -> AnyResponse:
    try:
        pictures.focused(
            request.form.get(f"{at}/src", ""), *(request.form.get(f"focus-{way} {at}", "") for way in "xy")
        )
    except Invalid as error:
        keeping.keep(session.db(), session.actor(), typed, session.now())
        return show(typed, [Problem(f"{at}/src", problem.code, problem.values) for problem in error.problems], 422)
    say(_("Kept: this point of the picture stays in view wherever it is cut."))
    return _again(typed, at)


def _again(typed: Writing, at: str, **more: str) -> AnyResponse:
    """Keep what was typed and show it again, where the reader was."""
    keeping.keep(session.db(), session.actor(), typed, session.now())
    asked = {"entry": typed.entry} if typed.is_new else {"draft": "on"}
    query = urlencode({**asked, **({"at": at} if at else {}), **more})
    return redirect(f"{own_address(typed)}?{query}{f'#at{at}' if at else ''}", 303)


def own_address(stands: Writing) -> str:
    """Return the page on which this is written."""
    return addresses.new(stands.kind.plural) if stands.is_new else addresses.entry(stands.entry)


def may_save(stands: Writing) -> bool:
    """Tell whether whoever asks may save this."""
    return session.may("entry.create" if stands.is_new else "entry.save", stands.kind.name, stands.locale)


def show(stands: Writing, found: Sequence[Problem] = (), status: int = 200) -> Response:
    """Show the form, with what is wrong at its fields and above them."""
    section(stands.kind.plural)
    nodes = tree.draw(stands.kind.schema, stands.content, stands.kind.name)
    faults = problems.placed(found, nodes)
    return render(
        "admin/editing/edit.html",
        status,
        writing=stands,
        nodes={node.name.removeprefix("/"): node for node in nodes},
        groups=_groups(stands.kind.name, nodes),
        faults={fault.name: fault.said for fault in reversed(faults)},
        fault_list=faults,
        removed=stands.removed,
        at=request.args.get("at", ""),
        of=stands.locale,
        may_save=may_save(stands),
        action=own_address(stands),
        addresses=addresses,
        entry_types=[[kind.name, words.singular(kind.name)] for kind in types.every()],
        is_open=lambda group: _is_open(group, faults, stands.removed),
        **forms(),
    )


def forms() -> dict[str, Any]:
    """Return what the macros of forms use by name."""
    return {
        "shown": shown,
        "is_marked_up": is_marked_up,
        "choices_of": choosing.entry_choices,
        "options": choosing.options,
        "known_picture": pictures.known,
        "block_icon": field_words.icon,
        "fits_control": _fits_control,
    }


def shown(text: str) -> Markup:
    """Return inline Markdown as readers will see it; links to entries lead to their page here."""
    return Markup(inline.to_html(text, addresses.entry))  # noqa: S704  # sanitised where it is made


def is_marked_up(text: str) -> bool:
    """Tell whether a text looks other to readers than as it is typed."""
    return shown(text) != escape(text, quote=False)


def _fits_control(node: tree.Node) -> bool:
    """Tell whether a browser's own field for days and hours can hold what was typed."""
    lengths = {"day": 10, "hour": 5}
    return (
        node.kind not in lengths
        or not node.value
        or (len(node.value) == lengths[node.kind] and not set(node.value) - set("0123456789-:"))
    )


def _is_open(group: Sequence[tree.Node], faults: Sequence[problems.Fault], removed: Mapping[str, Any]) -> bool:
    """Tell whether a group of fields is to be unfolded: somebody works in it, or something in it is wrong."""
    places = [
        request.args.get("at", ""),
        request.args.get("find", ""),
        removed.get("at", ""),
        *(f.name for f in faults),
    ]
    return any(f"{place}/".startswith(f"{node.name}/") for place in places for node in group)


def _groups(type_name: str, nodes: Sequence[tree.Node]) -> list[tuple[str, list[tree.Node]]]:
    """Return the fields in groups with their titles, the first without one; what is in no group comes last."""
    by_name = {node.name.removeprefix("/"): node for node in nodes}
    wanted = field_words.GROUPS.get(type_name, (("", tuple(name for name in by_name if name != "slug")),))
    grouped = [
        (field_words.group(title), [by_name.pop(name) for name in names if name in by_name]) for title, names in wanted
    ]
    if by_name:
        grouped.append((_("More"), list(by_name.values())))
    return [group for group in grouped if group[1]]
