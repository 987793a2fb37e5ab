"""The words by which a language denies, as compiled patterns. It finds nothing itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from cms.localize.facts.lexicon import Lexicon


@dataclass(frozen=True)
class Patterns:
    """What to look for in one language, compiled."""

    silent: re.Pattern[str]
    strong: re.Pattern[str]
    soft: re.Pattern[str]
    with_not: re.Pattern[str]
    shared: re.Pattern[str]
    both: re.Pattern[str]
    breaks: re.Pattern[str]
    verb: re.Pattern[str] | None
    final_verb: re.Pattern[str] | None
    ne: re.Pattern[str] | None
    partners: re.Pattern[str]
    lone: re.Pattern[str]
    by_itself: bool
    stops: re.Pattern[str]
    most: re.Pattern[str]
    more: re.Pattern[str]
    without: re.Pattern[str]
    only: re.Pattern[str]
    unless: re.Pattern[str]


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
def patterns_of(words: Lexicon) -> Patterns:
    """Return the expressions by which a language denies, made once from its lists of words."""

    def listed(name: str) -> list[str]:
        return words.words_of(name, "negation")

    soft = listed("soft")
    phrases = [entry for entry in soft if " " in entry or entry.endswith("-*")]
    alone = [entry for entry in soft if entry not in phrases]
    exact = [entry for entry in alone if "*" not in entry]
    joined = r"[وف]?" if words.lang == "ar" else ""
    before = r"(?<![\w'])" + joined if words.lang != "fr" else r"(?<!\w)"

    def bounded(expression: str) -> re.Pattern[str]:
        return re.compile(rf"{before}(?:{expression})(?!\w)")

    not_only, none = _pattern(listed("not_only")), _pattern(listed("none"))
    if not_alone := listed("not_only_if"):
        not_only = rf"{not_only}|(?:{_pattern(not_alone)})(?=[^.!?]{{0,300}}\b(?:{_pattern(listed('also'))})\b)"
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
        soft=bounded(rf"(?P<exact>{_pattern(exact)})|(?P<never>{never})|(?:{_pattern(alone)})"),
        with_not=bounded(_pattern(companions)),
        shared=bounded(_pattern(listed("shared"))),
        both=bounded(_pattern(listed("and"))),
        breaks=re.compile(rf"[.!?؟;:\n]|(?<!\w)(?:{_pattern(listed('breaks'))})(?!\w)"),
        verb=re.compile(rf"^(?!(?:{refused})$).*(?:{verb})$") if verb else None,
        final_verb=re.compile(_pattern(listed("final_verb"))) if verb else None,
        ne=re.compile(r"(?<!\w)n(?:e\s|')") if words.lang == "fr" else None,
        partners=bounded(_pattern(listed("partners"))),
        lone=bounded(_pattern(lone)),
        by_itself=words.lang != "pl",
        stops=bounded(_pattern(listed("stop"))),
        most=bounded(_pattern(listed("most"))),
        more=bounded(_pattern(listed("more"))),
        without=bounded(_pattern(listed("without"))),
        only=bounded(_pattern(listed("only"))),
        unless=bounded(_pattern(listed("unless"))),
    )
