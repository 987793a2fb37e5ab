"""The documentation page as a document: its anchors, its policy, and its commands, which work as printed."""

import json
import shutil
import subprocess
import urllib.request
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from api.wording import ERRORS, FAULTS


class Reading(HTMLParser):
    """What a page holds: its ids, where its links lead, its elements, and its preformatted texts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.links: set[str] = set()
        self.attributes: set[str] = set()
        self.tags: set[str] = set()
        self.examples: list[str] = []
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id":
                self.ids[value or ""] += 1
            if name == "href":
                self.links.add(value or "")
        if tag == "pre":
            self._inside = True
            self.examples.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "pre"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.examples[-1] += data


@pytest.fixture(scope="module")
def reading(server: str) -> Reading:
    """Read the page."""
    with urllib.request.urlopen(f"{server}/docs") as answer:
        return Reading(answer.read().decode())


def test_anchors_are_unique_and_links_lead_somewhere(reading: Reading) -> None:
    assert [name for name, count in reading.ids.items() if count > 1] == []
    inside = {link[1:] for link in reading.links if link.startswith("#")}
    assert inside - set(reading.ids) == set()
    assert {link for link in reading.links if not link.startswith(("#", "/"))} == set()


def test_every_code_and_schema_and_operation_has_its_anchor(reading: Reading, server: str) -> None:
    assert set(ERRORS) | set(FAULTS) <= set(reading.ids)
    with urllib.request.urlopen(f"{server}/v1/openapi.json") as answer:
        api = json.load(answer)
    assert {f"schema-{name}" for name in api["components"]["schemas"]} <= set(reading.ids)
    operations = {operation["operationId"] for methods in api["paths"].values() for operation in methods.values()}
    assert {f"op-{name}" for name in operations} <= set(reading.ids)
    assert {f"tag-{tag['name']}" for tag in api["tags"]} <= set(reading.ids)


def test_the_page_runs_nothing_and_styles_nothing_by_itself(reading: Reading, server: str) -> None:
    assert reading.tags.isdisjoint({"script", "style", "iframe", "form"})
    assert "style" not in reading.attributes
    assert not [name for name in reading.attributes if name.startswith("on")]
    with urllib.request.urlopen(f"{server}/docs") as answer:
        policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
        assert "Accept-Language" in answer.headers["Vary"]
        assert answer.headers["Content-Language"] == "en"
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == policy["frame-ancestors"] == "'none'"
    assert {*policy["style-src"].split(), *policy["img-src"].split()} == {"'self'"}


def test_commands_work_as_printed(reading: Reading, tmp_path: Path) -> None:
    if not shutil.which("curl"):
        pytest.skip("not tested: curl was not found")
    (tmp_path / ".curlrc").write_text("silent\nfail\n")
    commands = [text for text in reading.examples if text.startswith("curl")]
    assert len(commands) == 7
    for command in commands:
        done = subprocess.run(
            ["sh", "-ec", command], cwd=tmp_path, env={"PATH": "/usr/bin:/bin", "CURL_HOME": str(tmp_path)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, command
        if "--etag-compare" in command:
            assert "HTTP/1.1 304" in done.stdout
        elif "/search" in command:
            assert json.loads(done.stdout)["data"], command
        else:
            assert json.loads(done.stdout), command
