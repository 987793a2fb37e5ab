"""Carry translations over to a source text whose wording changed and whose meaning did not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cms.content.types import Type
from cms.errors import Problem, Refused
from cms.localize.facts import facts
from cms.localize.segments import Segment, cut
from cms.store import Database


@dataclass(frozen=True)
class Change:
    """One segment before and after an edit."""

    path: str
    old: Segment
    new: Segment


def changes(kind: Type, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Return the segments that are there before and after, with another text. Pure."""
    old = {segment.path: segment for segment in cut(kind, before)}
    return [
        Change(new.path, old[new.path], new)
        for new in cut(kind, after)
        if new.path in old and old[new.path].source_hash != new.source_hash
    ]


def refuse_changed_facts(found: Sequence[Change], locale: str) -> None:
    """Raise Refused that names every segment in which a fact changed: such an edit is not minor. Pure."""
    problems = []
    for change in found:
        old, new = _facts(change.old.source, locale), _facts(change.new.source, locale)
        if old != new:
            problems.append(Problem(f"/{change.path}", "fact_changed", {"before": old, "after": new}))
    if problems:
        raise Refused(problems)


def carry(db: Database, entry: str, found: Sequence[Change], revision: int) -> dict[str, list[str]]:
    """Give each approved translation of an old text to the new one too; return the paths by locale.

    What has been translated from the new text already stays as it is. Call it inside `store.write` only.
    """
    carried: dict[str, list[str]] = {}
    for change in found:
        rows = list(
            db.query(
                "select * from translation where entry = ? and path = ? and source_hash in (?, ?) and approved = 1"
                " order by locale",
                [entry, change.path, change.old.source_hash, change.new.source_hash],
            )
        )
        done = {row["locale"] for row in rows if row["source_hash"] == change.new.source_hash}
        for row in rows:
            if row["locale"] not in done:
                new = {"source_hash": change.new.source_hash, "source": change.new.source, "revision": revision}
                db.table("translation").insert({**row, **new})
                carried.setdefault(row["locale"], []).append(change.path)
    return carried


def _facts(text: str, locale: str) -> list[str]:
    """Return the facts of a text in an order of their own, as words that a person can read.

    A negation counts as one however it is worded; every other fact by its canonical value.
    """
    found = facts(text, locale)
    return sorted(fact.kind if fact.kind == "negation" else f"{fact.kind} {fact.value}" for fact in found if fact.sure)
