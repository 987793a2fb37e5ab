"""What every page of the admin has: its headers, its guard, its words, its errors."""

import re
import shutil
from pathlib import Path

import pytest
from flask import Flask

from cms.people import audit
from tests.api.admin.conftest import Office, Visitor, form_token, sign_in
from tests.api.conftest import desk_at

POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data: blob:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
}
PAGES = ("/admin/", "/admin/you", "/admin/articles", "/admin/people", "/admin/keys", "/admin/audit", "/admin/glossary")


def test_every_page_has_its_headers(anna: Visitor) -> None:
    for path in (*PAGES, "/admin/nothing/here", "/admin/sign-in"):
        answer = anna.get(path)
        said = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
        assert said == POLICY, path
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_no_page_holds_a_script_or_style_of_its_own(anna: Visitor) -> None:
    for path in PAGES:
        page = anna.get(path).text
        assert not re.search(r"<style|\sstyle=|\son\w+=", page), path
        scripts = re.findall(r"<script[^>]*>", page)
        assert all(" src=" in script or 'type="application/json"' in script for script in scripts)


def test_a_stranger_is_sent_to_sign_in(office: Office) -> None:
    for path in PAGES:
        answer = office.stranger().get(path)
        assert (answer.status_code, answer.location) == (303, f"/admin/sign-in?next={path}")


def test_a_form_needs_the_token_of_its_session(anna: Visitor, office: Office) -> None:
    other = office.visit(office.person("bea", "administrator"))
    for given in ({}, {"csrf": ""}, {"csrf": "x"}, {"csrf": other.csrf}):
        answer = anna.client.post("/admin/you", data={"name": "Evil", **given})
        assert (answer.status_code, answer.mimetype) == (403, "text/html")
        assert "too old" in answer.text
    assert "Evil" not in anna.get("/admin/you").text


