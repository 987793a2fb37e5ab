"""Blocks that must stand out: warnings, and the invitation to come to the clinic."""

from collections.abc import Collection, Sequence
from typing import Any

from cms.content.plaintext.blocks import SENTENCES, Part
from cms.content.plaintext.clinics import speaks
from cms.content.plaintext.contacts import invites
from cms.content.plaintext.cues import cues
from cms.content.plaintext.understood import Doubt, excerpt

CONTACT = {"type": "contact", "clinic": "@0"}
LONGEST, LONGEST_TITLE, MOST_PARAGRAPHS = 400, 200, 2


def with_warnings(parts: Sequence[Part]) -> tuple[list[Part], list[Doubt]]:
    """Return the parts with clear warnings as callouts; each is doubtful, for an editor to confirm."""
    found: list[Part] = []
    doubts: list[Doubt] = []
    for part in parts:
        if part.kind == "paragraph" and (level := urgency(part.text)):
            title = [found.pop()] if found and _is_opener(found[-1]) else []
            found.append(_warning(level, [*title, part], doubts))
        elif part.kind == "list" and found and _heads_warning(found[-1]):
            level = urgency(found[-1].text)
            found.append(_warning(level or "none", [found.pop(), part], doubts))
        else:
            found.append(part)
    return found, doubts


def urgency(text: str) -> str | None:
    """Return how fast a short text tells its reader to act, where it clearly commands it."""
    if len(text) > LONGEST:
        return None
    sentences = SENTENCES.split(text)
    for sentence in sentences if len(sentences) <= 2 else sentences[:1]:
        opener = cues().openers.match(sentence)
        command = sentence[opener.end() :].lstrip("!?:. ") if opener else sentence
        for level, pattern in cues().urgency:
            if pattern.match(command) or pattern.match(sentence):
                return level
    return None


def with_invitation(parts: Sequence[Part], name: str, told: Collection[int] = ()) -> list[Part]:
    """Return the parts with the closing invitation as one callout, and the contact details where they stood.

    `told` are the numbers of the lines that invite the reader in a sentence.
    """
    found = list(parts)
    for start in range(len(found)):
        end = _invitation_end(found, start, name, told)
        if end:
            return [*_without_contact(found[:start]), _invitation(found[start:end]), *_without_contact(found[end:])]
    last = next((index for index in reversed(range(len(found))) if _is_told(found[index], told)), None)
    if last is None:
        return _single_contact(found)
    start, end = _invitation_around(found, last, told)
    return [*_without_contact(found[:start]), _invitation(found[start:end]), *_without_contact(found[end:])]


def _is_told(part: Part, told: Collection[int]) -> bool:
    return part.units[0].number in told and part.kind in ("paragraph", "heading")


def _invitation_around(parts: Sequence[Part], last: int, told: Collection[int]) -> tuple[int, int]:
    """Return where the invitation begins and ends whose sentence stands at `last`."""
    end = last + 1
    while end < len(parts) and parts[end].kind == "contact":
        end += 1
    start = last
    while start and _is_told(parts[start - 1], told):
        start -= 1
    before = start - 1
    if before > 0 and parts[before].kind == "paragraph" and speaks(parts[before].text) and _titles(parts[before - 1]):
        return before - 1, end
    return (before if before >= 0 and _titles(parts[before]) else start), end


def _titles(part: Part) -> bool:
    asks = part.text.endswith("?") or invites(part.text)
    return part.kind == "heading" and _fits_title(part.text) and asks


def _is_opener(part: Part) -> bool:
    return part.kind == "heading" and cues().openers.fullmatch(part.text.rstrip("!. ")) is not None


def _heads_warning(part: Part) -> bool:
    titles = part.kind == "heading" or part.text.endswith(":")
    return titles and _fits_title(part.text) and urgency(part.text) is not None


def _warning(level: str, parts: list[Part], doubts: list[Doubt]) -> Part:
    unit = parts[0].units[0]
    doubts.append(Doubt("urgency_guessed", unit.number, excerpt(unit.text), {"urgency": level}))
    block: dict[str, Any] = {"type": "callout", "urgency": level}
    if len(parts) > 1:
        block["title"] = parts[0].text
    block["body"] = [part.block for part in parts if part.kind != "heading"]
    return Part("callout", tuple(unit for part in parts for unit in part.units), block)


def _invitation_end(parts: Sequence[Part], start: int, name: str, told: Collection[int]) -> int | None:
    """Return where an invitation ends that starts here: a question, a word of the clinic, contact details."""
    if parts[start].kind != "heading" or not parts[start].text.endswith("?") or not _fits_title(parts[start].text):
        return None
    end = start + 1
    while end < len(parts) and parts[end].kind == "paragraph" and end - start <= MOST_PARAGRAPHS:
        end += 1
    between = parts[start + 1 : end]
    if any(_is_told(part, told) for part in parts[end:]):
        return None
    if between and not any(speaks(part.text) or (name and name in part.text) for part in between):
        return None
    if end < len(parts) and parts[end].kind == "contact":
        return end + 1
    return end if end == len(parts) and between else None


def _invitation(parts: Sequence[Part]) -> Part:
    titled = parts[0].kind == "heading" and len(parts) > 1
    shown = [part.block for part in parts[titled:] if part.block]
    body = [{"type": "paragraph", "text": block["text"]} for block in shown] + [dict(CONTACT)]
    block = {"type": "callout", **({"title": parts[0].text} if titled else {}), "body": body}
    return Part("callout", tuple(unit for part in parts for unit in part.units), block)


def _single_contact(parts: Sequence[Part]) -> list[Part]:
    first = next((index for index, part in enumerate(parts) if part.kind == "contact"), None)
    if first is None:
        return list(parts)
    shown = Part("contact", parts[first].units, dict(CONTACT))
    return [*parts[:first], shown, *_without_contact(parts[first + 1 :])]


def _without_contact(parts: Sequence[Part]) -> list[Part]:
    return [part for part in parts if part.kind != "contact"]


def _fits_title(text: str) -> bool:
    return len(text) <= LONGEST_TITLE and not ("<" in text and ">" in text)
