"""Where an entry is used: whose newest revision refers to it, and which live documents show it."""

from dataclasses import dataclass

from cms.desk import tally
from cms.store import Database

# What leads to an entry without showing anything of it.
LEADING = ("link", "replacement")


@dataclass(frozen=True)
class Use:
    """One entry that refers to another, in one of its fields (`link` is a link in a text).

    `newest` says that its newest revision does, `live` that what readers see does.
    """

    entry: str
    type: str
    title: str
    field: str
    newest: bool
    live: bool
    archived: bool


def uses(db: Database, entry: str) -> list[Use]:
    """Return who refers to an entry, by title."""
    tally.follow_all(db)
    rows = db.query(
        "select b.entry, b.type, b.title, b.title_key, b.state, u.field, max(u.newest) as newest, max(u.live) as live"
        " from (select entry, field, 1 as newest, 0 as live from mention where target = ?"
        " union all select entry, field, 0 as newest, 1 as live from reference where target = ?) u"
        " join board b on b.entry = u.entry"
        " group by b.entry, b.type, b.title, b.title_key, b.state, u.field order by b.title_key, b.entry, u.field",
        [entry, entry],
    )
    return [
        Use(
            row["entry"],
            row["type"],
            row["title"],
            row["field"],
            newest=bool(row["newest"]),
            live=bool(row["live"]),
            archived=row["state"] == "archived",
        )
        for row in rows
    ]


def referring(db: Database, entry: str) -> list[str]:
    """Return the entries that refer to this one, in their newest revision or in what readers see."""
    return list(dict.fromkeys(use.entry for use in uses(db, entry)))


def is_shown(db: Database, entry: str) -> bool:
    """Tell whether a live document shows a card of an entry, and so would lose it with the entry."""
    marks = ", ".join("?" for _ in LEADING)
    return any(
        db.query(
            f"select 1 as found from reference where target = ? and field not in ({marks}) limit 1", [entry, *LEADING]
        )
    )
