"""Run the real WSGI server (granian), and beside it the clock for what falls due and the worker that tells webhooks."""

import gc
import os
import signal
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from importlib import import_module

import structlog
from granian import Granian
from granian.constants import Interfaces

from api import delivering, recall_mail
from api.connections import Connections
from api.settings import Settings
from cms.content import pending
from cms.desk import drafts, once, tally
from cms.errors import TolkError
from cms.partners import recalls, usage
from cms.publish import pruning, refresh, renewal, schedule, signing_keys
from cms.site import Site
from cms.store import Database

log = structlog.get_logger()

# Between two looks at whether documents wait: whoever publishes does not make those of others, and they follow at
# once all the same. The workers are processes of their own; that something waits is told by the database alone.
LOOK_SECONDS = 0.2
# Entries rendered at one look, so that others who write get their turn.
AT_ONE_LOOK = 50


def resolve(host: str, port: int) -> str:
    """Return the IP address of a host to listen on. Raises OSError where there is none or the port is taken."""
    family, _, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.create_server((host, port), family=family):
        return str(where[0])


def serve(settings: Settings) -> None:
    """Serve until told to stop; requests under way are answered first."""
    # Loaded before the workers are forked: each begins, or takes the place of one that died, in a fraction of the time,
    # and shares the memory, as no search for garbage touches what stays (docs.python.org, gc.freeze).
    gc.disable()
    import_module("api.application")
    gc.freeze()
    gc.enable()
    # A worker inherits who hears the signal to stop, and would not hear it itself before it serves.
    os.register_at_fork(after_in_child=lambda: signal.signal(signal.SIGTERM, signal.SIG_DFL))
    stop = threading.Event()
    clock = threading.Thread(target=_run_clock, args=(settings, stop), daemon=True)
    if settings.clock_seconds:
        clock.start()
    deliverer = threading.Thread(target=delivering.run, args=(settings, stop), daemon=True)
    if settings.deliver:
        deliverer.start()
    try:
        Granian(
            "api.wsgi:app",
            address=settings.host,
            port=settings.port,
            interface=Interfaces.WSGI,
            workers=settings.workers,
            blocking_threads=settings.threads,
            # More waiting requests than this a worker are held by the kernel, not in memory.
            backpressure=settings.threads * 32,
            backlog=1024,
            log_access=False,
            log_level=settings.log_level,  # type: ignore[arg-type]
            workers_kill_timeout=30,
            respawn_failed_workers=True,
            websockets=False,
        ).serve()
    finally:
        stop.set()
        for beside in (clock, deliverer):
            if beside.is_alive():
                beside.join(timeout=30)


def tick(db: Database, site: Site, now: datetime, most: int = 500) -> tuple[int, int]:
    """Carry out what has fallen due once; return how many tasks were done and how many entries rendered again.

    Of what waits and of what is renewed, `most` are done.
    """
    tasks = schedule.run_due(db, site, now)
    for task in tasks:
        log.info("task", id=task.id, action=task.action, entry=task.entry, state=task.state, outcome=task.outcome)
    done = refresh.drain(db, site, now, most)
    # After an import of thousands, whoever looks next need not wait for the counting.
    tally.follow_all(db)
    drafts.drop_old(db, now)
    once.forget_old(db, now)
    usage.forget_old(db, now)
    pruning.prune(db, now - timedelta(days=site.events_days))
    signing_keys.sign_anew(db, now, most)
    return len(tasks), done + renewal.keep(db, site, now, most)


def tell_of_recalls(settings: Settings, db: Database, now: datetime) -> list[threading.Thread]:
    """Look after recalls once, and mail whom they concern; return the threads that send."""
    recalls.keep(db, now)
    return recall_mail.follow(settings.mail, db, settings.site)


def _run_clock(settings: Settings, stop: threading.Event) -> None:
    connections = Connections(settings.database_url)
    due = time.monotonic() + settings.clock_seconds
    try:
        while not stop.wait(LOOK_SECONDS):
            try:
                db, now = connections.get(), datetime.now(UTC)
                if time.monotonic() >= due:
                    due = time.monotonic() + settings.clock_seconds
                    tick(db, settings.site, now, AT_ONE_LOOK)
                    tell_of_recalls(settings, db, now)
                elif pending.any_waiting(db):
                    refresh.drain(db, settings.site, now, AT_ONE_LOOK)
                continue
            except TolkError as error:
                log.error("clock", code=error.code, said=str(error))
            except Exception:
                # The clock must outlive whatever one look met.
                log.exception("clock")
            # What cannot be done is not tried five times a second.
            stop.wait(settings.clock_seconds)
    finally:
        connections.close()
