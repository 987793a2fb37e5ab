"""Webhooks in somebody's name: who may, who may not, and what stands in the audit."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from cms.desk import delivering
from cms.errors import Forbidden
from cms.partners import deliveries, partners, webhooks
from cms.partners.partners import Partner
from cms.people import audit
from cms.people.rights import OPERATOR, ROLES, Actor
from cms.store import Database
from tests.builders import BY, NOW, SITE

URL = "https://partner.example/tolk"
MAY = {"administrator", "partner_manager"}

Doing = Callable[[Database, Actor, str, str, str], Any]
DEEDS: dict[str, Doing] = {
    "webhook.add": lambda db, actor, partner, webhook, delivery: delivering.add(db, actor, partner, url=URL, now=NOW),
    "webhook.change": lambda db, actor, partner, webhook, delivery: delivering.change(
        db, actor, webhook, locales=["nl"], now=NOW
    ),
    "webhook.rotate": lambda db, actor, partner, webhook, delivery: delivering.rotate(db, actor, webhook, now=NOW),
    "webhook.disable": lambda db, actor, partner, webhook, delivery: delivering.disable(db, actor, webhook, now=NOW),
    "webhook.ping": lambda db, actor, partner, webhook, delivery: delivering.ping(db, actor, webhook, now=NOW),
    "webhook.remove": lambda db, actor, partner, webhook, delivery: delivering.remove(db, actor, webhook, now=NOW),
    "delivery.replay": lambda db, actor, partner, webhook, delivery: delivering.replay(db, actor, delivery, now=NOW),
}


@pytest.fixture
def partner(db: Database) -> Partner:
    return partners.add(db, SITE, name="RugNetwerk", by=BY, now=NOW)


@pytest.fixture
def webhook(db: Database, partner: Partner) -> str:
    return webhooks.add(db, partner.id, url=URL, now=NOW)[0].id


@pytest.fixture
def delivery(db: Database, webhook: str) -> str:
    return deliveries.ping(db, webhook, now=NOW).id


def person(*roles: str) -> Actor:
    return Actor("u", "Ada", "person", frozenset(roles))


@pytest.mark.parametrize("deed", DEEDS)
def test_who_looks_after_partners_may_and_nobody_else(
    db: Database, partner: Partner, webhook: str, delivery: str, deed: str
) -> None:
    stranger = partners.add(db, SITE, name="Another", by=BY, now=NOW)
    for actor in (*(person(role) for role in ROLES if role not in MAY), delivering.itself(stranger)):
        with pytest.raises(Forbidden):
            DEEDS[deed](db, actor, partner.id, webhook, delivery)
    assert audit.entries(db) == []


@pytest.mark.parametrize("who", [*sorted(MAY), "operator", "partner"])
@pytest.mark.parametrize("deed", DEEDS)
def test_what_is_done_is_audited(
    db: Database, partner: Partner, webhook: str, delivery: str, deed: str, who: str
) -> None:
    actors = {"operator": OPERATOR, "partner": delivering.itself(partner, "192.0.2.7")}
    actor = actors.get(who) or person(who)
    DEEDS[deed](db, actor, partner.id, webhook, delivery)
    (done,) = audit.entries(db)
    assert (done.action, done.actor, done.actor_kind, done.address) == (deed, actor.id, actor.kind, actor.address)
    assert done.note == f"RugNetwerk: {URL}"
    assert "whsec_" not in str(done)


def test_what_changes_nothing_leaves_no_trace(db: Database, webhook: str) -> None:
    delivering.enable(db, OPERATOR, webhook, now=NOW)
    delivering.disable(db, OPERATOR, webhook, now=NOW)
    delivering.disable(db, OPERATOR, webhook, now=NOW + timedelta(hours=1))
    assert [each.action for each in audit.entries(db)] == ["webhook.disable"]


def test_all_since_a_moment_is_one_line(db: Database, webhook: str) -> None:
    since = datetime.fromisoformat("2026-03-01T08:00:00+01:00")
    assert delivering.replay_since(db, OPERATOR, webhook, since, now=NOW) == 0
    (done,) = audit.entries(db)
    assert done.after == {"since": "2026-03-01T08:00:00+01:00", "messages": 0}
