"""Match the amounts of two texts, from the strictest test to the loosest; what is left has no counterpart. Pure."""

from collections import deque
from collections.abc import Callable, Hashable, Sequence, Set
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import islice, permutations

from cms.localize.facts import Fact, units

# Whoever writes "65" or "at 8" need not write years or hours.
_OFTEN_UNSAID = ("y", "h", "deg")
# What has these names is counted, and is no amount whose unit goes unsaid.
_NEVER_UNITS = ("times", "tablet", "capsule", "drop", "puff", "rep", "set")
# Among more numbers than these, two that make a share by chance are likely.
_FEW = 12
# How many pairs one test is tried on, and at least how many for each fact: what belongs together stands near.
_TRIES, _NEAREST = 40_000, 4
Test = Callable[[Fact, Fact], bool]


@dataclass
class Ledger:
    """What has not been matched yet on either side."""

    source: list[Fact]
    target: list[Fact]
    all_source: tuple[Fact, ...]
    all_target: tuple[Fact, ...]
    pairs: list[tuple[Fact, Fact]] = field(default_factory=list)

    def match(self, test: Test) -> None:
        """Take out every pair that the test accepts, in reading order."""
        self.pairs += take(self.source, self.target, test)

    def match_equal(self, key: Callable[[Fact], Hashable | None]) -> None:
        """Take out every pair of one key, in reading order; what has no key is left."""
        waiting: dict[Hashable, deque[int]] = {}
        for at, theirs in enumerate(self.target):
            if (its := key(theirs)) is not None:
                waiting.setdefault(its, deque()).append(at)
        left, taken = [], set()
        for ours in self.source:
            if (its := key(ours)) is not None and waiting.get(its):
                at = waiting[its].popleft()
                taken.add(at)
                self.pairs.append((ours, self.target[at]))
            else:
                left.append(ours)
        self.source[:] = left
        self.target[:] = [theirs for at, theirs in enumerate(self.target) if at not in taken]


