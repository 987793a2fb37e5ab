"""Put together what two people made of the same content, each from the same base. Pure.

What only one of them changed is taken; what both changed in different ways is for a person to choose.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

SIDES = ("yours", "theirs", "base")
GONE = None


@dataclass(frozen=True)
class Divided:
    """One value that both changed in different ways, by its content path; None is what a side took away."""

    path: str
    base: Any
    theirs: Any
    yours: Any


@dataclass(frozen=True)
class Merged:
    """The content of both together, and what they are divided about; there the content has the side chosen."""

    content: dict[str, Any]
    divided: tuple[Divided, ...]


@dataclass
class _Merging:
    choices: Mapping[str, str]
    divided: list[Divided] = field(default_factory=list)

    def value(self, path: str, base: Any, theirs: Any, yours: Any) -> Any:
        if theirs == yours or yours == base:
            return theirs
        if theirs == base:
            return yours
        if isinstance(theirs, dict) and isinstance(yours, dict):
            return self.object(path, base if isinstance(base, dict) else {}, theirs, yours)
        if isinstance(theirs, list) and isinstance(yours, list):
            was = base if isinstance(base, list) else []
            if all(_has_id(item) for item in (*was, *theirs, *yours)):
                return self.parts(path, was, theirs, yours)
            if all(isinstance(item, str) for item in (*was, *theirs, *yours)):
                return _words(was, theirs, yours)
        self.divided.append(Divided(path, base, theirs, yours))
        return {"theirs": theirs, "base": base}.get(self.choices.get(path, "yours"), yours)

    def object(self, path: str, base: Any, theirs: Any, yours: Any) -> dict[str, Any]:
        made = {}
        for name in dict.fromkeys((*theirs, *yours)):
            at = f"{path}.{name}" if path else name
            value = self.value(at, base.get(name, GONE), theirs.get(name, GONE), yours.get(name, GONE))
            if value is not GONE:
                made[name] = value
        return made

    def parts(self, path: str, base: Sequence[Any], theirs: Sequence[Any], yours: Sequence[Any]) -> list[Any]:
        was, there, here = ({item["id"]: item for item in side} for side in (base, theirs, yours))
        made = []
        for id in _order(list(was), list(there), list(here)):
            value = self.value(f"{path}.{id}", was.get(id, GONE), there.get(id, GONE), here.get(id, GONE))
            if value is not GONE:
                made.append(value)
        return made


def merge(
    base: Mapping[str, Any],
    theirs: Mapping[str, Any],
    yours: Mapping[str, Any],
    choices: Mapping[str, str] | None = None,
) -> Merged:
    """Return both changes of `base` together; `choices` names a side (of SIDES) by path, else it is yours."""
    merging = _Merging(choices or {})
    content = merging.object("", base, theirs, yours)
    return Merged(content, tuple(merging.divided))


def _order(base: list[str], theirs: list[str], yours: list[str]) -> list[str]:
    """Return the ids of both sides in the order of who moved any, the other's additions behind what they follow."""
    common = set(theirs) & set(yours)
    moved = [id for id in yours if id in common] != [id for id in base if id in common]
    first, second = (yours, theirs) if moved else (theirs, yours)
    order = list(first)
    for place, id in enumerate(second):
        if id not in order:
            before = next((other for other in reversed(second[:place]) if other in order), None)
            order.insert(order.index(before) + 1 if before is not None else 0, id)
    return order


def _words(base: Sequence[str], theirs: Sequence[str], yours: Sequence[str]) -> list[str]:
    kept = [item for item in theirs if item in yours or item not in base]
    return [*kept, *(item for item in yours if item not in base and item not in kept)]


def _has_id(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("id"), str)
