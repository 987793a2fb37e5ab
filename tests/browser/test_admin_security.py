"""What people write comes back as text: all that could run or call elsewhere, in every field, in a real browser."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import lxml.html
import orjson
import pytest
from lxml.html import HtmlElement
from playwright.sync_api import Browser

from cms.content import revisions, touched, types
from cms.people import sessions
from cms.site import Site
from cms.store import write
from sample import entry_id, load
from tests.api.admin.filling import pairs
from tests.browser.office import Office, serving
from tests.browser.watch import LISTEN

FAR = "//elsewhere.invalid/"
# Each would make itself heard: by a dialog, by a request to another host, or by a violation of the page's policy.
RUNS = (
    "<script>alert(1)</script>",
    f"<script src={FAR}x.js></script>",
    f"<img src={FAR}a.png>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    f"<iframe src={FAR}f></iframe>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    f"<object data={FAR}o></object>",
    f"<embed src={FAR}e>",
    f"<link rel=stylesheet href={FAR}s.css>",
    f"<style>@import '{FAR}s.css'; * {{ background: url({FAR}b) }}</style>",
    f"<p style=\"background:url({FAR}p)\">x</p>",
    f"<video src={FAR}v autoplay></video>",
    f"<audio src={FAR}a autoplay></audio>",
    "<details open ontoggle=alert(1)>x</details>",
    "<input autofocus onfocus=alert(1)>",
    "<body onload=alert(1)>",
    f"<base href={FAR}>",
    f"<meta http-equiv=refresh content=\"0;url={FAR}m\">",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "--><script>alert(1)</script><!--",
    "\"><script>alert(1)</script>",
    "'><img src=x onerror=alert(1)>",
    "\" autofocus onfocus=alert(1) x=\"",
    "' autofocus onfocus=alert(1) x='",
    "`onmouseover=alert(1)`",
    "{{ 7*7 }}{% raw %}<script>alert(1)</script>",
    "{{ config }}${alert(1)}#{alert(1)}",
    "%(name)s %(num)d %s {0.__class__}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;img src=x onerror=alert(1)&#62;",
    "\\u003cimg src=x onerror=alert(1)\\u003e",
    "<scr\u200bipt>alert(1)</script>",
    "<img/src=x/onerror=alert(1)>",
    "<IMG SRC=x ONERROR=alert(1)//",
    "<a href=javascript:alert(1)>x</a>",
    "[x](javascript:alert(1))",
    "[x](jAvAsCrIpT&colon;alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](&#x6a;avascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:alert(1))",
    f"![x](https:{FAR}i.png)",
    "[x](<javascript:alert(1)>)",
    "[x](https://example.org/\"onmouseover=alert(1)//)",
    "**<b onclick=alert(1)>**`<script>alert(1)</script>`",
)  # fmt: skip


SUBMIT = """([path, sent]) => {
  const form = document.createElement("form");
  form.method = "post";
  form.action = path;
  const csrf = document.querySelector("input[name=csrf]").value;
  for (const [name, value] of Object.entries({ csrf, ...sent })) {
    const field = document.createElement("textarea");
    [field.name, field.value] = [name, value];
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}"""


@dataclass(frozen=True)
class Desk:
    """An administrator at the forms of a real server."""

    office: Office
    client: httpx.Client
    token: str

    def root(self, path: str) -> HtmlElement:
        """Return a page as a tree."""
        return lxml.html.document_fromstring(self.client.get(path).text)

    def send(self, path: str, page: str = "/admin/you", **fields: str) -> httpx.Response:
        """Send a form with the token of a page."""
        csrf = self.root(page).xpath("string(//input[@name='csrf']/@value)")
        return self.client.post(path, data={"csrf": csrf, **fields})


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Serve the sample with an administrator, whose name is as bad as all the rest."""
    folder: Path = tmp_path_factory.mktemp("hostile")
    with serving(folder) as office:
        load(office.db, replace(Site(), url=office.url, locales=("nl",)), datetime.now(UTC), folder / "media")
        anna = office.person("anna", "administrator", "reviewer")
        with write(office.db):
            office.db.execute("update tolk_user set name = ? where id = ?", [RUNS[3], anna])
        token = sessions.open_session(
            office.db, anna, address="<script>alert(1)</script>", agent=RUNS[6], now=datetime.now(UTC)
        )
        with httpx.Client(
            base_url=office.url, cookies={"tolk-session": token}, follow_redirects=True, timeout=30
        ) as client:
            yield Desk(office, client, token)


def entries_of(desk: Desk) -> dict[str, str]:
    """Return one entry of each type."""
    return {
        kind.name: entry_id("article", "nekpijn")
        if kind.name == "article"
        else next(desk.office.db.query("select id from entry where type = ? order by id limit 1", [kind.name]))["id"]
        for kind in types.every()
    }


def spoil(desk: Desk, entry: str, turn: Iterator[str]) -> int:
    """Write something bad in every text of an entry by its form, then past all that refuses it; count them."""
    path = f"/admin/entries/{entry}"
    form = desk.root(path).get_element_by_id("writing")
    texts = {each.name for each in form.xpath(".//textarea | .//input[@type='text']") if each.value and each.name}
    texts = {name for name in texts if name.startswith("/") and not name.endswith(("/id", "/type", "/src", "/slug"))}
    bad = {name: next(turn) for name in sorted(texts)}
    refused = _post(desk, path, [(name, bad.get(name, value)) for name, value in pairs(form)])
    assert refused.status_code == 422
    latest = revisions.latest(desk.office.db, entry)
    for name, value in bad.items():
        place: Any = latest.content
        *steps, last = name.split("/")[1:]
        for step in steps:
            place = place[int(step)] if isinstance(place, list) else place[step]
        place[int(last) if isinstance(place, list) else last] = value
    where = {"entry": entry, "number": latest.number}
    with write(desk.office.db):
        # As an earlier release might have let it in: what is shown must hold without what refuses it.
        desk.office.db.execute(
            "update revision set content = ?, note = ? where entry = ? and number = ?",
            [orjson.dumps(latest.content).decode(), next(turn), *where.values()],
        )
        touched.mark(desk.office.db, entry)
    return len(bad)


def _post(desk: Desk, path: str, sent: list[tuple[str, str]]) -> httpx.Response:
    body = urlencode([*sent, ("do", "save")])
    return desk.client.post(path, content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})


