"""Secrets of the installation: one for all processes, and another once they are made anew."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from cms.desk import preview
from cms.errors import Expired, Forbidden
from cms.people import audit, managing, own_secrets, sessions
from cms.people.rights import OPERATOR, Actor
from cms.store import Database, connect, write
from tests.cms.people.conftest import NOW, Adding


def test_those_who_make_it_at_once_get_the_same(db: Database, database_url: str) -> None:
    ready = Barrier(4 + 1, timeout=30)

    def ask() -> str:
        own = connect(database_url)
        try:
            ready.wait(10)
            return own_secrets.of(own, "preview")
        finally:
            own.close()

    with ThreadPoolExecutor(4) as askers:
        with write(db):
            asked = [askers.submit(ask) for _ in range(4)]
            ready.wait(10)
            # All have found none, and wait to make one.
            time.sleep(0.3)
        found = {each.result(10) for each in asked}
    assert found == {own_secrets.of(db, "preview")}


def test_made_anew_what_was_signed_is_good_no_longer_and_all_are_signed_out(db: Database, add: Adding) -> None:
    ada = add("ada", "administrator")
    token = sessions.open_session(db, ada.id, address="", agent="", now=NOW)
    link = preview.token(own_secrets.of(db, "preview"), "e", "nl", 0, NOW + timedelta(days=1))
    assert preview.read(own_secrets.of(db, "preview"), link, NOW).entry == "e"
    assert managing.rotate_secrets(db, OPERATOR, now=NOW) == 1
    with pytest.raises(Expired):
        preview.read(own_secrets.of(db, "preview"), link, NOW)
    assert sessions.who(db, token, NOW) is None
    assert [(each.action, each.after) for each in audit.entries(db)] == [("secret.rotate", {"sessions": 1})]


def test_who_may_not_manage_people_makes_no_secret_anew(db: Database, add: Adding) -> None:
    ada = add("ada", "administrator")
    sessions.open_session(db, ada.id, address="", agent="", now=NOW)
    before = own_secrets.of(db, "preview")
    with pytest.raises(Forbidden):
        managing.rotate_secrets(db, Actor("e", "Eva", "person", frozenset({"editor"})), now=NOW)
    assert (own_secrets.of(db, "preview"), len(sessions.of(db, ada.id, NOW))) == (before, 1)
