"""What the pages print is run as printed, and gives what they say."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Once
from tests.docs import pages
from tests.docs.session import Session, commands, fits

RUN = [path for path in pages.every() if any(fence.language == "console" for fence in pages.fences(path.read_text()))]


@pytest.mark.parametrize("path", RUN, ids=lambda path: str(path.relative_to(pages.ROOT)))
def test_a_page_prints_what_happens(path: Path, tmp_path: Path, once: Once) -> None:
    text = path.read_text("utf-8")
    for program in ("curl", "sqlite3"):
        if f"\n$ {program} " in text and not shutil.which(program):
            pytest.skip(f"the page uses {program}")
    with Session(tmp_path, once) as session:
        if path.name == "README.md":
            session.run("make demo")
        for fence in pages.fences(text):
            session.take(fence)


def test_ellipses_stand_for_anything() -> None:
    assert fits("a…c\n…\nd\n", "abc\nx\ny\nd\n")
    assert not fits("a\n", "b\n")
    assert commands("$ one\nsaid\n$ two \\\n  more\n") == [("one", "said\n"), ("two    more", "")]


def test_every_json_example_is_json() -> None:
    wrong = []
    for path in pages.every():
        for fence in pages.fences(path.read_text("utf-8")):
            if fence.language == "json":
                try:
                    json.loads(fence.text.replace("…,", "0,").replace("…}", "0}"))
                except ValueError as error:
                    wrong.append(f"{path.relative_to(pages.ROOT)}: {error}")
    assert wrong == []


@pytest.mark.skipif(not shutil.which("chromium"), reason="the page of the tutorial is opened in a browser")
def test_the_page_of_the_tutorial_shows_the_article(tmp_path: Path, once: Once) -> None:
    text = pages.read("tutorial/from-text-to-page.md")
    page = next(fence for fence in pages.fences(text) if fence.what == "page.html")
    with Session(tmp_path, once) as session:
        session.run("make demo")
        html = page.text.replace("127.0.0.1:8000", f"127.0.0.1:{session.port}")
        html = re.sub(r"stijve-[a-z-]+", "door-je-rug-gaan", html)
        (tmp_path / "page.html").write_text(html, "utf-8")
        shown = subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=8000", "--dump-dom",
             f"--user-data-dir={tmp_path}/browser", (tmp_path / "page.html").as_uri()],
            capture_output=True, text=True, timeout=60,
        ).stdout  # fmt: skip
    assert "<h1>Door je rug gegaan: wat kun je doen?</h1>" in shown
    assert 'class="emergency"' in shown
    assert "<li>Je tilt snel, met haast of zonder erbij na te denken.</li>" in shown
