"""Keep what was worked out of a text for the next time it is asked, in bounded memory. It knows no languages."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
# Most texts of articles are short; a long one is asked for many times within one comparison, and then seldom.
_SHORT = 500
_SHORT_KEPT, _LONG_KEPT = 1 << 12, 16


def remembered(function: Callable[P, T]) -> Callable[P, T]:
    """Keep the answers of a pure function: many for short texts, few for long ones."""
    short, long = lru_cache(maxsize=_SHORT_KEPT)(function), lru_cache(maxsize=_LONG_KEPT)(function)

    @wraps(function)
    def answered(*args: P.args, **kwargs: P.kwargs) -> T:
        is_short = len(args[0]) <= _SHORT  # type: ignore[arg-type]
        return short(*args, **kwargs) if is_short else long(*args, **kwargs)  # type: ignore[arg-type]

    return answered
