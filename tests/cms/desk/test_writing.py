"""Whoever writes has the right to it, and the audit says so."""

from collections.abc import Callable
from typing import Any

import pytest

from cms.content import entries, revisions
from cms.desk import drafts, publishing, uses, writing
from cms.desk.doing import doing
from cms.errors import Conflict, Forbidden, Invalid, NotFound, Refused, RevisionClash
from cms.people import audit
from cms.people.rights import Actor
from cms.publish import documents, live
from cms.store import Database
from tests.builders import (
    NOW,
    SITE,
    a_paragraph,
    a_topic,
    an_article,
    an_author,
    create,
    document,
    everything,
    later,
    publish,
    published,
    save,
    translate,
)
from tests.cms.desk.actors import EDITOR, KEY, OTHER_EDITOR, PARTNERS, REVIEWER, TURKISH


def refusal(act: Callable[[], Any]) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        act()
    return [(reason.pointer, reason.code) for reason in caught.value.reasons]


def deeds(db: Database) -> list[tuple[str, str, str]]:
    """Return (who, what, entry) of the audit, oldest first."""
    return [(each.actor, each.action, each.entry) for each in reversed(audit.entries(db))]


def test_what_is_created_is_audited_and_signed(db: Database) -> None:
    saved = writing.create(db, EDITOR, "topic", a_topic(), now=NOW, site=SITE)
    assert saved.revision.saved_by == "Eva Editor"
    assert deeds(db) == [("e1", "entry.create", saved.revision.entry)]


def test_an_entry_gets_the_id_under_which_its_draft_was_kept(db: Database) -> None:
    id = "0198c0de-0000-7000-8000-000000000001"
    drafts.keep(db, EDITOR, id, {"title": ""}, based_on=0, now=NOW, type="topic")
    saved = writing.create(db, EDITOR, "topic", a_topic(), now=NOW, site=SITE, entry=id)
    assert (saved.revision.entry, drafts.find(db, EDITOR, id)) == (id, None)


def test_the_same_id_twice_is_a_conflict(db: Database) -> None:
    entry = create(db, "topic")
    with pytest.raises(Conflict):
        writing.create(db, EDITOR, "topic", a_topic(), now=NOW, site=SITE, entry=entry)


@pytest.mark.parametrize("actor", [REVIEWER, TURKISH, PARTNERS])
def test_who_has_not_the_right_changes_nothing(db: Database, actor: Actor) -> None:
    entry = create(db, "topic")
    before = everything(db)
    with pytest.raises(Forbidden):
        writing.save(db, actor, entry, a_topic(title="Anders"), based_on=1, now=NOW)
    assert (everything(db), deeds(db)) == (before, [])


def test_a_key_reaches_only_the_types_of_its_scope(db: Database) -> None:
    topic, author = create(db, "topic"), create(db, "author")
    assert writing.save(db, KEY, topic, a_topic(title="Nek"), based_on=1, now=NOW).changed
    with pytest.raises(Forbidden):
        writing.save(db, KEY, author, an_author(name="Ann"), based_on=1, now=NOW)


def test_a_save_tells_what_changed(db: Database) -> None:
    entry = create(db, "article")
    writing.save(db, EDITOR, entry, an_article(summary="Kort."), based_on=1, now=NOW, note="samenvatting")
    [told] = audit.entries(db)
    assert (told.before, told.after, told.note) == (
        {"revision": 1},
        {"revision": 2, "update_type": "major", "changed": ["summary"]},
        "samenvatting",
    )


def test_a_save_that_changes_nothing_is_not_audited(db: Database) -> None:
    entry = create(db, "article")
    assert not writing.save(db, EDITOR, entry, an_article(), based_on=1, now=NOW).changed
    assert deeds(db) == []


def test_two_editors_who_collide_lose_nothing(db: Database) -> None:
    entry = create(db, "article")
    writing.save(db, EDITOR, entry, an_article(summary="Kort."), based_on=1, now=NOW)
    with pytest.raises(RevisionClash) as caught:
        writing.save(db, OTHER_EDITOR, entry, an_article(title="Anders"), based_on=1, now=NOW)
    assert (caught.value.latest, caught.value.changed) == (2, ("summary",))
    assert deeds(db) == [("e1", "entry.save", entry)]


def test_a_minor_edit_that_changes_a_number_is_refused_and_saves_nothing(db: Database) -> None:
    entry = create(db, "article", body=[a_paragraph("Rust 2 dagen.")])
    changed = an_article(body=[a_paragraph("Rust 3 dagen.")])
    act = lambda: writing.save(db, EDITOR, entry, changed, based_on=1, now=NOW, minor=True)  # noqa: E731
    assert refusal(act) == [("/body.b1.text", "fact_changed")]
    assert (entries.find(db, entry).latest, deeds(db)) == (1, [])


def test_a_minor_edit_cannot_be_a_safety_update(db: Database) -> None:
    entry = create(db, "topic")
    with pytest.raises(Invalid):
        writing.save(db, EDITOR, entry, a_topic(title="x"), based_on=1, now=NOW, minor=True, update_type="safety")


