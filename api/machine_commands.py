"""The command that asks a machine to translate; the library plans, judges and keeps."""

import sys
from collections.abc import Iterator

import click
from flask_babel import gettext

from api.cli import Context, _by, _entry, _now, command, main, refuse_unknown
from api.machine import translator
from api.report import describe_error, describe_finding, one_line
from api.wording import MACHINE_OUTCOMES, say
from cms.localize.machine import Cost, translating
from cms.localize.machine.checking import checker
from cms.localize.machine.translating import Done, Plan, Result


@main.command("translate")
@click.argument("entry")
@click.option("--locale", required=True, help="The language to translate into.")
@click.option("--only", type=click.Choice(translating.ONLY), help="Which segments.  [default: both]")
@click.option("--estimate", is_flag=True, help="Say what it would cost; ask for nothing.")
@click.option("--by", default=_by, help="Who asks for it.  [default: the user]")
@command
def translate_command(here: Context, entry: str, locale: str, only: str | None, estimate: bool, by: str) -> None:
    """Have a machine translate what ENTRY (an id or type/slug) lacks; a person reviews and approves it."""
    refuse_unknown(here, locale)
    asked = translating.plan(here.db, _entry(here, entry), locale, only=only or "")
    with translator(here.settings) as machine:
        if estimate:
            click.echo("\n".join(describe_cost(asked, machine.estimate(asked.characters))))
            return
        if not machine.name:
            raise click.ClickException(gettext("No machine is set up: set TOLK_MACHINE to deepl or libretranslate."))
        done = translating.translate(here.db, machine, asked, by=by, now=_now(), check=checker(asked))
    for said in describe_done(done):
        click.echo(said)
    if done.failure:
        click.echo(describe_error(done.failure), err=True)
        sys.exit(1)


def describe_cost(asked: Plan, cost: Cost) -> Iterator[str]:
    """Yield what is asked for, and what it will cost."""
    yield gettext(
        "segments: %(count)s; characters: %(characters)s", count=len(asked.wanted), characters=cost.characters
    )
    if cost.amount is not None:
        yield gettext("about %(amount)s %(currency)s", amount=cost.amount, currency=cost.currency)
    if cost.left is not None:
        yield gettext("characters left in the account: %(left)s", left=cost.left)


def describe_done(done: Done) -> Iterator[str]:
    """Yield what needs somebody's attention, segment by segment, and the sums."""
    for result in done.results:
        if result.faults or result.findings or result.outcome not in ("saved", "unchanged"):
            yield from _describe(result)
    for outcome, said in MACHINE_OUTCOMES.items():
        if count := sum(result.outcome == outcome for result in done.results):
            yield f"{count} {gettext(said)}"
    if not done.results and not done.failure:
        yield gettext("There is nothing to translate.")


def _describe(result: Result) -> Iterator[str]:
    yield f"{gettext(MACHINE_OUTCOMES[result.outcome])}: {result.path}: {one_line(result.text)}"
    for fault in result.faults:
        yield f"    {say(fault.code, fault.values)}"
    for finding in result.findings:
        yield f"    {describe_finding(finding)}"
