"""What a machine's text is checked for: what every translation is, with the terms that some services are never told."""

from collections.abc import Sequence

from cms.localize.checks import Finding, check
from cms.localize.exchange.units import Value
from cms.localize.machine.judging import Check
from cms.localize.machine.translating import Plan


def checker(asked: Plan) -> Check:
    """Return what finds faults in the translations of a plan; lengths are judged by the fields themselves."""

    def found(value: Value, text: str) -> Sequence[Finding]:
        return check(value.segment.source, text, asked.source_locale, asked.locale, terms=asked.terms)

    return found
