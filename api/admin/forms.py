"""What people filled in: fields read from a form, and faults put beside the fields they are about. It saves nothing."""

from collections.abc import Iterable

from flask import request

from api.wording import say
from cms.errors import Invalid, Problem, Refused


def text(name: str) -> str:
    """Return a field of the form without the space around it."""
    return request.form.get(name, "").strip()


def several(name: str) -> list[str]:
    """Return every value that is ticked under one name."""
    return [value for value in request.form.getlist(name) if value]


def is_on(name: str) -> bool:
    """Tell whether a box is ticked."""
    return request.form.get(name) == "on"


def page_number() -> int:
    """Return which page of a list is asked for, the first where that makes no sense."""
    return max(1, whole(request.args.get("page", ""), digits=5))


def whole(said: str, otherwise: int = 0, *, digits: int = 8) -> int:
    """Return the whole number that is written, `otherwise` where none is or it has more digits."""
    return int(said) if said.isascii() and said.isdigit() and len(said) <= digits else otherwise


def faults(error: Invalid | Refused) -> dict[str, str]:
    """Return what is wrong by field, in words; the field is the first part of the pointer, empty for the whole."""
    found: Iterable[Problem] = error.problems if isinstance(error, Invalid) else error.reasons
    return {problem.pointer.lstrip("/").split("/")[0]: say(problem.code, problem.values) for problem in found}


def said(error: Invalid) -> list[str]:
    """Return what is wrong in words, in the order of the problems."""
    return [say(problem.code, problem.values) for problem in error.problems]
