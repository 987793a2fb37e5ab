"""The reference of sync is what is answered: every parameter, field and reason."""

from typing import Any

import pytest

from api.openapi import describe
from api.public import sync_shapes
from api.public.sync import manifest_parameters, sync_parameters
from cms.partners import sync
from cms.site import Site
from tests.docs import pages

PAGE = pages.read("reference/sync.md")
SHAPES = dict(sync_shapes.components())
TERMS = SHAPES["SyncPage"]["properties"]["terms"]


def names(heading: str) -> list[str]:
    """Return what the first cells of the tables under a heading name, one name each."""
    text = pages.section(PAGE, heading).partition("\n### ")[0]
    return [name.strip(" `") for row in pages.rows(text) for name in row[0].split(",")]


def test_every_parameter_is_listed() -> None:
    of = {row[0].strip("`"): row[1] for row in pages.rows(pages.section(PAGE, "Parameters"))}
    assert {name for name, where in of.items() if where in ("sync", "both")} == set(sync_parameters(Site()))
    assert {name for name, where in of.items() if where in ("manifest", "both")} == set(manifest_parameters(Site()))


@pytest.mark.parametrize(
    ("heading", "shape", "others"),
    [
        ("The answer", SHAPES["SyncPage"], ()),
        ("terms", TERMS, ()),
        ("upsert", SHAPES["Upsert"], (sync.FIRST, *sync.REASONS)),
        ("removed", SHAPES["Removal"], sync.REMOVED),
        ("The manifest", SHAPES["ManifestPage"], ()),
    ],
)
def test_every_field_and_reason_is_listed(heading: str, shape: Any, others: tuple[str, ...]) -> None:
    assert sorted(names(heading)) == sorted([*shape["properties"], *others])


def test_every_reason_of_an_expired_cursor_is_listed() -> None:
    problem = describe(Site(), "0")["components"]["schemas"]["Problem"]
    listed = names("Errors")
    assert set(problem["properties"]["reason"]["enum"]) | {"bad_cursor", "cursor_expired"} == set(listed)
