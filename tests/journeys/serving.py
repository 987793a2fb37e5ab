"""Run the real command `tolk` as those who install it do: in a process of its own."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE = 30.0  # seconds


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: Any
    body: bytes

    @property
    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body)


@dataclass
class Server:
    """A server that runs."""

    process: "subprocess.Popen[bytes]"
    port: int
    log: Path

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask it for a path; redirects are not followed."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method, headers=headers)
        try:
            with _opener.open(request, timeout=PATIENCE) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers, error.read())

    def stop(self, how: int = signal.SIGTERM) -> int:
        """Send it a signal and return its exit status."""
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_opener = urllib.request.build_opener(_Stay, urllib.request.ProxyHandler({}))


def environment(database_url: str, folder: Path, **more: str) -> dict[str, str]:
    """Return an environment with no setting but these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TOLK_", "LANG", "LC_"))}
    return {**kept, "DATABASE_URL": database_url, "TOLK_MEDIA_DIR": str(folder / "media"), "USER": "tester"} | more


def tolk(*words: str, env: dict[str, str], **kwargs: Any) -> "subprocess.CompletedProcess[str]":
    """Run one command to its end."""
    return subprocess.run(
        [sys.executable, "-c", "from api.cli import main; main()", *words],
        env=env,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        **kwargs,
    )


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextlib.contextmanager
def serving(database_url: str, folder: Path, **more: str) -> Iterator[Server]:
    """Yield a server that answers; it is stopped afterwards, whatever happens."""
    with starting(database_url, folder, **more) as server:
        _wait(server)
        yield server


@contextlib.contextmanager
def starting(database_url: str, folder: Path, **more: str) -> Iterator[Server]:
    """Yield a server that may not answer yet; it is stopped afterwards, whatever happens."""
    port, log = free_port(), folder / "server.log"
    env = environment(database_url, folder, **{"TOLK_CLOCK_SECONDS": "1", **more})
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", "from api.cli import main; main()", "serve", "--port", str(port)],
            env=env,
            stdout=output,
            stderr=output,
            # Its workers are stopped with it.
            start_new_session=True,
        )
    try:
        yield Server(process, port, log)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)


def _wait(server: Server) -> None:
    patient_until = time.monotonic() + PATIENCE
    while True:
        try:
            if server.get("/health").status == 200:
                return
        except (urllib.error.URLError, ConnectionError):
            pass
        if server.process.poll() is not None or time.monotonic() > patient_until:
            raise RuntimeError(server.log.read_text())
        time.sleep(0.05)
