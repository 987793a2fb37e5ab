"""A preview is what readers would get, to the byte, and a link to it ends."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cms.content import revisions
from cms.desk import preview, publishing
from cms.errors import Expired
from cms.publish.documents import freeze
from cms.store import Database
from tests.builders import (
    NOW,
    SITE,
    a_paragraph,
    create,
    document,
    everything,
    later,
    publish,
    published,
    save,
    translate,
)
from tests.cms.desk.actors import EDITOR

THEN = later(days=1)


def previewed(db: Database, entry: str, locale: str = "nl", **options: Any) -> dict[str, Any]:
    return preview.document(db, entry, locale, SITE, now=THEN, **options)


def test_a_first_preview_is_what_publishing_gives(db: Database) -> None:
    entry = create(db, "article", authors=[published(db, "author")], slug="rug")
    before = everything(db)
    seen = previewed(db, entry)
    assert everything(db) == before
    publish(db, entry, now=THEN)
    assert freeze(seen) == freeze(document(db, entry))


def test_a_preview_of_a_change_is_what_publishing_gives_also_where_translations_fall_behind(db: Database) -> None:
    entry = published(db, "article", body=[a_paragraph("Blijf bewegen."), a_paragraph("Bel 112.", "b2", critical=True)])
    for locale in ("en", "ar"):
        translate(db, entry, locale)
        publish(db, entry, locale)
    translate(db, entry, "ar", {"body.b2.text": "x"})
    save(
        db, entry, update_type="safety", body=[a_paragraph("Beweeg."), a_paragraph("Bel 112 nu.", "b2", critical=True)]
    )
    seen = {locale: previewed(db, entry, locale) for locale in ("nl", "en", "ar")}
    publishing.publish(db, EDITOR, entry, "nl", now=THEN, site=SITE)
    assert {locale: freeze(shown) for locale, shown in seen.items()} == {
        locale: freeze(document(db, entry, locale)) for locale in seen
    }


def test_a_preview_of_a_translation_shows_approved_texts_or_drafts(db: Database) -> None:
    entry = published(db, "article")
    translate(db, entry, "en")
    translate(db, entry, "en", {"title": "My draft"}, state="draft")
    assert previewed(db, entry, "en")["title"] == "[en] Door je rug gaan"
    assert previewed(db, entry, "en", drafts=True)["title"] == "My draft"


def test_an_earlier_revision_can_be_seen(db: Database) -> None:
    entry = published(db, "article", title="Eerst")
    save(db, entry, title="Later")
    assert (previewed(db, entry, revision=1)["title"], previewed(db, entry)["title"]) == ("Eerst", "Later")


def test_an_address_that_is_taken_does_not_stop_a_preview(db: Database) -> None:
    published(db, "topic", slug="rug")
    entry = create(db, "topic", slug="rug")
    assert previewed(db, entry)["slug"] == "rug-2"


def test_a_locale_that_would_be_withdrawn_says_so(db: Database) -> None:
    site = replace(SITE, policies={"article": "withdraw"})
    entry = published(db, "article", body=[a_paragraph("Bel 112.", critical=True)])
    translate(db, entry, "en")
    publish(db, entry, "en")
    save(db, entry, body=[a_paragraph("Bel 113.", critical=True)])
    assert preview.document(db, entry, "en", site, now=THEN)["status"] == 410


# Links

UNTIL = NOW + timedelta(hours=2)


def test_a_link_shows_what_it_was_made_for_until_it_ends() -> None:
    token = preview.token("secret", "entry", "nl", 3, UNTIL)
    found = preview.read("secret", token, later(hours=1))
    assert (found.entry, found.locale, found.revision) == ("entry", "nl", 3)
    with pytest.raises(Expired):
        preview.read("secret", token, UNTIL)


@pytest.mark.parametrize("spoil", ["", ".", "x", "é.é", "W10.", "\x00.\x00"])
def test_a_link_that_was_not_made_here_shows_nothing(spoil: str) -> None:
    with pytest.raises(Expired):
        preview.read("secret", spoil, NOW)


def test_a_link_that_was_changed_shows_nothing() -> None:
    said, _, signature = preview.token("secret", "entry", "nl", 3, UNTIL).partition(".")
    other = preview.token("secret", "other", "nl", 3, UNTIL).partition(".")[0]
    with pytest.raises(Expired):
        preview.read("secret", f"{other}.{signature}", NOW)
    with pytest.raises(Expired):
        preview.read("another", f"{said}.{signature}", NOW)


def test_a_link_without_a_revision_follows_the_newest(db: Database) -> None:
    entry = create(db, "topic", title="Een")
    found = preview.read("s", preview.token("s", entry, "nl", 0, UNTIL), NOW)
    save(db, entry, title="Twee")
    shown = preview.document(db, found.entry, found.locale, SITE, found.revision, now=NOW)
    assert (shown["title"], revisions.latest(db, entry).number) == ("Twee", 2)
