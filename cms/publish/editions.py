"""Publish, unpublish and withdraw. Each is one write: rows, documents and events together, or nothing."""

import json
from dataclasses import replace
from datetime import datetime

from cms.content import revisions, slugs
from cms.content.identity import stamp
from cms.content.saving import UPDATE_TYPES
from cms.errors import NotFound, Problem, Refused, SlugTaken
from cms.localize import fact_changes, review, translations
from cms.publish import cards, compose, events, live, references, requirements
from cms.publish.compose import Subject
from cms.publish.live import Edition
from cms.publish.refresh import drain, refresh, subject
from cms.site import Site
from cms.store import Database, write

SEVERITIES = ("editorial", "legal", "safety")


def publish(
    db: Database, entry: str, locale: str, *, by: str, now: datetime, site: Site, update_type: str = ""
) -> Edition:
    """Publish an entry in a locale: its newest revision in the source language, else its live one in translation.

    Publishing the source renders every other live locale again, segment by segment. Raises Refused with all
    reasons, SlugTaken, NotFound.
    """
    with write(db):
        what = subject(db, entry)
        if locale not in site.locales:
            raise Refused([Problem("/locale", "unknown_locale", {"locale": locale, "known": list(site.locales)})])
        if update_type and update_type not in UPDATE_TYPES:
            values = {"value": update_type, "choices": list(UPDATE_TYPES)}
            raise Refused([Problem("/update_type", "not_a_choice", values)])
        before = _faces(db, site, what)
        if locale == what.entry.source_locale:
            edition = _publish_source(db, site, what, update_type, by, now)
            fact_changes.propose(db, entry, by=by, now=now)
        else:
            edition = _publish_translation(db, site, what, locale, update_type, by, now)
        previous = what.editions.get(locale)
        cause = _cause(previous, edition)
        if cause:
            live.supersede(db, previous, edition)
        refresh(db, site, entry, now, {locale: cause} if cause else {})
        _tell_embedders(db, site, entry, before)
        standing = live.current(db, entry)[locale]
    drain(db, site, now)
    return standing


def unpublish(db: Database, entry: str, locale: str, *, by: str, now: datetime, site: Site) -> list[Edition]:
    """Take an entry out of a locale; out of all of them where it is the source's, since nothing would keep them true.

    Raises Refused where it is not published there.
    """

    def end(edition: Edition) -> Edition:
        return replace(edition, state="unpublished", since=stamp(now), published_by=by, notice="")

    with write(db):
        what = subject(db, entry)
        _refuse_unless_published(what, locale)
        ending = [end(edition) for edition in _with_dependants(what, locale)]
        ended = _end(db, site, what, ending, "edition.unpublished", now)
    drain(db, site, now)
    return ended


def withdraw(
    db: Database,
    entry: str,
    *,
    explanation: str,
    by: str,
    now: datetime,
    site: Site,
    locale: str = "",
    replacement: str = "",
    severity: str = "editorial",
) -> list[Edition]:
    """Withdraw an entry from one locale, or from all: its address then says 410, why, and where to go instead.

    Raises Refused where it is not published, the explanation is missing, or the replacement is not published.
    """
    with write(db):
        what = subject(db, entry)
        locale = locale or what.entry.source_locale
        _refuse_unless_published(what, locale)
        problems = []
        if not explanation.strip():
            problems.append(Problem("/explanation", "needed"))
        if severity not in SEVERITIES:
            values = {"value": severity, "choices": list(SEVERITIES)}
            problems.append(Problem("/severity", "not_a_choice", values))
        if replacement and (replacement == entry or replacement not in live.published(db, [replacement])):
            problems.append(Problem("/replacement", "reference_not_published", {"id": replacement}))
        if problems:
            raise Refused(problems)
        facts = {"explanation": explanation.strip(), "replacement": replacement, "severity": severity}
        notice = json.dumps(facts, ensure_ascii=False)

        def end(edition: Edition) -> Edition:
            return replace(edition, state="withdrawn", since=stamp(now), published_by=by, notice=notice)

        ending = [end(edition) for edition in _with_dependants(what, locale)]
        ended = _end(db, site, what, ending, "edition.withdrawn", now)
    drain(db, site, now)
    return ended


def _publish_source(db: Database, site: Site, what: Subject, update_type: str, by: str, now: datetime) -> Edition:
    kind, locale = what.kind, what.entry.source_locale
    newest = _newest(db, what)
    content = newest.revision.content
    known = live.published(db, (target for _, target in references.targets(kind, content)))
    rules = site.trust.get(kind.name, frozenset())
    reasons = requirements.reasons(kind, content, rules, known, now.date())
    asked = site.readability.get(kind.name)
    if asked and asked.mode == "gate":
        reasons += requirements.readability_reasons(kind, content, locale, asked)
    if reasons:
        raise Refused(reasons)
    previous = what.editions.get(locale)
    chosen = content.get("slug", "")
    slug = _claim(db, what, locale, chosen, content[kind.title], previous, now)
    edition = _edition(newest, locale, slug, update_type or _gravest(db, newest, previous), by, now, previous)
    # Every other live locale moves on to the new revision with the source; what is not translated shows there.
    for other in what.live():
        if other.locale != locale and other.revision != edition.revision:
            moved = replace(other, revision=edition.revision, since=stamp(now), update_type=edition.update_type)
            live.supersede(db, other, moved)
    return edition


