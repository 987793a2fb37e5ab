"""The reference of the management API lists what there is, and nothing else."""

import re

import pytest
from marshmallow import Schema, fields

from api.manage import GROUPS
from api.manage.operations import Operation
from api.manage.shapes import given
from tests.docs import pages

PAGE = pages.read("reference/management-api.md")
OPERATIONS = [operation for group in GROUPS for operation in group.operations]


def _address(operation: Operation) -> str:
    path = operation.path.replace("<", "{").replace(">", "}")
    return f"{operation.method} {path}"


def test_every_operation_is_listed_with_its_right_and_what_it_does() -> None:
    listed = {row[0].strip("`"): row[1:] for row in pages.rows(pages.section(PAGE, "Operations"))}
    assert listed == {
        _address(each): [
            " or ".join(f"`{right}`" for right in each.rights) if len(each.rights) < 9 else "any",
            each.summary,
        ]
        for each in OPERATIONS
    }


def test_every_parameter_is_listed() -> None:
    rows = pages.rows(pages.section(PAGE, "Parameters"))
    listed = [(row[0].strip("`"), row[1]) for row in rows]
    assert listed == [
        (_address(each), f"`{name}`{' (required)' if name in each.required else ''}")
        for each in OPERATIONS
        for name in each.query
    ]
    assert all(row[2] for row in rows)


def _members(schema: Schema) -> str:
    return ", ".join(
        f"`{name}`"
        + (" (required)" if field.required else "")
        + (f" {{{_members(field.schema)}}}" if isinstance(field, fields.Nested) else "")
        for name, field in schema.fields.items()
    )


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


@pytest.mark.parametrize("code", ["key_missing", "bad_key", "precondition_failed", "idempotency_key_reused"])
def test_what_a_caller_must_know_of_is_said(code: str) -> None:
    assert f"`{code}`" in PAGE