def take(ours: list[Fact], theirs: list[Fact], test: Test) -> list[tuple[Fact, Fact]]:
    """Take the pairs that a test accepts out of two lists; of very long ones only the nearest are tried."""
    width = max(_NEAREST, _TRIES // max(len(ours), 1))
    found, left = [], []
    for mine in ours:
        for at, other in enumerate(islice(theirs, width)):
            if test(mine, other):
                del theirs[at]
                found.append((mine, other))
                break
        else:
            left.append(mine)
    ours[:] = left
    return found


def settle(ledger: Ledger) -> None:
    """Match what is the same, from the strictest test to the loosest."""
    ledger.match_equal(lambda a: (a.kind, a.value, a.counts) if a.sure else None)
    ledger.match_equal(lambda a: (a.kind, a.value) if a.sure else None)
    ledger.match(lambda a, b: a.sure and b.sure and _may_be(a, b))
    ledger.match_equal(lambda a: None if a.sure else (a.unit, a.number))
    ledger.match(lambda a, b: (a.sure or b.sure) and _may_be(a, b))
    _take_dates_apart(ledger)
    ledger.match(lambda a, b: a.sure and b.sure and _may_be(a, b))
    ledger.match(lambda a, b: _same_number(a, b) and a.unit == b.unit)
    _add_up(ledger)
    _share(ledger)
    named = [{fact.unit for fact in side} for side in (ledger.all_source, ledger.all_target)]
    ledger.match(lambda a, b: _same_number(a, b) and _unit_unsaid(a, b, *named))
    ledger.match(lambda a, b: _age_alone(a, b) or _age_alone(b, a))
    ledger.match(lambda a, b: _hour_alone(a, b) or _hour_alone(b, a))


def _may_be(a: Fact, b: Fact) -> bool:
    """Tell whether what one is for certain may be what the other means."""
    if (a.kind, a.value) in b.keys or (b.kind, b.value) in a.keys:
        return True
    # "Half zes" may be 17.30, and so may "17.30" beside no word of the clock.
    return "time" in (a.kind, b.kind) and not a.also.isdisjoint(b.also)


def _same_number(a: Fact, b: Fact) -> bool:
    return (a.sure or b.sure) and a.number is not None and (a.number == b.number or _also(a, b) or _also(b, a))


def _also(a: Fact, b: Fact) -> bool:
    return ("number", a.number) in b.also


def _unit_unsaid(a: Fact, b: Fact, here: Set[str], there: Set[str]) -> bool:
    """Tell whether a number without a unit may be the one with: the unit is named elsewhere, or goes without saying."""
    if bool(a.unit) == bool(b.unit):
        return False
    if (a.counts or b.counts) in _NEVER_UNITS:
        return False
    unit, named = (a.unit, there) if a.unit else (b.unit, here)
    # "Twintig tellen" are seconds.
    if (a.counts or b.counts) == "beat" and unit == "s":
        return True
    return unit in _OFTEN_UNSAID or unit in named


def _hour_alone(clock: Fact, other: Fact) -> bool:
    if clock.kind != "time" or other.number is None or other.unit not in ("", "h"):
        return False
    minutes = other.number * 60
    return any(("time", value) in clock.keys for value in (minutes, minutes + 720) if value < 1440)


def _age_alone(age: Fact, other: Fact) -> bool:
    """Tell whether a number alone is an amount of years: "een kind van anderhalf" is 18 months old."""
    if age.unit or age.counts or not age.number or other.unit not in ("mo", "y") or not other.sure:
        return False
    return age.kind == "number" and units.canonical(age.number, "y") == other.amount


def _take_dates_apart(ledger: Ledger) -> None:
    """Turn dates without a counterpart into day and year, since "12 and 13 March" writes one of them alone."""
    for side in (ledger.source, ledger.target):
        dates: list[Fact] = []
        rest: list[Fact] = []
        for fact in side:
            is_date = fact.kind == "date" and isinstance(fact.value, tuple) and len(fact.value) == 3
            (dates if is_date else rest).append(fact)
        side[:] = rest
        for fact in dates:
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
        by_measure: dict[str, list[Fact]] = {}
        for fact in theirs:
            if fact.kind == "unit":
                by_measure.setdefault(fact.amount[0], []).append(fact)
        for measure, parts in by_measure.items():
            total = sum((part.amount[1] for part in parts), Fraction(0))
            wholes = [fact for fact in ours if fact.kind == "unit" and fact.sure and fact.amount == (measure, total)]
            if wholes and len({part.unit for part in parts}) > 1:
                ours.remove(wholes[0])
                theirs[:] = [fact for fact in theirs if fact.kind != "unit" or fact.amount[0] != measure]


def _share(ledger: Ledger) -> None:
    """Match a share with its two numbers: 10 % is one in ten, three quarters 3 out of 4."""
    for ours, theirs in ((ledger.source, ledger.target), (ledger.target, ledger.source)):
        plain = _plain(theirs)
        for whole in [fact for fact in ours if fact.sure and fact.number is not None]:
            share = (whole.number or Fraction(0)) / (100 if whole.kind == "percent" else 1)
            if not 0 < share < 1 or len(plain) > _FEW:
                continue
            parts: list[tuple[Fact, ...]] = [pair for pair in permutations(plain, 2) if _ratio(*pair) == share]
            # "One in ten" may leave its one to a word that is an article too; half is no "one in two" by itself.
            parts += [(fact,) for fact in plain if share < Fraction(1, 2) and fact.number == 1 / share]
            if parts:
                ours.remove(whole)
                theirs[:] = [fact for fact in theirs if fact not in parts[0]]
                plain = _plain(theirs)


def _plain(facts: Sequence[Fact]) -> list[Fact]:
    return [fact for fact in facts if fact.kind == "number" and fact.number and fact.number >= 1]


def _ratio(part: Fact, whole: Fact) -> Fraction:
    return (part.number or Fraction(0)) / (whole.number or Fraction(1))


def degrade(ledger: Ledger) -> None:
    """Without a word list on one side, only digits count, and small ones may be words there."""
    for side in (ledger.source, ledger.target):
        side[:] = [
            f
            for f in side
            if f.digits and (f.kind != "number" or (f.number or 0) > 12 or (f.number or 1).denominator > 1)
        ]
    ledger.match(lambda a, b: a.number is not None and a.number == b.number)
