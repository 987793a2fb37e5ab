"""The whole way in a real browser: from a pasted text to readers in two languages, and through what changes after that.

Told three times: with scripts, without any, and by people who read Arabic.
"""

import os
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from babel.support import NullTranslations, Translations
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from cms.content import revisions
from tests.browser.office import Office, serving
from tests.browser.watch import Watched

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "tests/texts/hardlopen.txt").read_text("utf-8")
ENGLISH = {
    "Hardlopen zonder blessures": "Running without injuries",
    "Steeds meer mensen": "More and more people put on their running shoes. Almost half of the beginners are injured"
    " within a year. With this advice you keep running.",
    "1. BEGIN RUSTIG": "1. START GENTLY",
    "Je conditie": "Your fitness improves faster than your tendons. So build up slowly. Do not increase the distance by"
    " more than ten per cent a week.",
    "2. WISSEL AF": "2. VARY",
    "Loop niet elke dag": "Do not run the same round every day. Soft ground, another pace or a day of cycling gives"
    " your body the chance to recover.",
    "3. KIES GOEDE": "3. CHOOSE GOOD SHOES",
    "Laat je adviseren": "Ask for advice in a shop. Replace your shoes after about eight hundred kilometres.",
    "SCHEMA": "PLAN FOR BEGINNERS",
    "Wandel vijf minuten om warm": "Walk for five minutes to warm up.",
    "Loop één minuut": "Run gently for one minute and walk for two minutes.",
    "Herhaal": "Repeat this 8 times.",
    "Wandel vijf minuten om af": "Walk for five minutes to cool down.",
}
WARM_UP = "Wandel vijf minuten om warm te worden."
OFTEN = "Herhaal dit 8 keer."


@dataclass(frozen=True)
class Way:
    """A way to tell the story: the name of its clinic, the readers' language, and whether the browser runs scripts."""

    name: str
    language: str = ""
    scripts: bool = True
    how: tuple[tuple[str, Any], ...] = ()


WAYS = (
    Way("zuid", how=(("viewport", {"width": 1280, "height": 900}),)),
    Way("noord", scripts=False, how=(("viewport", {"width": 390, "height": 844}), ("color_scheme", "dark"))),
    Way("west", language="ar", how=(("viewport", {"width": 1280, "height": 900}),)),
)


