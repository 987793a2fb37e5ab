"""From titles to addresses."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms.content import types, validate
from cms.content.slugs import LONGEST, slugify
from tests.builders import an_article


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Door je rug gaan", "door-je-rug-gaan"),
        ("  Wat nu?! (deel 2) ", "wat-nu-deel-2"),
        ("Eén knie, twéé knieën", "een-knie-twee-knieen"),
        ("Straße, Łódź, Ærø, ırmak, İzmir", "strasse-lodz-aero-irmak-izmir"),
        ("ألم الظهر", "ألم-الظهر"),
        ("Біль у спині", "біль-у-спині"),
        ("腰痛", "腰痛"),
        ("don't — stop", "don-t-stop"),
        ("snake_case", "snake-case"),
        ("𝐑𝐮𝐠 ᴬ", "rug-a"),
        ("?!", ""),
        ("0198C0DE-0000-7000-8000-000000000001", ""),
        ("", ""),
        ("a" * 200, "a" * LONGEST),
        ("woord " * 40, "-".join(["woord"] * 13)),
    ],
)
def test_a_title_becomes_a_slug(title: str, slug: str) -> None:
    assert slugify(title) == slug


@settings(max_examples=200, deadline=None)
@given(title=st.text(st.characters(exclude_categories=("Cs",)), max_size=60))
def test_every_slug_that_is_made_is_one_that_may_be_chosen(title: str) -> None:
    slug = slugify(title)
    assert validate.load(types.find("article"), an_article(slug=slug))["slug"] == slug


@settings(max_examples=100, deadline=None)
@given(title=st.text(st.characters(exclude_categories=("Cs",)), max_size=60))
def test_a_slug_of_a_slug_is_the_same(title: str) -> None:
    assert slugify(slugify(title)) == slugify(title)
