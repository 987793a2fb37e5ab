"""Whether the glossary was followed: preferred terms used, forbidden ones not, names kept. By stem. Pure."""

from collections.abc import Iterator, Sequence

from cms.localize import glossary
from cms.localize.checks.finding import ERROR, WARNING, Finding
from cms.localize.glossary import Term


def compare(source: str, target: str, source_locale: str, target_locale: str, wanted: Sequence[Term]) -> Iterator[Finding]:
    """Yield the terms that were not followed."""
    preferred = {term.target.casefold() for term in wanted if term.status == "preferred"}
    for place in glossary.in_text(wanted, source, source_locale):
        term, span = place.term, (place.start, place.end)
        said = _said(term, target, target_locale)
        values = {"term": term.source, "wanted": term.target}
        if term.status == "preferred" and not said and not _other(term, wanted, target, target_locale):
            yield Finding("term", WARNING, "missing", values, span, None)
        elif term.status == "keep" and not said:
            yield Finding("term", ERROR, "not_kept", {"term": term.source, "wanted": term.target or term.source}, span, None)
        elif term.status == "forbidden" and said and term.target.casefold() not in preferred:
            yield Finding("term", ERROR, "forbidden", values, span, said)


def _said(term: Term, target: str, locale: str) -> tuple[int, int] | None:
    """Return where the target says the term's target, by stem."""
    wanted = term.target or (term.source if term.status == "keep" else "")
    if not wanted:
        return None
    at = target.casefold().find(wanted.casefold())
    if at >= 0 and len(target.casefold()) == len(target):
        return at, at + len(wanted)
    turned = Term(locale, locale, wanted, wanted, "preferred")
    found = glossary.in_text([turned], target, locale)
    return (found[0].start, found[0].end) if found else None


def _other(term: Term, wanted: Sequence[Term], target: str, locale: str) -> bool:
    """Tell whether another preferred translation of the same term was used."""
    same = (t for t in wanted if t is not term and t.status == "preferred" and t.source.casefold() == term.source.casefold())
    return any(_said(other, target, locale) for other in same)
