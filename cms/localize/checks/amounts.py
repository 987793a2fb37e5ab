"""Compare the numbers, units, money and moments of two texts, each value at most once. Pure.

The same value may be written another way (1,5 uur, 90 minutes) and split another way (1 hour and 30 minutes).
"""

from collections.abc import Callable

from cms.localize.facts import Fact

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
