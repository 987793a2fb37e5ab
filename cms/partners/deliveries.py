"""Deliveries: messages on their way to webhooks, how it went, and sending them again. It knows not who sends them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from cms.content.identity import new_id, stamp
from cms.errors import NotFound, Problem, Refused
from cms.partners import messages, partners, webhooks
from cms.partners.messages import Message
from cms.store import Database, Row, write

# sending: a worker has it. held: its webhook is disabled. dropped: nobody wanted it any more.
STATES = ("waiting", "sending", "held", "delivered", "failed", "dropped")
KEPT = timedelta(days=90)
# What is due since ever goes first.
AT_ONCE_DUE = ""


@dataclass(frozen=True)
class Delivery:
    """One series of attempts to tell one webhook of one message; what has not happened is empty."""

    id: str
    webhook: str
    entry: str
    seq: int
    message: str
    type: str
    body: str
    state: str
    attempts: int
    next_at: str
    made_at: str
    settled_at: str


@dataclass(frozen=True)
class Attempt:
    """One attempt: the status of the answer, or 0 and the `error`; the beginning of what was said."""

    number: int
    at: str
    took_ms: int
    status: int
    said: str
    error: str


def ping(db: Database, webhook: str, *, now: datetime) -> Delivery:
    """Make a message that says nothing but that messages arrive; it is tried once. Raises NotFound, Refused.

    One that waits already is enough.
    """
    with write(db):
        _refuse_silent(db, webhook)
        where = "webhook = ? and state = 'waiting' and type = ?"
        for row in db.table("delivery").rows_where(where, [webhook, messages.PING]):
            return _read(row)
        id = new_id()
        body = messages.ping(id, webhook, stamp(now))
        return put(db, webhook, Message(id, 0, messages.PING, "", body, True), now)


def replay(db: Database, id: str, *, now: datetime) -> Delivery:
    """Send a message again from the beginning of the schedule, under the same id; one that waits goes now.

    Raises NotFound, Refused where the webhook is told nothing, or the message is on its way.
    """
    with write(db):
        found = find(db, id)
        _refuse_silent(db, found.webhook)
        if found.state == "sending":
            raise Refused([Problem("", "on_its_way")])
        at = stamp(now)
        again = {"state": "waiting", "attempts": 0, "made_at": at, "next_at": at, "settled_at": ""}
        db.table("delivery").update(id, again if found.state != "waiting" else {"next_at": at})
        return find(db, id)


def replay_since(db: Database, webhook: str, since: datetime, *, now: datetime) -> int:
    """Send all messages of a webhook again that were made from a moment on; return how many. Raises as `replay`."""
    with write(db):
        _refuse_silent(db, webhook)
        at = stamp(now)
        where = "webhook = ? and state in ('delivered', 'failed', 'dropped') and made_at >= ? and type <> ?"
        return db.execute(
            "update delivery set state = 'waiting', attempts = 0, made_at = ?, next_at = ?, settled_at = ''"
            f" where {where}",
            [at, at, webhook, stamp(since), messages.PING],
        ).rowcount


def find(db: Database, id: str, partner: str = "") -> Delivery:
    """Return the delivery of this id, where a partner is named to one of its webhooks. Raises NotFound."""
    for row in db.table("delivery").rows_where("id = ?", [id]):
        if not partner or webhooks.find(db, row["webhook"]).partner == partner:
            return _read(row)
    raise NotFound("delivery", id)


def of(
    db: Database, chosen: Collection[str], *, state: str = "", limit: int = 50, offset: int = 0
) -> tuple[int, list[Delivery]]:
    """Return how many deliveries these webhooks have, and some of them, those that were made last first."""
    if not chosen:
        return 0, []
    where = f"webhook in ({', '.join('?' for _ in chosen)})" + (" and state = ?" if state else "")
    params = [*chosen, *([state] if state else [])]
    rows = db.table("delivery").rows_where(where, params, order_by="made_at desc, id desc", limit=limit, offset=offset)
    return db.table("delivery").count_where(where, params), [_read(row) for row in rows]


def counts(db: Database, chosen: Collection[str]) -> dict[str, dict[str, int]]:
    """Return how many deliveries are in each state, by webhook."""
    found: dict[str, dict[str, int]] = {id: {} for id in chosen}
    for id in chosen:
        rows = db.query("select state, count(*) as number from delivery where webhook = ? group by state", [id])
        found[id] = {row["state"]: int(row["number"]) for row in rows}
    return found


def attempts(db: Database, id: str) -> list[Attempt]:
    """Return the attempts of a delivery, the first one first."""
    rows = db.table("delivery_attempt").rows_where("delivery = ?", [id], order_by="number")
    return [Attempt(**{name: row[name] for name in Attempt.__dataclass_fields__}) for row in rows]


def forget_old(db: Database, now: datetime, limit: int = 500) -> None:
    """Forget what was settled 90 days ago: the message, and how it went."""
    until = stamp(now - KEPT)
    for row in list(db.query("select id from webhook")):
        where = "webhook = ? and state in ('delivered', 'failed', 'dropped') and next_at < ? limit ?"
        old = [each["id"] for each in db.query(f"select id from delivery where {where}", [row["id"], until, limit])]
        if not old:
            continue
        with write(db):
            marks = ", ".join("?" for _ in old)
            db.table("delivery_attempt").delete_where(f"delivery in ({marks})", old)
            db.table("delivery").delete_where(f"id in ({marks})", old)


def put(db: Database, webhook: str, message: Message, now: datetime) -> Delivery:
    """Add a delivery behind those of the same entry. What is urgent goes first, and takes them with it."""
    at = stamp(now)
    due = at
    if message.is_urgent:
        due = AT_ONCE_DUE
        if message.entry:
            db.execute(
                "update delivery set next_at = ? where webhook = ? and entry = ? and state = 'waiting'",
                [due, webhook, message.entry],
            )
    elif message.entry:
        # Not before the one that it comes after: it would be looked at in vain.
        rows = db.query(
            "select next_at from delivery where webhook = ? and entry = ? and state in ('waiting', 'sending')",
            [webhook, message.entry],
        )
        due = max([at, *(row["next_at"] for row in rows)])
    row = {
        "id": new_id(),
        "webhook": webhook,
        "entry": message.entry,
        "seq": message.seq,
        "message": message.id,
        "type": message.type,
        "body": message.body,
        "state": "waiting",
        "attempts": 0,
        "next_at": due,
        "locked_until": "",
        "lease": "",
        "made_at": at,
        "settled_at": "",
    }
    db.table("delivery").insert(row)
    return _read(row)


def _refuse_silent(db: Database, webhook: str) -> None:
    """Raise Refused where nothing is told to a webhook."""
    found = webhooks.find(db, webhook)
    if not found.is_active:
        raise Refused([Problem("", "webhook_disabled")])
    if not partners.find(db, found.partner).is_active:
        raise Refused([Problem("", "suspended")])


def _read(row: Row) -> Delivery:
    return Delivery(**{name: row[name] for name in Delivery.__dataclass_fields__})
