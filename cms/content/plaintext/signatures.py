"""Authors without a cue word: "Ann Ros, fysiotherapeut" below a text, "Ann Ros is fysiotherapeut bij …"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cms.content.plaintext.cues import cues
from cms.content.plaintext.lines import Unit
from cms.content.plaintext.names import Person, is_name, people
from cms.content.plaintext.specialisms import specialisms

TOP, BOTTOM, LONGEST, LONGEST_LIFE = 4, 6, 140, 600
SENTENCES = re.compile(r"(?<=[^\W\d_]{3}[.!])\s+")
ROLE_WORDS, ROLE_LENGTH = 10, 90


@dataclass(frozen=True)
class Life:
    """What a sentence tells of somebody: the job, the specialisms, and whether those may be wrongly taken apart."""

    person: Person
    specialisms: tuple[str, ...]
    unsure: bool


def life_of(text: str) -> Life | None:
    """Return what a text that begins with "NAME is …" tells of that person's work; None where it is no such text."""
    found = cues().is_a.search(text) if len(text) <= LONGEST_LIFE else None
    if not found or not is_name(text[: found.start()]) or " " not in text[: found.start()]:
        return None
    first, *others = SENTENCES.split(text[found.end() :])
    special = _specialised(first)
    role = _role(first[: special.start()] if special else first)
    told = special.string[special.end() :] if special else ""
    for sentence in others:
        later = _specialised(sentence) if cues().pronouns.match(sentence) else None
        told = told or (sentence[later.end() :] if later else "")
    terms, unsure = specialisms(told) if told else ([], False)
    if not role and not terms:
        return None
    return Life(Person(text[: found.start()], role), tuple(terms), unsure)


def specialisms_in(text: str) -> tuple[list[str], bool]:
    """Return the specialisms that some sentence of a text names, and whether they may be wrongly taken apart."""
    for sentence in SENTENCES.split(text):
        if found := _specialised(sentence):
            return specialisms(sentence[found.end() :])
    return [], False


def is_at_edge(index: int, length: int) -> bool:
    """Tell whether a line stands where people sign: right below the title or at the very end."""
    return 0 < index < TOP or index >= max(1, length - BOTTOM)


def signed(units: Sequence[Unit], index: int) -> list[Person]:
    """Return the people who sign here with nothing but name and job, at the edge of the text."""
    unit = units[index]
    if not is_at_edge(index, len(units)) or not _may_sign(unit):
        return []
    text = unit.text.lstrip("~–—- ")
    if text.endswith((".", "!", "?", ":")):
        return []
    if is_name(text) and len(text.split()) > 1:
        below = units[index + 1] if index + 1 < len(units) else None
        return [Person(text)] if below and is_job(below.text) and _may_sign(below) else []
    found = people(text)
    told = found and all(is_job(person.role) and " " in person.name for person in found)
    return found if told and text.startswith(found[0].name) else []


def is_job(text: str) -> bool:
    """Tell whether a short line names a job in its first words."""
    if not is_short_line(text):
        return False
    found = cues().roles.search(text)
    return found is not None and len(text[: found.start()].split()) <= 2


def is_short_line(text: str) -> bool:
    """Tell whether a line is short enough for somebody's job and is no sentence."""
    return (
        len(text) <= ROLE_LENGTH and len(text.split()) <= ROLE_WORDS and not re.search(r"[.!?:…<>@]$|\d{4}|[<>@]", text)
    )


def _may_sign(unit: Unit) -> bool:
    return unit.kind in ("text", "item") and not unit.level and len(unit.text) <= LONGEST


def _specialised(text: str) -> re.Match[str] | None:
    joined = r"(?:(?:^|,?\s+(?:en|and|die|who)\s+|,\s+)(?:is\s+)?|\s+)"
    return re.search(joined + cues().specialised_in.pattern, text, re.IGNORECASE)


def _role(text: str) -> str:
    text = re.sub(r"^(?:een|an?|als)\s+", "", text.strip(" .,"), flags=re.I)
    employer = re.search(rf"(?:,|\s+(?:bij|van|in|at|of))\s+(?:{'de|het|the'}\s+)?(?=[A-Z])", text)
    role = (text[: employer.start()] if employer else text).strip(" ,")
    return role if is_job(role) else ""
