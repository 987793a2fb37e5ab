"""One article from pasted text to withdrawal, as an editor, a translator, a reader and a partner live through it."""

from cms.content import imports, revisions
from cms.content.plaintext import understand
from cms.localize import translations
from cms.publish import documents, editions, listing, schedule, search
from cms.publish.listing import Query
from cms.publish.refresh import rebuild
from cms.store import Database
from tests.builders import (
    BY,
    NOW,
    SITE,
    a_paragraph,
    cut,
    document,
    event_types,
    events,
    later,
    publish,
    published,
    save,
    translate,
)  # fmt: skip

PASTED = """Door je rug gaan

Ineens schiet het in je rug. Meestal gaat het vanzelf over.

Wat kun je zelf doen?
Blijf in beweging, ook als het pijn doet. Zoek een houding waarin je weinig last hebt.

1. Loop elke dag een stukje.
2. Ga niet te lang zitten.
3. Vraag hulp bij zwaar tillen.

Wanneer bel je de huisarts?
Bel meteen als je je benen niet goed kunt bewegen of je plas niet kunt ophouden.
"""


def test_an_article_lives_from_pasted_text_to_withdrawal(db: Database) -> None:
    # The editor pastes a text, names who answers for it, and publishes.
    proposals = imports.propose(db, understand(PASTED))
    article = imports.accept(db, proposals, by=BY, now=NOW, source_locale="nl").article
    assert documents.read(db, "nl", "article", article) is None
    author = published(db, "author")
    save(db, article, authors=[author])
    publish(db, article)
    first = document(db, "door-je-rug-gaan")
    assert [block["type"] for block in first["body"] if block["type"] == "list"] == ["list"]
    assert [hit.entry for hit in search.find(db, "nl", "houdingen").hits] == [article]

    # The translator carries it into Arabic, is told what is left, and publishes it.
    translate(db, article, "ar")
    publish(db, article, "ar", now=later(hours=1))
    assert (document(db, article, "ar")["dir"], document(db, article, "ar")["translation"]["freshness"]) == (
        "rtl",
        "current",
    )

    # The same text, corrected and pasted again, keeps what was translated.
    again = imports.propose(db, understand(PASTED.replace("elke dag", "twee keer per dag")))
    imports.accept(db, again, by=BY, now=later(days=1), source_locale="nl")
    publish(db, article, now=later(days=1))
    behind = document(db, article, "ar")["translation"]
    assert (behind["freshness"], len(behind["stale_blocks"])) == ("stale", 1)

    # A warning is added: Arabic readers get it in Dutch, with a notice, from the same moment.
    seq = max(row["seq"] for row in events(db))
    body = revisions.latest(db, article).content["body"]
    save(db, article, body=[a_paragraph("Bel 112 bij verlamming.", "w1", urgency="emergency"), *body],
         update_type="safety", now=later(days=2))  # fmt: skip
    publish(db, article, now=later(days=2))
    warning = document(db, article, "ar")["body"][0]
    assert (warning["html"], warning["lang"], bool(warning["notice"])) == ("Bel 112 bij verlamming.", "nl", True)
    assert "translation.stale.critical" in event_types(db, article, seq)
    assert document(db, article)["update_type"] == "safety"
    rest = {each.path: f"[ar] {each.path}" for each in missing(db, article)}
    translate(db, article, "ar", rest, now=later(days=3))
    publish(db, article, "ar", now=later(days=3))
    assert document(db, article, "ar")["translation"]["freshness"] == "current"

    # It moves; a partner finds it by its old address and in the list of what is new.
    save(db, article, slug="acute-rugpijn", now=later(days=4))
    publish(db, article, now=later(days=4))
    moved = documents.read(db, "nl", "article", "door-je-rug-gaan")
    assert moved and (moved.status, moved.location) == (301, "acute-rugpijn")
    assert listing.find(db, Query("nl", "article", since=moved.updated_at)).total == 1

    # It is to come down next week; before that it turns out to be wrong, and is withdrawn.
    task = schedule.ask(db, article, "nl", "unpublish", later(days=11), by=BY, now=later(days=4), site=SITE)
    editions.withdraw(db, article, explanation="Onjuist.", severity="safety", by=BY, now=later(days=5), site=SITE)
    for locale in ("nl", "ar"):
        found = documents.read(db, locale, "article", article)
        assert found and found.status == 410
        assert search.find(db, locale, "112").total == 0
    [done] = schedule.run_due(db, SITE, later(days=11))
    assert (done.id, done.state) == (task.id, "failed")
    assert rebuild(db, SITE, later(days=12)) == 0


def missing(db: Database, article: str) -> list[translations.Segment]:
    found = translations.match(cut(db, article), translations.approved(db, article, "ar"))
    return [each.segment for each in found.values() if each.freshness != "current"]
