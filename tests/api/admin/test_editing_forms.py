"""What is drawn as a form and read back is the same content, for every type; what is wrong is said at its field."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import lxml.html
import pytest
from flask import g, render_template_string
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from marshmallow import fields

from api.admin import writing_page
from api.admin.editing import changes, problems, sent, tree
from cms.content import blocks, revisions, types
from cms.content.fields import Flag, Lines, ListOf, Text, refs
from cms.content.types import ContentType, content_type
from cms.errors import Problem
from sample import load
from tests.api.admin.conftest import Office
from tests.api.admin.filling import pairs

FORM = (
    '{% import "admin/editing/nodes.html" as forms with context %}'
    "<html><body><form>{% for node in nodes %}{{ forms.draw(node) }}{% endfor %}</form></body></html>"
)
ARTICLE = types.find("article").schema


def sent_back(office: Office, kind: types.Type, content: dict[str, Any]) -> dict[str, Any]:
    """Draw content as a form and read what a browser would send of it."""
    with office.desk.app.test_request_context("/admin/entries/x"):
        g.visitor = None
        nodes = tree.draw(kind.schema, content, kind.name)
        page = render_template_string(FORM, nodes=nodes, of="nl", **writing_page.forms({}))
    return sent.read(kind.schema, pairs(lxml.html.document_fromstring(page).forms[0]))


def test_every_sample_entry_comes_back_as_it_was(office: Office) -> None:
    desk = office.desk
    load(desk.db, replace(desk.settings.site, locales=("nl",)), datetime.now(UTC), desk.settings.media_dir)
    found = list(desk.db.query("select id, type, latest from entry"))
    assert {row["type"] for row in found} == {"article", "author", "clinic", "topic"}
    for row in found:
        content = revisions.get(desk.db, row["id"], row["latest"]).content
        assert sent_back(office, types.find(row["type"]), content) == content


PLAIN = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=30)
TEXTS = PLAIN.map(str.strip).filter(bool)
IDS = st.uuids().map(lambda one: f"b{one.hex[:12]}")


def a_block(**given: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    marks = {"urgency": st.sampled_from(blocks.URGENCIES), "critical": st.booleans()}
    return st.fixed_dictionaries({"id": IDS, **given}, optional=marks)


ITEM = st.fixed_dictionaries({"id": IDS, "text": TEXTS})
NESTED = a_block(type=st.just("paragraph"), text=TEXTS) | a_block(
    type=st.just("list"), ordered=st.booleans(), items=st.lists(ITEM, min_size=1, max_size=3)
)
BLOCK = (
    NESTED
    | a_block(type=st.just("heading"), level=st.integers(2, 4), text=TEXTS)
    | a_block(type=st.just("callout"), title=TEXTS, body=st.lists(NESTED, min_size=1, max_size=2))
    | a_block(type=st.just("gone-kind"), text=TEXTS)
)
CONTENT = st.fixed_dictionaries(
    {"title": TEXTS},
    optional={
        "summary": TEXTS | st.just(""),
        "body": st.lists(BLOCK, max_size=4),
        "audience": st.lists(st.sampled_from(["adults", "parents", "athletes"]), unique=True),
        "last_reviewed": st.dates().map(str) | st.just("soon"),
        "licence": st.fixed_dictionaries({}, optional={"name": TEXTS, "url": TEXTS}),
    },
)


# The office is the same for every example: drawing changes nothing in it.
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=CONTENT)
def test_whatever_is_written_comes_back_as_it_was(office: Office, content: dict[str, Any]) -> None:
    assert sent_back(office, types.find("article"), content) == content


@pytest.mark.usefixtures("own_types")
def test_a_type_of_ones_own_has_a_form(office: Office) -> None:
    @content_type("exercise", plural="exercises")
    class Exercise(ContentType):
        """A type that Tolk does not ship."""

        title = Text(required=True, metadata={"translatable": True})
        hard = Flag()
        repeats = fields.Integer()
        tags = ListOf(Text())
        cues = Lines()
        settings = fields.Dict()
        for_topics = refs("topic")

    content = {
        "title": "Squat",
        "hard": False,
        "repeats": 12,
        "tags": ["knee", "hip"],
        "cues": [{"id": "c1", "text": "Slowly"}],
        "settings": {"weight": [1, 2]},
    }
    kind = types.find("exercise")
    assert sent_back(office, kind, content) == content
    with office.desk.app.test_request_context("/admin/"):
        labels = [node.label for node in tree.draw(kind.schema, content, "exercise")]
    assert "For topics" in labels


def test_what_was_added_and_never_filled_in_is_left_out() -> None:
    content = {
        "title": "Nek",
        "body": [
            {"id": "b1", "type": "paragraph", "text": "Ja"},
            {"id": "b2", "type": "paragraph"},
            {"id": "b3", "type": "list", "items": [{"id": "i1", "text": "x"}, {"id": "i2"}]},
            {"id": "b4", "type": "table", "columns": [{"id": "k"}], "rows": [{"id": "r", "cells": [{"id": "c"}]}]},
        ],
        "topics": ["", "a"],
    }
    kept = sent.trimmed(ARTICLE, content)
    assert [block["id"] for block in kept["body"]] == ["b1", "b3", "b4"]
    assert kept["body"][1]["items"] == [{"id": "i1", "text": "x"}]
    assert kept["body"][2]["rows"][0]["cells"] == [{"id": "c"}]
    assert kept["topics"] == ["a"]


def test_a_problem_stands_at_the_field_that_is_shown_and_says_where_that_is(office: Office) -> None:
    content = {"body": [{"id": "b1", "type": "list", "items": [{"id": "i1"}]}]}
    with office.desk.app.test_request_context("/admin/"):
        nodes = tree.draw(ARTICLE, content, "article")
        found = problems.placed(
            [Problem("/body/0/items/0/text", "required"), Problem("/body/0/id", "blank"), Problem("", "too_deep")],
            nodes,
        )
    assert [fault.name for fault in found] == ["/body/0/items/0/text", "/body/0", ""]
    assert found[0].where == "Text › List 1 › Item 1"
    assert found[0].said == "This must be given."


@pytest.mark.parametrize(
    "said", ["up /title", "add /nothing", "remove /body/9", "add /body 0 film", "fly /body/0", "up x"]
)
def test_a_change_that_cannot_be_is_refused(said: str) -> None:
    with pytest.raises(changes.Unchanged):
        changes.change(ARTICLE, {"title": "x", "body": [{"id": "b1", "type": "paragraph"}]}, said)


TABLE = {
    "title": "x",
    "body": [
        {
            "id": "t",
            "type": "table",
            "columns": [{"id": "k1", "text": "A"}, {"id": "k2", "text": "B"}],
            "rows": [{"id": "r1", "cells": [{"id": "c1", "text": "1"}, {"id": "c2", "text": "2"}]}],
        }
    ],
}


def cells(content: dict[str, Any]) -> list[list[str]]:
    table = content["body"][0]
    return [[cell.get("text", "") for cell in row] for row in (table["columns"], *(r["cells"] for r in table["rows"]))]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("add /body/0/columns", [["A", "B", ""], ["1", "2", ""]]),
        ("down /body/0/columns/0", [["B", "A"], ["2", "1"]]),
        ("remove /body/0/columns/0", [["B"], ["2"]]),
        ("add /body/0/rows", [["A", "B"], ["1", "2"], ["", ""]]),
    ],
)
def test_a_column_takes_its_cells_with_it(said: str, expected: list[list[str]]) -> None:
    made = changes.change(ARTICLE, TABLE, said)
    assert cells(made.content) == expected
    if made.removed:
        back = changes.change(ARTICLE, made.content, f"back {made.removed['at']}", made.removed)
        assert back.content == TABLE
