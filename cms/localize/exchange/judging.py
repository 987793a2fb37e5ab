"""Judge one received unit against what stands: what becomes of it, and why. It writes nothing."""

from dataclasses import dataclass

from marshmallow import ValidationError

from cms.content.fields import MAX_TEXT, tidy
from cms.errors import Fault
from cms.localize.checks import ERROR, Finding
from cms.localize.exchange.codes import Content, Event, build, lost, shown
from cms.localize.exchange.history import Found, History
from cms.localize.exchange.inline import parse
from cms.localize.exchange.received import FINISHED, UNFINISHED, Received
from cms.localize.exchange.units import Value, fingerprint, same
from cms.localize.exchange.writing import write
from cms.localize.scrutiny import Scrutiny
from cms.localize.translations import UNASKED, Translation, is_persons, waits

OUTCOMES = ("accepted", "held", "unchanged", "stale", "suggested", "conflicting", "failing", "unknown", "empty")
# Texts that the store could not keep, or that are not whole, are not kept in any form.
UNKEEPABLE = frozenset({"control_character", "partly_translated", "unit_repeated"})


@dataclass(frozen=True)
class Verdict:
    """What becomes of a unit. `found` is the source text that it belongs to, `stands` the text that it meets."""

    outcome: str
    text: str = ""
    stands: str = ""
    faults: tuple[Fault, ...] = ()
    findings: tuple[Finding, ...] = ()
    found: Found | None = None
    state: str = ""
    keep: str = ""


def judge(received: Received, history: History | None, checks: Scrutiny | None, *, state: str) -> Verdict:
    """Return what becomes of one unit; `state` is what a finished text is saved as."""
    if received.target is None:
        return Verdict("empty")
    if history is None or checks is None:
        return Verdict("unknown", shown(received.target), faults=(Fault("no_such_entry_here"),))
    found = history.find(received)
    if found is None:
        is_known = received.path in history.newest
        fault = Fault("source_unknown" if is_known else "no_such_segment")
        return Verdict("stale" if is_known else "unknown", shown(received.target), faults=(fault,))
    if received.is_partial:
        return Verdict("failing", shown(received.target), faults=(Fault("partly_translated"),), found=found)
    if length := _beyond_all(received.target):
        fault = Fault("too_long", {"length": length, "maximum": found.value.field.max_length})
        return Verdict("failing", shown(received.target)[:MAX_TEXT], faults=(fault,), found=found)
    text, faults = read_text(received, found.value)
    if not text:
        return Verdict("empty", faults=tuple(faults), found=found)
    stands = history.standing.get((received.path, found.value.segment.source_hash))
    if _brings_nothing(received, text, stands, found, history):
        return _nothing_new(received, text, stands, found, checks, state)
    findings = checks.standing(received.path, found.value.segment.source, text)
    misfits = _misfits(found.value, text)
    faults += misfits
    verdict = Verdict("", text, stands.text if stands else "", tuple(faults), findings, found)
    return _weigh(received, verdict, stands, state, fits=not misfits)


def _beyond_all(content: Content) -> int:
    """Return the length of what no field takes, 0 for any other; such a text is not worth looking into."""
    length = max(len(shown(content).strip()), 0 if isinstance(content, str) else len(content))
    return length if length > MAX_TEXT else 0


def read_text(received: Received, value: Value) -> tuple[str, list[Fault]]:
    """Return the text of a unit as Tolk keeps it, and what is wrong with its markup."""
    target = received.target or ""
    if isinstance(target, str):
        text = tidy(target)
        return text, lost(parse(value.segment.source), parse(text)) if value.is_inline else []
    if not value.is_inline:
        strange = [Fault("code_unknown", {"id": event.id}) for event in target if event.what in ("open", "alone")]
        return tidy(shown(target)), strange
    source: tuple[Event, ...] = received.source if isinstance(received.source, tuple) else ()
    known = parse(value.segment.source)
    tree, faults = build(target, source, known)
    text, is_faithful = write(tree)
    if not is_faithful:
        faults.append(Fault("markup_unsayable"))
    return text, faults + lost(known, parse(text))


def _brings_nothing(received: Received, text: str, stands: Translation | None, found: Found, history: History) -> bool:
    """Tell whether the file says only what stands, what it was exported with, or what it was pre-filled with."""
    is_inline = found.value.is_inline
    if stands:
        if same(stands.text, text, is_inline):
            return True
        return bool(received.text_mark) and fingerprint(text, is_inline) == received.text_mark
    older = history.texts_of_older(received.path, found.value.segment.source_hash)
    return received.state != FINISHED and any(same(each, text, is_inline) for each in older)


def _nothing_new(
    received: Received,
    text: str,
    stands: Translation | None,
    found: Found,
    checks: Scrutiny,
    state: str,
) -> Verdict:
    if (
        stands
        and state == "approved" != stands.state
        and received.state == FINISHED
        and not found.value.segment.critical
        and same(stands.text, text, found.value.is_inline)
    ):
        if findings := checks.standing(received.path, found.value.segment.source, text):
            return Verdict("held", text, stands.text, findings=findings, found=found)
        return Verdict("accepted", text, stands.text, found=found, state=state, keep="approve")
    return Verdict("unchanged", text, stands.text if stands else "", found=found)


def _misfits(value: Value, text: str) -> list[Fault]:
    try:
        value.field.deserialize(text)
    except ValidationError as error:
        messages = error.messages if isinstance(error.messages, list) else []
        return [message for message in messages if isinstance(message, Fault)]
    return []


def _weigh(received: Received, verdict: Verdict, stands: Translation | None, state: str, *, fits: bool) -> Verdict:
    is_wrong = bool(verdict.faults) or any(finding.severity == ERROR for finding in verdict.findings)
    found = verdict.found
    held = "draft" if is_wrong or received.state == UNFINISHED else state
    # What nobody has confirmed in the other tool, nobody is taken to stand for here.
    is_sure = received.state == FINISHED and found and not waits(found.value.segment, "import", verdict.findings)
    if held == "approved" and not is_sure:
        held = "needs_review"
    keep = "save"
    if is_wrong and (stands or not fits):
        # A draft too must fit its field; a suggestion need not.
        keep = "suggest"
    if UNKEEPABLE & {fault.code for fault in verdict.faults}:
        keep = ""
    if found and not found.is_current:
        outcome = "stale"
    elif is_wrong:
        outcome = "failing"
    elif stands and is_persons(stands):
        # A file without a mark had no text here: what it meets from another file was brought and approved since.
        is_marked = bool(received.text_mark) or stands.origin in UNASKED
        is_newer = fingerprint(stands.text, bool(found and found.value.is_inline)) != received.text_mark
        outcome = "conflicting" if is_marked and is_newer else "suggested"
    else:
        outcome = "held" if held == "needs_review" != state else "accepted"
    return Verdict(
        outcome, verdict.text, verdict.stands, verdict.faults, verdict.findings, found, state=held, keep=keep
    )
