"""Recalls by commands, and the mail that they bring."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from cms.partners import holdings, partners, recalls
from cms.people import users
from cms.store import Database, write
from tests.builders import BY, SITE, publish, published, translate, withdraw
from tests.catalogues import compile_stale
from tests.commands import tolk
from tests.postbox import Postbox, running


@pytest.fixture(autouse=True)
def env(terminal: None) -> None:
    compile_stale()


@pytest.fixture
def postbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Postbox]:
    """Run a mail server."""
    with running() as box:
        monkeypatch.setenv("TOLK_SMTP_URL", box.address)
        monkeypatch.setenv("TOLK_MAIL_FROM", "tolk@example.org")
        yield box


def rug(db: Database, **given: Any) -> str:
    told = {"acknowledge_hours": 1, "contacts": ["redactie@rug.example"], **given}
    return partners.add(db, SITE, name="RugNetwerk", by=BY, now=_now(), **told).id


def _now() -> datetime:
    return datetime.now(UTC)


def test_a_withdrawal_for_safety_is_listed_shown_and_acknowledged(db: Database) -> None:
    rug(db)
    entry = published(db, "article", title="Rug", slug="rug")
    tolk("withdraw", "article/rug", "--explanation", "Te veel.", "--severity", "safety")
    listed = tolk("recall", "list", "--open").output
    recall = recalls.every(db)[0].id
    assert listed.split()[1:] == ["open", "0/1", recall, "Rug"]
    assert tolk("recall", "show", recall).output.splitlines()[:2] == ["Rug (nl)", "Te veel."]
    tolk("recall", "acknowledge", recall, "rugnetwerk", "--note", "Gebeld.", "--where", "https://rug.example/rug")
    [line] = csv.DictReader(tolk("recall", "show", recall, "--csv").output.splitlines())
    assert (line["partner"], line["state"], line["how"], line["places"]) == (
        "RugNetwerk",
        "acknowledged",
        "person",
        "https://rug.example/rug",
    )
    report = json.loads(tolk("recall", "show", recall, "--json").output)
    assert (report["entry"], report["closed_why"], report["may_still_show"]) == (entry, "acknowledged", [])
    assert tolk("recall", "list", "--open").output == ""


def test_a_drill_calls_and_can_be_closed(db: Database) -> None:
    rug(db)
    published(db, "article", slug="rug")
    said = tolk("recall", "drill", "article/rug", "--explanation", "Oefening.").output
    [recall] = recalls.every(db)
    assert said == f"Called: 1 ({recall.id})\n"
    assert " drill " in tolk("recall", "list").output
    assert tolk("recall", "close", recall.id, "--why", " ", status=1).stderr
    tolk("recall", "close", recall.id, "--why", "Klaar.")
    assert "closed" in tolk("recall", "close", recall.id, "--why", "Klaar.", status=1).stderr
    assert tolk("recall", "show", "nothing", status=1).stderr


def test_what_a_partner_may_show_is_listed(db: Database) -> None:
    partner = rug(db)
    entry = published(db, "article", slug="rug")
    holdings.note(db, partner, [(entry, "nl", 12, 5), (entry, "en", 11, 4)], "item", _now())
    assert [line.split()[:2] for line in tolk("recall", "holders", "article/rug").output.splitlines()] == [
        ["en", "11"],
        ["nl", "12"],
    ]
    assert tolk("recall", "holders", entry, "--revision", "12", "--locale", "en").output == ""


def test_who_was_given_something_newer_or_has_replaced_it_is_told_apart(db: Database) -> None:
    partner = rug(db)
    entry = published(db, "article")
    holdings.note(db, partner, [(entry, "nl", 1, 1), (entry, "nl", 2, 5)], "sync", _now())
    first, second = tolk("recall", "holders", entry).output.splitlines()
    assert first.endswith("sync     RugNetwerk  given 2 since") and second.endswith("sync     RugNetwerk")
    holdings.end(db, partner, entry, upto=1, how="acknowledged", now=_now())
    assert tolk("recall", "holders", entry, "--revision", "1").output == ""
    told = json.loads(tolk("recall", "holders", entry, "--ended", "--json").output)
    assert [(each["revision"], bool(each["ended_at"])) for each in told] == [(1, True), (2, False)]


def test_partners_are_mailed_and_so_are_we_when_one_is_late(db: Database, postbox: Postbox) -> None:
    for name, roles in (("ada", ["administrator"]), ("piet", ["partner_manager"]), ("eva", ["editor"])):
        users.add(db, name=name, email=f"{name}@example.org", roles=roles, now=_now())
    rug(db)
    entry = published(db, "article", title="Rug")
    translate(db, entry, "en")
    publish(db, entry, "en")
    withdraw(db, entry, severity="safety", explanation="Te veel.", now=_now())
    # Whoever looks first does not keep the mail from who is to have it.
    tolk("recall", "list")
    tolk("tick")
    [letter] = postbox.letters
    text = letter.get_content()
    assert letter["To"] == "redactie@rug.example"
    assert "Te veel." in text
    assert f"/v1/partner/recalls/{recalls.every(db)[0].id}" in text
    postbox.letters.clear()
    with write(db):
        db.execute("update recall_partner set deadline_at = '2026-01-01T00:00:00.000000Z'")
    tolk("recall", "show", recalls.every(db)[0].id)
    tolk("tick")
    assert sorted(letter["To"] for letter in postbox.letters) == [
        "ada@example.org",
        "piet@example.org",
        "redactie@rug.example",
    ]
    tolk("tick")
    assert len(postbox.letters) == 3


def test_an_exercise_is_mailed_too(db: Database, postbox: Postbox) -> None:
    rug(db)
    published(db, "article", slug="rug")
    tolk("recall", "drill", "article/rug", "--explanation", "Oefening.")
    tolk("tick")
    assert [letter["To"] for letter in postbox.letters] == ["redactie@rug.example"]


def test_without_a_mail_server_nothing_is_sent_and_nothing_fails(db: Database) -> None:
    rug(db)
    withdraw(db, published(db, "article"), severity="safety", now=_now())
    tolk("tick")
    assert [each.state(_now()) for each in recalls.called(db, recalls.every(db)[0].id)] == ["waiting"]
