"""The glossary as CSV, for spreadsheets: with commas, semicolons or tabs, and with every fault named by its place."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from io import StringIO

from cms.content.fields import MAX_LINE
from cms.errors import Invalid, Problem
from cms.localize.exchange.guard import decode, refuse_large
from cms.localize.exchange.table import guarded, opened, unguarded
from cms.localize.glossary import COLUMNS, Term, faults, tidied

NEEDED = COLUMNS[:-1]
MAX_PROBLEMS = 100


def to_csv(known: Iterable[Term], delimiter: str = ",") -> bytes:
    """Return terms as a file with the mark by which spreadsheets know UTF-8 (RFC 4180)."""
    out = StringIO()
    writer = csv.DictWriter(out, COLUMNS, delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    for term in known:
        writer.writerow({name: guarded(value) for name, value in asdict(term).items()})
    return out.getvalue().encode("utf-8-sig")


def from_csv(data: bytes) -> list[Term]:
    """Return the terms of a file, whatever the order of its columns and the sign between them.

    Raises Invalid with the pointer /LINE/COLUMN of each fault.
    """
    head, rows = _table(_text(data))
    missing = [name for name in NEEDED if name not in head]
    if missing:
        raise Invalid([Problem("", "columns_missing", {"names": missing})])
    found: list[Term] = []
    lines: list[int] = []
    problems: list[Problem] = []
    for line, cells in rows:
        if any(cells[len(head) :]):
            values = {"cells": len(cells), "columns": len(head)}
            problems.append(Problem(f"/{line}", "uneven_row", values))
            continue
        row = dict(zip(head, cells, strict=False))
        values_of = {name: unguarded(row.get(name, "")) for name in COLUMNS}
        found.append(tidied(Term(**{**values_of, "status": values_of["status"].strip().lower()})))
        lines.append(line)
    for line, wrong in zip(lines, faults(found), strict=True):
        problems += [Problem(f"/{line}{each.pointer}", each.code, each.values) for each in wrong]
    if problems:
        raise Invalid(problems[:MAX_PROBLEMS])
    return found


def _text(data: bytes) -> str:
    refuse_large(len(data))
    try:
        return decode(data, "")
    except Invalid as error:
        # Nothing in a table says what it is written in, and a wrong guess would spoil words.
        if error.problems[0].code == "unknown_encoding":
            raise Invalid([Problem("", "not_utf8")]) from None
        raise


def _table(text: str) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """Return the names of the columns and the rows, each with the number of its first line."""
    text, delimiter, skipped = opened(text)
    rows = list(_rows(text, delimiter, skipped))
    head = [name.strip().lower() for name in rows[0][1]] if rows else []
    return head, iter(rows[1:])


def _rows(text: str, delimiter: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    lines = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = skipped + 1
    try:
        for cells in lines:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = skipped + lines.line_num + 1
    except csv.Error as error:
        said = str(error)[: MAX_LINE // 2]
        raise Invalid([Problem(f"/{skipped + lines.line_num}", "not_csv", {"said": said})]) from None
