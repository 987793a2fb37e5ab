"""The worker that tells webhooks: it finds what is due, sends it from a few threads, and keeps what became of it.

As many may run as one likes, on one machine or several; each may be killed at any moment.
"""

import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

import structlog

from api import recall_mail, webhook_mail
from api.connections import Connections
from api.sending import sending
from api.settings import Settings
from cms.calls import Send
from cms.errors import StoreUnavailable, TolkError
from cms.partners import attempts, deliveries, leases, outbox, recalls
from cms.partners.attempts import Claimed, Outcome
from cms.store import Database

log = structlog.get_logger()

LOOK_SECONDS = 0.25  # between two looks at whether there is something to tell
PAUSE_SECONDS = 5.0  # after a look that failed
SENDERS = 16
FORGET_EVERY = 3_600.0  # seconds


@dataclass
class Worker:
    """What a worker has in hand: what is being sent, what has to be settled still, and which webhooks fail."""

    send: Send
    pool: ThreadPoolExecutor
    agent: str
    lease: timedelta
    under_way: dict["Future[Outcome]", Claimed] = field(default_factory=dict)
    unsettled: list[tuple[Claimed, Outcome]] = field(default_factory=list)
    failing: set[str] = field(default_factory=set)
    mailing: list[threading.Thread] = field(default_factory=list)
    attempts: int = 0

    @property
    def is_busy(self) -> bool:
        """Tell whether it has anything in hand."""
        return bool(self.under_way or self.unsettled)


def run(settings: Settings, stop: threading.Event, *, lease: timedelta = leases.LEASE) -> None:
    """Tell webhooks until told to stop; what is being sent by then is finished first."""
    connections = Connections(settings.database_url)
    forget = time.monotonic() + FORGET_EVERY
    # The first look comes a moment later: a server that begins has something else to do.
    stop.wait(LOOK_SECONDS)
    try:
        with _worker(settings, lease) as worker:
            while not stop.is_set() or worker.is_busy:
                try:
                    db = connections.get()
                    look(worker, settings, db, is_last=stop.is_set())
                    if time.monotonic() >= forget:
                        forget = time.monotonic() + FORGET_EVERY
                        deliveries.forget_old(db, _now())
                    continue
                except TolkError as error:
                    log.error("deliver", code=error.code, said=str(error))
                except Exception:
                    # It must outlive whatever one look met.
                    log.exception("deliver")
                stop.wait(PAUSE_SECONDS)
                if stop.is_set():
                    return  # What it could not settle is taken up by another when its lease ends.
    finally:
        connections.close()


def run_once(settings: Settings, db: Database) -> int:
    """Tell webhooks all that is due, wait for what is held back, and return how many attempts that took."""
    with _worker(settings, leases.LEASE) as worker:
        while look(worker, settings, db) or worker.is_busy or outbox.is_behind(db):
            pass
        return worker.attempts


def look(worker: Worker, settings: Settings, db: Database, *, is_last: bool = False) -> int:
    """Wait a moment for what is under way, settle it, and begin what is due; return how much was begun."""
    if worker.under_way:
        wait(worker.under_way, LOOK_SECONDS, FIRST_COMPLETED)
    elif not worker.unsettled:
        time.sleep(LOOK_SECONDS)
    for ended in [future for future in worker.under_way if future.done()]:
        worker.unsettled.append((worker.under_way.pop(ended), ended.result()))
    _settle(worker, db)
    if is_last:
        return 0
    now = _now()
    _tell_of(worker, settings, db, now)
    while outbox.fan_out(db, settings.site, now):
        pass
    found = leases.claim(db, now, SENDERS - len(worker.under_way), failing=worker.failing, lease=worker.lease)
    for claimed in found:
        worker.under_way[worker.pool.submit(_attempt, worker, claimed)] = claimed
    return len(found)


def send_one(settings: Settings, db: Database, claimed: Claimed) -> Outcome:
    """Send one delivery that was taken, settle it, and return what became of it."""
    with _worker(settings, leases.LEASE) as worker:
        outcome = _attempt(worker, claimed)
        leases.settle(db, claimed, outcome, chance=random.random())  # noqa: S311 - it spreads waits
        return outcome


@contextmanager
def _worker(settings: Settings, lease: timedelta) -> Iterator[Worker]:
    agent = f"Tolk/{version('tolk')} (+{settings.site.url})"
    with sending(private=settings.webhook_private) as send, ThreadPoolExecutor(SENDERS, "deliver") as pool:
        worker = Worker(send, pool, agent, lease)
        yield worker
        for letter in worker.mailing:
            letter.join()


def _attempt(worker: Worker, claimed: Claimed) -> Outcome:
    now = _now()
    try:
        return attempts.attempt(claimed, worker.send, now=now, clock=time.monotonic, agent=worker.agent)
    except Exception:
        # Whatever it is, it is an attempt that failed, or it would be made for ever.
        log.exception("deliver", delivery=claimed.id)
        return Outcome(now, error="not_sent")


def _settle(worker: Worker, db: Database) -> None:
    """Keep what became of attempts; what the database does not take now is kept at the next look."""
    while worker.unsettled:
        claimed, outcome = worker.unsettled[0]
        try:
            state = leases.settle(db, claimed, outcome, chance=random.random())  # noqa: S311 - it spreads waits
        except StoreUnavailable:
            raise
        except Exception:
            # It is due again when its lease ends; the others need not wait for that.
            log.exception("settle", delivery=claimed.id)
            state = "unknown"
        worker.unsettled.pop(0)
        worker.attempts += 1
        if outcome.is_success:
            worker.failing.discard(claimed.webhook)
        else:
            worker.failing.add(claimed.webhook)
        (log.info if outcome.is_success else log.warning)(
            "delivery",
            id=claimed.id,
            webhook=claimed.webhook,
            type=claimed.type,
            state=state,
            status=outcome.status,
            error=outcome.error,
            milliseconds=outcome.took_ms,
        )


def _tell_of(worker: Worker, settings: Settings, db: Database, now: datetime) -> None:
    """Open the recalls that webhooks are to hear of, and write to those whom no webhook reaches."""
    recalls.follow(db, now)
    worker.mailing = [letter for letter in worker.mailing if letter.is_alive()]
    worker.mailing += recall_mail.follow(settings.mail, db, settings.site)
    worker.mailing += webhook_mail.follow(settings.mail, db, settings.site)


def _now() -> datetime:
    return datetime.now(UTC)
