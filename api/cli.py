"""The command `tolk`: what an operator and an editor do from a terminal. It words and prints; the library decides."""

import os
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click
import orjson
from flask import Flask
from flask_babel import force_locale, gettext, ngettext

from api import languages, server
from api import settings as settings_module
from api.report import describe_error, describe_proposals
from api.settings import SECRETS, VARIABLES, Settings
from api.starting import start
from cms.content import entries, imports, types
from cms.content.fields import UUID
from cms.content.identity import moment
from cms.content.plaintext import understand
from cms.errors import Invalid, NotFound, Problem, TolkError
from cms.publish import documents, editions, minor_edits, refresh, schedule
from cms.publish.live import Edition
from cms.store import Database, connect
from migrations import migrate, pending
from sample import load
from sample.people import load_people

STANDARD_INPUT = "-"


class Context:
    """What every command needs: the settings and one connection."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.site = settings.site
        self._db: Database | None = None

    @property
    def db(self) -> Database:
        """Return the connection, opened at its first use; NoTable is said where migrations are missing."""
        if self._db is None:
            self._db = connect(self.settings.database_url)
        return self._db

    def close(self) -> None:
        """Close the connection."""
        if self._db is not None:
            self._db.close()


def command(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command its context, and turn errors into words and an exit status."""

    @click.pass_context
    @wraps(function)
    def run(context: click.Context, *args: Any, **kwargs: Any) -> Any:
        here: Context | None = None
        with _speaker().app_context(), force_locale(_language()):
            try:
                here = Context(settings_module.read())
                start(here.settings)
                return function(here, *args, **kwargs)
            except TolkError as error:
                click.echo(describe_error(error), err=True)
                context.exit(1)
            finally:
                if here:
                    here.close()

    return run


def _speaker() -> Flask:
    """Return an application that speaks, and does nothing else: the real one is long in the making."""
    app = Flask(__name__)
    languages.set_up(app)
    return app


def _language() -> str:
    said = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    language = re.split("[_.@-]", said)[0]
    return language if language in languages.SPOKEN else languages.SPOKEN[0]


def _now() -> datetime:
    return datetime.now(UTC)


def _by() -> str:
    return os.environ.get("USER") or os.environ.get("LOGNAME") or "cli"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tolk")
def main() -> None:
    """Tolk: health advice, written once, carried into many languages, kept current."""


@main.command("migrate")
@command
def migrate_command(here: Context) -> None:
    """Bring the database up to date. Safe to run at every start, and by many at once."""
    wanted = pending(here.db)
    migrate(here.db)
    click.echo(gettext("The database is up to date (%(count)s applied).", count=len(wanted)))


@main.command("sample")
@click.option("--people", is_flag=True, help="Add people to sign in as, with a new password; for trying out alone.")
@command
def sample_command(here: Context, people: bool) -> None:
    """Load sample content: twelve Dutch articles with authors, clinics and topics."""
    added = load(here.db, here.site, _now(), here.settings.media_dir)
    click.echo(ngettext("%(num)d sample entry added.", "%(num)d sample entries added.", added))
    if people:
        click.echo(gettext("Sign in at %(url)s", url=f"{here.site.url}/admin"))
        password, added_people = load_people(here.db, _now())
        for person in added_people:
            click.echo(f"  {person.email:<26} {password}  {', '.join((*person.roles, *person.locales))}")


@main.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--publish", "at_once", is_flag=True, help="Publish the article, and what it needs, at once.")
@click.option("--minor", is_flag=True, help="Other words, the same meaning: translations stay current.")
@click.option("--dry-run", is_flag=True, help="Show what would be made; save nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print what was understood as JSON.")
@click.option("--author", "authors", multiple=True, help="An author who is there already, as an id or author/slug.")
@click.option("--clinic", "clinics", multiple=True, help="A clinic that is there already, as an id or clinic/slug.")
@click.option("--by", default=_by, help="Who is importing.  [default: the user]")
@command
def import_command(
    here: Context,
    files: tuple[str, ...],
    at_once: bool,
    minor: bool,
    dry_run: bool,
    as_json: bool,
    authors: tuple[str, ...],
    clinics: tuple[str, ...],
    by: str,
) -> None:
    """Turn pasted text into a structured draft: article, authors and clinic. `-` reads standard input."""
    known = {
        "authors": [_entry(here, author) for author in authors],
        "clinics": [_entry(here, clinic) for clinic in clinics],
    }
    failed = False
    for name in files:
        try:
            _import(here, name, at_once, minor, dry_run, as_json, known, by)
        except (TolkError, OSError) as error:
            failed = True
            said = describe_error(error) if isinstance(error, TolkError) else str(error)
            click.echo(f"{name}: {said}", err=True)
    if failed:
        sys.exit(1)


def _import(
    here: Context,
    name: str,
    at_once: bool,
    minor: bool,
    dry_run: bool,
    as_json: bool,
    known: dict[str, list[str]],
    by: str,
) -> None:
    raw = sys.stdin.buffer.read() if name == STANDARD_INPUT else Path(name).read_bytes()
    understood = understand(raw)
    proposals = imports.propose(here.db, understood, **known)
    if as_json:
        click.echo(orjson.dumps(understood, option=orjson.OPT_INDENT_2))
    else:
        click.echo(describe_proposals(name, understood, proposals))
    if dry_run:
        return
    accept = minor_edits.accept if minor else imports.accept
    imported = accept(here.db, proposals, by=by, now=_now(), source_locale=here.site.source_locale)
    if not imported.changed:
        click.echo(
            gettext("Nothing changed since it was imported last: %(entry)s", entry=imported.article), err=as_json
        )
    elif not at_once:
        click.echo(gettext("Saved as a draft: %(entry)s", entry=imported.article), err=as_json)
        waiting = " ".join([*_unpublished(here, imported), imported.article])
        click.echo(gettext("Publish it with: tolk publish %(entries)s", entries=waiting), err=as_json)
    if at_once:
        for entry in (*_unpublished(here, imported), imported.article):
            edition = _publish(here, entry, here.site.source_locale, by)
        click.echo(gettext("Published: %(url)s", url=_url(here, edition)), err=as_json)


