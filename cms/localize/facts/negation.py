"""Where a text denies something, and how firmly: "niet" and "vermijd" are strong, "weinig" and "un-" are soft. Pure.

A strong negation that is lost turns advice round. A soft one never is a fault by itself: it is what a strong one
may have become, and the other way round ("zonder pijn", "ağrısız"; "niet mogelijk", "impossible").
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from cms.localize.facts.fact import Fact
from cms.localize.facts.lexicon import Lexicon, lexicon
from cms.localize.facts.reading import MASK, read
from cms.localize.stems import language

_WORD = re.compile(r"[^\W\d_]+")
_CLAUSE = re.compile(r"[.!?؟;:\n]")
_NE_REACH, _NE_BEHIND = 60, 40


@dataclass(frozen=True)
class Negation:
    """One negation in the reading, and where it stands in the text as given."""

    start: int
    end: int
    strong: bool
    clean_start: int
    most: bool = False

    def fact(self, text: str) -> Fact:
        """Return it as a fact; one negation equals any other."""
        return Fact("negation", "not", self.start, self.end, text[self.start : self.end])


@dataclass(frozen=True)
class Patterns:
    """What to look for in one language, compiled."""

    silent: re.Pattern[str]
    strong: re.Pattern[str]
    soft: re.Pattern[str]
    with_not: re.Pattern[str]
    shared: re.Pattern[str]
    verb: re.Pattern[str] | None
    final_verb: re.Pattern[str] | None
    ne: re.Pattern[str] | None
    partners: re.Pattern[str]
    lone: re.Pattern[str]
    by_itself: bool
    stops: re.Pattern[str]
    most: re.Pattern[str]
    more: re.Pattern[str]


@lru_cache(maxsize=1 << 12)
def find(text: str, locale: str) -> tuple[Negation, ...]:
    """Return the negations of a text in reading order; none in a language without a word list."""
    words = lexicon(locale)
    if not words.known:
        return ()
    patterns = _patterns(words)
    reading = read(text, language(locale))
    found: dict[int, tuple[int, bool]] = {}
    left = _scan(reading.clean, patterns, found, words.lang, reading.at, text)
    if patterns.ne:
        left = _french(left, patterns, found)
    if patterns.verb:
        _turkish(left, patterns, found)
    _companions(left, patterns, found, reading.clean)
    most = {match.start(): (match.end(), False) for match in patterns.most.finditer(left)}
    return tuple(
        Negation(*reading.span(start, end), strong, start, start in most)
        for start, (end, strong) in sorted({**most, **found}.items())
    )


def shared(clean: str, locale: str, start: int) -> int:
    """Count the words behind `start` by which a negation there may cover two things: "geen brood of melk"."""
    words = lexicon(locale)
    found = len(_patterns(words).shared.findall(clean, start)) if words.known else 0
    return found + len(re.findall("[,،]", clean[start:])) if found else 0


def compares(clean: str, locale: str) -> bool:
    """Tell whether a text says "more", so that "not more than" may have become "at most", or the other way round."""
    words = lexicon(locale)
    return words.known and _patterns(words).more.search(clean) is not None


def stops(clean: str, locale: str) -> bool:
    """Tell whether a text says to stop something, or makes an exception, in words that no translation leaves out."""
    words = lexicon(locale)
    return words.known and _patterns(words).stops.search(clean) is not None


def _scan(
    clean: str, patterns: Patterns, found: dict[int, tuple[int, bool]], lang: str, at: tuple[int, ...], text: str
) -> str:
    """Mark what never denies, then the strong words, then the soft ones; what is taken is masked."""
    left = patterns.silent.sub(lambda match: _note(match, found), clean)
    left = patterns.with_not.sub(lambda match: _companion(match, patterns), left)
    if lang == "tr":
        left = patterns.soft.sub(lambda match: _keep(match, found, _denies(match[0], patterns)), left)
        return patterns.strong.sub(lambda match: _keep(match, found, True), left)

    def strong(match: re.Match[str]) -> str:
        # In the reading ألا ("not to") and إلا ("except") are spelt alike.
        unlike = lang == "ar" and match[0].endswith("الا") and "إ" in text[at[match.start()] : at[match.end() - 1] + 1]
        return _keep(match, found, not unlike)

    left = patterns.strong.sub(strong, left)
    return patterns.soft.sub(lambda match: _keep(match, found, False), left)


def _note(match: re.Match[str], found: dict[int, tuple[int, bool]]) -> str:
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


def _french(left: str, patterns: Patterns, found: dict[int, tuple[int, bool]]) -> str:
    """Join "ne" with its "pas": together they deny once; "ne … que" means only."""
    assert patterns.ne  # noqa: S101 - only French comes here
    for match in list(patterns.ne.finditer(left)):
        clause = _CLAUSE.split(left[match.end() : match.end() + _NE_REACH])[0]
        before = left[max(0, match.start() - _NE_BEHIND) : match.start()]
        partner = patterns.partners.search(clause)
        behind = list(patterns.partners.finditer(_CLAUSE.split(before)[-1]))
        if partner or behind or not re.search(r"(?<!\w)qu(?:e\s|')", clause):
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
        elif patterns.final_verb and patterns.final_verb.fullmatch(match[0]) and _CLAUSE.match(left[match.end() :]):
            found[match.start()] = (match.end(), False)


def _denies(word: str, patterns: Patterns) -> bool:
    """Tell whether a soft word has a denying ending itself: bırakın is "stop", bırakmayın "do not stop"."""
    return patterns.verb is not None and patterns.verb.search(word) is not None


def _companions(left: str, patterns: Patterns, found: dict[int, tuple[int, bool]], clean: str) -> None:
    """Count Polish "nikt", French "ni", English "nor" only where their sentence holds no other negation."""
    for match in patterns.with_not.finditer(clean):
        if match.start() in found:
            continue
        first = max((m.end() for m in _CLAUSE.finditer(clean, 0, match.start())), default=0)
        ending = _CLAUSE.search(clean, match.end())
        last = ending.start() if ending else len(clean)
        alone = not any(strong and first <= start < last for start, (_, strong) in found.items())
        # A Polish "nigdy" or "nikt" denies nothing where its "nie" is gone.
        if not alone or patterns.by_itself:
            found[match.start()] = (match.end(), alone)


def _pattern(entries: Iterator[str] | list[str]) -> str:
    parts = []
    for entry in sorted(set(entries), key=len, reverse=True):
        closing = entry.endswith("$")
        escaped = re.escape(entry.replace("?", "").rstrip("$ ")).replace(r"\ ", r"\s+")
        escaped = re.sub(r"\\s\+\\\*\\s\+", r"\\s+(?:\\S+\\s+){1,6}?", escaped)
        parts.append(
            escaped.replace(r"\*", r"\w*").replace(r"\#", r"\d+") + (r"(?=\s*(?:[.,;:!?؟،)]|$))" if closing else "")
        )
    return "|".join(parts) or "(?!)"


@cache
def _patterns(words: Lexicon) -> Patterns:
    def listed(name: str) -> list[str]:
        return words.words_of(name, "negation")

    soft = listed("soft")
    phrases = [entry for entry in soft if " " in entry or entry.endswith("-*")]
    alone = [entry for entry in soft if entry not in phrases]
    joined = r"[وف]?" if words.lang == "ar" else ""
    before = r"(?<![\w'])" + joined if words.lang != "fr" else r"(?<!\w)"

    def bounded(expression: str) -> re.Pattern[str]:
        return re.compile(rf"{before}(?:{expression})(?!\w)")

    not_only, none = _pattern(listed("not_only")), _pattern(listed("none"))
    if not_alone := listed("not_only_if"):
        not_only = rf"{not_only}|(?:{_pattern(not_alone)})(?=[^.!?]*\b(?:{_pattern(listed('also'))})\b)"
    silent = rf"(?P<not_only>{not_only})|(?P<none>{none})|(?P<soft>{_pattern(phrases)})"
    never = _pattern(listed("never_soft"))
    companions = [*listed("with_not"), *[w for w in listed("words") if w in ("noch", "nor", "evenmin")]]
    lone = [word for word in listed("lone") if word not in ("ni", "personne")]
    companions += [word for word in listed("lone") if word == "ni"]
    strong = [word for word in [*listed("words"), *listed("avoid")] if word not in companions]
    verb = words.data["negation"].get("verb")
    refused = _pattern(listed("verb_not")) if verb else ""
    not_lone = _pattern(listed("not_lone"))
    return Patterns(
        silent=bounded(
            silent
            + (
                rf"|(?P<lone>{not_lone}|(?:\d+|cent|mille|deux|trois|quatre|cinq|six|sept|huit|dix|vingt)\s?pas)"
                if words.lang == "fr"
                else ""
            )
        ),
        strong=bounded(_pattern(strong)),
        soft=bounded(rf"(?P<never>{never})|(?:{_pattern(alone)})"),
        with_not=bounded(_pattern(companions)),
        shared=bounded(_pattern(listed("shared"))),
        verb=re.compile(rf"^(?!(?:{refused})$).*(?:{verb})$") if verb else None,
        final_verb=re.compile(_pattern(listed("final_verb"))) if verb else None,
        ne=re.compile(r"(?<!\w)n(?:e\s|')") if words.lang == "fr" else None,
        partners=bounded(_pattern(listed("partners"))),
        lone=bounded(_pattern(lone)),
        by_itself=words.lang != "pl",
        stops=bounded(_pattern(listed("stop"))),
        most=bounded(_pattern(listed("most"))),
        more=bounded(_pattern(listed("more"))),
    )
