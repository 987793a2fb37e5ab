"""Pasted lines gathered into units: a text, an item, rows, a rule; what a unit means is not known here."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Literal

from cms.content.plaintext.cues import cues
from cms.content.plaintext.tables import Rows, rows_at
from cms.content.plaintext.understood import Doubt, excerpt

BULLETS = "-*+–•‣▪●◦■□✓✔✅☑❌👉➜➔➤➢►▸▶◾◽☐·\uf0b7\uf0a7"
STICKY = "•‣▪●◦■□✓✔✅☑❌👉➜➔➤➢►▸▶◾◽☐\uf0b7\uf0a7"
MARKER = re.compile(
    rf"(?:(?P<sign>[{re.escape(BULLETS)}])\s+|(?P<sticky>[{STICKY}])|(?P<o>o)\t\s*"
    r"|\(?(?P<number>\d{1,2})(?:\)\s*|\.(?:\s+|(?=[A-Z][a-z])))|\(?(?P<letter>[a-z])\)\s+)(?=\S)"
)
LONE_BULLET = re.compile(f"[{STICKY}·]")
HASHES = re.compile(r"(#{1,6})\s+(?=[^\s#])")
RULE = re.compile(r"[-=_*~#•·.–—|+:\s\\/]+")
SENTENCE_END = re.compile(r"[.!?:…][\"”’')\]]*$")
MAX_WIDTH, MIN_WRAPPED, FEWEST_WRAPPED = 100, 40, 2
TAB_WIDTH = 4


@dataclass(frozen=True)
class Marker:
    """What makes a line a list item; `number` only where items are counted."""

    sign: str
    indent: int
    number: int | None = None

    @property
    def ordered(self) -> bool:
        """Tell whether items are counted."""
        return self.number is not None


@dataclass(frozen=True)
class Line:
    """One pasted line that is not blank; `apart` when a blank line goes before it."""

    number: int
    raw: str
    text: str
    indent: int
    apart: bool
    marker: Marker | None = None


@dataclass(frozen=True)
class Unit:
    """Lines that belong together; `cells` for rows, `level` for a heading marked as such.

    A "contact" is what became of a text that told how to reach the clinic.
    """

    kind: Literal["text", "item", "rows", "rule", "contact"]
    text: str
    lines: tuple[Line, ...]
    marker: Marker | None = None
    level: int | None = None
    cells: tuple[tuple[str, ...], ...] = ()

    @property
    def number(self) -> int:
        """Return the number of its first line."""
        return self.lines[0].number

    @property
    def apart(self) -> bool:
        """Tell whether a blank line goes before it."""
        return self.lines[0].apart

    @property
    def whole(self) -> str:
        """Return the text with its list marker, as pasted."""
        return " ".join([self.lines[0].raw, *(line.text for line in self.lines[1:])])


def gather(text: str) -> tuple[list[Unit], list[Doubt]]:
    """Return the units of a clean text in order, and what was doubtful about putting lines together."""
    lines = list(_with_bullets(_lines(text)))
    width = wrapped_at(lines)
    groups: list[tuple[list[Line], Rows | None]] = []
    position = 0
    while position < len(lines):
        line = lines[position]
        rows = None if groups and _is_bullet_alone(groups[-1][0]) else rows_at(partial(_run, lines, position))
        if rows:
            groups.append((lines[position : position + rows.length], rows))
        elif groups and not groups[-1][1] and _continues(groups[-1][0], line, width):
            groups[-1][0].append(line)
        else:
            groups.append(([line], None))
        position += rows.length if rows else 1
    doubts: list[Doubt] = []
    return [_unit(tuple(group), rows, doubts) for group, rows in groups], doubts


def wrapped_at(lines: Sequence[Line]) -> int | None:
    """Return the column at which lines were broken by hand or by a mailer; None where they were not."""
    # The title may be longer, and so may a line that was added afterwards.
    lengths = sorted(_length(line) for line in lines[1:] if " " in line.text)
    width = lengths[len(lengths) * 19 // 20 - (len(lengths) >= 20)] if lengths else 0
    pairs = [(line, after) for line, after in pairwise(lines) if not after.apart and not after.marker]
    full = [line for line, after in pairs if _is_full(line, after, width)]
    unfinished = [line for line in full if not SENTENCE_END.search(line.text)]
    wrapped = len(unfinished) >= FEWEST_WRAPPED and 2 * len(unfinished) >= len(full)
    return width if wrapped and width <= MAX_WIDTH else None


def _lines(text: str) -> Iterator[Line]:
    apart = False
    for number, raw in enumerate(text.split("\n"), 1):
        stripped = raw.strip()
        if not stripped:
            apart = True
            continue
        lead = raw[: len(raw) - len(raw.lstrip())]
        indent = len(lead.expandtabs(TAB_WIDTH))
        yield _marked(Line(number, stripped, " ".join(stripped.split()), indent, apart))
        apart = False


def _marked(line: Line) -> Line:
    found = MARKER.match(line.raw)
    if not found or RULE.fullmatch(line.raw) or "\t" in line.raw[found.end() :]:
        return line
    number = found["number"] or (ord(found["letter"]) - 96 if found["letter"] else None)
    sign = found["sign"] or found["sticky"] or found["o"] or ("a" if found["letter"] else "1")
    marker = Marker(sign, line.indent, None if number is None else int(number))
    return replace(line, text=" ".join(line.raw[found.end() :].split()), marker=marker)


def _with_bullets(lines: Iterator[Line]) -> Iterator[Line]:
    # Text copied from a PDF often has the bullet on a line of its own.
    bullet: Line | None = None
    for line in lines:
        if bullet and not line.marker:
            yield replace(bullet, text="", marker=Marker(bullet.text, bullet.indent))
            yield replace(line, apart=False)
            bullet = None
            continue
        if bullet:
            yield bullet
        bullet = line if LONE_BULLET.fullmatch(line.text) else None
        if not bullet:
            yield line
    if bullet:
        yield bullet


def _length(line: Line) -> int:
    return line.indent + len(line.raw)


def _is_full(line: Line, after: Line, width: int) -> bool:
    first = after.text.split(maxsplit=1)[0] if after.text else ""
    return _length(line) >= MIN_WRAPPED and _length(line) + 1 + len(first) > width


def _run(lines: Sequence[Line], start: int) -> Iterator[str]:
    for index in range(start, len(lines)):
        line = lines[index]
        if line.marker or (line.apart and index > start):
            return
        yield line.raw


def _continues(group: Sequence[Line], line: Line, width: int | None) -> bool:
    first, last = group[0], group[-1]
    if _is_bullet_alone(group):
        return True
    if line.marker or _stands_alone(line) or _stands_alone(first):
        return False
    if first.marker and line.indent > max(1, first.marker.indent):
        return True
    if line.apart:
        return False
    if width and _is_full(last, line, width):
        return True
    return _length(last) >= MIN_WRAPPED and line.text[:1].islower() and not SENTENCE_END.search(last.text)


def _is_bullet_alone(group: Sequence[Line]) -> bool:
    return group[-1].marker is not None and not group[-1].text


def _stands_alone(line: Line) -> bool:
    return not line.marker and bool(RULE.fullmatch(line.text) or HASHES.match(line.text))


def _unit(lines: tuple[Line, ...], rows: Rows | None, doubts: list[Doubt]) -> Unit:
    text = _joined(lines, doubts)
    first = lines[0]
    if rows:
        return Unit("rows", text, lines, cells=rows.cells)
    if first.marker:
        return Unit("item", text, lines, marker=first.marker)
    if RULE.fullmatch(text):
        return Unit("rule", text, lines)
    if found := HASHES.match(text):
        return Unit("text", text[found.end() :].rstrip("# "), lines, level=len(found[1]))
    return Unit("text", text, lines)


def _joined(lines: Sequence[Line], doubts: list[Doubt]) -> str:
    pieces: list[str] = []
    for line in lines:
        if pieces and line.apart:
            doubts.append(Doubt("item_paragraphs_joined", line.number, excerpt(line.text)))
        # "e-" + "mail" is one word, "nek-" + "en schouderklachten" are three; only an editor knows "rug-" + "klachten".
        if pieces and re.search(r"\w-$", pieces[-1]) and not cues().both.match(f" {line.text} "):
            doubts.append(Doubt("hyphen_at_line_end", line.number, excerpt(line.text)))
        elif pieces and pieces[-1]:
            pieces.append(" ")
        pieces.append(line.text)
    return "".join(pieces)
