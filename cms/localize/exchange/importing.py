"""Take in a translated file: judge every unit, then keep all of it in one write, or nothing in a dry run."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cms.content.fields import UUID
from cms.errors import Fault, Invalid, Problem
from cms.localize import scrutiny, suggestions, translations
from cms.localize.checks import Finding
from cms.localize.exchange import formats, history, names
from cms.localize.exchange.codes import shown
from cms.localize.exchange.guard import MAX_BYTES
from cms.localize.exchange.history import History
from cms.localize.exchange.judging import OUTCOMES, Verdict, judge
from cms.localize.exchange.received import Bundle, Received
from cms.localize.scrutiny import Scrutiny
from cms.store import Database, write

STATES = ("needs_review", "approved")


@dataclass(frozen=True)
class UnitResult:
    """What became of one unit: `text` is what the file brought, `stands` what it met."""

    entry: str
    path: str
    outcome: str
    text: str = ""
    stands: str = ""
    faults: tuple[Fault, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Report:
    """What became of a file, unit by unit, in its order."""

    format: str
    locale: str
    is_dry_run: bool
    units: tuple[UnitResult, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """Return how many units came to each outcome that any came to."""
        found = Counter(unit.outcome for unit in self.units)
        return {outcome: found[outcome] for outcome in OUTCOMES if found[outcome]}


def import_file(
    db: Database,
    data: bytes,
    *,
    by: str,
    now: datetime,
    format: str | None = None,
    locale: str | None = None,
    known: Collection[str] = (),
    dry_run: bool = False,
    state: str = "needs_review",
    max_bytes: int = MAX_BYTES,
) -> Report:
    """Take in a file of translations; its format is recognised where none is given.

    The locale is the one given, which the file's language must fit, else the file's own, which must fit one of
    `known`. A finished text is saved in `state`, but where its segment is critical or a check stands against it, never
    as approved. Raises Invalid where the file as a whole cannot be used; then nothing is kept.
    """
    if state not in STATES:
        raise Invalid([Problem("/state", "not_a_choice", {"value": state, "choices": list(STATES)})])
    bundle = formats.read(data, format, max_bytes=max_bytes)
    wanted = names.locale_of(bundle.locale, locale, known)
    if dry_run:
        verdicts = _judged(db, bundle, wanted, state)
    else:
        with write(db):
            verdicts = _judged(db, bundle, wanted, state)
            _keep(db, verdicts, wanted, by, now)
    results = tuple(
        UnitResult(unit.entry, unit.path, each.outcome, each.text, each.stands, each.faults, each.findings)
        for unit, each in verdicts
    )
    return Report(bundle.format, wanted, dry_run, results)


def _judged(db: Database, bundle: Bundle, locale: str, state: str) -> list[tuple[Received, Verdict]]:
    read: dict[str, History | None] = {}
    checks: dict[str, Scrutiny] = {}
    for entry in dict.fromkeys(unit.entry for unit in bundle.units):
        read[entry] = found = history.read(db, entry, locale) if UUID.fullmatch(entry) else None
        if found:
            source_locale = found.entry.source_locale
            _refuse_bad(source_locale, bundle.source_locale, locale)
            checks[entry] = scrutiny.read(db, entry, source_locale, locale)
    repeated = _repeated(bundle.units)
    verdicts: list[tuple[Received, Verdict]] = []
    taken: set[tuple[str, str]] = set()
    for unit in bundle.units:
        key = unit.entry, unit.path
        if unit.target is not None and key in repeated:
            verdict = Verdict("conflicting", shown(unit.target), faults=(Fault("unit_repeated"),))
        elif unit.target is not None and key in taken:
            verdict = Verdict("unchanged", shown(unit.target), faults=(Fault("unit_repeated"),))
        else:
            verdict = judge(unit, read[unit.entry], checks.get(unit.entry), state=state)
            taken |= {key} if unit.target is not None else set()
        verdicts.append((unit, verdict))
    return verdicts


def _refuse_bad(source_locale: str, stated: str, locale: str) -> None:
    names.refuse_other_source(stated, source_locale)
    if locale == source_locale:
        raise Invalid([Problem("/locale", "is_source_locale", {"locale": locale})])


def _repeated(units: Iterable[Received]) -> set[tuple[str, str]]:
    """Return the units that a file gives more than once, with different texts."""
    texts: dict[tuple[str, str], str] = {}
    found = set()
    for unit in units:
        if unit.target is not None:
            key, text = (unit.entry, unit.path), shown(unit.target)
            if texts.setdefault(key, text) != text:
                found.add(key)
    return found


def _keep(db: Database, verdicts: Sequence[tuple[Received, Verdict]], locale: str, by: str, now: datetime) -> None:
    saves: dict[tuple[str, int, str], dict[str, str]] = {}
    for unit, verdict in verdicts:
        if verdict.found is None or not verdict.keep:
            continue
        if verdict.keep == "save":
            group = saves.setdefault((unit.entry, verdict.found.revision, verdict.state), {})
            group[unit.path] = verdict.text
        elif verdict.keep == "suggest":
            segment = verdict.found.value.segment
            why = ", ".join(fault.code for fault in verdict.faults) or verdict.outcome
            suggestions.offer(db, unit.entry, locale, segment, verdict.text, origin="import", by=by, now=now, why=why)
        else:
            source_hash = verdict.found.value.segment.source_hash
            translations.approve(db, unit.entry, locale, [unit.path], by=by, now=now, source_hash=source_hash)
    for (entry, revision, state), texts in saves.items():
        translations.save(db, entry, locale, texts, by=by, now=now, state=state, origin="import", revision=revision)
