"""Pasted bytes or text made into clean lines of text: encoding, invisible characters, spaces, NFC."""

import re
import unicodedata

from cms.content.plaintext.understood import Doubt
from cms.errors import Invalid, Problem

MAX_BYTES, MAX_LINES = 1024 * 1024, 20_000
CP1252 = "cp1252"
BREAKS = re.compile("\r\n|[\r\x0b\x85\u2028\u2029]")
PAGE = re.compile("[ \t]*\x0c[ \t]*")
SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
CONTROLS = re.compile("[\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
# Zero-width characters, the controls of writing direction (Unicode 9, table 23-3) and language tags.
INVISIBLE = re.compile(
    "[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\u061c\u180e\U000e0001-\U000e007f]"
)
# Joiners are letters of other scripts and glue of emoji; after Latin script they are debris.
JOINERS = re.compile("(?<![^\x00-\u02ff\u2010-\u2027\\s])[\u200c\u200d]")
GARBLED = re.compile("Ã[\u0080-\u00bf]|â€|Â[\u00a0-\u00bf]")
MAX_CONTROLS = 0.02


def clean(text: str | bytes) -> tuple[str, list[Doubt]]:
    """Return the text with \\n as its only line end, and what was doubtful; raise Invalid for what is no text."""
    decoded, doubts = _decode(text) if isinstance(text, bytes) else (_checked(text), [])
    if "\x00" in decoded or len(CONTROLS.findall(decoded)) > MAX_CONTROLS * len(decoded):
        raise Invalid([Problem("", "not_text")])
    broken = PAGE.sub("\n\n", BREAKS.sub("\n", decoded.removeprefix("\ufeff")))
    plain, more = _without_invisible(SPACES.sub(" ", broken).replace("\u00ad", ""))
    tidy = unicodedata.normalize("NFC", plain)
    if not any(char.isalnum() for char in tidy):
        raise Invalid([Problem("", "empty_text")])
    if (lines := tidy.count("\n") + 1) > MAX_LINES:
        raise Invalid([Problem("", "too_many_lines", {"lines": lines, "maximum": MAX_LINES})])
    return tidy, doubts + more + _suspicions(tidy)


def _checked(text: str) -> str:
    # A lone surrogate cannot be written as UTF-8: what was sent is half a character.
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise Invalid([Problem("", "not_utf8")]) from None
    _refuse_large(size)
    return text


def _refuse_large(size: int) -> None:
    if size > MAX_BYTES:
        raise Invalid([Problem("", "too_large", {"bytes": size, "maximum": MAX_BYTES})])


def _decode(raw: bytes) -> tuple[str, list[Doubt]]:
    _refuse_large(len(raw))
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded_as(raw, "utf-16")
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        return _decoded_as(raw, CP1252)


def _decoded_as(raw: bytes, encoding: str) -> tuple[str, list[Doubt]]:
    try:
        text = raw.decode(encoding)
        text.encode()
    except UnicodeError:
        raise Invalid([Problem("", "not_utf8")]) from None
    first = next((line for line in text.splitlines() if not line.isascii()), "")
    return text, [Doubt("decoded_as", _line_of(text, first), first[:80], {"encoding": encoding})]


def _without_invisible(text: str) -> tuple[str, list[Doubt]]:
    doubts = []
    for code, pattern in (
        ("invisible_characters", INVISIBLE),
        ("invisible_characters", JOINERS),
        ("control_characters", CONTROLS),
    ):
        if found := pattern.search(text):
            kept, count = pattern.subn("", text)
            names = sorted({f"U+{ord(char):04X}" for char in pattern.findall(text)})
            doubts.append(_doubt_at(code, text, found.start(), {"count": count, "characters": names}))
            text = kept
    return text, doubts


def _suspicions(text: str) -> list[Doubt]:
    doubts = []
    for code, pattern in (("unreadable_characters", "\ufffd"), ("garbled_characters", GARBLED)):
        if found := re.search(pattern, text):
            doubts.append(_doubt_at(code, text, found.start(), {}))
    return doubts


def _doubt_at(code: str, text: str, position: int, values: dict[str, object]) -> Doubt:
    line = text.count("\n", 0, position)
    shown = "".join(char for char in text.split("\n")[line] if char.isprintable())
    return Doubt(code, line + 1, shown.strip()[:80], values)


def _line_of(text: str, line: str) -> int:
    return text.count("\n", 0, text.find(line)) + 1
