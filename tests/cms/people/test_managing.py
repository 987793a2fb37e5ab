"""Managing people and keys, and oneself: the right is required, and what was done is audited."""

from collections.abc import Callable
from typing import Any

import pyotp
import pytest

from cms.errors import Expired, Forbidden, Invalid, Throttled
from cms.people import audit, keys, managing, one_time, own, passwords, recovery, sessions, totp, users
from cms.people.rights import OPERATOR, ROLES, Actor, Scopes
from cms.people.users import User
from cms.store import Database
from tests.cms.people.conftest import CHEAP, NOW, PASSWORD, Adding

ALL = Scopes(frozenset("*"))
NEW = {"name": "Cas", "email": "cas@example.org", "roles": ["editor"]}

CHANGES: list[Callable[[Database, Actor, User, keys.Key], Any]] = [
    lambda db, actor, ada, key: managing.add_user(db, actor, now=NOW, **NEW),
    lambda db, actor, ada, key: managing.change_user(db, actor, ada.id, name="Ada L.", now=NOW),
    lambda db, actor, ada, key: managing.reset_password(db, actor, ada.id, now=NOW),
    lambda db, actor, ada, key: managing.reset_second_factor(db, actor, ada.id, now=NOW),
    lambda db, actor, ada, key: managing.make_key(db, actor, name="K", owner=ada.id, scopes=ALL, now=NOW),
    lambda db, actor, ada, key: managing.revoke_key(db, actor, key.id, now=NOW),
]
NAMES = ["user.add", "user.change", "user.reset", "user.reset_second_factor", "key.make", "key.revoke"]


@pytest.fixture
def ada(add: Adding) -> User:
    return add("ada", "editor", password=PASSWORD)


@pytest.fixture
def key(db: Database, ada: User) -> keys.Key:
    return keys.make(db, name="Script", owner=ada.id, scopes=ALL, now=NOW)[0]


def actor(user: User) -> Actor:
    return sessions.actor_for(user, "192.0.2.1")


def actions(db: Database) -> list[str]:
    return [each.action for each in reversed(audit.entries(db))]


@pytest.mark.parametrize("change", CHANGES, ids=NAMES)
@pytest.mark.parametrize("role", ROLES[1:])
def test_only_administrators_manage_people_and_keys(
    db: Database, add: Adding, ada: User, key: keys.Key, role: str, change: Callable[..., Any]
) -> None:
    with pytest.raises(Forbidden):
        change(db, actor(add("eve", role, locales=("tr",))), ada, key)
    assert actions(db) == []


@pytest.mark.parametrize(("name", "change"), [*zip(NAMES, CHANGES, strict=True)], ids=NAMES)
def test_what_administrators_do_is_audited(
    db: Database, add: Adding, ada: User, key: keys.Key, name: str, change: Callable[..., Any]
) -> None:
    boss = add("boss", "administrator")
    change(db, actor(boss), ada, key)
    assert [(each.action, each.actor, each.address) for each in audit.entries(db)] == [(name, boss.id, "192.0.2.1")]


def test_no_secret_is_audited(db: Database, ada: User) -> None:
    _, secret = managing.make_key(db, OPERATOR, name="K", owner=ada.id, scopes=ALL, now=NOW)
    _, token = managing.add_user(db, OPERATOR, now=NOW, **NEW)
    kept = str(audit.entries(db))
    assert secret not in kept and token not in kept and secret.rpartition("_")[2] not in kept


def test_a_change_is_kept_with_what_was_before(db: Database, ada: User) -> None:
    managing.change_user(db, OPERATOR, ada.id, roles=["reviewer"], now=NOW)
    done = audit.entries(db)[0]
    assert (done.before["roles"], done.after["roles"]) == (["editor"], ["reviewer"])


def test_a_change_that_is_refused_is_not_audited(db: Database, ada: User) -> None:
    with pytest.raises(Invalid):
        managing.change_user(db, OPERATOR, ada.id, email="nobody", now=NOW)
    assert actions(db) == []


def test_who_is_added_is_invited(db: Database) -> None:
    user, token = managing.add_user(db, OPERATOR, now=NOW, **NEW)
    assert one_time.link(db, token, NOW) == (user, "invite")


def test_who_lost_the_second_factor_gets_rid_of_it(db: Database, ada: User) -> None:
    offer = totp.offer(db, ada.id, issuer="Tolk")
    totp.confirm(db, ada.id, pyotp.TOTP(offer.secret).at(NOW), now=NOW)
    token = sessions.open_session(db, ada.id, address="", agent="", now=NOW)
    managing.reset_second_factor(db, OPERATOR, ada.id, now=NOW)
    assert not users.find(db, ada.id).has_totp
    assert sessions.who(db, token, NOW) is None


