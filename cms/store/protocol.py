"""The closed subset of the sqlite-utils verbs that Tolk is written against, the same on both engines.

It knows no driver: `cms.store.sqlite` and `cms.store.postgres` keep its promises, and `tests/contract`
holds them to it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal, Protocol

Engine = Literal["sqlite", "postgresql"]
Row = dict[str, Any]
Params = Sequence[Any] | Mapping[str, Any]
Key = Any  # one value, or a tuple of them for a compound primary key


class Cursor(Protocol):
    """What a statement left behind; rows are tuples."""

    @property
    def rowcount(self) -> int: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> list[Any]: ...


class Table(Protocol):
    """The verbs of one table. All but `exists` and `create` raise NoTable where no migration has made it."""

    name: str

    @property
    def pks(self) -> list[str]:
        """Name the columns of the primary key, in their order."""

    def exists(self) -> bool:
        """Tell whether a migration has made this table."""

    def get(self, pk_values: Key, /) -> Row:
        """Return the row of this primary key. Raises NotFound."""

    def insert(self, record: Mapping[str, Any], /) -> None:
        """Add a row. Raises Conflict where the key is taken."""

    def upsert(self, record: Mapping[str, Any], /) -> None:
        """Add a row, or change the named columns of the row with its primary key.

        The record holds every column that may not be null, even when the row is there: `update` takes less.
        """

    def update(self, pk_values: Key, updates: Mapping[str, Any], /) -> None:
        """Change the named columns of one row. Raises NotFound."""

    def delete_where(self, where: str | None = None, params: Params = ()) -> int:
        """Remove the rows that match, or all, and return how many."""

    def rows_where(
        self,
        where: str | None = None,
        params: Params = (),
        order_by: str | None = None,
        select: str = "*",
        limit: int | None = None,
        offset: int | None = None,
    ) -> Iterator[Row]:
        """Return the rows that match; in no particular order unless `order_by` gives one."""

    def count_where(self, where: str | None = None, params: Params = ()) -> int:
        """Count the rows that match, or all."""

    def create(
        self,
        columns: dict[str, Any],
        pk: str | tuple[str, ...],
        *,
        foreign_keys: Iterable[Any] = (),
        not_null: Iterable[str] = (),
        defaults: dict[str, Any] | None = None,
    ) -> Any:
        """Make the table. Columns are str, int, float or bytes.

        A foreign key is (column, table, other column), with tuples of columns where it is compound, or a
        sqlite_utils.db.ForeignKey where it says what a deletion does.
        """

    def add_column(
        self,
        col_name: str,
        col_type: Any = str,
        *,
        fk: str | None = None,
        fk_col: str | None = None,
        not_null_default: Any = None,
    ) -> Any:
        """Add a column: null in the rows that are there, or `not_null_default`."""

    def create_index(self, columns: Sequence[str], index_name: str | None = None, unique: bool = False) -> Any:
        """Add an index, named idx_TABLE_COLUMNS unless a name is given.

        What is indexed must stay short: PostgreSQL refuses a row with more than 2,704 bytes of it (BadValue).
        """


class Database(Protocol):
    """One connection, for one thread. It reads at any time; it changes things inside `write(db)` alone."""

    @property
    def engine(self) -> Engine: ...

    def table(self, table_name: str) -> Table:
        """Return the verbs of a table, which need not exist yet."""

    def __getitem__(self, table_name: str) -> Table: ...

    def query(self, sql: str, params: Params = ()) -> Iterator[Row]:
        """Return the rows of a statement, all fetched, one dict each.

        `?` takes its values from a sequence, `:name` from a mapping. Raises StoreError
        for a statement that gives no rows.
        """

    def execute(self, sql: str, params: Params = ()) -> Cursor:
        """Run one statement."""

    def atomic(self) -> AbstractContextManager[Any]:
        """Open what `write` opens: spelt so for sqlite_utils.Migrations. Tolk itself says `write(db)`."""

    def close(self) -> None:
        """Give the connection up; what was not finished is rolled back. Closing twice does nothing."""
