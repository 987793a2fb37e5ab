"""Show what readers would get if it were published now, and make links that show it for a while. Nothing is stored."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson

from cms.content import revisions, validate
from cms.content.identity import moment, stamp
from cms.errors import Expired
from cms.localize import everywhere, translations
from cms.people import tokens
from cms.publish import compose, currency, editions
from cms.publish.cards import cards
from cms.publish.live import Edition
from cms.publish.refresh import made, subject
from cms.site import Site
from cms.store import Database


@dataclass(frozen=True)
class Preview:
    """What a link shows: a revision of an entry in a locale (0 is the newest at each look), until a moment."""

    entry: str
    locale: str
    revision: int
    expires_at: str


def document(
    db: Database,
    entry: str,
    locale: str,
    site: Site,
    revision: int = 0,
    *,
    now: datetime,
    drafts: bool = False,
    content: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the document that a frontend would get if a revision, the newest or the one named, were published now.

    `drafts` shows what translators work on in the place of what is approved; `content` shows what is not saved yet in
    the place of what the revision says. Raises NotFound, and Invalid where that content could not be saved.
    """
    what = subject(db, entry)
    shown = revisions.get(db, entry, revision or what.entry.latest)
    if content is not None:
        shown = replace(shown, content=validate.load(what.kind, content))
    what = replace(what, revision=shown)
    found = compose.renderings(db, what, locale)
    if drafts and found is not None:
        found = translations.match(what.segments, translations.working(db, entry, locale), upto=shown.number)
    live = {edition.locale: replace(edition, revision=shown.number) for edition in what.live()}
    live[locale] = editions.foreseen(db, what, locale, found, now=now)
    others = [other for other in live if other not in (locale, what.entry.source_locale)]
    lacking = {**everywhere.lacking(db, entry, others, what.segments), locale: compose.lacking(found)}
    noted = {
        other: _noted(live[other], what.editions.get(other), bool(segments), now) for other, segments in lacking.items()
    }
    what = replace(what, editions={**live, **noted})
    known = cards(db, site, {target for _, target in what.targets}, [locale])
    stands = currency.judge(site, what.review_due, now, currency.of(db, entry))
    made_of = compose.material(db, site, what, {locale: found}, known, stands)
    # What no reader has seen yet changes when they do.
    new = {segment.path: stamp(now) for segment in compose.lacking(found)}
    made_of = replace(made_of, changed_at={**new, **made_of.changed_at})
    return made(db, site, what, what.editions[locale], made_of)[1]


def _noted(edition: Edition, before: Edition | None, is_behind: bool, now: datetime) -> Edition:
    if not is_behind:
        return replace(edition, translated_from=edition.revision, stale_since="")
    if before is None:
        return replace(edition, stale_since=stamp(now))
    return replace(edition, translated_from=before.translated_from, stale_since=before.stale_since or stamp(now))


def token(secret: str, entry: str, locale: str, revision: int, expires: datetime) -> str:
    """Return what a link carries so that it shows this one thing without signing in, until a moment."""
    said = _encoded(orjson.dumps([entry, locale, revision, stamp(expires)]))
    return f"{said}.{_signature(secret, said)}"


def read(secret: str, token: str, now: datetime) -> Preview:
    """Return what a token shows. Raises Expired where it is too old, or was not made here."""
    said, _, signature = token.partition(".")
    if not tokens.same(_signature(secret, said), signature):
        raise Expired()
    try:
        found = Preview(*orjson.loads(base64.urlsafe_b64decode(said + "=" * (-len(said) % 4))))
    except (ValueError, TypeError, binascii.Error):
        raise Expired() from None
    if moment(found.expires_at) <= now:
        raise Expired()
    return found


def _signature(secret: str, said: str) -> str:
    # The purpose is part of the key, so that nothing else that is signed with the secret passes for a preview.
    key = hashlib.sha256(f"preview {secret}".encode()).digest()
    return _encoded(hmac.digest(key, said.encode(), "sha256"))


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
