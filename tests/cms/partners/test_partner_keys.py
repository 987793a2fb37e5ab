"""The keys of partners: what they stand for, what ends them, what is kept of them."""

from datetime import timedelta

import pytest

from cms.errors import Invalid, KeyExpired, KeyRefused, KeyRevoked, NotFound, PartnerSuspended
from cms.partners import partner_keys, partners
from cms.people import keys, users
from cms.people.rights import Scopes
from cms.store import Database
from tests.cms.partners.conftest import NOW, Adding

HERE = {"address": "192.0.2.1", "now": NOW}


def test_a_key_stands_for_its_partner(db: Database, add: Adding) -> None:
    partner = add()
    key, secret = partner_keys.make(db, partner=partner.id, name=" Website ", now=NOW)
    assert partner_keys.who(db, secret, **HERE) == partner
    assert (key.name, key.state(NOW), secret.startswith(f"tolk_{key.prefix}_")) == ("Website", "active", True)


def test_a_secret_is_kept_by_nobody(db: Database, add: Adding) -> None:
    _, secret = partner_keys.make(db, partner=add().id, name="Website", now=NOW)
    kept = str(list(db.table("partner_key").rows_where()))
    assert secret not in kept and secret.rpartition("_")[2] not in kept


def test_keys_end(db: Database, add: Adding) -> None:
    partner, until = add(), NOW + timedelta(days=1)
    key, secret = partner_keys.make(db, partner=partner.id, name="Website", expires_at=until, now=NOW)
    with pytest.raises(KeyExpired):
        partner_keys.who(db, secret, address="", now=until)
    revoked = partner_keys.revoke(db, key.id, now=NOW)
    with pytest.raises(KeyRevoked):
        partner_keys.who(db, secret, **HERE)
    assert partner_keys.revoke(db, key.id, now=until) == revoked
    assert [each.state(NOW) for each in partner_keys.of(db, partner.id)] == ["revoked"]


def test_a_suspended_partner_is_shut_out(db: Database, add: Adding) -> None:
    partner = add()
    _, secret = partner_keys.make(db, partner=partner.id, name="Website", now=NOW)
    partners.suspend(db, partner.id)
    with pytest.raises(PartnerSuspended):
        partner_keys.who(db, secret, **HERE)
    partners.resume(db, partner.id)
    assert partner_keys.who(db, secret, **HERE) == partner


@pytest.mark.parametrize("end", ["", "x"])
def test_who_knows_half_a_secret_learns_nothing(db: Database, add: Adding, end: str) -> None:
    partner = add()
    key, secret = partner_keys.make(db, partner=partner.id, name="Website", now=NOW)
    partner_keys.revoke(db, key.id, now=NOW)
    partners.suspend(db, partner.id)
    with pytest.raises(KeyRefused) as refused:
        partner_keys.who(db, secret[:-1] + end, **HERE)
    assert refused.value.code == "bad_key"


@pytest.mark.parametrize("secret", ["", "tolk", "tolk_", "tolk__", "x_y_z", "\0", "tolk_\0_x", "tolk_\ud800_x"])
def test_what_is_no_secret_is_refused(db: Database, add: Adding, secret: str) -> None:
    partner_keys.make(db, partner=add().id, name="Website", now=NOW)
    for ask in (lambda: partner_keys.who(db, secret, **HERE), lambda: partner_keys.knows(db, secret)):
        with pytest.raises(KeyRefused):
            ask()


def test_the_two_kinds_of_keys_do_not_know_each_other(db: Database, add: Adding) -> None:
    owner = users.add(db, name="Ada", email="ada@example.org", roles=["administrator"], now=NOW)
    _, program = keys.make(db, name="Script", owner=owner.id, scopes=Scopes(frozenset("*")), now=NOW)
    _, partner = partner_keys.make(db, partner=add().id, name="Website", now=NOW)
    for who, secret in ((partner_keys.who, program), (keys.who, partner)):
        with pytest.raises(KeyRefused) as refused:
            who(db, secret, **HERE)
        assert refused.value.code == "bad_key"
    assert [keys.knows(db, program), keys.knows(db, partner)] == [True, False]
    assert [partner_keys.knows(db, partner), partner_keys.knows(db, program)] == [True, False]
    assert not partner_keys.knows(db, partner[:-1])


def test_the_last_use_is_noted_once_a_minute(db: Database, add: Adding) -> None:
    key, secret = partner_keys.make(db, partner=add().id, name="Website", now=NOW)
    noted = []
    for seconds in (0, 59, 60):
        partner_keys.who(db, secret, address="192.0.2.1", now=NOW + timedelta(seconds=seconds))
        noted.append(partner_keys.find(db, key.id).last_used_at[14:19])
    assert noted == ["30:00", "30:00", "31:00"]
    assert partner_keys.find(db, key.id).last_address == "192.0.2.1"


def test_keys_are_listed_newest_first(db: Database, add: Adding) -> None:
    one, other = add("One"), add("Other")
    for days, (partner, name) in enumerate(((one, "Old"), (other, "Else"), (one, "New"))):
        partner_keys.make(db, partner=partner.id, name=name, now=NOW + timedelta(days=days))
    assert [key.name for key in partner_keys.of(db, one.id)] == ["New", "Old"]
    assert [key.name for key in partner_keys.every(db)] == ["New", "Else", "Old"]


def test_every_fault_of_a_key_is_named_at_once(db: Database, add: Adding) -> None:
    with pytest.raises(Invalid) as refused:
        partner_keys.make(db, partner=add().id, name=" ", expires_at=NOW, now=NOW)
    assert [(problem.pointer, problem.code) for problem in refused.value.problems] == [
        ("/name", "blank"), ("/expires_at", "not_in_future"),
    ]  # fmt: skip


def test_a_key_has_a_partner(db: Database) -> None:
    with pytest.raises(NotFound):
        partner_keys.make(db, partner="nobody", name="Website", now=NOW)
