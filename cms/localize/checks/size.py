"""Whether a translation is there at all, whole, and no longer than it may be. Pure."""

import re
from collections.abc import Iterator

from cms.localize.checks.finding import ERROR, WARNING, Finding
from cms.localize.facts import sentences
from cms.localize.stems import language

_SAYS = re.compile(r"[^\W_]")
_PLACEHOLDER = re.compile(
    r"\s*(?:\[?\s*(?:todo|tbd|tba|xxx+|n/?a|vertalen|translate me|to be translated)\s*\]?|lorem ipsum.*)[.:!…\s]*", re.I
)
# How long a text becomes, in characters, beside the same text in Dutch.
_LENGTH = {
    "nl": 1.0,
    "en": 0.94,
    "de": 1.05,
    "fr": 1.08,
    "tr": 0.93,
    "pl": 0.96,
    "ar": 0.76,
    "fa": 0.8,
    "he": 0.7,
    "zh": 0.3,
    "ja": 0.4,
    "ko": 0.5,
}


def empty(source: str, target: str) -> list[Finding]:
    """Return a finding where the source says something and the target nothing."""
    if not _SAYS.search(source):
        return []
    if not _SAYS.search(target):
        return [Finding("missing", ERROR, "empty", {}, (0, len(source)), None)]
    if _PLACEHOLDER.fullmatch(target) and not _PLACEHOLDER.fullmatch(source):
        return [Finding("missing", ERROR, "placeholder", {}, (0, len(source)), (0, len(target)))]
    return []


def compare(
    source: str, target: str, source_locale: str, target_locale: str, max_length: int | None
) -> Iterator[Finding]:
    """Yield whether the target is too long, or so short that something must be gone."""
    if max_length is not None and len(target) > max_length:
        yield Finding(
            "length", ERROR, "too_long", {"length": len(target), "most": max_length}, None, (max_length, len(target))
        )
    if not _SAYS.search(source):
        return
    ours, theirs = _weight(source, source_locale), _weight(target, target_locale)
    if not ours:
        return
    ratio = theirs / ours
    here, there = sentences.bounds(source, source_locale), sentences.bounds(target, target_locale)
    values = {"source": len(source), "target": len(target)}
    lost = len(here) > len(there)
    if ratio < 0.3 and ours >= 25:
        yield Finding("missing", ERROR, "most", values, (0, len(source)), (0, len(target)))
        yield Finding("length", WARNING, "too_short", values, None, (0, len(target)))
    elif (ratio < 0.5 and ours >= 40) or (lost and ratio < _least(len(here), len(here) - len(there)) and ours >= 30):
        yield Finding("missing", WARNING, "sentence" if lost else "part", values, (0, len(source)), (0, len(target)))
    if ratio > 2.0 and theirs - ours > 30 and (ratio > 2.6 or theirs - ours > 60):
        yield Finding("length", WARNING, "much_longer", values, None, (0, len(target)))


def _least(sentences_here: int, gone: int) -> float:
    """Return how long a translation is at least that merely joins sentences."""
    return min(0.8, 1.0 - 0.5 * gone / sentences_here)


def _weight(text: str, locale: str) -> float:
    stripped = re.sub(r"\]\([^)]*\)|https?://\S+|[*_`\[\]]", "", text)
    return len(stripped) / _LENGTH.get(language(locale), 1.0)
