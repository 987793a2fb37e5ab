"""Requests over HTTP and their answers, as values. Nothing here opens a connection."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime


@dataclass(frozen=True)
class Call:
    """One HTTP request."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    """One HTTP response; the names of `headers` are in lower case. Of a long body the rest may have been left."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_whole: bool = True

    @property
    def is_success(self) -> bool:
        """Tell whether the status is one of the 200s."""
        return 200 <= self.status < 300


# Raises ConnectionError or TimeoutError where no whole answer came.
Send = Callable[[Call], Answer]


class TargetRefused(ConnectionError):
    """The address is none that may be called, whatever answers there."""


def retry_after(headers: Mapping[str, str]) -> float:
    """Return how many seconds an answer asks to wait (RFC 9110, section 10.2.3): a number, or a date by its own."""
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        until, now = parsedate_to_datetime(said), parsedate_to_datetime(headers.get("date", ""))
        return max(0.0, (until - now).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return 0.0
