"""Signing in by password and second factor; how often it may be tried, over all connections."""

import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pyotp
import pytest

from cms.errors import Expired, SignInRefused, Throttled
from cms.people import audit, recovery, sessions, signing_in, totp, users
from cms.people.signing_in import SecondFactor, SignedIn
from cms.people.users import User
from cms.store import Database, connect, write
from tests.cms.people.conftest import CHEAP, NOW, PASSWORD, Adding

HOME, AWAY = "192.0.2.1", "198.51.100.7"
WRONG = "wrong fietsbel wolk"


def sign_in(
    db: Database, email: str, password: str, address: str = HOME, now: datetime = NOW
) -> SignedIn | SecondFactor:
    return signing_in.sign_in(db, email, password, address=address, agent="Firefox", now=now, hasher=CHEAP)


def second(db: Database, ticket: str, code: str, now: datetime = NOW) -> SignedIn:
    return signing_in.second(db, ticket, code, address=HOME, agent="Firefox", now=now)


def refused(db: Database, email: str, times: int, address: str = HOME, now: datetime = NOW) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused):
            sign_in(db, email, WRONG, address, now)


@pytest.fixture
def ada(add: Adding) -> User:
    return add("ada", "editor", password=PASSWORD)


@pytest.fixture
def secret(db: Database, ada: User) -> str:
    """Turn on an authenticator for Ada, and return its secret."""
    offered = totp.offer(db, ada.id, issuer="Tolk")
    totp.confirm(db, ada.id, code(offered.secret, NOW - timedelta(hours=1)), now=NOW - timedelta(hours=1))
    return offered.secret


@pytest.fixture
def ticket(db: Database, secret: str) -> str:
    asked = sign_in(db, "ada@example.org", PASSWORD)
    assert isinstance(asked, SecondFactor)
    return asked.ticket


def code(secret: str, at: datetime) -> str:
    return pyotp.TOTP(secret).at(at)


def test_the_right_password_opens_a_session(db: Database, ada: User) -> None:
    done = sign_in(db, "ADA@example.org", PASSWORD)
    assert isinstance(done, SignedIn)
    session = sessions.who(db, done.token, NOW)
    assert session and (session.user.id, session.address, session.agent) == (ada.id, HOME, "Firefox")


def test_signing_in_is_audited(db: Database, ada: User) -> None:
    sign_in(db, "ada@example.org", PASSWORD)
    assert [(each.action, each.actor, each.address, each.note) for each in audit.entries(db)] == [
        ("session.open", ada.id, HOME, "password")
    ]


def test_each_session_has_a_token_of_its_own(db: Database, ada: User) -> None:
    tokens = {done.token for _ in range(3) if isinstance(done := sign_in(db, "ada@example.org", PASSWORD), SignedIn)}
    assert len(tokens) == 3


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org", "no address", "", "\0", "\ud800"])
def test_whoever_is_refused_learns_nothing_of_the_address(db: Database, ada: User, email: str) -> None:
    with pytest.raises(SignInRefused) as error:
        sign_in(db, email, WRONG)
    assert (str(error.value), vars(error.value)) == ("", {})


def test_who_is_disabled_is_refused(db: Database, ada: User) -> None:
    users.change(db, ada.id, state="disabled", now=NOW)
    with pytest.raises(SignInRefused):
        sign_in(db, "ada@example.org", PASSWORD)


def test_who_has_no_password_is_refused(db: Database, add: Adding) -> None:
    add("ben", "editor")
    refused(db, "ben@example.org", 1)


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
def test_the_sixth_wrong_password_has_to_wait(db: Database, ada: User, email: str) -> None:
    refused(db, email, 5)
    with pytest.raises(Throttled) as error:
        sign_in(db, email, PASSWORD, now=NOW + timedelta(minutes=5))
    assert error.value.retry_after == 10 * 60


def test_after_waiting_one_may_try_again(db: Database, ada: User) -> None:
    refused(db, "ada@example.org", 5)
    assert sign_in(db, "ada@example.org", PASSWORD, now=NOW + timedelta(minutes=15))


def test_being_told_to_wait_does_not_lengthen_the_wait(db: Database, ada: User) -> None:
    refused(db, "ada@example.org", 5)
    for minutes in range(15):
        with pytest.raises(Throttled):
            sign_in(db, "ada@example.org", PASSWORD, now=NOW + timedelta(minutes=minutes))
    assert sign_in(db, "ada@example.org", PASSWORD, now=NOW + timedelta(minutes=15))


def test_a_stranger_elsewhere_locks_nobody_out_at_once(db: Database, ada: User) -> None:
    refused(db, "ada@example.org", 5, AWAY)
    assert isinstance(sign_in(db, "ada@example.org", PASSWORD, HOME), SignedIn)


def test_an_account_is_not_tried_from_many_places_without_end(db: Database, ada: User) -> None:
    for number in range(30):
        refused(db, "ada@example.org", 1, f"203.0.113.{number}")
    with pytest.raises(Throttled):
        sign_in(db, "ada@example.org", WRONG, HOME)


def test_many_accounts_are_not_tried_from_one_place_without_end(db: Database, ada: User) -> None:
    for number in range(30):
        refused(db, f"user{number}@example.org", 1, AWAY)
    with pytest.raises(Throttled):
        sign_in(db, "ada@example.org", PASSWORD, AWAY)
    assert sign_in(db, "ada@example.org", PASSWORD, HOME)


