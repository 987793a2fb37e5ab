"""Gather what a document needs from the rows and put it together. Nothing is stored here."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cms import locales
from cms.content import pictures
from cms.content.entries import Entry
from cms.content.pictures import Sizes
from cms.content.revisions import Revision
from cms.content.types import Type
from cms.localize import everywhere, segments, translations
from cms.localize.notices import notice, withdrawn
from cms.localize.segments import Segment
from cms.localize.translations import Rendering, Translation
from cms.publish import currency, live, references, terms
from cms.publish.cards import Card, Cards
from cms.publish.currency import Currency
from cms.publish.live import Edition
from cms.publish.render import View, render
from cms.site import Site
from cms.store import Database

ORIGINS_BY_DOUBT = ("machine", "import", "memory", "human")


@dataclass(frozen=True)
class Subject:
    """An entry with the revision that is live and all that stands in its locales."""

    kind: Type
    entry: Entry
    revision: Revision
    editions: Mapping[str, Edition]

    def live(self) -> Iterator[Edition]:
        """Yield the editions that readers can fetch."""
        return (edition for edition in self.editions.values() if edition.state == "published")

    @cached_property
    def segments(self) -> list[Segment]:
        """Return the segments of the revision, cut once for all locales."""
        return segments.cut(self.kind, self.revision.content)

    @cached_property
    def targets(self) -> list[tuple[str, str]]:
        """Return (field, entry id) of everything that the revision embeds or links to."""
        return list(references.targets(self.kind, self.revision.content))

    @property
    def review_due(self) -> str:
        """Return the day by which the revision is to be reviewed, an empty text where it names none."""
        return currency.review_due(self.kind, self.revision.content)

    @property
    def topics(self) -> list[str]:
        """Return the ids of the topics that the revision is about."""
        return [target for field, target in self.targets if field == references.TOPICS]


Renderings = Mapping[str, Rendering] | None


def renderings(db: Database, subject: Subject, locale: str) -> Renderings:
    """Return what a locale has for each segment; None for the source's own locale."""
    return matched(subject, locale, everywhere.approved(db, subject.entry.id, [locale])[locale])


def matched(subject: Subject, locale: str, approved: Iterable[Translation]) -> Renderings:
    """Return the same by the locale's approved texts, oldest first. Pure."""
    if locale == subject.entry.source_locale:
        return None
    return translations.match(subject.segments, approved, upto=subject.revision.number)


def embedded(subject: Subject) -> Iterator[tuple[str, str]]:
    """Yield (field, entry id) of everything that an entry's documents show a card of, or link to."""
    if any(subject.live()):
        yield from subject.targets
    for edition in subject.editions.values():
        if instead := replacement(edition):
            yield "replacement", instead


def freshness(found: Renderings) -> str:
    """Return how a whole document stands: source, current or stale."""
    if found is None:
        return "source"
    return "current" if all(rendering.freshness == "current" for rendering in found.values()) else "stale"


def lacking(found: Renderings) -> list[Segment]:
    """Return the segments that are not current."""
    return [each.segment for each in (found or {}).values() if each.freshness != "current"]


@dataclass(frozen=True)
class Material:
    """What the documents of an entry are made of beside the subject; all but the texts is the same in all locales.

    `changed_at` says since when the source of a path has read as it does, `alternates` where the entry is live,
    `currency` how long all this may be relied on.
    """

    found: Mapping[str, Renderings]
    cards: Mapping[str, Cards]
    changed_at: Mapping[str, str]
    alternates: Sequence[Mapping[str, str]]
    pictures: Mapping[str, Sizes]
    currency: Currency


def material(
    db: Database,
    site: Site,
    subject: Subject,
    found: Mapping[str, Renderings],
    known: Mapping[str, Cards],
    stands: Currency,
) -> Material:
    """Gather what the documents in these locales are made of."""
    changed_at = _changed_at(db, subject, found.values())
    sizes = pictures.sizes(db, pictures.sources(subject.kind, subject.revision.content))
    return Material(found, known, changed_at, list(_alternates(site, subject)), sizes, stands)


