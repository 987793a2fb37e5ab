"""Make the readable part of an address from a title."""

import re
import unicodedata

from cms.content.fields import UUID

# Letters that Unicode does not take apart into a base letter and a mark.
PLAIN = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
LONGEST = 80


def slugify(title: str) -> str:
    """Return the title as a slug, empty where none can be made.

    Letters of other scripts than Latin stay, since readers can read them.
    """
    lowered = title.replace("İ", "i").lower().translate(PLAIN)
    # Lower-cased once more: mathematical and small capitals are capitals only when they are folded.
    plain = "".join(_fold(char) for char in unicodedata.normalize("NFC", lowered)).lower()
    words = re.findall(r"[^\W_]+", plain)
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word[:LONGEST]
        if len(longer) > LONGEST:
            break
        slug = longer
    # An address that looks like an id would be taken for one.
    return "" if UUID.fullmatch(slug) else slug


def _fold(char: str) -> str:
    parts = unicodedata.normalize("NFKD", char)
    if not parts[0].isascii():
        return char if unicodedata.category(char) != "Mn" else ""
    return "".join(part for part in parts if part.isascii())
