"""Pages: where a partner says that it shows a document, so that somebody can look. It fetches nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urldefrag

import orjson
from marshmallow import RAISE, Schema

from cms.content import entries, validate
from cms.content.fields import Link, Ref, Text
from cms.content.identity import stamp
from cms.errors import Invalid, NotFound, Problem
from cms.partners import partners
from cms.partners.domains import is_below
from cms.partners.partners import Partner
from cms.site import Site
from cms.store import Database, Row, write

MOST_PAGES = 20_000  # of a partner
MAX_URL = 1_000  # PostgreSQL's indexes take some 2,700 bytes a row


class _Given(Schema):
    """What somebody may say of a page."""

    class Meta:
        """Refuse what the schema does not name."""

        unknown = RAISE

    url = Link(required=True, max_length=MAX_URL)
    entry = Ref("", required=True)
    locale = Text(required=True, max_length=40)


_GIVEN = _Given()


@dataclass(frozen=True)
class Page:
    """An address at which a partner shows an entry in a locale; what was found there last is JSON.

    `checked_at` is empty while nobody has looked.
    """

    partner: str
    url: str
    entry: str
    locale: str
    added_at: str
    checked_at: str
    findings: Any


def put(db: Database, site: Site, partner: str, *, url: str, entry: str, locale: str, now: datetime) -> Page:
    """Keep that a partner shows an entry at an address, in the place of what stood there. Raises Invalid, NotFound."""
    with write(db):
        holder = partners.find(db, partner)
        given = _checked(db, site, holder, {"url": url, "entry": entry, "locale": locale})
        before = known(db, partner, given["url"])
        if before and (before.entry, before.locale) == (given["entry"], given["locale"]):
            return before
        if before is None and count(db, partner) >= MOST_PAGES:
            raise Invalid([Problem("", "too_many", {"maximum": MOST_PAGES})])
        told = {"added_at": stamp(now), "checked_at": "", "findings": ""}
        db.table("partner_page").upsert({"partner": partner, **given, **told})
        return find(db, partner, given["url"])


def remove(db: Database, partner: str, url: str) -> Page:
    """Forget an address of a partner, and return what was kept of it. Raises NotFound."""
    with write(db):
        page = find(db, partner, url)
        db.table("partner_page").delete_where("partner = ? and url = ?", [partner, page.url])
        return page


def find(db: Database, partner: str, url: str) -> Page:
    """Return what is kept of an address of a partner. Raises NotFound."""
    if (page := known(db, partner, url)) is None:
        raise NotFound("page", url)
    return page


def known(db: Database, partner: str, url: str) -> Page | None:
    """Return what is kept of an address of a partner, None where nothing is."""
    return next(iter(_rows(db, "partner = ? and url = ?", [partner, kept_url(url)])), None)


def of(db: Database, partner: str, *, entry: str = "", limit: int | None = None, offset: int = 0) -> list[Page]:
    """Return the pages of a partner, those of one entry where it is named, by address."""
    where, params = "partner = ?", [partner]
    if entry:
        where, params = f"{where} and entry = ?", [*params, entry]
    return _rows(db, where, params, limit, offset)


def count(db: Database, partner: str) -> int:
    """Count the pages of a partner."""
    return db.table("partner_page").count_where("partner = ?", [partner])


def note_check(db: Database, page: Page, findings: Any, now: datetime) -> Page:
    """Keep what was found at a page, as JSON values. Raises NotFound where it was forgotten meanwhile."""
    with write(db):
        said = {"checked_at": stamp(now), "findings": orjson.dumps(findings).decode()}
        db.table("partner_page").update((page.partner, page.url), said)
        return find(db, page.partner, page.url)


def kept_url(url: str) -> str:
    """Return an address as it is kept: in ASCII (RFC 3987, section 3.1), and without the place within the page."""
    return quote(urldefrag(url.strip()).url, safe="%/:=&?~+!$,;'@()*[]")


def _checked(db: Database, site: Site, holder: Partner, given: dict[str, Any]) -> dict[str, Any]:
    problems: list[Problem] = []
    try:
        given = validate.read(_GIVEN, given)
    except Invalid as error:
        problems += error.problems
    faulty = {problem.pointer for problem in problems}
    found = [*_url_problems(holder, given["url"]), *_entry_problems(db, holder, given["entry"])]
    if given["locale"] not in site.locales:
        found.append(Problem("/locale", "unknown_locale", {"locale": given["locale"], "known": list(site.locales)}))
    problems += [problem for problem in found if problem.pointer not in faulty]
    if problems:
        raise Invalid(problems)
    return {**given, "url": kept_url(given["url"])}


def _url_problems(holder: Partner, url: Any) -> Iterator[Problem]:
    if not holder.domains:
        yield Problem("/url", "domains_needed")
    elif isinstance(url, str) and not is_below(url, holder.domains):
        yield Problem("/url", "not_at_domain", {"value": url[:80], "domains": list(holder.domains)})
    elif isinstance(url, str) and len(kept_url(url)) > 2 * MAX_URL:
        yield Problem("/url", "too_long", {"length": len(kept_url(url)), "maximum": 2 * MAX_URL})


def _entry_problems(db: Database, holder: Partner, entry: Any) -> Iterator[Problem]:
    kind = entries.types_of(db, [entry]).get(entry, "") if isinstance(entry, str) else ""
    # What is of another type than the partner may have is not there for it.
    if not kind or (holder.types and kind not in holder.types):
        yield Problem("/entry", "no_such_entry_here")


def _rows(db: Database, where: str, params: list[Any], limit: int | None = None, offset: int = 0) -> list[Page]:
    rows = db.table("partner_page").rows_where(where, params, order_by="url", limit=limit, offset=offset or None)
    return [_read(row) for row in rows]


def _read(row: Row) -> Page:
    return Page(**{**row, "findings": orjson.loads(row["findings"]) if row["findings"] else None})
