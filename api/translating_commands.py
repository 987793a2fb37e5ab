"""Commands for translators: how far an entry has come, what is offered, and taking what is offered."""

import click
from flask_babel import gettext

from api.cli import Context, _by, _entry, _now, command, main
from cms.content import entries
from cms.localize import fact_changes, suggestions
from cms.localize.progress import progress


@main.command("progress")
@click.argument("entry")
@command
def progress_command(here: Context, entry: str) -> None:
    """Show how far ENTRY (an id or type/slug) has come in each language."""
    found = _entry(here, entry)
    source = entries.find(here.db, found).source_locale
    for locale in here.site.locales:
        if locale != source:
            counts = vars(progress(here.db, found, locale))
            click.echo(f"{locale:<6} " + "  ".join(f"{name} {count}" for name, count in counts.items()))


@main.command("suggestions")
@click.argument("entry")
@click.option("--locale", required=True, help="The language.")
@command
def suggestions_command(here: Context, entry: str, locale: str) -> None:
    """List what is offered to translators of ENTRY (an id or type/slug)."""
    for offered in suggestions.open_for(here.db, _entry(here, entry), locale):
        click.echo(f"{offered.id}  {offered.origin} {offered.why}  {offered.path}: {offered.text}")


@main.command("accept")
@click.argument("suggestion")
@click.option("--by", default=_by, help="Who takes it.  [default: the user]")
@command
def accept_command(here: Context, suggestion: str, by: str) -> None:
    """Take a SUGGESTION as the approved translation; what fails a check is refused."""
    offered = suggestions.find(here.db, suggestion)
    fact_changes.accept(here.db, suggestion, by=by, now=_now())
    click.echo(gettext("Accepted: %(path)s", path=offered.path))
