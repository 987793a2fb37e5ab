"""Dates and times that are written in words: 12 maart 2026, half zes, a quarter past eight, 17 Uhr. Pure."""

import re
from collections.abc import Sequence
from functools import cache

from cms.localize.facts.fact import Fact
from cms.localize.facts.lexicon import Lexicon, any_of
from cms.localize.facts.moments import half_of_day, moment
from cms.localize.facts.numerals import Number, literal, number_at
from cms.localize.facts.reading import Reading
from cms.localize.facts.tokens import Token, longest, near

_PARTS_BEHIND = ("and_half", "and_quarter", "minus_quarter")
Found = tuple[list[Fact], int]


def moment_at(
    text: str, reading: Reading, clean: str, tokens: Sequence[Token], at: int, words: Lexicon
) -> Found | None:
    """Return the date, weekday or time that begins at a token, and over how many tokens it goes."""
    token = tokens[at]
    read = _noon(clean, tokens, at, words) or _spoken(clean, tokens, at, words) or _hour(clean, tokens, at, words)
    if read:
        value, also, last, end = read
        start, stop = reading.span(token.start, end)
        return [Fact("time", value, start, stop, text[start:stop], also)], last - at
    dated = _day_first(clean, tokens, at, words) or _month_first(clean, tokens, at, words)
    if dated:
        value_, last = dated
        start, stop = reading.span(token.start, tokens[last - 1].end)
        return [Fact("date", value_, start, stop, text[start:stop])], last - at
    if not token.digits and (day := longest(tokens, at, "weekdays", words)):
        start, stop = reading.span(token.start, tokens[at + day[0] - 1].end)
        return [Fact("date", ("weekday", day[1]), start, stop, text[start:stop], sure=False)], day[0]
    if "months" in token.senses and "ambiguous" not in token.senses and "numbers" not in token.senses:
        start, stop = reading.span(token.start, token.end)
        return [Fact("date", (None, token.senses["months"], None), start, stop, text[start:stop], sure=False)], 1
    return None


def _spoken(
    clean: str, tokens: Sequence[Token], at: int, words: Lexicon
) -> tuple[int, frozenset[object], int, int] | None:
    """Read "half zes", "kwart over acht", "half past five", "wpół do szóstej"."""
    for kind, shift in (("clock_half_before", -30), ("clock_half_past", 30), ("clock_past", 15), ("clock_to", -15)):
        hit = longest(tokens, at, kind, words)
        if not hit or at + hit[0] >= len(tokens):
            continue
        hour = number_at(tokens, at + hit[0], clean, words)
        if hour is None or hour.values[0].denominator != 1 or not 1 <= hour.values[0] <= 12:
            continue
        if hour.kind in ("multiplied", "fractions", "unsure") or not near(
            clean, tokens[at + hit[0] - 1], tokens[at + hit[0]], r"\s"
        ):
            continue
        if kind == "clock_half_before" and hour.last < len(tokens) and _counted(tokens[hour.last]):
            continue
        return _at_minutes(clean, tokens, at, hour, shift, words)
    return _around_half(clean, tokens, at, words) or _hour_first(clean, tokens, at, words)


