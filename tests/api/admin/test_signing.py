"""Signing in and out."""

import re
from datetime import UTC, datetime

import pyotp
import pytest

from api.admin.session import own_path
from cms.people import own, sessions, totp
from tests.api.admin.conftest import PASSWORD, Office, Visitor, form_token, sign_in


def test_the_right_password_opens_the_admin(office: Office) -> None:
    office.person("jos", "editor", password=PASSWORD)
    client = office.stranger()
    answer = sign_in(client, "JOS@example.org")
    assert (answer.status_code, answer.location) == (303, "/admin/")
    assert "Jos" in client.get("/admin/").text


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(office: Office) -> None:
    office.person("jos", "editor", password=PASSWORD)
    client = office.stranger()
    wrong, unknown = sign_in(client, "jos@example.org", "wrong"), sign_in(client, "bob@example.org", PASSWORD)
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace("jos@", "bob@") == unknown.text
    assert 'role="alert"' in wrong.text
    assert client.get("/admin/").status_code == 303


def test_the_password_is_never_shown_again(office: Office) -> None:
    assert "a secret thing" not in sign_in(office.stranger(), "jos@example.org", "a secret thing").text


def test_signing_in_leads_to_the_page_that_was_asked_for(office: Office) -> None:
    office.person("jos", "editor", password=PASSWORD)
    client = office.stranger()
    sent = client.get("/admin/articles?search=nek")
    assert sent.status_code == 303
    answer = sign_in(client, "jos@example.org", address=sent.location)
    assert answer.location == "/admin/articles?search=nek"


ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "/admin//evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "/v1/nl/articles",
    "/admin/../v1",
    "/administration",
    " /admin/",
    "/admin/\n",
    "http:/admin/",
    "/admin/sign-out",
)


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_an_address_that_is_no_page_of_the_admin_is_not_followed(elsewhere: str) -> None:
    assert own_path(elsewhere, "/admin/") == "/admin/"


def test_signing_in_leads_nowhere_else(office: Office) -> None:
    office.person("jos", "editor", password=PASSWORD)
    client = office.stranger()
    token = form_token(client.get("/admin/sign-in").text)
    form = {"csrf": token, "email": "jos@example.org", "password": PASSWORD}
    answer = client.post("/admin/sign-in", data=form, query_string={"next": ELSEWHERE[0]})
    assert answer.location == "/admin/"


def test_a_session_is_never_one_that_the_browser_came_with(office: Office) -> None:
    jos = office.person("jos", "editor", password=PASSWORD)
    before = office.visit(jos)
    fixed = before.token
    client = office.stranger()
    client.set_cookie("tolk-session", "planted")
    sign_in(client, "jos@example.org")
    assert client.get_cookie("tolk-session").value not in ("planted", fixed)  # type: ignore[union-attr]


def test_signing_out_ends_the_session_itself(anna: Visitor, office: Office) -> None:
    answer = anna.post("/admin/sign-out")
    assert answer.location == "/admin/sign-in"
    client = office.stranger()
    client.set_cookie("tolk-session", anna.token)
    assert client.get("/admin/").status_code == 303


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(office: Office) -> None:
    office.person("jos", "editor", password=PASSWORD)
    cookies = sign_in(office.stranger(), "jos@example.org").headers.getlist("Set-Cookie")
    session = next(cookie for cookie in cookies if cookie.startswith("tolk-session="))
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(session.split("; "))
    assert "Secure" not in session


def test_too_many_attempts_are_slowed_down(office: Office) -> None:
    office.person("jos", "editor", password=PASSWORD)
    client = office.stranger()
    answers = [sign_in(client, "jos@example.org", "wrong").status_code for _ in range(6)]
    assert answers == [401] * 5 + [429]
    last = sign_in(client, "jos@example.org")
    assert (last.status_code, "too many attempts" in last.text) == (429, True)
    assert int(last.headers["Retry-After"]) > 0


def test_an_authenticator_is_asked_for_its_code(office: Office) -> None:
    jos = office.person("jos", "editor", password=PASSWORD)
    now = datetime.now(UTC)
    secret = totp.offer(office.desk.db, jos.id, issuer="Tolk").secret
    own.confirm_totp(office.desk.db, sessions.actor_for(jos), pyotp.TOTP(secret).at(now.timestamp() - 30), now=now)
    client = office.stranger()
    asked = sign_in(client, "jos@example.org", address="/admin/sign-in?next=/admin/you")
    assert asked.location == "/admin/sign-in/second?next=/admin/you"
    assert client.get("/admin/").status_code == 303
    token = form_token(client.get(asked.location).text)
    assert client.post(asked.location, data={"csrf": token, "code": "000000"}).status_code == 401
    right = pyotp.TOTP(secret).at(datetime.now(UTC).timestamp())
    answer = client.post(asked.location, data={"csrf": token, "code": right})
    assert (answer.status_code, answer.location) == (303, "/admin/you")
    assert client.get("/admin/you").status_code == 200


def test_a_ticket_that_is_none_leads_back_to_the_password(office: Office) -> None:
    client = office.stranger()
    assert client.get("/admin/sign-in/second").location == "/admin/sign-in"
    client.set_cookie("tolk-ticket", "made-up")
    token = form_token(client.get("/admin/sign-in/second").text)
    answer = client.post("/admin/sign-in/second", data={"csrf": token, "code": "123456"})
    assert answer.location == "/admin/sign-in"
    assert "took too long" in client.get("/admin/sign-in").text


def test_whoever_is_signed_in_need_not_sign_in_again(anna: Visitor) -> None:
    assert anna.get("/admin/sign-in").location == "/admin/"


def test_a_stranger_chooses_the_language(office: Office) -> None:
    client = office.stranger()
    page = client.get("/admin/sign-in?language=nl", headers={"Accept-Language": "en"})
    assert re.search(r'<html lang="nl" dir="ltr"', page.text)
    assert 'lang="nl"' in client.get("/admin/forgot", headers={"Accept-Language": "en"}).text.split("<head>")[0]


def test_an_unknown_language_changes_nothing(office: Office) -> None:
    page = office.stranger().get("/admin/sign-in?language=xx", headers={"Accept-Language": "nl"})
    assert '<html lang="nl"' in page.text
