"""What the fields, choices and blocks of content are called on its forms. It knows no form.

A field is looked up as `owner.name`, then as `name`; a type of the installation's own gets words from its names.
"""

from collections.abc import Mapping

from flask_babel import gettext

from api.admin import words


def _(text: str) -> str:
    """Mark a text for translation; it is translated when it is said."""
    return text


# The name of each field, and what helps to fill it in.
FIELDS: Mapping[str, tuple[str, str]] = {
    "title": (_("Title"), ""),
    "article.title": (_("Title"), _("What it is about, as readers would search for it.")),
    "topic.title": (_("Name"), ""),
    "slug": (_("Address"), _("The last part of the web address. Empty: it is made from the title.")),
    "summary": (_("Summary"), _("Two or three sentences: what it is, and what to do.")),
    "body": (_("Text"), ""),
    "topics": (_("Topics"), ""),
    "authors": (_("Authors"), ""),
    "reviewers": (_("Reviewed by"), ""),
    "article.clinics": (_("Clinics that answer for it"), ""),
    "author.clinics": (_("Works at"), ""),
    "references": (_("References"), _("What the advice rests on.")),
    "last_reviewed": (_("Last reviewed"), ""),
    "review_due": (_("Next review"), ""),
    "audience": (_("For whom"), ""),
    "images": (_("Pictures of the article"), _("Shown with the article in lists and when it is shared.")),
    "seo": (_("For search engines"), _("In place of title and summary.")),
    "article.seo.title": (_("Title in search results"), ""),
    "article.seo.description": (_("Description in search results"), ""),
    "licence": (_("Licence"), _("Only where it differs from the licence of all.")),
    "article.licence.name": (_("Name of the licence"), ""),
    "author": (_("Who"), ""),
    "role": (_("Role"), ""),
    "date": (_("Date"), ""),
    "url": (_("Web address"), ""),
    "kind": (_("Kind"), ""),
    "publisher": (_("Publisher"), ""),
    "guideline_id": (_("Number of the guideline"), ""),
    "guideline_version": (_("Version of the guideline"), ""),
    "published": (_("Published on"), ""),
    "src": (_("Address of the picture"), ""),
    "width": (_("Width in pixels"), ""),
    "height": (_("Height in pixels"), ""),
    "alt": (_("What the picture shows"), _("For people who cannot see it. Leave out “picture of”.")),
    "caption": (_("Caption"), ""),
    "credit": (_("Made by"), ""),
    "name": (_("Name"), ""),
    "job_title": (_("Job title"), ""),
    "bio": (_("About"), _("A few sentences for readers.")),
    "credentials": (_("Registrations and degrees"), ""),
    "number": (_("Number"), ""),
    "author.credentials.title": (_("Name of the degree"), ""),
    "issuer": (_("Given by"), ""),
    "specialisms": (_("Specialisms"), ""),
    "clinics": (_("Clinics"), ""),
    "photo": (_("Photo"), ""),
    "links": (_("Pages elsewhere"), ""),
    "languages": (_("Languages"), ""),
    "example": (_("This is an example"), _("A made-up entry, shown as such.")),
    "description": (_("Description"), ""),
    "networks": (_("Networks"), _("Such as RugNetwerk.")),
    "agb": (_("AGB code"), ""),
    "kvk": (_("Chamber of Commerce number"), ""),
    "addresses": (_("Addresses"), ""),
    "street": (_("Street"), ""),
    "clinic.addresses.number": (_("House number"), ""),
    "postal_code": (_("Postal code"), ""),
    "city": (_("Town"), ""),
    "country": (_("Country"), ""),
    "phones": (_("Telephone numbers"), _("As you dial it at home, or with the country: +31 299 653499.")),
    "email": (_("E-mail address"), ""),
    "website": (_("Website"), ""),
    "contact_form": (_("Contact form"), _("Its web address.")),
    "opening_hours": (_("Opening hours"), ""),
    "days": (_("Days"), ""),
    "opens": (_("From"), ""),
    "closes": (_("Until"), ""),
    "languages_spoken": (_("Languages spoken"), ""),
    "services": (_("What it offers"), ""),
    "staff": (_("Who works there"), ""),
    "synonyms": (_("Other words for it"), _("Readers who search for these find it too.")),
    "parents": (_("Part of"), ""),
    "codes": (_("Codes in classifications"), ""),
    "system": (_("Classification"), ""),
    "code": (_("Code"), ""),
    "display": (_("Name in the classification"), ""),
    "focus": (_("The point that stays in view"), ""),
    "focus_x": (_("Point that stays in view, across"), _("In per cent from the left.")),
    "focus_y": (_("Point that stays in view, down"), _("In per cent from the top.")),
    "text": (_("Text"), ""),
    "level": (_("Level"), ""),
    "ordered": (_("Numbered"), ""),
    "items": (_("Items"), ""),
    "block.steps.items": (_("Steps"), ""),
    "block.faq.items": (_("Questions"), ""),
    "question": (_("Question"), ""),
    "answer": (_("Answer"), ""),
    "columns": (_("Columns"), ""),
    "rows": (_("Rows"), ""),
    "cells": (_("Cells"), ""),
    "cite": (_("Who said it"), ""),
    "clinic": (_("Clinic"), ""),
    "image": (_("Picture"), ""),
    "block.callout.body": (_("What it says"), ""),
    "block.callout.title": (_("Title"), ""),
    "block.steps.items.title": (_("Title of the step"), ""),
    "aspect": (_("What it is about"), ""),
    "urgency": (_("Urgency"), ""),
    "critical": (_("Critical: a wrong or outdated translation could harm"), ""),
    "object": (_("Details"), ""),
}