def _at_minutes(
    clean: str, tokens: Sequence[Token], at: int, hour: Number, shift: int, words: Lexicon
) -> tuple[int, frozenset[object], int, int]:
    """Return the time that is some minutes from a whole hour; half past twelve is also half an hour past midnight."""
    end = tokens[hour.last - 1].end
    half, end = half_of_day(clean, tokens[at].start, end, words)
    minutes = int(hour.values[0]) * 60 + shift
    value, also = moment(minutes // 60 % 24 or 12, minutes % 60, half, twelve=True)
    return value, also, hour.last, max(end, tokens[hour.last - 1].end)


def _around_half(
    clean: str, tokens: Sequence[Token], at: int, words: Lexicon
) -> tuple[int, frozenset[object], int, int] | None:
    """Read "tien over half drie", "fünf vor halb vier"."""
    minutes = tokens[at].senses.get("numbers", 0)
    if not 0 < minutes < 15 or at + 1 >= len(tokens):
        return None
    for kind, sign in (("clock_past_half", 1), ("clock_to_half", -1)):
        hit = longest(tokens, at + 1, kind, words)
        where = at + 1 + hit[0] if hit else len(tokens)
        hour = number_at(tokens, where, clean, words) if where < len(tokens) else None
        if hour and hour.values[0].denominator == 1 and 1 <= hour.values[0] <= 12:
            return _at_minutes(clean, tokens, at, hour, int(sign * minutes) - 30, words)
    return None


def _hour_first(
    clean: str, tokens: Sequence[Token], at: int, words: Lexicon
) -> tuple[int, frozenset[object], int, int] | None:
    """Read "dokuzu çeyrek geçe", where the hour comes first."""
    if "numbers" not in tokens[at].senses:
        return None
    for kind, shift in (("clock_past_behind", 15), ("clock_to_behind", -15)):
        hit = longest(tokens, at + 1, kind, words) if at + 1 < len(tokens) else None
        if hit and 1 <= (hour := tokens[at].senses["numbers"]) <= 12:
            return _at_minutes(clean, tokens, at, Number((hour,), at, at + 1 + hit[0]), shift, words)
    return None


def _noon(
    clean: str, tokens: Sequence[Token], at: int, words: Lexicon
) -> tuple[int, frozenset[object], int, int] | None:
    for kind, minutes in (("clock_noon", 720), ("clock_midnight", 0)):
        if hit := longest(tokens, at, kind, words):
            return minutes, frozenset(), at + hit[0], tokens[at + hit[0] - 1].end
    return None


def _counted(token: Token) -> bool:
    return "units" in token.senses and "clock_hour" not in token.senses


def _hour(
    clean: str, tokens: Sequence[Token], at: int, words: Lexicon
) -> tuple[int, frozenset[object], int, int] | None:
    """Read "17 Uhr", "8 o'clock", "5 pm", "8 uur 's avonds", "huit heures et demie"."""
    token = tokens[at]
    if not (token.digits or "numbers" in token.senses or "ordinals" in token.senses):
        return None
    hour = number_at(tokens, at, clean, words)
    if hour is None or hour.values[0] > 24 or hour.kind in ("multiplied", "unsure") or hour.unit:
        return None
    end, last = tokens[hour.last - 1].end, hour.last
    if hour.values[0].denominator != 1:
        return None
    clock = last < len(tokens) and "clock_hour" in tokens[last].senses and near(clean, tokens[last - 1], tokens[last])
    is_unit = clock and ("units" in tokens[last].senses or "units_after_number" in tokens[last].senses)
    stop = tokens[last].end if clock else end
    half, behind = half_of_day(clean, token.start, stop, words) if clock else _half_behind(clean, stop, words)
    minute = 0
    if clock:
        last += 1
        if last < len(tokens) and any(longest(tokens, last, kind, words) for kind in _PARTS_BEHIND):
            return None
    if not half and (not clock or is_unit):
        return None
    if half and hour.values[0] > 12:
        half = ""
    value, also = moment(int(hour.values[0]), minute, half, twelve=True)
    while last < len(tokens) and tokens[last].end <= behind:
        last += 1
    return value, also, last, max(stop, behind)


def _half_behind(clean: str, end: int, words: Lexicon) -> tuple[str, int]:
    half, behind = half_of_day(clean, end, end, words)
    return half, max(behind, end)


def _day_first(
    clean: str, tokens: Sequence[Token], at: int, words: Lexicon
) -> tuple[tuple[int | None, int, int], int] | None:
    token = tokens[at]
    if (
        not token.digits
        and "numbers" not in token.senses
        and "ordinals" not in token.senses
        and "once" not in token.senses
    ):
        return None
    day = number_at(tokens, at, clean, words)
    if day is None or day.values[0].denominator != 1 or not 1 <= day.values[0] <= 31:
        return None
    for where in range(day.last, min(day.last + 3, len(tokens))):
        if hit := longest(tokens, where, "months", words):
            if not _day_gap(words).fullmatch(clean, tokens[day.last - 1].end, tokens[where].start):
                return None
            last = _named_twice(tokens, where + hit[0], hit[1], words)
            year = _year(clean, tokens, last, words)
            return (year, hit[1], int(day.values[0])), last + (1 if year else 0)
    return None


def _month_first(
    clean: str, tokens: Sequence[Token], at: int, words: Lexicon
) -> tuple[tuple[int | None, int, int | None], int] | None:
    hit = longest(tokens, at, "months", words)
    if not hit or at + hit[0] >= len(tokens) or not tokens[at + hit[0]].digits:
        return None
    following = tokens[at + hit[0]]
    if not near(clean, tokens[at + hit[0] - 1], following, r"\.?\s"):
        return None
    last = at + hit[0]
    if year := _year(clean, tokens, last, words):
        return (year, hit[1], None), last + 1
    value = literal(following.text, ".")[0]
    if words.lang != "en" or not 1 <= value <= 31 or value.denominator != 1:
        return None
    last += 1
    if last < len(tokens) and words.lists("day_endings", tokens[last].text) and tokens[last].start == following.end:
        last += 1
    year = _year(clean, tokens, last, words)
    return (year, hit[1], int(value)), last + (1 if year else 0)


def _named_twice(tokens: Sequence[Token], at: int, month: int, words: Lexicon) -> int:
    """Return where a month ends that has two names: يونيو/حزيران."""
    if at + 1 < len(tokens) and tokens[at].text == "/" and (again := longest(tokens, at + 1, "months", words)):
        return at + 1 + again[0] if again[1] == month else at
    return at


@cache
def _day_gap(words: Lexicon) -> re.Pattern[str]:
    endings, of = (any_of(words.words_of(name)) for name in ("day_endings", "month_of"))
    return re.compile(rf"\.?[\s\-]{{0,2}}(?:(?:{endings})\b)?[\s,]*(?:(?:{of}) |'[a-zçğıöşü]+ )?")


@cache
def _year_gap(words: Lexicon) -> re.Pattern[str]:
    return re.compile(rf"\.?[\s,]*(?:(?:{any_of(words.words_of('month_of'))}) )?")


def _year(clean: str, tokens: Sequence[Token], at: int, words: Lexicon) -> int | None:
    if at >= len(tokens) or not re.fullmatch(r"(?:19|20)\d\d", tokens[at].text):
        return None
    between = _year_gap(words).fullmatch(clean, tokens[at - 1].end, tokens[at].start)
    return int(tokens[at].text) if between else None
