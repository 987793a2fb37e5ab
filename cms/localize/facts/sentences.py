"""Where the sentences of a reading begin and end, as far as comparing two languages needs it. Pure."""

import re
from functools import cache

from cms.localize.facts.lexicon import KNOWN, lexicon
from cms.localize.facts.reading import read
from cms.localize.facts.remembering import remembered
from cms.localize.stems import language

_END = re.compile(r"(?<![.!?؟…])[.!?؟…]++[\"'”»)*_]*+(?=\s|$)|\n+")
_SAYS = re.compile(r"[^\W_]")
_LISTED = re.compile(r"\s*+\d{1,2}")
# Where "3." is third; behind it German writes a capital, Polish and Turkish do not.
_ORDINAL = ("de",)
# No shortened word is as long as this.
_TAIL = 16
_LAST_DAY = 31


@remembered
def bounds(text: str, locale: str) -> tuple[tuple[int, int], ...]:
    """Return the sentences as [start, end) in the reading; what holds no letter is none."""
    reading = read(text, language(locale))
    clean = reading.clean
    found: list[tuple[int, int]] = []
    start = 0
    # Signs come in order, so what is said first behind one is looked for no more than once.
    said, following = _SAYS.search(clean), _SAYS.search(text)
    for match in _END.finditer(clean):
        if following and following.start() < reading.at[match.end()]:
            following = _SAYS.search(text, reading.at[match.end()])
        if match[0][0] != "\n" and following and not _ends(clean, start, match.start(), match[0], following[0], locale):
            continue
        if said and said.start() < match.end():
            found.append((start, match.end()))
            start = match.end()
            said = _SAYS.search(clean, start)
    if said:
        found.append((start, len(clean)))
    return tuple(found)


def _ends(clean: str, start: int, end: int, sign: str, following: str, locale: str) -> bool:
    """Tell whether a sign ends a sentence, by what stands before it and the first letter or digit behind it."""
    if following.islower():
        return False
    if sign != ".":
        return True
    head = clean[max(start, end - _TAIL) : end]
    if _shortened().search(head) or _LISTED.fullmatch(clean, start, end):
        return False
    number = re.search(r"(?:^|\s)(\d{1,2})$", head)
    return not (number and language(locale) in _ORDINAL and int(number[1]) <= _LAST_DAY)


@remembered
def spans(text: str, locale: str) -> tuple[tuple[int, int], ...]:
    """Return the sentences as [start, end) in the text as given."""
    reading = read(text, language(locale))
    return tuple(reading.span(start, end) for start, end in bounds(text, locale))


@cache
def _shortened() -> re.Pattern[str]:
    """Return what ends in a point that ends no sentence, in any language: a text may quote another's."""
    short, words = (
        "|".join(re.escape(entry) for lang in KNOWN for entry in lexicon(lang).words_of(name))
        for name in ("shortened", "letters")
    )
    # A letter before a point shortens a word or a name; Dutch "u" is a word.
    return re.compile(rf"(?:^|[\s(.])(?:(?!(?:{words})$)[^\W\d_]|{short})$")


@cache
def joint(locale: str) -> re.Pattern[str]:
    """Return what ties clauses and items together: commas, semicolons, dashes and words such as "and"."""
    words = lexicon(locale)
    joins = "|".join(map(re.escape, words.words_of("joins")))
    begun = words.data.get("joins_begun", "(?!)")
    return re.compile(rf"[,،;؛(]|:\s|\s-\s|(?<!\w)(?:{joins})(?!\w)|(?<!\w)(?:{begun})")
