"""Writing in a real browser: from a pasted text to readers, by keyboard, with a colleague, and off the line."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cms.content import revisions, saving
from cms.desk import drafts
from cms.people import sessions, users
from cms.publish.live import current
from tests.browser.office import Office, serving
from tests.builders import an_article, an_author

TEXT = Path(__file__).parents[1] / "texts" / "schouder.txt"
Opening = Callable[..., Page]
BODY = [
    {"id": "b1", "type": "paragraph", "text": "Blijf **rustig** bewegen."},
    {"id": "b2", "type": "callout", "title": "Bel", "urgency": "emergency", "body": [
        {"id": "b3", "type": "list", "items": [{"id": "i1", "text": "Bel 112"}, {"id": "i2", "text": "Wacht"}]},
    ]},
    {"id": "b4", "type": "table", "columns": [{"id": "k1", "text": "Dag"}, {"id": "k2", "text": "Doe"}],
     "rows": [{"id": "r1", "cells": [{"id": "c1", "text": "1"}, {"id": "c2", "text": "Rust"}]}]},
    {"id": "b5", "type": "faq", "items": [
        {"id": "q1", "question": "Mag ik lopen?", "answer": [{"id": "b6", "type": "paragraph", "text": "Ja."}]}
    ]},
]  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Serve an admin with two editors."""
    with serving(tmp_path_factory.mktemp("editing")) as found:
        for local, language in (("eva", ""), ("rob", ""), ("layla", "ar")):
            found.person(local, "editor", language=language)
        yield found


@pytest.fixture
def opening(office: Office, browser: Browser) -> Iterator[Opening]:
    """Give a function that signs somebody in with a browser of their own."""
    opened: list[BrowserContext] = []

    def new(local: str = "eva", **how: Any) -> Page:
        opened.append(browser.new_context(reduced_motion="reduce", **{"locale": "en", **how}))
        user = users.by_email(office.db, f"{local}@example.org")
        assert user
        office.let_in(opened[-1], user.id)
        return opened[-1].new_page()

    yield new
    for context in opened:
        context.close()


@pytest.fixture
def article(office: Office) -> str:
    """Write an article that an author answers for."""
    now = datetime.now(UTC)
    author = saving.create(office.db, "author", an_author(), by="Eva", now=now).id
    content = an_article(
        body=BODY, authors=[author], references=[{"id": "s1", "title": "Richtlijn", "kind": "guideline"}]
    )
    return saving.create(office.db, "article", content, by="Eva", now=now).id


def newest(office: Office, entry: str) -> dict[str, Any]:
    return revisions.latest(office.db, entry).content


def kept(office: Office, entry: str, local: str = "eva") -> dict[str, Any]:
    user = users.by_email(office.db, f"{local}@example.org")
    assert user
    draft = drafts.find(office.db, sessions.actor_for(user), entry)
    return draft.content if draft else {}


def text_of(page: Page, name: str) -> Any:
    return page.locator(f'[name="/{name}"]')


def saved(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".notice.good")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_pasted_text_reaches_its_readers(office: Office, opening: Opening, scripts: bool) -> None:
    page = opening(java_script_enabled=scripts)
    page.goto(f"{office.url}/admin/import")
    page.get_by_label("Text", exact=True).fill(TEXT.read_text("utf-8").replace("Schouder", f"Schouder{int(scripts)}"))
    page.get_by_role("button", name="Show what becomes of it").click()
    expect(page.get_by_role("heading", name="What this amounts to")).to_be_visible()
    page.get_by_role("button", name="Take it in as a draft").click()
    page.wait_for_url(re.compile("/admin/entries/[0-9a-f-]+$"))
    article = page.url.rpartition("/")[2]
    content = newest(office, article)
    for entry in (*content["clinics"], *content["authors"], article):
        page.goto(f"{office.url}/admin/entries/{entry}/publish")
        if page.get_by_role("button", name="Publish now").count():
            page.get_by_role("button", name="Publish now").click()
            expect(page.locator(".notice.good")).to_be_visible()
    assert current(office.db, article)["nl"].state == "published"


def test_two_editors_at_once_lose_nothing(office: Office, opening: Opening, article: str) -> None:
    hers, his = opening("eva"), opening("rob")
    for page in (hers, his):
        page.goto(f"{office.url}/admin/entries/{article}")
    text_of(his, "body/0/text").fill("Blijf vaak bewegen.")
    text_of(his, "title").fill("Van Rob")
    saved(his)
    text_of(hers, "body/0/text").fill("Blijf toch bewegen.")
    text_of(hers, "summary").fill("Van Eva")
    hers.get_by_role("button", name="Save", exact=True).click()
    expect(hers.locator(".notice-title")).to_have_text("Rob saved this while you were writing.")
    hers.get_by_label("Of Rob").check()
    hers.get_by_role("button", name="Save both together").click()
    expect(hers.locator(".notice.good")).to_contain_text("Saved as revision 3")
    content = newest(office, article)
    assert (content["title"], content["summary"]) == ("Van Rob", "Van Eva")
    assert content["body"][0]["text"] == "Blijf vaak bewegen."