# Plain texts that are whole sentences, whatever their length.
SENTENCES = frozenset({"alt", "caption", "description"})

# One item of a list, and the button that adds one.
ITEMS: Mapping[str, tuple[str, str]] = {
    "topics": (_("Topic"), _("Add a topic")),
    "authors": (_("Author"), _("Add an author")),
    "reviewers": (_("Review"), _("Add a review")),
    "clinics": (_("Clinic"), _("Add a clinic")),
    "references": (_("Reference"), _("Add a reference")),
    "images": (_("Picture"), _("Add a picture")),
    "credentials": (_("Registration or degree"), _("Add a registration or degree")),
    "specialisms": (_("Specialism"), _("Add a specialism")),
    "links": (_("Page"), _("Add a page")),
    "languages": (_("Language"), _("Add a language")),
    "networks": (_("Network"), _("Add a network")),
    "addresses": (_("Postal address"), _("Add an address")),
    "phones": (_("Telephone number"), _("Add a telephone number")),
    "opening_hours": (_("Hours"), _("Add hours")),
    "languages_spoken": (_("Language"), _("Add a language")),
    "services": (_("Offer"), _("Add an offer")),
    "staff": (_("Person"), _("Add a person")),
    "synonyms": (_("Word"), _("Add a word")),
    "parents": (_("Topic"), _("Add a topic")),
    "codes": (_("Code"), _("Add a code")),
    "items": (_("Item"), _("Add an item")),
    "block.steps.items": (_("Step"), _("Add a step")),
    "block.faq.items": (_("Question"), _("Add a question")),
    "columns": (_("Column"), _("Add a column")),
    "rows": (_("Row"), _("Add a row")),
    "cells": (_("Cell"), _("Add a cell")),
}
ADD = _("Add")
ITEM = _("Item")
CHOOSE = _("Choose…")
NOTHING = _("Not said")

CHOICES: Mapping[str, Mapping[str, str]] = {
    "urgency": {
        "none": _("No urgency"),
        "see_gp": _("See your doctor"),
        "urgent_today": _("Urgent: today"),
        "emergency": _("Emergency: at once"),
    },
    "role": {"medical": _("Medical"), "language": _("Language"), "patient": _("Patient")},
    "kind": {
        "guideline": _("Guideline"),
        "study": _("Study"),
        "book": _("Book"),
        "website": _("Website"),
        "degree": _("Degree"),
        "registration": _("Registration"),
        "certificate": _("Certificate"),
    },
    "audience": {
        "adults": _("Adults"),
        "older_adults": _("Older adults"),
        "children": _("Children"),
        "parents": _("Parents"),
        "athletes": _("Athletes"),
        "workers": _("Workers"),
        "pregnant": _("Pregnant women"),
        "professionals": _("Professionals"),
    },
    "days": {
        "mon": _("Monday"),
        "tue": _("Tuesday"),
        "wed": _("Wednesday"),
        "thu": _("Thursday"),
        "fri": _("Friday"),
        "sat": _("Saturday"),
        "sun": _("Sunday"),
    },
    "aspect": {
        "Allergies": _("Allergies"),
        "Benefits": _("Benefits"),
        "Causes": _("Causes"),
        "Contagiousness": _("Contagiousness"),
        "Effectiveness": _("Effectiveness"),
        "GettingAccess": _("Getting access"),
        "HowItWorks": _("How it works"),
        "HowOrWhere": _("How or where"),
        "Ingredients": _("Ingredients"),
        "LivingWith": _("Living with it"),
        "MayTreat": _("What it may treat"),
        "Misconceptions": _("Misconceptions"),
        "Overview": _("Overview"),
        "PatientExperience": _("Patients' experience"),
        "Pregnancy": _("Pregnancy"),
        "Prevention": _("Prevention"),
        "Prognosis": _("Prognosis"),
        "RelatedTopics": _("Related topics"),
        "RisksOrComplications": _("Risks or complications"),
        "Safety": _("Safety"),
        "Screening": _("Screening"),
        "SeeDoctor": _("When to see a doctor"),
        "SelfCare": _("What you can do yourself"),
        "SideEffects": _("Side effects"),
        "Stages": _("Stages"),
        "Symptoms": _("Symptoms"),
        "Treatments": _("Treatments"),
        "Types": _("Types"),
        "UsageOrSchedule": _("Use or schedule"),
    },
}

