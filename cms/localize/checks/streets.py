"""Compare streets and house numbers: "Lindelaan 14" stays so in every language of its script. Pure; it knows no map."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cms.localize.checks.finding import ERROR, Finding
from cms.localize.stems import language

# A street by the end of its name, before its number; "Lindelaan 14a".
_NAMED = re.compile(
    r"(?<!\w)(?P<name>[A-ZÀ-ÝĞİŞÖÜŁŚŻ][\w'’-]{0,40}(?:straat|str\.|laan|weg|plein|gracht|kade|singel|dreef|hof|pad|plantsoen|"
    r"steeg|dijk|markt|park|baan|wal|boulevard|straße|strasse|allee|gasse|platz))\s(?P<number>\d{1,4}[a-zA-Z]?)(?!\w)"
)
# A street of another language, by the word that says so.
_ABROAD = re.compile(
    r"(?<!\w)(?:\d{1,4},? (?:rue|avenue|place|quai)\s(?:\w+ ){0,3}?[A-ZÀ-Ý]\w+|"
    r"(?:\d{1,4} )?[A-Z]\w+ (?:Street|Road|Avenue|Lane|Square|Caddesi|Sokağı|Sokak)|"
    r"(?:ul\.|ulica|ulicy) [A-ZŁŚŻ]\w+)(?!\w)"
)
_NO_STREETS = frozenset(
    {"onderweg", "snelweg", "halverweg", "fietspad", "voetpad", "luchtweg", "bewegingspad", "uitweg"}
)
_LATIN = ("nl", "en", "de", "fr", "tr", "pl", "es", "it", "pt")
# A shorter name, such as Markt, may be a word that was translated.
_FIRM = 7


@dataclass(frozen=True)
class _Street:
    name: str
    number: str
    text: str
    start: int
    end: int


def compare(source: str, target: str, source_locale: str, target_locale: str) -> Iterator[Finding]:
    """Yield the streets that became others, or that the translation names nowhere."""
    if not (language(source_locale) in _LATIN and language(target_locale) in _LATIN):
        return
    there = _streets(target)
    said, read = target.casefold(), source.casefold()
    others = [street for street in there if street.name not in read]
    for ours in _streets(source):
        values = {"fact": ours.text}
        span = (ours.start, ours.end)
        if ours.name in said:
            same = [street for street in there if street.name == ours.name]
            if same and all(street.number != ours.number for street in same):
                theirs = same[0]
                yield _changed(ours, theirs)
        elif others:
            yield _changed(ours, others.pop(0))
        elif abroad := _ABROAD.search(target):
            yield Finding("contact", ERROR, "changed", {**values, "other": abroad[0]}, span, abroad.span())
        elif len(ours.name) >= _FIRM:
            yield Finding("contact", ERROR, "lost", values, span, None)


def _changed(ours: _Street, theirs: _Street) -> Finding:
    values = {"fact": ours.text, "other": theirs.text}
    return Finding("contact", ERROR, "changed", values, (ours.start, ours.end), (theirs.start, theirs.end))


def _streets(text: str) -> list[_Street]:
    return [
        _Street(name, match["number"].casefold(), match[0], match.start(), match.end())
        for match in _NAMED.finditer(text)
        if (name := match["name"].casefold()) not in _NO_STREETS
    ]
