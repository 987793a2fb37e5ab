"""Commands for people and keys: who may sign in, what programs sign in with, and who did what."""

import sys
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import click
import orjson
from flask_babel import gettext, ngettext

from api.cli import Context, _by, _now, command, main
from cms.errors import NotFound
from cms.people import audit, keys, managing, passwords, users
from cms.people.rights import ACTIONS, ANY, OPERATOR, ROLES, Actor, Scopes
from cms.people.users import User
from cms.store import write


@main.group("user")
def user_group() -> None:
    """People who may sign in."""


@user_group.command("add")
@click.argument("email")
@click.option("--name", required=True, help="What the user is called.")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(ROLES), help="What the user may do.")
@click.option("--locale", "locales", multiple=True, help="A language that a translator translates into.")
@click.option("--language", default="", help="The language of the admin.  [default: the browser's]")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input; make no link.")
@command
def add_command(here: Context, email: str, password_stdin: bool, **fields: Any) -> None:
    """Add a user, and print a link for setting the password; it works once, within a week."""
    with write(here.db):
        user, token = managing.add_user(here.db, _operator(), email=email, now=_now(), **fields)
        if password_stdin:
            passwords.set_password(here.db, user.id, sys.stdin.readline().rstrip("\r\n"))
    click.echo(gettext("Added: %(name)s <%(email)s> (%(id)s)", name=user.name, email=user.email, id=user.id))
    if not password_stdin:
        _show_link(here, token)


@user_group.command("list")
@command
def list_command(here: Context) -> None:
    """List all users: state, roles and languages, when last seen, e-mail address."""
    for user in users.every(here.db):
        allowed = ",".join(user.roles) + (f" ({','.join(user.locales)})" if user.locales else "")
        seen = user.last_seen_at[:16] or "-"
        click.echo(f"{user.state:<8}  {allowed:<28}  {seen:<16}  {user.email}  {user.name}")


@user_group.command("reset")
@click.argument("email")
@click.option("--second-factor", is_flag=True, help="Take away authenticator, recovery codes and passkeys too.")
@command
def reset_command(here: Context, email: str, second_factor: bool) -> None:
    """Print a link with which a user sets another password; it works once, within a day."""
    user = _user(here, email)
    with write(here.db):
        if second_factor:
            managing.reset_second_factor(here.db, _operator(), user.id, now=_now())
        token = managing.reset_password(here.db, _operator(), user.id, now=_now())
    _show_link(here, token)


@user_group.command("change")
@click.argument("email")
@click.option("--name", help="What the user is called.")
@click.option(
    "--role", "roles", multiple=True, type=click.Choice(ROLES), help="What the user may do, in place of all before."
)
@click.option("--locale", "locales", multiple=True, help="A language to translate into, in place of all before.")
@command
def change_command(here: Context, email: str, **fields: Any) -> None:
    """Change a user's name, roles or languages."""
    given = {name: value for name, value in fields.items() if value}
    user = managing.change_user(here.db, _operator(), _user(here, email).id, now=_now(), **given)
    click.echo(gettext("Changed: %(email)s", email=user.email))


@user_group.command("disable")
@click.argument("email")
@command
def disable_command(here: Context, email: str) -> None:
    """Shut a user out at once: sessions and links end, keys are revoked for good."""
    user = managing.change_user(here.db, _operator(), _user(here, email).id, now=_now(), state="disabled")
    click.echo(gettext("Disabled: %(email)s", email=user.email))


@user_group.command("enable")
@click.argument("email")
@command
def enable_command(here: Context, email: str) -> None:
    """Let a disabled user sign in again; keys stay revoked."""
    user = managing.change_user(here.db, _operator(), _user(here, email).id, now=_now(), state="active")
    click.echo(gettext("Enabled: %(email)s", email=user.email))


@main.group("key")
def key_group() -> None:
    """Keys that programs sign in with."""


