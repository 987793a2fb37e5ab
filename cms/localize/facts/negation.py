"""Where a text denies something, and how firmly: "niet" and "vermijd" are strong, "weinig" and "un-" are soft. Pure.

A strong negation that is lost turns advice round. A soft one never is a fault by itself: it is what a strong one
may have become, and the other way round ("zonder pijn", "ağrısız"; "niet mogelijk", "impossible").
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from cms.localize.facts.denials import Patterns, patterns_of
from cms.localize.facts.fact import Fact
from cms.localize.facts.lexicon import lexicon
from cms.localize.facts.reading import MASK, read
from cms.localize.facts.remembering import remembered
from cms.localize.stems import language

_WORD = re.compile(r"[^\W\d_]+")
_CLAUSE = re.compile(r"[.!?؟;:\n]")
_NE_REACH, _NE_BEHIND = 60, 40
# How far before a Turkish verb may stand what it denies, in characters.
_REACH = 400
_DOUBLED = "\u0651"


@dataclass(frozen=True)
class Negation:
    """One negation in the reading, and where it stands in the text as given."""

    start: int
    end: int
    strong: bool
    clean_start: int
    most: bool = False
    without: bool = False
    doubled: bool = False
    clean_end: int = 0
    avoids: bool = False
    until: bool = False

    def fact(self, text: str) -> Fact:
        """Return it as a fact; one negation equals any other."""
        return Fact("negation", "not", self.start, self.end, text[self.start : self.end])


@remembered
def find(text: str, locale: str) -> tuple[Negation, ...]:
    """Return the negations of a text in reading order; none in a language without a word list."""
    words = lexicon(locale)
    if not words.known:
        return ()
    patterns = patterns_of(words)
    reading = read(text, language(locale))
    found: dict[int, tuple[int, bool]] = {}
    left = _scan(reading.clean, patterns, found, reading.at, text)
    if patterns.ne:
        left = _french(left, patterns, found, reading.clean)
    if patterns.verb:
        _turkish(left, patterns, found)
    _companions(left, patterns, found, reading.clean)
    most = {match.start(): (match.end(), False) for match in patterns.most.finditer(left)}
    return tuple(
        Negation(
            *reading.span(start, end),
            strong,
            start,
            start in most,
            patterns.without.fullmatch(reading.clean, start, end) is not None,
            not strong and patterns.denies_within(reading.clean[start:end]),
            end,
            patterns.avoiding.fullmatch(reading.clean, start, end) is not None,
            patterns.until_denied.fullmatch(reading.clean, start, end) is not None,
        )
        for start, (end, strong) in sorted({**most, **found}.items())
    )


def shared(clean: str, locale: str, found: Sequence[Negation]) -> int:
    """Count the words by which each of the negations may cover more than one thing: "geen brood of melk"."""
    words = lexicon(locale)
    if not words.known:
        return 0
    patterns = patterns_of(words)
    ends = [one.clean_start for one in found]
    if patterns.verb:
        # What is denied stands before a verb that denies by its ending.
        return sum(
            _covers(patterns.breaks.split(clean[max(a, b - _REACH) : b])[-1], patterns, both=True)
            for a, b in pairwise([0, *ends])
        )
    return sum(
        _covers(patterns.breaks.split(clean[a + 1 : b])[0], patterns, both=one.without or one.avoids)
        for one, (a, b) in zip(found, pairwise([*ends, len(clean)]), strict=True)
    )


def _covers(stretch: str, patterns: Patterns, *, both: bool) -> int:
    found = len(patterns.shared.findall(stretch))
    if both:
        # Before "ve" a Turkish verb that ends its clause begins another order, and a noun does not; elsewhere what
        # stands behind "and" tells.
        found += sum(
            not patterns.finite.search(stretch[: match.start()].rstrip())
            and not patterns.ordered.match(stretch, match.end())
            for match in patterns.both.finditer(stretch)
        )
    return found + len(re.findall("[,،]", stretch)) if found else 0


def compares(clean: str, locale: str) -> bool:
    """Tell whether a text says "more", so that "not more than" may have become "at most", or the other way round."""
    words = lexicon(locale)
    return words.known and patterns_of(words).more.search(clean) is not None


def only(clean: str, locale: str) -> bool:
    """Tell whether a text limits: "only", "nur"."""
    return patterns_of(lexicon(locale)).only.search(clean) is not None


def excepts(clean: str, locale: str) -> bool:
    """Tell whether a text makes a condition that a negation may turn into "only": not … unless, not … before."""
    return patterns_of(lexicon(locale)).unless.search(clean) is not None


def makes_exception(clean: str, locale: str) -> bool:
    """Tell whether a text says "unless", which no translation may make an "if"."""
    words = lexicon(locale)
    return words.known and patterns_of(words).excepting.search(clean) is not None


def accompanies(word: str, locale: str) -> bool:
    """Tell whether a word denies nothing new beside another negation: "nor"."""
    words = lexicon(locale)
    return words.known and patterns_of(words).with_not.fullmatch(word) is not None


def stops(clean: str, locale: str) -> bool:
    """Tell whether a text says to stop something, or makes an exception, in words that no translation leaves out."""
    words = lexicon(locale)
    return words.known and patterns_of(words).stops.search(clean) is not None


def _scan(clean: str, patterns: Patterns, found: dict[int, tuple[int, bool]], at: tuple[int, ...], text: str) -> str:
    """Mark what never denies, then the strong words, then the soft ones; what is taken is masked."""
    left = patterns.silent.sub(lambda match: _note(match, patterns, found), clean)
    left = patterns.with_not.sub(lambda match: _companion(match, patterns), left)
    if patterns.verb:
        left = patterns.soft.sub(lambda match: _keep(match, found, _denies(match, patterns)), left)
        return patterns.strong.sub(lambda match: _keep(match, found, True), left)

    def strong(match: re.Match[str]) -> str:
        # In the reading ألا ("not to") and إلا ("except") are spelt alike.
        written = text[at[match.start()] : at[match.end() - 1] + 1]
        if _DOUBLED in written and patterns.doubled.search(match[0]):
            return match[0]  # دوّن is "write down", دون "without".
        spelt = patterns.soft_spelt.items()
        return _keep(match, found, not any(match[0].endswith(word) and letter in written for word, letter in spelt))

    def soft(match: re.Match[str]) -> str:
        written = text[at[match.start()] : at[match.end()]]
        return match[0] if _changes(match, patterns, written) else _keep(match, found, False)

    left = patterns.strong.sub(strong, left)
    return patterns.soft.sub(soft, left)


def _changes(match: re.Match[str], patterns: Patterns, written: str) -> bool:
    """Tell whether غير is the verb "change": doubled in writing, or first in a clause and before a thing known."""
    if not patterns.changes.search(match[0]):
        return False
    before = match.string[: match.start()].rstrip()
    first = not before or before[-1] in ".!?؟،؛:,;\x01"
    known = patterns.known.match(match.string, match.end())
    return _DOUBLED in written or bool(first and known)


def _note(match: re.Match[str], patterns: Patterns, found: dict[int, tuple[int, bool]]) -> str:
    if match.lastgroup == "soft" and patterns.asked.match(match[0]) and "؟" not in match.string[match.end() :]:
        return match[0]  # ألم is pain; only in a question is it "did … not".
    if match.lastgroup == "soft":
        found[match.start()] = (match.end(), False)
    return MASK * len(match[0]) if match.lastgroup != "not_only" else MASK * len(match["not_only"])


def _companion(match: re.Match[str], patterns: Patterns) -> str:
    """Hide "ook niet" from the search for "niet"; `_companions` comes back to it."""
    return MASK * len(match[0]) if " " in match[0] and patterns.strong.search(match[0]) else match[0]


def _keep(match: re.Match[str], found: dict[int, tuple[int, bool]], strong: bool) -> str:
    if match.lastgroup != "never":
        found[match.start()] = (match.end(), strong)
        return MASK * len(match[0])
    return match[0]


def _french(left: str, patterns: Patterns, found: dict[int, tuple[int, bool]], clean: str) -> str:
    """Join "ne" with its "pas": together they deny once; "ne … que" means only."""
    assert patterns.ne  # noqa: S101 - only French comes here
    alone = [start for start, (end, _) in found.items() if patterns.alone.fullmatch(clean, start, end)]
    for match in list(patterns.ne.finditer(left)):
        clause = _CLAUSE.split(left[match.end() : match.end() + _NE_REACH])[0]
        before = left[max(0, match.start() - _NE_BEHIND) : match.start()]
        partner = patterns.partners.search(clause)
        if any(match.end() <= start < match.end() + len(clause) for start in alone):
            # "N'ont aucune": the one that stands alone elsewhere is its partner here; "plus aucune" denies once too.
            if partner:
                start = match.end() + partner.start()
                left = left[:start] + MASK * len(partner[0]) + left[start + len(partner[0]) :]
            continue
        behind = list(patterns.partners.finditer(_CLAUSE.split(before)[-1]))
        if partner or behind or not patterns.ne_only.search(clause):
            found[match.start()] = (match.end(), bool(partner or behind))
        if partner:
            start = match.end() + partner.start()
            found[match.start()] = (start + len(partner[0]), True)
            left = left[:start] + MASK * len(partner[0]) + left[start + len(partner[0]) :]
        elif behind:
            start = match.start() - len(_CLAUSE.split(before)[-1]) + behind[-1].start()
            left = left[:start] + MASK * len(behind[-1][0]) + left[start + len(behind[-1][0]) :]
    for match in list(patterns.lone.finditer(left)):
        found[match.start()] = (match.end(), True)
    return left


def _turkish(left: str, patterns: Patterns, found: dict[int, tuple[int, bool]]) -> None:
    """Find the verbs that deny by an ending: almayın, gelmez, yapmadan."""
    for match in _WORD.finditer(left):
        if patterns.verb and patterns.verb.search(match[0]) and match.start() not in found:
            found[match.start()] = (match.end(), True)
        elif patterns.final_verb and patterns.final_verb.fullmatch(match[0]) and _CLAUSE.match(left, match.end()):
            found[match.start()] = (match.end(), False)


def _denies(match: re.Match[str], patterns: Patterns) -> bool:
    """Tell whether a soft word has a denying ending itself: bırakın is "stop", bırakmayın "do not stop"."""
    return match.lastgroup != "exact" and patterns.verb is not None and patterns.verb.search(match[0]) is not None


def _companions(left: str, patterns: Patterns, found: dict[int, tuple[int, bool]], clean: str) -> None:
    """Count Polish "nikt", French "ni", English "nor" only where their sentence holds no other negation."""
    signs = [match.start() for match in _CLAUSE.finditer(clean)]
    denied = {bisect_left(signs, start) for start, (_, strong) in found.items() if strong}
    for match in patterns.with_not.finditer(clean):
        if match.start() in found:
            continue
        clause = bisect_left(signs, match.start())
        alone = clause not in denied
        # A Polish "nigdy" or "nikt" denies nothing where its "nie" is gone.
        if not alone or not patterns.never_alone.fullmatch(clean, match.start(), match.end()):
            found[match.start()] = (match.end(), alone)
            denied.add(clause)
