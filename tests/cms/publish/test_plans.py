"""What reading costs does not grow with what there is: each query that readers cause is led by an index of its own.

SQLite is asked, since it chooses without knowing the rows; PostgreSQL does know them.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cms.localize import everywhere
from cms.publish import cards, currency, documents, events, listing, live, signing_keys, standing
from cms.publish.listing import Query
from cms.site import Site
from cms.store import Database, connect

ENTRY = "019b0000-0000-7000-8000-000000000000"


@pytest.fixture
def db(tmp_path: Path, sqlite_template: Path) -> Iterator[Database]:
    (tmp_path / "plans.db").write_bytes(sqlite_template.read_bytes())
    db = connect(f"sqlite:///{tmp_path}/plans.db")
    yield db
    db.close()


def plan(db: Any, ask: Callable[[Database], object]) -> list[str]:
    """Return how SQLite goes about the first statement of a question."""
    seen: list[str] = []
    db.conn.set_trace_callback(seen.append)
    try:
        ask(db)
    finally:
        db.conn.set_trace_callback(None)
    return [row[3] for row in db.execute(f"explain query plan {seen[0]}").fetchall()]


def test_an_item_is_found_by_its_address(db: Database) -> None:
    found = plan(db, lambda db: documents.read(db, "nl", "article", "hielpijn"))
    assert found == ["SEARCH document USING INDEX sqlite_autoindex_document_1 (locale=? AND type=? AND slug=?)"]


def test_an_item_is_found_by_its_id(db: Database) -> None:
    (found,) = plan(db, lambda db: documents.read(db, "nl", "article", ENTRY))
    assert found.endswith("(entry=? AND locale=? AND type=?)")


def test_a_slug_is_known_whatever_its_locale(db: Database) -> None:
    found = plan(db, lambda db: documents.known_as(db, "article", "hielpijn"))
    assert found[0].endswith("(slug=? AND type=?)")


def documents_of(found: list[str]) -> str:
    """Return how the documents of a list are read; which entries have expired is read from an index alone."""
    documents, *expired = found
    assert re.search(r"COVERING INDEX \w+ \(review_state=\?\)", expired[-1])
    assert len(expired) == 2
    return documents


@pytest.mark.parametrize("sort", listing.SORTS)
@pytest.mark.parametrize("sign", ["", "-"])
def test_a_list_is_read_in_its_order(db: Database, sort: str, sign: str) -> None:
    found = documents_of(plan(db, lambda db: listing.find(db, Query("nl", "article", sort=sign + sort))))
    assert f"status_{listing.SORTS[sort]}_entry (locale=? AND type=? AND status=?)" in found


def test_a_list_by_freshness_is_read_in_its_order(db: Database) -> None:
    found = documents_of(plan(db, lambda db: listing.find(db, Query("nl", "article", freshness="stale"))))
    assert found.endswith("(locale=? AND type=? AND status=? AND freshness=?)")


def test_what_changed_since_is_read_in_its_order(db: Database) -> None:
    query = Query("nl", "article", since="2026-01-01T00:00:00.000000Z", sort="updated_at")
    found = documents_of(plan(db, lambda db: listing.find(db, query)))
    assert found.endswith("(locale=? AND type=? AND status=? AND updated_at>?)")


def test_a_filter_looks_its_entries_up(db: Database) -> None:
    found = plan(db, lambda db: listing.find(db, Query("nl", "article", references=(("topics", ENTRY),))))
    assert any(line.endswith("(target=? AND field=?)") for line in found)
    assert "TEMP B-TREE" not in " ".join(found)


@pytest.mark.parametrize(
    "ask",
    [
        lambda db: cards.cards(db, Site(), [ENTRY], ["nl", "en"]),
        lambda db: live.current(db, ENTRY),
        lambda db: live.published(db, [ENTRY]),
        lambda db: events.last_told(db, ENTRY),
        lambda db: events.of_kind(db, ENTRY, "translation.stale.critical"),
        lambda db: documents.standing(db, ENTRY, ["nl", "en"]),
        lambda db: documents.addresses(db, ENTRY, ["nl", "en"]),
        lambda db: everywhere.approved(db, ENTRY, ["nl", "en"]),
        lambda db: everywhere.lacking(db, ENTRY, ["nl", "en"], []),
        lambda db: everywhere.of_entries(db, [ENTRY], ["nl", "en"], ["title"]),
        lambda db: documents.slugs(db, "article", ENTRY),
        lambda db: listing.briefs(db, "nl", [ENTRY]),
        lambda db: currency.of(db, ENTRY),
    ],
    ids=[
        "cards",
        "current",
        "published",
        "last_told",
        "of_kind",
        "standing",
        "addresses",
        "approved",
        "lacking",
        "of_entries",
        "slugs",
        "briefs",
        "currency",
    ],
)
def test_what_publishing_asks_for_is_found_by_entry(db: Database, ask: Callable[[Database], object]) -> None:
    found = plan(db, ask)
    assert [line for line in found if not line.startswith(("SEARCH", "USE TEMP B-TREE"))] == []
    assert any("entry=?" in line or "target=?" in line for line in found)


def test_the_clock_finds_what_is_due_without_looking_at_the_rest(db: Database) -> None:
    found = plan(db, lambda db: currency.due(db, Site(), datetime(2026, 3, 1, tzinfo=UTC), 50))
    assert [line for line in found if line.startswith("SCAN")] == []


def test_the_signature_of_a_version_is_found_by_its_digest(db: Database) -> None:
    (found,) = plan(db, lambda db: signing_keys.find(db, "0" * 64))
    assert found.endswith("(digest=?)")


def test_what_stands_in_the_place_of_a_version_is_found_by_its_entry(db: Database) -> None:
    version = signing_keys.Signature("", ENTRY, "article", "nl", 1, 200, 1, "", "", "", "")
    (found,) = plan(db, lambda db: standing.of(db, version))
    assert "entry=? AND locale=?" in found
