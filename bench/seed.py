"""A database to measure on: made once, kept under var/bench/ until its shape or the schema changes."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from bench import articles
from bench.articles import Piece
from bench.words import LOCALES
from cms.content import saving
from cms.localize import translations
from cms.publish import editions, refresh
from cms.site import Site
from cms.store import Database, connect, write
from migrations import migrate

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "bench"
SHAPED_BY = (
    "bench/articles.py",
    "bench/words.py",
    "bench/seed.py",
    "migrations/migrations.py",
    "cms/store/fulltext.py",
)
SITE = Site(url="http://127.0.0.1", locales=LOCALES)
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
BY = "bench"
CHUNK = 50

Progress = Callable[[int], None]


def sqlite(count: int, progress: Progress) -> str:
    """Return the URL of a database with so many articles; it is made where it is not there yet."""
    return f"sqlite:///{kept(str(count), lambda url: fill(url, count, progress))}"


def kept(name: str, make: Callable[[str], None], *shaped_by: str) -> Path:
    """Return the file of a database of that name; `make` makes it where the one that is there has another shape."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}-{_shape(shaped_by)}.db"
    for old in FOLDER.glob(f"{name}-*.db*"):
        if old != path:
            old.unlink()
    if not path.exists():
        unfinished = path.with_suffix(".part")
        unfinished.unlink(missing_ok=True)
        make(f"sqlite:///{unfinished}")
        unfinished.rename(path)
    return path


def fill(url: str, count: int, progress: Progress) -> None:
    """Store and publish so many articles in three locales, and what they refer to."""
    db = connect(url)
    try:
        migrate(db)
        done = 0
        pieces = articles.collection(count)
        while chunk := list(islice(pieces, CHUNK)):
            with write(db):
                for piece in chunk:
                    add(db, piece, BEGAN + timedelta(seconds=done))
                    done += 1
                refresh.drain(db, SITE, BEGAN + timedelta(seconds=done))
            progress(done)
    finally:
        db.close()


def add(db: Database, piece: Piece, now: datetime) -> None:
    """Save one entry with its translations and publish it in every locale."""
    source, *others = LOCALES
    saving.create(db, piece.kind, piece.content, by=BY, now=now, source_locale=source, entry=piece.entry)
    for locale in others:
        translations.save(db, piece.entry, locale, piece.texts[locale], by=BY, now=now, checks=False)
    for locale in LOCALES:
        editions.publish(db, piece.entry, locale, by=BY, now=now, site=SITE)


def _shape(more: Sequence[str]) -> str:
    found = hashlib.sha256()
    for name in (*SHAPED_BY, *more):
        found.update((ROOT / name).read_bytes())
    return found.hexdigest()[:12]
