"""Where a word or phrase stands in a text, in any inflection: compared by stems, and never across a clause. Pure."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from cms.localize import stems

# What an address says is not advice: the words in it are no terms.
ADDRESSES = re.compile(r"\]\([^)\s]{0,2000}\)|https?://\S+|www\.\S+|[\w.+-]{1,64}@[\w-]+\.[\w.-]+")
# A phrase does not reach from one clause into the next.
BREAKS = re.compile(r"[.!?;:,…؟،؛|()\n]")
# Languages whose words take more endings than their stemmers know.
RICH = {"ar", "az", "cs", "et", "fa", "fi", "hr", "hu", "hy", "lt", "lv", "pl", "ru", "sk", "sl", "sr", "tr", "uk"}
# Arabic writes "and" and "so" as part of the next word.
AND = re.compile("[وف](?=\\w{4})")
HYPHENS = re.compile(r"[-‐‑]")


class _Word(NamedTuple):
    start: int
    end: int
    text: str
    forms: stems.Forms


class Text(NamedTuple):
    """A text in words, with the numbers of the words that have a form, and that have a part."""

    text: str
    lang: str
    words: tuple[_Word, ...]
    at: Mapping[str, set[int]]
    parts: Mapping[str, set[int]]
    hyphened: Mapping[str, set[int]]
    every: frozenset[str]


def read(text: str, locale: str) -> Text:
    """Return a text in words, ready to be looked into."""
    return _read(text, stems.language(locale))


@lru_cache(maxsize=512)
def _read(text: str, lang: str) -> Text:
    text = ADDRESSES.sub(lambda found: " " * len(found[0]), text)
    words = tuple(_Word(start, end, word, stems.forms(word, lang)) for start, end, word in stems.words(text))
    at: dict[str, set[int]] = {}
    parts: dict[str, set[int]] = {}
    hyphened: dict[str, set[int]] = {}
    for number, word in enumerate(words):
        joint = stems.forms(_bare(word.text, lang), lang)
        for form in dict.fromkeys((word.forms.stem, word.forms.raw, joint.stem, joint.raw)):
            at.setdefault(form, set()).add(number)
        for part in set(word.forms.every) - {word.forms.stem, word.forms.raw, word.forms.plain}:
            parts.setdefault(part, set()).add(number)
        if number and HYPHENS.fullmatch(text[words[number - 1].end : word.start]):
            joined = stems.forms(words[number - 1].text + word.text, lang)
            for form in dict.fromkeys((joined.stem, joined.raw)):
                hyphened.setdefault(form, set()).add(number - 1)
    return Text(text, lang, words, at, parts, hyphened, frozenset((*at, *parts, *hyphened)))


@lru_cache(maxsize=8192)
def _wanted(phrase: str, lang: str) -> tuple[_Word, ...]:
    return tuple(_Word(start, end, word, stems.forms(word, lang)) for start, end, word in stems.words(phrase))


@lru_cache(maxsize=8192)
def _openings(phrase: str, lang: str) -> frozenset[str]:
    """Return the forms of which a text has one wherever the phrase may stand: of its first word, or of all in one."""
    wanted = _wanted(phrase, lang)
    joined = stems.forms("".join(word.text for word in wanted), lang)
    return frozenset(
        form for forms in (joined, *(word.forms for word in wanted[:1])) for form in (forms.stem, forms.raw)
    )


def spans(phrase: str, read: Text, *, inside: bool = False, loosely: bool = False) -> Iterator[tuple[int, int, bool]]:
    """Yield where a phrase begins and ends, and whether it is only a part of that word.

    Parts of compounds are yielded where `inside` asks for them; `loosely` takes words that differ in their endings
    alone for the same, in languages whose stemmers know too few of those.
    """
    loosely = loosely and read.lang in RICH
    # Of a glossary of hundreds most stand in no one text: that is seen at once.
    if not loosely and read.every.isdisjoint(_openings(phrase, read.lang)):
        return
    wanted, words = _wanted(phrase, read.lang), read.words
    if not wanted:
        return
    seen: set[int] = set()
    for number in range(len(words)) if loosely else _numbers(read.at, wanted[0].forms):
        last = number + len(wanted) - 1
        fits = last < len(words) and all(_same(one, at, read, loosely) for at, one in enumerate(wanted, number))
        if fits and _unbroken(read, number, last):
            seen.add(number)
            yield words[number].start, words[last].end, False
    if len(wanted) > 1:
        # `lage rugpijn` is also written `lagerugpijn`, and `e-mail` as `email`.
        joined = stems.forms("".join(word.text for word in wanted), read.lang)
        for number in _numbers(read.at, joined):
            yield words[number].start, words[number].end, False
    elif not _is_abbreviation(wanted[0].text):
        for number in _numbers(read.hyphened, wanted[0].forms):
            yield words[number].start, words[number + 1].end, False
        for number in _numbers(read.parts, wanted[0].forms) if inside else ():
            if number not in seen:
                yield words[number].start, words[number].end, True


def _numbers(index: Mapping[str, set[int]], forms: stems.Forms) -> list[int]:
    return sorted({*index.get(forms.stem, ()), *index.get(forms.raw, ())})


def _same(wanted: _Word, number: int, read: Text, loosely: bool) -> bool:
    """Tell whether the word with this number is the wanted one."""
    found = read.words[number]
    if _is_abbreviation(wanted.text):
        return _abbreviates(wanted.text, found.text)
    forms = (wanted.forms.stem, wanted.forms.raw)
    return any(number in read.at.get(form, ()) for form in forms) or (loosely and _akin(wanted.forms, found.forms))


def _akin(one: stems.Forms, other: stems.Forms) -> bool:
    """Tell whether two words seem to differ in their endings alone."""
    short, long = sorted((one.stem, other.stem), key=len)
    if len(short) > 3 and long.startswith(short) and len(long) - len(short) < 4:
        return True
    return len(one.stem) > 3 and other.raw.startswith(one.stem) and len(other.raw) - len(one.stem) < 7


def _unbroken(read: Text, first: int, last: int) -> bool:
    return not any(
        BREAKS.search(read.text, read.words[number].end, read.words[number + 1].start) for number in range(first, last)
    )


def _bare(word: str, lang: str) -> str:
    """Return a word without what no stemmer takes away: an Arabic "and" before it, the plural of an abbreviation."""
    if lang == "ar" and AND.match(word):
        return word[1:]
    head = word.removesuffix("s")
    return head if _is_abbreviation(head) else word


def _is_abbreviation(word: str) -> bool:
    """Tell whether a word is written in capitals: `MS` is a disease, `ms` is a unit of time."""
    return word.isupper() and sum(map(str.isalpha, word)) > 1


def _abbreviates(wanted: str, found: str) -> bool:
    """Tell whether a word is that abbreviation, with an ending or without: `MRI's`, `MRIs`, `KOAH'ın`."""
    rest = found[len(wanted) :]
    return found.startswith(wanted) and (rest[:1] in ("", "'", "’", "ʼ") or rest in ("s", "en"))
