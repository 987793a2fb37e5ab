"""Numbers and the units they count, in digits or in words, with what is said without a number: "daily". Pure."""

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from cms.localize.facts import calendar, codes, sharing, units
from cms.localize.facts.fact import Fact
from cms.localize.facts.lexicon import Lexicon
from cms.localize.facts.numerals import Number, number_at
from cms.localize.facts.reading import Reading
from cms.localize.facts.tokens import VULGAR, Token, longest, near, tokens

_MORE = (
    ("and_half", Fraction(1, 2)),
    ("and_third", Fraction(1, 3)),
    ("and_quarter", Fraction(1, 4)),
    ("minus_quarter", Fraction(-1, 4)),
)
# What may be a number and is no more than this may say "both".
_BOTH = 2
_YEARS = range(1900, 2101)
_UNIT_GAP = re.compile(r"[\s\-']{0,3}\(?")


@dataclass(frozen=True)
class Scan:
    """What the reading of one text needs at every step."""

    text: str
    reading: Reading
    clean: str
    words: Lexicon
    tokens: Sequence[Token]


def find(text: str, reading: Reading, left: str, words: Lexicon) -> list[Fact]:
    """Return the amounts, dates in words, times in words, weekdays and codes of a text."""
    found, left = codes.find(text, reading, left, words)
    scan = Scan(text, reading, left, words, tokens(left, words))
    return [*found, *sharing.percent_of_first(sharing.units_of_next(list(_walk(scan)), text, words), text)]


def _walk(scan: Scan) -> Iterator[Fact]:
    at = 0
    while at < len(scan.tokens):
        facts, step = _read_at(scan, at)
        yield from facts
        at += max(step, 1)


def _read_at(scan: Scan, at: int) -> tuple[list[Fact], int]:
    """Return the facts that begin at a token, and over how many tokens they go."""
    token = scan.tokens[at]
    if scan.words.known:
        phrase = longest(scan.tokens, at, "phrase", scan.words)
        if phrase is not None and _phrase_holds(scan, at, phrase[0]):
            return _phrase(scan, at, *phrase)
        if (token.digits or token.senses or token.text in scan.words.longer) and (
            read := calendar.moment_at(scan.text, scan.reading, scan.clean, scan.tokens, at, scan.words)
        ):
            return read
    if (unit := token.senses.get("maybe_dual")) and not token.digits:
        fact = _fact(scan, at, at + 1, Number((Fraction(1),), at, at + 1), unit, sure=False)
        two = (units.kind(unit), units.canonical(Fraction(2), unit))
        return [replace(fact, number=None, also=fact.also | {two})], 1
    if (token.senses or token.text in scan.words.longer) and (dual := longest(scan.tokens, at, "duals", scan.words)):
        return _dual(scan, at, *dual)
    if "numbers" not in token.senses and (hit := longest(scan.tokens, at, "units", scan.words)):
        return _bare(scan, at, *hit)
    short = token.senses.get("units_after_number")
    if short and at and "per" in scan.tokens[at - 1].senses and units.UNITS[short][0] in ("mass", "volume"):
        return _bare(scan, at, 1, short)
    before = _unit_before(scan, at)
    number = (
        number_at(scan.tokens, at + (1 if before else 0), scan.clean, scan.words)
        if token.digits or token.senses or before or token.text in VULGAR or token.text in scan.words.longer
        else None
    )
    if number is None or _half_month(scan, number):
        return [], 1
    return _amount(scan, at, number, before)


def _half_month(scan: Scan, number: Number) -> bool:
    """Tell whether a half is the middle of a month: "half oktober", "mi-octobre", "w połowie maja"."""
    is_half = number.values[0] == Fraction(1, 2) and not number.digits
    return is_half and number.last < len(scan.tokens) and "months" in scan.tokens[number.last].senses


def _amount(scan: Scan, at: int, number: Number, before: str) -> tuple[list[Fact], int]:
    unit, last = number.unit or before, number.last
    if not unit and number.kind != "multiplied":
        unit, last = _unit_after(scan, number)
        number, last = _and_half(scan, number, last) if unit and last > number.last else (number, last)
    if number.kind == "one" and not unit and not number.digits and not _begins_range(scan, last):
        return [], last - at
    # Turkish "altı" is six or under, French "neuf" nine or new; before a unit they are numbers.
    counts = number.kind == "unsure" and bool(unit) and number.values[0] > _BOTH
    sure = (number.sure or counts) and number.kind not in ("one", "once")
    fact = _fact(scan, at, last, number, unit, sure)
    return [fact if unit else replace(fact, counts=_counted(scan, number))], last - at


