"""Deliveries: from events to messages that arrive. At least once, in order for each entry, by many workers at once.

How bytes are sent, how time passes and what chance says are parameters.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from standardwebhooks import Webhook as Signer

from cms.calls import Answer, Call, Send, TargetRefused, retry_after
from cms.content.identity import moment, new_id, stamp
from cms.errors import NotFound, Problem, Refused
from cms.partners import messages, partners, webhooks
from cms.partners.messages import Message
from cms.partners.partners import Partner
from cms.partners.webhooks import Webhook
from cms.publish import events
from cms.publish.events import Event
from cms.site import Site
from cms.store import Database, Row, write

# sending: a worker has it. held: its webhook is disabled. dropped: nobody wanted it any more.
STATES = ("waiting", "sending", "held", "delivered", "failed", "dropped")
# Standard Webhooks 1.0: seconds before each attempt, counted from the one before; some three days in all.
SCHEDULE = (0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
IN_ALL = timedelta(seconds=sum(SCHEDULE))
JITTER = 0.1  # of the wait, at most, on top of it
LONGEST_WAIT = 86_400.0  # whatever a server asks for
# A worker that is not heard of for so long has lost what it had; sending takes a quarter of it at most.
LEASE = timedelta(seconds=60)
HOLD = timedelta(seconds=5)
EVENTS_AT_ONCE = 500
MADE_AT_ONCE = 500
AT_ONCE = 4  # sent to one webhook at the same time; 1 while it fails
SAID = 1_000
KEPT = timedelta(days=90)
SUSPENDED_WAIT = timedelta(minutes=5)
# Told to slow down, by the server or by what stands before it: all that waits for the same webhook waits with it.
THROTTLING = frozenset({429, 502, 503, 504})
GONE = 410
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


@dataclass(frozen=True)
class Claimed:
    """A delivery that a worker has until its lease ends, with all that sending takes."""

    id: str
    webhook: str
    url: str
    message: str
    type: str
    entry: str
    seq: int
    body: str
    attempts: int
    made_at: str
    lease: str
    secrets: Sequence[str] = field(repr=False)


@dataclass(frozen=True)
class Outcome:
    """What became of an attempt; `wait` is how many seconds the server asks for."""

    at: datetime
    status: int = 0
    said: str = ""
    error: str = ""
    wait: float = 0.0
    took_ms: int = 0

    @property
    def is_success(self) -> bool:
        """Tell whether the message has arrived: nothing but a status of the 200s says so."""
        return 200 <= self.status < 300


def fan_out(db: Database, site: Site, now: datetime) -> int:
    """Make the deliveries of what has happened since each webhook was last looked at; return how many had more to hear.

    Events whose entries still wait for documents are held back for a moment, so that what belongs together goes as
    one message, unless something among them is urgent.
    """
    if not _lagging(db):
        return 0
    made = moved = 0
    with write(db):
        happened: dict[int, Sequence[Event]] = {}
        for webhook, partner in _lagging(db):
            if webhook.position not in happened:
                happened[webhook.position] = _ripe(db, webhook.position, now)
            found = happened[webhook.position]
            if not found:
                continue
            chosen = [event for event in found if _is_for(db, event, webhook, partner)]
            for message in messages.made(chosen, site):
                _put(db, webhook.id, message, now)
                made += 1
            db.table("webhook").update(webhook.id, {"position": found[-1].seq})
            moved += 1
            if made >= MADE_AT_ONCE:
                break  # Others who write get their turn.
    return moved


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
                    claimed += _take(db, rows.pop(0), now, lease)
    return claimed


def claim_one(db: Database, id: str, now: datetime, *, lease: timedelta = LEASE) -> Claimed:
    """Take this delivery, whatever waits before it. Raises NotFound, Refused where it does not wait."""
    with write(db):
        rows = list(db.query(f"{_CLAIMABLE} where d.id = ? and d.state = 'waiting'", [id]))
        found = [each for row in rows for each in _take(db, row, now, lease)]
        if not found:
            raise Refused([Problem("", "already_settled", {"id": find(db, id).id})])
        return found[0]


def attempt(claimed: Claimed, send: Send, *, now: datetime, clock: Callable[[], float], agent: str = "Tolk") -> Outcome:
    """Send a message once, signed, and say what became of it; `clock` counts seconds."""
    began = clock()

    def ended(**what: Any) -> Outcome:
        return Outcome(now, took_ms=round((clock() - began) * 1_000), **what)

    try:
        answer = send(request(claimed, now, agent))
    except TargetRefused as error:
        return ended(error="target_refused", said=_kept(str(error)))
    except TimeoutError as error:
        return ended(error="timed_out", said=_kept(str(error)))
    except ConnectionError as error:
        return ended(error="no_connection", said=_kept(str(error)))
    failure = "" if answer.is_success else "redirected" if 300 <= answer.status < 400 else "refused"
    return ended(status=answer.status, said=_excerpt(answer), error=failure, wait=retry_after(answer.headers))


def request(claimed: Claimed, now: datetime, agent: str) -> Call:
    """Return the request that carries a message: Standard Webhooks 1.0, signed with each secret that is live."""
    # The library takes whatever it is given for UTC.
    at = now.astimezone(UTC)
    signatures = (Signer(secret).sign(claimed.message, at, claimed.body) for secret in claimed.secrets)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": agent,
        "webhook-id": claimed.message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
    return Call("POST", claimed.url, headers, claimed.body.encode())


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
            return "delivered"
        again = next_attempt(done, moment(claimed.made_at), outcome, chance)
        if claimed.type == messages.PING or outcome.status == GONE or again is None:
            db.table("delivery").update(claimed.id, {**free, "state": "failed", "next_at": at, "settled_at": at})
            if claimed.type != messages.PING or outcome.status == GONE:
                reason = "gone" if outcome.status == GONE else "failing"
                webhooks.disable(db, claimed.webhook, reason, now=outcome.at)
            return "failed"
        state = "waiting" if webhooks.find(db, claimed.webhook).is_active else "held"
        db.table("delivery").update(claimed.id, {**free, "state": state, "next_at": stamp(again)})
        _wait_too(db, claimed, outcome, stamp(again))
        return state


def next_attempt(done: int, made_at: datetime, outcome: Outcome, chance: float) -> datetime | None:
    """Return when to try again after so many attempts, None where it has been tried for long enough.

    The schedule is gone through, and its time has passed: what was tried sooner, because the server answered others,
    does not count against it.
    """
    if done >= len(SCHEDULE) and outcome.at - made_at >= IN_ALL:
        return None
    wait = SCHEDULE[min(done, len(SCHEDULE) - 1)] * (1 + JITTER * chance)
    return outcome.at + timedelta(seconds=max(wait, min(outcome.wait, LONGEST_WAIT)))


def work(
    db: Database,
    site: Site,
    send: Send,
    *,
    now: Callable[[], datetime],
    clock: Callable[[], float],
    chance: Callable[[], float],
) -> int:
    """Deliver one after the other what is due, until nothing is; return how many attempts were made."""
    made = 0
    while True:
        while fan_out(db, site, now()):
            pass
        found = claim(db, now(), 1)
        if not found:
            return made
        outcome = attempt(found[0], send, now=now(), clock=clock)
        settle(db, found[0], outcome, chance=chance())
        made += 1


def ping(db: Database, webhook: str, *, now: datetime) -> Delivery:
    """Make a message that says nothing but that messages arrive; it is tried once. Raises NotFound, Refused."""
    with write(db):
        if not webhooks.find(db, webhook).is_active:
            raise Refused([Problem("", "webhook_disabled")])
        id = new_id()
        body = messages.ping(id, webhook, stamp(now))
        return _put(db, webhook, Message(id, 0, messages.PING, "", body, True), now)


def replay(db: Database, id: str, *, now: datetime) -> Delivery:
    """Send a message again from the beginning of the schedule, under the same id; one that waits goes now.

    Raises NotFound, Refused where the webhook is disabled or the message is on its way.
    """
    with write(db):
        found = find(db, id)
        if not webhooks.find(db, found.webhook).is_active:
            raise Refused([Problem("", "webhook_disabled")])
        if found.state == "sending":
            raise Refused([Problem("", "on_its_way")])
        at = stamp(now)
        again = {"state": "waiting", "attempts": 0, "made_at": at, "next_at": at, "settled_at": ""}
        db.table("delivery").update(id, again if found.state != "waiting" else {"next_at": at})
        return find(db, id)


def replay_since(db: Database, webhook: str, since: datetime, *, now: datetime) -> int:
    """Send all messages of a webhook again that were made from a moment on; return how many. Raises as `replay`."""
    with write(db):
        if not webhooks.find(db, webhook).is_active:
            raise Refused([Problem("", "webhook_disabled")])
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


def _lagging(db: Database) -> list[tuple[Webhook, Partner]]:
    """Return the webhooks that have not been told of the newest events, with their partners; the last one first."""
    rows = db.query(
        "select w.id, w.partner from webhook w join partner p on p.id = w.partner and p.state = 'active'"
        " where w.state = 'active' and w.position < ? order by w.position, w.id",
        [events.latest(db)],
    )
    return [(webhooks.find(db, row["id"]), partners.find(db, row["partner"])) for row in rows]


def _ripe(db: Database, position: int, now: datetime) -> Sequence[Event]:
    """Return what happened after an event, as far as it is to be told now."""
    found = events.after(db, position, EVENTS_AT_ONCE)
    if not found or len(found) == EVENTS_AT_ONCE or any(map(messages.is_urgent, found)):
        return found
    if found[0].at <= stamp(now - HOLD) or found[0].at > stamp(now + HOLD):
        return found
    about = sorted({event.entry for event in found if event.entry})
    marks = ", ".join("?" for _ in about)
    waits = about and any(db.query(f"select entry from pending where entry in ({marks}) limit 1", about))
    return () if waits else found


def _is_for(db: Database, event: Event, webhook: Webhook, partner: Partner) -> bool:
    # What is about a partner is told to that partner, whatever it may have of the rest.
    if concerned := event.data.get("partner"):
        return concerned == partner.id and messages.is_wanted(event, webhook.events, [webhook.scope])
    scopes = (partner.scope, webhook.scope)
    topics = _topics(db, event) if any(scope.topics for scope in scopes) else [()]
    return messages.is_wanted(event, webhook.events, scopes, topics)


def _topics(db: Database, event: Event) -> list[Collection[str]]:
    """Return the topics of an entry as an event has them, and as they were told before it in that locale."""
    before = events.newest(db, [(event.entry, event.locale)], event.seq - 1)
    said = (facts.get("topics") for facts in (event.data, *(each.data for each in before.values())))
    return [topics for topics in said if topics is not None] or [()]


def _put(db: Database, webhook: str, message: Message, now: datetime) -> Delivery:
    """Add a delivery behind those of the same entry. What is urgent goes first, and takes them with it."""
    at = stamp(now)
    before = "webhook = ? and entry = ? and state in ('waiting', 'sending')"
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
        rows = db.query(f"select max(next_at) as latest from delivery where {before}", [webhook, message.entry])
        due = max(at, *(row["latest"] or "" for row in rows))
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


def _due(db: Database, now: datetime) -> dict[str, int]:
    """Return the webhooks that have something due, or left by a worker, with how many of theirs are being sent."""
    at = stamp(now)
    mine = "from delivery d where d.webhook = w.id and d.state"
    rows = db.query(
        f"select w.id, (select min(d.next_at) {mine} = 'waiting') as due,"
        f" (select count(*) {mine} = 'sending' and d.locked_until > ?) as sending,"
        f" (select count(*) {mine} = 'sending' and d.locked_until <= ?) as abandoned"
        " from webhook w where w.state = 'active' and w.not_before <= ?",
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


_CLAIMABLE = (
    "select d.id, d.webhook, d.message, d.type, d.entry, d.seq, d.body, d.attempts, d.made_at, w.url, w.secrets,"
    " p.state as partner_state from delivery d join webhook w on w.id = d.webhook join partner p on p.id = w.partner"
)


def _claimable(db: Database, webhook: str, now: datetime, most: int) -> list[Row]:
    at = stamp(now)
    abandoned = "where d.webhook = ? and d.state = 'sending' and d.locked_until <= ? order by d.locked_until limit ?"
    found = list(db.query(f"{_CLAIMABLE} {abandoned}", [webhook, at, most]))
    due = (
        "where d.webhook = ? and d.state = 'waiting' and d.next_at <= ? and (d.entry = '' or not exists ("
        "select 1 from delivery e where e.webhook = d.webhook and e.entry = d.entry"
        " and e.state in ('waiting', 'sending') and (e.seq < d.seq or (e.seq = d.seq and e.id < d.id))))"
        " order by d.next_at, d.seq, d.id limit ?"
    )
    return found + list(db.query(f"{_CLAIMABLE} {due}", [webhook, at, most - len(found)]))


def _take(db: Database, row: Row, now: datetime, lease: timedelta) -> list[Claimed]:
    """Take one delivery; of a partner that is suspended it waits on."""
    if row.pop("partner_state") != partners.ACTIVE:
        later = {"state": "waiting", "next_at": stamp(now + SUSPENDED_WAIT), "locked_until": "", "lease": ""}
        db.table("delivery").update(row["id"], later)
        return []
    token = new_id()
    leased = {"state": "sending", "locked_until": stamp(now + lease), "lease": token}
    db.table("delivery").update(row["id"], leased)
    webhook = webhooks.find(db, row["webhook"])
    return [Claimed(**{**row, "secrets": webhook.live_secrets(now)}, lease=token)]


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


def _wait_too(db: Database, claimed: Claimed, outcome: Outcome, until: str) -> None:
    """Let those wait that come after one that failed; all of the webhook, where its server asks for time."""
    if outcome.wait and outcome.status in THROTTLING:
        wait = timedelta(seconds=min(outcome.wait, LONGEST_WAIT))
        db.table("webhook").update(claimed.webhook, {"not_before": stamp(outcome.at + wait)})
    if claimed.entry:
        db.execute(
            "update delivery set next_at = ? where webhook = ? and entry = ? and state = 'waiting' and next_at < ?",
            [until, claimed.webhook, claimed.entry, until],
        )


def _excerpt(answer: Answer) -> str:
    return _kept(answer.body.decode("utf-8", "replace"))


def _kept(said: str) -> str:
    """Return the beginning of what was said, without what no table or page can show."""
    shown = "".join(char if char.isprintable() else " " for char in said[: 2 * SAID])
    return shown.strip()[:SAID]


def _read(row: Row) -> Delivery:
    return Delivery(**{name: row[name] for name in Delivery.__dataclass_fields__})
