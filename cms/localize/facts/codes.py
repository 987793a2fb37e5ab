"""Names that hold a digit, B12 or L5, and numbers too long to be an amount. Pure.

They are compared as names, or by number where letters differ.
"""

import re
from fractions import Fraction

from cms.localize.facts.contacts import mask
from cms.localize.facts.fact import Fact
from cms.localize.facts.lexicon import Lexicon
from cms.localize.facts.reading import Reading
from cms.localize.facts.tokens import NUMERAL

_CODE = re.compile(r"(?<![\w.,])([a-z]{1,3})-?(\d{1,4})[a-z]?(?:-\d{1,2})?(?!\w)")
_LONG = re.compile(NUMERAL)
# What has more digits than this is nobody's amount: it is compared as it is written, and no sum is made of it.
_LONGEST = 40
_NO_NAMES = {"units", "units_after_number", "or", "per", "clock_hour", "numbers", "of"}


def find(text: str, reading: Reading, left: str, words: Lexicon) -> tuple[list[Fact], str]:
    """Return the codes of a text, and the reading without them."""
    found: list[Fact] = []
    for match in list(_LONG.finditer(left)):
        if len(match[0]) > _LONGEST:
            start, end = reading.span(match.start(), match.end())
            value = re.sub(r"\D", "", match[0])
            found.append(Fact("code", value, start, end, text[start:end], digits=True))
            left = mask(left, match.start(), match.end())
    for match in list(_CODE.finditer(left)):
        # "mg500" and "om8" are an amount and a time written without a space.
        joined = len(match[1]) > 1 and "-" not in match[0] and _NO_NAMES & set(words.senses(match[1]))
        if words.known and joined:
            continue
        start, end = reading.span(match.start(), match.end())
        number = Fraction(match[2])
        also = frozenset({("number", number)})
        value = match[0].replace("-", "")
        found.append(Fact("code", value, start, end, text[start:end], also, number=number, digits=True))
        left = mask(left, match.start(), match.end())
    return found, left
