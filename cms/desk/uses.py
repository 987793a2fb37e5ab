"""Where an entry is used: whose newest revision refers to it, and which live documents show it."""

from collections.abc import Sequence
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


@dataclass(frozen=True)
class UsesPage:
    """Some of the uses of an entry, and how many there are in all."""

    total: int
    uses: Sequence[Use]


def uses(db: Database, entry: str) -> list[Use]:
    """Return everything that refers to an entry, by title: for work on all of it. What is shown is had in pages."""
    tally.follow_all(db)
    return _uses(db, entry, "", [])


def page(db: Database, entry: str, *, limit: int = 50, offset: int = 0) -> UsesPage:
    """Return what refers to an entry, by title, from the one after `offset` on."""
    tally.follow(db)
    found = _uses(db, entry, " limit ? offset ?", [limit, offset])
    total = offset + len(found)
    if len(found) == limit or (offset and not found):
        total = next(
            db.query(
                "select count(*) as total from (select entry, field from mention where target = ?"
                " union select entry, field from reference where target = ?) u join board b on b.entry = u.entry",
                [entry, entry],
            )
        )["total"]
    return UsesPage(total, found)


def referring(db: Database, entry: str) -> list[str]:
    """Return the entries that refer to this one, in their newest revision or in what readers see."""
    return list(dict.fromkeys(use.entry for use in uses(db, entry)))


def _uses(db: Database, entry: str, part: str, params: Sequence[int]) -> list[Use]:
    rows = db.query(
        "select b.entry, b.type, b.title, b.title_key, b.state, u.field, max(u.newest) as newest, max(u.live) as live"
        " from (select entry, field, 1 as newest, 0 as live from mention where target = ?"
        " union all select entry, field, 0 as newest, 1 as live from reference where target = ?) u"
        " join board b on b.entry = u.entry"
        " group by b.entry, b.type, b.title, b.title_key, b.state, u.field"
        f" order by b.title_key, b.entry, u.field{part}",
        [entry, entry, *params],
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


def is_shown(db: Database, entry: str) -> bool:
    """Tell whether a live document shows a card of an entry, and so would lose it with the entry."""
    marks = ", ".join("?" for _ in LEADING)
    return any(
        db.query(
            f"select 1 as found from reference where target = ? and field not in ({marks}) limit 1", [entry, *LEADING]
        )
    )
