"""Webhooks and deliveries by commands, the worker for cron, and the mail about what was disabled."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from cms.calls import Answer
from cms.content.identity import stamp
from cms.partners import attempts, deliveries, leases, outbox, partners, webhooks
from cms.people import audit, users
from cms.store import Database
from tests.builders import BY, SITE, published
from tests.catalogues import compile_stale
from tests.commands import tolk
from tests.journeys.receivers import Got, Reply, receiving
from tests.postbox import Postbox, running

URL = "https://partner.example/tolk"


@pytest.fixture(autouse=True)
def at_home(terminal: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let partners be on this machine."""
    compile_stale()
    monkeypatch.setenv("TOLK_WEBHOOK_PRIVATE", "true")


@pytest.fixture
def rug(db: Database) -> str:
    contacts = ["redactie@rug.example"]
    return partners.add(db, SITE, name="RugNetwerk", contacts=contacts, by=BY, now=_now()).id


def _now() -> datetime:
    return datetime.now(UTC)


def add(url: str = URL, *options: str) -> str:
    """Add a webhook by command; return its id."""
    tolk("webhook", "add", "rugnetwerk", url, *options)
    return tolk("webhook", "list").output.splitlines()[-1].split()[2]


def test_a_webhook_is_added_listed_shown_changed_and_removed(db: Database, rug: str) -> None:
    topic = published(db, "topic", title="Rug", slug="rug")
    added = tolk("webhook", "add", "RugNetwerk", URL, "--event", "edition.withdrawn", "--topic", "rug")
    secret, said = added.stdout.strip(), added.stderr.strip()
    (webhook,) = webhooks.of(db, rug)
    assert said == f"Added: {webhook.id}"
    assert webhook.live_secrets(_now()) == [secret]
    assert (webhook.events, webhook.topics) == (("edition.withdrawn",), (topic,))
    assert tolk("webhook", "list", "rugnetwerk").output.split() == ["active", "0", webhook.id, "RugNetwerk", URL]
    tolk("webhook", "change", webhook.id, "--locale", "nl", "--event", "", "--topic", "")
    shown = json.loads(tolk("webhook", "show", webhook.id).output)
    assert (shown["locales"], shown["events"], shown["topics"], shown["deliveries"]) == (["nl"], [], [], {})
    assert "secret" not in str(shown)
    tolk("webhook", "remove", webhook.id)
    assert tolk("webhook", "list").output == ""


