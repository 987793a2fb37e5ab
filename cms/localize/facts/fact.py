"""What a fact is: a number, a moment, an address or a negation, with one value however it is written."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import cast


@dataclass(frozen=True)
class Fact:
    """One fact; `value` is canonical (1 g equals 1000 mg) and `start`, `end` are offsets into the text as given.

    `also` holds what else it may mean ("8 uur" is a duration and a moment). `sure` is false where nobody would
    miss it: an article, "both". `number` and `unit` are what was written; `figure` is the place of the number alone.
    `counts` says what a number without a unit counts: times, tablets.
    """

    kind: str
    value: Hashable
    start: int
    end: int
    text: str
    also: frozenset[Hashable] = field(default_factory=frozenset)
    sure: bool = True
    number: Fraction | None = None
    unit: str = ""
    rate: bool = False
    digits: bool = False
    figure: tuple[int, int] | None = None
    counts: str = ""

    @property
    def date(self) -> tuple[int | None, int | None, int | None]:
        """Return year, month and day of a date, as far as they are said."""
        return cast("tuple[int | None, int | None, int | None]", self.value)

    @property
    def amount(self) -> tuple[str, Fraction]:
        """Return what a unit measures, and how much of it in the measure's smallest unit."""
        return cast("tuple[str, Fraction]", self.value)

    @property
    def keys(self) -> frozenset[Hashable]:
        """Return all that it may mean."""
        return self.also | {(self.kind, self.value)}
