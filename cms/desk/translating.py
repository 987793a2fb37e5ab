"""Translate, approve, waive and exchange in somebody's name. What a translator sees is in `workbench`."""

from collections.abc import Collection, Mapping
from datetime import datetime

from cms.content import entries
from cms.desk.doing import doing, refuse_archived
from cms.desk.workbench import check_texts as check_texts
from cms.desk.workbench import offers_for as offers_for
from cms.desk.workbench import page as page
from cms.errors import Invalid, NotFound, Problem
from cms.localize import offers, review, suggestions, translations
from cms.localize.exchange import formats, importing
from cms.localize.exchange.importing import Report
from cms.localize.machine import Translator, translating
from cms.localize.machine.checking import checker
from cms.localize.machine.translating import Done, Plan
from cms.localize.translations import Outcome
from cms.people import audit, rights
from cms.people.rights import Actor
from cms.site import Site
from cms.store import Database, write


def save(
    db: Database,
    actor: Actor,
    entry: str,
    locale: str,
    texts: Mapping[str, str],
    *,
    now: datetime,
    seen: Mapping[str, str] | None = None,
    state: str = "draft",
    checks: bool = True,
) -> dict[str, Outcome]:
    """Save translations by path; `seen` gives the text that the translator had before them. Approving needs its right.

    Returns what became of each path and what the checks hold against it. Raises Forbidden, Invalid, NotFound,
    Refused, TranslationClash.
    """
    if state == "approved":
        rights.require(actor, "translation.approve", entries.find(db, entry).type, locale)
    with doing(db, actor, "translation.save", now=now, entry=entry, locale=locale) as done:
        refuse_archived(db, entry)
        before = {each.path: each.text for each in translations.working(db, entry, locale) if each.path in texts}
        outcomes = translations.save(
            db, entry, locale, texts, by=actor.name, now=now, state=state, seen=seen, checks=checks
        )
        kept = {path: text for path, text in texts.items() if outcomes[path].what != "unchanged"}
        done.nothing_done = not kept
        done.before = {"texts": {path: before.get(path, "") for path in kept}}
        done.after = {"state": state, "texts": kept}
        return outcomes


def approve(
    db: Database,
    actor: Actor,
    entry: str,
    locale: str,
    paths: Collection[str] = (),
    *,
    now: datetime,
    seen: Mapping[str, str] | None = None,
    checks: bool = True,
) -> list[str]:
    """Approve the drafts at these paths, those in review where none is named; return the paths. `seen` is as in saving.

    Raises Forbidden, Refused, TranslationClash.
    """
    with doing(db, actor, "translation.approve", now=now, entry=entry, locale=locale) as done:
        refuse_archived(db, entry)
        approved = translations.approve(db, entry, locale, paths, by=actor.name, now=now, seen=seen, checks=checks)
        done.nothing_done = not approved
        done.after = {"paths": approved}
        return approved


def waive(
    db: Database, actor: Actor, entry: str, locale: str, path: str, code: str, reason: str, *, now: datetime
) -> None:
    """Say that a finding about a text does not matter, and why. Raises Forbidden, Invalid, NotFound, Refused."""
    with doing(db, actor, "translation.waive", now=now, entry=entry, locale=locale, note=reason) as done:
        review.waive(db, entry, locale, path, code, reason, by=actor.name, now=now)
        done.after = {"path": path, "code": code}


def accept(
    db: Database,
    actor: Actor,
    entry: str,
    locale: str,
    suggestion: str,
    *,
    now: datetime,
    seen: str | None = None,
    checks: bool = True,
) -> dict[str, Outcome]:
    """Take what is offered: approved by who may approve, else for review.

    Raises Forbidden, NotFound, TranslationClash.
    """
    row = entries.find(db, entry)
    state = "approved" if rights.may(actor, "translation.approve", row.type, locale) else "needs_review"
    with doing(db, actor, "translation.save", now=now, entry=entry, locale=locale) as done:
        refuse_archived(db, entry)
        offered = next((each for each in offers.open_for(db, entry, locale) if each.id == suggestion), None)
        if offered is None:
            raise NotFound("suggestion", suggestion)
        outcomes = offers.accept(
            db, entry, locale, suggestion, by=actor.name, now=now, seen=seen, state=state, checks=checks
        )
        done.before = {"texts": {offered.path: seen or ""}}
        done.after = {"state": state, "texts": {offered.path: offered.text}, "offered": offered.origin}
        return outcomes


