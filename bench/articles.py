"""The content that is measured with: the same for the same number, some 5 kB a document. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bench import words
from bench.words import LOCALES
from cms.content import types, validate
from cms.localize import segments

ARTICLES_AN_AUTHOR = 50
AUTHORS_A_CLINIC = 5
KINDS = ("topic", "clinic", "author", "article")


@dataclass(frozen=True)
class Piece:
    """One entry: its content in the source language, and its texts by path in each other one."""

    kind: str
    entry: str
    content: Mapping[str, Any]
    texts: Mapping[str, Mapping[str, str]]


def entry_id(kind: str, number: int) -> str:
    """Return a UUIDv7 that rises with the number, as the ids of real entries rise with time."""
    value = (1_700_000_000_000 + number) << 80 | 0x7 << 76 | 0b10 << 62 | KINDS.index(kind)
    return str(UUID(int=value))


def collection(articles: int) -> Iterator[Piece]:
    """Yield everything that so many articles need, and the articles; what is named comes before what names it."""
    authors = -(-articles // ARTICLES_AN_AUTHOR)
    for number in range(len(words.PARTS)):
        yield _piece("topic", number)
    for number in range(-(-authors // AUTHORS_A_CLINIC)):
        yield _piece("clinic", number)
    for number in range(authors):
        yield _piece("author", number)
    for number in range(articles):
        yield _piece("article", number)


def article(number: int) -> Piece:
    """Return one article."""
    return _piece("article", number)


def _piece(kind: str, number: int) -> Piece:
    found = {locale: _WRITERS[kind](number, place) for place, locale in enumerate(LOCALES)}
    source, *others = LOCALES
    texts = {}
    for locale in others:
        loaded = validate.load(types.find(kind), found[locale])
        cut = segments.cut(types.find(kind), loaded)
        texts[locale] = {"slug": found[locale]["slug"], **{segment.path: segment.source for segment in cut}}
    return Piece(kind, entry_id(kind, number), found[source], texts)


def _topic(number: int, place: int) -> dict[str, Any]:
    part = words.PARTS[number][place]
    return {"title": words.COMPLAINTS[place].format(part=part), "slug": f"topic-{number}"}


def _clinic(number: int, place: int) -> dict[str, Any]:
    return {
        "name": words.PRACTICE[place].format(n=number),
        "slug": f"practice-{number}",
        "description": words.ABOUT[place],
        "phones": ["+31201234567"],
        "email": f"practice-{number}@example.org",
        "website": f"https://example.org/practice-{number}",
        "networks": ["Example"],
        "example": True,
    }


def _author(number: int, place: int) -> dict[str, Any]:
    return {
        "name": f"Sam Example {number}",
        "slug": f"sam-example-{number}",
        "job_title": words.JOB[place],
        "bio": words.ABOUT[place],
        "clinics": [entry_id("clinic", number // AUTHORS_A_CLINIC)],
        "example": True,
    }


def _article(number: int, place: int) -> dict[str, Any]:
    part, occasion = number % len(words.PARTS), number // len(words.PARTS) % len(words.OCCASIONS)
    slots = {"part": words.PARTS[part][place], "occasion": words.OCCASIONS[occasion][place], "n": number}

    def say(pattern: tuple[str, ...], **more: Any) -> str:
        return pattern[place].format(**{**slots, **more})

    def text(start: int, sentences: int) -> str:
        chosen = (words.SENTENCES[(number + start + step) % len(words.SENTENCES)] for step in range(sentences))
        return " ".join(say(sentence) for sentence in chosen)

    heads = [
        {"id": f"h{n}", "type": "heading", "level": 2, "text": say(pattern)} for n, pattern in enumerate(words.HEADINGS)
    ]
    alarm = [{"id": "c1", "type": "paragraph", "text": say(words.ALARMS)}]
    return {
        "title": say(words.TITLE),
        "slug": f"pain-{LOCALES[place]}-{number}",
        "summary": say(words.SUMMARY),
        "body": [
            {
                "id": "c0", "type": "callout", "urgency": "urgent_today", "title": say(words.ALARM), "body": alarm,
            },
            heads[0],
            {"id": "p0", "type": "paragraph", "text": text(0, 4)},
            heads[1],
            {"id": "l0", "type": "list", "items": [{"id": f"l{n}", "text": text(n, 1)} for n in range(1, 4)]},
            {"id": "p1", "type": "paragraph", "text": text(4, 3)},
            heads[2],
            {
                "id": "s0", "type": "steps",
                "items": [{"id": f"s{n}", "title": say(words.STEP, n=n), "text": text(n, 2)} for n in (1, 2, 3)],
            },
            {
                "id": "q0", "type": "faq",
                "items": [{
                    "id": "q1", "question": say(words.QUESTION),
                    "answer": [{"id": "q2", "type": "paragraph", "text": text(6, 2)}],
                }],
            },
        ],
        "topics": [entry_id("topic", part)],
        "authors": [entry_id("author", number // ARTICLES_AN_AUTHOR)],
        "clinics": [entry_id("clinic", number // ARTICLES_AN_AUTHOR // AUTHORS_A_CLINIC)],
        "last_reviewed": f"2026-{number % 9 + 1:02}-01",
        "review_due": f"2028-{number % 9 + 1:02}-01",
        "audience": ["adults"],
    }  # fmt: skip


_WRITERS = {"topic": _topic, "clinic": _clinic, "author": _author, "article": _article}
