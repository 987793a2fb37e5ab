"""What partners get over real sockets, while workers are killed, servers are down and answers are odd: all of it.

Run with `-s` to read the figures.
"""

import contextlib
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.delivering import run
from api.sending import sending
from api.settings import Settings
from cms.calls import Send
from cms.content.identity import moment, stamp
from cms.partners import attempts, deliveries, leases, outbox, partners, webhooks
from cms.partners.attempts import SCHEDULE
from cms.partners.partners import Partner
from cms.partners.webhooks import Webhook
from cms.publish import events
from cms.site import Site
from cms.store import Database, write
from tests.builders import NOW, publish, published, save, withdraw
from tests.journeys.receivers import Got, Reply, receiving
from tests.journeys.serving import PATIENCE, environment, free_port, serving

SITE = Site(url="https://tolk.example", checks_translations=False)
# A worker as `tolk deliver` runs it, but that a lease ends soon, and so do the waits of the schedule.
WORKER = """
import sys, threading
from datetime import timedelta
from api import delivering, logs, settings
from cms.partners import attempts
attempts.SCHEDULE = (0, *[0.2] * 9)
logs.set_up("error")
delivering.run(settings.read(), threading.Event(), lease=timedelta(seconds=float(sys.argv[1])))
"""


@pytest.fixture
def partner(db: Database) -> Partner:
    return partners.add(db, SITE, name="RugNetwerk", by="tester", now=NOW)


def hook(db: Database, partner: Partner, url: str, now: datetime = NOW, **fields: Any) -> Webhook:
    return webhooks.add(db, partner.id, url=url, private=True, now=now, **fields)[0]


@pytest.fixture
def env(database_url: str, tmp_path: Path) -> dict[str, str]:
    return environment(database_url, tmp_path, TOLK_WEBHOOK_PRIVATE="true", TOLK_LOG_LEVEL="error")


@contextlib.contextmanager
def working(env: dict[str, str], lease: float = 3.0) -> Iterator["subprocess.Popen[bytes]"]:
    """Yield a worker in a process of its own, which is killed in the end."""
    process = subprocess.Popen([sys.executable, "-c", WORKER, str(lease)], env=env)
    try:
        yield process
    finally:
        process.kill()
        process.wait(PATIENCE)


def settled(db: Database) -> bool:
    """Tell whether nothing is to be told any more."""
    unsettled = db.table("delivery").count_where("state in ('waiting', 'sending', 'held')")
    return not unsettled and not outbox.is_behind(db)


def in_order(got: list[Got]) -> dict[str, list[int]]:
    """Return the numbers of the messages about each entry, in the order in which they came first."""
    found: dict[str, list[int]] = {}
    for id, one in {got.id: got for got in reversed(got)}.items():
        assert id
        found.setdefault(one.said["data"]["id"], []).append(one.number)
    by_number = {one.number: one.said["data"]["seq"] for one in got}
    return {entry: [by_number[number] for number in sorted(numbers)] for entry, numbers in found.items()}


def test_nothing_is_lost_though_workers_are_killed_and_servers_fail(
    db: Database, partner: Partner, env: dict[str, str], engine: str
) -> None:
    chance = random.Random(20261130)
    failed_once: set[str] = set()

    def flaky(got: Got) -> Reply:
        """Fail one message in four the first time, in one way or another."""
        if got.id in failed_once or chance.random() > 0.25:
            return Reply()
        failed_once.add(got.id)
        return chance.choice([Reply(500, body=b"x" * 100_000), Reply(0), Reply(302, {"Location": "/"}), Reply(503)])

    topics = [published(db, "topic", title=f"Onderwerp {number}", now=NOW) for number in range(6)]
    with receiving() as calm, receiving(flaky) as rough:
        hook(db, partner, calm.url)
        hook(db, partner, rough.url, events=["edition.published", "edition.withdrawn"])
        first = events.latest(db) + 1
        killed = 0
        with contextlib.ExitStack() as crew:
            workers = [crew.enter_context(working(env)) for _ in range(2)]
            for version in range(4):
                for topic in topics:
                    save(db, topic, title=f"{version} van {topic}", now=NOW)
                    publish(db, topic, now=datetime.now(UTC))
                # In the midst of it, a worker dies and another takes its place.
                rough.wait_for(lambda receiver, least=version * 4: len(receiver.got) >= least)
                workers[version % 2].send_signal(signal.SIGKILL)
                killed += 1
                workers[version % 2] = crew.enter_context(working(env))
            for topic in topics[:3]:
                withdraw(db, topic, now=datetime.now(UTC))
            until = time.monotonic() + 2 * PATIENCE
            while not settled(db):
                assert time.monotonic() < until, list(db.query("select state, count(*) from delivery group by state"))
                time.sleep(0.05)
    happened = [event for event in events.after(db, first - 1, 10_000) if event.type.startswith("edition.")]
    print(f"\n{engine}: {len(happened)} events; {killed} of {killed + 2} workers killed")
    for name, receiver, wanted in (
        ("calm", calm, {event.id for event in happened}),
        ("rough", rough, {event.id for event in happened if event.type != "edition.updated"}),
    ):
        arrived = Counter(got.id for got in receiver.got)
        told = {seq for seqs in in_order(receiver.got).values() for seq in seqs}
        print(f"  {name}: {len(arrived)} messages in {len(receiver.got)} requests; none of {len(wanted)} events lost")
        # Each event is in the message that it is the first of, or in one about the same entry up to its number.
        assert set(arrived) <= wanted
        assert max(told) >= max(event.seq for event in happened if event.id in wanted)
        for seqs in in_order(receiver.got).values():
            assert seqs == sorted(seqs)
        for entry in topics:
            last = max(event.seq for event in happened if event.entry == entry and event.id in wanted)
            assert in_order(receiver.got)[entry][-1] == last
    assert failed_once
    assert {row["state"] for row in db.query("select distinct state from delivery")} == {"delivered"}


