"""A partner proves what it has: from a server, from files, through a cache that compresses, whatever befell it."""

import gzip
import hashlib
import json
import re
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cms.publish import editions, signing
from cms.site import Site
from cms.store import Database, connect
from tests import builders, verifier
from tests.builders import a_paragraph, published, save, translate
from tests.commands import tolk
from tests.journeys.serving import Answer, Server, serving

KEYS = "/.well-known/jwks.json"
HOP_BY_HOP = {"connection", "content-length", "date", "server", "transfer-encoding"}


@dataclass
class Source:
    """A site that runs, with an article in two languages, and its database."""

    server: Server
    db: Database
    site: Site
    article: str
    folder: Path

    @property
    def address(self) -> str:
        """Return where it is reached."""
        return self.site.url

    def path(self, locale: str = "nl") -> str:
        """Return the path of the article."""
        return f"/v1/{locale}/articles/{self.article}"

    def rewrite(self) -> None:
        """Publish another version."""
        save(self.db, self.article, body=[a_paragraph("Rust een week.")], now=_now())
        builders.publish(self.db, self.article, now=_now(), site=self.site)

    def body(self, locale: str = "nl") -> Path:
        """Save the body alone, as most do."""
        path = self.folder / f"{locale}.json"
        path.write_bytes(self.server.get(self.path(locale)).body)
        return path

    def whole(self) -> Path:
        """Save the answer with its headers, as `curl -i` does."""
        path = self.folder / "answer.txt"
        path.write_bytes(_written(self.server.get(self.path())))
        return path

    def keys(self) -> Path:
        """Save the key set."""
        path = self.folder / "keys.json"
        path.write_bytes(self.server.get(KEYS).body)
        return path


@pytest.fixture
def source(database_url: str, tmp_path: Path, terminal: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Source]:
    with serving(database_url, tmp_path) as server:
        monkeypatch.setenv("PORT", str(server.port))
        site = replace(builders.SITE, url=f"http://127.0.0.1:{server.port}")
        db = connect(database_url)
        article = published(db, "article", now=_now(), site=site)
        translate(db, article, "ar", now=_now())
        builders.publish(db, article, "ar", now=_now(), site=site)
        yield Source(server, db, site, article, tmp_path)
        db.close()


def verify(what: object, *options: str, status: int = 0) -> Any:
    """Return what `tolk verify` says as JSON; it ends with this status."""
    return json.loads(tolk("verify", str(what), "--json", *options, status=status).stdout)


# Where a copy comes from


def test_what_was_published_is_good_wherever_it_was_kept(source: Source, cache: "Cache") -> None:
    said = tolk("verify", f"{source.address}{source.path()}").stdout
    assert said.startswith(f"Good: {source.address} published this, and it is current.\n  article {source.article}")
    for found in (
        verify(source.body()),
        verify(source.body("ar")),
        verify(source.whole()),
        # By a moved address, and by a proxy that keeps and compresses what it passes on.
        verify(f"{source.address}/v1/articles/{source.article}"),
        verify(f"{cache.address}{source.path()}"),
        verify(source.whole(), "--keys", str(source.keys()), "--offline"),
        verify(source.body(), "--site", f"{source.address}/", "--keys", f"{source.address}{KEYS}"),
    ):
        assert (found["outcome"], found["notes"], found["entry"]) == ("good", [], source.article)
    # What a database of documents makes of JSON is the same document.
    pretty = source.folder / "pretty.json"
    pretty.write_text(json.dumps(json.loads(source.body().read_bytes()), indent=2, ensure_ascii=True))
    assert verify(pretty)["notes"] == ["rewritten"]
    # And for those who have another verifier.
    for address in (source.address, cache.address):
        answer = _fetch(f"{address}{source.path('ar')}")
        assert verifier.verify(answer.status, answer.headers, answer.body, source.server.get(KEYS).json)


def test_what_was_altered_is_found_out(source: Source, cache: "Cache") -> None:
    for path in (source.body(), source.whole()):
        path.write_bytes(path.read_bytes().replace(b"Blijf", b"Stop met"))
    assert verify(source.folder / "nl.json", status=1)["reasons"] == ["not_published"]
    assert verify(source.folder / "answer.txt", status=1)["reasons"] == ["altered"]
    cache.alter = (b"Blijf", b"Stop met")
    assert verify(f"{cache.address}{source.path()}", status=1)["reasons"] == ["altered"]
    said = tolk("verify", str(source.folder / "answer.txt"), status=1).stdout
    assert said.startswith("Not good") and "altered" in said
    # A form that was made for one asker is proved by nobody.
    assert verify(f"{source.address}{source.path()}?fields=title", status=1)["outcome"] == "bad"
    assert verify(f"{source.address}/health", status=1)["outcome"] == "bad"
    # Nobody else can vouch for it: neither another site nor another key.
    elsewhere = verify(source.body(), "--site", cache.address, "--keys", str(source.folder / "none.json"), status=1)
    assert elsewhere["reasons"] == ["no_keys"]


