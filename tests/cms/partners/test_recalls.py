"""Recalls: opened whoever withdrew it, closed when everybody is known to have taken it down."""

from datetime import timedelta
from typing import Any

import pytest

from cms.content.identity import stamp
from cms.errors import NotFound, Refused
from cms.partners import holdings, partners, recalls
from cms.partners.partners import Partner
from cms.partners.recalls import Called, Recall
from cms.publish import events
from cms.store import Database, write
from tests.builders import BY, NOW, SITE, later, publish, published, translate, withdraw

DAYS = 3


def partner(db: Database, name: str = "RugNetwerk", **given: Any) -> Partner:
    return partners.add(db, SITE, name=name, by=BY, now=NOW, **{"acknowledge_hours": 72, **given})


def given(db: Database, to: Partner, entry: str, locale: str = "nl", revision: int = 1) -> None:
    holdings.note(db, to.id, [(entry, locale, revision, events.latest(db))], "item", NOW)


def recalled(db: Database, entry: str = "", **told: Any) -> Recall:
    withdraw(db, entry or published(db, "article"), severity="safety", **told)
    recalls.follow(db, NOW)
    return recalls.every(db)[0]


def only(db: Database, recall: Recall) -> Called:
    [found] = recalls.called(db, recall.id)
    return found


def told(db: Database, kind: str) -> list[dict[str, Any]]:
    return [dict(event.data) for event in events.after(db, 0, 1_000) if event.type == kind]


def test_a_withdrawal_for_safety_opens_one_recall_of_all_languages(db: Database) -> None:
    rug = partner(db)
    entry = published(db, "article", title="Rug")
    translate(db, entry, "en")
    publish(db, entry, "en")
    recall = recalled(db, entry, explanation="Te veel paracetamol.")
    assert (recall.title, recall.locales, recall.explanation) == ("Rug", ("en", "nl"), "Te veel paracetamol.")
    assert (recall.severity, recall.opened_by, recall.drill) == ("safety", BY, False)
    recalls.follow(db, NOW)
    assert recalls.every(db) == [recall]
    assert [(each["partner"], each["locales"]) for each in told(db, "recall.opened")] == [(rug.id, ["en", "nl"])]


@pytest.mark.parametrize("severity", ["editorial", "legal"])
def test_another_withdrawal_is_no_recall(db: Database, severity: str) -> None:
    partner(db)
    withdraw(db, published(db, "article"), severity=severity)
    recalls.follow(db, NOW)
    assert recalls.every(db) == []


def test_each_language_can_be_recalled_at_its_own_time(db: Database) -> None:
    partner(db)
    entry = published(db, "article")
    translate(db, entry, "en")
    publish(db, entry, "en")
    recalled(db, entry, locale="en", now=later(hours=1))
    recalled(db, entry, now=later(hours=2))
    assert [recall.locales for recall in recalls.every(db)] == [("nl",), ("en",)]


def test_what_was_published_again_before_anybody_looked_is_recalled_all_the_same(db: Database) -> None:
    partner(db)
    entry = published(db, "article")
    withdraw(db, entry, severity="safety", now=later(hours=1))
    publish(db, entry, now=later(hours=2))
    recalls.follow(db, later(hours=3))
    [recall] = recalls.every(db)
    assert recall.opened_at == stamp(later(hours=1))


def test_it_concerns_who_may_have_it_and_who_was_given_it(db: Database) -> None:
    topic = published(db, "topic")
    about = published(db, "article", topics=[topic])
    every, english = partner(db, "Alles"), partner(db, "Engels", locales=["en"])
    partner(db, "Auteurs", types=["author"])
    partner(db, "Ander onderwerp", topics=[published(db, "topic", title="Nek")])
    away, quiet = partner(db, "Weg"), partner(db, "Stil")
    given(db, english, about)
    given(db, away, about, revision=1)
    partners.suspend(db, away.id)
    partners.suspend(db, quiet.id)
    recall = recalled(db, about)
    found = {each.partner_name: [(held.locale, held.revision) for held in each.holds] for each in
             recalls.called(db, recall.id)}  # fmt: skip
    assert found == {"Alles": [], "Engels": [("nl", 1)], "Weg": [("nl", 1)]}
    assert every.name in found


