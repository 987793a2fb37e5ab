"""The audit log as an administrator reads it."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

from cms.people import audit
from cms.people.rights import Actor
from cms.store import write
from tests.api.admin.conftest import Office, Visitor

NOW = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)
BOB = Actor("bob", "=Bob()", "person", frozenset({"editor"}), address="203.0.113.7")


def record(office: Office, count: int = 1, action: str = "entry.save", **fields: object) -> None:
    with write(office.desk.db):
        for number in range(count):
            now = NOW + timedelta(minutes=number)
            audit.record(office.desk.db, BOB, action, now=now, **fields)  # type: ignore[arg-type]


def test_it_tells_who_what_when_and_from_where(anna: Visitor, office: Office) -> None:
    record(office, before={"title": "Nek"}, after={"title": "<b>Rug</b>"}, note="a note")
    page = anna.get("/admin/audit").text
    for said in ("=Bob()", "203.0.113.7", "Save content", "1 Mar 2026 23:30", "&lt;b&gt;Rug", "a note"):
        assert said in page


def test_it_names_the_entry_and_leads_to_all_that_was_done_to_it(anna: Visitor, office: Office) -> None:
    entry = office.desk.article(title="Nek vast")
    record(office, entry=entry, type="article", locale="nl")
    record(office, entry="0" * 8, type="article", locale="nl")
    page = anna.get(f"/admin/audit?action=entry.save&entry={entry}").text
    assert "Nek vast</bdi></a>" in page
    assert page.count("203.0.113.7") == 1


def test_a_day_is_a_day_of_the_installation(anna: Visitor, office: Office) -> None:
    record(office, note="late in the evening of the first")
    shown = {
        day: "late in the evening" in anna.get(f"/admin/audit?since={day}&until={day}").text
        for day in ("2026-02-28", "2026-03-01", "2026-03-02")
    }
    assert shown == {"2026-02-28": False, "2026-03-01": True, "2026-03-02": False}


def test_a_day_that_is_none_filters_nothing(anna: Visitor, office: Office) -> None:
    record(office)
    assert "=Bob()" in anna.get("/admin/audit?since=yesterday&before=x&until=9999-12-31").text


def test_older_lines_are_on_the_next_page(anna: Visitor, office: Office) -> None:
    record(office, 60)
    first = anna.get("/admin/audit?action=entry.save")
    assert first.text.count("203.0.113.7") == 50
    older = anna.get("/admin/audit?action=entry.save&before=11")
    assert older.text.count("203.0.113.7") == 10


def test_lines_are_filtered_by_person_and_action(anna: Visitor, office: Office) -> None:
    record(office)
    record(office, action="key.make")
    assert anna.get("/admin/audit?actor=bob&action=key.make").text.count("203.0.113.7") == 1
    assert "203.0.113.7" not in anna.get("/admin/audit?actor=somebody").text


def test_the_export_holds_every_line_that_fits(anna: Visitor, office: Office) -> None:
    record(office, 3, after={"n": 1})
    answer = anna.get("/admin/audit/export.jsonl?action=entry.save")
    assert 'attachment; filename="audit-' in answer.headers["Content-Disposition"]
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [line["seq"] for line in lines] == [3, 2, 1]
    assert lines[0]["after"] == {"n": 1}


def test_a_spreadsheet_finds_no_formula_in_the_export(anna: Visitor, office: Office) -> None:
    record(office, note="+31")
    rows = list(csv.DictReader(io.StringIO(anna.get("/admin/audit/export.csv").text)))
    assert (rows[0]["actor_name"], rows[0]["note"], rows[0]["action"]) == ("'=Bob()", "'+31", "entry.save")


def test_there_is_no_other_form_of_export(anna: Visitor) -> None:
    assert anna.get("/admin/audit/export.xlsx").status_code == 404
