"""One door to SQLite and PostgreSQL: `connect` opens it, everything that changes goes through `write`.

It knows tables and values, and nothing of content.
"""

import contextlib
from collections.abc import Generator

from cms.errors import SettingsError
from cms.store.protocol import Cursor, Database, Engine, Key, Params, Row, Table

__all__ = ["Cursor", "Database", "Engine", "Key", "Params", "Row", "Table", "connect", "write"]


def connect(url: str) -> Database:
    """Open a connection for this thread: `sqlite:///file.db`, `sqlite://` (memory) or `postgresql://…`.

    Raises SettingsError for another URL, StoreUnavailable where the database does not answer.
    """
    scheme = url.partition(":")[0]
    if scheme == "sqlite":
        from cms.store.sqlite import SqliteDatabase

        return SqliteDatabase(url)
    if scheme in ("postgresql", "postgres"):
        # Imported here so that who stays on SQLite need not install psycopg.
        try:
            from cms.store.postgres import PostgresDatabase
        except ImportError as error:
            raise SettingsError({"DATABASE_URL": ["PostgreSQL needs: pip install tolk[postgres]"]}) from error
        return PostgresDatabase(url)
    raise SettingsError({"DATABASE_URL": [f"{scheme}: not sqlite or postgresql"]})


@contextlib.contextmanager
def write(db: Database) -> Generator[Database, None, None]:
    """Change things, all or nothing: one writer at a time on both engines, while readers go on.

    Inside another write it is a part of it that can fail alone. Catch an error around a write, never inside
    it: a statement that failed has spoilt the write that it was in. Raises StoreUnavailable after 30 seconds
    behind another writer.
    """
    with db.atomic():
        yield db