def beat(db: Database, send: Send, now: datetime) -> int:
    """Do once what a worker does at a moment; return how many attempts that took."""
    made = 0
    while True:
        while outbox.fan_out(db, SITE, now):
            pass
        found = leases.claim(db, now, 10)
        if not found:
            return made
        for claimed in found:
            outcome = attempts.attempt(claimed, send, now=now, clock=time.monotonic)
            leases.settle(db, claimed, outcome, chance=0.5)
            made += 1


def next_moment(db: Database, now: datetime) -> datetime:
    """Return when something is due next."""
    rows = db.query("select min(next_at) as due from delivery where state = 'waiting' and next_at > ?", [stamp(now)])
    due = next(iter(rows))["due"]
    return moment(due) if due else now + timedelta(hours=1)


def happen(db: Database, entry: str, kind: str = "edition.updated", now: datetime = NOW, **facts: Any) -> None:
    told = {"type": "topic", "slug": entry, "revision": 1, "update_type": "minor", "topics": [], "status": 200}
    with write(db):
        events.append(db, kind, entry, "nl", {**told, **facts}, now)


@pytest.mark.parametrize("hours_down", [60, 100])
def test_a_partner_that_was_down_for_days_has_everything_afterwards(
    db: Database, partner: Partner, engine: str, hours_down: int
) -> None:
    port = free_port()
    webhook = hook(db, partner, f"http://127.0.0.1:{port}/tolk")
    now, tried, number = NOW, 0, 0
    with sending(private=True) as send:
        while now < NOW + timedelta(hours=hours_down):
            # Every few hours something is published, and at last withdrawn.
            if now >= NOW + timedelta(hours=6 * number):
                for entry in ("back", "neck", f"new{number}"):
                    happen(db, entry, now=now)
                number += 1
            tried += beat(db, send, now)
            now = min(next_moment(db, now), NOW + timedelta(hours=6 * number))
        happen(db, "back", "edition.withdrawn", now=now, status=410)
        was_disabled = not webhooks.find(db, webhook.id).is_active
        assert was_disabled is (hours_down > sum(SCHEDULE) / 3_600)
        with receiving(port=port) as receiver:
            if was_disabled:
                webhooks.enable(db, webhook.id, now=now)
            beat(db, send, now)
    happened = [event for event in events.after(db, 0, 1_000) if event.entry]
    assert settled(db)
    print(
        f"\n{engine}: down for {hours_down} h, {'disabled and enabled again' if was_disabled else 'not given up'};"
        f" {tried} attempts in vain, then {len(happened)} events in {len(receiver.got)} requests, none lost"
    )
    got = [each for each in receiver.got if "id" in each.said["data"]]
    told = in_order(got)
    assert set(told) == {event.entry for event in happened}
    for entry, seqs in told.items():
        assert seqs == sorted(seqs)
        assert seqs[-1] == max(event.seq for event in happened if event.entry == entry)
    # That its server answers was found out by the first message: the others did not wait for their turn.
    assert next(each for each in receiver.got if each.said["type"] == "edition.withdrawn").number < len(receiver.got)


def test_a_server_that_asks_for_time_gets_it(db: Database, partner: Partner) -> None:
    busy = True

    def behave(got: Got) -> Reply:
        return Reply(429, {"Retry-After": "3600"}) if busy else Reply()

    with receiving(behave) as receiver, sending(private=True) as send:
        hook(db, partner, receiver.url)
        for entry in ("a", "b", "c"):
            happen(db, entry)
        beat(db, send, NOW)
        assert len(receiver.got) <= leases.AT_ONCE
        asked = len(receiver.got)
        happen(db, "d", "edition.withdrawn", now=NOW)
        for minutes in range(0, 60, 5):
            assert beat(db, send, NOW + timedelta(minutes=minutes)) == 0
        busy = False
        beat(db, send, NOW + timedelta(minutes=66))
        assert settled(db)
        assert {got.said["data"]["id"] for got in receiver.got[asked:]} == {"a", "b", "c", "d"}


