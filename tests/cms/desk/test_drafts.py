"""What was not saved is not lost, and nobody else sees it."""

import pytest

from cms.desk import drafts
from cms.errors import Forbidden, Invalid, NotFound
from cms.people import audit
from cms.store import Database
from tests.builders import NOW, create, everything, later
from tests.cms.desk.actors import EDITOR, OTHER_EDITOR, TURKISH

NEW = "0198c0de-0000-7000-8000-000000000001"


def test_a_draft_need_not_be_valid_and_is_the_writers_own(db: Database) -> None:
    entry = create(db, "article")
    before = everything(db)
    drafts.keep(db, EDITOR, entry, {"title": "", "nonsense": [1]}, based_on=1, now=NOW)
    kept = drafts.find(db, EDITOR, entry)
    assert kept is not None
    assert (kept.content, kept.based_on, kept.type) == ({"title": "", "nonsense": [1]}, 1, "article")
    assert drafts.find(db, OTHER_EDITOR, entry) is None
    assert (everything(db), audit.entries(db)) == (before, [])


def test_a_draft_that_nobody_goes_on_with_is_dropped(db: Database) -> None:
    drafts.keep(db, EDITOR, NEW, {}, based_on=0, now=NOW, type="topic")
    drafts.keep(db, OTHER_EDITOR, NEW, {}, based_on=0, now=later(days=1), type="topic")
    drafts.drop_old(db, later(days=90))
    assert drafts.find(db, EDITOR, NEW) is not None
    drafts.drop_old(db, later(days=90, seconds=1))
    assert drafts.find(db, EDITOR, NEW) is None
    assert drafts.find(db, OTHER_EDITOR, NEW) is not None


def test_the_last_draft_stands(db: Database) -> None:
    entry = create(db, "article")
    for title in ("a", "b"):
        drafts.keep(db, EDITOR, entry, {"title": title}, based_on=1, now=NOW)
    kept = drafts.find(db, EDITOR, entry)
    assert kept is not None
    assert kept.content == {"title": "b"}
    drafts.drop(db, EDITOR, entry)
    assert drafts.find(db, EDITOR, entry) is None


def test_the_drafts_of_a_writer_are_listed_newest_first(db: Database) -> None:
    entry = create(db, "article")
    drafts.keep(db, EDITOR, entry, {}, based_on=1, now=NOW)
    drafts.keep(db, EDITOR, NEW, {}, based_on=0, now=later(hours=1), type="topic")
    assert [kept.entry for kept in drafts.every(db, EDITOR)] == [NEW, entry]


def test_what_is_not_there_yet_needs_its_type_and_an_id(db: Database) -> None:
    with pytest.raises(NotFound):
        drafts.keep(db, EDITOR, NEW, {}, based_on=0, now=NOW)
    with pytest.raises(NotFound):
        drafts.keep(db, EDITOR, NEW, {}, based_on=0, now=NOW, type="recipe")
    with pytest.raises(Invalid):
        drafts.keep(db, EDITOR, "new", {}, based_on=0, now=NOW, type="topic")


def test_who_may_not_save_keeps_no_draft(db: Database) -> None:
    entry = create(db, "article")
    with pytest.raises(Forbidden):
        drafts.keep(db, TURKISH, entry, {}, based_on=1, now=NOW)
    with pytest.raises(Forbidden):
        drafts.keep(db, TURKISH, NEW, {}, based_on=0, now=NOW, type="topic")


@pytest.mark.parametrize("content", [{"title": "x" * 2_000_001}, {"title": "\ud800"}, {"title": 2**70}, {"a": {1, 2}}])
def test_what_cannot_be_kept_is_refused(db: Database, content: dict[str, object]) -> None:
    entry = create(db, "article")
    with pytest.raises(Invalid):
        drafts.keep(db, EDITOR, entry, content, based_on=1, now=NOW)
