"""The commands that keep the glossary and the memory; the library reads, judges and finds."""

import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import NoReturn

import click
from flask_babel import gettext, ngettext

from api.cli import STANDARD_INPUT, Context, _by, _now, command, main
from api.wording import say
from cms import locales
from cms.errors import Invalid, Problem
from cms.localize import glossary, glossary_csv, memory, tmx
from cms.localize.exchange import guard
from cms.localize.memory import Offer


@main.group("glossary")
def glossary_group() -> None:
    """Keep the terms: how they are to be translated, how never, and what stays as it is."""


@glossary_group.command("import")
@click.argument("file")
@click.option("--replace", "replace_all", is_flag=True, help="Drop the terms of these languages that FILE lacks.")
@command
def import_command(here: Context, file: str, replace_all: bool) -> None:
    """Take in terms from the CSV FILE, all or none. `-` reads standard input."""
    try:
        found = glossary_csv.from_csv(_read(file, guard.MAX_BYTES))
    except Invalid as error:
        _refuse(file, error)
    kept = glossary.add(here.db, found, replace_all=replace_all)
    click.echo(ngettext("%(num)d term kept.", "%(num)d terms kept.", kept))


@glossary_group.command("export")
@click.option("--from", "source_locale", default="", help="Only terms of this language.  [default: all]")
@click.option("--to", "target_locale", default="", help="Only translations into this language.  [default: all]")
@click.option("--semicolons", is_flag=True, help="Part the columns by semicolons, as Dutch spreadsheets expect.")
@click.option("-o", "--output", default=STANDARD_INPUT, help="The file to write.  [default: standard output]")
@command
def export_command(here: Context, source_locale: str, target_locale: str, semicolons: bool, output: str) -> None:
    """Write the terms as CSV."""
    found = glossary.terms(here.db, _tag(source_locale), _tag(target_locale))
    _write(output, glossary_csv.to_csv(found, ";" if semicolons else ","))


@main.group("memory")
def memory_group() -> None:
    """Keep what was translated before, and look in it."""


@memory_group.command("import")
@click.argument("file")
@click.option("--from", "source_locale", required=True, help="The language that was translated.")
@click.option("--to", "target_locale", required=True, help="The language it was translated into.")
@click.option("--by", default=_by, help="Who is importing.  [default: the user]")
@command
def import_memory_command(here: Context, file: str, source_locale: str, target_locale: str, by: str) -> None:
    """Take in the pairs of texts that the TMX FILE has for two languages. `-` reads standard input."""
    source, target = _pair(source_locale, target_locale)
    try:
        pairs = tmx.from_tmx(_read(file, tmx.MAX_BYTES), source, target)
    except Invalid as error:
        _refuse(file, error)
    new = memory.remember(here.db, source, target, pairs, by=by, now=_now())
    read = ngettext(
        "%(num)d pair read, %(new)s of them new.", "%(num)d pairs read, %(new)s of them new.", len(pairs), new=new
    )
    click.echo(read)


@memory_group.command("export")
@click.option("--from", "source_locale", required=True, help="The language that was translated.")
@click.option("--to", "target_locale", required=True, help="The language it was translated into.")
@click.option("-o", "--output", default=STANDARD_INPUT, help="The file to write.  [default: standard output]")
@command
def export_memory_command(here: Context, source_locale: str, target_locale: str, output: str) -> None:
    """Write what is remembered for two languages as TMX 1.4."""
    source, target = _pair(source_locale, target_locale)
    _write(output, tmx.to_tmx(source, target, memory.pairs(here.db, source, target), version("tolk")))


@memory_group.command("suggest")
@click.argument("text")
@click.option("--from", "source_locale", required=True, help="The language of TEXT.")
@click.option("--to", "target_locale", required=True, help="The language to translate into.")
@click.option("--limit", default=5, type=click.IntRange(1, 100), show_default=True, help="How many at most.")
@command
def suggest_command(here: Context, text: str, source_locale: str, target_locale: str, limit: int) -> None:
    """Show how TEXT, or one like it, was translated before. `-` reads standard input."""
    source, target = _pair(source_locale, target_locale)
    wanted = guard.decode(_read(text, guard.MAX_BYTES)) if text == STANDARD_INPUT else text
    offers = memory.suggest(here.db, wanted, source, target, limit)
    for offer in offers:
        click.echo("\n".join(_described(offer)))
    if not offers:
        click.echo(gettext("Nothing like it was translated before."))


def _described(offer: Offer) -> Iterator[str]:
    """Yield an offer as lines; what the older source has beyond the text is [-so-], what it lacks {+so+}."""
    yield f"{offer.likeness:5.1f} %  {_line(offer.pair.target)}"
    if offer.likeness < 100:
        marks = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}
        yield f"         {_line(''.join(marks[kind].format(words) for kind, words in offer.difference))}"
    if offer.pair.entry:
        yield f"         {offer.pair.entry} {offer.pair.path}"


def _line(text: str) -> str:
    return " ".join(text.split())


def _pair(source_locale: str, target_locale: str) -> tuple[str, str]:
    source, target = _tag(source_locale), _tag(target_locale)
    if source == target:
        raise Invalid([Problem("/to", "same_language", {"locale": target})])
    return source, target


def _tag(given: str) -> str:
    try:
        return locales.standard(given) if given else ""
    except locales.UnknownTag:
        raise Invalid([Problem("", "not_a_language_tag", {"value": given[:80]})]) from None


def _read(name: str, maximum: int) -> bytes:
    """Return what a file holds, and no more than one byte over what is taken: a large file is not read whole."""
    if name == STANDARD_INPUT:
        return sys.stdin.buffer.read(maximum + 1)
    try:
        with Path(name).open("rb") as file:
            return file.read(maximum + 1)
    except OSError as error:
        raise click.ClickException(f"{name}: {error.strerror}") from None


def _write(name: str, data: bytes) -> None:
    if name == STANDARD_INPUT:
        click.echo(data, nl=False)
        return
    try:
        Path(name).write_bytes(data)
    except OSError as error:
        raise click.ClickException(f"{name}: {error.strerror}") from None
    click.echo(gettext("Written: %(file)s", file=name), err=True)


def _refuse(name: str, error: Invalid) -> NoReturn:
    """Say what is wrong with a file, each fault with its line and column, and end."""
    for problem in error.problems:
        line, _, column = problem.pointer.strip("/").partition("/")
        said = say(problem.code, problem.values)
        if column:
            said = gettext("line %(line)s, column %(column)s: %(said)s", line=line, column=column, said=said)
        elif line:
            said = gettext("line %(line)s: %(said)s", line=line, said=said)
        click.echo(f"{name}: {said}", err=True)
    sys.exit(1)
