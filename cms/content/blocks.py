"""The kinds of block that a body is made of."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from marshmallow import Schema, ValidationError, validates_schema

from cms.content.fields import (
    Blocks,
    Choice,
    Flag,
    Inline,
    InlinePart,
    Link,
    Part,
    Ref,
    Text,
    Whole,
    one,
    parts,
)
from cms.errors import Fault

# The members of schema.org's HealthAspectEnumeration (release 30.0), without their suffix "HealthAspect".
ASPECTS = (
    "Allergies", "Benefits", "Causes", "Contagiousness", "Effectiveness", "GettingAccess", "HowItWorks",
    "HowOrWhere", "Ingredients", "LivingWith", "MayTreat", "Misconceptions", "Overview", "PatientExperience",
    "Pregnancy", "Prevention", "Prognosis", "RelatedTopics", "RisksOrComplications", "Safety", "Screening",
    "SeeDoctor", "SelfCare", "SideEffects", "Stages", "Symptoms", "Treatments", "Types", "UsageOrSchedule",
)  # fmt: skip
URGENCIES = ("none", "see_gp", "urgent_today", "emergency")
TRANSLATABLE = {"translatable": True}


def is_critical(block: Mapping[str, object]) -> bool:
    """Tell whether a wrong or outdated wording of this block, or of one within it, could harm the reader."""
    if block.get("critical") or block.get("urgency", "none") != "none":
        return True
    lists = (value for value in block.values() if isinstance(value, list))
    return any(is_critical(inner) for value in lists for inner in value if isinstance(inner, Mapping))


def _nested() -> Mapping[str, Schema]:
    return nested_kinds()


class Block(Part):
    """What every block may carry."""

    type = Text(required=True)
    aspect = Choice(*ASPECTS)
    urgency = Choice(*URGENCIES)
    critical = Flag()


class Heading(Block):
    """A heading of level 2 to 4; the title is level 1."""

    level = Whole(minimum=2, maximum=4, required=True)
    text = Inline(required=True, max_length=300, metadata=TRANSLATABLE)


class Paragraph(Block):
    """A paragraph."""

    text = Inline(required=True, metadata=TRANSLATABLE)


class List(Block):
    """A list, ordered (numbered) or not."""

    ordered = Flag(load_default=False)
    items = parts(InlinePart, required=True, minimum=1)


class Step(InlinePart):
    """One step of an instruction."""

    title = Text(metadata=TRANSLATABLE)


class Steps(Block):
    """An instruction to be followed in order."""

    items = parts(Step, required=True, minimum=1)


class Callout(Block):
    """Advice that must stand out; its urgency says how fast to act."""

    title = Text(metadata=TRANSLATABLE)
    body = Blocks(_nested, required=True, minimum=1)


class Image(Schema):
    """A picture: where it is and its size in pixels."""

    src = Link(local=True, required=True)
    width = Whole(minimum=1, maximum=20_000)
    height = Whole(minimum=1, maximum=20_000)


class Figure(Block):
    """A picture with the text that stands in for it."""

    image = one(Image, required=True)
    alt = Text(required=True, metadata=TRANSLATABLE)
    caption = Text(metadata=TRANSLATABLE)
    credit = Text()


class Question(Part):
    """One question and its answer."""

    question = Text(required=True, metadata=TRANSLATABLE)
    answer = Blocks(_nested, required=True, minimum=1)


class Faq(Block):
    """Questions and answers."""

    items = parts(Question, required=True, minimum=1)


class Row(Part):
    """One row of a table."""

    cells = parts(InlinePart, required=True, minimum=1, maximum=50)


class Table(Block):
    """A table with a row of column heads; every row has as many cells as there are columns."""

    caption = Text(metadata=TRANSLATABLE)
    columns = parts(InlinePart, required=True, minimum=1, maximum=50)
    rows = parts(Row, required=True, minimum=1)

    @validates_schema
    def _square(self, data: Mapping[str, Any], **_: Any) -> None:
        expected = len(data["columns"])
        uneven = {
            index: {"cells": [Fault("uneven_row", {"cells": len(row["cells"]), "columns": expected})]}
            for index, row in enumerate(data["rows"])
            if len(row["cells"]) != expected
        }
        if uneven:
            raise ValidationError({"rows": uneven})


class Quote(Block):
    """Somebody's words."""

    text = Inline(required=True, metadata=TRANSLATABLE)
    cite = Text(metadata=TRANSLATABLE)


class Contact(Block):
    """How to reach a clinic."""

    clinic = Ref("clinic", required=True)
    text = Inline(metadata=TRANSLATABLE)


@lru_cache
def nested_kinds() -> Mapping[str, Schema]:
    """Return the blocks that may stand inside a callout or an answer."""
    return {"paragraph": Paragraph(), "list": List(), "steps": Steps(), "contact": Contact()}


@lru_cache
def kinds() -> Mapping[str, Schema]:
    """Return the blocks that may stand in a body."""
    return {
        "heading": Heading(),
        **nested_kinds(),
        "callout": Callout(),
        "figure": Figure(),
        "faq": Faq(),
        "table": Table(),
        "quote": Quote(),
    }


def body(*, publish: bool = False) -> Blocks:
    """Return the field for a body of blocks; `publish` asks for one block at least before publishing."""
    return Blocks(kinds, metadata={"publish": publish, "searchable": True})
