"""Partners' servers on this machine: they take messages over real sockets, and misbehave as they are told."""

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Got:
    """One request that came in."""

    headers: dict[str, str]
    body: bytes
    number: int

    @property
    def id(self) -> str:
        """Return the name of the message."""
        return self.headers["webhook-id"]

    @property
    def said(self) -> Any:
        """Return the message as JSON values."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """What is answered; without a status the connection is closed without a word."""

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


Behave = Callable[[Got], Reply]


def fine(got: Got) -> Reply:
    return Reply()


@dataclass
class Receiver:
    """A server, what it got so far, and how it answers."""

    port: int
    behave: Behave = fine
    got: list[Got] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/tolk"

    @property
    def types(self) -> list[str]:
        """Return the types of the messages, in their order."""
        return [got.said["type"] for got in self.got]

    def wait_for(self, done: Callable[["Receiver"], bool], seconds: float = 30.0) -> None:
        """Wait until something is true of it."""
        until = time.monotonic() + seconds
        while not done(self):
            assert time.monotonic() < until, (self.types, "it took too long")
            time.sleep(0.02)

    def take(self, headers: dict[str, str], body: bytes) -> Reply:
        with self.lock:
            got = Got(headers, body, len(self.got))
            self.got.append(got)
        return self.behave(got)


@contextlib.contextmanager
def receiving(behave: Behave = fine, port: int = 0) -> Iterator[Receiver]:
    """Yield a server that takes messages until the test ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length)
            if len(body) < length:
                # A worker that is killed breaks off in the midst: what came of it is no message.
                self.close_connection = True
                return
            reply = receiver.take({name.lower(): value for name, value in self.headers.items()}, body)
            if not reply.status:
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            with contextlib.suppress(OSError):  # Who calls may have heard enough.
                self.wfile.write(reply.body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass  # Workers that are killed break off in the midst.

    with Server(("127.0.0.1", port), Handler) as server:
        receiver = Receiver(server.server_address[1], behave)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
