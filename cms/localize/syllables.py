"""Count the syllables of a word, by its letters: Dutch and English. Pure, and right for most words, not for all."""

import re
import unicodedata
from collections.abc import Callable, Mapping

# Letters that are one sound in Dutch, longest first; a vowel with a trema begins a syllable of its own.
_DUTCH = re.compile(r"aai|ooi|oei|eeu|ieu|aa|ee|ie|ij|oe|oo|ou|au|ui|uu|eu|ei|[aeiouyëïöüäáàâéèêíìîóòôúùû]")
# "qu" is a consonant, and so is "y" before a vowel.
_DUTCH_SILENT = re.compile(r"(?<=q)u|y(?=[aeiou])")
# What looks like one sound and is two: muse-um, be-oordelen, be-antwoorden, ge-opereerd, ge-uit.
_DUTCH_APART = re.compile(r"e(?=um\b)|\bbe(?=[oa])|\bge(?=o|ui)")

_ENGLISH = re.compile(r"[aeiouy]+")
# Vowels that stand together and belong to two syllables: me-dia, physi-o, gradu-al, vide-o, do-ing.
_ENGLISH_APART = re.compile(
    r"(?<![ct])(?<!fr)i(?=a|en)|i(?=o(?![un]))|(?<![qg])u(?=a)|e(?=o(?!p))|[eoy](?=ing)|i(?=um|et)"
)
# An e that is written and not spoken: pain-e-d, mak-e-s, whol-e, mov-e-ment; but not in tabl-e, need-e-d, match-e-s.
_ENGLISH_SILENT = re.compile(
    r"(?<=[a-z])(?:(?<![aeiouy])(?<![^aeiouylr]l)e$|(?<![aeiouytd])ed$|(?<![aeiouysxzcg])(?<![sc]h)(?<![^aeiouylr]l)es$"
    r"|(?<![aeiouyl])e(?=(?:ly|ments?|ful|fully|less|ness)$))"
)


def dutch(word: str) -> int:
    """Return the syllables of a Dutch word: its vowel sounds."""
    text = _DUTCH_SILENT.sub("-", unicodedata.normalize("NFC", word).lower())
    text = _DUTCH_APART.sub(lambda found: found[0] + "-", text)
    return max(1, len(_DUTCH.findall(text)))


def english(word: str) -> int:
    """Return the syllables of an English word: its groups of vowels, without an e that is not spoken."""
    text = "".join(c for c in unicodedata.normalize("NFKD", word).lower() if c.isalpha())
    groups = len(_ENGLISH.findall(_ENGLISH_APART.sub(lambda found: found[0] + "-", text)))
    return max(1, groups - len(_ENGLISH_SILENT.findall(text)))


COUNTERS: Mapping[str, Callable[[str], int]] = {"nl": dutch, "en": english}