def _unpublished(here: Context, imported: imports.Imported) -> list[str]:
    """Return the clinics and authors of an import that readers cannot fetch yet."""
    named = [*imported.clinics, *imported.authors]
    return [
        entry
        for entry in dict.fromkeys(named)
        if here.site.source_locale not in documents.slugs(here.db, _type(here, entry), entry)
    ]


@main.command("publish")
@click.argument("entries", nargs=-1, required=True, metavar="ENTRY...")
@click.option("--locale", help="The language.  [default: the source language]")
@click.option("--by", default=_by, help="Who is publishing.  [default: the user]")
@command
def publish_command(here: Context, entries: tuple[str, ...], locale: str | None, by: str) -> None:
    """Publish each ENTRY, given as an id or as type/slug, in this order."""
    for entry in entries:
        edition = _publish(here, _entry(here, entry), locale or here.site.source_locale, by)
        click.echo(gettext("Published: %(url)s", url=_url(here, edition)))


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


@main.command("tick")
@command
def tick_command(here: Context) -> None:
    """Do once what has fallen due; for cron, where `tolk serve` does not run."""
    tasks, entries = server.tick(here.db, here.site, _now())
    done = ngettext("%(num)d task carried out.", "%(num)d tasks carried out.", tasks)
    again = ngettext("%(num)d entry rendered again.", "%(num)d entries rendered again.", entries)
    click.echo(f"{done} {again}")


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


@main.command("openapi")
@command
def openapi_command(here: Context) -> None:
    """Print the OpenAPI description of the API."""
    from api.application import create_app

    with create_app(here.settings).test_client() as client:
        click.echo(client.get("/v1/openapi.json").data)


@main.command("settings")
@command
def settings_command(here: Context) -> None:
    """List every setting: its value, its default and its reason."""
    for name, (default, reason) in VARIABLES.items():
        value = os.environ.get(name, default)
        click.echo(f"{name}={'…' if value and name in SECRETS else value}\n    {reason}")


@main.command("serve")
@click.option("--host", help="The address to listen on.  [default: TOLK_HOST]")
@click.option("--port", type=click.IntRange(1, 65_535), help="The port to listen on.  [default: PORT]")
@command
def serve_command(here: Context, host: str | None, port: int | None) -> None:
    """Run the server, and the clock that publishes what is scheduled."""
    # The server's processes read the environment afresh; the addresses in documents follow the port.
    os.environ["PORT"] = str(port or here.settings.port)
    settings = replace(settings_module.read(), host=host or here.settings.host)
    if wanted := pending(here.db):
        raise click.ClickException(gettext("Run `tolk migrate` first; pending: %(names)s", names=", ".join(wanted)))
    if (other := documents.any_url(here.db)) and not other.startswith(f"{settings.site.url}/"):
        click.echo(gettext("The documents name another address (%(url)s). Run `tolk rebuild`.", url=other), err=True)
    address = f"http://{settings.host}:{settings.port}"
    try:
        settings = replace(settings, host=server.resolve(settings.host, settings.port))
    except OSError as error:
        raise click.ClickException(f"{address}: {error.strerror}") from None
    locale = here.site.source_locale
    click.echo(gettext("%(name)s listens at %(address)s — stop it with Ctrl-C", name=here.site.name, address=address))
    click.echo(gettext("  read it:    %(address)s/docs", address=address))
    click.echo(gettext("  try it:     curl %(address)s/v1/%(locale)s/articles", address=address, locale=locale))
    click.echo(
        gettext("  search it:  curl '%(address)s/v1/%(locale)s/search?q=rugpijn'", address=address, locale=locale)
    )
    server.serve(settings)


def _publish(here: Context, entry: str, locale: str, by: str) -> Edition:
    readability_commands.warn(here, entry, locale)
    edition = editions.publish(here.db, entry, locale, by=by, now=_now(), site=here.site)
    refresh.drain(here.db, here.site, _now())
    return edition


def _type(here: Context, entry: str) -> str:
    return entries.find(here.db, entry).type


def _entry(here: Context, named: str) -> str:
    """Return the id of an entry that is named by its id or as type/slug."""
    if UUID.fullmatch(named):
        return named
    kind, _, slug = named.partition("/")
    found = documents.known_as(here.db, types.find(kind).name, slug)
    if not found:
        raise NotFound("entry", named)
    return found


def refuse_unknown(here: Context, locale: str) -> None:
    """Raise Invalid where a language is none of the installation's."""
    if locale not in here.site.locales:
        raise Invalid([Problem("/locale", "unknown_locale", {"locale": locale, "known": list(here.site.locales)})])


def _url(here: Context, edition: Edition) -> str:
    return here.site.document_url(edition.locale, types.find(edition.type).plural, edition.slug)


# At the end: these commands are made with what stands above, and belong to the same group.
from api import (  # noqa: E402
    check_pairs,  # noqa: F401
    exchange_commands,  # noqa: F401
    machine_commands,  # noqa: F401
    memory_commands,  # noqa: F401
    people_commands,  # noqa: F401
    readability_commands,
    translating_commands,  # noqa: F401
)
