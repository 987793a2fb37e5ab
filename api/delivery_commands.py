"""Commands for webhooks and what is delivered to them, and the worker that does it."""

import signal
import sys
import threading
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import click
import orjson
from flask_babel import gettext, ngettext

from api.cli import Context, _now, command, main
from api.partner_commands import _told, _topic
from api.people_commands import _operator
from cms.content.identity import moment
from cms.desk import delivering
from cms.partners import deliveries, leases, partners, webhooks
from cms.partners.deliveries import STATES
from cms.partners.messages import EVENTS
from cms.partners.webhooks import MOST_HOURS, Webhook


@main.command("deliver")
@click.option("--once", is_flag=True, help="Tell what is due, and end; for cron.")
@command
def deliver_command(here: Context, once: bool) -> None:
    """Tell webhooks what has happened. Many may run at once; `tolk serve` runs one unless TOLK_DELIVER is false."""
    from api import delivering as worker
    from api import logs

    logs.set_up(here.settings.log_level)
    if once:
        made = worker.run_once(here.settings, here.db)
        click.echo(ngettext("%(num)d attempt made.", "%(num)d attempts made.", made))
        return
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    click.echo(gettext("Webhooks are told — stop it with Ctrl-C"))
    worker.run(here.settings, stop)


@main.group("webhook")
def webhook_group() -> None:
    """Where partners want to be told of what happens."""


@webhook_group.command("add")
@click.argument("partner")
@click.argument("url")
@click.option(
    "--event",
    "events",
    multiple=True,
    type=click.Choice(EVENTS),
    metavar="EVENT",
    help="Only this event.  [default: all but edition.renewed]",
)
@click.option("--type", "types", multiple=True, help="Only entries of this type.  [default: all]")
@click.option("--locale", "locales", multiple=True, help="Only this language.  [default: all]")
@click.option("--topic", "topics", multiple=True, help="Only this topic, by id or slug.  [default: all]")
@command
def add_command(here: Context, partner: str, url: str, topics: tuple[str, ...], **limits: Iterable[str]) -> None:
    """Tell a PARTNER (its name or id) at a URL of what happens from now on; print the secret, which is shown once."""
    webhook, secret = delivering.add(
        here.db,
        _operator(),
        partners.named(here.db, partner).id,
        url=url,
        topics=[_topic(here, topic) for topic in topics],
        private=here.settings.webhook_private,
        now=_now(),
        **limits,
    )
    click.echo(secret)
    click.echo(gettext("Added: %(name)s", name=webhook.id), err=True)


@webhook_group.command("list")
@click.argument("partner", required=False, default="")
@command
def list_command(here: Context, partner: str) -> None:
    """List webhooks, of one PARTNER or of all: state, deliveries that wait, id, partner, address."""
    names = {each.id: each.name for each in partners.every(here.db)}
    found = webhooks.of(here.db, partners.named(here.db, partner).id) if partner else webhooks.every(here.db)
    counts = deliveries.counts(here.db, [webhook.id for webhook in found])
    for webhook in found:
        waits = sum(counts[webhook.id].get(state, 0) for state in ("waiting", "sending", "held"))
        click.echo(f"{webhook.state:<8}  {waits:>5}  {webhook.id}  {names[webhook.partner]}  {webhook.url}")


@webhook_group.command("show")
@click.argument("webhook")
@command
def show_command(here: Context, webhook: str) -> None:
    """Show a WEBHOOK as JSON: what it asks for, how it stands, how many deliveries are in which state."""
    found = webhooks.find(here.db, webhook)
    shown = {**webhooks.as_facts(found), "deliveries": deliveries.counts(here.db, [webhook])[webhook]}
    click.echo(orjson.dumps(shown, option=orjson.OPT_INDENT_2))


@webhook_group.command("change")
@click.argument("webhook")
@click.option("--url", help="Its address.")
@click.option(
    "--event",
    "events",
    multiple=True,
    type=click.Choice(["", *EVENTS]),
    metavar="EVENT",
    help="Only this event, in place of all before; empty for all.",
)
@click.option("--type", "types", multiple=True, help="Only this type, in place of all before; empty for all.")
@click.option("--locale", "locales", multiple=True, help="Only this language, in place of all before; empty for all.")
@click.option("--topic", "topics", multiple=True, help="Only this topic, in place of all before; empty for all.")
@command
def change_command(here: Context, webhook: str, topics: tuple[str, ...], **fields: Any) -> None:
    """Change the address of a WEBHOOK, or what it asks for."""
    given = {name: _told(value) for name, value in fields.items() if value not in (None, ())}
    if topics:
        given["topics"] = [_topic(here, topic) for topic in topics if topic]
    found = delivering.change(here.db, _operator(), webhook, private=here.settings.webhook_private, now=_now(), **given)
    click.echo(gettext("Changed: %(name)s", name=found.url))


