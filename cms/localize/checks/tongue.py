"""Whether a translation is in its language: not left in the source's, not in a third's, not a word of it. Pure."""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from cms.localize.checks import runs
from cms.localize.checks.finding import ERROR, WARNING, Finding
from cms.localize.checks.script import ADDRESSES, WORD, script_of, without_addresses
from cms.localize.facts import opposites, sentences
from cms.localize.facts.lexicon import KNOWN, LONGEST, lexicon
from cms.localize.facts.reading import read
from cms.localize.facts.remembering import remembered
from cms.localize.stems import language

_LONG_RUN, _SHORT_RUN = 5, 3
_OWN_AT_LEAST = 4
_LATIN_RUN = re.compile(r"(?<![a-zà-ÿ'’-])[a-zà-ÿ'’-]{2,}+(?:[ ,]++[a-zà-ÿ'’-]{2,}+){3,}+")
# What is kept on purpose is quoted, put in brackets or emphasis, or explained in brackets behind it.
_ON_PURPOSE = re.compile(
    r"\([^()]*\)|\[[^\[\]]*\]|[\"“„«‘][^\"”“»’]{0,400}[\"”“»’]|(?<!\*)\*[^*]+\*(?!\*)|(?<!\w)_[^_]+_"
    r"|(?<![^\W\d_])[^\W\d_]++(?=[*_\"”“»’]*+\s\()"
)


def compare(source: str, target: str, source_locale: str, target_locale: str) -> list[Finding]:
    """Return what is left in another language."""
    if language(source_locale) == language(target_locale):
        return []
    return list(_language(source, target, source_locale, target_locale))


def _language(source: str, target: str, source_locale: str, target_locale: str) -> Iterator[Finding]:
    ours, theirs = _words(source), _words(target)
    if len(theirs) == 1 and ours == theirs and _is_own(theirs[0].lower(), source_locale, target_locale):
        yield _left("same_as_source", target)
        return
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
    if word := _word_left(source, target, source_locale, target_locale):
        yield word
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
    plain, small = _plain(run), sum(map(str.islower, run))
    if script_of(target_locale) != "Latn" and script_of(source_locale) == "Latn" and plain >= _SHORT_RUN:
        return True
    if len(run) >= _LONG_RUN and (plain >= 4 or (hits and small >= len(run) - 1)) and others <= hits:
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
    for run in _LATIN_RUN.finditer(without_addresses(target)):
        yield Finding("script", ERROR, "foreign", {"word": run[0], "script": "Latn"}, None, run.span())
        yield Finding("untranslated", WARNING, "part_left", {"text": run[0]}, None, run.span())
        return


def _word_left(source: str, target: str, source_locale: str, target_locale: str) -> Finding | None:
    """Return the first word that only the source's language has, unless it is kept on purpose."""
    if not _own_words(language(source_locale)):
        return None
    # A word that the source writes small is no name; the first of a sentence has its capital from that.
    there = {word for word in _words(source) if word.islower()} | {word.lower() for word in _first_words(source)}
    there.intersection_update(word.lower() for word in _words(target) if len(word) >= _OWN_AT_LEAST)
    if not there or not any(_is_own(word, source_locale, target_locale) for word in there):
        return None
    names = _names(source) - _first_words(target)
    shown = _ON_PURPOSE.sub(lambda match: " " * len(match[0]), without_addresses(target))
    for word in WORD.finditer(shown):
        lowered = word[0].lower()
        if lowered not in there or word[0].isupper() or not _is_own(lowered, source_locale, target_locale):
            continue
        if not (word[0].istitle() and word[0] in names):
            return Finding("untranslated", ERROR, "part_left", {"text": word[0]}, None, word.span())
    return None


@remembered
def _first_words(text: str) -> frozenset[str]:
    """Return the first word of each sentence that goes on with a small letter."""
    return frozenset(re.findall(r"(?:^|[.!?:]\s+)([^\W\d_]+)(?=\s[^\W\d_A-ZÀ-Þ])", text))


def _names(text: str) -> frozenset[str]:
    return frozenset(word for word in _words(text) if word.istitle()) - _first_words(text)


@lru_cache(maxsize=1 << 12)
def _is_own(word: str, source_locale: str, target_locale: str) -> bool:
    """Tell whether a word, or both parts of a compound, are of the source's language alone, by list or by spelling."""
    if len(word) > LONGEST or lexicon(target_locale).senses(word) or word in _profile(language(target_locale)):
        return False
    own = _own_words(language(source_locale))
    if word in own or any(word[:at] in own and word[at:] in own for at in range(4, len(word) - 3)):
        return True
    if script_of(target_locale) != "Latn" and (
        any(word[:at] in own or word[at:] in own for at in range(4, len(word) - 3))
        or word in _profile(language(source_locale))
        or lexicon(source_locale).senses(word)
        or opposites.said(word, language(source_locale))
    ):
        return True
    # German spells too much alike.
    return (
        language(target_locale) != "de"
        and word.islower()
        and _spelled(language(source_locale)).search(word) is not None
    )


def _kept(ours: Sequence[str], theirs: Sequence[str], source_locale: str, target_locale: str) -> list[str]:
    """Return the everyday words of the source's language that stand in both texts."""
    mine, other = _profile(language(source_locale)), lexicon(target_locale)
    there = {word for word in theirs if word.islower() and len(word) >= 3}
    both = {word for word in ours if word in there and word in mine}
    return sorted(w for w in both if w not in _profile(other.lang) and not other.senses(w)) if other.known else []


def _longest_shared(ours: Sequence[str], theirs: Sequence[str]) -> tuple[int, list[str]]:
    """Return the longest run of words that both texts have, and where it begins in the second."""
    mine, other = [word.lower() for word in ours], [word.lower() for word in theirs]
    if set(_threes(mine)).isdisjoint(_threes(other)):
        return 0, []
    at, length = runs.longest_shared(mine, other)
    return at, list(theirs[at : at + length])


def _threes(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(words[first:] for first in range(_SHORT_RUN)), strict=False)


def _hits(words: Sequence[str], locale: str, other: str) -> int:
    """Count the words that are of one language's everyday words and not of the other's."""
    mine, theirs = _profile(language(locale)), _profile(language(other))
    return sum(word.lower() in mine and word.lower() not in theirs for word in words)


@cache
def _own_words(lang: str) -> frozenset[str]:
    return frozenset(str(lexicon(lang).data.get("own", "")).split())


@cache
def _spelled(lang: str) -> re.Pattern[str]:
    return re.compile("|".join(lexicon(lang).words_of("spelled")) or "(?!)")


@cache
def _profile(lang: str) -> frozenset[str]:
    words = lexicon(lang)
    return frozenset(str(words.data.get("profile", "")).split())


@remembered
def _words(text: str) -> tuple[str, ...]:
    return tuple(WORD.findall(ADDRESSES.sub(" ", text)))


def _span(text: str, first: int, count: int) -> tuple[int, int]:
    places = [match.span() for match in WORD.finditer(without_addresses(text))]
    return places[first][0], places[first + count - 1][1]
