"""Which of two opposites a text says: left or right, wait or at once, safe or dangerous. Pure; it knows no negation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from cms.localize.facts.lexicon import lexicon
from cms.localize.facts.remembering import remembered
from cms.localize.facts.tokens import WORDS

PAIRS = (
    ("wait", "at_once"),
    ("forget", "remember"),
    ("danger", "safe"),
    ("forbidden", "allowed"),
    ("closed", "opened"),
    ("cold", "warm"),
    ("less", "more"),
    ("halt", "start"),
    ("left", "right"),
    ("seated", "upright"),
    ("few", "many"),
    ("empty", "full"),
    ("wet", "dry"),
    ("other", "same"),
    ("ill", "fit"),
    ("hard", "easy"),
    ("leave", "stay"),
    ("at_most", "at_least"),
    ("strain", "gentle"),
    ("bad", "fine"),
    ("asleep", "awake"),
    ("persists", "gone"),
    ("still", "moved"),
    ("talks", "quiet"),
    ("doubt", "sure"),
    ("pays", "gratis"),
    ("alone", "together"),
    ("apart", "at_same_time"),
    ("able", "struggles"),
    ("well", "unwell"),
    ("enough", "too_little"),
    ("wait", "urgent"),
    ("urgent", "unhurried"),
    ("reachable", "shut"),
    ("continue", "stops"),
    ("takes_off", "leaves_on"),
    ("long", "short"),
    ("late", "in_time"),
    ("severe", "mild"),
    ("severe", "safe"),
    ("bad", "mild"),
    ("clear", "vague"),
    ("skips", "always"),
    ("forget", "always"),
    ("tense", "relaxed"),
    ("complains", "feels_fine"),
    ("eats", "fasts"),
    ("less", "persists"),
    ("less", "same"),
    ("sure", "struggles"),
    ("well", "struggles"),
    ("goes_on", "put_off"),
    ("chews", "whole"),
    ("normal", "strange"),
    ("normal", "bad"),
    ("goes_out", "stays_in"),
    ("danger", "fine"),
    ("brings", "stays_in"),
)

# Those whose words have no other meaning: to turn one of them round is a fault by itself.
FIRM = (
    ("wait", "at_once"),
    ("leave", "stay"),
    ("danger", "safe"),
    ("closed", "opened"),
)


@dataclass(frozen=True)
class _Listed:
    words: Mapping[str, frozenset[str]]
    beginnings: tuple[tuple[str, str], ...]
    phrases: tuple[tuple[str, str], ...]


@remembered
def words_said(clean: str, lang: str) -> tuple[frozenset[str], ...]:
    """Return the codes of each word of a stretch of a reading that says one of two opposites, or more of them."""
    found: dict[str, frozenset[str]] = {}
    phrases = [(phrase, code) for phrase, code in _listed(lang).phrases if phrase in clean]
    for phrase, code in phrases:
        found[phrase] = found.get(phrase, frozenset()) | {code}
        clean = clean.replace(phrase, " ")
    return (*found.values(), *(codes for word in WORDS.findall(clean) if (codes := _codes(word, lang))))


@remembered
def said(clean: str, lang: str) -> frozenset[str]:
    """Return the codes of the opposites that a stretch of a reading says."""
    return frozenset().union(*words_said(clean, lang))


def turned(denied: Sequence[frozenset[str]], here: frozenset[str], there: frozenset[str]) -> int:
    """Count the denied words of one text that the other says by their opposites alone."""
    gone = [codes for codes in denied if codes.isdisjoint(there)]
    return sum(
        any(
            one in codes and other in there and other not in here for pair in PAIRS for one, other in (pair, pair[::-1])
        )
        for codes in gone
    )


@lru_cache(maxsize=1 << 14)
def _codes(word: str, lang: str) -> frozenset[str]:
    listed = _listed(lang)
    begun = {code for beginning, code in listed.beginnings if word.startswith(beginning)}
    return listed.words.get(word, frozenset()) | begun


@cache
def _listed(lang: str) -> _Listed:
    words = lexicon(lang)
    single: dict[str, set[str]] = {}
    beginnings, phrases = [], []
    for code in words.data.get("opposites", {}):
        for entry in words.words_of(code, "opposites"):
            if " " in entry or "'" in entry or "-" in entry:
                phrases.append((entry.rstrip("*"), code))
            elif entry.endswith("*"):
                beginnings.append((entry[:-1], code))
            else:
                single.setdefault(entry, set()).add(code)
    return _Listed({word: frozenset(codes) for word, codes in single.items()}, tuple(beginnings), tuple(phrases))
