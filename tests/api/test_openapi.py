"""The OpenAPI description: valid, complete, and true of every answer."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema_rs import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from api.public.parameters import FORMATS
from cms.content import types
from tests.api.conftest import Library

Json = dict[str, Any]
OUTSIDE = {"/", "/docs", "/docs/static/{filename}", "/media/{name}"}


def described(client: FlaskClient) -> Json:
    """Return the description."""
    return _parsed(client.get("/v1/openapi.json").data)


@cache
def _parsed(data: bytes) -> Json:
    found: Json = json.loads(data)
    return found


_validators: dict[tuple[int, str], Draft202012Validator] = {}


def faults(api: Json, schema: Json, value: Any) -> list[str]:
    """Return what in a value breaks a schema of the description, formats such as `uri` too."""
    key = id(api), json.dumps(schema)
    if key not in _validators:
        whole = {**schema, "components": api["components"]}
        _validators[key] = Draft202012Validator(whole, validate_formats=True)
    return [f"{error.instance_path}: {error.message[:200]}" for error in _validators[key].iter_errors(value)]


def answer_schema(api: Json, path: str, status: int, media: str) -> Json:
    """Return the schema of an answer, by the operation whose template fits the path."""
    plain = path.partition("?")[0]
    templates = [known for known in api["paths"] if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", known), plain)]
    template = min(templates, key=lambda known: known.count("{"))
    found: Json = api["paths"][template]["get"]["responses"][str(status)]["content"][media]["schema"]
    return found


def check(client: FlaskClient, api: Json, path: str, status: int = 200) -> Any:
    """Ask for a path and hold the answer against its description."""
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.json)
    assert not faults(api, answer_schema(api, path, status, answer.mimetype), answer.json), path
    return answer.json


def test_the_description_is_valid_openapi(client: FlaskClient) -> None:
    OpenAPIV31SpecValidator(described(client)).validate()


def test_the_description_is_of_version_3_1_and_names_the_server(client: FlaskClient) -> None:
    api = described(client)
    assert api["openapi"].startswith("3.1")
    assert api["servers"] == [{"url": "http://127.0.0.1:8000"}]
    assert api["info"]["title"]


def test_every_schema_is_a_schema(client: FlaskClient) -> None:
    meta = Draft202012Validator({"$ref": "https://json-schema.org/draft/2020-12/schema"})
    for schema in described(client)["components"]["schemas"].values():
        assert meta.is_valid(schema)


def _routes(app: Flask) -> set[str]:
    # The admin is for people; the management API and the partner API have a description of their own.
    return {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for rule in app.url_map.iter_rules()
        if not rule.rule.startswith(("/admin/", "/manage/", "/v1/partner/"))
    }


def test_every_route_is_described_and_every_description_has_a_route(client: FlaskClient, library: Library) -> None:
    assert _routes(library.app) - OUTSIDE == set(described(client)["paths"])


def test_operations_have_unique_names_that_a_client_can_be_made_of(client: FlaskClient) -> None:
    names = [path["get"]["operationId"] for path in described(client)["paths"].values()]
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() for name in names)


def test_every_operation_describes_its_parameters_and_answers(client: FlaskClient) -> None:
    for path, methods in described(client)["paths"].items():
        operation = methods["get"]
        assert operation["summary"], path
        assert set(re.findall(r"\{(\w+)\}", path)) == {
            parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "path"
        }
        for parameter in operation["parameters"]:
            assert parameter["description"], (path, parameter["name"])
            assert parameter["schema"], (path, parameter["name"])
        assert all(answer["description"] for answer in operation["responses"].values())


def _refs(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for inner in value.values():
            yield from _refs(inner)
    if isinstance(value, list):
        for inner in value:
            yield from _refs(inner)


def test_every_reference_leads_somewhere_and_every_schema_is_used(client: FlaskClient) -> None:
    api = described(client)
    named = {ref.removeprefix("#/components/schemas/") for ref in _refs(api)}
    named |= {ref.removeprefix("#/components/schemas/") for ref in _mapped(api)}
    assert named == set(api["components"]["schemas"])


def _mapped(api: Json) -> Iterator[str]:
    for schema in api["components"]["schemas"].values():
        yield from schema.get("discriminator", {}).get("mapping", {}).values()


@pytest.mark.parametrize("union", ["Block", "NestedBlock"])
def test_a_union_of_blocks_tells_them_apart_by_type(client: FlaskClient, union: str) -> None:
    schemas = described(client)["components"]["schemas"]
    union_schema = schemas[union]
    mapping = union_schema["discriminator"]["mapping"]
    assert union_schema["discriminator"]["propertyName"] == "type"
    assert sorted(mapping.values()) == sorted(one["$ref"] for one in union_schema["oneOf"])
    for name, ref in mapping.items():
        block = schemas[ref.rpartition("/")[2]]
        assert block["properties"]["type"]["const"] == name
        assert "type" in block["required"]


@cache
def _texts() -> list[str]:
    forms = [f"?format={form}" for form in FORMATS]
    return ["", *forms, *(f"{form}&fields=url" for form in forms), "?view=jsonld"]


def test_every_document_in_every_form_is_as_described(client: FlaskClient, library: Library) -> None:
    api = described(client)
    for row in library.db.query("select locale, type, entry from document where status = 200 order by entry, locale"):
        kind = types.find(row["type"])
        path = f"/v1/{row['locale']}/{kind.plural}/{row['entry']}"
        whole = check(client, api, path)
        # Whole documents are as strictly described as can be: every member is there.
        assert not faults(api, {"$ref": f"#/components/schemas/{kind.name.title()}"}, whole)
        for query in _texts()[1:]:
            check(client, api, f"{path}{query}")


@pytest.mark.parametrize("plural", ["articles", "authors", "clinics", "topics"])
def test_every_list_in_every_form_is_as_described(client: FlaskClient, plural: str) -> None:
    api = described(client)
    fields = next(
        parameter["schema"]["items"]["enum"]
        for parameter in api["paths"][f"/v1/{{locale}}/{plural}"]["get"]["parameters"]
        if parameter["name"] == "fields"
    )
    for locale in ("nl", "en", "ar", "tr"):
        for form in FORMATS:
            check(client, api, f"/v1/{locale}/{plural}?limit=100&format={form}")
            check(client, api, f"/v1/{locale}/{plural}?limit=100&format={form}&fields={','.join(fields)}")
        check(client, api, f"/v1/{locale}/{plural}?limit=1&page=2")


def test_each_field_can_be_asked_for_by_itself(client: FlaskClient) -> None:
    api = described(client)
    for plural in ("articles", "authors", "clinics", "topics"):
        for field in client.get(f"/v1/nl/{plural}?limit=1").json["data"][0]:
            assert field in check(client, api, f"/v1/nl/{plural}?limit=1&fields={field}")["data"][0]


def test_every_search_is_as_described(client: FlaskClient) -> None:
    api = described(client)
    for query in ("q=rug&limit=100", "q=nek&type=article", "q=zzzz", "q=a*&limit=100", "q=kooistra"):
        check(client, api, f"/v1/nl/search?{query}")


def test_fallbacks_are_as_described(client: FlaskClient) -> None:
    api = described(client)
    for query in ("", "&format=html", "&fields=title", "&view=jsonld"):
        check(client, api, f"/v1/tr/articles/nekpijn?fallback=en{query}")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/tr/articles/nekpijn", 404),
        ("/v1/nl/articles/nergens", 404),
        ("/v1/xx/articles", 404),
        ("/v1/nl/articles/hielpijn", 410),
        ("/v1/nl/articles?page=0&x=1&fields=tilte", 400),
        ("/v1/nl/articles?topic=nergens", 404),
        ("/v1/nl/search", 400),
        ("/v1/articles/nergens", 404),
        ("/v1/articles?x=1", 400),
        ("/health", 200),
        ("/ready", 200),
        ("/v1/openapi.json", 200),
    ],
)
def test_other_answers_are_as_described(client: FlaskClient, path: str, status: int) -> None:
    check(client, described(client), path, status)


def test_the_description_names_the_languages_of_the_installation(client: FlaskClient) -> None:
    operation = described(client)["paths"]["/v1/{locale}/articles"]["get"]
    locale = next(parameter for parameter in operation["parameters"] if parameter["name"] == "locale")
    assert locale["schema"]["enum"] == ["nl", "en", "de", "fr", "tr", "ar", "pl", "uk"]


def test_defaults_are_those_of_the_answers(client: FlaskClient) -> None:
    operation = described(client)["paths"]["/v1/{locale}/articles"]["get"]
    defaults = {parameter["name"]: parameter["schema"].get("default") for parameter in operation["parameters"]}
    explicit = f"?limit={defaults['limit']}&page={defaults['page']}&sort={defaults['sort']}&format={defaults['format']}"
    assert client.get("/v1/nl/articles").json["data"] == client.get(f"/v1/nl/articles{explicit}").json["data"]
