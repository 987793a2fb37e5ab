"""Deliveries to the partner that asks: what it was told, how that went, and telling it again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from api.manage.asking import LIMIT, PAGE, listed, offset, page, words
from api.manage.operations import Answer, Call, Group
from api.public.parameters import one_of
from cms.desk import delivering
from cms.partners import deliveries, webhooks
from cms.partners.deliveries import STATES, Attempt, Delivery

group = Group("deliveries", "What the partner was told, and how that went.")
WEBHOOK = words("webhook", "Only to this webhook.", 80)
STATE = one_of("state", "Only those in this state.", STATES)


@dataclass(frozen=True)
class OwnDelivery:
    """A message on its way: `message` is its `webhook-id`, `attempts` how often it was tried, `next_at` when again."""

    id: str
    webhook: str
    message: str
    type: str
    entry: str
    state: str
    attempts: int
    next_at: str
    made_at: str
    settled_at: str


@dataclass(frozen=True)
class DeliveryLog:
    """A message with what it says, and each attempt with what was answered."""

    delivery: OwnDelivery
    body: Any
    attempts: Sequence[Attempt]


@group.does("GET", "/deliveries", needs=(), gives=listed(OwnDelivery), query=(WEBHOOK, STATE, PAGE, LIMIT))
def list_deliveries(call: Call) -> Answer:
    """List deliveries, those that were made last first; they are kept for 90 days."""
    own = [each.id for each in webhooks.of(call.db, call.actor.id)]
    if call.asked["webhook"]:
        own = [webhooks.find(call.db, call.asked["webhook"], call.actor.id).id]
    total, found = deliveries.of(
        call.db, own, state=call.asked["state"] or "", limit=call.asked["limit"], offset=offset(call.asked)
    )
    return page(call, total, [shown(each) for each in found])


@group.does("GET", "/deliveries/<delivery>", needs=(), gives=DeliveryLog)
def get_delivery(call: Call, delivery: str) -> Answer:
    """Read a delivery: the message, and what was answered at each attempt."""
    found = deliveries.find(call.db, delivery, call.actor.id)
    return Answer(DeliveryLog(shown(found), orjson.loads(found.body), deliveries.attempts(call.db, found.id)))


@group.does("POST", "/deliveries/<delivery>/replay", needs=(), gives={202: OwnDelivery})
def replay_delivery(call: Call, delivery: str) -> Answer:
    """Have a message sent again, under the same id; one that waits goes now."""
    id = deliveries.find(call.db, delivery, call.actor.id).id
    return Answer(shown(delivering.replay(call.db, call.actor, id, now=call.now)), 202)


def shown(delivery: Delivery) -> OwnDelivery:
    """Return a delivery as partners are shown it."""
    facts = {name: getattr(delivery, name) for name in OwnDelivery.__dataclass_fields__}
    # What goes before everything else has no moment of its own.
    return OwnDelivery(**{**facts, "next_at": delivery.next_at or delivery.made_at})
