"""Where a source text changed in its facts alone, make the same change in its translation. Pure; `offers` offers it."""

import re
from collections.abc import Iterable, Mapping, Sequence

from cms.localize import notation
from cms.localize.checks import ERROR, check
from cms.localize.facts import Fact, figures
from cms.localize.facts.lexicon import lexicon
from cms.localize.segments import Segment
from cms.localize.translations import Translation

VERBATIM = ("phone", "email", "link", "address", "code")
AMOUNTS = ("number", "unit", "percent", "money")
NOON = 720
_CLOCK = re.compile(r"(\d{1,2})([:.h])(\d\d)")
_NUMERIC_DATE = re.compile(r"(\d{1,2})([-/.]\s?)(\d{1,2})(\2)(\d{4})")


def transfer(old_source: str, new_source: str, translation: str, source_locale: str, locale: str) -> str | None:
    """Return the translation of the old text with what changed in the new one, in its own language's notation.

    None where other words changed too, or where it is not certain how or where the translation says it. Pure.
    """
    before, after = figures(old_source, source_locale), figures(new_source, source_locale)
    if _around(old_source, before) != _around(new_source, after):
        return None
    there = figures(translation, locale)
    edits: dict[tuple[int, int], str] = {}
    for old, new in zip(before, after, strict=True):
        if old.keys & new.keys and old.unit == new.unit:
            continue
        places = _places(old, new, before, after, there)
        if places is None:
            return None
        for place in places:
            said = _said(translation, place, old, new, new_source, locale)
            if said is None:
                return None
            edits[place.start, place.end] = said
    made = translation
    for (start, end), said in sorted(edits.items(), reverse=True):
        made = made[:start] + said + made[end:]
    wrong = any(finding.severity == ERROR for finding in check(new_source, made, source_locale, locale))
    return None if wrong else made


def follow(
    segment: Segment, older: Iterable[Translation], source_locale: str, locale: str
) -> tuple[str, Translation] | None:
    """Return what a segment is in translation, by the first of the older ones that it follows from, and that one.

    None where its source differs from each of theirs in more than facts, or it is not certain. Pure.
    """
    for each in older:
        made = transfer(each.source, segment.source, each.text, source_locale, locale)
        if made is not None:
            return made, each
    return None


