"""Hold translations against their source: what the checks find, and which of it stands in the way of publishing."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from cms.content import entries
from cms.errors import Problem, Refused
from cms.localize import glossary, translations, waivers
from cms.localize.checks import Finding, check
from cms.localize.glossary import Term
from cms.localize.progress import desk
from cms.localize.translations import Rendering
from cms.store import Database, write

# Languages deny in too many ways for a machine to be sure of it: a person may say, with a reason, that it stands.
WAIVABLE = frozenset({"negation"})


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


def approve(db: Database, entry: str, locale: str, paths: Collection[str], *, by: str, now: datetime) -> list[str]:
    """Approve the drafts at these paths, all of them where none is named; return the paths that were drafts.

    Raises Refused, approving nothing, where a check finds an error in one, or warns and nobody has waived it.
    """
    with write(db):
        drafts = {
            path: rendering
            for path, rendering in desk(db, entry, locale).items()
            if rendering.translation and rendering.translation.state != "approved" and (not paths or path in paths)
        }
        if standing := reasons(db, entry, entries.find(db, entry).source_locale, locale, drafts):
            raise Refused(standing)
        return translations.approve(db, entry, locale, paths, by=by, now=now)


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
            if finding.severity == "error" and finding.code not in WAIVABLE:
                yield Problem(f"/{path}", "failing_check", values)
            elif key not in waived:
                yield Problem(f"/{path}", "unwaived_warning", values)
