"""The store on SQLite: sqlite-utils for the schema, one writer at a time, nothing changed outside `write`.

It knows nothing of what is stored.
"""

import contextlib
import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import unquote

import sqlite_utils.db
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # pysqlite3 where that is installed

from cms.errors import (
    BadValue,
    BrokenReference,
    Conflict,
    NoTable,
    SettingsError,
    StoreError,
    StoreUnavailable,
)
from cms.store import statements
from cms.store.protocol import Params, Row
from cms.store.values import bound
from cms.store.verbs import Kind, Shape, Verbs

PATIENCE = 30.0  # seconds to wait for another writer
CACHE = 16_000  # kB a connection: the upper pages of all indexes stay at hand
PRAGMAS = (
    "synchronous = normal",
    "foreign_keys = on",
    "recursive_triggers = on",
    f"cache_size = -{CACHE}",
    "query_only = on",
)

KINDS: dict[str, Kind] = {"TEXT": "text", "INTEGER": "integer", "REAL": "real", "BLOB": "blob"}
TYPES = {str: "TEXT", int: "INTEGER", bool: "INTEGER", float: "REAL", bytes: "BLOB"}

DRIVER_ERRORS = (sqlite3.Error, UnicodeEncodeError, OverflowError)


TAKEN = {
    sqlite3.SQLITE_CONSTRAINT_UNIQUE,
    sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
    sqlite3.SQLITE_CONSTRAINT_ROWID,
}
UNAVAILABLE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_AUTH,
}


def translate(error: Exception) -> StoreError | Conflict:
    """Say in Tolk's errors what the driver said."""
    said = str(error)
    # By number: Python has no names for the newer extended codes. Their low byte is the primary code.
    code = getattr(error, "sqlite_errorcode", 0)
    if code in TAKEN:
        return Conflict(said)
    if code == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
        return BrokenReference(said)
    if isinstance(error, sqlite3.IntegrityError | sqlite3.DataError | UnicodeEncodeError | OverflowError):
        return BadValue(said)
    if code == sqlite3.SQLITE_READONLY:
        return StoreError(f"{said}: changes are made inside write(db) alone, and not in a read-only file")
    if code & 0xFF in UNAVAILABLE:
        return StoreUnavailable(said)
    if said.startswith("no such table"):
        return NoTable(said.partition(": ")[2])
    return StoreError(said)


class SqliteTable(Verbs, sqlite_utils.db.Table):  # type: ignore[misc]  # narrower verbs on purpose
    """The verbs of one table; making it is left to sqlite-utils."""

    db: "SqliteDatabase"

    def create(  # type: ignore[override]
        self,
        columns: dict[str, Any],
        pk: str | tuple[str, ...],
        *,
        foreign_keys: Iterable[Any] = (),
        not_null: Iterable[str] = (),
        defaults: dict[str, Any] | None = None,
    ) -> Self:
        """Make the table, strict."""
        if not self.db.writing:
            # sqlite-utils would open a write of its own.
            raise StoreError(f"{self.name}: a table is made inside write(db) alone")
        for name in (self.name, *columns):
            statements.identifier(name)
        self.db.shapes.pop(self.name, None)
        try:
            super().create(
                columns, pk, foreign_keys=list(foreign_keys), not_null=list(not_null), defaults=defaults or {}
            )
        except (sqlite_utils.db.AlterError, sqlite_utils.db.BadPrimaryKey) as error:
            raise StoreError(str(error)) from error
        return self

    def add_column(  # type: ignore[override]
        self,
        col_name: str,
        col_type: Any = str,
        *,
        fk: str | None = None,
        fk_col: str | None = None,
        not_null_default: Any = None,
    ) -> Self:
        """Add a column. A reference is added in place: sqlite-utils would copy the whole table."""
        column = f"{statements.identifier(col_name)} {TYPES[col_type]}"
        if not_null_default is not None:
            column += f" not null default {statements.literal(not_null_default)}"
        if fk is not None:
            other = fk_col or SqliteTable(self.db, fk).pks[0]
            column += f" references {statements.identifier(fk)}({statements.identifier(other)})"
        self.db.execute(f"alter table {statements.identifier(self._known())} add column {column}")
        self.db.shapes.pop(self.name, None)
        return self

    def create_index(  # type: ignore[override]
        self, columns: Sequence[str], index_name: str | None = None, unique: bool = False
    ) -> Self:
        """Add an index."""
        name = index_name or f"idx_{self._known()}_{'_'.join(columns)}"
        statements.identifier(name)
        super().create_index(columns, name, unique=unique)
        return self


