"""What still keeps an entry from being published in a locale. It reads and changes nothing."""

from datetime import datetime

from cms.content import revisions
from cms.errors import Problem
from cms.localize import review, translations
from cms.localize.translations import Rendering
from cms.publish import compose, live, references, requirements
from cms.publish.compose import Subject
from cms.publish.refresh import subject
from cms.site import Site
from cms.store import Database


def reasons(db: Database, entry: str, locale: str, *, now: datetime, site: Site) -> list[Problem]:
    """Return every reason, empty where it may be published. Raises NotFound."""
    if locale not in site.locales:
        return [Problem("/locale", "unknown_locale", {"locale": locale, "known": list(site.locales)})]
    what = subject(db, entry)
    if locale == what.entry.source_locale:
        return source_reasons(db, what, site=site, now=now)
    return translation_reasons(db, what, locale, site=site)


def source_reasons(db: Database, what: Subject, *, site: Site, now: datetime) -> list[Problem]:
    """Return what keeps the newest revision from its readers in the language that it is written in."""
    kind, locale = what.kind, what.entry.source_locale
    content = revisions.get(db, what.entry.id, what.entry.latest).content
    known = live.published(db, (target for _, target in references.targets(kind, content)))
    rules = site.trust.get(kind.name, frozenset())
    found = requirements.reasons(kind, content, rules, known, now.date())
    asked = site.readability.get(kind.name)
    if asked and asked.mode == "gate":
        found += requirements.readability_reasons(kind, content, locale, asked)
    return found


def translation_reasons(db: Database, what: Subject, locale: str, *, site: Site) -> list[Problem]:
    """Return what keeps the translation of the live revision from its readers."""
    source = what.editions.get(what.entry.source_locale)
    if source is None or source.state != "published":
        return [Problem("/locale", "source_not_published", {"locale": what.entry.source_locale})]
    found = {**(compose.renderings(db, what, locale) or {}), **_drafts(db, what, locale)}
    reasons = requirements.translation_reasons(found)
    if site.checks_translations:
        reasons += review.reasons(db, what.entry.id, what.entry.source_locale, locale, found)
    return reasons


def _drafts(db: Database, what: Subject, locale: str) -> dict[str, Rendering]:
    """Return the drafts that stand where no approved text of this very source does: they say what is to be mended."""
    approved, working = (
        translations.match(what.segments, read(db, what.entry.id, locale))
        for read in (translations.approved, translations.working)
    )
    return {
        path: rendering
        for path, rendering in working.items()
        if rendering.freshness == "current" != approved[path].freshness
    }
