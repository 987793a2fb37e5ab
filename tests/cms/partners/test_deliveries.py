"""Deliveries: each event that is wanted arrives at least once, in order for each entry, whatever goes wrong."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from cms.calls import Answer, Call, TargetRefused
from cms.content import pending
from cms.content.identity import moment, stamp
from cms.errors import NotFound, Refused
from cms.partners import attempts, deliveries, leases, messages, outbox, partners, webhooks
from cms.partners.attempts import SCHEDULE, Claimed, Outcome
from cms.partners.deliveries import Delivery
from cms.partners.leases import AT_ONCE, LEASE
from cms.partners.partners import Partner
from cms.partners.webhooks import Webhook
from cms.publish import editions, events
from cms.store import Database, write
from tests.builders import BY, SITE, a_paragraph, create, publish, published, save, translate, unpublish, withdraw
from tests.cms.partners.conftest import NOW, Adding

URL = "https://partner.example/tolk"
FINE, BROKEN = Answer(204, {}, b""), Answer(500, {}, b"oh no")


class Receiver:
    """A partner's server as its calls look from here: it answers what it is set to, and keeps what it got."""

    def __init__(self) -> None:
        self.answer: Answer | Exception = FINE
        self.calls: list[Call] = []

    def __call__(self, call: Call) -> Answer:
        self.calls.append(call)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(call.body) for call in self.calls]

    @property
    def told(self) -> list[tuple[str, list[str]]]:
        """Return the type of each message, and the languages that it is about."""
        return [(body["type"], [each["locale"] for each in body["data"].get("locales", ())]) for body in self.bodies]


@pytest.fixture
def partner(add: Adding) -> Partner:
    return add()


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


Hooking = Callable[..., Webhook]


@pytest.fixture
def hook(db: Database, partner: Partner) -> Hooking:
    """Return a function that adds a webhook."""

    def added(of: Partner = partner, **fields: Any) -> Webhook:
        return webhooks.add(db, of.id, **{"url": URL, "now": NOW, **fields})[0]

    return added


def make(db: Database, now: datetime = NOW) -> list[Delivery]:
    """Make deliveries of all there is to tell, and return those that wait."""
    while outbox.fan_out(db, SITE, now):
        pass
    return waiting(db)


def waiting(db: Database, *states: str) -> list[Delivery]:
    marks = ", ".join("?" for _ in states or ("waiting",))
    rows = db.query(f"select id from delivery where state in ({marks}) order by seq, id", states or ("waiting",))
    return [deliveries.find(db, row["id"]) for row in rows]


def claim(db: Database, now: datetime = NOW, most: int = 10, **options: Any) -> list[Claimed]:
    return leases.claim(db, now, most, **options)


def ended(status: int = 204, at: datetime = NOW, wait: float = 0.0) -> Outcome:
    return Outcome(at, status, wait=wait)


def settle(db: Database, claimed: Claimed, outcome: Outcome, chance: float = 0.0) -> str:
    return leases.settle(db, claimed, outcome, chance=chance)


def work(db: Database, receiver: Receiver, now: datetime = NOW) -> int:
    """Deliver one after the other what is due, until nothing is; return how many attempts were made."""
    made = 0
    while True:
        make(db, now)
        found = claim(db, now, 1)
        if not found:
            return made
        settle(db, found[0], attempts.attempt(found[0], receiver, now=now, clock=lambda: 0.0))
        made += 1


def happen(db: Database, kind: str = "edition.updated", entry: str = "e1", locale: str = "nl", **facts: Any) -> None:
    """Append an event about an article."""
    told = {"type": "article", "slug": "rug", "revision": 1, "update_type": "major", "topics": [], "status": 200}
    with write(db):
        events.append(db, kind, entry, locale, {**told, **facts}, facts.pop("now", NOW))


