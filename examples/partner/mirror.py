"""Keeps the copy: asks `/v1/sync` what changed, and does exactly that. Each page is kept whole, with its cursor."""

import base64
import hashlib
import json
import sqlite3
from datetime import UTC, datetime
from typing import Any

import httpx

from examples.partner.shelf import Shelf, put_setting

LIMIT = 100


class Mirror:
    """A copy of what Tolk gives this partner, or of one topic of it."""

    def __init__(self, shelf: Shelf, tolk: httpx.Client, topic: str = "") -> None:
        self.shelf, self.tolk, self.topic = shelf, tolk, topic

    def catch_up(self) -> int:
        """Take in all that changed, and return how many changes there were. Raises httpx.HTTPError."""
        taken = 0
        while True:
            page = self._ask(self.shelf.recall("cursor"))
            if page is None:
                # The cursor is no longer good: run through everything anew, and drop what that does not bring.
                self._restart()
                continue
            self._keep(page)
            taken += len(page["changes"])
            if not page["more"]:
                return taken

    def _ask(self, cursor: str) -> dict[str, Any] | None:
        asked = {
            "limit": LIMIT,
            **({"cursor": cursor} if cursor else {}),
            **({"topic": self.topic} if self.topic else {}),
        }
        answer = self.tolk.get("/v1/sync", params=asked)
        if answer.status_code in (400, 410) and cursor:
            return None
        answer.raise_for_status()
        page: dict[str, Any] = answer.json()
        return page

    def _restart(self) -> None:
        with self.shelf.open() as db:
            put_setting(db, "cursor", "")
            # What is on the shelf stays there meanwhile; -1 marks what has not been brought yet.
            db.execute("update document set seq = -1")

    def _keep(self, page: dict[str, Any]) -> None:
        with self.shelf.open() as db:
            for change in page["changes"]:
                if change["op"] == "upsert":
                    _put(db, change)
                else:
                    _drop(db, change)
            if page["complete"]:
                db.execute("delete from document where seq = -1")
            put_setting(db, "cursor", page["cursor"])
            put_setting(db, "refresh_by", page["refresh_by"])
            put_setting(db, "indexing", page["terms"]["indexing"])
            if not page["more"]:
                put_setting(db, "synced_at", datetime.now(UTC).isoformat())


def _put(db: sqlite3.Connection, change: dict[str, Any]) -> None:
    document = change["document"]
    digest = hashlib.sha256(canonical(document)).digest()
    if change["digest"] != f"sha-256=:{base64.b64encode(digest).decode()}:":
        raise ValueError(f"{change['url']} is not what its digest says")
    key = [document["id"], document["locale"]]
    before = db.execute("select slug from document where id = ? and locale = ?", key).fetchone()
    if before and before["slug"] != document["slug"]:
        moved = [document["locale"], document["type"], before["slug"], document["id"]]
        db.execute("insert or replace into moved values (?, ?, ?, ?)", moved)
    db.execute("delete from gone where id = ? and locale = ?", key)
    db.execute(
        "insert or replace into document values (?, ?, ?, ?, ?, ?, ?)",
        [*key, document["type"], document["slug"], digest.hex(), change["seq"], json.dumps(document)],
    )


def _drop(db: sqlite3.Connection, change: dict[str, Any]) -> None:
    key = [change["id"], change["locale"]]
    row = db.execute("select slug from document where id = ? and locale = ?", key).fetchone()
    if row is None:
        return
    db.execute("delete from document where id = ? and locale = ?", key)
    db.execute(
        "insert or replace into gone values (?, ?, ?, ?, ?, ?, ?, ?)",
        [*key, change["type"], row["slug"], change["at"], change["reason"], change["explanation"] or "",
         json.dumps(change["replacement"])],
    )  # fmt: skip


def canonical(document: dict[str, Any]) -> bytes:
    """Return the bytes that a digest is of: keys sorted, no white space, UTF-8."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
