"""Compare what two texts deny, sentence by sentence where they have as many. Pure.

A denial is lost when the translation has fewer strong negations and fewer negations of any sort; in the same way
one is added. One negation may cover two things joined by "or".
"""

import re
from collections.abc import Sequence

from cms.localize.checks.finding import ERROR, Finding, Span
from cms.localize.facts import negation, sentences
from cms.localize.facts.lexicon import lexicon
from cms.localize.facts.negation import Negation
from cms.localize.facts.reading import read
from cms.localize.stems import language


def compare(source: str, target: str, source_locale: str, target_locale: str) -> list[Finding]:
    """Return the negations that are lost or were added."""
    if not (lexicon(source_locale).known and lexicon(target_locale).known):
        return []
    ours, theirs = negation.find(source, source_locale), negation.find(target, target_locale)
    if not ours and not theirs:
        return []
    here, there = sentences.bounds(source, source_locale), sentences.bounds(target, target_locale)
    if len(here) != len(there) or len(here) < 2:
        finding = _weigh(
            ours, theirs, _clean(source, source_locale), _clean(target, target_locale), source_locale, target_locale
        )
        return [finding] if finding else []
    found = []
    first, second = _clean(source, source_locale), _clean(target, target_locale)
    for (a, b), (c, d) in zip(here, there, strict=True):
        mine = [one for one in ours if a <= one.clean_start < b]
        other = [one for one in theirs if c <= one.clean_start < d]
        if finding := _weigh(mine, other, first[:b], second[:d], source_locale, target_locale):
            found.append(finding)
    # What one sentence lost and another gained, a translator may have moved.
    if len(found) == 2 and {one.reason for one in found} == {"lost", "added"} and len(here) > 2:
        return []
    return found


def _weigh(
    ours: Sequence[Negation], theirs: Sequence[Negation], here: str, there: str, source_locale: str, target_locale: str
) -> Finding | None:
    ours = [one for one in ours if not one.most or negation.compares(there, target_locale)]
    theirs = [one for one in theirs if not one.most or negation.compares(here, source_locale)]
    if not theirs and ours and negation.stops(here, source_locale):
        return Finding("negation", ERROR, "lost", {"fact": ""}, (ours[0].start, ours[0].end), None)
    if not any(one.strong for one in (*ours, *theirs)):
        return None
    mine, other = sum(one.strong for one in ours), sum(one.strong for one in theirs)
    if mine > other and len(ours) <= len(theirs):
        # Something else in the sentence hides the loss, unless it stands in another clause.
        return _by_clause(ours, theirs, here, there, source_locale, target_locale)
    if mine > other:
        if other and mine - other <= negation.shared(there, target_locale, _first(theirs)):
            return None
        return Finding("negation", ERROR, "lost", {"fact": ""}, _odd(ours), _odd(theirs))
    if other > mine and len(theirs) > len(ours):
        if mine and other - mine <= negation.shared(here, source_locale, _first(ours)):
            return None
        return Finding("negation", ERROR, "added", {"fact": ""}, _odd(ours), _odd(theirs))
    return None


def _by_clause(
    ours: Sequence[Negation], theirs: Sequence[Negation], here: str, there: str, source_locale: str, target_locale: str
) -> Finding | None:
    first, second = _commas(here), _commas(there)
    if "tr" in (language(source_locale), language(target_locale)) or len(first) != len(second):
        return None
    for index in range(len(first) + 1):
        mine = [one for one in ours if _clause(one.clean_start, first) == index]
        other = [one for one in theirs if _clause(one.clean_start, second) == index]
        if sum(one.strong for one in mine) > sum(one.strong for one in other) and len(mine) > len(other):
            return Finding("negation", ERROR, "lost", {"fact": ""}, _odd(mine), _odd(other))
    return None


def _commas(clean: str) -> list[int]:
    return [match.start() for match in re.finditer(r"[,،;:]\s|[.!?؟]\s", clean)]


def _clause(at: int, commas: Sequence[int]) -> int:
    return sum(comma < at for comma in commas)


def _first(found: Sequence[Negation]) -> int:
    return min(one.clean_start for one in found if one.strong)


def _odd(found: Sequence[Negation]) -> Span:
    strong = [one for one in found if one.strong]
    return (strong[0].start, strong[0].end) if strong else None


def _clean(text: str, locale: str) -> str:
    return read(text, language(locale)).clean