def test_a_recall_that_concerns_nobody_is_closed_at_once(db: Database) -> None:
    recall = recalled(db)
    assert (recalls.called(db, recall.id), recall.closed_why) == ([], "acknowledged")


def test_an_acknowledgement_says_when_and_where_and_ends_what_was_held(db: Database) -> None:
    rug = partner(db)
    entry = published(db, "article")
    given(db, rug, entry)
    recall = recalled(db, entry, now=later(hours=1))
    recalls.acknowledge(
        db, recall.id, rug.id, applied_at=later(hours=2), places=["https://rug.example/a"], now=later(hours=3)
    )
    found = only(db, recall)
    assert (found.how, found.applied_at, found.acknowledged_at) == ("api", stamp(later(hours=2)), stamp(later(hours=3)))
    assert (found.places, found.state(later(days=9))) == (("https://rug.example/a",), "acknowledged")
    assert holdings.holders(db, entry) == []
    assert recalls.find(db, recall.id).closed_why == "acknowledged"
    assert [each["why"] for each in told(db, "recall.closed")] == ["acknowledged"]


def test_the_first_acknowledgement_stands(db: Database) -> None:
    rug, _ = partner(db), partner(db, "Ander")
    recall = recalled(db)
    first = recalls.acknowledge(db, recall.id, rug.id, note="eerst", now=later(hours=1))
    assert recalls.acknowledge(db, recall.id, rug.id, note="later", now=later(hours=2)) == first
    assert recalls.find(db, recall.id).closed_at == ""


def test_a_partner_that_it_does_not_concern_cannot_acknowledge(db: Database) -> None:
    recall = recalled(db)
    with pytest.raises(NotFound):
        recalls.acknowledge(db, recall.id, partner(db).id, now=NOW)


def test_a_cursor_that_has_passed_it_acknowledges(db: Database) -> None:
    rug = partner(db)
    entry = published(db, "article")
    given(db, rug, entry)
    recall = recalled(db, entry)
    holdings.prove(db, rug.id, recall.seq - 1, later(hours=1))
    recalls.keep(db, later(hours=1))
    assert only(db, recall).acknowledged_at == ""
    holdings.prove(db, rug.id, recall.seq, later(hours=2))
    recalls.keep(db, later(hours=3))
    found = only(db, recall)
    assert (found.how, found.applied_at) == ("sync", stamp(later(hours=2)))
    assert recalls.find(db, recall.id).closed_at


def test_a_cursor_of_a_part_acknowledges_nothing_while_more_is_held(db: Database) -> None:
    rug = partner(db)
    entry = published(db, "article")
    given(db, rug, entry)
    recall = recalled(db, entry)
    # Such a cursor moves the partner on without having shown that this is gone.
    with write(db):
        db.table("partner").update(rug.id, {"position": recall.seq, "seen_at": stamp(NOW)})
    recalls.keep(db, later(hours=1))
    assert only(db, recall).acknowledged_at == ""


def test_partners_are_reminded_at_half_time_and_escalated_at_the_deadline_once(db: Database) -> None:
    rug = partner(db)
    recall = recalled(db)
    seen = []
    for hours in (0, 35, 36, 37, 71, 72, 73, 1_000):
        recalls.keep(db, NOW + timedelta(hours=hours))
        seen.append((len(told(db, "recall.reminder")), len(told(db, "recall.overdue"))))
    assert seen == [(0, 0), (0, 0), (1, 0), (1, 0), (1, 0), (1, 1), (1, 1), (1, 1)]
    assert [each["partner"] for kind in ("recall.reminder", "recall.overdue") for each in told(db, kind)] == [
        rug.id
    ] * 2
    assert only(db, recall).state(later(hours=72)) == "overdue"


def test_who_was_not_looked_after_until_the_deadline_is_escalated_at_once(db: Database) -> None:
    partner(db)
    withdraw(db, published(db, "article"), severity="safety")
    recalls.keep(db, later(days=9))
    assert [len(told(db, f"recall.{kind}")) for kind in ("opened", "reminder", "overdue")] == [1, 0, 1]


