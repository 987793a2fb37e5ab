"""The commands that exchange translations with other tools; the library reads, judges and keeps them."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click
from flask_babel import gettext

from api.cli import STANDARD_INPUT, Context, _by, _entry, _now, command, main, refuse_unknown
from api.report import describe_error, describe_finding, one_line
from api.wording import OUTCOMES, say
from cms.errors import Invalid, TolkError
from cms.localize.exchange import formats, guard, importing, units
from cms.localize.exchange.importing import Report, UnitResult

# What needs nobody's attention is counted and not named.
QUIET = ("unchanged", "empty")


@main.command("export")
@click.argument("entries", nargs=-1, required=True, metavar="ENTRY...")
@click.option("--locale", required=True, help="The language to translate into.")
@click.option("--format", "format_name", default="xliff2", type=click.Choice(formats.FORMATS), show_default=True)
@click.option("--only", default="all", type=click.Choice(units.ONLY), show_default=True, help="Which segments.")
@click.option("--output", "-o", default=STANDARD_INPUT, help="The file to write.  [default: standard output]")
@command
def export_command(
    here: Context, entries: tuple[str, ...], locale: str, format_name: str, only: str, output: str
) -> None:
    """Write what there is to translate of each ENTRY (an id or type/slug) as a file for another tool."""
    named = [_entry(here, entry) for entry in entries]
    try:
        refuse_unknown(here, locale)
        data = formats.export(here.db, named, locale, format=format_name, only=only)
    except Invalid as error:
        click.echo(_described(error), err=True)
        sys.exit(1)
    if output == STANDARD_INPUT:
        click.echo(data, nl=False)
    else:
        Path(output).write_bytes(data)
        click.echo(gettext("Written: %(file)s", file=output), err=True)


@main.command("import-translations")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--locale", help="The language of the files.  [default: what each file says]")
@click.option("--format", "format_name", type=click.Choice(formats.FORMATS), help="The format.  [default: recognised]")
@click.option("--dry-run", is_flag=True, help="Show what would become of each unit; save nothing.")
@click.option("--approve", is_flag=True, help="Approve what is finished and passes the checks; critical advice waits.")
@click.option("--all", "everything", is_flag=True, help="Name also the units that bring nothing new.")
@click.option("--by", default=_by, help="Who is importing.  [default: the user]")
@command
def import_translations_command(
    here: Context,
    files: tuple[str, ...],
    locale: str | None,
    format_name: str | None,
    dry_run: bool,
    approve: bool,
    everything: bool,
    by: str,
) -> None:
    """Take in translations from XLIFF, PO or CSV, and say what became of each unit. `-` reads standard input."""
    if locale:
        refuse_unknown(here, locale)
    failed = False
    for name in files:
        try:
            report = importing.import_file(
                here.db,
                _read(name),
                by=by,
                now=_now(),
                format=format_name,
                locale=locale,
                known=here.site.locales,
                dry_run=dry_run,
                state="approved" if approve else "needs_review",
            )
            click.echo("\n".join(describe_report(name, report, everything=everything)))
        except (TolkError, OSError) as error:
            failed = True
            click.echo(f"{name}: {_described(error)}", err=True)
    if failed:
        sys.exit(1)


def describe_report(name: str, report: Report, *, everything: bool = False) -> Iterator[str]:
    """Yield what became of a file: a line for each unit that matters, and the sums."""
    yield f"{name}  [{report.format}, {report.locale}]"
    for unit in report.units:
        if everything or unit.outcome not in QUIET or unit.faults:
            yield from _describe_unit(unit)
    sums = ", ".join(f"{count} {gettext(OUTCOMES[outcome])}" for outcome, count in report.counts.items())
    yield "  " + (sums or gettext("There are no units in it."))
    if report.is_dry_run:
        yield "  " + gettext("This was a dry run: nothing was saved.")


def _describe_unit(unit: UnitResult) -> Iterator[str]:
    yield f"  {gettext(OUTCOMES[unit.outcome]):<12} {unit.entry[:40]} {unit.path[:200]}: {one_line(unit.text)}"
    for fault in unit.faults:
        yield f"      {say(fault.code, fault.values)}"
    for finding in unit.findings:
        yield f"      {describe_finding(finding)}"
    if unit.outcome in ("suggested", "conflicting") and unit.stands:
        yield "      " + gettext("This stands, and stays: %(text)s", text=one_line(unit.stands))


def _read(name: str) -> bytes:
    """Return what a file holds, and no more than one byte over what is taken: a large file is not read whole."""
    if name == STANDARD_INPUT:
        return sys.stdin.buffer.read(guard.MAX_BYTES + 1)
    with Path(name).open("rb") as file:
        return file.read(guard.MAX_BYTES + 1)


def _described(error: TolkError | OSError) -> str:
    if isinstance(error, Invalid):
        return " ".join(say(problem.code, problem.values) for problem in error.problems)
    return describe_error(error) if isinstance(error, TolkError) else str(error)
