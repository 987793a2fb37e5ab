"""What the bench prints: tables of figures, and the goals with what was found."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from bench import reading, writing
from bench.reading import BARE, FLASK

ITEM_GOAL, LIST_GOAL = 0.6, 0.3  # of the rate of the minimal Flask route
LARGER_GOAL = 0.9  # of the rate at the smallest number of articles
PUBLISH_GOAL = 1.25  # times what it takes at the smallest number of articles


rate_of, p50_of, p99_of = attrgetter("rate"), attrgetter("p50"), attrgetter("p99")


@dataclass(frozen=True)
class Goal:
    """One goal: what it asks for and what was found."""

    text: str
    found: float
    bound: float
    at_most: bool = False

    @property
    def met(self) -> bool:
        """Tell whether it is met."""
        return self.found <= self.bound if self.at_most else self.found >= self.bound


def reads(results: reading.Results) -> Iterator[str]:
    """Yield the table of reading."""
    flask, bare = results[FLASK, 0], results[BARE, 0]
    heads = ("articles", "req/s", "p50 ms", "p99 ms", "/ Flask", "/ bare", "CPU µs", "/ Flask")
    yield " " * 22 + "".join(f"{head:>9}" for head in heads)
    for (name, count), result in results.items():
        rate, p50, p99 = (result.median(what) for what in (rate_of, p50_of, p99_of))
        yield (
            f"{name:<22}{count or '':>9}{rate:>9.0f}{p50:>9.2f}{p99:>9.2f}{result.against(flask):>9.2f}"
            f"{result.against(bare):>9.2f}{result.cost:>9.0f}{flask.cost / result.cost:>9.2f}"
        )


def writes(results: writing.Results) -> Iterator[str]:
    """Yield the table of writing."""
    counts = sorted({count for _, count in results})
    yield f"{'milliseconds, median':<44}" + "".join(f"{count:>9}" for count in counts)
    for step in writing.STEPS:
        yield f"{step:<44}" + "".join(f"{writing.median(results[step, count]):>9.2f}" for count in counts)


def goals(read: reading.Results, written: writing.Results) -> list[Goal]:
    """Return every goal with what was found."""
    counts = sorted({count for _, count in written})
    flask = read[FLASK, 0]
    found = []
    for name, bound in (("item", ITEM_GOAL), ("list of 20", LIST_GOAL)):
        for count in counts:
            found.append(
                Goal(f"{name} at {count}, of the minimal Flask route", read[name, count].against(flask), bound)
            )
        for count in counts[1:]:
            held = read[name, count].against(read[name, counts[0]])
            found.append(Goal(f"{name} at {count}, of the same at {counts[0]}", held, LARGER_GOAL))
    step = writing.STEPS[1]
    for count in counts[1:]:
        times = writing.median(written[step, count]) / writing.median(written[step, counts[0]])
        found.append(Goal(f"publishing at {count}, of the same at {counts[0]}", times, PUBLISH_GOAL, at_most=True))
    return found


def judged(found: Sequence[Goal]) -> Iterator[str]:
    """Yield a line for each goal."""
    for goal in found:
        bound = f"{'at most' if goal.at_most else 'at least'} {goal.bound:.2f}"
        yield f"{'met   ' if goal.met else 'MISSED'}  {goal.text:<52}{goal.found:>6.2f}  ({bound})"