def test_what_was_good_is_said_to_be_outdated_or_withdrawn(source: Source, cache: "Cache") -> None:
    body, whole = source.body(), source.whole()
    assert verify(f"{cache.address}{source.path()}")["outcome"] == "good"
    source.rewrite()
    for copy in (body, whole, f"{cache.address}{source.path()}"):
        found = verify(copy, status=2)
        assert (found["outcome"], found["reasons"], found["version"]) == ("outdated", ["superseded"], 1)
    assert verify(f"{source.address}{source.path()}")["version"] == 2
    now = {"by": "tester", "now": _now(), "site": source.site}
    editions.withdraw(source.db, source.article, explanation="Fout.", severity="safety", **now)
    for copy in (body, whole, f"{source.address}{source.path()}"):
        assert verify(copy, status=2)["outcome"] == "withdrawn"
    assert "Take it down" in tolk("verify", str(body), status=2).stdout
    assert verify(whole, "--offline", "--keys", str(source.keys()))["outcome"] == "good"
    source.server.stop()
    lost = verify(whole, "--keys", str(source.folder / "keys.json"), status=2)
    assert (lost["outcome"], bool(lost["faults"])) == ("unknown", True)
    assert verify(whole, status=1)["reasons"] == ["no_keys"]


def test_keys_come_and_go_and_what_was_published_stays_good(source: Source) -> None:
    old_body, old_whole, old_keys = source.body(), source.whole(), source.keys()
    (old,) = json.loads(old_keys.read_bytes())["keys"]
    assert "Documents are signed" in tolk("signing-key", "rotate").stdout
    assert verify(old_whole)["key"] == old["kid"]
    source.rewrite()
    new = verify(f"{source.address}{source.path()}")["key"]
    assert new != old["kid"]
    # An attacker has the old key, and signs what was never published.
    forged = _forge(old_whole.read_bytes(), source.db, old["kid"])
    (source.folder / "forged.txt").write_bytes(forged)
    assert verify(source.folder / "forged.txt", "--keys", str(old_keys), "--offline")["outcome"] == "good"
    assert "signed anew" in tolk("signing-key", "revoke", old["kid"]).stdout
    assert verify(source.folder / "forged.txt", status=1)["reasons"] == ["unknown_key"]
    listed = tolk("signing-key", "list").stdout.splitlines()
    assert [line.split()[0] for line in listed] == ["active", "revoked"]
    # What was published is still known, by the key that is good now.
    for copy, notes in ((old_body, []), (old_whole, ["unknown_key"])):
        found = verify(copy, status=2)
        assert (found["reasons"], found["notes"], found["key"]) == (["superseded"], notes, new)
    assert verify(f"{source.address}{source.path('ar')}")["key"] == new
    assert tolk("rebuild").stdout.startswith("0 documents")


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize(
    "words", [[], ["--bogus", "x"], ["nothing-there.json"], ["http://127.0.0.1:1/x"], ["http://"], ["/"]]
)
def test_a_copy_that_cannot_be_read_is_no_answer(words: list[str]) -> None:
    assert tolk("verify", *words, status=1).stderr.strip()


# A cache between


@dataclass
class Cache:
    """A proxy that keeps what it has fetched once, and compresses it for whoever can read that."""

    upstream: str
    address: str = ""
    alter: tuple[bytes, bytes] = (b"", b"")
    kept: dict[str, Answer] = field(default_factory=dict)


@pytest.fixture
def cache(source: Source) -> Iterator[Cache]:
    found = Cache(source.address)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path not in found.kept:
                found.kept[self.path] = _fetch(found.upstream + self.path)
            kept = found.kept[self.path]
            body = gzip.compress(kept.body.replace(*found.alter) if found.alter[0] else kept.body)
            assert "gzip" in self.headers["Accept-Encoding"]
            self.send_response(kept.status)
            for name, value in kept.headers.items():
                if name.lower() not in HOP_BY_HOP:
                    self.send_header(name.title(), value)
            for name, value in (("Content-Encoding", "gzip"), ("Age", "30"), ("Via", "1.1 cache")):
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield found
        server.shutdown()
        thread.join()


def _fetch(address: str) -> Answer:
    """Ask as a client does that reads compressed answers."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=30) as answer:
            status, headers, body = answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            status, headers, body = error.code, error.headers, error.read()
    if headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    return Answer(status, headers, body)


def _written(answer: Answer) -> bytes:
    head = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items())
    return f"HTTP/1.1 {answer.status} OK\r\n{head}\r\n".encode() + answer.body


def _forge(answer: bytes, db: Database, key: str) -> bytes:
    """Return an answer with another text, signed with a key that leaked."""
    head, _, body = answer.partition(b"\r\n\r\n")
    body = body.replace(b"Blijf", b"Stop met")
    digest = hashlib.sha256(body).hexdigest()
    private_key = Ed25519PrivateKey.from_private_bytes(signing.decoded(db.table("signing_key").get(key)["private_key"]))
    made = signing.sign(private_key, key, signing.values(200, digest, "nl"), 1)
    lines = [
        f"Content-Digest: {signing.content_digest(digest)}",
        f"Signature-Input: {made.input}",
        f"Signature: {made.signature}",
    ]
    others = [line for line in head.decode().split("\r\n") if not re.match("(?i)content-digest|signature", line)]
    return "\r\n".join([*others, *lines, "", ""]).encode() + body


def _now() -> datetime:
    return datetime.now(UTC)
