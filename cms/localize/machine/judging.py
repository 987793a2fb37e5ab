"""Judge one text that a machine gave: whole markup, a value that its field takes, facts that the checks find. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from marshmallow import ValidationError

from cms.content.fields import MAX_TEXT
from cms.errors import Fault
from cms.localize.exchange.units import Value
from cms.localize.machine.tags import tree_of, untagged

# Texts that the store could not keep are not kept in any form.
UNKEEPABLE = frozenset({"control_character"})

# What is wrong with a translation of a segment; a finding has a `severity`, "error" or "warning".
Check = Callable[[Value, str], Sequence[Any]]


@dataclass(frozen=True)
class Judged:
    """One text as Tolk keeps it, and what is wrong with it.

    `keep` says how: saved in `state`, suggested where its field does not take it, or empty where nothing can be kept.
    """

    text: str
    keep: str
    state: str = ""
    faults: tuple[Fault, ...] = ()
    findings: tuple[Any, ...] = ()

    @property
    def is_wrong(self) -> bool:
        """Tell whether a person must mend it before anybody may approve it."""
        return bool(self.faults) or any(finding.severity == "error" for finding in self.findings)


def judge(value: Value, markup: str, check: Check) -> Judged:
    """Return what a machine's answer is worth: for review where nothing is wrong with it, else a draft."""
    text, broken = untagged(markup, tree_of(value.segment.source, value.is_inline), value.is_inline)
    if not text:
        return Judged("", "", faults=(Fault("not_answered"),))
    misfits = _misfits(value, text)
    # Broken markup is named already, by what was lost of it; what no field takes is not worth looking into.
    found = check(value, text) if len(text) <= MAX_TEXT else ()
    findings = tuple(each for each in found if not (broken and each.code == "markup"))
    if misfits:
        keepable = not UNKEEPABLE & {fault.code for fault in misfits}
        return Judged(text, "suggest" if keepable else "", "", (*broken, *misfits), findings)
    judged = Judged(text, "save", "needs_review", broken, findings)
    return replace(judged, state="draft") if judged.is_wrong else judged


def _misfits(value: Value, text: str) -> tuple[Fault, ...]:
    try:
        value.field.deserialize(text)
    except ValidationError as error:
        messages = error.messages if isinstance(error.messages, list) else []
        return tuple(message for message in messages if isinstance(message, Fault))
    return ()
