"""What each unit measures and how much of it, so that 1 g and 1000 mg are one amount."""

from fractions import Fraction

_DAY = 86_400
# A month is no number of days: this one makes twelve of them a year and none of them four weeks.
_MONTH = Fraction(_DAY * 487, 16)
UNITS: dict[str, tuple[str, Fraction]] = {
    "s": ("time", Fraction(1)),
    "min": ("time", Fraction(60)),
    "h": ("time", Fraction(3600)),
    "d": ("time", Fraction(_DAY)),
    "wk": ("time", Fraction(7 * _DAY)),
    "mo": ("time", _MONTH),
    "y": ("time", 12 * _MONTH),
    "mcg": ("mass", Fraction(1)),
    "mg": ("mass", Fraction(1000)),
    "g": ("mass", Fraction(10**6)),
    "kg": ("mass", Fraction(10**9)),
    "oz": ("mass", Fraction(28_349_523)),
    "lb": ("mass", Fraction(453_592_370)),
    "ml": ("volume", Fraction(1)),
    "cl": ("volume", Fraction(10)),
    "dl": ("volume", Fraction(100)),
    "l": ("volume", Fraction(1000)),
    "gal": ("volume", Fraction(3785)),
    "tsp": ("spoon", Fraction(5)),
    "tbsp": ("spoon", Fraction(15)),
    "mm": ("length", Fraction(1)),
    "cm": ("length", Fraction(10)),
    "m": ("length", Fraction(1000)),
    "km": ("length", Fraction(10**6)),
    "inch": ("length", Fraction(254, 10)),
    "ft": ("length", Fraction(3048, 10)),
    "mi": ("length", Fraction(1_609_344)),
    "iu": ("activity", Fraction(1)),
    "mmol": ("substance", Fraction(1)),
    "mmhg": ("pressure", Fraction(1)),
    "cmhg": ("pressure", Fraction(10)),
    "kcal": ("energy", Fraction(1)),
    "%": ("percent", Fraction(1)),
    "deg": ("temperature", Fraction(1)),
    "degf": ("fahrenheit", Fraction(1)),
    "eur": ("eur", Fraction(1)),
    "cent": ("eur", Fraction(1, 100)),
    "usd": ("usd", Fraction(1)),
    "gbp": ("gbp", Fraction(1)),
}
# Units that are a number of others: a quarter of an hour, a fortnight.
PARTS: dict[str, tuple[Fraction, str]] = {
    "ons": (Fraction(100), "g"),
    "pound": (Fraction(500), "g"),
    "quarter_h": (Fraction(1, 4), "h"),
    "half_h": (Fraction(1, 2), "h"),
    "3quarter_h": (Fraction(3, 4), "h"),
    "half_d": (Fraction(1, 2), "d"),
    "2wk": (Fraction(2), "wk"),
    "tri": (Fraction(3), "mo"),
    "half_y": (Fraction(6), "mo"),
}
COMMON = (
    "s",
    "min",
    "h",
    "d",
    "wk",
    "mo",
    "y",
    "mcg",
    "mg",
    "g",
    "kg",
    "ml",
    "l",
    "mm",
    "cm",
    "m",
    "km",
    "tsp",
    "tbsp",
)
SYMBOLS = {
    "%": "%",
    "€": "eur",
    "$": "usd",
    "£": "gbp",
    "°c": "deg",
    "° c": "deg",
    "°f": "degf",
    "° f": "degf",
    "°": "deg",
}
MONEY = ("eur", "usd", "gbp")


def kind(unit: str) -> str:
    """Return the sort of fact that an amount in the unit is."""
    measure = UNITS[unit][0]
    return "money" if measure in MONEY else "percent" if measure == "percent" else "unit"


def canonical(number: Fraction, unit: str) -> tuple[str, Fraction]:
    """Return the amount by what it measures, in that measure's smallest unit."""
    measure, factor = UNITS[unit]
    return measure, number * factor
