"""Translating in a real browser: findings as one types, the keys, nothing lost, and no barriers either way round."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from cms.content import revisions, saving
from cms.localize import glossary, translations
from cms.localize.glossary import Term
from tests.browser.office import Office, serving
from tests.browser.watch import Watched
from tests.builders import publish, published

ENGLISH = {
    "title": "A stiff neck",
    "summary": "What you can do about it.",
    "body.h1.text": "What helps",
    "body.l1.items.i1.text": "Rest for **3 days**.",
    "body.l1.items.i2.text": "Keep moving your neck.",
    "body.l1.items.i3.text": "Sleep on a flat pillow.",
    "body.c1.title": "When to get help",
    "body.c1.body.p1.text": "Call **112** if you lose feeling in your arm.",
}
BODY: list[dict[str, Any]] = [
    {"id": "h1", "type": "heading", "level": 2, "text": "Wat helpt"},
    {"id": "l1", "type": "list", "items": [
        {"id": "i1", "text": "Neem **3 dagen** rust."},
        {"id": "i2", "text": "Blijf je nek bewegen."},
        {"id": "i3", "text": "Slaap op een plat kussen."},
    ]},
    {"id": "c1", "type": "callout", "urgency": "emergency", "title": "Wanneer je hulp zoekt",
     "body": [{"id": "p1", "type": "paragraph", "text": "Bel **112** als je het gevoel in je arm verliest."}]},
]  # fmt: skip
FIRST, SECOND, THIRD = (f"body.l1.items.i{number}.text" for number in (1, 2, 3))
Opening = Callable[..., Watched]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Serve an admin with people of each kind."""
    with serving(tmp_path_factory.mktemp("office")) as found:
        found.person("ada", "administrator")
        found.person("layla", "administrator", language="ar")
        found.person("emma", "translator", locales=("en",))
        found.person("rana", "reviewer")
        glossary.add(found.db, [Term("nl", "en", "kussen", "pillow", "preferred", "Not: cushion")])
        yield found


@pytest.fixture
def article(office: Office) -> str:
    """Publish an article in Dutch and in English."""
    entry = published(office.db, "article", title="Stijve nek", summary="Wat je eraan kunt doen.", body=BODY)
    now = datetime.now(UTC)
    translations.save(office.db, entry, "en", ENGLISH, by="Emma", now=now, checks=False)
    publish(office.db, entry, "en")
    return entry


@pytest.fixture
def opened(office: Office, browser: Browser) -> Iterator[Opening]:
    """Give a function that opens a page as somebody and watches what goes wrong there."""
    contexts = []

    def new(local: str, path: str, **how: Any) -> Watched:
        context = browser.new_context(reduced_motion="reduce", **{"locale": "en", **how})
        contexts.append(context)
        person = office.db.query("select id from tolk_user where email = ?", [f"{local}@example.org"])
        office.let_in(context, next(iter(person))["id"])
        watched = Watched(context.new_page())
        watched.page.goto(f"{office.url}{path}")
        return watched

    yield new
    for context in contexts:
        context.close()


def address(entry: str, locale: str = "en") -> str:
    return f"/admin/entries/{entry}/translate/{locale}"


def reword(office: Office, entry: str, **items: str) -> None:
    """Change items of the Dutch list, and publish."""
    latest = revisions.latest(office.db, entry)
    for item in latest.content["body"][1]["items"]:
        item["text"] = items.get(item["id"], item["text"])
    saving.save(office.db, entry, latest.content, based_on=latest.number, by="Jos", now=datetime.now(UTC))
    publish(office.db, entry)


def segment(page: Page, path: str) -> Any:
    return page.locator(f'[data-path="{path}"]')


def field(page: Page, path: str) -> Any:
    return segment(page, path).get_by_role("textbox").first


def stands(office: Office, entry: str, path: str) -> tuple[str, str]:
    return next(
        (each.text, each.state) for each in reversed(translations.working(office.db, entry, "en")) if each.path == path
    )


def test_a_changed_list_item_is_seen_translated_and_published(office: Office, article: str, opened: Opening) -> None:
    reword(office, article, i2="Blijf je nek en je schouders bewegen.")
    seen = opened("ada", f"{address(article)}/next")
    page = seen.page
    stale = segment(page, SECOND)
    expect(field(page, SECOND)).to_be_focused()
    expect(stale.locator(".was")).to_have_text("Blijf je nek bewegen.")
    expect(stale.locator(".source ins")).to_have_text("en je schouders")
    expect(field(page, SECOND)).to_have_value("Keep moving your neck.")
    expect(page.locator("#publish")).to_contain_text("One thing keeps it from its readers")
    field(page, SECOND).fill("Keep moving your neck and your shoulders.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#said")).to_have_text("Saved and approved. Nothing is left to do here.")
    expect(page.locator("#publish")).to_contain_text("Nothing keeps it from its readers")
    page.locator("#publish").get_by_role("button", name="Publish").click()
    expect(page.locator(".notice.good")).to_contain_text("Published")
    assert seen.faults() == []
    document = page.request.get(f"{office.url}/v1/en/articles/a-stiff-neck").json()
    assert document["body"][1]["items"][1]["html"] == "Keep moving your neck and your shoulders."


