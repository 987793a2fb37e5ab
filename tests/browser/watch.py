"""A page under watch: what it loads, and what it complains of."""

from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request

LISTEN = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective}: ${event.blockedURI}`));
"""


class Watched:
    """A page with all that went wrong on it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.said: list[str] = []
        self.hosts: set[str] = set()
        page.add_init_script(LISTEN)
        page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        page.on("requestfailed", self._failed)
        page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))

    def _failed(self, request: Request) -> None:
        # An icon is fetched when all else is done: who leaves the page before that breaks it off.
        if not (request.url.partition("?")[0].endswith("/icon.svg") and request.failure == "net::ERR_ABORTED"):
            self.said.append(f"failed: {request.url}")

    def faults(self) -> list[str]:
        """Return what was complained of: in the console, by the network, by the page's policy."""
        return self.said + list(self.page.evaluate("window.violations"))

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))

    def barriers(self) -> str:
        """Return what axe finds in the way of people who cannot see, point or read well."""
        found = Axe().run(self.page)
        return str(found.generate_report()) if found.violations_count else ""
