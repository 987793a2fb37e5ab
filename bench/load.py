"""The load: kept-open connections over loopback, each of which sends its next request when it has its answer.

`wrk` makes it where it is installed, else a small generator of our own. Either runs on one core, not the server's.
"""

import re
import select
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass

CONNECTIONS = 4
PATIENCE = 10.0  # seconds that an answer may take
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)

# wrk says times to two or three digits only; its script is told them in microseconds.
SCRIPT = """
local requests, at = {{ {requests} }}, 0
request = function() at = at % #requests + 1 return requests[at] end
done = function(found, latency)
  local bad = found.errors
  io.write(string.format("FOUND %d %d %d %d %d\\n", found.requests, found.duration, latency:percentile(50),
    latency:percentile(99), bad.status + bad.connect + bad.read + bad.write + bad.timeout))
end
"""


@dataclass(frozen=True)
class Measured:
    """What one round gave: requests a second, and milliseconds that half, or 99 of 100, of them took at most."""

    count: int
    rate: float
    p50: float
    p99: float


class Wrong(Exception):
    """The server did not answer as it should."""


def generator() -> str:
    """Say what makes the load."""
    return "wrk" if shutil.which("wrk") else "the generator of bench/load.py"


def request(path: str, *headers: str) -> bytes:
    """Return a request as it goes over the wire."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: */*", *headers, "", ""]
    return "\r\n".join(lines).encode()


def fetch(port: int, wanted: bytes) -> tuple[int, bytes, bytes]:
    """Return status, head and body of one answer."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as link:
        link.sendall(wanted)
        seen = b""
        while True:
            seen += link.recv(1 << 20) or b"\r\n\r\n"
            head, found, body = seen.partition(b"\r\n\r\n")
            if found and len(body) >= _length(head):
                return int(head[9:12]), head, body


def run(port: int, requests: Sequence[bytes], status: int, seconds: float) -> Measured:
    """Ask in turn for so long. Raises Wrong where an answer has another status."""
    if shutil.which("wrk"):
        return _wrk(port, requests, max(1, round(seconds)))
    return own(port, requests, status, seconds)


def own(port: int, requests: Sequence[bytes], status: int, seconds: float) -> Measured:
    """Make the load here."""
    expected = b"HTTP/1.1 %d" % status
    poll = select.epoll()
    links: dict[int, socket.socket] = {}
    seen: dict[int, bytes] = {}
    sent: dict[int, float] = {}
    took: list[float] = []
    turn = 0
    try:
        for _ in range(CONNECTIONS):
            link = socket.create_connection(("127.0.0.1", port), PATIENCE)
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            links[link.fileno()] = link
            poll.register(link.fileno(), select.EPOLLIN)
        began = time.perf_counter()
        until = began + seconds
        for key, link in links.items():
            seen[key], sent[key] = b"", time.perf_counter()
            link.sendall(requests[turn % len(requests)])
            turn += 1
        now = began
        while now < until:
            ready = poll.poll(PATIENCE)
            if not ready:
                raise Wrong(f"no answer within {PATIENCE:.0f} seconds")
            for key, _ in ready:
                seen[key] += links[key].recv(1 << 20)
                if not _whole(seen[key]):
                    continue
                if not seen[key].startswith(expected):
                    raise Wrong(seen[key][:300].decode("latin-1"))
                now = time.perf_counter()
                took.append(now - sent[key])
                seen[key], sent[key] = b"", now
                links[key].sendall(requests[turn % len(requests)])
                turn += 1
        took.sort()
        return Measured(
            len(took), len(took) / (now - began), took[len(took) // 2] * 1e3, took[len(took) * 99 // 100] * 1e3
        )
    finally:
        for link in links.values():
            link.close()
        poll.close()


def _whole(answer: bytes) -> bool:
    end = answer.find(b"\r\n\r\n")
    return end >= 0 and len(answer) - end - 4 >= _length(answer[:end])


def _length(head: bytes) -> int:
    found = LENGTH.search(head)
    return int(found[1]) if found else 0


def _wrk(port: int, requests: Sequence[bytes], seconds: int) -> Measured:
    quoted = ",".join('"' + "".join(f"\\{byte:03}" for byte in wanted) + '"' for wanted in requests)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT.format(requests=quoted))
        script.flush()
        words = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", script.name, f"http://127.0.0.1:{port}"]
        said = subprocess.run(words, capture_output=True, text=True, timeout=seconds + 30, check=True).stdout
    found = re.search(r"FOUND (\d+) (\d+) (\d+) (\d+) (\d+)", said)
    if not found or int(found[5]):
        raise Wrong(said)
    count, duration, p50, p99 = (int(number) for number in found.groups()[:4])
    return Measured(count, count / duration * 1e6, p50 / 1e3, p99 / 1e3)
