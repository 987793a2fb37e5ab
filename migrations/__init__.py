"""Bring a database up to date with the ledger, one migrator at a time. It knows no table of Tolk's."""

from typing import Any, cast

from sqlite_utils import Migrations

from cms.store import Database, write
from migrations.migrations import migrations


def migrate(db: Database, ledger: Migrations = migrations) -> list[str]:
    """Apply what is pending, all or nothing, and return its names; safe from several processes at once."""
    with write(db):
        names = pending(db, ledger)
        _Ledger(ledger).apply(cast(Any, db))
    return names


def pending(db: Database, ledger: Migrations = migrations) -> list[str]:
    """Name the migrations that this database has not had, without changing anything."""
    return [migration.name for migration in _Ledger(ledger).pending(cast(Any, db))]


class _Ledger(Migrations):
    """A ledger that reads its records by number: sqlite-utils asks for rowid, which PostgreSQL lacks."""

    def __init__(self, written: Migrations) -> None:
        super().__init__(written.name)
        self._migrations = written._migrations

    def applied(self, db: Any) -> list[Migrations._AppliedMigration]:
        records = db.table(self.migrations_table)
        if not records.exists():
            return []
        rows = records.rows_where("migration_set = ?", [self.name], order_by="id")
        return [self._AppliedMigration(row["name"], row["applied_at"]) for row in rows]
