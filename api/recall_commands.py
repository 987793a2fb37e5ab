"""Commands for recalls: what was withdrawn for safety, who has taken it down, and exercises of that."""

from datetime import UTC, datetime

import click
import orjson
from flask_babel import gettext

from api import recall_file
from api.cli import Context, _entry, _now, command, main
from api.people_commands import _operator
from api.report import one_line
from cms.content.identity import moment
from cms.desk import recalling
from cms.partners import holdings, partners, recalls


@main.group("recall")
def recall_group() -> None:
    """What was withdrawn for safety, and who has taken it down."""


@recall_group.command("list")
@click.option("--open", "open_only", is_flag=True, help="Only those that are not closed.")
@command
def list_command(here: Context, open_only: bool) -> None:
    """List recalls, the newest first: since when, how many acknowledged, id, title."""
    now = _now()
    recalls.follow(here.db, now)
    for recall in recalls.every(here.db, open_only=open_only):
        own = recalls.called(here.db, recall.id)
        done = sum(1 for each in own if each.acknowledged_at)
        state = "closed" if recall.closed_at else "drill" if recall.drill else "open"
        click.echo(f"{recall.opened_at[:16]}  {state:<6}  {done}/{len(own)}  {recall.id}  {one_line(recall.title)}")


@recall_group.command("show")
@click.argument("recall")
@click.option("--json", "as_json", is_flag=True, help="Print the whole report as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print a line for each partner as CSV.")
@command
def show_command(here: Context, recall: str, as_json: bool, as_csv: bool) -> None:
    """Report on a RECALL: who held what, who acknowledged when and how, who may still show it."""
    now = _now()
    recalls.keep(here.db, now)
    if as_json:
        click.echo(orjson.dumps(recalls.report(here.db, recall, now), option=orjson.OPT_INDENT_2))
        return
    found, own = recalls.find(here.db, recall), recalls.called(here.db, recall)
    if as_csv:
        click.echo(recall_file.to_csv(own, now), nl=False)
        return
    click.echo(f"{found.title} ({', '.join(found.locales)})")
    click.echo(one_line(found.explanation))
    for each in own:
        when = each.acknowledged_at[:16] or each.deadline_at[:16]
        held = recall_file.held(each) or "-"
        click.echo(f"{each.state(now):<12}  {when}  {each.how or '-':<6}  {held:<12}  {each.partner_name}")


@recall_group.command("drill")
@click.argument("entry")
@click.option("--explanation", required=True, help="What partners are told.")
@click.option("--locale", "locales", multiple=True, help="Only this language.  [default: all that are published]")
@command
def drill_command(here: Context, entry: str, explanation: str, locales: tuple[str, ...]) -> None:
    """Call partners as if ENTRY (an id or type/slug) were withdrawn for safety; nothing is."""
    made = recalling.drill(
        here.db, _operator(), _entry(here, entry), explanation=explanation, locales=locales, now=_now()
    )
    click.echo(gettext("Called: %(count)s (%(recall)s)", count=len(recalls.called(here.db, made.id)), recall=made.id))


@recall_group.command("acknowledge")
@click.argument("recall")
@click.argument("partner")
@click.option("--note", required=True, help="How it was said, and by whom.")
@click.option("--applied-at", default="", help="Since when it is down.  [default: now]")
@click.option("--where", "places", multiple=True, help="An address where it was taken down.")
@command
def acknowledge_command(
    here: Context, recall: str, partner: str, note: str, applied_at: str, places: tuple[str, ...]
) -> None:
    """Note that a PARTNER (an id or a name) has said that it took a RECALL down."""
    found = partners.named(here.db, partner)
    recalling.acknowledge(
        here.db, _operator(), recall, found.id, applied_at=_read(applied_at), places=places, note=note, now=_now()
    )
    click.echo(gettext("Acknowledged: %(name)s", name=found.name))


@recall_group.command("close")
@click.argument("recall")
@click.option("--why", required=True, help="Why no more is waited for.")
@command
def close_command(here: Context, recall: str, why: str) -> None:
    """Close a RECALL that not everybody has acknowledged."""
    recalling.close(here.db, _operator(), recall, why=why, now=_now())
    click.echo(gettext("Closed."))


@recall_group.command("holders")
@click.argument("entry")
@click.option("--revision", type=click.IntRange(1), help="Only of this revision.")
@click.option("--locale", help="Only in this language.")
@click.option("--ended", is_flag=True, help="Also who has shown to have replaced it, and when.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@command
def holders_command(
    here: Context, entry: str, revision: int | None, locale: str | None, ended: bool, as_json: bool
) -> None:
    """List who may still show ENTRY (an id or type/slug): language, revision, since when, until when, how, partner."""
    found = holdings.holders(here.db, _entry(here, entry), revision=revision, locale=locale, ended=ended)
    if as_json:
        click.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2))
        return
    for each in found:
        newer = gettext("given %(revision)s since", revision=each.newer) if each.newer else ""
        line = (
            f"{each.locale:<8}  {each.revision:>4}  {each.since[:16]}  {each.ended_at[:16] or '-':<16}  {each.how:<7}"
        )
        click.echo(f"{line}  {each.partner_name}  {newer}".rstrip())


def _read(when: str) -> datetime | None:
    try:
        return moment(when).astimezone(UTC) if when else None
    except (ValueError, OverflowError):
        raise click.BadParameter(gettext("Write it as 2026-03-01T08:30+01:00."), param_hint="--applied-at") from None
