"""Cards: the few fields of an entry that other documents embed, one level deep."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cms import locales
from cms.content import pictures, revisions, types
from cms.content.fields import Inline
from cms.content.pictures import Sizes
from cms.content.types import Type
from cms.localize import everywhere, segments, translations
from cms.localize.segments import Segment
from cms.localize.translations import Rendering, Translation
from cms.publish.render import View, render
from cms.site import Site
from cms.store import Database

Card = dict[str, Any]
Cards = dict[str, Card]


@dataclass(frozen=True)
class _Face:
    """What the cards of one revision are made of."""

    kind: Type
    source_locale: str
    number: int
    content: Mapping[str, Any]

    @cached_property
    def segments(self) -> list[Segment]:
        return segments.cut(self.kind, self.content)


def cards(db: Database, site: Site, entries: Collection[str], readers: Collection[str]) -> dict[str, Cards]:
    """Return the cards of these entries for documents in each of these locales: by locale, by entry id.

    An entry that is not published in one gives the card of its source language, marked with `lang` and `dir`; one
    that is published nowhere gives none. A card with fields that nobody has translated yet names them.
    """
    rows = _editions(db, sorted(set(entries)), sorted(set(readers)))
    faces: dict[tuple[str, int], _Face] = {}
    for row in rows:
        key = row["entry"], row["revision"]
        if key not in faces:
            faces[key] = _face(db, row)
    texts = everywhere.of_entries(
        db,
        {row["entry"] for row in rows},
        {row["locale"] for row in rows if row["locale"] != row["source_locale"]},
        {segment.path for face in faces.values() for segment in face.segments},
    )
    shown = {src for face in faces.values() for src in pictures.sources(face.kind, face.content)}
    known = pictures.sizes(db, shown)
    made: dict[str, Cards] = {}
    sources: Cards = {}
    for row in rows:
        entry, locale = row["entry"], row["locale"]
        card = _card(site, row, faces[entry, row["revision"]], texts.get((entry, locale), []), known)
        made.setdefault(locale, {})[entry] = card
        if locale == row["source_locale"]:
            sources[entry] = {**card, "lang": locale, "dir": locales.direction(locale)}
    return {reader: sources | made.get(reader, {}) for reader in readers}


def _editions(db: Database, entries: list[str], readers: list[str]) -> list[dict[str, Any]]:
    if not entries:
        return []
    marks, places = ", ".join("?" for _ in entries), ", ".join("?" for _ in readers)
    return list(
        db.query(
            "select e.entry, e.locale, e.type, e.slug, e.revision, n.source_locale from edition e"
            " join entry n on n.id = e.entry"
            f" where e.entry in ({marks}) and e.until = '' and e.state = 'published'"
            f" and (e.locale = n.source_locale or e.locale in ({places}))",
            [*entries, *readers],
        )
    )


def _face(db: Database, row: Mapping[str, Any]) -> _Face:
    kind = types.find(row["type"])
    content = revisions.get(db, row["entry"], row["revision"]).content
    own = {name: value for name, value in content.items() if name in kind.card}
    return _Face(kind, row["source_locale"], row["revision"], own)


def _card(
    site: Site, row: Mapping[str, Any], face: _Face, texts: list[Translation], known: Mapping[str, Sizes]
) -> Card:
    kind, locale = face.kind, row["locale"]
    found = None
    if locale != face.source_locale:
        found = translations.match(face.segments, texts, upto=face.number)
    view = View(locale, face.source_locale, found, {}, {}, site.url, pictures=known)
    card = {
        "id": row["entry"],
        "type": kind.name,
        "slug": row["slug"],
        "locale": locale,
        "href": site.document_url(locale, kind.plural, row["slug"]),
        "url": site.canonical_url(locale, kind.plural, row["slug"]),
        **render(kind, face.content, view, kind.card).fields,
    }
    if untranslated := _untranslated(kind, found or {}):
        tongue = {"lang": face.source_locale, "dir": locales.direction(face.source_locale)}
        card["untranslated"] = {"fields": untranslated, **tongue}
    return card


def _untranslated(kind: Type, found: Mapping[str, Rendering]) -> list[str]:
    """Return the names of the fields of which something is shown in the source language."""
    names = {path.partition(".")[0] for path, rendering in found.items() if rendering.translation is None}
    return sorted(f"{name}_html" if isinstance(kind.schema.fields[name], Inline) else name for name in names)
