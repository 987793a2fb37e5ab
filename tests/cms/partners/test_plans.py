"""What a worker asks does not grow with what waits: SQLite says how it goes about each statement."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cms.errors import BrokenReference
from cms.partners import deliveries, leases
from cms.partners.messages import Message
from cms.store import Database, connect, write
from tests.builders import NOW


@pytest.fixture
def db(tmp_path: Path, sqlite_template: Path) -> Iterator[Database]:
    (tmp_path / "plans.db").write_bytes(sqlite_template.read_bytes())
    db = connect(f"sqlite:///{tmp_path}/plans.db")
    yield db
    db.close()


def plans(db: Any, ask: Callable[[Database], object]) -> list[str]:
    """Return how SQLite goes about the statements that read deliveries."""
    seen: list[str] = []
    db.conn.set_trace_callback(seen.append)
    try:
        ask(db)
    finally:
        db.conn.set_trace_callback(None)
    asked = [sql for sql in seen if "from delivery" in sql and sql.startswith("select")]
    assert asked
    return [row[3] for sql in asked for row in db.execute(f"explain query plan {sql}").fetchall()]


def test_what_is_due_is_found_by_webhook_and_moment(db: Database) -> None:
    found = plans(db, lambda db: leases._claimable(db, "w", NOW, 4))
    assert "SEARCH d USING INDEX idx_delivery_webhook_state_next_at_seq (webhook=? AND state=? AND next_at<?)" in found
    assert "SEARCH e USING INDEX idx_delivery_webhook_entry_state_seq (webhook=? AND entry=? AND state=?)" in found
    # What waits longest comes first without being sorted: it is the order of the index.
    assert sum("TEMP B-TREE" in each for each in found) == 1


def test_whether_anything_is_due_is_seen_without_looking_at_it(db: Database) -> None:
    found = plans(db, lambda db: leases._due(db, NOW))
    assert not [each for each in found if each.startswith("SCAN d")]


def test_what_is_put_behind_others_looks_at_its_entry_alone(db: Database) -> None:
    def put(db: Database) -> None:
        with contextlib.suppress(BrokenReference), write(db):
            deliveries.put(db, "nobody", Message("m", 1, "edition.updated", "e", "{}", False), NOW)

    (found,) = plans(db, put)
    assert found.endswith("idx_delivery_webhook_entry_state_seq (webhook=? AND entry=? AND state=?)")
