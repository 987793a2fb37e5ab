"""Count the syllables of a word, by its letters: Dutch and English. Pure, and right for most words, not for all."""

import re
import unicodedata
from collections.abc import Callable, Mapping

# Letters that are one sound in Dutch, longest first; a vowel with a trema begins a syllable of its own.
_DUTCH = re.compile(r"aai|ooi|oei|eeu|ieu|aa|ee|ie|ij|oe|oo|ou|au|ui|uu|eu|ei|[aeiouyëïöüäáàâéèêíìîóòôúùû]")
# "qu" is a consonant here, and so is "y" before a vowel.
_DUTCH_SILENT = re.compile(r"(?<=q)u|y(?=[aeiou])")
# Where two letters that are one sound elsewhere are two: mu-se-um, be-ïn, ge-us.
_DUTCH_APART = re.compile(r"(?<=[bcdfghjklmnpqrstvwxz])e(?=um\b|us\b)|(?<=b)e(?=ij|oe|oor|aa|a[^a])|\bge(?=[uij])")
_ENGLISH = re.compile(r"[aeiouy]+")
_ENGLISH_SILENT = re.compile(r"(?<=[a-z]{2})(?:(?<![lr])e|(?<=[^aeiouyl])le\b(?<!.)|(?<![td])ed|(?<![sxzcg]|sh|ch)es)$")
_ENGLISH_APART = re.compile(r"i(?=a|o(?!us)|um)|(?<!q)u(?=a)|e(?=o)|y(?=i)")


def dutch(word: str) -> int:
    """Return the syllables of a Dutch word: its vowel sounds."""
    text = _DUTCH_SILENT.sub("-", unicodedata.normalize("NFC", word).lower())
    text = _DUTCH_APART.sub(lambda found: found[0] + "-", text)
    return max(1, len(_DUTCH.findall(text)))


def english(word: str) -> int:
    """Return the syllables of an English word: its groups of vowels, without a silent e at the end."""
    text = "".join(c for c in unicodedata.normalize("NFKD", word).lower() if not unicodedata.combining(c))
    groups = len(_ENGLISH.findall(_ENGLISH_APART.sub(lambda found: found[0] + "-", text)))
    return max(1, groups - (1 if groups > 1 and _is_silent(text) else 0))


def _is_silent(text: str) -> bool:
    """Tell whether the last vowel is written and not spoken: pain*e*d no, tir*e*d; tabl*e* is spoken."""
    if text.endswith("e"):
        return not re.search(r"[^aeiouylr][lr]e$|[aeiouy]e$", text) or text.endswith(("re",))
    if text.endswith("ed"):
        return text[-3:-2] not in "tdaeiouy" if len(text) > 3 else False
    if text.endswith("es"):
        return not re.search(r"(?:[sxzcg]|sh|ch|[aeiouy]|[^aeiouyr]l)es$", text)
    return False


COUNTERS: Mapping[str, Callable[[str], int]] = {"nl": dutch, "en": english}