def test_the_deadline_is_the_partners_own(db: Database) -> None:
    partner(db, "Snel", acknowledge_hours=1)
    partner(db, "Traag", acknowledge_hours=240)
    recall = recalled(db)
    assert [each.deadline_at for each in recalls.called(db, recall.id)] == [
        stamp(later(hours=1)),
        stamp(later(hours=240)),
    ]


def test_a_drill_is_the_same_and_withdraws_nothing(db: Database) -> None:
    rug = partner(db)
    entry = published(db, "article")
    given(db, rug, entry)
    recall = recalls.drill(db, entry, explanation="Oefening.", by=BY, now=NOW)
    assert (recall.drill, recall.locales) == (True, ("nl",))
    assert told(db, "recall.opened")[0]["drill"] is True
    holdings.prove(db, rug.id, recall.seq, later(hours=1))
    recalls.keep(db, later(hours=1))
    assert only(db, recall).how == "sync"
    assert [held.revision for held in holdings.holders(db, entry)] == [1]


def test_a_drill_needs_a_reason_and_something_published(db: Database) -> None:
    entry = published(db, "article")
    with pytest.raises(Refused) as refused:
        recalls.drill(db, entry, explanation=" ", locales=["tr"], by=BY, now=NOW)
    assert [(each.pointer, each.code) for each in refused.value.reasons] == [
        ("/explanation", "needed"),
        ("/locales", "not_published"),
    ]


def test_a_person_can_close_it_with_a_reason_and_the_ledger_stays(db: Database) -> None:
    rug = partner(db)
    entry = published(db, "article")
    given(db, rug, entry)
    recall = recalled(db, entry)
    with pytest.raises(Refused):
        recalls.close(db, recall.id, by=BY, why="", now=NOW)
    closed = recalls.close(db, recall.id, by=BY, why="Site opgeheven.", now=later(hours=1))
    assert (closed.closed_by, closed.closed_why) == (BY, "Site opgeheven.")
    with pytest.raises(Refused):
        recalls.close(db, recall.id, by=BY, why="Nog eens.", now=later(hours=2))
    recalls.keep(db, later(days=9))
    assert told(db, "recall.overdue") == []
    assert [held.partner for held in holdings.holders(db, entry)] == [rug.id]


def test_the_report_says_who_held_what_and_who_may_still_show_it(db: Database) -> None:
    rug, knie = partner(db), partner(db, "Knienetwerk")
    entry = published(db, "article")
    for each in (rug, knie):
        given(db, each, entry)
    recall = recalled(db, entry)
    recalls.acknowledge(db, recall.id, rug.id, now=later(hours=1))
    report = recalls.report(db, recall.id, later(days=4))
    assert report["counts"] == {"acknowledged": 1, "waiting": 0, "overdue": 1}
    assert [(each["partner_name"], each["state"], each["holds"]) for each in report["partners"]] == [
        ("Knienetwerk", "overdue", ({"locale": "nl", "revision": 1},)),
        ("RugNetwerk", "acknowledged", ({"locale": "nl", "revision": 1},)),
    ]
    assert [each["name"] for each in report["may_still_show"]] == ["Knienetwerk"]


def test_a_partner_sees_its_own(db: Database) -> None:
    rug, knie = partner(db), partner(db, "Knienetwerk", locales=["en"])
    first, second = recalled(db, now=later(hours=1)), recalled(db, now=later(hours=2))
    assert [recall.id for recall, _ in recalls.concerning(db, rug.id)] == [second.id, first.id]
    assert recalls.concerning(db, knie.id) == []
    recalls.acknowledge(db, first.id, rug.id, now=later(hours=3))
    assert [recall.id for recall, _ in recalls.concerning(db, rug.id, unacknowledged=True)] == [second.id]


def test_many_withdrawals_at_once_are_all_followed(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recalls, "CHUNK", 2)
    partner(db)
    author = published(db, "author")
    made = []
    for number in range(5):
        entry = published(db, "article", title=f"Artikel {number}", authors=[author])
        translate(db, entry, "en")
        publish(db, entry, "en")
        withdraw(db, entry, severity="safety", now=later(minutes=number))
        made.append(entry)
    recalls.follow(db, later(hours=1))
    assert sorted(recall.entry for recall in recalls.every(db)) == sorted(made)
    assert {recall.locales for recall in recalls.every(db)} == {("en", "nl")}
