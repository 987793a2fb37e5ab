"""Lines that say nothing but how to reach the clinic become the clinic's fields; others stay text."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cms.content.plaintext.channels import REGION, SHARED, Channels, channels, web_domain, web_path
from cms.content.plaintext.clinics import is_confirmed, speaks
from cms.content.plaintext.cues import cues
from cms.content.plaintext.hours import opening_hours
from cms.content.plaintext.lines import Unit
from cms.content.plaintext.understood import Doubt, excerpt

LONGEST = 400
LABELLED = re.compile(r"(?:[^\W\d_][\w'’-]*\s+){0,2}[^\W\d_][\w'’-]*\s*:\s*[\d+(]")
STREET = re.compile(
    r"(?P<street>[^\W\d_][^\d,;:!?@]{2,60}?)\s+(?P<number>\d{1,5}\s?[a-zA-Z]?(?:[-/]\d{1,4})?)\s*[,\s–-]\s*"
    r"(?P<postal_code>[1-9]\d{3}\s?[A-Z]{2})\s*,?\s+(?P<city>[^\W\d_][^\d,;:!?@]{1,40}?)\.?"
)
REGISTERED = re.compile(r"(?P<kind>KvK|AGB)(?:[- ]?(?:nummer|nr|code))?\.?\s*:?\s*(?P<number>\d{8})\.?", re.I)


@dataclass
class Contacts:
    """The clinic's contact fields; which units became them, which are dropped and why, what did not fit.

    `told` are the sentences that invite the reader and stay in the text.
    """

    clinic: dict[str, Any] = field(default_factory=dict)
    places: list[int] = field(default_factory=list)
    told: list[int] = field(default_factory=list)
    reasons: dict[int, str] = field(default_factory=dict)
    extra: list[tuple[int, str]] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


def find_contacts(units: Sequence[Unit], free: Collection[int], name: str, told_of: Collection[int] = ()) -> Contacts:
    """Return what the free units (by index) say of how to reach the clinic called `name`.

    `told_of` are the units about the authors: the clinic's name alone may stand beside them.
    """
    contacts = Contacts()
    # A clinic's own contact details close an article; what stands in its first half belongs to somebody else.
    read = {index: channels(units[index].text) for index in free if _may_tell(units[index])}
    closing = {index: found for index, found in read.items() if index >= max(1, len(units) // 2)}
    known = cues().contact_words | {word.lower() for word in re.findall(r"[\w'’-]+", name)}
    bare = {index: found for index, found in closing.items() if set(found.words) <= known}
    for index in _own_lines(bare, name):
        _fill(contacts, units[index], index, bare[index])
    # From below: "Locatie Zuid: 0299-…" and the line above it belong to what follows them.
    placed, told = set(contacts.places), set[int]()
    for index in reversed(closing):
        beside = {index - 1, index + 1} & placed or index + 1 in told
        labelled = bool(beside and closing[index].phones and LABELLED.match(units[index].text))
        if index not in placed and (labelled or _is_own_text(units[index].text, closing[index], name)):
            told.add(index)
    contacts.told += sorted(told)
    for index in contacts.told:
        _complete(contacts.clinic, closing[index])
    left = [index for index in closing if index not in placed and index not in told]
    _find_address(units, left, name, contacts)
    _find_numbers(units, left, contacts)
    _find_hours(units, left, contacts)
    contacts.places += [
        index for index in left if index not in contacts.places and _is_name_line(units, index, name, told_of, contacts)
    ]
    _place_invitations(units, bare, free, contacts)
    _doubt_left(units, read, contacts)
    return contacts


def _may_tell(unit: Unit) -> bool:
    return unit.kind in ("text", "item") and len(unit.text) <= LONGEST and not unit.level


def _own_lines(bare: Mapping[int, Channels], name: str) -> list[int]:
    """Return the lines that are the clinic's for certain, in order."""
    sure = {index for index, found in bare.items() if found.phones or found.mails}
    domains = {mail.rpartition("@")[2].lower() for index in sure for mail in bare[index].mails}
    return sorted(sure | {index for index, found in bare.items() if _is_own(index, found, sure, domains, name)})


def _is_own(index: int, found: Channels, sure: Collection[int], domains: Collection[str], name: str) -> bool:
    """Tell whether a line with no more than a website or a form is the clinic's: "Website: …" may be anybody's."""
    if not found.urls and not found.form:
        return False
    if index - 1 in sure or index + 1 in sure:
        return True
    if found.urls:
        sites = [web_domain(url) for url in found.urls]
        return all(site in domains or bool(name and is_confirmed(name, [site])) for site in sites)
    return bool(set(found.words) & cues().invitation_words)


def _is_own_text(text: str, found: Channels, name: str) -> bool:
    named = bool(name) and name in text
    invites_here = invites(text)
    if not (found.found or (named and invites_here)) or (cues().of_others.search(text) and not named):
        return False
    if found.phones or found.mails:
        return named or speaks(text) or invites_here
    return invites_here and (named or (bool(found.urls) and speaks(text)))


def invites(text: str) -> bool:
    """Tell whether a text asks its reader to call, to write or to come."""
    return any(word in cues().inviting_words for word in re.findall(r"[\w-]+", text.lower()))


