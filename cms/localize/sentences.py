"""Take plain text apart into sentences, whose lengths readability measures. Pure; it knows no grammar."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from cms.localize import stems

# What may end a sentence, with the quotation marks and brackets that still belong to it.
_END = re.compile(r"[.!?…؟۔。！？]+[\"'”’»)\]]*(?=\s|$)|\n+")
_WORD_BEFORE = re.compile(r"[^\s(\[\"'“‘«]+$")


@dataclass(frozen=True)
class Sentence:
    """One sentence and its words."""

    text: str
    words: tuple[str, ...]


def sentences(text: str, locale: str) -> list[Sentence]:
    """Return the sentences of a text; what holds no word is none."""
    found = []
    for part in _parts(text, stems.language(locale)):
        words = tuple(word for _, _, word in stems.words(part))
        if words:
            found.append(Sentence(part, words))
    return found


def _parts(text: str, language: str) -> Iterator[str]:
    start = 0
    for found in _END.finditer(text):
        if found[0][0] != "\n" and not _ends(text[start : found.start()], found[0], text[found.end() :], language):
            continue
        if part := text[start : found.end()].strip():
            yield part
        start = found.end()
    if rest := text[start:].strip():
        yield rest


def _ends(before: str, sign: str, after: str, language: str) -> bool:
    """Tell whether a sign ends a sentence: not before a small letter, nor after an abbreviation or initial."""
    following = after.lstrip().lstrip("\"'“‘«([")
    if following[:1].islower():
        return False
    if sign != ".":
        return True
    word = _WORD_BEFORE.search(before)
    last = word[0].casefold() if word else ""
    if re.fullmatch(r"[^\W\d_]", last) and following:
        return False
    return last not in _abbreviations(language) or not following


@cache
def _abbreviations(language: str) -> frozenset[str]:
    text = (files("cms.localize.data") / "abbreviations.txt").read_text(encoding="utf-8")
    lines = [line.partition(":") for line in text.splitlines() if line and not line.startswith("#")]
    return frozenset(word for name, _, words in lines if name == language for word in words.split())
