"""Compare what two texts deny, sentence by sentence where they have as many. Pure.

A denial is lost when the translation has fewer strong negations and fewer negations of any sort; in the same way
one is added. Some ways of saying the same have fewer: "no bread or milk", "not without" for "only", "safe" for
"not dangerous".
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter

from cms.localize.checks.finding import ERROR, Finding, Span
from cms.localize.facts import negation, opposites, sentences
from cms.localize.facts.lexicon import lexicon
from cms.localize.facts.negation import Negation
from cms.localize.facts.reading import read
from cms.localize.stems import language

_FIRM = frozenset(code for pair in opposites.FIRM for code in pair)
# Verbs that deny by themselves: a negation beside them is another.
_BY_THEMSELVES = frozenset({"skips", "forget", "stops", "halt", "wait", "put_off", "forbidden", "gone"})
_CLAUSE_END = re.compile(r"[,،;:]\s|[.!?؟]\s")

_WORD_BEFORE, _WORD_BEHIND = re.compile(r"\w+\s+$"), re.compile(r"\s+\w+")
_PLACE = attrgetter("clean_start")
# How many words may stand from a negation up to the word that it denies.
_NEAR = 4
_SEMICOLON = re.compile(r"[;؛]\s")


@dataclass(frozen=True)
class Side:
    """One sentence, or a whole text: where it stands in the reading, and the negations in it."""

    clean: str
    start: int
    end: int
    locale: str
    found: tuple[Negation, ...]

    @property
    def words(self) -> str:
        """Return what it says, as read."""
        return self.clean[self.start : self.end]

    @property
    def strong(self) -> list[Negation]:
        """Return the negations that nobody may lose."""
        return [one for one in self.found if one.strong]

    @property
    def said(self) -> frozenset[str]:
        """Return which opposites it says."""
        return opposites.said(self.words, language(self.locale))

    def word(self, one: Negation) -> str:
        """Return the words that deny, as read."""
        return self.clean[one.clean_start : one.clean_end]

    def unexplained(self, one: Negation, codes: frozenset[str]) -> bool:
        """Tell whether a weak negation says none of the opposites, not even with a neighbour: غير آمن."""
        around = _WORD_BEFORE.search(self.clean[self.start : one.clean_start])
        start = one.clean_start - len(around[0] if around else "")
        end = _WORD_BEHIND.match(self.clean, one.clean_end)
        stretch = self.clean[start : end.end() if end else one.clean_end]
        return opposites.said(stretch, language(self.locale)).isdisjoint(codes)

    def part(self, start: int, end: int) -> "Side":
        """Return a stretch of it."""
        first, last = (bisect_left(self.found, at, key=_PLACE) for at in (start, end))
        return Side(self.clean, start, end, self.locale, self.found[first:last])

    def cut(self, at: re.Pattern[str]) -> "list[Side]":
        """Cut it behind commas, or also before words such as "and"."""
        ends = [
            match.end() if at in (_CLAUSE_END, _SEMICOLON) else match.start()
            for match in at.finditer(self.clean, self.start, self.end)
        ]
        return [self.part(a, b) for a, b in zip([self.start, *ends], [*ends, self.end], strict=True)]

    def clauses(self) -> "list[Side]":
        """Cut it at commas, sentence ends and words such as "and"."""
        return [part for side in self.cut(_CLAUSE_END) for part in side.cut(sentences.joint(self.locale))]


def compare(source: str, target: str, source_locale: str, target_locale: str) -> list[Finding]:
    """Return the negations that are lost or were added."""
    if not (lexicon(source_locale).known and lexicon(target_locale).known):
        return []
    ours, theirs = _side(source, source_locale), _side(target, target_locale)
    here, there = sentences.bounds(source, source_locale), sentences.bounds(target, target_locale)
    sides = [(ours, theirs)]
    if len(here) == len(there):
        sides = [(ours.part(*a), theirs.part(*b)) for a, b in zip(here, there, strict=True)]
    found = [finding for mine, other in sides for part in _halves(mine, other) for finding in _weigh(*part)]
    # What one sentence lost and another gained, a translator may have moved.
    if len(found) == 2 and {one.reason for one in found} == {"lost", "added"} and len(here) > 2:
        return []
    return found


def _halves(ours: Side, theirs: Side) -> list[tuple[Side, Side]]:
    """Cut two sentences at their semicolons, where they have as many."""
    if not (_SEMICOLON.search(ours.words) and _SEMICOLON.search(theirs.words)):
        return [(ours, theirs)]
    first, second = ours.cut(_SEMICOLON), theirs.cut(_SEMICOLON)
    return list(zip(first, second, strict=True)) if len(first) == len(second) else [(ours, theirs)]


def _side(text: str, locale: str) -> Side:
    clean = read(text, language(locale)).clean
    return Side(clean, 0, len(clean), locale, negation.find(text, locale))


def _weigh(ours: Side, theirs: Side) -> Iterator[Finding]:
    ours, theirs = _without_most(ours, theirs), _without_most(theirs, ours)
    ours, theirs = _without_until(ours, theirs), _without_until(theirs, ours)
    if not theirs.found and ours.found and negation.stops(ours.words, ours.locale):
        yield _finding("lost", ours.found, ())
        return
    if _exception_lost(ours, theirs) or _forgets(ours, theirs) or _without_became_only(ours, theirs):
        yield _finding("lost", ours.found, theirs.found)
        return
    more = len(ours.strong) - len(theirs.strong)
    if more > 0 and len(ours.found) - _own(ours, theirs) <= len(theirs.found) - _own(theirs, ours):
        # Something else in the sentence hides the loss, unless it stands in another clause.
        if not _excused(ours, theirs, more):
            yield from next(([one] for one in _by_clause(ours, theirs)), _turned_round(ours, theirs))
    elif more > 0 and not _excused(ours, theirs, more):
        yield _finding("lost", ours.strong, theirs.strong)
    elif more < 0 and len(theirs.found) > len(ours.found) and not _excused(theirs, ours, -more):
        yield _finding("added", ours.strong, theirs.strong)
    else:
        yield from _turned_round(ours, theirs)


def _exception_lost(ours: Side, theirs: Side) -> bool:
    """Tell whether "unless" became "if": nothing in the other text excepts, limits, or denies once more."""
    return (
        negation.makes_exception(ours.words, ours.locale)
        and len(theirs.found) < len(ours.found)
        and len(theirs.strong) <= len(ours.strong)
        and not negation.excepts(theirs.words, theirs.locale)
        and not negation.only(theirs.words, theirs.locale)
    )


def _without_became_only(ours: Side, theirs: Side) -> bool:
    """Tell whether "you can without" became "you can only with"."""
    return (
        [one.without for one in ours.strong] == [True]
        and not any(one.without or one.avoids or one.until for one in theirs.found)
        and not theirs.strong
        and negation.only(theirs.words, theirs.locale)
        and not negation.only(ours.words, ours.locale)
    )


def _forgets(ours: Side, theirs: Side) -> bool:
    """Tell whether "do not forget" became "forget"."""
    doubled = any(one.doubled for one in ours.found)
    return (
        doubled
        and "forget" in ours.said & theirs.said
        and all(not one.doubled and not one.strong for one in theirs.found)
    )


def _own(side: Side, other: Side) -> int:
    """Count the soft negations that stand for a word of the other text and so for no negation there: "skip"."""
    spoken = (side.word(one) for one in side.found if not one.strong)
    return sum(bool(opposites.said(word, language(side.locale)) & other.said & _BY_THEMSELVES) for word in spoken)


def _turned_round(ours: Side, theirs: Side) -> Iterator[Finding]:
    """Report "wait" for "do not wait" and "do not stay" for "do not leave" where the count of negations hides it."""
    if ours.said.isdisjoint(_FIRM) or theirs.said.isdisjoint(_FIRM):
        return
    mine, other = _polarity(ours), _polarity(theirs)
    for one, opposite in opposites.FIRM:
        for here, there in ((one, one), (one, opposite), (opposite, one)):
            if (
                here not in mine
                or there not in other
                or (here != there and (here in theirs.said or there in ours.said))
            ):
                continue
            if (mine[here] == other[there]) != (here == there):
                yield _finding("lost" if other[there] else "added", ours.strong, theirs.strong)
                return


def _polarity(side: Side) -> dict[str, bool]:
    """Return which firm opposites it says once and alone, and whether without a negation in the same clause."""
    found: dict[str, list[bool]] = {}
    for clause in side.clauses():
        firm = clause.said & _FIRM
        unclear = any(clause.unexplained(one, firm) for one in clause.found if not one.strong)
        for code in firm:
            # In "do not wait until it is gone" and "waiting is pointless" nobody can tell what is denied.
            found.setdefault(code, []).extend([not clause.strong] * (len(firm) + unclear))
    return {code: said[0] for code, said in found.items() if len(said) == 1}


def _without_most(side: Side, other: Side) -> Side:
    """Leave out "at most" where the other text has no "more" that it may have been "not more" of."""
    if not any(one.most for one in side.found) or negation.compares(other.words, other.locale):
        return side
    return Side(side.clean, side.start, side.end, side.locale, tuple(one for one in side.found if not one.most))


def _without_until(side: Side, other: Side) -> Side:
    """Leave out the Turkish "without it having been" where the other text says "before", and "without" nowhere."""
    if (
        not any(one.until for one in side.found)
        or not negation.excepts(other.words, other.locale)
        or any(one.without or one.until for one in other.found)
    ):
        return side
    return Side(side.clean, side.start, side.end, side.locale, tuple(one for one in side.found if not one.until))


def _excused(more: Side, fewer: Side, missing: int) -> bool:
    """Tell whether the text with fewer negations may say the same in another way."""
    if missing <= negation.shared(fewer.clean[: fewer.end], fewer.locale, fewer.strong):
        return True
    doubled = any(one.without for one in more.strong) and any(not one.without for one in more.strong)
    if doubled and missing == 2:
        return True
    limits = negation.only(fewer.words, fewer.locale) and not negation.only(more.words, more.locale)
    if limits and not fewer.strong and negation.excepts(more.words, more.locale):
        missing -= 1
    if limits and not fewer.strong and _not_if_not(more):
        return True
    missing -= _merely_later(more, fewer)
    if missing <= _denied_twice(more, fewer) and len(fewer.found) <= len(more.found) - 2 * missing:
        return True
    lang, other = language(more.locale), language(fewer.locale)
    if _still_said(more, fewer):
        return False
    denied = [codes for clause in more.clauses() if clause.strong for codes in opposites.words_said(clause.words, lang)]
    return missing <= opposites.turned(
        denied, opposites.counted(more.words, lang), opposites.counted(fewer.words, other)
    )


def _not_if_not(side: Side) -> bool:
    """Tell whether a text says "not … if not …", which is "only if"."""
    if len(side.strong) != 2:
        return False
    first, second = side.strong
    between = side.clean[first.clean_end : second.clean_start]
    return any(lexicon(side.locale).lists("when", word) for word in re.findall(r"\w+", between))


def _still_said(more: Side, fewer: Side) -> bool:
    """Tell whether what "never" denies is said without it: "never skip" became "always skip"."""
    denied = frozenset().union(*(clause.said for clause in more.clauses() if clause.strong))
    return "always" in fewer.said - more.said and not _BY_THEMSELVES.isdisjoint(denied & fewer.said)


def _merely_later(more: Side, fewer: Side) -> int:
    """Tell whether "not at once, but only after" became "only after"."""
    limited = negation.only(more.words, more.locale) and negation.only(fewer.words, fewer.locale)
    return limited and "at_once" not in fewer.said and any(c.strong and "at_once" in c.said for c in more.clauses())


def _denied_twice(side: Side, other: Side) -> int:
    """Count the negations of what denies by itself: "niet ongewoon" may be "common", "niet pijnvrij" "painful"."""
    lang = language(side.locale)
    return sum(
        strong.strong
        and not strong.without
        and not soft.strong
        and not soft.most
        and _binds(side.clean[one.clean_start : following.clean_start], side.locale)
        and not negation.accompanies(spoken := side.word(soft), side.locale)
        and opposites.said(spoken, lang).isdisjoint(other.said)
        for one, following in pairwise(side.found)
        for strong, soft in [(following, one) if lang == "tr" else (one, following)]
    )


def _binds(between: str, locale: str) -> bool:
    """Tell whether a negation and what it denies stand together in one clause."""
    return (
        len(between.split()) <= _NEAR
        and not _CLAUSE_END.search(between)
        and not sentences.joint(locale).search(between)
    )


def _by_clause(ours: Side, theirs: Side) -> Iterator[Finding]:
    first, second = ours.cut(_CLAUSE_END), theirs.cut(_CLAUSE_END)
    # A Turkish clause stands in another place.
    if "tr" in (language(ours.locale), language(theirs.locale)) or len(first) != len(second):
        return
    for mine, other in zip(first, second, strict=True):
        if len(mine.strong) > len(other.strong) and len(mine.found) > len(other.found):
            yield _finding("lost", mine.strong, other.strong)
            return


def _finding(reason: str, ours: Sequence[Negation], theirs: Sequence[Negation]) -> Finding:
    return Finding("negation", ERROR, reason, {"fact": ""}, _place(ours), _place(theirs))


def _place(found: Sequence[Negation]) -> Span:
    return (found[0].start, found[0].end) if found else None