def _publish_translation(
    db: Database, site: Site, what: Subject, locale: str, update_type: str, by: str, now: datetime
) -> Edition:
    source = what.editions.get(what.entry.source_locale)
    if source is None or source.state != "published":
        raise Refused([Problem("/locale", "source_not_published", {"locale": what.entry.source_locale})])
    found = compose.renderings(db, what, locale) or {}
    reasons = requirements.translation_reasons(found)
    if site.checks_translations:
        reasons += review.reasons(db, what.entry.id, what.entry.source_locale, locale, found)
    if reasons:
        raise Refused(reasons)
    previous = what.editions.get(locale)
    named = found.get(what.kind.title)
    title = named.translation.text if named and named.translation else what.revision.content[what.kind.title]
    slug = _claim(db, what, locale, translations.slug(db, what.entry.id, locale), title, previous, now)
    return _edition(what, locale, slug, update_type or what.revision.update_type, by, now, previous)


def _gravest(db: Database, newest: Subject, previous: Edition | None) -> str:
    """Return the gravest update type of all that readers have not had yet: a minor edit hides no safety update."""
    rows = db.query(
        "select update_type from revision where entry = ? and number > ? and number <= ?",
        [newest.entry.id, previous.revision if previous else 0, newest.revision.number],
    )
    unseen = {str(row["update_type"]) for row in rows} or {newest.revision.update_type}
    return min(unseen, key=UPDATE_TYPES.index)


def _newest(db: Database, what: Subject) -> Subject:
    return replace(what, revision=revisions.get(db, what.entry.id, what.entry.latest))


def _edition(
    what: Subject, locale: str, slug: str, update_type: str, by: str, now: datetime, previous: Edition | None
) -> Edition:
    return Edition(
        entry=what.entry.id,
        locale=locale,
        number=1,
        type=what.kind.name,
        revision=what.revision.number,
        state="published",
        slug=slug,
        update_type=update_type,
        published_at=previous.published_at if previous else stamp(now),
        since=stamp(now),
        until="",
        published_by=by,
        translated_from=what.revision.number,
        stale_since="",
        notice="",
    )


def _cause(previous: Edition | None, edition: Edition) -> str:
    """Name the event of this publish; empty where the same revision stands at the same address already."""
    if previous and previous.state == "published" and previous.revision == edition.revision:
        return "" if previous.slug == edition.slug else "edition.moved"
    return "edition.published"


def _claim(
    db: Database, what: Subject, locale: str, chosen: str, title: str, previous: Edition | None, now: datetime
) -> str:
    """Return the slug of an edition and note that it is the entry's. A chosen slug must be free; a made one is."""
    kind = what.kind.name
    slug = chosen or (previous.slug if previous else "") or slugs.slugify(title) or what.entry.id
    holder = _holder(db, kind, locale, slug)
    if holder not in ("", what.entry.id):
        free = next(
            candidate
            for number in range(2, 10_000)
            if _holder(db, kind, locale, candidate := f"{slug}-{number}") in ("", what.entry.id)
        )
        if chosen:
            raise SlugTaken(locale, slug, holder, free)
        slug = free
    if not _holder(db, kind, locale, slug):
        row = {"type": kind, "locale": locale, "slug": slug, "entry": what.entry.id, "since": stamp(now)}
        db.table("slug").insert(row)
    return slug


def _holder(db: Database, kind: str, locale: str, slug: str) -> str:
    try:
        return str(db.table("slug").get((kind, locale, slug))["entry"])
    except NotFound:
        return ""


def _refuse_unless_published(what: Subject, locale: str) -> None:
    edition = what.editions.get(locale)
    if edition is None or edition.state != "published":
        raise Refused([Problem("/locale", "not_published", {"locale": locale})])


def _with_dependants(what: Subject, locale: str) -> list[Edition]:
    if locale == what.entry.source_locale:
        return list(what.live())
    return [what.editions[locale]]


def _end(db: Database, site: Site, what: Subject, ended: list[Edition], event: str, now: datetime) -> list[Edition]:
    before = _faces(db, site, what)
    for edition in ended:
        live.supersede(db, what.editions[edition.locale], edition)
    refresh(db, site, what.entry.id, now, {edition.locale: event for edition in ended})
    _tell_embedders(db, site, what.entry.id, before)
    standing = live.current(db, what.entry.id)
    return [standing[edition.locale] for edition in ended]


def _faces(db: Database, site: Site, what: Subject) -> dict[str, cards.Card] | None:
    """Return the entry's cards as they stand, or None where nothing embeds it."""
    if not references.is_embedded(db, what.entry.id):
        return None
    return cards.faces(db, site, what.entry.id, site.locales)


def _tell_embedders(db: Database, site: Site, entry: str, before: dict[str, cards.Card] | None) -> None:
    if before is not None and cards.faces(db, site, entry, site.locales) != before:
        references.mark_pending(db, entry, events.latest(db))
