"""Everybody sees what they may do something about, what could harm first."""

from dataclasses import replace
from typing import Any

from cms.desk import publishing, writing
from cms.desk import todo as overview
from cms.desk.piles import Pile
from cms.desk.todo import Todo
from cms.partners import deliveries, partners, recalls, webhooks
from cms.partners.messages import Message
from cms.people.rights import Actor
from cms.publish import schedule
from cms.store import Database, write
from tests.builders import NOW, SITE, a_paragraph, create, later, publish, published, save, translate
from tests.cms.desk.actors import ADMIN, EDITOR, ENGLISH, KEY, PARTNERS, REVIEWER, TURKISH

TWO = replace(SITE, locales=("nl", "en", "tr"))


def todo(db: Database, actor: Actor, **options: Any) -> Todo:
    return overview.todo(db, actor, site=TWO, **{"now": NOW, **options})


def shown(pile: Pile) -> list[tuple[str, str]]:
    return [(item.title, item.locale) for item in pile.items]


def an_article_in(db: Database, title: str, *locales: str) -> str:
    body = [a_paragraph("Rust."), a_paragraph("Bel 112.", "b2", critical=True)]
    entry = published(db, "article", title=title, body=body, authors=[published(db, "author", name="Ann")])
    for locale in locales:
        translate(db, entry, locale)
        publish(db, entry, locale)
    return entry


def test_a_translator_sees_their_own_locale_alone_and_what_could_harm_first(db: Database) -> None:
    harmful, behind = an_article_in(db, "Harm", "en", "tr"), an_article_in(db, "Behind", "en", "tr")
    save(db, harmful, body=[a_paragraph("Rust."), a_paragraph("Bel 113.", "b2", critical=True)])
    save(db, behind, body=[a_paragraph("Rust uit."), a_paragraph("Bel 112.", "b2", critical=True)])
    for entry in (harmful, behind):
        publish(db, entry, now=later(days=1))
    found = todo(db, TURKISH)
    assert (shown(found.critical), shown(found.stale)) == ([("Harm", "tr")], [("Behind", "tr")])
    assert (found.critical.items[0].count, found.critical.items[0].since[:10]) == (1, "2026-03-02")
    assert (found.waiting, found.scheduled, found.overdue) == (Pile(), Pile(), Pile())
    assert todo(db, ADMIN).critical.total == 2


def test_what_is_live_and_not_wholly_translated_is_missing(db: Database) -> None:
    an_article_in(db, "Nur", "en")
    create(db, "topic", title="Concept")
    half = published(db, "topic", title="Half", now=later(hours=1))
    translate(db, half, "tr", {"title": "Yarım"}, state="draft")
    found = todo(db, TURKISH)
    assert set(shown(found.missing)) == {("Nur", "tr")}
    assert found.missing.total == 1
    assert {item.count for item in found.missing.items} == {3}


def test_a_pile_counts_all_and_shows_the_first(db: Database) -> None:
    for number in range(12):
        published(db, "topic", title=str(number), now=later(hours=number))
    found = todo(db, TURKISH).missing
    assert (found.total, [item.title for item in found.items]) == (12, [str(number) for number in range(11, 1, -1)])


def test_a_reviewer_sees_drafts_and_reviews(db: Database) -> None:
    past = published(db, "article", title="Past", review_due="2026-02-01")
    published(db, "article", title="Soon", review_due="2026-03-20")
    published(db, "article", title="Far", review_due="2027-03-20")
    create(db, "article", title="Draft", review_due="2026-02-01")
    translate(db, past, "tr", {"title": "Geçmiş"}, state="needs_review")
    found = todo(db, REVIEWER)
    assert (shown(found.overdue), shown(found.due)) == ([("Past", "")], [("Soon", "")])
    assert shown(found.waiting) == [("Past", "tr")]
    assert (found.critical, found.missing) == (Pile(), Pile())


def test_what_is_wholly_translated_and_approved_waits_for_who_may_publish_it(db: Database) -> None:
    entry = published(db, "topic", title="Rug", description="Kort.")
    translate(db, entry, "tr", {"title": "Sırt"})
    assert todo(db, REVIEWER).ready == Pile()
    translate(db, entry, "tr", {"description": "Kısa."}, state="draft")
    assert todo(db, REVIEWER).ready == Pile()
    translate(db, entry, "tr", {"description": "Kısa."}, now=later(hours=1))
    [item] = todo(db, REVIEWER).ready.items
    assert (item.entry, item.locale, item.since[:16], item.count) == (entry, "tr", "2026-03-01T13:00", 2)
    assert todo(db, TURKISH).ready == Pile()
    publish(db, entry, "tr")
    assert todo(db, REVIEWER).ready == Pile()
    publishing.unpublish(db, EDITOR, entry, "tr", now=later(days=1), site=TWO)
    assert todo(db, REVIEWER).ready == Pile()


