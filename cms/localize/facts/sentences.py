"""Where the sentences of a reading begin and end, as far as comparing two languages needs it. Pure."""

import re
from functools import cache, lru_cache

from cms.localize.facts.lexicon import lexicon
from cms.localize.facts.reading import read
from cms.localize.stems import language

_END = re.compile(r"[.!?؟…]+[\"'”»)*_]*(?=\s|$)|\n+")
# A letter before a point shortens a word or a name; Dutch "u" is a word.
_SHORTENED = re.compile(
    r"(?:^|[\s(.])(?:(?!u$)[^\W\d_]|dr|mr|mevr|dhr|st|bijv|bv|bijvoorbeeld|ca|ong|evt|enz|etc|nr|tel|max|min|incl|excl|par|o\.a|d\.w\.z|i\.v\.m|m\.b\.t|"
    r"e\.g|i\.e|vs|approx|usw|ggf|bzw|evtl|inkl|mind|z\.b|d\.h|u\.a|env|ex|p\.ex|c\.-à-d|np|tj|tzn|godz|ul|m\.in|ok|itp|vb|örn|bkz|prof|s|r|"
    r"a\.m|p\.m)$"
)
# Where "3." is third; behind it German writes a capital, Polish and Turkish do not.
_ORDINAL = ("de",)
_LAST_DAY = 31


@lru_cache(maxsize=1 << 12)
def bounds(text: str, locale: str) -> tuple[tuple[int, int], ...]:
    """Return the sentences as [start, end) in the reading; what holds no letter is none."""
    reading = read(text, language(locale))
    clean = reading.clean
    found: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(clean):
        following = re.search(r"[^\W_]", text[reading.at[match.end()] :])
        if (
            match[0][0] != "\n"
            and following
            and not _ends(clean[start : match.start()], match[0], following[0], locale)
        ):
            continue
        if re.search(r"[^\W\d_]|\d", clean[start : match.end()]):
            found.append((start, match.end()))
            start = match.end()
    if re.search(r"[^\W_]", clean[start:]):
        found.append((start, len(clean)))
    return tuple(found)


def _ends(head: str, sign: str, following: str, locale: str) -> bool:
    """Tell whether a sign ends a sentence, by what stands before it and the first letter or digit behind it."""
    if following.islower():
        return False
    if sign != ".":
        return True
    if _SHORTENED.search(head) or re.fullmatch(r"\s*\d{1,2}", head):
        return False
    number = re.search(r"(?:^|\s)(\d{1,2})$", head)
    return not (number and language(locale) in _ORDINAL and int(number[1]) <= _LAST_DAY)


@lru_cache(maxsize=1 << 12)
def spans(text: str, locale: str) -> tuple[tuple[int, int], ...]:
    """Return the sentences as [start, end) in the text as given."""
    reading = read(text, language(locale))
    return tuple(reading.span(start, end) for start, end in bounds(text, locale))


@cache
def joint(locale: str) -> re.Pattern[str]:
    """Return what ties clauses and items together: commas, semicolons, dashes and words such as "and"."""
    words = lexicon(locale)
    joined = r"|(?<!\w)و(?:\w{3,}|ل[امن](?!\w))" if words.lang == "ar" else ""
    return re.compile(
        rf"[,،;؛(]|:\s|\s-\s|(?<!\w)(?:{'|'.join(map(re.escape, words.words_of('joins')))})(?!\w){joined}"
    )
