"""Who wrote the text: the byline, and the lines below it about job, specialisms and registration."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cms.content.plaintext.cues import cues
from cms.content.plaintext.inline import markdown
from cms.content.plaintext.lines import Unit
from cms.content.plaintext.names import Person, is_name, people
from cms.content.plaintext.noise import without_dates
from cms.content.plaintext.signatures import Life, is_job, is_short_line, life_of, signed
from cms.content.plaintext.specialisms import specialisms
from cms.content.plaintext.understood import Doubt, excerpt

TOP, BOTTOM, SIGNED, LONGEST, MOST_LINES = 5, 10, 6, 300, 4
SENTENCE_END = re.compile(r"[.!?:…]$")
REGISTERED = re.compile(
    r"(?P<kind>BIG|AGB)(?:[- ]?(?:nummer|number|registratie|code|nr))?\.?\s*[:.]?\s*(?P<number>\d{8,11})\.?",
    re.I,
)


@dataclass
class Credits:
    """The authors, which unit told what of them (index to place), which are dropped (index to reason).

    `beside` is what stood beside a name without telling of the person, such as a date.
    """

    authors: list[dict[str, Any]] = field(default_factory=list)
    places: dict[int, str] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)
    beside: list[tuple[int, str]] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


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
            credits.doubts.append(_doubt(code, units[index]))
        index += 1
    if not credits.authors:
        _find_signatures(units, credits)
    for index in range(max(1, len(units) - BOTTOM), len(units)):
        _read_life(units[index], index, credits)
    _join_same(credits)
    return credits


def _find_signatures(units: Sequence[Unit], credits: Credits) -> None:
    index = 1
    while index < len(units):
        named = signed(units, index)
        life = life_of(units[index].text) if not named and index >= len(units) - SIGNED else None
        if named:
            index = _read_about(units, index, [(person, "") for person in named], credits)
        elif life and life.person.role:
            index = _read_about(units, index, [], credits)
        else:
            index += 1


def _join_same(credits: Credits) -> None:
    """Make one author of a person who is named at the top and at the end."""
    names: list[str] = []
    joined: list[dict[str, Any]] = []
    for author in credits.authors:
        if author["name"] in names:
            known = joined[names.index(author["name"])]
            for key, value in author.items():
                known.setdefault(key, value)
        else:
            joined.append(author)
        names = [author["name"] for author in joined]
    moved = {f"/authors/{old}": f"/authors/{names.index(author['name'])}" for old, author in enumerate(credits.authors)}
    credits.places = {index: moved.get(place, place) for index, place in credits.places.items()}
    credits.authors = joined


def _read_life(unit: Unit, index: int, credits: Credits) -> None:
    """Take a sentence at the end about somebody who is named as an author elsewhere."""
    if index in credits.places or unit.kind != "text" or not (life := life_of(unit.text)):
        return
    for position, author in enumerate(credits.authors):
        if author["name"] == life.person.name:
            _add_life(author, unit, life, credits)
            credits.places[index] = f"/authors/{position}"


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
    role, registered = _without_number(person.role)
    if role:
        author["job_title"] = role
    if registered:
        author["credentials"] = [registered]
    if more:
        author["bio"] = markdown(more)
    if " " not in person.name:
        credits.doubts.append(_doubt("single_name", unit, name=person.name))
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
        known = [author for author in authors if author["name"] == life.person.name]
        if not known:
            _add(credits, life.person, "", unit)
        _add_life(known[0] if known else credits.authors[-1], unit, life, credits)
        credits.places[position] = f"/authors/{len(credits.authors) - 1}"
        return True
    if is_profile_link(unit, authors):
        credits.reasons[position] = "link_text"
        return True
    if (
        _read_listed(units, position, authors)
        or _read_line(unit, authors, credits)
        or _read_role(units, position, authors, credits, below)
    ):
        credits.places[position] = f"/authors/{len(credits.authors) - 1 if below else first}"
        return True
    return False


def _add_life(author: dict[str, Any], unit: Unit, life: Life, credits: Credits) -> None:
    """Keep the sentence as it stands, and what it says of the work in fields of its own."""
    author.setdefault("bio", markdown(unit.text))
    if life.person.role:
        author.setdefault("job_title", life.person.role)
    known = [term["text"] for term in author.get("specialisms", ())]
    if terms := [{"text": term} for term in life.specialisms if term not in known]:
        author["specialisms"] = [*author.get("specialisms", ()), *terms]
    if life.unsure:
        credits.doubts.append(_doubt("specialisms_unsure", unit, terms=list(life.specialisms)))


def _without_number(role: str) -> tuple[str, dict[str, str] | None]:
    found = re.search(rf"[\s,;(|–-]*\(?{REGISTERED.pattern}\)?\s*$", role, re.I)
    if not found:
        return role, None
    return role[: found.start()].strip(" ,"), {"kind": found["kind"].upper(), "number": found["number"]}


def is_profile_link(unit: Unit, authors: Sequence[dict[str, Any]]) -> bool:
    """Tell whether the unit is nothing but the text of a link to an author's page ("Meer over …")."""
    found = cues().more_about.match(unit.text)
    rest = unit.text[found.end() :].strip(" .>»→") if found else ""
    return bool(rest) and any(author["name"].startswith(rest) for author in authors)