def test_nothing_that_people_write_runs_or_calls_elsewhere(desk: Desk, browser: Browser) -> None:
    found, turn = entries_of(desk), itertools.cycle(RUNS)
    spoiled = {kind: spoil(desk, entry, turn) for kind, entry in found.items()}
    assert sum(spoiled.values()) > len(RUNS), spoiled
    article = found["article"]
    pages = ["/admin/", "/admin/you", "/admin/people", "/admin/audit", "/admin/translations/tr"]
    pages += [f"/admin/{kind.plural}" for kind in types.every()]
    for entry in found.values():
        pages += [
            f"/admin/entries/{entry}{part}" for part in ("", "?draft=on", "/history", "/publish", "/uses", "/preview")
        ]
    pages += [f"/admin/entries/{article}/translate/tr", f"/admin/entries/{article}/withdraw"]
    pages += [f"/admin/{where}={quote(RUNS[3])}" for where in ("articles?search", "glossary?search", "sign-in?next")]
    _name_things(desk, article, turn)
    pages += ["/admin/glossary", "/admin/keys", f"/admin/entries/{article}/translate/tr?show=all"]
    pages += [_shared(desk, article)]
    context = browser.new_context(reduced_motion="reduce")
    # Whoever wrote it looks at the drafts as well.
    context.add_cookies([{"name": "tolk-session", "value": desk.token, "url": desk.office.url}])
    heard: list[str] = []
    shown = 0
    page = context.new_page()
    page.add_init_script(LISTEN)
    page.on("dialog", lambda dialog: (heard.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("request", lambda request: heard.append(request.url) if "elsewhere" in request.url else None)
    for path in pages:
        answer = page.goto(f"{desk.office.url}{path}", wait_until="load")
        assert answer and answer.status == 200, (path, answer and answer.status)
        heard += page.evaluate("window.violations")
        assert not heard, (path, heard)
        shown += "alert(1)" in page.content()
    assert shown > len(pages) / 2
    # What is shown only as the answer to a form.
    author = found["author"]
    text = "\n\n".join(["Nekpijn", *RUNS, "Blijf bewegen."])
    for path, sent in (("/admin/import", {"text": text}), (f"/admin/entries/{author}/merge", {"/keep": author})):
        with page.expect_navigation(wait_until="load"):
            page.evaluate(SUBMIT, [path, sent])
        heard += page.evaluate("window.violations")
        assert not heard, (path, heard)
        assert "alert(1)" in page.content(), path
    # Where text is shown while it is typed, and where it is pasted.
    page.goto(f"{desk.office.url}/admin/entries/{article}", wait_until="load")
    page.locator("[data-inline]").first.fill("\n".join(RUNS[:30]))
    page.locator("[data-view]:visible").first.wait_for()
    page.locator("[data-inline]").first.fill("*x* " + " ".join(RUNS[30:]))
    page.wait_for_timeout(600)
    heard += page.evaluate("window.violations")
    assert not heard
    links = page.locator("[data-view] a").evaluate_all("all => all.map((one) => one.protocol)")
    assert set(links) <= {"https:", "http:"}
    # That something is heard where it does run.
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=alert(1)>')")
    page.wait_for_function("window.violations.length > 0")
    context.close()


def _name_things(desk: Desk, article: str, turn: Iterator[str]) -> None:
    """Give bad names to terms, keys, files and people, and translate badly."""
    me = next(desk.office.db.query("select id from tolk_user where email_key = ?", ["anna@example.org"]))["id"]
    desk.send(
        "/admin/glossary/new", source_locale="nl", target_locale="tr", source=RUNS[3], target=RUNS[26],
        status="preferred", note=RUNS[0],
    )  # fmt: skip
    assert desk.send("/admin/keys/new", name=RUNS[3], owner=me, everything="on").status_code == 200
    where = f"/admin/entries/{article}/translate/tr"
    form = next(form for form in desk.root(where).forms if form.xpath(".//textarea[starts-with(@name, 'text:')]"))
    sent = [(name, next(turn) if name.startswith("text:") else value) for name, value in pairs(form)]
    assert _post(desk, where, sent).status_code in (200, 422)


def _shared(desk: Desk, article: str) -> str:
    answer = desk.send(f"/admin/entries/{article}/preview", locale="nl", lasts="1")
    link = answer.url.params["link"]
    return f"/admin/preview/{link}"
