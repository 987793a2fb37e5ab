"""What there is to do about partners: recalls that not everybody has acknowledged, and messages that do not arrive."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from cms.content.identity import stamp
from cms.desk.piles import SHOWN, Item, Pile
from cms.partners import messages, webhooks
from cms.store import Database, Row

# A message that was tried so often is late by more than five minutes.
IN_VAIN = 3


def recalled(db: Database, now: datetime) -> tuple[Pile, Pile]:
    """Return the open recalls that a partner is late with, and the others; `since` is the deadline, the next one first.

    `count` is how many partners have not acknowledged: of those that are late, or of all.
    """
    rows = db.query(
        "select r.id, r.entry, r.type, r.title, r.drill, min(c.deadline_at) as since, count(*) as waiting,"
        " sum(case when c.deadline_at <= ? then 1 else 0 end) as late from recall r join recall_partner c"
        " on c.recall = r.id where r.closed_at = '' and c.acknowledged_at = ''"
        " group by r.id, r.entry, r.type, r.title, r.drill order by since, r.id",
        [stamp(now)],
    )
    late: list[Item] = []
    waiting: list[Item] = []
    for row in rows:
        among, count = (late, row["late"]) if row["late"] else (waiting, row["waiting"])
        note = "drill" if row["drill"] else ""
        among.append(
            Item(row["entry"], row["type"], row["title"], since=row["since"], count=int(count), note=note, id=row["id"])
        )
    return _pile(late), _pile(waiting)


def disabled(db: Database) -> Pile:
    """Return the webhooks that are told nothing though nobody asked for that; `count` is what they miss meanwhile."""
    rows = db.query(
        "select w.id, w.url, p.name, w.changed_at as since, (select count(*) from delivery d where d.webhook = w.id"
        " and d.state in ('held', 'failed')) as missed from webhook w join partner p on p.id = w.partner"
        " where w.state = ? and w.reason <> ? and p.state = 'active' order by w.changed_at, w.id",
        [webhooks.DISABLED, webhooks.ASKED],
    )
    return _pile(_of_webhooks(rows))


def failing(db: Database) -> Pile:
    """Return the webhooks that are told, and that messages do not reach: given up, or tried often in vain."""
    rows = db.query(
        "select w.id, w.url, p.name, min(d.made_at) as since, count(*) as missed from webhook w"
        " join partner p on p.id = w.partner join delivery d on d.webhook = w.id"
        " where w.state = ? and p.state = 'active' and d.type <> ?"
        " and (d.state = 'failed' or (d.state = 'waiting' and d.attempts >= ?))"
        " group by w.id, w.url, p.name order by since, w.id",
        [webhooks.ACTIVE, messages.PING, IN_VAIN],
    )
    return _pile(_of_webhooks(rows))


def _of_webhooks(rows: Iterable[Row]) -> Iterator[Item]:
    for row in rows:
        yield Item("", "", row["name"], since=row["since"], count=int(row["missed"]), note=row["url"], id=row["id"])


def _pile(found: Iterable[Item]) -> Pile:
    items = tuple(found)
    return Pile(len(items), items[:SHOWN])
