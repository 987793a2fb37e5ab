"""Entries: found, read, written, put away, merged and reviewed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.manage.asking import LIMIT, PAGE, TYPE, listed, offset, page, readable, words
from api.manage.bodies import Body, Content, Id, below
from api.manage.operations import Answer, Call, Group
from api.public.parameters import one_of
from cms.content import entries, revisions, types
from cms.content.entries import Entry
from cms.content.fields import Choice, Day, Flag, Inline, Text, fault
from cms.content.revisions import Revision
from cms.content.saving import UPDATE_TYPES
from cms.desk import board, reviewing, uses, writing
from cms.desk.board import BoardLocale, BoardQuery, BoardRow
from cms.desk.uses import Use
from cms.errors import Invalid, Problem
from cms.people import rights

group = Group("entries", "Articles, authors, clinics, topics and types of your own: each with its newest revision.")

LOCALE = words("locale", "Only entries that are translated into this language or should be; counts are of it.", 40)
STATE = one_of(
    "state",
    "How they stand: in their own language, or in the one that `locale` names.",
    [*board.STATES, "none"],
)
FRESHNESS = one_of("freshness", "How their translations stand to the source.", board.FRESHNESS)
SEARCH = words("search", "Only entries whose title has all these words, or parts of words.", 200)
SORT = one_of(
    "sort",
    "The order; with `-` in front the other way round.",
    [sign + name for name in board.SORTS for sign in ("", "-")],
    board.DEFAULT_SORT,
)


class TypeName(Text):
    """The name of a content type."""

    def _check(self, text: str) -> None:
        known = [kind.name for kind in types.every()]
        if text not in known:
            raise fault("not_a_choice", value=text[:80], choices=known)


class New(Body):
    """An entry to be made."""

    type = TypeName(required=True)
    content = Content(required=True)
    id = Id()


class Save(Body):
    """What an entry is to say from now on."""

    content = Content(required=True)
    update_type = Choice(*UPDATE_TYPES)
    note = Inline(max_length=500)
    minor = Flag(load_default=False)


class Archive(Body):
    """Why published advice goes, and what to read instead."""

    explanation = Inline(max_length=2_000, load_default="")
    replacement = Id(load_default="")


class Merge(Body):
    """Which entry is there twice."""

    duplicate = Id(required=True)


class Review(Body):
    """Who reviewed, as what, and when."""

    reviewer = Id(required=True)
    role = Choice("medical", "language", "patient", required=True)
    date = Day(required=True)
    review_due = Day(load_default="")


@dataclass(frozen=True)
class EntryRow:
    """One entry in a list, counted for each language that it is translated or published in."""

    entry: str
    type: str
    source_locale: str
    title: str
    state: str
    revision: int
    live_revision: int
    segments: int
    critical: int
    changed_at: str
    changed_by: str
    review_due: str
    locales: Mapping[str, BoardLocale]


@dataclass(frozen=True)
class EntryRevision:
    """An entry with one of its revisions; `archived_at` is empty while it is in use."""

    id: str
    type: str
    source_locale: str
    archived_at: str
    created_at: str
    created_by: str
    latest: int
    revision: int
    update_type: str
    note: str
    saved_at: str
    saved_by: str
    content_changed_at: str
    content: Mapping[str, Any]


@dataclass(frozen=True)
class SavedEntry:
    """The newest revision after a save, and whether that made it."""

    changed: bool
    entry: EntryRevision


@dataclass(frozen=True)
class Merged:
    """The entries that referred to the duplicate, and now refer to the one that is kept."""

    kept: str
    changed: list[str]


def shown(row: Entry, revision: Revision) -> EntryRevision:
    """Return a revision of an entry as it is given."""
    return EntryRevision(
        id=row.id,
        type=row.type,
        source_locale=row.source_locale,
        archived_at=row.archived_at,
        created_at=row.created_at,
        created_by=row.created_by,
        latest=row.latest,
        revision=revision.number,
        update_type=revision.update_type,
        note=revision.note,
        saved_at=revision.saved_at,
        saved_by=revision.saved_by,
        content_changed_at=revision.content_changed_at,
        content=revision.content,
    )


def etag(row: Entry) -> str:
    """Return what names the newest revision in If-Match; putting an entry away changes it too."""
    return f"r{row.latest}-archived" if row.archived_at else f"r{row.latest}"


def stands(call: Call, entry: str, status: int = 200, **headers: str) -> Answer:
    """Answer with an entry as it stands now."""
    row = entries.find(call.db, entry)
    return Answer(shown(row, revisions.get(call.db, entry, row.latest)), status, headers, etag(row))


def saved(call: Call, entry: str, changed: bool) -> Answer:
    """Answer with what a save made of an entry."""
    row = entries.find(call.db, entry)
    return Answer(SavedEntry(changed, shown(row, revisions.get(call.db, entry, row.latest))), etag=etag(row))


@group.does(
    "GET",
    "/entries",
    needs="entry.read",
    gives=listed(EntryRow),
    query=(TYPE, LOCALE, STATE, FRESHNESS, SEARCH, SORT, PAGE, LIMIT),
)
def list_entries(call: Call) -> Answer:
    """Find entries."""
    asked = call.asked
    rights.require(call.actor, "entry.read", asked["type"], call.site.source_locale)
    if asked["locale"]:
        rights.require(call.actor, "translation.read", asked["type"], asked["locale"])
    query = BoardQuery(
        type=asked["type"],
        locale=asked["locale"],
        state=asked["state"] or "",
        freshness=asked["freshness"] or "",
        search=asked["search"],
        sort=asked["sort"],
        limit=asked["limit"],
        offset=offset(asked),
    )
    found = board.rows(call.db, query)
    return page(call, found.total, [_row(row) for row in found.rows])


def _row(row: BoardRow) -> EntryRow:
    return EntryRow(**vars(row))


@group.does("POST", "/entries", needs="entry.create", gives={201: EntryRevision}, body=New(), once=True)
def create_entry(call: Call) -> Answer:
    """Make an entry with its first revision."""
    given = call.given
    with below("/content"):
        made = writing.create(
            call.db,
            call.actor,
            given["type"],
            given["content"],
            now=call.now,
            site=call.site,
            entry=given.get("id", ""),
        )
    entry = made.revision.entry
    return stands(call, entry, 201, Location=f"{call.site.url}/manage/v1/entries/{entry}")


@group.does("GET", "/entries/<entry>", needs="entry.read", gives=EntryRevision)
def get_entry(call: Call, entry: str) -> Answer:
    """Read an entry: its newest revision, with the ETag that names it."""
    readable(call, entry)
    return stands(call, entry)


@group.does("PUT", "/entries/<entry>", needs="entry.save", gives=SavedEntry, body=Save(), conditional=True)
def save_entry(call: Call, entry: str) -> Answer:
    """Save content as the next revision; the same content again makes none."""
    given = call.given
    update_type = given.get("update_type", "")
    if given["minor"] and update_type not in ("", "minor"):
        raise Invalid([Problem("/update_type", "not_a_choice", {"value": update_type, "choices": ["minor"]})])
    with below("/content"):
        done = writing.save(
            call.db,
            call.actor,
            entry,
            given["content"],
            based_on=call.based_on,
            now=call.now,
            update_type=update_type,
            note=given.get("note", ""),
            minor=given["minor"],
        )
    return saved(call, entry, done.changed)


@group.does(
    "POST", "/entries/<entry>/archive", needs="entry.archive", gives=EntryRevision, body=Archive(), conditional=True
)
def archive_entry(call: Call, entry: str) -> Answer:
    """Put an entry away; one that is published by itself is withdrawn, with an explanation."""
    writing.archive(
        call.db,
        call.actor,
        entry,
        now=call.now,
        site=call.site,
        explanation=call.given["explanation"],
        replacement=call.given["replacement"],
        based_on=call.based_on,
    )
    return stands(call, entry)


@group.does("POST", "/entries/<entry>/unarchive", needs="entry.archive", gives=EntryRevision, conditional=True)
def unarchive_entry(call: Call, entry: str) -> Answer:
    """Take an entry back into use."""
    writing.unarchive(call.db, call.actor, entry, now=call.now, based_on=call.based_on)
    return stands(call, entry)


@group.does("POST", "/entries/<entry>/merge", needs="entry.merge", gives=Merged, body=Merge(), conditional=True)
def merge_entry(call: Call, entry: str) -> Answer:
    """Merge a duplicate into this entry: who referred to it refers to this one, and so do its addresses."""
    changed = writing.merge(
        call.db,
        call.actor,
        entry,
        call.given["duplicate"],
        now=call.now,
        site=call.site,
        based_on=call.based_on,
    )
    return Answer(Merged(entry, changed), etag=etag(entries.find(call.db, entry)))


@group.does("POST", "/entries/<entry>/review", needs="entry.review", gives=SavedEntry, body=Review(), conditional=True)
def review_entry(call: Call, entry: str) -> Answer:
    """Say that somebody reviewed an entry, and when it is due again."""
    done = reviewing.review(call.db, call.actor, entry, **call.given, based_on=call.based_on, now=call.now)
    return saved(call, entry, done.changed)


@group.does("GET", "/entries/<entry>/uses", needs="entry.read", gives=listed(Use), query=(PAGE, LIMIT))
def list_uses(call: Call, entry: str) -> Answer:
    """Find out who refers to an entry: in what was saved last, and in what readers see."""
    readable(call, entry)
    found = uses.page(call.db, entry, limit=call.asked["limit"], offset=offset(call.asked))
    return page(call, found.total, found.uses)
