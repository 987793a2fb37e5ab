"""Call the servers of others without being led into one's own network: the one way in which Tolk calls partners.

A name is looked up once; each address that it has must be public, and the connection goes to one that was judged.
No proxy is taken from the environment, no redirect is followed, and there is an end to time and bytes. What is called,
and what the answer means, is not known here.
"""

import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import httpcore
import httpx

from cms.calls import Answer, Call, Send, TargetRefused

WHOLE = 15.0  # seconds, from looking the name up to the last byte that is read
MOST_BYTES = 16 * 1024
CONNECTIONS = 64

SLOW = (httpcore.TimeoutException, TimeoutError)
BROKEN = (httpcore.NetworkError, httpcore.ProtocolError, OSError)

# Returns the addresses of a name, as `socket.getaddrinfo` gives them.
Resolve = Callable[[str, int], Sequence[str]]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Addresses that Python takes for public, and that lead to where only one's own servers should come.
NOT_PUBLIC = tuple(
    map(
        ipaddress.ip_network,
        (
            "168.63.129.16/32",  # what Azure tells its own machines
            "192.88.99.0/24",  # relays of 6to4 (RFC 7526)
            "192.0.0.0/24",  # protocol assignments (RFC 6890), NAT64 discovery among them
            "64:ff9b:1::/48",  # NAT64 within a network (RFC 8215)
            "2001::/23",  # protocol assignments (RFC 2928), Teredo among them
            "5f00::/16",  # segment routing (RFC 9602)
            "fec0::/10",  # site-local (RFC 3879)
        ),
    )
)
# Where an IPv6 address holds an IPv4 one: the network, and how many bits stand after that address.
HOLDING = tuple(
    (ipaddress.IPv6Network(network), after)
    for network, after in (
        ("::ffff:0:0/96", 0),  # mapped (RFC 4291)
        ("::ffff:0:0:0/96", 0),  # translated (RFC 2765)
        ("::/96", 0),  # compatible (RFC 4291)
        ("64:ff9b::/96", 0),  # NAT64 (RFC 6052)
        ("2002::/16", 80),  # 6to4 (RFC 3056)
    )
)
ISATAP = {0x00005EFE, 0x02005EFE}  # RFC 5214, section 6.1: the third quarter of such an address


def is_public(address: str) -> bool:
    """Tell whether an address is one of the internet at large: for anybody, and of one machine."""
    try:
        found: Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        for network, after in HOLDING:
            if found in network:
                return is_public(str(ipaddress.IPv4Address(int(found) >> after & 0xFFFFFFFF)))
        if int(found) >> 32 & 0xFFFFFFFF in ISATAP and not is_public(
            str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF))
        ):
            return False
    return (
        found.is_global
        and not found.is_multicast
        and not any(found in network for network in NOT_PUBLIC if network.version == found.version)
    )


