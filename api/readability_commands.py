"""The command that says how hard an entry is to read, and the warning before publishing."""

from collections.abc import Iterator

import click
from flask_babel import gettext

from api.cli import Context, _entry, command, main, refuse_unknown
from api.wording import READING_LEVELS, say
from cms.content import entries, revisions, types
from cms.localize import plain_language
from cms.localize.plain_language import Reading
from cms.localize.readability import Readability
from cms.publish import requirements

MOST_WORDS = 10


@main.command("readability")
@click.argument("entry")
@click.option("--locale", help="The language.  [default: the source language]")
@command
def readability_command(here: Context, entry: str, locale: str | None) -> None:
    """Say how hard ENTRY (an id or type/slug) is to read, and where to begin to make it plainer."""
    where = locale or here.site.source_locale
    refuse_unknown(here, where)
    found = plain_language.read(here.db, _entry(here, entry), where)
    click.echo("\n".join(describe(found)))


def warn(here: Context, entry: str, locale: str) -> None:
    """Say, where the settings ask for a warning, what is hard to read in what is about to be published."""
    row = entries.find(here.db, entry)
    asked = here.site.readability.get(row.type)
    if asked is None:
        return
    if locale != row.source_locale:
        found = plain_language.read(here.db, entry, locale).figures
        if found.is_longer:
            click.echo(gettext("Warning: %(said)s", said=_longer(found)), err=True)
    elif asked.mode == "warn":
        content = revisions.get(here.db, entry, row.latest).content
        for reason in requirements.readability_reasons(types.find(row.type), content, locale, asked):
            said = say(reason.code, reason.values)
            click.echo(gettext("Warning: %(said)s", said=f"{reason.pointer} {said}".strip()), err=True)


def describe(found: Reading) -> Iterator[str]:
    """Yield the figures of an entry, and the sentences and words to begin with."""
    figures = found.figures
    yield gettext("sentences: %(sentences)s; words: %(words)s", sentences=figures.sentences, words=figures.words) + (
        gettext("; texts without a translation: %(count)s", count=found.missing) if found.missing else ""
    )
    yield gettext(
        "words in a sentence: %(length)s; sentences of more than %(longest)s: %(count)s",
        length=figures.sentence_length, longest=figures.longest, count=len(figures.long_sentences),
    )  # fmt: skip
    yield gettext("letters in a word: %(length)s", length=figures.word_length)
    if figures.score is not None:
        said = gettext(READING_LEVELS[figures.level])
        yield gettext("readability: %(score)s of 100 (%(level)s)", score=figures.score, level=said)
    else:
        yield gettext("readability: no score; too few words, or no formula for this language")
    if figures.longer is not None and found.source:
        yield _longer(figures)
    for sentence in figures.long_sentences:
        yield f"  {sentence.words:>3}  {sentence.path}: {sentence.text}"
    if figures.long_words:
        shown = ", ".join(f"{each.word} ({each.times})" for each in figures.long_words[:MOST_WORDS])
        yield gettext("long words: %(words)s", words=shown)


def _longer(figures: Readability) -> str:
    percent = figures.longer or 0
    if percent < 0:
        return str(gettext("sentences are %(percent)s%% shorter than in the source", percent=-percent))
    return str(gettext("sentences are %(percent)s%% longer than in the source", percent=percent))
