"""A database to measure in, thrown away afterwards."""

import contextlib
import tempfile
from collections.abc import Iterator

from cms.store import Database, connect
from migrations import migrate


@contextlib.contextmanager
def database(engine: str) -> Iterator[Database]:
    """Yield a migrated database without rows on this engine; PostgreSQL runs in a cluster of its own."""
    with contextlib.ExitStack() as stack:
        if engine == "sqlite":
            url = f"sqlite:///{stack.enter_context(tempfile.TemporaryDirectory())}/scratch.db"
        else:
            from tests import postgres

            url = stack.enter_context(postgres.schema(stack.enter_context(postgres.server())))
        db = connect(url)
        stack.callback(db.close)
        migrate(db)
        yield db