def test_all_addresses_of_one_customer_are_one_place(db: Database, ada: User) -> None:
    for number in range(5):
        refused(db, "ada@example.org", 1, f"2001:db8:1:2::{number:x}")
    with pytest.raises(Throttled):
        sign_in(db, "ada@example.org", PASSWORD, "2001:db8:1:2:ffff::1")
    assert sign_in(db, "ada@example.org", PASSWORD, "2001:db8:1:3::1")


def test_success_clears_what_was_mistyped_before(db: Database, ada: User) -> None:
    for _ in range(3):
        refused(db, "ada@example.org", 4)
        assert sign_in(db, "ada@example.org", PASSWORD)


def test_people_of_one_office_who_sign_in_are_not_counted(db: Database, ada: User) -> None:
    for _ in range(40):
        sign_in(db, "ada@example.org", PASSWORD)


@pytest.fixture
def other(database_url: str) -> Iterator[Database]:
    db = connect(database_url)
    yield db
    db.close()


def test_attempts_are_counted_over_all_connections(db: Database, other: Database, ada: User) -> None:
    refused(db, "ada@example.org", 3)
    refused(other, "ada@example.org", 2)
    for each in (db, other):
        with pytest.raises(Throttled):
            sign_in(each, "ada@example.org", PASSWORD)


def test_attempts_at_once_get_no_more_tries_than_one_after_the_other(
    db: Database, database_url: str, ada: User
) -> None:
    outcomes: list[str] = []
    start = threading.Barrier(11, timeout=30)

    def attempt() -> None:
        own = connect(database_url)
        start.wait()
        try:
            sign_in(own, "ada@example.org", WRONG)
        except (SignInRefused, Throttled) as error:
            outcomes.append(error.code)
        finally:
            own.close()

    threads = [threading.Thread(target=attempt) for _ in range(10)]
    for thread in threads:
        thread.start()
    with write(db):
        # All of them have looked, and found that they may, before the first can be counted.
        start.wait()
        time.sleep(0.3)
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["sign_in_refused"] * 5 + ["throttled"] * 5


def test_attempts_are_forgotten_after_a_day(db: Database, ada: User) -> None:
    refused(db, "ada@example.org", 1)
    sign_in(db, "ada@example.org", PASSWORD, now=NOW + timedelta(days=1))
    assert db.table("attempt").count_where() == 0


def test_the_attempts_name_neither_people_nor_places(db: Database, ada: User) -> None:
    refused(db, "ada@example.org", 1)
    kept = str(list(db.table("attempt").rows_where()))
    assert "ada" not in kept and HOME not in kept


def test_with_an_authenticator_a_password_opens_nothing(db: Database, secret: str) -> None:
    asked = sign_in(db, "ada@example.org", PASSWORD)
    assert isinstance(asked, SecondFactor)
    assert sessions.who(db, asked.ticket, NOW) is None
    assert db.table("session").count_where() == 0


def test_the_code_of_now_opens_a_session(db: Database, ada: User, secret: str, ticket: str) -> None:
    done = second(db, ticket, code(secret, NOW))
    session = sessions.who(db, done.token, NOW)
    assert session and session.user.id == ada.id
    assert audit.entries(db)[0].note == "password, code"


def test_a_ticket_is_good_for_one_session(db: Database, secret: str, ticket: str) -> None:
    second(db, ticket, code(secret, NOW))
    later = NOW + timedelta(minutes=1)
    with pytest.raises(Expired):
        second(db, ticket, code(secret, later), later)


def test_a_ticket_is_good_for_ten_minutes(db: Database, secret: str, ticket: str) -> None:
    late = NOW + timedelta(minutes=10)
    with pytest.raises(Expired):
        second(db, ticket, code(secret, late), late)


def test_a_wrong_code_leaves_the_ticket_good(db: Database, secret: str, ticket: str) -> None:
    with pytest.raises(SignInRefused):
        second(db, ticket, "000000")
    assert second(db, ticket, code(secret, NOW))


def test_a_recovery_code_opens_a_session_once(db: Database, ada: User, ticket: str) -> None:
    codes = recovery.make(db, ada.id, now=NOW)
    assert second(db, ticket, codes[0])
    assert audit.entries(db)[0].note == "password, recovery code"
    again = sign_in(db, "ada@example.org", PASSWORD)
    assert isinstance(again, SecondFactor)
    with pytest.raises(SignInRefused):
        second(db, again.ticket, codes[0])


def test_codes_are_not_guessed_without_end(db: Database, secret: str, ticket: str) -> None:
    for _ in range(5):
        with pytest.raises(SignInRefused):
            second(db, ticket, "000000")
    with pytest.raises(Throttled):
        second(db, ticket, code(secret, NOW))


def test_a_new_ticket_gives_no_new_guesses(db: Database, secret: str, ticket: str) -> None:
    for _ in range(5):
        with pytest.raises(SignInRefused):
            second(db, ticket, "000000")
    again = sign_in(db, "ada@example.org", PASSWORD)
    assert isinstance(again, SecondFactor)
    with pytest.raises(Throttled):
        second(db, again.ticket, code(secret, NOW))


def test_waiting_gives_few_guesses_a_day(db: Database, secret: str) -> None:
    tried = 0
    for quarter in range(12):
        now = NOW + timedelta(minutes=15 * quarter)
        asked = sign_in(db, "ada@example.org", PASSWORD, now=now)
        assert isinstance(asked, SecondFactor)
        for _ in range(5):
            try:
                second(db, asked.ticket, "000000", now)
            except SignInRefused:
                tried += 1
            except Throttled:
                break
    assert tried == 20
