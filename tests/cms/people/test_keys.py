"""Keys: what they stand for, what ends them, what is kept of them."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from cms.errors import Invalid, KeyRefused, NotFound
from cms.people import keys, users
from cms.people.rights import Actor, Scopes, may
from cms.people.users import User
from cms.store import Database
from tests.cms.people.conftest import NOW, Adding

ALL = Scopes(frozenset("*"))


@pytest.fixture
def ada(add: Adding) -> User:
    add("boss", "administrator")
    return add("ada", "translator", locales=("tr", "ar"), language="nl")


def made(db: Database, owner: User, **fields: Any) -> tuple[keys.Key, str]:
    return keys.make(db, **{"name": "Script", "owner": owner.id, "scopes": ALL, "now": NOW, **fields})


def who(db: Database, secret: str, now: datetime = NOW) -> Actor:
    return keys.who(db, secret, address="192.0.2.1", now=now)


def test_a_key_acts_for_its_owner(db: Database, ada: User) -> None:
    scopes = Scopes(frozenset({"translation.save"}), frozenset({"article"}), frozenset({"tr"}))
    key, secret = made(db, ada, scopes=scopes)
    assert who(db, secret) == Actor(
        key.id, "Script (Ada)", "key", frozenset({"translator"}), frozenset({"tr", "ar"}), scopes, "192.0.2.1", "nl"
    )


def test_a_key_says_what_it_is(db: Database, ada: User) -> None:
    key, secret = made(db, ada)
    assert secret.startswith(f"tolk_{key.prefix}_")
    assert len(secret.rpartition("_")[2]) == 52


def test_a_secret_is_kept_by_nobody(db: Database, ada: User) -> None:
    key, secret = made(db, ada)
    kept = str(list(db.table("api_key").rows_where()))
    assert secret not in kept and secret.rpartition("_")[2] not in kept
    assert secret not in str(keys.find(db, key.id))


@pytest.mark.parametrize(
    ("action", "locale", "allowed"),
    [("translation.save", "tr", True), ("translation.save", "ar", False), ("translation.approve", "tr", False)],
)
def test_a_key_may_what_both_its_owner_and_its_scopes_allow(
    db: Database, ada: User, action: str, locale: str, allowed: bool
) -> None:
    _, secret = made(db, ada, scopes=Scopes(frozenset("*"), locales=frozenset({"tr", "pl"})))
    assert may(who(db, secret), action, "article", locale) == allowed
    assert not may(who(db, secret), "translation.save", "article", "pl")


def test_a_key_follows_the_roles_of_its_owner(db: Database, ada: User) -> None:
    _, secret = made(db, ada)
    users.change(db, ada.id, roles=["reviewer"], now=NOW)
    assert who(db, secret).roles == {"reviewer"}


def test_a_revoked_key_is_refused(db: Database, ada: User) -> None:
    key, secret = made(db, ada)
    revoked = keys.revoke(db, key.id, now=NOW)
    with pytest.raises(KeyRefused):
        who(db, secret)
    assert keys.revoke(db, key.id, now=NOW + timedelta(days=1)) == revoked


@pytest.mark.parametrize(("days", "good"), [(0.99, True), (1, False)])
def test_a_key_expires(db: Database, ada: User, days: float, good: bool) -> None:
    key, secret = made(db, ada, expires_at=NOW + timedelta(days=1))
    if good:
        assert who(db, secret, NOW + timedelta(days=days)).id == key.id
    else:
        with pytest.raises(KeyRefused):
            who(db, secret, NOW + timedelta(days=days))


def test_a_key_of_a_disabled_owner_is_refused(db: Database, ada: User) -> None:
    _, secret = made(db, ada)
    users.change(db, ada.id, state="disabled", now=NOW)
    with pytest.raises(KeyRefused):
        who(db, secret)


@pytest.mark.parametrize("change", [lambda s: s[:-1] + ("a" if s[-1] != "a" else "b"), lambda s: s + "a", str.upper])
def test_a_secret_that_is_nearly_right_is_refused(db: Database, ada: User, change: Any) -> None:
    _, secret = made(db, ada)
    with pytest.raises(KeyRefused):
        who(db, change(secret))


@pytest.mark.parametrize(
    "secret", ["", "tolk", "tolk_", "tolk__", "tolk_x_", "x_y_z", "\0", "tolk_\0_x", "tolk_\ud800_x"]
)
def test_what_is_no_secret_is_refused(db: Database, ada: User, secret: str) -> None:
    made(db, ada)
    with pytest.raises(KeyRefused):
        who(db, secret)


def test_the_last_use_is_noted_once_a_minute(db: Database, ada: User) -> None:
    key, secret = made(db, ada)
    noted = []
    for seconds in (0, 59, 60):
        who(db, secret, NOW + timedelta(seconds=seconds))
        noted.append(keys.find(db, key.id).last_used_at[14:19])
    assert noted == ["30:00", "30:00", "31:00"]


def test_keys_are_listed_newest_first(db: Database, ada: User) -> None:
    for days, name in enumerate(("Old", "New")):
        made(db, ada, name=name, now=NOW + timedelta(days=days))
    assert [key.name for key in keys.every(db)] == ["New", "Old"]


def test_every_fault_of_a_key_is_named_at_once(db: Database, ada: User) -> None:
    scopes = Scopes(frozenset({"entry.eat"}), frozenset({"recipe"}), frozenset({"turkish!"}))
    users.change(db, ada.id, state="disabled", now=NOW)
    with pytest.raises(Invalid) as refused:
        made(db, ada, name=" ", scopes=scopes, expires_at=NOW)
    assert [(problem.pointer, problem.code) for problem in refused.value.problems] == [
        ("/name", "blank"),
        ("/scopes/actions", "not_a_choice"),
        ("/scopes/types", "not_a_choice"),
        ("/scopes/locales", "not_a_language_tag"),
        ("/expires_at", "not_in_future"),
        ("/owner", "owner_disabled"),
    ]


def test_a_key_is_for_something(db: Database, ada: User) -> None:
    with pytest.raises(Invalid) as refused:
        made(db, ada, scopes=Scopes(frozenset()))
    assert [problem.pointer for problem in refused.value.problems] == ["/scopes/actions"]


def test_a_key_has_an_owner(db: Database) -> None:
    with pytest.raises(NotFound):
        keys.make(db, name="Script", owner="nobody", scopes=ALL, now=NOW)