@key_group.command("add")
@click.argument("name")
@click.option("--owner", required=True, help="The e-mail address of the user for whom it acts.")
@click.option(
    "--action",
    "actions",
    multiple=True,
    required=True,
    type=click.Choice([*ACTIONS, ANY]),
    metavar="ACTION",
    help="What it may do, where its owner may; * for all.",
)
@click.option("--type", "types", multiple=True, help="A type of entries that it is for.  [default: all]")
@click.option("--locale", "locales", multiple=True, help="A language that it is for.  [default: all]")
@click.option("--days", type=click.IntRange(1, 3_650), help="How long it works.  [default: until it is revoked]")
@command
def add_key_command(here: Context, name: str, owner: str, days: int | None, **limits: Iterable[str]) -> None:
    """Make a key and print its secret, which is shown this once."""
    now = _now()
    key, secret = managing.make_key(
        here.db,
        _operator(),
        name=name,
        owner=_user(here, owner).id,
        scopes=Scopes(**{limit: frozenset(values) for limit, values in limits.items()}),
        expires_at=now + timedelta(days=days) if days else None,
        now=now,
    )
    click.echo(secret)
    click.echo(
        gettext("Keep it safe: it is not shown again. Revoke it with: tolk key revoke %(key)s", key=key.prefix),
        err=True,
    )


@key_group.command("list")
@command
def list_keys_command(here: Context) -> None:
    """List all keys: prefix, state, owner, when last used, what they may, name."""
    now, owners = _now(), {user.id: user for user in users.every(here.db)}
    for key in keys.every(here.db):
        used = key.last_used_at[:16] or "-"
        owner = owners[key.owner].email
        click.echo(f"{key.prefix}  {key.state(now):<7}  {owner}  {used:<16}  {_scopes(key.scopes)}  {key.name}")


@key_group.command("revoke")
@click.argument("key")
@command
def revoke_command(here: Context, key: str) -> None:
    """End a KEY, given as its prefix or id, for good."""
    found = next((each for each in keys.every(here.db) if key in (each.prefix, each.id)), None)
    if found is None:
        raise NotFound("key", key)
    managing.revoke_key(here.db, _operator(), found.id, now=_now())
    click.echo(gettext("Revoked: %(name)s", name=found.name))


@main.group("secret")
def secret_group() -> None:
    """What the installation itself signs with."""


@secret_group.command("rotate")
@command
def rotate_command(here: Context) -> None:
    """Make the secrets of the installation anew: links to previews end, and everybody signs in again."""
    ended = managing.rotate_secrets(here.db, _operator(), now=_now())
    click.echo(ngettext("%(num)d session ended.", "%(num)d sessions ended.", ended))


@main.group("audit")
def audit_group() -> None:
    """Who did what, when and from where."""


@audit_group.command("export")
@click.option("--since", default="", help="From this moment on, as 2026-03-01 or 2026-03-01T08:30.")
@click.option("--until", default="", help="Before this moment.")
@click.option("--actor", default="", help="The id of a user or key, or the word operator.")
@click.option("--action", default="", help="One action, such as entry.publish.")
@click.option("--entry", default="", help="The id of an entry.")
@command
def export_command(here: Context, **asked: str) -> None:
    """Print the audit as JSON, one line each, the newest first."""
    for done in audit.export(here.db, **asked):
        click.echo(orjson.dumps(asdict(done)))


def _operator() -> Actor:
    return replace(OPERATOR, name=_by())


def _user(here: Context, email: str) -> User:
    user = users.by_email(here.db, email)
    if user is None:
        raise NotFound("user", email)
    return user


def _show_link(here: Context, token: str) -> None:
    click.echo(gettext("Set the password at: %(url)s", url=f"{here.site.url}/admin/link/{token}"))


def _scopes(scopes: Scopes) -> str:
    limits = (scopes.actions, scopes.types, scopes.locales)
    return " ".join(",".join(sorted(limit)) for limit in limits if limit)
