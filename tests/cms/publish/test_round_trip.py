"""Whatever is written comes out again: every text, under its id, as valid JSON."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cms.content import revisions, types, walk
from cms.content.fields import Inline, tidy
from cms.publish import inline
from cms.publish.refresh import rebuild
from cms.store import Database
from tests.builders import SITE, create, document, everything, later, publish, published, save, unpublish

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=40).filter(str.strip)
WRITTEN = st.sampled_from(
    [
        "Bel **112** als u *niet* kunt plassen.",
        "Zie [hier](https://a.nl/?a=1&b=2).",
        "`x` < 3 & y > 2",
        "ألم الظهر",
        "a\nb",
    ]
)
PLAIN = (TEXT | st.sampled_from(["5 < 6", "Q&A", "“Rug”"])).filter(lambda text: not re.search(r"<[/a-zA-Z!]", text))
MARKDOWN = TEXT | WRITTEN
MARKS = st.fixed_dictionaries(
    {}, optional={"urgency": st.sampled_from(["none", "emergency"]), "aspect": st.just("Safety")}
)


def a_block(kind: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(lambda found, marks: {"type": kind, **found, **marks}, st.fixed_dictionaries(fields), MARKS)


def some(item: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(item, min_size=1, max_size=3)


ITEM = st.fixed_dictionaries({"text": MARKDOWN})
NESTED = st.one_of(
    a_block("paragraph", text=MARKDOWN),
    a_block("list", ordered=st.booleans(), items=some(ITEM)),
    a_block("steps", items=some(st.fixed_dictionaries({"text": MARKDOWN}, optional={"title": PLAIN}))),
)
TABLE = st.integers(1, 3).flatmap(
    lambda width: a_block(
        "table",
        columns=st.lists(ITEM, min_size=width, max_size=width),
        rows=some(st.fixed_dictionaries({"cells": st.lists(ITEM, min_size=width, max_size=width)})),
        caption=PLAIN,
    )
)
BLOCK = st.one_of(
    NESTED,
    TABLE,
    a_block("heading", level=st.integers(2, 4), text=MARKDOWN),
    a_block("callout", title=PLAIN, body=some(NESTED)),
    a_block("figure", image=st.just({"src": "/media/rug.svg", "width": 10}), alt=PLAIN, caption=PLAIN, credit=PLAIN),
    a_block("faq", items=some(st.fixed_dictionaries({"question": PLAIN, "answer": some(NESTED)}))),
    a_block("quote", text=MARKDOWN, cite=PLAIN),
)


def written(db: Database, entry: str) -> dict[tuple[str, str], str]:
    """Return the plain text of all that was saved, by the id of the thing it is in and its name there."""
    leaves = walk.leaves(types.find("article").schema, revisions.latest(db, entry).content)
    found = {}
    for leaf in leaves:
        if leaf.field.metadata.get("translatable"):
            *_, id, name = ["", *leaf.path.split(".")]
            text = inline.plain(leaf.value) if isinstance(leaf.field, Inline) else inline.without_controls(leaf.value)
            found[id, name] = spaced(text)
    return found


def read(thing: Any, id: str = "") -> Iterator[tuple[tuple[str, str], str]]:
    """Yield the plain text of all that is served, in the same form."""
    for name, value in thing.items():
        if name == "html":
            yield (id, "text"), spaced(unescape(re.sub(r"<[^>]*>", "", value.replace("<br>", " "))))
        elif name in ("title", "summary", "question", "alt", "caption", "cite"):
            yield (id, name), spaced(value)
        elif isinstance(value, list) and name in ("body", "items", "answer", "columns", "rows", "cells"):
            for inner in value:
                yield from read(inner, inner["id"])


def spaced(text: str) -> str:
    return " ".join(text.split())


def shown(plain: str) -> str:
    return spaced(inline.without_controls(tidy(plain)))


def ids(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from [value["id"]] if "id" in value else []
        for inner in value.values():
            yield from ids(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from ids(inner)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    title=PLAIN,
    summary=PLAIN,
    blocks=st.lists(BLOCK, min_size=1, max_size=4),
    again=st.lists(BLOCK, min_size=1, max_size=2),
)
def test_every_text_that_is_written_is_read_under_its_id(
    db: Database, title: str, summary: str, blocks: list[Any], again: list[Any]
) -> None:
    clinic = next((row["id"] for row in db.query("select id from entry where type = 'clinic'")), "")
    clinic = clinic or published(db, "clinic")
    entry = create(db, "article", title=title, summary=summary, body=blocks, clinics=[clinic])
    publish(db, entry)
    for number in (1, 2):
        source, served = revisions.latest(db, entry).content, document(db, entry)
        assert dict(read(served)) == {("", "title"): spaced(title), ("", "summary"): spaced(summary)} | written(
            db, entry
        )
        assert list(ids(served["body"])) == list(ids(source["body"]))
        assert [block["type"] for block in served["body"]] == [block["type"] for block in source["body"]]
        if number == 1:
            save(db, entry, body=[*source["body"], *again], now=later(days=1))
            publish(db, entry, now=later(days=1))


@pytest.mark.parametrize("text", ["", " "])
def test_a_contact_shows_the_clinic_with_or_without_a_text(db: Database, text: str) -> None:
    clinic = published(db, "clinic", phones=["+31299653499"])
    entry = published(
        db, "article", clinics=[clinic], body=[{"id": "c1", "type": "contact", "clinic": clinic, "text": text}]
    )
    [block] = document(db, entry)["body"]
    assert (block["clinic"]["phones"], "html" in block) == (["+31299653499"], False)


def test_a_contact_whose_clinic_is_not_published_is_left_out_inside_other_blocks(db: Database) -> None:
    clinic = published(db, "clinic")
    contact = {"id": "c1", "type": "contact", "clinic": clinic}
    callout = {"id": "k1", "type": "callout", "body": [{"id": "p1", "type": "paragraph", "text": "Bel."}, contact]}
    entry = published(db, "article", body=[callout])
    unpublish(db, clinic, "nl", now=later(days=1))
    [block] = document(db, entry)["body"]
    assert [inner["id"] for inner in block["body"]] == ["p1"]


def test_lists_of_lines_are_served_as_plain_strings(db: Database) -> None:
    author = published(db, "author", specialisms=[{"text": "Rug & nek"}, {"text": "Knie"}], bio="Werkt *graag*.")
    served = document(db, author, type_name="author")
    assert (served["specialisms"], served["bio_html"]) == (["Rug & nek", "Knie"], "Werkt <em>graag</em>.")


def test_a_picture_of_the_site_gets_the_address_of_the_site(db: Database) -> None:
    figure = {"id": "f1", "type": "figure", "image": {"src": "/media/rug.svg"}, "alt": "Een rug"}
    elsewhere = {"id": "f2", "type": "figure", "image": {"src": "https://b.example/x.png"}, "alt": "Nog een"}
    entry = published(db, "article", body=[figure, elsewhere])
    assert [block["image"]["src"] for block in document(db, entry)["body"]] == [
        "https://tolk.example/media/rug.svg",
        "https://b.example/x.png",
    ]


def test_rebuilding_after_anything_was_written_changes_nothing(db: Database) -> None:
    published(
        db, "article", summary="Q&A <3", body=[{"type": "paragraph", "text": "[x](entry:nergens) \u202e&#x202e;"}]
    )
    before = everything(db)
    assert rebuild(db, SITE, later(days=1)) == 0
    assert everything(db) == before
