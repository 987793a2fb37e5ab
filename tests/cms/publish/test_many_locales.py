"""Publishing one locale makes one document, and the others follow with `drain`; critical advice never waits for it."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from cms.publish import documents, editions, events
from cms.publish.live import Edition
from cms.publish.refresh import drain, rebuild
from cms.store import Database, connect
from tests.builders import (
    BY,
    SITE,
    a_paragraph,
    document,
    event_types,
    everything,
    later,
    publish,
    published,
    rows,
    save,
    translate,
)

LOCALES = ("nl", "en", "de", "fr", "tr", "ar")
OTHERS = LOCALES[1:]
STAY, CALL = "Blijf bewegen.", "Bel 112."


@pytest.fixture
def sqlite_db(tmp_path: Path, sqlite_template: Path) -> Iterator[Database]:
    (tmp_path / "counted.db").write_bytes(sqlite_template.read_bytes())
    db = connect(f"sqlite:///{tmp_path}/counted.db")
    yield db
    db.close()


def body(plain: str = STAY, critical: str = CALL, urgency: str = "emergency") -> list[dict[str, Any]]:
    return [a_paragraph(plain, "b1"), a_paragraph(critical, "b2", urgency=urgency)]


def an_article(db: Database, locales: tuple[str, ...] = OTHERS, **fields: Any) -> str:
    """Publish an article with a plain and a critical paragraph, in Dutch and in these locales."""
    entry = published(db, "article", **{"body": body(), **fields})
    for locale in locales:
        translate(db, entry, locale)
        editions.publish(db, entry, locale, by=BY, now=later(), site=SITE)
    drain(db, SITE, later())
    return entry


def publish_alone(db: Database, entry: str, locale: str = "nl", days: int = 1, **options: Any) -> Edition:
    """Publish and leave what waits for it waiting."""
    return editions.publish(db, entry, locale, by=BY, now=later(days=days), site=SITE, **options)


def served(db: Database, entry: str) -> dict[str, bytes]:
    found = {locale: documents.read(db, locale, "article", entry) for locale in LOCALES}
    return {locale: each.body for locale, each in found.items() if each}


def named(found: bytes) -> list[str]:
    return [alternate["locale"] for alternate in orjson.loads(found)["alternates"]]


def block(db: Database, entry: str, id: str, locale: str) -> dict[str, Any]:
    return next(found for found in document(db, entry, locale)["body"] if found["id"] == id)


# A translation


def test_publishing_a_locale_leaves_the_others_alone_until_they_are_drained(db: Database) -> None:
    entry = an_article(db, OTHERS[:-1])
    before = served(db, entry)
    translate(db, entry, "ar")
    publish_alone(db, entry, "ar")
    after = served(db, entry)
    assert named(after.pop("ar")) == sorted(LOCALES[:-1])
    assert after == before
    drain(db, SITE, later(days=2))
    followed = served(db, entry)
    assert {locale: sorted([*named(found), locale]) for locale, found in followed.items()} == {
        locale: sorted(LOCALES) for locale in LOCALES
    }
    assert (rows(db, "pending"), rebuild(db, SITE, later(days=3))) == ([], 0)


def test_only_what_names_another_has_changed_by_then(db: Database) -> None:
    entry = an_article(db, OTHERS[:-1])
    before = {locale: document(db, entry, locale) for locale in LOCALES[:-1]}
    translate(db, entry, "ar")
    publish(db, entry, "ar", now=later(days=1))
    assert {locale: document(db, entry, locale) | {"alternates": []} for locale in LOCALES[:-1]} == {
        locale: found | {"alternates": []} for locale, found in before.items()
    }


def test_many_locales_that_are_published_in_turn_are_rendered_once_more_together(db: Database) -> None:
    entry = published(db, "article", body=body())
    seq = events.latest(db)
    for locale in OTHERS:
        translate(db, entry, locale)
        publish_alone(db, entry, locale)
    drain(db, SITE, later(days=2))
    # The one that was published last knew of all others already.
    assert sorted(event_types(db, entry, seq)) == ["edition.published"] * 5 + ["edition.updated"] * 5


def statements(db: Any, act: Callable[[], object]) -> int:
    seen: list[str] = []
    db.conn.set_trace_callback(seen.append)
    act()
    db.conn.set_trace_callback(None)
    return len(seen)


def test_publishing_a_translation_asks_the_store_no_more_where_more_locales_are_live(sqlite_db: Database) -> None:
    db, asked = sqlite_db, []
    for others in (("en",), OTHERS[:-1]):
        entry = an_article(db, others, title=f"Rug {len(others)}")
        translate(db, entry, "ar")
        asked.append(statements(db, lambda entry=entry: publish_alone(db, entry, "ar")))  # type: ignore[misc]
    assert asked[0] == asked[1]


def test_publishing_a_plain_edit_renders_no_other_locale(sqlite_db: Database) -> None:
    db, asked = sqlite_db, []
    for others in (("en",), OTHERS):
        entry = an_article(db, others, title=f"Rug {len(others)}")
        save(db, entry, body=body("Beweeg rustig."))
        asked.append(statements(db, lambda entry=entry: publish_alone(db, entry)))  # type: ignore[misc]
    # Each locale more is told to be behind: a look at the newest event, and one appended.
    assert asked[1] - asked[0] == 2 * (len(OTHERS) - 1)


# The source


def test_a_plain_edit_reaches_the_source_at_once_and_the_others_when_they_are_drained(db: Database) -> None:
    entry = an_article(db)
    before, seq = served(db, entry), events.latest(db)
    save(db, entry, body=body("Beweeg rustig."))
    publish_alone(db, entry)
    after = served(db, entry)
    assert {locale for locale in LOCALES if after[locale] != before[locale]} == {"nl"}
    # That they are behind is true, told, and named by the source from the same moment.
    assert sorted(event_types(db, entry, seq)) == ["edition.published", *["translation.stale"] * 5]
    assert {alternate["freshness"] for alternate in document(db, entry)["alternates"]} == {"stale"}
    seq, source = events.latest(db), after["nl"]
    drain(db, SITE, later(days=2))
    for locale in OTHERS:
        found = document(db, entry, locale)
        assert (found["version"], found["translation"]["stale_blocks"]) == (2, ["b1"])
    assert (event_types(db, entry, seq), served(db, entry)["nl"]) == (["edition.updated"] * 5, source)


@pytest.mark.parametrize(
    ("after", "shown"),
    [
        (body(critical="Bel 112 nu."), "Bel 112 nu."),
        ([*body(), a_paragraph("Niet tillen.", "b3", critical=True)], "[{}] Bel 112."),
    ],
    ids=["changed", "added"],
)
def test_critical_advice_that_changed_is_never_shown_unmarked_in_any_locale(
    db: Database, after: list[dict[str, Any]], shown: str
) -> None:
    entry = an_article(db)
    seq = events.latest(db)
    save(db, entry, body=after)
    publish_alone(db, entry)
    for locale in OTHERS:
        [*_, last] = document(db, entry, locale)["body"]
        assert (last["html"], last["lang"], bool(last["notice"])) == (after[-1]["text"], "nl", True)
        assert block(db, entry, "b2", locale)["html"] == shown.format(locale)
    assert event_types(db, entry, seq).count("translation.stale.critical") == len(OTHERS)
    assert (rows(db, "pending"), drain(db, SITE, later(days=2))) == ([], 0)


def test_critical_advice_that_was_taken_out_is_gone_everywhere_at_once(db: Database) -> None:
    entry = an_article(db)
    save(db, entry, body=body()[:1])
    publish_alone(db, entry)
    assert {locale: len(document(db, entry, locale)["body"]) for locale in LOCALES} == dict.fromkeys(LOCALES, 1)


def test_advice_that_became_more_urgent_is_so_everywhere_at_once(db: Database) -> None:
    entry = an_article(db, body=body(urgency="see_gp"))
    save(db, entry, body=body())
    publish_alone(db, entry)
    assert {block(db, entry, "b2", locale)["urgency"] for locale in LOCALES} == {"emergency"}


def test_a_critical_text_that_was_translated_beforehand_is_shown_at_once(db: Database) -> None:
    entry = an_article(db)
    save(db, entry, body=body(critical="Bel 112 nu."))
    for locale in OTHERS:
        translate(db, entry, locale, {"body.b2.text": f"112! ({locale})"})
    publish_alone(db, entry)
    assert [block(db, entry, "b2", locale)["html"] for locale in OTHERS] == [f"112! ({each})" for each in OTHERS]


def test_an_update_for_safety_reaches_every_locale_at_once(db: Database) -> None:
    entry = an_article(db)
    save(db, entry, body=body("Beweeg rustig."), update_type="safety")
    publish_alone(db, entry)
    assert {document(db, entry, locale)["version"] for locale in LOCALES} == {2}
    assert rows(db, "pending") == []


def test_a_critical_edit_after_plain_ones_that_still_wait_is_shown_at_once(db: Database) -> None:
    entry = an_article(db)
    save(db, entry, body=body("Beweeg rustig."))
    publish_alone(db, entry)
    save(db, entry, body=body("Beweeg rustig.", "Bel 112 nu."))
    publish_alone(db, entry, days=2)
    for locale in OTHERS:
        assert (block(db, entry, "b2", locale)["html"], block(db, entry, "b1", locale)["freshness"]) == (
            "Bel 112 nu.",
            "stale",
        )


def test_who_drains_late_gets_what_the_last_write_says(db: Database) -> None:
    entry = an_article(db)
    for number in range(3):
        save(db, entry, body=body(f"Beweeg {number} keer."))
        publish_alone(db, entry, days=number + 1)
    save(db, entry, body=body())
    publish_alone(db, entry, days=4)
    drain(db, SITE, later(days=5))
    found = document(db, entry, "en")
    assert (found["version"], found["translation"]["freshness"], found["translation"]["translated_from"]) == (
        5,
        "current",
        5,
    )
    assert rebuild(db, SITE, later(days=6)) == 0


def test_that_a_locale_is_behind_counts_from_the_moment_of_publishing(db: Database) -> None:
    entry = an_article(db)
    save(db, entry, body=body("Beweeg rustig."))
    first = publish_alone(db, entry)
    save(db, entry, body=body("Beweeg veel."))
    publish_alone(db, entry, days=2)
    drain(db, SITE, later(days=3))
    assert document(db, entry, "en")["translation"]["stale_since"] == first.since


# Ends


def test_withdrawing_reaches_every_locale_in_the_one_write(db: Database) -> None:
    entry = an_article(db)
    editions.withdraw(db, entry, explanation="Onjuist.", by=BY, now=later(days=1), site=SITE)
    found = {locale: documents.read(db, locale, "article", entry) for locale in LOCALES}
    assert {locale: each and each.status for locale, each in found.items()} == dict.fromkeys(LOCALES, 410)


def test_a_locale_that_was_withdrawn_is_named_no_more_once_drained(db: Database) -> None:
    entry = an_article(db)
    editions.withdraw(db, entry, explanation="Onjuist.", by=BY, now=later(days=1), site=SITE, locale="en")
    drain(db, SITE, later(days=2))
    assert [named(found) for locale, found in sorted(served(db, entry).items()) if locale != "en"] == [
        sorted(set(LOCALES) - {"en", locale}) for locale in sorted(LOCALES) if locale != "en"
    ]


# Cards


def test_a_card_whose_translation_is_approved_later_reaches_who_shows_it(db: Database) -> None:
    author = published(db, "author", job_title="Fysiotherapeut")
    translate(db, author, "en")
    publish(db, author, "en")
    article = an_article(db, ("en",), authors=[author])
    translate(db, author, "en", {"job_title": "Physiotherapist"}, now=later(days=1))
    drain(db, SITE, later(days=1))
    assert document(db, article, "en")["authors"][0]["job_title"] == "Physiotherapist"
    assert rebuild(db, SITE, later(days=2)) == 0


def test_a_card_names_the_fields_that_nobody_has_translated_yet(db: Database) -> None:
    author = published(db, "author")
    translate(db, author, "ar")
    publish(db, author, "ar")
    article = an_article(db, ("ar",), authors=[author])
    assert "untranslated" not in document(db, article, "ar")["authors"][0]
    save(db, author, job_title="Fysiotherapeut")
    publish(db, author, now=later(days=1))
    [card] = document(db, article, "ar")["authors"]
    assert (card["locale"], card["job_title"]) == ("ar", "Fysiotherapeut")
    assert card["untranslated"] == {"fields": ["job_title"], "lang": "nl", "dir": "ltr"}
    translate(db, author, "ar", {"job_title": "أخصائي علاج طبيعي"}, now=later(days=2))
    drain(db, SITE, later(days=2))
    assert "untranslated" not in document(db, article, "ar")["authors"][0]
    assert "untranslated" not in document(db, article)["authors"][0]


# A process that dies

PUBLISHER = """
import sys
from cms.publish import editions
from cms.store import connect
from tests.builders import BY, SITE, later, save

