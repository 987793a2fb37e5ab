"""Webhooks: what may be asked for, secrets that are rotated, and what becomes of what waits for one."""

from datetime import timedelta
from typing import Any

import pytest

from cms.content.identity import stamp
from cms.errors import Invalid, NotFound, Refused
from cms.partners import webhooks
from cms.partners.partners import Partner
from cms.partners.webhooks import Webhook
from cms.publish import events
from cms.store import Database, write
from tests.builders import published
from tests.cms.partners.conftest import NOW, Adding

URL = "https://partner.example/tolk"


@pytest.fixture
def partner(add: Adding) -> Partner:
    return add()


def made(db: Database, partner: Partner, **fields: Any) -> tuple[Webhook, str]:
    return webhooks.add(db, partner.id, **{"url": URL, "now": NOW, **fields})


def problems(error: pytest.ExceptionInfo[Invalid]) -> dict[str, str]:
    return {problem.pointer: problem.code for problem in error.value.problems}


def test_a_webhook_is_told_of_what_happens_from_now_on(db: Database, partner: Partner) -> None:
    published(db, "topic")
    webhook, secret = made(db, partner, events=["edition.withdrawn"], locales=["nl"], types=["article"])
    assert webhooks.find(db, webhook.id) == webhook
    assert (webhook.url, webhook.state, webhook.position) == (URL, "active", events.latest(db))
    assert (webhook.events, webhook.locales, webhook.types) == (("edition.withdrawn",), ("nl",), ("article",))
    assert webhook.live_secrets(NOW) == [secret]


