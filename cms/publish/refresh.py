"""Make documents again from rows: after a publish, after a card changed, or all of them at once."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from cms.content import entries, pending, revisions, types
from cms.content.types import Type
from cms.localize import everywhere
from cms.publish import behind, compose, currency, documents, events, live, references
from cms.publish.cards import cards
from cms.publish.compose import Material, Subject
from cms.publish.documents import Row
from cms.publish.events import Told
from cms.publish.live import Edition
from cms.publish.signing_keys import Signer
from cms.site import Site
from cms.store import Database, write

CHUNK = 50


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
    only: Collection[str] | None = None,
    afresh: bool = False,
    anew: bool = False,
) -> list[str]:
    """Bring the documents of an entry in line with its rows and return the locales whose document changed.

    `causes` names, by locale, the event to append even where the bytes did not change; other changes are told as
    `edition.updated`. `only` names the locales to make documents of: the others wait for `drain` where these changed.
    `afresh` also indexes again what still says the same. How long it may all be relied on is judged by the clock
    where there are causes, or to do so `anew`. Call it inside `store.write` only.
    """
    what = subject(db, entry)
    chosen = {locale: edition for locale, edition in what.editions.items() if only is None or locale in only}
    texts = everywhere.approved(db, entry, [locale for locale in chosen if chosen[locale].state == "published"])
    found = {locale: compose.matched(what, locale, own) for locale, own in texts.items()}
    lacking = {locale: compose.lacking(own) for locale, own in found.items() if own is not None}
    if what.entry.source_locale in chosen:
        # The source tells of every other locale whether it is behind, also of those that are rendered later.
        others = [edition.locale for edition in what.live() if edition.locale not in chosen]
        lacking |= everywhere.lacking(db, entry, others, what.segments)
    what = behind.note(db, what, lacking, now)
    if causes or afresh:
        references.record(db, entry, compose.embedded(what))
    targets = {target for _, target in compose.embedded(what)}
    stands = currency.settle(
        db, site, entry, what.review_due, is_live=any(what.live()), now=now, anew=anew or bool(causes), afresh=afresh
    )
    made_of = compose.material(db, site, what, found, cards(db, site, targets, chosen), stands)
    stand = _stand(db, what, chosen, causes or {}, afresh, now)
    changed = [
        locale
        for locale in chosen
        if _replace(db, site, what, what.editions[locale], made_of, stand, (causes or {}).get(locale, ""), now)
    ]
    if len(chosen) == len(what.editions):
        pending.settle(db, entry)
    elif changed and any(edition.locale not in chosen for edition in what.live()):
        pending.mark(db, entry, events.latest(db))
    return changed


def drain(db: Database, site: Site, now: datetime, limit: int = 500) -> int:
    """Render again what waits for it, oldest first, in short writes; return how many entries were done."""
    done = 0
    while done < limit and pending.any_waiting(db):
        with write(db):
            waiting = pending.waiting(db, min(CHUNK, limit - done))
            work = 0
            for entry in waiting:
                work += 1 + len(refresh(db, site, entry, now))
                done += 1
                if work >= CHUNK:
                    break
    return done


def rebuild(
    db: Database, site: Site, now: datetime, progress: Callable[[int, int], None] = lambda done, total: None
) -> int:
    """Render every document afresh and drop those that have no edition; return how many documents changed."""
    rows = db.query("select entry, count(*) as locales from edition where until = '' group by entry order by entry")
    wanted = [(row["entry"], int(row["locales"])) for row in rows]
    done = changed = 0
    while done < len(wanted):
        with write(db):
            work = 0
            while done < len(wanted) and work < CHUNK:
                entry, locales = wanted[done]
                changed += len(refresh(db, site, entry, now, afresh=True))
                work += locales
                done += 1
        progress(done, len(wanted))
    with write(db):
        orphans = db.query(
            "select distinct d.entry, d.locale, d.type from document d left join edition e"
            " on e.entry = d.entry and e.locale = d.locale and e.until = '' and e.state <> 'unpublished'"
            " where e.entry is null"
        )
        for row in orphans:
            documents.remove(db, row["entry"], row["locale"])
            # Who follows what is served hears of it, and so do those who remember how much there is.
            facts = {"type": row["type"], "state": "unpublished"}
            events.append(db, "edition.unpublished", row["entry"], row["locale"], facts, now)
            changed += 1
    return changed


@dataclass(frozen=True)
class _Standing:
    """What is there of an entry's documents, by locale: the rows, what was told last, every slug.

    What is made afresh is held against what was told, and not against rows that may be spoilt.
    """

    rows: Mapping[str, Row]
    told: Mapping[str, Told]
    slugs: Mapping[str, Collection[str]]
    signer: Signer
    afresh: bool


def _stand(
    db: Database, what: Subject, chosen: Mapping[str, Edition], causes: Mapping[str, str], afresh: bool, now: datetime
) -> _Standing:
    rows = documents.standing(db, what.entry.id, chosen)
    told = {locale: Told(row["seq"], row["etag"], row["updated_at"]) for locale, row in rows.items()}
    lost = any(
        locale not in rows and edition.state != "unpublished" and locale not in causes
        for locale, edition in chosen.items()
    )
    if afresh or lost:
        told = events.last_told(db, what.entry.id)
    return _Standing(rows, told, documents.addresses(db, what.entry.id, chosen), Signer(db, now), afresh)


def _replace(
    db: Database,
    site: Site,
    what: Subject,
    edition: Edition,
    made_of: Material,
    stand: _Standing,
    cause: str,
    now: datetime,
) -> bool:
    entry, locale = what.entry.id, edition.locale
    before, told, afresh = stand.rows.get(locale), stand.told.get(locale), stand.afresh
    if edition.state == "unpublished":
        if before:
            documents.remove(db, entry, locale)
            references.mark_pending(db, entry, before["seq"])
        if cause or before:
            facts = live.as_facts(edition, what.topics)
            events.append(db, cause or events.UNPUBLISHED, entry, locale, facts, now)
        return bool(cause or before)
    status, document = made(db, site, what, edition, made_of)
    body = documents.freeze(document)
    tag = documents.etag(body)
    differs = told is None or tag != told.etag
    if told is None or differs or cause:
        facts = {
            **live.as_facts(edition, what.topics),
            "etag": tag,
            "status": status,
            "freshness": compose.freshness(made_of.found.get(locale)),
            "review_state": document.get("review_state", ""),
        }
        kind = cause or (events.UPDATED if afresh else _change(before, document, body))
        if kind == events.RENEWED and before:
            facts["changed_at"] = before["updated_at"]
            facts["renews"] = events.renewed(db, before["seq"])
        told = events.append(db, kind, entry, locale, facts, now)
    elif before and not afresh:
        return False
    slugs = stand.slugs[locale]
    documents.put(db, document, body, status, told, signer=stand.signer, before=before, slugs=slugs, afresh=afresh)
    if not afresh and _face(what.kind, before) != _face(what.kind, {"status": status, "body": body}):
        references.mark_pending(db, entry, told.seq)
    return differs or bool(cause)


def _change(before: Row | None, document: Mapping[str, Any], body: bytes) -> str:
    """Return the event that tells of a change which nobody asked for, by what differs."""
    if before is None or before["status"] != documents.LIVE or "refresh_by" not in document:
        return events.UPDATED
    state = document["review_state"]
    # Moments are all as long as each other: what is longer or shorter has other things changed.
    if state == currency.CURRENT and len(before["body"]) != len(body):
        return events.UPDATED
    old = orjson.loads(before["body"])
    if state not in (currency.CURRENT, old.get("review_state")):
        return f"edition.{state}"
    renewed = documents.freeze({**old, "refresh_by": document["refresh_by"]})
    return events.RENEWED if renewed == body else events.UPDATED


def made(db: Database, site: Site, what: Subject, edition: Edition, made_of: Material) -> tuple[int, dict[str, Any]]:
    """Return what is to be served of an edition that is not unpublished: the status and the document."""
    if edition.state == "withdrawn":
        return documents.GONE, compose.withdrawal(site, what, edition, made_of.cards[edition.locale])
    found = made_of.found[edition.locale]
    if site.policy(what.kind.name, edition.locale) == "withdraw" and any(
        segment.critical for segment in compose.lacking(found)
    ):
        source = cards(db, site, [what.entry.id], [what.entry.source_locale])[what.entry.source_locale]
        return documents.GONE, compose.suspension(site, what, edition, source.get(what.entry.id))
    return documents.LIVE, compose.document(site, what, edition, made_of)


def _face(kind: Type, row: Row | None) -> Any:
    """Return what others may show of a document: its card, or all of it where it is not live."""
    if row is None:
        return None
    document = orjson.loads(row["body"])
    if row["status"] != documents.LIVE:
        return document
    names = {*kind.card, *(f"{name}_html" for name in kind.card), "slug", "url", "canonical_url"}
    untranslated = [name for name in document["translation"]["stale_fields"] if name in kind.card]
    return {name: document.get(name) for name in names}, untranslated
