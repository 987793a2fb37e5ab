"""What the checks hold against a text in one locale, by its terms and but for what was waived. It stores nothing."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from cms.errors import Problem
from cms.localize import glossary, waivers
from cms.localize.checks import WARNING, Finding, check
from cms.localize.glossary import Term
from cms.localize.segments import source_hash
from cms.store import Database

# Languages deny in too many ways for a machine to be sure of it: a person may say, with a reason, that it stands.
WAIVABLE = frozenset({"negation"})


@dataclass(frozen=True)
class Scrutiny:
    """The checks as they are for one entry in one locale."""

    source_locale: str
    locale: str
    terms: Sequence[Term]
    waived: Collection[waivers.Key]

    def concerning(self, sources: Iterable[str]) -> "Scrutiny":
        """Return the same checks with the terms that may matter to these texts alone: of many, most stand in none."""
        text = "\n".join(sources)
        used = [term for term in self.terms if next(glossary.find(term.source, text, self.source_locale), None)]
        said = {term.source.casefold() for term in used}
        # What is forbidden for one term may be preferred for another, and is then allowed.
        forbidden = {term.target.casefold() for term in used if term.status == "forbidden"}
        terms = [term for term in self.terms if term.source.casefold() in said or term.target.casefold() in forbidden]
        return replace(self, terms=terms)

    def findings(self, source: str, text: str) -> tuple[Finding, ...]:
        """Return all that is found in a translation of a source text."""
        return tuple(check(source, text, self.source_locale, self.locale, terms=self.terms))

    def standing(self, path: str, source: str, text: str) -> tuple[Finding, ...]:
        """Return what keeps a translation from its readers: every error, and every warning that nobody has waived."""
        wording = (path, source_hash(source), waivers.text_hash(text))
        return tuple(
            finding
            for finding in self.findings(source, text)
            if not (is_waivable(finding) and (*wording, finding.code) in self.waived)
        )


def read(db: Database, entry: str, source_locale: str, locale: str) -> Scrutiny:
    """Return the checks for an entry in a locale, as its glossary and waivers are now."""
    terms = glossary.terms(db, source_locale, locale)
    return Scrutiny(source_locale, locale, terms, waivers.waived(db, entry, locale).keys())


def is_waivable(finding: Finding) -> bool:
    """Tell whether a person may say that a finding does not matter."""
    return finding.severity == WARNING or finding.code in WAIVABLE


def problem(path: str, finding: Finding) -> Problem:
    """Return a finding as the reason of a refusal."""
    code = "unwaived_warning" if is_waivable(finding) else "failing_check"
    return Problem(f"/{path}", code, {"check": finding.code, "reason": finding.reason, **finding.values})
