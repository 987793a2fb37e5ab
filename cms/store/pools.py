"""One pool of PostgreSQL connections per URL and process, open while anyone uses it.

It knows nothing of statements.
"""

import os
import threading
from typing import Any

import psycopg
from psycopg.adapt import Buffer, Loader
from psycopg_pool import ConnectionPool

Connection = psycopg.Connection[tuple[Any, ...]]
Pool = ConnectionPool[Connection]

LARGEST_POOL = 64
PATIENCE_TO_CONNECT = 5.0  # seconds
PATIENCE_FOR_LOCKS = "30s"

_pools: dict[tuple[int, str], Pool] = {}
_users: dict[tuple[int, str], int] = {}
_lock = threading.Lock()


def join(url: str) -> Pool:
    """Return the pool of this URL and count one more user. Raises psycopg.OperationalError."""
    # A forked child cannot use its parent's connections: its process id gives it a pool of its own.
    key = os.getpid(), url
    with _lock:
        if key not in _pools:
            # A pool says only that it waited in vain; a connection of our own says why.
            psycopg.connect(url, connect_timeout=round(PATIENCE_TO_CONNECT)).close()
            _pools[key] = _open(url)
        _users[key] = _users.get(key, 0) + 1
        return _pools[key]


def leave(url: str) -> None:
    """Count one user less; the last one closes the pool."""
    key = os.getpid(), url
    with _lock:
        _users[key] -= 1
        pool = None if _users[key] else _pools.pop(key)
    if pool is not None:
        pool.close()


def _open(url: str) -> Pool:
    return ConnectionPool(
        url,
        kwargs={"autocommit": True, "client_encoding": "utf8"},
        min_size=0,
        max_size=LARGEST_POOL,
        open=True,
        configure=_configure,
        check=ConnectionPool.check_connection,
        timeout=PATIENCE_TO_CONNECT,
        reconnect_timeout=PATIENCE_TO_CONNECT,
        num_workers=1,
    )


def _configure(connection: Connection) -> None:
    connection.execute("set default_transaction_read_only = on")
    connection.execute(f"set lock_timeout = '{PATIENCE_FOR_LOCKS}'".encode())
    connection.read_only = False  # a transaction, which only a write opens, may change things
    connection.adapters.register_loader("bool", _Flag)
    connection.adapters.register_loader("numeric", _Number)


class _Flag(Loader):
    """Give 0 and 1, as SQLite does."""

    def load(self, data: Buffer) -> int:
        return int(data == b"t")


class _Number(Loader):
    """Give an integer for a sum of integers: PostgreSQL's is a numeric, which would become a Decimal."""

    def load(self, data: Buffer) -> int | float:
        written = bytes(data).decode()
        return int(written) if written.removeprefix("-").isdigit() else float(written)
