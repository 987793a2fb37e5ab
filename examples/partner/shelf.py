"""What the site keeps, in an SQLite file of its own: documents, what was taken away, the cursor, what it heard."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

TABLES = """
create table if not exists document (
  id text, locale text, type text, slug text, etag text, seq integer, body text, primary key (id, locale)
);
create index if not exists document_by_slug on document (locale, type, slug);
create table if not exists gone (
  id text, locale text, type text, slug text, at text, reason text, explanation text, replacement text,
  primary key (id, locale)
);
create table if not exists moved (locale text, type text, slug text, id text, primary key (locale, type, slug));
create table if not exists setting (name text primary key, value text);
create table if not exists message (id text primary key);
"""


class Shelf:
    """The file; opened anew for each piece of work, so that any thread may use it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self.open() as db:
            db.executescript(TABLES)

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection in one transaction: what is done in it is kept whole, or not at all."""
        db = sqlite3.connect(self.path, timeout=30)
        db.row_factory = sqlite3.Row
        db.execute("pragma journal_mode = wal")
        try:
            with db:
                yield db
        finally:
            db.close()

    def documents(self, locale: str = "", type: str = "article") -> list[dict[str, Any]]:
        """Return what is on the shelf of a type, of one language or of all, by title."""
        with self.open() as db:
            rows = db.execute(
                "select body from document where type = ? and (? = '' or locale = ?)", [type, locale, locale]
            )
            return sorted((json.loads(row["body"]) for row in rows), key=lambda each: (each["locale"], each["title"]))

    def find(self, locale: str, slug: str, type: str = "article") -> tuple[dict[str, Any], str] | None:
        """Return a document and its ETag, None where it is not on the shelf."""
        with self.open() as db:
            row = db.execute(
                "select body, etag from document where locale = ? and type = ? and slug = ?", [locale, type, slug]
            ).fetchone()
        return (json.loads(row["body"]), row["etag"]) if row else None

    def gone(self, locale: str, slug: str, type: str = "article") -> dict[str, Any] | None:
        """Return why a document was taken away, None where there never was one."""
        with self.open() as db:
            row = db.execute(
                "select * from gone where locale = ? and type = ? and slug = ? order by at desc", [locale, type, slug]
            ).fetchone()
        return {**row, "replacement": json.loads(row["replacement"])} if row else None

    def moved_to(self, locale: str, slug: str, type: str = "article") -> str:
        """Return the slug of now of what once had this one, an empty text where nothing had."""
        with self.open() as db:
            row = db.execute(
                "select d.slug from moved m join document d on d.id = m.id and d.locale = m.locale"
                " where m.locale = ? and m.type = ? and m.slug = ?",
                [locale, type, slug],
            ).fetchone()
        return str(row["slug"]) if row else ""

    def addresses(self, id: str) -> list[tuple[str, str]]:
        """Return (locale, slug) of an entry, on the shelf or taken away."""
        with self.open() as db:
            rows = db.execute(
                "select locale, slug from document where id = ? union select locale, slug from gone where id = ?",
                [id, id],
            )
            return [(row["locale"], row["slug"]) for row in rows]

    def has(self, id: str, locale: str) -> bool:
        """Tell whether a document is on the shelf."""
        with self.open() as db:
            return bool(db.execute("select 1 from document where id = ? and locale = ?", [id, locale]).fetchone())

    def remember(self, name: str, value: str) -> None:
        """Keep a setting."""
        with self.open() as db:
            put_setting(db, name, value)

    def recall(self, name: str) -> str:
        """Return a setting, an empty text where there is none."""
        with self.open() as db:
            row = db.execute("select value from setting where name = ?", [name]).fetchone()
        return str(row["value"]) if row else ""

    def is_new(self, message: str) -> bool:
        """Note that a message came; tell whether it is the first time. They come at least once, and may come twice."""
        with self.open() as db:
            return db.execute("insert or ignore into message values (?)", [message]).rowcount == 1


def put_setting(db: sqlite3.Connection, name: str, value: str) -> None:
    """Keep a setting as part of something larger."""
    db.execute("insert or replace into setting values (?, ?)", [name, value])
