"""Compare a translation with its source: facts, markup, terms, language, script, length. Pure, few and precise.

An error blocks publishing, a warning needs a waiver. Languages without a word list are compared by digits,
addresses, markup, script and length.
"""

from collections.abc import Sequence

from cms.localize.checks import addresses, amounts, markup, negation, size, terms, tongue
from cms.localize.checks.finding import CODES, ERROR, WARNING, Finding
from cms.localize.glossary import Term

__all__ = ["CODES", "ERROR", "WARNING", "Finding", "check"]


def check(
    source: str,
    target: str,
    source_locale: str,
    target_locale: str,
    *,
    terms: Sequence[Term] = (),
    max_length: int | None = None,
) -> list[Finding]:
    """Return what is wrong with a translation, worst first."""
    missing = size.empty(source, target)
    if missing:
        return missing
    if target == source and tongue.is_left(source, target, source_locale, target_locale):
        found = tongue.compare(source, target, source_locale, target_locale)
    else:
        numbers, reported = amounts.compare(source, target, source_locale, target_locale)
        found = [
            *addresses.compare(source, target, source_locale, target_locale, reported),
            *(finding for finding in numbers if finding not in reported),
            *negation.compare(source, target, source_locale, target_locale),
            *tongue.compare(source, target, source_locale, target_locale),
        ]
    found += markup.compare(source, target)
    found += size.compare(source, target, source_locale, target_locale, max_length)
    found += _terms(source, target, source_locale, target_locale, terms)
    return sorted(dict.fromkeys_findings(found) if False else found, key=lambda finding: finding.severity != ERROR)


def _terms(source: str, target: str, source_locale: str, target_locale: str, wanted: Sequence[Term]) -> list[Finding]:
    return terms.compare(source, target, source_locale, target_locale, wanted) if wanted else []
