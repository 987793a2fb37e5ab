"""Start servers, each on the same core, and stop them; and tell how much processor time one has used."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench import load
from bench.seed import ROOT, SITE

PATIENCE = 30.0  # seconds until a server must answer


@dataclass(frozen=True)
class Server:
    """One server: where it listens, and its process."""

    port: int
    process: int

    def used(self) -> float:
        """Return the seconds of processor time that the server and its workers have used."""
        return sum(_used(process) for process in (self.process, *_children(self.process)))


@contextlib.contextmanager
def running(name: str, core: int, more: Mapping[str, str]) -> Iterator[Server]:
    """Run one application of `bench.serve` on one core."""
    port = _free_port()
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("TOLK_")},
        "TOLK_LOCALES": ",".join(SITE.locales),
        "TOLK_URL": SITE.url,
        **more,
    }
    words = [sys.executable, "-m", "bench.serve", name, str(port), str(core)]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=said, stderr=said)
        try:
            if not _answers(port, process):
                said.seek(0)
                raise RuntimeError(f"{name} does not answer: {said.read().decode()}")
            yield Server(port, process.pid)
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _answers(port: int, process: "subprocess.Popen[bytes]") -> bool:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError):
            load.fetch(port, load.request("/health"))
            return True
        time.sleep(0.05)
    return False


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _used(process: int) -> float:
    # Nanoseconds on a processor, thread by thread (the kernel's sched-stats); a thread that ends meanwhile is left out.
    found = 0
    for thread in Path(f"/proc/{process}/task").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found += int((thread / "schedstat").read_text().split()[0])
    return found / 1e9
