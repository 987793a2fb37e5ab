"""What a number takes from its neighbour: in "2 tot 3 weken" both are weeks, in "%5-10" both are percent. Pure."""

import re
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import pairwise

from cms.localize.facts import units
from cms.localize.facts.fact import Fact
from cms.localize.facts.lexicon import Lexicon, any_of


def units_of_next(found: list[Fact], text: str, words: Lexicon) -> list[Fact]:
    """Give a number the unit of the next one: in "2 tot 3 weken" both are weeks."""
    between = _between(words)
    for index in range(len(found) - 2, -1, -1):
        fact, following = found[index], found[index + 1]
        if (
            fact.kind == "number"
            and fact.number is not None
            and following.unit
            and following.number is not None
            and (fact.sure or fact.number == 1)
        ):
            gap = text[fact.end : following.start].lower().replace("–", "-").replace("—", "-")
            if between.fullmatch(gap):
                value = units.canonical(fact.number, following.unit)
                also = fact.also | {("number", fact.number)}
                if following.unit == "h":
                    also |= as_time(fact.number)
                found[index] = replace(
                    fact, kind=following.kind, value=value, unit=following.unit, also=frozenset(also)
                )
    return found


def percent_of_first(found: list[Fact], text: str) -> list[Fact]:
    """Give the second number of "%5-10" the percent sign that stands before the first."""
    for index, (fact, following) in enumerate(pairwise(found)):
        gap = text[fact.end : following.start]
        if fact.kind == "percent" and fact.text.startswith("%") and gap in ("-", "–") and following.number is not None:
            value = units.canonical(following.number, "%")
            found[index + 1] = replace(following, kind="percent", value=value, unit="%", also=frozenset(), counts="")
    return found


@cache
def _between(words: Lexicon) -> re.Pattern[str]:
    either, article = any_of(["-", "/", *words.words_of("or")]), any_of(words.words_of("or_article"))
    return re.compile(rf"\s*(?:{either})\s*(?:(?:{article}) ?)?")


def as_time(hours: Fraction) -> set[tuple[str, int]]:
    """Return the times of day that so many hours may also be: "8 uur" is eight in the morning or in the evening."""
    minutes = hours * 60
    if minutes.denominator != 1 or not 0 <= hours <= 24:
        return set()
    return (
        {("time", int(minutes) % 1440), ("time", (int(minutes) + 720) % 1440)}
        if hours <= 12
        else {("time", int(minutes) % 1440)}
    )
