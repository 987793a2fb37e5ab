"""Whether a translation is in its language and script: not left in the source's, not in a third's. Pure."""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

import langcodes

from cms.localize.checks.finding import ERROR, WARNING, Finding
from cms.localize.facts import sentences
from cms.localize.facts.lexicon import KNOWN, lexicon
from cms.localize.facts.reading import read
from cms.localize.stems import language

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SKIPPED = re.compile(r"\]\([^)]*\)|https?://\S+|www\.\S+|\S+@\S+|`[^`]*`")
_SCRIPTS = {
    "Latn": "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff",
    "Arab": "\u0620-\u065f\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc",
    "Cyrl": "\u0400-\u052f",
    "Grek": "\u0370-\u03ff\u1f00-\u1fff",
    "Hebr": "\u0590-\u05ff",
}
_ANY = {name: re.compile(f"[{letters}]") for name, letters in _SCRIPTS.items()}
_RUN = {name: re.compile(f"[{letters}][{letters}'’\\-]*") for name, letters in _SCRIPTS.items()}
_LONG_RUN, _SHORT_RUN = 5, 3


def compare(source: str, target: str, source_locale: str, target_locale: str) -> list[Finding]:
    """Return what is left in another language or written in another script."""
    found = list(_script(source, target, target_locale))
    if language(source_locale) != language(target_locale):
        found += _language(source, target, source_locale, target_locale)
    return found


@lru_cache(maxsize=1024)
def script_of(locale: str) -> str:
    """Return the script that a locale is written in, as four letters (ISO 15924)."""
    return langcodes.Language.get(locale).maximize().script or "Latn"


def _script(source: str, target: str, locale: str) -> Iterator[Finding]:
    wanted = script_of(locale)
    if wanted not in _ANY:
        return
    shown = _SKIPPED.sub(lambda match: " " * len(match[0]), target)
    for word in _WORD.finditer(shown):
        mixed = [name for name in ("Latn", "Cyrl", "Grek") if _ANY[name].search(word[0])]
        if len(mixed) > 1 and not {"µ", "μ"} & set(word[0]) and "-" not in word[0]:
            yield Finding("script", ERROR, "mixed", {"word": word[0]}, None, word.span())
            return
    for name, run in _RUN.items():
        if name in (wanted, "Latn"):
            continue
        for word in run.finditer(shown):
            if len(word[0]) > 1 and word[0] not in source:
                yield Finding("script", ERROR, "foreign", {"word": word[0], "script": name}, None, word.span())
                return
            if len(word[0]) == 1 and name == "Cyrl" and word[0] not in source:
                yield Finding("script", ERROR, "mixed", {"word": word[0]}, None, word.span())
                return
    if wanted != "Latn" and not _ANY[wanted].search(shown):
        left = [word for word in _words(target) if word.islower() and len(word) > 2]
        if len(left) >= 2 or (left and len(_words(target)) >= 3):
            yield Finding("script", ERROR, "wrong", {"script": wanted}, None, (0, len(target)))


def _language(source: str, target: str, source_locale: str, target_locale: str) -> Iterator[Finding]:
    ours, theirs = _words(source), _words(target)
    if not theirs or not any(word[:1].islower() for word in theirs):
        if ours == theirs and len(ours) >= 4 and _hits(ours, source_locale, target_locale) >= 2:
            yield _left("same_as_source", target)
        return
    same = [word.lower() for word in ours] == [word.lower() for word in theirs]
    if same and _own(theirs, source_locale, target_locale):
        yield _left("same_as_source", target)
        return
    if same and _plain(theirs) >= 4 and not _hits(theirs, target_locale, source_locale):
        yield _left("same_as_source", target)
        return
    start, run = _longest_shared(ours, theirs)
    if run and _is_left(run, len(theirs), source_locale, target_locale):
        yield Finding("untranslated", ERROR, "part_left", {"text": " ".join(run)}, None, _span(target, start, len(run)))
        return
    kept = _kept(ours, theirs, source_locale, target_locale)
    if len(kept) >= 2:
        yield Finding("untranslated", ERROR, "part_left", {"text": " ".join(kept)}, None, (0, len(target)))
        return
    yield from _sentences(source, target, source_locale, target_locale)


def _left(reason: str, target: str) -> Finding:
    return Finding("untranslated", ERROR, reason, {}, None, (0, len(target)))


def _own(words: Sequence[str], source_locale: str, target_locale: str) -> bool:
    """Tell whether a text that equals its source is in the source's language: its own words outnumber the other's."""
    # Names of streets and practices are made of everyday words, with a capital.
    said = [word for at, word in enumerate(words) if at == 0 or word.islower()]
    ours, theirs = _hits(said, source_locale, target_locale), _hits(said, target_locale, source_locale)
    return len(words) >= 2 and ours > theirs and (ours >= 2 or _plain(words) >= 2)


def _plain(words: Sequence[str]) -> int:
    """Count the words that look like no name, brand or code."""
    return sum(word.islower() and len(word) > 2 for word in words)


