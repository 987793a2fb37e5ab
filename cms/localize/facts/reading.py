"""A text made easy to scan: lower case, one sort of digit, no marks; each character knows where it came from. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from cms.localize.facts.remembering import remembered

MASK = "\x01"
DROPPED = re.compile("[\u00ad\u200b-\u200f\u061c\u202a-\u202e\u2060-\u2069\ufeff\u064b-\u065f\u0670\u0640]")
LINK = re.compile(r"\]\(\s*+<?((?:[^()\s<>]|\([^()\s]*+\))*+)>?(?:\s++\"[^\"]*+\")?+\s*+\)")
_MARKUP = re.compile(r"[*`\[\]\\]|(?<!\w)_|_(?!\w)")
_PLAIN = re.compile(r"[a-z0-9 .,;:!?()\n'éëïöüáèêçäß%€/+@-]*")

_LETTERS = {ord(a): b for a, b in zip("أإآٱىةکی٫٬٪’ʼ‘´", "اااايهكي.,%''''", strict=True)}
_LETTERS |= {ord(c): " " for c in "\u00a0\u2007\u2009\u202f\u3000\t\n\r"}
_LETTERS |= {ord(c): "-" for c in "‐‑‒–—−"}
# Dutch stresses a word with an acute accent: "géén" is "geen".
_DUTCH = dict(zip("áéíóú", "aeiou", strict=True))
_TURKISH = {ord("I"): "ı", ord("İ"): "i"}


@dataclass(frozen=True)
class Reading:
    """The text as scanned, where each of its characters stood, and the targets of its links."""

    clean: str
    at: tuple[int, ...]
    links: tuple[tuple[str, int, int], ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the text as given."""
        return self.at[start], self.at[end - 1] + 1


@remembered
def read(text: str, lang: str) -> Reading:
    """Read a text in a language; every offset of `clean` leads back into the text."""
    links = (
        tuple((found[1], found.start(1), found.end(1)) for found in LINK.finditer(text) if found[1])
        if "](" in text
        else ()
    )
    gone = _gone(text)
    kept: list[str] = []
    at: list[int] = []
    composed = unicodedata.is_normalized("NFC", text)
    for index, character in enumerate(text):
        if index in gone:
            continue
        if not composed and unicodedata.combining(character) and kept:
            joined = unicodedata.normalize("NFC", kept[-1] + character)
            kept[-1] = joined if len(joined) == 1 else kept[-1]
            continue
        kept.append(simplify(character, lang))
        at.append(index)
    return Reading("".join(kept), (*at, len(text)), links)


@lru_cache(maxsize=1 << 14)
def simplify(character: str, lang: str) -> str:
    """Return one character for one character: lower case, Western digits, one sort of hyphen and apostrophe."""
    if lang == "tr" and ord(character) in _TURKISH:
        return _TURKISH[ord(character)]
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    swapped = character.translate(_LETTERS)
    lowered = swapped.lower()
    if lang == "nl":
        lowered = _DUTCH.get(lowered, lowered)
    return lowered if len(lowered) == 1 else swapped


def normal(words: str, lang: str) -> str:
    """Return words of a list as a reading would show them."""
    composed = unicodedata.normalize("NFC", DROPPED.sub("", words))
    return "".join(simplify(character, lang) for character in composed)


def _gone(text: str) -> set[int]:
    gone = {found.start() for found in DROPPED.finditer(text)} if not text.isascii() else set()
    if "](" in text:
        for found in LINK.finditer(text):
            gone.update(range(found.start(), found.end()))
    gone.update(found.start() for found in _MARKUP.finditer(text))
    return gone
