"""Commands for partners: what they do, say and refuse."""

import json
import re
from datetime import UTC, datetime

import pytest

from cms.content import saving
from cms.errors import KeyRevoked, PartnerSuspended
from cms.partners import holdings, partner_keys, partners, usage
from cms.partners.partners import Partner
from cms.people import audit
from cms.store import Database
from tests.builders import create, published
from tests.commands import tolk

pytestmark = pytest.mark.usefixtures("terminal")
URL = "https://rugnetwerk.example/rug"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def partner(db: Database) -> Partner:
    said = tolk("partner", "add", "RugNetwerk", "--domain", "rugnetwerk.example", "--contact", "a@rugnetwerk.example")
    found = re.search(r"^Added: RugNetwerk \((.+)\)$", said.output, re.M)
    assert found, said.output
    return partners.find(db, found[1])


def test_a_partner_is_added_with_all_that_is_said(db: Database) -> None:
    topic = published(db, "topic", slug="rug")
    tolk(
        "partner", "add", "Gezond", "--locale", "nl", "--locale", "en", "--type", "article", "--topic", "rug",
        "--terms", "Noem ons.", "--refresh-hours", "24", "--acknowledge-hours", "12", "--indexing", "noindex",
    )  # fmt: skip
    found = partners.named(db, "gezond")
    assert (found.locales, found.types, found.topics) == (("nl", "en"), ("article",), (topic,))
    assert (found.terms, found.refresh_hours, found.acknowledge_hours, found.indexing) == (
        "Noem ons.",
        24,
        12,
        "noindex",
    )
    assert found.created_by == "tester"


def test_what_does_not_fit_is_said_all_at_once(db: Database) -> None:
    said = tolk(
        "partner", "add", "Gezond", "--domain", "https://x.example", "--contact", "x", "--locale", "xx", status=1
    ).output
    for place in ("/domains/0: ", "/contacts/0: “x” is no e-mail", "/locales/0: “xx” is not one of"):
        assert place in said
    assert partners.every(db) == []
    assert "topic/nothing" in tolk("partner", "add", "Gezond", "--topic", "nothing", status=1).output


def test_partners_are_listed_and_shown(db: Database, partner: Partner) -> None:
    published(db, "article")
    assert f"active          -  -                 {partner.id}  RugNetwerk" in tolk("partner", "list").output
    holdings.prove(db, partner.id, 1, now())
    assert re.search(rf"^active +[1-9]\d*  \d{{4}}-.{{11}}  {partner.id}", tolk("partner", "list").output, re.M)
    shown = tolk("partner", "show", "rugnetwerk").output
    assert re.search(r"^domains +rugnetwerk.example$", shown, re.M) and re.search(r"^topics +-$", shown, re.M)
    told = json.loads(tolk("partner", "show", partner.id, "--json").output)
    assert (told["name"], told["contacts"], told["holds"]) == ("RugNetwerk", ["a@rugnetwerk.example"], 0)


def test_who_is_not_there_is_not_shown() -> None:
    assert "(partner nobody)" in tolk("partner", "show", "nobody", status=1).output


def test_what_is_named_is_changed(db: Database, partner: Partner) -> None:
    topic = create(db, "topic")
    tolk("partner", "change", "RugNetwerk", "--locale", "nl", "--topic", topic, "--terms", "Anders.")
    changed = partners.find(db, partner.id)
    assert (changed.locales, changed.topics, changed.terms, changed.domains) == (
        ("nl",), (topic,), "Anders.", ("rugnetwerk.example",),
    )  # fmt: skip
    tolk("partner", "change", "RugNetwerk", "--locale", "", "--topic", "", "--terms", "")
    changed = partners.find(db, partner.id)
    assert (changed.locales, changed.topics, changed.terms) == ((), (), "")


def test_a_partner_is_suspended_and_resumed(db: Database, partner: Partner) -> None:
    secret = tolk("partner", "key", "add", "RugNetwerk", "Website").stdout.strip()
    assert partner_keys.who(db, secret, address="", now=now()).id == partner.id
    assert "Suspended: RugNetwerk" in tolk("partner", "suspend", partner.id).output
    with pytest.raises(PartnerSuspended):
        partner_keys.who(db, secret, address="", now=now())
    assert "Resumed: RugNetwerk" in tolk("partner", "resume", "RugNetwerk").output
    assert [line.action for line in audit.entries(db)] == [
        "partner.resume", "partner.suspend", "partner_key.make", "partner.add",
    ]  # fmt: skip


def test_the_secret_of_a_key_alone_is_on_standard_output(db: Database, partner: Partner) -> None:
    made = tolk("partner", "key", "add", "RugNetwerk", "Website", "--days", "3")
    key = partner_keys.of(db, partner.id)[0]
    assert re.fullmatch(rf"tolk_{key.prefix}_[a-z2-7]{{52}}\n", made.stdout)
    assert f"tolk partner key revoke {key.prefix}" in made.stderr
    assert key.expires_at[:10] > now().date().isoformat()


def test_keys_are_listed_and_revoked(db: Database, partner: Partner) -> None:
    secret = tolk("partner", "key", "add", partner.id, "Website").stdout.strip()
    prefix = secret.split("_")[1]
    for whose in ([], ["RugNetwerk"]):
        assert (
            f"{prefix}  active   -                 RugNetwerk  Website" in tolk("partner", "key", "list", *whose).output
        )
    assert "Revoked: Website" in tolk("partner", "key", "revoke", prefix).output
    with pytest.raises(KeyRevoked):
        partner_keys.who(db, secret, address="", now=now())
    assert f"{prefix}  revoked" in tolk("partner", "key", "list").output
    assert "(key nothing)" in tolk("partner", "key", "revoke", "nothing", status=1).output


def test_pages_are_added_listed_and_removed(db: Database, partner: Partner) -> None:
    entry = published(db, "article", slug="rug")
    assert f"Added: {URL}" in tolk("partner", "page", "add", "RugNetwerk", f"{URL}#top", "article/rug").output
    assert f"-                 nl     {entry}  {URL}" in tolk("partner", "page", "list", "RugNetwerk").output
    assert f"Removed: {URL}" in tolk("partner", "page", "remove", "RugNetwerk", URL).output
    assert tolk("partner", "page", "list", "RugNetwerk").output == ""
    said = tolk("partner", "page", "add", "RugNetwerk", "https://example.org/", entry, status=1).output
    assert "/url: “https://example.org/” is at none of the partner's domains: rugnetwerk.example." in said


def test_usage_is_told_by_what_is_asked(db: Database, partner: Partner) -> None:
    entry = saving.create(db, "topic", {"title": "Rug"}, by="tester", now=now()).id
    usage.record(
        db,
        {
            ("2026-03-01", partner.id, entry, "nl", "item"): 2,
            ("2026-03-02", partner.id, entry, "nl", "sync"): 1,
            ("2026-03-02", usage.NOBODY, entry, "nl", "item"): 9,
        },
    )
    assert tolk("partner", "usage").output.splitlines() == [f"      9  -  {entry}", f"      3  RugNetwerk  {entry}"]
    assert tolk("partner", "usage", "RugNetwerk", "--by", "way", "--by", "day").output.splitlines() == [
        "      2  item  2026-03-01",
        "      1  sync  2026-03-02",
    ]
    assert tolk("partner", "usage", "--anybody", "--by", "day", "--csv").output == "day,count\n2026-03-02,9\n"
    assert tolk("partner", "usage", "--since", "2026-03-02", "--by", "partner").output.splitlines() == [
        "      9  -",
        "      1  RugNetwerk",
    ]
