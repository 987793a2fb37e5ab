"""What single lines tell of an author: job, specialisms, registration, a sentence about the work."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cms.content.plaintext.cues import cues
from cms.content.plaintext.inline import markdown
from cms.content.plaintext.lines import Unit
from cms.content.plaintext.signatures import Life, is_short_line
from cms.content.plaintext.specialisms import specialisms
from cms.content.plaintext.understood import Doubt, excerpt

TOP, MOST_LINES = 5, 4
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


def add_life(author: dict[str, Any], unit: Unit, life: Life, credits: Credits) -> None:
    """Keep the sentence as it stands, and what it says of the work in fields of its own."""
    author["bio"] = " ".join([*filter(None, [author.get("bio")]), markdown(unit.text)])
    if life.person.role:
        author.setdefault("job_title", life.person.role)
    known = [term["text"] for term in author.get("specialisms", ())]
    if terms := [{"text": term} for term in life.specialisms if term not in known]:
        author["specialisms"] = [*author.get("specialisms", ()), *terms]
    if life.unsure:
        credits.doubts.append(doubt("specialisms_unsure", unit, terms=list(life.specialisms)))


def without_number(role: str) -> tuple[str, dict[str, str] | None]:
    """Return a job without the registration behind it, and the registration."""
    found = re.search(rf"[\s,;(|–-]*\(?{REGISTERED.pattern}\)?\s*$", role, re.I)
    if not found:
        return role, None
    return role[: found.start()].strip(" ,"), {"kind": found["kind"].upper(), "number": found["number"]}


def join_same(credits: Credits) -> None:
    """Make one author of a person who is named at the top and at the end."""
    joined: dict[str, dict[str, Any]] = {}
    for author in credits.authors:
        known = joined.setdefault(author["name"], author)
        for key, value in author.items() if known is not author else ():
            known[key] = _both(known[key], value) if key in known else value
    order = list(joined)
    moved = {f"/authors/{old}": f"/authors/{order.index(author['name'])}" for old, author in enumerate(credits.authors)}
    credits.places = {index: moved.get(place, place) for index, place in credits.places.items()}
    credits.authors = list(joined.values())


def _both(first: Any, second: Any) -> Any:
    if isinstance(first, list):
        return [*first, *(value for value in second if value not in first)]
    return first if second in first else f"{first}, {second}"


def is_profile_link(unit: Unit, authors: Sequence[dict[str, Any]]) -> bool:
    """Tell whether the unit is nothing but the text of a link to an author's page ("Meer over …")."""
    found = cues().more_about.match(unit.text)
    rest = unit.text[found.end() :].strip(" .>»→") if found else ""
    return bool(rest) and any(author["name"].startswith(rest) for author in authors)


def read_listed(units: Sequence[Unit], position: int, authors: list[dict[str, Any]]) -> bool:
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


def read_line(unit: Unit, authors: list[dict[str, Any]], credits: Credits) -> bool:
    """Read a line of specialisms or a registration."""
    if found := cues().specialised_in.match(unit.text):
        terms, unsure = specialisms(unit.text[found.end() :])
        if not terms:
            return False
        for author in authors:
            author.setdefault("specialisms", []).extend({"text": term} for term in terms)
        if unsure:
            credits.doubts.append(doubt("specialisms_unsure", unit, terms=terms))
        _doubt_shared(unit, authors, credits)
        return True
    if found := REGISTERED.fullmatch(unit.text):
        authors[-1].setdefault("credentials", []).append({"kind": found["kind"].upper(), "number": found["number"]})
        return True
    return False


def read_role(
    units: Sequence[Unit], position: int, authors: list[dict[str, Any]], credits: Credits, below: bool
) -> bool:
    """Read a line with nothing but a job."""
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
        credits.doubts.append(doubt("job_title_guessed", unit, job_title=job))
    _doubt_shared(unit, owners, credits)
    return True


def _is_about(unit: Unit, authors: list[dict[str, Any]]) -> bool:
    text = unit.text
    return bool(cues().specialised_in.match(text) or REGISTERED.fullmatch(text)) or is_profile_link(unit, authors)


def _doubt_shared(unit: Unit, authors: Sequence[dict[str, Any]], credits: Credits) -> None:
    if len(authors) > 1:
        names = [author["name"] for author in authors]
        credits.doubts.append(doubt("shared_by_authors", unit, authors=names))


def doubt(code: str, unit: Unit, **values: Any) -> Doubt:
    """Return a doubt about a unit."""
    return Doubt(code, unit.number, excerpt(unit.text), values)
