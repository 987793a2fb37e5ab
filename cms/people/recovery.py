"""Recovery codes: for who has lost the device that makes the others. Each is good once."""

from datetime import datetime

from cms.content.identity import stamp
from cms.people import tokens
from cms.store import Database, write

COUNT = 10
BYTES = 10  # 80 bits: a fast hash is enough


def make(db: Database, user: str, *, now: datetime) -> list[str]:
    """Return new codes for a user, never to be had again; those from before are good no more."""
    codes = [tokens.make(BYTES) for _ in range(COUNT)]
    with write(db):
        forget(db, user)
        for code in codes:
            db.table("recovery_code").insert({"person": user, "code_hash": tokens.hashed(code), "made_at": stamp(now)})
    return [tokens.grouped(code) for code in codes]


def use(db: Database, user: str, code: str) -> bool:
    """Use up a code, however it is spaced or capitalised, and return whether it was good."""
    tidied = "".join(filter(str.isalnum, code)).casefold()
    with write(db):
        return bool(
            db.table("recovery_code").delete_where("person = ? and code_hash = ?", [user, tokens.hashed(tidied)])
        )


def left(db: Database, user: str) -> int:
    """Count the codes that a user has left."""
    return db.table("recovery_code").count_where("person = ?", [user])


def forget(db: Database, user: str) -> None:
    """Make all codes of a user good no more."""
    with write(db):
        db.table("recovery_code").delete_where("person = ?", [user])
