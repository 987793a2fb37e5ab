"""From a document to schema.org's vocabulary (release 30.0), as JSON-LD.

Knows nothing of pages: how the result is embedded is the frontend's affair. What schema.org has no word for,
such as the next review, stands under Tolk's own namespace; no word of schema.org is stretched.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from cms.publish.draw import Thing, to_html
from cms.publish.formats import to_text
from cms.publish.jsonld_nodes import (
    SCHEMA,
    Node,
    describe_clinic,
    describe_image,
    describe_person,
    describe_topic,
    each,
    node,
    page_of,
    web_address,
    words,
)

CONTEXT = [SCHEMA, {"tolk": "https://tolk.example/ns#"}]
_REFERENCES = {"study": "ScholarlyArticle", "book": "Book", "website": "WebPage"}


def to_jsonld(document: Thing, publisher: Thing | None = None) -> Node:
    """Describe a document; `publisher` is the name and url of who runs the site, where that is known."""
    describe = _DESCRIBED.get(document.get("type", ""), _work)
    described = describe(document)
    if publisher and "headline" in described:
        described["publisher"] = node("Organization", name=publisher.get("name"), url=web_address(publisher.get("url")))
    return {"@context": CONTEXT, **described}


def dumps(jsonld: Thing) -> str:
    r"""Write JSON-LD so that it can stand inside a script element: `<` becomes \u003c."""
    return json.dumps(jsonld, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _work(document: Thing, type: str = "CreativeWork", **more: Any) -> Node:
    title = document.get("title") or document.get("name")
    translation = document.get("translation") or {}
    page = page_of(document)
    freshness = translation.get("freshness")
    return node(
        type,
        id_=page,
        url=page,
        mainEntityOfPage=page,
        identifier=document.get("id"),
        name=title,
        headline=title,
        description=document.get("summary") or words(document.get("description_html")),
        inLanguage=document.get("locale"),
        datePublished=document.get("published_at"),
        dateModified=document.get("modified_at"),
        version=document.get("version"),
        license=_licence(document.get("licence") or {}),
        creditText=(document.get("attribution") or {}).get("text"),
        expires=document.get("display_until"),
        **_translations(document),
        tolk_content_changed=document.get("content_changed_at"),
        tolk_update_type=document.get("update_type"),
        tolk_refresh_by=document.get("refresh_by"),
        tolk_review_state=None if document.get("review_state") == "current" else document.get("review_state"),
        tolk_freshness=freshness,
        tolk_origin=None if freshness == "source" else translation.get("origin"),
        **more,
    )


def _licence(licence: Thing) -> str | Node | None:
    name = licence.get("name")
    return web_address(licence.get("url")) or (node("CreativeWork", name=name) if name else None)


def _translations(document: Thing) -> Node:
    others = [other for other in document.get("alternates") or () if other.get("locale") != document.get("locale")]
    source = (document.get("translation") or {}).get("source_locale", document.get("locale"))
    if source == document.get("locale"):
        return {"workTranslation": [_edition(other, document) for other in others]}
    of = [_edition(other, document) for other in others if other["locale"] == source]
    return {"translationOfWork": of[0]} if of else {}


def _edition(alternate: Thing, document: Thing) -> Node:
    type = "MedicalWebPage" if document.get("type") == "article" else "CreativeWork"
    url = web_address(alternate.get("url"))
    return node(type, id_=url, url=url, inLanguage=alternate["locale"], tolk_freshness=alternate.get("freshness"))


def _article(document: Thing) -> Node:
    reviewers = document.get("reviewers") or ()
    seo, body = document.get("seo") or {}, document.get("body")
    blocks = body if isinstance(body, list) else []
    alternative = seo.get("title")
    return _work(
        document,
        "MedicalWebPage",
        alternativeHeadline=None if alternative == document.get("title") else alternative,
        author=each(document.get("authors"), describe_person),
        reviewedBy=each([r.get("author") for r in reviewers if r.get("role") == "medical"], describe_person),
        contributor=each([r.get("author") for r in reviewers if r.get("role") != "medical"], describe_person),
        lastReviewed=document.get("last_reviewed"),
        tolk_next_review=document.get("review_due"),
        sourceOrganization=each(document.get("clinics"), describe_clinic),
        about=each(document.get("topics"), describe_topic),
        audience=[_audience(name) for name in document.get("audience") or ()],
        citation=each(document.get("references"), _citation),
        image=[*each(document.get("images"), describe_image), *_figures(blocks)],
        hasPart=list(_parts(blocks, document)),
    )


def _audience(name: str) -> Node:
    type = {"professionals": "MedicalAudience", "parents": "ParentAudience"}.get(name, "PeopleAudience")
    ages = {"adults": {"suggestedMinAge": 18}, "children": {"suggestedMaxAge": 17}}.get(name, {})
    return node(type, audienceType=name.replace("_", " "), **ages)


def _citation(reference: Thing) -> Node:
    publisher, kind = reference.get("publisher"), reference.get("kind", "")
    return node(
        _REFERENCES.get(kind, "CreativeWork"),
        name=reference.get("title"),
        url=web_address(reference.get("url")),
        genre="guideline" if kind == "guideline" else None,
        identifier=reference.get("guideline_id"),
        version=reference.get("guideline_version"),
        datePublished=reference.get("published"),
        publisher=node("Organization", name=publisher) if publisher else None,
    )


def _figures(blocks: Sequence[Thing]) -> list[Node]:
    return [describe_image({**(b.get("image") or {}), **b}) for b in blocks if b["type"] == "figure"]


def _parts(blocks: Sequence[Thing], document: Thing) -> Iterator[Node]:
    heading: Thing = {}
    for index, block in enumerate(blocks):
        heading = block if block["type"] == "heading" else heading
        urgent = block.get("urgency", "none") != "none"
        aspect = block.get("aspect") or ("SeeDoctor" if urgent else None)
        if aspect:
            section = _section(blocks, index)
            yield _part(
                "HealthTopicContent",
                section[0],
                document,
                headline=block.get("title") or words(heading.get("html")),
                hasHealthAspect=f"{SCHEMA}/{aspect}HealthAspect",
                text=_shown(section[1:] if block["type"] == "heading" else section, document),
                tolk_urgency=block["urgency"] if urgent else None,
            )
        if block["type"] == "faq":
            questions = [_question(item, document) for item in block["items"]]
            yield _part("FAQPage", block, document, mainEntity=questions)
        if block["type"] == "steps":
            name = words(heading.get("html")) or document.get("title")
            yield _part("HowTo", block, document, name=name, step=list(_steps(block)))


def _section(blocks: Sequence[Thing], start: int) -> list[Thing]:
    """Give a heading with all that it heads; any other block stands for itself."""
    first, *rest = blocks[start:]
    if first["type"] != "heading":
        return [first]
    ends = (at for at, b in enumerate(rest) if b["type"] == "heading" and b.get("level", 2) <= first.get("level", 2))
    return [first, *rest[: next(ends, len(rest))]]


def _part(type: str, block: Thing, document: Thing, **more: Any) -> Node:
    page = page_of(document)
    here = f"{page}#{block['id']}" if page else None
    language = block.get("lang") or document.get("locale")
    return node(type, id_=here, url=here, inLanguage=language, **more, tolk_freshness=block.get("freshness"))


def _shown(blocks: Sequence[Thing], document: Thing) -> str:
    return to_text(to_html(blocks, document), document.get("dir", "ltr"))


def _question(item: Thing, document: Thing) -> Node:
    answer = node("Answer", text=_shown(item.get("answer") or (), document))
    return node("Question", name=item["question"], acceptedAnswer=answer)


def _steps(block: Thing) -> Iterator[Node]:
    for position, item in enumerate(block["items"], 1):
        yield node("HowToStep", position=position, name=item.get("title"), text=words(item.get("html")))


_DESCRIBED: Mapping[str, Callable[[Thing], Node]] = {
    "article": _article,
    "author": describe_person,
    "clinic": describe_clinic,
    "topic": describe_topic,
}