def _around(text: str, found: Sequence[Fact]) -> list[str]:
    """Return what stands between the facts of a text: where it is the same, nothing but facts changed."""
    edges = [0, *(edge for fact in found for edge in (fact.start, fact.end)), len(text)]
    return [" ".join(text[start:end].split()) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def _places(
    old: Fact, new: Fact, before: Sequence[Fact], after: Sequence[Fact], there: Sequence[Fact]
) -> list[Fact] | None:
    """Return the places of a fact in a translation; None where they cannot be told from another's."""
    twins = [new_twin for twin, new_twin in zip(before, after, strict=True) if _alike(twin, old)]
    if any(twin.value != new.value or twin.unit != new.unit for twin in twins):
        return None
    found = [fact for fact in there if _alike(fact, old)]
    return found if len(found) == len(twins) else None


def _alike(fact: Fact, other: Fact) -> bool:
    return bool(fact.keys & other.keys) and fact.text.startswith("tel:") == other.text.startswith("tel:")


def _said(translation: str, place: Fact, old: Fact, new: Fact, new_source: str, locale: str) -> str | None:
    """Return what is to stand in the place of a fact."""
    written = translation[place.start : place.end]
    # "3rd", "3'ten": what is tied to a fact follows its sound.
    tied = translation[place.end : place.end + 2]
    if tied[:1].isalnum() or re.match(r"['’]\w", tied) or not place.kind == old.kind == new.kind:
        return None
    if new.kind in VERBATIM:
        return new_source[new.start : new.end]
    if new.kind == "time":
        return _time(written, old, new, locale)
    if new.kind == "date":
        return _date(written, old, new, locale)
    return _amount(translation, place, old, new, new_source, locale) if new.kind in AMOUNTS else None


def _amount(translation: str, place: Fact, old: Fact, new: Fact, new_source: str, locale: str) -> str | None:
    if old.number is None and new.number is None:
        written = translation[place.start : place.end]
        return notation.bare_unit(written, translation[: place.start], old.unit, new.unit, locale)
    if place.number is None or new.number is None or place.figure is None or new.figure is None:
        return None
    if (place.number, place.unit) != (old.number, old.unit):
        return None
    start, end = place.figure
    head, figure, tail = translation[place.start : start], translation[start:end], translation[end : place.end]
    cents = 2 if new.kind == "money" and re.search(r"[.,]\d\d$", new_source[slice(*new.figure)]) else 0
    made = figure
    if place.number != new.number:
        told = notation.number(new.number, figure, place.number, locale, cents)
        if told is None:
            return None
        made = told
    word = tail.strip(" \u00a0\u202f-\t\n")
    if word:
        said = notation.unit(word, (place.number, old.unit), (new.number, new.unit), locale)
        return None if said is None else head + made + tail.replace(word, said)
    if old.unit != new.unit:
        return None
    same_form = notation.category(place.number, locale) == notation.category(new.number, locale)
    # "€ 15" is followed by nothing that agrees with it; "2 tabletki" is.
    return head + made + tail if same_form or head else None


def _time(written: str, old: Fact, new: Fact, locale: str) -> str | None:
    clock = _CLOCK.search(written)
    before, after = old.value, new.value
    if not clock or not isinstance(before, int) or not isinstance(after, int) or new.also:
        return None
    if len(re.findall(r"\d+", written)) != 2:
        return None
    hour, minute = divmod(after, 60)
    rest = written[clock.end() :]
    if half := re.search(r"(?i)([ap])\.?m", rest):
        letter = "p" if hour >= 12 else "a"
        letter = letter.upper() if half[1].isupper() else letter
        rest = rest[: half.start(1)] + letter + rest[half.end(1) :]
        hour = hour % 12 or 12
    elif int(clock[1]) != before // 60 or (rest.strip() and (before < NOON) != (after < NOON)):
        # "5.30 Uhr nachmittags": what says which half of the day it is would change too.
        return None
    told = f"{hour:02d}" if clock[1][0] in "0٠" else str(hour)
    said = notation.like_digits(f"{told}{clock[2]}{minute:02d}", clock[0])
    return written[: clock.start()] + said + rest


def _date(written: str, old: Fact, new: Fact, locale: str) -> str | None:
    before, after = old.value, new.value
    if not isinstance(before, tuple) or not isinstance(after, tuple) or len(before) != len(after):
        return None
    data = lexicon(locale).data
    if len(before) == 2:
        return notation.listed(written, data["weekdays"], before[1], after[1], locale) if data else None
    if numeric := _NUMERIC_DATE.fullmatch(written):
        if locale == "en-US" or None in after:
            return None
        day, month = f"{after[2]:02d}", f"{after[1]:02d}"
        return notation.like_digits(f"{day}{numeric[2]}{month}{numeric[2]}{after[0]}", written)
    return _date_in_words(written, before, after, data, locale)


def _date_in_words(
    written: str,
    before: Sequence[int | None],
    after: Sequence[int | None],
    data: Mapping[str, Sequence[str]],
    locale: str,
) -> str | None:
    made = written
    if before[1] != after[1]:
        words = re.findall(r"[^\W\d_]+", written)
        named = [(word, _month(word, before[1], after[1], data, locale)) for word in words]
        found = [(word, said) for word, said in named if said]
        if len(found) != 1:
            return None
        made = made.replace(*found[0])
    for old, new in ((before[2], after[2]), (before[0], after[0])):
        if old == new:
            continue
        places = [found for found in re.finditer(r"\d+", made) if int(found[0]) == old]
        if new is None or len(places) != 1 or re.match("st|nd|rd|th|er", made[places[0].end() :]):
            return None
        said = notation.like_digits(str(new), places[0][0])
        made = made[: places[0].start()] + said + made[places[0].end() :]
    return made


def _month(word: str, old: int | None, new: int | None, data: Mapping[str, Sequence[str]], locale: str) -> str | None:
    if not data or old is None or new is None:
        return None
    return notation.listed(word, list(data["months"]), old, new, locale)
