"""Passkeys: added and used with a device in software, whose signatures are real."""

import copy
from datetime import timedelta
from typing import Any

import pytest

from cms.errors import Conflict, Expired, Invalid, SignInRefused, Throttled
from cms.people import audit, passkeys, sessions, signing_in, users
from cms.people.users import User
from cms.store import Database
from tests.cms.people.authenticator import Authenticator, encoded
from tests.cms.people.conftest import NOW, Adding

RP = {"rp_id": "tolk.example", "origin": "https://tolk.example"}
FROM = {"address": "192.0.2.1", "agent": "Firefox"}


def device(**other: Any) -> Authenticator:
    return Authenticator(**{**RP, **other})


def options(db: Database, user: User) -> dict[str, Any]:
    return passkeys.adding_options(db, user.id, rp_id=RP["rp_id"], rp_name="Tolk", now=NOW)


def added(db: Database, user: User, phone: Authenticator) -> passkeys.Passkey:
    return passkeys.add(db, user.id, phone.create(options(db, user)), name="Phone", now=NOW, **RP)


def asked(db: Database) -> dict[str, Any]:
    return passkeys.sign_in_options(db, rp_id=RP["rp_id"], address="192.0.2.1", now=NOW)


def test_a_passkey_signs_its_user_in(db: Database, add: Adding) -> None:
    ada, phone = add("ada", "editor"), device()
    added(db, ada, phone)
    done = signing_in.by_passkey(db, phone.get(asked(db)), now=NOW, **RP, **FROM)
    session = sessions.who(db, done.token, NOW)
    assert session and session.user.id == ada.id
    assert [(each.action, each.actor, each.note) for each in audit.entries(db)] == [("session.open", ada.id, "passkey")]


def test_a_passkey_is_listed_with_what_is_known_of_it(db: Database, add: Adding) -> None:
    ada, phone = add("ada", "editor"), device()
    passkey = added(db, ada, phone)
    assert passkeys.of(db, ada.id) == [passkey]
    assert (passkey.id, passkey.name, passkey.transports, passkey.last_used_at) == (
        encoded(phone.id), "Phone", ("internal",), "",
    )  # fmt: skip
    passkeys.verified(db, phone.get(asked(db)), now=NOW, **RP)
    assert passkeys.of(db, ada.id)[0].last_used_at


def test_a_device_that_has_one_is_asked_for_no_other(db: Database, add: Adding) -> None:
    ada, phone = add("ada", "editor"), device()
    passkey = added(db, ada, phone)
    assert [each["id"] for each in options(db, ada)["excludeCredentials"]] == [passkey.id]


def test_the_browser_is_asked_to_verify_the_user(db: Database, add: Adding) -> None:
    chosen = options(db, add("ada", "editor"))["authenticatorSelection"]
    assert (chosen["residentKey"], chosen["userVerification"]) == ("required", "required")
    assert asked(db)["userVerification"] == "required"


@pytest.mark.parametrize(
    "wrong", [{"origin": "https://tolk.example.evil"}, {"rp_id": "evil.example"}, {"verifies": False}]
)
def test_a_passkey_for_another_site_or_of_nobody_is_not_added(db: Database, add: Adding, wrong: dict[str, Any]) -> None:
    ada = add("ada", "editor")
    with pytest.raises(Invalid) as refused:
        added(db, ada, device(**wrong))
    assert [problem.code for problem in refused.value.problems] == ["passkey_refused"]
    assert passkeys.of(db, ada.id) == []


@pytest.mark.parametrize(
    "wrong", [{"origin": "https://tolk.example.evil"}, {"rp_id": "evil.example"}, {"verifies": False}]
)
def test_an_answer_for_another_site_or_of_nobody_signs_nobody_in(
    db: Database, add: Adding, wrong: dict[str, Any]
) -> None:
    phone = device()
    added(db, add("ada", "editor"), phone)
    for name, value in wrong.items():
        setattr(phone, name, value)
    with pytest.raises(SignInRefused):
        passkeys.verified(db, phone.get(asked(db)), now=NOW, **RP)


def test_another_key_signs_nobody_in(db: Database, add: Adding) -> None:
    phone, thief = device(), device()
    added(db, add("ada", "editor"), phone)
    thief.id = phone.id
    with pytest.raises(SignInRefused):
        passkeys.verified(db, thief.get(asked(db)), now=NOW, **RP)


def test_an_unknown_passkey_signs_nobody_in(db: Database) -> None:
    with pytest.raises(SignInRefused):
        passkeys.verified(db, device().get(asked(db)), now=NOW, **RP)


def test_an_answer_is_good_once(db: Database, add: Adding) -> None:
    phone = device()
    added(db, add("ada", "editor"), phone)
    answer = phone.get(asked(db))
    passkeys.verified(db, answer, now=NOW, **RP)
    with pytest.raises(SignInRefused):
        passkeys.verified(db, answer, now=NOW, **RP)


