"""Serve one application on granian as `tolk serve` does: `python -m bench.serve NAME PORT CORE`."""

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask, Response
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

Start = Callable[[str, list[tuple[str, str]]], Any]

THREADS = 4  # as `tolk serve` has by default


def bare() -> Callable[[dict[str, Any], Start], Iterable[bytes]]:
    """Return a WSGI callable that gives the article's bytes, whatever is asked."""
    body = _article()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]

    def application(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        start("200 OK", headers)
        return [body]

    return application


def flask() -> Flask:
    """Return a Flask application with one route that gives the article's bytes."""
    body = _article()
    application = Flask("minimal")

    @application.get("/article")
    def article() -> Response:
        return Response(body, content_type="application/json")

    return application


def tolk() -> Flask:
    """Return Tolk, with the settings of the environment."""
    from api.application import create_app

    return create_app()


def _article() -> bytes:
    return Path(os.environ["BENCH_ARTICLE"]).read_bytes()


def __getattr__(name: str) -> Any:
    # granian imports this module anew in its worker and asks for `app`.
    if name == "app":
        return {"bare": bare, "flask": flask, "tolk": tolk}[os.environ["BENCH_APP"]]()
    raise AttributeError(name)


if __name__ == "__main__":
    os.environ["BENCH_APP"] = sys.argv[1]
    os.sched_setaffinity(0, {int(sys.argv[3])})
    Granian(
        "bench.serve:app",
        address="127.0.0.1",
        port=int(sys.argv[2]),
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        backpressure=THREADS * 32,
        backlog=1024,
        log_access=False,
        log_level=LogLevels.warning,
        websockets=False,
    ).serve()
