"""Partners: what is kept of them, and what is refused, all at once."""

from typing import Any

import pytest

from cms.errors import Invalid, NotFound
from cms.partners import partners
from cms.partners.partners import Partner
from cms.partners.scopes import Scope
from cms.store import Database
from tests.builders import SITE, create
from tests.cms.partners.conftest import NOW, Adding


def faults(error: Invalid) -> list[tuple[str, str]]:
    return [(problem.pointer, problem.code) for problem in error.problems]


def test_a_partner_is_kept_as_it_was_described(db: Database, add: Adding) -> None:
    topic = create(db, "topic")
    partner = add(
        " Rug\n  Netwerk ",
        domains=["RugNetwerk.example", "www.rugnetwerk.example."],
        contacts=["redactie@rugnetwerk.example"],
        locales=["nl", "en"],
        types=["article"],
        topics=[topic],
        terms="Noem de kliniek.",
        refresh_hours=24,
        acknowledge_hours=48,
        indexing="noindex",
    )
    assert partner == Partner(
        id=partner.id,
        name="Rug Netwerk",
        state="active",
        domains=("rugnetwerk.example", "www.rugnetwerk.example"),
        contacts=("redactie@rugnetwerk.example",),
        locales=("nl", "en"),
        types=("article",),
        topics=(topic,),
        terms="Noem de kliniek.",
        refresh_hours=24,
        acknowledge_hours=48,
        indexing="noindex",
        position=0,
        seen_at="",
        created_at="2026-03-02T09:30:00.000000Z",
        created_by="tester",
    )
    assert partners.find(db, partner.id) == partner


def test_a_name_is_enough(add: Adding) -> None:
    partner = add("Gezond")
    assert (partner.scope, partner.refresh_hours, partner.acknowledge_hours, partner.indexing) == (
        Scope(), 168, 72, "canonical",
    )  # fmt: skip


def test_a_partner_is_found_by_id_or_name(db: Database, add: Adding) -> None:
    partner = add("Zorgwijzer Één")
    assert partners.named(db, partner.id) == partners.named(db, " zorgwijzer éÉN ") == partner
    for sought in ("Zorgwijzer", ""):
        with pytest.raises(NotFound):
            partners.named(db, sought)


def test_partners_are_listed_by_name(db: Database, add: Adding) -> None:
    for name in ("beta", "Alpha", "Gamma"):
        add(name)
    assert [partner.name for partner in partners.every(db)] == ["Alpha", "beta", "Gamma"]


def test_every_fault_is_named_at_once(db: Database, add: Adding) -> None:
    article = create(db, "article")
    add("RugNetwerk")
    with pytest.raises(Invalid) as refused:
        add(
            "RUGNETWERK",
            domains=["https://example.org", "example.org", "-a.org", "", "a b.org", "\ud800.org"],
            contacts=["redactie", "info@example.org"],
            locales=["nl", "xx"],
            types=["recipe"],
            topics=[article, "rug"],
            terms="\0",
            refresh_hours=0,
            acknowledge_hours=8_761,
            indexing="never",
        )
    assert sorted(faults(refused.value)) == sorted(
        [
            ("/name", "partner_taken"),
            ("/domains/0", "not_a_domain"),
            ("/domains/2", "not_a_domain"),
            ("/domains/4", "not_a_domain"),
            ("/domains/5", "control_character"),
            ("/contacts/0", "not_an_email"),
            ("/locales/1", "unknown_locale"),
            ("/types/0", "not_a_choice"),
            ("/topics/0", "no_such_entry"),
            ("/topics/1", "not_an_entry_id"),
            ("/terms", "control_character"),
            ("/refresh_hours", "out_of_range"),
            ("/acknowledge_hours", "out_of_range"),
            ("/indexing", "not_a_choice"),
        ]
    )
    assert len(partners.every(db)) == 1


@pytest.mark.parametrize(
    ("field", "value", "at", "code"),
    [
        ("name", "  ", "/name", "blank"),
        ("name", "a" * 201, "/name", "too_long"),
        ("name", "<b>x</b>", "/name", "html_in_text"),
        ("domains", ["localhost", ""], "/domains/1", "blank"),
        ("domains", ["example"], "/domains/0", "not_a_domain"),
        ("domains", ["a" * 64 + ".org"], "/domains/0", "not_a_domain"),
        ("domains", ["a.org"] * 101, "/domains", "too_many"),
        ("contacts", [3], "/contacts/0", "not_text"),
        ("refresh_hours", True, "/refresh_hours", "not_a_whole_number"),
        ("refresh_hours", "24", "/refresh_hours", "not_a_whole_number"),
        ("acknowledge_hours", 10**30, "/acknowledge_hours", "out_of_range"),
        ("locales", None, "/locales", "null"),
        ("colour", "red", "/colour", "unknown_field"),
    ],
)
def test_what_does_not_fit_is_refused(db: Database, add: Adding, field: str, value: Any, at: str, code: str) -> None:
    partner = add()
    with pytest.raises(Invalid) as refused:
        partners.change(db, SITE, partner.id, **{field: value})
    assert faults(refused.value) == [(at, code)]
    assert partners.find(db, partner.id) == partner


@pytest.mark.parametrize(
    ("domain", "kept"),
    [
        ("Example.ORG", "example.org"),
        ("münchen.example", "xn--mnchen-3ya.example"),
        ("localhost", "localhost"),
        ("127.0.0.1", "127.0.0.1"),
    ],
)
def test_domains_are_kept_as_name_servers_write_them(add: Adding, domain: str, kept: str) -> None:
    assert add(domains=[domain, domain]).domains == (kept,)


def test_what_is_not_named_stays(db: Database, add: Adding) -> None:
    partner = add(locales=["nl"], contacts=["a@example.org"])
    changed = partners.change(db, SITE, partner.id, locales=("nl", "en"), refresh_hours=12)
    assert (changed.name, changed.locales, changed.contacts, changed.refresh_hours) == (
        "RugNetwerk", ("nl", "en"), ("a@example.org",), 12,
    )  # fmt: skip
    assert partners.change(db, SITE, partner.id, locales=[]).locales == ()


def test_a_partner_keeps_its_own_name(db: Database, add: Adding) -> None:
    partner = add("RugNetwerk")
    assert partners.change(db, SITE, partner.id, name="rugnetwerk").name == "rugnetwerk"


def test_what_no_longer_exists_stands_in_the_way_of_nothing_else(db: Database, add: Adding) -> None:
    from dataclasses import replace

    partner = add(locales=["nl", "uk"])
    smaller = replace(SITE, locales=("nl", "en"))
    assert partners.change(db, smaller, partner.id, terms="Nieuw.").locales == ("nl", "uk")
    with pytest.raises(Invalid):
        partners.change(db, smaller, partner.id, locales=["nl", "uk"])


def test_a_suspended_partner_can_be_resumed(db: Database, add: Adding) -> None:
    partner = add()
    assert partners.suspend(db, partner.id).state == "suspended"
    assert partners.active(db) == []
    assert partners.resume(db, partner.id) == partner
    assert partners.active(db) == [partner]


@pytest.mark.parametrize("act", [partners.suspend, partners.resume, lambda db, id: partners.change(db, SITE, id)])
def test_nobody_is_not_found(db: Database, act: Any) -> None:
    with pytest.raises(NotFound):
        act(db, "nobody")


def test_the_audit_is_told_what_people_decide(add: Adding) -> None:
    facts = partners.as_facts(add())
    assert facts["name"] == "RugNetwerk" and {"position", "seen_at"}.isdisjoint(facts)
    assert facts["created_at"] == NOW.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
