"""The shell of the admin in a real browser: signing in, by keyboard, without scripts, in both directions."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect

from cms.content import saving
from cms.desk import writing
from cms.people import sessions, users
from cms.site import Site
from tests.browser.office import PASSWORD, Office, serving
from tests.builders import an_article

Opening = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Serve an admin with a little of everything."""
    with serving(tmp_path_factory.mktemp("office")) as found:
        now = datetime.now(UTC)
        found.person("anna", "administrator")
        found.person("layla", "administrator", language="ar")
        found.person("jos", "editor")
        for title in ("Stijve nek", "Pijn in de knie"):
            saving.create(found.db, "article", an_article(title=title), by="Jos", now=now)
        yield found


@pytest.fixture
def opening(browser: Browser) -> Iterator[Opening]:
    """Give a function that opens a browser of its own."""
    opened: list[BrowserContext] = []

    def new(**how: Any) -> BrowserContext:
        opened.append(browser.new_context(reduced_motion="reduce", **{"locale": "en", **how}))
        return opened[-1]

    yield new
    for context in opened:
        context.close()


def user(office: Office, local: str) -> str:
    return str(next(office.db.query("select id from tolk_user where email = ?", [f"{local}@example.org"]))["id"])


def signed_in(office: Office, opening: Opening, local: str = "anna", **how: Any) -> Page:
    context = opening(**how)
    office.let_in(context, user(office, local))
    return context.new_page()


def fill_in(page: Page, email: str = "anna@example.org") -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("scripts", [True, False])
def test_people_sign_in_and_out_with_scripts_and_without(office: Office, opening: Opening, scripts: bool) -> None:
    page = opening(java_script_enabled=scripts).new_page()
    page.goto(f"{office.url}/admin/articles")
    fill_in(page)
    page.wait_for_url("**/admin/articles")
    expect(page.get_by_role("heading", level=1)).to_have_text("Articles")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/admin/sign-in")
    page.goto(f"{office.url}/admin/")
    page.wait_for_url("**/admin/sign-in?next=**")


def test_a_wrong_password_is_said_and_the_focus_is_on_it(office: Office, opening: Opening) -> None:
    page = opening().new_page()
    page.goto(f"{office.url}/admin/sign-in")
    page.get_by_label("E-mail address").fill("jos@example.org")
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("E-mail address")).to_have_value("jos@example.org")


def test_the_first_tab_leads_past_the_navigation(office: Office, opening: Opening) -> None:
    page = signed_in(office, opening)
    page.goto(f"{office.url}/admin/articles")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_what_has_the_focus_is_seen(office: Office, opening: Opening) -> None:
    page = signed_in(office, opening)
    page.goto(f"{office.url}/admin/articles")
    for _ in range(12):
        page.keyboard.press("Tab")
        width = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
        assert width >= 2, page.evaluate("document.activeElement.outerHTML.slice(0, 80)")


@pytest.mark.parametrize(("local", "side"), [("anna", "left"), ("layla", "right")])
def test_on_a_phone_the_menu_opens_by_keyboard_at_its_side(
    office: Office, opening: Opening, local: str, side: str
) -> None:
    page = signed_in(office, opening, local, viewport={"width": 390, "height": 800})
    page.goto(f"{office.url}/admin/")
    menu = page.locator("nav#menu")
    expect(menu).to_be_hidden()
    page.locator(".menu-button").focus()
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    box = menu.bounding_box()
    assert box
    assert (box["x"] == 0) is (side == "left")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(page.locator(".menu-button")).to_be_focused()


def test_a_table_follows_what_is_typed_and_keeps_the_place(office: Office, opening: Opening) -> None:
    page = signed_in(office, opening)
    page.goto(f"{office.url}/admin/articles")
    loaded = page.evaluate("performance.timeOrigin")
    page.get_by_label("Search in titles").press_sequentially("knie")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.get_by_label("Search in titles")).to_be_focused()
    page.wait_for_url("**search=knie**")
    assert page.evaluate("performance.timeOrigin") == loaded


def test_without_scripts_a_button_does_the_same(office: Office, opening: Opening) -> None:
    page = signed_in(office, opening, java_script_enabled=False)
    page.goto(f"{office.url}/admin/articles")
    page.get_by_label("Search in titles").fill("knie")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("tbody tr")).to_have_count(1)


def test_typing_is_not_lost_without_a_question(office: Office, opening: Opening) -> None:
    page = signed_in(office, opening)
    page.goto(f"{office.url}/admin/people/new")
    page.get_by_label("Name").press_sequentially("Bea")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.evaluate("location.assign('/admin/')")
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    expect(page.get_by_label("Name")).to_have_value("Bea")


def test_a_person_is_added_by_keyboard_alone(office: Office, opening: Opening) -> None:
    page = signed_in(office, opening)
    page.goto(f"{office.url}/admin/people/new")
    page.get_by_label("Name").focus()
    page.keyboard.type("Cem Demir")
    page.keyboard.press("Tab")
    page.keyboard.type("cem@example.org")
    page.keyboard.press("Enter")
    expect(page.locator(".secret")).to_contain_text("/admin/link/")


def test_faults_get_the_focus_and_lead_to_their_fields(office: Office, opening: Opening) -> None:
    page = signed_in(office, opening)
    page.goto(f"{office.url}/admin/people/new")
    page.get_by_label("Name").fill("Bea")
    page.get_by_label("E-mail address").fill("jos@example.org")
    page.get_by_role("button", name="Add").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    summary.get_by_role("link").first.click()
    expect(page.get_by_label("E-mail address")).to_be_focused()


def test_colours_are_chosen_for_a_device(office: Office, opening: Opening) -> None:
    page = signed_in(office, opening, color_scheme="light")
    page.goto(f"{office.url}/admin/you")
    page.get_by_label("Dark").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert sum(map(int, re.findall(r"\d+", colour)[:3])) < 150


def test_a_passkey_is_added_and_signs_in(office: Office, opening: Opening) -> None:
    page = signed_in(office, opening, "jos")
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True,
    }  # fmt: skip
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto(f"{office.url}/admin/you")
    form = page.locator("form[data-passkey=add]")
    form.get_by_label("Name of the passkey").fill("Laptop")
    form.get_by_label("Password").fill("wrong")
    form.get_by_role("button").click()
    expect(form.get_by_role("alert")).to_be_visible()
    form.get_by_label("Password").fill(PASSWORD)
    form.get_by_role("button").click()
    expect(page.get_by_text("The passkey has been added.")).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).first.click()
    page.wait_for_url("**/admin/sign-in")
    page.goto(f"{office.url}/admin/sign-in?next=/admin/you")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/admin/you")
    expect(page.locator("bdi", has_text="Laptop")).to_be_visible()
    page.get_by_role("button", name="Remove Laptop").click()
    expect(page.get_by_text("The passkey has been removed.")).to_be_visible()


def test_a_title_without_a_space_widens_no_page(office: Office, opening: Opening) -> None:
    actor, now = sessions.actor_for(users.find(office.db, user(office, "anna"))), datetime.now(UTC)
    content = an_article(title="W" * 190)
    entry = writing.create(office.db, actor, "article", content, now=now, site=Site()).revision.entry
    page = signed_in(office, opening)
    for path in ("", "articles", "audit", f"entries/{entry}", f"entries/{entry}/publish"):
        page.goto(f"{office.url}/admin/{path}")
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, path
