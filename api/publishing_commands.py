"""The commands that decide what readers get and when, and list what there is."""

from datetime import UTC
from typing import Any

import click
import orjson
from flask_babel import gettext, ngettext

from api.cli import Context, _by, _entry, _now, command, main
from cms.content import types
from cms.content.identity import moment
from cms.publish import documents, editions, refresh, schedule
from cms.publish.live import Edition


@main.command("publish")
@click.argument("entries", nargs=-1, required=True, metavar="ENTRY...")
@click.option("--locale", help="The language.  [default: the source language]")
@click.option("--by", default=_by, help="Who is publishing.  [default: the user]")
@command
def publish_command(here: Context, entries: tuple[str, ...], locale: str | None, by: str) -> None:
    """Publish each ENTRY, given as an id or as type/slug, in this order."""
    for entry in entries:
        edition = publish_and_render(here, _entry(here, entry), locale or here.site.source_locale, by)
        click.echo(gettext("Published: %(url)s", url=url_of(here, edition)))


@main.command("unpublish")
@click.argument("entry")
@click.option("--locale", help="The language; the source language takes all others with it.  [default: the source's]")
@click.option("--by", default=_by, help="Who asks for it.  [default: the user]")
@command
def unpublish_command(here: Context, entry: str, locale: str | None, by: str) -> None:
    """Take ENTRY (an id or type/slug) away from readers; its address then says 404."""
    ended = editions.unpublish(
        here.db, _entry(here, entry), locale or here.site.source_locale, by=by, now=_now(), site=here.site
    )
    refresh.drain(here.db, here.site, _now())
    click.echo(gettext("Unpublished in: %(locales)s", locales=", ".join(edition.locale for edition in ended)))


@main.command("withdraw")
@click.argument("entry")
@click.option("--explanation", required=True, help="Why; readers are told this.")
@click.option("--replacement", default="", help="The entry to read instead, as an id or type/slug.")
@click.option(
    "--severity",
    default="editorial",
    type=click.Choice(editions.SEVERITIES),
    show_default=True,
    help="How grave the reason is.",
)
@click.option("--locale", default="", help="Only this language.  [default: all]")
@click.option("--by", default=_by, help="Who asks for it.  [default: the user]")
@command
def withdraw_command(here: Context, entry: str, **told: Any) -> None:
    """Withdraw ENTRY (an id or type/slug): its address then says 410, why, and what to read instead."""
    if told["replacement"]:
        told["replacement"] = _entry(here, told["replacement"])
    ended = editions.withdraw(here.db, _entry(here, entry), now=_now(), site=here.site, **told)
    refresh.drain(here.db, here.site, _now())
    click.echo(gettext("Withdrawn in: %(locales)s", locales=", ".join(edition.locale for edition in ended)))


@main.command("schedule")
@click.argument("entry")
@click.argument("action", type=click.Choice(list(schedule.ACTIONS)))
@click.argument("when")
@click.option("--locale", help="The language.  [default: the source language]")
@click.option("--by", default=_by, help="Who asks for it.  [default: the user]")
@command
def schedule_command(here: Context, entry: str, action: str, when: str, locale: str | None, by: str) -> None:
    """Publish or unpublish ENTRY later, at WHEN (2026-03-01T08:30+01:00; without a zone it is UTC)."""
    try:
        due = moment(when).astimezone(UTC)
    except (ValueError, OverflowError):
        raise click.BadParameter(gettext("Write it as 2026-03-01T08:30+01:00."), param_hint="WHEN") from None
    where = locale or here.site.source_locale
    task = schedule.ask(here.db, _entry(here, entry), where, action, due, by=by, now=_now(), site=here.site)
    click.echo(gettext("It will be done at %(due)s (task %(task)s).", due=task.due_at, task=task.id))


@main.command("tasks")
@command
def tasks_command(here: Context) -> None:
    """List what is scheduled, soonest first."""
    for task in schedule.waiting(here.db):
        click.echo(f"{task.due_at}  {task.action:<9}  {task.locale:<5}  {task.entry}  {task.id}")


@main.command("cancel")
@click.argument("task")
@command
def cancel_command(here: Context, task: str) -> None:
    """Cancel a scheduled TASK."""
    schedule.cancel(here.db, task, now=_now())
    click.echo(gettext("Cancelled."))


@main.command("rebuild")
@command
def rebuild_command(here: Context) -> None:
    """Render every document afresh; after a change of settings or of Tolk itself."""
    changed = refresh.rebuild(here.db, here.site, _now())
    click.echo(ngettext("%(num)d document changed.", "%(num)d documents changed.", changed))


@main.command("list")
@click.argument("type_name", metavar="TYPE")
@command
def list_command(here: Context, type_name: str) -> None:
    """List the entries of a TYPE, newest first: id, where it is live, title."""
    kind = types.find(type_name)
    rows = here.db.query(
        "select e.id, r.content from entry e join revision r on r.entry = e.id and r.number = e.latest"
        " where e.type = ? order by e.created_at desc, e.id",
        [type_name],
    )
    for row in rows:
        live = ",".join(documents.slugs(here.db, type_name, row["id"])) or "-"
        click.echo(f"{row['id']}  {live:<12}  {orjson.loads(row['content'])[kind.title]}")


def publish_and_render(here: Context, entry: str, locale: str, by: str) -> Edition:
    """Publish an entry, and render what waits for it."""
    if here.site.readability:
        from api import readability_commands

        readability_commands.warn(here, entry, locale)
    edition = editions.publish(here.db, entry, locale, by=by, now=_now(), site=here.site)
    refresh.drain(here.db, here.site, _now())
    return edition


def url_of(here: Context, edition: Edition) -> str:
    """Return the address where an edition is read."""
    return here.site.document_url(edition.locale, types.find(edition.type).plural, edition.slug)
