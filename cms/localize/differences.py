"""How one text became another, in words. Pure."""

from rapidfuzz.distance import Indel

from cms.localize.stems import words


def difference(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """Return what two texts have in common (same), what the new one lacks (gone) and what it adds (new).

    What is same and new makes up the new text.
    """
    before, after = _pieces(old), _pieces(new)
    found: list[tuple[str, str]] = []
    gone = come = ""
    for code in Indel.opcodes([piece.strip() for piece in before], [piece.strip() for piece in after]):
        if code.tag == "delete":
            gone += "".join(before[code.src_start : code.src_end])
        elif code.tag == "insert":
            come += "".join(after[code.dest_start : code.dest_end])
        else:
            found += [*_changed(gone, come), ("same", "".join(after[code.dest_start : code.dest_end]))]
            gone = come = ""
    return (*found, *_changed(gone, come))


def _changed(gone: str, come: str) -> list[tuple[str, str]]:
    return [(kind, text) for kind, text in (("gone", gone), ("new", come)) if text]


def _pieces(text: str) -> list[str]:
    """Return the text in words and marks, each with the white space behind it."""
    pieces, at = [""], 0
    for start, end, word in [*words(text), (len(text), len(text), "")]:
        between = text[at:start]
        mark = between.lstrip()
        pieces[-1] += between[: len(between) - len(mark)]
        pieces += [piece for piece in (mark, word) if piece]
        at = end
    return [piece for piece in pieces if piece]
