"""Secrets of the installation itself, one a purpose: made when first asked for, the same in every process after.

It knows not what is signed with them.
"""

from cms.people import tokens
from cms.store import Database, write


def of(db: Database, name: str) -> str:
    """Return the secret of that name."""
    if found := _kept(db, name):
        return found
    with write(db):
        # Another process may have made it since.
        if found := _kept(db, name):
            return found
        made = tokens.make()
        db.table("secret").insert({"name": name, "value": made})
        return made


def forget(db: Database) -> None:
    """Forget them all: new ones are made when next asked for, and what the old ones signed is good no longer."""
    with write(db):
        db.table("secret").delete_where()


def _kept(db: Database, name: str) -> str:
    return next((str(row["value"]) for row in db.query("select value from secret where name = ?", [name])), "")