def test_a_copy_of_a_device_that_lags_behind_is_refused(db: Database, add: Adding) -> None:
    phone = device()
    added(db, add("ada", "editor"), phone)
    clone = copy.copy(phone)
    phone.get(asked(db))
    passkeys.verified(db, phone.get(asked(db)), now=NOW, **RP)
    with pytest.raises(SignInRefused):
        passkeys.verified(db, clone.get(asked(db)), now=NOW, **RP)


def test_a_challenge_is_answered_within_minutes(db: Database, add: Adding) -> None:
    ada, phone = add("ada", "editor"), device()
    wanted = options(db, ada)
    late = NOW + timedelta(minutes=6)
    with pytest.raises(Expired):
        passkeys.add(db, ada.id, phone.create(wanted), name="Phone", now=late, **RP)
    added(db, ada, phone)
    with pytest.raises(SignInRefused):
        passkeys.verified(db, phone.get(asked(db)), now=late, **RP)


def test_a_challenge_to_one_user_adds_no_passkey_to_another(db: Database, add: Adding) -> None:
    ada, ben = add("ada", "editor"), add("ben", "editor")
    answer = device().create(options(db, ada))
    with pytest.raises(Expired):
        passkeys.add(db, ben.id, answer, name="Phone", now=NOW, **RP)


def test_a_challenge_to_sign_in_adds_no_passkey(db: Database, add: Adding) -> None:
    ada, phone = add("ada", "editor"), device()
    with pytest.raises(Expired):
        passkeys.add(db, ada.id, phone.create({**asked(db), "user": {"id": ""}}), name="Phone", now=NOW, **RP)


def test_a_passkey_belongs_to_one_user(db: Database, add: Adding) -> None:
    phone = device()
    added(db, add("ada", "editor"), phone)
    with pytest.raises(Conflict):
        added(db, add("ben", "editor"), phone)


def test_a_passkey_has_a_name(db: Database, add: Adding) -> None:
    ada = add("ada", "editor")
    with pytest.raises(Invalid) as refused:
        passkeys.add(db, ada.id, device().create(options(db, ada)), name=" ", now=NOW, **RP)
    assert [problem.pointer for problem in refused.value.problems] == ["/name"]


def test_who_is_disabled_signs_in_by_no_passkey(db: Database, add: Adding) -> None:
    ada, phone = add("ada", "editor"), device()
    added(db, ada, phone)
    users.change(db, ada.id, state="disabled", now=NOW)
    with pytest.raises(SignInRefused):
        passkeys.verified(db, phone.get(asked(db)), now=NOW, **RP)


def test_a_passkey_that_was_removed_signs_nobody_in(db: Database, add: Adding) -> None:
    ada, ben, phone = add("ada", "editor"), add("ben", "editor"), device()
    passkey = added(db, ada, phone)
    assert not passkeys.remove(db, ben.id, passkey.id)
    assert passkeys.remove(db, ada.id, passkey.id)
    with pytest.raises(SignInRefused):
        passkeys.verified(db, phone.get(asked(db)), now=NOW, **RP)


HOSTILE: list[Any] = [
    None, [], "x", 7, {}, {"id": 7}, {"response": None}, {"response": {"clientDataJSON": 7}},
    {"response": {"clientDataJSON": "!!!"}}, {"response": {"clientDataJSON": encoded(b"[]")}},
    {"response": {"clientDataJSON": encoded(b"{}")}}, {"response": {"clientDataJSON": encoded(b"\xff")}},
    {"response": {"clientDataJSON": encoded(b'{"type":1,"challenge":2,"origin":3}')}},
]  # fmt: skip


@pytest.mark.parametrize("answer", HOSTILE, ids=repr)
def test_an_unreadable_answer_is_refused(db: Database, add: Adding, answer: Any) -> None:
    with pytest.raises(SignInRefused):
        passkeys.verified(db, answer, now=NOW, **RP)
    with pytest.raises(Invalid):
        passkeys.add(db, add("ada", "editor").id, answer, name="Phone", now=NOW, **RP)


@pytest.mark.parametrize(
    "change",
    [
        {"id": None}, {"id": "\0"}, {"id": ["x"]}, {"rawId": "AAAA"}, {"type": "private-key"}, {"response": {}},
        {"authenticatorData": "AAAA"}, {"authenticatorData": 7}, {"signature": "AAAA"}, {"signature": None},
    ],
    ids=repr,
)  # fmt: skip
def test_an_answer_that_was_tampered_with_is_refused(db: Database, add: Adding, change: dict[str, Any]) -> None:
    phone = device()
    added(db, add("ada", "editor"), phone)
    answer = phone.get(asked(db))
    for name, value in change.items():
        (answer if name in answer else answer["response"])[name] = value
    with pytest.raises(SignInRefused):
        passkeys.verified(db, answer, now=NOW, **RP)


def test_nobody_is_given_challenges_without_end(db: Database) -> None:
    with pytest.raises(Throttled):
        for _ in range(100):
            asked(db)
