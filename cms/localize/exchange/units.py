"""What is exchanged: the segments of an entry's newest revision with what a locale has for them. It knows no format."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cms.content import entries, revisions, types, walk
from cms.content.fields import Inline, Text
from cms.content.revisions import Revision
from cms.content.types import Type
from cms.errors import Invalid, Problem
from cms.localize import segments, translations
from cms.localize.exchange.inline import Tree, parse, settled
from cms.localize.exchange.places import place
from cms.localize.exchange.writing import write
from cms.localize.translations import Rendering
from cms.store import Database

ONLY = ("all", "stale", "missing")


@dataclass(frozen=True)
class Earlier:
    """A translation of an older source text, shown beside what is to be translated anew."""

    source: str
    text: str


@dataclass(frozen=True)
class Unit:
    """One segment on its way out. `text` is empty where no translation of this very source text stands."""

    path: str
    kind: str
    is_inline: bool
    source: str
    source_hash: str
    text: str
    state: str
    freshness: str
    max_length: int
    critical: bool
    notes: tuple[tuple[str, str], ...]
    earlier: Earlier | None

    @property
    def source_tree(self) -> Tree:
        """Return the source as text and codes."""
        return tree(self.source, self.is_inline)

    @property
    def target_tree(self) -> Tree:
        """Return the translation as text and codes."""
        return tree(self.text, self.is_inline)

    @property
    def text_mark(self) -> str:
        """Return what tells later whether the translation was changed elsewhere; empty where there is none."""
        return fingerprint(self.text, self.is_inline) if self.text else ""


@dataclass(frozen=True)
class Parcel:
    """All units of one entry in one locale."""

    entry: str
    type: str
    title: str
    source_locale: str
    locale: str
    revision: int
    units: tuple[Unit, ...]


@dataclass(frozen=True)
class Value:
    """A segment with the field that it fills: what it may hold and how long it may be."""

    segment: segments.Segment
    field: Text

    @property
    def is_inline(self) -> bool:
        """Tell whether the text is inline Markdown."""
        return isinstance(self.field, Inline)


def collect(db: Database, entry: str, locale: str, *, only: str = "all") -> Parcel:
    """Return what there is to exchange of an entry in a locale: all segments, or the stale or missing ones.

    Raises NotFound, and Invalid where the locale is the source's.
    """
    row = entries.find(db, entry)
    _refuse_bad(row.source_locale, locale, only)
    kind, revision = types.find(row.type), revisions.get(db, entry, row.latest)
    found = values(kind, revision.content)
    working = translations.working(db, entry, locale)
    rendered = translations.match([value.segment for value in found.values()], working)
    units = [_unit(value, rendered[path], revision) for path, value in found.items()]
    return Parcel(
        entry=entry,
        type=row.type,
        title=str(revision.content.get(kind.title, "")),
        source_locale=row.source_locale,
        locale=locale,
        revision=revision.number,
        units=tuple(unit for unit in units if only in ("all", unit.freshness)),
    )


def values(kind: Type, content: Mapping[str, Any]) -> dict[str, Value]:
    """Return the segments of some content by path, in reading order, with their fields."""
    fields = {leaf.path: leaf.field for leaf in walk.leaves(kind.schema, content) if isinstance(leaf.field, Text)}
    cut = segments.cut(kind, content)
    return {segment.path: Value(segment, fields[segment.path]) for segment in cut if segment.path in fields}


def tree(text: str, is_inline: bool) -> Tree:
    """Return a text as a tree: inline Markdown is parsed, plain text is text."""
    return parse(text) if is_inline else (text,) if text else ()


def same(one: str, other: str, is_inline: bool) -> bool:
    """Tell whether two texts read alike, however their markup is written."""
    return one == other or (is_inline and settled(parse(one)) == settled(parse(other)))


def fingerprint(text: str, is_inline: bool) -> str:
    """Return a hash of how a text reads: the same for two ways to write it, and for other white space."""
    written = write(parse(text))[0] if is_inline else text
    return hashlib.sha256(" ".join(written.split()).encode()).hexdigest()


def _refuse_bad(source_locale: str, locale: str, only: str) -> None:
    if locale == source_locale:
        raise Invalid([Problem("/locale", "is_source_locale", {"locale": locale})])
    if only not in ONLY:
        raise Invalid([Problem("/only", "not_a_choice", {"value": only, "choices": list(ONLY)})])


def _unit(value: Value, rendering: Rendering, revision: Revision) -> Unit:
    segment, found = value.segment, rendering.translation
    where = place(revision.content, segment.path)
    is_current = rendering.freshness == "current"
    return Unit(
        path=segment.path,
        kind=where.kind,
        is_inline=value.is_inline,
        source=segment.source,
        source_hash=segment.source_hash,
        text=found.text if found and is_current else "",
        state=found.state if found and is_current else "",
        freshness=rendering.freshness,
        max_length=value.field.max_length,
        critical=segment.critical,
        notes=where.notes,
        earlier=Earlier(found.source, found.text) if found and not is_current else None,
    )
