"""Codes of an authenticator and recovery codes: near enough in time, and once."""

import threading
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest

from cms.errors import Invalid
from cms.people import recovery, totp, users
from cms.people.users import User
from cms.store import Database, connect
from tests.cms.people.conftest import NOW, Adding


@pytest.fixture
def ada(add: Adding) -> User:
    return add("ada", "editor")


@pytest.fixture
def secret(db: Database, ada: User) -> str:
    offer = totp.offer(db, ada.id, issuer="Tolk")
    totp.confirm(db, ada.id, code(offer.secret, NOW - timedelta(hours=1)), now=NOW - timedelta(hours=1))
    return offer.secret


def code(secret: str, at: datetime) -> str:
    return pyotp.TOTP(secret).at(at)


def test_an_offer_says_whose_it_is(db: Database, ada: User) -> None:
    offer = totp.offer(db, ada.id, issuer="Tolk")
    address = urlsplit(offer.uri)
    assert (address.scheme, address.netloc, address.path) == ("otpauth", "totp", "/Tolk:ada%40example.org")
    assert parse_qs(address.query) == {"secret": [offer.secret], "issuer": ["Tolk"]}
    assert totp.offered(db, ada.id, issuer="Tolk") == offer


def test_an_offer_alone_changes_nothing(db: Database, ada: User) -> None:
    offer = totp.offer(db, ada.id, issuer="Tolk")
    assert not users.find(db, ada.id).has_totp
    assert not totp.check(db, ada.id, code(offer.secret, NOW), now=NOW)


def test_a_code_confirms_an_offer_once(db: Database, ada: User) -> None:
    offer = totp.offer(db, ada.id, issuer="Tolk")
    codes = totp.confirm(db, ada.id, code(offer.secret, NOW), now=NOW)
    assert users.find(db, ada.id).has_totp
    assert len(set(codes)) == recovery.left(db, ada.id) == 10
    assert totp.offered(db, ada.id, issuer="Tolk") is None
    with pytest.raises(Invalid):
        totp.confirm(db, ada.id, code(offer.secret, NOW), now=NOW)


def test_a_wrong_code_confirms_nothing(db: Database, ada: User) -> None:
    totp.offer(db, ada.id, issuer="Tolk")
    with pytest.raises(Invalid) as refused:
        totp.confirm(db, ada.id, "000000", now=NOW)
    assert [(problem.pointer, problem.code) for problem in refused.value.problems] == [("/code", "wrong_code")]
    assert not users.find(db, ada.id).has_totp


def test_the_code_that_confirmed_does_not_sign_in(db: Database, ada: User) -> None:
    offer = totp.offer(db, ada.id, issuer="Tolk")
    totp.confirm(db, ada.id, code(offer.secret, NOW), now=NOW)
    assert not totp.check(db, ada.id, code(offer.secret, NOW), now=NOW)


@pytest.mark.parametrize(("seconds", "good"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_half_a_minute_off(db: Database, ada: User, secret: str, seconds: int, good: bool) -> None:
    assert totp.check(db, ada.id, code(secret, NOW + timedelta(seconds=seconds)), now=NOW) == good


def test_a_code_works_once(db: Database, ada: User, secret: str) -> None:
    assert totp.check(db, ada.id, code(secret, NOW), now=NOW)
    assert not totp.check(db, ada.id, code(secret, NOW), now=NOW)


def test_a_code_from_before_the_last_one_does_not_work(db: Database, ada: User, secret: str) -> None:
    assert totp.check(db, ada.id, code(secret, NOW + timedelta(seconds=30)), now=NOW)
    assert not totp.check(db, ada.id, code(secret, NOW), now=NOW)
    later = NOW + timedelta(seconds=60)
    assert totp.check(db, ada.id, code(secret, later), now=later)


def test_a_code_may_be_spaced_and_in_other_digits(db: Database, ada: User, secret: str) -> None:
    right = code(secret, NOW)
    arabic = "".join(chr(0x660 + int(digit)) for digit in right)
    assert totp.check(db, ada.id, f" {arabic[:3]} {arabic[3:]} ", now=NOW)


@pytest.mark.parametrize("said", ["", "x", "12345", "\0", "\ud800", "1" * 5000, "²³¹⁴⁵⁶"])
def test_what_is_no_code_does_not_work(db: Database, ada: User, secret: str, said: str) -> None:
    assert not totp.check(db, ada.id, said, now=NOW)


def test_of_two_who_use_a_code_at_once_one_succeeds(db: Database, database_url: str, ada: User, secret: str) -> None:
    start, outcomes = threading.Barrier(3, timeout=30), []

    def use() -> None:
        own = connect(database_url)
        start.wait()
        outcomes.append(totp.check(own, ada.id, code(secret, NOW), now=NOW))
        own.close()

    threads = [threading.Thread(target=use) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False, False, True]


def test_turning_it_off_leaves_no_codes(db: Database, ada: User, secret: str) -> None:
    totp.remove(db, ada.id)
    assert not users.find(db, ada.id).has_totp
    assert not totp.check(db, ada.id, code(secret, NOW), now=NOW)
    assert recovery.left(db, ada.id) == 0


def test_each_recovery_code_works_once(db: Database, ada: User) -> None:
    codes = recovery.make(db, ada.id, now=NOW)
    assert [recovery.use(db, ada.id, code) for code in codes] == [True] * 10
    assert [recovery.use(db, ada.id, code) for code in codes] == [False] * 10


def test_a_recovery_code_may_be_typed_loosely(db: Database, ada: User) -> None:
    code, *_ = recovery.make(db, ada.id, now=NOW)
    assert recovery.use(db, ada.id, f" {code.upper().replace('-', ' ')} ")


def test_a_recovery_code_is_its_users_alone(db: Database, ada: User, add: Adding) -> None:
    code, *_ = recovery.make(db, ada.id, now=NOW)
    assert not recovery.use(db, add("ben", "editor").id, code)


def test_new_recovery_codes_end_the_old(db: Database, ada: User) -> None:
    old, new = recovery.make(db, ada.id, now=NOW), recovery.make(db, ada.id, now=NOW)
    assert not recovery.use(db, ada.id, old[0])
    assert recovery.use(db, ada.id, new[0])
    assert recovery.left(db, ada.id) == 9


@pytest.mark.parametrize("said", ["", "-", "\0", "\ud800"])
def test_what_is_no_recovery_code_does_not_work(db: Database, ada: User, said: str) -> None:
    recovery.make(db, ada.id, now=NOW)
    assert not recovery.use(db, ada.id, said)


def test_the_store_knows_no_recovery_code(db: Database, ada: User) -> None:
    codes = recovery.make(db, ada.id, now=NOW)
    kept = str(list(db.table("recovery_code").rows_where()))
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)
