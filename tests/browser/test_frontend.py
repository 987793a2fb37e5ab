"""A front end as an integrator would write one: on a site of its own, reading the API across origins."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>A clinic's site</title>
<link rel="icon" href="data:,">
<main><h1></h1><div id="body"></div><p id="state"></p></main>
<script type="module">
const [address] = location.hash.slice(1).split("|");
const main = document.querySelector("main"), body = document.querySelector("#body");

function show(block, into) {
  const part = into.appendChild(document.createElement(block.type === "callout" ? "aside" : "section"));
  part.id = block.id;
  if (block.notice) {
    const notice = part.appendChild(document.createElement("p"));
    notice.className = "notice";
    notice.textContent = block.notice;
    notice.lang = block.notice_lang ?? main.lang;
  }
  const inner = part.appendChild(document.createElement("div"));
  if (block.lang) [inner.lang, inner.dir] = [block.lang, block.dir];
  if (block.title) inner.appendChild(document.createElement("h2")).textContent = block.title;
  if (block.html) inner.appendChild(document.createElement("p")).innerHTML = block.html;
  if (block.type === "list") {
    const list = inner.appendChild(document.createElement(block.ordered ? "ol" : "ul"));
    for (const item of block.items) list.appendChild(document.createElement("li")).innerHTML = item.html;
  }
  for (const nested of block.body ?? []) show(nested, inner);
}

const answer = await fetch(address, {headers: {"Accept-Language": "en"}});
const found = await answer.json();
if (answer.ok) {
  [main.lang, main.dir] = [found.locale, found.dir];
  main.querySelector("h1").textContent = found.title;
  for (const block of found.body) show(block, body);
  const again = await fetch(address, {headers: {"If-None-Match": answer.headers.get("ETag")}, cache: "no-store"});
  document.querySelector("#state").textContent = `${answer.headers.get("Content-Language")} ${again.status}`;
} else {
  document.querySelector("#state").textContent = `${found.code}: ${found.title} ${found.available_locales}`;
}
</script>
</html>
"""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """Serve the page on a port, and so an origin, of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(PAGE.encode())

        def log_message(self, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        thread = threading.Thread(target=httpd.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()
        thread.join()


@pytest.mark.parametrize(("locale", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_an_article_is_read_across_origins(server: str, site: str, open_page: Any, locale: str, direction: str) -> None:
    seen = open_page(f"{site}/#{server}/v1/{locale}/articles/neck-pain-{locale}")
    page = seen.page
    page.wait_for_function("document.querySelector('#state').textContent")
    assert page.locator("h1").inner_text().startswith(f"[{locale}] ")
    assert page.locator("main").get_attribute("dir") == direction
    assert page.locator("#state").inner_text() == f"{locale} 304"
    assert page.locator("#body > *").count() > 5
    # To a 304 without a body Chromium says "failed", though the page gets its answer.
    assert [said for said in seen.faults() if not said.startswith("failed: ")] == []


def test_a_warning_that_is_not_translated_comes_with_its_notice(server: str, site: str, open_page: Any) -> None:
    page = open_page(f"{site}/#{server}/v1/en/articles/neck-pain-en").page
    page.wait_for_function("document.querySelector('#state').textContent")
    warning = page.locator("aside:has(.notice)")
    assert warning.count() == 1
    assert "has not been translated yet" in warning.locator(".notice").inner_text()
    assert warning.locator("div").first.get_attribute("lang") == "nl"
    assert "Bel 112 na een val." in warning.inner_text()


def test_a_problem_can_be_read_too(server: str, site: str, open_page: Any) -> None:
    page = open_page(f"{site}/#{server}/v1/de/articles/nekpijn").page
    page.wait_for_function("document.querySelector('#state').textContent")
    said = page.locator("#state").inner_text()
    assert said.startswith("not_in_locale: This is not published in the language that you asked for.")
    assert "nl" in said
