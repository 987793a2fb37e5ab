"""The readability of an entry as it stands in the store: its newest source, or its translation beside it."""

from dataclasses import dataclass

from cms.content import entries, revisions, types
from cms.localize import translations
from cms.localize.exchange.units import values
from cms.localize.readability import Readability, measure, plain_text, prose
from cms.store import Database


@dataclass(frozen=True)
class Reading:
    """The figures of an entry in a locale; for a translation also those of the same segments of its source.

    `missing` counts the segments of prose that have no current translation and so are not in the figures.
    """

    figures: Readability
    source: Readability | None = None
    missing: int = 0


def read(db: Database, entry: str, locale: str) -> Reading:
    """Return how hard an entry is to read in a locale: its newest revision, with drafts of its translation."""
    row = entries.find(db, entry)
    kind, content = types.find(row.type), revisions.get(db, entry, row.latest).content
    texts = prose(kind, content)
    if locale == row.source_locale:
        return Reading(measure(texts, locale))
    found = values(kind, content)
    rendered = translations.match([found[path].segment for path in texts], translations.working(db, entry, locale))
    translated = {
        path: plain_text(found[path], each.translation.text)
        for path, each in rendered.items()
        if each.freshness == "current" and each.translation
    }
    source = measure({path: texts[path] for path in translated}, row.source_locale)
    return Reading(measure(translated, locale, source), source, len(texts) - len(translated))
