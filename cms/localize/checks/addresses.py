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
        lost, added = _without(mine, other, theirs, abroad), _without(other, mine, ours, abroad)
        found += _report(lost, added)
    return found


def _of(facts: tuple[Fact, ...], kind: str) -> list[Fact]:
    return [fact for fact in facts if fact.kind == kind]


def _without(mine: list[Fact], other: list[Fact], others: tuple[Fact, ...], abroad: bool) -> list[Fact]:
    """Return the addresses of one text that the other has in no form, a short phone number being a number too."""
    if not mine:
        return []
    there = {written for fact in other for written in _written(fact)}
    if abroad:
        there |= {national for fact in other for national in _at_home(fact)}
    numbers = {fact.number for fact in others if fact.number is not None}
    return [
        fact
        for fact in mine
        if not (
            any(written in there for written in _written(fact))
            or (abroad and not there.isdisjoint(_at_home(fact)))
            or (fact.kind == "phone" and str(fact.value).isdecimal() and int(str(fact.value)) in numbers)
        )
    ]


def _written(fact: Fact) -> list[str]:
    """Return the ways in which an address may be written; who names a country may not mean another's."""
    ways = [str(key[1]) for key in fact.also if isinstance(key, tuple) and key[0] == "phone"]
    named = ways and fact.text.lstrip("( ").startswith(("+", "00"))
    return ways if named else [str(fact.value), *ways]


def _at_home(fact: Fact) -> list[str]:
    """Return how a phone number with its country may be dialled within it."""
    value = str(fact.value)
    return ["0" + value[code:] for code in (2, 3, 4)] if fact.kind == "phone" and value.startswith("+") else []


def _report(lost: list[Fact], added: list[Fact]) -> Iterator[Finding]:
    for ours, theirs in zip(lost, added, strict=False):
        values = {"fact": ours.text, "other": theirs.text}
        yield Finding("contact", ERROR, "changed", values, (ours.start, ours.end), (theirs.start, theirs.end))
    for fact in lost[len(added) :]:
        yield Finding("contact", ERROR, "lost", {"fact": fact.text}, (fact.start, fact.end), None)
    for fact in added[len(lost) :]:
        yield Finding("contact", ERROR, "added", {"fact": fact.text}, None, (fact.start, fact.end))
