"""JSON-LD says what a document is, in words that schema.org has, on classes where schema.org has them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from cms.publish.jsonld import CONTEXT, dumps, to_jsonld

ENTRY = "0198c0de-0000-7000-8000-00000000000"

AUTHOR_CARD = {
    "id": f"{ENTRY}1",
    "type": "author",
    "slug": "anna",
    "locale": "en",
    "name": "Anna",
    "job_title": "Physiotherapist",
    "href": "https://tolk.test/v1/en/authors/anna",
    "photo": {"src": "https://tolk.test/a.jpg", "width": 3, "height": 4, "alt": "Anna"},
    "credentials": [{"id": "c", "kind": "BIG", "number": "19012345604"}],
}
CLINIC_CARD = {
    "id": f"{ENTRY}2",
    "type": "clinic",
    "name": "Rug & Co",
    "phones": ["+31201234567"],
    "email": "a@b.nl",
    "contact_form": "https://c.nl/form",
    "networks": ["RugNetwerk"],
    "href": "https://tolk.test/v1/en/clinics/rug",
}
TOPIC_CARD = {
    "id": f"{ENTRY}3",
    "type": "topic",
    "title": "Low back pain",
    "href": "https://tolk.test/v1/en/topics/back",
    "codes": [{"system": "ICPC-1", "code": "L03", "display": "Low back symptom"}],
}
PLAIN_TOPIC = {"id": f"{ENTRY}4", "type": "topic", "title": "Exercise", "href": "https://tolk.test/v1/en/topics/ex"}
ENVELOPE = {
    "locale": "en",
    "dir": "ltr",
    "slug": "hurt-your-back",
    "published_at": "2026-03-02T09:00:00.000000Z",
    "content_changed_at": "2026-05-02T09:00:00.000000Z",
    "modified_at": "2026-05-03T09:00:00.000000Z",
    "update_type": "safety",
    "version": 12,
    "url": "https://tolk.test/v1/en/articles/hurt-your-back",
    "canonical_url": "https://clinic.test/en/hurt-your-back",
    "licence": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
    "attribution": {"text": "From Rug & Co", "url": "https://clinic.test/"},
    "translation": {"source_locale": "nl", "freshness": "stale", "origin": "human", "state": "approved"},
    "alternates": [
        {"locale": "nl", "slug": "door-de-rug", "url": "https://tolk.test/v1/nl/articles/r", "freshness": "source"},
        {"locale": "en", "slug": "hurt-your-back", "url": "https://tolk.test/v1/en/articles/r", "freshness": "stale"},
        {"locale": "tr", "slug": "bel", "url": "https://tolk.test/v1/tr/articles/r", "freshness": "current"},
    ],
}
BODY: list[dict[str, Any]] = [
    {"id": "h1", "type": "heading", "level": 2, "html": "What you <em>feel</em>", "aspect": "Symptoms"},
    {"id": "p1", "type": "paragraph", "html": "Pain &amp; stiffness."},
    {"id": "h2", "type": "heading", "level": 3, "html": "At night"},
    {"id": "p2", "type": "paragraph", "html": "Less."},
    {"id": "h3", "type": "heading", "level": 2, "html": "What to do"},
    {
        "id": "c1",
        "type": "callout",
        "title": "Call",
        "urgency": "emergency",
        "lang": "nl",
        "dir": "ltr",
        "freshness": "stale",
        "notice": "Not translated yet.",
        "body": [{"id": "n", "type": "paragraph", "html": "Bel 112"}],
    },
    {
        "id": "s1",
        "type": "steps",
        "items": [{"id": "i", "title": "Lie", "html": "<strong>down</strong>"}, {"id": "j", "html": "rest"}],
    },
    {
        "id": "q1",
        "type": "faq",
        "items": [{"id": "i", "question": "Why?", "answer": [{"id": "a", "type": "paragraph", "html": "So."}]}],
    },
    {
        "id": "f1",
        "type": "figure",
        "image": {"src": "https://tolk.test/f.png", "width": 640, "height": 480},
        "alt": "A back",
        "caption": "Cap",
        "credit": "Me",
    },
]
ARTICLE: dict[str, Any] = {
    **ENVELOPE,
    "id": f"{ENTRY}0",
    "type": "article",
    "title": "Hurt your back",
    "summary": "Keep moving.",
    "body": BODY,
    "topics": [TOPIC_CARD, PLAIN_TOPIC],
    "authors": [AUTHOR_CARD],
    "reviewers": [
        {"id": "r1", "role": "medical", "date": "2026-03-01", "author": AUTHOR_CARD},
        {"id": "r2", "role": "language", "date": "2026-03-09", "author": {"id": f"{ENTRY}9", "name": "Bo"}},
    ],
    "clinics": [CLINIC_CARD],
    "references": [
        {
            "id": "g",
            "title": "Lage rugpijn",
            "url": "https://kngf.nl/x",
            "kind": "guideline",
            "publisher": "KNGF",
            "guideline_id": "LRP",
            "guideline_version": "2021",
            "published": "2021-12-06",
        },
        {"id": "s", "title": "A study", "kind": "study"},
        {"id": "b", "title": "A book", "kind": "book"},
        {"id": "w", "title": "A site", "kind": "website"},
    ],
    "last_reviewed": "2026-03-01",
    "review_due": "2028-03-01",
    "audience": ["adults", "children", "parents", "professionals", "older_adults"],
    "images": [{"id": "i", "src": "https://tolk.test/i.png", "width": 3, "height": 4, "alt": "I", "credit": "Me"}],
    "seo": {"title": "Back pain: what helps", "description": "x"},
}
AUTHOR: dict[str, Any] = {
    **ENVELOPE,
    **AUTHOR_CARD,
    "bio_html": "Works <em>hard</em>.",
    "credentials": [
        {"id": "c", "kind": "BIG", "number": "19012345604"},
        {"id": "d", "kind": "degree", "title": "MSc", "issuer": "HU", "number": "7"},
    ],
    "specialisms": ["Back pain"],
    "clinics": [CLINIC_CARD],
    "languages": ["nl", "ar"],
    "links": [{"id": "l", "title": "x", "url": "https://orcid.org/1"}, {"id": "m", "url": "javascript:x"}],
    "example": True,
}
CLINIC: dict[str, Any] = {
    **ENVELOPE,
    **CLINIC_CARD,
    "description_html": "A <strong>clinic</strong>.",
    "agb": "04001234",
    "kvk": "12345678",
    "addresses": [
        {"id": "a", "street": "Straat", "number": "1a", "postal_code": "1011 AB", "city": "Amsterdam", "country": "NL"}
    ],
    "website": "https://clinic.test",
    "opening_hours": [{"id": "o", "days": ["mon", "fri"], "opens": "08:00", "closes": "17:30"}],
    "languages_spoken": ["nl", "tr"],
    "services": ["Manual therapy"],
    "staff": [AUTHOR_CARD],
    "example": True,
}
TOPIC: dict[str, Any] = {**ENVELOPE, **TOPIC_CARD, "description_html": "Pain <em>low</em>.", "synonyms": ["lumbago"]}
OTHER: dict[str, Any] = {**ENVELOPE, "id": f"{ENTRY}7", "type": "leaflet", "title": "Leaflet", "summary": "Short."}
DOCUMENTS = {"article": ARTICLE, "author": AUTHOR, "clinic": CLINIC, "topic": TOPIC, "plain topic": PLAIN_TOPIC}
DOCUMENTS |= {"source": {**ARTICLE, "locale": "nl"}, "other": OTHER}

# What schema.org release 30.0 allows on each class, inherited properties included: of all that, what Tolk says.
WORK = """name headline description url mainEntityOfPage identifier inLanguage datePublished dateModified version
    license creditText publisher author contributor sourceOrganization about audience citation image hasPart genre text
    position alternativeHeadline translationOfWork workTranslation"""
THING = "name alternateName description url mainEntityOfPage identifier image sameAs"
WEB_PAGE = f"{WORK} reviewedBy lastReviewed mainEntity"
ALLOWED = {
    "CreativeWork": WORK,
    "ScholarlyArticle": WORK,
    "Book": WORK,
    "WebPage": WEB_PAGE,
    "MedicalWebPage": WEB_PAGE,
    "FAQPage": WEB_PAGE,
    "HealthTopicContent": f"{WORK} hasHealthAspect",
    "HowTo": f"{WORK} step",
    "HowToStep": WORK,
    "Question": f"{WORK} acceptedAnswer",
    "Answer": WORK,
    "ImageObject": f"{WORK} contentUrl width height caption",
    "EducationalOccupationalCredential": f"{WORK} credentialCategory recognizedBy",
    "Person": f"{THING} jobTitle hasCredential affiliation knowsLanguage knowsAbout",
    "Organization": f"{THING} memberOf",
    "MedicalClinic": f"""{THING} medicalSpecialty address telephone email contactPoint openingHoursSpecification
        knowsLanguage availableService employee memberOf""",
    "Physiotherapy": f"""{THING} address telephone email contactPoint openingHoursSpecification
        knowsLanguage employee memberOf""",
    "MedicalCondition": f"{THING} code",
    "MedicalCode": f"{THING} codeValue codingSystem",
    "MedicalProcedure": THING,
    "DefinedTerm": THING,
    "PostalAddress": f"{THING} streetAddress postalCode addressLocality addressCountry",
    "ContactPoint": f"{THING} telephone email availableLanguage",
    "OpeningHoursSpecification": f"{THING} dayOfWeek opens closes",
    "PropertyValue": f"{THING} propertyID value",
    "QuantitativeValue": f"{THING} value unitCode",
    "PeopleAudience": f"{THING} audienceType suggestedMinAge suggestedMaxAge",
    "ParentAudience": f"{THING} audienceType suggestedMinAge suggestedMaxAge",
    "MedicalAudience": f"{THING} audienceType",
}
OWN = {"nextReview", "contentChanged", "updateType", "freshness", "translationOrigin", "urgency", "example"}


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "@type" in value:
            yield value
        for inner in value.values():
            yield from nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nodes(inner)


def described(document: dict[str, Any]) -> dict[str, Any]:
    return to_jsonld(document, {"name": "Tolk", "url": "https://clinic.test"})


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_only_words_of_schema_org_on_classes_that_have_them(document: dict[str, Any]) -> None:
    for node in nodes({key: value for key, value in described(document).items() if key != "@context"}):
        types = node["@type"] if isinstance(node["@type"], list) else [node["@type"]]
        allowed = {word for type in types for word in ALLOWED[type].split()}
        own = {f"tolk:{term}" for term in OWN}
        assert set(node) - {"@type", "@id"} - own <= allowed, types


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_nothing_empty_is_said(document: dict[str, Any]) -> None:
    for node in nodes(described(document)):
        assert all(value not in (None, "", [], {}) for value in node.values())


def part(jsonld: dict[str, Any], type: str) -> list[dict[str, Any]]:
    return [node for node in jsonld["hasPart"] if node["@type"] == type]


def test_an_article_is_a_medical_web_page_at_the_address_for_readers() -> None:
    said = described(ARTICLE)
    assert said["@context"] == CONTEXT
    assert said["@type"] == "MedicalWebPage"
    assert said["@id"] == said["url"] == said["mainEntityOfPage"] == "https://clinic.test/en/hurt-your-back"
    assert (said["name"], said["headline"], said["description"]) == (
        "Hurt your back",
        "Hurt your back",
        "Keep moving.",
    )
    assert (said["inLanguage"], said["identifier"], said["version"]) == ("en", f"{ENTRY}0", 12)
    assert said["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert said["publisher"] == {"@type": "Organization", "name": "Tolk", "url": "https://clinic.test"}
    assert said["creditText"] == "From Rug & Co"


def test_the_clocks_are_kept_apart_and_the_next_review_is_tolks_own_word() -> None:
    said = described(ARTICLE)
    assert said["datePublished"] == "2026-03-02T09:00:00.000000Z"
    assert said["dateModified"] == "2026-05-03T09:00:00.000000Z"
    assert said["tolk:contentChanged"] == "2026-05-02T09:00:00.000000Z"
    assert said["lastReviewed"] == "2026-03-01"
    assert said["tolk:nextReview"] == "2028-03-01"
    assert said["tolk:updateType"] == "safety"


def test_who_checked_the_medicine_reviewed_it_and_others_contributed() -> None:
    said = described(ARTICLE)
    assert [person["name"] for person in said["reviewedBy"]] == ["Anna"]
    assert [person["name"] for person in said["contributor"]] == ["Bo"]
    assert said["author"][0]["hasCredential"][0]["identifier"] == {
        "@type": "PropertyValue",
        "propertyID": "BIG",
        "value": "19012345604",
    }


def test_a_translation_names_its_source_and_a_source_its_translations() -> None:
    assert described(ARTICLE)["translationOfWork"] == {
        "@type": "MedicalWebPage",
        "@id": "https://tolk.test/v1/nl/articles/r",
        "url": "https://tolk.test/v1/nl/articles/r",
        "inLanguage": "nl",
        "tolk:freshness": "source",
    }
    assert "workTranslation" not in described(ARTICLE)
    source = described({**ARTICLE, "locale": "nl"})
    assert [work["inLanguage"] for work in source["workTranslation"]] == ["en", "tr"]
    assert "translationOfWork" not in source


def test_how_fresh_a_translation_is_and_who_made_it_is_said() -> None:
    said = described(ARTICLE)
    assert (said["tolk:freshness"], said["tolk:translationOrigin"]) == ("stale", "human")
    source = described({**ARTICLE, "translation": {"source_locale": "en", "freshness": "source", "origin": None}})
    assert source["tolk:freshness"] == "source"
    assert "tolk:translationOrigin" not in source


def test_a_heading_with_an_aspect_speaks_for_all_it_heads() -> None:
    symptoms = part(described(ARTICLE), "HealthTopicContent")[0]
    assert symptoms == {
        "@type": "HealthTopicContent",
        "@id": "https://clinic.test/en/hurt-your-back#h1",
        "url": "https://clinic.test/en/hurt-your-back#h1",
        "inLanguage": "en",
        "headline": "What you feel",
        "hasHealthAspect": "https://schema.org/SymptomsHealthAspect",
        "text": "Pain & stiffness.\n\nAt night\n\nLess.",
    }


def test_urgent_advice_says_when_to_see_a_doctor_in_its_own_language_and_how_fresh() -> None:
    urgent = part(described(ARTICLE), "HealthTopicContent")[1]
    assert urgent["hasHealthAspect"] == "https://schema.org/SeeDoctorHealthAspect"
    assert (urgent["tolk:urgency"], urgent["tolk:freshness"], urgent["inLanguage"]) == ("emergency", "stale", "nl")
    assert urgent["text"] == "Not translated yet.\n\nCall\n\nBel 112"


def test_questions_are_a_faq_page() -> None:
    (faq,) = part(described(ARTICLE), "FAQPage")
    answer = {"@type": "Answer", "text": "So."}
    assert faq["mainEntity"] == [{"@type": "Question", "name": "Why?", "acceptedAnswer": answer}]


def test_steps_are_a_how_to_named_by_the_heading_above() -> None:
    (how,) = part(described(ARTICLE), "HowTo")
    assert how["name"] == "What to do"
    assert how["step"] == [
        {"@type": "HowToStep", "position": 1, "name": "Lie", "text": "down"},
        {"@type": "HowToStep", "position": 2, "text": "rest"},
    ]


def test_a_topic_with_a_clinical_code_is_a_condition_and_another_a_term() -> None:
    condition, term = described(ARTICLE)["about"]
    assert condition["@type"] == "MedicalCondition"
    assert condition["@id"] == f"urn:uuid:{ENTRY}3"
    assert condition["code"] == [
        {"@type": "MedicalCode", "codeValue": "L03", "codingSystem": "ICPC-1", "name": "Low back symptom"}
    ]
    assert term["@type"] == "DefinedTerm"
    assert described(TOPIC)["alternateName"] == ["lumbago"]
    assert described(TOPIC)["description"] == "Pain low."


def test_a_guideline_is_cited_with_its_id_and_version() -> None:
    guideline, *others = described(ARTICLE)["citation"]
    assert (guideline["identifier"], guideline["version"], guideline["genre"]) == ("LRP", "2021", "guideline")
    assert guideline["publisher"] == {"@type": "Organization", "name": "KNGF"}
    assert [other["@type"] for other in others] == ["ScholarlyArticle", "Book", "WebPage"]


def test_an_author_is_a_person_with_credentials_and_never_a_physician() -> None:
    said = described(AUTHOR)
    assert said["@type"] == "Person"
    assert (said["jobTitle"], said["description"]) == ("Physiotherapist", "Works hard.")
    assert said["identifier"] == [{"@type": "PropertyValue", "propertyID": "BIG", "value": "19012345604"}]
    assert [c["credentialCategory"] for c in said["hasCredential"]] == ["registration", "degree"]
    assert said["hasCredential"][1]["recognizedBy"] == {"@type": "Organization", "name": "HU"}
    assert said["hasCredential"][1]["identifier"] == "7"
    assert (said["knowsLanguage"], said["knowsAbout"]) == (["nl", "ar"], ["Back pain"])
    assert said["sameAs"] == ["https://orcid.org/1"]
    assert said["tolk:example"] is True
    assert "publisher" not in said


def test_a_clinic_says_where_when_and_in_which_languages() -> None:
    said = described(CLINIC)
    assert said["@type"] == ["MedicalClinic", "Physiotherapy"]
    assert said["address"] == [
        {
            "@type": "PostalAddress",
            "streetAddress": "Straat 1a",
            "postalCode": "1011 AB",
            "addressLocality": "Amsterdam",
            "addressCountry": "NL",
        }
    ]
    assert said["contactPoint"] == [
        {
            "@type": "ContactPoint",
            "telephone": "+31201234567",
            "email": "a@b.nl",
            "url": "https://c.nl/form",
            "availableLanguage": ["nl", "tr"],
        }
    ]
    assert said["openingHoursSpecification"][0]["dayOfWeek"] == [
        "https://schema.org/Monday",
        "https://schema.org/Friday",
    ]
    assert [(i["propertyID"], i["value"]) for i in said["identifier"]] == [("AGB", "04001234"), ("KvK", "12345678")]
    assert said["memberOf"] == [{"@type": "Organization", "name": "RugNetwerk"}]
    assert said["employee"][0]["@id"] == f"urn:uuid:{ENTRY}1"
    assert said["availableService"] == [{"@type": "MedicalProcedure", "name": "Manual therapy"}]


def test_a_clinic_without_a_phone_can_still_be_reached() -> None:
    assert described({"type": "clinic", "email": "a@b.nl"})["contactPoint"] == [
        {"@type": "ContactPoint", "email": "a@b.nl"}
    ]


def test_a_type_of_ones_own_is_a_creative_work() -> None:
    said = described(OTHER)
    assert (said["@type"], said["name"], said["description"]) == ("CreativeWork", "Leaflet", "Short.")
    assert "lastReviewed" not in said


@pytest.mark.parametrize("kind", ["article", "author", "clinic", "topic", "leaflet", ""])
def test_a_document_with_next_to_nothing_in_it_is_described(kind: str) -> None:
    assert to_jsonld({"type": kind})["@context"] == CONTEXT


def test_a_body_that_is_one_string_already_has_no_parts() -> None:
    assert "hasPart" not in described({**ARTICLE, "body": "<p>x</p>"})


def test_a_licence_without_an_address_is_a_work_with_a_name() -> None:
    said = described({**ARTICLE, "licence": {"name": "All rights reserved", "url": ""}})
    assert said["license"] == {"@type": "CreativeWork", "name": "All rights reserved"}


def test_addresses_that_may_not_be_followed_are_left_out() -> None:
    hostile = {**ARTICLE, "url": "javascript:x", "canonical_url": "javascript:x", "licence": {"url": "data:x"}}
    assert "url" not in described(hostile)
    assert "license" not in described(hostile)


def test_what_is_dumped_cannot_end_a_script_element() -> None:
    said = dumps({"name": "</script><script>alert(1)</script>", "é": "ع"})
    assert "<" not in said
    assert "é" in said
    assert json.loads(said) == {"name": "</script><script>alert(1)</script>", "é": "ع"}
