"""Messages: what belongs together becomes one, in order; who wants which; never large."""

import json
from collections.abc import Collection
from typing import Any

import pytest

from cms.partners import messages
from cms.partners.messages import EVENTS, Message
from cms.partners.scopes import Scope
from cms.publish.events import Event
from cms.site import Site

SITE = Site(url="https://tolk.example")
BACK, NECK = "0198a000-0000-7000-8000-000000000001", "0198a000-0000-7000-8000-000000000002"


def event(seq: int, kind: str, locale: str = "nl", entry: str = BACK, **facts: Any) -> Event:
    """Return an event about an article."""
    told = {
        "type": "article", "slug": f"slug-{locale}", "revision": 2, "update_type": "major", "topics": [],
        "etag": f"etag{seq}", "status": 200, "freshness": "current",
    }  # fmt: skip
    return Event(seq, f"event{seq}", kind, entry, locale, f"2026-03-01T12:00:{seq % 60:02}.000000Z", {**told, **facts})


def made(*happened: Event) -> list[Message]:
    return messages.made(happened, SITE)


def told(message: Message) -> Any:
    return json.loads(message.body)


def test_a_publish_is_one_message() -> None:
    (message,) = made(
        event(7, "edition.published", freshness="source"),
        event(8, "edition.updated", "en", freshness="stale"),
        event(9, "edition.moved", "tr"),
    )
    assert (message.id, message.seq, message.type, message.entry) == ("event7", 7, "edition.published", BACK)
    assert told(message) == {
        "type": "edition.published",
        "timestamp": "2026-03-01T12:00:09.000000Z",
        "data": {
            "id": BACK,
            "entry_type": "article",
            "version": 2,
            "update_type": "major",
            "seq": 9,
            "locales": [
                {
                    "locale": "nl",
                    "event": "edition.published",
                    "url": "https://tolk.example/v1/nl/articles/slug-nl",
                    "status": 200,
                    "etag": "etag7",
                    "freshness": "source",
                },
                {
                    "locale": "en",
                    "event": "edition.updated",
                    "url": "https://tolk.example/v1/en/articles/slug-en",
                    "status": 200,
                    "etag": "etag8",
                    "freshness": "stale",
                },
                {
                    "locale": "tr",
                    "event": "edition.moved",
                    "url": "https://tolk.example/v1/tr/articles/slug-tr",
                    "status": 200,
                    "etag": "etag9",
                    "freshness": "current",
                },
            ],
        },
    }


def test_without_a_publish_the_message_is_named_after_the_rest() -> None:
    assert [each.type for each in made(event(1, "edition.updated"), event(2, "edition.updated", "en"))] == [
        "edition.updated"
    ]
    assert [each.type for each in made(event(1, "edition.updated"), event(2, "edition.moved", "en"))] == [
        "edition.moved"
    ]


def test_of_each_language_the_newest_state_is_told() -> None:
    first = event(1, "edition.published", revision=2, update_type="safety")
    (message,) = made(first, event(2, "edition.published", revision=3), event(3, "edition.updated", revision=3))
    data = told(message)["data"]
    assert (data["version"], data["update_type"], data["seq"]) == (3, "safety", 3)
    assert [(each["event"], each["etag"]) for each in data["locales"]] == [("edition.published", "etag3")]


def test_withdrawn_in_many_languages_is_one_message() -> None:
    (message,) = made(*(event(n, "edition.withdrawn", each, status=410) for n, each in enumerate(("nl", "en", "ar"))))
    assert message.type == "edition.withdrawn"
    assert [each["status"] for each in told(message)["data"]["locales"]] == [410, 410, 410]


def test_what_contradicts_is_told_in_its_order() -> None:
    found = made(
        event(1, "edition.published"), event(2, "edition.unpublished"),
        event(3, "edition.published"), event(4, "edition.updated", "en"),
    )  # fmt: skip
    assert [(each.id, each.type) for each in found] == [
        ("event1", "edition.published"),
        ("event2", "edition.unpublished"),
        ("event3", "edition.published"),
    ]
    assert told(found[1])["data"]["locales"][0]["status"] == 404


def test_translations_that_fell_behind_are_told_beside_it() -> None:
    found = made(
        event(1, "edition.published"),
        event(2, "translation.stale", "en"),
        event(3, "translation.stale.critical", "ar"),
        event(4, "translation.stale", "de"),
        event(5, "edition.updated", "en"),
    )
    assert [(each.id, each.type, len(told(each)["data"]["locales"])) for each in found] == [
        ("event1", "edition.published", 2),
        ("event2", "translation.stale", 2),
        ("event3", "translation.stale.critical", 1),
    ]


def test_what_is_sent_later_never_has_a_lower_number() -> None:
    # Else who leaves what is older than it knows would leave that critical advice fell behind.
    published, stale = made(
        event(7, "edition.published"),
        event(8, "translation.stale.critical", "ar"),
        event(9, "edition.updated", "de"),
    )
    assert (published.seq, stale.seq) == (7, 8)
    assert (stale.type, stale.is_urgent) == ("translation.stale.critical", True)
    assert told(published)["data"]["seq"] == told(stale)["data"]["seq"] == 9
    other, _ = made(event(8, "edition.updated", entry=NECK), event(9, "edition.updated"))
    assert told(other)["data"]["seq"] == 8


