"""Lines that say nothing but how to reach the clinic: telephone, e-mail, form, website, address."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import phonenumbers

from cms.content.plaintext.cues import cues
from cms.content.plaintext.inline import ADDRESS, PLAIN_MAIL, addresses
from cms.content.plaintext.lines import Unit
from cms.content.plaintext.understood import Doubt, excerpt

REGION = "NL"
LONGEST = 400
DIGITS = re.compile(r"(?<![\w@.])(?:\+|00)?\(?\d[\d\s()./-]{1,20}\d(?!\w)")
SHARED_COST = re.compile(r"\+31(?:800|900|906|909|14)")
STREET = re.compile(
    r"(?P<street>[^\W\d_][^\d,;:!?@]{2,60}?)\s+(?P<number>\d{1,5}\s?[a-zA-Z]?(?:[-/]\d{1,4})?)\s*[,\s–-]\s*"
    r"(?P<postal_code>[1-9]\d{3}\s?[A-Z]{2})\s*,?\s+(?P<city>[^\W\d_][^\d,;:!?@]{1,40}?)\.?"
)


@dataclass(frozen=True)
class Channels:
    """The ways to reach somebody that one line names, and the words around them."""

    phones: tuple[str, ...]
    mails: tuple[str, ...]
    urls: tuple[str, ...]
    form: bool
    words: tuple[str, ...]

    @property
    def found(self) -> bool:
        """Tell whether the line names any way at all."""
        return bool(self.phones or self.mails or self.urls or self.form)


@dataclass
class Contacts:
    """The clinic's contact fields; which unit told of them, which are dropped and why."""

    clinic: dict[str, Any] = field(default_factory=dict)
    places: list[int] = field(default_factory=list)
    reasons: dict[int, str] = field(default_factory=dict)
    extra: list[tuple[int, str]] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


def find_contacts(units: Sequence[Unit], free: Collection[int], name: str) -> Contacts:
    """Return what the free units (by index) say of how to reach the clinic called `name`."""
    contacts = Contacts()
    known = cues().contact_words | {word.lower() for word in re.findall(r"[\w'’-]+", name)}
    read = {index: channels(units[index].text) for index in free if _may_tell(units[index])}
    lines = {index: found for index, found in read.items() if found.found and set(found.words) <= known}
    tail = _tail(units, free)
    sure = {index for index, found in lines.items() if index >= tail and (found.phones or found.mails or found.form)}
    domains = {mail.rpartition("@")[2].lower() for index in sure for mail in read[index].mails}
    for index in sorted(index for index in lines if index >= tail):
        if index in sure or _is_own_website(lines[index], {index - 1, index + 1} & sure, domains, name):
            _fill(contacts, units[index], index, lines[index])
    _find_address(units, free, contacts, tail)
    _drop_invitations(units, read, known, free, contacts)
    _doubt_left(units, read, contacts)
    return contacts


def channels(text: str) -> Channels:
    """Return the ways to reach somebody that `text` names; public numbers such as 112 are not among them."""
    rest = text
    mails: list[str] = []
    urls: list[str] = []
    phones: list[str] = []
    for start, end, target in reversed(addresses(text)):
        (mails if target.startswith("mailto:") else urls).insert(0, target.removeprefix("mailto:"))
        rest = f"{rest[:start]} {rest[end:]}"
    for match in reversed(list(DIGITS.finditer(rest))):
        if number := phone(match.group()):
            phones.insert(0, number)
            rest = f"{rest[: match.start()]} {rest[match.end() :]}"
    rest, forms = cues().contact_form.subn(" ", rest)
    words = tuple(word.lower() for word in re.findall(r"[\w'’-]*\w[\w'’-]*", rest))
    return Channels(tuple(phones), tuple(mails), tuple(urls), forms > 0, words)


def phone(text: str) -> str | None:
    """Return a number in E.164 (ITU-T); None for what is no number of a clinic: 112, 113, help lines, dates."""
    if re.sub(r"\D", "", text) in cues().public_numbers:
        return None
    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def mail_domains(units: Sequence[Unit]) -> list[str]:
    """Return the domains of all e-mail addresses, those of free mail left out."""
    mails = [match["mail"] for unit in units for match in ADDRESS.finditer(unit.text) if match["mail"]]
    domains = [mail.rpartition("@")[2].lower().rstrip(".") for mail in mails if PLAIN_MAIL.match(mail)]
    return [domain for domain in domains if domain.partition(".")[0] not in cues().free_mail]


