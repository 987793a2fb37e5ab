"""Where the sentences of a reading begin and end, as far as comparing two languages needs it. Pure."""

import re
from functools import lru_cache

from cms.localize.facts.reading import read
from cms.localize.stems import language

_END = re.compile(r"[.!?؟…]+[\"'”»)*_]*(?=\s|$)|\n+")
_SHORTENED = re.compile(
    r"(?:^|[\s(.])(?:[^\W\d_]|dr|mr|mevr|dhr|st|bijv|bv|bijvoorbeeld|ca|ong|evt|enz|etc|nr|tel|max|min|incl|excl|par|o\.a|d\.w\.z|i\.v\.m|m\.b\.t|"
    r"e\.g|i\.e|vs|approx|usw|ggf|bzw|evtl|inkl|mind|z\.b|d\.h|u\.a|env|ex|p\.ex|c\.-à-d|np|tj|tzn|godz|ul|m\.in|ok|itp|vb|örn|bkz|prof|s|r|"
    r"a\.m|p\.m)$"
)
_ORDINAL = ("de", "pl", "tr")


@lru_cache(maxsize=1 << 12)
def bounds(text: str, locale: str) -> tuple[tuple[int, int], ...]:
    """Return the sentences as [start, end) in the reading; what holds no letter is none."""
    lang = language(locale)
    clean = read(text, lang).clean
    found: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(clean):
        head = clean[start : match.start()]
        if match[0] == "." and (
            _SHORTENED.search(head)
            or (lang in _ORDINAL and re.search(r"(?:^|\s)\d{1,2}$", head) and match.end() < len(clean))
        ):
            continue
        if match[0] == "." and re.fullmatch(r"\s*\d{1,2}", head):
            continue
        if re.search(r"[^\W\d_]|\d", clean[start : match.end()]):
            found.append((start, match.end()))
            start = match.end()
    if re.search(r"[^\W_]", clean[start:]):
        found.append((start, len(clean)))
    return tuple(found)


@lru_cache(maxsize=1 << 12)
def spans(text: str, locale: str) -> tuple[tuple[int, int], ...]:
    """Return the sentences as [start, end) in the text as given."""
    reading = read(text, language(locale))
    return tuple(reading.span(start, end) for start, end in bounds(text, locale))