def test_a_server_that_is_gone_is_called_no_more(db: Database, partner: Partner) -> None:
    with receiving(lambda got: Reply(410)) as receiver, sending(private=True) as send:
        webhook = hook(db, partner, receiver.url)
        happen(db, "a")
        beat(db, send, NOW)
        happen(db, "a", now=NOW)
        beat(db, send, NOW + timedelta(days=1))
    assert len(receiver.got) == 1
    assert webhooks.find(db, webhook.id).reason == "gone"


def test_a_huge_answer_is_not_read_and_a_redirect_not_followed(db: Database, partner: Partner) -> None:
    huge = Reply(200, body=b"x" * 20_000_000)
    with (
        receiving() as elsewhere,
        receiving(lambda got: huge) as talkative,
        receiving(lambda got: Reply(307, {"Location": elsewhere.url})) as moved,
        sending(private=True) as send,
    ):
        loud, leading = hook(db, partner, talkative.url), hook(db, partner, moved.url)
        happen(db, "a")
        beat(db, send, NOW)
    assert elsewhere.got == []
    (_, (told,)), (_, (led,)) = deliveries.of(db, [loud.id]), deliveries.of(db, [leading.id])
    assert (told.state, led.state) == ("delivered", "waiting")
    assert len(deliveries.attempts(db, told.id)[0].said) == 1_000
    assert deliveries.attempts(db, led.id)[0].error == "redirected"


def test_two_workers_whose_clocks_differ_repeat_themselves_at_worst(db: Database, partner: Partner) -> None:
    with receiving() as receiver, sending(private=True) as send:
        hook(db, partner, receiver.url)
        for entry in ("a", "b"):
            happen(db, entry)
        outbox.fan_out(db, SITE, NOW)
        slow = leases.claim(db, NOW, 10)
        # The other one's clock is ten minutes ahead: the lease of the first has ended for it.
        ahead = NOW + timedelta(minutes=10)
        fast = leases.claim(db, ahead, 10)
        assert [each.id for each in fast] == [each.id for each in slow]
        for claimed, now in [(each, ahead) for each in fast] + [(each, NOW) for each in slow]:
            outcome = attempts.attempt(claimed, send, now=now, clock=time.monotonic)
            leases.settle(db, claimed, outcome, chance=0.0)
        assert beat(db, send, ahead) == 0
    # A receiver that remembers names has each once; the bytes are the same.
    assert Counter(got.id for got in receiver.got) == {got.id: 2 for got in receiver.got}
    assert len({(got.id, got.body) for got in receiver.got}) == 2


def test_a_receiver_that_keeps_the_newest_number_is_not_misled_by_order(db: Database, partner: Partner) -> None:
    """Whatever a network does with the order, `seq` says what is newer: so the reference tells receivers to do."""
    with receiving() as receiver, sending(private=True) as send:
        hook(db, partner, receiver.url)
        for etag in ("one", "two", "three"):
            happen(db, "a", etag=etag)
            beat(db, send, NOW)
    for shuffled in (receiver.got[::-1], [*receiver.got, *receiver.got], [receiver.got[n] for n in (2, 0, 1, 2, 0)]):
        newest: dict[str, tuple[int, str]] = {}
        for got in shuffled:
            data = got.said["data"]
            newest[data["id"]] = max(newest.get(data["id"], (0, "")), (data["seq"], data["locales"][0]["etag"]))
        assert newest["a"][1] == "three"


@contextlib.contextmanager
def running(settings: Settings) -> Iterator[None]:
    """Run a worker in a thread."""
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(settings, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def test_one_slow_partner_keeps_no_other_waiting(
    db: Database, partner: Partner, env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    release = threading.Event()

    def hang(got: Got) -> Reply:
        release.wait(PATIENCE)
        return Reply()

    for name, value in env.items():
        monkeypatch.setenv(name, value)
    from api import settings

    with receiving(hang) as slow, receiving() as quick:
        hook(db, partner, slow.url)
        hook(db, partner, quick.url)
        with running(settings.read()):
            for number in range(40):
                happen(db, f"e{number}", now=datetime.now(UTC))
            quick.wait_for(lambda receiver: len(receiver.got) == 40)
            assert len(slow.got) <= leases.AT_ONCE
            release.set()
            slow.wait_for(lambda receiver: len(receiver.got) == 40)
    # What was on its way when the worker was told to stop has been settled.
    assert settled(db)


def test_the_server_tells_webhooks_itself(db: Database, partner: Partner, database_url: str, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    with receiving() as receiver:
        hook(db, partner, receiver.url, now, events=["edition.withdrawn"])
        topic = published(db, "topic", now=now)
        with serving(database_url, tmp_path, TOLK_WEBHOOK_PRIVATE="true") as server:
            withdraw(db, topic, now=datetime.now(UTC), severity="safety")
            receiver.wait_for(lambda receiver: len(receiver.got) == 1, 5 * PATIENCE)
            assert server.stop() == 0
    assert receiver.types == ["edition.withdrawn"]
    assert settled(db)


def test_deliver_stops_when_told_to(env: dict[str, str], db: Database) -> None:
    command = [sys.executable, "-c", "from api.cli import main; main()", "deliver"]
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout and process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=PATIENCE)
    assert (process.returncode, said) == (0, b"")
