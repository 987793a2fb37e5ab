"""Numbers in a row of tokens: digits by the locale's custom, number words put together. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from cms.localize.facts.lexicon import Lexicon
from cms.localize.facts.tokens import VULGAR, Token, longest, near


@dataclass(frozen=True, slots=True)
class Number:
    """A number that was read: its values (more than one where the notation is ambiguous) and how sure it is."""

    values: tuple[Fraction, ...]
    first: int
    last: int
    sure: bool = True
    digits: bool = False
    unit: str = ""
    kind: str = "numbers"


def literal(written: str, decimal: str) -> tuple[Fraction, ...]:
    """Return the values that digits may have; 4.000 is four thousand in Dutch and four in English."""
    plain = written.replace(" ", "").replace("'", "")
    if plain.isdecimal():
        return (Fraction(int(plain)),)
    marks = re.findall(r"[.,]", plain)
    if len(set(marks)) == 2:
        last = plain.rfind(marks[-1])
        if marks.count(marks[-1]) > 1:
            return (Fraction(re.sub(r"\D", "", plain)),)
        return (Fraction(re.sub(r"\D", "", plain[:last]) + "." + plain[last + 1 :]),)
    groups = re.split(r"[.,]", plain)
    grouped = all(len(group) == 3 for group in groups[1:]) and 1 <= len(groups[0]) <= 3 and groups[0] != "0"
    whole = (Fraction("".join(groups)),)
    if len(groups) > 2:
        return whole
    parted = (Fraction(".".join(groups)),)
    if not grouped:
        return parted
    if decimal == "?":
        return whole + parted
    return parted if marks[0] == decimal else whole


def number_at(found: Sequence[Token], at: int, clean: str, words: Lexicon) -> Number | None:
    """Read the number that begins at a token, as far as it goes."""
    token = found[at]
    if token.digits:
        return _after(_in_digits(found, at, clean, words), found, clean, words)
    if token.text in VULGAR:
        return Number((VULGAR[token.text],), at, at + 1, digits=True, kind="fractions")
    for kind in ("multiplied", "fractions"):
        if hit := longest(found, at, kind, words):
            read = Number((hit[1],), at, at + hit[0], kind=kind)
            return _after(read, found, clean, words) if "counted" in token.senses else read
    if "counted" in token.senses and (more := _one_and_more(found, at, clean, words)):
        return more
    ordinal = longest(found, at, "ordinals", words)
    composed = _composed(found, at, clean, words) if ordinal is None or ordinal[0] == 1 else None
    if composed:
        return _after(composed, found, clean, words)
    for kind in ("ordinals", "unsure"):
        if hit := longest(found, at, kind, words):
            more = token.senses.get("thirds")
            read = Number((hit[1], more) if more else (hit[1],), at, at + hit[0], sure=kind != "unsure", kind=kind)
            return _ordinal(read, found, clean, words)
    if hit := longest(found, at, "thirds", words):
        return Number((hit[1],), at, at + hit[0], kind="thirds")
    if token.senses.get("compound"):
        value, unit = token.senses["compound"]
        return Number((value,), at, at + 1, unit=unit)
    if "one" in token.senses or "article" in token.senses:
        return _after(Number((Fraction(1),), at, at + 1, sure=False, kind="one"), found, clean, words)
    if "once" in token.senses:
        return Number((Fraction(1),), at, at + 1, sure=False, kind="once")
    return None


def _one_and_more(found: Sequence[Token], at: int, clean: str, words: Lexicon) -> Number | None:
    """Read قرص ونصف: one and a half of what stands before, where the language says no "one"."""
    one = Number((Fraction(1),), at, at + 1, kind="one")
    read = _after(one, found, clean, words) if words.lang == "ar" else one
    return read if read.values != one.values else None


def _ordinal(number: Number, found: Sequence[Token], clean: str, words: Lexicon) -> Number:
    """Add tens to an ordinal, or ones to tens (الثامن والعشرون, dwudziesty ósmy), and parts of an hour in Arabic."""
    at, value = number.last, number.values[0]
    if at >= len(found) or not near(clean, found[at - 1], found[at]):
        return number
    tens, ones = found[at].senses.get("numbers", 0), found[at].senses.get("ordinals", 0)
    if (value < 10 and _is_joined(found, at, words) and 20 <= tens < 100) or (
        value >= 20 and value % 10 == 0 and 0 < ones < 10
    ):
        return replace(number, values=(value + (tens or ones),), last=at + 1, sure=True, kind="ordinals")
    return _after(number, found, clean, words) if words.lang == "ar" else number


def _in_digits(found: Sequence[Token], at: int, clean: str, words: Lexicon) -> Number:
    token = found[at]
    decimal = words.data.get("decimal", "?")
    values = literal(token.text, decimal)
    last = at + 1
    if last < len(found):
        following = found[last]
        if following.text == "/" and last + 1 < len(found) and found[last + 1].digits and _close(token, following):
            below = literal(found[last + 1].text, decimal)[0]
            if 0 < values[0] < below <= 10 and below.denominator == 1 and values[0].denominator == 1:
                return Number((values[0] / below,), at, last + 2, digits=True, kind="fractions")
        multiple = following.senses.get("numbers", 0)
        if multiple >= 1000 and near(clean, token, following, r"\s?"):
            return Number(tuple(value * multiple for value in values), at, last + 1, digits=True)
        if following.text in VULGAR and near(clean, token, following, r"\s?"):
            return Number((values[0] + VULGAR[following.text],), at, last + 1, digits=True)
    return Number(values, at, last, digits=True)


def _close(first: Token, second: Token) -> bool:
    return first.end == second.start


_MORE = (
    ("and_half", Fraction(1, 2)),
    ("and_third", Fraction(1, 3)),
    ("and_quarter", Fraction(1, 4)),
    ("minus_quarter", Fraction(-1, 4)),
)


def _after(number: Number, found: Sequence[Token], clean: str, words: Lexicon) -> Number:
    """Add "and a half" to a number, and divide it by "thirds"."""
    at = number.last
    if at >= len(found) or not words.known:
        return number
    if not re.fullmatch(r"[\s\-]*", clean[found[at - 1].end : found[at].start]):
        return number
    for kind, more in _MORE:
        if hit := longest(found, at, kind, words):
            return Number((number.values[0] + more,), number.first, at + hit[0], digits=number.digits)
    if (hit := longest(found, at, "thirds", words)) and number.values[0].denominator == 1:
        top = number.values[0]
        if number.kind == "one" and "ordinals" not in found[at].senses:
            return Number((hit[1],), number.first, at + hit[0], kind="fractions")
        if top > 1 and top * hit[1] < 1:
            return Number((top * hit[1],), number.first, at + hit[0], digits=number.digits, kind="fractions")
        if number.kind == "one" and number.first + 1 == at:
            ordinal = found[at].senses["ordinals"]
            return Number((ordinal, hit[1]), number.first, at + hit[0], kind="ordinals")
    return number


def _value(found: Sequence[Token], at: int, words: Lexicon) -> tuple[int, Fraction] | None:
    return longest(found, at, "numbers", words)


def _composed(found: Sequence[Token], at: int, clean: str, words: Lexicon) -> Number | None:
    """Put number words together: twenty + five, quatre-vingt + douze, خمسة + وعشرون, two + thousand."""
    hit = _value(found, at, words)
    if hit is None and "unsure" in found[at].senses and _next_value(found, at + 1, clean, words):
        hit = (1, found[at].senses["unsure"])
    one = "one" in found[at].senses or "article" in found[at].senses
    if hit is None:
        following = _next_value(found, at + 1, clean, words) if one else None
        if not following or following[1] < 20 or (following[1] < 100 and not _is_joined(found, following[2], words)):
            return None
        hit = (1, Fraction(1))
    done, total = (hit[1], Fraction(0)) if hit[1] >= 1000 else (Fraction(0), hit[1])
    last = at + hit[0]
    sure = "unsure" not in found[at].senses
    while (step := _next_value(found, last, clean, words)) is not None:
        size, value, where = step
        joined = _is_joined(found, where, words)
        if value >= 1000 and total < value:
            done, total = done + total * value, Fraction(0)
        elif value == 100 and 1 <= total < 10:
            total *= 100
        elif (joined and 0 < total % 100 < 10 and 20 <= value < 100) or _fits(
            total if total else done, value, words.lang
        ):
            total += value
        else:
            break
        last, sure = where + size, True
    if 20 <= total < 100 and total % 10 == 0 and last < len(found) and near(clean, found[last - 1], found[last]):
        ones = found[last].senses.get("ordinals", 0)
        if 0 < ones < 10:
            return Number((done + total + ones,), at, last + 1, kind="ordinals")
    behind = last + 1 if last < len(found) and words.lists("plus", found[last].text) else last
    one_more = behind < len(found) and "one" in found[behind].senses and near(clean, found[last - 1], found[last])
    if one_more and total % 10 == 0 and total >= 20 and "compounds" not in words.data:
        total, last = total + 1, behind + 1
    return Number((done + total,), at, last, sure=sure)


def _is_joined(found: Sequence[Token], at: int, words: Lexicon) -> bool:
    """Tell whether an Arabic "and" stands before a number, in one word with it or not."""
    return bool(found[at].senses.get("joined")) or words.lists("plus_tens", found[at - 1].text)


def _fits(total: Fraction, value: Fraction, lang: str) -> bool:
    if total >= 1000 and total % 1000 == 0 and value < 1000:
        return True
    if total >= 100 and total % 100 == 0 and value < 100:
        return True
    if lang == "fr" and total % 100 in (60, 80) and 10 <= value < 20:
        return True
    floor = 10 if lang == "tr" else 20
    return floor <= total % 100 < 100 and total % 10 == 0 and value < 10


def _next_value(found: Sequence[Token], at: int, clean: str, words: Lexicon) -> tuple[int, Fraction, int] | None:
    """Return the number word at a token or behind one "and", how long it is, and where."""
    if at >= len(found):
        return None
    for where in (at, at + 1):
        if where >= len(found) or not re.fullmatch(r"[\s\-]*", clean[found[where - 1].end : found[where].start]):
            return None
        hit = _value(found, where, words)
        if hit is None and "unsure" in found[where].senses and words.lang in ("fr", "tr"):
            hit = (1, found[where].senses["unsure"])
        if hit and not found[where].digits:
            return (hit[0], hit[1], where)
        if not (words.lists("plus", found[where].text) or words.lists("plus_tens", found[where].text)):
            return None
    return None
