"""Who wrote the text: the byline, and which lines around it are about the same people."""

import re
from collections.abc import Sequence
from typing import Any

from cms.content.plaintext.cues import cues
from cms.content.plaintext.inline import markdown
from cms.content.plaintext.lines import Unit
from cms.content.plaintext.names import Person, is_name, people
from cms.content.plaintext.noise import without_dates
from cms.content.plaintext.portraits import (
    Credits,
    add_life,
    doubt,
    is_profile_link,
    join_same,
    read_line,
    read_listed,
    read_role,
    without_number,
)
from cms.content.plaintext.signatures import is_at_edge, is_job, life_of, signed, specialisms_in

TOP, BOTTOM, LONGEST = 5, 10, 300


def find_credits(units: Sequence[Unit]) -> Credits:
    """Return the authors whom the units name; at most the lines about them are taken."""
    credits = Credits()
    index = 0
    while index < len(units):
        rest = _after_cue(units, index)
        named = [] if rest is None else _named(rest)
        if named or (rest == "" and _names_below(units, index)):
            index = _read_about(units, index, named, credits)
            continue
        if rest is not None or cues().reviewed_by.match(units[index].text):
            code = "byline_unclear" if rest is not None else "reviewer_named"
            credits.doubts.append(doubt(code, units[index]))
        index += 1
    if not credits.authors:
        _find_signatures(units, credits)
    for index in range(max(1, len(units) - BOTTOM), len(units)):
        _read_life(units[index], index, credits)
        _read_again(units, index, credits)
    join_same(credits)
    return credits


def _find_signatures(units: Sequence[Unit], credits: Credits) -> None:
    index = 1
    while index < len(units):
        named = signed(units, index)
        life = life_of(units[index].text) if not named and is_at_edge(index, len(units)) else None
        if named:
            index = _read_about(units, index, [(person, "") for person in named], credits)
        elif life and life.person.role:
            index = _read_about(units, index, [], credits)
        else:
            index += 1


def _read_life(unit: Unit, index: int, credits: Credits) -> None:
    """Take a sentence at the end about somebody who is named as an author elsewhere."""
    if index in credits.places or unit.kind != "text" or not (life := life_of(unit.text)):
        return
    for position, author in enumerate(credits.authors):
        if author["name"] == life.person.name:
            add_life(author, unit, life, credits)
            credits.places[index] = f"/authors/{position}"


def _read_again(units: Sequence[Unit], index: int, credits: Credits) -> None:
    """Take a signature of somebody who is named as an author elsewhere."""
    known = [author["name"] for author in credits.authors]
    named = signed(units, index) if index not in credits.places else []
    if named and all(person.name in known for person in named):
        _read_about(units, index, [(person, "") for person in named], credits)


def _after_cue(units: Sequence[Unit], index: int) -> str | None:
    """Return what stands behind a byline's cue word; None where there is no byline."""
    unit = units[index]
    if unit.kind not in ("text", "item") or len(unit.text) > LONGEST:
        return None
    if found := cues().byline.match(unit.text):
        rest = unit.text[found.end() :].lstrip(", ")
        return rest if found["colon"] or not rest or _named(rest) else None
    found = cues().byline_weak.match(unit.text)
    if not found or TOP <= index < len(units) - BOTTOM:
        return None
    rest = unit.text[found.end() :]
    if found["colon"]:
        return rest if _named(rest) else None
    if (named := _named(rest)) and all(is_job(person.role) for person, _ in named):
        return rest
    edge = 0 < index <= 2 or index >= len(units) - 3
    return rest if edge and len(rest.split()) > 1 and is_name(without_dates(rest)[0]) else None


def _named(rest: str) -> list[tuple[Person, str]]:
    """Return the people named and what else was said of the last of them, as a sentence of its own."""
    rest = without_dates(rest)[0]
    if not rest or len(rest) > LONGEST:
        return []
    if rest.strip(" .").lower() in cues().desks:
        return [(Person(rest.strip(" .")), "")]
    for stop in re.finditer(r" \S*\w{3,}\.\s+", rest):
        if found := people(rest[: stop.end()].rstrip(". ")):
            return [*((person, "") for person in found[:-1]), (found[-1], rest[stop.end() :])]
    return [(person, "") for person in people(rest)]


def _names_below(units: Sequence[Unit], index: int) -> bool:
    below = units[index + 1 : index + 2]
    return bool(below) and bool(_plain_people(below[0]) or life_of(below[0].text))


def _plain_people(unit: Unit) -> list[Person]:
    return people(unit.text) if unit.kind in ("text", "item") and len(unit.text) <= LONGEST else []


def _read_about(units: Sequence[Unit], index: int, named: list[tuple[Person, str]], credits: Credits) -> int:
    first = len(credits.authors)
    position = index
    if named or not life_of(units[index].text):
        credits.places[index] = f"/authors/{first}"
        beside = without_dates(units[index].text)[1].strip(" |•·–—-,")
        credits.beside += [(index, beside)] if beside and named else []
        position = index + 1
    for person, more in named:
        _add(credits, person, more, units[index])
    while position < len(units) and _take(units, position, first, not named, credits):
        position += 1
    return position


def _add(credits: Credits, person: Person, more: str, unit: Unit) -> None:
    author: dict[str, Any] = {"name": person.name}
    role, registered = without_number(person.role)
    if role:
        author["job_title"] = role
    if registered:
        author["credentials"] = [registered]
    if more:
        author["bio"] = markdown(more)
        if terms := specialisms_in(more)[0]:
            author["specialisms"] = [{"text": term} for term in terms]
    if " " not in person.name:
        credits.doubts.append(doubt("single_name", unit, name=person.name))
    credits.authors.append(author)


def _take(units: Sequence[Unit], position: int, first: int, below: bool, credits: Credits) -> bool:
    """Take one unit about the authors from `first` on; tell whether it was about them."""
    unit = units[position]
    if unit.kind not in ("text", "item") or unit.level or _after_cue(units, position) is not None:
        return False
    if below and (named := _plain_people(unit)):
        credits.places[position] = f"/authors/{len(credits.authors)}"
        for person in named:
            _add(credits, person, "", unit)
        return True
    authors = credits.authors[first:]
    if (life := life_of(unit.text)) and (below or any(author["name"] == life.person.name for author in authors)):
        if life.person.name not in [author["name"] for author in authors]:
            _add(credits, life.person, "", unit)
        place = next(index for index, author in enumerate(credits.authors) if author["name"] == life.person.name)
        add_life(credits.authors[place], unit, life, credits)
        credits.places[position] = f"/authors/{place}"
        return True
    if is_profile_link(unit, authors):
        credits.reasons[position] = "link_text"
        return True
    if (
        read_listed(units, position, authors)
        or read_line(unit, authors, credits)
        or read_role(units, position, authors, credits, below)
    ):
        credits.places[position] = f"/authors/{len(credits.authors) - 1 if below else first}"
        return True
    return False
