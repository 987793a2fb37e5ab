"""Recalls in the browser: who holds what, what a partner said, exercises, closing and the report."""

import csv
from datetime import UTC, datetime

import orjson
import pytest

from cms.partners import holdings, partners, recalls
from cms.partners.partners import Partner
from cms.publish import events
from tests.api.admin.conftest import Office, Visitor
from tests.builders import BY, SITE


def _now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def rug(office: Office) -> Partner:
    return partners.add(office.desk.db, SITE, name="RugNetwerk", contacts=["redactie@rug.example"], by=BY, now=_now())


def test_who_withdraws_sees_who_may_show_it_and_then_who_has_acknowledged(
    anna: Visitor, office: Office, rug: Partner
) -> None:
    db, entry = office.desk.db, office.desk.article()
    assert "No partner is known to show it" in anna.get(f"/admin/entries/{entry}/publish").text
    holdings.note(db, rug.id, [(entry, "nl", 1, events.latest(db))], "item", _now())
    for page in ("publish", "withdraw"):
        assert "RugNetwerk" in anna.get(f"/admin/entries/{entry}/{page}").text
    anna.post(f"/admin/entries/{entry}/withdraw", explanation="Te veel.", severity="safety")
    [recall] = recalls.every(db)
    own = f"/admin/recalls/{recall.id}"
    assert own in anna.get(f"/admin/entries/{entry}/publish").text
    assert own in anna.get("/admin/").text and own in anna.get("/admin/recalls").text
    shown = anna.get(own).text
    assert all(word in shown for word in ("Te veel.", "mailto:redactie@rug.example", "Dutch, revision 1"))

    wrong = anna.post(own, do="acknowledge", partner=rug.id, applied_at="soon", note="Gebeld.")
    assert (wrong.status_code, 'id="applied_at-problem"' in wrong.text) == (422, True)
    assert anna.post(own, do="close", why=" ").status_code == 422
    anna.post(
        own, do="acknowledge", partner=rug.id, applied_at="2026-01-02T12:00", places="https://rug.example/a\n",
        note="=Gebeld.",
    )  # fmt: skip
    called = recalls.of_partner(db, recall.id, rug.id)
    # What a clock in Amsterdam shows.
    assert (called.how, called.applied_at[:16]) == ("person", "2026-01-02T11:00")
    assert recalls.find(db, recall.id).closed_at
    assert (holdings.holders(db, entry), own in anna.get("/admin/").text) == ([], False)
    [line] = csv.DictReader(anna.get(f"{own}/report.csv").text.splitlines())
    assert (line["partner"], line["held"], line["places"]) == ("RugNetwerk", "nl:1", "https://rug.example/a")
    assert line["note"] == "'=Gebeld."  # a spreadsheet would reckon it
    report = anna.get(f"{own}/report.json")
    assert report.headers["Content-Disposition"].startswith("attachment")
    assert orjson.loads(report.data)["counts"] == {"acknowledged": 1, "waiting": 0, "overdue": 0}
    assert anna.get(f"{own}/report.xml").status_code == 404


def test_an_exercise_begins_with_an_article_and_withdraws_nothing(anna: Visitor, office: Office, rug: Partner) -> None:
    db, entry = office.desk.db, office.desk.article()
    chosen = anna.post("/admin/recalls/drill", do="choose", **{"/entry": entry})
    assert chosen.location == f"/admin/recalls/drill?entry={entry}"
    assert chosen.location in anna.get(f"/admin/entries/{entry}/publish").text
    assert "Stijve nek" in anna.get(chosen.location).text
    assert anna.post("/admin/recalls/drill", do="begin", entry=entry, explanation=" ").status_code == 422
    begun = anna.post("/admin/recalls/drill", do="begin", entry=entry, explanation="Oefening.", locales=["nl"])
    [recall] = recalls.every(db)
    assert (begun.location, recall.drill) == (f"/admin/recalls/{recall.id}", True)
    assert office.desk.get("/v1/nl/articles/stijve-nek").status_code == 200
    anna.post(begun.location, do="close", why="Klaar.")
    assert recalls.find(db, recall.id).closed_why == "Klaar."
    shown = anna.get(begun.location).text
    # Closing is no acknowledgement: what the partner says later can be noted.
    assert "Klaar." in shown and 'value="acknowledge"' in shown and 'value="close"' not in shown


def test_a_reviewer_calls_partners_and_sees_none_of_their_other_pages(office: Office, rug: Partner) -> None:
    entry = office.desk.article()
    recall = recalls.drill(office.desk.db, entry, explanation="Oefening.", by=BY, now=_now())
    ria = office.visit(office.person("ria", "reviewer"))
    shown = ria.get(f"/admin/recalls/{recall.id}").text
    assert "RugNetwerk" in shown and "/admin/partners" not in shown
