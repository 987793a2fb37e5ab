"""How far each reader of events has come, by its name. What it does with them is its own."""

from cms.store import Database


def position(db: Database, name: str) -> int:
    """Return the event up to which a reader has worked, 0 where it has not begun."""
    for row in db.query("select seq from follower where name = ?", [name]):
        return int(row["seq"])
    return 0


def move(db: Database, name: str, seq: int) -> None:
    """Note that a reader has worked through all events up to one. Call it inside `store.write` only."""
    db.table("follower").upsert({"name": name, "seq": seq})
