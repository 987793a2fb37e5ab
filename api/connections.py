"""One database connection a thread, kept open: opening one costs more than answering a request."""

import threading

from cms.store import Database, connect


class Connections:
    """Hands each thread its own connection."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._local = threading.local()
        self._all: list[Database] = []
        self._lock = threading.Lock()

    def get(self) -> Database:
        """Return this thread's connection, opened at its first use."""
        db: Database | None = getattr(self._local, "db", None)
        if db is None:
            db = connect(self.url)
            self._local.db = db
            with self._lock:
                self._all.append(db)
        return db

    def close(self) -> None:
        """Close every thread's connection."""
        with self._lock:
            for db in self._all:
                db.close()
            self._all.clear()
        self._local = threading.local()
