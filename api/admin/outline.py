"""The shape of an entry around its segments: which stand together, what each is called, how it looks.

It knows nothing of what they say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext

from api.admin.editing.field_words import BLOCKS
from cms.desk.workbench import Line


def _(text: str) -> str:
    """Mark a text for translation; it is translated when it is said."""
    return text


# What a text is called and how it looks, by the block (or field) around it and the field that holds it.
PLACES: Mapping[tuple[str, str], tuple[str, str]] = {
    ("heading", "text"): (_("Heading"), "heading"),
    ("paragraph", "text"): (_("Paragraph"), "prose"),
    ("list", "text"): (_("List item %(number)s"), "item"),
    ("steps", "title"): (_("Title of step %(number)s"), "item-title"),
    ("steps", "text"): (_("Step %(number)s"), "item"),
    ("callout", "title"): (_("Title of the callout"), "part-title"),
    ("figure", "alt"): (_("Description of the picture"), "aside"),
    ("figure", "caption"): (_("Caption of the picture"), "caption"),
    ("faq", "question"): (_("Question %(number)s"), "part-title"),
    ("table", "caption"): (_("Caption of the table"), "caption"),
    ("columns", "text"): (_("Head of column %(number)s"), "part-title"),
    ("cells", "text"): (_("Row %(row)s, column %(number)s"), "prose"),
    ("quote", "text"): (_("Quotation"), "quote"),
    ("quote", "cite"): (_("Source of the quotation"), "caption"),
    ("contact", "text"): (_("Text beside the contact details"), "prose"),
    ("", "title"): (_("Title"), "title"),
    ("", "name"): (_("Name"), "title"),
    ("", "summary"): (_("Summary"), "lead"),
    ("", "description"): (_("Description"), "prose"),
    ("", "bio"): (_("About the author"), "prose"),
    ("", "job_title"): (_("Job title"), "prose"),
    ("specialisms", "text"): (_("Specialism %(number)s"), "item"),
    ("services", "text"): (_("Service %(number)s"), "item"),
    ("synonyms", "text"): (_("Synonym %(number)s"), "item"),
    ("seo", "title"): (_("Title for search engines"), "prose"),
    ("seo", "description"): (_("Description for search engines"), "prose"),
    ("images", "alt"): (_("Description of picture %(number)s"), "aside"),
    ("photo", "alt"): (_("Description of the photograph"), "aside"),
}
GROUPS = {
    **{kind: BLOCKS[kind] for kind in ("list", "steps", "callout", "figure", "faq", "table", "quote")},
    "contact": _("Contact details"),
    "specialisms": _("Specialisms"),
    "services": _("Services"),
    "synonyms": _("Synonyms"),
    "seo": _("For search engines"),
    "images": _("Pictures"),
}
NUMBERED = _("Numbered list")


@dataclass(frozen=True)
class Spot:
    """Where one segment stands: what it is called, how it looks, its level as a heading and its bullet or number."""

    path: str
    label: str
    look: str
    level: int = 0
    marker: str = ""
    is_nested: bool = False


@dataclass(frozen=True)
class Group:
    """Segments that belong together: a field, or a block with its urgency. `label` is empty where theirs will do."""

    key: str
    kind: str
    label: str
    urgency: str
    critical: bool
    spots: tuple[Spot, ...]


def outline(lines: Sequence[Line]) -> list[Group]:
    """Return the segments of an entry, which come in reading order, as they stand together in it."""
    together: dict[str, list[Line]] = {}
    for line in lines:
        name = line.path.split(".")[0]
        together.setdefault(f"{name}.{line.block}" if line.block_type else name, []).append(line)
    groups, last = [], 1
    for key, found in together.items():
        spots = []
        for line in found:
            # A heading that leaves out a level would be a stumbling block for who reads by headings.
            spot = _spot(line, last + 1)
            last = spot.level or last
            spots.append(spot)
        groups.append(_group(key, found[0], tuple(spots)))
    return groups


def _group(key: str, first: Line, spots: tuple[Spot, ...]) -> Group:
    kind = first.block_type or key
    step = first.steps[0] if first.block_type else None
    name = NUMBERED if step and step.ordered and kind == "list" else GROUPS.get(kind, "")
    return Group(
        key=key,
        kind=kind,
        label=gettext(name) if name else "",
        urgency=step.urgency if step else "",
        critical=first.critical,
        spots=spots,
    )


def _spot(line: Line, deepest: int) -> Spot:
    blocks = [step for step in line.steps if step.type]
    around = blocks[-1].type if blocks else ""
    last = line.steps[-1] if line.steps else None
    # A part of an object that is in no list, such as `seo.title`, stands under the object's name.
    holder = last.list if last else line.path.rpartition(".")[0]
    found = PLACES.get((holder, line.field)) or PLACES.get((around, line.field))
    label, look = found or (line.field.replace("_", " ").capitalize(), "prose")
    rows = [step.number for step in line.steps if step.list == "rows"]
    numbers = {"number": last.number if last else 0, "row": rows[-1] if rows else 0}
    ordered = around == "steps" or (bool(blocks) and blocks[-1].ordered)
    marker = f"{numbers['number']}." if ordered else "•"
    return Spot(
        path=line.path,
        label=gettext(label, **numbers) if found else label,
        look=look,
        level=min(blocks[-1].level, deepest) if look == "heading" else 0,
        marker=marker if look in ("item", "item-title") else "",
        is_nested=len(blocks) > 1,
    )
