"""Saving makes immutable revisions; who saves on top of another's work is told what that changed."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from cms.content import entries, revisions, saving
from cms.content.identity import stamp
from cms.errors import Conflict, Invalid, NotFound, RevisionClash
from cms.localize.segments import source_hash
from cms.store import Database, connect
from tests.builders import BY, LEAST, NOW, a_paragraph, a_topic, an_article, create, cut, everything, later, save

NOBODY = "0198c0de-0000-7000-8000-000000000000"


def save_on(db: Database, entry: str, based_on: int, **fields: Any) -> saving.Saved:
    return saving.save(db, entry, an_article(**fields), based_on=based_on, by=BY, now=later(days=1))


def test_an_entry_begins_with_revision_1(db: Database) -> None:
    entry = saving.create(db, "article", an_article(), by="els", now=NOW)
    assert entry == entries.Entry(entry.id, "article", "nl", 1, stamp(NOW), "els")
    first = revisions.latest(db, entry.id)
    assert (first.number, first.content, first.saved_by, first.based_on) == (1, an_article(), "els", 0)


def test_every_save_makes_the_next_revision_and_leaves_the_others(db: Database) -> None:
    entry = create(db, "article")
    save(db, entry, title="Twee", now=later(days=1))
    save(db, entry, title="Drie", now=later(days=2))
    titles = [revisions.get(db, entry, number).content["title"] for number in (1, 2, 3)]
    assert titles == ["Door je rug gaan", "Twee", "Drie"]
    assert revisions.latest(db, entry).number == 3


@pytest.mark.parametrize("type_name", sorted(LEAST))
def test_saving_what_is_there_makes_no_revision(db: Database, type_name: str) -> None:
    entry = create(db, type_name)
    before = everything(db)
    saved = saving.save(db, entry, LEAST[type_name](), based_on=1, by="another", now=later(days=1))
    assert (saved.changed, saved.revision.number) == (False, 1)
    assert everything(db) == before


def test_saving_with_other_white_space_and_key_order_makes_no_revision(db: Database) -> None:
    entry = create(db, "article")
    content = dict(reversed(an_article(title=" Door je rug gaan\r\n").items()))
    assert not saving.save(db, entry, content, based_on=1, by=BY, now=NOW).changed


@pytest.mark.parametrize(
    ("fields", "changed"),
    [
        ({"title": "Twee"}, ["title"]),
        ({"summary": "Kort."}, ["summary"]),
        ({"body": [a_paragraph("Anders.")]}, ["body.b1"]),
        ({"body": [a_paragraph(), a_paragraph("Erbij.", "b2")]}, ["body.b2"]),
        ({"body": [a_paragraph(id="b9")]}, ["body.b1", "body.b9"]),
        ({"title": "Twee", "body": []}, ["body.b1", "title"]),
    ],
)
def test_a_clash_names_what_was_changed_since(db: Database, fields: dict[str, Any], changed: list[str]) -> None:
    entry = create(db, "article")
    save(db, entry, **fields)
    before = everything(db)
    with pytest.raises(RevisionClash) as caught:
        save_on(db, entry, 1, title="Mijn titel")
    clash = caught.value
    assert (clash.entry, clash.based_on, clash.latest, list(clash.changed)) == (entry, 1, 2, changed)
    assert everything(db) == before


def test_a_moved_block_is_a_change_of_the_body(db: Database) -> None:
    first, second = a_paragraph("een", "b1"), a_paragraph("twee", "b2")
    assert revisions.compare({"body": [first, second]}, {"body": [second, first]}) == ["body"]


@pytest.mark.parametrize("based_on", [0, -1, 2, 99])
def test_a_save_based_on_a_revision_that_is_not_the_newest_clashes(db: Database, based_on: int) -> None:
    entry = create(db, "article")
    with pytest.raises(RevisionClash) as caught:
        save_on(db, entry, based_on, title="Twee")
    assert caught.value.changed == ()


@pytest.mark.parametrize(
    ("update_type", "changes_meaning"), [("safety", True), ("major", True), ("minor", False), ("republish", False)]
)
def test_the_clock_of_the_meaning_runs_by_update_type(db: Database, update_type: str, changes_meaning: bool) -> None:
    entry = create(db, "article", last_reviewed="2026-01-01")
    saved = save(db, entry, title="Twee", update_type=update_type, now=later(days=1))
    assert saved.content_changed_at == stamp(later(days=1) if changes_meaning else NOW)
    assert (saved.saved_at, saved.update_type) == (stamp(later(days=1)), update_type)
    assert saved.content["last_reviewed"] == "2026-01-01"


def test_an_unknown_update_type_is_refused(db: Database) -> None:
    entry = create(db, "article")
    with pytest.raises(Invalid) as caught:
        save(db, entry, title="Twee", update_type="huge")
    assert [(problem.pointer, problem.code) for problem in caught.value.problems] == [("/update_type", "not_a_choice")]


def test_a_reference_to_nothing_is_refused_with_its_pointer(db: Database) -> None:
    before = everything(db)
    with pytest.raises(Invalid) as caught:
        create(db, "article", authors=[NOBODY], body=[{"type": "contact", "clinic": NOBODY}])
    assert sorted((problem.pointer, problem.code) for problem in caught.value.problems) == [
        ("/authors/0", "no_such_entry"),
        ("/body/0/clinic", "no_such_entry"),
    ]
    assert everything(db) == before


def test_a_reference_to_an_entry_of_another_type_is_refused(db: Database) -> None:
    topic = create(db, "topic")
    with pytest.raises(Invalid) as caught:
        create(db, "article", authors=[topic])
    [problem] = caught.value.problems
    assert (problem.pointer, problem.code) == ("/authors/0", "wrong_type")
    assert problem.values == {"id": topic, "type": "author", "found": "topic"}


def test_an_id_that_is_taken_is_refused(db: Database) -> None:
    entry = create(db, "article")
    with pytest.raises(Conflict):
        create(db, "topic", entry=entry)
    assert entries.find(db, entry).type == "article"


@pytest.mark.parametrize(
    "act",
    [
        lambda db: entries.find(db, NOBODY),
        lambda db: revisions.latest(db, NOBODY),
        lambda db: revisions.get(db, create(db, "article"), 2),
        lambda db: save_on(db, NOBODY, 1),
        lambda db: saving.create(db, "recipe", {}, by=BY, now=NOW),
    ],
)
def test_what_is_not_there_is_not_found(db: Database, act: Callable[[Database], Any]) -> None:
    with pytest.raises(NotFound):
        act(db)


def test_moving_a_block_changes_no_source_hash(db: Database) -> None:
    first, second = a_paragraph("een", "b1"), a_paragraph("twee", "b2")
    entry = create(db, "article", body=[first, second])
    before = {segment.path: segment.source_hash for segment in cut(db, entry)}
    save(db, entry, body=[second, first])
    assert {segment.path: segment.source_hash for segment in cut(db, entry)} == before
    assert before["body.b1.text"] == source_hash("een")


def test_of_many_who_save_at_once_no_edit_is_lost(database_url: str) -> None:
    """Each adds one block of its own, and tries again on top of what came between."""
    db = connect(database_url)
    entry = create(db, "article", body=[])
    editors, edits = 6, 3
    clashes: list[RevisionClash] = []
    failures: list[BaseException] = []

    def edit(editor: int) -> None:
        mine = connect(database_url)
        try:
            for number in range(edits):
                add(mine, a_paragraph(f"{editor}", f"b{editor}-{number}"))
        except BaseException as error:
            failures.append(error)
        finally:
            mine.close()

    def add(mine: Database, block: dict[str, Any]) -> None:
        while True:
            newest = revisions.latest(mine, entry)
            content = {**newest.content, "body": [*newest.content["body"], block]}
            try:
                saving.save(mine, entry, content, based_on=newest.number, by=BY, now=NOW)
                return
            except RevisionClash as clash:
                clashes.append(clash)

    threads = [threading.Thread(target=edit, args=(editor,)) for editor in range(editors)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    newest = revisions.latest(db, entry)
    db.close()
    assert failures == []
    assert {block["id"] for block in newest.content["body"]} == {
        f"b{e}-{n}" for e in range(editors) for n in range(edits)
    }
    assert newest.number == 1 + editors * edits


def test_an_id_that_belonged_to_a_paragraph_is_not_given_to_a_heading(db: Database) -> None:
    article = create(db, "article", body=[a_paragraph(id="b1")])
    with pytest.raises(Invalid) as refused:
        save(db, article, body=[{"id": "b1", "type": "heading", "level": 2, "text": "Wat doe je?"}])
    assert [(p.pointer, p.code) for p in refused.value.problems] == [("/body/0/id", "id_of_another")]


@pytest.mark.parametrize(("entry", "locale"), [("my-article", "nl"), ("", "NL_be"), ("", "")])
def test_an_entry_is_not_created_with_a_bad_id_or_language(db: Database, entry: str, locale: str) -> None:
    with pytest.raises(Invalid):
        saving.create(db, "topic", a_topic(), by=BY, now=NOW, entry=entry, source_locale=locale)
    assert list(db.query("select id from entry")) == []
