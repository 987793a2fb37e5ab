"""Commands for partners: on which terms they take content over, their keys and pages, and what they were given."""

import csv
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import click
import orjson
from flask_babel import gettext

from api.cli import Context, _entry, _now, command, main
from api.people_commands import _operator
from cms.content.fields import UUID
from cms.desk import partnering
from cms.errors import NotFound
from cms.partners import holdings, pages, partner_keys, partners, usage
from cms.partners.partners import MOST_HOURS
from cms.publish import events
from cms.site import INDEXING

HOURS = click.IntRange(1, MOST_HOURS)
# What `tolk partner usage` may be summed by, as it is called there and in the table.
SUMMED_BY = {"partner": "partner", "day": "day", "document": "entry", "locale": "locale", "way": "way"}


@main.group("partner")
def partner_group() -> None:
    """Organisations that take content over."""


@partner_group.command("add")
@click.argument("name")
@click.option("--domain", "domains", multiple=True, help="A domain of its pages; names below it count too.")
@click.option("--contact", "contacts", multiple=True, help="An e-mail address to call it by, in a recall for one.")
@click.option("--locale", "locales", multiple=True, help="A language that it may have.  [default: all]")
@click.option("--type", "types", multiple=True, help="A type of entries that it may have.  [default: all]")
@click.option("--topic", "topics", multiple=True, help="A topic that it may have, by id or slug.  [default: all]")
@click.option("--terms", default="", help="On what terms, in words.")
@click.option(
    "--refresh-hours", type=HOURS, help="Within how long it has to fetch again.  [default: TOLK_REFRESH_HOURS]"
)
@click.option(
    "--acknowledge-hours",
    type=HOURS,
    default=partners.ACKNOWLEDGE_HOURS,
    show_default=True,
    help="Within how long it has to acknowledge a recall.",
)
@click.option(
    "--indexing",
    type=click.Choice(INDEXING),
    help="What search engines may do with its pages.  [default: TOLK_INDEXING]",
)
@command
def add_command(here: Context, topics: tuple[str, ...], **fields: Any) -> None:
    """Add a partner, and print its id."""
    given = {name: value for name, value in fields.items() if value is not None}
    partner = partnering.add(
        here.db, _operator(), here.site, topics=[_topic(here, topic) for topic in topics], now=_now(), **given
    )
    click.echo(gettext("Added: %(name)s (%(id)s)", name=partner.name, id=partner.id))
    click.echo(gettext("Make it a key with: tolk partner key add %(id)s NAME", id=partner.id), err=True)


@partner_group.command("list")
@command
def list_command(here: Context) -> None:
    """List all partners: state, how many changes behind, when last seen, id, name."""
    for partner in partners.every(here.db):
        behind = events.count_changes(here.db, partner.position, events.MOST) if partner.seen_at else "-"
        seen = partner.seen_at[:16] or "-"
        click.echo(f"{partner.state:<9}  {behind:>6}  {seen:<16}  {partner.id}  {partner.name}")


@partner_group.command("show")
@click.argument("partner")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@command
def show_command(here: Context, partner: str, as_json: bool) -> None:
    """Show all that is kept of a PARTNER, given by its id or name."""
    found = partners.named(here.db, partner)
    newest = events.latest(here.db)
    counts = {"newest": newest, "holds": holdings.count(here.db, found.id), "pages": pages.count(here.db, found.id)}
    said = {**asdict(found), **counts}
    if as_json:
        click.echo(orjson.dumps(said, option=orjson.OPT_INDENT_2))
        return
    for name, value in said.items():
        listed = value if isinstance(value, tuple | list) else [value]
        click.echo(f"{name:<18}  {' '.join(map(str, listed)) or '-'}")


@partner_group.command("change")
@click.argument("partner")
@click.option("--name", help="What it is called.")
@click.option("--domain", "domains", multiple=True, help="A domain of its pages, in place of all before.")
@click.option("--contact", "contacts", multiple=True, help="An e-mail address to call it by, in place of all before.")
@click.option("--locale", "locales", multiple=True, help="A language, in place of all before; empty for all.")
@click.option("--type", "types", multiple=True, help="A type of entries, in place of all before; empty for all.")
@click.option("--topic", "topics", multiple=True, help="A topic, in place of all before; empty for all.")
@click.option("--terms", help="On what terms, in words.")
@click.option("--refresh-hours", type=HOURS, help="Within how long it has to fetch again.")
@click.option("--acknowledge-hours", type=HOURS, help="Within how long it has to acknowledge a recall.")
@click.option("--indexing", type=click.Choice(INDEXING), help="What search engines may do with its pages.")
@command
def change_command(here: Context, partner: str, topics: tuple[str, ...], **fields: Any) -> None:
    """Change what is named of a PARTNER. Who follows its changes has to begin afresh where its part is another."""
    found = partners.named(here.db, partner)
    given = {name: _told(value) for name, value in fields.items() if value not in (None, ())}
    if topics:
        given["topics"] = [_topic(here, topic) for topic in topics if topic]
    changed = partnering.change(here.db, _operator(), here.site, found.id, now=_now(), **given)
    click.echo(gettext("Changed: %(name)s", name=changed.name))


@partner_group.command("suspend")
@click.argument("partner")
@command
def suspend_command(here: Context, partner: str) -> None:
    """Shut a PARTNER out until it is resumed: its keys open nothing, and it is told nothing."""
    found = partnering.suspend(here.db, _operator(), partners.named(here.db, partner).id, now=_now())
    click.echo(gettext("Suspended: %(name)s", name=found.name))


