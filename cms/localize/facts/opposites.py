"""Which of two opposites a text says: left or right, wait or at once, safe or dangerous. Pure; it knows no negation."""

from collections import Counter
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
    ("bent", "straight"),
    ("hanging", "resting"),
    ("obliged", "voluntary"),
    ("needed", "needless"),
    ("needed", "gratis"),
    ("obliged", "needless"),
    ("covered", "self_paid"),
    ("covered", "pays"),
    ("visible", "fading"),
    ("fading", "persists"),
    ("wants", "reluctant"),
    ("exceeds", "inside"),
    ("exceeds", "below"),
    ("more", "below"),
    ("more", "at_most"),
    ("less", "at_least"),
    ("opens", "intact"),
    ("opens", "leaves_on"),
    ("exposed", "protects"),
    ("exposed", "dry"),
    ("unattended", "present"),
    ("alone", "present"),
    ("smokes", "smoke_free"),
    ("suited", "unsuited"),
    ("possible", "impossible"),
    ("healed", "chronic"),
    ("healed", "persists"),
    ("usual", "rare"),
    ("load", "rest"),
    ("moved", "rest"),
    ("trust", "distrust"),
    ("shared_with", "kept_own"),
    ("hurts", "painless"),
    ("hurts", "gentle"),
    ("danger", "allowed"),
    ("bad", "allowed"),
    ("danger", "normal"),
    ("bad", "normal"),
    ("struggles", "easy"),
    ("halt", "continue"),
    ("persists", "stops"),
    ("forbidden", "fine"),
    ("wait", "in_time"),
    ("tight", "roomy"),
    ("on_belly", "on_back"),
    ("doubled", "normal"),
    ("undresses", "dressed"),
    ("lies_around", "put_away"),
    ("holds_breath", "breathes"),
    ("panics", "gentle"),
    ("panics", "quiet"),
    ("panics", "fine"),
    ("panics", "safe"),
    ("shared_with", "secret"),
    ("gone", "long"),
    ("upright", "lying"),
    ("upright", "stay"),
    ("available", "taken"),
    ("reachable", "taken"),
    ("every", "some"),
    ("minor", "grown_up"),
    ("fast", "slow"),
    ("at_once", "slow"),
    ("much", "small"),
    ("warm", "tepid"),
    ("spicy", "mild"),
    ("panics", "normal"),
    ("valid", "expired"),
    ("uses", "discards"),
    ("hardly", "rare"),
    ("hardly", "few"),
    ("less", "as_much"),
    ("unwell", "as_much"),
    ("struggles", "as_much"),
    ("bad", "as_much"),
    ("short", "as_much"),
    ("slow", "as_much"),
    ("few", "as_much"),
)

# Those whose words have no other meaning: to turn one of them round is a fault by itself.
FIRM = (
    ("wait", "at_once"),
    ("leave", "stay"),
    ("danger", "safe"),
    ("closed", "opened"),
    ("suited", "unsuited"),
)


@dataclass(frozen=True)
class _Listed:
    words: Mapping[str, frozenset[str]]
    beginnings: tuple[tuple[str, str], ...]
    phrases: tuple[tuple[str, frozenset[str]], ...]


@remembered
def words_said(clean: str, lang: str) -> tuple[frozenset[str], ...]:
    """Return the codes of each word of a stretch of a reading that says one of two opposites, or more of them."""
    found: dict[str, frozenset[str]] = {}
    for phrase, codes in _listed(lang).phrases:
        if phrase in clean and _stands(phrase, clean, lang):
            found[phrase] = codes
            clean = clean.replace(phrase, " ")
    return (*found.values(), *(codes for word in WORDS.findall(clean) if (codes := _codes(word, lang))))


def _stands(phrase: str, clean: str, lang: str) -> bool:
    """Tell whether a phrase begins where a word does; an Arabic one may stand behind what is written on."""
    at = clean.find(phrase)
    while at > 0 and clean[at - 1].isalpha() and lang != "ar":
        at = clean.find(phrase, at + 1)
    return at >= 0


@remembered
def said(clean: str, lang: str) -> frozenset[str]:
    """Return the codes of the opposites that a stretch of a reading says."""
    return frozenset().union(*words_said(clean, lang))


@remembered
def counted(clean: str, lang: str) -> Counter[str]:
    """Return how often a stretch of a reading says each of the opposites."""
    return Counter(code for codes in words_said(clean, lang) for code in codes)


def turned(denied: Sequence[frozenset[str]], here: Counter[str], there: Counter[str]) -> int:
    """Count the denied words of one text that the other says by their opposites, more often than the first does."""
    gone = [codes for codes in denied if not any(there[code] >= here[code] for code in codes)]
    return sum(
        any(one in codes and there[other] > here[other] for pair in PAIRS for one, other in (pair, pair[::-1]))
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
    phrases: dict[str, set[str]] = {}
    beginnings = []
    for code in words.data.get("opposites", {}):
        for entry in words.words_of(code, "opposites"):
            if " " in entry or "'" in entry or "-" in entry:
                phrases.setdefault(entry.rstrip("*"), set()).add(code)
            elif entry.endswith("*"):
                beginnings.append((entry[:-1], code))
            else:
                single.setdefault(entry, set()).add(code)
    # The longest comes first: "out of bed" is not "bed".
    longest = sorted(phrases, key=len, reverse=True)
    return _Listed(
        {word: frozenset(codes) for word, codes in single.items()},
        tuple(beginnings),
        tuple((phrase, frozenset(phrases[phrase])) for phrase in longest),
    )