@webhook_group.command("rotate")
@click.argument("webhook")
@click.option(
    "--hours", type=click.IntRange(0, MOST_HOURS), default=24, show_default=True, help="How long the old one goes on.",
)  # fmt: skip
@command
def rotate_command(here: Context, webhook: str, hours: int) -> None:
    """Give a WEBHOOK another secret and print it; until the old one ends, messages are signed with both."""
    _, secret = delivering.rotate(here.db, _operator(), webhook, after=timedelta(hours=hours), now=_now())
    click.echo(secret)


@webhook_group.command("disable")
@click.argument("webhook")
@command
def disable_command(here: Context, webhook: str) -> None:
    """Tell a WEBHOOK nothing more until it is enabled; what waits is held."""
    _say_state(delivering.disable(here.db, _operator(), webhook, now=_now()))


@webhook_group.command("enable")
@click.argument("webhook")
@click.option("--skip", is_flag=True, help="Leave out what it missed.")
@command
def enable_command(here: Context, webhook: str, skip: bool) -> None:
    """Tell a WEBHOOK again, and all that it missed."""
    _say_state(delivering.enable(here.db, _operator(), webhook, skip=skip, now=_now()))


@webhook_group.command("remove")
@click.argument("webhook")
@command
def remove_command(here: Context, webhook: str) -> None:
    """Take a WEBHOOK away, with the log of its deliveries."""
    found = delivering.remove(here.db, _operator(), webhook, now=_now())
    click.echo(gettext("Removed: %(name)s", name=found.url))


@webhook_group.command("ping")
@click.argument("webhook")
@command
def ping_command(here: Context, webhook: str) -> None:
    """Send a WEBHOOK a message that only shows that messages arrive, and say what it answers."""
    from api import delivering as worker
    from cms.store import write

    now = _now()
    with write(here.db):
        made = delivering.ping(here.db, _operator(), webhook, now=now)
        # Taken in the same write, before any worker sees it.
        claimed = leases.claim_one(here.db, made.id, now)
    outcome = worker.send_one(here.settings, here.db, claimed)
    click.echo(f"{outcome.status or outcome.error}  {outcome.took_ms} ms  {outcome.said}".rstrip())
    if not outcome.is_success:
        sys.exit(1)


@main.group("delivery")
def delivery_group() -> None:
    """Messages to webhooks, and how they went."""


@delivery_group.command("list")
@click.option("--partner", default="", help="Only to this partner, by its name or id.")
@click.option("--webhook", default="", help="Only to this webhook.")
@click.option(
    "--state", default="", type=click.Choice(["", *STATES]), metavar="STATE", help="Only those in this state."
)
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="At most so many.")
@command
def list_deliveries_command(here: Context, partner: str, webhook: str, state: str, limit: int) -> None:
    """List deliveries, the newest first: when made, state, attempts, id, event, entry."""
    if webhook:
        chosen = [webhooks.find(here.db, webhook)]
    else:
        chosen = webhooks.of(here.db, partners.named(here.db, partner).id) if partner else webhooks.every(here.db)
    _, found = deliveries.of(here.db, [each.id for each in chosen], state=state, limit=limit)
    for each in found:
        click.echo(
            f"{each.made_at[:19]}  {each.state:<9}  {each.attempts:>2}  {each.id}  {each.type:<26}  {each.entry or '-'}"
        )


@delivery_group.command("show")
@click.argument("delivery")
@command
def show_delivery_command(here: Context, delivery: str) -> None:
    """Show a DELIVERY as JSON: the message, and each attempt with what was answered."""
    found = deliveries.find(here.db, delivery)
    shown = {**vars(found), "body": orjson.loads(found.body), "attempts": deliveries.attempts(here.db, delivery)}
    click.echo(orjson.dumps(shown, option=orjson.OPT_INDENT_2))


@delivery_group.command("replay")
@click.argument("deliveries_", metavar="[DELIVERY]...", nargs=-1)
@click.option("--webhook", default="", help="All messages of this webhook, with --since.")
@click.option("--since", default="", help="Those made from this moment on, as 2026-03-01T08:30+01:00.")
@command
def replay_command(here: Context, deliveries_: tuple[str, ...], webhook: str, since: str) -> None:
    """Send each DELIVERY again under its own id, or all messages of a webhook since a moment."""
    if bool(webhook) != bool(since) or bool(webhook) == bool(deliveries_):
        raise click.UsageError(gettext("Name deliveries, or a webhook with --since."))
    if webhook:
        count = delivering.replay_since(here.db, _operator(), webhook, _moment(since), now=_now())
    else:
        for each in deliveries_:
            delivering.replay(here.db, _operator(), each, now=_now())
        count = len(deliveries_)
    click.echo(ngettext("%(num)d message is sent again.", "%(num)d messages are sent again.", count))


def _moment(text: str) -> datetime:
    try:
        return moment(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise click.BadParameter(gettext("Write it as 2026-03-01T08:30+01:00."), param_hint="--since") from None


def _say_state(webhook: Webhook) -> None:
    if webhook.is_active:
        click.echo(gettext("Enabled: %(name)s", name=webhook.url))
    else:
        click.echo(gettext("Disabled: %(name)s", name=webhook.url))
