"""Compare what each number belongs to: 2 tablets 3 times is not 3 tablets 2 times, whatever their order. Pure.

It takes numbers that are the same in both texts, and asks what they count, and which of "adults" and "children" they
go with.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from operator import itemgetter

from cms.localize.checks.finding import ERROR, Finding
from cms.localize.facts import Fact, sentences
from cms.localize.facts.lexicon import lexicon
from cms.localize.facts.reading import read
from cms.localize.facts.remembering import remembered
from cms.localize.facts.tokens import tokens
from cms.localize.stems import language

Pair = tuple[Fact, Fact]
_BEGINNING = 5
# Two amounts further apart than this, in characters, are not said in one breath.
_FAR = 400
_LONG_WORD = re.compile(r"[^\W\d_]{7,}")


def compare(source: str, target: str, locales: tuple[str, str], pairs: Sequence[Pair]) -> Iterator[Finding]:
    """Yield the numbers that changed places; `pairs` are equal numbers of source and target."""
    firm = [pair for pair in pairs if pair[0].number is not None and pair[1].number is not None]
    if len(firm) < 2:
        return
    if found := crossed(firm):
        yield found
    elif all(lexicon(locale).known for locale in locales):
        yield from _interleaved(firm)
        yield from _beside(source, target, locales, firm)
        if "tr" not in map(language, locales):
            yield from _reversed(source, target, locales, firm)


def crossed(pairs: Sequence[Pair]) -> Finding | None:
    """Return the first two numbers of which each counts in the target what the other counts in the source."""
    # Of each two roles, the first pair and the first with another number; no third can be the answer.
    others: dict[tuple[str, ...], list[Pair]] = {}
    exchanged = [(pair, tuple(fact.unit or fact.counts for fact in pair)) for pair in pairs]
    exchanged = [(pair, roles) for pair, roles in exchanged if roles[0] != roles[1]]
    for pair, roles in exchanged:
        known = others.setdefault(roles, [])
        if not known or (len(known) == 1 and known[0][0].number != pair[0].number):
            known.append(pair)
    for first, roles in exchanged:
        for second in others.get(roles[::-1], ()):
            if first[0].number != second[0].number:
                return _swapped(first, second)
    return None


def _beside(source: str, target: str, locales: tuple[str, str], pairs: Sequence[Pair]) -> Iterator[Finding]:
    """Compare numbers of one unit by the words they go with, where those and the numbers take turns."""
    here, there = sentences.spans(source, locales[0]), sentences.spans(target, locales[1])
    if len(here) != len(there):
        here, there = ((0, len(source)),), ((0, len(target)),)
    by_sentence: dict[int, list[Pair]] = {}
    for pair in pairs:
        at = bisect_right(here, pair[0].start, key=itemgetter(0)) - 1
        if at >= 0 and pair[0].start < here[at][1] and there[at][0] <= pair[1].start < there[at][1]:
            by_sentence.setdefault(at, []).append(pair)
    for at, inside in sorted(by_sentence.items()):
        (a, b), (c, d) = here[at], there[at]
        for unit in {pair[0].unit or pair[0].counts for pair in inside}:
            alike = [pair for pair in inside if (pair[0].unit or pair[0].counts) == unit]
            if len({pair[0].number for pair in alike}) < 2 or len(alike) != 2:
                continue
            mine, other = _named(source, locales[0], a, b), _named(target, locales[1], c, d)
            both = [name for name in mine if name in other]
            if len(both) < 2:
                mine, other = _alike(source, a, b), _alike(target, c, d)
                both = [name for name in mine if name in other]
            if len(both) != 2:
                continue
            ours = _turns([mine[name] for name in both], [pair[0].start for pair in alike])
            theirs = _turns([other[name] for name in both], [pair[1].start for pair in alike])
            if ours and theirs and ours != theirs:
                yield _swapped(alike[0], alike[1])
                return


def _interleaved(pairs: Sequence[Pair]) -> Iterator[Finding]:
    """Yield two amounts that changed places among numbers that did not: 4 times 1000 mg and 2 times 500 mg."""
    by_role: dict[str, list[Pair]] = {}
    for pair in sorted(pairs, key=lambda pair: pair[0].start):
        by_role.setdefault(pair[0].unit or pair[0].counts, []).append(pair)
    twos = [two for two in by_role.values() if len(two) == 2 and two[0][0].number != two[1][0].number]
    for one, other in combinations(twos, 2):
        turned = [two[0][1].start > two[1][1].start for two in (one, other)]
        if turned[0] != turned[1] and _take_turns(one, other, 0) and _take_turns(one, other, 1):
            yield _swapped(*(one if turned[0] else other))
            return


def _take_turns(one: Sequence[Pair], other: Sequence[Pair], side: int) -> bool:
    line = sorted([(pair[side].start, 0) for pair in one] + [(pair[side].start, 1) for pair in other])
    return all(first[1] != second[1] for first, second in pairwise(line))


def _reversed(source: str, target: str, locales: tuple[str, str], pairs: Sequence[Pair]) -> Iterator[Finding]:
    """Yield two amounts of one unit in the other order, where nothing between them says why."""
    often = [Counter(pair[side].number for pair in pairs) for side in (0, 1)]
    for first, second in pairwise(sorted(pairs, key=lambda pair: pair[0].start)):
        roles = {fact.unit or fact.counts for pair in (first, second) for fact in pair}
        once = all(often[side][pair[side].number] == 1 for side in (0, 1) for pair in (first, second))
        if len(roles) > 1 or roles == {""} or not once or first[0].number == second[0].number:
            continue
        between = (source[first[0].end : second[0].start], target[second[1].end : first[1].start])
        if second[1].end <= first[1].start and not any(map(_turns_on, between, locales)):
            if not _named_in_turn(source, target, locales):
                yield _swapped(first, second)
            return


def _named_in_turn(source: str, target: str, locales: tuple[str, str]) -> bool:
    """Tell whether the words that numbers go with stand in another order too."""
    mine, other = _named(source, locales[0], 0, len(source)), _named(target, locales[1], 0, len(target))
    both = [name for name in mine if name in other]
    return sorted(both, key=mine.__getitem__) != sorted(both, key=other.__getitem__)


def _turns_on(text: str, locale: str) -> bool:
    """Tell whether words stand here that make one number depend on another: 10 minutes after every 30."""
    if len(text) > _FAR:
        return True
    words = lexicon(locale)
    said = {token.text for token in tokens(read(text, words.lang).clean, words)}
    return bool(said.intersection(words.words_of("when"))) or len(sentences.bounds(text, locale)) > 1


def _turns(names: Sequence[int], numbers: Sequence[int]) -> list[int]:
    """Return which number goes with each name, by rank; nothing where two of a sort stand together."""
    line = sorted([(at, True) for at in names] + [(at, False) for at in numbers])
    if any(one[1] == other[1] for one, other in pairwise(line)):
        return []
    return [sorted(numbers)[sorted(names).index(at)] == numbers[0] for at in names]


def _named(text: str, locale: str, start: int, end: int) -> dict[str, int]:
    """Return where the words stand that numbers go with, in the text as given; only those that are said once."""
    found = _names(text, locale)
    places = found[bisect_left(found, start, key=itemgetter(1)) : bisect_left(found, end, key=itemgetter(1))]
    often = Counter(name for name, _ in places)
    return {name: at for name, at in places if often[name] == 1}


@remembered
def _names(text: str, locale: str) -> tuple[tuple[str, int], ...]:
    reading, words = read(text, language(locale)), lexicon(locale)
    return tuple(
        (name, reading.at[token.start])
        for token in tokens(reading.clean, words)
        if (name := token.senses.get("beside"))
    )


def _alike(text: str, start: int, end: int) -> dict[str, int]:
    """Return where the long words stand, by a beginning that names of medicines share: paracetamol, paracétamol."""
    found: dict[str, list[int]] = {}
    for word in _LONG_WORD.finditer(text, start, end):
        plain = unicodedata.normalize("NFD", word[0].lower()).encode("ascii", "ignore").decode()
        found.setdefault(plain[:_BEGINNING], []).append(word.start())
    return {name: places[0] for name, places in found.items() if len(places) == 1 and len(name) == _BEGINNING}


def _swapped(first: Pair, second: Pair) -> Finding:
    values = {"fact": first[0].text, "other": second[1].text, "kind": first[0].kind}
    spans = ((first[0].start, first[0].end), (second[1].start, second[1].end))
    return Finding("number", ERROR, "changed", values, *spans)
