"""Signing in through another service: against a small one on this machine that signs as OpenID Connect says."""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from joserfc import jwk, jwt

from cms.people import audit, signing_in
from tests.api.admin.conftest import Office
from tests.api.conftest import desk_at

KEY = jwk.RSAKey.generate_key(2048, auto_kid=True)
OTHER = jwk.RSAKey.generate_key(2048, parameters={"kid": KEY.kid})


@dataclass
class Service:
    """What the service says of whoever comes, and the browser's request that it answers."""

    url: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    key: Any = field(default_factory=lambda: KEY)
    asked: dict[str, str] = field(default_factory=dict)

    def token(self) -> str:
        said = {
            "iss": self.url, "aud": "tolk", "exp": int(time.time()) + 60, "nonce": self.asked.get("nonce"),
            "email": "bea@example.org", "email_verified": True, **self.claims,
        }  # fmt: skip
        return str(jwt.encode({"alg": "RS256", "kid": KEY.kid}, said, self.key))

    def answer(self, path: str, form: dict[str, list[str]]) -> tuple[int, dict[str, Any]]:
        if path == "/.well-known/openid-configuration":
            return 200, {
                "issuer": self.url, "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token", "jwks_uri": f"{self.url}/keys",
            }  # fmt: skip
        if path == "/keys":
            return 200, {"keys": [KEY.as_dict(private=False)]}
        hashed = sha256(form["code_verifier"][0].encode()).digest()
        fits = urlsafe_b64encode(hashed).rstrip(b"=").decode() == self.asked["code_challenge"]
        if not fits or form["code"] != ["good"] or form["redirect_uri"] != [self.asked["redirect_uri"]]:
            return 400, {"error": "invalid_grant"}
        return 200, {"id_token": self.token()}


@pytest.fixture
def service() -> Iterator[Service]:
    """Run the service."""
    found = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            status, said = found.answer(self.path, parse_qs(self.rfile.read(length).decode()))
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield found
    server.shutdown()
    thread.join(10)
    server.server_close()


@pytest.fixture
def trusting(database_url: str, tmp_path: Path, service: Service) -> Iterator[Office]:
    """Give an office that trusts the service."""
    settings = {
        "TOLK_SSO_ISSUER": service.url, "TOLK_SSO_CLIENT": "tolk", "TOLK_SSO_SECRET": "s", "TOLK_SSO_NAME": "Zorglogin",
    }  # fmt: skip
    with desk_at(database_url, tmp_path, **settings) as desk:
        yield Office(desk)


def go_and_come_back(client: FlaskClient, service: Service, code: str = "good", state: str = "") -> str:
    """Begin at Tolk, let the service ask nothing, and come back; return where Tolk leads."""
    sent = urlsplit(client.get("/admin/sign-in/sso?next=/admin/you").location)
    service.asked = {name: values[0] for name, values in parse_qs(sent.query).items()}
    query = {"code": code, "state": state or service.asked["state"]}
    return str(client.get("/admin/sign-in/sso/back", query_string=query).location)


def test_who_is_vouched_for_comes_in(trusting: Office, service: Service) -> None:
    bea = trusting.person("bea", "editor")
    client = trusting.stranger()
    assert "Sign in through Zorglogin" in client.get("/admin/sign-in").text
    assert go_and_come_back(client, service) == "/admin/you"
    assert "bea@example.org" in client.get("/admin/you").text
    done = audit.entries(trusting.desk.db, action="session.open")[0]
    assert (done.actor, done.note) == (bea.id, "single sign-on")


WRONG: tuple[dict[str, Any], ...] = (
    {"email": "eve@example.org"},
    {"email_verified": False},
    {"email_verified": "true"},
    {"email": None},
    {"nonce": "another"},
    {"aud": "another"},
    {"iss": "https://another.example"},
    {"exp": int(time.time()) - 3600},
)


def test_whoever_is_not_truly_vouched_for_stays_outside(trusting: Office, service: Service) -> None:
    trusting.person("bea", "editor")
    for claims in WRONG:
        service.claims = claims
        client = trusting.stranger()
        assert go_and_come_back(client, service) == "/admin/sign-in", claims
        assert client.get("/admin/").status_code == 303
        assert "could not be signed in" in client.get("/admin/sign-in").text


def test_a_token_that_another_signed_is_none(trusting: Office, service: Service) -> None:
    trusting.person("bea", "editor")
    service.key = OTHER
    assert go_and_come_back(trusting.stranger(), service) == "/admin/sign-in"


def test_an_answer_to_another_browser_is_none(trusting: Office, service: Service) -> None:
    trusting.person("bea", "editor")
    assert go_and_come_back(trusting.stranger(), service, state="planted") == "/admin/sign-in"
    assert trusting.stranger().get("/admin/sign-in/sso/back?code=good&state=x").location == "/admin/sign-in"


def test_a_code_that_the_service_does_not_know_is_none(trusting: Office, service: Service) -> None:
    trusting.person("bea", "editor")
    assert go_and_come_back(trusting.stranger(), service, code="bad") == "/admin/sign-in"


def test_nobody_keeps_asking_the_service(trusting: Office) -> None:
    now = datetime.now(UTC)
    for _ in range(59):
        signing_in.count_sso(trusting.desk.db, address="127.0.0.1", now=now)
    client = trusting.stranger()
    assert [client.get("/admin/sign-in/sso").status_code for _ in range(2)] == [303, 429]


def test_without_a_service_there_is_no_such_page(office: Office) -> None:
    assert office.stranger().get("/admin/sign-in/sso").status_code == 404
    assert "/admin/sign-in/sso" not in office.stranger().get("/admin/sign-in").text
