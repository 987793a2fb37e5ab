"""The doors of the admin, tried from outside: forms of others, crooked addresses, hosts, headers, sizes, logs."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_urlsafe

import orjson
import pytest
from werkzeug.test import encode_multipart

from api.admin.session import STRANGERS_BYTES, own_path
from cms.people import audit, one_time, sessions, totp, users
from cms.store import write
from tests.api.admin.conftest import KEPT, PASSWORD, Office, Visitor, form_token, sign_in
from tests.api.conftest import desk_at

PLACES = ("/admin/sign-in", "/admin/you", "/admin/static/base.css", "/admin/none/at/all", "/admin/link/x")


@pytest.fixture
def secure(tmp_path: Path, sqlite_template: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Office]:
    """Give an office that is reached over https and logs each request."""
    (tmp_path / "test.db").write_bytes(sqlite_template.read_bytes())
    settings = {"TOLK_URL": "https://tolk.example.org", "TOLK_ACCESS_LOG": "true"}
    with desk_at(f"sqlite:///{tmp_path}/test.db", tmp_path, **settings) as desk:
        desk.app.jinja_env.bytecode_cache = KEPT
        yield Office(desk)


CROOKED = (
    "//[", "//evil.example%2f", "///evil.example", "/\\/evil.example", "\\/evil.example", "/%2f%2fevil.example",
    "/%5cevil.example", "https:evil.example", "https:/evil.example", "JaVaScRiPt:alert(1)", "data:text/html,x",
    "/admin/\r\nSet-Cookie: a=b", "/admin/\t//evil.example", "\x00/admin/", "//evil.example/admin/", "@evil.example",
    "/admin@evil.example", "/admin:80@evil.example/", "/admin/\u2028", "//evil\uff0eexample/admin/", "http://[::1/admin/",
    "?next=//evil.example", "#//evil.example", ".evil.example", "/admin/sign-in?next=//evil.example",
)  # fmt: skip


@pytest.mark.parametrize("next", CROOKED)
def test_signing_in_leads_to_no_crooked_address(next: str) -> None:
    assert own_path(next, "/admin/") == "/admin/"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_crooked_address_is_answered_with_a_page(office: Office, anna: Visitor) -> None:
    for value in CROOKED:
        answer = office.stranger().get("/admin/sign-in", query_string={"next": value})
        assert answer.status_code == 200
        assert anna.get("/admin/sign-in", query_string={"next": value}).location == "/admin/"
    for referrer in ("http://localhost//[", "http://localhost//evil.example/", "http://localhost/\\evil.example"):
        answer = office.stranger().get("/admin/none/at/all", headers={"Referer": referrer})
        assert answer.status_code == 404
        assert "evil" not in answer.text


@pytest.mark.parametrize("engine", ["sqlite"])
def test_no_form_is_taken_that_another_site_could_have_sent(office: Office, anna: Visitor) -> None:
    other = office.visit(office.person("bea", "administrator"))
    stranger = form_token(office.stranger().get("/admin/sign-in").text)
    for csrf in ("", "x", other.csrf, anna.csrf[:-1], anna.csrf.upper(), anna.token, stranger, "é"):
        assert anna.client.post("/admin/you", data={"name": "Evil", "csrf": csrf}).status_code == 403
    for site in ("cross-site", "same-site", "CROSS-SITE", "", "none, cross-site"):
        sent = {"name": "Evil", "csrf": anna.csrf}
        assert anna.client.post("/admin/you", data=sent, headers={"Sec-Fetch-Site": site}).status_code == 403
    # A token in the address is no token, nor is one in a body of another kind.
    assert anna.client.post(f"/admin/you?csrf={anna.csrf}", data={"name": "Evil"}).status_code == 403
    assert anna.client.post("/admin/you", json={"name": "Evil", "csrf": anna.csrf}).status_code == 403
    assert "Evil" not in anna.get("/admin/you").text


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_a_browser_came_with_is_worth_nothing_once_somebody_signs_in(office: Office) -> None:
    office.person("jos", "editor", password=PASSWORD)
    client = office.stranger()
    client.set_cookie("tolk-form", "planted")
    client.set_cookie("tolk-session", "planted")
    answer = client.post("/admin/sign-in", data={"csrf": "planted", "email": "jos@example.org", "password": PASSWORD})
    assert answer.status_code == 303
    assert client.get_cookie("tolk-session").value != "planted"  # type: ignore[union-attr]
    assert client.post("/admin/you", data={"csrf": "planted", "name": "Evil"}).status_code == 403


def test_head_asks_and_does_nothing(office: Office, anna: Visitor) -> None:
    anna.post("/admin/glossary/new", source_locale="nl", target_locale="tr", source="nek", target="boyun",
              status="preferred", note="")  # fmt: skip
    before = len(audit.entries(office.desk.db))
    term = "source_locale=nl&target_locale=tr&source=nek&target=boyun"
    assert anna.client.head(f"/admin/glossary/remove?{term}").status_code == 200
    assert "boyun" in anna.get("/admin/glossary").text
    assert len(audit.entries(office.desk.db)) == before


def test_links_are_by_the_address_of_the_site_whatever_a_request_calls_its_host(secure: Office) -> None:
    anna = secure.visit(secure.person("anna", "administrator"))
    anna.client.set_cookie("__Host-tolk-session", anna.token, secure=True, domain="evil.example")
    anna.client.set_cookie("__Host-tolk-session", anna.token, secure=True)
    entry, evil = secure.desk.article(), {"base_url": "https://evil.example"}
    evil["headers"] = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}  # type: ignore[assignment]
    form = {"csrf": anna.csrf, "locale": "nl", "lasts": "1"}
    made = anna.client.post(f"/admin/entries/{entry}/preview", data=form, **evil)  # type: ignore[arg-type]
    assert made.location.startswith("/admin/entries/")
    shown = anna.client.get(made.location, **evil)  # type: ignore[arg-type]
    assert "https://tolk.example.org/admin/preview/" in shown.text
    bea = {"csrf": anna.csrf, "name": "Bea", "email": "bea@example.org", "roles": "editor"}
    invited = anna.client.post("/admin/people/new", data=bea, **evil)  # type: ignore[arg-type]
    assert "https://tolk.example.org/admin/link/" in invited.text
    assert "evil.example" not in shown.text + invited.text


def test_over_https_cookies_and_answers_hold_browsers_to_it(secure: Office) -> None:
    secure.person("jos", "editor", password=PASSWORD)
    client, base = secure.stranger(), "https://localhost"
    page = client.get("/admin/sign-in", base_url=base)
    form = next(each for each in page.headers.getlist("Set-Cookie") if "form=" in each)
    data = {"csrf": form_token(page.text), "email": "jos@example.org", "password": PASSWORD}
    signed_in = client.post("/admin/sign-in", data=data, base_url=base)
    for cookie in (form, *signed_in.headers.getlist("Set-Cookie")):
        assert cookie.startswith("__Host-tolk-")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
        assert "Domain" not in cookie
    for path in PLACES:
        answer = client.get(path, base_url=base, buffered=True)
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000", path


@pytest.mark.parametrize("engine", ["sqlite"])
def test_over_http_nothing_promises_https(anna: Visitor) -> None:
    assert "Strict-Transport-Security" not in anna.get("/admin/you").headers


@pytest.mark.parametrize("engine", ["sqlite"])
def test_every_answer_forbids_storing_framing_and_guessing(office: Office, anna: Visitor) -> None:
    entry = office.desk.article()
    link = anna.post(f"/admin/entries/{entry}/preview", locale="nl", lasts="1").location
    token = re.search(r"link=([\w.-]+)", link)
    assert token
    for path in (
        "/admin/you", "/admin/audit/export.csv", "/admin/audit/export.jsonl", f"/admin/preview/{token[1]}",
        f"/admin/entries/{entry}/translate/tr/files/download", "/admin/find?type=article", "/admin/none/at/all",
        "/admin/link/x", "/admin/",
    ):  # fmt: skip
        headers = anna.get(path, buffered=True).headers
        assert headers["Cache-Control"] == "no-store", path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], path
        assert headers["Referrer-Policy"] == "same-origin", path
        assert "Access-Control-Allow-Origin" not in headers, path
        if "export" in path or "download" in path:
            assert headers["Content-Disposition"].startswith("attachment; filename="), path


@pytest.mark.parametrize("engine", ["sqlite"])
def test_who_is_not_signed_in_sends_little(office: Office) -> None:
    client = office.stranger()
    token = form_token(client.get("/admin/sign-in").text)
    for kind, body in (
        ("application/x-www-form-urlencoded", {"email": "x" * STRANGERS_BYTES}),
        ("multipart/form-data", {f"n{number}": "x" for number in range(60)}),
    ):
        assert client.post("/admin/sign-in", data={"csrf": token, **body}, content_type=kind).status_code == 413
    # Also where it does not say how much it sends.
    stream = io.BytesIO(b"csrf=" + token.encode() + b"&email=" + b"x" * STRANGERS_BYTES)
    answer = client.post(
        "/admin/sign-in", input_stream=stream, content_type="application/x-www-form-urlencoded",
        environ_overrides={"wsgi.input_terminated": True},
    )  # fmt: skip
    assert answer.status_code == 413
    file = {"csrf": token, "file": (io.BytesIO(b"x" * STRANGERS_BYTES), "a.bin")}
    assert client.post("/admin/you", data=file).status_code == 413


@pytest.mark.parametrize("engine", ["sqlite"])
def test_who_is_signed_in_sends_no_more_than_a_form_may_hold(anna: Visitor) -> None:
    parts = {f"n{number}": "x" for number in range(20_001)}
    boundary, parted = encode_multipart({"csrf": anna.csrf, **parts})
    answer = anna.client.post("/admin/view", data=parted, content_type=f'multipart/form-data; boundary="{boundary}"')
    assert (answer.status_code, answer.mimetype) == (413, "text/html")
    body = f"csrf={anna.csrf}&name=".encode() + b"x" * 50_000_000
    answer = anna.client.post("/admin/you", data=body, content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, answer.mimetype) == (413, "text/html")


HOSTILE = (
    "%00",
    "%ff%fe",
    "-1",
    "9" * 30,
    "9" * 5_000,
    "//[",
    "%0d%0aX:y",
    "0001-01-01",
    "9999-12-31",
    "a" * 10_000,
    "٣",
)
ASKED = {
    "articles": ("page", "search", "locale", "sort"),
    "people": ("search",),
    "audit": ("before", "since", "until", "entry", "actor"),
    "audit/export.jsonl": ("since", "entry"),
    "glossary": ("page", "search", "locale"),
    "glossary/term": ("source", "source_locale", "target_locale"),
    "find": ("q", "type"),
    "translations/tr": ("page", "search"),
    "articles/new": ("entry", "at", "q"),
}


def test_no_address_however_hostile_breaks_a_page(anna: Visitor) -> None:
    for path, names in ASKED.items():
        for value in HOSTILE:
            answer = anna.get(f"/admin/{path}?{'&'.join(f'{name}={value}' for name in names)}", buffered=True)
            assert answer.status_code < 500, (path, value[:20])
            assert "X" not in answer.headers
    for path in (
        "/admin/people/%s",
        "/admin/keys/%s/revoke",
        "/admin/entries/%s",
        "/admin/link/%s",
        "/admin/preview/%s",
    ):
        for value in HOSTILE[:6]:
            assert anna.get(path % value).status_code in (404, 410), (path, value)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_is_said_on_the_next_page_fits_a_cookie(office: Office, anna: Visitor) -> None:
    entry = office.desk.article()
    lost = {f"mark:gone{number}": "x..x" for number in range(30)}
    lost |= {f"text:gone{number}": token_urlsafe(2_000) for number in range(30)}
    answer = anna.post(f"/admin/entries/{entry}/translate/tr", do="save", **lost)
    assert answer.status_code == 303
    assert all(len(cookie) < 4_096 for cookie in answer.headers.getlist("Set-Cookie"))
    assert "was not saved" in anna.get(answer.location).text


def test_a_link_by_mail_is_not_asked_for_more_often_by_writing_the_address_otherwise(
    tmp_path: Path, sqlite_template: Path
) -> None:
    (tmp_path / "test.db").write_bytes(sqlite_template.read_bytes())
    settings = {"TOLK_SMTP_URL": "smtp://127.0.0.1:9", "TOLK_MAIL_FROM": "tolk@clinic.example"}
    with desk_at(f"sqlite:///{tmp_path}/test.db", tmp_path, **settings) as desk:
        client = Office(desk).stranger()
        token = form_token(client.get("/admin/forgot").text)
        written = ("jos@x.org", "JOS@x.org", "Jos@x.org", "jOs@x.org", "joS@X.org", " jos@x.ORG ")
        statuses = [client.post("/admin/forgot", data={"csrf": token, "email": each}).status_code for each in written]
    assert statuses == [200] * 5 + [429]


def test_the_log_holds_no_link_no_token_and_no_password(secure: Office, capsys: pytest.CaptureFixture[str]) -> None:
    jos = secure.person("jos", "editor", password=PASSWORD)
    link = one_time.make(secure.desk.db, jos.id, "reset", now=datetime.now(UTC))
    client, base = secure.stranger(), "https://localhost"
    for path in (f"/admin/link/{link}", f"/admin/link/{link}/", "/admin/preview/abc.def"):
        client.get(path, base_url=base)
    page = client.get("/admin/sign-in", base_url=base)
    for password in ("a wrong password", PASSWORD):
        data = {"csrf": form_token(page.text), "email": "jos@example.org", "password": password}
        client.post("/admin/sign-in", data=data, base_url=base)
    session = client.get_cookie("__Host-tolk-session")
    assert session
    logged = capsys.readouterr().err
    paths = [orjson.loads(line)["path"] for line in logged.splitlines()]
    assert paths[:3] == ["/admin/link/…", "/admin/link/…", "/admin/preview/…"]
    assert paths[3:] == ["/admin/sign-in"] * 3
    for secret in (link, PASSWORD, "a wrong password", session.value, form_token(page.text), "abc.def"):
        assert secret not in logged


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_audit_and_its_exports_hold_no_secret(office: Office, anna: Visitor) -> None:
    made = anna.post("/admin/keys/new", name="CI", owner=anna.user.id, everything="on").text
    key = re.search(r"tolk_\w+_\w+", made)
    handed = anna.post(f"/admin/people/{anna.user.id}/link").text
    link = re.search(r"/admin/link/(\w+)", handed)
    anna.post("/admin/you/authenticator/begin", password_now=PASSWORD)
    offer = totp.offered(office.desk.db, anna.user.id, issuer="x")
    assert key and link and offer
    for path in ("/admin/audit", "/admin/audit/export.csv", "/admin/audit/export.jsonl", "/admin/keys"):
        shown = anna.get(path, buffered=True).text
        for secret in (key[0], link[1], offer.secret, PASSWORD, anna.token, anna.csrf):
            assert secret not in shown.replace(f'value="{anna.csrf}"', ""), path


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_store_that_fails_tells_nothing_of_itself(
    office: Office, anna: Visitor, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = office.desk.article()
    with write(office.desk.db):
        office.desk.db.execute("drop table board")
    for path in ("/admin/articles", f"/admin/entries/{entry}", "/admin/"):
        answer = anna.get(path)
        assert (answer.status_code, answer.mimetype) == (503, "text/html"), path
        for trace in ("board", "sqlite", "Traceback", "select ", str(office.desk.settings.database_url)):
            assert trace not in answer.text, (path, trace)
    assert anna.token not in capsys.readouterr().err


@pytest.mark.parametrize("engine", ["sqlite"])
def test_nobody_gives_themselves_more_than_they_have(office: Office) -> None:
    eva = office.visit(office.person("eva", "editor"))
    other = office.visit(office.person("bea", "editor"))
    fields = {"roles": "administrator", "locales": "tr", "email": "evil@example.org", "state": "active", "id": "x",
              "name": "Eva", "person": other.user.id, "user": other.user.id, "has_totp": "1"}  # fmt: skip
    assert eva.post("/admin/you", **fields).status_code == 303
    stands = sessions.who(office.desk.db, eva.token, datetime.now(UTC))
    assert stands
    assert (stands.user.roles, stands.user.locales, stands.user.email) == (("editor",), (), "eva@example.org")
    theirs = sessions.who(office.desk.db, other.token, datetime.now(UTC))
    assert theirs
    assert eva.post(f"/admin/you/sessions/{theirs.id}/end").status_code == 404
    assert sessions.who(office.desk.db, other.token, datetime.now(UTC))


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_wrong_address_a_disabled_person_and_a_wrong_password_are_told_alike(office: Office) -> None:
    jos = office.person("jos", "editor", password=PASSWORD)
    gone = office.person("gone", "editor", password=PASSWORD)
    users.change(office.desk.db, gone.id, state="disabled", now=datetime.now(UTC))
    told = set()
    for email, password in ((jos.email, "wrong"), (gone.email, PASSWORD), ("none@example.org", PASSWORD)):
        answer = sign_in(office.stranger(), email, password)
        cookies = sorted(each.partition("=")[0] for each in answer.headers.getlist("Set-Cookie"))
        page = re.sub(r'value="[^"]*"', "", answer.text)
        told.add((answer.status_code, page, tuple(cookies)))
    assert len(told) == 1
