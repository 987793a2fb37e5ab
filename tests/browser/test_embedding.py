"""Articles on another site's page, as its readers meet them: in a frame, and by the web component."""

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Clinic</title>
<script type="module" src="{server}/embed.js"></script>
<main><h1>Clinic</h1>
<tolk-article id="one" src="{server}/v1/ar/articles/neck-pain-ar"><a href="#">Neck pain</a></tolk-article>
<tolk-article id="none" src="{server}/v1/nl/articles/niets"><a href="#">Nothing</a></tolk-article>
<iframe id="frame" src="{server}/v1/en/articles/neck-pain-en/embed" title="Neck pain" width="640" height="480"></iframe>
</main></html>"""


@pytest.fixture
def elsewhere(server: str, tmp_path: Path) -> Iterator[str]:
    """Serve a page of another site that shows articles."""
    (tmp_path / "index.html").write_text(PAGE.replace("{server}", server), "utf-8")
    handler = functools.partial(_Quiet, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{site.server_port}/"
        site.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def test_the_component_shows_the_article_and_keeps_what_it_cannot_replace(elsewhere: str, open_page: Any) -> None:
    page = open_page(elsewhere).page
    article = page.locator("#one article")
    article.wait_for()
    assert (article.get_attribute("lang"), article.get_attribute("dir")) == ("ar", "rtl")
    # Critical advice that is not translated stands there in its own language, with a notice in the reader's.
    assert article.locator("[lang=nl][dir=ltr]", has_text="Bel 112 na een val.").count() >= 1
    assert article.locator("p.notice").count() >= 1
    assert page.locator("#none a").is_visible()


def test_a_frame_shows_the_article_in_its_own_looks(elsewhere: str, open_page: Any) -> None:
    page = open_page(elsewhere).page
    frame = page.frame_locator("#frame")
    assert frame.locator("html").get_attribute("lang") == "en"
    assert frame.locator("article h1").is_visible()
    assert frame.locator("footer a[rel=author]").get_attribute("href")
    # Its own style sheet has come through its policy.
    assert frame.locator("body").evaluate("one => getComputedStyle(one).paddingTop") == "16px"


@pytest.mark.parametrize(
    ("scheme", "slug"), [("light", "en/articles/neck-pain-en"), ("dark", "ar/articles/neck-pain-ar")]
)
def test_a_framed_article_stands_in_nobodys_way(server: str, open_page: Any, scheme: str, slug: str) -> None:
    seen = open_page(f"{server}/v1/{slug}/embed", color_scheme=scheme, viewport={"width": 390, "height": 800})
    assert seen.overflow() == 0
    assert not seen.barriers()
