"""Sync and the manifest, written down: what changed since a cursor, and all that there is by digest."""

from base64 import b64encode
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import Response, request

from api.problems import STATUSES, NoSuchEntry, problem
from api.public import access, parameters
from api.public.answers import JSON, dumps, site
from api.public.parameters import Fault, Parameter
from cms import errors
from cms.content import entries, types
from cms.content.identity import stamp
from cms.partners import cursors, holdings, manifest, sync
from cms.partners.cursors import Cursor
from cms.partners.partners import Partner
from cms.partners.scopes import Scope
from cms.partners.selections import Selection
from cms.partners.sync import Change, Page, Removal, Replacement, Upsert
from cms.people import own_secrets
from cms.publish import documents
from cms.publish.served import Served
from cms.site import Site
from cms.store import Database, write

SIGNED_WITH = "cursor"  # of the installation's own secrets
LIMIT = parameters.whole("limit", "How many changes a page at most.", 1, 500, 100)
LINES = parameters.whole("limit", "How many lines a page.", 1, 1_000, 500)
MOST_TOPICS = 100
SYNC, MANIFEST = "/v1/sync", "/v1/manifest"


def _kept(text: str) -> str:
    if not text:
        raise Fault("blank")
    return text


def _handles(text: str) -> list[str]:
    found = text.split(",")
    if not all(found):
        raise Fault("blank")
    if len(found) > MOST_TOPICS:
        raise Fault("too_long", length=len(found), maximum=MOST_TOPICS)
    return found


CURSOR = Parameter(
    "cursor",
    "Where the last answer ended. Without it, a run begins that brings all there is.",
    {"type": "string", "pattern": "^[A-Za-z0-9_-]+$", "maxLength": cursors.LONGEST},
    _kept,
)
AFTER = Parameter(
    "after",
    "Where the last page of the manifest ended, as `links.next` gives it.",
    {"type": "string", "pattern": "^[A-Za-z0-9_-]+$", "maxLength": cursors.LONGEST},
    _kept,
)
TOPIC = Parameter(
    "topic",
    "Only what names one of these topics, by slug or id, separated by commas. What has no topics comes all the same.",
    {"type": "array", "minItems": 1, "maxItems": MOST_TOPICS, "items": {"type": "string", "pattern": "^[^,]+$"}},
    _handles,
    [],
)


def sync_parameters(here: Site) -> dict[str, Parameter]:
    """Return what may be asked of sync."""
    return {parameter.name: parameter for parameter in (CURSOR, LIMIT, *_part(here))}


def manifest_parameters(here: Site) -> dict[str, Parameter]:
    """Return what may be asked of the manifest."""
    return {parameter.name: parameter for parameter in (AFTER, LINES, *_part(here))}


def _part(here: Site) -> list[Parameter]:
    return [
        parameters.some_of("locale", "Only these languages, separated by commas.", here.locales),
        parameters.some_of("type", "Only these types, separated by commas.", [kind.name for kind in types.every()]),
        TOPIC,
    ]


def show(db: Database, known: dict[str, Parameter]) -> Response:
    """Answer with the changes that follow on a cursor, or that begin a run."""
    asked = parameters.read(known)
    selection, secret, now = _selection(db, asked), own_secrets.of(db, SIGNED_WITH), datetime.now(UTC)
    try:
        given = _given(asked["cursor"], secret, "walk", "catch_up", "ended", "follow")
        page = sync.page(db, site(), selection, given or sync.begin(db, selection), asked["limit"])
    except (errors.BadCursor, errors.CursorExpired) as error:
        return _refused(error)
    partner = access.partner()
    if request.method != "HEAD":
        if partner is not None:
            _note(db, partner, selection, given, page, now)
        _count(page)
    cursor = cursors.seal(page.cursor, secret)
    said = {
        "cursor": cursor,
        "more": page.more,
        "complete": page.is_complete,
        "links": {"next": _address(cursor=cursor)},
        "refresh_by": stamp(now + timedelta(hours=partner.refresh_hours if partner else site().refresh_hours)),
        "terms": _terms(partner),
    }
    changes = b",".join(written(site(), change) for change in page.changes)
    # What it says is put after the changes, which are finished.
    return _answer(b'{"changes":[%b],%b' % (changes, orjson.dumps(said)[1:]))


def show_manifest(db: Database, known: dict[str, Parameter]) -> Response:
    """Answer with one page of all that there is, by digest."""
    asked = parameters.read(known)
    selection, secret = _selection(db, asked), own_secrets.of(db, SIGNED_WITH)
    try:
        given = _given(asked["after"], secret, "manifest")
        part = manifest.part(db, selection, given or manifest.begin(db, selection), asked["limit"])
    except (errors.BadCursor, errors.CursorExpired) as error:
        return _refused(error)
    following = _address(after=cursors.seal(part.after, secret)) if part.after else None
    cursor = cursors.seal(part.cursor, secret) if part.cursor else None
    said = {
        "data": [{**_named(site(), each), "updated_at": each.updated_at} for each in part.lines],
        "cursor": cursor,
        "links": {"next": following, "sync": _address(SYNC, cursor=cursor) if cursor else None},
    }
    return _answer(orjson.dumps(said))


