"""What there is to do now, for one person: what could harm first. It counts all and shows the first of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cms.content import types
from cms.content.identity import stamp
from cms.desk import partner_piles, tally
from cms.desk.piles import NONE, SHOWN, Item, Pile
from cms.desk.uses import LEADING
from cms.people import rights
from cms.people.rights import Actor
from cms.site import Site
from cms.store import Database

DUE_WITHIN = timedelta(days=30)
FAILED_WITHIN = timedelta(days=14)


# What was unpublished or withdrawn was so for a reason, and what is counted is the newest revision.
READY = (
    "l.state = 'none' and l.source_is_live = 1 and l.total > 0 and l.missing = 0 and l.stale = 0 and l.waiting = 0"
    " and exists (select 1 from board s where s.entry = l.entry and s.state = 'published')"
)
LINGERING = (
    "b.state = 'archived' and exists (select 1 from edition e where e.entry = b.entry and e.until = ''"
    " and e.state = 'published') and not exists (select 1 from reference r where r.target = b.entry"
    f" and r.field not in ({', '.join('?' for _ in LEADING)}))"
)


@dataclass(frozen=True)
class Todo:
    """All that an actor may do something about now.

    `recalls_overdue` and `recalls_waiting`: partners have not acknowledged one, and some of them are late.
    `critical`: readers of a locale get the source of critical advice, or none. `stale`: other texts are behind.
    `missing`: live entries that are not wholly translated. `waiting`: drafts handed over for review. `ready`: wholly
    translated and approved, and not published. `overdue` and `due`: reviews. `lingering`: archived, published still,
    and shown by nothing any more. `webhooks_disabled`: told nothing, though nobody asked for that; `webhooks_failing`:
    told, and not reached.
    """

    recalls_overdue: Pile = NONE
    recalls_waiting: Pile = NONE
    critical: Pile = NONE
    stale: Pile = NONE
    missing: Pile = NONE
    waiting: Pile = NONE
    ready: Pile = NONE
    overdue: Pile = NONE
    due: Pile = NONE
    lingering: Pile = NONE
    scheduled: Pile = NONE
    failed: Pile = NONE
    webhooks_disabled: Pile = NONE
    webhooks_failing: Pile = NONE
    recent: Pile = NONE


def todo(db: Database, actor: Actor, *, site: Site, now: datetime) -> Todo:
    """Return what an actor may do something about, in the locales of the site that are theirs."""
    tally.follow(db)
    targets = site.targets
    translating = _Reach(db, actor, "translation.save", targets)
    approving = _Reach(db, actor, "translation.approve", targets)
    publishing = _Reach(db, actor, "translation.publish", targets)
    source = [site.source_locale]
    reviewing, scheduling, ending, reading = (
        _Reach(db, actor, action, source)
        for action in ("entry.review", "entry.schedule", "entry.unpublish", "entry.read")
    )
    recalling = rights.may(actor, "recall.manage", "", site.source_locale)
    partnering = rights.may(actor, "partners.manage")
    recalls_overdue, recalls_waiting = partner_piles.recalled(db, now) if recalling else (NONE, NONE)
    today, soon = now.date().isoformat(), (now + DUE_WITHIN).date().isoformat()
    return Todo(
        recalls_overdue=recalls_overdue,
        recalls_waiting=recalls_waiting,
        critical=translating.locales_where("l.is_live = 1 and l.critical > 0", "l.critical"),
        stale=translating.locales_where("l.stale > 0 and (l.is_live = 0 or l.critical = 0)", "l.stale"),
        missing=translating.missing(),
        waiting=approving.locales_where("l.in_review > 0", "l.in_review"),
        ready=publishing.locales_where(READY, "l.total", "l.changed_at"),
        overdue=reviewing.entries_where("b.is_live = 1 and b.review_due > '' and b.review_due < ?", [today]),
        due=reviewing.entries_where("b.is_live = 1 and b.review_due >= ? and b.review_due <= ?", [today, soon]),
        lingering=ending.entries_where(LINGERING, LEADING, "b.changed_at"),
        scheduled=scheduling.tasks_where("s.state = 'waiting'", [], "s.due_at, s.id", "s.due_at", "s.action"),
        failed=scheduling.tasks_where(
            "s.state = 'failed' and s.settled_at >= ?",
            [stamp(now - FAILED_WITHIN)],
            "s.settled_at desc, s.id",
            "s.settled_at",
            "s.outcome",
        ),
        webhooks_disabled=partner_piles.disabled(db) if partnering else NONE,
        webhooks_failing=partner_piles.failing(db) if partnering else NONE,
        recent=reading.recent(),
    )


class _Reach:
    """The types and locales in which an actor may do one thing, and what is found there."""

    def __init__(self, db: Database, actor: Actor, action: str, locales: Sequence[str]) -> None:
        self.db = db
        names = [kind.name for kind in types.every()]
        self.locales = [locale for locale in locales if any(rights.may(actor, action, name, locale) for name in names)]
        self.types = [name for name in names if any(rights.may(actor, action, name, locale) for locale in locales)]

    def locales_where(self, where: str, count: str, since: str = "l.since") -> Pile:
        """Return what stands in a locale and fits, the longest first: behind, or what `since` tells."""
        if not self.locales:
            return NONE
        scope = f"from board_locale l where {_among('l.locale', self.locales)} and {_among('l.type', self.types)}"
        params = [*self.locales, *self.types]
        found = self.db.query(
            f"select b.entry, b.type, b.title, l.locale, l.since, l.found from (select l.entry, l.locale,"
            f" {since} as since, {count} as found {scope} and {where} order by {since}, l.entry, l.locale limit ?) l"
            " join board b on b.entry = l.entry order by l.since, l.entry, l.locale",
            [*params, SHOWN],
        )
        return self._pile(list(found), f"select count(*) as total {scope} and {where}", params)

    def missing(self) -> Pile:
        """Return what readers have in the source language and not wholly in a locale, the newest first."""
        if not self.locales:
            return NONE
        kinds, where = _among("b.type", self.types), _among("l.type", self.types)
        live = _counts(
            self.db,
            f"select source_locale as name, count(*) as total from board b where b.is_live = 1 and {kinds}"
            " and b.segments > 0 group by source_locale",
            self.types,
        )
        done = _counts(
            self.db,
            f"select l.locale as name, count(*) as total from board_locale l where {_among('l.locale', self.locales)}"
            f" and l.missing = 0 and l.source_is_live = 1 and {where} and l.total > 0 group by l.locale",
            [*self.locales, *self.types],
        )
        left = {name: sum(live.values()) - live.get(name, 0) - done.get(name, 0) for name in self.locales}
        items: list[dict[str, Any]] = []
        for locale in (name for name, total in left.items() if total):
            found = self.db.query(
                "select b.entry, b.type, b.title, b.changed_at as since, coalesce(l.missing, b.segments) as found"
                " from board b left join board_locale l on l.entry = b.entry and l.locale = ?"
                f" where b.is_live = 1 and b.source_locale <> ? and {kinds}"
                " and coalesce(l.missing, b.segments) > 0 order by b.changed_at desc, b.entry desc limit ?",
                [locale, locale, *self.types, SHOWN],
            )
            items += [{**row, "locale": locale} for row in found]
        items.sort(key=lambda row: (row["since"], row["entry"]), reverse=True)
        return Pile(sum(left.values()), tuple(map(_item, items[:SHOWN])))

    def entries_where(self, where: str, params: Sequence[Any], since: str = "b.review_due") -> Pile:
        """Return the entries that fit, the earliest review first, or the longest by what `since` tells."""
        if not self.types:
            return NONE
        scope = f"from board b where {where} and {_among('b.type', self.types)}"
        params = [*params, *self.types]
        found = self.db.query(
            f"select b.entry, b.type, b.title, '' as locale, {since} as since, 0 as found {scope}"
            f" order by {since}, b.entry limit ?",
            [*params, SHOWN],
        )
        return self._pile(list(found), f"select count(*) as total {scope}", params)

    def tasks_where(self, where: str, params: Sequence[Any], order: str, since: str, note: str) -> Pile:
        """Return the scheduled tasks that fit."""
        if not self.types:
            return NONE
        scope = f"from schedule s join board b on b.entry = s.entry where {where} and {_among('b.type', self.types)}"
        params = [*params, *self.types]
        found = self.db.query(
            f"select b.entry, b.type, b.title, s.locale, {since} as since, 0 as found, {note} as note {scope}"
            f" order by {order} limit ?",
            [*params, SHOWN],
        )
        return self._pile(list(found), f"select count(*) as total {scope}", params)

    def recent(self) -> Pile:
        """Return what changed last."""
        if not self.types:
            return NONE
        scope = f"from board b where b.state <> 'archived' and {_among('b.type', self.types)}"
        found = self.db.query(
            "select b.entry, b.type, b.title, '' as locale, b.changed_at as since, 0 as found, b.changed_by as note"
            f" {scope} order by b.changed_at desc, b.entry desc limit ?",
            [*self.types, SHOWN],
        )
        items = tuple(map(_item, found))
        return Pile(len(items), items)

    def _pile(self, found: list[dict[str, Any]], counting: str, params: Sequence[Any]) -> Pile:
        total = len(found)
        if total == SHOWN:
            total = next(self.db.query(counting, params))["total"]
        return Pile(total, tuple(map(_item, found)))


def _counts(db: Database, sql: str, params: Sequence[Any]) -> dict[str, int]:
    return {row["name"]: int(row["total"]) for row in db.query(sql, params)}


def _among(column: str, values: Sequence[str]) -> str:
    return f"{column} in ({', '.join('?' for _ in values)})"


def _item(row: dict[str, Any]) -> Item:
    return Item(
        row["entry"], row["type"], row["title"], row["locale"], row["since"], int(row["found"]), row.get("note", "")
    )
