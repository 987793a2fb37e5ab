"""CSV (RFC 4180), for spreadsheets: a cell that a spreadsheet would take for a formula is kept from being one."""

import csv
import re
from collections.abc import Mapping, Sequence
from io import StringIO

from cms.localize.exchange.guard import decode
from cms.localize.exchange.received import FINISHED, UNFINISHED, UNSAID, Bundle, Received, one_of, refuse
from cms.localize.exchange.units import Parcel, Unit

COLUMNS = (
    "entry", "path", "kind", "source", "target", "state", "source_hash", "note", "source_locale", "locale", "text_mark",
)  # fmt: skip
NEEDED = frozenset({"path", "target"})
DELIMITERS = ",;\t"
# OWASP, "CSV injection"; spreadsheets of some languages take the wide forms as well. A quote that stands there
# already is doubled, so that reading undoes exactly what writing did.
FORMULA = re.compile("'*[=+\\-@\t\r＝＋－＠]")
# Whoever fills in a cell has finished it, and need not say so; but what was stale may have been copied.
STATES = {"draft": UNFINISHED, "stale": UNSAID}


def write(parcels: Sequence[Parcel]) -> bytes:
    """Return the parcels as a file, with the mark by which spreadsheets know UTF-8."""
    out = StringIO()
    rows = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    rows.writeheader()
    for parcel in parcels:
        for unit in parcel.units:
            rows.writerow({name: guarded(value) for name, value in _row(parcel, unit).items()})
    return out.getvalue().encode("utf-8-sig")


def read(data: bytes) -> Bundle:
    """Return what a file holds, whatever the order of its columns and the sign between them. Raises Invalid."""
    text = decode(data)
    lines = StringIO(text.removeprefix("\ufeff"), newline="")
    try:
        rows = list(csv.DictReader(lines, delimiter=_delimiter(text), strict=True))
    except csv.Error as error:
        raise refuse("not_csv", said=str(error)[:200]) from None
    if rows and not rows[0].keys() >= NEEDED:
        raise refuse("columns_missing", names=sorted(NEEDED - rows[0].keys()))
    read_rows = [{name: unguarded(value) for name, value in row.items() if isinstance(value, str)} for row in rows]
    source_locale = one_of([row.get("source_locale", "") for row in read_rows])
    locale = one_of([row.get("locale", "") for row in read_rows])
    return Bundle("csv", source_locale, locale, tuple(map(_received, read_rows)))


def guarded(value: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{value}" if FORMULA.match(value) else value


def unguarded(value: str) -> str:
    """Return what a cell held before it was guarded."""
    return value[1:] if value.startswith("'") and FORMULA.match(value) else value


def has_columns(text: str) -> bool:
    """Tell whether the first line of a text names the columns that are needed."""
    head = text.removeprefix("\ufeff").partition("\n")[0]
    return set(re.findall(r"\w+", head)) >= NEEDED


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(DELIMITERS, key=head.count)


def _row(parcel: Parcel, unit: Unit) -> Mapping[str, str]:
    notes = [f"{category}: {text}" for category, text in unit.notes if category != "kind"]
    if unit.earlier:
        notes.append(f"earlier: {unit.earlier.source} → {unit.earlier.text}")
    return {
        "entry": parcel.entry,
        "path": unit.path,
        "kind": unit.kind,
        "source": unit.source,
        "target": unit.text,
        "state": unit.state or unit.freshness,
        "source_hash": unit.source_hash,
        "note": "; ".join(notes),
        "source_locale": parcel.source_locale,
        "locale": parcel.locale,
        "text_mark": unit.text_mark,
    }


def _received(row: Mapping[str, str]) -> Received:
    target = row.get("target", "")
    return Received(
        entry=row.get("entry", "").strip(),
        path=row.get("path", "").strip(),
        source=row.get("source") or None,
        target=target if target.strip() else None,
        source_hash=row.get("source_hash", "").strip(),
        text_mark=row.get("text_mark", "").strip(),
        state=STATES.get(row.get("state", "").strip().lower(), FINISHED),
    )