def document(site: Site, subject: Subject, edition: Edition, made_of: Material) -> dict[str, Any]:
    """Return the document of an edition, as JSON-ready values."""
    kind, revision, source = subject.kind, subject.revision, subject.entry.source_locale
    found = made_of.found.get(edition.locale)
    behind = {segment.path for segment in lacking(found)}
    view = View(
        locale=edition.locale,
        source_locale=source,
        renderings=found,
        cards=made_of.cards[edition.locale],
        changed_at={path: since for path, since in made_of.changed_at.items() if path in behind},
        media=site.url,
        policy=site.policy(kind.name, edition.locale),
        pictures=made_of.pictures,
    )
    outcome = render(kind, revision.content, view)
    url = site.document_url(edition.locale, kind.plural, edition.slug)
    canonical = site.canonical_url(edition.locale, kind.plural, edition.slug)
    return {
        **outcome.fields,
        "id": subject.entry.id,
        "type": kind.name,
        "locale": edition.locale,
        "dir": locales.direction(edition.locale),
        "slug": edition.slug,
        "translation": _translation(subject, edition, found, outcome.stale_blocks, outcome.stale_fields),
        "alternates": [each for each in made_of.alternates if each["locale"] != edition.locale],
        "published_at": edition.published_at,
        "content_changed_at": revision.content_changed_at,
        "modified_at": max([revision.saved_at, *_saved_at(found)]),
        "update_type": edition.update_type,
        "version": edition.revision,
        "url": url,
        "canonical_url": canonical,
        "licence": outcome.fields.get("licence") or {"name": site.licence.name, "url": site.licence.url},
        "attribution": terms.attribution(site, outcome.fields, canonical),
        **terms.use(site, subject.review_due, made_of.currency, edition.locale),
    }


def _changed_at(db: Database, subject: Subject, found: Iterable[Renderings]) -> dict[str, str]:
    """Return since when the source of each segment that is not current somewhere has read as it does, by path.

    Only what was published counts: it is what a reader may have read before.
    """
    behind = {segment.path: segment.source_hash for each in found for segment in lacking(each)}
    changed: dict[str, str] = {}
    for since, content in live.published_sources(db, subject.entry) if behind else ():
        hashes = {segment.path: segment.source_hash for segment in segments.cut(subject.kind, content)}
        behind = {path: source_hash for path, source_hash in behind.items() if hashes.get(path) == source_hash}
        changed |= dict.fromkeys(behind, since)
        if not behind:
            break
    return changed


def replacement(edition: Edition) -> str:
    """Return the id of the entry that stands in the place of a withdrawn one, or an empty text."""
    return str(json.loads(edition.notice)["replacement"]) if edition.state == "withdrawn" else ""


def withdrawal(site: Site, subject: Subject, edition: Edition, known: Cards) -> dict[str, Any]:
    """Return what stands in the place of withdrawn advice: an RFC 9457 problem that explains and leads on."""
    facts = json.loads(edition.notice)
    instead = known.get(facts["replacement"])
    return _gone(site, subject, edition, facts["explanation"], facts["severity"], edition.since, instead)


def suspension(site: Site, subject: Subject, edition: Edition, source: Card | None) -> dict[str, Any]:
    """Return what stands in the place of a locale that waits for the translation of critical advice.

    It leads to the source; the document comes back by itself when the translation is current.
    """
    since = edition.stale_since or edition.since
    said = notice("omitted", edition.locale, subject.entry.source_locale, since)
    return _gone(site, subject, edition, said.text, "safety", since, source)


def _gone(
    site: Site,
    subject: Subject,
    edition: Edition,
    detail: str,
    severity: str,
    since: str,
    instead: Card | None,
) -> dict[str, Any]:
    said = withdrawn(edition.locale)
    return {
        "type": f"{site.url}/docs#withdrawn",
        "title": said.text,
        "lang": said.locale,
        "status": 410,
        "code": "withdrawn",
        "detail": detail,
        "id": subject.entry.id,
        "entry_type": subject.kind.name,
        "locale": edition.locale,
        "slug": edition.slug,
        "version": edition.revision,
        "severity": severity,
        "withdrawn_at": since,
        "replacement": instead,
    }


def _translation(
    subject: Subject, edition: Edition, found: Renderings, blocks: list[str], fields: list[str]
) -> dict[str, Any]:
    origins = {rendering.translation.origin for rendering in (found or {}).values() if rendering.translation}
    stands = freshness(found)
    return {
        "source_locale": subject.entry.source_locale,
        "source_revision": edition.revision,
        "translated_from": edition.translated_from,
        "revisions_behind": edition.revision - edition.translated_from,
        "state": "approved",
        "freshness": stands,
        "stale_blocks": blocks,
        "stale_fields": fields,
        "stale_since": edition.stale_since or None,
        "origin": next((origin for origin in ORIGINS_BY_DOUBT if origin in origins), "human"),
    }


def _alternates(site: Site, subject: Subject) -> Iterator[dict[str, str]]:
    for edition in sorted(subject.live(), key=lambda edition: edition.locale):
        is_source = edition.locale == subject.entry.source_locale
        yield {
            "locale": edition.locale,
            "slug": edition.slug,
            "url": site.document_url(edition.locale, subject.kind.plural, edition.slug),
            "freshness": "source" if is_source else "stale" if edition.stale_since else "current",
        }


def _saved_at(found: Renderings) -> Iterator[str]:
    return (rendering.translation.saved_at for rendering in (found or {}).values() if rendering.translation)
