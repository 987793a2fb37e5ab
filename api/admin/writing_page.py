"""How the page looks on which an entry is written: its fields in groups, what is wrong, what is offered.

It saves nothing.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from flask import Response, request
from flask_babel import gettext as _
from markupsafe import Markup

from api.admin import addresses, pictures, session, words
from api.admin.editing import choosing, field_words, problems, tree
from api.admin.editing.dividing import EMPTY_LINE
from api.admin.editing.keeping import Writing
from api.admin.page import render, section
from cms.content import entries, types
from cms.desk import drafts
from cms.desk.drafts import Draft
from cms.errors import Problem
from cms.publish import inline


def own_address(stands: Writing) -> str:
    """Return the page on which this is written."""
    return addresses.new(stands.kind.plural) if stands.is_new else addresses.entry(stands.entry)


def may_save(stands: Writing) -> bool:
    """Tell whether whoever asks may save this."""
    action = "entry.create" if stands.is_new else "entry.save"
    return not stands.archived_at and session.may(action, stands.kind.name, stands.locale)


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
        fault_list=faults,
        of=stands.locale,
        action=own_address(stands),
        begun_before=_begun_before(stands),
        entry_types=[[kind.name, words.singular(kind.name)] for kind in types.every()],
        is_open=lambda group: _is_open(group, faults, stands.removed),
        **forms({fault.name: fault.said for fault in reversed(faults)}, stands.removed, request.args.get("at", "")),
    )


def forms(faults: Mapping[str, str], removed: Mapping[str, Any] | None = None, at: str = "") -> dict[str, Any]:
    """Return what the macros of forms use by name: `faults` by field, what was `removed`, where one is."""
    return {
        "faults": faults,
        "removed": removed or {},
        "at": at,
        "shown": shown,
        "seen": seen,
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
    """Tell whether a text looks other to readers than as it is typed: for its marks, or for its ends of lines."""
    return "\n" in text.strip() or shown(text) != escape(text, quote=False)


def seen(text: str) -> Markup:
    """Return the same where it is typed: what an empty line divides becomes texts of their own when it is saved."""
    return Markup("<br><br>").join(shown(part) for part in EMPTY_LINE.split(text))


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


def _begun_before(stands: Writing) -> list[tuple[Draft, str]]:
    """Return what the reader began of this type and never saved, with its title: where a new one is begun afresh."""
    if not stands.is_new or stands.kept_at:
        return []
    found = [draft for draft in drafts.every(session.db(), session.actor()) if draft.type == stands.kind.name]
    there = entries.types_of(session.db(), [draft.entry for draft in found])
    return [(draft, str(draft.content.get(stands.kind.title) or "")) for draft in found if draft.entry not in there]
