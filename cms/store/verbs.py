"""The verbs that read and change rows, written once for both engines over `query` and `execute`.

Where the engines would judge a value differently (text into an integer column, say), it is refused here
for both.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from cms.errors import BadValue, NoTable, NotFound, StoreError
from cms.store import statements
from cms.store.protocol import Cursor, Key, Params, Row

Kind = Literal["text", "integer", "real", "blob", "any"]

FITTING: dict[Kind, tuple[type, ...]] = {
    "text": (str,),
    "integer": (int,),
    "real": (int, float),
    "blob": (bytes, bytearray, memoryview),
    "any": (object,),
}


@dataclass(frozen=True)
class Shape:
    """Hold what the verbs must know of a table: the kind of each column, and its primary key."""

    columns: Mapping[str, Kind]
    pks: tuple[str, ...]


class Source(Protocol):
    """What a table needs of its database."""

    shapes: dict[str, Shape]

    def query(self, sql: str, params: Params = ()) -> Iterator[Row]: ...
    def execute(self, sql: str, params: Params = ()) -> Cursor: ...
    def inspect(self, table: str) -> Shape | None:
        """Ask the engine for the shape of a table, None where there is none."""


class Verbs:
    """The verbs of one table."""

    db: Source
    name: str

    def exists(self) -> bool:
        """Tell whether a migration has made this table."""
        return self.name in self.db.shapes or _look(self.db, self.name) is not None

    @property
    def shape(self) -> Shape:
        """Return the shape, remembered until a table changes. Raises NoTable."""
        shape = self.db.shapes.get(self.name) or _look(self.db, self.name)
        if shape is None:
            raise NoTable(self.name)
        return shape

    @property
    def pks(self) -> list[str]:
        """Name the columns of the primary key, in their order."""
        return list(self.shape.pks)

    def get(self, pk_values: Key, /) -> Row:
        """Return the row of this primary key. Raises NotFound."""
        shape = self.shape
        key = self._key(shape, pk_values)
        for row in self.db.query(statements.get(self.name, tuple(shape.columns), shape.pks), key):
            return row
        raise NotFound(self.name, pk_values)

    def insert(self, record: Mapping[str, Any], /) -> None:
        """Add a row. Raises Conflict where the key is taken."""
        self.db.execute(statements.insert(self.name, tuple(record)), self._checked(self.shape, record))

    def upsert(self, record: Mapping[str, Any], /) -> None:
        """Add a row, or change the named columns of the row with its primary key."""
        shape = self.shape
        without = [name for name in shape.pks if record.get(name) is None]
        if without or not shape.pks:
            raise BadValue(f"{self.name}: an upsert without {', '.join(without) or 'a primary key'}")
        self.db.execute(statements.upsert(self.name, tuple(record), shape.pks), self._checked(shape, record))

    def update(self, pk_values: Key, updates: Mapping[str, Any], /) -> None:
        """Change the named columns of one row. Raises NotFound."""
        if not updates:
            self.get(pk_values)
            return
        shape = self.shape
        params = [*self._checked(shape, updates), *self._key(shape, pk_values)]
        if not self.db.execute(statements.update(self.name, tuple(updates), shape.pks), params).rowcount:
            raise NotFound(self.name, pk_values)

    def delete_where(self, where: str | None = None, params: Params = ()) -> int:
        """Remove the rows that match, or all, and return how many."""
        return self.db.execute(statements.delete(self._known(), where), params).rowcount

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
        # Written out, for what `*` means may change under a prepared statement when another process migrates.
        columns = statements.listed(self.shape.columns) if select == "*" else select
        sql = statements.select(self._known(), columns, where, order_by, limit, offset)
        return self.db.query(sql, params)

    def count_where(self, where: str | None = None, params: Params = ()) -> int:
        """Count the rows that match, or all."""
        return int(self.db.execute(statements.count(self._known(), where), params).fetchone()[0])

    def _known(self) -> str:
        assert self.shape  # noqa: S101 - raises NoTable
        return self.name

    def _key(self, shape: Shape, pk_values: Key) -> list[Any]:
        values = pk_values if type(pk_values) is tuple else (pk_values,)
        if len(values) != len(shape.pks):
            raise BadValue(f"{self.name}: the primary key is {', '.join(shape.pks)}, not {len(values)} values")
        return self._checked(shape, dict(zip(shape.pks, values, strict=True)))

    def _checked(self, shape: Shape, record: Mapping[str, Any]) -> list[Any]:
        for name, value in record.items():
            kind = shape.columns.get(name) or self._later(name)
            if value is not None and not isinstance(value, FITTING[kind]):
                raise BadValue(f"{self.name}.{name} is {kind}, not {type(value).__name__}")
        return list(record.values())

    def _later(self, column: str) -> Kind:
        """Look again for a column: another process may have added it since this one looked."""
        shape = _look(self.db, self.name)
        if shape is None or column not in shape.columns:
            raise StoreError(f"{self.name} has no column {column}")
        return shape.columns[column]


def _look(db: Source, table: str) -> Shape | None:
    shape = db.inspect(table)
    if shape is not None:
        db.shapes[table] = shape
    return shape
