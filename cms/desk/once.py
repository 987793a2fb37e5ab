"""Do what a caller asks once, however often it is asked: a request that has a name is answered the same for a day.

It knows not what is asked. Answers may hold secrets, so they are kept locked with the secret of who asked.
"""

import base64
import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from cryptography.fernet import Fernet

from cms.content.identity import stamp
from cms.errors import KeyReused
from cms.people import tokens
from cms.people.rights import Actor
from cms.store import Database, write

KEPT = timedelta(days=1)


def once(
    db: Database,
    actor: Actor,
    name: str,
    request: str,
    secret: str,
    make: Callable[[], bytes],
    *,
    now: datetime,
    apart: bool = False,
) -> bytes:
    """Return what `make` gives, or gave when the same request came under this name before.

    `request` is the hash of all that is asked, `secret` what the actor proved to have. It is made and kept in one
    write, so that of two at once one waits for the other; an error keeps nothing. `apart` makes it before that write:
    for what takes long and is the same when made twice. Raises KeyReused where the name stands for another request.
    """
    id = tokens.hashed(f"{actor.id} {name}")
    box = Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"{secret} {name}".encode()).digest()))
    if (kept := _kept(db, id, request, box, now)) is not None:
        return kept
    made = make() if apart else None
    with write(db):
        if (kept := _kept(db, id, request, box, now)) is not None:
            return kept
        if made is None:
            made = make()
        # One of this name may have outlived its day.
        db.table("answer").delete_where("id = ?", [id])
        db.table("answer").insert({"id": id, "request": request, "answer": box.encrypt(made), "made_at": stamp(now)})
        return made


def forget_old(db: Database, now: datetime) -> None:
    """Forget the answers whose day has passed."""
    where, params = "made_at <= ?", [stamp(now - KEPT)]
    if any(db.table("answer").rows_where(where, params, select="made_at", limit=1)):
        with write(db):
            db.table("answer").delete_where(where, params)


def _kept(db: Database, id: str, request: str, box: Fernet, now: datetime) -> bytes | None:
    for row in db.table("answer").rows_where("id = ? and made_at > ?", [id, stamp(now - KEPT)]):
        if row["request"] != request:
            raise KeyReused
        return box.decrypt(bytes(row["answer"]))
    return None