class Story:
    """People with a browser each, who read the pages in one language."""

    def __init__(self, office: Office, browser: Browser, way: Way) -> None:
        self.office, self.browser, self.way = office, browser, way
        self.words = Translations.load(ROOT / "translations", [way.language]) if way.language else NullTranslations()
        self.pages: dict[str, Page] = {}
        self.watched: list[Watched] = []
        self.shots = 0

    def close(self) -> None:
        """Close all browsers."""
        for page in self.pages.values():
            page.context.close()

    def person(self, local: str, *roles: str, locales: tuple[str, ...] = ()) -> Page:
        """Let somebody in, with a browser of their own."""
        name = f"{local}-{self.way.name}"
        user = self.office.person(name, *roles, locales=locales, language=self.way.language)
        how = dict(self.way.how)
        context: BrowserContext = self.browser.new_context(
            reduced_motion="reduce", locale="en", java_script_enabled=self.way.scripts, **how
        )
        self.office.let_in(context, user)
        self.pages[local] = context.new_page()
        self.pages[local].set_default_timeout(10_000)
        if self.way.scripts:
            self.watched.append(Watched(self.pages[local]))
        return self.pages[local]

    def said(self, text: str, **values: str) -> str:
        """Return what the pages say in the language of the story."""
        return str(self.words.gettext(text)) % values if values else str(self.words.gettext(text))

    def press(self, where: Page | Locator, name: str, index: int = 0) -> None:
        """Press a button by its English name."""
        where.get_by_role("button", name=self.said(name), exact=True).nth(index).click()

    def open(self, page: Page, path: str) -> None:
        """Open a page; its direction is that of its language."""
        page.goto(self.office.url + path)
        assert page.locator("html").get_attribute("dir") == ("rtl" if self.way.language else "ltr")

    def look(self, page: Page) -> None:
        """Keep a picture of the page where STORY_SHOTS names a folder, for whoever wants to see it."""
        if folder := os.environ.get("STORY_SHOTS"):
            self.shots += 1
            page.screenshot(path=f"{folder}/{self.way.name}-{self.shots:02}.png", full_page=True)

    def content(self, entry: str) -> dict[str, Any]:
        """Return what was saved last."""
        return revisions.latest(self.office.db, entry).content


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Serve one admin for all three."""
    with serving(tmp_path_factory.mktemp("story")) as found:
        yield found


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.language or ("plain" if not way.scripts else "scripts"))
def test_from_a_pasted_text_to_readers_and_on(office: Office, browser: Browser, way: Way) -> None:
    with closing(Story(office, browser, way)) as story:
        eva, rob = story.person("eva", "editor"), story.person("rob", "editor")
        emma = story.person("emma", "translator", locales=("en",))
        rita = story.person("rita", "reviewer")
        article = pasted_and_published(story, eva)
        translated(story, emma, article)
        approved_and_published(story, rita, article, "Walk for five minutes to warm up.")
        reworded(story, eva, article, WARM_UP, "Wandel of fiets vijf minuten om warm te worden.")
        seen_outdated_and_translated(story, emma, article)
        approved_and_published(story, rita, article, "Walk or cycle for five minutes to warm up.")
        reworded(story, eva, article, OFTEN, "Herhaal dit 6 keer.")
        number_accepted(story, emma, article)
        approved_and_published(story, rita, article, "Repeat this 6 times.")
        kept_to_their_own_language(story, article)
        met_and_lost_nothing(story, eva, rob, article)
        reviewed(story, rita, article)
        assert [fault for watched in story.watched for fault in watched.said] == []


def pasted_and_published(story: Story, page: Page) -> str:
    """Paste the text, take it in with its author and clinic, and publish the three."""
    mark = {"Zuid": story.way.name.title(), "zuid": story.way.name, "04 56": f"04 {60 + WAYS.index(story.way)}"}
    text = TEXT.replace("HARDLOPEN ZONDER BLESSURES", f"Hardlopen zonder blessures {story.way.name}")
    text = text.replace("dit acht keer", "dit 8 keer").replace("Els Proef", f"Els {story.way.name.title()}proef")
    for old, new in mark.items():
        text = text.replace(old, new)
    story.open(page, "/admin/import")
    page.get_by_label(story.said("Text"), exact=True).fill(text)
    story.press(page, "Show what becomes of it")
    expect(page.locator(".checklist .badge.good")).to_have_count(3)
    story.look(page)
    story.press(page, "Take it in as a draft")
    page.wait_for_url(re.compile("/admin/entries/[0-9a-f-]{36}$"))
    article = page.url.rpartition("/")[2]
    story.look(page)
    story.open(page, f"/admin/entries/{article}/publish")
    story.look(page)
    story.press(page, "Publish it with these")
    expect(page.locator(".notice.good")).to_have_count(3)
    story.look(page)
    document = page.request.get(f"{story.office.url}/v1/nl/articles/{article}").json()
    assert [each["name"] for each in document["authors"]] == [f"Els {story.way.name.title()}proefpersoon"]
    assert [each["name"] for each in document["clinics"]] == [f"FysioPlus {story.way.name.title()}"]
    return article


def field_of(page: Page, source: str) -> Locator:
    """Return where the translation of the text that begins so is written."""
    segment = page.locator(".segment").filter(has=page.locator(".source:not(.was)", has_text=source))
    return segment.locator("textarea").first


def translated(story: Story, page: Page, article: str) -> None:
    """Translate all of it, and hand it to a reviewer."""
    story.open(page, "/admin/")
    story.look(page)
    story.open(page, f"/admin/entries/{article}/translate/en")
    for source, text in ENGLISH.items():
        field_of(page, source).fill(text)
        if story.way.scripts:
            # Saved, and on to the next: the text is no longer marked as unsaved.
            with page.expect_response(lambda answer: answer.request.method == "POST" and "/check" not in answer.url):
                field_of(page, source).press("Control+Enter")
    if not story.way.scripts:
        story.press(page.locator(".segment").first, "Ready for review")
        page.locator('button[value="review-all"]').click()
    expect(page.locator(".key-needs_review")).to_contain_text(re.compile(r"13|١٣"))
    story.look(page)


def approved_and_published(story: Story, page: Page, article: str, now: str) -> None:
    """Approve what waits, and publish it: readers get the new text."""
    story.open(page, f"/admin/entries/{article}/translate/en")
    story.look(page)
    if page.get_by_role("button", name=story.said("Approve all that waits")).count():
        story.press(page, "Approve all that waits")
    publish = page.locator('button[value="publish"]')
    expect(publish).to_be_enabled()
    publish.click()
    expect(page.locator(".notice.good").last).to_be_visible()
    story.look(page)
    document = page.request.get(f"{story.office.url}/v1/en/articles/{article}").json()
    assert now in str(document["body"])
    assert document["translation"]["freshness"] == "current"


def reworded(story: Story, page: Page, article: str, old: str, new: str) -> None:
    """Change one item of the list, and publish."""
    story.open(page, f"/admin/entries/{article}")
    fields = page.locator(".block-list textarea")
    index = next(number for number in range(fields.count()) if fields.nth(number).input_value() == old)
    fields.nth(index).fill(new)
    story.press(page, "Save and publish…")
    page.wait_for_url("**/publish")
    page.locator('button[name="do"][value="publish"]').first.click()
    expect(page.locator(".notice.good").last).to_be_visible()
    story.look(page)


def seen_outdated_and_translated(story: Story, page: Page, article: str) -> None:
    """Find the changed text among what is to be done, see what changed, and translate it."""
    story.open(page, "/admin/translations/en")
    story.look(page)
    page.locator(f'a[href*="{article}"]').first.click()
    page.wait_for_url("**/translate/en**")
    stale = page.locator(".segment", has=page.locator(".was"))
    expect(stale).to_have_count(1)
    expect(stale.locator(".was")).to_have_text(WARM_UP)
    expect(stale.locator(".source ins")).to_have_text("of fiets")
    story.look(page)
    stale.locator("textarea").fill("Walk or cycle for five minutes to warm up.")
    story.press(stale, "Ready for review")
    expect(page.locator(".segment", has=page.locator(".was"))).to_have_count(0)


def number_accepted(story: Story, page: Page, article: str) -> None:
    """Accept the same change of a number."""
    story.open(page, f"/admin/entries/{article}/translate/en/next")
    stale = page.locator(".segment", has=page.locator(".was"))
    expect(stale.locator(".offer-text ins").first).to_have_text("6")
    story.look(page)
    story.press(stale, "Accept")
    expect(page.locator(".segment", has=page.locator(".was"))).to_have_count(0)


def kept_to_their_own_language(story: Story, article: str) -> None:
    """A translator of Turkish writes Turkish, and only reads Polish."""
    cem = story.person("cem", "translator", locales=("tr",))
    story.open(cem, f"/admin/entries/{article}/translate/tr")
    expect(cem.locator(".segment textarea").first).to_be_visible()
    token = cem.locator('input[name="csrf"]').first.input_value()
    story.open(cem, f"/admin/entries/{article}/translate/pl")
    expect(cem.locator(".segment").first).to_be_visible()
    expect(cem.locator(".segment textarea")).to_have_count(0)
    story.look(cem)
    mark = cem.locator('input[name="mark:title"]').input_value()
    forged = {"csrf": token, "do": "save title", "text:title": "Bieganie", "mark:title": mark}
    address = f"{story.office.url}/admin/entries/{article}/translate"
    assert cem.request.post(f"{address}/pl", form=forged).status == 403
    assert cem.request.post(f"{address}/tr", form=forged).status != 403


def met_and_lost_nothing(story: Story, hers: Page, his: Page, article: str) -> None:
    """Two editors change the same text at once, and each something else besides."""

    def text(page: Page, name: str) -> Locator:
        return page.locator(f'[name="/{name}"]')

    for page in (hers, his):
        story.open(page, f"/admin/entries/{article}")
    text(his, "summary").fill("Van Rob.")
    text(his, "body/1/text").fill("Rob: begin rustig.")
    story.press(his, "Save")
    expect(his.locator(".notice.good")).to_be_visible()
    text(hers, "body/1/text").fill("Eva: begin heel rustig.")
    text(hers, "body/3/text").fill("Eva: wissel af.")
    story.press(hers, "Save")
    expect(hers.locator(".clash")).to_have_count(1)
    story.look(hers)
    hers.locator('.clash input[value="theirs"]').check()
    story.press(hers, "Save both together")
    expect(hers.locator(".notice.good")).to_be_visible()
    content = story.content(article)
    assert content["summary"] == "Van Rob."
    assert [content["body"][index]["text"] for index in (1, 3)] == ["Rob: begin rustig.", "Eva: wissel af."]


def reviewed(story: Story, page: Page, article: str) -> None:
    """A reviewer, who cannot write, records a review."""
    story.open(page, f"/admin/entries/{article}")
    story.look(page)
    page.locator(".tabs a", has_text=story.said("Review")).last.click()
    author = story.content(article)["authors"][0]
    if story.way.scripts:
        # The field for choosing takes the place of a select, which is a combobox too.
        page.locator("input[role=combobox]").and_(page.get_by_label(story.said("Who reviewed it"))).fill("Els")
        page.get_by_role("option", name=f"Els {story.way.name.title()}proefpersoon").click()
    else:
        page.locator('[name="/author"]').select_option(author)
    story.look(page)
    story.press(page, "Record the review")
    expect(page.locator(".notice.good")).to_be_visible()
    story.look(page)
    assert [each["author"] for each in story.content(article)["reviewers"]] == [author]