def test_a_change_of_a_number_is_accepted_with_one_key(office: Office, article: str, opened: Opening) -> None:
    reword(office, article, i1="Neem **4 dagen** rust.", i3="Slaap op een heel plat kussen.")
    page = opened("ada", f"{address(article)}/next").page
    expect(field(page, FIRST)).to_be_focused()
    expect(segment(page, FIRST).locator(".offer-text ins")).to_have_text("4")
    page.keyboard.press("Alt+1")
    # It is saved, and one goes on to the next thing to do.
    expect(field(page, THIRD)).to_be_focused()
    assert stands(office, article, FIRST) == ("Rest for **4 days**.", "approved")


def test_findings_come_as_one_types_and_are_said(office: Office, article: str, opened: Opening) -> None:
    page = opened("emma", address(article)).page
    field(page, FIRST).fill("Rest for **5 days**.")
    expect(segment(page, FIRST).locator(".finding")).to_contain_text("became")
    expect(page.locator("#heard")).to_contain_text("Mend this")
    expect(segment(page, FIRST).get_by_text("Not saved yet")).to_be_visible()
    field(page, FIRST).fill("Rest for **3 days**.")
    expect(segment(page, FIRST).locator(".finding")).to_have_count(0)
    expect(segment(page, FIRST).get_by_text("Not saved yet")).to_be_hidden()


def test_the_keys_lead_to_what_is_left_to_do_and_save_it(office: Office, article: str, opened: Opening) -> None:
    reword(office, article, i1="Neem meer rust.", i3="Slaap op een hard kussen.")
    page = opened("emma", address(article)).page
    page.keyboard.press("Alt+ArrowDown")
    expect(field(page, FIRST)).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    expect(field(page, THIRD)).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    expect(field(page, FIRST)).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("Take more rest.")
    page.keyboard.press("Control+s")
    expect(segment(page, FIRST).get_by_text("Draft", exact=True)).to_be_visible()
    # One's place is kept, and what is typed meanwhile too.
    expect(field(page, FIRST)).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(field(page, THIRD)).to_be_focused()
    assert stands(office, article, FIRST) == ("Take more rest.", "needs_review")


def test_what_was_typed_and_not_saved_is_there_again(office: Office, article: str, opened: Opening) -> None:
    page = opened("emma", address(article)).page
    field(page, SECOND).fill("Move your neck.")
    expect(segment(page, SECOND).get_by_text("Not saved yet")).to_be_visible()
    # It is kept when typing pauses, together with being checked.
    with page.expect_response("**/check"):
        field(page, SECOND).press("End")
        page.keyboard.type("!")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(field(page, SECOND)).to_have_value("Move your neck.!")
    field(page, SECOND).press("Control+Enter")
    expect(segment(page, SECOND).get_by_text("To be reviewed")).to_be_visible()
    assert page.evaluate("localStorage.length") == 0


def test_a_clash_shows_both_texts_and_one_is_chosen(office: Office, article: str, opened: Opening) -> None:
    page = opened("emma", address(article)).page
    now = datetime.now(UTC)
    theirs = {SECOND: "Go on moving your neck."}
    translations.save(office.db, article, "en", theirs, by="Erik", now=now, state="draft", seen=ENGLISH, checks=False)
    field(page, SECOND).fill("Move your neck a lot.")
    page.keyboard.press("Control+s")
    clash = segment(page, SECOND).locator(".clash")
    expect(clash).to_be_focused()
    expect(clash).to_contain_text("Erik saved another text")
    expect(clash.locator(".theirs")).to_have_text("Go on moving your neck.")
    expect(field(page, SECOND)).to_have_value("Move your neck a lot.")
    clash.get_by_role("button", name="Save mine").click()
    expect(segment(page, SECOND).locator(".clash")).to_have_count(0)
    assert stands(office, article, SECOND) == ("Move your neck a lot.", "draft")


def test_what_is_left_to_do_is_counted_anew_and_a_single_text_left_is_named(
    office: Office, article: str, opened: Opening
) -> None:
    reword(office, article, i1="Neem **4 dagen** rust.")
    page = opened("emma", f"{address(article)}/next").page
    outdated, found = (page.locator(f"#narrowing a[href='?show={kind}']") for kind in ("stale", "findings"))
    expect(outdated).to_have_text("Outdated 1")
    # It still says three days: it is saved, and not done.
    page.keyboard.press("Control+Enter")
    expect(page.locator("#said")).to_have_text("Saved, to be reviewed. This text is the only one left to do.")
    expect(outdated).to_have_text("Outdated 0")
    expect(found).to_have_text("With findings 1")


