"""The command that looks at a partner's pages."""

import sys

import click
import orjson
from flask_babel import gettext, ngettext

from api.cli import Context, _now, command, main
from api.wording import say
from cms.partners import looking, pages, partners
from cms.partners.looking import PAGE_BYTES, PAGE_SECONDS


@main.command("conformance")
@click.argument("partner")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON, a line for each page.")
@command
def conformance_command(here: Context, partner: str, as_json: bool) -> None:
    """Look at the pages that a PARTNER (an id or a name) has registered; status 1 where one does not conform."""
    from api.sending import sending

    found = partners.named(here.db, partner)
    if not pages.count(here.db, found.id):
        click.echo(gettext("This partner has registered no pages."), err=True)
        return
    wrong = checked = 0
    with sending(private=here.settings.webhook_private, whole=PAGE_SECONDS, most_bytes=PAGE_BYTES) as send:
        for looked in looking.look(here.db, found, send, _now()):
            checked += 1
            wrong += any(each.severity == "error" for each in looked.findings)
            if as_json:
                click.echo(orjson.dumps(looking.as_json(looked)))
                continue
            click.echo(f"{'ok' if not looked.findings else '--'}  {looked.page.locale}  {looked.page.url}")
            for each in looked.findings:
                click.echo(f"    {each.severity}: {say(each.code, each.values)}")
    said = ngettext("%(num)d page looked at; ", "%(num)d pages looked at; ", checked)
    said += ngettext("%(num)d does not conform.", "%(num)d do not conform.", wrong)
    click.echo(said, err=True)
    if wrong:
        sys.exit(1)
