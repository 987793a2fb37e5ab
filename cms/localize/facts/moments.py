"""Dates and times of day that are written in digits; `amounts` reads those in words. Pure; it knows no calendar."""

import re
from collections.abc import Hashable
from functools import cache
from itertools import pairwise

from cms.localize.facts.contacts import mask
from cms.localize.facts.fact import Fact
from cms.localize.facts.lexicon import Lexicon, any_of
from cms.localize.facts.reading import Reading

_ISO = re.compile(r"(?<![\d.,/-])((?:19|20)\d\d)([-/.])([01]?\d)\2([0-3]?\d)(?![\d]|[./-]\d)")
_DATE = re.compile(r"(?<![\d.,/+-])([0-3]?\d)([-/.]) ?([0-3]?\d)\2 ?((?:19|20)\d\d|\d\d)(?![\d]|[./-]\d)")
_TIME = re.compile(r"(?<![\d.,:/+])([01]?\d|2[0-4])(?::| ?h ?|\.)([0-5]\d)(?![\d%€]|[.,:]\d| ?%)")
HALF_DAY = 720


def written_in_digits(text: str, reading: Reading, left: str, words: Lexicon, locale: str) -> tuple[list[Fact], str]:
    """Return dates and clock times in digits, and the reading without them."""
    found: list[Fact] = []
    for match in [*_ISO.finditer(left), *_DATE.finditer(left)]:
        dates = _dates(match, locale)
        if dates and left[match.start()] != "\x01":
            start, end = reading.span(match.start(), match.end())
            also = frozenset(("date", value) for value in dates[1:])
            found.append(Fact("date", dates[0], start, end, text[start:end], also, digits=True))
            left = mask(left, match.start(), match.end())
    accepted: set[int] = set()
    times = list(_TIME.finditer(left))
    accepted.update(match.start() for match in times if _is_time(left, match, words))
    # Beside a time stands another: "van 9.00 tot 17.30", from either side.
    for line in (times, times[::-1]) if words.known else ():
        for known, other in pairwise(line):
            if known.start() in accepted and _are_tied(words, left, *sorted((known, other), key=re.Match.start)):
                accepted.add(other.start())
    for match in times:
        if match.start() in accepted:
            half, end = half_of_day(left, match.start(), match.end(), words)
            found.append(_time(text, reading, match, half, end, words))
    for match in times:
        if match.start() in accepted:
            left = mask(left, *_with_hour(left, match.start(), match.end(), words))
    return found, left


def moment(hour: int, minute: int, half: str, twelve: bool) -> tuple[int, frozenset[Hashable]]:
    """Return minutes since midnight, and the other half of the day where nobody says which it is."""
    if half == "pm" and hour < 12:
        hour += 12
    if half == "am" and hour == 12:
        hour = 0
    minutes = (hour % 24) * 60 + minute
    if half or hour > 12 or hour == 0 or not twelve:
        return minutes, frozenset()
    return minutes, frozenset({("time", (minutes + HALF_DAY) % (2 * HALF_DAY))})


def half_of_day(left: str, start: int, end: int, words: Lexicon) -> tuple[str, int]:
    """Return am, pm or nothing for a time at [start, end), by the words around it, and where those end."""
    if not words.known:
        found = re.compile(r"\s?([ap])\.?m\b").match(left, end)
        return (f"{found[1]}m", found.end()) if found else ("", end)
    after, before = _half_patterns(words)
    if found := after.match(left, end):
        return ("am" if found["am"] else "pm"), found.end()
    if found := before.search(left, max(0, start - 25), start):
        return ("am" if found["am"] else "pm"), end
    return "", end


def _dates(match: re.Match[str], locale: str) -> list[tuple[int | None, int | None, int | None]]:
    if match.re is _ISO:
        year, month, day = int(match[1]), int(match[3]), int(match[4])
        return [(year, month, day)] if 1 <= month <= 12 and 1 <= day <= 31 else []
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    year += 2000 if year < 100 else 0
    orders = [(second, first), (first, second)] if locale.startswith("en") else [(second, first)]
    if locale == "en-US":
        orders.reverse()
    return [(year, month, day) for month, day in dict.fromkeys(orders) if 1 <= month <= 12 and 1 <= day <= 31]


def _are_tied(words: Lexicon, left: str, first: re.Match[str], second: re.Match[str]) -> bool:
    return _tie(words).fullmatch(left, first.end(), second.start()) is not None


def _is_time(left: str, match: re.Match[str], words: Lexicon) -> bool:
    """Tell a time from a decimal: 17.30 is one only beside a word of the clock, or beside another time."""
    if not words.known or match[0][len(match[1])] != ".":
        return match[0][len(match[1])] != "."
    after, before = _clock_patterns(words)
    if after.match(left, match.end()):
        return True
    units = re.compile(r"\s?(?:[%€$°]|[^\W\d_]+)")
    following = units.match(left, match.end())
    counted = following and "units" in words.senses(following[0].strip())
    return bool(before.search(left, max(0, match.start() - 14), match.start())) and not counted


def _time(text: str, reading: Reading, match: re.Match[str], half: str, end: int, words: Lexicon) -> Fact:
    value, also = moment(int(match[1]), int(match[2]), half, twelve=words.lang in ("en", "ar"))
    start, stop = reading.span(match.start(), match.end())
    return Fact("time", value, start, reading.span(match.start(), end)[1], text[start:stop], also, digits=True)


def _with_hour(left: str, start: int, end: int, words: Lexicon) -> tuple[int, int]:
    """Return the place of a time with the "uur" or "saat" beside it, which is no duration."""
    if words.known:
        after, before = _hour_patterns(words)
        if found := after.match(left, end):
            end = found.end()
        if found := before.search(left, max(0, start - 14), start):
            start = found.start()
    return start, end


@cache
def _tie(words: Lexicon) -> re.Pattern[str]:
    until, at = any_of(["-", *words.words_of("until")]), any_of(words.words_of("until_at"))
    return re.compile(rf"\s*(?:{until})\s*(?:(?:{at}) )?")


@cache
def _hour_patterns(words: Lexicon) -> tuple[re.Pattern[str], re.Pattern[str]]:
    hour = any_of(words.words_of("hour", "clock"))
    return re.compile(rf"\s?(?:{hour})(?!\w)"), re.compile(rf"(?<!\w)(?:{hour})\.?\s+$")


@cache
def _half_patterns(words: Lexicon) -> tuple[re.Pattern[str], re.Pattern[str]]:
    am, pm = any_of(words.words_of("am", "clock")), any_of(words.words_of("pm", "clock"))
    hour = any_of([*words.words_of("hour", "clock"), *words.words_of("colon_words", "clock")][:4])
    after = rf"\s?(?:(?:{hour})(?!\w)[\s,]*)?(?:(?P<am>{am})|(?P<pm>{pm}))(?!\w)"
    before = rf"(?<!\w)(?:(?P<am>{am})|(?P<pm>{pm}))\s+(?:(?:{hour})\s+)?(?:\w+\s+)?$"
    return re.compile(after), re.compile(before)


@cache
def _clock_patterns(words: Lexicon) -> tuple[re.Pattern[str], re.Pattern[str]]:
    names = ("hour", "colon_words", "am", "pm")
    after = rf"\s?(?:{any_of([w for name in names for w in words.words_of(name, 'clock')])})(?!\w)"
    near = [*words.words_of("before", "clock"), *words.words_of("hour", "clock")]
    return re.compile(after), re.compile(rf"(?<!\w)(?:{any_of(near)})\.?\s+$")
