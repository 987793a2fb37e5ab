"""Commands for the keys that documents are signed with."""

import click
from flask_babel import gettext, ngettext

from api.cli import Context, _now, command, main
from api.people_commands import _operator
from cms.publish import signing_keys


@main.group("signing-key")
def signing_key_group() -> None:
    """The keys that documents are signed with."""


@signing_key_group.command("list")
@command
def list_command(here: Context) -> None:
    """List all keys, the newest first: state, since when, id."""
    for key in signing_keys.every(here.db):
        since = key.revoked_at or key.retired_at or key.created_at
        click.echo(f"{key.state:<8}  {since[:16]}  {key.id}")


@signing_key_group.command("rotate")
@command
def rotate_command(here: Context) -> None:
    """Make a new key and sign with it from now on; what was signed before stays good."""
    key = signing_keys.rotate(here.db, _operator(), now=_now())
    click.echo(gettext("Documents are signed from now on with: %(key)s", key=key.id))


@signing_key_group.command("revoke")
@click.argument("key")
@command
def revoke_command(here: Context, key: str) -> None:
    """End a KEY for good, as when it has leaked, and sign anew all that it signed."""
    signing_keys.revoke(here.db, _operator(), key, now=_now())
    done = 0
    while made := signing_keys.sign_anew(here.db, _now()):
        done += made
    click.echo(gettext("Revoked: %(name)s", name=key))
    click.echo(ngettext("%(num)d document signed anew.", "%(num)d documents signed anew.", done))
