"""A reading cut into words, numbers in digits and signs, each with what it may mean. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from cms.localize.facts.lexicon import Lexicon, Senses

VULGAR = {"½": Fraction(1, 2), "¼": Fraction(1, 4), "¾": Fraction(3, 4), "⅓": Fraction(1, 3), "⅔": Fraction(2, 3)}
VULGAR |= {"⅛": Fraction(1, 8), "⅕": Fraction(1, 5)}
WORDS = re.compile(r"[^\W\d_]+")
NUMERAL = r"\d{1,3}(?:[ ']\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)*"
_WORDS = {
    "fr": r"[^\W\d_]+(?:-[^\W\d_]+)*",
    "": r"[^\W\d_]+(?:'[^\W\d_]+)*|'[^\W\d_]+",
}
_TOKEN = {
    lang: re.compile(rf"(?P<num>{NUMERAL})|(?P<word>{word})|[½¼¾⅓⅔⅛⅕]|°\s?[cf]\b|[%€$£°/+×]")
    for lang, word in _WORDS.items()
}


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number in digits or a sign, with what the word may mean."""

    text: str
    start: int
    end: int
    senses: Senses
    digits: bool = False


def tokens(clean: str, words: Lexicon) -> list[Token]:
    """Cut a reading into tokens."""
    found: list[Token] = []
    for match in _TOKEN.get(words.lang, _TOKEN[""]).finditer(clean):
        text = match[0]
        if match.lastgroup == "num":
            found.append(Token(text, match.start(), match.end(), {}, digits=True))
        elif match.lastgroup == "word" and words.known:
            found += _word(text, match.start(), words)
        else:
            found.append(Token(text, match.start(), match.end(), {}))
    return found


def _word(text: str, start: int, words: Lexicon) -> list[Token]:
    senses = words.senses(text)
    if not senses and "-" in text:
        parts, at = [], start
        for part in text.split("-"):
            parts.append(Token(part, at, at + len(part), words.senses(part)))
            at += len(part) + 1
        return parts
    if not senses and "'" in text and text not in words.longer:
        head = text.partition("'")[0] if text[0] != "'" else text[1:]
        if words.lang != "en" or text.endswith("'s"):
            senses = words.senses(head)
    return [Token(text, start, start + len(text), senses)]


def longest(found: Sequence[Token], at: int, kind: str, words: Lexicon) -> tuple[int, Any] | None:
    """Return how many tokens from `at` are of a kind, and its value; the longest entry wins."""
    token = found[at]
    for entry, senses in words.longer.get(token.text, ()):
        if kind in senses and [one.text for one in found[at : at + len(entry)]] == entry:
            return len(entry), senses[kind]
    if kind in token.senses:
        return 1, token.senses[kind]
    return None


def near(clean: str, first: Token, second: Token, gap: str = r"[\s\-]{0,3}") -> bool:
    """Tell whether nothing but a space or a hyphen parts two tokens."""
    return re.fullmatch(gap, clean[first.end : second.start]) is not None
