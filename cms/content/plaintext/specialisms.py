"""An enumeration in a sentence taken apart: "a & b, c en d"."""

import re

from cms.content.plaintext.cues import cues

COMMA = re.compile(r"\s*[,;•|/]\s+|\s+&\s+|\s+\|\s+")
LONGEST, LONGEST_TEXT = 200, 1_000


def specialisms(text: str) -> tuple[list[str], bool]:
    """Return the terms of an enumeration, and whether some "en" may belong inside a term."""
    if len(text) > LONGEST_TEXT:
        return [], False
    terms: list[str] = []
    unsure = False
    pieces = [piece for piece in _outside_brackets(text.strip().rstrip("."), COMMA) if piece]
    for number, piece in enumerate(pieces, 1):
        split, doubtful = _at_and(piece, last=number == len(pieces), alone=len(pieces) == 1)
        terms += split
        unsure = unsure or doubtful
    if any(len(term) > LONGEST or re.search(r"[<>]", term) for term in terms):
        return [], False
    return terms, unsure


def _at_and(piece: str, *, last: bool, alone: bool) -> tuple[list[str], bool]:
    both = cues().both
    piece = re.sub(rf"^{both.pattern.strip()}", "", f" {piece}", flags=re.IGNORECASE).strip()
    parts = _outside_brackets(piece, both)
    # "nek- en schouderklachten" is one term.
    for number in reversed(range(len(parts) - 1)):
        if parts[number].endswith("-"):
            whole = piece[piece.index(parts[number]) : piece.rindex(parts[number + 1]) + len(parts[number + 1])]
            parts[number : number + 2] = [whole]
    if len(parts) == 1:
        return parts, False
    # "behandeling van heup en knie" is probably one term too.
    if cues().of_what.search(parts[0]):
        return [piece], True
    if not last:
        return [piece], True
    # In "artrose, houding en werk en ontspanning" only the last "en" joins the terms.
    if len(parts) > 2 and not alone:
        return [piece[: piece.rindex(parts[-1])].rsplit(None, 1)[0].strip(), parts[-1]], True
    return parts, False


def _outside_brackets(text: str, separator: re.Pattern[str]) -> list[str]:
    parts, position = [], 0
    for match in separator.finditer(text):
        if text.count("(", 0, match.start()) > text.count(")", 0, match.start()):
            continue
        parts.append(text[position : match.start()].strip())
        position = match.end()
    return [*parts, text[position:].strip()]
