"""Compare the numbers, units, money and moments of two texts, each value at most once. Pure.

The same value may be written another way (1,5 uur, 90 minutes) and split another way (1 hour and 30 minutes).
"""

from collections.abc import Iterable

from cms.localize.checks import days, order, units_alone
from cms.localize.checks.finding import ERROR, Finding
from cms.localize.checks.ledger import Ledger, degrade, settle, take
from cms.localize.facts import Fact, figures, units
from cms.localize.facts.lexicon import lexicon

_COUNTED = ("number", "unit", "money", "percent", "time", "date", "code")

_FACTORS = {
    measure: frozenset(units.UNITS[name][1] for name in units.COMMON if units.UNITS[name][0] == measure)
    for measure in {units.UNITS[name][0] for name in units.COMMON}
}


def compare(source: str, target: str, source_locale: str, target_locale: str) -> list[Finding]:
    """Return the numbers and units that changed, are lost or were added."""
    ours, theirs = figures(source, source_locale), figures(target, target_locale)
    known = lexicon(source_locale).known and lexicon(target_locale).known
    ledger = Ledger([f for f in ours if _counts(f)], [f for f in theirs if _counts(f)], ours, theirs)
    settle(ledger)
    if not known:
        degrade(ledger)
    return [
        *_changed(ledger),
        *_alone(source, target, (source_locale, target_locale), ledger, known),
        *order.compare(source, target, (source_locale, target_locale), ledger.pairs),
        *days.compare(ours, theirs),
    ]


def _alone(source: str, target: str, locales: tuple[str, str], ledger: Ledger, known: bool) -> Iterable[Finding]:
    if not known:
        return ()
    settled = [fact for pair in ledger.pairs if pair[0].sure != pair[1].sure for fact in pair]
    return units_alone.compare(source, target, locales, (ledger.all_source, ledger.all_target), settled)


def _counts(fact: Fact) -> bool:
    if fact.kind == "date":
        return fact.sure or (len(fact.date) == 3 and bool(fact.date[2]))
    return fact.kind in _COUNTED


def _changed(ledger: Ledger) -> Iterable[Finding]:
    """Word what is left: the same number with another unit, another number with the same unit, lost, added."""
    lost = [fact for fact in ledger.source if _required(fact)]
    added = [fact for fact in ledger.target if _required(fact)]
    same = take(lost, added, lambda a, b: a.number is not None and a.number == b.number and a.unit != b.unit)
    if exchanged := order.crossed(same):
        yield exchanged
    else:
        yield from (_unit(ours, theirs, "changed") for ours, theirs in same)
    rest = [f for f in ledger.target if not _required(f) and f.number is not None and f.sure is False and f.unit]
    for ours, theirs in take(
        lost, rest, lambda a, b: bool(a.unit) and a.number == b.number and a.unit != b.unit and b.digits
    ):
        yield _unit(ours, theirs, "changed")
    bare = [fact for fact in ledger.source if units_alone.is_alone(fact)]
    for ours, theirs in take(bare, added, _other_unit):
        yield _unit(ours, theirs, "changed")
    for ours, theirs in take(lost, added, _other_unit):
        yield _unit(ours, theirs, "changed")
        yield _number(ours, theirs)
    for ours, theirs in take(lost, added, lambda a, b: bool(a.unit) and a.unit == b.unit):
        yield _number(ours, theirs)
    for ours, theirs in take(lost, added, lambda a, b: a.kind == b.kind):
        yield _number(ours, theirs)
        if ours.unit != theirs.unit:
            yield _unit(ours, theirs, "changed")
    for ours, theirs in take(lost, added, lambda a, b: True):
        yield _number(ours, theirs)
        if ours.unit and theirs.unit:
            yield _unit(ours, theirs, "changed")
    for fact in lost:
        yield Finding("number", ERROR, "lost", {"fact": fact.text, "kind": fact.kind}, (fact.start, fact.end), None)
    for fact in added:
        yield Finding("number", ERROR, "added", {"fact": fact.text, "kind": fact.kind}, None, (fact.start, fact.end))


def _other_unit(a: Fact, b: Fact) -> bool:
    """Tell whether one amount would be the other in another unit: "anderhalf uur" became "90 hours"."""
    if not a.unit or not b.unit or b.number is None or units.UNITS[a.unit][0] != units.UNITS[b.unit][0]:
        return False
    factors = _FACTORS.get(units.UNITS[a.unit][0], frozenset())
    return a.amount[1] / b.number in factors if b.number else bool(factors) and not a.amount[1]


def _required(fact: Fact) -> bool:
    """Tell whether a number must be there; a lone one never is, but 1 gram is."""
    if not fact.sure:
        return False
    if fact.number == 1 and fact.kind not in ("code",):
        return fact.digits and bool(fact.unit)
    return True


def _number(ours: Fact, theirs: Fact) -> Finding:
    values = {"fact": ours.text, "other": theirs.text, "kind": ours.kind}
    return Finding("number", ERROR, "changed", values, (ours.start, ours.end), (theirs.start, theirs.end))


def _unit(ours: Fact, theirs: Fact, reason: str) -> Finding:
    if not theirs.unit or not ours.unit:
        reason = "lost" if ours.unit else "added"
    values = {"fact": ours.text, "other": theirs.text}
    return Finding("unit", ERROR, reason, values, (ours.start, ours.end), (theirs.start, theirs.end))