def test_an_earlier_revision_is_restored_as_the_next_one(db: Database) -> None:
    entry = create(db, "topic", title="Een")
    save(db, entry, title="Twee")
    saved = writing.restore(db, EDITOR, entry, 1, based_on=2, now=NOW)
    assert (saved.revision.number, saved.revision.content["title"]) == (3, "Een")
    assert audit.entries(db)[0].after == {"revision": 3, "restored": 1}


def test_saving_drops_the_draft_of_who_saves_alone(db: Database) -> None:
    entry = create(db, "topic")
    for actor in (EDITOR, OTHER_EDITOR):
        drafts.keep(db, actor, entry, {"title": actor.name}, based_on=1, now=NOW)
    writing.save(db, EDITOR, entry, a_topic(title="Nek"), based_on=1, now=NOW)
    assert drafts.find(db, EDITOR, entry) is None
    assert drafts.find(db, OTHER_EDITOR, entry) is not None


def test_an_error_in_the_middle_undoes_all_and_is_not_audited(db: Database) -> None:
    entry = create(db, "topic")
    with pytest.raises(ZeroDivisionError), doing(db, EDITOR, "entry.save", now=NOW, entry=entry):
        save(db, entry, title="Half")
        raise ZeroDivisionError
    assert (entries.find(db, entry).latest, deeds(db)) == (1, [])


def test_what_is_not_there_is_not_found(db: Database) -> None:
    with pytest.raises(NotFound):
        writing.save(db, EDITOR, "0198c0de-0000-7000-8000-000000000001", {}, based_on=1, now=NOW)


# Archiving


def test_what_was_never_published_is_archived_and_taken_back(db: Database) -> None:
    entry = create(db, "topic")
    writing.archive(db, EDITOR, entry, now=NOW, site=SITE)
    assert entries.find(db, entry).archived_at
    writing.unarchive(db, EDITOR, entry, now=NOW)
    assert not entries.find(db, entry).archived_at
    assert refusal(lambda: writing.unarchive(db, EDITOR, entry, now=NOW)) == [("", "not_archived")]


def test_an_archived_entry_is_neither_saved_nor_published_nor_scheduled(db: Database) -> None:
    entry = create(db, "topic")
    writing.archive(db, EDITOR, entry, now=NOW, site=SITE)
    acts: list[Callable[[], Any]] = [
        lambda: writing.save(db, EDITOR, entry, a_topic(title="x"), based_on=1, now=NOW),
        lambda: writing.restore(db, EDITOR, entry, 1, based_on=1, now=NOW),
        lambda: publishing.publish(db, EDITOR, entry, "nl", now=NOW, site=SITE),
        lambda: publishing.schedule(db, EDITOR, entry, "nl", "publish", later(days=1), now=NOW, site=SITE),
        lambda: writing.archive(db, EDITOR, entry, now=NOW, site=SITE),
    ]
    assert [refusal(act) for act in acts] == [[("", "archived")]] * len(acts)


def test_published_advice_is_archived_only_with_an_explanation_and_then_says_410(db: Database) -> None:
    entry = published(db, "article", slug="rug")
    assert refusal(lambda: writing.archive(db, EDITOR, entry, now=NOW, site=SITE)) == [("", "still_published")]
    assert writing.archive(db, EDITOR, entry, now=NOW, site=SITE, explanation="Verouderd.") == []
    found = documents.read(db, "nl", "article", "rug")
    assert found is not None
    assert (found.status, document(db, "rug")["detail"]) == (410, "Verouderd.")


def test_an_archived_author_stays_on_the_articles_that_name_them(db: Database) -> None:
    author = published(db, "author", name="Ann")
    article = published(db, "article", authors=[author])
    before = documents.read(db, "nl", "article", article)
    assert writing.archive(db, EDITOR, author, now=later(days=1), site=SITE) == ["nl"]
    after = documents.read(db, "nl", "article", article)
    assert before == after
    assert [card["name"] for card in document(db, article)["authors"]] == ["Ann"]
    publish(db, article, now=later(days=2))
    assert [card["name"] for card in document(db, article)["authors"]] == ["Ann"]


def test_nobody_refers_anew_to_what_is_archived(db: Database) -> None:
    author, gone = create(db, "author"), create(db, "author", name="Weg")
    article = create(db, "article", authors=[gone])
    writing.archive(db, EDITOR, gone, now=NOW, site=SITE)
    with pytest.raises(Invalid) as caught:
        writing.create(db, EDITOR, "article", an_article(authors=[author, gone]), now=NOW, site=SITE)
    assert [(problem.pointer, problem.code) for problem in caught.value.problems] == [("/authors/1", "archived")]
    # Who did so before goes on.
    assert writing.save(db, EDITOR, article, an_article(authors=[gone], summary="x"), based_on=1, now=NOW).changed


# Merging


def a_pair(db: Database, **fields: Any) -> tuple[str, str]:
    keep = published(db, "author", name="Jan Smit", slug="jan-smit", **fields)
    return keep, published(db, "author", name="J. Smit", slug="j-smit", now=later(hours=1))


