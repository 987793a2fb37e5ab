"""Commands for translators: how far an entry has come, what is offered, taking, approving and waiving it."""

from collections.abc import Iterator, Mapping

import click
from flask_babel import gettext

from api.cli import Context, _by, _entry, _now, command, main, refuse_unknown
from api.report import describe_finding, one_line
from cms.content import entries
from cms.localize import offers, review, translations
from cms.localize.checks import CODES
from cms.localize.progress import progress
from cms.localize.translations import Outcome


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
@click.argument("locale")
@command
def suggestions_command(here: Context, entry: str, locale: str) -> None:
    """List what is offered to translators of ENTRY (an id or type/slug) in LOCALE."""
    refuse_unknown(here, locale)
    found = _entry(here, entry)
    stands = _standing(here, found, locale)
    for offered in offers.open_for(here.db, found, locale):
        click.echo(f"{offered.id}  {offered.origin} {offered.why}  {offered.path}: {offered.text}")
        if text := stands.get((offered.path, offered.source_hash)):
            click.echo("    " + gettext("This stands, and stays: %(text)s", text=one_line(text)))


@main.command("accept")
@click.argument("entry")
@click.argument("locale")
@click.argument("suggestion")
@click.option("--replace", is_flag=True, help="Let it take the place of the text that stands.")
@click.option("--by", default=_by, help="Who takes it.  [default: the user]")
@command
def accept_command(here: Context, entry: str, locale: str, suggestion: str, replace: bool, by: str) -> None:
    """Take a SUGGESTION as the translation of ENTRY in LOCALE; approved where no check stands against it."""
    found = _entry(here, entry)
    checks = here.site.checks_translations
    offered = offers.find(here.db, found, locale, suggestion)
    seen = _standing(here, found, locale).get((offered.path, offered.source_hash)) if replace else None
    done = offers.accept(here.db, found, locale, suggestion, by=by, now=_now(), seen=seen, checks=checks)
    for line in describe_outcomes(done):
        click.echo(line)


@main.command("approve")
@click.argument("entry")
@click.argument("locale")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--by", default=_by, help="Who approves.  [default: the user]")
@command
def approve_command(here: Context, entry: str, locale: str, paths: tuple[str, ...], by: str) -> None:
    """Approve the translations of ENTRY in LOCALE that wait, or those at these PATHs; all of them or none."""
    refuse_unknown(here, locale)
    checks = here.site.checks_translations
    done = translations.approve(here.db, _entry(here, entry), locale, paths, by=by, now=_now(), checks=checks)
    for path in done:
        click.echo(gettext("Approved: %(path)s", path=path))
    for path in sorted(set(paths) - set(done)):
        click.echo(gettext("Nothing waits at: %(path)s", path=path), err=True)
    if not done and not paths:
        click.echo(gettext("Nothing waits for approval."))


@main.command("waive")
@click.argument("entry")
@click.argument("locale")
@click.argument("path")
@click.argument("code", type=click.Choice(CODES))
@click.option("--reason", required=True, help="Why it does not matter.")
@click.option("--by", default=_by, help="Who says so.  [default: the user]")
@command
def waive_command(here: Context, entry: str, locale: str, path: str, code: str, reason: str, by: str) -> None:
    """Say that the finding CODE about the translation of ENTRY in LOCALE at PATH does not matter, and why."""
    review.waive(here.db, _entry(here, entry), locale, path, code, reason, by=by, now=_now())
    click.echo(gettext("Waived: %(path)s (%(code)s)", path=path, code=code))


def describe_outcomes(outcomes: Mapping[str, Outcome]) -> Iterator[str]:
    """Yield what became of each text, and what the checks hold against it."""
    for path, outcome in outcomes.items():
        said = {
            "saved": gettext("Approved: %(path)s", path=path),
            "held": gettext("Saved, to be reviewed: %(path)s", path=path),
            "unchanged": gettext("Unchanged: %(path)s", path=path),
        }
        yield said[outcome.what]
        for finding in outcome.findings:
            yield f"    {describe_finding(finding)}"


def _standing(here: Context, entry: str, locale: str) -> dict[tuple[str, str], str]:
    """Return the texts that translators see, by the path and the source that they were made from."""
    found = translations.working(here.db, entry, locale)
    return {(each.path, each.source_hash): each.text for each in found}