def test_a_secret_is_what_the_standard_asks_for_and_not_shown(db: Database, partner: Partner) -> None:
    webhook, secret = made(db, partner)
    assert secret.startswith("whsec_") and len(secret) == len("whsec_") + 44
    assert secret not in repr(webhook)
    assert secret not in str(webhooks.as_facts(webhook))
    assert made(db, partner)[1] != secret


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"url": ""}, {"/url": "blank"}),
        ({"url": "partner.example"}, {"/url": "not_a_link"}),
        ({"url": "ftp://partner.example/"}, {"/url": "not_a_link"}),
        ({"url": "https://partner.example:99999/"}, {"/url": "not_a_link"}),
        ({"url": "https://[::1/"}, {"/url": "not_a_link"}),
        ({"url": "http://partner.example/"}, {"/url": "needs_https"}),
        ({"url": "https://user:word@partner.example/"}, {"/url": "not_a_target"}),
        ({"url": "https://partner.example/#here"}, {"/url": "not_a_target"}),
        ({"url": "https://127.0.0.1/"}, {"/url": "target_refused"}),
        ({"url": "https://[::1]/"}, {"/url": "target_refused"}),
        ({"url": "https://10.1.2.3/"}, {"/url": "target_refused"}),
        ({"url": "https://localhost/"}, {"/url": "target_refused"}),
        ({"url": "https://db.internal/"}, {"/url": "target_refused"}),
        ({"events": ["edition.eaten"]}, {"/events/0": "not_a_choice"}),
        ({"events": ["webhook.ping"]}, {"/events/0": "not_a_choice"}),
        ({"types": ["recipe"]}, {"/types/0": "not_a_choice"}),
        ({"locales": ["nl", "klingon!"]}, {"/locales/1": "not_a_language_tag"}),
        ({"topics": ["rug"]}, {"/topics/0": "not_an_entry_id"}),
        ({"topics": ["0198a000-0000-7000-8000-000000000001"]}, {"/topics/0": "no_such_entry"}),
        ({"url": "x", "types": ["recipe"]}, {"/url": "not_a_link", "/types/0": "not_a_choice"}),
    ],
)
def test_what_cannot_be_is_refused_all_at_once(
    db: Database, partner: Partner, fields: dict[str, Any], expected: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as error:
        made(db, partner, **fields)
    assert problems(error) == expected


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/tolk", "http://tolk.internal/", "https://10.0.0.1/"])
def test_ones_own_network_is_a_setting(db: Database, partner: Partner, url: str) -> None:
    assert made(db, partner, url=url, private=True)[0].url == url


def test_a_partner_has_no_more_than_twenty(db: Database, partner: Partner, add: Adding) -> None:
    with write(db):
        for _ in range(webhooks.MOST_WEBHOOKS):
            made(db, partner)
    with pytest.raises(Refused):
        made(db, partner)
    made(db, add("Another"))


def test_a_partner_must_be_there(db: Database) -> None:
    with pytest.raises(NotFound):
        webhooks.add(db, "nobody", url=URL, now=NOW)


def test_what_is_named_is_changed_and_judged(db: Database, partner: Partner) -> None:
    webhook, _ = made(db, partner, url="http://127.0.0.1/", private=True, locales=["nl"])
    changed = webhooks.change(db, webhook.id, locales=["en", "en"], now=NOW + timedelta(1))
    assert (changed.url, changed.locales, changed.changed_at) == (webhook.url, ("en",), stamp(NOW + timedelta(1)))
    with pytest.raises(Invalid) as error:
        webhooks.change(db, webhook.id, url="http://127.0.0.1/", colour="red", now=NOW)
    assert problems(error) == {"/url": "needs_https", "/colour": "unknown_field"}
    with pytest.raises(NotFound):
        webhooks.change(db, "nothing", url=URL, now=NOW)


def test_two_secrets_are_live_while_one_is_rotated(db: Database, partner: Partner) -> None:
    webhook, first = made(db, partner)
    webhook, second = webhooks.rotate(db, webhook.id, now=NOW)
    assert webhook.live_secrets(NOW) == [second, first]
    assert webhook.live_secrets(NOW + timedelta(hours=23)) == [second, first]
    assert webhook.live_secrets(NOW + timedelta(hours=24)) == [second]
    webhook, third = webhooks.rotate(db, webhook.id, now=NOW)
    assert webhook.live_secrets(NOW) == [third, second]


def test_a_secret_that_leaked_ends_at_once(db: Database, partner: Partner) -> None:
    webhook, first = made(db, partner)
    webhook, second = webhooks.rotate(db, webhook.id, after=timedelta(0), now=NOW)
    assert webhook.live_secrets(NOW) == [second]
    assert first not in str(list(db.table("webhook").rows_where()))
    with pytest.raises(Invalid):
        webhooks.rotate(db, webhook.id, after=timedelta(hours=169), now=NOW)


def test_who_asks_for_it_is_not_told_that_it_is_disabled(db: Database, partner: Partner) -> None:
    webhook, _ = made(db, partner)
    assert webhooks.disable(db, webhook.id, now=NOW).reason == "asked"
    assert events.latest(db) == 0
    enabled = webhooks.enable(db, webhook.id, now=NOW)
    assert (enabled.state, enabled.reason) == ("active", "")
    assert webhooks.enable(db, webhook.id, now=NOW) == enabled


def test_that_one_disabled_itself_is_an_event(db: Database, partner: Partner) -> None:
    webhook, _ = made(db, partner)
    webhooks.disable(db, webhook.id, "failing", now=NOW)
    webhooks.disable(db, webhook.id, "gone", now=NOW)
    (event,) = events.after(db, 0, 10)
    assert (event.type, event.entry, event.data) == (
        "webhook.disabled", "",
        {"partner": partner.id, "webhook": webhook.id, "url": URL, "reason": "failing"},
    )  # fmt: skip


def test_each_partner_has_its_own(db: Database, partner: Partner, add: Adding) -> None:
    other = add("Another")
    webhook, _ = made(db, partner)
    foreign, _ = made(db, other)
    assert [each.id for each in webhooks.of(db, partner.id)] == [webhook.id]
    assert {each.id for each in webhooks.every(db)} == {webhook.id, foreign.id}
    assert webhooks.find(db, webhook.id, partner.id) == webhook
    with pytest.raises(NotFound):
        webhooks.find(db, foreign.id, partner.id)


def test_one_that_is_taken_away_leaves_nothing(db: Database, partner: Partner) -> None:
    webhook, _ = made(db, partner)
    webhooks.remove(db, webhook.id)
    assert webhooks.of(db, partner.id) == []
    with pytest.raises(NotFound):
        webhooks.remove(db, webhook.id)
