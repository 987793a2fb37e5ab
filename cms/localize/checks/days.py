"""Compare weekdays and months that stand alone: one for another is a fault, one left out a warning. Pure."""

from collections.abc import Iterator, Sequence

from cms.localize.checks.finding import ERROR, WARNING, Finding
from cms.localize.facts import Fact


def compare(ours: Sequence[Fact], theirs: Sequence[Fact]) -> Iterator[Finding]:
    """Yield the days, feasts and months that became others, and a lone weekday that is gone."""
    for named in (_weekdays, _months, _feasts):
        mine, other = named(ours), named(theirs)
        lost = [fact for value, fact in mine.items() if value not in other]
        added = [fact for value, fact in other.items() if value not in mine]
        for first, second in zip(lost, added, strict=False):
            values = {"fact": first.text, "other": second.text, "kind": "date"}
            yield Finding("number", ERROR, "changed", values, (first.start, first.end), (second.start, second.end))
        if len(lost) > len(added) and named is _weekdays and (other or len(mine) == 1):
            gone = lost[-1]
            yield Finding("number", WARNING, "lost", {"fact": gone.text, "kind": "date"}, (gone.start, gone.end), None)


def _weekdays(facts: Sequence[Fact]) -> dict[object, Fact]:
    found: dict[object, Fact] = {}
    for fact in facts:
        if fact.kind == "date" and isinstance(fact.value, tuple) and fact.value[0] == "weekday":
            found.setdefault(fact.value[1], fact)
    return found


def _feasts(facts: Sequence[Fact]) -> dict[object, Fact]:
    """Return the days that are said by their feasts: Boxing Day."""
    return {
        fact.value: fact
        for fact in facts
        if fact.kind == "date" and not fact.sure and fact.date[2:] not in ((), (None,))
    }


def _months(facts: Sequence[Fact]) -> dict[object, Fact]:
    """Return the months that stand alone, unless there are whole dates: those are compared as numbers."""
    dates = [fact for fact in facts if fact.kind == "date" and isinstance(fact.value, tuple) and len(fact.value) == 3]
    if any(fact.sure for fact in dates):
        return {}
    found: dict[object, Fact] = {}
    for fact in dates:
        found.setdefault(fact.date[1], fact)
    return found