def test_one_publish_in_three_languages_is_one_message(db: Database, hook: Hooking, receiver: Receiver) -> None:
    article = published(db, "article", now=NOW)
    for locale in ("en", "ar"):
        translate(db, article, locale)
        publish(db, article, locale, now=NOW)
    hook(types=["article"])
    save(db, article, body=[a_paragraph("Beweeg veel.")])
    publish(db, article, now=NOW)
    assert work(db, receiver) == len(receiver.calls)
    assert receiver.told == [("translation.stale", ["ar", "en"]), ("edition.published", ["nl", "ar", "en"])]
    assert work(db, receiver) == 0


def test_only_what_is_asked_for_is_told(db: Database, hook: Hooking, receiver: Receiver) -> None:
    hook(events=["edition.withdrawn"], locales=["nl"])
    article = published(db, "article", now=NOW)
    withdraw(db, article, now=NOW)
    work(db, receiver)
    assert receiver.told == [("edition.withdrawn", ["nl"])]
    assert receiver.bodies[0]["data"]["id"] == article


def test_a_partner_is_told_of_its_own_part_alone(db: Database, add: Adding, hook: Hooking, receiver: Receiver) -> None:
    back, neck = published(db, "topic"), published(db, "topic", title="Nek")
    hook(add("Topics", topics=[back], types=["article"]))
    mine = published(db, "article", now=NOW, topics=[back])
    published(db, "article", now=NOW, title="Nekpijn", topics=[neck])
    work(db, receiver)
    assert [body["data"]["id"] for body in receiver.bodies] == [mine]
    # Who had it hears that it is about something else now, and nothing after that.
    for topics in ([neck], [neck, back], [neck], [neck]):
        save(db, mine, topics=topics)
        publish(db, mine, now=NOW)
        work(db, receiver)
    assert len(receiver.calls) == 4


def test_what_is_about_a_partner_goes_to_that_partner(
    db: Database, partner: Partner, add: Adding, hook: Hooking, receiver: Receiver
) -> None:
    hook(partner, locales=["nl"])
    hook(add("Another"))
    happen(db, "recall.opened", locale="", locales=["nl"], recall="r1", partner=partner.id)
    work(db, receiver)
    assert len(receiver.calls) == 1
    assert "partner" not in receiver.bodies[0]["data"]


def test_what_waits_for_documents_is_held_back_for_five_seconds(db: Database, hook: Hooking) -> None:
    article = create(db, "article", authors=[published(db, "author")])
    publish(db, article, now=NOW)
    translate(db, article, "en")
    publish(db, article, "en", now=NOW)
    hook()
    save(db, article, title="Een andere titel")
    editions.publish(db, article, "nl", by=BY, now=NOW, site=SITE)
    assert pending.any_waiting(db)
    assert make(db, NOW + timedelta(seconds=4)) == []
    assert make(db, NOW + timedelta(seconds=5)) != []


@pytest.mark.parametrize("kind", ["edition.withdrawn", "translation.stale.critical", "recall.opened"])
def test_what_is_urgent_is_not_held_back(db: Database, hook: Hooking, kind: str, partner: Partner) -> None:
    hook()
    happen(db)
    with write(db):
        pending.mark(db, "e1")
    assert make(db) == []
    happen(db, kind, locales=["nl"], partner=partner.id)
    assert [each.type for each in make(db)] == ["edition.updated", kind]


def test_documents_of_other_entries_hold_nothing_back(db: Database, hook: Hooking) -> None:
    hook()
    happen(db)
    with write(db):
        pending.mark(db, "e2")
    assert len(make(db)) == 1


def test_each_event_is_made_a_delivery_once_whoever_looks(db: Database, hook: Hooking) -> None:
    first, second = hook(), hook(locales=["en"])
    for locale in ("nl", "en", "de"):
        happen(db, locale=locale)
    found = make(db)
    assert [(each.webhook, each.seq) for each in found] == [(first.id, 1), (second.id, 2)]
    assert make(db) == found
    assert [webhooks.find(db, each.id).position for each in (first, second)] == [3, 3]


