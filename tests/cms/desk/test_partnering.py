"""Partners in somebody's name: by right, in one write, audited; and nothing where nothing changed."""

from collections.abc import Callable
from typing import Any

import pytest

from cms.desk import partnering
from cms.errors import Forbidden, Invalid
from cms.partners import pages, partner_keys, partners
from cms.partners.partners import Partner
from cms.people import audit
from cms.people.rights import Actor, Scopes
from cms.store import Database
from tests.builders import NOW, SITE, create
from tests.cms.desk.actors import ADMIN, EDITOR, KEY, PARTNERS, REVIEWER, TURKISH

URL = "https://rugnetwerk.example/rug"
PARTNER_KEY = Actor(
    "k2", "key of Pim", "key", frozenset({"partner_manager"}), scopes=Scopes(frozenset({"partners.manage"}))
)


@pytest.fixture
def partner(db: Database) -> Partner:
    return partners.add(db, SITE, name="RugNetwerk", domains=["rugnetwerk.example"], by="tester", now=NOW)


def lines(db: Database) -> list[tuple[str, str, str]]:
    return [(line.action, line.actor, line.note) for line in reversed(audit.entries(db))]


@pytest.mark.parametrize("actor", [ADMIN, PARTNERS, PARTNER_KEY])
def test_what_is_done_is_audited(db: Database, actor: Actor) -> None:
    entry = create(db, "article")
    added = partnering.add(db, actor, SITE, name="RugNetwerk", domains=["rugnetwerk.example"], now=NOW)
    assert added.created_by == actor.name
    partnering.change(db, actor, SITE, added.id, terms="Noem ons.", now=NOW)
    partnering.suspend(db, actor, added.id, now=NOW)
    partnering.resume(db, actor, added.id, now=NOW)
    key, secret = partnering.make_key(db, actor, added.id, name="Website", now=NOW)
    partnering.revoke_key(db, actor, key.id, now=NOW)
    partnering.put_page(db, actor, SITE, added.id, url=URL, entry=entry, locale="nl", now=NOW)
    partnering.remove_page(db, actor, added.id, URL, now=NOW)
    assert lines(db) == [
        ("partner.add", actor.id, "RugNetwerk"),
        ("partner.change", actor.id, "RugNetwerk"),
        ("partner.suspend", actor.id, "RugNetwerk"),
        ("partner.resume", actor.id, "RugNetwerk"),
        ("partner_key.make", actor.id, f"RugNetwerk: {key.prefix}"),
        ("partner_key.revoke", actor.id, f"RugNetwerk: {key.prefix}"),
        ("partner_page.put", actor.id, f"RugNetwerk: {URL}"),
        ("partner_page.remove", actor.id, f"RugNetwerk: {URL}"),
    ]
    kept = audit.entries(db)
    assert (kept[-2].before["terms"], kept[-2].after["terms"]) == ("", "Noem ons.")
    assert secret.rpartition("_")[2] not in str(kept)


def test_what_changes_nothing_leaves_no_trace(db: Database, partner: Partner) -> None:
    entry = create(db, "article")
    key, _ = partner_keys.make(db, partner=partner.id, name="Website", now=NOW)
    partner_keys.revoke(db, key.id, now=NOW)
    pages.put(db, SITE, partner.id, url=URL, entry=entry, locale="nl", now=NOW)
    partnering.change(db, ADMIN, SITE, partner.id, name="RugNetwerk", now=NOW)
    partnering.resume(db, ADMIN, partner.id, now=NOW)
    partnering.revoke_key(db, ADMIN, key.id, now=NOW)
    partnering.put_page(db, ADMIN, SITE, partner.id, url=URL, entry=entry, locale="nl", now=NOW)
    assert lines(db) == []


def test_what_is_refused_leaves_no_trace(db: Database, partner: Partner) -> None:
    with pytest.raises(Invalid):
        partnering.change(db, ADMIN, SITE, partner.id, refresh_hours=0, now=NOW)
    with pytest.raises(Invalid):
        partnering.make_key(db, ADMIN, partner.id, name="", now=NOW)
    assert lines(db) == [] and partner_keys.of(db, partner.id) == []


DOING: list[Callable[[Database, Actor, str], Any]] = [
    lambda db, actor, id: partnering.add(db, actor, SITE, name="Gezond", now=NOW),
    lambda db, actor, id: partnering.change(db, actor, SITE, id, terms="x", now=NOW),
    lambda db, actor, id: partnering.suspend(db, actor, id, now=NOW),
    lambda db, actor, id: partnering.resume(db, actor, id, now=NOW),
    lambda db, actor, id: partnering.make_key(db, actor, id, name="Website", now=NOW),
    lambda db, actor, id: partnering.revoke_key(db, actor, "none", now=NOW),
    lambda db, actor, id: partnering.put_page(db, actor, SITE, id, url=URL, entry="x", locale="nl", now=NOW),
    lambda db, actor, id: partnering.remove_page(db, actor, id, URL, now=NOW),
]


@pytest.mark.parametrize("act", DOING)
def test_who_has_not_the_right_does_nothing(
    db: Database, partner: Partner, act: Callable[[Database, Actor, str], Any]
) -> None:
    for actor in (EDITOR, REVIEWER, TURKISH, KEY):
        with pytest.raises(Forbidden):
            act(db, actor, partner.id)
    assert partners.every(db) == [partner] and lines(db) == []
