"""Users: what is kept of them, what is refused, and that somebody always can let others in."""

import threading
from datetime import timedelta

import pytest

from cms.errors import Expired, Invalid, KeyRefused, NotFound, Refused
from cms.people import keys, one_time, sessions, users
from cms.people.rights import Scopes
from cms.store import Database, connect, write
from tests.cms.people.conftest import NOW, Adding


def pointers(error: Invalid) -> list[tuple[str, str]]:
    return [(problem.pointer, problem.code) for problem in error.problems]


def test_a_user_is_kept_as_given(db: Database) -> None:
    made = users.add(
        db, name=" Elif Yılmaz ", email="Elif@Example.org", roles=["reviewer", "translator"],
        locales=["tr", "ar", "tr"], language="nl", now=NOW,
    )  # fmt: skip
    assert users.find(db, made.id) == made
    assert (made.name, made.email, made.roles, made.locales) == (
        "Elif Yılmaz", "Elif@Example.org", ("translator", "reviewer"), ("ar", "tr"),
    )  # fmt: skip
    assert (made.state, made.has_password, made.has_totp, made.last_seen_at) == ("active", False, False, "")


@pytest.mark.parametrize("written", ["elif@example.org", "ELIF@EXAMPLE.ORG", " elif@example.org "])
def test_a_user_is_found_however_the_address_is_written(db: Database, add: Adding, written: str) -> None:
    user = add("Elif", "editor")
    assert users.by_email(db, written) == user


@pytest.mark.parametrize("written", ["", "elif", "\0@example.org", "\ud800@example.org", "x" * 9000 + "@example.org"])
def test_no_address_finds_nobody(db: Database, add: Adding, written: str) -> None:
    add("elif", "editor")
    assert users.by_email(db, written) is None


def test_every_fault_is_named_at_once(db: Database) -> None:
    with pytest.raises(Invalid) as refused:
        users.add(db, name=" ", email="nobody", roles=["boss"], locales=["turkish!"], language="??", now=NOW)
    assert pointers(refused.value) == [
        ("/name", "blank"),
        ("/email", "not_an_email"),
        ("/roles/0", "not_a_choice"),
        ("/locales/0", "not_a_language_tag"),
        ("/language", "not_a_language_tag"),
    ]


def test_a_user_has_a_role(db: Database) -> None:
    with pytest.raises(Invalid) as refused:
        users.add(db, name="Ada", email="ada@example.org", roles=[], now=NOW)
    assert pointers(refused.value) == [("/roles", "required")]


def test_a_translator_names_languages(db: Database) -> None:
    with pytest.raises(Invalid) as refused:
        users.add(db, name="Ada", email="ada@example.org", roles=["translator"], now=NOW)
    assert pointers(refused.value) == [("/locales", "locales_needed")]


def test_an_address_belongs_to_one_user(db: Database, add: Adding) -> None:
    add("ada", "editor")
    with pytest.raises(Invalid) as refused:
        users.add(db, name="Ada", email="ADA@example.org", roles=["editor"], now=NOW)
    assert pointers(refused.value) == [("/email", "email_taken")]


def test_only_what_is_given_changes(db: Database, add: Adding) -> None:
    before = add("ada", "editor", language="nl")
    changed = users.change(db, before.id, roles=["reviewer"], now=NOW)
    assert changed == users.User(**{**vars(before), "roles": ("reviewer",)})


def test_one_keeps_ones_own_address(db: Database, add: Adding) -> None:
    user = add("ada", "editor")
    assert users.change(db, user.id, email="Ada@example.org", now=NOW).email == "Ada@example.org"


def test_an_unknown_state_is_refused(db: Database, add: Adding) -> None:
    with pytest.raises(Invalid) as refused:
        users.change(db, add("ada", "editor").id, state="asleep", now=NOW)
    assert pointers(refused.value) == [("/state", "not_a_choice")]


def test_nobody_is_not_found(db: Database) -> None:
    with pytest.raises(NotFound):
        users.change(db, "nobody", name="Ada", now=NOW)


def test_users_are_listed_by_name(db: Database, add: Adding) -> None:
    add("ben", "editor")
    add("ada", "editor")
    assert [user.name for user in users.every(db)] == ["Ada", "Ben"]


def test_who_is_disabled_is_shut_out_at_once(db: Database, add: Adding) -> None:
    user = add("ada", "editor")
    session = sessions.open_session(db, user.id, address="", agent="", now=NOW)
    link = one_time.make(db, user.id, "reset", now=NOW)
    key, secret = keys.make(db, name="Script", owner=user.id, scopes=Scopes(frozenset("*")), now=NOW)
    later = NOW + timedelta(minutes=1)
    users.change(db, user.id, state="disabled", now=later)
    assert sessions.who(db, session, later) is None
    with pytest.raises(Expired):
        one_time.use(db, link, "reset", later)
    with pytest.raises(KeyRefused):
        keys.who(db, secret, address="", now=later)
    users.change(db, user.id, state="active", now=later)
    assert sessions.who(db, session, later) is None
    assert keys.find(db, key.id).revoked_at


def test_what_is_opened_for_a_disabled_user_lets_nobody_in(db: Database, add: Adding) -> None:
    user = add("ada", "editor")
    _, secret = keys.make(db, name="Script", owner=user.id, scopes=Scopes(frozenset("*")), now=NOW)
    with write(db):
        db.table("tolk_user").update(user.id, {"state": "disabled"})
    session = sessions.open_session(db, user.id, address="", agent="", now=NOW)
    assert sessions.who(db, session, NOW) is None
    with pytest.raises(KeyRefused):
        keys.who(db, secret, address="", now=NOW)


@pytest.mark.parametrize("change", [{"state": "disabled"}, {"roles": ["editor"]}])
def test_the_last_administrator_stays(db: Database, add: Adding, change: dict[str, object]) -> None:
    user = add("ada", "administrator")
    add("ben", "editor")
    users.change(db, add("cas", "administrator").id, state="disabled", now=NOW)
    with pytest.raises(Refused) as refused:
        users.change(db, user.id, now=NOW, **change)  # type: ignore[arg-type]
    assert [reason.code for reason in refused.value.reasons] == ["last_administrator"]
    assert users.find(db, user.id) == user


def test_one_of_two_administrators_may_go(db: Database, add: Adding) -> None:
    add("ada", "administrator")
    user = add("ben", "administrator")
    assert users.change(db, user.id, state="disabled", now=NOW).state == "disabled"


def test_the_last_administrator_may_take_another_role_besides(db: Database, add: Adding) -> None:
    user = add("ada", "administrator")
    assert users.change(db, user.id, roles=["administrator", "reviewer"], now=NOW).roles == (
        "administrator",
        "reviewer",
    )


def test_two_administrators_cannot_remove_each_other_at_once(db: Database, database_url: str, add: Adding) -> None:
    both = [add("ada", "administrator").id, add("ben", "administrator").id]
    start = threading.Barrier(2, timeout=30)
    outcomes: list[str] = []

    def disable(id: str) -> None:
        own = connect(database_url)
        start.wait()
        try:
            outcomes.append(users.change(own, id, state="disabled", now=NOW).state)
        except Refused:
            outcomes.append("refused")
        finally:
            own.close()

    threads = [threading.Thread(target=disable, args=[id]) for id in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["disabled", "refused"]
    assert len([user for user in users.every(db) if user.state == "active"]) == 1
