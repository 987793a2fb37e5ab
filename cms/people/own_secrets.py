"""Secrets of the installation itself, one a purpose: made when first asked for, the same in every process after.

It knows not what is signed with them.
"""

from cms.people import tokens
from cms.store import Database, write


def of(db: Database, name: str) -> str:
    """Return the secret of that name."""
    found = _kept(db, name)
    if found:
        return found
    with write(db):
        # Another process may have made it since.
        if not _kept(db, name):
            db.table("secret").insert({"name": name, "value": tokens.make()})
    return _kept(db, name)


def _kept(db: Database, name: str) -> str:
    return next((str(row["value"]) for row in db.query("select value from secret where name = ?", [name])), "")
