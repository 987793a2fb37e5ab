"""How hard texts are to read: the length of sentences and words, and a score where a language has a formula. Pure.

It sees no sense, no order and no layout: what it finds says where to look first, not whether readers understand.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cms.content.types import Type
from cms.localize import stems
from cms.localize.exchange.inline import parse, plain
from cms.localize.exchange.units import Value, values
from cms.localize.sentences import Sentence, sentences
from cms.localize.syllables import COUNTERS

# A sentence of more words is shown. 15 is what Dutch guides to B1 ask for; elsewhere what plain-language guides do.
LONGEST = {"nl": 15, "en": 20}
LONGEST_ELSEWHERE = 20
# A word of more letters is shown; languages that join words (or endings) have longer ones.
LONG_WORD = {"nl": 14, "de": 16, "en": 12, "tr": 14}
LONG_WORD_ELSEWHERE = 14
# How much longer than the source's the sentences of a translation may be, in percent.
LONGER = 25
# Constant, weight of the words in a sentence, weight of the syllables in a word. Dutch: W.H. Douma, De leesbaarheid
# van landbouwbladen (Wageningen 1960); English: R. Flesch, A new readability yardstick (J. Appl. Psychol. 32, 1948).
FORMULAS = {"nl": (206.84, 0.93, 77.0), "en": (206.835, 1.015, 84.6)}
# Douma's table, which is Flesch's but for the borders between 30 and 60.
LEVELS = (
    (90, "very_easy"), (80, "easy"), (70, "fairly_easy"), (60, "normal"), (45, "fairly_hard"), (30, "hard"),
    (0, "very_hard"),
)  # fmt: skip
# Fewer words than this give no figure that means anything.
FEWEST_WORDS = 30


@dataclass(frozen=True)
class LongSentence:
    """A sentence to shorten, and where it stands."""

    path: str
    text: str
    words: int


@dataclass(frozen=True)
class LongWord:
    """A word to explain or replace, how often it stands there, and where first."""

    word: str
    times: int
    path: str


@dataclass(frozen=True)
class Readability:
    """The figures of some texts in one locale.

    `score` is 0 (hard) to 100 (easy), None where the language has no formula or there are too few words; `level` is
    its name. `longer` says by how many percent the sentences are longer than the source's, None without one.
    """

    locale: str
    sentences: int
    words: int
    sentence_length: float
    word_length: float
    syllables: float | None
    score: int | None
    level: str
    longest: int
    long_sentences: tuple[LongSentence, ...]
    long_words: tuple[LongWord, ...]
    longer: int | None = None

    @property
    def is_longer(self) -> bool:
        """Tell whether the sentences of a translation are much longer than the source's."""
        return self.longer is not None and self.longer > LONGER


def report(kind: Type, content: Mapping[str, Any], locale: str) -> Readability:
    """Return how hard the prose of some content is to read."""
    return measure(prose(kind, content), locale)


def prose(kind: Type, content: Mapping[str, Any]) -> dict[str, str]:
    """Return what is read as sentences, by path, as plain text.

    Titles, headings, table cells, captions and what search engines are told would make every text look easy.
    """
    return {path: plain_text(value) for path, value in values(kind, content).items() if _is_prose(value, content)}


def plain_text(value: Value, text: str = "") -> str:
    """Return a segment's source, or another text in its place, as a reader sees it."""
    shown = text or value.segment.source
    return plain(parse(shown)) if value.is_inline else shown


def measure(texts: Mapping[str, str], locale: str, source: Readability | None = None) -> Readability:
    """Return the figures of texts by path; `source` are those of the texts that they translate."""
    language = stems.language(locale)
    longest = LONGEST.get(language, LONGEST_ELSEWHERE)
    found = [(path, sentence) for path, text in texts.items() for sentence in sentences(text, locale)]
    words = [(path, word) for path, sentence in found for word in sentence.words]
    sentence_length = len(words) / len(found) if found else 0.0
    syllables = _syllables([word for _, word in words], language)
    score = _score(language, sentence_length, syllables) if len(words) >= FEWEST_WORDS else None
    return Readability(
        locale=locale,
        sentences=len(found),
        words=len(words),
        sentence_length=round(sentence_length, 1),
        word_length=round(sum(len(word) for _, word in words) / len(words), 1) if words else 0.0,
        syllables=round(syllables, 2) if syllables is not None else None,
        score=score,
        level=level(score),
        longest=longest,
        long_sentences=tuple(_long_sentences(found, longest)),
        long_words=tuple(_long_words(words, LONG_WORD.get(language, LONG_WORD_ELSEWHERE))),
        longer=_longer(sentence_length, source),
    )


def level(score: int | None) -> str:
    """Return the name of a score; empty where there is none."""
    return "" if score is None else next(name for least, name in LEVELS if score >= least)


def _is_prose(value: Value, content: Mapping[str, Any]) -> bool:
    path = value.segment.path.split(".")
    if not value.is_inline:
        return path == ["summary"]
    blocks = content.get(path[0])
    around = [block.get("type") for block in blocks if block["id"] == path[1]] if isinstance(blocks, list) else []
    return not {"heading", "table", "quote"} & set(around)


def _syllables(words: list[str], language: str) -> float | None:
    """Return the syllables of a word on average; a number counts as one, as Flesch had it."""
    counter = COUNTERS.get(language)
    if counter is None or not words:
        return None
    return sum(1 if word[0].isdigit() else counter(word) for word in words) / len(words)


def _score(language: str, sentence_length: float, syllables: float | None) -> int | None:
    if language not in FORMULAS or syllables is None:
        return None
    constant, by_sentence, by_word = FORMULAS[language]
    return max(0, min(100, round(constant - by_sentence * sentence_length - by_word * syllables)))


def _long_sentences(found: list[tuple[str, Sentence]], longest: int) -> Iterator[LongSentence]:
    """Yield the sentences to shorten, the longest first."""
    for path, sentence in sorted(found, key=lambda each: -len(each[1].words)):
        if len(sentence.words) > longest:
            yield LongSentence(path, sentence.text, len(sentence.words))


def _long_words(words: list[tuple[str, str]], longest: int) -> Iterator[LongWord]:
    """Yield the words to explain or replace, the most frequent first."""
    times: dict[str, int] = {}
    first: dict[str, str] = {}
    for path, word in words:
        # A name that looks like an address is read as one sign.
        if len(word) > longest and word.isalpha():
            folded = word.casefold()
            times[folded] = times.get(folded, 0) + 1
            first.setdefault(folded, path)
    for word in sorted(times, key=lambda each: (-times[each], each)):
        yield LongWord(word, times[word], first[word])


def _longer(sentence_length: float, source: Readability | None) -> int | None:
    if source is None or not source.sentence_length or not sentence_length:
        return None
    return round(100 * (sentence_length / source.sentence_length - 1))