def test_what_was_translated_before_its_source_is_published_is_not_ready(db: Database) -> None:
    draft, ahead = create(db, "topic", title="Concept"), published(db, "topic", title="Rug")
    save(db, ahead, title="Rug en nek")
    for entry in (draft, ahead):
        translate(db, entry, "tr")
    assert todo(db, REVIEWER).ready == Pile()
    publish(db, ahead)
    assert shown(todo(db, REVIEWER).ready) == [("Rug en nek", "tr")]


def test_what_is_archived_is_told_when_nothing_shows_it_any_more(db: Database) -> None:
    gone, stays = published(db, "author", name="Ann"), published(db, "author", name="Bea")
    link = a_paragraph(f"Vraag [Ann](entry:{gone}).")
    article = published(db, "article", authors=[gone, stays], body=[link])
    writing.archive(db, EDITOR, gone, now=NOW, site=TWO)
    assert todo(db, EDITOR).lingering == Pile()
    save(db, article, authors=[stays])
    publish(db, article)
    assert shown(todo(db, EDITOR).lingering) == [("Ann", "")]
    assert todo(db, REVIEWER).lingering == Pile()
    publishing.withdraw(db, EDITOR, gone, explanation="Weg.", now=later(days=1), site=TWO)
    assert todo(db, EDITOR).lingering == Pile()


def test_an_editor_sees_what_is_scheduled_and_what_failed(db: Database) -> None:
    good, bad = create(db, "topic", title="Good"), create(db, "article", title="Bad")
    for entry in (good, bad):
        publishing.schedule(db, EDITOR, entry, "nl", "publish", later(days=1), now=NOW, site=TWO)
    assert {(item.title, item.note) for item in todo(db, EDITOR).scheduled.items} == {
        ("Good", "publish"),
        ("Bad", "publish"),
    }
    schedule.run_due(db, TWO, later(days=2))
    found = todo(db, EDITOR, now=later(days=3))
    assert (found.scheduled, [(item.title, item.note) for item in found.failed.items]) == (
        Pile(),
        [("Bad", "refused")],
    )
    assert todo(db, EDITOR, now=later(days=30)).failed == Pile()
    assert todo(db, ENGLISH, now=later(days=3)).failed == Pile()


def test_everybody_sees_what_changed_last(db: Database) -> None:
    for number in range(11):
        create(db, "topic", title=str(number), now=later(hours=number))
    found = todo(db, PARTNERS)
    assert ([item.title for item in found.recent.items][:2], len(found.recent.items)) == (["10", "9"], 10)
    assert found.critical == found.missing == Pile()


def test_a_key_sees_the_types_of_its_scope(db: Database) -> None:
    create(db, "topic", title="Rug")
    create(db, "author")
    key = replace(KEY, scopes=replace(KEY.scopes, actions=frozenset({"entry.read"})))
    assert shown(todo(db, key).recent) == [("Rug", "")]


def test_who_looks_after_partners_sees_recalls_that_wait_and_webhooks_that_are_not_reached(db: Database) -> None:
    entry = published(db, "article", title="Rug")
    slow = partners.add(db, SITE, name="Traag", acknowledge_hours=1, by="Ada", now=NOW)
    partners.add(db, SITE, name="Vlug", acknowledge_hours=48, by="Ada", now=NOW)
    hooks = [
        webhooks.add(db, slow.id, url=f"https://traag.example/{name}", now=NOW)[0].id
        for name in ("well", "failing", "asked", "gone")
    ]
    with write(db):
        for hook in hooks[1:]:
            tried = deliveries.put(db, hook, Message(hook, 1, "edition.updated", entry, "{}", False), NOW)
            db.table("delivery").update(tried.id, {"attempts": 3})
        deliveries.put(db, hooks[0], Message("x", 1, "edition.updated", entry, "{}", False), NOW)
    webhooks.disable(db, hooks[2], now=NOW)
    webhooks.disable(db, hooks[3], "gone", now=NOW)
    recall = recalls.drill(db, entry, explanation="Oefening.", by="Ada", now=NOW)

    found = todo(db, PARTNERS)
    assert [(each.id, each.title, each.count, each.note) for each in found.recalls_waiting.items] == [
        (recall.id, "Rug", 2, "drill")
    ]
    assert [(each.id, each.count) for each in found.webhooks_disabled.items] == [(hooks[3], 1)]
    assert [(each.id, each.title, each.count) for each in found.webhooks_failing.items] == [(hooks[1], "Traag", 1)]
    late = todo(db, REVIEWER, now=later(hours=2))
    assert [(each.id, each.count) for each in late.recalls_overdue.items] == [(recall.id, 1)]
    assert (late.recalls_waiting, late.webhooks_disabled, late.webhooks_failing) == (Pile(), Pile(), Pile())
    assert todo(db, EDITOR, now=later(hours=2)).recalls_overdue == Pile()
