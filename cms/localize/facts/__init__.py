"""The facts of a text: numbers, units, money, moments, phone numbers, addresses, links and negations. Pure.

The words come from `cms/localize/words`; a language without a list gives digits, addresses and links.
"""

from cms.localize.facts import contacts, moments, negation
from cms.localize.facts.amounts import find as find_amounts
from cms.localize.facts.fact import Fact
from cms.localize.facts.lexicon import lexicon
from cms.localize.facts.reading import read
from cms.localize.facts.remembering import remembered
from cms.localize.stems import language

__all__ = ["Fact", "facts", "figures"]


def facts(text: str, locale: str) -> list[Fact]:
    """Return the facts of a text in reading order; offsets are into the text as given."""
    negations = (found.fact(text) for found in negation.find(text, locale) if found.strong)
    return sorted([*figures(text, locale), *negations], key=lambda fact: (fact.start, fact.end))


@remembered
def figures(text: str, locale: str) -> tuple[Fact, ...]:
    """Return all facts but the negations."""
    reading = read(text, language(locale))
    words = lexicon(locale)
    found, left = contacts.addresses(text, reading)
    in_time, left = moments.written_in_digits(text, reading, left, words, locale)
    phones, left = contacts.phones(text, reading, left, words)
    counted = find_amounts(text, reading, left, words)
    return tuple(sorted([*found, *in_time, *phones, *counted], key=lambda fact: (fact.start, fact.end)))
