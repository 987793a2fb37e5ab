"""The revisions of an entry: listed, read, compared word by word, restored."""

from api.manage.asking import BEFORE, LIMIT, readable
from api.manage.entries import EntryRevision, SavedEntry, saved, shown
from api.manage.operations import Answer, Call, Group
from api.manage.serving import number
from api.public.parameters import whole
from cms.content import revisions
from cms.desk import history, writing
from cms.desk.history import Changed, Version

group = Group("revisions", "What became of an entry: every revision stays as it was saved.")

SINCE = whole("since", "The earlier revision; the one before where none is named.", 0, 2**31 - 1, 0)


@group.does("GET", "/entries/<entry>/revisions", needs="entry.read", gives=list[Version], query=(BEFORE, LIMIT))
def list_revisions(call: Call, entry: str) -> Answer:
    """List the revisions of an entry, the newest first, and in which languages readers have them."""
    readable(call, entry)
    return Answer(history.versions(call.db, entry, before=call.asked["before"], limit=call.asked["limit"]))


@group.does("GET", "/entries/<entry>/revisions/<revision>", needs="entry.read", gives=EntryRevision)
def get_revision(call: Call, entry: str, revision: str) -> Answer:
    """Read an earlier revision."""
    row = readable(call, entry)
    found = revisions.get(call.db, entry, number(revision))
    return Answer(shown(row, found))


@group.does(
    "GET", "/entries/<entry>/revisions/<revision>/changes", needs="entry.read", gives=list[Changed], query=(SINCE,)
)
def list_changes(call: Call, entry: str, revision: str) -> Answer:
    """See what a revision changed since an earlier one, by path, with the differences in words."""
    readable(call, entry)
    last = number(revision)
    since = call.asked["since"] or max(last - 1, 1)
    return Answer(history.changes(call.db, entry, since, last))


@group.does(
    "POST",
    "/entries/<entry>/revisions/<revision>/restore",
    needs="entry.save",
    gives=SavedEntry,
    conditional=True,
)
def restore_revision(call: Call, entry: str, revision: str) -> Answer:
    """Save what an earlier revision says as the next one."""
    done = writing.restore(call.db, call.actor, entry, number(revision), based_on=call.based_on, now=call.now)
    return saved(call, entry, done.changed)
