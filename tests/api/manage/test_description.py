"""The description of the management API: valid, complete, and such that a client can be made of it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from api.manage import PREFIX
from cms.content import types
from tests.api.manage.conftest import OPERATIONS, Bureau, Caller, description

COMPONENT = "#/components/schemas/"


def _operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in description()["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_it_is_valid_openapi_and_served_as_such(admin: Caller) -> None:
    served = admin.get("/openapi.json")
    OpenAPIV31SpecValidator(served).validate()
    assert served["openapi"].startswith("3.1")
    assert served["paths"].keys() == description()["paths"].keys()
    assert served["security"] == [{"key": []}]


def test_every_route_is_described_and_every_description_has_a_route(bureau: Bureau) -> None:
    routes = {
        (re.sub(r"<(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in bureau.desk.app.url_map.iter_rules()
        if rule.rule.startswith(PREFIX)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == {(path, method) for path, method, _ in _operations()}


def test_operations_have_unique_names_summaries_and_described_parameters() -> None:
    names = [operation["operationId"] for _, _, operation in _operations()]
    assert sorted(names) == sorted(OPERATIONS)
    assert all(name.isidentifier() for name in names)
    for path, _, operation in _operations():
        assert operation["summary"], path
        here = {each["name"] for each in operation["parameters"] if each["in"] == "path"}
        assert here == set(re.findall(r"\{(\w+)\}", path))
        assert all(each["description"] and each["schema"] for each in operation["parameters"]), path
        assert {"401", "403", "429"} <= operation["responses"].keys()


def test_writes_to_an_entry_ask_for_if_match_and_creates_take_a_name() -> None:
    asked = {"If-Match": set(), "Idempotency-Key": set()}
    for _, _, operation in _operations():
        for each in operation["parameters"]:
            if each["in"] == "header":
                asked[each["name"]].add(operation["operationId"])
    assert asked["If-Match"] == {
        "save_entry", "archive_entry", "unarchive_entry", "merge_entry", "review_entry", "restore_revision",
        "publish_entry",
    }  # fmt: skip
    assert asked["Idempotency-Key"] == {
        "create_entry", "import_text", "schedule_entry", "add_term", "add_picture", "add_user", "make_key",
        "add_partner", "make_partner_key", "add_webhook", "begin_drill",
    }  # fmt: skip


def test_every_reference_leads_somewhere_and_every_schema_is_used_and_valid() -> None:
    schemas = description()["components"]["schemas"]
    assert {ref.removeprefix(COMPONENT) for ref in _refs(description())} == set(schemas)
    meta = Draft202012Validator({"$ref": "https://json-schema.org/draft/2020-12/schema"})
    assert all(meta.is_valid(schema) for schema in schemas.values())


def _refs(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        yield from (inner for name, each in value.items() if name == "mapping" for inner in each.values())
        for inner in value.values():
            yield from _refs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _refs(inner)


@pytest.mark.parametrize("name", ["article", "author", "clinic", "topic"])
def test_content_is_described_field_by_field(name: str) -> None:
    content = description()["components"]["schemas"][f"{name.title()}Content"]
    assert content["additionalProperties"] is False
    assert set(content["properties"]) == set(types.find(name).schema.fields)
    assert types.find(name).title in content["required"]


def test_what_does_not_fit_is_refused_by_the_description_too() -> None:
    schema = {**description()["components"]["schemas"]["ArticleContent"], "components": description()["components"]}
    held = Draft202012Validator(schema)
    paragraph = {"type": "paragraph", "text": "Blijf bewegen."}
    assert held.is_valid({"title": "Knie", "body": [paragraph]})
    for wrong in (
        {},
        {"title": ""},
        {"title": "Knie", "titel": "x"},
        {"title": "Knie", "body": [{**paragraph, "type": "paragraf"}]},
        {"title": "Knie", "body": [{"type": "heading", "level": 7, "text": "x"}]},
        {"title": "Knie", "topics": ["rug"]},
    ):
        assert not held.is_valid(wrong), wrong
