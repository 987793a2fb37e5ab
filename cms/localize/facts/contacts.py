"""How readers reach somebody: links, e-mail addresses, phone numbers, postal codes. Pure; it knows no directory."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from cms.localize.facts.fact import Fact
from cms.localize.facts.lexicon import Lexicon
from cms.localize.facts.reading import MASK, Reading

_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'”’»)\]*،؛]+", re.IGNORECASE)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)++")
_DOMAIN = re.compile(
    r"(?<![\w@./-])(?:[a-z0-9-]++\.(?=[a-z0-9]))++(?:nl|com|org|net|eu|be|de|fr|pl|tr|info|health)(?:/[^\s<>)\]]*)?(?![\w@.-]*\w)",
    re.I,
)
_POSTCODE = re.compile(r"(?<![\w.,])[1-9]\d{3} ?(?!MG|ML|KG|CM|MM|KM|GB|IE|IU|EU)[A-Z]{2}(?!\w)")
_PHONE = re.compile(r"(?<![\w.,/+])(?:\+ ?|00 ?)?\(?\d(?:[\d()]|[ .\-/]{1,3}(?=[\d(])){5,20}\d(?![\w])(?!,\d)")
SHORT = ("112", "113", "144", "911", "999", "110", "115", "118", "116117", "116123", "116111", "116000", "101", "190")
_SHORT = re.compile(r"(?<![\w.,/+-])(?:" + "|".join(SHORT) + r"|116[ -](?:117|123|111|000))(?![\w/]|[.,:-]\d)")
_HOURS = re.compile(r"[012]?\d[.:][0-5]\d\s*[-/]\s*[012]?\d[.:][0-5]\d")
# Other countries' emergency numbers, which are small: only where a clause ends with the order to call one.
_CALLED = re.compile(
    r"(?<!\w)(?:bel|belt|call|dial|ring|composez|appelez|faites)\s+(?:[^\W\d_]+\s+){0,3}?(1[578]|1\d\d|99\d)(?=\s*(?:[.;!?)]|$))"
)
_CLOSING = ".,;:!?"
_POLISH = re.compile(r"\(?[1-9]\d\)?[ -]\d{3}[ -]\d{2}[ -]\d{2}|[1-9]\d\d[ -]\d{3}[ -]\d{3}")
# The countries in which a number without one is dialled, by the language of its text.
_HERE = ("31",)
_CODES = {"de": ("49",), "fr": ("33",), "tr": ("90",), "pl": ("48",), "en": ("44", "31")}


def addresses(text: str, reading: Reading) -> tuple[list[Fact], str]:
    """Return links, e-mail addresses and postal codes, and the reading without them."""
    found = [_link(text, target, start, end) for target, start, end in reading.links]
    left = reading.clean
    if "@" in left:
        left = _take(text, reading, left, _EMAIL, "email", found)
    if "." in left:
        left = _take(text, reading, left, _URL, "link", found)
        left = _take(text, reading, left, _DOMAIN, "link", found)
    places = (
        {place: index for index, place in enumerate(reading.at)} if (codes := list(_POSTCODE.finditer(text))) else {}
    )
    for code in codes:
        start, end = places.get(code.start()), places.get(code.end() - 1)
        if start is not None and end is not None and MASK not in left[start : end + 1]:
            found.append(Fact("address", code[0].replace(" ", ""), code.start(), code.end(), code[0]))
            left = mask(left, start, end + 1)
    return found, left


def phones(text: str, reading: Reading, left: str, words: Lexicon) -> tuple[list[Fact], str]:
    """Return phone numbers; +31, 0031 and 0 are one, however the digits are grouped."""
    found: list[Fact] = []
    if not re.search(r"\d{2}|\d[ .-]\d", left):
        return found, left
    for match in list(_PHONE.finditer(left)):
        value = national(match[0]) or _without_zero(match[0], words.lang)
        if value and not _HOURS.fullmatch(match[0]):
            fact = _fact(text, reading, "phone", value, match.start(), match.end())
            also = frozenset(("phone", other) for other in _abroad(value, match[0], words.lang))
            found.append(replace(fact, also=also))
            left = mask(left, match.start(), match.end())
    for match in list(_CALLED.finditer(left)):
        found.append(_fact(text, reading, "phone", match[1], match.start(1), match.end(1)))
        left = mask(left, match.start(1), match.end(1))
    for match in list(_SHORT.finditer(left)):
        if not _counts(left[match.end() :], words):
            value = re.sub(r"\D", "", match[0])
            found.append(_fact(text, reading, "phone", value, match.start(), match.end()))
            left = mask(left, match.start(), match.end())
    return found, left


def national(written: str) -> str:
    """Return a phone number as Dutch callers dial it, another country's with its +; empty where it is none."""
    digits = re.sub(r"\D", "", re.sub(r"\(0\)", "", written))
    if written.lstrip("( ").startswith("+"):
        digits = "+" + digits
    elif digits.startswith("00"):
        digits = "+" + digits[2:]
    if digits.startswith("+31"):
        digits = "0" + digits[3:].removeprefix("0")
    length = len(digits.lstrip("+"))
    if digits.startswith("+"):
        return digits if 8 <= length <= 15 else ""
    if digits.startswith("0"):
        return digits if 8 <= length <= 12 else ""
    return digits if digits in SHORT else ""