def test_many_events_are_looked_through_in_parts(db: Database, hook: Hooking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "EVENTS_AT_ONCE", 3)
    hook(events=["edition.withdrawn"])
    for _ in range(10):
        happen(db)
    happen(db, "edition.withdrawn")
    assert [each.type for each in make(db)] == ["edition.withdrawn"]


def test_a_message_is_signed_with_each_live_secret(db: Database, hook: Hooking, receiver: Receiver) -> None:
    webhook = hook()
    _, second = webhooks.rotate(db, webhook.id, now=NOW)
    happen(db)
    work(db, receiver)
    headers = receiver.calls[0].headers
    assert headers["webhook-id"] == events.after(db, 0, 1)[0].id
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert len(headers["webhook-signature"].split()) == 2
    assert second not in str(receiver.calls[0])


def test_the_schedule_is_that_of_the_standard() -> None:
    assert SCHEDULE == (0, 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
    now, found = NOW, []
    for done in range(1, 20):
        following = attempts.next_attempt(done, NOW, Outcome(now), 0.0)
        if following is None:
            break
        found.append((following - now).total_seconds())
        now = following
    assert tuple(found) == SCHEDULE[1:]


@pytest.mark.parametrize(
    ("done", "chance", "wait", "seconds"),
    [
        (1, 0.0, 0, 5),
        (1, 1.0, 0, 5.5),
        (3, 0.5, 0, 1_890),
        (1, 0.0, 120, 120),
        (4, 0.0, 120, 7_200),
        (1, 0.0, 10**9, 86_400),
    ],
)
def test_waits_are_spread_and_as_long_as_the_server_asks(done: int, chance: float, wait: float, seconds: float) -> None:
    following = attempts.next_attempt(done, NOW, ended(503, wait=wait), chance)
    assert following == NOW + timedelta(seconds=seconds)


def test_what_was_tried_sooner_does_not_count_against_it() -> None:
    assert attempts.next_attempt(12, NOW, ended(500), 0.0) == NOW + timedelta(days=1)
    assert attempts.next_attempt(12, NOW - timedelta(days=4), ended(500), 0.0) is None


@pytest.mark.parametrize(
    ("answer", "error", "status", "said"),
    [
        (Answer(200, {}, b"thanks"), "", 200, "thanks"),
        (Answer(299, {}, b""), "", 299, ""),
        (Answer(302, {"location": "https://elsewhere.example"}, b""), "redirected", 302, ""),
        (Answer(404, {}, b"no"), "not_accepted", 404, "no"),
        (Answer(500, {}, b"\xff\x00<b>" + "é".encode() * 2_000), "not_accepted", 500, "\ufffd <b>" + "é" * 995),
        (TimeoutError("too slow"), "timed_out", 0, "too slow"),
        (ConnectionError("nobody there"), "no_connection", 0, "nobody there"),
        (TargetRefused("127.0.0.1"), "target_refused", 0, "127.0.0.1"),
    ],
)
def test_each_attempt_is_kept_with_what_was_said(
    db: Database, hook: Hooking, receiver: Receiver, answer: Answer | Exception, error: str, status: int, said: str
) -> None:
    hook()
    happen(db)
    make(db)
    receiver.answer = answer
    ticks = iter((10.0, 10.25))
    (claimed,) = claim(db)
    outcome = attempts.attempt(claimed, receiver, now=NOW, clock=lambda: next(ticks))
    state = settle(db, claimed, outcome)
    assert state == ("waiting" if error else "delivered")
    (kept,) = deliveries.attempts(db, claimed.id)
    assert (kept.number, kept.at, kept.took_ms) == (1, stamp(NOW), 250)
    assert (kept.status, kept.error, kept.said) == (status, error, said)
    assert deliveries.find(db, claimed.id).attempts == 1


def test_a_partner_that_is_down_for_three_days_is_given_up_and_says_so(
    db: Database, hook: Hooking, receiver: Receiver
) -> None:
    webhook = hook()
    happen(db)
    receiver.answer = ConnectionError("down")
    now = NOW
    while make(db, now):
        work(db, receiver, now)
        now = max(moment(each.next_at) for each in waiting(db, "waiting", "failed"))
    (found,) = waiting(db, "failed")
    assert len(receiver.calls) == found.attempts == len(SCHEDULE)
    assert moment(found.settled_at) - NOW == timedelta(seconds=sum(SCHEDULE))
    disabled = webhooks.find(db, webhook.id)
    assert (disabled.state, disabled.reason) == ("disabled", "failing")
    assert events.after(db, 1, 10)[0].type == "webhook.disabled"
    # Nothing is made for it meanwhile; all that it missed follows when it is enabled.
    happen(db, entry="e2")
    assert make(db, now) == []
    receiver.answer, receiver.calls = FINE, []
    webhooks.enable(db, webhook.id, now=now)
    work(db, receiver, now)
    assert [body["data"]["id"] for body in receiver.bodies if "id" in body["data"]] == ["e1", "e2"]


def test_what_failed_is_sent_to_the_address_that_was_put_right(db: Database, hook: Hooking, receiver: Receiver) -> None:
    webhook = hook()
    happen(db)
    receiver.answer = Answer(410, {}, b"")
    work(db, receiver)
    webhooks.change(db, webhook.id, url="https://other.example/", now=NOW + timedelta(hours=1))
    webhooks.enable(db, webhook.id, now=NOW + timedelta(hours=2))
    receiver.answer = FINE
    assert work(db, receiver, NOW + timedelta(hours=2)) == 2
    assert [call.url for call in receiver.calls] == [URL, "https://other.example/", "https://other.example/"]
    assert [body["type"] for body in receiver.bodies] == ["edition.updated", "edition.updated", "webhook.disabled"]


def test_what_failed_before_may_be_left_out(db: Database, hook: Hooking, receiver: Receiver) -> None:
    webhook = hook()
    happen(db)
    make(db)
    webhooks.disable(db, webhook.id, now=NOW)
    assert [each.state for each in waiting(db, "held")] == ["held"]
    happen(db, entry="e2")
    webhooks.enable(db, webhook.id, skip=True, now=NOW)
    assert work(db, receiver) == 0
    assert [each.entry for each in waiting(db, "dropped")] == ["e1"]


def test_what_is_gone_is_disabled_at_once(db: Database, hook: Hooking, receiver: Receiver) -> None:
    webhook = hook()
    happen(db)
    happen(db, entry="e2")
    receiver.answer = Answer(410, {}, b"")
    work(db, receiver)
    assert len(receiver.calls) == 1
    assert webhooks.find(db, webhook.id).reason == "gone"
    assert [each.state for each in waiting(db, *deliveries.STATES)] == ["failed", "held"]


def test_an_entry_has_its_order_and_keeps_no_other_waiting(db: Database, hook: Hooking) -> None:
    hook()
    for entry in ("e1", "e2"):
        happen(db, entry=entry)
    make(db)
    happen(db, "edition.withdrawn")
    make(db)
    found = claim(db)
    assert [(each.entry, each.seq) for each in found] == [("e1", 1), ("e2", 2)]
    assert claim(db) == []
    settle(db, found[0], ended(500))
    assert claim(db) == []
    later = NOW + timedelta(seconds=SCHEDULE[1])
    (again,) = claim(db, later)
    assert (again.entry, again.seq, again.attempts) == ("e1", 1, 1)
    settle(db, again, ended(204, later))
    (last,) = claim(db, later)
    assert (last.entry, last.seq, last.type) == ("e1", 3, "edition.withdrawn")


def test_what_comes_after_a_failure_is_not_looked_at_before_it(db: Database, hook: Hooking) -> None:
    hook()
    happen(db)
    make(db)
    happen(db)
    make(db)
    (claimed,) = claim(db)
    settle(db, claimed, ended(500))
    happen(db)
    first, second, third = make(db)
    assert first.next_at == second.next_at == third.next_at == stamp(NOW + timedelta(seconds=5))


def test_what_is_urgent_goes_before_all_that_waits_and_takes_what_precedes_it_along(
    db: Database, hook: Hooking
) -> None:
    hook()
    for number in range(30):
        happen(db, entry=f"e{number:02}")
    make(db)
    happen(db, "edition.withdrawn", entry="e29")
    make(db)
    (first,) = claim(db, most=1)
    assert (first.entry, first.type) == ("e29", "edition.updated")
    settle(db, first, ended())
    (second,) = claim(db, most=1)
    assert (second.entry, second.type) == ("e29", "edition.withdrawn")


def test_what_is_urgent_does_not_wait_for_the_schedule_of_what_failed(db: Database, hook: Hooking) -> None:
    hook()
    happen(db)
    make(db)
    (claimed,) = claim(db)
    settle(db, claimed, ended(500))
    happen(db, "edition.withdrawn")
    make(db)
    assert [each.seq for each in claim(db)] == [1]


def test_after_an_outage_all_that_waits_goes_at_once(db: Database, hook: Hooking) -> None:
    hook()
    for entry in ("e1", "e2", "e3"):
        happen(db, entry=entry)
    make(db)
    for claimed in claim(db):
        settle(db, claimed, ended(500))
    later = NOW + timedelta(seconds=5)
    first, *others = claim(db, later)
    for claimed in others:
        settle(db, claimed, ended(500, later))
    assert claim(db, later) == []
    settle(db, first, ended(204, later))
    assert {each.entry for each in claim(db, later)} == {"e2", "e3"}


def test_one_message_that_fails_is_not_tried_whenever_another_arrives(db: Database, hook: Hooking) -> None:
    hook()
    happen(db)
    make(db)
    (claimed,) = claim(db)
    settle(db, claimed, ended(500))
    happen(db, entry="e2")
    make(db)
    (other,) = claim(db)
    settle(db, other, ended(204))
    assert claim(db) == []


def test_a_server_that_asks_for_time_gets_it_for_everything(db: Database, hook: Hooking) -> None:
    webhook, other = hook(), hook()
    for entry in ("e1", "e2"):
        happen(db, entry=entry)
    make(db)
    mine = [each for each in claim(db) if each.webhook == webhook.id]
    settle(db, mine[0], ended(429, wait=3_600))
    settle(db, mine[1], ended(204))
    happen(db, "edition.withdrawn", entry="e3")
    make(db)
    assert {each.webhook for each in claim(db, NOW + timedelta(minutes=59))} == {other.id}
    assert [each.entry for each in claim(db, NOW + timedelta(hours=1)) if each.webhook == webhook.id] == ["e3", "e1"]


def test_what_a_worker_leaves_behind_is_taken_up_when_its_lease_ends(db: Database, hook: Hooking) -> None:
    hook()
    happen(db)
    make(db)
    (lost,) = claim(db)
    assert claim(db, NOW + LEASE - timedelta(seconds=1)) == []
    (again,) = claim(db, NOW + LEASE)
    assert (again.id, again.message) == (lost.id, lost.message)
    # What the first one says, late, changes nothing but the list of attempts.
    assert settle(db, lost, ended(500)) == "sending"
    assert settle(db, again, ended(204)) == "delivered"
    assert settle(db, lost, ended(500)) == "delivered"
    assert [each.status for each in deliveries.attempts(db, lost.id)] == [500, 204, 500]


def test_no_webhook_takes_all_workers(db: Database, hook: Hooking) -> None:
    busy, failing, calm = hook(), hook(), hook(events=["edition.withdrawn"])
    for number in range(20):
        happen(db, entry=f"e{number}")
    make(db)
    happen(db, "edition.withdrawn", entry="last")
    make(db)
    found = [each.webhook for each in claim(db, most=50, failing={failing.id})]
    assert (found.count(busy.id), found.count(failing.id), found.count(calm.id)) == (AT_ONCE, 1, 1)
    assert claim(db, most=50, failing={failing.id}) == []
    assert len(claim(db, most=50)) == AT_ONCE - 1


def test_no_more_is_taken_than_asked_for_and_from_each_in_turn(db: Database, hook: Hooking) -> None:
    first, second = hook(), hook()
    for number in range(5):
        happen(db, entry=f"e{number}")
    make(db)
    assert {each.webhook for each in claim(db, most=2)} == {first.id, second.id}
    assert claim(db, most=0) == []


def test_a_suspended_partner_is_told_nothing_until_it_is_let_in_again(
    db: Database, partner: Partner, hook: Hooking, receiver: Receiver
) -> None:
    hook()
    happen(db)
    make(db)
    partners.suspend(db, partner.id)
    happen(db, entry="e2")
    assert work(db, receiver) == 0
    partners.resume(db, partner.id)
    assert work(db, receiver) == 2


def test_a_webhook_that_is_disabled_while_something_is_on_its_way_keeps_it(db: Database, hook: Hooking) -> None:
    webhook = hook()
    happen(db)
    make(db)
    (claimed,) = claim(db)
    webhooks.disable(db, webhook.id, now=NOW)
    assert settle(db, claimed, ended(500)) == "held"
    webhooks.enable(db, webhook.id, now=NOW)
    assert len(claim(db)) == 1


def test_a_webhook_that_is_taken_away_while_something_is_on_its_way_is_no_error(db: Database, hook: Hooking) -> None:
    webhook = hook()
    happen(db)
    make(db)
    (claimed,) = claim(db)
    webhooks.remove(db, webhook.id)
    assert settle(db, claimed, ended(204)) == "dropped"


def test_a_ping_is_tried_once_and_disables_nothing(db: Database, hook: Hooking, receiver: Receiver) -> None:
    webhook = hook()
    pinged = deliveries.ping(db, webhook.id, now=NOW)
    receiver.answer = BROKEN
    work(db, receiver)
    assert receiver.bodies == [
        {"type": "webhook.ping", "timestamp": stamp(NOW), "data": {"webhook": webhook.id, "id": pinged.message}}
    ]
    assert deliveries.find(db, pinged.id).state == "failed"
    assert webhooks.find(db, webhook.id).is_active
    assert work(db, receiver, NOW + timedelta(days=1)) == 0


def test_one_ping_waits_at_a_time(db: Database, hook: Hooking, receiver: Receiver) -> None:
    webhook = hook()
    pinged = deliveries.ping(db, webhook.id, now=NOW)
    assert deliveries.ping(db, webhook.id, now=NOW) == pinged
    work(db, receiver)
    assert deliveries.ping(db, webhook.id, now=NOW) != pinged


def test_a_ping_overtakes_what_waits(db: Database, hook: Hooking) -> None:
    webhook = hook()
    for number in range(5):
        happen(db, entry=f"e{number}")
    make(db)
    pinged = deliveries.ping(db, webhook.id, now=NOW)
    assert claim(db, most=1)[0].id == pinged.id


def test_what_is_disabled_is_not_pinged(db: Database, hook: Hooking) -> None:
    webhook = hook()
    webhooks.disable(db, webhook.id, now=NOW)
    with pytest.raises(Refused):
        deliveries.ping(db, webhook.id, now=NOW)
    webhooks.enable(db, webhook.id, now=NOW)
    partners.suspend(db, webhook.partner)
    with pytest.raises(Refused):
        deliveries.ping(db, webhook.id, now=NOW)
    with pytest.raises(NotFound):
        deliveries.ping(db, "nothing", now=NOW)


def test_one_delivery_is_taken_by_name_whatever_waits_before_it(db: Database, hook: Hooking) -> None:
    hook()
    happen(db)
    make(db)
    happen(db)
    first, second = make(db)
    assert leases.claim_one(db, second.id, NOW).id == second.id
    with pytest.raises(Refused):
        leases.claim_one(db, second.id, NOW)
    assert leases.claim_one(db, first.id, NOW).message == first.message


def test_a_replay_is_the_same_message_again(db: Database, hook: Hooking, receiver: Receiver) -> None:
    hook()
    happen(db)
    work(db, receiver)
    (found,) = waiting(db, "delivered")
    assert deliveries.replay(db, found.id, now=NOW).state == "waiting"
    work(db, receiver, NOW + timedelta(minutes=1))
    first, second = receiver.calls
    assert (first.body, first.headers["webhook-id"]) == (second.body, second.headers["webhook-id"])
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]
    assert [each.number for each in deliveries.attempts(db, found.id)] == [1, 2]


