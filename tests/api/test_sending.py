"""Calls to the servers of others: nobody is led into one's own network, and nobody holds a worker up."""

import contextlib
import datetime
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from api.sending import is_public, sending
from cms.calls import Answer, Call, TargetRefused

Talk = Callable[[socket.socket], None]
SOON = 5.0  # seconds, on a machine that does other things too


@contextlib.contextmanager
def server(talk: Talk, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """Yield the port of a server that says what it likes on each connection."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def run() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

        def serve(connection: socket.socket) -> None:
            with contextlib.suppress(OSError), connection:
                if tls is None:
                    talk(connection)
                    return
                with tls.wrap_socket(connection, server_side=True) as wrapped:
                    talk(wrapped)

        threading.Thread(target=run, daemon=True).start()
        yield listening.getsockname()[1]
        listening.close()


def heard(connection: socket.socket) -> bytes:
    """Return the head of a request, and its body."""
    got = b""
    while b"\r\n\r\n" not in got:
        got += connection.recv(65_536)
    head, _, body = got.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    while len(body) < length:
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body


def saying(answer: bytes, kept: list[bytes] | None = None) -> Talk:
    def talk(connection: socket.socket) -> None:
        got = heard(connection)
        if kept is not None:
            kept.append(got)
        connection.sendall(answer)

    return talk


FINE = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX-Said: yes\r\n\r\nfine"


def call(port: int, host: str = "127.0.0.1", scheme: str = "http", path: str = "/tolk?x=1") -> Call:
    return Call("POST", f"{scheme}://{host}:{port}{path}", {"webhook-id": "1"}, b"{}")


def post(port: int, **options: Any) -> Answer:
    with sending(**{"private": True, **options}) as send:
        return send(call(port))


def test_a_call_is_sent_and_its_answer_read() -> None:
    kept: list[bytes] = []
    with server(saying(FINE, kept)) as port:
        answer = post(port)
    assert (answer.status, answer.body, answer.is_whole, answer.headers["x-said"]) == (200, b"fine", True, "yes")
    head, _, body = kept[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /tolk?x=1 HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{port}".encode() in head and b"webhook-id: 1" in head
    assert body == b"{}"


PUBLIC = ["93.184.216.34", "1.1.1.1", "2606:2800:220:1:248:1893:25c8:1946", "2002:5db8:d822::1", "64:ff9b::5db8:d822"]
WITHIN = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.5.4", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "100.100.100.200", "192.0.0.170", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9",
    "224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255", "168.63.129.16", "192.88.99.1",
    "::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "100::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0:127.0.0.1", "::127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::5db8:d822", "2002:7f00:1::1",
    "2002:a9fe:a9fe::", "2001:0:5db8:d822::1", "2606:2800:220:1:0:5efe:10.0.0.1", "5f00::1", "", "partner.example",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_what_anybody_can_reach_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", WITHIN)
def test_what_is_within_a_network_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "2130706433", "0177.0.0.1", "0x7f.0.0.1", "0x7f000001", "127.1", "0", "[::1]",
        "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "127。0。0。1", "①②⑦.⓪.⓪.①",
    ],
)  # fmt: skip
def test_no_way_of_writing_an_address_leads_to_oneself(host: str) -> None:
    reached: list[bytes] = []
    with server(saying(FINE, reached)) as port, sending() as send, pytest.raises((TargetRefused, ConnectionError)):
        send(call(port, host, "https"))
    assert reached == []


def test_a_name_that_leads_within_is_refused_even_if_another_address_of_it_is_public() -> None:
    def resolve(host: str, port: int) -> list[str]:
        return ["93.184.216.34", "10.0.0.1"]

    with sending(resolve=resolve) as send, pytest.raises(TargetRefused) as error:
        send(call(443, "partner.example", "https"))
    assert "10.0.0.1" in str(error.value)


def test_a_name_is_looked_up_once_and_the_call_goes_to_what_was_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that answers first with a public address and then with one's own gains nothing (DNS rebinding)."""
    asked: list[str] = []
    dialled: list[Any] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["93.184.216.34"] if len(asked) == 1 else ["127.0.0.1"]

    def connect(address: Any, *_: Any, **__: Any) -> socket.socket:
        dialled.append(address)
        raise OSError("no way out of here")

    monkeypatch.setattr(socket, "create_connection", connect)
    with sending(resolve=resolve) as send:
        with pytest.raises(ConnectionError):
            send(call(443, "partner.example", "https"))
        assert (asked, dialled) == (["partner.example"], [("93.184.216.34", 443)])
        with pytest.raises(TargetRefused):
            send(call(443, "partner.example", "https"))
    assert len(dialled) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://partner.example/", "ftp://partner.example/", "file:///etc/passwd", "https:///x", "//partner.example",
        "https://user:word@partner.example/", "https://partner.example:99999/", "unix:/run/x", "",
    ],
)  # fmt: skip
def test_only_addresses_on_the_web_are_called(url: str) -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise AssertionError("nothing is looked up")

    with sending(resolve=resolve) as send, pytest.raises(TargetRefused):
        send(Call("POST", url, {}))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_is_not_followed(status: int) -> None:
    kept: list[bytes] = []
    with server(saying(FINE, kept)) as elsewhere:
        moved = f"HTTP/1.1 {status} x\r\nLocation: http://127.0.0.1:{elsewhere}/\r\nContent-Length: 0\r\n\r\n".encode()
        with server(saying(moved)) as port:
            assert post(port).status == status
    assert kept == []


