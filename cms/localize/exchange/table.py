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
SEPARATORS = tuple(f"sep={sign}".strip() for sign in DELIMITERS)
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
    text, delimiter, _ = opened(decode(data))
    lines = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        head = [name.strip().lower() for name in next(lines, [])]
        rows = [dict(zip(head, map(unguarded, cells), strict=False)) for cells in lines if any(cells)]
    except csv.Error as error:
        raise refuse("not_csv", said=str(error)[:200]) from None
    if missing := sorted(NEEDED - set(head)):
        raise refuse("columns_missing", names=missing)
    source_locale = one_of([row.get("source_locale", "") for row in rows])
    locale = one_of([row.get("locale", "") for row in rows])
    return Bundle("csv", source_locale, locale, tuple(map(_received, rows)))


def guarded(value: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{value}" if FORMULA.match(value) else value


def unguarded(value: str) -> str:
    """Return what a cell held before it was guarded."""
    return value[1:] if value.startswith("'") and FORMULA.match(value) else value


def has_columns(text: str) -> bool:
    """Tell whether the first line of a text names the columns that are needed."""
    head = opened(text)[0].partition("\n")[0]
    return set(re.findall(r"\w+", head.lower())) >= NEEDED


def opened(text: str) -> tuple[str, str, int]:
    """Return a table as it begins, the sign between its columns, and how many lines were left out before it.

    Excel writes a line `sep=;` there, which is no row.
    """
    text = text.removeprefix("\ufeff")
    first, _, rest = text.partition("\n")
    if first.strip().lower() in SEPARATORS:
        head = rest.partition("\n")[0]
        return rest, max(DELIMITERS, key=head.count), 1
    return text, max(DELIMITERS, key=first.count), 0


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
