"""What a machine's text is checked for: whether it follows the glossary, which some services are never told. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cms.localize import glossary
from cms.localize.exchange.inline import parse, plain
from cms.localize.exchange.units import Value
from cms.localize.glossary import Term
from cms.localize.machine.judging import Check
from cms.localize.machine.translating import Plan


@dataclass(frozen=True)
class TermFinding:
    """A rule of the glossary that a translation does not follow, in the form of every finding of the checks."""

    reason: str
    values: Mapping[str, str]
    source_span: tuple[int, int] | None = None
    target_span: tuple[int, int] | None = None
    code: str = "term"
    severity: str = "warning"


def checker(asked: Plan) -> Check:
    """Return what finds faults in the translations of a plan."""
    return term_check(asked.terms, asked.source_locale, asked.locale)


def term_check(terms: Sequence[Term], source_locale: str, target_locale: str) -> Check:
    """Return a check for the terms alone: preferred and kept ones are there, forbidden ones are not."""

    def check(value: Value, text: str) -> Sequence[TermFinding]:
        source = plain(parse(value.segment.source)) if value.is_inline else value.segment.source
        target = plain(parse(text)) if value.is_inline else text
        return list(_unfollowed(terms, source, target, source_locale, target_locale))

    return check


def _unfollowed(
    terms: Sequence[Term], source: str, target: str, source_locale: str, target_locale: str
) -> Iterator[TermFinding]:
    there = {place.term: (place.start, place.end) for place in glossary.in_text(terms, source, source_locale)}
    # Of several preferred translations of one source, any will do.
    answered = {term.source for term in there if _is_in(term, target, target_locale)}
    for term, span in there.items():
        values = {"source": term.source, "target": term.target or term.source}
        if term.status == "forbidden":
            for found in glossary.find(term.target, target, target_locale):
                yield TermFinding("forbidden", values, span, found)
        elif term.source not in answered:
            yield TermFinding("missing", values, span)


def _is_in(term: Term, target: str, target_locale: str) -> bool:
    if term.status == "keep":
        return term.source.casefold() in target.casefold()
    return term.status == "preferred" and any(True for _ in glossary.find(term.target, target, target_locale))
