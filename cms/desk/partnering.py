"""Partners in somebody's name: their terms, keys and pages. It knows not what partners do with them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from cms.partners import pages, partner_keys, partners
from cms.partners.pages import Page
from cms.partners.partner_keys import PartnerKey
from cms.partners.partners import Partner
from cms.people import audit
from cms.people.rights import Actor, require
from cms.site import Site
from cms.store import Database, write

ACTION = "partners.manage"


def add(db: Database, actor: Actor, site: Site, *, now: datetime, **fields: Any) -> Partner:
    """Add a partner as `partners.add` does. Raises Forbidden, Invalid."""
    require(actor, ACTION)
    with write(db):
        partner = partners.add(db, site, by=actor.name, now=now, **fields)
        audit.record(db, actor, "partner.add", now=now, after=partners.as_facts(partner), note=partner.name)
        return partner


def change(db: Database, actor: Actor, site: Site, id: str, *, now: datetime, **changes: Any) -> Partner:
    """Change a partner as `partners.change` does; who changes nothing leaves no trace. Raises what it raises."""
    return _changed(db, actor, "partner.change", id, lambda: partners.change(db, site, id, **changes), now)


def suspend(db: Database, actor: Actor, id: str, *, now: datetime) -> Partner:
    """Shut a partner out until it is resumed. Raises Forbidden, NotFound."""
    return _changed(db, actor, "partner.suspend", id, lambda: partners.suspend(db, id), now)


def resume(db: Database, actor: Actor, id: str, *, now: datetime) -> Partner:
    """Let a suspended partner in again. Raises Forbidden, NotFound."""
    return _changed(db, actor, "partner.resume", id, lambda: partners.resume(db, id), now)


def make_key(
    db: Database, actor: Actor, partner: str, *, name: str, expires_at: datetime | None = None, now: datetime
) -> tuple[PartnerKey, str]:
    """Make a key for a partner as `partner_keys.make` does. Raises Forbidden, Invalid, NotFound."""
    require(actor, ACTION)
    with write(db):
        key, secret = partner_keys.make(db, partner=partner, name=name, expires_at=expires_at, now=now)
        note = f"{partners.find(db, partner).name}: {key.prefix}"
        audit.record(db, actor, "partner_key.make", now=now, after=_key_facts(key), note=note)
        return key, secret


def revoke_key(db: Database, actor: Actor, id: str, *, now: datetime) -> PartnerKey:
    """End a key of a partner for good. Raises Forbidden, NotFound."""
    require(actor, ACTION)
    with write(db):
        before = partner_keys.find(db, id)
        key = partner_keys.revoke(db, id, now=now)
        if key != before:
            note = f"{partners.find(db, key.partner).name}: {key.prefix}"
            told = (_key_facts(before), _key_facts(key))
            audit.record(db, actor, "partner_key.revoke", now=now, before=told[0], after=told[1], note=note)
        return key


def put_page(
    db: Database, actor: Actor, site: Site, partner: str, *, url: str, entry: str, locale: str, now: datetime
) -> Page:
    """Keep that a partner shows an entry at an address. Raises Forbidden, Invalid, NotFound."""
    require(actor, ACTION)
    with write(db):
        before = pages.known(db, partner, url)
        page = pages.put(db, site, partner, url=url, entry=entry, locale=locale, now=now)
        if page != before:
            _record_page(db, actor, "partner_page.put", page, now)
        return page


def remove_page(db: Database, actor: Actor, partner: str, url: str, *, now: datetime) -> Page:
    """Forget an address of a partner. Raises Forbidden, NotFound."""
    require(actor, ACTION)
    with write(db):
        page = pages.remove(db, partner, url)
        _record_page(db, actor, "partner_page.remove", page, now)
        return page


def _changed(db: Database, actor: Actor, action: str, id: str, act: Callable[[], Partner], now: datetime) -> Partner:
    require(actor, ACTION)
    with write(db):
        before = partners.find(db, id)
        after = act()
        if after != before:
            told = (partners.as_facts(before), partners.as_facts(after))
            audit.record(db, actor, action, now=now, before=told[0], after=told[1], note=after.name)
        return after


def _key_facts(key: PartnerKey) -> dict[str, str]:
    names = ("id", "prefix", "name", "partner", "created_at", "expires_at", "revoked_at")
    return {name: getattr(key, name) for name in names}


def _record_page(db: Database, actor: Actor, action: str, page: Page, now: datetime) -> None:
    note = f"{partners.find(db, page.partner).name}: {page.url}"[:500]
    audit.record(db, actor, action, now=now, entry=page.entry, locale=page.locale, note=note)