def test_what_is_pressed_while_a_text_is_saved_waits_its_turn(office: Office, article: str, opened: Opening) -> None:
    page = opened("emma", address(article)).page
    sent: list[str] = []
    page.on("request", lambda one: sent.append("sent") if "do=" in (one.post_data or "") else None)
    page.on("response", lambda one: sent.append("came") if "do=" in (one.request.post_data or "") else None)
    field(page, SECOND).fill("Move your neck.")
    for keys in ("Control+s", "Control+s", "Control+Enter"):
        page.keyboard.press(keys)
    expect(segment(page, SECOND).get_by_text("To be reviewed")).to_be_visible()
    assert sent == ["sent", "came"] * 3
    assert stands(office, article, SECOND) == ("Move your neck.", "needs_review")


def test_who_signs_in_again_in_another_tab_goes_on(office: Office, article: str, opened: Opening) -> None:
    page = opened("emma", address(article)).page
    user = office.db.query("select id from tolk_user where email = ?", ["emma@example.org"])
    page.context.clear_cookies()
    field(page, SECOND).fill("Move your neck.")
    page.keyboard.press("Control+s")
    expect(page.locator("#said")).to_contain_text("Sign in again in another tab")
    office.let_in(page.context, next(iter(user))["id"])
    page.keyboard.press("Control+s")
    expect(page.locator("#said")).to_have_text("Saved as a draft.")
    assert stands(office, article, SECOND) == ("Move your neck.", "draft")


def test_a_reviewer_works_by_keyboard_too(office: Office, article: str, opened: Opening) -> None:
    waiting = {FIRST: "Take rest for **3 days**.", THIRD: "Sleep on a pillow that is flat."}
    now = datetime.now(UTC)
    translations.save(
        office.db, article, "en", waiting, by="Emma", now=now, state="needs_review", seen=ENGLISH, checks=False
    )
    page = opened("rana", f"{address(article)}/next").page
    approve = {path: segment(page, path).get_by_role("button", name="Approve") for path in waiting}
    expect(approve[FIRST]).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    expect(approve[THIRD]).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Control+Enter")
    expect(approve[THIRD]).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#said")).to_have_text("Approved. Nothing is left to do here.")
    # One stays where one was, and does not begin at the top of the page again.
    expect(segment(page, THIRD)).to_be_focused()


def test_what_was_typed_can_be_discarded(article: str, opened: Opening) -> None:
    page = opened("emma", address(article)).page
    field(page, SECOND).fill("Something else.")
    segment(page, SECOND).get_by_role("button", name="Discard").click()
    expect(field(page, SECOND)).to_have_value(ENGLISH[SECOND])
    expect(segment(page, SECOND).get_by_text("Not saved yet")).to_be_hidden()


def test_without_scripts_all_that_was_typed_is_saved_and_one_is_led_on(
    office: Office, article: str, opened: Opening
) -> None:
    reword(office, article, i2="Blijf je nek en je schouders bewegen.")
    seen = opened("emma", address(article), java_script_enabled=False)
    page = seen.page
    field(page, SECOND).fill("Keep moving your neck and your shoulders.")
    field(page, "title").fill("Stiff neck")
    segment(page, SECOND).get_by_role("button", name="Ready for review").click()
    expect(page.locator(".notice.good")).to_have_text("2 texts saved.")
    # One goes on to what is left to do, which is the other text: it was typed, and is a draft.
    assert page.url.endswith("#s-title")
    assert stands(office, article, SECOND)[1] == "needs_review"
    assert stands(office, article, "title") == ("Stiff neck", "draft")


def test_a_term_says_what_is_wanted_by_keyboard_too(office: Office, article: str, opened: Opening) -> None:
    page = opened("emma", address(article)).page
    term = segment(page, THIRD).locator("dfn")
    wanted = segment(page, THIRD).get_by_role("tooltip")
    expect(wanted).to_be_hidden()
    term.focus()
    expect(wanted).to_have_text("Use “pillow” (Not: cushion)")
    page.keyboard.press("Escape")
    expect(wanted).to_be_hidden()


def test_sixty_texts_open_quickly_and_typing_does_not_wait(office: Office, opened: Opening) -> None:
    items = [{"id": f"i{number}", "text": f"Doe oefening {number} langzaam en rustig."} for number in range(60)]
    entry = published(office.db, "article", title="Oefeningen", body=[{"id": "l1", "type": "list", "items": items}])
    page = opened("emma", address(entry)).page
    took = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    assert took < 2_000
    field(page, "body.l1.items.i30.text").focus()
    page.evaluate(
        """() => {
            window.longest = 0;
            const longer = (one) => { window.longest = Math.max(window.longest, one.duration); };
            new PerformanceObserver((list) => list.getEntries().forEach(longer)).observe({ type: "longtask" });
        }"""
    )
    page.keyboard.type("Do exercise 30 slowly and calmly.", delay=5)
    assert page.evaluate("window.longest") < 100
