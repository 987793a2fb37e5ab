"""What must be true before an entry may be published, as tables."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cms.content import types, validate
from cms.errors import Refused
from cms.publish.requirements import reasons
from cms.site import TRUST_RULES
from cms.store import Database
from tests.builders import SITE, a_paragraph, an_article, create, publish, published

A, B, C = (f"0198c0de-0000-7000-8000-00000000000{n}" for n in (1, 2, 3))
TODAY = date(2026, 3, 1)


def review(author: str, role: str = "medical") -> dict[str, Any]:
    return {"author": author, "role": role, "date": "2026-02-01"}


def judged(rules: set[str], live: set[str], **fields: Any) -> list[tuple[str, str]]:
    kind = types.find("article")
    content = validate.load(kind, an_article(**fields))
    return [(reason.pointer, reason.code) for reason in reasons(kind, content, rules, live, TODAY)]


@pytest.mark.parametrize(
    ("rules", "live", "fields", "expected"),
    [
        # Whatever the rules: a body, somebody who answers, and what the text cannot do without.
        (set(), {A}, {"authors": [A]}, []),
        (set(), {A}, {"authors": [A], "body": []}, [("/body", "needed")]),
        (set(), {A}, {"authors": [A], "body": [{"type": "contact", "clinic": B}]},
         [("/body/0/clinic", "reference_not_published")]),
        (set(), {A, B}, {"authors": [A], "body": [{"type": "contact", "clinic": B}]}, []),
        (set(), {A}, {"authors": [A], "topics": [B]}, []),
        (set(), set(), {}, [("/authors", "needs_author")]),
        (set(), set(), {"authors": [A]}, [("/authors", "author_not_published")]),
        (set(), {B}, {"authors": [A, B]}, []),
        (set(), {C}, {"clinics": [C]}, []),
        (set(), set(), {"clinics": [C]}, [("/authors", "author_not_published")]),
        ({"reviewer"}, {A}, {"authors": [A]}, [("/reviewers", "needs_reviewer")]),
        ({"reviewer"}, {A, B}, {"authors": [A], "reviewers": [review(B)]}, []),
        ({"reviewer"}, {A, B}, {"authors": [A], "reviewers": [review(B, "language")]},
         [("/reviewers", "needs_reviewer")]),
        ({"reviewer"}, {A}, {"authors": [A], "reviewers": [review(A)]}, [("/reviewers", "reviewer_is_author")]),
        ({"reviewer"}, {A, B}, {"authors": [A], "reviewers": [review(A), review(B)]}, []),
        ({"reviewer"}, {A}, {"authors": [A], "reviewers": [review(B)]},
         [("/reviewers/0/author", "reference_not_published")]),
        ({"review_dates"}, {A}, {"authors": [A]}, [("/last_reviewed", "needed"), ("/review_due", "needed")]),
        ({"review_dates"}, {A}, {"authors": [A], "last_reviewed": "2026-02-01", "review_due": "2026-03-01"}, []),
        ({"review_dates"}, {A}, {"authors": [A], "last_reviewed": "2026-02-01", "review_due": "2026-02-28"},
         [("/review_due", "review_overdue")]),
        ({"review_dates"}, {A}, {"authors": [A], "last_reviewed": "2026-02-01", "review_due": "2026-02-01"},
         [("/review_due", "due_before_review")]),
        ({"references"}, {A}, {"authors": [A]}, [("/references", "needs_reference")]),
        ({"references"}, {A}, {"authors": [A], "references": [{"title": "NHG-Standaard"}]}, []),
        (set(TRUST_RULES), set(), {"body": []}, [
            ("/body", "needed"), ("/authors", "needs_author"), ("/references", "needs_reference"),
            ("/last_reviewed", "needed"), ("/review_due", "needed"), ("/reviewers", "needs_reviewer"),
        ]),
    ],
)  # fmt: skip
def test_every_reason_against_publishing_is_named_at_once(
    rules: set[str], live: set[str], fields: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert judged(rules, live, **fields) == expected


@pytest.mark.parametrize("type_name", ["author", "clinic", "topic"])
def test_only_articles_are_held_to_rules_of_their_own(db: Database, type_name: str) -> None:
    entry = create(db, type_name)
    assert publish(db, entry).state == "published"


@pytest.mark.parametrize("rule", sorted(set(TRUST_RULES) - {"author"}))
def test_a_site_asks_for_the_rules_that_it_sets(db: Database, rule: str) -> None:
    author = published(db, "author")
    entry = create(db, "article", authors=[author], body=[a_paragraph()])
    with pytest.raises(Refused):
        publish(db, entry, site=replace(SITE, trust={"article": frozenset({rule})}))
    assert publish(db, entry, site=replace(SITE, trust={"topic": frozenset({rule})})).state == "published"
