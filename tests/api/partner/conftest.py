"""Partners with keys who ask the API for partners. Every answer is held against the description."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jsonschema_rs import Draft202012Validator
from werkzeug.test import TestResponse

from api.manage.description import describe
from api.partner import GROUPS, PREFIX
from cms.partners import partner_keys, partners
from cms.partners.partners import Partner
from cms.site import Site
from cms.store import Database
from tests.api.conftest import Desk, desk_at


@cache
def description() -> dict[str, Any]:
    """Return the description, as JSON would have it."""
    found: dict[str, Any] = json.loads(json.dumps(describe(Site(), "0", GROUPS, PREFIX)))
    return found


@cache
def _validator(template: str, method: str, status: str, media: str) -> Draft202012Validator:
    answer = description()["paths"][template][method]["responses"][status]
    schema = {**answer["content"][media]["schema"], "components": description()["components"]}
    return Draft202012Validator(schema, validate_formats=True)


def hold(method: str, path: str, answer: TestResponse) -> None:
    """Fail where an answer breaks its description, or anybody else might keep it."""
    plain, known = path.partition("?")[0], description()["paths"]
    fitting = [one for one in known if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", one), plain)]
    template = min(fitting, key=lambda one: one.count("{"))
    status = str(answer.status_code)
    assert status in known[template][method.lower()]["responses"], (method, path, status, answer.text[:500])
    if answer.status_code not in (204, 304):
        validator = _validator(template, method.lower(), status, answer.mimetype)
        found = [f"{error.instance_path}: {error.message[:200]}" for error in validator.iter_errors(answer.json)]
        assert not found, (method, path, status, found[:3])
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Access-Control-Allow-Origin" not in answer.headers


@dataclass(frozen=True)
class Caller:
    """A partner's program, with a key or without."""

    app: Flask
    partner: Partner
    secret: str = ""

    def ask(self, method: str, path: str, status: int = 200, sent: Any = None, **headers: str) -> Any:
        """Send a request, hold the answer against the description, and return its JSON."""
        shown = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        given = {} if sent is None else {"json": sent}
        answer = self.app.test_client().open(PREFIX + path, method=method, headers={**shown, **headers}, **given)
        hold(method, PREFIX + path, answer)
        assert answer.status_code == status, (answer.status_code, answer.text[:1000])
        return answer.json if answer.data else None

    def get(self, path: str, status: int = 200, **headers: str) -> Any:
        return self.ask("GET", path, status, **headers)

    def post(self, path: str, sent: Any = None, status: int = 200, **headers: str) -> Any:
        return self.ask("POST", path, status, sent, **headers)


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[Desk]:
    """Yield a site without content that calls addresses of its own network too."""
    with desk_at(database_url, tmp_path, TOLK_WEBHOOK_PRIVATE="true") as found:
        yield found


@pytest.fixture
def db(desk: Desk) -> Database:
    """Return the connection of the site."""
    return desk.db


Calling = Callable[..., Caller]


@pytest.fixture
def calling(desk: Desk) -> Calling:
    """Return a function that adds a partner with a key."""

    def call(name: str = "RugNetwerk", **fields: Any) -> Caller:
        now = datetime.now(UTC)
        partner = partners.add(desk.db, desk.settings.site, name=name, by="tester", now=now, **fields)
        _, secret = partner_keys.make(desk.db, partner=partner.id, name="test", now=now)
        return Caller(desk.app, partner, secret)

    return call


@pytest.fixture
def caller(calling: Calling) -> Caller:
    """Return a partner with a key."""
    return calling()
