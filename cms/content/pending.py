"""Entries that changed since their documents were made: who changes one marks it, who makes documents settles it.

It knows nothing of documents: that is why what lies below publishing can ask for them.
"""

from cms.store import Database


def mark(db: Database, entry: str, seq: int = 0) -> None:
    """Note that an entry's documents are to be made again; `seq` is the event that caused it. In a write only."""
    db.execute("insert into pending (entry, seq) values (?, ?) on conflict (entry) do nothing", [entry, seq])


def any_waiting(db: Database) -> bool:
    """Tell whether an entry waits: one short statement, fit to be asked often."""
    return any(db.query("select entry from pending limit 1"))


def waiting(db: Database, limit: int) -> list[str]:
    """Return the entries that have waited longest."""
    rows = db.query("select entry from pending order by seq, entry limit ?", [limit])
    return [row["entry"] for row in rows]


def settle(db: Database, entry: str) -> None:
    """Note that an entry's documents are as its rows are. Call it inside `store.write` only."""
    db.table("pending").delete_where("entry = ?", [entry])
