"""What is wrong with content, in words, at the fields of its form; where none is shown, at the nearest around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from api.admin.editing import choosing, tree
from api.admin.editing.tree import Node
from api.wording import say
from cms.content.fields import UUID
from cms.errors import Invalid, Problem, Refused, SlugTaken, TolkError


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: the name of the field, where that is in words, and what is wrong with it."""

    name: str
    where: str
    said: str


def of(error: TolkError) -> Sequence[Problem]:
    """Return the problems that an error names."""
    if isinstance(error, Invalid):
        return error.problems
    if isinstance(error, Refused):
        return error.reasons
    if isinstance(error, SlugTaken):
        return [Problem("/slug", "slug_taken", {"suggestion": error.suggestion})]
    return [Problem("", error.code)]


def placed(problems: Sequence[Problem], nodes: list[Node]) -> list[Fault]:
    """Return each problem in words and at a field of the form, empty for the form as a whole."""
    faults = []
    for problem in problems:
        shown = [node for node in tree.trail(nodes, problem.pointer) if node.kind != "key"]
        name = shown[-1].name if shown else ""
        faults.append(Fault(name, _where(shown), worded(problem)))
    return list(dict.fromkeys(faults))


def worded(problem: Problem) -> str:
    """Return a problem in words, with entries by what they are called."""
    named = {
        name: choosing.title(value) if isinstance(value, str) and UUID.fullmatch(value) else value
        for name, value in problem.values.items()
    }
    return say(problem.code, named)


def _where(way: list[Node]) -> str:
    names = []
    for depth, node in enumerate(way):
        # "Item 1" of a list in a block says enough; so does a paragraph, without its one text.
        is_list = node.kind in ("list", "lines", "blocks") and depth > 0 and node is not way[-1]
        if is_list or (node.last == "text" and depth > 0):
            continue
        names.append(f"{node.label} {int(node.last) + 1}" if node.last.isdigit() else node.label)
    return " › ".join(filter(None, names))


def path_pointer(content: Any, path: str) -> str:
    """Return the JSON pointer of a content path, as far as the content has it."""
    at, value = "", content
    for step in path.split("."):
        if isinstance(value, dict) and step in value:
            at, value = f"{at}/{step}", value[step]
        elif isinstance(value, list):
            index = next((number for number, item in enumerate(value) if _is_called(item, step, number)), None)
            if index is None:
                break
            at, value = f"{at}/{index}", value[index]
        else:
            break
    return at


def _is_called(item: Any, step: str, number: int) -> bool:
    return item.get("id") == step if isinstance(item, dict) and "id" in item else str(number) == step


def where(nodes: list[Node], content: Any, path: str) -> str:
    """Return in words where a content path leads: `Text › Paragraph 3`."""
    return _where([node for node in tree.trail(nodes, path_pointer(content, path)) if node.kind != "key"])
