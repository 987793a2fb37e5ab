"""Ask a machine for what an entry lacks in a locale, and keep what it gives for a person to review.

Nothing that it gives is approved, whatever it is worth. It knows no service.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cms.content import entries, revisions, types
from cms.errors import Fault, Invalid, MachineError, Problem
from cms.localize import glossary, suggestions, translations
from cms.localize.exchange.inline import plain
from cms.localize.exchange.units import Value, values
from cms.localize.glossary import Term
from cms.localize.machine import Limits, Text, Translator
from cms.localize.machine.calling import encode
from cms.localize.machine.judging import Check, Judged, judge
from cms.localize.machine.tags import tagged, tree_of
from cms.store import Database, write

ONLY = ("missing", "stale")
# How much of an entry is shown to the machine so that it knows what a short text is about.
CONTEXT = 3_000


@dataclass(frozen=True)
class Wanted:
    """One segment without a current translation, and what is asked for it."""

    value: Value
    text: Text
    freshness: str


@dataclass(frozen=True)
class Plan:
    """All that will be asked of a machine for one entry in one locale; `terms` are those that its texts use."""

    entry: str
    locale: str
    source_locale: str
    revision: int
    wanted: tuple[Wanted, ...]
    terms: tuple[Term, ...]

    @property
    def characters(self) -> int:
        """Return how many characters will be billed; the same text twice is asked once."""
        return sum(text.characters for text in {each.text.markup: each.text for each in self.wanted}.values())


@dataclass(frozen=True)
class Result:
    """What became of one segment: saved, suggested, unchanged, failing (a draft to be mended), unanswered, not_kept."""

    path: str
    outcome: str
    text: str = ""
    critical: bool = False
    faults: tuple[Fault, ...] = ()
    findings: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Done:
    """What a machine gave, and how it ended: `failure` says why what is not there was not given."""

    results: tuple[Result, ...]
    failure: MachineError | None = None


def plan(db: Database, entry: str, locale: str, *, only: str = "") -> Plan:
    """Return what to ask for an entry: what is missing and what is stale, or `only` one of them.

    What has a translation of the text as it reads now, be it a draft, is not asked. Raises NotFound, Invalid.
    """
    row = entries.find(db, entry)
    if locale == row.source_locale:
        raise Invalid([Problem("/locale", "is_source_locale", {"locale": locale})])
    if only and only not in ONLY:
        raise Invalid([Problem("/only", "not_a_choice", {"value": only, "choices": list(ONLY)})])
    revision = revisions.get(db, entry, row.latest)
    found = values(types.find(row.type), revision.content)
    standing = translations.match([value.segment for value in found.values()], translations.working(db, entry, locale))
    context = _context(found)
    wanted = tuple(
        Wanted(value, _text(value, context), standing[path].freshness)
        for path, value in found.items()
        if standing[path].freshness in ((only,) if only else ONLY)
    )
    sources = "\n".join(plain(_tree(each.value)) for each in wanted)
    terms = glossary.terms(db, row.source_locale, locale)
    used = {place.term for place in glossary.in_text(terms, sources, row.source_locale)}
    return Plan(
        entry=entry,
        locale=locale,
        source_locale=row.source_locale,
        revision=revision.number,
        wanted=wanted,
        terms=tuple(term for term in terms if term in used),
    )


def translate(
    db: Database,
    translator: Translator,
    asked: Plan,
    *,
    by: str,
    now: datetime,
    check: Check,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> Done:
    """Ask for what is planned, call by call, and keep each answer at once: what has been paid for is not lost.

    What a person wrote meanwhile stands; the machine's text becomes a suggestion beside it. `tell` hears how many
    segments are done, of how many.
    """
    results: list[Result] = []
    failure: MachineError | None = None
    by_markup: dict[str, list[Wanted]] = {}
    for each in asked.wanted:
        by_markup.setdefault(each.text.markup, []).append(each)
    for batch in batches([same[0].text for same in by_markup.values()], translator.limits):
        try:
            given = translator.translate(batch, asked.source_locale, asked.locale, asked.terms)
        except MachineError as error:
            failure = error
            break
        answers = [
            (each, judge(each.value, markup, check))
            for text, markup in zip(batch, given, strict=True)
            for each in by_markup[text.markup]
        ]
        results += _keep(db, asked, answers, by=by, now=now)
        tell(len(results), len(asked.wanted))
    return Done(tuple(results), failure)


def batches(texts: Sequence[Text], limits: Limits) -> Iterator[list[Text]]:
    """Yield the texts in their order, in groups that fit one call; a text too large for any goes alone."""
    group: list[Text] = []
    size = 0
    for text in texts:
        own = len(encode(text.markup)) + 1
        if group and (len(group) == limits.texts or size + own > limits.bytes or text.context != group[0].context):
            yield group
            group, size = [], 0
        group.append(text)
        size += own
    if group:
        yield group


def _keep(
    db: Database, asked: Plan, answers: Sequence[tuple[Wanted, Judged]], *, by: str, now: datetime
) -> Iterator[Result]:
    by_state: dict[str, dict[str, str]] = {}
    for each, judged in answers:
        if judged.keep == "save":
            by_state.setdefault(judged.state, {})[each.value.segment.path] = judged.text
    outcomes: dict[str, str] = {}
    with write(db):
        for state, texts in by_state.items():
            saved = translations.save(
                db,
                asked.entry,
                asked.locale,
                texts,
                by=by,
                now=now,
                state=state,
                origin="machine",
                revision=asked.revision,
            )
            outcomes |= {path: outcome.what for path, outcome in saved.items()}
        for each, judged in answers:
            if judged.keep == "suggest":
                _suggest(db, asked, each, judged, by, now)
                outcomes[each.value.segment.path] = "suggested"
    for each, judged in answers:
        segment = each.value.segment
        outcome = outcomes.get(segment.path, "not_kept" if judged.text else "unanswered")
        if outcome == "saved" and judged.is_wrong:
            outcome = "failing"
        yield Result(segment.path, outcome, judged.text, segment.critical, judged.faults, judged.findings)


def _suggest(db: Database, asked: Plan, each: Wanted, judged: Judged, by: str, now: datetime) -> None:
    why = ", ".join(fault.code for fault in judged.faults)
    segment = each.value.segment
    suggestions.offer(db, asked.entry, asked.locale, segment, judged.text, origin="machine", by=by, now=now, why=why)


def _tree(value: Value) -> tuple[Any, ...]:
    return tree_of(value.segment.source, value.is_inline)


def _text(value: Value, context: str) -> Text:
    tree = _tree(value)
    return Text(markup=tagged(tree), characters=len(plain(tree)), context=context)


def _context(found: Mapping[str, Value]) -> str:
    """Return the beginning of the entry as a reader sees it."""
    return "\n".join(plain(_tree(value)) for value in found.values())[:CONTEXT]