def written(here: Site, change: Change) -> bytes:
    """Return a change as JSON; the document in it is canonical JSON, byte for byte what its digest is of."""
    if isinstance(change, Removal):
        return dumps(_removal(change))
    each = change.served
    said = {
        **_named(here, each),
        "op": "upsert",
        "reason": change.reason,
        "update_type": change.update_type,
        "signature_input": each.signature_input or None,
        "signature": each.signature or None,
    }
    return b'%b,"document":%b}' % (orjson.dumps(said)[:-1], each.body)


def _named(here: Site, each: Served) -> dict[str, Any]:
    return {
        "id": each.entry,
        "type": each.type,
        "locale": each.locale,
        "version": each.facts.get("revision"),
        "seq": each.seq,
        "digest": f"sha-256=:{b64encode(bytes.fromhex(each.etag)).decode()}:",
        "url": here.document_url(each.locale, types.find(each.type).plural, each.slug),
    }


def _removal(change: Removal) -> dict[str, Any]:
    return {
        "op": "removed",
        "reason": change.reason,
        "id": change.entry,
        "type": change.type,
        "locale": change.locale,
        "seq": change.seq,
        "at": change.at,
        "severity": change.severity or None,
        "explanation": change.explanation or None,
        "replacement": _replacement(change.replacement),
    }


def _replacement(instead: Replacement | None) -> dict[str, Any] | None:
    if instead is None:
        return None
    return {"id": instead.entry, "type": instead.type, "locale": instead.locale, "url": instead.url or None}


def _terms(partner: Partner | None) -> dict[str, Any]:
    here = site()
    return {
        "text": (partner.terms if partner else "") or None,
        "licence": {"name": here.licence.name, "url": here.licence.url},
        "indexing": partner.indexing if partner else here.indexing,
        "refresh_hours": partner.refresh_hours if partner else here.refresh_hours,
        "acknowledge_hours": partner.acknowledge_hours if partner else None,
    }


def _selection(db: Database, asked: dict[str, Any]) -> Selection:
    partner, topics = access.partner(), frozenset(_topics(db, asked["topic"]))
    part = Scope(frozenset(asked["type"]), frozenset(asked["locale"]), topics)
    return Selection(partner.id if partner else "", access.scope(), part)


def _topics(db: Database, handles: list[str]) -> list[str]:
    """Return the ids of topics. One that is not live any longer is still one: whoever follows it must hear of that."""
    found = [documents.known_as(db, "topic", handle) if "\0" not in handle else "" for handle in handles]
    known = entries.types_of(db, filter(None, found))
    pairs = zip(handles, found, strict=True)
    missing = [handle for handle, entry in pairs if known.get(entry) != "topic"]
    if missing:
        raise NoSuchEntry([("topic", "no_such_entry", {"id": handle[:80], "type": "topic"}) for handle in missing])
    return found


def _given(text: str | None, secret: str, *phases: str) -> Cursor | None:
    if text is None:
        return None
    cursor = cursors.unseal(text, secret)
    if cursor.phase not in phases:
        raise errors.BadCursor
    return cursor


def _note(
    db: Database, partner: Partner, selection: Selection, given: Cursor | None, page: Page, now: datetime
) -> None:
    """Note what a partner proves by the cursor that it gives back, and what it is given now."""
    brought = [change.served for change in page.changes if isinstance(change, Upsert)]
    is_new = holdings.lacking(db, partner.id, [(each.entry, each.locale, each.told) for each in brought])
    # Both in one write, and in none where nothing is new.
    with write(db) if is_new else nullcontext():
        # Who follows a part says nothing of the rest.
        if given is not None and selection.is_whole:
            if given.phase == "ended":
                holdings.prove_whole(db, partner, given.seq, now)
            elif given.phase == "follow":
                holdings.prove(db, partner.id, given.seq, now)
        if is_new:
            versions = [(each.entry, each.locale, int(each.facts.get("revision", 0)), each.told) for each in brought]
            holdings.note(db, partner.id, versions, "sync", now)


def _count(page: Page) -> None:
    for change in page.changes:
        if isinstance(change, Upsert):
            access.count("sync", change.served.locale, [change.served.entry])


def _refused(error: errors.BadCursor | errors.CursorExpired) -> Response:
    members: dict[str, Any] = {"links": {"restart": _address()}}
    if isinstance(error, errors.CursorExpired):
        members["reason"] = error.reason
    response = problem(STATUSES[type(error)], error.code, **members)
    response.headers["Cache-Control"] = "no-store"
    return response


def _address(path: str = "", **where: str) -> str:
    """Return the address of another page of what is asked for, here or at a path; of the first where none is named."""
    left_out = {"cursor", "after", *(["limit"] if path else [])}
    others = [(name, value) for name, value in request.args.items(multi=True) if name not in left_out]
    query = urlencode([*others, *where.items()])
    return f"{site().url}{path or request.path}" + (f"?{query}" if query else "")


def _answer(body: bytes) -> Response:
    # No cache may keep it: who asks again asks whether anything changed.
    return Response(body, content_type=JSON, headers={"Cache-Control": "no-store"})
