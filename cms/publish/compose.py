"""Gather what a document needs from the rows and put it together. Nothing is stored here."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cms import locales
from cms.content.entries import Entry
from cms.content.revisions import Revision
from cms.content.types import Type
from cms.localize import segments, translations
from cms.localize.notices import notice, withdrawn
from cms.localize.segments import Segment
from cms.localize.translations import Rendering
from cms.publish import live, references
from cms.publish.cards import Card, cards
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


Renderings = Mapping[str, Rendering] | None


def renderings(db: Database, subject: Subject, locale: str) -> Renderings:
    """Return what a locale has for each segment; None for the source's own locale."""
    if locale == subject.entry.source_locale:
        return None
    approved = translations.approved(db, subject.entry.id, locale)
    return translations.match(subject.segments, approved, upto=subject.revision.number)


def embedded(subject: Subject) -> Iterator[tuple[str, str]]:
    """Yield (field, entry id) of everything that an entry's documents show a card of, or link to."""
    if any(subject.live()):
        yield from subject.targets
    for edition in subject.editions.values():
        if edition.state == "withdrawn" and (replacement := json.loads(edition.notice)["replacement"]):
            yield "replacement", replacement


def freshness(found: Renderings) -> str:
    """Return how a whole document stands: source, current or stale."""
    if found is None:
        return "source"
    return "current" if all(rendering.freshness == "current" for rendering in found.values()) else "stale"


def behind_critically(found: Renderings) -> dict[str, str]:
    """Return the segments of critical blocks that are not current: source hashes by path."""
    segments_found = [each.segment for each in (found or {}).values() if each.freshness != "current"]
    return {segment.path: segment.source_hash for segment in segments_found if segment.critical}


def document(db: Database, site: Site, subject: Subject, edition: Edition, found: Renderings) -> dict[str, Any]:
    """Return the document of an edition, as JSON-ready values."""
    kind, revision, source = subject.kind, subject.revision, subject.entry.source_locale
    needed = {target for _, target in subject.targets}
    view = View(
        locale=edition.locale,
        source_locale=source,
        renderings=found,
        cards=cards(db, site, needed, edition.locale),
        changed_at=_changed_at(db, subject, found),
        media=site.url,
        policy=site.policy(kind.name, edition.locale),
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
        "alternates": list(_alternates(site, subject, edition)),
        "published_at": edition.published_at,
        "content_changed_at": revision.content_changed_at,
        "modified_at": max([revision.saved_at, *_saved_at(found)]),
        "update_type": edition.update_type,
        "version": edition.revision,
        "url": url,
        "canonical_url": canonical,
        "licence": outcome.fields.get("licence") or {"name": site.licence.name, "url": site.licence.url},
        "attribution": {"text": _attribution(site, outcome.fields), "url": canonical},
    }


def _changed_at(db: Database, subject: Subject, found: Renderings) -> dict[str, str]:
    """Return since when the source of each segment that is not current has read as it does, by path.

    Only what was published counts: it is what a reader may have read before.
    """
    behind = {path: each.segment.source_hash for path, each in (found or {}).items() if each.freshness != "current"}
    changed: dict[str, str] = {}
    for since, content in live.published_sources(db, subject.entry) if behind else ():
        hashes = {segment.path: segment.source_hash for segment in segments.cut(subject.kind, content)}
        behind = {path: source_hash for path, source_hash in behind.items() if hashes.get(path) == source_hash}
        changed |= dict.fromkeys(behind, since)
        if not behind:
            break
    return changed


def withdrawal(db: Database, site: Site, subject: Subject, edition: Edition) -> dict[str, Any]:
    """Return what stands in the place of withdrawn advice: an RFC 9457 problem that explains and leads on."""
    facts = json.loads(edition.notice)
    replacement = cards(db, site, [facts["replacement"]], edition.locale) if facts["replacement"] else {}
    return _gone(site, subject, edition, facts["explanation"], facts["severity"], edition.since, replacement)


def suspension(db: Database, site: Site, subject: Subject, edition: Edition) -> dict[str, Any]:
    """Return what stands in the place of a locale that waits for the translation of critical advice.

    It leads to the source; the document comes back by itself when the translation is current.
    """
    since = edition.stale_since or edition.since
    said = notice("omitted", edition.locale, subject.entry.source_locale, since)
    source = cards(db, site, [subject.entry.id], subject.entry.source_locale)
    return _gone(site, subject, edition, said.text, "safety", since, source)


def _gone(
    site: Site,
    subject: Subject,
    edition: Edition,
    detail: str,
    severity: str,
    since: str,
    replacement: Mapping[str, Card],
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
        "replacement": next(iter(replacement.values()), None),
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


def _alternates(site: Site, subject: Subject, edition: Edition) -> Iterator[dict[str, str]]:
    for other in sorted(subject.live(), key=lambda other: other.locale):
        if other.locale == edition.locale:
            continue
        is_source = other.locale == subject.entry.source_locale
        yield {
            "locale": other.locale,
            "slug": other.slug,
            "url": site.document_url(other.locale, subject.kind.plural, other.slug),
            "freshness": "source" if is_source else "stale" if other.stale_since else "current",
        }


def _saved_at(found: Renderings) -> Iterator[str]:
    return (rendering.translation.saved_at for rendering in (found or {}).values() if rendering.translation)


def _attribution(site: Site, fields: Mapping[str, Any]) -> str:
    # A type of one's own may mean something else by these names.
    answering = [*(fields.get("clinics") or []), *(fields.get("authors") or [])]
    names = [card["name"] for card in answering if isinstance(card, Mapping) and "name" in card][:1]
    return ", ".join(dict.fromkeys([*names, site.name]))