def _without_zero(written: str, lang: str) -> str:
    """Return a number that is dialled without a 0, as in Poland, where it is grouped as one."""
    return re.sub(r"\D", "", written) if lang == "pl" and _POLISH.fullmatch(written) else ""


def _abroad(value: str, written: str, lang: str) -> Iterator[str]:
    """Yield how a number is dialled from abroad: by the country of its own text's language, or the one it names."""
    if value.startswith("+") or value in SHORT:
        return
    if re.match(r"\(?\s*(?:\+|00)", written):
        yield f"+31{value[1:]}"
    else:
        yield from (f"+{code}{value.removeprefix('0')}" for code in _CODES.get(lang, _HERE))


def mask(left: str, start: int, end: int) -> str:
    """Return the text with a stretch that nothing else may read."""
    return left[:start] + MASK * (end - start) + left[end:]


def _link(text: str, target: str, start: int, end: int) -> Fact:
    if target.startswith("tel:"):
        value = national(target[4:])
        also = frozenset(("phone", other) for other in _abroad(value, target[4:], "")) if value else frozenset()
        return Fact("phone", value or target, start, end, text[start:end], also)
    if target.startswith("mailto:"):
        return Fact("email", target[7:].lower(), start, end, text[start:end])
    return Fact("link", target, start, end, text[start:end])


def _take(text: str, reading: Reading, left: str, pattern: re.Pattern[str], kind: str, found: list[Fact]) -> str:
    for match in list(pattern.finditer(left)):
        end = match.start() + len(match[0].rstrip(_CLOSING))
        start, stop = reading.span(match.start(), end)
        written = text[start:stop]
        value = written.lower() if kind == "email" else written.removeprefix("https://").removeprefix("http://")
        found.append(Fact(kind, value, start, stop, written))
        left = mask(left, match.start(), end)
    return left


def _fact(text: str, reading: Reading, kind: str, value: str, start: int, end: int) -> Fact:
    first, last = reading.span(start, end)
    return Fact(kind, value, first, last, text[first:last])


@cache
def _unit_after(words: Lexicon) -> re.Pattern[str]:
    found = [
        word
        for kind in ("units", "units_after_number")
        for unit in words.data.get(kind, {})
        for word in words.words_of(unit, kind)
    ]
    return re.compile(
        r"\s?(?:[%€$°]|(?:" + "|".join(map(re.escape, sorted(found, key=len, reverse=True))) + r")(?!\w))"
    )


def _counts(rest: str, words: Lexicon) -> bool:
    """Tell whether what follows a number says that it counts something."""
    return bool(_unit_after(words).match(rest)) if words.known else bool(re.match(r"\s?[%€$°]|\s?[mk]?[gl]\b", rest))