class SqliteDatabase(sqlite_utils.Database):
    """One connection to an SQLite file, for one thread."""

    engine: Literal["sqlite"] = "sqlite"

    def __init__(self, url: str) -> None:
        self.shapes: dict[str, Shape] = {}
        self._depth = 0
        self._failed = False
        try:
            connection = _open(_location(url))
        except DRIVER_ERRORS as error:
            raise translate(error) from error
        super().__init__(connection, execute_plugins=False, strict=True)

    @property
    def writing(self) -> bool:
        """Tell whether a write is open."""
        return self._depth > 0

    def table(self, table_name: str, **_: Any) -> SqliteTable:
        """Return the verbs of a table, which need not exist yet."""
        return SqliteTable(self, table_name, strict=self.strict)

    def __getitem__(self, table_name: str) -> SqliteTable:
        return self.table(table_name)

    def query(  # type: ignore[override]  # without the savepoint that sqlite-utils puts around a read
        self, sql: str, params: Params | None = None
    ) -> Iterator[Row]:
        """Return the rows of a statement, all fetched, one dict each."""
        cursor = self.execute(sql, params)
        if cursor.description is None:
            raise StoreError(f"a query that gives no rows: {sql}")
        names = [column[0] for column in cursor.description]
        try:
            rows = cursor.fetchall()
        except DRIVER_ERRORS as error:
            raise self._translated(error) from error
        return iter([dict(zip(names, row, strict=True)) for row in rows])

    def execute(self, sql: str, params: Params | None = None) -> sqlite3.Cursor:
        """Run one statement."""
        if self._failed:
            raise StoreError("a statement of this write failed: nothing more can be done in it")
        try:
            return self.conn.execute(sql, bound(params or ()))
        except DRIVER_ERRORS as error:
            raise self._translated(error) from error

    @contextlib.contextmanager
    def atomic(self) -> Generator[Self, None, None]:
        """Open a write: begin immediate, so that what it reads stays true; inside another, a savepoint."""
        if self._depth:
            inner = f"write_{self._depth}"
            with self._block(f"savepoint {inner}", f"release {inner}", f"rollback to {inner}"):
                yield self
            return
        self._run("pragma query_only = off")
        try:
            with self._block("begin immediate", "commit", "rollback"):
                yield self
        finally:
            self._run("pragma query_only = on")

    def inspect(self, table: str) -> Shape | None:
        """Ask for the shape of a table."""
        rows = self.execute(
            "select c.name, c.type, c.pk from sqlite_master m, pragma_table_info(m.name) c"
            " where m.type = 'table' and m.name = ? order by c.cid",
            (table,),
        ).fetchall()
        if not rows:
            return None
        keys = sorted((place, name) for name, _, place in rows if place)
        return Shape(
            {name: KINDS.get(declared.upper(), "any") for name, declared, _ in rows},
            tuple(name for _, name in keys),
        )

    def quote_default_value(self, value: Any) -> str:
        """Write a default as the value that it is: sqlite-utils would take 'TRUE' or 'f()' for SQL."""
        return statements.literal(value)

    @contextlib.contextmanager
    def _block(self, begin: str, end: str, undo: str) -> Generator[None, None, None]:
        self._run(begin)
        self._depth += 1
        try:
            yield
            if self._failed:
                raise StoreError("a statement of this write failed, and its error was swallowed")
            self._run(end)
        except BaseException:
            self.shapes.clear()  # what was made in here is gone
            self._failed = False
            if self.conn.in_transaction:
                self._run(undo)
                if self._depth > 1:
                    self._run(end)
            raise
        finally:
            self._depth -= 1

    def _run(self, sql: str) -> None:
        try:
            self.conn.execute(sql)
        except DRIVER_ERRORS as error:
            raise translate(error) from error

    def _translated(self, error: Exception) -> StoreError | Conflict:
        # PostgreSQL gives a transaction up at its first failing statement; SQLite must not be more lenient,
        # or code written on it would break there.
        self._failed = self._depth > 0 and isinstance(error, sqlite3.Error)
        return translate(error)


def _location(url: str) -> str:
    """Take the path out of sqlite:///relative or sqlite:////absolute; sqlite:// is private memory."""
    path = unquote(url.removeprefix("sqlite://"))
    if path in ("", "/", "/:memory:"):
        return ":memory:"
    if not path.startswith("/"):
        raise SettingsError({"DATABASE_URL": [f"{url}: sqlite:///relative/path or sqlite:////absolute/path"]})
    return path[1:]


def _open(location: str) -> sqlite3.Connection:
    if location != ":memory:":
        try:
            Path(location).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnavailable(str(error)) from error
    connection = sqlite3.connect(location, timeout=PATIENCE, isolation_level=None, cached_statements=512)
    try:
        _turn_on_wal(connection)
        for pragma in PRAGMAS:
            connection.execute(f"pragma {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


def _turn_on_wal(connection: sqlite3.Connection) -> None:
    """Ask until it is so: of two processes that open a new file at once, one is told off without a wait."""
    patient_until = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("pragma journal_mode = wal")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > patient_until:
                raise
            time.sleep(0.01)
