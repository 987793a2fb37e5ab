"""Write entries in somebody's name: create, save, restore, put away and take back, and take in pasted text."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from cms.content import entries, imports, pasted, revisions, saving, types, validate, walk
from cms.content.fields import Ref
from cms.content.identity import stamp
from cms.content.imports import Imported, Proposals
from cms.content.plaintext import understand
from cms.content.saving import Saved
from cms.desk import drafts, uses
from cms.desk.doing import doing, refuse_archived, refuse_changed
from cms.desk.merging import merge as merge
from cms.errors import Invalid, Problem, Refused
from cms.people import rights
from cms.people.rights import Actor
from cms.publish import editions, live, minor_edits
from cms.site import Site
from cms.store import Database


def create(
    db: Database,
    actor: Actor,
    type: str,
    content: Mapping[str, Any],
    *,
    now: datetime,
    site: Site,
    entry: str = "",
) -> Saved:
    """Create an entry with its first revision; `entry` may give the id under which its draft was kept.

    Raises Forbidden, Invalid, NotFound for a type that is none, Conflict where the id exists.
    """
    types.find(type)
    with doing(db, actor, "entry.create", now=now, type=type, locale=site.source_locale) as done:
        _refuse_archived_references(db, type, {}, content)
        made = saving.create(db, type, content, by=actor.name, now=now, source_locale=site.source_locale, entry=entry)
        drafts.drop(db, actor, made.id)
        done.entry, done.after = made.id, {"revision": made.latest}
        return Saved(revisions.get(db, made.id, made.latest), changed=True)


def save(
    db: Database,
    actor: Actor,
    entry: str,
    content: Mapping[str, Any],
    *,
    based_on: int,
    now: datetime,
    update_type: str = "",
    note: str = "",
    minor: bool = False,
) -> Saved:
    """Save content as the next revision; `minor` says that the meaning is unchanged, and is refused where it is not.

    Raises Forbidden, Invalid, NotFound, RevisionClash, and Refused for a minor edit that changes a fact or an entry
    that is archived.
    """
    if minor and update_type not in ("", "minor"):
        raise Invalid([Problem("/update_type", "not_a_choice", {"value": update_type, "choices": ["minor"]})])
    row = entries.find(db, entry)
    with doing(db, actor, "entry.save", now=now, entry=entry, locale=row.source_locale, note=note) as done:
        refuse_archived(db, entry)
        before = revisions.latest(db, entry)
        _refuse_archived_references(db, row.type, before.content, content)
        by = actor.name
        if minor:
            saved = minor_edits.save(db, entry, content, based_on=based_on, by=by, now=now, note=note)
        else:
            saved = saving.save(
                db, entry, content, based_on=based_on, by=by, now=now, update_type=update_type or "major", note=note
            )
        drafts.drop(db, actor, entry)
        done.nothing_done = not saved.changed
        done.before = {"revision": before.number}
        done.after = {
            "revision": saved.revision.number,
            "update_type": saved.revision.update_type,
            "changed": revisions.compare(before.content, saved.revision.content),
        }
        return saved


def restore(db: Database, actor: Actor, entry: str, number: int, *, based_on: int, now: datetime) -> Saved:
    """Save what an earlier revision says as the next one. Raises what saving raises."""
    row = entries.find(db, entry)
    with doing(db, actor, "entry.save", now=now, entry=entry, locale=row.source_locale) as done:
        refuse_archived(db, entry)
        before = revisions.latest(db, entry)
        content = revisions.get(db, entry, number).content
        _refuse_archived_references(db, row.type, before.content, content)
        saved = saving.save(db, entry, content, based_on=based_on, by=actor.name, now=now)
        drafts.drop(db, actor, entry)
        done.nothing_done = not saved.changed
        done.before = {"revision": before.number}
        done.after = {"revision": saved.revision.number, "restored": number}
        return saved


def archive(
    db: Database,
    actor: Actor,
    entry: str,
    *,
    now: datetime,
    site: Site,
    explanation: str = "",
    replacement: str = "",
    based_on: int | None = None,
) -> list[str]:
    """Put an entry away: it leaves the overviews, and nobody can change it or refer to it anew.

    What live documents show a card of stays published, so that nothing that refers to it breaks, until somebody
    unpublishes or withdraws it; returns the locales in which it does (`todo` tells when nothing shows it any more).
    Another published entry is refused (`still_published`), unless an explanation is given with which it is withdrawn
    in the same write.
    """
    row = entries.find(db, entry)
    with doing(db, actor, "entry.archive", now=now, entry=entry, locale=row.source_locale, note=explanation) as done:
        refuse_changed(db, entry, based_on)
        refuse_archived(db, entry)
        published = [each.locale for each in live.current(db, entry).values() if each.state == "published"]
        kept = bool(published) and uses.is_shown(db, entry)
        if published and not kept:
            if not explanation.strip():
                raise Refused([Problem("", "still_published", {"locales": published})])
            editions.withdraw(
                db, entry, explanation=explanation, replacement=replacement, by=actor.name, now=now, site=site
            )
        entries.archive(db, entry, stamp(now))
        left = published if kept else []
        done.before = {"published": published}
        done.after = {"archived": True, "published": left}
        return left


def unarchive(db: Database, actor: Actor, entry: str, *, now: datetime, based_on: int | None = None) -> None:
    """Take an entry back into use; what was withdrawn stays so until it is published. Raises Refused, Forbidden."""
    row = entries.find(db, entry)
    with doing(db, actor, "entry.archive", now=now, entry=entry, locale=row.source_locale) as done:
        refuse_changed(db, entry, based_on)
        if not entries.find(db, entry).archived_at:
            raise Refused([Problem("", "not_archived", {"id": entry})])
        entries.archive(db, entry, "")
        done.before, done.after = {"archived": True}, {"archived": False}


def propose_text(
    db: Database, actor: Actor, text: str, *, authors: Sequence[str] = (), clinics: Sequence[str] = ()
) -> Proposals:
    """Return what a pasted text amounts to, matched to what is there; nothing is written. Raises Forbidden, Invalid."""
    rights.require(actor, "entry.import", "article")
    return imports.propose(db, understand(text), authors=authors, clinics=clinics)


def read_blocks(actor: Actor, html: str, *, site: Site) -> list[dict[str, Any]]:
    """Return the blocks that some copied HTML amounts to, without ids; nothing is written. Raises Forbidden."""
    rights.require(actor, "entry.import", "article", site.source_locale)
    return pasted.blocks(html)


def import_text(
    db: Database,
    actor: Actor,
    text: str,
    *,
    now: datetime,
    site: Site,
    authors: Sequence[str] = (),
    clinics: Sequence[str] = (),
    minor: bool = False,
) -> Imported:
    """Take in a pasted text as drafts: the article, and the authors and clinics that are new.

    `minor` says that an article that is there already says the same in other words. Raises Forbidden, Invalid, Refused.
    """
    accept = minor_edits.accept if minor else imports.accept
    rights.require(actor, "entry.import", "article", site.source_locale)
    proposals = imports.propose(db, understand(text), authors=authors, clinics=clinics)
    with doing(db, actor, "entry.import", now=now, type="article", locale=site.source_locale) as done:
        imported = accept(db, proposals, by=actor.name, now=now, source_locale=site.source_locale)
        done.entry, done.nothing_done = imported.article, not imported.changed
        done.after = {"revision": imported.revision, "authors": imported.authors, "clinics": imported.clinics}
        return imported


def _refuse_archived_references(
    db: Database, type_name: str, before: Mapping[str, Any], content: Mapping[str, Any]
) -> None:
    """Raise Invalid where content refers to what is archived and did not do so before."""
    kind = types.find(type_name)
    known = {leaf.value for leaf in walk.leaves(kind.schema, before) if isinstance(leaf.field, Ref)}
    loaded = validate.load(kind, content)
    found = [leaf for leaf in walk.leaves(kind.schema, loaded) if isinstance(leaf.field, Ref)]
    away = entries.archived(db, {leaf.value for leaf in found} - known)
    problems = [Problem(leaf.pointer, "archived", {"id": leaf.value}) for leaf in found if leaf.value in away]
    if problems:
        raise Invalid(problems)