def _read_listed(units: Sequence[Unit], position: int, authors: list[dict[str, Any]]) -> bool:
    """Read "Specialisaties:" with a list below it."""
    head = position
    while head and units[head].kind == "item":
        head -= 1
    found = cues().specialised_in.fullmatch(units[head].text)
    if not found or units[head + 1 : head + 2] == [] or units[head + 1].kind != "item":
        return False
    if head != position:
        for author in authors:
            author.setdefault("specialisms", []).append({"text": units[position].text.rstrip(".,;")})
    return True


def _read_line(unit: Unit, authors: list[dict[str, Any]], credits: Credits) -> bool:
    if found := cues().specialised_in.match(unit.text):
        terms, unsure = specialisms(unit.text[found.end() :])
        if not terms:
            return False
        for author in authors:
            author.setdefault("specialisms", []).extend({"text": term} for term in terms)
        if unsure:
            credits.doubts.append(_doubt("specialisms_unsure", unit, terms=terms))
        _doubt_shared(unit, authors, credits)
        return True
    if found := REGISTERED.fullmatch(unit.text):
        authors[-1].setdefault("credentials", []).append({"kind": found["kind"].upper(), "number": found["number"]})
        return True
    return False


def _read_role(
    units: Sequence[Unit], position: int, authors: list[dict[str, Any]], credits: Credits, below: bool
) -> bool:
    unit = units[position]
    label = cues().role_labels.match(unit.text)
    job = unit.text[label.end() :] if label else unit.text
    owners = [author for author in (authors[-1:] if below else authors) if "job_title" not in author]
    if not owners or not is_short_line(job) or cues().more_about.match(unit.text):
        return False
    known = cues().roles.search(job)
    below_it = units[position + 1 : position + 2 + MOST_LINES]
    if not known and (len(below_it) > MOST_LINES or not all(_is_about(unit, authors) for unit in below_it)):
        return False
    # At the top, the next short line may as well be the first heading of the text.
    if unit.apart and position < TOP and len(units) - position > TOP and not (known and known.start() == 0):
        return False
    for author in owners:
        author["job_title"] = job
    if not known:
        credits.doubts.append(_doubt("job_title_guessed", unit, job_title=job))
    _doubt_shared(unit, owners, credits)
    return True


def _is_about(unit: Unit, authors: list[dict[str, Any]]) -> bool:
    text = unit.text
    return bool(cues().specialised_in.match(text) or REGISTERED.fullmatch(text)) or is_profile_link(unit, authors)


def _doubt_shared(unit: Unit, authors: Sequence[dict[str, Any]], credits: Credits) -> None:
    if len(authors) > 1:
        names = [author["name"] for author in authors]
        credits.doubts.append(_doubt("shared_by_authors", unit, authors=names))


def _doubt(code: str, unit: Unit, **values: Any) -> Doubt:
    return Doubt(code, unit.number, excerpt(unit.text), values)
