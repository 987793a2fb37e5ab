"""The documentation page, as people meet it."""

from typing import Any
from urllib.parse import urlsplit

import pytest

WIDTHS = {"wide": 1280, "tablet": 820, "phone": 390}
OVERLAP = """
() => {
  const boxes = [...document.querySelectorAll("header.top > *, nav, main")].map((one) => one.getBoundingClientRect());
  const beside = (a, b) => a.right <= b.left + 1 || b.right <= a.left + 1;
  const apart = (a, b) => beside(a, b) || a.bottom <= b.top + 1 || b.bottom <= a.top + 1;
  return boxes.flatMap((a, i) => boxes.slice(i + 1).map((b) => apart(a, b))).every(Boolean);
}
"""
CUT_OFF = """
() => [...document.querySelectorAll("main *:not(.visually-hidden, .visually-hidden *, thead, thead *)")]
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.right > innerWidth + 1 || box.left < -1))
  .map(([one]) => one.outerHTML.slice(0, 80))
"""


def window(size: str) -> dict[str, int]:
    return {"width": WIDTHS[size], "height": 900}


@pytest.mark.parametrize("size", list(WIDTHS))
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "nl"])
def test_it_shows_without_a_complaint(server: str, open_page: Any, language: str, scheme: str, size: str) -> None:
    seen = open_page(f"{server}/docs", locale=language, color_scheme=scheme, viewport=window(size))
    assert seen.page.locator("html").get_attribute("lang") == language
    assert seen.page.title() == {"en": "Tolk delivery API", "nl": "Uitlever-API van Tolk"}[language]
    assert seen.hosts == {urlsplit(server).netloc}
    assert seen.overflow() == 0
    assert seen.page.evaluate(CUT_OFF) == []
    assert seen.faults() == []
    dark = seen.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(15, 23, 23)"
    assert dark == (scheme == "dark")


@pytest.mark.parametrize(("scheme", "size"), [("light", "wide"), ("dark", "phone")])
def test_nothing_stands_in_the_way(server: str, open_page: Any, scheme: str, size: str) -> None:
    seen = open_page(f"{server}/docs", locale="nl", color_scheme=scheme, viewport=window(size))
    assert not seen.barriers()


def test_dutch_is_dutch_throughout(server: str, open_page: Any) -> None:
    seen = open_page(f"{server}/docs", locale="nl-BE")
    assert seen.page.locator("[lang=en]").all_inner_texts() == []
    assert "Snel beginnen" in seen.page.locator("nav").inner_text()


@pytest.mark.parametrize("size", list(WIDTHS))
def test_it_reads_from_right_to_left(server: str, open_page: Any, size: str) -> None:
    seen = open_page(f"{server}/docs", locale="en", viewport=window(size))
    assert seen.page.evaluate(OVERLAP)
    seen.page.evaluate("document.documentElement.dir = 'rtl'")
    assert seen.overflow() == 0
    assert seen.page.evaluate(CUT_OFF) == []
    assert seen.page.evaluate(OVERLAP)
    nav, main = seen.page.locator("nav").bounding_box(), seen.page.locator("main").bounding_box()
    assert nav and main
    if size == "wide":
        assert nav["x"] > main["x"] + main["width"] - 1
    # Commands stay as they are typed.
    assert seen.page.evaluate("getComputedStyle(document.querySelector('pre')).direction") == "ltr"


def test_the_keyboard_reaches_the_content_first(server: str, open_page: Any) -> None:
    page = open_page(f"{server}/docs").page
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    assert skip.evaluate("(one) => one === document.activeElement")
    assert skip.evaluate("(one) => one.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_navigation_stays_in_sight_on_a_wide_window(server: str, open_page: Any) -> None:
    page = open_page(f"{server}/docs", viewport=window("wide")).page
    page.evaluate("window.scrollTo(0, 20000)")
    box = page.locator("nav").bounding_box()
    assert box
    assert 0 <= box["y"] < 100


def test_a_code_leads_to_its_meaning(server: str, open_page: Any) -> None:
    problem = open_page(f"{server}/v1/nl/articles?limit=0").page.evaluate("JSON.parse(document.body.innerText)")
    assert problem["type"].startswith(f"{server}/docs#")
    page = open_page(problem["type"], locale="en").page
    row = page.locator("tr:target")
    assert "A parameter of the address cannot be used." in row.inner_text()
    box = row.bounding_box()
    assert box
    assert 0 <= box["y"] < 720


def test_it_can_be_printed(server: str, open_page: Any) -> None:
    page = open_page(f"{server}/docs", media="print", color_scheme="dark").page
    assert not page.locator("nav").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("td details code").first.is_visible()
