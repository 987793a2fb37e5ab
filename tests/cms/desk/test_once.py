"""Answers that are kept for who asks again go when their day has passed."""

from cms.desk import once
from cms.store import Database
from tests.builders import NOW, later
from tests.cms.desk.actors import EDITOR


def test_answers_go_when_their_day_has_passed(db: Database) -> None:
    for name, hours in (("een", 0), ("twee", 1)):
        once.once(db, EDITOR, name, "request", "secret", lambda: b"made", now=later(hours=hours))
    once.forget_old(db, later(hours=23))
    assert db.table("answer").count_where() == 2
    once.forget_old(db, later(hours=24))
    again = once.once(db, EDITOR, "twee", "request", "secret", lambda: b"anew", now=later(hours=24))
    assert (db.table("answer").count_where(), again) == (1, b"made")
    assert once.once(db, EDITOR, "een", "request", "secret", lambda: b"anew", now=later(hours=24)) == b"anew"


def test_a_name_is_free_again_the_moment_that_its_day_has_passed(db: Database) -> None:
    once.once(db, EDITOR, "een", "request", "secret", lambda: b"made", now=NOW)
    anew = once.once(db, EDITOR, "een", "another", "secret", lambda: b"anew", now=later(days=1))
    assert (anew, db.table("answer").count_where()) == (b"anew", 1)
