"""Rows of a table in pasted lines: columns kept apart by tabs, pipes or wide gaps."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

MAX_COLUMNS = 50
GAP = re.compile(r" {3,}|\t+")
RULER = re.compile(r"[-=+|:\s]+")
BULLET = re.compile(r"\W\s|\w\t|\d{1,2}[.)]")


@dataclass(frozen=True)
class Rows:
    """How many lines a table takes, and its cells; rulers between rows have no cells."""

    length: int
    cells: tuple[tuple[str, ...], ...]


def rows_at(lines: Callable[[], Iterable[str]]) -> Rows | None:
    """Return the table that begins on the first of these adjoining lines."""
    first = next(iter(lines()), "")
    for sign, split, fewest in (("\t", _by_tabs, 2), ("|", _by_pipes, 2), ("   ", _by_gaps, 3)):
        if sign not in first:
            continue
        rows = _same_columns(lines(), split)
        if len(rows.cells) >= fewest and not _is_labelled(rows):
            return rows
    return None


def _same_columns(lines: Iterable[str], split: Callable[[str], list[str]]) -> Rows:
    cells: list[tuple[str, ...]] = []
    taken = 0
    for line in lines:
        ruler = bool(cells) and bool(RULER.fullmatch(line))
        row = tuple(" ".join(cell.split()) for cell in split(line))
        if not ruler and (not 2 <= len(row) <= MAX_COLUMNS or (cells and len(row) != len(cells[0]))):
            break
        if not ruler:
            cells.append(row)
        taken += 1
    return Rows(taken, tuple(cells))


def _is_labelled(rows: Rows) -> bool:
    # "Telefoon:   0299-…" in columns is a list of contact details; "-   text" a list.
    return any("@" in cell for row in rows.cells for cell in row) or all(
        row[0].endswith(":") or BULLET.fullmatch(f"{row[0]} "[:2]) for row in rows.cells
    )


def _by_tabs(line: str) -> list[str]:
    return line.split("\t")


def _by_pipes(line: str) -> list[str]:
    edged = line.startswith("|") and line.endswith("|") and len(line) > 1
    return (line[1:-1] if edged else line).split("|")


def _by_gaps(line: str) -> list[str]:
    return GAP.split(line)