def web_domain(url: str) -> str:
    """Return the domain of an address without www."""
    return re.sub(r"^https?://(?:www\.)?|[/:?#].*$", "", url.lower())


def _may_tell(unit: Unit) -> bool:
    return unit.kind in ("text", "item") and len(unit.text) <= LONGEST and not unit.level


def _tail(units: Sequence[Unit], free: Collection[int]) -> int:
    # A clinic's own contact details close an article; what stands in its first half belongs to somebody else.
    return max(1, len(units) // 2) if free else 0


def _is_own_website(found: Channels, near: Collection[int], domains: Collection[str], name: str) -> bool:
    letters = re.sub(r"\W", "", name.lower())
    sites = [web_domain(url) for url in found.urls]
    return bool(near) or all(site in domains or bool(letters and letters in site.replace("-", "")) for site in sites)


def _fill(contacts: Contacts, unit: Unit, index: int, found: Channels) -> None:
    clinic = contacts.clinic
    clinic["phones"] = list(dict.fromkeys([*clinic.get("phones", ()), *found.phones]))
    for number in found.phones:
        if SHARED_COST.match(number):
            contacts.doubts.append(_doubt("short_number", unit, phone=number))
    for mail in found.mails:
        if clinic.setdefault("email", mail) != mail:
            _extra(contacts, unit, index, mail)
    for url in found.urls:
        kind = "contact_form" if found.form or re.search("contact|kontakt", web_domain_path(url)) else "website"
        if clinic.setdefault(kind, url) != url:
            _extra(contacts, unit, index, url)
    if found.form and not found.urls:
        contacts.doubts.append(_doubt("contact_form_without_address", unit))
    contacts.places.append(index)


def web_domain_path(url: str) -> str:
    """Return what comes after the domain of an address."""
    return url.lower().removeprefix("https://").removeprefix("http://").partition("/")[2]


def _extra(contacts: Contacts, unit: Unit, index: int, value: str) -> None:
    contacts.extra.append((index, value))
    contacts.doubts.append(_doubt("second_address", unit, value=value))


def _find_address(units: Sequence[Unit], free: Collection[int], contacts: Contacts, tail: int) -> None:
    # Without another way to reach the clinic, an address in a text may be anybody's.
    if not contacts.places:
        return
    for index in sorted(set(free) - set(contacts.places)):
        if index < tail or units[index].kind != "text" or len(units[index].text) > LONGEST:
            continue
        pair = units[index + 1 : index + 2] if index + 1 in free else []
        for taken in ([units[index]], [units[index], *pair]):
            if found := STREET.fullmatch(", ".join(unit.text for unit in taken)):
                address = {key: value.strip(" ,") for key, value in found.groupdict().items()}
                contacts.clinic.setdefault("addresses", []).append({**address, "country": REGION})
                contacts.places += range(index, index + len(taken))
                return


def _drop_invitations(
    units: Sequence[Unit], read: dict[int, Channels], known: Collection[str], free: Collection[int], contacts: Contacts
) -> None:
    """Drop "U kunt contact met ons opnemen via:" where nothing, or only what became a field, follows it."""
    for index, found in read.items():
        words = set(found.words)
        opens = units[index].text.endswith(":") or (found.words and found.words[-1] in ("via", "per", "op"))
        if found.found or not opens or not words <= set(known) or not words & cues().invitation_words:
            continue
        if index + 1 not in free or index + 1 in contacts.places:
            contacts.reasons[index] = "empty_invitation"


def _doubt_left(units: Sequence[Unit], read: dict[int, Channels], contacts: Contacts) -> None:
    taken = set(contacts.places)
    for index, found in read.items():
        if index not in taken and (found.phones or found.mails):
            values = {"phones": list(found.phones), "mails": list(found.mails)}
            contacts.doubts.append(_doubt("contact_in_text", units[index], **values))


def _doubt(code: str, unit: Unit, **values: Any) -> Doubt:
    return Doubt(code, unit.number, excerpt(unit.text), values)