def test_each_entry_has_its_messages() -> None:
    found = made(
        event(1, "edition.updated"), event(2, "edition.updated", entry=NECK), event(3, "edition.updated", "en")
    )
    assert [(each.id, each.entry) for each in found] == [("event1", BACK), ("event2", NECK)]


def test_what_is_about_a_partner_says_what_its_event_says() -> None:
    happened = Event(
        4, "event4", "recall.opened", BACK, "", "2026-03-01T12:00:00.000000Z",
        {"type": "article", "recall": "r1", "partner": "p1", "locales": ["nl"], "drill": False},
    )  # fmt: skip
    (message,) = made(happened)
    assert told(message)["data"] == {
        "id": BACK, "entry_type": "article", "seq": 4, "recall": "r1", "locales": ["nl"], "drill": False,
    }  # fmt: skip


def test_a_long_explanation_is_cut() -> None:
    happened = Event(4, "e", "recall.opened", BACK, "", "2026", {"explanation": "ا" * 20_000})
    (message,) = made(happened)
    assert len(message.body.encode()) < 20_000
    assert told(message)["data"]["explanation"].endswith("ا…")


def test_recalls_are_never_put_together() -> None:
    reminders = [Event(n, f"event{n}", "recall.reminder", BACK, "", "2026", {"recall": "r1"}) for n in (1, 2)]
    assert [each.id for each in made(*reminders)] == ["event1", "event2"]


def test_a_type_that_is_registered_no_longer_has_no_address() -> None:
    (message,) = made(event(1, "edition.unpublished", type="exercise"))
    assert told(message)["data"]["locales"][0]["url"] is None


@pytest.mark.parametrize("slug", ["s", "ا" * 200])
def test_no_message_is_larger_than_the_standard_allows(slug: str) -> None:
    locales = [f"x{a}{b}" for a in "abcdefgh" for b in "abcdefghijklmnop"]
    found = made(*(event(n, "edition.updated", each, slug=slug) for n, each in enumerate(locales)))
    assert max(len(each.body.encode()) for each in found) < 20_000
    assert [each["locale"] for message in found for each in told(message)["data"]["locales"]] == locales
    assert len({each.id for each in found}) == len(found)


@pytest.mark.parametrize(
    ("happened", "urgent"),
    [
        (event(1, "edition.published"), False),
        (event(1, "edition.published", update_type="safety"), True),
        (event(1, "edition.updated", status=410), True),
        (event(1, "edition.withdrawn"), True),
        (event(1, "edition.unpublished"), True),
        (event(1, "translation.stale", update_type="safety"), False),
        (event(1, "translation.stale.critical"), True),
        (event(1, "recall.opened"), True),
        (event(1, "edition.renewed"), False),
    ],
)
def test_what_may_harm_is_urgent(happened: Event, urgent: bool) -> None:
    assert messages.is_urgent(happened) is urgent
    assert made(happened)[0].is_urgent is urgent


ALL = Scope()


def wanted(
    happened: Event, *scopes: Scope, names: Collection[str] = (), topics: list[Collection[str]] | None = None
) -> bool:
    return messages.is_wanted(happened, names, scopes, topics or [happened.data["topics"]])


@pytest.mark.parametrize("kind", EVENTS)
def test_who_names_nothing_is_told_everything_but_renewals(kind: str) -> None:
    assert wanted(event(1, kind), ALL) is (kind != "edition.renewed")
    assert wanted(event(1, kind), ALL, names=[kind])
    assert not wanted(event(1, kind), ALL, names=["webhook.ping"])


@pytest.mark.parametrize("kind", ["schedule.failed", "translation.carried"])
def test_what_is_nobody_elses_business_is_told_to_nobody(kind: str) -> None:
    assert not wanted(event(1, kind), ALL)


@pytest.mark.parametrize(
    ("scopes", "expected"),
    [
        ([ALL, ALL], True),
        ([Scope(types=frozenset({"article"})), Scope(locales=frozenset({"nl", "en"}))], True),
        ([Scope(types=frozenset({"author"})), ALL], False),
        ([ALL, Scope(locales=frozenset({"tr"}))], False),
        ([Scope(topics=frozenset({"t1"})), ALL], True),
        ([Scope(topics=frozenset({"t1"})), Scope(topics=frozenset({"t9"}))], False),
    ],
)
def test_an_event_must_fit_every_scope(scopes: list[Scope], expected: bool) -> None:
    assert wanted(event(1, "edition.published", topics=["t1"]), *scopes) is expected


def test_who_had_it_by_its_topics_of_before_hears_of_it() -> None:
    happened = event(1, "edition.published", topics=["t2"])
    scope = Scope(topics=frozenset({"t1"}))
    assert not wanted(happened, scope)
    assert wanted(happened, scope, topics=[["t2"], ["t1"]])


def test_a_recall_is_told_for_any_of_its_languages_and_whatever_its_topics() -> None:
    happened = event(1, "recall.opened", "", locales=["nl", "tr"])
    assert wanted(happened, Scope(frozenset(), frozenset({"tr"}), frozenset({"t1"})))
    assert not wanted(happened, Scope(frozenset(), frozenset({"en"})))


def test_what_is_about_no_entry_fits_every_scope() -> None:
    happened = Event(1, "e", "webhook.disabled", "", "", "2026", {"partner": "p", "webhook": "w"})
    assert messages.is_wanted(happened, (), [Scope(frozenset({"author"}))])
