"""The pre-approved sentences that tell a reader why a block is not in their language, or why to doubt a whole text.

Pure; worded in notices.json.
"""

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

from cms import locales


@dataclass(frozen=True)
class Notice:
    """A sentence and the language that it is in."""

    text: str
    locale: str


@lru_cache
def _wordings() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(files(__package__).joinpath("notices.json").read_text("utf-8"))
    return found


def notice(freshness: str, reader: str, shown: str, changed: str) -> Notice:
    """Return the notice for a reader of `reader` who is shown text in `shown`; `changed` is a stamp.

    A language without a pre-approved wording gets the English one.
    """
    locale = _spoken(reader)
    day = locales.long_date(date.fromisoformat(changed[:10]), locale)
    language = locales.language_name(shown, locale)
    return Notice(_wordings()[locale][freshness].format(date=day, language=language), locale)


def review(state: str, reader: str, due: date) -> Notice:
    """Return what is said of advice that was to be reviewed by a day and was not: `overdue`, or long so, `expired`."""
    locale = _spoken(reader)
    return Notice(_wordings()[locale][state].format(date=locales.long_date(due, locale)), locale)


def withdrawn(reader: str) -> Notice:
    """Return the sentence that stands where withdrawn advice was."""
    locale = _spoken(reader)
    return Notice(_wordings()[locale]["withdrawn"], locale)


def merged(reader: str) -> Notice:
    """Return the sentence that stands where an entry was that is part of another now."""
    locale = _spoken(reader)
    return Notice(_wordings()[locale]["merged"], locale)


def reviewed(reader: str, day: date) -> Notice:
    """Return the sentence that says when a document was last reviewed."""
    locale = _spoken(reader)
    return Notice(_wordings()[locale]["reviewed"].format(date=locales.long_date(day, locale)), locale)


def _spoken(reader: str) -> str:
    return next((tag for tag in locales.fallbacks(reader) if tag in _wordings()), "en")