@pytest.mark.parametrize(
    ("wanted", "allowed"),
    [
        (Scopes(frozenset({"keys.manage"}), frozenset({"article"}), frozenset({"tr"})), True),
        (Scopes(frozenset({"entry.save"}), frozenset({"article"}), frozenset({"tr"})), False),
        (Scopes(frozenset("*"), frozenset({"article"}), frozenset({"tr"})), False),
        (Scopes(frozenset({"keys.manage"}), frozenset({"clinic"}), frozenset({"tr"})), False),
        (Scopes(frozenset({"keys.manage"}), frozenset(), frozenset({"tr"})), False),
        (Scopes(frozenset({"keys.manage"}), frozenset({"article"}), frozenset()), False),
    ],
)
def test_scopes_are_compared_by_what_they_allow(wanted: Scopes, allowed: bool) -> None:
    within = Scopes(frozenset({"keys.manage"}), frozenset({"article"}), frozenset({"tr"}))
    assert managing._within(wanted, within) == allowed


def test_a_key_makes_no_key_that_may_more_than_itself(db: Database, add: Adding) -> None:
    boss = add("boss", "administrator")
    _, secret = keys.make(db, name="K", owner=boss.id, scopes=Scopes(frozenset({"keys.manage"})), now=NOW)
    program = keys.who(db, secret, address="", now=NOW)
    with pytest.raises(Forbidden):
        managing.make_key(db, program, name="More", owner=boss.id, scopes=ALL, now=NOW)
    same = Scopes(frozenset({"keys.manage"}), frozenset({"article"}))
    assert managing.make_key(db, program, name="Less", owner=boss.id, scopes=same, now=NOW)


def test_one_changes_ones_own_name_and_language(db: Database, ada: User) -> None:
    user = own.change(db, actor(ada), name="Ada L.", language="nl", now=NOW)
    assert (user.name, user.language) == ("Ada L.", "nl")
    assert actions(db) == ["own.change"]


def test_one_sets_another_password_with_the_one_of_now(db: Database, ada: User) -> None:
    own.set_password(db, actor(ada), PASSWORD, "another fietsbel wolk", now=NOW, hasher=CHEAP)
    assert passwords.is_right(db, ada, "another fietsbel wolk", hasher=CHEAP)
    assert actions(db) == ["password.set"]


def test_without_the_password_of_now_there_is_no_other(db: Database, ada: User) -> None:
    with pytest.raises(Invalid) as refused:
        own.set_password(db, actor(ada), "wrong", "another fietsbel wolk", now=NOW, hasher=CHEAP)
    assert [(each.pointer, each.code) for each in refused.value.problems] == [("/password_now", "wrong_password")]
    assert passwords.is_right(db, ada, PASSWORD, hasher=CHEAP)


def test_a_stolen_session_does_not_guess_the_password_without_end(db: Database, ada: User) -> None:
    for _ in range(5):
        with pytest.raises(Invalid):
            own.confirm_password(db, actor(ada), "wrong", now=NOW, hasher=CHEAP)
    with pytest.raises(Throttled):
        own.confirm_password(db, actor(ada), PASSWORD, now=NOW, hasher=CHEAP)


def test_one_turns_an_authenticator_on_and_off(db: Database, ada: User) -> None:
    offer = totp.offer(db, ada.id, issuer="Tolk")
    codes = own.confirm_totp(db, actor(ada), pyotp.TOTP(offer.secret).at(NOW), now=NOW)
    assert recovery.use(db, ada.id, codes[0])
    assert own.new_recovery_codes(db, actor(ada), now=NOW)[0] not in codes
    own.remove_totp(db, actor(ada), now=NOW)
    assert actions(db) == ["totp.on", "recovery_codes.make", "totp.off"]
    with pytest.raises(Forbidden):
        own.new_recovery_codes(db, actor(ada), now=NOW)


def test_one_signs_out_everywhere(db: Database, ada: User) -> None:
    for _ in range(3):
        sessions.open_session(db, ada.id, address="", agent="", now=NOW)
    assert own.sign_out_everywhere(db, actor(ada), now=NOW) == 3
    assert actions(db) == ["session.close_all"]


def test_a_key_changes_nothing_of_its_owner(db: Database, ada: User) -> None:
    _, secret = keys.make(db, name="K", owner=ada.id, scopes=ALL, now=NOW)
    program = keys.who(db, secret, address="", now=NOW)
    for change in (
        lambda: own.change(db, program, name="X", now=NOW),
        lambda: own.set_password(db, program, PASSWORD, "another fietsbel wolk", now=NOW, hasher=CHEAP),
        lambda: own.remove_totp(db, program, now=NOW),
        lambda: own.sign_out_everywhere(db, program, now=NOW),
    ):
        with pytest.raises(Forbidden):
            change()


def test_a_link_that_was_reset_twice_is_good_once(db: Database, ada: User) -> None:
    first, second = (managing.reset_password(db, OPERATOR, ada.id, now=NOW) for _ in range(2))
    with pytest.raises(Expired):
        one_time.link(db, first, NOW)
    assert one_time.link(db, second, NOW)[1] == "reset"
