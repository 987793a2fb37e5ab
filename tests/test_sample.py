"""The sample is a realistic site of our own writing, and it loads on both engines."""

import contextlib
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from cms.content import entries, revisions, types, validate
from cms.publish import search
from cms.publish.refresh import rebuild
from cms.store import Database, connect
from migrations import migrate
from sample import MEDIA, entry_id, load
from tests import postgres
from tests.builders import NOW, SITE, everything, later, rows
from tests.conftest import Once

REAL = {"fysiogroep-waterland", "jos-kooistra"}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, media: Path, once: Once) -> Iterator[Database]:
    """Load the sample once on each engine, for all processes: the tests leave it as it is."""

    def fill(folder: Path) -> None:
        with contextlib.closing(connect(url)) as db:
            migrate(db)
            # With the checks: these are translations.
            load(db, replace(SITE, checks_translations=True), NOW, folder / "media")
        if request.param == "sqlite":
            shutil.copy(own, folder / "sample.db")
        else:
            postgres.save(url, folder)

    own = media.parent / "sample.db"
    with contextlib.ExitStack() as stack:
        url = f"sqlite:///{own}"
        if request.param == "postgresql":
            if missing := postgres.missing():
                pytest.skip(f"not tested on PostgreSQL: {missing}")
            url = stack.enter_context(postgres.schema(request.getfixturevalue("postgres_server")))
        loaded = once(f"sample-{request.param}", fill)
        shutil.copytree(loaded / "media", media, dirs_exist_ok=True)
        if request.param == "sqlite":
            shutil.copy(loaded / "sample.db", own)
        db = connect(url)
        stack.callback(db.close)
        if request.param == "postgresql":
            migrate(db)
            postgres.fetch(url, loaded)
        yield db


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Name the folder of the pictures."""
    return tmp_path_factory.mktemp("sample") / "media"


def documents(db: Database, locale: str = "nl") -> list[dict[str, Any]]:
    return [orjson.loads(row["body"]) for row in rows(db, "document") if row["locale"] == locale]


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
    assert len(rows(site, "entry")) == len(documents(site))


def test_loading_it_again_changes_nothing(site: Database, media: Path) -> None:
    before = everything(site)
    assert load(site, SITE, later(days=1), media) == 0
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


def test_every_picture_is_there(site: Database, media: Path) -> None:
    shown = {found["src"] for each in documents(site) for found in objects(each) if "src" in found}
    names = {Path(src).name for src in shown if src.startswith(SITE.url)}
    assert names
    assert names <= {path.name for path in media.iterdir()} == {path.name for path in MEDIA.iterdir()}


def test_every_link_to_an_entry_leads_there(site: Database) -> None:
    addresses = {orjson.loads(row["body"])["url"] for row in rows(site, "document")}
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


def test_readers_of_english_are_told_where_it_is_behind(site: Database) -> None:
    behind = [found for found in documents(site, "en") if found["translation"]["freshness"] != "current"]
    assert behind
    for found in behind:
        stale = {block["id"]: block for block in found["body"] if "freshness" in block}
        assert sorted(stale) == sorted(found["translation"]["stale_blocks"])
        assert any("notice" in block and block["lang"] == "nl" for block in stale.values())


def test_an_entry_has_the_same_id_everywhere(site: Database) -> None:
    assert entries.find(site, entry_id("article", "nekpijn")).type == "article"


def test_the_sample_is_found_by_searching(site: Database) -> None:
    found = search.find(site, "nl", "nekklachten")
    assert entry_id("article", "nekpijn") in [hit.entry for hit in found.hits]
