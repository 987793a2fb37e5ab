"""One pair of languages of the memory, held so that a text is compared with tens of thousands in milliseconds."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

if TYPE_CHECKING:
    from cms.localize.memory import Remembered

# Below this likeness, of 100, a remembered text helps nobody.
ALIKE = 70.0
# Texts of which one is longer than the other by more than this factor cannot be as much alike.
ROOM = (200 - ALIKE) / ALIKE
# Texts of more characters are compared by their words first, which is quicker by an order of magnitude: of those
# whose words are this much alike, so many are looked at more closely.
LONG, WORDS_ALIKE, CLOSER = 250, 40.0, 50
UNKNOWN, FIRST_CODE, LAST_CODE = "\x01", 0x10000, 0x10FFFF


@dataclass
class Shelf:
    """All pairs of two languages, oldest first under each source, and the sources by their length.

    `newest` and `mark` name the newest row of the table that was seen; `held` counts the pairs.
    """

    newest: int = 0
    mark: str = ""
    held: int = 0
    by_source: dict[str, list["Remembered"]] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)
    coded: dict[str, str] = field(default_factory=dict)

    def add(self, rows: Sequence["Remembered"]) -> None:
        """Put pairs on the shelf."""
        for pair in rows:
            if pair.source not in self.by_source:
                self.sources.append(pair.source)
                if len(pair.source) * ROOM >= LONG:
                    self.coded[pair.source] = self._code(pair.source)
            self.by_source.setdefault(pair.source, []).append(pair)
        if rows:
            self.held += len(rows)
            self.sources.sort(key=len)
            self.lengths = list(map(len, self.sources))

    def near(self, text: str) -> list[str]:
        """Return the sources that may be as much like a text as is asked: by length, and long ones by their words."""
        first = bisect_left(self.lengths, len(text) / ROOM)
        beyond = bisect_right(self.lengths, len(text) * ROOM)
        found = self.sources[first:beyond]
        if len(text) <= LONG:
            return found
        codes = [self.coded[source] for source in found]
        code = "".join(self.words.get(word, UNKNOWN) for word in text.split())
        alike = process.extract(code, codes, scorer=fuzz.ratio, score_cutoff=WORDS_ALIKE, limit=CLOSER)
        return [found[number] for _, _, number in alike]

    def _code(self, source: str) -> str:
        """Return a text with one character for each word."""
        for word in source.split():
            if word not in self.words:
                self.words[word] = chr(min(FIRST_CODE + len(self.words), LAST_CODE))
        return "".join(self.words[word] for word in source.split())
