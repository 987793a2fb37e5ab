"""Passwords: which are good enough, how they are kept, and what a new one ends."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher, extract_parameters

from cms.errors import Expired, Invalid
from cms.people import audit, one_time, passwords, sessions, users
from cms.store import Database
from tests.cms.people.conftest import CHEAP, NOW, PASSWORD, Adding


def kept(db: Database, user: str) -> str:
    return str(db.table("tolk_user").get(user)["password"])


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password_too_short"),
        ("elf tekens.", "password_too_short"),
        ("x" * 1025, "too_long"),
        ("aaaaaaaaaaaa", "password_too_common"),
        ("abababababab", "password_too_common"),
        ("123456789012", "password_too_common"),
        ("Password1234", "password_too_common"),
        ("Wachtwoord-2026!", "password_too_common"),
        ("Welkom@20262026", "password_too_common"),
        ("qwertyuiop[]", "password_too_common"),
        ("Ada Lovelace 1815", "password_is_yours"),
        ("ada.lovelace@example.org", "password_is_yours"),
        ("ada-lovelace1", "password_is_yours"),
    ],
)
def test_a_weak_password_is_refused(password: str, code: str) -> None:
    found = list(passwords.problems(password, name="Ada Lovelace", email="ada.lovelace@example.org"))
    assert [(problem.pointer, problem.code) for problem in found] == [("/password", code)]


@pytest.mark.parametrize(
    "password", [PASSWORD, "twaalf tekens", "çok güzel bir gün", "كلمة سر طويلة", "x7" * 100 + "abc"]
)
def test_a_good_password_is_taken(password: str) -> None:
    assert list(passwords.problems(password, name="Ada Lovelace", email="ada.lovelace@example.org")) == []


def test_a_password_is_right_or_wrong(db: Database, add: Adding) -> None:
    user = add("ada", "editor", password=PASSWORD)
    assert user.has_password
    assert passwords.is_right(db, user, PASSWORD, hasher=CHEAP)
    assert not passwords.is_right(db, user, PASSWORD + " ", hasher=CHEAP)


def test_a_password_is_the_same_however_it_is_composed(db: Database, add: Adding) -> None:
    user = add("ada", "editor", password="coördinatie café")
    assert passwords.is_right(db, user, "coo\u0308rdinatie cafe\u0301", hasher=CHEAP)


@pytest.mark.parametrize("said", ["", "\0", "\ud800", "x" * 2000])
def test_what_no_password_can_be_is_wrong(db: Database, add: Adding, said: str) -> None:
    assert not passwords.is_right(db, add("ada", "editor", password=PASSWORD), said, hasher=CHEAP)
    assert not passwords.is_right(db, add("ben", "editor"), said, hasher=CHEAP)
    assert not passwords.is_right(db, None, said, hasher=CHEAP)


def test_who_has_no_password_cannot_be_taken_for_nobody(db: Database, add: Adding) -> None:
    assert not passwords.is_right(db, add("ada", "editor"), "nobody's password", hasher=CHEAP)
    assert not passwords.is_right(db, None, "nobody's password", hasher=CHEAP)


class Counting(PasswordHasher):
    """A real hasher that counts how often it verifies."""

    verified = 0

    def verify(self, *args: str | bytes, **kwargs: str | bytes) -> bool:
        self.verified += 1
        return bool(super().verify(*args, **kwargs))


def test_an_unknown_address_costs_the_same_hash_as_a_known_one(db: Database, add: Adding) -> None:
    costs = []
    for user in (add("ada", "editor", password=PASSWORD), add("ben", "editor"), None):
        hasher = Counting(time_cost=1, memory_cost=8, parallelism=1)
        passwords.is_right(db, user, "another password", hasher=hasher)
        costs.append(hasher.verified)
    assert costs == [1, 1, 1]


def test_nobodys_hash_costs_what_a_kept_one_does(db: Database, add: Adding) -> None:
    mine = kept(db, add("ada", "editor", password=PASSWORD).id)
    assert extract_parameters(passwords._nobodys(CHEAP)) == extract_parameters(mine)


def test_the_parameters_are_at_least_what_owasp_asks() -> None:
    asked = extract_parameters(passwords.HASHER.hash(PASSWORD))
    assert asked.type.name == "ID"
    assert asked.memory_cost >= 19_456
    assert asked.memory_cost * asked.time_cost >= 2 * 19_456


def test_a_hash_of_other_parameters_is_made_anew(db: Database, add: Adding) -> None:
    user = add("ada", "editor", password=PASSWORD)
    dearer = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    before = kept(db, user.id)
    assert not passwords.is_right(db, user, "wrong password", hasher=dearer)
    assert kept(db, user.id) == before
    assert passwords.is_right(db, user, PASSWORD, hasher=dearer)
    assert not dearer.check_needs_rehash(kept(db, user.id))
    assert passwords.is_right(db, user, PASSWORD, hasher=dearer)


def test_a_new_password_ends_the_other_sessions_and_all_links(db: Database, add: Adding) -> None:
    user = add("ada", "editor", password=PASSWORD)
    mine, other = (sessions.open_session(db, user.id, address="", agent="", now=NOW) for _ in range(2))
    link = one_time.make(db, user.id, "reset", now=NOW)
    session = sessions.who(db, mine, NOW)
    assert session
    passwords.set_password(db, user.id, "another fietsbel wolk", keep=session.id, hasher=CHEAP)
    assert sessions.who(db, mine, NOW)
    assert sessions.who(db, other, NOW) is None
    with pytest.raises(Expired):
        one_time.look(db, link, "reset", NOW)


def test_a_link_sets_a_password_once(db: Database, add: Adding) -> None:
    ada = add("ada", "editor")
    link = one_time.make(db, ada.id, "invite", now=NOW)
    user = passwords.redeem(db, link, "invite", PASSWORD, address="192.0.2.1", now=NOW, hasher=CHEAP)
    assert user.has_password
    assert passwords.is_right(db, user, PASSWORD, hasher=CHEAP)
    with pytest.raises(Expired):
        passwords.redeem(db, link, "invite", "another fietsbel wolk", now=NOW, hasher=CHEAP)
    assert passwords.is_right(db, user, PASSWORD, hasher=CHEAP)
    assert [(each.action, each.actor, each.address, each.note) for each in audit.entries(db)] == [
        ("password.set", ada.id, "192.0.2.1", "invite")
    ]


def test_a_refused_password_leaves_the_link_good(db: Database, add: Adding) -> None:
    link = one_time.make(db, add("ada", "editor").id, "reset", now=NOW)
    with pytest.raises(Invalid):
        passwords.redeem(db, link, "reset", "short", now=NOW, hasher=CHEAP)
    assert passwords.redeem(db, link, "reset", PASSWORD, now=NOW, hasher=CHEAP)


def test_a_link_that_is_too_old_sets_no_password(db: Database, add: Adding) -> None:
    ada = add("ada", "editor")
    link = one_time.make(db, ada.id, "reset", now=NOW, hours=1)
    with pytest.raises(Expired):
        passwords.redeem(db, link, "reset", PASSWORD, now=NOW + timedelta(hours=1), hasher=CHEAP)
    assert not users.find(db, ada.id).has_password
