"""Cards: the few fields of an entry that other documents embed, one level deep."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from cms import locales
from cms.content import types
from cms.localize import segments, translations
from cms.publish.render import View, render
from cms.site import Site
from cms.store import Database

Card = dict[str, Any]


def cards(db: Database, site: Site, entries: Iterable[str], locale: str) -> dict[str, Card]:
    """Return the cards of these entries for a document in `locale`, by entry id.

    An entry that is not published there gives the card of its source language, marked with `lang` and `dir`; one
    that is published nowhere gives none.
    """
    wanted = sorted(set(entries))
    if not wanted:
        return {}
    marks = ", ".join("?" for _ in wanted)
    rows = db.query(
        "select e.entry, e.locale, e.type, e.slug, e.since, r.content, n.source_locale from edition e"
        " join revision r on r.entry = e.entry and r.number = e.revision"
        " join entry n on n.id = e.entry"
        f" where e.entry in ({marks}) and e.until = '' and e.state = 'published'"
        " and (e.locale = ? or e.locale = n.source_locale)",
        [*wanted, locale],
    )
    best: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        if row["locale"] == locale or row["entry"] not in best:
            best[row["entry"]] = row
    return {entry: _card(db, site, row, locale) for entry, row in best.items()}


def faces(db: Database, site: Site, entry: str, in_locales: Iterable[str]) -> dict[str, Card]:
    """Return the card of one entry in each of these locales, to see whether it changed."""
    return {locale: card for locale in in_locales for card in cards(db, site, [entry], locale).values()}


def _card(db: Database, site: Site, row: Mapping[str, Any], reader: str) -> Card:
    kind = types.find(row["type"])
    content = {name: value for name, value in orjson.loads(row["content"]).items() if name in kind.card}
    renderings = None
    if row["locale"] != row["source_locale"]:
        stored = translations.approved(db, row["entry"], row["locale"])
        renderings = translations.match(segments.cut(kind, content), stored)
    view = View(row["locale"], row["source_locale"], renderings, {}, {}, site.url)
    card = {
        "id": row["entry"],
        "type": kind.name,
        "slug": row["slug"],
        "locale": row["locale"],
        "href": site.document_url(row["locale"], kind.plural, row["slug"]),
        "url": site.canonical_url(row["locale"], kind.plural, row["slug"]),
        **render(kind, content, view, kind.card).fields,
    }
    if row["locale"] != reader:
        card |= {"lang": row["locale"], "dir": locales.direction(row["locale"])}
    return card
