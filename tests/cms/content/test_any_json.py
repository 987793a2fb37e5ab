"""Whatever JSON is sent, content is loaded or refused with reasons; nothing else comes out."""

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import Schema, fields

from cms.content import types, validate
from cms.content.blocks import kinds
from cms.content.fields import Blocks, ListOf
from cms.errors import Invalid
from tests.builders import LEAST

TYPES = sorted(LEAST)
# "Cs" too: Python's own JSON parser lets lone surrogates through.
ANY_TEXT = st.text(st.characters(), max_size=12) | st.sampled_from(["b1", "nl", "112", "2026-03-01", "/m.svg"])
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
    max_leaves=12,
)


def like(field: Any) -> st.SearchStrategy[Any]:
    """Return values near to what a field takes: of its shape more often than not, and wrong in places."""
    if isinstance(field, Blocks):
        return st.lists(st.sampled_from(sorted(field.kinds)).flatmap(lambda kind: block(field, kind)), max_size=3)
    if isinstance(field, ListOf):
        return st.lists(near(field.inner), max_size=3)
    if isinstance(field, fields.Nested):
        return an_object(field.schema)
    return ANY_TEXT


def near(field: Any) -> st.SearchStrategy[Any]:
    return st.one_of(like(field), like(field), like(field), ANY_JSON)


def block(field: Blocks, kind: str) -> st.SearchStrategy[Any]:
    return an_object(field.kinds[kind]).map(lambda found: {**found, "type": kind}) | ANY_JSON


def an_object(schema: Schema) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {}, optional={name: st.deferred(lambda f=f: near(f)) for name, f in schema.fields.items()}
    )


def outcome(type_name: str, raw: Any) -> dict[str, Any] | None:
    """Return what was loaded, None where it was refused with reasons."""
    try:
        return validate.load(types.find(type_name), raw)
    except Invalid as refusal:
        assert all(problem.code for problem in refusal.problems) and refusal.problems
        return None


@pytest.mark.parametrize("type_name", TYPES)
@settings(max_examples=60, deadline=None)
@given(raw=ANY_JSON)
def test_any_json_at_all_is_loaded_or_refused(type_name: str, raw: Any) -> None:
    assert outcome(type_name, raw) is None or isinstance(raw, dict)


@pytest.mark.parametrize("type_name", TYPES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_json_in_any_field_is_loaded_or_refused(type_name: str, data: st.DataObject) -> None:
    raw = LEAST[type_name]() | data.draw(an_object(types.find(type_name).schema))
    loaded = outcome(type_name, raw)
    # What was loaded can be kept, and loads again as the same.
    if loaded is not None:
        kept = orjson.loads(orjson.dumps(loaded))
        assert outcome(type_name, kept) == loaded


@pytest.mark.parametrize("kind", sorted(kinds()))
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_any_json_in_any_block_is_loaded_or_refused(kind: str, data: st.DataObject) -> None:
    raw = {**data.draw(an_object(kinds()[kind])), "type": kind}
    loaded = outcome("article", LEAST["article"](body=[raw]))
    assert loaded is None or loaded["body"][0]["type"] == kind