def look_up(host: str, port: int) -> list[str]:
    """Return the addresses of a name, the preferred one first. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(where[0]) for *_, where in found))


@contextmanager
def sending(
    *,
    private: bool = False,
    resolve: Resolve = look_up,
    whole: float = WHOLE,
    most_bytes: int = MOST_BYTES,
    tls: ssl.SSLContext | None = None,
) -> Iterator[Send]:
    """Yield what sends a call, for any number of threads; its connections are closed afterwards.

    `private` allows addresses of one's own network, and calls without TLS. An answer is read up to `most_bytes`; of
    what is longer the beginning is given. What is sent raises TargetRefused, TimeoutError and ConnectionError.
    """
    guard = _Guard(private, resolve)
    with httpcore.ConnectionPool(
        ssl_context=tls or httpx.create_ssl_context(),
        max_connections=CONNECTIONS,
        # A connection that the server closes just as it is used again would look like a server that is down.
        max_keepalive_connections=0,
        network_backend=guard,
    ) as pool:
        yield lambda call: _send(pool, guard, call, private, whole, most_bytes)


def _send(
    pool: httpcore.ConnectionPool, guard: "_Guard", call: Call, private: bool, whole: float, most_bytes: int
) -> Answer:
    try:
        # Compressed bytes could become any number of them.
        headers = {"Accept-Encoding": "identity", "Accept": "*/*", **call.headers}
        request = httpx.Request(call.method, call.url, headers=headers, content=call.body or None)
    except (httpx.InvalidURL, ValueError) as error:
        raise TargetRefused(f"{call.url[:200]}: {error}") from None
    url = request.url
    known = ("http", "https") if private else ("https",)
    if url.scheme not in known or not url.host or url.userinfo or not 0 < (url.port or 443) < 2**16:
        raise TargetRefused(f"{call.url[:200]}: not an address that is called")
    waits = {"connect": whole, "read": whole, "write": whole, "pool": whole}
    guard.allow(whole)
    try:
        with pool.stream(
            call.method,
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.content or None,
            extensions={"timeout": waits},
        ) as response:
            body, is_whole = _read(response, most_bytes)
    except TargetRefused:
        raise
    except SLOW as error:
        raise TimeoutError(f"no answer within {whole:g} s") from error
    except BROKEN as error:
        raise ConnectionError(str(error) or type(error).__name__) from error
    names = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
    return Answer(response.status, names, body, is_whole)


def _read(response: httpcore.Response, most_bytes: int) -> tuple[bytes, bool]:
    """Return the body, or its beginning: what was answered is known by then, however long it takes to say the rest."""
    body = bytearray()
    try:
        for piece in response.iter_stream():
            body += piece
            if len(body) > most_bytes:
                # The rest is never asked for: the connection is closed.
                return bytes(body[:most_bytes]), False
    except (*SLOW, *BROKEN):
        return bytes(body), False
    return bytes(body), True


class _Guard(httpcore.NetworkBackend):
    """Opens connections to addresses that were judged, and lets none go on after its time."""

    def __init__(self, private: bool, resolve: Resolve) -> None:
        self._private = private
        self._resolve = resolve
        self._inner = httpcore.SyncBackend()
        self._until = threading.local()

    def allow(self, seconds: float) -> None:
        """Give the calls of this thread so long from now on."""
        self._until.at = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left to this thread. Raises TimeoutError."""
        left = float(self._until.at) - time.monotonic()
        if left <= 0:
            raise TimeoutError("the time is over")
        return left

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of a host that answers, if all of them may be called."""
        found = _within(self.left(), lambda: self._resolve(host, port))
        if not found:
            raise ConnectionError(f"{host} has no address")
        if not self._private and (wrong := [address for address in found if not is_public(address)]):
            raise TargetRefused(f"{host} is at {', '.join(wrong[:3])}, which is not public")
        failed: Exception | None = None
        for number, address in enumerate(found, 1):
            # One that does not answer leaves time for the others.
            patience = self.left() / (len(found) - number + 1)
            try:
                stream = self._inner.connect_tcp(address, port, patience, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
                continue
            return _Stream(stream, self)
        raise failed or ConnectionError(host)

    def connect_unix_socket(self, path: str, *_: Any, **__: Any) -> httpcore.NetworkStream:
        """Refuse: nobody is called that way."""
        raise TargetRefused(path)

    def sleep(self, seconds: float) -> None:
        """Wait, as the pool asks for between tries."""
        time.sleep(seconds)


class _Stream(httpcore.NetworkStream):
    """A connection on which each step has no more time than the whole call has left.

    Without it a server could keep a worker for ever, by a byte each second.
    """

    def __init__(self, inner: httpcore.NetworkStream, guard: _Guard) -> None:
        self._inner = inner
        self._guard = guard

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._guard.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._guard.left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, self._guard.left()), self._guard)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _within(seconds: float, do: Callable[[], Sequence[str]]) -> Sequence[str]:
    """Return what `do` returns, if it does so in time: a name server may take far longer. Raises TimeoutError."""
    answers: queue.SimpleQueue[Sequence[str] | OSError | UnicodeError] = queue.SimpleQueue()

    def run() -> None:
        try:
            answers.put(do())
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=run, daemon=True).start()
    try:
        found = answers.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError("the name server does not answer") from None
    if isinstance(found, Exception):
        raise ConnectionError(str(found)) from found
    return found