def test_blocks_are_moved_added_and_removed_by_keyboard(office: Office, opening: Opening, article: str) -> None:
    page = opening()
    page.goto(f"{office.url}/admin/entries/{article}")
    text_of(page, "body/0/text").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#said")).to_have_text("Moved. Now 2 of 4.")
    expect(page.get_by_role("button", name="Move down: Paragraph, block 2")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(text_of(page, "body/1/text")).to_be_focused()
    page.locator("summary", has_text="Add here, before block 2").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(text_of(page, "body/1/text")).to_be_focused()
    page.keyboard.type("Nieuwe kop")
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+i")
    expect(text_of(page, "body/1/text")).to_have_value("*Nieuwe kop*")
    expect(text_of(page, "body/1/text").locator("~ [data-view] em")).to_have_text("Nieuwe kop")
    saved(page)
    assert [block["type"] for block in newest(office, article)["body"]][:3] == ["callout", "heading", "paragraph"]


def test_what_comes_from_word_becomes_blocks(office: Office, opening: Opening, article: str) -> None:
    page = opening()
    page.goto(f"{office.url}/admin/entries/{article}")
    text_of(page, "body/0/text").focus()
    html = "<p class=MsoNormal>Een</p><ul><li>a <b>b</b></li></ul>"
    page.evaluate(
        """html => {
          const data = new DataTransfer();
          data.setData("text/html", html);
          const how = { clipboardData: data, bubbles: true, cancelable: true };
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", how));
        }""",
        html,
    )
    expect(text_of(page, "body/2/items/0/text")).to_have_value("a **b**")
    saved(page)
    assert [block["type"] for block in newest(office, article)["body"]][:3] == ["paragraph", "paragraph", "list"]


def test_what_is_typed_is_kept_and_a_lost_connection_loses_nothing(
    office: Office, opening: Opening, article: str
) -> None:
    page = opening()
    address = f"{office.url}/admin/entries/{article}"
    page.goto(address)
    text_of(page, "summary").fill("Bewaard")
    text_of(page, "title").focus()
    expect(page.locator("#autosaved")).to_contain_text("Saved as a draft at")
    assert kept(office, article)["summary"] == "Bewaard"
    page.context.set_offline(True)
    text_of(page, "summary").fill("Zonder lijn")
    text_of(page, "title").focus()
    expect(page.locator("#autosaved")).to_contain_text("No connection")
    # The page is closed before the connection comes back.
    context = page.context
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto(f"{address}?draft=on")
    expect(text_of(page, "summary")).to_have_value("Bewaard")
    page.get_by_role("button", name="Take it in").click()
    expect(text_of(page, "summary")).to_have_value("Zonder lijn")
    assert kept(office, article)["summary"] == "Zonder lijn"
    assert page.evaluate("localStorage.length") == 0


def test_who_is_signed_out_while_writing_goes_on_where_they_were(
    office: Office, opening: Opening, article: str
) -> None:
    page = opening()
    page.goto(f"{office.url}/admin/entries/{article}")
    page.context.clear_cookies(name="tolk-session")
    text_of(page, "summary").fill("Na het uitloggen")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#autosaved")).to_contain_text("You have been signed out")
    expect(text_of(page, "summary")).to_have_value("Na het uitloggen")
    user = users.by_email(office.db, "eva@example.org")
    assert user
    office.let_in(page.context, user.id)
    saved(page)
    assert newest(office, article)["summary"] == "Na het uitloggen"


def test_a_picture_that_was_refused_can_be_another(office: Office, opening: Opening) -> None:
    page = opening()
    page.goto(f"{office.url}/admin/authors/new")
    text_of(page, "name").fill("Sanne Voorbeeld")
    for data, name in ((b"<svg/>", "foto.svg"), (a_picture(), "foto.png")):
        page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "image/png", "buffer": data})
        page.get_by_role("button", name="Upload").click()
        if name == "foto.svg":
            expect(page.locator("#problems")).to_contain_text("This is no picture")
            expect(page.get_by_text("You began before")).to_have_count(0)
    expect(page.get_by_label("What the picture shows")).to_be_focused()
    expect(page.locator("#problems")).to_have_count(0)


def a_picture() -> bytes:
    made = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(made, "PNG")
    return made.getvalue()


def test_an_author_is_found_by_typing(office: Office, opening: Opening, article: str) -> None:
    page = opening()
    page.goto(f"{office.url}/admin/entries/{article}")
    page.locator("summary", has_text="Who answers for it").click()
    page.get_by_role("button", name="Add a clinic").click()
    saving.create(office.db, "clinic", {"name": "Praktijk Zeelucht"}, by="Eva", now=datetime.now(UTC))
    field = page.get_by_role("combobox", name="Clinic 1")
    expect(field).to_be_focused()
    page.keyboard.type("zeel")
    expect(page.get_by_role("option", name="Praktijk Zeelucht")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(field).to_have_value("Praktijk Zeelucht")
    saved(page)
    assert len(newest(office, article)["clinics"]) == 1