def _is_name_line(units: Sequence[Unit], index: int, name: str, told_of: Collection[int], contacts: Contacts) -> bool:
    """Tell whether a line is the clinic's name alone, beside contact details or the author's job."""
    beside = {index - 1, index + 1}
    return (
        bool(name)
        and _unlabelled(units[index].text, cues().works_at).strip(" .:") == name
        and bool(beside & set(contacts.places) or index - 1 in told_of)
    )


def _fill(contacts: Contacts, unit: Unit, index: int, found: Channels) -> None:
    clinic = contacts.clinic
    clinic["phones"] = list(dict.fromkeys([*clinic.get("phones", ()), *found.phones]))
    contacts.doubts += [_doubt("short_number", unit, phone=number) for number in found.phones if SHARED.match(number)]
    addressed = [("email", mail) for mail in found.mails]
    addressed += [("contact_form" if _is_form(url, found) else "website", url) for url in found.urls]
    for kind, value in addressed:
        if clinic.setdefault(kind, value) != value:
            contacts.extra.append((index, value))
            contacts.doubts.append(_doubt("second_address", unit, value=value))
    if found.form and not found.urls:
        contacts.doubts.append(_doubt("contact_form_without_address", unit))
    contacts.places.append(index)


def _is_form(url: str, found: Channels) -> bool:
    return found.form or bool(re.search("conta[ck]t|kontakt|afspraak|appointment|termin|formulier", web_path(url)))


def _complete(clinic: dict[str, Any], found: Channels) -> None:
    """Fill what is still empty from a sentence that stays in the text."""
    if found.phones:
        clinic["phones"] = list(dict.fromkeys([*clinic.get("phones", ()), *found.phones]))
    if found.mails:
        clinic.setdefault("email", found.mails[0])
    for url in found.urls:
        clinic.setdefault("contact_form" if _is_form(url, found) else "website", url)


def _find_address(units: Sequence[Unit], free: Sequence[int], name: str, contacts: Contacts) -> None:
    # Without another way to reach the clinic, an address in a text may be anybody's.
    for index in free if contacts.clinic else ():
        pair = [units[index + 1]] if index + 1 in free else []
        for taken in ([units[index]], [units[index], *pair]):
            lines = [_unlabelled(unit.text, cues().address_labels) for unit in taken]
            joined = re.sub(r"\s*[|•·]\s*", ", ", ", ".join(line for line in lines if line))
            if found := STREET.fullmatch(joined.removeprefix(f"{name}, ")):
                address = {key: value.strip(" ,") for key, value in found.groupdict().items()}
                contacts.clinic["addresses"] = [{**address, "country": REGION}]
                contacts.places += range(index, index + len(taken))
                return


def _unlabelled(text: str, labels: re.Pattern[str]) -> str:
    label = labels.match(text)
    rest = text[label.end() :] if label else text
    return rest if label and (":" in label.group() or not rest) else text


def _find_numbers(units: Sequence[Unit], free: Sequence[int], contacts: Contacts) -> None:
    for index in free if contacts.clinic else ():
        if found := REGISTERED.fullmatch(units[index].text):
            contacts.clinic.setdefault(found["kind"].lower(), found["number"])
            contacts.places.append(index)


def _find_hours(units: Sequence[Unit], free: Sequence[int], contacts: Contacts) -> None:
    labels: list[int] = []
    for index in free if contacts.clinic else ():
        told = opening_hours(units[index].text) if units[index].text not in contacts.clinic.values() else None
        if told:
            contacts.clinic.setdefault("opening_hours", []).extend(told)
            contacts.places += [index, *(label for label in labels if label + 1 == index)]
        elif told == []:
            # "Openingstijden" above the hours, or a day on which the clinic is closed.
            labels.append(index)
            if index - 1 in contacts.places and contacts.clinic.get("opening_hours"):
                contacts.places.append(index)


def _place_invitations(
    units: Sequence[Unit], bare: Mapping[int, Channels], free: Collection[int], contacts: Contacts
) -> None:
    """Take away "U kunt contact met ons opnemen via:" where nothing, or only what became a field, follows it."""
    for index in sorted(bare, reverse=True):
        found = bare[index]
        opens = units[index].text.endswith(":") or found.words[-1:] in (("via",), ("per",), ("op",))
        if found.found or not opens or not set(found.words) & cues().invitation_words:
            continue
        if index + 1 in contacts.places:
            contacts.places.append(index)
        elif index + 1 not in free or index + 1 in contacts.reasons:
            contacts.reasons[index] = "empty_invitation"


def _doubt_left(units: Sequence[Unit], read: Mapping[int, Channels], contacts: Contacts) -> None:
    taken = set(contacts.places)
    for index, found in read.items():
        if index not in taken and (found.phones or found.mails) and index not in contacts.told:
            values = {"phones": list(found.phones), "mails": list(found.mails)}
            contacts.doubts.append(_doubt("contact_in_text", units[index], **values))


def _doubt(code: str, unit: Unit, **values: Any) -> Doubt:
    return Doubt(code, unit.number, excerpt(unit.text), values)
