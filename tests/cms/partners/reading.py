"""A reader that keeps a copy by sync alone, and the truth that its copy must come to."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

import orjson

from cms.content import revisions
from cms.errors import CursorExpired
from cms.partners import sync
from cms.partners.cursors import Cursor
from cms.partners.scopes import Scope, fits
from cms.partners.selections import Selection
from cms.partners.sync import Page, Removal, Upsert
from cms.publish import documents
from cms.publish.events import Key
from cms.store import Database
from tests.builders import SITE, rows

Copy = dict[Key, bytes]


@dataclass
class Reader:
    """Somebody who does what the reference says: give back the cursor, have what is given, drop what is removed."""

    selection: Selection
    copy: Copy = field(default_factory=dict)
    cursor: Cursor | None = None
    brought: set[Key] = field(default_factory=set)
    removed: list[Removal] = field(default_factory=list)

    def step(self, db: Database, limit: int = 100) -> Page:
        """Ask for one page, beginning anew where that is what the answer says."""
        try:
            cursor = self.cursor or sync.begin(db, self.selection)
            page = sync.page(db, SITE, self.selection, cursor, limit)
        except CursorExpired:
            self.restart()
            return self.step(db, limit)
        assert len(page.changes) <= limit
        for change in page.changes:
            self._take(change)
        if page.is_complete and self.brought is not NONE:
            self.copy = {key: body for key, body in self.copy.items() if key in self.brought}
            self.brought = NONE
        self.cursor = page.cursor
        return page

    def restart(self) -> None:
        """Begin anew, and keep meanwhile what there is."""
        self.cursor, self.brought = None, set()

    def catch_up(self, db: Database, limit: int = 100) -> Copy:
        """Ask until there is no more."""
        while self.step(db, limit).more:
            pass
        return self.copy

    def _take(self, change: Upsert | Removal) -> None:
        if isinstance(change, Removal):
            key = change.entry, change.locale
            self.copy.pop(key, None)
            self.brought.discard(key)
            self.removed.append(change)
            return
        each = change.served
        key = each.entry, each.locale
        assert hashlib.sha256(each.body).hexdigest() == each.etag
        assert fits_document(self.selection, orjson.loads(each.body)), (self.selection, each, self.cursor)
        self.copy[key] = each.body
        self.brought.add(key)


class _Nothing(set[Key]):
    """Where no run is under way, nothing need be remembered of what it brought."""

    def add(self, key: Key) -> None:
        pass


NONE = _Nothing()


def reading(types: str = "", locales: str = "", topics: tuple[str, ...] = ()) -> Reader:
    """Return a reader of these types, locales (in words) and topics."""
    return Reader(Selection(may=Scope(frozenset(types.split()), frozenset(locales.split()), frozenset(topics))))


def fits_document(selection: Selection, document: dict[str, Any]) -> bool:
    """Tell by what a reader sees of a document whether it was for that reader."""
    topics = [card["id"] for card in document.get("topics") or ()]
    return selection.fits(document["type"], document["locale"], topics)


def truth(db: Database, selection: Selection) -> Copy:
    """Return what a reader must have: by editions, revisions and reviews, and not by what was told of them."""
    expired = {row["entry"] for row in rows(db, "currency") if row["review_state"] == "expired"}
    found = {}
    for row in db.query("select * from edition where until = '' and state = 'published'"):
        about = revisions.get(db, row["entry"], row["revision"]).content.get("topics", [])
        scopes = selection.may, selection.asked
        wanted = all(fits(scope, type=row["type"], locale=row["locale"], topics=about) for scope in scopes)
        served = documents.read(db, row["locale"], row["type"], row["entry"])
        if wanted and served and served.status == documents.LIVE and row["entry"] not in expired:
            found[row["entry"], row["locale"]] = served.body
    return found


def lasting(copy: Copy) -> dict[Key, Any]:
    """Return copies without what is renewed as time passes: of that a reader is told by each answer as a whole."""
    return {key: {**orjson.loads(body), "refresh_by": ""} for key, body in copy.items()}
