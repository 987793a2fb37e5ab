"""What a file of another tool holds, whatever its format. Nothing here is trusted, and nothing is looked up."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cms.errors import Invalid, Problem
from cms.localize.exchange.codes import Content

# How far a text is, as the file says: not yet to be used, translated, or (where the file says nothing) neither.
UNFINISHED, FINISHED, UNSAID = "unfinished", "finished", ""


@dataclass(frozen=True)
class Received:
    """One unit of a file. `target` is None where there is none; `text_mark` tells what the file was exported with."""

    entry: str
    path: str
    source: Content | None
    target: Content | None
    source_hash: str = ""
    text_mark: str = ""
    state: str = UNSAID
    is_partial: bool = False


@dataclass(frozen=True)
class Bundle:
    """All units of one file, with the languages that it states; empty where it states none."""

    format: str
    source_locale: str
    locale: str
    units: tuple[Received, ...]


def refuse(code: str, **values: Any) -> Invalid:
    """Return the error that says why a whole file cannot be used."""
    return Invalid([Problem("", code, values)])


def one_of(tags: Sequence[str]) -> str:
    """Return the one language that all parts of a file state; a file in several languages is refused."""
    stated = sorted({tag for tag in tags if tag})
    if len(stated) > 1:
        raise refuse("languages_differ", stated=stated)
    return stated[0] if stated else ""