def test_twenty_articles_follow_the_author_who_is_kept(db: Database) -> None:
    keep, gone = a_pair(db)
    link = a_paragraph(f"Vraag [Jan](entry:{gone}) om raad.")
    articles = [published(db, "article", title=f"A{n}", authors=[gone, keep], body=[link]) for n in range(20)]
    translate(db, articles[0], "en")
    publish(db, articles[0], "en")
    assert writing.merge(db, EDITOR, keep, gone, now=later(days=1), site=SITE) == sorted(
        articles, key=lambda entry: (document(db, entry)["title"].casefold(), entry)
    )
    for article in articles:
        found = document(db, article)
        assert [card["slug"] for card in found["authors"]] == ["jan-smit"]
        assert "/jan-smit" in found["body"][0]["html"]
        assert (found["content_changed_at"], found["update_type"]) == (
            document(db, articles[0])["content_changed_at"],
            "republish",
        )
    assert uses.uses(db, gone) == []
    english = document(db, articles[0], "en")
    assert english["translation"]["freshness"] == "current"
    assert "/jan-smit" in english["body"][0]["html"]
    assert deeds(db) == [("e1", "entry.merge", keep)]


def test_the_address_of_the_duplicate_leads_to_the_one_that_is_kept(db: Database) -> None:
    keep, gone = a_pair(db)
    translate(db, gone, "en")
    publish(db, gone, "en")
    writing.merge(db, EDITOR, keep, gone, now=later(days=1), site=SITE)
    moved = documents.read(db, "nl", "author", "j-smit")
    assert moved is not None
    assert (moved.status, moved.location, moved.entry) == (301, "jan-smit", keep)
    assert documents.known_as(db, "author", gone) == keep
    # The kept one is not live in English, so there the address says where to go.
    away = documents.read(db, "en", "author", gone)
    assert away is not None
    assert (away.status, document(db, gone, "en", "author")["replacement"]["slug"]) == (410, "jan-smit")
    assert entries.find(db, gone).archived_at


def test_a_change_that_nobody_has_published_is_not_published_by_a_merge(db: Database) -> None:
    keep, gone = a_pair(db)
    article = published(db, "article", title="Live", authors=[gone])
    save(db, article, title="Concept", update_type="safety")
    writing.merge(db, EDITOR, keep, gone, now=later(days=1), site=SITE)
    found = document(db, article)
    assert (found["title"], [card["slug"] for card in found["authors"]]) == ("Live", ["jan-smit"])
    newest = revisions.latest(db, article)
    assert (newest.content["title"], newest.content["authors"], newest.update_type) == ("Concept", [keep], "safety")
    assert live.current(db, article)["nl"].revision == newest.number - 1


def test_withdrawn_advice_leads_to_the_kept_entry(db: Database) -> None:
    keep, gone = (published(db, "article", title=title) for title in ("Rug", "Rug 2"))
    away = published(db, "article", slug="oud")
    publishing.withdraw(db, EDITOR, away, explanation="Zie elders.", now=NOW, site=SITE, replacement=gone)
    writing.merge(db, EDITOR, keep, gone, now=later(days=1), site=SITE)
    assert document(db, "oud")["replacement"]["id"] == keep


@pytest.mark.parametrize("actor", [REVIEWER, TURKISH])
def test_who_may_not_merge_merges_nothing(db: Database, actor: Actor) -> None:
    keep, gone = a_pair(db)
    before = everything(db)
    with pytest.raises(Forbidden):
        writing.merge(db, actor, keep, gone, now=later(days=1), site=SITE)
    assert everything(db) == before


def test_only_two_of_a_type_are_merged_and_the_kept_one_must_be_live(db: Database) -> None:
    author, clinic, draft = published(db, "author"), create(db, "clinic"), create(db, "author")
    merge = lambda keep, gone: refusal(lambda: writing.merge(db, EDITOR, keep, gone, now=NOW, site=SITE))  # noqa: E731
    assert merge(author, clinic) == [("/duplicate", "wrong_type")]
    assert merge(author, author) == [("/duplicate", "same_entry")]
    assert merge(draft, author) == [("/keep", "reference_not_published")]


# Pasted text

TEXT = "Door je rug gaan\n\nBlijf bewegen. Dat helpt het beste.\n\nDoor Jos Kooistra, fysiotherapeut\n"


def test_pasted_text_becomes_drafts_of_who_pasted_it(db: Database) -> None:
    proposed = writing.propose_text(db, EDITOR, TEXT)
    assert proposed.article.is_new
    imported = writing.import_text(db, EDITOR, TEXT, now=NOW, site=SITE)
    assert revisions.latest(db, imported.article).saved_by == "Eva Editor"
    assert deeds(db) == [("e1", "entry.import", imported.article)]


def test_who_may_not_import_imports_nothing(db: Database) -> None:
    with pytest.raises(Forbidden):
        writing.import_text(db, TURKISH, TEXT, now=NOW, site=SITE)
    with pytest.raises(Forbidden):
        writing.propose_text(db, TURKISH, TEXT)
