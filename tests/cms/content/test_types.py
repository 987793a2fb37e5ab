"""A content type is one schema: a few lines are enough to register it, save it and publish it."""

from collections.abc import Iterator
from typing import Any

import pytest

from cms.content import saving, types
from cms.content.fields import Inline, ListOf, Part, Slug, Text, Whole, parts, refs
from cms.content.types import ContentType, content_type
from cms.errors import NotFound
from cms.publish import editions
from cms.store import Database
from tests.builders import BY, NOW, SITE, document, published


@pytest.fixture(autouse=True)
def registry() -> Iterator[None]:
    """Forget the types that a test registers."""
    before = dict(types._types)
    yield
    types._types.clear()
    types._types.update(before)


def an_exercise() -> type[ContentType]:
    class Setting(Part):
        text = Inline(required=True, metadata={"translatable": True})

    @content_type("exercise", plural="exercises", card=("repetitions",))
    class Exercise(ContentType):
        title = Text(required=True, metadata={"translatable": True, "searchable": True})
        explanation = Inline(metadata={"translatable": True})
        repetitions = Whole(minimum=1)
        settings = parts(Setting)

    return Exercise


def test_a_type_of_ones_own_is_published_like_any_other(db: Database) -> None:
    an_exercise()
    content = {
        "title": "Bekkenkanteling",
        "explanation": "Kantel *rustig*.",
        "repetitions": 10,
        "settings": [{"text": "b"}],
    }
    entry = saving.create(db, "exercise", content, by=BY, now=NOW)
    editions.publish(db, entry.id, "nl", by=BY, now=NOW, site=SITE)
    found = document(db, "bekkenkanteling", type_name="exercise")
    assert (found["title"], found["explanation_html"], found["repetitions"], found["settings"][0]["html"]) == (
        "Bekkenkanteling",
        "Kantel <em>rustig</em>.",
        10,
        "b",
    )
    assert found["url"] == "https://tolk.example/v1/nl/exercises/bekkenkanteling"


def test_a_type_may_mean_something_of_its_own_by_a_name_that_others_use(db: Database) -> None:
    @content_type("recipe", plural="recipes")
    class Recipe(ContentType):
        title = Text(required=True)
        authors = ListOf(Text())
        clinics = refs("topic")

    topic = published(db, "topic")
    entry = saving.create(db, "recipe", {"title": "Soep", "authors": ["Jan"], "clinics": [topic]}, by=BY, now=NOW)
    editions.publish(db, entry.id, "nl", by=BY, now=NOW, site=SITE)
    found = document(db, "soep", type_name="recipe")
    assert (found["authors"], found["attribution"]["text"]) == (["Jan"], "Tolk")


def test_a_type_is_found_by_its_name_and_by_its_plural() -> None:
    an_exercise()
    assert types.find("exercise") is types.find_plural("exercises")
    assert [kind.name for kind in types.every()][-1] == "exercise"


@pytest.mark.parametrize("find", [types.find, types.find_plural])
def test_an_unknown_type_is_not_found(find: Any) -> None:
    with pytest.raises(NotFound) as caught:
        find("recipe")
    assert (caught.value.kind, caught.value.key) == ("type", "recipe")


class Titled(ContentType):
    title = Text(required=True)


class Optional(ContentType):
    title = Text()


class Counted(ContentType):
    title = Whole(required=True)


class Addressed(ContentType):
    title = Text(required=True)
    url = Text()


@pytest.mark.parametrize(
    ("name", "schema", "options", "why"),
    [
        ("my exercise", Titled, {"plural": "exercises"}, "my exercise"),
        ("exercise", Titled, {"plural": "my/exercises"}, "exercise"),
        ("exercise", Titled, {"plural": "articles"}, "taken=['article']"),
        ("exercise", Titled, {"plural": "article"}, "taken=['article']"),
        ("articles", Titled, {"plural": "exercises"}, "taken=['article']"),
        ("exercise", Titled, {"plural": "exercises", "title": "name"}, "missing=['name']"),
        ("exercise", Titled, {"plural": "exercises", "card": ("photo",)}, "missing=['photo']"),
        ("exercise", Titled, {"plural": "exercises", "trust": ("luck",)}, "unknown=['luck']"),
        ("exercise", Optional, {"plural": "exercises"}, "untitled=True"),
        ("exercise", Counted, {"plural": "exercises"}, "untitled=True"),
        ("exercise", Addressed, {"plural": "exercises"}, "reserved=['url']"),
    ],
)
def test_a_type_that_cannot_be_is_refused_and_not_registered(
    name: str, schema: type[ContentType], options: dict[str, Any], why: str
) -> None:
    before = list(types.every())
    with pytest.raises(ValueError) as caught:
        content_type(name, **options)(schema)
    assert why in str(caught.value)
    assert list(types.every()) == before


def test_every_type_has_a_slug_and_refuses_what_it_does_not_name() -> None:
    schema = an_exercise()()
    assert isinstance(schema.fields["slug"], Slug)
    assert schema.unknown == "raise"


def test_a_list_knows_its_limits() -> None:
    assert (ListOf(Text(), minimum=1, maximum=3).minimum, ListOf(Text(), minimum=1, maximum=3).maximum) == (1, 3)
