"""An office: an admin of the test's own, on both engines in turn, and people who are signed in to it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.test import TestResponse

from cms.people import passwords, sessions, tokens, users
from cms.people.users import User
from tests.api.conftest import CHEAP, Desk

PASSWORD = "correct fietsbel wolk"


@dataclass(frozen=True)
class Visitor:
    """A browser that somebody is signed in with."""

    client: FlaskClient
    user: User
    token: str

    @property
    def csrf(self) -> str:
        """Return what its forms carry."""
        return tokens.derived(self.token, "csrf")

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        """Open a page."""
        return self.client.get(path, **kwargs)

    def post(self, path: str, **fields: Any) -> TestResponse:
        """Send a form."""
        return self.client.post(path, data={"csrf": self.csrf, **fields})


@dataclass(frozen=True)
class Office:
    """An admin with its people."""

    desk: Desk

    def person(self, local: str, *roles: str, locales: tuple[str, ...] = (), language: str = "", **how: Any) -> User:
        """Add somebody; with `password` they can sign in by it."""
        now = datetime.now(UTC)
        user = users.add(
            self.desk.db,
            name=local.title(),
            email=f"{local}@example.org",
            roles=roles or ("editor",),
            locales=locales,
            language=language,
            now=now,
        )
        if how.get("password"):
            passwords.set_password(self.desk.db, user.id, how["password"], hasher=CHEAP)
        return users.find(self.desk.db, user.id)

    def visit(self, user: User) -> Visitor:
        """Sign somebody in without a password."""
        token = sessions.open_session(self.desk.db, user.id, address="127.0.0.1", agent="test", now=datetime.now(UTC))
        client = self.desk.app.test_client()
        client.set_cookie("tolk-session", token)
        return Visitor(client, user, token)

    def stranger(self) -> FlaskClient:
        """Return a browser that nobody is signed in with."""
        return self.desk.app.test_client()


class Kept(BytecodeCache):
    """Templates that were compiled once, for all applications of the session."""

    def __init__(self) -> None:
        self.code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket with what is kept."""
        if bucket.key in self.code:
            bucket.bytecode_from_string(self.code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self.code[bucket.key] = bucket.bytecode_to_string()


KEPT = Kept()


@pytest.fixture
def office(desk: Desk) -> Office:
    """Give an admin without content."""
    desk.app.jinja_env.bytecode_cache = KEPT
    return Office(desk)


@pytest.fixture
def anna(office: Office) -> Visitor:
    """Sign in an administrator."""
    return office.visit(office.person("anna", "administrator", password=PASSWORD))


def form_token(page: str) -> str:
    """Return what the forms of a page carry."""
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found, "no form on this page"
    return found[1]


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD, address: str = "/admin/sign-in") -> TestResponse:
    """Fill in the sign-in page as a browser would."""
    token = form_token(client.get(address).text)
    return client.post(address, data={"csrf": token, "email": email, "password": password})
