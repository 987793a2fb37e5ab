"""Compare phone numbers, e-mail addresses, links and postal codes: each must be there, and no other. Pure."""

from collections.abc import Iterator

from cms.localize.checks.finding import ERROR, Finding
from cms.localize.facts import Fact, figures

_KINDS = ("phone", "email", "link", "address")


def compare(source: str, target: str, source_locale: str, target_locale: str) -> list[Finding]:
    """Return the addresses that changed, are lost or were added."""
    ours, theirs = figures(source, source_locale), figures(target, target_locale)
    found: list[Finding] = []
    # `contacts` reads 010 and +31 10 as one; only where nothing is Dutch may the country be another.
    abroad = not any(locale.startswith("nl") and locale != "nl-BE" for locale in (source_locale, target_locale))
    for kind in _KINDS:
        mine, other = _of(ours, kind), _of(theirs, kind)
        lost = [
            fact
            for fact in mine
            if not any(_same(fact, there, abroad) for there in other) and not _as_number(fact, theirs)
        ]
        added = [
            fact for fact in other if not any(_same(fact, here, abroad) for here in mine) and not _as_number(fact, ours)
        ]
        found += _report(lost, added)
    return found


def _of(facts: tuple[Fact, ...], kind: str) -> list[Fact]:
    return [fact for fact in facts if fact.kind == kind]


def _same(a: Fact, b: Fact, abroad: bool) -> bool:
    """Tell whether two addresses are one; a national number is the end of the same one with its country."""
    if a.value == b.value:
        return True
    first, second = sorted((str(a.value), str(b.value)), key=lambda value: value.startswith("+"))
    if not abroad or a.kind != "phone" or not second.startswith("+") or not first.startswith("0"):
        return False
    return second.endswith(first[1:]) and 2 <= len(second) - len(first[1:]) <= 4


def _as_number(fact: Fact, others: tuple[Fact, ...]) -> bool:
    digits = str(fact.value)
    return fact.kind == "phone" and digits.isdigit() and any(other.number == int(digits) for other in others)


def _report(lost: list[Fact], added: list[Fact]) -> Iterator[Finding]:
    for ours, theirs in zip(lost, added, strict=False):
        values = {"fact": ours.text, "other": theirs.text}
        yield Finding("contact", ERROR, "changed", values, (ours.start, ours.end), (theirs.start, theirs.end))
    for fact in lost[len(added) :]:
        yield Finding("contact", ERROR, "lost", {"fact": fact.text}, (fact.start, fact.end), None)
    for fact in added[len(lost) :]:
        yield Finding("contact", ERROR, "added", {"fact": fact.text}, None, (fact.start, fact.end))
