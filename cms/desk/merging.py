"""Merge an entry that is there twice into one: who refers to the duplicate refers to the one that is kept."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from cms.content import entries, revisions, saving, types
from cms.content.entries import Entry
from cms.content.identity import stamp
from cms.content.revisions import Revision
from cms.content.types import Type
from cms.desk import uses
from cms.desk.doing import doing, refuse_archived, refuse_changed
from cms.errors import Problem, Refused
from cms.localize import carry
from cms.localize.notices import merged
from cms.partners import topics
from cms.people.rights import Actor
from cms.publish import editions, live
from cms.publish.live import Edition
from cms.publish.refresh import refresh
from cms.site import Site
from cms.store import Database


def merge(
    db: Database,
    actor: Actor,
    keep: str,
    duplicate: str,
    *,
    now: datetime,
    site: Site,
    based_on: int | None = None,
) -> list[str]:
    """Merge a duplicate into the entry that is kept, and return the entries that referred to it.

    Each gets a new revision; where readers see one that referred to the duplicate they see the same with the kept
    entry, and no change that nobody has published. The duplicate is archived; its addresses, by slug and by id, lead
    to the kept one (301), or say that it is gone and where to go (410) in a locale in which that is not live. All of
    it, or nothing: one write for all that refer to it, however many; meanwhile nobody else writes, and readers go on.
    Raises Forbidden, NotFound, Refused where they are of two types, or the kept one is not live and the other is.
    """
    kept, gone = entries.find(db, keep), entries.find(db, duplicate)
    with doing(db, actor, "entry.merge", now=now, entry=keep, locale=kept.source_locale) as done:
        refuse_changed(db, keep, based_on)
        refuse_archived(db, keep)
        refuse_archived(db, duplicate)
        _refuse_unlike(db, kept, gone)
        referring = [entry for entry in uses.referring(db, duplicate) if entry != duplicate]
        moved = {entry: _repoint(db, entry, gone.id, kept.id, actor.name, now) for entry in referring}
        _move_addresses(db, site, actor.name, kept, gone, now)
        for entry, causes in moved.items():
            if causes:
                refresh(db, site, entry, now, causes)
        entries.archive(db, duplicate, stamp(now))
        topics.merge(db, duplicate, keep)
        done.before = {"duplicate": duplicate}
        done.after = {"keep": keep, "changed": referring}
        return referring


def _refuse_unlike(db: Database, kept: Entry, gone: Entry) -> None:
    problems = []
    if kept.id == gone.id:
        problems.append(Problem("/duplicate", "same_entry", {"id": gone.id}))
    elif kept.type != gone.type:
        problems.append(Problem("/duplicate", "wrong_type", {"id": gone.id, "found": gone.type, "type": kept.type}))
    if live.published(db, [gone.id]) and not live.published(db, [kept.id]):
        problems.append(Problem("/keep", "reference_not_published", {"id": kept.id}))
    if problems:
        raise Refused(problems)


def _repoint(db: Database, entry: str, gone: str, kept: str, by: str, now: datetime) -> dict[str, str]:
    """Give an entry new revisions without the duplicate; return the events that its live locales are to tell.

    What is live and what has been written since are kept apart: each gets a revision of its own.
    """
    row = entries.find(db, entry)
    kind = types.find(row.type)
    newest = revisions.get(db, entry, row.latest)
    standing = live.current(db, entry)

    def mend(text: str) -> str:
        return str(without(text, gone, kept))

    source = standing.get(row.source_locale)
    causes: dict[str, str] = {}
    if source and source.state == "published":
        shown = revisions.get(db, entry, source.revision)
        if (content := without(shown.content, gone, kept)) != shown.content:
            made = _saved(db, row, kind, shown, content, "republish", mend, by, now)
            causes = _follow(db, standing, made.number, now)
        if source.revision == newest.number:
            return causes | _replace_replacements(db, standing, gone, kept)
        update_type = editions.gravest(db, entry, source.revision, newest.number) or "republish"
    else:
        update_type = "republish"
    content = without(newest.content, gone, kept)
    if content != newest.content or causes:
        _saved(db, row, kind, newest, content, update_type, mend, by, now)
    return causes | _replace_replacements(db, standing, gone, kept)


def without(value: Any, gone: str, kept: str) -> Any:
    """Return content in which the kept entry stands in the place of the one that goes, once in each list. Pure."""
    if isinstance(value, Mapping):
        return {name: without(inner, gone, kept) for name, inner in value.items()}
    if isinstance(value, list):
        if gone in value:
            return list(dict.fromkeys(kept if each == gone else each for each in value))
        return [without(each, gone, kept) for each in value]
    if not isinstance(value, str):
        return value
    return kept if value == gone else value.replace(f"(entry:{gone}", f"(entry:{kept}")


def _saved(
    db: Database,
    row: Entry,
    kind: Type,
    before: Revision,
    content: Mapping[str, Any],
    update_type: str,
    mend: Callable[[str], str],
    by: str,
    now: datetime,
) -> Revision:
    latest = entries.find(db, row.id).latest
    saved = saving.save(db, row.id, content, based_on=latest, by=by, now=now, update_type=update_type, note="merge")
    changed = carry.changes(kind, before.content, saved.revision.content)
    carry.repoint(db, row.id, changed, saved.revision.number, mend)
    return saved.revision


def _follow(db: Database, standing: Mapping[str, Edition], number: int, now: datetime) -> dict[str, str]:
    found = [edition for edition in standing.values() if edition.state == "published"]
    for edition in found:
        moved = replace(edition, revision=number, since=stamp(now), update_type="republish")
        live.supersede(db, edition, moved)
    return dict.fromkeys((edition.locale for edition in found), "edition.published")


def _replace_replacements(db: Database, standing: Mapping[str, Edition], gone: str, kept: str) -> dict[str, str]:
    """Let withdrawn advice lead to the kept entry where it led to the duplicate."""
    causes = {}
    for edition in standing.values():
        facts = json.loads(edition.notice) if edition.state == "withdrawn" else {}
        if facts.get("replacement") == gone:
            notice = json.dumps({**facts, "replacement": kept}, ensure_ascii=False)
            live.supersede(db, edition, replace(edition, notice=notice))
            causes[edition.locale] = "edition.withdrawn"
    return causes


def _move_addresses(db: Database, site: Site, by: str, kept: Entry, gone: Entry, now: datetime) -> None:
    at_kept = {edition.locale for edition in live.current(db, kept.id).values() if edition.state == "published"}
    standing = live.current(db, gone.id)
    causes = {}
    for locale, edition in standing.items():
        if edition.state != "published":
            continue
        ended = replace(edition, since=stamp(now), published_by=by, state="unpublished", notice="")
        if locale not in at_kept:
            facts = {"explanation": merged(locale).text, "replacement": kept.id, "severity": "editorial"}
            ended = replace(ended, state="withdrawn", notice=json.dumps(facts, ensure_ascii=False))
        live.supersede(db, edition, ended)
        causes[locale] = f"edition.{ended.state}"
    refresh(db, site, gone.id, now, causes, only=causes)
    # What says that it is gone stays where it is; every other address of the duplicate becomes one of the kept entry.
    for locale in at_kept:
        if locale not in standing or standing[locale].state != "withdrawn":
            db.execute(
                "update slug set entry = ? where entry = ? and locale = ? and type = ?",
                [kept.id, gone.id, locale, gone.type],
            )
            # Documents are asked for by their id too.
            db.execute(
                "insert into slug (type, locale, slug, entry, since) values (?, ?, ?, ?, ?) on conflict do nothing",
                [gone.type, locale, gone.id, kept.id, stamp(now)],
            )
    refresh(db, site, kept.id, now, afresh=True)
