"""Make documents again from rows: after a publish, after a card changed, or all of them at once."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from cms.content import entries, pending, revisions, types
from cms.content.identity import stamp
from cms.publish import compose, documents, events, live, references
from cms.publish.compose import Renderings, Subject
from cms.publish.live import Edition
from cms.site import Site
from cms.store import Database, write

CHUNK = 50
STALE_CRITICAL = "translation.stale.critical"


def subject(db: Database, entry: str) -> Subject:
    """Return an entry with its live revision; the newest revision where the source is not live."""
    row = entries.find(db, entry)
    editions = live.current(db, entry)
    source = editions.get(row.source_locale)
    number = source.revision if source else row.latest
    return Subject(types.find(row.type), row, revisions.get(db, entry, number), editions)


def refresh(
    db: Database,
    site: Site,
    entry: str,
    now: datetime,
    causes: Mapping[str, str] | None = None,
    *,
    afresh: bool = False,
) -> list[str]:
    """Bring every document of an entry in line with its rows and return the locales whose document changed.

    `causes` names, by locale, the event to append even where the bytes did not change; other changes are told as
    `edition.updated`. `afresh` also indexes again what still says the same. Call it inside `store.write` only.
    """
    causes = causes or {}
    what = subject(db, entry)
    if causes:
        references.record(db, entry, compose.embedded(what))
    found = {edition.locale: compose.renderings(db, what, edition.locale) for edition in what.live()}
    editions = dict(what.editions)
    for locale, renderings in found.items():
        editions[locale] = _note_freshness(db, what, editions[locale], renderings, now)
    what = Subject(what.kind, what.entry, what.revision, editions)
    changed = []
    for locale, edition in editions.items():
        if _replace(db, site, what, edition, found.get(locale), causes.get(locale, ""), now, afresh):
            changed.append(locale)
    pending.settle(db, entry)
    return changed


def drain(db: Database, site: Site, now: datetime, limit: int = 500) -> int:
    """Render again what waits for it, oldest first, in short writes; return how many entries were done."""
    done = 0
    while done < limit:
        with write(db):
            waiting = pending.waiting(db, min(CHUNK, limit - done))
            for entry in waiting:
                refresh(db, site, entry, now)
        if not waiting:
            break
        done += len(waiting)
    return done


def rebuild(
    db: Database, site: Site, now: datetime, progress: Callable[[int, int], None] = lambda done, total: None
) -> int:
    """Render every document afresh and drop those that have no edition; return how many documents changed."""
    wanted = [row["entry"] for row in db.query("select distinct entry from edition where until = '' order by entry")]
    changed = 0
    for start in range(0, len(wanted), CHUNK):
        with write(db):
            for entry in wanted[start : start + CHUNK]:
                what = subject(db, entry)
                references.record(db, entry, compose.embedded(what))
                changed += len(refresh(db, site, entry, now, afresh=True))
        progress(min(start + CHUNK, len(wanted)), len(wanted))
    with write(db):
        orphans = db.query(
            "select distinct d.entry, d.locale from document d left join edition e"
            " on e.entry = d.entry and e.locale = d.locale and e.until = '' and e.state <> 'unpublished'"
            " where e.entry is null"
        )
        for row in orphans:
            documents.remove(db, row["entry"], row["locale"])
            changed += 1
    return changed


def _note_freshness(db: Database, what: Subject, edition: Edition, found: Renderings, now: datetime) -> Edition:
    if compose.freshness(found) != "stale":
        return live.note_freshness(db, edition, edition.revision, "")
    entry, locale, facts = what.entry.id, edition.locale, live.as_facts(edition)
    since = edition.stale_since or stamp(now)
    critical = compose.behind_critically(found)
    # Each critical text that falls behind is told once, also where the edition was behind in lesser things before.
    told = events.data_since(db, STALE_CRITICAL, entry, locale, since) if critical else []
    known = {item for data in told for item in data["critical"].items()}
    if critical.items() - known:
        events.append(db, STALE_CRITICAL, entry, locale, {**facts, "critical": critical}, now)
    elif not edition.stale_since:
        events.append(db, "translation.stale", entry, locale, facts, now)
    return live.note_freshness(db, edition, edition.translated_from, since)


def _replace(
    db: Database,
    site: Site,
    what: Subject,
    edition: Edition,
    found: Renderings,
    cause: str,
    now: datetime,
    afresh: bool,
) -> bool:
    entry, locale = what.entry.id, edition.locale
    if edition.state == "unpublished":
        documents.remove(db, entry, locale)
        if cause:
            events.append(db, cause, entry, locale, live.as_facts(edition), now)
        return bool(cause)
    status, document = _made(db, site, what, edition, found)
    tag = documents.etag(documents.freeze(document))
    told = events.last_told(db, entry, locale)
    differs = tag != told.etag
    if differs or cause:
        facts = {**live.as_facts(edition), "etag": tag, "freshness": compose.freshness(found)}
        told = events.append(db, cause or "edition.updated", entry, locale, facts, now)
    documents.put(db, document, status, told.seq, told.at, afresh=afresh)
    return differs or bool(cause)


def _made(db: Database, site: Site, what: Subject, edition: Edition, found: Renderings) -> tuple[int, dict[str, Any]]:
    if edition.state == "withdrawn":
        return documents.GONE, compose.withdrawal(db, site, what, edition)
    if site.policy(what.kind.name, edition.locale) == "withdraw" and compose.behind_critically(found):
        return documents.GONE, compose.suspension(db, site, what, edition)
    return documents.LIVE, compose.document(db, site, what, edition, found)
