"""Opening hours in a line of text: "Ma t/m do: 7.30 - 20.00 uur"."""

import re
from typing import Any

from cms.content.plaintext.cues import cues

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OPENS = r"(?P<opens>\d{1,2}(?:[.:]\d{2})?)"
CLOSES = r"(?P<closes>\d{1,2}(?:[.:]\d{2})?)"


def opening_hours(text: str) -> list[dict[str, Any]] | None:
    """Return the hours that a line tells, and nothing else; None where it is about something else as well."""
    label = cues().hours_labels.match(text)
    rest = (text[label.end() :] if label else text).strip(" :.")
    if label and not rest:
        return []
    found: list[dict[str, Any]] = []
    for piece in re.split(r"\s*[;|]\s*|(?<=[\dr]),\s+(?=[^\W\d])", rest):
        told = _told(piece)
        if told is None:
            return None
        found += told
    return found


def _told(piece: str) -> list[dict[str, Any]] | None:
    day = f"(?:{'|'.join(pattern.pattern for _, pattern in cues().weekdays)})"
    until = rf"\s*(?:{cues().until.pattern}|[-–—])\s*"
    between = rf"{OPENS}\s*(?:uur|u)?{until}{CLOSES}\s*(?:uur|u)?\.?"
    joined = rf"(?:\s*(?:,|&|en|/)\s*{day})*"
    shut = f"(?P<shut>{cues().closed.pattern})"
    line = rf"(?P<days>{day}(?:{until}{day})?{joined})\s*[:.]?\s*(?:van\s+)?(?:{between}|{shut})"
    match = re.fullmatch(line, piece.strip(), re.IGNORECASE)
    if not match:
        return None
    if match["shut"]:
        return []
    opens, closes = _time(match["opens"]), _time(match["closes"])
    if opens is None or closes is None or opens >= closes:
        return None
    return [{"days": _days(match["days"], until), "opens": opens, "closes": closes}]


def _time(text: str) -> str | None:
    hour, minute = (int(part or 0) for part in re.split("[.:]", f"{text}:0")[:2])
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def _days(text: str, until: str) -> list[str]:
    found: set[str] = set()
    # "tot en met" holds an "en" that joins no days.
    for piece in re.split(r"\s*(?:,|&|\ben\b|/)\s*", re.sub(until, "–", text, flags=re.IGNORECASE)):
        ends = [_day(end) for end in piece.split("–")]
        first, last = WEEK.index(ends[0]), WEEK.index(ends[-1])
        found |= set(WEEK[first : last + 1] if first <= last else WEEK[first:] + WEEK[: last + 1])
    return [day for day in WEEK if day in found]


def _day(text: str) -> str:
    return next(day for day, pattern in cues().weekdays if pattern.fullmatch(text.strip()))
