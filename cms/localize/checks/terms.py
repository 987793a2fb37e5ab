"""Whether the glossary was followed: preferred terms used, forbidden ones not, names kept. By stem. Pure."""

from collections.abc import Iterator, Sequence

from cms.localize import glossary
from cms.localize.checks.finding import ERROR, WARNING, Finding
from cms.localize.glossary import Term


def compare(
    source: str, target: str, source_locale: str, target_locale: str, wanted: Sequence[Term]
) -> Iterator[Finding]:
    """Yield the terms that were not followed."""
    preferred = {term.target.casefold() for term in wanted if term.status == "preferred"}
    for term in wanted:
        span = next(glossary.find(term.source, source, source_locale), None)
        if span is None:
            continue
        kept = term.target or term.source
        loosely = term.status != "forbidden"
        found = next(glossary.find(kept, target, target_locale, loosely=loosely), None)
        said = found or _letter_by_letter(kept, target)
        values = {"term": term.source, "wanted": kept}
        if term.status == "preferred" and not said and not _another(term, wanted, target, target_locale):
            yield Finding("term", WARNING, "missing", values, span, None)
        elif term.status == "keep" and not said:
            yield Finding("term", ERROR, "not_kept", values, span, None)
        elif term.status == "forbidden" and said and kept.casefold() not in preferred:
            yield Finding("term", ERROR, "forbidden", values, span, said)


def _letter_by_letter(wanted: str, target: str) -> tuple[int, int] | None:
    at = target.lower().find(wanted.lower())
    return (at, at + len(wanted)) if at >= 0 else None


def _another(term: Term, wanted: Sequence[Term], target: str, locale: str) -> bool:
    """Tell whether another preferred translation of the same term was used."""
    same = [
        t for t in wanted if t is not term and t.status == "preferred" and t.source.casefold() == term.source.casefold()
    ]
    return any(next(glossary.find(other.target, target, locale, loosely=True), None) for other in same)
