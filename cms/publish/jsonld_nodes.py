"""People, places, subjects and pictures as schema.org has them, whole or as cards inside another document."""

from collections.abc import Callable, Sequence
from typing import Any

from cms.publish.draw import Thing
from cms.publish.formats import to_text
from cms.publish.inline import safe_href

Node = dict[str, Any]

SCHEMA = "https://schema.org"
_REGISTERS = ("BIG", "AGB")
_WEB = frozenset({"http", "https"})
_DAYS = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}


def node(type: str | Sequence[str], **properties: Any) -> Node:
    """Make a node of what is known; `id_` is its @id, and `tolk_x` a term of Tolk's own."""
    known = {name: value for name, value in properties.items() if value not in (None, "", [], {})}
    return {"@type": type, **{_NAMES.get(name, name): value for name, value in known.items()}}


_NAMES = {
    "id_": "@id",
    "tolk_next_review": "tolk:nextReview",
    "tolk_content_changed": "tolk:contentChanged",
    "tolk_update_type": "tolk:updateType",
    "tolk_freshness": "tolk:freshness",
    "tolk_origin": "tolk:translationOrigin",
    "tolk_urgency": "tolk:urgency",
    "tolk_example": "tolk:example",
}


def web_address(value: object) -> str | None:
    """Give an address of the web as it may stand in a node, or None."""
    return safe_href(str(value), _WEB) if value else None


def _urn(thing: Thing) -> str | None:
    """Name an entry whatever the language of the document that speaks of it."""
    return f"urn:uuid:{thing['id']}" if thing.get("id") else None


def page_of(document: Thing) -> str | None:
    """Give the address of the page that readers should end up at."""
    return web_address(document.get("canonical_url") or document.get("url"))


def each(things: Any, describe: Callable[[Thing], Node]) -> list[Node]:
    """Describe all things that there are."""
    return [describe(thing) for thing in things or () if thing]


def words(html: Any) -> str | None:
    """Give the plain text of sanitised HTML, or None where there is none."""
    return to_text(html) if html else None


def describe_person(person: Thing) -> Node:
    """Describe an author or reviewer: a Person, never schema.org's Physician, which is a place."""
    photo, credentials = person.get("photo"), person.get("credentials") or ()
    return node(
        "Person",
        id_=_urn(person),
        name=person.get("name"),
        url=page_of(person) or web_address(person.get("href")),
        mainEntityOfPage=page_of(person),
        jobTitle=person.get("job_title"),
        description=words(person.get("bio_html")),
        image=describe_image(photo) if photo else None,
        identifier=[
            _registration(c["kind"], c["number"]) for c in credentials if c["kind"] in _REGISTERS and c.get("number")
        ],
        hasCredential=each(credentials, _credential),
        affiliation=each(person.get("clinics"), describe_clinic),
        knowsLanguage=person.get("languages"),
        knowsAbout=person.get("specialisms"),
        sameAs=list(filter(None, (web_address(link.get("url")) for link in person.get("links") or ()))),
        tolk_example=person.get("example") or None,
    )


def _registration(register: str, number: str) -> Node:
    return node("PropertyValue", propertyID=register, value=number)


def _credential(credential: Thing) -> Node:
    kind, number = credential["kind"], credential.get("number")
    registered = kind in _REGISTERS
    issuer = credential.get("issuer") or (f"{kind}-register" if registered else None)
    return node(
        "EducationalOccupationalCredential",
        credentialCategory="registration" if registered else kind,
        name=credential.get("title"),
        identifier=_registration(kind, number) if registered and number else number,
        recognizedBy=node("Organization", name=issuer) if issuer else None,
    )


def describe_clinic(clinic: Thing) -> Node:
    """Describe a practice."""
    registers = (("AGB", clinic.get("agb")), ("KvK", clinic.get("kvk")))
    website = web_address(clinic.get("website"))
    return node(
        ["MedicalClinic", "Physiotherapy"],
        id_=_urn(clinic),
        name=clinic.get("name"),
        url=website or page_of(clinic) or web_address(clinic.get("href")),
        mainEntityOfPage=page_of(clinic),
        description=words(clinic.get("description_html")),
        medicalSpecialty=[f"{SCHEMA}/Physiotherapy", f"{SCHEMA}/Musculoskeletal"],
        identifier=[_registration(register, number) for register, number in registers if number],
        address=each(clinic.get("addresses"), _address),
        telephone=clinic.get("phones"),
        email=clinic.get("email"),
        contactPoint=_contact_points(clinic),
        openingHoursSpecification=each(clinic.get("opening_hours"), _hours),
        knowsLanguage=clinic.get("languages_spoken"),
        availableService=[node("MedicalProcedure", name=name) for name in clinic.get("services") or ()],
        employee=each(clinic.get("staff"), describe_person),
        memberOf=[node("Organization", name=name) for name in clinic.get("networks") or ()],
        tolk_example=clinic.get("example") or None,
    )


def _address(address: Thing) -> Node:
    street = " ".join(filter(None, (address.get("street"), address.get("number"))))
    return node(
        "PostalAddress",
        streetAddress=street,
        postalCode=address.get("postal_code"),
        addressLocality=address.get("city"),
        addressCountry=address.get("country"),
    )


def _contact_points(clinic: Thing) -> list[Node]:
    shared = {
        "email": clinic.get("email"),
        "url": web_address(clinic.get("contact_form")),
        "availableLanguage": clinic.get("languages_spoken"),
    }
    phones = clinic.get("phones") or ([None] if shared["email"] or shared["url"] else [])
    return [node("ContactPoint", telephone=phone, **shared) for phone in phones]


def _hours(hours: Thing) -> Node:
    days = [f"{SCHEMA}/{_DAYS[day]}" for day in hours.get("days") or () if day in _DAYS]
    return node("OpeningHoursSpecification", dayOfWeek=days, opens=hours.get("opens"), closes=hours.get("closes"))


def describe_topic(topic: Thing) -> Node:
    """A subject with a clinical code is a condition; of any other Tolk knows only that it is a term."""
    codes = topic.get("codes") or ()
    return node(
        "MedicalCondition" if codes else "DefinedTerm",
        id_=_urn(topic),
        name=topic.get("title"),
        alternateName=topic.get("synonyms"),
        description=words(topic.get("description_html")),
        url=page_of(topic) or web_address(topic.get("href")),
        mainEntityOfPage=page_of(topic),
        code=[_code(code) for code in codes],
    )


def _code(code: Thing) -> Node:
    return node("MedicalCode", codeValue=code["code"], codingSystem=code["system"], name=code.get("display"))


def describe_image(image: Thing) -> Node:
    """Describe a picture."""
    return node(
        "ImageObject",
        contentUrl=web_address(image.get("src")),
        width=_pixels(image.get("width")),
        height=_pixels(image.get("height")),
        description=image.get("alt"),
        caption=image.get("caption"),
        creditText=image.get("credit"),
    )


def _pixels(value: Any) -> Node | None:
    return node("QuantitativeValue", value=value, unitCode="E37") if value else None
