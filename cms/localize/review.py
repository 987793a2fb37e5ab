"""Hold translations against their source: what the checks find, and which of it stands in the way of publishing."""

from collections.abc import Iterator, Mapping

from cms.errors import Problem
from cms.localize import glossary, waivers
from cms.localize.checks import Finding, check
from cms.localize.glossary import Term
from cms.localize.translations import Rendering
from cms.store import Database


def findings(
    renderings: Mapping[str, Rendering], source_locale: str, locale: str, terms: list[Term]
) -> dict[str, list[Finding]]:
    """Return what is found at each path whose translation is current. Pure."""
    found = {}
    for path, rendering in renderings.items():
        if rendering.freshness == "current" and rendering.translation:
            said = check(rendering.segment.source, rendering.translation.text, source_locale, locale, terms=terms)
            if said:
                found[path] = said
    return found


def reasons(
    db: Database, entry: str, source_locale: str, locale: str, renderings: Mapping[str, Rendering]
) -> list[Problem]:
    """Return what the checks hold against publishing: every error, and every warning that nobody has waived."""
    terms = glossary.terms(db, source_locale, locale)
    waived = waivers.waived(db, entry, locale)
    return list(_standing(findings(renderings, source_locale, locale, terms), renderings, waived))


def _standing(
    found: Mapping[str, list[Finding]],
    renderings: Mapping[str, Rendering],
    waived: Mapping[waivers.Key, waivers.Waiver],
) -> Iterator[Problem]:
    for path, said in found.items():
        rendering = renderings[path]
        text = rendering.translation.text if rendering.translation else ""
        for finding in said:
            key = (path, rendering.segment.source_hash, waivers.text_hash(text), finding.code)
            values = {"check": finding.code, "reason": finding.reason, **finding.values}
            if finding.severity == "error":
                yield Problem(f"/{path}", "failing_check", values)
            elif key not in waived:
                yield Problem(f"/{path}", "unwaived_warning", values)
