"""Look at the pages that a partner has registered, and keep what was found. How bytes are fetched is a parameter."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from urllib.parse import urljoin

import orjson

from cms.calls import Call, Send
from cms.content import entries, revisions, types
from cms.localize import segments
from cms.partners import conformance, pages
from cms.partners.conformance import Expected, Finding
from cms.partners.pages import Page
from cms.partners.partners import Partner
from cms.publish import compose, documents, inline, live
from cms.publish.refresh import subject
from cms.store import Database

REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_REDIRECTS = 5
# What is read of a page, and for how long it is waited.
PAGE_BYTES, PAGE_SECONDS = 4 * 2**20, 30.0
HEADERS = {"Accept": "text/html,application/xhtml+xml"}


@dataclass(frozen=True)
class Looked:
    """A page, and what is wrong with it now."""

    page: Page
    findings: Sequence[Finding]


def look(
    db: Database, partner: Partner, send: Send, now: datetime, among: Sequence[Page] | None = None
) -> Iterator[Looked]:
    """Fetch every registered page of a partner, or these, judge it, keep the findings, and yield them page by page."""
    for page in pages.of(db, partner.id) if among is None else among:
        found = conformance.judge(fetch(send, page.url), expected(db, partner, page), now)
        kept = [{"code": each.code, "severity": each.severity, "values": dict(each.values)} for each in found]
        yield Looked(pages.note_check(db, page, kept, now), found)


def fetch(send: Send, url: str) -> conformance.Page:
    """Fetch a page for a browser's eyes: redirects are followed, each judged anew by what sends."""
    at = url
    try:
        for _ in range(MOST_REDIRECTS + 1):
            answer = send(Call("GET", at, HEADERS))
            if answer.status not in REDIRECTS or not (target := answer.headers.get("location")):
                return conformance.Page(url, answer.status, answer.headers, answer.body)
            at = urljoin(at, target)
    except (ConnectionError, TimeoutError, ValueError) as error:
        return conformance.Page(url, error=str(error) or type(error).__name__)
    return conformance.Page(url, error="too many redirects")


def expected(db: Database, partner: Partner, page: Page) -> Expected:
    """Return what a page should show now: what is served of its entry, or nothing of what readers had."""
    row = entries.find(db, page.entry)
    document = documents.read(db, page.locale, row.type, page.entry)
    if document and document.status == documents.LIVE:
        return Expected(page.locale, document.etag, orjson.loads(document.body), indexing=partner.indexing)
    return Expected(page.locale, "", None, was=list(_was(db, page.entry, page.locale)), indexing=partner.indexing)


def _was(db: Database, entry: str, locale: str) -> Iterator[str]:
    """Yield the texts that readers of a locale had of what is gone; nothing where they never had it."""
    edition = live.current(db, entry).get(locale)
    if edition is None:
        return
    row = entries.find(db, entry)
    content = revisions.get(db, entry, edition.revision).content
    found = compose.renderings(db, subject(db, entry), locale) or {}
    for segment in segments.cut(types.find(row.type), content):
        rendering = found.get(segment.path)
        text = rendering.translation.text if rendering and rendering.translation else segment.source
        yield inline.plain(text)


def as_json(looked: Looked) -> dict[str, object]:
    """Return what was found at a page, ready for JSON."""
    return {
        "url": looked.page.url,
        "entry": looked.page.entry,
        "locale": looked.page.locale,
        "checked_at": looked.page.checked_at,
        "findings": [{**asdict(each), "severity": each.severity} for each in looked.findings],
    }