BLOCKS: Mapping[str, str] = {
    "heading": _("Heading"),
    "paragraph": _("Paragraph"),
    "list": _("List"),
    "steps": _("Steps"),
    "callout": _("Callout"),
    "figure": _("Picture"),
    "faq": _("Questions and answers"),
    "table": _("Table"),
    "quote": _("Quotation"),
    "contact": _("Contact"),
}

# In which groups the fields of a type stand, the first open; what is in none comes last.
GROUPS: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "article": (
        ("", ("title", "summary", "body")),
        (_("Who answers for it"), ("authors", "clinics", "reviewers", "last_reviewed", "review_due")),
        (_("References"), ("references",)),
        (_("Where it is found"), ("topics", "audience", "slug", "seo")),
        (_("Pictures and licence"), ("images", "licence")),
    ),
    "author": (
        ("", ("name", "job_title", "bio", "specialisms", "clinics", "languages")),
        (_("Photo"), ("photo",)),
        (_("Registrations and degrees"), ("credentials",)),
        (_("More"), ("links", "slug", "example")),
    ),
    "clinic": (
        ("", ("name", "description", "services", "languages_spoken")),
        (_("How to reach it"), ("phones", "email", "website", "contact_form", "addresses", "opening_hours")),
        (_("Who works there"), ("staff",)),
        (_("Networks and numbers"), ("networks", "agb", "kvk")),
        (_("More"), ("slug", "example")),
    ),
    "topic": (
        ("", ("title", "description", "synonyms", "parents")),
        (_("Codes in classifications"), ("codes",)),
        (_("More"), ("slug",)),
    ),
}


def label(owner: str, name: str) -> str:
    """Return what a field is called."""
    found = _found(FIELDS, owner, name)
    return words.said(found[0]) if found else name.replace("_", " ").capitalize()


def hint(owner: str, name: str) -> str:
    """Return what helps to fill in a field, empty where nothing is needed."""
    found = _found(FIELDS, owner, name)
    return words.said(found[1]) if found and found[1] else ""


def item(owner: str, name: str) -> str:
    """Return what one item of a list is called."""
    found = _found(ITEMS, owner, name)
    return words.said(found[0] if found else ITEM)


def adding(owner: str, name: str) -> str:
    """Return what the button says that adds to a list."""
    found = _found(ITEMS, owner, name)
    return words.said(found[1] if found else ADD)


def choice(name: str, value: str) -> str:
    """Return what one of the choices of a field is called; one that has no words shows as it is."""
    found = CHOICES.get(name, {}).get(value)
    return words.said(found) if found else value


def choose() -> str:
    """Return what stands where nothing was chosen yet and something must be."""
    return words.said(CHOOSE)


def nothing() -> str:
    """Return what the choice of nothing is called."""
    return words.said(NOTHING)


def block(kind: str) -> str:
    """Return what a kind of block is called."""
    found = BLOCKS.get(kind)
    return words.said(found) if found else kind.replace("_", " ").capitalize()


def group(title: str) -> str:
    """Return the title of a group of fields."""
    return str(gettext(title)) if title else ""


def _found(table: Mapping[str, tuple[str, str]], owner: str, name: str) -> tuple[str, str] | None:
    return table.get(f"{owner}.{name}") or table.get(name)


# Which picture stands for a kind of block; they are in icons.svg.
ICONS = {
    "heading": "heading",
    "paragraph": "paragraph",
    "list": "list",
    "steps": "steps",
    "callout": "warn",
    "figure": "picture",
    "faq": "question",
    "table": "table",
    "quote": "quote",
    "contact": "mail",
}


def icon(kind: str) -> str:
    """Return the name of the picture that stands for a kind of block."""
    return ICONS.get(kind, "article")
