"""The sample is a realistic site of our own writing, and it loads on both engines."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from cms.content import entries, revisions, types, validate
from cms.publish import search
from cms.publish.refresh import rebuild
from cms.store import Database
from sample import MEDIA, entry_id, load
from tests.builders import NOW, SITE, everything, later, rows

REAL = {"fysiogroep-waterland", "jos-kooistra"}


@pytest.fixture
def site(db: Database, tmp_path: Path) -> Database:
    load(db, SITE, NOW, tmp_path / "media")
    return db


def documents(db: Database) -> list[dict[str, Any]]:
    return [orjson.loads(row["body"]) for row in rows(db, "document")]


def objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from objects(inner)


def test_all_of_it_is_published(site: Database) -> None:
    counts = {kind.name: sum(each["type"] == kind.name for each in documents(site)) for kind in types.every()}
    assert counts["article"] >= 8 and min(counts.values()) >= 2
    assert {row["status"] for row in rows(site, "document")} == {200}
    assert len(rows(site, "entry")) == len(rows(site, "document"))


def test_loading_it_again_changes_nothing(site: Database, tmp_path: Path) -> None:
    before = everything(site)
    assert load(site, SITE, later(days=1), tmp_path / "media") == 0
    assert everything(site) == before


def test_every_entry_is_valid_as_it_stands(site: Database) -> None:
    for row in rows(site, "entry"):
        content = revisions.latest(site, row["id"]).content
        assert validate.load(types.find(row["type"]), content) == content


def test_rebuilding_it_changes_nothing(site: Database) -> None:
    before = everything(site)
    assert (rebuild(site, SITE, later(days=1)), everything(site)) == (0, before)


def test_nobody_and_nothing_real_is_invented(site: Database) -> None:
    people = [found for found in documents(site) if found["type"] in ("author", "clinic")]
    assert {found["slug"] for found in people if not found["example"]} == REAL


def test_articles_use_every_kind_of_block(site: Database) -> None:
    blocks = [block for found in documents(site) for block in found.get("body", [])]
    assert {block["type"] for block in blocks} >= {
        "heading", "paragraph", "list", "steps", "callout", "figure", "faq", "table", "contact",
    }  # fmt: skip
    assert {block.get("urgency") for block in blocks} >= {"see_gp", "urgent_today", "emergency"}
    assert all(block["alt"] for block in blocks if block["type"] == "figure")


def test_every_picture_is_there(site: Database, tmp_path: Path) -> None:
    shown = {found["src"] for each in documents(site) for found in objects(each) if "src" in found}
    names = {Path(src).name for src in shown if src.startswith(SITE.url)}
    assert names
    assert names <= {path.name for path in (tmp_path / "media").iterdir()} == {path.name for path in MEDIA.iterdir()}


def test_every_link_to_an_entry_leads_there(site: Database) -> None:
    addresses = {found["url"] for found in documents(site)}
    served = b"".join(row["body"] for row in rows(site, "document")).decode()
    linked = set(re.findall(rf'href=\\"({SITE.url}[^"\\]*)', served))
    assert linked and linked <= addresses
    assert "entry:" not in served


def test_every_reference_is_shown_as_a_card(site: Database) -> None:
    for row in rows(site, "entry"):
        content = revisions.latest(site, row["id"]).content
        [served] = [found for found in documents(site) if found["id"] == row["id"]]
        for name in ("authors", "clinics", "topics", "parents", "staff"):
            assert [card["id"] for card in served.get(name) or []] == content.get(name, [])


def test_an_entry_has_the_same_id_everywhere(site: Database) -> None:
    assert entries.find(site, entry_id("article", "nekpijn")).type == "article"


def test_the_sample_is_found_by_searching(site: Database) -> None:
    found = search.find(site, "nl", "nekklachten")
    assert entry_id("article", "nekpijn") in [hit.entry for hit in found.hits]
