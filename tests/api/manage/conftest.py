"""A bureau: a site of the test's own, on both engines in turn, and callers with keys. Every answer is held against
the description."""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from flask import Flask
from jsonschema_rs import Draft202012Validator
from werkzeug.test import TestResponse

from api.manage import GROUPS, PREFIX
from api.manage.description import describe
from api.manage.operations import Operation
from cms.people import keys, users
from cms.people.rights import Scopes
from cms.people.users import User
from cms.site import Site
from tests.api.conftest import Desk

OPERATIONS: dict[str, Operation] = {each.name: each for group in GROUPS for each in group.operations}


@cache
def description() -> dict[str, Any]:
    """Return the description, as JSON would have it."""
    found: dict[str, Any] = json.loads(json.dumps(describe(Site(), "0", GROUPS, PREFIX)))
    return found


@cache
def _validator(template: str, method: str, status: str, media: str) -> Draft202012Validator | None:
    answer = description()["paths"][template][method]["responses"][status]
    if not answer.get("content"):
        return None
    schema = {**answer["content"][media]["schema"], "components": description()["components"]}
    return Draft202012Validator(schema, validate_formats=True)


def hold(method: str, path: str, answer: TestResponse) -> None:
    """Fail where an answer breaks its description, or anybody else might keep it."""
    plain = path.partition("?")[0]
    known = description()["paths"]
    fitting = [one for one in known if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", one), plain)]
    template = min(fitting, key=lambda one: one.count("{"))
    operation = known[template][method.lower()]
    status = str(answer.status_code)
    assert status in operation["responses"], (method, path, status, answer.text[:500])
    if answer.status_code not in (204, 304):
        validator = _validator(template, method.lower(), status, answer.mimetype)
        assert validator is not None, (method, path, status)
        if answer.mimetype in ("application/json", "application/problem+json"):
            found = [f"{error.instance_path}: {error.message[:200]}" for error in validator.iter_errors(answer.json)]
            assert not found, (method, path, status, found[:3])
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert {"Authorization", "Accept-Language"} <= set(answer.vary.as_set(preserve_casing=True))


@dataclass(frozen=True)
class Caller:
    """A program with a key, or without."""

    app: Flask
    secret: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None, **kwargs: Any) -> TestResponse:
        """Send a request, and hold the answer against the description."""
        shown = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        answer = self.app.test_client().open(
            PREFIX + path, method=method, headers={**shown, **self.headers, **(headers or {})}, **kwargs
        )
        hold(method, PREFIX + path, answer)
        return answer

    def get(self, path: str, **kwargs: Any) -> Any:
        """Read, and return the JSON of what must be there."""
        answer = self.ask("GET", path, **kwargs)
        assert answer.status_code == 200, answer.json
        return answer.json

    def post(self, path: str, sent: Any = None, revision: int = 0, status: int = 200, **kwargs: Any) -> Any:
        """Send JSON, based on a revision where one is named, and return what must have been done."""
        return self.send("POST", path, sent, revision, status, **kwargs)

    def put(self, path: str, sent: Any = None, revision: int = 0, status: int = 200, **kwargs: Any) -> Any:
        """Send JSON as `post` does."""
        return self.send("PUT", path, sent, revision, status, **kwargs)

    def send(self, method: str, path: str, sent: Any, revision: int = 0, status: int = 200, **kwargs: Any) -> Any:
        """Send JSON, and return the JSON of the answer."""
        headers = {**kwargs.pop("headers", {}), **({"If-Match": f'"r{revision}"'} if revision else {})}
        given = {} if sent is None else {"json": sent}
        answer = self.ask(method, path, headers=headers, **given, **kwargs)
        assert answer.status_code == status, (answer.status_code, answer.text[:1000])
        return answer.json if answer.data else None


@dataclass(frozen=True)
class Bureau:
    """A site and its people."""

    desk: Desk

    def person(self, name: str, *roles: str, locales: tuple[str, ...] = ()) -> User:
        """Add somebody."""
        return users.add(
            self.desk.db,
            name=name.title(),
            email=f"{name}@example.org",
            roles=roles,
            locales=locales,
            now=datetime.now(UTC),
        )

    def key(
        self,
        owner: User,
        *actions: str,
        types: tuple[str, ...] = (),
        locales: tuple[str, ...] = (),
        expires_at: datetime | None = None,
        now: datetime | None = None,
    ) -> str:
        """Return the secret of a new key; without actions it may all that its owner may."""
        scopes = Scopes(frozenset(actions or {"*"}), frozenset(types), frozenset(locales))
        now = now or datetime.now(UTC)
        return keys.make(self.desk.db, name="test", owner=owner.id, scopes=scopes, expires_at=expires_at, now=now)[1]

    def caller(self, name: str, *roles: str, locales: tuple[str, ...] = ()) -> Caller:
        """Return a caller with a key of somebody new, in these roles."""
        return Caller(self.desk.app, self.key(self.person(name, *roles, locales=locales)))

    def stranger(self) -> Caller:
        """Return a caller without a key."""
        return Caller(self.desk.app)


@pytest.fixture
def bureau(desk: Desk) -> Bureau:
    """Give a site without content."""
    return Bureau(desk)


@pytest.fixture
def admin(bureau: Bureau) -> Caller:
    """Give a caller that may everything."""
    return bureau.caller("ada", "administrator")
