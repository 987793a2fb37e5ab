"""Webhooks in somebody's name: of one of us who looks after partners, or of the partner itself. It sends nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from cms.errors import Forbidden
from cms.partners import deliveries, partners, webhooks
from cms.partners.deliveries import Delivery
from cms.partners.partners import Partner
from cms.partners.webhooks import Webhook
from cms.people import audit
from cms.people.rights import Actor, require
from cms.store import Database, write

ACTION = "partners.manage"
PARTNER: Final = "partner"


def itself(partner: Partner, address: str = "") -> Actor:
    """Return the actor that a partner is: it may do what concerns its own webhooks, and nothing else."""
    return Actor(partner.id, partner.name, PARTNER, frozenset(), address=address)


def add(
    db: Database, actor: Actor, partner: str, *, private: bool = False, now: datetime, **fields: Any
) -> tuple[Webhook, str]:
    """Add a webhook as `webhooks.add` does, and return it with its secret. Raises Forbidden and what that raises."""
    _require(actor, partner)
    with write(db):
        webhook, secret = webhooks.add(db, partner, private=private, now=now, **fields)
        _record(db, actor, "webhook.add", webhook, now, after=webhooks.as_facts(webhook))
        return webhook, secret


def change(db: Database, actor: Actor, id: str, *, private: bool = False, now: datetime, **changes: Any) -> Webhook:
    """Change a webhook as `webhooks.change` does. Raises Forbidden and what that raises."""
    return _changed(
        db, actor, "webhook.change", id, lambda: webhooks.change(db, id, private=private, now=now, **changes), now
    )


def rotate(
    db: Database, actor: Actor, id: str, *, after: timedelta = webhooks.ROTATION, now: datetime
) -> tuple[Webhook, str]:
    """Give a webhook another secret as `webhooks.rotate` does. Raises Forbidden, NotFound, Invalid."""
    with write(db):
        _reach(db, actor, id)
        webhook, secret = webhooks.rotate(db, id, after=after, now=now)
        _record(db, actor, "webhook.rotate", webhook, now)
        return webhook, secret


def disable(db: Database, actor: Actor, id: str, *, now: datetime) -> Webhook:
    """Tell a webhook nothing more until it is enabled. Raises Forbidden, NotFound."""
    return _changed(db, actor, "webhook.disable", id, lambda: webhooks.disable(db, id, now=now), now)


def enable(db: Database, actor: Actor, id: str, *, skip: bool = False, now: datetime) -> Webhook:
    """Tell a webhook again, also what it missed unless that is to be skipped. Raises Forbidden, NotFound."""
    return _changed(db, actor, "webhook.enable", id, lambda: webhooks.enable(db, id, skip=skip, now=now), now)


def remove(db: Database, actor: Actor, id: str, *, now: datetime) -> Webhook:
    """Take a webhook away with the log of its deliveries. Raises Forbidden, NotFound."""
    with write(db):
        _reach(db, actor, id)
        webhook = webhooks.remove(db, id)
        _record(db, actor, "webhook.remove", webhook, now, before=webhooks.as_facts(webhook))
        return webhook


def ping(db: Database, actor: Actor, id: str, *, now: datetime) -> Delivery:
    """Make a message that only shows that messages arrive. Raises Forbidden, NotFound, Refused."""
    with write(db):
        webhook = _reach(db, actor, id)
        delivery = deliveries.ping(db, id, now=now)
        _record(db, actor, "webhook.ping", webhook, now)
        return delivery


def replay(db: Database, actor: Actor, id: str, *, now: datetime) -> Delivery:
    """Send a message again. Raises Forbidden, NotFound, Refused."""
    with write(db):
        _require_somewhere(actor)
        webhook = _reach(db, actor, deliveries.find(db, id).webhook)
        delivery = deliveries.replay(db, id, now=now)
        _record(db, actor, "delivery.replay", webhook, now, after={"delivery": id, "message": delivery.message})
        return delivery


def replay_since(db: Database, actor: Actor, id: str, since: datetime, *, now: datetime) -> int:
    """Send all messages of a webhook again that were made since; return how many. Raises as `replay`."""
    with write(db):
        webhook = _reach(db, actor, id)
        count = deliveries.replay_since(db, id, since, now=now)
        _record(db, actor, "delivery.replay", webhook, now, after={"since": since.isoformat(), "messages": count})
        return count


def _reach(db: Database, actor: Actor, id: str) -> Webhook:
    """Return a webhook that an actor may do something to. Who may nothing learns not whether there is one."""
    _require_somewhere(actor)
    webhook = webhooks.find(db, id)
    _require(actor, webhook.partner)
    return webhook


def _require_somewhere(actor: Actor) -> None:
    if actor.kind != PARTNER:
        require(actor, ACTION)


def _require(actor: Actor, partner: str) -> None:
    if actor.kind != PARTNER:
        require(actor, ACTION)
    elif actor.id != partner:
        raise Forbidden(ACTION)


def _changed(db: Database, actor: Actor, action: str, id: str, act: Callable[[], Webhook], now: datetime) -> Webhook:
    with write(db):
        before = _reach(db, actor, id)
        after = act()
        facts = {"before": webhooks.as_facts(before), "after": webhooks.as_facts(after)}
        if facts["before"] != facts["after"]:
            _record(db, actor, action, after, now, **facts)
        return after


def _record(db: Database, actor: Actor, action: str, webhook: Webhook, now: datetime, **facts: Any) -> None:
    note = f"{partners.find(db, webhook.partner).name}: {webhook.url}"[:500]
    audit.record(db, actor, action, now=now, note=note, **facts)