def test_what_cannot_be_is_refused_in_words(db: Database, rug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOLK_WEBHOOK_PRIVATE", "false")
    assert "https://" in tolk("webhook", "add", "rugnetwerk", "http://partner.example/", status=1).output
    assert "public addresses" in tolk("webhook", "add", "rugnetwerk", "https://10.0.0.1/", status=1).output
    tolk("webhook", "add", "nobody", URL, status=1)
    tolk("webhook", "add", "rugnetwerk", URL, "--event", "edition.eaten", status=2)
    tolk("delivery", "replay", status=2)
    tolk("delivery", "replay", "--webhook", "w", status=2)
    tolk("delivery", "replay", "--webhook", "w", "--since", "yesterday", status=2)


def test_a_secret_is_rotated(db: Database, rug: str) -> None:
    webhook = add()
    second = tolk("webhook", "rotate", webhook, "--hours", "1").output.strip()
    found = webhooks.find(db, webhook)
    assert found.live_secrets(_now())[0] == second and len(found.live_secrets(_now())) == 2
    assert found.live_secrets(_now() + timedelta(hours=1)) == [second]


def test_a_webhook_is_tried_and_what_it_says_is_printed(db: Database, rug: str) -> None:
    with receiving(lambda got: Reply(418, body=b"teapot")) as receiver:
        webhook = add(receiver.url)
        assert "418" in tolk("webhook", "ping", webhook, status=1).output
        receiver.behave = lambda got: Reply(200, body=b"fine")
        assert tolk("webhook", "ping", webhook).output.split()[0::3] == ["200", "fine"]
    assert "no_connection" in tolk("webhook", "ping", webhook, status=1).output
    tolk("webhook", "disable", webhook)
    assert "disabled" in tolk("webhook", "ping", webhook, status=1).output
    assert receiver.types == ["webhook.ping", "webhook.ping"]


def test_all_that_is_due_is_told_once(db: Database, rug: str) -> None:
    with receiving() as receiver:
        webhook = add(receiver.url)
        topics = [published(db, "topic", title=f"Rug {number}") for number in range(5)]
        assert tolk("deliver", "--once").output.splitlines()[-1] == "5 attempts made."
        assert tolk("deliver", "--once").output.splitlines()[-1] == "0 attempts made."
        assert sorted(got.said["data"]["id"] for got in receiver.got) == sorted(topics)
        listed = tolk("delivery", "list", "--partner", "rugnetwerk", "--state", "delivered").output.splitlines()
        assert sorted(line.split()[5] for line in listed) == sorted(topics)
        assert tolk("delivery", "list", "--webhook", webhook, "--state", "failed").output == ""
        one = listed[0].split()[3]
        shown = json.loads(tolk("delivery", "show", one).output)
        assert (shown["state"], shown["body"]["type"]) == ("delivered", "edition.published")
        assert [each["status"] for each in shown["attempts"]] == [204]
        assert tolk("delivery", "replay", one).output == "1 message is sent again.\n"
        hour_ago = stamp(_now() - timedelta(hours=1))
        tolk("deliver", "--once")
        assert tolk("delivery", "replay", "--webhook", webhook, "--since", hour_ago).output == (
            "5 messages are sent again.\n"
        )
        tolk("deliver", "--once")
    assert len(receiver.got) == 11


def test_a_failure_is_left_for_later(db: Database, rug: str) -> None:
    with receiving(lambda got: Reply(500)) as receiver:
        webhook = add(receiver.url)
        published(db, "topic")
        tolk("deliver", "--once")
    assert len(receiver.got) == 1
    assert tolk("webhook", "list").output.split()[:2] == ["active", "1"]
    tolk("webhook", "disable", webhook)
    assert tolk("webhook", "list").output.split()[:2] == ["disabled", "1"]
    tolk("webhook", "enable", webhook, "--skip")
    assert tolk("webhook", "list").output.split()[:2] == ["active", "0"]


def test_what_is_done_is_audited(db: Database, rug: str) -> None:
    webhook = add()
    for action in ("disable", "disable", "enable", "rotate", "remove"):
        tolk("webhook", action, webhook)
    done = [each.action for each in audit.entries(db)]
    assert done == [f"webhook.{each}" for each in ("remove", "rotate", "enable", "disable", "add")]
    assert "whsec_" not in str(audit.entries(db))


@pytest.fixture
def postbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Postbox]:
    """Run a mail server."""
    with running() as box:
        monkeypatch.setenv("TOLK_SMTP_URL", box.address)
        monkeypatch.setenv("TOLK_MAIL_FROM", "tolk@example.org")
        yield box


def test_who_looks_after_it_is_told_when_a_webhook_is_gone(db: Database, rug: str, postbox: Postbox) -> None:
    people = [("piet", "partner_manager", "nl"), ("ada", "administrator", "en"), ("ed", "editor", "")]
    for name, role, language in people:
        users.add(db, name=name, email=f"{name}@example.org", roles=[role], locales=[], language=language, now=_now())

    def gone(got: Got) -> Reply:
        return Reply(410)

    with receiving(gone) as receiver:
        add(receiver.url)
        published(db, "topic")
        tolk("deliver", "--once")
    tolk("deliver", "--once")
    told = {str(letter["To"]): letter for letter in postbox.letters}
    assert sorted(told) == ["ada@example.org", "piet@example.org", "redactie@rug.example"]
    assert len(postbox.letters) == 3
    assert str(told["ada@example.org"]["Subject"]) == "RugNetwerk cannot be reached"
    assert receiver.url in told["ada@example.org"].get_content()
    assert "410" in told["redactie@rug.example"].get_content()
    assert "/admin/partners/" in told["ada@example.org"].get_content()
    assert "/admin" not in told["redactie@rug.example"].get_content()


def test_who_fails_for_three_days_is_told_so(db: Database, rug: str, postbox: Postbox) -> None:
    add()
    published(db, "topic")
    now = _now()
    while webhooks.of(db, rug)[0].is_active:
        outbox.fan_out(db, SITE, now)
        for claimed in leases.claim(db, now, 10):
            outcome = attempts.attempt(claimed, lambda call: Answer(500, {}, b""), now=now, clock=lambda: 0.0)
            leases.settle(db, claimed, outcome, chance=0.0)
        now += timedelta(hours=1)
    tolk("deliver", "--once")
    (letter,) = postbox.letters
    assert "three days" in letter.get_content() or "drie dagen" in letter.get_content()
    assert deliveries.counts(db, [webhooks.of(db, rug)[0].id])
