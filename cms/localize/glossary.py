"""The glossary: how terms are to be translated, found in texts by their stems rather than letter by letter."""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace

from cms import locales
from cms.content.fields import MAX_LINE, tidy
from cms.content.identity import new_id
from cms.errors import Invalid, Problem
from cms.localize import phrases, stems
from cms.store import Database, write

STATUSES = ("preferred", "forbidden", "keep")
COLUMNS = ("source_locale", "target_locale", "source", "target", "status", "note")
ORDER = "order by source_locale, target_locale, source, status, target"


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


def page(
    db: Database, target_locale: str = "", search: str = "", *, limit: int = 100, offset: int = 0
) -> tuple[int, list[Term]]:
    """Return how many rules hold some text, and those after `offset`, in the order of `terms`."""
    where, params = ("target_locale = ?", [target_locale]) if target_locale else ("1 = 1", [])
    select = f"select {', '.join(COLUMNS)} from term where {where} {ORDER}"
    if not search:
        total = db.table("term").count_where(where, params)
        return total, [Term(**row) for row in db.query(f"{select} limit ? offset ?", [*params, limit, offset])]
    sought = search.casefold()
    found = [
        row
        for row in db.query(select, params)
        if sought in f"{row['source']}\n{row['target']}\n{row['note']}".casefold()
    ]
    return len(found), [Term(**row) for row in found[offset : offset + limit]]


def terms(db: Database, source_locale: str = "", target_locale: str = "") -> list[Term]:
    """Return the rules for one pair of languages, or for all where one is left open, in the order of their sources."""
    asked = {"source_locale": source_locale, "target_locale": target_locale}
    where = " and ".join(f"{name} = :{name}" for name, locale in asked.items() if locale) or "1 = 1"
    rows = db.query(
        f"select {', '.join(COLUMNS)} from term where {where} {ORDER}",
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
    read = phrases.read(text, locale)
    places = [
        Place(term, start, end, is_part)
        for term in known
        for start, end, is_part in phrases.spans(term.source, read, inside=inside)
    ]
    return _longest(places)


def find(phrase: str, text: str, locale: str, *, loosely: bool = False) -> Iterator[tuple[int, int]]:
    """Yield where a word or phrase stands in a text, in any inflection. Pure.

    With `loosely`, also inside a compound, and with endings that a stemmer does not know: right for telling that a
    translation does use a word, too much for telling that it must not.
    """
    for start, end, _ in phrases.spans(phrase, phrases.read(text, locale), inside=loosely, loosely=loosely):
        yield start, end


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
