"""The commands that set an installation up and run it."""

import os
from dataclasses import replace

import click
from flask_babel import gettext, ngettext

from api import settings as settings_module
from api.cli import Context, _now, command, main
from api.settings import SECRETS, VARIABLES
from migrations import migrate, pending


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
    # Here and below, what one command alone needs is loaded where it is needed: others need not wait for it.
    from sample import load
    from sample.people import load_people

    added = load(here.db, here.site, _now(), here.settings.media_dir)
    click.echo(ngettext("%(num)d sample entry added.", "%(num)d sample entries added.", added))
    if people:
        click.echo(gettext("Sign in at %(url)s", url=f"{here.site.url}/admin"))
        password, added_people = load_people(here.db, _now())
        for person in added_people:
            click.echo(f"  {person.email:<26} {password}  {', '.join((*person.roles, *person.locales))}")


@main.command("tick")
@command
def tick_command(here: Context) -> None:
    """Do once what has fallen due; for cron, where `tolk serve` does not run."""
    from api import logs, server

    logs.set_up(here.settings.log_level)
    tasks, entries = server.tick(here.db, here.site, _now())
    for sending in server.tell_of_recalls(here.settings, here.db, _now()):
        sending.join()
    done = ngettext("%(num)d task carried out.", "%(num)d tasks carried out.", tasks)
    again = ngettext("%(num)d entry rendered again.", "%(num)d entries rendered again.", entries)
    click.echo(f"{done} {again}")


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
    from api import logs, server
    from cms.publish import documents

    logs.set_up(here.settings.log_level)
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
