"""The words of one language, read from `cms/localize/words` and made ready for looking up. It judges nothing."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from cms.localize.facts import spelling
from cms.localize.facts.reading import normal
from cms.localize.stems import language

Senses = Mapping[str, Any]
# No word of any list, nor what is built of two, is as long as this.
LONGEST = 80
KNOWN = ("nl", "en", "de", "fr", "tr", "pl", "ar")
_NUMBERS = ("numbers", "unsure", "ordinals", "multiplied", "fractions", "thirds")


@dataclass(frozen=True)
class Lexicon:
    """All words of a language by their first word; an unknown language has none."""

    lang: str
    data: Mapping[str, Any]
    words: Mapping[str, Senses]
    longer: Mapping[str, tuple[tuple[list[str], Senses], ...]]

    def __hash__(self) -> int:
        return hash(self.lang)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Lexicon) and other.lang == self.lang

    @property
    def known(self) -> bool:
        """Tell whether there is a list for the language."""
        return bool(self.data)

    def senses(self, word: str) -> Senses:
        """Return what a word may mean, also as a compound, with an ending or with a prefix."""
        return _senses(self, word) if len(word) <= LONGEST else {}

    def words_of(self, name: str, part: str = "") -> list[str]:
        """Return one list of the data, each entry normalised."""
        source = self.data.get(part, {}) if part else self.data
        return [normal(word, self.lang) for word in spelling.listed(source.get(name, ""))]

    def lists(self, name: str, word: str) -> bool:
        """Tell whether a word, as read, is in a list of the data."""
        return word in _listed(self, name)


@cache
def lexicon(locale: str) -> Lexicon:
    """Return the words of a locale's language."""
    lang = language(locale)
    if lang not in KNOWN:
        return Lexicon(lang, {}, {}, {})
    data = json.loads(files("cms.localize.words").joinpath(f"{lang}.json").read_text("utf-8"))
    single: dict[str, dict[str, Any]] = {}
    longer: dict[str, list[tuple[list[str], Senses]]] = {}
    entries: dict[tuple[str, ...], dict[str, Any]] = {}
    for words, kind, value in _entries(data):
        senses = entries.setdefault(tuple(spelling.split(normal(words, lang), lang)), {})
        senses[kind] = (*senses.get(kind, ()), value) if kind == "or" else senses.get(kind, value)
    for key, senses in entries.items():
        if len(key) == 1:
            single.setdefault(key[0], {}).update(senses)
        elif key:
            longer.setdefault(key[0], []).append((list(key), senses))
    for word, value in spelling.compounds(data).items():
        single.setdefault(word, {}).setdefault("numbers", Fraction(value))
    ordered = {first: tuple(sorted(found, key=lambda e: -len(e[0]))) for first, found in longer.items()}
    return Lexicon(lang, data, single, ordered)


def any_of(words: list[str]) -> str:
    """Return an expression for any word of a list, the longest first."""
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=len, reverse=True)) or "(?!)"


def _entries(data: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for kind in _NUMBERS:
        for value, listed in data.get(kind, {}).items():
            yield from ((word, kind, Fraction(value)) for word in spelling.listed(listed))
    for kind in (
        "one",
        "article",
        "once",
        "and_half",
        "and_quarter",
        "and_third",
        "minus_quarter",
        "of",
        "between",
        "per",
        "or",
    ):
        yield from ((word, kind, True) for word in spelling.listed(data.get(kind, "")))
    for kind in ("units", "units_after_number", "rates", "duals", "maybe_dual", "before_number", "counted", "beside"):
        for unit, listed in data.get(kind, {}).items():
            yield from ((word, kind, unit) for word in spelling.listed(listed))
            if kind == "rates":
                yield from ((word, "units", unit) for word in spelling.listed(listed))
    for phrase, meaning in data.get("phrases", {}).items():
        yield phrase, "phrase", meaning
    for kind in ("months", "weekdays"):
        for number, listed in enumerate(data[kind], 1):
            yield from ((word, kind, number) for word in spelling.listed(listed))
    yield from ((word, "ambiguous", True) for word in spelling.listed(data["months_ambiguous"]))
    for kind, listed in data["clock"].items():
        yield from ((word, f"clock_{kind}", True) for word in spelling.listed(listed))


@cache
def _listed(lexicon: Lexicon, name: str) -> frozenset[str]:
    return frozenset(lexicon.words_of(name))


@lru_cache(maxsize=1 << 15)
def _senses(lexicon: Lexicon, word: str) -> Senses:
    if word in lexicon.words:
        return lexicon.words[word]
    if lexicon.lists("whole", word):
        return {}
    return spelling.derive(word, lexicon.words, lexicon.data)
