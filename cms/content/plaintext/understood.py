"""What is understood from pasted text, as values; it does not know how the understanding came about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Doubt:
    """Name one thing that an editor should look at: where, and the values that its wording needs."""

    code: str
    line: int
    text: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Dropped:
    """Name a line that is in no field, and why."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True)
class Placed:
    """Say where a line went: an RFC 6901 pointer into the result, or "dropped"."""

    line: int
    text: str
    place: str


@dataclass(frozen=True)
class Understood:
    """A structured draft; blocks have no ids yet, and "@0" stands for the first of `clinics`."""

    title: str
    summary: str
    body: list[dict[str, Any]]
    authors: list[dict[str, Any]]
    clinics: list[dict[str, Any]]
    doubts: list[Doubt]
    dropped: list[Dropped]
    provenance: list[Placed]


def excerpt(text: str, length: int = 80) -> str:
    """Return the beginning of `text`, to show beside a doubt."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
