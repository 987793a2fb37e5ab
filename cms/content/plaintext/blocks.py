"""Units made into blocks: headings, paragraphs, lists, tables; what a block means is not known here."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from cms.content.plaintext.cues import cues
from cms.content.plaintext.inline import markdown
from cms.content.plaintext.lines import Marker, Unit
from cms.content.plaintext.understood import Doubt, excerpt

SHORT, SHORT_WORDS = 70, 10
LONGEST_HEADING, LONGEST_LABEL, LONGEST_ITEM = 150, 100, 120
NEAR, MOST_ITEMS = 50, 200
SENTENCES = re.compile(r"(?<=[.!?…])[\"”’')]*\s+")
NUMBER = re.compile(r"^\d{1,2}[.)]\s")
UNFINISHED = re.compile(r"[.!?…,;:][\"”’')]*$")
QUOTED = re.compile(r"[\"“„‘'].*[\"”’'][.?!]?")


@dataclass(frozen=True)
class Part:
    """One block of the body and the units that it was made from; of contact parts only the first gets a block."""

    kind: str
    units: tuple[Unit, ...]
    block: dict[str, Any] | None = None

    @property
    def text(self) -> str:
        """Return the plain text of its first unit."""
        return self.units[0].text


def parts_of(units: Sequence[Unit]) -> tuple[list[Part], list[Doubt]]:
    """Return the parts of the body in order, and what was doubtful about them."""
    doubts: list[Doubt] = []
    loose = _loose(_without_bullets(_unmarked(units), doubts), doubts)
    return [_shaped(loose, index, doubts) for index in range(len(loose))], doubts


def is_short(text: str) -> bool:
    """Tell whether a line is short enough for a heading and is no sentence."""
    fits = len(text) <= SHORT and len(text.split()) <= SHORT_WORDS and not SENTENCES.search(NUMBER.sub("", text))
    return fits and not UNFINISHED.search(text) and not text[:1].islower() and not QUOTED.fullmatch(text)


def _unmarked(units: Sequence[Unit]) -> list[Unit]:
    """Turn numbered lines that have text between them ("1. Houding", text, "2. Beweging") into texts."""
    found = []
    for index, unit in enumerate(units):
        alone = unit.kind == "item" and not any(
            other.kind == "item" for other in [*units[max(0, index - 1) : index], *units[index + 1 : index + 2]]
        )
        numbered = unit.marker is not None and unit.marker.ordered
        between = index + 1 < len(units) and units[index + 1].kind == "text"
        if alone and numbered and between and _is_one_of_many(units, index):
            found.append(Unit("text", unit.whole, unit.lines))
        else:
            found.append(unit)
    return found


def _is_one_of_many(units: Sequence[Unit], index: int) -> bool:
    marker = units[index].marker
    near = [unit.marker for unit in units[max(0, index - 8) : index + 9] if unit.marker]
    return any(marker and other.number and abs(other.number - (marker.number or 0)) == 1 for other in near)


def _without_bullets(units: Sequence[Unit], doubts: list[Doubt]) -> list[Unit]:
    """Turn short lines right below "…:" into items: bullets often get lost in pasting."""
    found: list[Unit] = []
    index = 0
    while index < len(units):
        found.append(units[index])
        index += 1
        run = _bare_items(units, index) if found[-1].kind == "text" and found[-1].text.endswith(":") else 0
        if run:
            doubts.append(_doubt("list_without_bullets", units[index], items=run))
            found += [replace(unit, kind="item") for unit in units[index : index + run]]
            index += run
    return found


def _bare_items(units: Sequence[Unit], start: int) -> int:
    run = 0
    for unit in units[start : start + MOST_ITEMS]:
        if unit.kind != "text" or unit.level or (run and unit.apart):
            break
        if len(unit.text) > LONGEST_ITEM or unit.text.endswith((":", "?")) or len(SENTENCES.split(unit.text)) > 1:
            return 0
        run += 1
    return run if run > 1 else 0


def _loose(units: Sequence[Unit], doubts: list[Doubt]) -> list[Part]:
    groups: list[list[Unit]] = []
    for unit in units:
        if unit.kind == "item" and groups and groups[-1][0].kind == "item" and _goes_on(groups[-1], unit):
            groups[-1].append(unit)
        else:
            groups.append([unit])
    for group in groups:
        if group[0].kind == "item":
            _doubt_list(group, doubts)
    names = {"rows": "table", "item": "list"}
    return [Part(names.get(group[0].kind, group[0].kind), tuple(group)) for group in groups]


def _goes_on(items: Sequence[Unit], unit: Unit) -> bool:
    first, new = items[0].marker, unit.marker
    if not first or not new:
        return first is new
    if new.indent > first.indent + 1:
        return True
    if first.ordered != new.ordered:
        return False
    last = next((item.marker for item in reversed(items[-NEAR:]) if item.marker and not _is_nested(item, first)), first)
    # "1." again after "4." begins another list; "1." after "1." is how some editors count.
    return not (new.number == 1 and (last.number or 0) > 1)


def _is_nested(item: Unit, base: Marker) -> bool:
    marker = item.marker
    return marker is not None and (marker.indent > base.indent + 1 or marker.sign == "o" != base.sign)


def _doubt_list(items: Sequence[Unit], doubts: list[Doubt]) -> None:
    base = items[0].marker
    if not base:
        return
    nested = [item for item in items if _is_nested(item, base)]
    if nested:
        doubts.append(_doubt("nested_list", nested[0], items=len(nested)))
    numbers = [item.marker.number for item in items if item.marker and not _is_nested(item, base)]
    if base.ordered and numbers != list(range(1, len(numbers) + 1)):
        doubts.append(_doubt("list_numbering", items[0], numbers=numbers))
    if base.sign == "a":
        doubts.append(_doubt("list_lettered", items[0]))
    if len(items) == 1:
        doubts.append(_doubt("single_item_list", items[0]))


def _shaped(parts: Sequence[Part], index: int, doubts: list[Doubt]) -> Part:
    part = parts[index]
    if part.kind == "contact":
        return part
    if part.kind == "list":
        return replace(part, block=_list(part.units))
    if part.kind == "table":
        return _table(part, doubts)
    level = part.units[0].level
    if level or _is_heading(parts, index):
        block = {"type": "heading", "level": min(4, max(2, level or 2)), "text": markdown(part.text)}
        return Part("heading", part.units, block)
    if is_short(part.text) and _is_crowded(parts, index) and not (index and is_short(parts[index - 1].text)):
        doubts.append(_doubt("short_lines", part.units[0]))
    if index + 1 == len(parts) and ":" not in part.text and (is_short(part.text) or part.text.endswith("?")):
        doubts.append(_doubt("heading_without_text", part.units[0]))
    return Part("paragraph", part.units, {"type": "paragraph", "text": markdown(part.text)})


def _is_heading(parts: Sequence[Part], index: int) -> bool:
    text = parts[index].text
    after = parts[index + 1] if index + 1 < len(parts) else None
    if after is None or QUOTED.fullmatch(text):
        return False
    sentences = len(SENTENCES.split(text))
    if text.endswith("?"):
        return len(text) <= LONGEST_HEADING and sentences <= 2
    if text.endswith(":"):
        # Right below a heading it opens the list: "Dry needling kan helpen bij:".
        if index and after.kind == "list" and _is_label(parts[index - 1]):
            return False
        longest = LONGEST_LABEL if after.kind == "list" else SHORT
        return len(text) <= longest and sentences == 1 and after.kind != "contact"
    if cues().openers.fullmatch(text.rstrip("!. ")):
        return after.kind != "contact"
    return is_short(text) and _carries_text(parts, index + 1) and not _is_crowded(parts, index)


def _is_label(part: Part) -> bool:
    return part.kind == "text" and (part.text.endswith("?") or is_short(part.text) or bool(part.units[0].level))


def _is_crowded(parts: Sequence[Part], index: int) -> bool:
    """Tell whether three short lines or more stand together: then they are no headings."""
    run = [part.kind == "text" and is_short(part.text) for part in parts[max(0, index - 2) : index + 3]]
    here = min(index, 2)
    return any(all(run[start : start + 3]) for start in range(here + 1) if len(run[start : start + 3]) == 3)


def _carries_text(parts: Sequence[Part], index: int) -> bool:
    """Tell whether text comes here, or below one more heading."""
    for part in parts[index : index + 2]:
        if part.kind != "text" or not (is_short(part.text) or part.text.endswith("?")):
            return True
    return False


def _list(items: Sequence[Unit]) -> dict[str, Any]:
    ordered = items[0].marker is not None and items[0].marker.ordered
    return {"type": "list", "ordered": ordered, "items": [{"text": markdown(item.text)} for item in items]}


def _table(part: Part, doubts: list[Doubt]) -> Part:
    head, *rows = [[{"text": markdown(cell) or "–"} for cell in row] for row in part.units[0].cells]
    empty = sum(not cell for row in part.units[0].cells for cell in row)
    doubts.append(_doubt("table_guessed", part.units[0], columns=len(head), rows=len(rows), empty_cells=empty))
    block = {"type": "table", "columns": head, "rows": [{"cells": cells} for cells in rows]}
    return replace(part, block=block)


def _doubt(code: str, unit: Unit, **values: Any) -> Doubt:
    return Doubt(code, unit.number, excerpt(unit.text), values)
