"""Give blocks that come without ids the ids of the blocks that they continue. Pure.

A text that is imported again must not look wholly new: its translations hang on the ids of its blocks and items.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

Thing = dict[str, Any]
# Below this likeness (Dice's, of 0 to 1) two texts are different texts, not two versions of one.
ALIKE = 0.5


def align(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> list[Thing]:
    """Return the new things with the ids of the old ones that they continue, at every depth.

    The same text keeps its id wherever it has moved; a changed text keeps it where it stands between the same
    neighbours. Things that continue nothing are returned as they are, and get an id when they are saved.
    """
    partner = _same(old, new)
    for index, thing in enumerate(new):
        if index not in partner:
            candidates = [at for at in range(*_gap(partner, index, len(old))) if at not in partner.values()]
            likeness, best = max(((_likeness(old[at], thing), -at) for at in candidates), default=(0.0, 0))
            if likeness >= ALIKE:
                partner[index] = -best
    return [
        _continued(old[partner[index]], thing) if index in partner else dict(thing) for index, thing in enumerate(new)
    ]


def _same(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    places: dict[str, list[int]] = {}
    for index, thing in enumerate(old):
        places.setdefault(_words(thing), []).append(index)
    partner = {}
    for index, thing in enumerate(new):
        if waiting := places.get(_words(thing)):
            partner[index] = waiting.pop(0)
    return partner


def _gap(partner: Mapping[int, int], index: int, end: int) -> tuple[int, int]:
    """Return between which old places a new thing stands, by its neighbours that have a partner."""
    before = max((partner[at] for at in partner if at < index), default=-1)
    after = min((partner[at] for at in partner if at > index and partner[at] > before), default=end)
    return before + 1, after


def _likeness(old: Mapping[str, Any], new: Mapping[str, Any]) -> float:
    if old.get("type") != new.get("type"):
        return 0.0
    before, after = _pieces(_words(old)), _pieces(_words(new))
    return 2 * len(before & after) / (len(before) + len(after))


@lru_cache(maxsize=4_096)
def _pieces(text: str) -> frozenset[str]:
    """Return every three characters in a row: two texts share most of them only where one was made from the other."""
    padded = f"  {text} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


def _words(thing: Any) -> str:
    """Return the text of a thing and of all within it, with its type, without ids."""
    if isinstance(thing, Mapping):
        return "\n".join(_words(value) for name, value in sorted(thing.items()) if name != "id")
    if isinstance(thing, list):
        return "\n".join(map(_words, thing))
    return str(thing)


def _continued(old: Mapping[str, Any], new: Mapping[str, Any]) -> Thing:
    continued = {"id": old["id"], **new} if "id" in old else dict(new)
    for name, value in new.items():
        before = old.get(name)
        if isinstance(value, list) and isinstance(before, list) and value and isinstance(value[0], Mapping):
            continued[name] = align([item for item in before if isinstance(item, Mapping)], value)
    return continued
