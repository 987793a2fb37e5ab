"""Leases: a worker takes deliveries for a while, and settles them by what became of its attempts.

Many workers may do so at once, and each may die at any moment: what it had is due again when its lease ends.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

import orjson

from cms.content.identity import moment, new_id, stamp
from cms.errors import Problem, Refused
from cms.partners import attempts, deliveries, messages, usage, webhooks
from cms.partners.attempts import Claimed, Outcome
from cms.store import Database, Row, write

# A worker that is not heard of for so long has lost what it had; sending takes a quarter of it at most.
LEASE = timedelta(seconds=60)
AT_ONCE = 4  # sent to one webhook at the same time; 1 while it fails
# Told to slow down, by the server or by what stands before it: all that waits for the same webhook waits with it.
THROTTLING = frozenset({429, 502, 503, 504})
GONE = 410

_TAKEN = "select id, webhook, message, type, entry, seq, body, attempts, made_at from delivery d where"


def claim(
    db: Database, now: datetime, most: int, *, failing: Collection[str] = (), lease: timedelta = LEASE
) -> list[Claimed]:
    """Take up to so many deliveries that are due, for as long as the lease; what nobody settles by then is due again.

    Of an entry the earliest comes first, and the next not before that one is settled. `failing` names the webhooks of
    which one at a time is enough.
    """
    if most <= 0 or not _due(db, now):
        return []
    claimed: list[Claimed] = []
    with write(db):
        # One round each, so that no webhook takes all the workers there are.
        room = {id: (1 if id in failing else AT_ONCE) - sending for id, sending in _due(db, now).items()}
        found = {id: _claimable(db, id, now, free) for id, free in room.items() if free > 0}
        while any(found.values()) and len(claimed) < most:
            for rows in found.values():
                if rows and len(claimed) < most:
                    claimed.append(_take(db, rows.pop(0), now, lease))
    return claimed


def claim_one(db: Database, id: str, now: datetime, *, lease: timedelta = LEASE) -> Claimed:
    """Take this delivery, whatever waits before it. Raises NotFound, Refused where it does not wait."""
    with write(db):
        found = deliveries.find(db, id)
        for row in list(db.query(f"{_TAKEN} id = ? and state = 'waiting'", [id])):
            return _take(db, row, now, lease)
        raise Refused([Problem("", "on_its_way" if found.state == "sending" else "already_settled", {"id": id})])


def settle(db: Database, claimed: Claimed, outcome: Outcome, *, chance: float) -> str:
    """Keep what became of an attempt and return the state of the delivery; `chance` is a number from 0 to 1.

    A webhook that answers 410, or of which one message has failed to the end of the schedule, is disabled. Of a lease
    that has ended nothing but the attempt is kept: somebody else has the delivery.
    """
    at = stamp(outcome.at)
    with write(db):
        rows = list(db.table("delivery").rows_where("id = ?", [claimed.id]))
        if not rows:
            return "dropped"  # The webhook was taken away meanwhile.
        _log(db, claimed.id, outcome)
        if rows[0]["lease"] != claimed.lease or rows[0]["state"] != "sending":
            return str(rows[0]["state"])
        done = claimed.attempts + 1
        free = {"attempts": done, "locked_until": "", "lease": ""}
        if outcome.is_success:
            db.table("delivery").update(claimed.id, {**free, "state": "delivered", "next_at": at, "settled_at": at})
            _go_on(db, claimed, at)
            usage.record(db, _used(claimed, outcome))
            return "delivered"
        again = attempts.next_attempt(done, moment(claimed.made_at), outcome, chance)
        if claimed.type == messages.PING or outcome.status == GONE or again is None:
            db.table("delivery").update(claimed.id, {**free, "state": "failed", "next_at": at, "settled_at": at})
            if claimed.type != messages.PING or outcome.status == GONE:
                reason = webhooks.GONE if outcome.status == GONE else webhooks.FAILING
                webhooks.disable(db, claimed.webhook, reason, now=outcome.at)
            return "failed"
        state = "waiting" if webhooks.find(db, claimed.webhook).is_active else "held"
        db.table("delivery").update(claimed.id, {**free, "state": state, "next_at": stamp(again)})
        _wait_too(db, claimed, outcome, stamp(again))
        return state


def _due(db: Database, now: datetime) -> dict[str, int]:
    """Return the webhooks that have something due, or left by a worker, with how many of theirs are being sent.

    Those of a suspended partner have nothing.
    """
    at = stamp(now)
    mine = "from delivery d where d.webhook = w.id and d.state"
    rows = db.query(
        f"select w.id, (select min(d.next_at) {mine} = 'waiting') as due,"
        f" (select count(*) {mine} = 'sending' and d.locked_until > ?) as sending,"
        f" (select count(*) {mine} = 'sending' and d.locked_until <= ?) as abandoned"
        " from webhook w join partner p on p.id = w.partner and p.state = 'active'"
        " where w.state = 'active' and w.not_before <= ?",
        [at, at, at],
    )
    found = {
        row["id"]: int(row["sending"])
        for row in rows
        if row["abandoned"] or (row["due"] is not None and row["due"] <= at)
    }
    # Another each time is the first, so that none always comes last.
    names = sorted(found)
    turn = int(now.timestamp() * 1_000) % max(1, len(names))
    return {name: found[name] for name in (*names[turn:], *names[:turn])}


def _claimable(db: Database, webhook: str, now: datetime, most: int) -> list[Row]:
    at = stamp(now)
    abandoned = "webhook = ? and state = 'sending' and locked_until <= ? order by locked_until limit ?"
    found = list(db.query(f"{_TAKEN} {abandoned}", [webhook, at, most]))
    due = (
        "webhook = ? and state = 'waiting' and next_at <= ? and (entry = '' or not exists ("
        "select 1 from delivery e where e.webhook = d.webhook and e.entry = d.entry"
        " and e.state in ('waiting', 'sending') and (e.seq < d.seq or (e.seq = d.seq and e.id < d.id))))"
        " order by next_at, seq limit ?"
    )
    return found + list(db.query(f"{_TAKEN} {due}", [webhook, at, most - len(found)]))


def _take(db: Database, row: Row, now: datetime, lease: timedelta) -> Claimed:
    webhook = webhooks.find(db, row["webhook"])
    token = new_id()
    leased = {"state": "sending", "locked_until": stamp(now + lease), "lease": token}
    db.table("delivery").update(row["id"], leased)
    secrets = webhook.live_secrets(now)
    return Claimed(**row, partner=webhook.partner, url=webhook.url, lease=token, secrets=secrets)


def _log(db: Database, id: str, outcome: Outcome) -> None:
    rows = db.query("select coalesce(max(number), 0) as last from delivery_attempt where delivery = ?", [id])
    number = int(next(iter(rows))["last"]) + 1
    db.table("delivery_attempt").insert(
        {
            "delivery": id,
            "number": number,
            "at": stamp(outcome.at),
            "took_ms": outcome.took_ms,
            "status": outcome.status,
            "said": outcome.said,
            "error": outcome.error,
        }
    )


def _go_on(db: Database, claimed: Claimed, at: str) -> None:
    """Let go what waited behind a message that has arrived; after an outage, all that waits for the webhook."""
    about = "webhook = ? and state = 'waiting' and next_at > ?"
    if claimed.attempts:
        db.execute(f"update delivery set next_at = ? where {about}", [at, claimed.webhook, at])
    elif claimed.entry:
        db.execute(
            f"update delivery set next_at = ? where {about} and entry = ? and attempts = 0",
            [at, claimed.webhook, at, claimed.entry],
        )


def _used(claimed: Claimed, outcome: Outcome) -> dict[usage.Counted, int]:
    """Return what a message that arrived adds to the usage of the partner: each document that it was about."""
    told = orjson.loads(claimed.body)["data"].get("locales", ()) if claimed.entry else ()
    day = stamp(outcome.at)[:10]
    # A recall names its languages alone: it gives nothing to read.
    about = [each["locale"] for each in told if isinstance(each, dict)]
    return {(day, claimed.partner, claimed.entry, locale, "webhook"): 1 for locale in about}


def _wait_too(db: Database, claimed: Claimed, outcome: Outcome, until: str) -> None:
    """Let those wait that come after one that failed; all of the webhook, where its server asks for time."""
    if outcome.wait and outcome.status in THROTTLING:
        wait = min(timedelta(seconds=outcome.wait), attempts.LONGEST_WAIT)
        db.table("webhook").update(claimed.webhook, {"not_before": stamp(outcome.at + wait)})
    if claimed.entry:
        # By the entry, of which there are few, and not by the moment, by which there may be very many.
        about = "select id from delivery where webhook = ? and entry = ? and state = 'waiting'"
        db.execute(
            f"update delivery set next_at = ? where id in ({about}) and next_at < ?",
            [until, claimed.webhook, claimed.entry, until],
        )
