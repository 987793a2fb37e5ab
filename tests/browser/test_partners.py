"""A partner manager's day in a real browser: a partner, its key and webhook, and an exercise of a recall."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from cms.partners import partner_keys, partners, recalls, webhooks
from tests.browser.office import Office, serving
from tests.browser.watch import Watched
from tests.builders import BY, NOW, SITE, published, withdraw


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Serve an admin with an article, and with a partner that does not answer."""
    with serving(tmp_path_factory.mktemp("office")) as found:
        published(found.db, "article", title="Stijve nek")
        partners.add(found.db, SITE, name="Zwijgers", by=BY, now=NOW)
        yield found


@pytest.mark.parametrize("scripts", [True, False])
def test_a_partner_is_taken_on_and_a_recall_exercised(
    office: Office, browser: Browser, tmp_path: Path, scripts: bool
) -> None:
    name = "Rug" if scripts else "Knie"
    context = browser.new_context(java_script_enabled=scripts, viewport={"width": 1280, "height": 900}, locale="en")
    office.let_in(context, office.person(f"piet-{name.lower()}", "partner_manager"))
    page = context.new_page()
    watched = Watched(page) if scripts else None

    page.goto(f"{office.url}/admin/")
    page.get_by_role("link", name="Partners").click()
    page.get_by_role("link", name="Add a partner").first.click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Domains").fill(f"{name}.example\nwww.{name}.example".lower())
    page.get_by_label("Contacts").fill("redactie@example.org")
    page.get_by_role("checkbox", name="Dutch").check()
    page.get_by_label("Acknowledge a recall").fill("24")
    page.get_by_role("button", name="Add", exact=True).click()
    partner = partners.named(office.db, name)
    assert (partner.locales, len(partner.domains), partner.acknowledge_hours) == (("nl",), 2, 24)

    page.get_by_label("Name", exact=True).fill("Website")
    page.get_by_role("button", name="Make the key").click()
    assert (page.locator("#secret").text_content() or "").startswith("tolk_")
    page.get_by_role("link", name="Done").click()
    assert [key.name for key in partner_keys.of(office.db, partner.id)] == ["Website"]
    expect(page.get_by_role("row", name="Website")).to_contain_text("Active")

    page.get_by_role("link", name="Webhooks").click()
    page.get_by_label("Address", exact=True).fill(f"https://{name}.example/tolk".lower())
    page.get_by_text("Only of some of what happens").click()
    page.get_by_role("checkbox", name="Recall", exact=True).check()
    page.get_by_role("button", name="Add the webhook").click()
    assert (page.locator("#secret").text_content() or "").startswith("whsec_")
    page.get_by_role("link", name="Done").click()
    expect(page.get_by_role("button", name="Send a message to try it")).to_be_visible()
    assert [hook.events for hook in webhooks.of(office.db, partner.id)] == [("recall.opened",)]

    _exercise(page, scripts)
    recall = recalls.every(office.db)[0]
    expect(page.get_by_role("row", name=name)).to_contain_text("Waiting")
    page.get_by_label("Partner", exact=True).select_option(label=name)
    page.get_by_label("Who said so, and how").fill("Els telephoned.")
    page.get_by_role("button", name="Note it").click()
    expect(page.get_by_role("row", name=name)).to_contain_text("Acknowledged")
    page.get_by_label("Reason").fill("Nobody answers there.")
    page.get_by_role("button", name="Close").click()
    expect(page.locator("main")).to_contain_text("Nobody answers there.")
    assert recalls.find(office.db, recall.id).closed_at

    if watched:
        assert watched.faults() == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Report as CSV").click()
    download.value.save_as(tmp_path / "report.csv")
    report = (tmp_path / "report.csv").read_text("utf-8").splitlines()
    lines = {line["partner"]: line for line in csv.DictReader(report)}
    assert (lines[name]["state"], lines[name]["note"]) == ("acknowledged", "Els telephoned.")
    context.close()


def _exercise(page: Page, scripts: bool) -> None:
    """Begin an exercise with the article."""
    page.get_by_role("link", name="Recalls").click()
    page.get_by_role("link", name="Exercise a recall").first.click()
    if scripts:
        # The field for choosing takes the place of a select, which has the same label.
        page.locator("input[role=combobox]").and_(page.get_by_label("With which article")).fill("nek")
        page.get_by_role("option", name="Stijve nek").click()
    else:
        page.get_by_label("With which article").select_option(label="Stijve nek")
    page.get_by_role("button", name="Go on…").click()
    page.get_by_label("Why, in words for partners").fill("An exercise.")
    page.get_by_role("button", name="Begin the exercise").click()
    expect(page.get_by_text("nothing is withdrawn")).to_be_visible()


def test_long_words_beside_facts_leave_room_for_them_on_a_phone(office: Office, browser: Browser) -> None:
    entry, other = (published(office.db, "article", title=title) for title in ("Oud", "Zo kom je weer in beweging"))
    withdraw(office.db, entry, severity="safety", replacement=other)
    context = browser.new_context(viewport={"width": 390, "height": 844})
    office.let_in(context, office.person("nora", "reviewer", language="nl"))
    watched = Watched(context.new_page())
    watched.page.goto(f"{office.url}/admin/entries/{entry}/publish")
    expect(watched.page.get_by_text("Wat je in plaats hiervan kunt lezen")).to_be_visible()
    assert watched.overflow() <= 0
    context.close()
