"""Whatever happens in whatever order, each event that a webhook wants is told, and none before what precedes it.

Workers claim and are never heard of again, answer late, fail and succeed; webhooks are disabled, enabled and changed;
time passes. A model remembers what arrived; at the end all servers answer, and it must be everything.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import hypothesis
import orjson
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from cms.partners import deliveries, leases, outbox, partners, webhooks
from cms.partners.attempts import Claimed, Outcome
from cms.publish import events
from cms.store import Database, write
from tests.builders import BY, NOW, SITE

ENTRIES = ("a", "b")
KINDS = ("edition.published", "edition.updated", "edition.withdrawn", "edition.unpublished", "translation.stale")
# The first webhook wants everything, the second one less.
WANTED = ((), ("edition.withdrawn", "edition.published"))

HAPPENING = st.tuples(st.just("happen"), st.sampled_from(ENTRIES), st.sampled_from(KINDS), st.booleans())
CLAIMING = st.tuples(st.just("claim"), st.integers(1, 5))
ANSWERING = st.tuples(
    st.just("answer"), st.integers(0, 4), st.sampled_from([204, 204, 204, 204, 500, 0, 302, 429, 410])
)
DEEDS = st.one_of(
    HAPPENING,
    HAPPENING,
    CLAIMING,
    ANSWERING,
    ANSWERING,
    st.tuples(st.just("wait"), st.sampled_from([1, 5, 61, 300, 86_400])),
    st.tuples(st.just("turn"), st.integers(0, 1)),
    st.tuples(st.just("gone"), st.integers(0, 4)),
)


@dataclass
class World:
    """The database, the time, what workers have in hand, and what has arrived at each webhook."""

    db: Database
    hooks: list[str]
    now: datetime = NOW
    in_hand: list[Claimed] = field(default_factory=list)
    arrived: list[tuple[str, str, int]] = field(default_factory=list)

    def happen(self, entry: str, kind: str, is_seen: bool) -> None:
        told = {"type": "topic", "slug": entry, "revision": 1, "update_type": "minor", "topics": [], "status": 200}
        with write(self.db):
            events.append(self.db, kind, entry, "nl", told, self.now)
        if is_seen:
            self.look()

    def look(self) -> None:
        while outbox.fan_out(self.db, SITE, self.now):
            pass

    def claim(self, most: int) -> None:
        self.in_hand += leases.claim(self.db, self.now, most)

    def answer(self, which: int, status: int) -> None:
        if self.in_hand:
            claimed = self.in_hand.pop(which % len(self.in_hand))
            if 200 <= status < 300:
                self.arrived.append((claimed.webhook, claimed.entry, claimed.seq))
            wait = 600.0 if status == 429 else 0.0
            leases.settle(self.db, claimed, Outcome(self.now, status, wait=wait), chance=0.5)

    def gone(self, which: int) -> None:
        """Lose a worker: nobody hears of what it had in hand, though it may have arrived."""
        if self.in_hand:
            claimed = self.in_hand.pop(which % len(self.in_hand))
            self.arrived.append((claimed.webhook, claimed.entry, claimed.seq))

    def wait(self, seconds: int) -> None:
        # Whoever is slower than a lease may be too late: that is another story.
        self.in_hand = [] if seconds > leases.LEASE.total_seconds() else self.in_hand
        self.now += timedelta(seconds=seconds)

    def turn(self, which: int) -> None:
        webhook = webhooks.find(self.db, self.hooks[which])
        (webhooks.disable if webhook.is_active else webhooks.enable)(self.db, webhook.id, now=self.now)

    def finish(self) -> None:
        """Let all servers answer from now on."""
        self.in_hand = []
        for hook in self.hooks:
            webhooks.enable(self.db, hook, now=self.now)
        for _ in range(200):
            self.look()
            self.claim(10)
            while self.in_hand:
                self.answer(0, 204)
            if not self.db.table("delivery").count_where("state not in ('delivered', 'dropped')"):
                return
            self.now += timedelta(hours=1)
        raise AssertionError(list(self.db.query("select * from delivery where state <> 'delivered'")))


@pytest.fixture
def world(db: Database) -> World:
    partner = partners.add(db, SITE, name="RugNetwerk", by=BY, now=NOW)
    made = [webhooks.add(db, partner.id, url="https://partner.example/", events=names, now=NOW)[0] for names in WANTED]
    return World(db, [webhook.id for webhook in made])


@hypothesis.seed(20261130)
@settings(max_examples=60, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@hypothesis.given(deeds=st.lists(DEEDS, min_size=10, max_size=60))
def test_nothing_that_is_wanted_is_lost_or_overtaken(world: World, deeds: list[tuple[Any, ...]]) -> None:
    world.arrived.clear()
    world.in_hand.clear()
    first = events.latest(world.db)
    for name, *values in deeds:
        getattr(world, name)(*values)
    world.finish()
    happened = [event for event in events.after(world.db, first, 1_000) if event.entry]
    for hook, names in zip(world.hooks, WANTED, strict=True):
        wanted = [event for event in happened if not names or event.type in names]
        told = [seq for webhook, entry, seq in world.arrived if webhook == hook and entry and seq > first]
        messages = _messages(world.db, hook, first)
        # Each event is within the numbers of a message about its entry, and each message has arrived.
        for event in wanted:
            assert any(seq <= event.seq <= body["seq"] and body["id"] == event.entry for seq, body in messages)
        assert set(told) == {seq for seq, _ in messages}
        for entry in ENTRIES:
            once = list(dict.fromkeys(s for w, e, s in world.arrived if (w, e) == (hook, entry) and s > first))
            assert once == sorted(once)


def _messages(db: Database, hook: str, first: int) -> list[tuple[int, Any]]:
    """Return the messages to a webhook about entries: the number of the first event, and what is told."""
    _, found = deliveries.of(db, [hook], limit=10_000)
    return [(each.seq, orjson.loads(each.body)["data"]) for each in found if each.entry and each.seq > first]
