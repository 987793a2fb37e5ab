"""Refuse what cannot be a translation at all, whatever it says: no such segment, too long, not plain text. Pure."""

from collections.abc import Collection, Mapping
from typing import Any

from marshmallow import ValidationError

from cms.content import walk
from cms.content.slugs import slugify
from cms.content.types import Type
from cms.errors import Fault, Invalid, Problem

# A locale's slug is kept beside its translations; it is made from no source text, so it never goes stale.
SLUG = "slug"


def refuse_misplaced(texts: Mapping[str, str], paths: Collection[str]) -> None:
    """Raise Invalid where a text is empty, or its path is no segment and not the slug's."""
    problems = [Problem(f"/{path}", "no_such_segment") for path in texts if path not in paths and path != SLUG]
    problems += [Problem(f"/{path}", "blank") for path, text in texts.items() if not text]
    if slugify(texts.get(SLUG, "")) != texts.get(SLUG, ""):
        problems.append(Problem("/slug", "not_a_slug", {"value": texts[SLUG]}))
    if problems:
        raise Invalid(problems)


def refuse_unfit(kind: Type, content: Mapping[str, Any], texts: Mapping[str, str]) -> None:
    """Hold texts to the rules of their fields: length, characters, no HTML in plain text. Raises Invalid."""
    problems = []
    for leaf in walk.leaves(kind.schema, content):
        if leaf.path in texts and leaf.field.metadata.get("translatable"):
            try:
                leaf.field.deserialize(texts[leaf.path])
            except ValidationError as error:
                faults = [fault for fault in error.messages if isinstance(fault, Fault)]
                problems += [Problem(f"/{leaf.path}", fault.code, fault.values) for fault in faults]
    if problems:
        raise Invalid(problems)
