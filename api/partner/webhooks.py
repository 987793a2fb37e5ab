"""Webhooks of the partner that asks: added, changed, tried, enabled and disabled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app

from api.manage.bodies import Body, Moment
from api.manage.operations import Answer, Call, Group
from api.manage.webhooks import Change, Enable, New, Rotate
from api.partner.deliveries import OwnDelivery, shown
from cms.desk import delivering
from cms.partners import deliveries, webhooks
from cms.partners.webhooks import ROTATION, Webhook
from cms.store import Database

group = Group("webhooks", "Where the partner is told of what happens: Standard Webhooks 1.0.")


class Since(Body):
    """From which moment on."""

    since = Moment(required=True)


@dataclass(frozen=True)
class OwnWebhook:
    """A webhook: `reason` says why it is disabled, `deliveries` how many are in which state."""

    id: str
    url: str
    events: Sequence[str]
    types: Sequence[str]
    locales: Sequence[str]
    topics: Sequence[str]
    state: str
    reason: str
    created_at: str
    changed_at: str
    deliveries: Mapping[str, int]


@dataclass(frozen=True)
class OwnWebhookSecret:
    """A webhook with a secret, which is never to be had again."""

    webhook: OwnWebhook
    secret: str


@dataclass(frozen=True)
class Replayed:
    """How many messages are sent again."""

    messages: int


@group.does("GET", "/webhooks", needs=(), gives=list[OwnWebhook])
def list_webhooks(call: Call) -> Answer:
    """List the webhooks, the oldest first."""
    return Answer([_shown(call.db, webhook) for webhook in webhooks.of(call.db, call.actor.id)])


@group.does("POST", "/webhooks", needs=(), gives={201: OwnWebhookSecret}, body=New(), once=True)
def add_webhook(call: Call) -> Answer:
    """Add a webhook; its secret is in this answer alone."""
    webhook, secret = delivering.add(call.db, call.actor, call.actor.id, private=_private(), now=call.now, **call.given)
    where = f"{call.site.url}/v1/partner/webhooks/{webhook.id}"
    return Answer(OwnWebhookSecret(_shown(call.db, webhook), secret), 201, {"Location": where})


@group.does("GET", "/webhooks/<webhook>", needs=(), gives=OwnWebhook)
def get_webhook(call: Call, webhook: str) -> Answer:
    """Read a webhook: what it asks for, whether it works, what waits for it."""
    return Answer(_shown(call.db, _own(call, webhook)))


@group.does("PATCH", "/webhooks/<webhook>", needs=(), gives=OwnWebhook, body=Change())
def change_webhook(call: Call, webhook: str) -> Answer:
    """Change the address of a webhook, or what it asks for."""
    id = _own(call, webhook).id
    changed = delivering.change(call.db, call.actor, id, private=_private(), now=call.now, **call.given)
    return Answer(_shown(call.db, changed))


@group.does("DELETE", "/webhooks/<webhook>", needs=(), gives={204: None})
def remove_webhook(call: Call, webhook: str) -> Answer:
    """Take a webhook away, with the log of its deliveries."""
    delivering.remove(call.db, call.actor, _own(call, webhook).id, now=call.now)
    return Answer(status=204)


@group.does("POST", "/webhooks/<webhook>/secret", needs=(), gives=OwnWebhookSecret, body=Rotate(), once=True)
def rotate_secret(call: Call, webhook: str) -> Answer:
    """Make another secret; until the one before ends, messages are signed with both."""
    after = timedelta(hours=call.given["hours"]) if "hours" in call.given else ROTATION
    changed, secret = delivering.rotate(call.db, call.actor, _own(call, webhook).id, after=after, now=call.now)
    return Answer(OwnWebhookSecret(_shown(call.db, changed), secret))


@group.does("POST", "/webhooks/<webhook>/disable", needs=(), gives=OwnWebhook)
def disable_webhook(call: Call, webhook: str) -> Answer:
    """Have a webhook told nothing more; what waits is held."""
    return Answer(_shown(call.db, delivering.disable(call.db, call.actor, _own(call, webhook).id, now=call.now)))


@group.does("POST", "/webhooks/<webhook>/enable", needs=(), gives=OwnWebhook, body=Enable())
def enable_webhook(call: Call, webhook: str) -> Answer:
    """Have a webhook told again, and all that it missed."""
    id, skip = _own(call, webhook).id, bool(call.given.get("skip"))
    return Answer(_shown(call.db, delivering.enable(call.db, call.actor, id, skip=skip, now=call.now)))


@group.does("POST", "/webhooks/<webhook>/ping", needs=(), gives={202: OwnDelivery})
def ping_webhook(call: Call, webhook: str) -> Answer:
    """Have a message sent that only shows that messages arrive; read the delivery to see how it went."""
    return Answer(shown(delivering.ping(call.db, call.actor, _own(call, webhook).id, now=call.now)), 202)


@group.does("POST", "/webhooks/<webhook>/replay", needs=(), gives={202: Replayed}, body=Since())
def replay_since(call: Call, webhook: str) -> Answer:
    """Have all messages sent again that were made since a moment."""
    id, since = _own(call, webhook).id, call.given["since"]
    return Answer(Replayed(delivering.replay_since(call.db, call.actor, id, since, now=call.now)), 202)


def _own(call: Call, id: str) -> Webhook:
    """Return a webhook of the partner that asks; those of others are not there. Raises NotFound."""
    return webhooks.find(call.db, id, call.actor.id)


def _private() -> bool:
    return bool(current_app.config["WEBHOOK_PRIVATE"])


def _shown(db: Database, webhook: Webhook) -> OwnWebhook:
    facts = webhooks.as_facts(webhook)
    names = OwnWebhook.__dataclass_fields__.keys() - {"deliveries"}
    counts = deliveries.counts(db, [webhook.id])[webhook.id]
    return OwnWebhook(**{name: facts[name] for name in names}, deliveries=counts)
