"""Whether a translation is there at all, whole, and no longer than it may be. Pure.

A part is missing where the text is much shorter than its language makes it. A sentence is, where there are fewer and
the text is as long as the others alone: who makes one sentence of two keeps the length, and puts a comma between them.
"""

import re
from collections.abc import Iterator

from cms.localize.checks.finding import ERROR, WARNING, Finding
from cms.localize.checks.script import TARGET
from cms.localize.facts import sentences
from cms.localize.facts.lexicon import lexicon
from cms.localize.facts.reading import read
from cms.localize.stems import language

_SAYS = re.compile(r"[^\W_]")
_DIGIT = re.compile(r"\d")
_PLACEHOLDER = re.compile(
    r"\s*+(?:\[?\s*+(?:todo|tbd|tba|xxx+|n/?a|vertalen|translate me|to be translated)\s*+\]?|lorem ipsum.*+)[.:!…\s]*+",
    re.I,
)
_UNREAD = re.compile(rf"{TARGET}|https?://\S+|[*_`\[\]]")
# How long a text becomes, in characters, beside the same text in Dutch; measured on tests/pairs.
_LENGTH = {
    "nl": 1.0,
    "en": 1.0,
    "de": 1.16,
    "fr": 1.14,
    "tr": 0.97,
    "pl": 1.01,
    "ar": 0.86,
    "fa": 0.86,
    "he": 0.8,
    "zh": 0.35,
    "ja": 0.5,
    "ko": 0.55,
}
# A translation of this share of the expected length or less lacks something: by how many joints it has fewer.
_WHOLE = ((0, 0.6), (1, 0.62), (2, 0.7))
# How long the translation may be beside the source without its shortest sentence, if that one is to be missing.
# It depends on how many joints the translation has more, up to two.
_REST, _REST_ASKED = (1.45, 1.18, 1.05), 1.05
# A comma that German and Polish set before a clause which other languages join without one.
_BOUND = {
    "de": re.compile(r",\s+(?:dass|ob|was|wie|wo|welche[rsnm]?)(?!\w)"),
    "pl": re.compile(r",\s+(?:że|jak\w*|któr\w+|co|czy|ile|gdzie)(?!\w)"),
}
_LONG_ENOUGH, _PART_AT_LEAST = 25, 40
_SHORT_TEXT, _SHORT_ALONE, _SHORT_WHOLE = 60, 0.53, 0.42
# Who makes one sentence of three leaves out less than this.
_JOINED = 0.72


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
    source: str, target: str, source_locale: str, target_locale: str, max_length: int | None, *, fact_lost: bool = False
) -> Iterator[Finding]:
    """Yield whether the target is too long, or so short that something must be gone, a lost fact being a witness."""
    if max_length is not None and len(target) > max_length:
        yield Finding(
            "length", ERROR, "too_long", {"length": len(target), "most": max_length}, None, (max_length, len(target))
        )
    ours, theirs = _weight(source, source_locale), _weight(target, target_locale)
    if not _SAYS.search(source) or not ours:
        return
    ratio = theirs / ours
    values = {"source": len(source), "target": len(target)}
    if ratio < 0.3 and ours >= _LONG_ENOUGH:
        yield Finding("missing", ERROR, "most", values, (0, len(source)), (0, len(target)))
        yield Finding("length", WARNING, "too_short", values, None, (0, len(target)))
    elif reason := _gone(source, target, (source_locale, target_locale), ours, ratio, fact_lost):
        yield Finding("missing", WARNING, reason, values, (0, len(source)), (0, len(target)))
    if ratio > 2.2 and theirs - ours > 30 and (ratio > 2.6 or theirs - ours > 70):
        yield Finding("length", WARNING, "much_longer", values, None, (0, len(target)))


def _gone(source: str, target: str, locales: tuple[str, str], ours: float, ratio: float, fact_lost: bool) -> str:
    """Return what seems to be left out: a sentence, a part, or nothing."""
    gone = len(sentences.bounds(source, locales[0])) - len(sentences.bounds(target, locales[1]))
    if gone <= 0 and ratio >= max(share for _, share in _WHOLE):
        return ""
    fewer = _joints(source, locales[0]) - _joints(target, locales[1])
    if gone > 0 and ours >= _LONG_ENOUGH:
        here = sorted(_weight(source[a:b], locales[0]) for a, b in sentences.spans(source, locales[0]))
        # A question may have become a condition, whose verb alone says so in Turkish.
        asked = sum(map(source.count, "?؟")) > sum(map(target.count, "?؟"))
        most = _REST_ASKED if asked else _REST[0 if fact_lost else min(max(-fewer, 0), 2)]
        if ratio * ours < most * sum(here[gone:]):
            return "sentence"
    if gone > 1 and ours >= _PART_AT_LEAST and ratio < _JOINED:
        return "sentence"
    # A number in digits is shorter than in words; and of one clause no part is left out that another language needs.
    short = gone == 0 and ours < _SHORT_TEXT and ratio > _SHORT_ALONE
    if short and (_DIGIT.search(target) or not (fact_lost or _joints(source, locales[0]))):
        return ""
    # Of several, none is gone.
    if gone == 0 and ours < _SHORT_TEXT and len(sentences.bounds(source, locales[0])) > 1 and ratio > _SHORT_WHOLE:
        return ""
    if ours >= _PART_AT_LEAST and any(fewer >= least and ratio < share for least, share in _WHOLE):
        return "sentence" if gone > 0 else "part"
    return ""


def _joints(text: str, locale: str) -> int:
    """Count what ties clauses and items together: commas, semicolons, dashes and words such as "and"."""
    if not lexicon(locale).known:
        return 0
    clean = read(text, language(locale)).clean
    bound = _BOUND[language(locale)].findall(clean) if language(locale) in _BOUND else []
    return len(sentences.joint(locale).findall(clean)) - len(bound)


def _weight(text: str, locale: str) -> float:
    return len(_UNREAD.sub("", text)) / _LENGTH.get(language(locale), 1.0)
