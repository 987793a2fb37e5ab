"""What a document says of its own use: whom to name, who may index it, until when to rely on it. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from cms.localize.notices import review
from cms.publish import currency, inline
from cms.publish.currency import CURRENT, Currency
from cms.site import Site


def attribution(site: Site, fields: Mapping[str, Any], canonical: str) -> dict[str, Any]:
    """Return whom to name and where to link to: as a text, as HTML, and with a logo where there is one."""
    # A type of one's own may mean something else by these names.
    answering = [*(fields.get("clinics") or []), *(fields.get("authors") or [])]
    names = [card["name"] for card in answering if isinstance(card, Mapping) and "name" in card][:1]
    text = ", ".join(dict.fromkeys([*names, site.name]))
    return {"text": text, "html": inline.linked(text, canonical), "logo": site.logo_url, "url": canonical}


def use(site: Site, due: str, stands: Currency, locale: str) -> dict[str, Any]:
    """Return by when to fetch a document again and until when to show it, and what its readers are told of that."""
    told = None
    if stands.review_state != CURRENT and due:
        told = review(stands.review_state, locale, date.fromisoformat(due))
    return {
        "indexing": site.indexing,
        "refresh_by": stands.refresh_by,
        "display_until": currency.display_until(site, due) or None,
        "review_state": stands.review_state,
        "review_notice": told.text if told else None,
        "review_notice_lang": told.locale if told and told.locale != locale else None,
    }
