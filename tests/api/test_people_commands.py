"""Commands for people and keys: what they do, say and refuse."""

import json
import re
from datetime import UTC, datetime

import pytest

from cms.errors import Expired, KeyRefused, SignInRefused
from cms.people import keys, one_time, own_secrets, passwords, sessions, signing_in, users
from cms.people.signing_in import SignedIn
from cms.store import Database
from sample.people import load_people
from tests.cms.people.conftest import CHEAP
from tests.commands import tolk

pytestmark = pytest.mark.usefixtures("terminal")
PASSWORD = "correct fietsbel wolk"


def now() -> datetime:
    return datetime.now(UTC)


def add(email: str, *options: str, stdin: str | None = None) -> str:
    return tolk("user", "add", email, "--name", "Ada", *options, stdin=stdin).output


def token_in(said: str) -> str:
    found = re.search(r"^Set the password at: http://127\.0\.0\.1:8000/admin/link/(\w+)$", said, re.M)
    assert found, said
    return found[1]


def can_sign_in(db: Database, email: str, password: str) -> bool:
    try:
        done = signing_in.sign_in(db, email, password, address="", agent="", now=now(), hasher=passwords.HASHER)
    except SignInRefused:
        return False
    return isinstance(done, SignedIn)


def test_who_is_added_gets_a_link(db: Database) -> None:
    token = token_in(add("ada@example.org", "--role", "administrator"))
    user, purpose = one_time.link(db, token, now())
    assert (user.email, user.roles, user.has_password, purpose) == (
        "ada@example.org", ("administrator",), False, "invite",
    )  # fmt: skip


def test_a_password_may_come_from_standard_input(db: Database) -> None:
    said = add("ada@example.org", "--role", "editor", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert "link" not in said
    assert can_sign_in(db, "ada@example.org", PASSWORD)


def test_a_weak_password_adds_nobody(db: Database) -> None:
    said = tolk(
        "user", "add", "ada@example.org", "--name", "Ada", "--role", "editor", "--password-stdin", stdin="short\n",
        status=1,
    ).stderr  # fmt: skip
    assert "/password: Use at least 12 characters" in said
    assert users.every(db) == []


def test_a_role_that_is_none_is_refused(db: Database) -> None:
    tolk("user", "add", "ada@example.org", "--name", "Ada", "--role", "boss", status=2)


def test_a_reset_gives_a_link_and_ends_the_one_before(db: Database) -> None:
    first = token_in(add("ada@example.org", "--role", "editor"))
    token = token_in(tolk("user", "reset", "Ada@Example.org").output)
    passwords.redeem(db, token, "reset", PASSWORD, now=now(), hasher=CHEAP)
    with pytest.raises(Expired):
        one_time.link(db, first, now())


def test_disabling_and_enabling_says_so(db: Database) -> None:
    add("ada@example.org", "--role", "editor")
    assert tolk("user", "disable", "ada@example.org").output == "Disabled: ada@example.org\n"
    assert tolk("user", "list").output.startswith("disabled  editor ")
    assert tolk("user", "enable", "ada@example.org").output == "Enabled: ada@example.org\n"
    assert users.every(db)[0].state == "active"


def test_the_last_administrator_stays(db: Database) -> None:
    add("ada@example.org", "--role", "administrator")
    said = tolk("user", "disable", "ada@example.org", status=1).stderr
    assert "last active administrator" in said
    assert "last active administrator" in tolk("user", "change", "ada@example.org", "--role", "editor", status=1).stderr


def test_only_what_is_given_changes(db: Database) -> None:
    add("ada@example.org", "--role", "translator", "--locale", "tr")
    tolk("user", "change", "ada@example.org", "--locale", "pl", "--locale", "ar")
    user = users.every(db)[0]
    assert (user.name, user.roles, user.locales) == ("Ada", ("translator",), ("ar", "pl"))


@pytest.mark.parametrize("command", ["reset", "disable", "enable", "change"])
def test_an_unknown_user_is_named(command: str) -> None:
    assert "nobody@example.org" in tolk("user", command, "nobody@example.org", status=1).stderr


def test_a_key_is_shown_once_and_revoked_by_its_prefix(db: Database) -> None:
    add("ada@example.org", "--role", "editor")
    made = tolk(
        "key", "add", "Script", "--owner", "ada@example.org", "--action", "*", "--type", "article", "--days", "9"
    )
    secret = made.stdout.strip()
    actor = keys.who(db, secret, address="", now=now())
    assert actor.scopes and (actor.scopes.actions, actor.scopes.types) == ({"*"}, {"article"})
    prefix = secret.split("_")[1]
    assert re.match(rf"{prefix}  active   ada@example\.org  \S+ +\* article  Script\n", tolk("key", "list").output)
    tolk("key", "revoke", prefix)
    assert tolk("key", "list").output.startswith(f"{prefix}  revoked")
    with pytest.raises(KeyRefused):
        keys.who(db, secret, address="", now=now())
    assert secret not in tolk("audit", "export").output


def test_made_anew_secrets_end_the_sessions_and_are_audited(db: Database) -> None:
    add("ada@example.org", "--role", "editor")
    ada = users.by_email(db, "ada@example.org")
    assert ada
    token = sessions.open_session(db, ada.id, address="", agent="", now=now())
    before = own_secrets.of(db, "preview")
    assert tolk("secret", "rotate").output == "1 session ended.\n"
    assert sessions.who(db, token, now()) is None
    assert own_secrets.of(db, "preview") != before
    assert len(tolk("audit", "export", "--action", "secret.rotate").output.splitlines()) == 1


def test_an_unknown_key_is_named() -> None:
    assert "abc" in tolk("key", "revoke", "abc", status=1).stderr


def test_the_audit_is_exported_a_line_each(db: Database) -> None:
    add("ada@example.org", "--role", "editor")
    add("ben@example.org", "--role", "editor")
    tolk("user", "disable", "ben@example.org")
    done = [json.loads(line) for line in tolk("audit", "export").output.splitlines()]
    assert [(each["action"], each["actor"], each["actor_name"]) for each in done] == [
        ("user.change", "operator", "tester"), ("user.add", "operator", "tester"), ("user.add", "operator", "tester"),
    ]  # fmt: skip
    assert (done[0]["before"]["state"], done[0]["after"]["state"]) == ("active", "disabled")
    assert len(tolk("audit", "export", "--action", "user.add").output.splitlines()) == 2
    assert tolk("audit", "export", "--until", "2020-01-01").output == ""


def test_the_people_of_the_demo_sign_in_with_what_was_printed_last(db: Database) -> None:
    first, people = load_people(db, now())
    second, again = load_people(db, now())
    assert [user.id for user in people] == [user.id for user in again]
    assert len(users.every(db)) == len(people)
    assert not can_sign_in(db, "administrator@example.org", first)
    assert can_sign_in(db, "administrator@example.org", second)
    assert sorted(role for user in people for role in user.roles) == [
        "administrator", "editor", "reviewer", "translator",
    ]  # fmt: skip