def _is_left(run: Sequence[str], length: int, source_locale: str, target_locale: str) -> bool:
    hits = _hits(run, source_locale, target_locale)
    others = _hits(run, target_locale, source_locale)
    plain = _plain(run)
    if script_of(target_locale) != "Latn" and script_of(source_locale) == "Latn" and plain >= _SHORT_RUN:
        return True
    if len(run) >= _LONG_RUN and plain >= 4 and others <= hits:
        return True
    if len(run) > _SHORT_RUN and plain >= 3 and hits >= 1 and others == 0:
        return True
    return len(run) >= _SHORT_RUN and hits >= 2 and others == 0 and plain >= 2


def _sentences(source: str, target: str, source_locale: str, target_locale: str) -> Iterator[Finding]:
    """Weigh each sentence by the small words of the languages that are known."""
    wanted = language(target_locale)
    reading = read(target, wanted)
    for start, end in sentences.bounds(target, target_locale):
        words = _words(reading.clean[start:end])
        if len(words) < 4:
            continue
        weights = {lang: sum(word in _profile(lang) for word in words) for lang in KNOWN}
        here = weights.pop(wanted, None)
        if here is not None and (stretch := _stretch(words, wanted)):
            reason = "sentence_left" if stretch == language(source_locale) else "other_language"
            yield Finding("untranslated", ERROR, reason, {"language": stretch}, None, reading.span(start, end))
            return
        best = max(weights, key=lambda lang: weights[lang])
        span = reading.span(start, end)
        if here is None:
            if best == language(source_locale) and weights[best] >= max(4, len(words) // 2):
                yield Finding("untranslated", ERROR, "sentence_left", {"language": best}, None, span)
            continue
        if weights[best] >= 3 and weights[best] >= 2 * here + 2 and weights[best] * 4 >= len(words):
            reason = "sentence_left" if best == language(source_locale) else "other_language"
            yield Finding("untranslated", ERROR, reason, {"language": best}, None, span)
            return
    if script_of(target_locale) != "Latn":
        yield from _latin_runs(target)


def _stretch(words: Sequence[str], wanted: str) -> str:
    """Return the language of five words in a row of which none is of the wanted one, and three of the other."""
    lexical = lexicon(wanted)
    for at in range(len(words) - 4):
        five = words[at : at + 5]
        if any(word in _profile(wanted) or lexical.senses(word) for word in five):
            continue
        for lang in KNOWN:
            if lang != wanted and sum(word in _profile(lang) for word in five) >= 3:
                return lang
    return ""


def _latin_runs(target: str) -> Iterator[Finding]:
    """Report four plain Latin words in a row inside another script."""
    shown = _SKIPPED.sub(lambda match: " " * len(match[0]), target)
    for run in re.finditer(r"[a-zà-ÿ'’-]{2,}(?:[ ,]+[a-zà-ÿ'’-]{2,}){3,}", shown):
        yield Finding("untranslated", WARNING, "part_left", {"text": run[0]}, None, run.span())
        return


def _kept(ours: Sequence[str], theirs: Sequence[str], source_locale: str, target_locale: str) -> list[str]:
    """Return the everyday words of the source's language that stand in both texts."""
    mine, other = _profile(language(source_locale)), lexicon(target_locale)
    there = {word for word in theirs if word.islower() and len(word) >= 3}
    both = {word for word in ours if word in there and word in mine}
    return sorted(w for w in both if w not in _profile(other.lang) and not other.senses(w)) if other.known else []


def _longest_shared(ours: Sequence[str], theirs: Sequence[str]) -> tuple[int, list[str]]:
    """Return the longest run of words that both texts have, and where it begins in the second."""
    best, at = 0, 0
    places: dict[str, list[int]] = {}
    lowered = [word.lower() for word in ours]
    for index, word in enumerate(lowered):
        places.setdefault(word, []).append(index)
    other = [word.lower() for word in theirs]
    for start in range(len(other)):
        for place in places.get(other[start], ()):
            length = 1
            while (
                start + length < len(other)
                and place + length < len(lowered)
                and other[start + length] == lowered[place + length]
            ):
                length += 1
            if length > best:
                best, at = length, start
    return at, list(theirs[at : at + best]) if best >= _SHORT_RUN else []


def _hits(words: Sequence[str], locale: str, other: str) -> int:
    """Count the words that are of one language's everyday words and not of the other's."""
    mine, theirs = _profile(language(locale)), _profile(language(other))
    return sum(word.lower() in mine and word.lower() not in theirs for word in words)


@cache
def _profile(lang: str) -> frozenset[str]:
    words = lexicon(lang)
    return frozenset(str(words.data.get("profile", "")).split())


@lru_cache(maxsize=1 << 12)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(_SKIPPED.sub(" ", text)))


def _span(text: str, first: int, count: int) -> tuple[int, int]:
    places = [match.span() for match in _WORD.finditer(_SKIPPED.sub(lambda match: " " * len(match[0]), text))]
    return places[first][0], places[first + count - 1][1]
