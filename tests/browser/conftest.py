"""A server with sample content, and a browser: without Chromium these tests are skipped, or fail where CI is set."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from cms.content import entries, revisions, saving, types
from cms.localize import segments, translations
from cms.publish import editions
from cms.publish.refresh import drain
from cms.site import Site
from cms.store import connect
from migrations import migrate
from sample import entry_id, load
from tests.browser.watch import Watched
from tests.catalogues import compile_stale

PATIENCE = 30.0  # seconds
# Found in this order; TEST_CHROMIUM names any other.
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
STALE = entry_id("article", "nekpijn")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Run one browser for the session."""
    program = os.environ.get("TEST_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        if os.environ.get("CI", "").lower() in ("true", "1"):
            pytest.fail("CI tests in a browser, but no Chromium was found")
        pytest.skip("not tested in a browser: no Chromium was found")
    with sync_playwright() as playwright:
        # As root Chromium cannot build its sandbox; it opens nothing here but our own pages.
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Any]:
    """Give a function that opens an address and watches what goes wrong there."""
    contexts = []

    def opened(address: str, *, media: str | None = None, **how: Any) -> Watched:
        context = browser.new_context(reduced_motion="reduce", **how)
        contexts.append(context)
        page: Page = context.new_page()
        if media:
            page.emulate_media(media=media)  # type: ignore[arg-type]
        watched = Watched(page)
        page.goto(address, wait_until="networkidle")
        return watched

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run the real server on sample content; yield its address."""
    compile_stale()
    folder = tmp_path_factory.mktemp("server")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    _fill(f"sqlite:///{folder}/tolk.db", Site(url=address), folder / "media")
    variables = {
        "DATABASE_URL": f"sqlite:///{folder}/tolk.db",
        "TOLK_MEDIA_DIR": str(folder / "media"),
        "TOLK_CLOCK_SECONDS": "0",
        "PORT": str(port),
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TOLK_")}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", "from api.cli import main; main()", "serve"],
            cwd=folder, env=kept | variables | {"PYTHONPATH": str(Path(__file__).parents[2])},
            stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            _wait(process, f"{address}/ready", folder / "log")
            yield address
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=10)
            # Its workers too, should it have left any.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def free_port() -> int:
    """Return a port on which nothing listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(address, timeout=2):
            return
        time.sleep(0.1)
    raise AssertionError(f"the server did not start:\n{log.read_text()}")


def _fill(url: str, site: Site, media: Path) -> None:
    """Load the sample; one article is live in English and in Arabic, with a warning that changed after that."""
    db = connect(url)
    migrate(db)
    now = datetime.now(UTC)
    # Without the sample's own translations; these stand for any language, and are no translations to check.
    load(db, replace(site, locales=("nl",)), now, media)
    site = replace(site, checks_translations=False)
    row, latest = entries.find(db, STALE), revisions.latest(db, STALE)
    for locale in ("en", "ar"):
        texts = {
            segment.path: f"[{locale}] {segment.source}"
            for segment in segments.cut(types.find(row.type), latest.content)
        }
        texts |= {"slug": f"neck-pain-{locale}"}
        translations.save(db, STALE, locale, texts, by="test", now=now, checks=False)
        editions.publish(db, STALE, locale, by="test", now=now, site=site)
    changed = latest.content
    warning = next(block for block in changed["body"] if block.get("urgency") == "emergency")
    warning["body"][0]["text"] = "Bel **112** na een val."
    saving.save(db, STALE, changed, based_on=latest.number, by="test", now=now)
    editions.publish(db, STALE, "nl", by="test", now=now, site=site)
    drain(db, site, now)
    db.close()
