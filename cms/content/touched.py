"""Entries whose place in people's overviews has to be worked out again. Who changes one marks it; the desk settles it.

It knows no overview: that is why what lies below the desk can mark.
"""

from collections.abc import Sequence

from cms.store import Database


def mark(db: Database, entry: str) -> None:
    """Note that an entry, its translations or its editions changed. Call it inside `store.write` only."""
    db.execute("insert into touched (entry) values (?) on conflict (entry) do nothing", [entry])


def waiting(db: Database, limit: int) -> list[str]:
    """Return entries that are marked, the newest of them first."""
    return [row["entry"] for row in db.query("select entry from touched order by entry desc limit ?", [limit])]


def count(db: Database) -> int:
    """Return how many entries are marked."""
    return db.table("touched").count_where()


def settle(db: Database, entries: Sequence[str]) -> None:
    """Note that these entries have been looked at. Call it inside `store.write` only."""
    for entry in entries:
        db.table("touched").delete_where("entry = ?", [entry])
