"""Webhooks of partners, and what became of each message that they were to be told."""

from dataclasses import dataclass
from datetime import timedelta

from flask import current_app

from api.manage.asking import LIMIT, PAGE, listed, offset, page
from api.manage.bodies import Body, Id
from api.manage.operations import Answer, Call, Group
from api.public.parameters import Parameter, one_of
from cms.content.fields import Choice, Flag, Inline, ListOf, Whole
from cms.desk import delivering
from cms.partners import deliveries, partners, webhooks
from cms.partners.deliveries import STATES, Attempt, Delivery
from cms.partners.messages import EVENTS
from cms.partners.webhooks import MOST_HOURS, Webhook
from cms.people.rights import require

group = Group("webhooks", "Where partners are told of what happens, and what became of each message.")
ACTION = "partners.manage"
STATE: Parameter = one_of("state", "Only deliveries in this state.", STATES)


class Change(Body):
    """What is to be different; what is not named stays. No events, types, locales or topics means all."""

    url = Inline(max_length=2_000)
    events = ListOf(Choice(*EVENTS), maximum=len(EVENTS))
    types = ListOf(Inline(max_length=80), maximum=100)
    locales = ListOf(Inline(max_length=40), maximum=200)
    topics = ListOf(Id(), maximum=1_000)


class New(Change):
    """A webhook to be added."""

    url = Inline(required=True, max_length=2_000)


class Rotate(Body):
    """For how long the secret before goes on beside the new one."""

    hours = Whole(minimum=0, maximum=MOST_HOURS)


class Enable(Body):
    """Whether what it missed is to be skipped."""

    skip = Flag()


@dataclass(frozen=True)
class Told:
    """A webhook as it is listed, without its secrets."""

    id: str
    partner: str
    url: str
    events: list[str]
    types: list[str]
    locales: list[str]
    topics: list[str]
    state: str
    reason: str
    created_at: str
    changed_at: str


@dataclass(frozen=True)
class WebhookSecret:
    """A webhook with its newest secret, which is in this answer alone."""

    webhook: Told
    secret: str


@dataclass(frozen=True)
class DeliveryLog:
    """A delivery with all its attempts."""

    delivery: Delivery
    attempts: list[Attempt]


@group.does("GET", "/partners/<partner>/webhooks", needs=ACTION, gives=list[Told])
def list_webhooks(call: Call, partner: str) -> Answer:
    """List the webhooks of a partner."""
    require(call.actor, ACTION)
    return Answer([_told(each) for each in webhooks.of(call.db, partners.find(call.db, partner).id)])


@group.does("POST", "/partners/<partner>/webhooks", needs=ACTION, gives={201: WebhookSecret}, body=New(), once=True)
def add_webhook(call: Call, partner: str) -> Answer:
    """Add a webhook of a partner; its secret is in this answer alone."""
    made, secret = delivering.add(call.db, call.actor, partner, private=_private(), now=call.now, **call.given)
    return Answer(WebhookSecret(_told(made), secret), 201)


@group.does("GET", "/webhooks/<webhook>", needs=ACTION, gives=Told)
def get_webhook(call: Call, webhook: str) -> Answer:
    """Read a webhook."""
    require(call.actor, ACTION)
    return Answer(_told(webhooks.find(call.db, webhook)))


@group.does("PATCH", "/webhooks/<webhook>", needs=ACTION, gives=Told, body=Change())
def change_webhook(call: Call, webhook: str) -> Answer:
    """Change a webhook."""
    changed = delivering.change(call.db, call.actor, webhook, private=_private(), now=call.now, **call.given)
    return Answer(_told(changed))


@group.does("DELETE", "/webhooks/<webhook>", needs=ACTION, gives={204: None})
def remove_webhook(call: Call, webhook: str) -> Answer:
    """Take a webhook away, with the log of its deliveries."""
    delivering.remove(call.db, call.actor, webhook, now=call.now)
    return Answer(None, 204)


@group.does("POST", "/webhooks/<webhook>/rotate", needs=ACTION, gives=WebhookSecret, body=Rotate())
def rotate_webhook(call: Call, webhook: str) -> Answer:
    """Give a webhook another secret; messages are signed with both for a while."""
    after = timedelta(hours=call.given["hours"]) if "hours" in call.given else webhooks.ROTATION
    changed, secret = delivering.rotate(call.db, call.actor, webhook, after=after, now=call.now)
    return Answer(WebhookSecret(_told(changed), secret))


@group.does("POST", "/webhooks/<webhook>/disable", needs=ACTION, gives=Told)
def disable_webhook(call: Call, webhook: str) -> Answer:
    """Tell a webhook nothing more until it is enabled."""
    return Answer(_told(delivering.disable(call.db, call.actor, webhook, now=call.now)))


@group.does("POST", "/webhooks/<webhook>/enable", needs=ACTION, gives=Told, body=Enable())
def enable_webhook(call: Call, webhook: str) -> Answer:
    """Tell a webhook again, also what it missed unless that is skipped."""
    skip = bool(call.given.get("skip"))
    return Answer(_told(delivering.enable(call.db, call.actor, webhook, skip=skip, now=call.now)))


@group.does("POST", "/webhooks/<webhook>/ping", needs=ACTION, gives={201: Delivery})
def ping_webhook(call: Call, webhook: str) -> Answer:
    """Send a message that only shows that messages arrive."""
    return Answer(delivering.ping(call.db, call.actor, webhook, now=call.now), 201)


@group.does("GET", "/webhooks/<webhook>/deliveries", needs=ACTION, gives=listed(Delivery), query=(STATE, PAGE, LIMIT))
def list_deliveries(call: Call, webhook: str) -> Answer:
    """List the deliveries of a webhook, the newest first."""
    require(call.actor, ACTION)
    found = webhooks.find(call.db, webhook)
    state = call.asked["state"] or ""
    total, some = deliveries.of(call.db, [found.id], state=state, limit=call.asked["limit"], offset=offset(call.asked))
    return page(call, total, some)


@group.does("GET", "/deliveries/<delivery>", needs=ACTION, gives=DeliveryLog)
def get_delivery(call: Call, delivery: str) -> Answer:
    """Read a delivery, with its attempts and what was answered."""
    require(call.actor, ACTION)
    found = deliveries.find(call.db, delivery)
    return Answer(DeliveryLog(found, deliveries.attempts(call.db, found.id)))


@group.does("POST", "/deliveries/<delivery>/replay", needs=ACTION, gives=Delivery)
def replay_delivery(call: Call, delivery: str) -> Answer:
    """Send a message again, under its own name."""
    return Answer(delivering.replay(call.db, call.actor, delivery, now=call.now))


def _told(webhook: Webhook) -> Told:
    facts = webhooks.as_facts(webhook)
    return Told(**{name: facts[name] for name in Told.__dataclass_fields__})


def _private() -> bool:
    return bool(current_app.config["WEBHOOK_PRIVATE"])
