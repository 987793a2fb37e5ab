"""The command that turns pasted text into a draft; the library understands, compares and keeps it."""

import sys
from pathlib import Path

import click
import orjson
from flask_babel import gettext

from api.cli import STANDARD_INPUT, Context, _by, _entry, _now, command, main
from api.publishing_commands import publish_and_render, url_of
from api.report import describe_error, describe_proposals
from cms.content import entries, imports
from cms.content.plaintext import understand
from cms.errors import TolkError
from cms.publish import documents, minor_edits


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
            edition = publish_and_render(here, entry, here.site.source_locale, by)
        click.echo(gettext("Published: %(url)s", url=url_of(here, edition)), err=as_json)


def _unpublished(here: Context, imported: imports.Imported) -> list[str]:
    """Return the clinics and authors of an import that readers cannot fetch yet."""
    named = [*imported.clinics, *imported.authors]
    return [
        entry
        for entry in dict.fromkeys(named)
        if here.site.source_locale not in documents.slugs(here.db, entries.find(here.db, entry).type, entry)
    ]
