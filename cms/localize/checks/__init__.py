"""Compare a translation with its source: facts, markup, terms, language, script, length. Pure, few and precise.

An error blocks publishing, a warning needs a waiver. Languages without a word list are compared by digits,
addresses, markup, script and length.
"""

from collections.abc import Sequence

from cms.localize.checks import addresses, amounts, markup, negation, script, size, streets, terms, tongue
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
    """Return what is wrong with a translation, errors first."""
    if missing := size.empty(source, target):
        return missing
    found = [*script.compare(source, target, target_locale)]
    found += tongue.compare(source, target, source_locale, target_locale)
    # Text that was left in its language has every fact of the source, spelt in words that are not the target's.
    if not any(finding.reason == "same_as_source" for finding in found):
        found += amounts.compare(source, target, source_locale, target_locale)
        found += negation.compare(source, target, source_locale, target_locale)
    found += addresses.compare(source, target, source_locale, target_locale)
    found += streets.compare(source, target, source_locale, target_locale)
    found += markup.compare(source, target)
    lost = any(finding.reason == "lost" for finding in found)
    found += size.compare(source, target, source_locale, target_locale, max_length, fact_lost=lost)
    if terms:
        found += terms_followed(source, target, source_locale, target_locale, terms)
    return sorted(found, key=lambda finding: finding.severity != ERROR)


terms_followed = terms.compare
