"""What a translator is told of a segment: what kind of text it is, and where it stands. Pure; the words are English."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cms.content.blocks import is_critical
from cms.localize.exchange.inline import parse, plain

LENGTH = 60
# What a text is by the type of the block around it and the field that holds it; else block and field are named.
KINDS: Mapping[tuple[str, str], str] = {
    ("heading", "text"): "heading",
    ("paragraph", "text"): "paragraph",
    ("list", "text"): "list item",
    ("steps", "text"): "step",
    ("steps", "title"): "title of a step",
    ("callout", "title"): "title of a callout",
    ("figure", "alt"): "text alternative of a picture",
    ("figure", "caption"): "caption of a picture",
    ("images", "alt"): "text alternative of a picture",
    ("photo", "alt"): "text alternative of a photograph",
    ("faq", "question"): "question",
    ("table", "caption"): "caption of a table",
    ("table", "text"): "table cell",
    ("quote", "text"): "quotation",
    ("quote", "cite"): "source of a quotation",
    ("contact", "text"): "text beside contact details",
    ("seo", "title"): "title for search engines",
    ("seo", "description"): "description for search engines",
}
PARTS = {"items": "item", "columns": "column", "rows": "row", "cells": "column", "answer": "block", "body": "block"}


@dataclass(frozen=True)
class Place:
    """Say what a segment is and where: `kind` in few words, `notes` by category."""

    kind: str
    notes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Step:
    """One step of a content path into a list: which list, which thing in it, and the how-manieth of how many."""

    name: str
    thing: Mapping[str, Any]
    number: int
    total: int


def place(content: Mapping[str, Any], path: str) -> Place:
    """Return the place of the segment at a path of some content."""
    steps, holder, name = _follow(content, path)
    kind = _kind(steps, holder, name)
    notes = [("kind", kind)]
    if where := "; ".join(_where(steps, content)):
        notes.append(("place", where))
    if urgent := _urgency(steps):
        notes.append(("urgency", urgent))
    return Place(kind, tuple(notes))


def _follow(content: Mapping[str, Any], path: str) -> tuple[list[Step], str, str]:
    steps: list[Step] = []
    here: Any = content
    names = path.split(".")
    holder = ""
    for index, name in enumerate(names):
        if isinstance(here, list):
            at = next((at for at, thing in enumerate(here) if _is_named(thing, at, name)), 0)
            thing = here[at] if isinstance(here[at], Mapping) else {}
            steps.append(Step(names[index - 1], thing, at + 1, len(here)))
            here = here[at]
        else:
            holder = name if isinstance(here.get(name), Mapping | list) else holder
            here = here.get(name, {})
    return steps, holder, names[-1]


def _is_named(thing: Any, at: int, name: str) -> bool:
    return bool(thing.get("id") == name) if isinstance(thing, Mapping) and "id" in thing else str(at) == name


def _kind(steps: list[Step], holder: str, name: str) -> str:
    around = next((str(step.thing["type"]) for step in reversed(steps) if "type" in step.thing), holder)
    if around == "table" and steps[-1].name == "columns":
        return "head of a table column"
    known = KINDS.get((around, name)) or KINDS.get((holder, name))
    return known or " of ".join(part.replace("_", " ") for part in (name, around) if part)


def _where(steps: list[Step], content: Mapping[str, Any]) -> Iterator[str]:
    if len(steps) > 1:
        *outer, last = steps
        numbers = [f"{PARTS.get(step.name, step.name)} {step.number} of {step.total}" for step in (*outer[1:], last)]
        yield ", ".join(reversed(numbers)) + f" in {_called(steps[0])}"
    if steps and steps[0].name == "body" and (heading := _heading(content, steps[0])):
        yield f"under “{heading}”"


def _called(step: Step) -> str:
    """Name the top-level thing: its type, and its title or question where it has one."""
    named = step.thing.get("title") or step.thing.get("caption") or ""
    kind = str(step.thing.get("type", step.name))
    if kind == "list" and step.thing.get("ordered"):
        kind = "numbered list"
    return f"{kind} “{_short(str(named))}”" if named else f"{kind} {step.number} of {step.total} in {step.name}"


def _heading(content: Mapping[str, Any], step: Step) -> str:
    before = content.get(step.name, [])[: step.number - 1]
    found = [block for block in before if isinstance(block, Mapping) and block.get("type") == "heading"]
    return _short(plain(parse(str(found[-1].get("text", ""))))) if found else ""


def _urgency(steps: list[Step]) -> str:
    for step in reversed(steps):
        urgency = step.thing.get("urgency", "none")
        if urgency != "none":
            return f"{step.thing.get('type', 'block')}, {urgency}: critical"
    return "critical" if any(is_critical(step.thing) for step in steps[:1]) else ""


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LENGTH else text[: LENGTH - 1] + "…"