def test_a_replay_of_what_waits_sends_it_now(db: Database, hook: Hooking, receiver: Receiver) -> None:
    webhook = hook()
    happen(db)
    receiver.answer = BROKEN
    work(db, receiver)
    (found,) = waiting(db)
    deliveries.replay(db, found.id, now=NOW)
    (claimed,) = claim(db)
    assert claimed.attempts == 1
    with pytest.raises(Refused):
        deliveries.replay(db, found.id, now=NOW)
    webhooks.disable(db, webhook.id, now=NOW)
    with pytest.raises(Refused):
        deliveries.replay(db, found.id, now=NOW)


def test_all_since_a_moment_is_sent_again(db: Database, hook: Hooking, receiver: Receiver) -> None:
    webhook = hook()
    for number in range(3):
        happen(db, entry=f"e{number}")
        work(db, receiver, NOW + timedelta(hours=number))
    deliveries.ping(db, webhook.id, now=NOW + timedelta(hours=2))
    work(db, receiver, NOW + timedelta(hours=2))
    assert deliveries.replay_since(db, webhook.id, NOW + timedelta(hours=1), now=NOW + timedelta(hours=3)) == 2
    assert work(db, receiver, NOW + timedelta(hours=3)) == 2


def test_deliveries_are_listed_newest_first(db: Database, hook: Hooking, receiver: Receiver) -> None:
    first, second = hook(), hook(locales=["en"])
    for number in range(3):
        happen(db, entry=f"e{number}")
        make(db, NOW + timedelta(seconds=number))
    (claimed, *_) = claim(db, NOW + timedelta(seconds=3))
    settle(db, claimed, ended())
    total, found = deliveries.of(db, [first.id, second.id], limit=2)
    assert (total, [each.entry for each in found]) == (3, ["e2", "e1"])
    assert deliveries.of(db, [first.id], state="delivered")[0] == 1
    assert deliveries.of(db, [second.id]) == deliveries.of(db, []) == (0, [])
    assert deliveries.counts(db, [first.id]) == {first.id: {"delivered": 1, "sending": 2}}


