"""Databases with articles in many locales, made once. Only the articles that are edited are of full size.

It knows no forty languages: English, or Arabic where one runs so, stands for those that there are no words of.
"""

import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from bench import articles, seed
from bench.articles import Piece
from bench.seed import BEGAN, BY
from bench.words import LOCALES
from cms import locales
from cms.content import saving
from cms.localize import translations
from cms.publish import editions, refresh
from cms.site import Site
from cms.store import Database, connect, write
from migrations import migrate

TAGS = (
    *LOCALES,
    "bg", "bs", "ca", "cs", "da", "de", "el", "es", "et", "fa", "fi", "fr", "ga", "he", "hr", "hu", "id", "it", "lt",
    "lv", "mt", "nb", "nl-BE", "pl", "ps", "pt", "ro", "ru", "sk", "sl", "so", "sq", "sv", "ti", "tr", "uk", "ur",
)  # fmt: skip
SHORT = ("title", "summary", "slug", "body.c0.", "body.p0.")
CHUNK = 20


def site(number: int) -> Site:
    """Return a site with so many locales."""
    return replace(seed.SITE, locales=TAGS[:number])


def sqlite(count: int, number: int, whole: int) -> Path:
    """Return a file with so many articles in `number` locales, the first `whole` of them in full size."""
    return seed.kept(f"locales-{number}-{count}-{whole}", lambda url: fill(url, count, number, whole), "bench/many.py")


def fill(url: str, count: int, number: int, whole: int) -> None:
    """Publish so many articles in `number` locales, through the library alone."""
    db, done, began = connect(url), 0, time.perf_counter()
    # What stands for forty languages would pass no check.
    within = replace(site(number), checks_translations=False)
    try:
        migrate(db)
        pieces = (_fitted(piece, number, whole) for piece in articles.collection(count))
        while chunk := list(islice(pieces, CHUNK)):
            now = BEGAN + timedelta(seconds=done)
            with write(db):
                for piece in chunk:
                    _add(db, piece, within, now)
                refresh.drain(db, within, now)
            done += len(chunk)
            if sys.stderr.isatty():
                print(f"\r\033[Kseeding {number} locales: {done} entries", end="", file=sys.stderr, flush=True)
    finally:
        db.close()
    took = time.perf_counter() - began
    print(f"seeded {done} entries in {number} locales: {took:.0f} s, {done * number / took:.0f} publishes/s")


def _add(db: Database, piece: Piece, within: Site, now: datetime) -> None:
    saving.create(db, piece.kind, piece.content, by=BY, now=now, source_locale=LOCALES[0], entry=piece.entry)
    for locale, texts in piece.texts.items():
        translations.save(db, piece.entry, locale, texts, by=BY, now=now, checks=False)
    for locale in within.locales:
        editions.publish(db, piece.entry, locale, by=BY, now=now, site=within)


def _fitted(piece: Piece, number: int, whole: int) -> Piece:
    content, texts = piece.content, piece.texts
    if piece.kind == "article" and piece.entry >= articles.entry_id("article", whole):
        content = {**content, "body": [block for block in content["body"] if block["id"] in ("c0", "p0")]}
        texts = {
            locale: {path: text for path, text in each.items() if path.startswith(SHORT)}
            for locale, each in texts.items()
        }
    like = {"ltr": texts["en"], "rtl": texts["ar"]}
    return replace(piece, content=content, texts={tag: like[locales.direction(tag)] for tag in TAGS[1:number]})
