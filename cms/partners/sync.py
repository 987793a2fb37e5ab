"""Sync: which documents a reader of changes is to have and to drop, page by page, so that none is ever missed.

What is given is always the state of now, never an older one. It knows not how a page is written down.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import orjson

from cms.content import types
from cms.content.saving import UPDATE_TYPES
from cms.errors import CursorExpired
from cms.partners.cursors import Cursor
from cms.partners.selections import Selection
from cms.publish import documents, events, pruning, served
from cms.publish.events import Event, Key
from cms.publish.served import Served, Successor
from cms.site import Site
from cms.store import Database

# What is looked at in one statement, and for one page: where little of it fits, a page may hold little, or nothing.
BATCH, MOST_LOOKED_AT = 500, 5_000
# Why a document is given again, the weightiest first.
REASONS = ("published", "moved", "overdue", "updated")
FIRST = "first"
# Why it is to be dropped.
REMOVED = ("withdrawn", "suspended", "unpublished", "moved", "left_scope", "review_expired")


@dataclass(frozen=True)
class Replacement:
    """What to show in the place of a document; `url` is empty where it is not live in that locale."""

    entry: str
    type: str
    locale: str
    url: str


@dataclass(frozen=True)
class Upsert:
    """A document to have, in the place of an older one; `update_type` is the gravest since the cursor."""

    served: Served
    reason: str
    update_type: str


@dataclass(frozen=True)
class Removal:
    """A document to drop, where it is had: since when, why, and what to say in its place."""

    entry: str
    locale: str
    type: str
    seq: int
    at: str
    reason: str
    severity: str = ""
    explanation: str = ""
    replacement: Replacement | None = None


Change = Upsert | Removal


@dataclass(frozen=True)
class Page:
    """Some changes and the cursor of what follows; `more` may be had at once.

    `is_complete` once a whole copy is what all pages so far amount to.
    """

    changes: Sequence[Change]
    cursor: Cursor
    more: bool

    @property
    def is_complete(self) -> bool:
        """Tell whether the run has ended, with this page or before."""
        return self.cursor.phase in ("ended", "follow")


def begin(db: Database, selection: Selection) -> Cursor:
    """Return the cursor of a run through all that is live, from now on."""
    return Cursor("walk", *_latest(db), selection.digest)


def page(db: Database, site: Site, selection: Selection, cursor: Cursor, limit: int) -> Page:
    """Return what follows on a cursor: `limit` changes at most. Raises CursorExpired."""
    check(db, selection, cursor)
    if cursor.phase == "walk":
        return _walked(db, selection, cursor, limit)
    return _followed(db, site, selection, cursor, limit)


def check(db: Database, selection: Selection, cursor: Cursor) -> None:
    """Raise CursorExpired where a cursor is of another selection, or what happened since is not known in full."""
    if cursor.selection != selection.digest:
        raise CursorExpired("other_selection")
    oldest = pruning.pruned(db)
    if cursor.seq < oldest:
        raise CursorExpired("too_old")
    known = [row["id"] for row in db.query("select id from event where seq = ?", [cursor.seq])]
    # The very event of the cursor may have been dropped, with all before it; and before the first there is none.
    if known != [cursor.mark] and (known or cursor.seq != oldest):
        raise CursorExpired("other_history")


def is_in(selection: Selection, each: Served) -> bool:
    """Tell whether a reader is to have what is served."""
    return each.is_live and selection.fits(each.type, each.locale, each.topics)


def live(db: Database, selection: Selection, after: Key, limit: int) -> tuple[list[Served], Key, bool]:
    """Return what is live of a selection after a document, without bodies; how far it was looked, and if to the end."""
    found: list[Served] = []
    size = BATCH if selection.is_by_topic else limit
    for _ in range(max(1, MOST_LOOKED_AT // size)):
        rows = served.walk(db, after, size, types=selection.types, locales=selection.locales, whole=False)
        for each in rows:
            after = each.entry, each.locale
            if is_in(selection, each):
                found.append(each)
                if len(found) == limit:
                    return found, after, False
        if len(rows) < size:
            return found, after, True
    return found, after, False


def _walked(db: Database, selection: Selection, cursor: Cursor, limit: int) -> Page:
    listed, (entry, locale), is_end = live(db, selection, (cursor.entry, cursor.locale), limit)
    # What has gone between both looks is told of afterwards: there is an event after the cursor.
    found = served.of(db, [(each.entry, each.locale) for each in listed]).values()
    changes = [_upsert(each, ()) for each in found if is_in(selection, each)]
    if not is_end:
        return Page(changes, replace(cursor, entry=entry, locale=locale), more=True)
    following = replace(cursor, phase="catch_up", entry="", locale="")
    if events.latest(db) > cursor.seq:
        return Page(changes, following, more=True)
    return Page(changes, replace(following, phase="ended"), more=False)


def _followed(db: Database, site: Site, selection: Selection, cursor: Cursor, limit: int) -> Page:
    # Before anything else is read: what happens from here on is left to later pages.
    end, end_mark = _latest(db)
    seq, mark, looked_at = cursor.seq, cursor.mark, 0
    changes: dict[Key, Change] = {}
    while seq < end and len(changes) < limit and looked_at < MOST_LOOKED_AT:
        happened = events.changes(db, seq, end, BATCH, selection.locales)
        some = _about(happened, limit - len(changes))
        for key, change in _told(db, site, selection, seq, some).items():
            changes.pop(key, None)
            changes[key] = change
        looked_at += len(some)
        if len(some) == len(happened) < BATCH:
            seq, mark = end, end_mark
        else:
            seq, mark = some[-1].seq, some[-1].id
    more = seq < end
    following = replace(cursor, seq=seq, mark=mark)
    if cursor.phase != "catch_up":
        following = replace(following, phase="follow")
    elif not more:
        following = replace(following, phase="ended")
    return Page(list(changes.values()), following, more)


def _about(happened: Sequence[Event], most: int) -> Sequence[Event]:
    """Return the first of some events, as long as they are about so many documents at most."""
    keys: set[Key] = set()
    for number, event in enumerate(happened):
        keys.add((event.entry, event.locale))
        if len(keys) > most:
            return happened[:number]
    return happened


def _told(db: Database, site: Site, selection: Selection, seq: int, happened: Sequence[Event]) -> dict[Key, Change]:
    """Return what these events, the next after `seq`, come to: by document, in the order in which they last changed."""
    by_key: dict[Key, list[Event]] = {}
    for event in happened:
        by_key.setdefault((event.entry, event.locale), []).append(event)
    concerned = _in_there(selection, by_key)
    concerned |= _in_before(db, selection, seq, {key: by_key[key][0] for key in by_key if key not in concerned})
    found = served.of(db, concerned)
    # Afterwards: what was told last of a document is never older than what was found of it.
    missing = concerned - found.keys()
    told, moved = events.newest(db, missing), served.successors(db, missing)

    def come_to(key: Key) -> Change:
        if key in missing:
            return _absence(site, told.get(key, by_key[key][-1]), moved.get(key))
        if is_in(selection, found[key]):
            return _upsert(found[key], by_key[key])
        return _removal(selection, found[key])

    return {key: come_to(key) for key in sorted(concerned, key=lambda key: by_key[key][-1].seq)}


def _in_there(selection: Selection, by_key: Mapping[Key, Iterable[Event]]) -> set[Key]:
    """Return the documents that were in the selection after one of these events at least."""
    return {key for key, told in by_key.items() if any(_was_in(selection, event) for event in told)}


def _in_before(db: Database, selection: Selection, seq: int, others: Mapping[Key, Event]) -> set[Key]:
    """Return which of these documents were in the selection before: who has come as far as `seq` may have them.

    With those that came to be in it since, they are all that a reader can have. Whoever was given something newer
    than the cursor said has it of an event that is still to come, and is told then.
    """
    before = events.newest(db, others, upto=seq)
    found = {key for key, event in before.items() if _was_in(selection, event)}
    unknown = {key for key in others if key not in before}
    if unknown and pruning.pruned(db):
        # What was told of them before may have been dropped.
        found |= {key for key in unknown if selection.may_fit(others[key].data["type"], key[1])}
    return found


def _was_in(selection: Selection, event: Event) -> bool:
    told = event.data
    return served.was_live(told) and selection.fits(told["type"], event.locale, told.get("topics", ()))


def _upsert(each: Served, happened: Iterable[Event]) -> Upsert:
    grave = {event.data.get("update_type") for event in happened} | {each.facts.get("update_type")}
    kinds = {event.type.removeprefix("edition.") for event in happened}
    reason = next((reason for reason in REASONS if reason in kinds), REASONS[-1]) if kinds else FIRST
    return Upsert(each, reason, next((kind for kind in UPDATE_TYPES if kind in grave), ""))


def _removal(selection: Selection, each: Served) -> Removal:
    """Return why a reader is to drop what is still served of a document, in some way."""
    removal = Removal(each.entry, each.locale, each.type, each.seq, each.updated_at, "left_scope")
    if each.status == documents.GONE:
        notice = orjson.loads(each.body)
        reason = "withdrawn" if each.facts.get("state") == "withdrawn" else "suspended"
        instead = _card(notice["replacement"])
        said = {"severity": notice["severity"], "explanation": notice["detail"]}
        return replace(removal, reason=reason, replacement=instead, **said)
    if selection.fits(each.type, each.locale, each.topics):
        return replace(removal, reason="review_expired")
    return removal


def _absence(site: Site, event: Event, successor: Successor | None) -> Removal:
    """Return why a reader is to drop a document of which nothing is served."""
    kind = event.data["type"]
    removal = Removal(event.entry, event.locale, kind, event.seq, event.at, "unpublished")
    if successor is None:
        return removal
    plural = types.find(successor.type).plural
    url = site.document_url(event.locale, plural, successor.slug) if successor.slug else ""
    instead = Replacement(successor.entry, successor.type, event.locale, url)
    return replace(removal, reason="moved", replacement=instead)


def _card(card: Mapping[str, str] | None) -> Replacement | None:
    return Replacement(card["id"], card["type"], card["locale"], card["href"]) if card else None


def _latest(db: Database) -> tuple[int, str]:
    for row in db.query("select seq, id from event order by seq desc limit 1"):
        return int(row["seq"]), str(row["id"])
    return 0, ""
