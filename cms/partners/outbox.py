"""The outbox: what has happened becomes deliveries, for each webhook that wants to hear of it. It sends nothing."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from cms.content.identity import stamp
from cms.partners import deliveries, messages, partners, webhooks
from cms.partners.partners import Partner
from cms.partners.webhooks import Webhook
from cms.publish import events
from cms.publish.events import Event
from cms.site import Site
from cms.store import Database, write

HOLD = timedelta(seconds=5)
EVENTS_AT_ONCE = 500
MADE_AT_ONCE = 200

Topics = Sequence[Collection[str]]


def fan_out(db: Database, site: Site, now: datetime) -> int:
    """Make the deliveries of what has happened since each webhook was last looked at; return how many had more to hear.

    Events whose entries still wait for documents are held back for a moment, so that what belongs together goes as
    one message, unless something among them is urgent.
    """
    if not _lagging(db):
        return 0
    made = moved = 0
    with write(db):
        happened: dict[int, Sequence[Event]] = {}
        topics: dict[int, Topics] = {}
        for webhook, partner in _lagging(db):
            if webhook.position not in happened:
                happened[webhook.position] = _ripe(db, webhook.position, now)
            found = happened[webhook.position]
            if not found:
                continue
            chosen = [event for event in found if _is_for(db, event, webhook, partner, topics)]
            for message in messages.made(chosen, site):
                deliveries.put(db, webhook.id, message, now)
                made += 1
            db.table("webhook").update(webhook.id, {"position": found[-1].seq})
            moved += 1
            if made >= MADE_AT_ONCE:
                break  # Others who write get their turn.
    return moved


def is_behind(db: Database) -> bool:
    """Tell whether there is something that a webhook has still to be told of, held back or not."""
    return bool(_lagging(db))


def _lagging(db: Database) -> list[tuple[Webhook, Partner]]:
    """Return the webhooks that have not been told of the newest events, with their partners; the last one first."""
    rows = db.query(
        "select w.id, w.partner from webhook w join partner p on p.id = w.partner and p.state = 'active'"
        " where w.state = 'active' and w.position < ? order by w.position, w.id",
        [events.latest(db)],
    )
    return [(webhooks.find(db, row["id"]), partners.find(db, row["partner"])) for row in rows]


def _ripe(db: Database, position: int, now: datetime) -> Sequence[Event]:
    """Return what happened after an event, as far as it is to be told now."""
    found = events.after(db, position, EVENTS_AT_ONCE)
    if not found or len(found) == EVENTS_AT_ONCE or any(map(messages.is_urgent, found)):
        return found
    if found[0].at <= stamp(now - HOLD) or found[0].at > stamp(now + HOLD):
        return found
    about = sorted({event.entry for event in found if event.entry})
    marks = ", ".join("?" for _ in about)
    waits = about and any(db.query(f"select entry from pending where entry in ({marks}) limit 1", about))
    return () if waits else found


def _is_for(db: Database, event: Event, webhook: Webhook, partner: Partner, known: dict[int, Topics]) -> bool:
    # What is about a partner is told to that partner, whatever it may have of the rest.
    if concerned := event.data.get("partner"):
        return concerned == partner.id and messages.is_wanted(event, webhook.events, [webhook.scope])
    scopes = (partner.scope, webhook.scope)
    if not any(scope.topics for scope in scopes):
        return messages.is_wanted(event, webhook.events, scopes)
    if event.seq not in known:
        known[event.seq] = _topics(db, event)
    return messages.is_wanted(event, webhook.events, scopes, known[event.seq])


def _topics(db: Database, event: Event) -> Topics:
    """Return the topics of an entry as an event has them, and as they were told before it in that locale."""
    before = events.newest(db, [(event.entry, event.locale)], event.seq - 1)
    said = (facts.get("topics") for facts in (event.data, *(each.data for each in before.values())))
    return [topics for topics in said if topics is not None] or [()]