def _begins_range(scan: Scan, at: int) -> bool:
    """Tell whether a range goes on at a token, as behind the one of "un à trois jours"."""
    joint = longest(scan.tokens, at, "or", scan.words) if at < len(scan.tokens) else None
    if not joint or at + joint[0] >= len(scan.tokens):
        return False
    following = scan.tokens[at + joint[0]]
    return following.digits or "numbers" in following.senses


def _counted(scan: Scan, number: Number) -> str:
    """Return what a number counts, by its own word (twice, قرصين) or one of the next two."""
    found = scan.tokens
    if itself := found[number.first].senses.get("counted"):
        return str(itself)
    if number.kind == "multiplied":
        return "times"
    for at in range(number.last, min(number.last + 2, len(found))):
        gap = scan.clean[found[at - 1].end : found[at].start]
        if not re.fullmatch(r"[\s\-]*", gap) or found[at].digits or "numbers" in found[at].senses:
            break
        if found[at].text == "×":
            return "times"
        if hit := longest(found, at, "counted", scan.words):
            return str(hit[1])
    return ""


def _fact(scan: Scan, first: int, last: int, number: Number, unit: str, sure: bool) -> Fact:
    start, end = scan.reading.span(scan.tokens[first].start, scan.tokens[last - 1].end)
    values = number.values
    if unit in units.PARTS:
        share, unit = units.PARTS[unit]
        values, sure = tuple(value * share for value in values), True
    kind = units.kind(unit) if unit else "number"
    readings = [(kind, units.canonical(value, unit) if unit else value) for value in values]
    also: set[Hashable] = set(readings[1:])
    if unit == "h" or (not unit and values[0].denominator in (2, 3, 4) and values[0] > 1):
        also |= sharing.as_time(values[0])
    if (
        unit == ""
        and number.digits
        and (clock := re.fullmatch(r"([01]?\d|2[0-4])\.([0-5]\d)", scan.tokens[first].text))
        and first + 1 == last
    ):
        also.add(("time", int(clock[1]) % 24 * 60 + int(clock[2])))
    if unit == "" and number.digits and first + 1 == last and scan.words.data.get("decimal") == ",":
        also |= _as_date(scan.tokens[first].text)
    if number.kind == "fractions" and unit == "":
        also.add(("percent", ("percent", values[0] * 100)))
    figure = scan.reading.span(scan.tokens[number.first].start, scan.tokens[number.last - 1].end)
    return Fact(
        kind,
        readings[0][1],
        start,
        end,
        scan.text[start:end],
        frozenset(also),
        sure,
        values[0],
        unit,
        digits=number.digits,
        figure=figure,
    )


def _as_date(written: str) -> set[Hashable]:
    """Return the day that digits may also be where a point is no decimal: 24.12 is the twenty-fourth of December."""
    day = re.fullmatch(r"([0-3]?\d)\.(0?[1-9]|1[0-2])", written)
    return {("date", (None, int(day[2]), int(day[1])))} if day and 1 <= int(day[1]) <= 31 else set()


def _unit_after(scan: Scan, number: Number) -> tuple[str, int]:
    """Return the unit that follows a number, and where it ends; "kwart van een uur" has words between."""
    at, found = number.last, scan.tokens
    skipped = 0
    while at < len(found) and skipped <= 2:
        if not _UNIT_GAP.fullmatch(scan.clean[found[at - 1].end : found[at].start]):
            break
        if found[at].text in units.SYMBOLS and not _of_next(scan, number, at):
            return units.SYMBOLS[found[at].text], at + 1
        for kind in ("units", "units_after_number"):
            if hit := longest(found, at, kind, scan.words):
                lone = number.kind in ("ordinals", "one", "once") and scan.words.lang != "tr"
                if lone and kind == "units_after_number":
                    continue
                if "rates" in found[at].senses and scan.words.lang != "tr":
                    return "", number.last
                return str(hit[1]), at + hit[0]
        parted = "of" in found[at].senses and number.kind in ("fractions", "thirds")
        if not parted and "between" not in found[at].senses:
            break
        at, skipped = at + 1, skipped + 1
    if not scan.words.known and number.digits and number.last < len(found):
        sign = re.compile(r"(mg|kg|ml|mcg|cm|mm|km)\b").fullmatch(found[number.last].text)
        if sign and near(scan.clean, found[number.last - 1], found[number.last]):
            return sign[1], number.last + 1
    return "", number.last


