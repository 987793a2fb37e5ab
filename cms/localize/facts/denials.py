"""The words by which a language denies, as compiled patterns. It finds nothing itself."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from cms.localize.facts.lexicon import Lexicon

# Up to six words.
_GAP = r"\s+(?:\S+\s+){1,6}?"


@dataclass(frozen=True)
class Patterns:
    """What to look for in one language, compiled."""

    silent: re.Pattern[str]
    denial: re.Pattern[str]
    strong: re.Pattern[str]
    soft: re.Pattern[str]
    with_not: re.Pattern[str]
    never_alone: re.Pattern[str]
    shared: re.Pattern[str]
    both: re.Pattern[str]
    breaks: re.Pattern[str]
    verb: re.Pattern[str] | None
    final_verb: re.Pattern[str] | None
    finite: re.Pattern[str]
    ne: re.Pattern[str] | None
    ne_only: re.Pattern[str]
    partners: re.Pattern[str]
    lone: re.Pattern[str]
    alone: re.Pattern[str]
    doubled: re.Pattern[str]
    changes: re.Pattern[str]
    known: re.Pattern[str]
    asked: re.Pattern[str]
    soft_spelt: Mapping[str, str]
    stops: re.Pattern[str]
    most: re.Pattern[str]
    more: re.Pattern[str]
    without: re.Pattern[str]
    avoiding: re.Pattern[str]
    until_denied: re.Pattern[str]
    ordered: re.Pattern[str]
    only: re.Pattern[str]
    unless: re.Pattern[str]
    excepting: re.Pattern[str]

    def denies_within(self, words: str) -> bool:
        """Tell whether a weak negation holds a strong one: "do not forget", unutmayın."""
        return bool(self.denial.search(words) or (self.verb and self.verb.search(words)))


def _pattern(entries: Iterable[str], barred: str = "") -> str:
    """Return one expression for any entry.

    Where words are barred, no such word stands in the gap of an entry that ends with one ("vergeet uw pas niet"); of
    any other only the beginning is taken, so that one in its gap still counts: "zeg de afspraak niet af".
    """
    parts = []
    for entry in sorted(dict.fromkeys(entries), key=len, reverse=True):
        closing = r"(?=\s*(?:[.,;:!?؟،)]|$))" if entry.endswith("$") else ""
        head, *tails = [_escaped(stretch) for stretch in entry.replace("?", "").rstrip("$ ").split(" * ")]
        if not (barred and tails):
            parts.append(_GAP.join([head, *tails]) + closing)
        elif re.search(rf"(?<!\w)(?:{barred})(?!\w)", entry):
            gap = _GAP.replace(r"\S+", rf"(?!(?:{barred})(?!\w))\S+")
            parts.append(gap.join([head, *tails]) + closing)
        else:
            parts.append(rf"{head}(?={_GAP}{_GAP.join(tails)}(?!\w))")
    return "|".join(parts) or "(?!)"


def _escaped(words: str) -> str:
    spaced = re.escape(words).replace(";", "[,،]?").replace(r"\ ", r"\s+")
    return spaced.replace(r"\*", r"\w*").replace(r"\#", r"\d+")


def _elided(entries: list[str]) -> str:
    return "|".join(entry if entry.endswith("'") else rf"{entry}\s" for entry in entries) or "(?!)"


@cache
def patterns_of(words: Lexicon) -> Patterns:
    """Return the expressions by which a language denies, made once from its lists of words."""
    data = words.data.get("negation", {})

    def listed(name: str) -> list[str]:
        return words.words_of(name, "negation")

    def expression(name: str) -> str:
        return str(data.get(name, "(?!)"))

    soft = listed("soft")
    phrases = [entry for entry in soft if " " in entry or entry.endswith("-*")]
    alone = [entry for entry in soft if entry not in phrases]
    exact = [entry for entry in alone if "*" not in entry]
    # Behind an apostrophe that stands for a vowel another word begins.
    before = r"(?<!\w)" if "elision" in words.data else r"(?<![\w'])"
    before += rf"(?:{_pattern(listed('joined'))})?"

    def bounded(expression: str) -> re.Pattern[str]:
        return re.compile(rf"{before}(?:{expression})(?!\w)")

    not_only, none = _pattern(listed("not_only")), _pattern(listed("none"))
    if not_alone := listed("not_only_if"):
        not_only = rf"{not_only}|(?:{_pattern(not_alone)})(?=[^.!?]{{0,300}}\b(?:{_pattern(listed('also'))})\b)"
    companions = [*listed("with_not"), *listed("never_alone")]
    strong = [word for word in [*listed("words"), *listed("avoid")] if word not in companions]
    # "Laat hem niet alleen" has a denial within, which counts; "vergeet niet" is one, and is none.
    barred = _pattern([*strong, *listed("partners")])
    limits = [entry for entry in phrases if any(entry.startswith(f"{word} * ") for word in strong)]
    parted = _pattern([entry for entry in phrases if entry not in limits], barred)
    silent = rf"(?P<not_only>{not_only})|(?P<none>{none})|(?P<soft>{_pattern(limits)}|{parted})"
    silent += rf"|(?P<lone>{_pattern(listed('not_lone'))})"
    never = _pattern(listed("never_soft"))
    verb = data.get("verb")
    refused = _pattern(listed("verb_not"))
    return Patterns(
        silent=bounded(silent),
        denial=bounded(barred),
        strong=bounded(_pattern(strong)),
        soft=bounded(rf"(?P<exact>{_pattern(exact)})|(?P<never>{never})|(?:{_pattern(alone)})"),
        with_not=bounded(_pattern(companions)),
        never_alone=bounded(_pattern(listed("never_alone"))),
        shared=bounded(_pattern(listed("shared"))),
        both=bounded(_pattern(listed("and"))),
        breaks=re.compile(rf"[.!?؟;:\n]|(?<!\w)(?:{_pattern(listed('breaks'))})(?!\w)"),
        verb=re.compile(rf"^(?!(?:{refused})$).*(?:{verb})$") if verb else None,
        final_verb=re.compile(_pattern(listed("final_verb"))) if verb else None,
        finite=re.compile(rf"(?:{expression('finite')})$"),
        ne=re.compile(rf"(?<!\w)(?:{_elided(listed('ne'))})") if listed("ne") else None,
        ne_only=re.compile(rf"(?<!\w)(?:{_elided(listed('ne_only'))})"),
        partners=bounded(_pattern(listed("partners"))),
        lone=bounded(_pattern(listed("lone"))),
        alone=bounded(_pattern(listed("ne_alone"))),
        doubled=re.compile(rf"(?:{_pattern(listed('doubled'))})$"),
        changes=re.compile(rf"(?:{_pattern(listed('changes'))})$"),
        known=re.compile(rf"\s+(?:{expression('known')})(?!\w)"),
        asked=re.compile(rf"(?:{_pattern(listed('asked'))}) "),
        soft_spelt=data.get("soft_spelt", {}),
        stops=bounded(_pattern(listed("stop"))),
        most=bounded(_pattern(listed("most"))),
        more=bounded(_pattern(listed("more"))),
        without=bounded(_pattern(listed("without"))),
        avoiding=bounded(_pattern(listed("avoid"))),
        until_denied=bounded(_pattern(listed("until_denied"))),
        ordered=re.compile(rf"\s*(?:{expression('ordered')})(?!\w)"),
        only=bounded(_pattern(listed("only"))),
        unless=bounded(_pattern(listed("unless"))),
        excepting=bounded(_pattern(listed("excepting"))),
    )
