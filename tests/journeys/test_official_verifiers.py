"""Messages are what the official libraries of Standard Webhooks take, in Python and in JavaScript."""

import contextlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from cms.partners import deliveries, partners, webhooks
from cms.partners.webhooks import Webhook
from cms.site import Site
from cms.store import Database
from tests.builders import published
from tests.commands import tolk
from tests.journeys.receivers import receiving
from tests.journeys.serving import PATIENCE

# A server as a partner would write it: it verifies the raw bytes, and says for each secret whether it fits.
SERVER = """
const http = require("node:http");
const { Webhook } = require("standardwebhooks");
const secrets = process.argv.slice(2);
http.createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    const body = Buffer.concat(parts).toString();
    const fits = (secret, text) => {
      try { return new Webhook(secret).verify(text, request.headers); } catch { return null; }
    };
    const told = secrets.map((secret) => fits(secret, body));
    const changed = secrets.map((secret) => fits(secret, body.replace("topic", "tapic")));
    console.log(JSON.stringify({ told, changed }));
    response.writeHead(told[0] ? 204 : 401).end();
  });
}).listen(0, "127.0.0.1", function () { console.log(this.address().port); });
"""


@pytest.fixture(autouse=True)
def at_home(terminal: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let partners be on this machine."""
    monkeypatch.setenv("TOLK_WEBHOOK_PRIVATE", "true")


def hook(db: Database, url: str) -> tuple[Webhook, str]:
    now = datetime.now(UTC)
    partner = partners.add(db, Site(), name="RugNetwerk", by="tester", now=now)
    return webhooks.add(db, partner.id, url=url, private=True, now=now)


def test_the_library_for_python_takes_what_is_sent(db: Database) -> None:
    with receiving() as receiver:
        webhook, first = hook(db, receiver.url)
        topic = published(db, "topic", title="Rug & “nek”: ⚕", now=datetime.now(UTC))
        _, second = webhooks.rotate(db, webhook.id, now=datetime.now(UTC))
        tolk("deliver", "--once")
    (got,) = receiver.got
    for secret in (first, second):
        assert Verifier(secret).verify(got.body, got.headers)["data"]["id"] == topic
    with pytest.raises(WebhookVerificationError):
        Verifier("whsec_" + "A" * 44).verify(got.body, got.headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(first).verify(got.body.replace(b"topic", b"tapic"), got.headers)
    assert got.headers["content-type"] == "application/json"
    assert got.headers["user-agent"].startswith("Tolk/")
    assert set(got.said) == {"type", "timestamp", "data"}


def test_a_secret_that_has_ended_signs_nothing(db: Database) -> None:
    with receiving() as receiver:
        webhook, first = hook(db, receiver.url)
        _, second = webhooks.rotate(db, webhook.id, after=timedelta(0), now=datetime.now(UTC))
        deliveries.ping(db, webhook.id, now=datetime.now(UTC))
        tolk("deliver", "--once")
    (got,) = receiver.got
    assert Verifier(second).verify(got.body, got.headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(first).verify(got.body, got.headers)


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the official package for JavaScript, from npm."""
    if not shutil.which("npm") or not shutil.which("node"):
        said = "the official verifier for JavaScript needs node and npm"
        if os.environ.get("CI", "").lower() in ("true", "1"):
            pytest.fail(f"CI verifies in JavaScript too, but {said}")
        pytest.skip(said)
    folder = tmp_path_factory.mktemp("javascript")
    wanted = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder), "standardwebhooks@1"]
    done = subprocess.run(["npm", *wanted], cwd=folder, capture_output=True, text=True, timeout=4 * PATIENCE)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@contextlib.contextmanager
def node(library: Path, *secrets: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """Yield the address of a server in JavaScript, and the process that it is."""
    (library / "server.js").write_text(SERVER)
    process = subprocess.Popen(
        ["node", "server.js", *secrets], cwd=library, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        port = process.stdout.readline().strip()
        assert port.isdigit(), process.stderr.read() if process.stderr else ""
        yield f"http://127.0.0.1:{port}/tolk", process
    finally:
        process.kill()
        process.communicate(timeout=PATIENCE)


def test_the_package_for_javascript_takes_what_is_sent(db: Database, library: Path) -> None:
    webhook, first = hook(db, "http://127.0.0.1:9/")
    _, second = webhooks.rotate(db, webhook.id, now=datetime.now(UTC))
    with node(library, first, second, "whsec_" + "A" * 44) as (url, process):
        webhooks.change(db, webhook.id, url=url, private=True, now=datetime.now(UTC))
        topic = published(db, "topic", title="Rug & “nek”: ⚕", now=datetime.now(UTC))
        tolk("deliver", "--once")
        assert process.stdout
        said = json.loads(process.stdout.readline())
    assert [each and each["data"]["id"] for each in said["told"]] == [topic, topic, None]
    assert said["changed"] == [None, None, None]
    assert deliveries.counts(db, [webhook.id]) == {webhook.id: {"delivered": 1}}