def test_no_proxy_of_the_environment_comes_between(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[bytes] = []
    with server(saying(FINE, kept)) as proxy, server(saying(FINE)) as port:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy}")
        assert post(port).status == 200
    assert kept == []


def endless(connection: socket.socket) -> None:
    heard(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"10000\r\n" + b"x" * 65_536 + b"\r\n")


def test_of_a_huge_answer_the_beginning_is_read() -> None:
    with server(endless) as port:
        began = time.monotonic()
        answer = post(port, most_bytes=1_000)
    assert (answer.status, answer.body, answer.is_whole) == (200, b"x" * 1_000, False)
    assert time.monotonic() - began < SOON


def test_what_is_compressed_stays_so() -> None:
    bomb = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08"
    with server(saying(bomb)) as port:
        assert post(port).body == b"\x1f\x8b\x08"


def silent(connection: socket.socket) -> None:
    heard(connection)
    time.sleep(SOON)


def dripping_head(connection: socket.socket) -> None:
    heard(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X-A: b\r\n")
        time.sleep(0.05)


def deaf(connection: socket.socket) -> None:
    time.sleep(SOON)


@pytest.mark.parametrize("talk", [silent, dripping_head, deaf])
def test_who_gives_no_answer_in_time_is_left(talk: Talk) -> None:
    with server(talk) as port:
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            post(port, whole=0.4)
    assert time.monotonic() - began < SOON


def test_who_has_answered_and_goes_on_for_ever_is_left_with_thanks() -> None:
    def dripping_body(connection: socket.socket) -> None:
        heard(connection)
        connection.sendall(b"HTTP/1.1 202 OK\r\nContent-Length: 1000\r\n\r\n")
        while True:
            connection.sendall(b"x")
            time.sleep(0.05)

    with server(dripping_body) as port:
        began = time.monotonic()
        answer = post(port, whole=0.5)
    assert (answer.status, answer.is_whole) == (202, False)
    assert time.monotonic() - began < SOON


def test_a_name_server_that_does_not_answer_holds_nobody_up() -> None:
    def resolve(host: str, port: int) -> list[str]:
        time.sleep(SOON)
        return ["93.184.216.34"]

    began = time.monotonic()
    with sending(resolve=resolve, whole=0.3) as send, pytest.raises(TimeoutError):
        send(call(443, "partner.example", "https"))
    assert time.monotonic() - began < SOON


@pytest.mark.parametrize(
    "answer",
    [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000, b"HTTP/1.1 999999 x\r\n\r\n"],
    ids=["nothing", "nonsense", "endless head", "no status"],
)
def test_what_is_no_answer_is_no_connection(answer: bytes) -> None:
    with server(saying(answer)) as port, pytest.raises(ConnectionError) as error:
        post(port)
    assert not isinstance(error.value, TargetRefused)


def test_nobody_there_is_no_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(ConnectionError):
        post(port)


def test_a_name_that_is_none_is_no_connection() -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise socket.gaierror("no such name")

    with sending(resolve=resolve) as send, pytest.raises(ConnectionError):
        send(call(443, "partner.example", "https"))


def test_the_next_address_is_tried_where_one_does_not_answer() -> None:
    def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.2", "127.0.0.1"]

    with server(saying(FINE)) as port, sending(private=True, resolve=resolve) as send:
        assert send(call(port, "partner.example")).status == 200


def test_many_threads_call_at_once() -> None:
    with server(saying(FINE)) as port, sending(private=True) as send:
        found: list[int] = []
        threads = [threading.Thread(target=lambda: found.append(send(call(port)).status)) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(SOON)
    assert found == [200] * 20


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with a key and a certificate for partner.example, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "partner.example")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("partner.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def tls(certified: Path) -> ssl.SSLContext:
    """Return what a server speaks TLS with."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certified)
    return context


def test_over_tls_the_server_must_be_who_was_called(certified: Path, tls: ssl.SSLContext) -> None:
    def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    trusting = ssl.create_default_context(cafile=str(certified))
    with server(saying(FINE), tls) as port:
        with sending(private=True, resolve=resolve, tls=trusting) as send:
            assert send(call(port, "partner.example", "https")).body == b"fine"
            with pytest.raises(ConnectionError, match="Hostname mismatch"):
                send(call(port, "other.example", "https"))
        with sending(private=True, resolve=resolve) as send, pytest.raises(ConnectionError, match="CERTIFICATE"):
            send(call(port, "partner.example", "https"))


def test_a_server_that_never_shakes_hands_is_left() -> None:
    with server(deaf) as port, sending(private=True, whole=0.4) as send:
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            send(call(port, scheme="https"))
    assert time.monotonic() - began < SOON
