"""The audit as a file: CSV for spreadsheets, JSONL for programs. It knows not who may have it."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import orjson

from cms.people.audit import Audited

COLUMNS = tuple(Audited.__dataclass_fields__)
# A spreadsheet takes a cell that begins so for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_jsonl(found: Iterable[Audited]) -> Iterator[bytes]:
    """Yield one JSON object a line."""
    for each in found:
        yield orjson.dumps(each, option=orjson.OPT_APPEND_NEWLINE)


def as_csv(found: Iterable[Audited]) -> Iterator[bytes]:
    """Yield a table, line by line, the names of its columns first."""
    yield _line(COLUMNS)
    for each in found:
        values = (getattr(each, name) for name in COLUMNS)
        yield _line([_cell(value) for value in values])


# By name: the type of the file, and how it is written.
FORMATS: Mapping[str, tuple[str, Callable[[Iterable[Audited]], Iterator[bytes]]]] = {
    "jsonl": ("application/x-ndjson", as_jsonl),
    "csv": ("text/csv; charset=utf-8", as_csv),
}


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    return f"'{text}" if text.startswith(FORMULA) else text


def _line(values: Sequence[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow(values)
    return out.getvalue().encode()
