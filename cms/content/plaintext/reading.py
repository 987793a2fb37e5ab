"""A pasted article read from top to bottom: who wrote it, whose clinic it is, what is left is the content."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from cms.content.plaintext.blocks import SENTENCES, Part, is_short, parts_of
from cms.content.plaintext.byline import find_credits
from cms.content.plaintext.callouts import with_invitation, with_warnings
from cms.content.plaintext.channels import is_free_mail, mail_domains, web_domain
from cms.content.plaintext.cleaning import clean
from cms.content.plaintext.clinics import clinic_names, is_confirmed, networks
from cms.content.plaintext.contacts import Contacts, find_contacts
from cms.content.plaintext.cues import cues
from cms.content.plaintext.lines import Unit, gather
from cms.content.plaintext.noise import find_noise
from cms.content.plaintext.portraits import Credits, is_profile_link
from cms.content.plaintext.questions import with_questions
from cms.content.plaintext.understood import Doubt, Dropped, Placed, Understood, excerpt

LONGEST_TITLE, SHORTENED_TITLE, LONGEST_LEAD = 200, 120, 1_500
MARKED = re.compile(r"\*\*\S|__\S|\]\(\S|^#{1,6} |`\S")
TAGGED = re.compile(r"</?[a-zA-Z!][^<>]*>")


@dataclass(frozen=True)
class Clinic:
    """The clinic as content, or None; the name found in the text; what was doubtful about it."""

    content: dict[str, Any] | None
    name: str
    contacts: Contacts
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True)
class Sorted:
    """Where each unit goes, by its index: into a field, or out for a reason; the others are the body."""

    head: int
    title: str
    lead: int | None
    places: dict[int, str]
    reasons: dict[int, str]


def understand(text: str | bytes) -> Understood:
    """Return the structured draft that a pasted article amounts to; raise Invalid where it is empty or no text."""
    tidy, doubts = clean(text)
    units, more = gather(tidy)
    noise = find_noise(units)
    credits = _credits(units, noise)
    head = _head(units, credits, noise) or 0
    noise = {index: reason for index, reason in noise.items() if index not in credits.places} | credits.reasons
    noise |= _profile_links(units, credits)
    taken = {head, *credits.places, *noise}
    clinic = _clinic(units, [index for index in range(len(units)) if index not in taken], credits)
    found = _sorted(units, head, credits.places, noise, clinic.contacts)
    parts, more_doubts = _body(units, found, clinic)
    return Understood(
        title=found.title,
        summary=units[found.lead].text if found.lead is not None else "",
        body=[part.block for part in parts if part.block],
        authors=[_author(author, clinic) for author in credits.authors],
        clinics=[clinic.content] if clinic.content else [],
        doubts=sorted(
            [*doubts, *more, *credits.doubts, *clinic.doubts, *more_doubts, *_about(units, found)],
            key=lambda doubt: (doubt.line, doubt.code),
        ),
        dropped=_dropped(units, found.reasons, clinic.contacts, credits),
        provenance=_provenance(units, found, parts),
    )


def _credits(units: Sequence[Unit], noise: dict[int, str]) -> Credits:
    kept = [index for index in range(len(units)) if index not in noise]
    found = find_credits([units[index] for index in kept])
    credits = replace(
        found,
        places={kept[index]: place for index, place in found.places.items()},
        reasons={kept[index]: reason for index, reason in found.reasons.items()},
        beside=[(kept[index], text) for index, text in found.beside],
    )
    # A text that is nothing but a byline still needs a title.
    return credits if _head(units, credits, noise) is not None else Credits()


def _author(author: dict[str, Any], clinic: Clinic) -> dict[str, Any]:
    """Return the author at the clinic; "fysiotherapeut bij Praktijk X" is a job and a clinic."""
    if not clinic.content:
        return author
    job, ours = author.get("job_title", ""), f" {clinic.name}"
    if clinic.name and job.rstrip(".").endswith(ours):
        job = job.rstrip(".").removesuffix(ours)
        at = cues().at_clinic.search(f"{job} ")
        author = {**author, "job_title": job[: at.start()] if at and at.end() > len(job) else job}
    return {**author, "clinics": ["@0"]}


def _profile_links(units: Sequence[Unit], credits: Credits) -> dict[int, str]:
    free = [index for index in range(1, len(units)) if index not in credits.places and units[index].kind == "text"]
    return {index: "link_text" for index in free if is_profile_link(units[index], credits.authors)}


def _head(units: Sequence[Unit], credits: Credits, noise: dict[int, str]) -> int | None:
    told = {*credits.places, *credits.reasons, *noise}
    return next((index for index, unit in enumerate(units) if unit.kind != "rule" and index not in told), None)


def _sorted(
    units: Sequence[Unit], head: int, authors: dict[int, str], noise: dict[int, str], contacts: Contacts
) -> Sorted:
    title, whole = _title(units[head])
    places = authors | dict.fromkeys(contacts.places, "/clinics/0")
    reasons = noise | contacts.reasons
    lead = _lead(units, head, {*places, *reasons}) if whole else None
    fixed = places | ({head: "/title"} if whole else {}) | ({lead: "/summary"} if lead is not None else {})
    return Sorted(head, title, lead, fixed, reasons)


def _body(units: Sequence[Unit], found: Sorted, clinic: Clinic) -> tuple[list[Part], list[Doubt]]:
    content = []
    for index, unit in enumerate(units):
        if found.places.get(index) == "/clinics/0":
            content.append(Unit("contact", unit.text, unit.lines))
        elif index not in found.places and index not in found.reasons:
            content.append(unit)
    parts, doubts = parts_of(content)
    parts, more = with_warnings(with_questions(parts))
    told = [units[index].number for index in clinic.contacts.told]
    return with_invitation(parts, clinic.name, told) if clinic.content else parts, doubts + more


def _clinic(units: Sequence[Unit], free: Sequence[int], credits: Credits) -> Clinic:
    domains = mail_domains(unit.text for unit in units)
    names = clinic_names(units, domains, credits.places, [author["name"] for author in credits.authors])
    name = names[0] if names else ""
    contacts = find_contacts(units, free, name, credits.places)
    found = [network for unit in units for network in networks(unit.text, name)]
    doubts = list(contacts.doubts)
    line = next(
        (unit for unit in units if name and name in unit.text),
        units[(contacts.places or contacts.told or [-1])[0]],
    )
    if not name and not contacts.clinic:
        if found:
            doubts.append(_doubt("network_without_clinic", line, networks=found))
        return Clinic(None, "", contacts, tuple(doubts))
    content = {"name": name or _name_of(contacts), **({"networks": list(dict.fromkeys(found))} if found else {})}
    if not name:
        doubts.append(_doubt("clinic_name_missing", line, guessed=content["name"]))
    elif not is_confirmed(name, domains):
        doubts.append(_doubt("clinic_name_unconfirmed", line, name=name))
    if names[1:]:
        doubts.append(_doubt("other_clinic_names", line, names=names[1:]))
    fields = {key: value for key, value in contacts.clinic.items() if value}
    return Clinic({**content, **fields}, name, contacts, tuple(doubts))


def _name_of(contacts: Contacts) -> str:
    """Return the domain as a name to start from, where the text gives no name."""
    mail, site = contacts.clinic.get("email", ""), contacts.clinic.get("website", "")
    domain = mail.rpartition("@")[2].lower() or web_domain(site)
    return "" if is_free_mail(domain) else domain


def _title(unit: Unit) -> tuple[str, bool]:
    """Return the title, and whether it is all of the first unit."""
    whole = unit.whole if unit.kind == "item" else unit.text
    if len(whole) <= LONGEST_TITLE:
        return whole, True
    sentence = SENTENCES.split(whole)[0]
    if len(sentence) <= LONGEST_TITLE:
        return sentence, False
    return whole[:SHORTENED_TITLE].rpartition(" ")[0] or whole[:SHORTENED_TITLE], False


def _lead(units: Sequence[Unit], head: int, taken: set[int]) -> int | None:
    """Return the index of the lead: the paragraph right below the title, if there is more text than that."""
    rest = [index for index in range(head + 1, len(units)) if index not in taken]
    if len(rest) < 2 or not _is_lead(units[rest[0]]):
        return None
    return rest[0]


def _is_lead(unit: Unit) -> bool:
    text = unit.text
    if unit.kind != "text" or unit.level or len(text) > LONGEST_LEAD or TAGGED.search(text):
        return False
    label = text.endswith(("?", ":")) and len(SENTENCES.split(text)) == 1
    return not is_short(text) and not label


def _about(units: Sequence[Unit], found: Sorted) -> list[Doubt]:
    head = units[found.head]
    sources = [unit for index, unit in enumerate(units) if index not in found.places and _names_source(unit)]
    marked = [unit for index, unit in enumerate(units) if index not in found.places and MARKED.search(unit.text)]
    return [
        *([_doubt("title_guessed", head)] if found.head not in found.places else []),
        *([_doubt("html_in_text", head)] if TAGGED.search(found.title) else []),
        *([_doubt("no_lead", head)] if found.lead is None else []),
        *(_doubt("source_in_text", unit) for unit in sources),
        *([_doubt("looks_like_markdown", marked[0], units=len(marked))] if marked else []),
    ]


def _names_source(unit: Unit) -> bool:
    found = cues().sources.match(unit.text)
    return bool(found and found["colon"])


def _dropped(units: Sequence[Unit], reasons: dict[int, str], contacts: Contacts, credits: Credits) -> list[Dropped]:
    dropped = [Dropped(line.number, line.raw, reasons[index]) for index in reasons for line in units[index].lines]
    extra = [Dropped(units[index].number, value, "second_address") for index, value in contacts.extra]
    extra += [Dropped(units[index].number, text, "beside_byline") for index, text in credits.beside]
    return sorted([*dropped, *extra], key=lambda item: item.line)


def _provenance(units: Sequence[Unit], found: Sorted, parts: Sequence[Part]) -> list[Placed]:
    places = {unit.number: found.places.get(index, "dropped") for index, unit in enumerate(units)}
    for position, part in enumerate(part for part in parts if part.block):
        for unit in part.units:
            if places[unit.number] == "dropped":
                places[unit.number] = f"/body/{position}"
    return [Placed(line.number, line.raw, places[unit.number]) for unit in units for line in unit.lines]


def _doubt(code: str, unit: Unit, **values: Any) -> Doubt:
    return Doubt(code, unit.number, excerpt(unit.text), values)
