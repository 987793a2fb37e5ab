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
class Sent:
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
class Whole:
    """A message with what it says, and each attempt with what was answered."""

    delivery: Sent
    body: Any
    attempts: Sequence[Attempt]


@group.does("GET", "/deliveries", needs=(), gives=listed(Sent), query=(WEBHOOK, STATE, PAGE, LIMIT))
def list_deliveries(call: Call) -> Answer:
    """List deliveries, those that were made last first; they are kept for 90 days."""
    own = [each.id for each in webhooks.of(call.db, call.actor.id)]
    if call.asked["webhook"]:
        own = [webhooks.find(call.db, call.asked["webhook"], call.actor.id).id]
    total, found = deliveries.of(
        call.db, own, state=call.asked["state"] or "", limit=call.asked["limit"], offset=offset(call.asked)
    )
    return page(call, total, [sent(each) for each in found])


@group.does("GET", "/deliveries/<delivery>", needs=(), gives=Whole)
def get_delivery(call: Call, delivery: str) -> Answer:
    """Read a delivery: the message, and what was answered at each attempt."""
    found = deliveries.find(call.db, delivery, call.actor.id)
    return Answer(Whole(sent(found), orjson.loads(found.body), deliveries.attempts(call.db, found.id)))


@group.does("POST", "/deliveries/<delivery>/replay", needs=(), gives={202: Sent})
def replay_delivery(call: Call, delivery: str) -> Answer:
    """Have a message sent again, under the same id; one that waits goes now."""
    id = deliveries.find(call.db, delivery, call.actor.id).id
    return Answer(sent(delivering.replay(call.db, call.actor, id, now=call.now)), 202)


def sent(delivery: Delivery) -> Sent:
    """Return a delivery as partners are shown it."""
    shown = {name: getattr(delivery, name) for name in Sent.__dataclass_fields__}
    # What goes before everything else has no moment of its own.
    return Sent(**{**shown, "next_at": delivery.next_at or delivery.made_at})