@partner_group.command("resume")
@click.argument("partner")
@command
def resume_command(here: Context, partner: str) -> None:
    """Let a suspended PARTNER in again."""
    found = partnering.resume(here.db, _operator(), partners.named(here.db, partner).id, now=_now())
    click.echo(gettext("Resumed: %(name)s", name=found.name))


@partner_group.command("usage")
@click.argument("partner", required=False)
@click.option(
    "--by",
    "columns",
    multiple=True,
    type=click.Choice(list(SUMMED_BY)),
    help="What it is summed by.  [default: partner and document]",
)
@click.option("--since", default="", metavar="DAY", help="From this day on, as 2026-03-01.")
@click.option("--until", default="", metavar="DAY", help="Up to this day.")
@click.option("--anybody", is_flag=True, help="What was read without a key.")
@click.option("--csv", "as_csv", is_flag=True, help="Print it as CSV, with a line of names.")
@command
def usage_command(
    here: Context, partner: str | None, columns: tuple[str, ...], since: str, until: str, anybody: bool, as_csv: bool
) -> None:
    """Tell how often documents were given, to a PARTNER or to each."""
    by = [SUMMED_BY[column] for column in columns or ("partner", "document")]
    whom = usage.NOBODY if anybody else partners.named(here.db, partner).id if partner else None
    names = {each.id: each.name for each in partners.every(here.db)} | {usage.NOBODY: "-"}
    rows = usage.totals(here.db, by, partner=whom, since=since, until=until)
    table = [{**row, **({"partner": names[row["partner"]]} if "partner" in row else {})} for row in rows]
    _print_table([*by, "count"], table, as_csv)


@partner_group.group("key")
def key_group() -> None:
    """Keys that open the delivery API to a partner."""


@key_group.command("add")
@click.argument("partner")
@click.argument("name")
@click.option("--days", type=click.IntRange(1, 3_650), help="How long it works.  [default: until it is revoked]")
@command
def add_key_command(here: Context, partner: str, name: str, days: int | None) -> None:
    """Make a key called NAME for a PARTNER and print its secret, which is shown this once."""
    now = _now()
    key, secret = partnering.make_key(
        here.db,
        _operator(),
        partners.named(here.db, partner).id,
        name=name,
        expires_at=now + timedelta(days=days) if days else None,
        now=now,
    )
    click.echo(secret)
    said = gettext(
        "Keep it safe: it is not shown again. Revoke it with: tolk partner key revoke %(key)s", key=key.prefix
    )
    click.echo(said, err=True)


@key_group.command("list")
@click.argument("partner", required=False)
@command
def list_keys_command(here: Context, partner: str | None) -> None:
    """List the keys of a PARTNER, or of all: prefix, state, when last used, partner, name."""
    now, names = _now(), {each.id: each.name for each in partners.every(here.db)}
    whose = partners.named(here.db, partner).id if partner else None
    for key in partner_keys.of(here.db, whose) if whose else partner_keys.every(here.db):
        used = key.last_used_at[:16] or "-"
        click.echo(f"{key.prefix}  {key.state(now):<7}  {used:<16}  {names[key.partner]}  {key.name}")


@key_group.command("revoke")
@click.argument("key")
@command
def revoke_command(here: Context, key: str) -> None:
    """End a KEY, given as its prefix or id, for good."""
    found = next((each for each in partner_keys.every(here.db) if key in (each.prefix, each.id)), None)
    if found is None:
        raise NotFound("key", key)
    partnering.revoke_key(here.db, _operator(), found.id, now=_now())
    click.echo(gettext("Revoked: %(name)s", name=found.name))


@partner_group.group("page")
def page_group() -> None:
    """Where a partner shows what."""


@page_group.command("add")
@click.argument("partner")
@click.argument("url")
@click.argument("entry")
@click.option("--locale", help="The language that it is shown in.  [default: the source language]")
@command
def add_page_command(here: Context, partner: str, url: str, entry: str, locale: str | None) -> None:
    """Keep that a PARTNER shows ENTRY (an id or type/slug) at URL."""
    page = partnering.put_page(
        here.db,
        _operator(),
        here.site,
        partners.named(here.db, partner).id,
        url=url,
        entry=_entry(here, entry),
        locale=locale or here.site.source_locale,
        now=_now(),
    )
    click.echo(gettext("Added: %(url)s", url=page.url))


@page_group.command("list")
@click.argument("partner")
@command
def list_pages_command(here: Context, partner: str) -> None:
    """List the pages of a PARTNER: when somebody looked, language, entry, address."""
    for page in pages.of(here.db, partners.named(here.db, partner).id):
        click.echo(f"{page.checked_at[:16] or '-':<16}  {page.locale:<5}  {page.entry}  {page.url}")


@page_group.command("remove")
@click.argument("partner")
@click.argument("url")
@command
def remove_page_command(here: Context, partner: str, url: str) -> None:
    """Forget that a PARTNER shows anything at URL."""
    page = partnering.remove_page(here.db, _operator(), partners.named(here.db, partner).id, url, now=_now())
    click.echo(gettext("Removed: %(url)s", url=page.url))


def _topic(here: Context, named: str) -> str:
    """Return the id of a topic that is named by its id, its slug or as topic/slug."""
    return named if UUID.fullmatch(named) else _entry(here, f"topic/{named.removeprefix('topic/')}")


def _told(value: Any) -> Any:
    """Return what an option says: of a list, an empty word says that nothing limits it."""
    return [each for each in value if each] if isinstance(value, tuple) else value


def _print_table(columns: Iterable[str], rows: Iterable[Mapping[str, Any]], as_csv: bool) -> None:
    names = list(columns)
    if as_csv:
        writer = csv.DictWriter(sys.stdout, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return
    for row in rows:
        click.echo("  ".join([f"{row['count']:>7}", *(str(row[name]) for name in names if name != "count")]))
