"""Compare units that stand without a number: per day became per week, a few days a few months. Pure."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from operator import attrgetter

from cms.localize.checks.finding import ERROR, Finding
from cms.localize.facts import Fact, sentences, units

_START = attrgetter("start")
Sides = tuple[Sequence[Fact], Sequence[Fact]]


def compare(
    source: str, target: str, locales: tuple[str, str], facts: Sides, settled: Collection[Fact]
) -> Iterator[Finding]:
    """Yield the units that became others; `settled` are those that an amount of the other text accounts for."""
    seen: set[tuple[str, str]] = set()
    settled = frozenset(fact for fact in settled if is_alone(fact))
    for ours, theirs in [*_by_sentence(source, target, locales, facts), facts]:
        for first, second in _changed(ours, theirs, settled):
            if (first.unit, second.unit) not in seen:
                seen.add((first.unit, second.unit))
                values = {"fact": first.text, "other": second.text}
                yield Finding("unit", ERROR, "changed", values, (first.start, first.end), (second.start, second.end))
    if not seen:
        yield from _rates(facts[0], facts[1], "lost", settled)
        yield from _rates(facts[1], facts[0], "added", settled)


def is_alone(fact: Fact) -> bool:
    """Tell whether a fact is a unit without a number, or with an article."""
    return bool(fact.unit) and not fact.sure and fact.number in (None, 1)


def _by_sentence(source: str, target: str, locales: tuple[str, str], facts: Sides) -> Iterator[Sides]:
    here, there = sentences.spans(source, locales[0]), sentences.spans(target, locales[1])
    if len(here) == len(there) and len(here) > 1:
        for (a, b), (c, d) in zip(here, there, strict=True):
            yield _within(facts[0], a, b), _within(facts[1], c, d)


def _within(facts: Sequence[Fact], start: int, end: int) -> Sequence[Fact]:
    return facts[bisect_left(facts, start, key=_START) : bisect_left(facts, end, key=_START)]


def _changed(ours: Sequence[Fact], theirs: Sequence[Fact], settled: Collection[Fact]) -> Iterator[tuple[Fact, Fact]]:
    mine = [fact for fact in ours if is_alone(fact) and fact not in settled]
    other = [fact for fact in theirs if is_alone(fact) and fact not in settled]
    before, after = Counter(fact.unit for fact in mine), Counter(fact.unit for fact in other)
    here, there = {fact.unit for fact in ours}, {fact.unit for fact in theirs}
    for gone in before - after:
        for new in after - before:
            if units.UNITS[gone][0] == units.UNITS[new][0] and (gone not in there or new not in here):
                yield [f for f in mine if f.unit == gone][-1], [f for f in other if f.unit == new][-1]


def _rates(ours: Sequence[Fact], theirs: Sequence[Fact], reason: str, settled: Collection[Fact]) -> Iterator[Finding]:
    """Yield "per day" that the other text leaves out, where a number hangs on it."""
    there = {fact.unit for fact in theirs}
    if not any(fact.number is not None and not fact.unit for fact in ours):
        return
    for fact in ours:
        if (
            is_alone(fact)
            and fact.rate
            and fact not in settled
            and fact.unit not in there
            and units.UNITS[fact.unit][0] == "time"
        ):
            span = (fact.start, fact.end)
            lost = reason == "lost"
            values = {"fact" if lost else "other": fact.text}
            yield Finding("unit", ERROR, reason, values, span if lost else None, None if lost else span)
