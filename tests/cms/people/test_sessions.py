"""Sessions: how long they last, what ends them, what is kept of them."""

from datetime import timedelta

import pytest

from cms.people import sessions, users
from cms.people.rights import Actor
from cms.people.users import User
from cms.store import Database
from tests.cms.people.conftest import NOW, Adding


@pytest.fixture
def ada(add: Adding) -> User:
    return add("ada", "translator", locales=("tr",), language="nl")


def opened(db: Database, user: User, **passed: float) -> str:
    return sessions.open_session(db, user.id, address="192.0.2.1", agent="Firefox", now=NOW + timedelta(**passed))


def is_open(db: Database, token: str, **passed: float) -> bool:
    return sessions.who(db, token, NOW + timedelta(**passed)) is not None


def test_a_session_says_who_it_is(db: Database, ada: User) -> None:
    session = sessions.who(db, opened(db, ada), NOW)
    assert session
    assert session.user == users.find(db, ada.id)
    assert (session.address, session.agent) == ("192.0.2.1", "Firefox")


@pytest.mark.parametrize("token", ["", "x", "\0", "\ud800"])
def test_no_token_is_nobody(db: Database, ada: User, token: str) -> None:
    opened(db, ada)
    assert sessions.who(db, token, NOW) is None


def test_the_store_knows_no_token(db: Database, ada: User) -> None:
    token = opened(db, ada)
    session = sessions.who(db, token, NOW)
    kept = str(list(db.table("session").rows_where()))
    assert session and token not in kept and session.csrf not in kept


def test_a_session_has_one_token_for_its_forms(db: Database, ada: User) -> None:
    one, other = opened(db, ada), opened(db, ada)
    csrf = [found.csrf for token in (one, one, other) if (found := sessions.who(db, token, NOW))]
    assert csrf[0] == csrf[1] != csrf[2]
    assert one not in csrf


@pytest.mark.parametrize(("hours", "lasts"), [(11.99, True), (12, False)])
def test_a_session_that_is_idle_for_half_a_day_is_over(db: Database, ada: User, hours: float, lasts: bool) -> None:
    assert is_open(db, opened(db, ada), hours=hours) == lasts


def test_a_session_in_use_lasts_thirty_days_and_no_longer(db: Database, ada: User) -> None:
    token = opened(db, ada)
    for hours in range(10, 30 * 24, 10):
        assert is_open(db, token, hours=hours)
    assert not is_open(db, token, days=30)


def test_being_seen_is_noted_once_a_minute(db: Database, ada: User) -> None:
    token = opened(db, ada)
    noted = []
    for seconds in (0, 59, 60, 119, 120):
        sessions.who(db, token, NOW + timedelta(seconds=seconds))
        seen = next(db.table("session").rows_where())["seen_at"]
        assert users.find(db, ada.id).last_seen_at == seen
        noted.append(seen[14:19])
    assert noted == ["30:00", "30:00", "31:00", "31:00", "32:00"]


def test_signing_out_ends_one_session(db: Database, ada: User) -> None:
    one, other = opened(db, ada), opened(db, ada)
    sessions.close(db, one)
    assert (is_open(db, one), is_open(db, other)) == (False, True)


def test_signing_out_everywhere_can_leave_this_one(db: Database, ada: User, add: Adding) -> None:
    one, other, bens = opened(db, ada), opened(db, ada), opened(db, add("ben", "editor"))
    mine = sessions.who(db, one, NOW)
    assert mine
    assert sessions.close_all(db, ada.id, but=mine.id) == 1
    assert [is_open(db, token) for token in (one, other, bens)] == [True, False, True]
    assert sessions.close_all(db, ada.id) == 1
    assert not is_open(db, one)


def test_one_ends_ones_own_sessions_alone(db: Database, ada: User, add: Adding) -> None:
    token = opened(db, ada)
    session = sessions.who(db, token, NOW)
    assert session
    assert not sessions.close_one(db, add("ben", "editor").id, session.id)
    assert is_open(db, token)
    assert sessions.close_one(db, ada.id, session.id)
    assert not is_open(db, token)


def test_a_rotated_session_goes_on_under_another_token(db: Database, ada: User) -> None:
    token = opened(db, ada)
    before = sessions.who(db, token, NOW)
    fresh = sessions.rotate(db, token, NOW)
    assert before and fresh
    after = sessions.who(db, fresh, NOW)
    assert after and after.id == before.id and after.csrf != before.csrf
    assert not is_open(db, token)
    assert sessions.rotate(db, token, NOW) is None


def test_open_sessions_are_listed_last_seen_first(db: Database, ada: User) -> None:
    opened(db, ada)
    opened(db, ada, minutes=5)
    opened(db, ada, hours=-13)
    assert [each.opened_at[11:16] for each in sessions.of(db, ada.id, NOW)] == ["09:35", "09:30"]


def test_what_is_over_is_not_kept(db: Database, ada: User) -> None:
    opened(db, ada)
    opened(db, ada, days=31)
    assert db.table("session").count_where() == 1


def test_what_a_client_says_of_itself_is_cut_and_cleaned(db: Database, ada: User) -> None:
    token = sessions.open_session(db, ada.id, address="x" * 999, agent="a\0b\ud800\n" + "y" * 999, now=NOW)
    session = sessions.who(db, token, NOW)
    assert session
    assert (len(session.address), len(session.agent), session.agent[:5]) == (64, 300, "a b  ")


def test_roles_that_change_are_felt_at_once(db: Database, ada: User) -> None:
    token = opened(db, ada)
    users.change(db, ada.id, roles=["editor"], now=NOW)
    session = sessions.who(db, token, NOW)
    assert session and session.user.roles == ("editor",)


def test_a_session_acts_as_its_user(db: Database, ada: User) -> None:
    session = sessions.who(db, opened(db, ada), NOW)
    assert session
    assert sessions.actor_of(session, "192.0.2.9") == Actor(
        ada.id, "Ada", "person", frozenset({"translator"}), frozenset({"tr"}), None, "192.0.2.9", "nl"
    )