def test_a_form_from_another_site_is_refused_though_it_knew_the_token(anna: Visitor) -> None:
    answer = anna.client.post(
        "/admin/you", data={"name": "Evil", "csrf": anna.csrf}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403


def test_the_token_may_come_as_a_header(anna: Visitor) -> None:
    answer = anna.client.post("/admin/you", data={"name": "Anna B."}, headers={"X-CSRF-Token": anna.csrf})
    assert answer.status_code == 303


def test_signing_in_needs_the_token_of_the_browser(office: Office) -> None:
    client = office.stranger()
    client.get("/admin/sign-in")
    answer = client.post("/admin/sign-in", data={"email": "a@b.example", "password": "x", "csrf": "planted"})
    assert answer.status_code == 403


@pytest.mark.parametrize(("path", "method", "status"), [("/admin/nothing", "GET", 404), ("/admin/you", "PUT", 405)])
def test_errors_are_pages(anna: Visitor, path: str, method: str, status: int) -> None:
    answer = anna.client.open(path, method=method, headers={"X-CSRF-Token": anna.csrf})
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert "<h1>" in answer.text


def test_an_unknown_address_is_a_page_for_strangers_too(office: Office) -> None:
    answer = office.stranger().get("/admin/a/b/c/d", headers={"Accept-Language": "nl"})
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert '<html lang="nl"' in answer.text


def test_the_rest_of_the_site_still_answers_in_json(office: Office) -> None:
    assert office.stranger().get("/administration").mimetype == "application/problem+json"
    assert office.stranger().get("/v1/xx/articles").mimetype == "application/problem+json"


def test_a_failure_of_ours_is_a_page_without_a_trace(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    app = office.desk.app

    @app.get("/admin/broken")
    def broken() -> str:
        raise ZeroDivisionError("a secret of the code")

    answer = office.stranger().get("/admin/broken")
    assert (answer.status_code, answer.mimetype) == (500, "text/html")
    assert "secret of the code" not in answer.text
    assert "secret of the code" in capsys.readouterr().err


def test_a_form_that_is_too_large_is_a_page(anna: Visitor) -> None:
    answer = anna.post("/admin/you", name="x" * (13 * 2**20))
    assert (answer.status_code, answer.mimetype) == (413, "text/html")


def test_a_form_may_be_larger_than_a_request_of_the_api(anna: Visitor) -> None:
    assert anna.post("/admin/you", name="x" * (2 * 2**20)).status_code == 422


def test_the_admin_speaks_the_language_of_its_user(office: Office) -> None:
    ben = office.visit(office.person("ben", "editor", language="nl"))
    page = ben.get("/admin/", headers={"Accept-Language": "en"}).text
    assert '<html lang="nl" dir="ltr"' in page


def test_who_chose_no_language_gets_that_of_the_browser(office: Office) -> None:
    ben = office.visit(office.person("ben", "editor"))
    assert '<html lang="nl"' in ben.get("/admin/", headers={"Accept-Language": "nl-BE"}).text


def test_what_was_said_is_shown_once(anna: Visitor) -> None:
    anna.post("/admin/you", name="Anna B.", theme="dark")
    page = anna.get("/admin/you").text
    assert "Saved." in page.split("<main")[1]
    assert 'data-theme="dark"' in page
    assert 'class="notice' not in anna.get("/admin/you").text


def test_nobody_else_can_put_words_on_a_page(anna: Visitor) -> None:
    anna.client.set_cookie("tolk-said", '[["bad", "Call this number"]].x')
    assert "Call this number" not in anna.get("/admin/").text


def test_files_of_the_admin_are_kept_by_browsers_only_under_their_mark(office: Office) -> None:
    page = office.stranger().get("/admin/sign-in").text
    style = re.search(r'href="(/admin/static/base\.css\?v=[^"]+)"', page)
    assert style
    marked, plain = (office.stranger().get(path, buffered=True) for path in (style[1], "/admin/static/enhance.js"))
    assert "immutable" in marked.headers["Cache-Control"]
    assert plain.headers["Cache-Control"] == "no-cache"


def test_every_picture_that_a_template_names_is_there(office: Office) -> None:
    folder = Path(__file__).parents[3] / "api" / "admin"
    known = set(re.findall(r'<symbol id="(\w+)"', (folder / "static" / "icons.svg").read_text()))
    used = {
        name
        for path in (folder / "templates").rglob("*.html")
        for name in re.findall(r'(?:icon\("|image=")(\w+)"', path.read_text("utf-8"))
    }
    assert used - known == set()


def test_over_https_cookies_go_nowhere_else(database_url: str, tmp_path: Path) -> None:
    with desk_at(database_url, tmp_path, TOLK_URL="https://tolk.example") as desk:
        cookies = desk.app.test_client().get("/admin/sign-in").headers.getlist("Set-Cookie")
        assert [cookie.split("=")[0] for cookie in cookies] == ["__Host-tolk-form"]
        assert "Secure" in cookies[0].split("; ")


def test_every_address_is_guarded_unless_it_is_marked(office: Office) -> None:
    app: Flask = office.desk.app
    open_ones = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("admin.") and getattr(app.view_functions[rule.endpoint], "is_open", False)
    }
    assert open_ones - {"admin.preview.shared"} == {
        "admin.signing.sign_in",
        "admin.signing.second",
        "admin.recovery.forgot",
        "admin.recovery.link",
        "admin.passkeys.sign_in",
        "admin.sso.begin",
        "admin.sso.back",
        "admin.passkeys.sign_in_options",
    }


def test_a_second_tab_signs_in_with_the_form_it_has(office: Office) -> None:
    office.person("jos", "editor", password="correct fietsbel wolk")
    client = office.stranger()
    first = form_token(client.get("/admin/sign-in").text)
    assert form_token(client.get("/admin/sign-in").text) == first
    assert sign_in(client, "jos@example.org").status_code == 303


@pytest.mark.parametrize(("proxies", "seen"), [("0", "127.0.0.1"), ("1", "203.0.113.9"), ("2", "198.51.100.1")])
def test_an_address_is_believed_as_far_as_the_proxies_are_ours(
    tmp_path: Path, sqlite_template: Path, proxies: str, seen: str
) -> None:
    shutil.copy(sqlite_template, tmp_path / "own.db")
    with desk_at(f"sqlite:///{tmp_path}/own.db", tmp_path, TOLK_PROXIES=proxies) as desk:
        Office(desk).person("jos", "editor", password="correct fietsbel wolk")
        client = desk.app.test_client()
        client.environ_base["HTTP_X_FORWARDED_FOR"] = "192.0.2.1, 198.51.100.1, 203.0.113.9"
        sign_in(client, "jos@example.org")
        assert audit.entries(desk.db, action="session.open")[0].address == seen
