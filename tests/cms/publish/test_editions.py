"""Publishing, unpublishing and withdrawing; what becomes of addresses; all of it, or nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from cms.content import saving
from cms.content.identity import stamp
from cms.errors import NotFound, Refused, SlugTaken
from cms.publish import documents, editions, events, live
from cms.publish.live import Edition
from cms.publish.signing_keys import Signer
from cms.store import Database
from tests import builders
from tests.builders import (
    BY,
    NOW,
    a_paragraph,
    create,
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

NOBODY = "0198c0de-0000-7000-8000-000000000000"
GONE = "Dit advies klopt niet meer."


def reasons(act: Callable[[], Any]) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        act()
    return [(reason.pointer, reason.code) for reason in caught.value.reasons]


def unpublish(db: Database, entry: str, locale: str = "nl", days: int = 1) -> list[Edition]:
    return builders.unpublish(db, entry, locale, now=later(days=days))


def withdraw(db: Database, entry: str, days: int = 1, **options: Any) -> list[Edition]:
    return builders.withdraw(db, entry, now=later(days=days), **{"explanation": GONE, **options})


def served(db: Database, slug: str, locale: str = "nl", type_name: str = "article") -> tuple[int, str] | None:
    """Return the status at an address and where it leads."""
    found = documents.read(db, locale, type_name, slug)
    return found and (found.status, found.location)


def slugged(db: Database, slug: str, title: str = "Rug", **fields: Any) -> str:
    return published(db, "article", slug=slug, title=title, **fields)


# Publishing


def test_a_draft_is_not_served(db: Database) -> None:
    entry = create(db, "article")
    assert (served(db, entry), served(db, "door-je-rug-gaan")) == (None, None)


def test_what_is_published_is_served_under_its_slug_and_its_id(db: Database) -> None:
    entry = published(db, "article")
    assert served(db, "door-je-rug-gaan") == served(db, entry) == (200, "")
    assert document(db, entry)["title"] == "Door je rug gaan"


def test_an_edition_tells_who_published_what_and_when(db: Database) -> None:
    entry = published(db, "article")
    assert live.current(db, entry) == {
        "nl": Edition(
            entry,
            "nl",
            1,
            "article",
            1,
            "published",
            "door-je-rug-gaan",
            "major",
            stamp(NOW),
            stamp(NOW),
            "",
            BY,
            1,
            "",
            "",
        )
    }


def test_saving_changes_nothing_that_readers_get_until_it_is_published(db: Database) -> None:
    entry = published(db, "article")
    before = rows(db, "document")
    save(db, entry, title="Anders")
    assert rows(db, "document") == before
    publish(db, entry, now=later(days=1))
    assert document(db, entry)["title"] == "Anders"


def test_the_first_day_of_publishing_stays(db: Database) -> None:
    entry = published(db, "article")
    save(db, entry, title="Anders", now=later(days=1), update_type="minor")
    publish(db, entry, now=later(days=2))
    found = document(db, entry)
    assert (found["published_at"], found["content_changed_at"], found["modified_at"], found["version"]) == (
        stamp(NOW),
        stamp(NOW),
        stamp(later(days=1)),
        2,
    )


def test_publishing_what_is_published_changes_nothing_at_all(db: Database) -> None:
    entry = published(db, "article")
    before = everything(db)
    publish(db, entry, now=later(days=1))
    assert everything(db) == before


def test_the_edition_before_is_kept_with_its_end(db: Database) -> None:
    entry = published(db, "article")
    save(db, entry, title="Anders")
    publish(db, entry, now=later(days=1))
    kept = [row for row in rows(db, "edition") if row["entry"] == entry]
    assert [(row["number"], row["revision"], row["until"]) for row in kept] == [
        (1, 1, stamp(later(days=1))),
        (2, 2, ""),
    ]


@pytest.mark.parametrize(
    ("saves", "told"),
    [
        (["minor"], "minor"),
        (["safety", "minor"], "safety"),
        (["minor", "safety", "republish"], "safety"),
        (["minor", "major", "minor"], "major"),
        (["republish"], "republish"),
    ],
)
def test_an_update_is_as_grave_as_the_gravest_edit_in_it(db: Database, saves: list[str], told: str) -> None:
    entry = published(db, "article")
    for number, update_type in enumerate(saves):
        save(db, entry, title=f"Titel {number}", update_type=update_type)
    assert publish(db, entry, now=later(days=1)).update_type == told
    assert document(db, entry)["update_type"] == told


@pytest.mark.parametrize(
    ("entry", "locale", "reason"),
    [("", "xx", ("/locale", "unknown_locale")), ("", "NL", ("/locale", "unknown_locale"))],
)
def test_a_locale_that_the_site_does_not_have_is_refused(
    db: Database, entry: str, locale: str, reason: tuple[str, str]
) -> None:
    entry = create(db, "topic")
    assert reasons(lambda: publish(db, entry, locale)) == [reason]


def test_what_does_not_exist_cannot_be_published(db: Database) -> None:
    with pytest.raises(NotFound):
        publish(db, NOBODY)


@pytest.mark.parametrize("type_name", ["article", "author", "clinic", "topic"])
def test_events_tell_what_became_of_a_document_in_order(db: Database, type_name: str) -> None:
    entry = published(db, type_name)
    save(db, entry, slug="anders")
    publish(db, entry, now=later(days=1))
    withdraw(db, entry, days=2)
    publish(db, entry, now=later(days=3))
    unpublish(db, entry, days=4)
    assert event_types(db, entry) == [
        "edition.published",
        "edition.published",
        "edition.withdrawn",
        "edition.published",
        "edition.unpublished",
    ]
    numbers = [row["seq"] for row in rows(db, "event")]
    assert numbers == list(range(1, len(numbers) + 1))


# Unpublishing


def test_what_is_unpublished_is_not_served(db: Database) -> None:
    entry = published(db, "article")
    [ended] = unpublish(db, entry)
    assert (ended.state, served(db, entry), served(db, "door-je-rug-gaan")) == ("unpublished", None, None)


def test_unpublishing_the_source_ends_every_locale(db: Database) -> None:
    entry = published(db, "article")
    translate(db, entry, "en")
    publish(db, entry, "en")
    assert [edition.locale for edition in unpublish(db, entry)] == ["en", "nl"]
    assert served(db, entry, "en") is None


def test_unpublishing_a_translation_leaves_the_source_which_names_it_no_more(db: Database) -> None:
    entry = published(db, "article")
    translate(db, entry, "en")
    publish(db, entry, "en")
    assert [alternate["locale"] for alternate in document(db, entry)["alternates"]] == ["en"]
    unpublish(db, entry, "en")
    assert (served(db, entry, "en"), document(db, entry)["alternates"]) == (None, [])


@pytest.mark.parametrize("locale", ["nl", "en", "xx"])
def test_only_what_is_published_can_be_unpublished(db: Database, locale: str) -> None:
    entry = create(db, "article")
    assert reasons(lambda: unpublish(db, entry, locale)) == [("/locale", "not_published")]


def test_what_was_unpublished_can_be_published_again_at_its_address(db: Database) -> None:
    entry = published(db, "article")
    unpublish(db, entry)
    publish(db, entry, now=later(days=2))
    assert served(db, "door-je-rug-gaan") == (200, "")
    assert document(db, entry)["published_at"] == stamp(NOW)


# Withdrawing


def test_withdrawn_advice_says_why_and_where_to_go_instead(db: Database) -> None:
    entry, better = published(db, "article"), published(db, "article", title="Beter advies")
    withdraw(db, entry, replacement=better, severity="safety")
    found = document(db, "door-je-rug-gaan")
    assert served(db, entry) == (410, "")
    assert (found["status"], found["code"], found["detail"], found["severity"]) == (410, "withdrawn", GONE, "safety")
    assert (found["title"], found["lang"], found["withdrawn_at"]) == (
        "Dit advies is ingetrokken.",
        "nl",
        stamp(later(days=1)),
    )
    assert (found["replacement"]["id"], found["replacement"]["href"]) == (
        better,
        "https://tolk.example/v1/nl/articles/beter-advies",
    )


def test_withdrawing_the_source_withdraws_every_locale_in_its_own_language(db: Database) -> None:
    entry = published(db, "article")
    translate(db, entry, "en")
    publish(db, entry, "en")
    withdraw(db, entry)
    assert (served(db, entry, "en"), document(db, entry, "en")["lang"]) == ((410, ""), "en")


def test_withdrawing_a_translation_leaves_the_source(db: Database) -> None:
    entry = published(db, "article")
    translate(db, entry, "en")
    publish(db, entry, "en")
    withdraw(db, entry, locale="en")
    assert (served(db, entry, "en"), served(db, entry)) == ((410, ""), (200, ""))
    assert document(db, entry)["alternates"] == []


def test_earlier_addresses_of_withdrawn_advice_lead_to_the_explanation(db: Database) -> None:
    entry = slugged(db, "a")
    save(db, entry, slug="b")
    publish(db, entry)
    withdraw(db, entry)
    assert (served(db, "a"), served(db, "b")) == ((301, "b"), (410, ""))


def test_withdrawn_advice_can_be_published_again(db: Database) -> None:
    entry = published(db, "article")
    withdraw(db, entry)
    publish(db, entry, now=later(days=2))
    assert served(db, entry) == (200, "")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"explanation": " \n"}, [("/explanation", "needed")]),
        ({"severity": "odd"}, [("/severity", "not_a_choice")]),
        ({"replacement": NOBODY}, [("/replacement", "reference_not_published")]),
        ({"locale": "en"}, [("/locale", "not_published")]),
        ({"explanation": "", "severity": "x"}, [("/explanation", "needed"), ("/severity", "not_a_choice")]),
    ],
)
def test_a_withdrawal_that_explains_nothing_is_refused(
    db: Database, options: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    entry = published(db, "article")
    before = everything(db)
    assert reasons(lambda: withdraw(db, entry, **options)) == expected
    assert everything(db) == before


def test_advice_is_not_replaced_by_itself_or_by_a_draft(db: Database) -> None:
    entry, draft = published(db, "article"), create(db, "article", title="Concept")
    for replacement in (entry, draft):
        refused = reasons(lambda replacement=replacement: withdraw(db, entry, replacement=replacement))
        assert refused == [("/replacement", "reference_not_published")]


def test_a_withdrawal_follows_its_replacement_to_a_new_address(db: Database) -> None:
    entry, better = published(db, "article"), published(db, "article", title="Beter advies")
    withdraw(db, entry, replacement=better)
    save(db, better, slug="nog-beter")
    publish(db, better, now=later(days=2))
    assert document(db, entry)["replacement"]["slug"] == "nog-beter"
    unpublish(db, better, days=3)
    assert document(db, entry)["replacement"] is None


# Addresses


def test_every_earlier_slug_leads_to_the_newest(db: Database) -> None:
    entry = slugged(db, "a")
    for slug in ("b", "c"):
        save(db, entry, slug=slug)
        publish(db, entry)
    assert [served(db, slug) for slug in ("a", "b", "c")] == [(301, "c"), (301, "c"), (200, "")]


def test_a_slug_that_comes_back_makes_no_loop(db: Database) -> None:
    entry = slugged(db, "a")
    for slug in ("b", "a"):
        save(db, entry, slug=slug)
        publish(db, entry)
    assert [served(db, slug) for slug in ("a", "b")] == [(200, ""), (301, "a")]
    assert event_types(db, entry) == ["edition.published"] * 3


def test_a_redirect_has_no_body_and_is_in_no_list(db: Database) -> None:
    entry = slugged(db, "a")
    save(db, entry, slug="b")
    publish(db, entry)
    moved = documents.read(db, "nl", "article", "a")
    assert moved and (moved.body, moved.entry) == (b"", entry)
    assert documents.slugs(db, "article", entry) == {"nl": "b"}


def test_a_changed_title_keeps_the_address(db: Database) -> None:
    entry = published(db, "article")
    save(db, entry, title="Een heel andere titel")
    publish(db, entry)
    assert document(db, entry)["slug"] == "door-je-rug-gaan"


def test_a_chosen_slug_of_another_is_refused_with_one_that_is_free(db: Database) -> None:
    holder = slugged(db, "rug")
    slugged(db, "rug-2")
    other = create(db, "article", slug="rug", authors=[published(db, "author", name="Els")])
    before = everything(db)
    with pytest.raises(SlugTaken) as caught:
        publish(db, other)
    taken = caught.value
    assert (taken.locale, taken.slug, taken.holder, taken.suggestion) == ("nl", "rug", holder, "rug-3")
    assert everything(db) == before


@pytest.mark.parametrize("end", ["moved", "unpublished", "withdrawn"])
def test_an_address_stays_with_its_entry_for_good(db: Database, end: str) -> None:
    holder = slugged(db, "rug")
    if end == "moved":
        save(db, holder, slug="rug-nieuw")
        publish(db, holder)
    elif end == "unpublished":
        unpublish(db, holder)
    else:
        withdraw(db, holder)
    other = create(db, "article", slug="rug", authors=[published(db, "author", name="Els")])
    with pytest.raises(SlugTaken):
        publish(db, other)


def test_a_slug_that_is_made_of_the_title_is_made_free(db: Database) -> None:
    slugs = [document(db, published(db, "topic"), type_name="topic")["slug"] for _ in range(3)]
    assert slugs == ["rugpijn", "rugpijn-2", "rugpijn-3"]


def test_a_slug_belongs_to_one_type_and_one_locale(db: Database) -> None:
    slugged(db, "rug")
    topic = published(db, "topic", slug="rug")
    entry = published(db, "article", title="Anders")
    translate(db, entry, "en", {"title": "Other", "body.b1.text": "Move.", "slug": "rug"})
    publish(db, entry, "en")
    assert (document(db, "rug", type_name="topic")["id"], document(db, "rug", "en")["id"]) == (topic, entry)


@pytest.mark.parametrize("title", ["?!", NOBODY])
def test_a_title_without_words_leads_to_the_id(db: Database, title: str) -> None:
    entry = published(db, "topic", title=title)
    assert document(db, entry, type_name="topic")["slug"] == entry


def test_publishing_again_does_not_renew_the_claim_to_a_slug(db: Database) -> None:
    entry = slugged(db, "rug")
    save(db, entry, summary="Kort.")
    publish(db, entry, now=later(days=1))
    assert [row["since"] for row in rows(db, "slug") if row["entry"] == entry] == [stamp(NOW)]


# All or nothing


def test_a_publish_that_fails_late_leaves_nothing_behind(db: Database) -> None:
    """The slug is claimed after the rules were checked and other things were written."""
    slugged(db, "back-pain")
    entry = slugged(db, "rugpijn", title="Rugpijn")
    holder = published(db, "article", title="Holder")
    translate(db, holder, "en", {"title": "Holder", "body.b1.text": "Move.", "slug": "back-pain"})
    publish(db, holder, "en")
    translate(db, entry, "en", {"title": "Back pain", "body.b1.text": "Move.", "slug": "back-pain"})
    before = everything(db)
    with pytest.raises(SlugTaken):
        publish(db, entry, "en", now=later(days=1))
    assert everything(db) == before


def test_a_publish_that_fails_in_the_store_leaves_nothing_behind(db: Database) -> None:
    """The last step but one meets a row that stands in its way."""
    entry = published(db, "article", slug="rug")
    save(db, entry, slug="nieuw", title="Nieuw")
    other = next(row for row in rows(db, "document") if row["entry"] == entry)
    with editions.write(db):
        db.table("document").insert({**other, "entry": NOBODY, "slug": "nieuw"})
    before = everything(db)
    with pytest.raises(Exception, match=r"(?i)unique|duplicate"):
        publish(db, entry, now=later(days=1))
    assert everything(db) == before
    assert events.latest(db) == max(row["seq"] for row in rows(db, "event"))


def test_an_older_write_never_wins(db: Database) -> None:
    entry = published(db, "article")
    found = documents.read(db, "nl", "article", entry)
    assert found
    newer, older = document(db, entry) | {"title": "Nieuw"}, document(db, entry) | {"title": "Oud"}
    with editions.write(db):
        signer = Signer(db, later(days=1))
        for written, seq in ((newer, 5), (older, 4)):
            body = documents.freeze(written)
            told = events.Told(found.seq + seq, documents.etag(body), stamp(later(days=1)))
            before = documents.standing(db, entry, ["nl"])["nl"]
            documents.put(db, written, body, documents.LIVE, told, signer=signer, before=before, slugs=[found.slug])
    assert document(db, entry)["title"] == "Nieuw"


def test_only_ones_own_tables_are_touched_by_saving(db: Database) -> None:
    entry = published(db, "article")
    before = everything(db)
    saving.save(db, entry, {"title": "Anders"}, based_on=1, by=BY, now=NOW)
    after = everything(db)
    assert {name for name in before if before[name] != after[name]} == {"entry", "revision"}


def test_a_linked_entry_is_followed_to_its_address_in_the_readers_language(db: Database) -> None:
    target = published(db, "article", title="Bewegen")
    entry = published(db, "article", title="Rug", body=[a_paragraph(f"Zie [hier](entry:{target}).")])
    assert document(db, entry)["body"][0]["html"] == (
        'Zie <a href="https://tolk.example/v1/nl/articles/bewegen">hier</a>.'
    )
    save(db, target, slug="meer-bewegen")
    publish(db, target)
    assert "/meer-bewegen" in document(db, entry)["body"][0]["html"]
    unpublish(db, target)
    assert document(db, entry)["body"][0]["html"] == "Zie hier."
