"""The audit: what is kept, how it is read, and that nobody changes it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cms.errors import BadValue
from cms.people import audit
from cms.people.rights import OPERATOR, Actor
from cms.store import Database, write
from tests.cms.people.conftest import NOW

ADA = Actor("ada", "Ada", "person", frozenset({"editor"}), address="192.0.2.1")


def record(db: Database, action: str = "entry.save", actor: Actor = ADA, days: int = 0, **told: Any) -> None:
    with write(db):
        audit.record(db, actor, action, now=NOW + timedelta(days=days), **told)


def test_what_was_done_is_kept_whole(db: Database) -> None:
    record(
        db, entry="e1", type="article", locale="tr", before={"title": "Rug"}, after={"b": 1, "a": ["é", None]}, note="n"
    )
    assert audit.entries(db) == [
        audit.Audited(
            1, "2026-03-02T09:30:00.000000Z", "ada", "Ada", "person", "192.0.2.1", "entry.save", "e1", "article", "tr",
            {"title": "Rug"}, {"a": ["é", None], "b": 1}, "n",
        )
    ]  # fmt: skip


def test_nothing_before_is_told_from_an_empty_before(db: Database) -> None:
    record(db)
    record(db, before={}, after="")
    assert [(each.before, each.after) for each in audit.entries(db)] == [({}, ""), (None, None)]


def test_numbers_follow_on_each_other(db: Database) -> None:
    for _ in range(3):
        record(db)
    assert [each.seq for each in audit.entries(db)] == [3, 2, 1]


def test_what_was_undone_was_not_done(db: Database) -> None:
    with pytest.raises(RuntimeError), write(db):
        audit.record(db, ADA, "entry.save", now=NOW)
        raise RuntimeError
    assert audit.entries(db) == []


@pytest.mark.parametrize(
    "statement", ["update audit set actor = 'ben'", "delete from audit", "delete from audit where seq = 1"]
)
def test_the_engine_refuses_to_change_what_was_kept(db: Database, statement: str) -> None:
    record(db)
    with pytest.raises(BadValue), write(db):
        db.execute(statement)
    assert [each.actor for each in audit.entries(db)] == ["ada"]


def test_the_verbs_refuse_it_too(db: Database) -> None:
    record(db)
    row = next(db.table("audit").rows_where())
    with pytest.raises(BadValue), write(db):
        db.table("audit").upsert({**row, "actor": "ben"})
    with pytest.raises(BadValue), write(db):
        db.table("audit").delete_where()


def test_the_engine_refuses_to_replace_or_empty_the_table(db: Database) -> None:
    record(db)
    emptying = "truncate audit" if db.engine == "postgresql" else "insert or replace into audit select * from audit"
    with pytest.raises(BadValue), write(db):
        db.execute(emptying)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"actor": "ada"}, [3, 1]),
        ({"action": "entry.publish"}, [4, 2]),
        ({"entry": "e1"}, [2, 1]),
        ({"since": "2026-03-04"}, [4, 3]),
        ({"until": "2026-03-04"}, [2, 1]),
        ({"since": "2026-03-03", "until": "2026-03-05"}, [3, 2]),
        ({"before_seq": 3}, [2, 1]),
        ({"limit": 1}, [4]),
        ({"actor": "ada", "entry": "e1"}, [1]),
        ({"actor": "nobody"}, []),
    ],
)
def test_the_audit_is_searched(db: Database, asked: dict[str, Any], found: list[int]) -> None:
    record(db, entry="e1")
    record(db, "entry.publish", OPERATOR, 1, entry="e1")
    record(db, entry="e2", days=2)
    record(db, "entry.publish", replace(OPERATOR, name="root"), 3, entry="e2")
    assert [each.seq for each in audit.entries(db, **asked)] == found


def test_the_export_has_every_page(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "PAGE", 2)
    for _ in range(5):
        record(db)
    record(db, actor=OPERATOR)
    assert [each.seq for each in audit.export(db, actor="ada")] == [5, 4, 3, 2, 1]
