"""Compare the numbers, units, money and moments of two texts, each value at most once. Pure.

The same value may be written another way (1,5 uur, 90 minutes) and split another way (1 hour and 30 minutes).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from cms.localize.checks import days, units_alone
from cms.localize.checks.finding import ERROR, Finding
from cms.localize.facts import Fact, figures, units
from cms.localize.facts.lexicon import lexicon

_COUNTED = ("number", "unit", "money", "percent", "time", "date", "code")
# Whoever writes "65" or "at 8" need not write years or hours.
_OFTEN_UNSAID = ("y", "h", "deg")
_STRONG = (
    "mass",
    "volume",
    "spoon",
    "time",
    "length",
    "percent",
    "activity",
    "substance",
    "energy",
    "temperature",
    "eur",
    "usd",
    "gbp",
)
_Test = Callable[[Fact, Fact], bool]


@dataclass
class Ledger:
    """What has not been matched yet on either side."""

    source: list[Fact]
    target: list[Fact]
    all_source: tuple[Fact, ...]
    all_target: tuple[Fact, ...]
    pairs: list[tuple[Fact, Fact]] = field(default_factory=list)

    def match(self, test: _Test) -> None:
        """Take out every pair that the test accepts, in reading order."""
        for ours in list(self.source):
            for theirs in self.target:
                if test(ours, theirs):
                    self.source.remove(ours)
                    self.target.remove(theirs)
                    self.pairs.append((ours, theirs))
                    break


def compare(source: str, target: str, source_locale: str, target_locale: str) -> list[Finding]:
    """Return the numbers and units that changed, are lost or were added."""
    ours, theirs = figures(source, source_locale), figures(target, target_locale)
    known = lexicon(source_locale).known and lexicon(target_locale).known
    ledger = Ledger([f for f in ours if _counts(f)], [f for f in theirs if _counts(f)], ours, theirs)
    _settle(ledger)
    if not known:
        _degrade(ledger)
    return [
        *_changed(ledger),
        *_alone(source, target, (source_locale, target_locale), ledger, known),
        *days.compare(ours, theirs),
    ]


def _alone(source: str, target: str, locales: tuple[str, str], ledger: Ledger, known: bool) -> Iterable[Finding]:
    if not known:
        return ()
    settled = [fact for pair in ledger.pairs if pair[0].sure != pair[1].sure for fact in pair]
    return units_alone.compare(source, target, locales, (ledger.all_source, ledger.all_target), settled)


def _counts(fact: Fact) -> bool:
    if fact.kind == "date":
        return fact.sure
    return fact.kind in _COUNTED


def _settle(ledger: Ledger) -> None:
    """Match what is the same, from the strictest test to the loosest."""
    ledger.match(lambda a, b: a.sure and b.sure and a.kind == b.kind and a.value == b.value)
    ledger.match(lambda a, b: a.sure and b.sure and _may_be(a, b))
    ledger.match(lambda a, b: (a.sure or b.sure) and _may_be(a, b))
    _take_dates_apart(ledger)
    ledger.match(lambda a, b: a.sure and b.sure and _may_be(a, b))
    ledger.match(lambda a, b: _same_number(a, b) and a.unit == b.unit)
    _add_up(ledger)
    ledger.match(lambda a, b: _same_number(a, b) and _unit_unsaid(a, b, ledger))
    ledger.match(lambda a, b: _hour_alone(a, b) or _hour_alone(b, a))
    ledger.match(lambda a, b: not a.sure and not b.sure and a.unit == b.unit and a.number == b.number)


def _may_be(a: Fact, b: Fact) -> bool:
    """Tell whether what one is for certain may be what the other means."""
    return (a.kind, a.value) in b.keys or (b.kind, b.value) in a.keys


def _same_number(a: Fact, b: Fact) -> bool:
    return (a.sure or b.sure) and a.number is not None and (a.number == b.number or _also(a, b) or _also(b, a))


def _also(a: Fact, b: Fact) -> bool:
    return ("number", a.number) in b.also


def _unit_unsaid(a: Fact, b: Fact, ledger: Ledger) -> bool:
    """Tell whether a number without a unit may be the one with: the unit is named elsewhere, or goes without saying."""
    if bool(a.unit) == bool(b.unit):
        return False
    unit, others = (a.unit, ledger.all_target) if a.unit else (b.unit, ledger.all_source)
    if unit in _OFTEN_UNSAID:
        return True
    measure = units.UNITS[unit][0]
    return any(
        fact.unit and (fact.unit == unit if measure == "time" else units.UNITS[fact.unit][0] == measure)
        for fact in others
    )


def _hour_alone(clock: Fact, other: Fact) -> bool:
    if clock.kind != "time" or other.number is None or other.unit not in ("", "h"):
        return False
    minutes = other.number * 60
    return any(("time", value) in clock.keys for value in (minutes, minutes + 720) if value < 1440)


def _take_dates_apart(ledger: Ledger) -> None:
    """Turn dates without a counterpart into day and year, since "12 and 13 March" writes one of them alone."""
    for side in (ledger.source, ledger.target):
        for fact in [
            fact for fact in side if fact.kind == "date" and isinstance(fact.value, tuple) and len(fact.value) == 3
        ]:
            side.remove(fact)
            year, month, day = fact.date
            side += [
                replace(fact, kind="number", value=Fraction(n), number=Fraction(n), also=frozenset())
                for n in (day, year)
                if n
            ]
            side.append(replace(fact, kind="month", value=month, also=frozenset(), number=None))


def _add_up(ledger: Ledger) -> None:
    """Match sums: 1 hour and 30 minutes is 90 minutes; 2 numbers of one side with one of the other."""
    for ours, theirs in ((ledger.source, ledger.target), (ledger.target, ledger.source)):
        for whole in [fact for fact in ours if fact.kind == "unit" and fact.sure]:
            measure, amount = whole.amount
            parts = [f for f in theirs if f.kind == "unit" and f.amount[0] == measure]
            total = sum((part.amount[1] for part in parts), Fraction(0))
            if len({part.unit for part in parts}) > 1 and total == amount:
                ours.remove(whole)
                for part in parts:
                    theirs.remove(part)


def _degrade(ledger: Ledger) -> None:
    """Without a word list on one side, only digits count, and small ones may be words there."""
    for side in (ledger.source, ledger.target):
        side[:] = [
            f
            for f in side
            if f.digits and (f.kind != "number" or (f.number or 0) > 12 or (f.number or 1).denominator > 1)
        ]
    ledger.match(lambda a, b: a.number is not None and a.number == b.number)


def _changed(ledger: Ledger) -> Iterable[Finding]:
    """Word what is left: the same number with another unit, another number with the same unit, lost, added."""
    lost = [fact for fact in ledger.source if _required(fact)]
    added = [fact for fact in ledger.target if _required(fact)]
    for ours, theirs in _pair(
        lost, added, lambda a, b: a.number is not None and a.number == b.number and a.unit != b.unit
    ):
        yield _unit(ours, theirs, "changed")
    rest = [f for f in ledger.target if not _required(f) and f.number is not None and f.sure is False and f.unit]
    for ours, theirs in _pair(
        lost, rest, lambda a, b: bool(a.unit) and a.number == b.number and a.unit != b.unit and b.digits
    ):
        yield _unit(ours, theirs, "changed")
    for ours, theirs in _pair(lost, added, _other_unit):
        yield _unit(ours, theirs, "changed")
        yield _number(ours, theirs)
    for ours, theirs in _pair(lost, added, lambda a, b: bool(a.unit) and a.unit == b.unit):
        yield _number(ours, theirs)
    for ours, theirs in _pair(lost, added, lambda a, b: a.kind == b.kind):
        yield _number(ours, theirs)
        if ours.unit != theirs.unit:
            yield _unit(ours, theirs, "changed")
    for ours, theirs in _pair(lost, added, lambda a, b: True):
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
    measure = units.UNITS[a.unit][0]
    return any(
        b.number * factor == a.amount[1]
        for name, factor in map(units.UNITS.__getitem__, units.COMMON)
        if name == measure
    )


def _required(fact: Fact) -> bool:
    """Tell whether a number must be there; a lone one never is, but 1 gram is."""
    if not fact.sure:
        return False
    if fact.number == 1 and fact.kind not in ("code",):
        return fact.digits and bool(fact.unit)
    return True


def _pair(lost: list[Fact], added: list[Fact], test: _Test) -> list[tuple[Fact, Fact]]:
    found = []
    for ours in list(lost):
        for theirs in added:
            if test(ours, theirs):
                lost.remove(ours)
                added.remove(theirs)
                found.append((ours, theirs))
                break
    return found


def _number(ours: Fact, theirs: Fact) -> Finding:
    values = {"fact": ours.text, "other": theirs.text, "kind": ours.kind}
    return Finding("number", ERROR, "changed", values, (ours.start, ours.end), (theirs.start, theirs.end))


def _unit(ours: Fact, theirs: Fact, reason: str) -> Finding:
    if not theirs.unit or not ours.unit:
        reason = "lost" if ours.unit else "added"
    values = {"fact": ours.text, "other": theirs.text}
    return Finding("unit", ERROR, reason, values, (ours.start, ours.end), (theirs.start, theirs.end))
