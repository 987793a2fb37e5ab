"""People and keys, as an administrator looks after them."""

import re
from datetime import UTC, datetime

import pytest

from cms.people import audit, keys, users
from tests.api.admin.conftest import PASSWORD, Office, Visitor, form_token, sign_in


def test_a_person_who_is_added_gets_a_link_and_sets_a_password(anna: Visitor, office: Office) -> None:
    answer = anna.post(
        "/admin/people/new", name="Bea Smit", email="bea@example.org", roles=["translator"], locales=["tr", "ar"]
    )
    link = re.search(r'<code class="secret"[^>]*>http://127\.0\.0\.1:8000(/admin/link/\w+)</code>', answer.text)
    assert link
    bea = users.by_email(office.desk.db, "bea@example.org")
    assert bea and (bea.roles, bea.locales) == (("translator",), ("ar", "tr"))
    client = office.stranger()
    page = client.get(link[1])
    assert "Bea Smit" in page.text
    form = {"csrf": form_token(page.text), "password": PASSWORD, "again": PASSWORD}
    assert client.post(link[1], data={**form, "again": "other"}).status_code == 422
    assert client.post(link[1], data={**form, "password": "short", "again": "short"}).status_code == 422
    assert client.post(link[1], data=form).location == "/admin/sign-in"
    assert sign_in(client, "bea@example.org").location == "/admin/"


def test_a_link_works_once(anna: Visitor, office: Office) -> None:
    bea = office.person("bea", "editor")
    shown = anna.post(f"/admin/people/{bea.id}/link").text
    link = re.search(r"(/admin/link/\w+)</code>", shown)
    assert link
    client = office.stranger()
    form = {"csrf": form_token(client.get(link[1]).text), "password": PASSWORD, "again": PASSWORD}
    client.post(link[1], data=form)
    for again in (client.get(link[1]), client.post(link[1], data=form)):
        assert (again.status_code, again.mimetype) == (410, "text/html")


def test_faults_stand_at_their_fields_and_nothing_typed_is_lost(anna: Visitor) -> None:
    answer = anna.post("/admin/people/new", name="Bea", email="no address", roles=["translator"])
    assert answer.status_code == 422
    assert {"email-problem", "locales-problem"} <= set(re.findall(r'<p class="problem" id="([\w-]+)"', answer.text))
    assert 'value="no address"' in answer.text
    assert re.search(r'value="translator" checked', answer.text)


def test_disabling_somebody_ends_their_sessions(anna: Visitor, office: Office) -> None:
    ben = office.visit(office.person("ben", "editor"))
    assert anna.post(f"/admin/people/{ben.user.id}/state", state="disabled").status_code == 303
    assert ben.get("/admin/").status_code == 303
    anna.post(f"/admin/people/{ben.user.id}/state", state="active")
    assert users.find(office.desk.db, ben.user.id).state == "active"


def test_the_last_administrator_stays(anna: Visitor, office: Office) -> None:
    disabled = anna.post(f"/admin/people/{anna.user.id}/state", state="disabled")
    demoted = anna.post(f"/admin/people/{anna.user.id}", name="Anna", email="anna@example.org", roles=["editor"])
    assert (disabled.status_code, demoted.status_code) == (422, 422)
    assert "last active administrator" in disabled.text
    assert users.find(office.desk.db, anna.user.id).roles == ("administrator",)


def test_roles_that_are_taken_away_are_gone_at_the_next_page(anna: Visitor, office: Office) -> None:
    bea = office.visit(office.person("bea", "administrator"))
    anna.post(f"/admin/people/{bea.user.id}", name="Bea", email="bea@example.org", roles=["editor"])
    assert bea.get("/admin/people").status_code == 403


def test_a_second_factor_is_taken_away(anna: Visitor, office: Office) -> None:
    bea = office.visit(office.person("bea", "editor"))
    assert anna.post(f"/admin/people/{bea.user.id}/second-factor").status_code == 303
    assert bea.get("/admin/").status_code == 303
    assert audit.entries(office.desk.db, action="user.reset_second_factor")[0].actor == anna.user.id


def test_somebody_who_is_not_there_is_a_page(anna: Visitor) -> None:
    assert anna.get("/admin/people/nobody").status_code == 404


def test_people_are_found_by_name_and_address(anna: Visitor, office: Office) -> None:
    office.person("bea", "editor")
    office.person("cem", "editor")
    page = anna.get("/admin/people?search=BEA@").text
    assert ("bea@example.org" in page, "cem@example.org" in page) == (True, False)


def test_what_people_are_called_is_text(anna: Visitor, office: Office) -> None:
    anna.post("/admin/people/new", name="<script>alert(1)</script>", email="eve@example.org", roles=["editor"])
    for path in ("/admin/people", "/admin/audit"):
        assert "<script>alert" not in anna.get(path).text


def test_a_key_is_shown_once(anna: Visitor, office: Office) -> None:
    answer = anna.post(
        "/admin/keys/new", name="Import", owner=anna.user.id, actions=["entry.read", "entry.save"], types=["article"],
        expires="2099-12-31",
    )  # fmt: skip
    secret = re.search(r"tolk_\w+_\w{20,}", answer.text)
    assert secret
    made = keys.every(office.desk.db)[0]
    assert keys.who(office.desk.db, secret[0], address="", now=datetime.now(UTC)).id == made.id
    assert (made.scopes.actions, made.scopes.types) == ({"entry.read", "entry.save"}, {"article"})
    # The day is one of the installation's: it ends at midnight in Amsterdam.
    assert made.expires_at == "2099-12-31T22:59:59.999999Z"
    assert secret[0] not in anna.get("/admin/keys").text


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " ", "actions": ["entry.read"]}, "name"),
        ({"name": "Import"}, "actions"),
        ({"name": "Import", "actions": ["entry.read"], "expires": "2020-01-01"}, "expires"),
        ({"name": "Import", "actions": ["entry.read"], "expires": "tomorrow"}, "expires"),
    ],
)
def test_a_key_that_cannot_be_is_not_made(anna: Visitor, office: Office, given: dict[str, str], field: str) -> None:
    answer = anna.post("/admin/keys/new", owner=anna.user.id, **given)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert keys.every(office.desk.db) == []


def test_a_key_is_revoked_after_a_question(anna: Visitor, office: Office) -> None:
    anna.post("/admin/keys/new", name="Import", owner=anna.user.id, everything="on")
    made = keys.every(office.desk.db)[0]
    assert made.scopes.actions == {"*"}
    assert "cannot be undone" in anna.get(f"/admin/keys/{made.id}/revoke").text
    assert not keys.find(office.desk.db, made.id).revoked_at
    anna.post(f"/admin/keys/{made.id}/revoke")
    assert keys.find(office.desk.db, made.id).revoked_at
