"""Publishing goes through the desk: by right, audited, with what waits for it rendered, and nothing beside it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from cms.content import pending
from cms.desk import publishing
from cms.errors import Forbidden, Refused
from cms.people import audit
from cms.people.rights import Actor
from cms.publish import schedule
from cms.publish.refresh import drain
from cms.site import Site
from cms.store import Database
from tests.builders import (
    NOW,
    SITE,
    a_paragraph,
    create,
    document,
    everything,
    later,
    published,
    save,
    translate,
)
from tests.cms.desk.actors import ADMIN, EDITOR, ENGLISH, PARTNERS, REVIEWER


def codes(reasons: Any) -> list[tuple[str, str]]:
    return [(reason.pointer, reason.code) for reason in reasons]


def test_what_an_editor_publishes_is_live_and_audited(db: Database) -> None:
    entry = create(db, "topic", title="Rug")
    publishing.publish(db, EDITOR, entry, "nl", now=NOW, site=SITE)
    assert document(db, entry, type_name="topic")["title"] == "Rug"
    [told] = audit.entries(db)
    assert (told.actor_name, told.action, told.locale) == ("Eva Editor", "entry.publish", "nl")
    assert told.after == {"revision": 1, "slug": "rug", "update_type": "major"}


def test_whoever_publishes_does_not_make_the_documents_of_others(db: Database) -> None:
    author = published(db, "author", name="Ann")
    article = published(db, "article", authors=[author])
    save(db, author, name="Anna")
    publishing.publish(db, EDITOR, author, "nl", now=later(days=1), site=SITE)
    assert document(db, author, type_name="author")["name"] == "Anna"
    assert [card["name"] for card in document(db, article)["authors"]] == ["Ann"]
    assert pending.any_waiting(db)
    drain(db, SITE, later(days=1))
    assert [card["name"] for card in document(db, article)["authors"]] == ["Anna"]
    assert not pending.any_waiting(db)


def test_a_reviewer_publishes_a_translation_and_not_the_source(db: Database) -> None:
    entry = published(db, "topic")
    translate(db, entry, "en")
    publishing.publish(db, REVIEWER, entry, "en", now=NOW, site=SITE)
    assert [each.action for each in audit.entries(db)] == ["translation.publish"]
    with pytest.raises(Forbidden) as caught:
        publishing.publish(db, REVIEWER, entry, "nl", now=NOW, site=SITE)
    assert (caught.value.action, caught.value.type, caught.value.locale) == ("entry.publish", "topic", "nl")


@pytest.mark.parametrize("actor", [ENGLISH, PARTNERS])
def test_who_may_not_publish_changes_nothing(db: Database, actor: Actor) -> None:
    entry = published(db, "topic")
    translate(db, entry, "en")
    before = everything(db)
    acts: list[Callable[[], Any]] = [
        lambda: publishing.publish(db, actor, entry, "nl", now=NOW, site=SITE),
        lambda: publishing.publish(db, actor, entry, "en", now=NOW, site=SITE),
        lambda: publishing.unpublish(db, actor, entry, "nl", now=NOW, site=SITE),
        lambda: publishing.withdraw(db, actor, entry, explanation="x", now=NOW, site=SITE),
        lambda: publishing.schedule(db, actor, entry, "nl", "publish", later(days=1), now=NOW, site=SITE),
    ]
    for act in acts:
        with pytest.raises(Forbidden):
            act()
    assert (everything(db), audit.entries(db)) == (before, [])


def test_a_refused_publish_is_not_audited(db: Database) -> None:
    entry = create(db, "article")
    with pytest.raises(Refused):
        publishing.publish(db, EDITOR, entry, "nl", now=NOW, site=SITE)
    assert audit.entries(db) == []


def test_unpublishing_and_withdrawing_name_the_locales(db: Database) -> None:
    one, other = published(db, "topic"), published(db, "topic", title="Nek")
    translate(db, one, "en")
    publishing.publish(db, EDITOR, one, "en", now=NOW, site=SITE)
    publishing.unpublish(db, EDITOR, one, "nl", now=NOW, site=SITE)
    assert audit.entries(db)[0].before == {"locales": ["en", "nl"], "revision": 1}
    publishing.withdraw(db, REVIEWER, other, explanation="Onjuist.", now=NOW, site=SITE, severity="safety")
    told = audit.entries(db)[0]
    assert (told.action, told.note, told.before) == ("entry.withdraw", "Onjuist.", {"locales": ["nl"], "revision": 1})


def test_a_task_is_asked_and_cancelled_by_right(db: Database) -> None:
    entry = create(db, "topic")
    task = publishing.schedule(db, EDITOR, entry, "nl", "publish", later(days=1), now=NOW, site=SITE)
    with pytest.raises(Forbidden):
        publishing.cancel(db, REVIEWER, task.id, now=NOW)
    publishing.cancel(db, ADMIN, task.id, now=NOW)
    assert schedule.waiting(db) == []
    assert [each.action for each in audit.entries(db)] == ["entry.schedule", "entry.schedule"]


# What still blocks it


def tried(db: Database, entry: str, locale: str, site: Site) -> list[tuple[str, str]]:
    """Return why publishing is refused, by trying."""
    try:
        publishing.publish(db, EDITOR, entry, locale, now=NOW, site=site)
    except Refused as refused:
        return codes(refused.reasons)
    return []


CHECKED = replace(SITE, checks_translations=True)
STRICT = replace(SITE, trust={"article": frozenset({"author", "reviewer", "review_dates", "references"})})


@pytest.mark.parametrize("site", [SITE, STRICT], ids=["plain", "strict"])
def test_blockers_of_the_source_are_those_of_publishing(db: Database, site: Site) -> None:
    entry = create(db, "article", body=[])
    before = everything(db)
    said = codes(publishing.blockers(db, entry, "nl", now=NOW, site=site))
    assert everything(db) == before
    assert said == tried(db, entry, "nl", site) != []


@pytest.mark.parametrize("site", [SITE, CHECKED], ids=["plain", "checked"])
def test_blockers_of_a_translation_are_those_of_publishing(db: Database, site: Site) -> None:
    entry = published(db, "article", body=[a_paragraph("Rust 2 dagen."), a_paragraph("Bel ons.", "b2")])
    texts = {"title": "Hurt your back", "body.b1.text": "Rest for 3 days."}
    translate(db, entry, "en", texts, origin="human")
    said = codes(publishing.blockers(db, entry, "en", now=NOW, site=site))
    assert said == tried(db, entry, "en", site) != []


def test_a_translation_waits_for_its_source(db: Database) -> None:
    entry = create(db, "topic")
    assert codes(publishing.blockers(db, entry, "en", now=NOW, site=SITE)) == [("/locale", "source_not_published")]


def test_nothing_blocks_what_can_be_published(db: Database) -> None:
    entry = create(db, "topic")
    assert publishing.blockers(db, entry, "nl", now=NOW, site=SITE) == []
    assert tried(db, entry, "nl", SITE) == []