def test_a_partner_sees_its_own_alone(db: Database, partner: Partner, add: Adding, hook: Hooking) -> None:
    hook()
    happen(db)
    (found,) = make(db)
    assert deliveries.find(db, found.id, partner.id) == found
    with pytest.raises(NotFound):
        deliveries.find(db, found.id, add("Another").id)


def test_what_was_settled_long_ago_is_forgotten(db: Database, hook: Hooking, receiver: Receiver) -> None:
    hook()
    happen(db)
    work(db, receiver)
    receiver.answer = BROKEN
    happen(db, entry="e2")
    work(db, receiver)
    deliveries.forget_old(db, NOW + timedelta(days=89))
    assert len(waiting(db, "delivered", "waiting")) == 2
    deliveries.forget_old(db, NOW + timedelta(days=91))
    assert [each.entry for each in waiting(db, "delivered", "waiting")] == ["e2"]
    assert db.table("delivery_attempt").count_where() == 1


def test_what_an_unpublish_takes_away_is_told(db: Database, hook: Hooking, receiver: Receiver) -> None:
    article = published(db, "article")
    hook(types=["article"])
    unpublish(db, article, now=NOW)
    work(db, receiver)
    assert receiver.told == [("edition.unpublished", ["nl"])]
    assert receiver.bodies[0]["data"]["locales"][0]["status"] == 404


def test_a_ping_is_no_event(db: Database, hook: Hooking) -> None:
    deliveries.ping(db, hook().id, now=NOW)
    assert events.latest(db) == 0
    assert messages.PING not in messages.EVENTS