db, entry = connect(sys.argv[1]), sys.argv[2]
for number in range(1000):
    save(db, entry, title=f"Titel {number}", now=later(days=1))
    editions.publish(db, entry, "nl", by=BY, now=later(days=1), site=SITE)
    print(number, flush=True)
"""


def test_a_process_that_is_killed_before_it_drains_leaves_that_to_the_next(database_url: str) -> None:
    db = connect(database_url)
    entry = an_article(db)
    before = {locale: document(db, entry, locale) for locale in OTHERS}
    with subprocess.Popen(
        [sys.executable, "-c", PUBLISHER, database_url, entry],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    ) as child:
        assert child.stdout
        told = int(child.stdout.readline())
        child.send_signal(signal.SIGKILL)
        told = int(([told, *child.stdout.read().split()])[-1])
    assert child.returncode == -signal.SIGKILL
    # What was told is committed, for the source and the others alike; those still show what they showed.
    assert document(db, entry)["title"] in (f"Titel {told}", f"Titel {told + 1}")
    assert {locale: document(db, entry, locale) for locale in OTHERS} == before
    [waiting] = rows(db, "pending")
    assert waiting["entry"] == entry
    live = {row["revision"] for row in rows(db, "edition") if row["entry"] == entry and not row["until"]}
    assert live == {document(db, entry)["version"]}
    drain(db, SITE, later(days=2))
    assert {document(db, entry, locale)["version"] for locale in LOCALES} == live
    after = everything(db)
    assert (rebuild(db, SITE, later(days=3)), everything(db) == after) == (0, True)
    db.close()
