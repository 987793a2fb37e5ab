"""The glossary: how terms are to be translated, found in texts by their stems rather than letter by letter."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from cms import locales
from cms.content.fields import MAX_LINE, tidy
from cms.content.identity import new_id
from cms.errors import Invalid, Problem
from cms.localize import stems
from cms.store import Database, write

STATUSES = ("preferred", "forbidden", "keep")
COLUMNS = ("source_locale", "target_locale", "source", "target", "status", "note")
# What an address says is not advice: the words in it are no terms.
ADDRESSES = re.compile(r"\]\([^)\s]*\)|https?://\S+|www\.\S+|[\w.+-]{1,64}@[\w-]+\.[\w.-]+")
# A phrase does not reach from one clause into the next.
BREAKS = re.compile(r"[.!?;:,…؟،؛|()\n]")
# Languages whose words take more endings than their stemmers know.
RICH = {"ar", "az", "cs", "et", "fa", "fi", "hr", "hu", "hy", "lt", "lv", "pl", "ru", "sk", "sl", "sr", "tr", "uk"}
# Arabic writes "and" and "so" as part of the next word.
AND = re.compile("[وف](?=\\w{4})")
HYPHENS = re.compile(r"[-‐‑]")


@dataclass(frozen=True)
class Term:
    """One rule: `source` is to be `target` (preferred), is never to be it (forbidden), or stays as it is (keep)."""

    source_locale: str
    target_locale: str
    source: str
    target: str
    status: str
    note: str = ""


@dataclass(frozen=True)
class Place:
    """Where a term stands in a text: [start, end) in characters. `inside` says that it is a part of that word."""

    term: Term
    start: int
    end: int
    inside: bool = False


def add(db: Database, terms: Iterable[Term], *, replace_all: bool = False) -> int:
    """Store terms, and return how many. The same source and target again gets the new status and note.

    With `replace_all` the languages that occur keep no other terms. Raises Invalid, storing none.
    """
    given = [tidied(term) for term in terms]
    problems = [
        Problem(f"/{number}{problem.pointer}", problem.code, problem.values)
        for number, found in enumerate(faults(given))
        for problem in found
    ]
    if problems:
        raise Invalid(problems)
    wanted = {_key(term): term for term in given}
    with write(db):
        for pair in dict.fromkeys(key[:2] for key in wanted):
            rows = list(db.table("term").rows_where("source_locale = ? and target_locale = ?", pair))
            there = {(*pair, row["source"], row["target"]): row["id"] for row in rows}
            for key, term in wanted.items():
                if key[:2] == pair:
                    db.table("term").upsert({"id": there.pop(key, "") or new_id(), **asdict(term)})
            for unwanted in there.values() if replace_all else ():
                db.table("term").delete_where("id = ?", [unwanted])
    return len(wanted)


def remove(db: Database, term: Term) -> bool:
    """Forget a rule, whatever its status and note; return whether it was there."""
    with write(db):
        where = "source_locale = ? and target_locale = ? and source = ? and target = ?"
        return bool(db.table("term").delete_where(where, _key(tidied(term))))


def terms(db: Database, source_locale: str = "", target_locale: str = "") -> list[Term]:
    """Return the rules for one pair of languages, or for all where one is left open, in the order of their sources."""
    asked = {"source_locale": source_locale, "target_locale": target_locale}
    where = " and ".join(f"{name} = :{name}" for name, locale in asked.items() if locale) or "1 = 1"
    rows = db.query(
        f"select {', '.join(COLUMNS)} from term where {where}"
        " order by source_locale, target_locale, source, status, target",
        {name: locale for name, locale in asked.items() if locale},
    )
    return [Term(**row) for row in rows]


def tidied(term: Term) -> Term:
    """Return a term as it is kept: standard language tags, single spaces, no target that only repeats the source."""
    source, target = (" ".join(tidy(text).split()) for text in (term.source, term.target))
    return replace(
        term,
        source_locale=_standard(term.source_locale),
        target_locale=_standard(term.target_locale),
        source=source,
        target="" if term.status == "keep" and target == source else target,
        note=tidy(term.note),
    )


def faults(given: Sequence[Term]) -> list[list[Problem]]:
    """Return what is wrong with each of these terms, by itself or beside one before it. Pure."""
    first: dict[tuple[str, str, str, str], Term] = {}
    found = []
    for term in given:
        problems = list(_faults(term))
        before = first.setdefault(_key(term), term)
        if before.status != term.status and not problems:
            values = {"source": term.source, "target": term.target, "first": before.status}
            problems.append(Problem("/status", "contradicting", values))
        found.append(problems)
    return found


def in_text(known: Iterable[Term], text: str, locale: str, *, inside: bool = False) -> list[Place]:
    """Return where the sources of terms stand in a text, in any inflection; where they overlap, the longest.

    With `inside`, also where one is a part of a compound: `rug` in `rugpijn`, which need not be translated by its
    parts. Pure.
    """
    read = _read(text, stems.language(locale))
    places = [
        Place(term, start, end, is_part)
        for term in known
        for start, end, is_part in _spans(term.source, read, inside=inside)
    ]
    return _longest(places)


def find(phrase: str, text: str, locale: str, *, loosely: bool = False) -> Iterator[tuple[int, int]]:
    """Yield where a word or phrase stands in a text, in any inflection. Pure.

    With `loosely`, also inside a compound, and with endings that a stemmer does not know: right for telling that a
    translation does use a word, too much for telling that it must not.
    """
    for start, end, _ in _spans(phrase, _read(text, stems.language(locale)), inside=loosely, loosely=loosely):
        yield start, end


class _Word(NamedTuple):
    start: int
    end: int
    text: str
    forms: stems.Forms


class _Text(NamedTuple):
    """A text in words, with the numbers of the words that have a form, and that have a part."""

    text: str
    lang: str
    words: tuple[_Word, ...]
    at: Mapping[str, set[int]]
    parts: Mapping[str, set[int]]
    hyphened: Mapping[str, set[int]]


@lru_cache(maxsize=64)
def _read(text: str, lang: str) -> _Text:
    text = ADDRESSES.sub(lambda found: " " * len(found[0]), text)
    words = tuple(_Word(start, end, word, stems.forms(word, lang)) for start, end, word in stems.words(text))
    at: dict[str, set[int]] = {}
    parts: dict[str, set[int]] = {}
    hyphened: dict[str, set[int]] = {}
    for number, word in enumerate(words):
        joint = stems.forms(word.text[1:], lang) if lang == "ar" and AND.match(word.text) else word.forms
        for form in dict.fromkeys((word.forms.stem, word.forms.raw, joint.stem, joint.raw)):
            at.setdefault(form, set()).add(number)
        for part in set(word.forms.every) - {word.forms.stem, word.forms.raw, word.forms.plain}:
            parts.setdefault(part, set()).add(number)
        if number and HYPHENS.fullmatch(text[words[number - 1].end : word.start]):
            joined = stems.forms(words[number - 1].text + word.text, lang)
            for form in dict.fromkeys((joined.stem, joined.raw)):
                hyphened.setdefault(form, set()).add(number - 1)
    return _Text(text, lang, words, at, parts, hyphened)


@lru_cache(maxsize=8192)
def _wanted(phrase: str, lang: str) -> tuple[_Word, ...]:
    return tuple(_Word(start, end, word, stems.forms(word, lang)) for start, end, word in stems.words(phrase))


def _spans(phrase: str, read: _Text, *, inside: bool, loosely: bool = False) -> Iterator[tuple[int, int, bool]]:
    wanted, words = _wanted(phrase, read.lang), read.words
    if not wanted:
        return
    loosely = loosely and read.lang in RICH
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


def _same(wanted: _Word, number: int, read: _Text, loosely: bool) -> bool:
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


def _unbroken(read: _Text, first: int, last: int) -> bool:
    return not any(
        BREAKS.search(read.text, read.words[number].end, read.words[number + 1].start) for number in range(first, last)
    )


def _is_abbreviation(word: str) -> bool:
    """Tell whether a word is written in capitals: `MS` is a disease, `ms` is a unit of time."""
    return word.isupper() and sum(map(str.isalpha, word)) > 1


def _abbreviates(wanted: str, found: str) -> bool:
    """Tell whether a word is that abbreviation, with an ending or without: `MRI's`, `MRIs`, `KOAH'ın`."""
    rest = found[len(wanted) :]
    return found.startswith(wanted) and (rest[:1] in ("", "'", "’", "ʼ") or rest in ("s", "en"))


def _longest(places: Sequence[Place]) -> list[Place]:
    """Return the places that no longer one overlaps; terms of the same span stand side by side."""
    taken: list[tuple[int, int, bool]] = []
    kept = []
    for place in sorted(places, key=lambda each: (each.start - each.end, each.inside, each.start)):
        span = (place.start, place.end, place.inside)
        # What is taken never overlaps, so only the neighbours in its order can be in the way.
        at = bisect_left(taken, span)
        if at < len(taken) and taken[at] == span:
            kept.append(place)
        elif all(end <= place.start or place.end <= start for start, end, _ in taken[max(at - 1, 0) : at + 1]):
            taken.insert(at, span)
            kept.append(place)
    return sorted(kept, key=lambda place: place.start)


def _faults(term: Term) -> Iterator[Problem]:
    for name in ("source_locale", "target_locale"):
        if not _is_standard(getattr(term, name)):
            yield Problem(f"/{name}", "not_a_language_tag", {"value": getattr(term, name)[:80]})
    if term.source_locale == term.target_locale:
        yield Problem("/target_locale", "same_language", {"locale": term.target_locale[:80]})
    if term.status not in STATUSES:
        yield Problem("/status", "not_a_choice", {"value": term.status[:80], "choices": list(STATUSES)})
    if term.status == "keep" and term.target:
        yield Problem("/target", "kept_has_target")
    for name in ("source", "target") if term.status != "keep" else ("source",):
        text = getattr(term, name)
        if not text:
            yield Problem(f"/{name}", "blank")
        elif not stems.words(text):
            yield Problem(f"/{name}", "no_words")
    for name in ("source", "target", "note"):
        text = getattr(term, name)
        if len(text) > MAX_LINE:
            yield Problem(f"/{name}", "too_long", {"length": len(text), "maximum": MAX_LINE})
        if found := next((character for character in text if _is_control(character)), ""):
            yield Problem(f"/{name}", "control_character", {"character": f"U+{ord(found):04X}"})


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t"


def _key(term: Term) -> tuple[str, str, str, str]:
    return term.source_locale, term.target_locale, term.source, term.target


def _standard(tag: str) -> str:
    return locales.standard(tag.strip()) if _is_standard(tag.strip()) else tag.strip()


def _is_standard(tag: str) -> bool:
    try:
        return bool(locales.standard(tag))
    except locales.UnknownTag:
        return False
