"""Keep now and then, and when the server's process ends, what it has counted. It knows not what is counted."""

import threading
from datetime import UTC, datetime
from multiprocessing.util import Finalize

import structlog
from flask import Flask

from api.connections import Connections
from cms.errors import TolkError
from cms.partners.usage import Meter

log = structlog.get_logger()
KEEP_SECONDS = 15


def keep_counting(app: Flask) -> None:
    """Begin to keep what an application counts, for as long as this process runs."""
    meter: Meter = app.extensions["tolk_meter"]
    connections: Connections = app.extensions["tolk_connections"]

    def keep() -> None:
        try:
            meter.keep(connections.get(), datetime.now(UTC))
        except TolkError as error:
            log.error("metering", code=error.code, said=str(error))

    def go_on() -> None:
        while not over.wait(KEEP_SECONDS):
            keep()

    def end() -> None:
        over.set()
        keep()

    over = threading.Event()
    threading.Thread(target=go_on, daemon=True, name="metering").start()
    # Unlike atexit's, these are called at the end of a server's worker too.
    Finalize(None, end, exitpriority=1)
