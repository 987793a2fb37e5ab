"""The reference of the partner API lists what there is, and nothing else."""

import re

import pytest

from api.manage.operations import Operation
from api.manage.shapes import given
from api.partner import GROUPS
from tests.docs import pages
from tests.docs.statuses import statuses
from tests.docs.test_management import _address, _members

PAGE = pages.read("reference/partner-api.md")
OPERATIONS: list[Operation] = [operation for group in GROUPS for operation in group.operations]


def test_every_operation_is_listed_with_what_it_does() -> None:
    listed = pages.rows(pages.section(PAGE, "Operations"))
    assert listed == [[f"`{_address(each)}`", each.summary] for each in OPERATIONS]


def test_every_parameter_is_listed() -> None:
    listed = [(row[0].strip("`"), row[1]) for row in pages.rows(pages.section(PAGE, "Parameters"))]
    assert listed == [
        (_address(each), f"`{name}`{' (required)' if name in each.required else ''}")
        for each in OPERATIONS
        for name in each.query
    ]


def test_every_member_of_a_body_is_listed() -> None:
    listed = {row[0].strip("`"): row[1] for row in pages.rows(pages.section(PAGE, "Bodies"))}
    assert listed == {_address(each): _members(each.body) for each in OPERATIONS if each.body is not None}


def test_every_member_of_an_answer_is_listed() -> None:
    known: dict[str, dict[str, object]] = {}
    for operation in OPERATIONS:
        for kind in operation.answers.values():
            kind = kind.get("page of") if isinstance(kind, dict) else kind
            if kind is not None:
                given(kind, known)
    listed = {row[0].strip("`"): re.findall(r"`(\w+)`", row[1]) for row in pages.rows(pages.section(PAGE, "Objects"))}
    assert listed == {name: list(schema["properties"]) for name, schema in known.items()}


@pytest.mark.parametrize("row", pages.rows(pages.section(PAGE, "Keys")), ids=lambda row: str(row[1]))
def test_each_refusal_has_its_status(row: list[str]) -> None:
    assert {str(statuses()[code]) for code in re.findall(r"`(\w+)`", row[1])} == {row[0]}
