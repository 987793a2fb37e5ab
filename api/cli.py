"""The command `tolk`: what an operator and an editor do from a terminal. It words and prints; the library decides.

Somebody waits for each command: it loads what it needs itself, and nothing of the others.
"""

import os
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import wraps
from importlib import import_module
from typing import Any

import click
from flask_babel import force_locale

from api import languages
from api import settings as settings_module
from api.settings import Settings
from api.starting import load_types
from cms.errors import Invalid, NotFound, Problem, TolkError
from cms.store import Database, connect

STANDARD_INPUT = "-"
# The commands and groups by the module that they are made in.
MADE_IN = {
    "check_pairs": ("check",),
    "delivery_commands": ("deliver", "delivery", "webhook"),
    "conformance_commands": ("conformance",),
    "exchange_commands": ("export", "import-translations"),
    "importing_commands": ("import",),
    "machine_commands": ("translate",),
    "memory_commands": ("glossary", "memory"),
    "partner_commands": ("partner",),
    "people_commands": ("audit", "key", "secret", "user"),
    "publishing_commands": (
        "cancel", "list", "publish", "rebuild", "schedule", "tasks", "unpublish", "withdraw",
    ),
    "readability_commands": ("readability",),
    "recall_commands": ("recall",),
    "running_commands": ("migrate", "openapi", "sample", "serve", "settings", "tick"),
    "signing_commands": ("signing-key",),
    "translating_commands": ("accept", "approve", "progress", "suggestions", "waive"),
    "verifying": ("verify",),
}  # fmt: skip
HOMES = {name: module for module, names in MADE_IN.items() for name in names}


class Commands(click.Group):
    """All commands; each is loaded when it is asked for."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, None where there is none of that name."""
        if cmd_name in HOMES:
            _load(HOMES[cmd_name])
        else:
            self.every()  # Something like it may be what was meant.
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name all commands."""
        return sorted(self.every())

    def every(self) -> Mapping[str, click.Command]:
        """Return all commands by name."""
        for module in MADE_IN:
            _load(module)
        return self.commands


def _load(module: str) -> None:
    import_module(f"api.{module}")


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
        with languages.speaker().app_context(), force_locale(_language()):
            try:
                here = Context(settings_module.read())
                load_types(here.settings)
                return function(here, *args, **kwargs)
            except TolkError as error:
                from api.report import describe_error

                click.echo(describe_error(error), err=True)
                context.exit(1)
            finally:
                if here:
                    here.close()

    return run


def _language() -> str:
    said = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    language = re.split("[_.@-]", said)[0]
    return language if language in languages.SPOKEN else languages.SPOKEN[0]


def _now() -> datetime:
    return datetime.now(UTC)


def _by() -> str:
    return os.environ.get("USER") or os.environ.get("LOGNAME") or "cli"


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tolk")
def main() -> None:
    """Tolk: health advice, written once, carried into many languages, kept current."""


def _entry(here: Context, named: str) -> str:
    """Return the id of an entry that is named by its id or as type/slug."""
    from cms.content import types
    from cms.content.fields import UUID
    from cms.publish import documents

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