def _of_next(scan: Scan, number: Number, at: int) -> bool:
    """Tell whether a sign belongs to the number behind it, the one before it being a year: "in 2024 € 385"."""
    found, sign = scan.tokens, scan.tokens[at]
    return (
        number.digits
        and number.values[0] in _YEARS
        and found[at - 1].end < sign.start
        and at + 1 < len(found)
        and found[at + 1].digits
        and near(scan.clean, sign, found[at + 1], r"\s?")
    )


def _and_half(scan: Scan, number: Number, last: int) -> tuple[Number, int]:
    """Add what stands behind the unit: "un litre et demi", "an hour and a half", ساعة وربع."""
    for kind, more in _MORE:
        hit = longest(scan.tokens, last, kind, scan.words) if last < len(scan.tokens) else None
        if hit and near(scan.clean, scan.tokens[last - 1], scan.tokens[last]):
            values = tuple(value + more for value in number.values)
            return replace(number, values=values, kind="numbers", sure=True), last + hit[0]
    return number, last


def _unit_before(scan: Scan, at: int) -> str:
    token = scan.tokens[at]
    if at + 1 >= len(scan.tokens) or not near(scan.clean, token, scan.tokens[at + 1], r"\s?"):
        return ""
    if not (scan.tokens[at + 1].digits or scan.tokens[at + 1].senses):
        return ""
    if token.text in ("€", "$", "£") or (token.text == "%" and scan.tokens[at + 1].digits):
        return units.SYMBOLS[token.text]
    if token.text == "eur" and scan.tokens[at + 1].digits:
        return "eur"
    following = scan.tokens[at + 1]
    if "before_number" in token.senses and (following.digits or "numbers" in following.senses):
        return str(token.senses["before_number"])
    return ""


def _bare(scan: Scan, at: int, length: int, unit: str) -> tuple[list[Fact], int]:
    """Return a unit that stands alone: "an hour and a half" is one and a half, "per day" a rate."""
    last = at + length
    read, last = _and_half(scan, Number((Fraction(1),), at, at + length), last)
    number = read.values[0]
    fact = _fact(scan, at, last, read, str(unit), sure=number != 1)
    rate = "rates" in scan.tokens[at].senses or (at > 0 and "per" in scan.tokens[at - 1].senses)
    return [replace(fact, number=fact.number if fact.number != 1 else None, rate=rate)], last - at


def _dual(scan: Scan, at: int, length: int, unit: str) -> tuple[list[Fact], int]:
    """Return the two of an Arabic dual: ساعتين is two hours, ساعتين ونصف two and a half."""
    number, last = _and_half(scan, Number((Fraction(2),), at, at + length), at + length)
    return [_fact(scan, at, last, number, unit, sure=True)], last - at


def _phrase_holds(scan: Scan, at: int, length: int) -> bool:
    """Tell whether a phrase stands in one piece: no comma within, and not after another number."""
    stretch = scan.clean[scan.tokens[at].start : scan.tokens[at + length - 1].end]
    return re.search(r"[,;:.!?]\s", stretch) is None


def _phrase(scan: Scan, at: int, length: int, meaning: str) -> tuple[list[Fact], int]:
    if not meaning:
        return [], length
    if meaning.startswith("@"):
        month, day = map(int, meaning[1:].split("-"))
        start, stop = scan.reading.span(scan.tokens[at].start, scan.tokens[at + length - 1].end)
        return [Fact("date", (None, month, day), start, stop, scan.text[start:stop], sure=False)], length
    figure, _, unit = meaning.partition(" ")
    value = Fraction(figure)
    return _amount(scan, at, Number((value,), at, at + length, kind="fractions" if value < 1 else "numbers"), unit)
