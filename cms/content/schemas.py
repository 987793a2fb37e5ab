"""The content types that Tolk ships: article, author, clinic, topic."""

from marshmallow import Schema

from cms.content import blocks
from cms.content.fields import (
    Choice,
    Country,
    Day,
    Flag,
    Hour,
    Inline,
    Lines,
    Link,
    ListOf,
    Mail,
    Part,
    Phone,
    Ref,
    Tag,
    Text,
    Whole,
    one,
    parts,
    refs,
)
from cms.content.types import ContentType, content_type

AUDIENCES = (
    "adults", "older_adults", "children", "parents", "athletes", "workers", "pregnant", "professionals",
)  # fmt: skip
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TITLE = {"translatable": True, "searchable": True}
PROSE = {"translatable": True, "searchable": True}
# In whole documents only, not in lists.
FULL = {"full": True}


REVIEW_ROLES = ("medical", "language", "patient")


class Review(Part):
    """Who checked the article, in which role, and when."""

    author = Ref("author", required=True)
    role = Choice(*REVIEW_ROLES, required=True)
    date = Day(required=True)


class Source(Part):
    """What the advice rests on; a guideline carries its id and version."""

    title = Text(required=True)
    url = Link()
    kind = Choice("guideline", "study", "book", "website")
    publisher = Text()
    guideline_id = Text()
    guideline_version = Text()
    published = Day()


class Picture(Part):
    """A picture that belongs to the article as a whole."""

    src = Link(local=True, required=True)
    width = Whole(minimum=1, maximum=20_000)
    height = Whole(minimum=1, maximum=20_000)
    alt = Text(required=True, metadata={"translatable": True})
    credit = Text()


class Seo(Schema):
    """What search engines are told in place of title and summary."""

    title = Text(metadata={"translatable": True})
    description = Text(metadata={"translatable": True})


class Terms(Schema):
    """The licence of one article, where it differs from the installation's."""

    name = Text(required=True)
    url = Link()


@content_type("article", plural="articles", trust=("author",))
class Article(ContentType):
    """Health advice on one subject."""

    title = Text(required=True, max_length=200, metadata=TITLE)
    summary = Text(max_length=2_000, metadata=PROSE)
    body = blocks.body(publish=True)
    topics = refs("topic")
    authors = refs("author")
    reviewers = parts(Review)
    clinics = refs("clinic")
    references = parts(Source, metadata=FULL)
    last_reviewed = Day()
    review_due = Day()
    audience = ListOf(Choice(*AUDIENCES))
    images = parts(Picture, metadata=FULL)
    seo = one(Seo, metadata=FULL)
    licence = one(Terms)


class Credential(Part):
    """A registration (BIG), degree or certificate."""

    kind = Choice("BIG", "AGB", "degree", "registration", "certificate", required=True)
    number = Text()
    title = Text()
    issuer = Text()


class Portrait(blocks.Image):
    """A photograph of a person."""

    alt = Text(metadata={"translatable": True})


class WebLink(Part):
    """A page elsewhere."""

    title = Text(required=True)
    url = Link(required=True)


@content_type("author", plural="authors", title="name", card=("name", "job_title", "credentials", "photo"))
class Author(ContentType):
    """A person who writes or reviews."""

    name = Text(required=True, max_length=200, metadata={"searchable": True})
    job_title = Text(metadata=PROSE)
    bio = Inline(max_length=5_000, metadata=PROSE)
    credentials = parts(Credential)
    specialisms = Lines(metadata={"searchable": True})
    clinics = refs("clinic")
    photo = one(Portrait)
    links = parts(WebLink)
    languages = ListOf(Tag())
    example = Flag()


class Address(Part):
    """A postal address; `country` is ISO 3166-1 alpha-2."""

    street = Text(required=True)
    number = Text()
    postal_code = Text()
    city = Text(required=True)
    country = Country()


class OpeningHours(Part):
    """When the clinic is open on some days of the week."""

    days = ListOf(Choice(*WEEKDAYS), minimum=1, required=True)
    opens = Hour(required=True)
    closes = Hour(required=True)


@content_type(
    "clinic",
    plural="clinics",
    title="name",
    card=("name", "networks", "phones", "email", "contact_form", "website", "addresses"),
)
class Clinic(ContentType):
    """A practice where the advice comes from and where readers can go."""

    name = Text(required=True, max_length=200, metadata={"searchable": True})
    description = Inline(max_length=5_000, metadata=PROSE)
    networks = ListOf(Text())
    agb = Text()
    kvk = Text()
    addresses = parts(Address)
    phones = ListOf(Phone())
    email = Mail()
    website = Link()
    contact_form = Link()
    opening_hours = parts(OpeningHours)
    languages_spoken = ListOf(Tag())
    services = Lines(metadata={"searchable": True})
    staff = refs("author")
    example = Flag()


class Code(Schema):
    """The subject in a clinical classification."""

    system = Choice("ICPC-1", "ICPC-2", "ICD-10", "SNOMED-CT", required=True)
    code = Text(required=True, max_length=40)
    display = Text()


@content_type("topic", plural="topics", card=("codes",))
class Topic(ContentType):
    """What an article is about."""

    title = Text(required=True, max_length=200, metadata=TITLE)
    description = Inline(max_length=5_000, metadata=PROSE)
    synonyms = Lines(metadata={"searchable": True})
    parents = refs("topic")
    codes = parts(Code)
