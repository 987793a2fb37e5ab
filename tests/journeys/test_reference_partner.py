"""The partner's site that others copy, in a process of its own beside a real server: it keeps up, whatever happens."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cms.content import revisions
from cms.partners import holdings, partner_keys, partners, recalls
from cms.publish import refresh
from cms.site import Site
from cms.store import Database
from tests.builders import a_paragraph, publish, published, save, translate, unpublish, withdraw
from tests.journeys.serving import PATIENCE, Server, environment, free_port, serving, tolk

TEXT = "Blijf zo veel mogelijk bewegen."


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Partner:
    """The site of a partner: started, stopped, killed and looked at."""

    db: Database
    database_url: str
    server: Server
    folder: Path
    id: str
    secret: str
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Run the site."""
        env = environment(
            "sqlite://",
            self.folder,
            TOLK_KEY=self.secret,
            TOLK_URL=f"http://127.0.0.1:{self.server.port}",
            PARTNER_DB=str(self.folder / "partner.db"),
            PARTNER_PORT=str(self.port),
            PARTNER_URL=f"http://localhost:{self.port}",
            PARTNER_ASK_SECONDS="2",
        )
        with (self.folder / "partner.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "examples.partner"], env=env, stdout=log, stderr=log, start_new_session=True
            )

    def stop(self, how: int = signal.SIGKILL) -> None:
        """End the site, in the middle of whatever it does."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, how)
            self.process.wait(PATIENCE)

    def page(self, path: str) -> tuple[int, str]:
        """Return the status and the text of one of its pages; 0 where it does not answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except (urllib.error.URLError, ConnectionError):
            return 0, ""

    def shows(self, path: str, status: int, text: str = "") -> None:
        """Wait until a page says so."""
        until(lambda: self.page(path)[0] == status and text in self.page(path)[1], f"{path} {status} {text}")


def until(is_so: Callable[[], bool], what: str) -> None:
    patient_until = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < patient_until, what
        time.sleep(0.1)


@pytest.fixture
def partner(database_url: str, db: Database, tmp_path: Path) -> Iterator[Partner]:
    """Yield a partner with a key whose site does not run yet."""
    with serving(database_url, tmp_path, TOLK_WEBHOOK_PRIVATE="true") as server:
        site = Site()
        made = partners.add(db, site, name="Voorbeeldsite", domains=["localhost"], by="piet", now=now())
        _, secret = partner_keys.make(db, partner=made.id, name="site", now=now())
        found = Partner(db, database_url, server, tmp_path, made.id, secret)
        yield found
        found.stop()


def test_it_follows_what_is_published_changed_moved_withdrawn_and_recalled(partner: Partner) -> None:
    db = partner.db
    entry = published(db, "article", title="Rug", slug="rug", body=[a_paragraph(TEXT)], now=now())
    translate(db, entry, "ar", now=now())
    publish(db, entry, "ar", now=now())
    partner.start()
    partner.shows("/nl/rug", 200, TEXT)
    slug = "ar-rug"
    partner.shows(f"/ar/{slug}", 200, 'dir="rtl"')
    until(lambda: bool(db.table("webhook").count_where()), "the webhook is added")

    save(db, entry, body=[a_paragraph("Blijf niet in bed liggen.")], now=now())
    publish(db, entry, now=now())
    partner.shows("/nl/rug", 200, "Blijf niet in bed liggen.")
    save(db, entry, slug="rugpijn", now=now())
    publish(db, entry, now=now())
    partner.shows("/nl/rugpijn", 200)
    assert partner.page("/nl/rug") == partner.page("/nl/rugpijn")
    env = environment(partner.database_url, partner.folder, TOLK_WEBHOOK_PRIVATE="true")
    until(lambda: tolk("conformance", "Voorbeeldsite", env=env).returncode == 0, "its pages conform")

    # Away while something is withdrawn: it is gone when it is back, whatever messages came in vain.
    other = published(db, "article", title="Knie", slug="knie", now=now())
    partner.shows("/nl/knie", 200)
    partner.stop()
    unpublish(db, other, now=now())
    withdraw(db, entry, severity="safety", explanation="Te veel.", now=now())
    refresh.drain(db, Site(), now())
    until(lambda: bool(recalls.every(db)), "the recall is opened")
    assert [each.acknowledged_at for each in recalls.called(db, recalls.every(db)[0].id)] == [""]
    partner.start()
    partner.shows("/nl/rugpijn", 410, "Te veel.")
    partner.shows("/nl/knie", 410)
    until(lambda: bool(recalls.every(db)[0].closed_at), "the recall is acknowledged")
    [called] = recalls.called(db, recalls.every(db)[0].id)
    assert called.how in ("api", "sync")
    until(lambda: not holdings.holders(db, entry), "nothing is held any more")


def test_killed_at_any_moment_it_has_what_is_true_in_the_end(partner: Partner) -> None:
    db = partner.db
    author = published(db, "author", now=now())
    made = [published(db, "article", title=f"Artikel {n}", slug=f"a{n}", authors=[author], now=now()) for n in range(6)]
    for number, wait in enumerate((0.9, 1.2, 1.6)):
        partner.start()
        time.sleep(wait)
        for entry in made[number::3]:
            save(db, entry, summary=f"Versie {number}.", now=now())
            publish(db, entry, now=now())
        partner.stop()
    withdraw(db, made[0], now=now())
    partner.start()
    partner.shows("/nl/a0", 410)
    for entry in made[1:]:
        content = revisions.latest(db, entry).content
        partner.shows(f"/nl/{content['slug']}", 200, content["summary"])


def test_what_is_not_signed_is_not_heard(partner: Partner) -> None:
    partner.start()
    until(lambda: bool(partner.db.table("webhook").count_where()), "the webhook is added")
    headers = {"webhook-id": "msg_1", "webhook-timestamp": str(int(time.time())), "webhook-signature": "v1,AAAA"}
    until(lambda: partner.page("/")[0] == 200, "it answers")
    request = urllib.request.Request(f"http://127.0.0.1:{partner.port}/tolk", b"{}", headers)
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(request, timeout=PATIENCE)


def test_with_a_revoked_key_nothing_is_shown_for_longer_than_was_agreed(partner: Partner) -> None:
    db = partner.db
    published(db, "article", title="Rug", slug="rug", now=now())
    partner.start()
    partner.shows("/nl/rug", 200)
    [key] = partner_keys.of(db, partner.id)
    partner_keys.revoke(db, key.id, now=now())
    until(lambda: "401" in (partner.folder / "partner.log").read_text(), "it is refused")
    assert partner.page("/nl/rug")[0] == 200
    # As if the hours had passed in which it may go without having asked.
    with contextlib.closing(sqlite3.connect(partner.folder / "partner.db")) as shelf, shelf:
        shelf.execute("update setting set value = '2026-01-01T00:00:00.000000Z' where name = 'refresh_by'")
        shelf.execute('update document set body = replace(body, \'"refresh_by": "2\', \'"refresh_by": "1\')')
    partner.shows("/nl/rug", 503, "refresh_by")
