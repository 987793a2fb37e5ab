"""Run the real WSGI server (granian) and, beside it, the clock that carries out what falls due."""

import socket
import threading
from datetime import UTC, datetime

import structlog
from granian import Granian
from granian.constants import Interfaces

from api.settings import Settings
from cms.desk import tally
from cms.errors import TolkError
from cms.publish import refresh, schedule
from cms.store import connect

log = structlog.get_logger()


def resolve(host: str, port: int) -> str:
    """Return the IP address of a host to listen on. Raises OSError where there is none or the port is taken."""
    family, _, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.create_server((host, port), family=family):
        return str(where[0])


def serve(settings: Settings) -> None:
    """Serve until told to stop; requests under way are answered first."""
    stop = threading.Event()
    clock = threading.Thread(target=_run_clock, args=(settings, stop), daemon=True)
    if settings.clock_seconds:
        clock.start()
    try:
        Granian(
            "api.application:app",
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
        if clock.is_alive():
            clock.join(timeout=30)


def tick(settings: Settings, now: datetime) -> tuple[int, int]:
    """Carry out what has fallen due once; return how many tasks and how many waiting entries were done."""
    db = connect(settings.database_url)
    try:
        tasks = schedule.run_due(db, settings.site, now)
        for task in tasks:
            log.info("task", id=task.id, action=task.action, entry=task.entry, state=task.state, outcome=task.outcome)
        done = refresh.drain(db, settings.site, now)
        # After an import of thousands, whoever looks next need not wait for the counting.
        tally.follow_all(db)
        return len(tasks), done
    finally:
        db.close()


def _run_clock(settings: Settings, stop: threading.Event) -> None:
    while not stop.wait(settings.clock_seconds):
        try:
            tick(settings, datetime.now(UTC))
        except TolkError as error:
            log.error("clock", code=error.code, said=str(error))
        except Exception:
            # The clock must outlive whatever one tick met.
            log.exception("clock")
