"""The report of a recall as a file for spreadsheets: a line for each partner."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime

from cms.partners.recalls import Called

COLUMNS = ("partner", "state", "deadline_at", "acknowledged_at", "how", "applied_at", "held", "places", "note")
# What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def to_csv(called: Iterable[Called], now: datetime) -> str:
    """Return a line for each partner, below the names of the columns."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in called:
        told = (each.partner_name, each.state(now), each.deadline_at, each.acknowledged_at, each.how, each.applied_at)
        writer.writerow(map(_plain, (*told, held(each), " ".join(each.places), each.note)))
    return out.getvalue()


def held(called: Called) -> str:
    """Return the versions that a partner held: language and revision of each."""
    return " ".join(f"{each.locale}:{each.revision}" for each in called.holds)


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