def dismiss(db: Database, actor: Actor, entry: str, locale: str, suggestion: str, *, now: datetime) -> None:
    """Refuse a suggestion that was kept. Raises Forbidden, NotFound."""
    with doing(db, actor, "translation.save", now=now, entry=entry, locale=locale) as done:
        found = next((each for each in suggestions.open_for(db, entry, locale) if each.id == suggestion), None)
        if found is None:
            raise NotFound("suggestion", suggestion)
        suggestions.dismiss(db, suggestion)
        done.before, done.after = {"texts": {found.path: found.text}}, {"dismissed": found.path}


def upload(
    db: Database,
    actor: Actor,
    entry: str,
    locale: str,
    data: bytes,
    *,
    now: datetime,
    name: str = "",
    dry_run: bool = False,
    state: str = "needs_review",
) -> Report:
    """Take in a translated file of one entry; a dry run tells what would become of each unit.

    Raises Forbidden, Invalid where the file cannot be used or is about another entry too.
    """
    kind = entries.find(db, entry).type
    rights.require(actor, "translation.import", kind, locale)
    if state == "approved":
        rights.require(actor, "translation.approve", kind, locale)
    # A unit that names no entry, as in a file that is not from here, has no place: the report says so.
    others = {unit.entry for unit in formats.read(data).units} - {entry, ""}
    if others:
        raise Invalid([Problem("", "other_entry", {"id": other}) for other in sorted(others)])
    if dry_run:
        return importing.import_file(db, data, by=actor.name, now=now, locale=locale, dry_run=True, state=state)
    with doing(db, actor, "translation.import", now=now, entry=entry, locale=locale, note=name) as done:
        refuse_archived(db, entry)
        report = importing.import_file(db, data, by=actor.name, now=now, locale=locale, state=state)
        done.after = {"format": report.format, "counts": dict(report.counts)}
        return report


def download(
    db: Database, actor: Actor, entry: str, locale: str, *, format: str = "xliff2", only: str = "all"
) -> bytes:
    """Return a file of what there is to translate. Raises Forbidden, Invalid, NotFound."""
    rights.require(actor, "translation.export", entries.find(db, entry).type, locale)
    return formats.export(db, [entry], locale, format=format, only=only)


def plan(db: Database, actor: Actor, entry: str, locale: str, *, only: str = "") -> Plan:
    """Return what a machine would be asked, to see what it costs. Raises Forbidden, Invalid, NotFound."""
    rights.require(actor, "translation.machine", entries.find(db, entry).type, locale)
    return translating.plan(db, entry, locale, only=only)


def machine(
    db: Database, actor: Actor, entry: str, locale: str, *, translator: Translator, now: datetime, only: str = ""
) -> Done:
    """Ask a machine for what is missing or stale and keep what it gives for review.

    The machine is asked outside any write; what it gave is recorded when it is done. Raises Forbidden, Invalid.
    """
    asked = plan(db, actor, entry, locale, only=only)
    refuse_archived(db, entry)
    made = translating.translate(db, translator, asked, by=actor.name, now=now, check=checker(asked))
    with write(db):
        audit.record(
            db,
            actor,
            "translation.machine",
            now=now,
            entry=entry,
            type=entries.find(db, entry).type,
            locale=locale,
            after={
                "service": translator.name,
                "characters": asked.characters,
                "outcomes": {result.path: result.outcome for result in made.results},
                "failure": made.failure.code if made.failure else "",
            },
        )
    return made


def locales_of(actor: Actor, site: Site, action: str, type: str) -> list[str]:
    """Return the target locales of the site in which an actor may do something to a type."""
    return [locale for locale in site.targets if rights.may(actor, action, type, locale)]
