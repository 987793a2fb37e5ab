"""Publish, unpublish and withdraw. Each is one write: rows, documents and events together, or nothing."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from cms.content import revisions, slugs
from cms.content.blocks import is_critical
from cms.content.fields import Blocks
from cms.content.identity import stamp
from cms.content.saving import UPDATE_TYPES
from cms.errors import NotFound, Problem, Refused, SlugTaken
from cms.localize import translations
from cms.publish import compose, live, readiness
from cms.publish.compose import Subject
from cms.publish.live import Edition
from cms.publish.refresh import refresh, subject
from cms.site import Site
from cms.store import Database, write

SEVERITIES = ("editorial", "legal", "safety")


def publish(
    db: Database, entry: str, locale: str, *, by: str, now: datetime, site: Site, update_type: str = ""
) -> Edition:
    """Publish an entry in a locale: its newest revision in the source language, else its live one in translation.

    Every other live locale moves on with its source. Where critical advice changed, all documents change in the same
    write; what else the others show waits for `refresh.drain`, which is the caller's to run. Raises Refused with all
    reasons, SlugTaken, NotFound.
    """
    with write(db):
        what = subject(db, entry)
        if locale not in site.locales:
            raise Refused([Problem("/locale", "unknown_locale", {"locale": locale, "known": list(site.locales)})])
        if update_type and update_type not in UPDATE_TYPES:
            values = {"value": update_type, "choices": list(UPDATE_TYPES)}
            raise Refused([Problem("/update_type", "not_a_choice", values)])
        at_once: set[str] | None = {locale}
        if locale == what.entry.source_locale:
            newest = _newest(db, what)
            edition = _publish_source(db, site, newest, update_type, by, now)
            if edition.update_type == "safety" or _critical(newest) != _critical(what):
                at_once = None
        else:
            edition = _publish_translation(db, site, what, locale, update_type, by, now)
        previous = what.editions.get(locale)
        cause = _cause(previous, edition)
        if cause:
            live.supersede(db, previous, edition)
        refresh(db, site, entry, now, {locale: cause} if cause else {}, only=at_once)
        return live.standing(db, entry, locale)


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
        return _end(db, site, what, ending, "edition.unpublished", now)


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
        return _end(db, site, what, ending, "edition.withdrawn", now)


def foreseen(db: Database, what: Subject, locale: str, found: compose.Renderings, *, now: datetime) -> Edition:
    """Return the edition that publishing a subject as it is would make, without claiming its address."""
    previous = what.editions.get(locale)
    try:
        slug = _free_slug(db, what, locale, *_named(db, what, locale, found), previous)
    except SlugTaken as taken:
        slug = taken.suggestion
    is_source = locale == what.entry.source_locale
    update_type = _unseen(db, what, previous) if is_source else what.revision.update_type
    return _edition(what, locale, slug, update_type, "", now, previous)


def gravest(db: Database, entry: str, after: int, upto: int) -> str:
    """Return the gravest update type of the revisions after one, up to another; empty where there are none.

    A minor edit hides no safety update that readers have not had yet.
    """
    rows = db.query(
        "select update_type from revision where entry = ? and number > ? and number <= ?", [entry, after, upto]
    )
    return min((str(row["update_type"]) for row in rows), key=UPDATE_TYPES.index, default="")


def _publish_source(db: Database, site: Site, newest: Subject, update_type: str, by: str, now: datetime) -> Edition:
    locale = newest.entry.source_locale
    if reasons := readiness.source_reasons(db, newest, site=site, now=now):
        raise Refused(reasons)
    previous = newest.editions.get(locale)
    slug = _claim(db, newest, locale, None, previous, now)
    edition = _edition(newest, locale, slug, update_type or _unseen(db, newest, previous), by, now, previous)
    live.follow(db, edition)
    return edition


def _publish_translation(
    db: Database, site: Site, what: Subject, locale: str, update_type: str, by: str, now: datetime
) -> Edition:
    if reasons := readiness.translation_reasons(db, what, locale, site=site):
        raise Refused(reasons)
    found = compose.renderings(db, what, locale) or {}
    previous = what.editions.get(locale)
    slug = _claim(db, what, locale, found, previous, now)
    return _edition(what, locale, slug, update_type or what.revision.update_type, by, now, previous)


def _unseen(db: Database, newest: Subject, previous: Edition | None) -> str:
    """Return the gravest update type of all that readers have not had yet."""
    had = previous.revision if previous else 0
    return gravest(db, newest.entry.id, had, newest.revision.number) or newest.revision.update_type


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


def _named(db: Database, what: Subject, locale: str, found: compose.Renderings) -> tuple[str, str]:
    """Return the slug that somebody chose for a locale, if any, and the title there."""
    title = str(what.revision.content[what.kind.title])
    if found is None:
        return what.revision.content.get("slug", ""), title
    named = found.get(what.kind.title)
    chosen = translations.slug(db, what.entry.id, locale)
    return chosen, named.translation.text if named and named.translation else title


def _claim(
    db: Database, what: Subject, locale: str, found: compose.Renderings, previous: Edition | None, now: datetime
) -> str:
    """Return the slug of an edition and note that it is the entry's. Raises SlugTaken."""
    kind = what.kind.name
    slug = _free_slug(db, what, locale, *_named(db, what, locale, found), previous)
    if not _holder(db, kind, locale, slug):
        row = {"type": kind, "locale": locale, "slug": slug, "entry": what.entry.id, "since": stamp(now)}
        db.table("slug").insert(row)
    return slug


def _free_slug(db: Database, what: Subject, locale: str, chosen: str, title: str, previous: Edition | None) -> str:
    """Return a slug that the entry can have. A chosen slug must be free; a made one is."""
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
    for edition in ended:
        live.supersede(db, what.editions[edition.locale], edition)
    causes = {edition.locale: event for edition in ended}
    refresh(db, site, what.entry.id, now, causes, only=causes)
    standing = live.current(db, what.entry.id)
    return [standing[edition.locale] for edition in ended]


def _critical(what: Subject) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Return the blocks that must not be outdated anywhere, by field and id."""
    return {
        (name, block["id"]): block
        for name, shape in what.kind.schema.fields.items()
        if isinstance(shape, Blocks)
        for block in what.revision.content.get(name) or ()
        if is_critical(block)
    }
