"""Carry translations over to a source text whose wording changed and whose meaning did not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from rapidfuzz import fuzz

from cms.content import pending
from cms.content.entries import Entry
from cms.content.types import Type
from cms.errors import Problem, Refused
from cms.localize import memory, scrutiny, waivers
from cms.localize.facts import Fact, figures
from cms.localize.facts.negation import find as negations
from cms.localize.glossary import Term, in_text
from cms.localize.memory import Remembered
from cms.localize.segments import Segment, cut
from cms.store import Database

# What limits or denies less firmly than "niet": "minder", "tenzij", "maximaal".
SOFT = "soft negation"
ALIKE = 75


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


def refuse_changed_facts(found: Sequence[Change], locale: str, terms: Sequence[Term] = ()) -> None:
    """Raise Refused that names every segment in which a fact or a term changed: such an edit is not minor. Pure.

    The facts must stand in the same order: "2 tabletten, 3 keer" swapped is other advice with the same numbers.
    """
    problems = []
    for change in found:
        before, after = _differing(change.old.source, change.new.source, locale, terms)
        if before or after:
            problems.append(Problem(f"/{change.path}", "fact_changed", {"before": before, "after": after}))
    if problems:
        raise Refused(problems)


def carry(
    db: Database, entry: Entry, found: Sequence[Change], revision: int, *, by: str, now: datetime
) -> dict[str, list[str]]:
    """Give each approved translation of an old text to the new one too; return the paths by locale.

    What has been translated from the new text already stays as it is. Where a check stands against the translation
    of the new text that did not before, such as for markup, it is not carried. Call it inside `store.write` only.
    """
    carried: dict[str, list[str]] = {}
    for change in found:
        rows = list(
            db.query(
                "select * from translation where entry = ? and path = ? and source_hash in (?, ?) and approved = 1"
                " order by locale",
                [entry.id, change.path, change.old.source_hash, change.new.source_hash],
            )
        )
        done = {row["locale"] for row in rows if row["source_hash"] == change.new.source_hash}
        for row in rows:
            if row["locale"] not in done and not _is_worse(db, entry, change, row["locale"], row["text"]):
                new = {"source_hash": change.new.source_hash, "source": change.new.source, "revision": revision}
                db.table("translation").insert({**row, **new})
                _carry_waivers(db, entry.id, row["locale"], change)
                pair = Remembered(change.new.source, row["text"], entry.id, change.path)
                memory.remember(db, entry.source_locale, row["locale"], [pair], by=by, now=now)
                carried.setdefault(row["locale"], []).append(change.path)
    if carried:
        # The new text may be what is live already: a minor edit can put back what readers see.
        pending.mark(db, entry.id)
    return carried


def repoint(db: Database, entry: str, found: Sequence[Change], revision: int, mend: Callable[[str], str]) -> None:
    """Give each translation of an old text, drafts too, to the new one, mended in the same way as the source was.

    For changes that no reader sees, such as of the id that a link leads to. Call it inside `store.write` only.
    """
    for change in found:
        where = "entry = ? and path = ? and source_hash = ?"
        there = {
            (row["locale"], row["approved"])
            for row in db.table("translation").rows_where(where, [entry, change.path, change.new.source_hash])
        }
        new = {"source_hash": change.new.source_hash, "source": change.new.source, "revision": revision}
        for row in db.table("translation").rows_where(where, [entry, change.path, change.old.source_hash]):
            if (row["locale"], row["approved"]) not in there:
                db.table("translation").insert({**row, **new, "text": mend(row["text"])})
                _carry_waivers(db, entry, row["locale"], change)
    if found:
        pending.mark(db, entry)


def _is_worse(db: Database, entry: Entry, change: Change, locale: str, text: str) -> bool:
    """Tell whether the checks hold against a translation of the new text what they did not of the old one."""
    checks = scrutiny.read(db, entry.id, entry.source_locale, locale)
    before, after = (
        {(finding.code, finding.severity) for finding in checks.findings(segment.source, text)}
        for segment in (change.old, change.new)
    )
    return not after <= before


def _carry_waivers(db: Database, entry: str, locale: str, change: Change) -> None:
    """Let the reasons why a warning does not matter hold for the new text too."""
    for waiver in waivers.waived(db, entry, locale).values():
        if (waiver.path, waiver.source_hash) == (change.path, change.old.source_hash):
            waivers.keep(db, entry, locale, replace(waiver, source_hash=change.new.source_hash))


def _differing(old: str, new: str, locale: str, terms: Sequence[Term]) -> tuple[list[str], list[str]]:
    """Return what one text states and the other does not, as written; both empty where they state the same."""
    before, after = _stated(old, locale), _stated(new, locale)
    while before and after and _same(before[0], after[0]):
        del before[0], after[0]
    while before and after and _same(before[-1], after[-1]):
        del before[-1], after[-1]
    told, now_told = [fact.text for fact in before], [fact.text for fact in after]
    ours, theirs = (sorted({place.term.source for place in in_text(terms, text, locale)}) for text in (old, new))
    told += [term for term in ours if term not in theirs]
    return told, now_told + [term for term in theirs if term not in ours]


def _stated(text: str, locale: str) -> list[Fact]:
    """Return what a text states, in reading order: its facts, and whatever denies or limits something.

    Articles and "once" state nothing; weekdays, months and "per day" do, though a translator may leave them unsaid.
    """
    found = [fact for fact in figures(text, locale) if _states(fact)]
    for each in negations(text, locale):
        fact = each.fact(text)
        found.append(fact if each.strong else replace(fact, kind=SOFT, value=fact.text.casefold()))
    return sorted(found, key=lambda fact: (fact.start, fact.end))


def _states(fact: Fact) -> bool:
    return fact.sure or bool(fact.unit) or fact.number not in (None, 1) or fact.kind == "date"


def _same(a: Fact, b: Fact) -> bool:
    if a.kind == b.kind == SOFT:
        # A mended typing error leaves the word alike; "tenzij" and "minder" are not.
        return fuzz.ratio(str(a.value), str(b.value)) >= ALIKE
    return bool(a.keys & b.keys)
