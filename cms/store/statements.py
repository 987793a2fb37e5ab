"""The SQL of the verbs, in words that both engines speak. Pure, and remembered."""

from collections.abc import Iterable
from functools import lru_cache

from cms.errors import StoreError

Names = tuple[str, ...]
LONGEST_NAME = 63  # PostgreSQL cuts longer ones off without a word.
EVERY_ROW = 2**63 - 1


def identifier(name: str) -> str:
    """Quote the name of a table, column or index. Raises StoreError for one that PostgreSQL would cut off."""
    if len(name.encode()) > LONGEST_NAME:
        raise StoreError(f"{name}: a name of more than {LONGEST_NAME} bytes")
    return '"{}"'.format(name.replace('"', '""'))


def literal(value: str | int | float | bytes) -> str:
    """Write a default as an SQL literal."""
    if isinstance(value, bytes):
        raise StoreError("bytes cannot be a default")
    return "'{}'".format(value.replace("'", "''")) if isinstance(value, str) else str(+value)


def listed(names: Iterable[str]) -> str:
    """Quote names and join them with commas."""
    return ", ".join(map(identifier, names))


@lru_cache(maxsize=512)
def matching(names: Names) -> str:
    """Write the condition that each of these columns has its value."""
    return " and ".join(f"{identifier(name)} = ?" for name in names)


@lru_cache(maxsize=512)
def get(table: str, columns: Names, pks: Names) -> str:
    """Select one row by its primary key."""
    return f"select {listed(columns)} from {identifier(table)} where {matching(pks)}"


@lru_cache(maxsize=512)
def insert(table: str, names: Names) -> str:
    """Insert one row."""
    if not names:
        return f"insert into {identifier(table)} default values"
    return f"insert into {identifier(table)} ({listed(names)}) values ({', '.join('?' * len(names))})"


@lru_cache(maxsize=512)
def upsert(table: str, names: Names, pks: Names) -> str:
    """Insert one row, or change the columns that are not its key."""
    others = [identifier(name) for name in names if name not in pks]
    changes = ", ".join(f"{name} = excluded.{name}" for name in others)
    action = f"update set {changes}" if changes else "nothing"
    return f"{insert(table, names)} on conflict ({listed(pks)}) do {action}"


@lru_cache(maxsize=512)
def update(table: str, names: Names, pks: Names) -> str:
    """Change one row, found by its primary key."""
    changes = ", ".join(f"{identifier(name)} = ?" for name in names)
    return f"update {identifier(table)} set {changes} where {matching(pks)}"


def delete(table: str, where: str | None) -> str:
    """Delete the rows that match."""
    return f"delete from {identifier(table)}{_where(where)}"


def count(table: str, where: str | None) -> str:
    """Count the rows that match."""
    return f"select count(*) from {identifier(table)}{_where(where)}"


def select(
    table: str,
    columns: str,
    where: str | None,
    order_by: str | None,
    limit: int | None,
    offset: int | None,
) -> str:
    """Select the rows that match."""
    sql = f"select {columns} from {identifier(table)}{_where(where)}"
    if order_by is not None:
        sql += f" order by {order_by}"
    if limit is not None or offset is not None:
        sql += f" limit {EVERY_ROW if limit is None else int(limit)} offset {int(offset or 0)}"
    return sql


def _where(where: str | None) -> str:
    return "" if where is None else f" where {where}"
