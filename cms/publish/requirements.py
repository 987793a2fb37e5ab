"""What must be true before an entry may be published: the type's own needs and the trust rules. Pure."""

from collections.abc import Callable, Iterator, Mapping, Set
from datetime import date
from typing import Any

from cms.content import walk
from cms.content.fields import Ref
from cms.content.types import Type
from cms.errors import Problem
from cms.localize.translations import Rendering
from cms.site import Plainness

Content = Mapping[str, Any]
# How many sentences a refusal shows: enough to begin with.
SHOWN = 5


def reasons(kind: Type, content: Content, rules: Set[str], live: Set[str], today: date) -> list[Problem]:
    """Return why this content may not be published in its source language, empty where it may.

    `rules` are names of TRUST_RULES, `live` the ids of entries that are published.
    """
    found = [
        Problem(f"/{name}", "needed")
        for name, field in kind.schema.fields.items()
        if field.metadata.get("publish") and not content.get(name)
    ]
    found += [
        Problem(leaf.pointer, "reference_not_published", {"id": leaf.value})
        for leaf in walk.leaves(kind.schema, content)
        if isinstance(leaf.field, Ref) and leaf.field.required and leaf.value not in live
    ]
    for rule in sorted(rules | kind.trust):
        found += RULES[rule](content, live, today)
    return found


def translation_reasons(renderings: Mapping[str, Rendering]) -> list[Problem]:
    """Return why a locale may not be published: every segment without a current, approved translation.

    A rendering may be a draft, where there is no approved text of this very source.
    """
    codes = {path: _wanting(rendering) for path, rendering in renderings.items()}
    return [Problem(f"/{path}", code) for path, code in codes.items() if code]


def readability_reasons(kind: Type, content: Content, locale: str, asked: Plainness) -> list[Problem]:
    """Return that this content is harder to read than is asked, and its longest sentences; empty where it is not."""
    # Few sites ask for it; those that do not need not load how it is measured.
    from cms.localize import readability

    found = readability.report(kind, content, locale)
    if found.score is None or found.score >= asked.least:
        return []
    pointers = {leaf.path: leaf.pointer for leaf in walk.leaves(kind.schema, content)}
    longest = [
        Problem(
            pointers[each.path], "long_sentence", {"words": each.words, "maximum": found.longest, "text": each.text}
        )
        for each in found.long_sentences[:SHOWN]
    ]
    return [Problem("", "hard_to_read", {"score": found.score, "least": asked.least}), *longest]


def _wanting(rendering: Rendering) -> str:
    if rendering.freshness != "current":
        return "untranslated" if rendering.freshness == "missing" else "stale"
    return "unreviewed" if rendering.translation and rendering.translation.state != "approved" else ""


def _author(content: Content, live: Set[str], today: date) -> Iterator[Problem]:
    """Somebody answers for the advice: an author, or a clinic where no person is named."""
    answering = [*content.get("authors", []), *content.get("clinics", [])]
    if not answering:
        yield Problem("/authors", "needs_author")
    elif live.isdisjoint(answering):
        yield Problem("/authors", "author_not_published")


def _reviewer(content: Content, live: Set[str], today: date) -> Iterator[Problem]:
    """Somebody other than an author has checked it medically."""
    writers = set(content.get("authors", []))
    reviewers = [review for review in content.get("reviewers", []) if review["role"] == "medical"]
    if not reviewers:
        yield Problem("/reviewers", "needs_reviewer")
    elif all(review["author"] in writers for review in reviewers):
        yield Problem("/reviewers", "reviewer_is_author")


def _review_dates(content: Content, live: Set[str], today: date) -> Iterator[Problem]:
    """It says when it was reviewed and when it will be again, and that day has not passed."""
    reviewed, due = content.get("last_reviewed", ""), content.get("review_due", "")
    if not reviewed:
        yield Problem("/last_reviewed", "needed")
    elif reviewed > today.isoformat():
        yield Problem("/last_reviewed", "review_in_future", {"last_reviewed": reviewed})
    if not due:
        yield Problem("/review_due", "needed")
    elif due <= reviewed:
        yield Problem("/review_due", "due_before_review", {"last_reviewed": reviewed})
    elif due < today.isoformat():
        yield Problem("/review_due", "review_overdue", {"review_due": due})


def _references(content: Content, live: Set[str], today: date) -> Iterator[Problem]:
    """It says what it rests on."""
    if not content.get("references"):
        yield Problem("/references", "needs_reference")


RULES: Mapping[str, Callable[[Content, Set[str], date], Iterator[Problem]]] = {
    "author": _author,
    "reviewer": _reviewer,
    "review_dates": _review_dates,
    "references": _references,
}
