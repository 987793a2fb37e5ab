"""The profile that people keep themselves."""

import re
from datetime import UTC, datetime

import pyotp

from cms.people import audit, passwords, recovery, sessions, users
from tests.api.admin.conftest import PASSWORD, Office, Visitor

NEW = "een heel andere zin"


def test_a_new_password_needs_the_old_one(anna: Visitor, office: Office) -> None:
    answer = anna.post("/admin/you/password", password_now="wrong", password=NEW, again=NEW)
    assert answer.status_code == 422
    assert 'id="password_now-problem"' in answer.text
    assert passwords.is_right(office.desk.db, anna.user, PASSWORD)


def test_both_new_passwords_must_be_the_same(anna: Visitor) -> None:
    answer = anna.post("/admin/you/password", password_now=PASSWORD, password=NEW, again=NEW + "!")
    assert (answer.status_code, 'id="again-problem"' in answer.text) == (422, True)


def test_a_new_password_ends_all_other_sessions_and_renews_this_one(anna: Visitor, office: Office) -> None:
    other = office.visit(anna.user)
    answer = anna.post("/admin/you/password", password_now=PASSWORD, password=NEW, again=NEW)
    assert answer.status_code == 303
    assert anna.get("/admin/you").status_code == 200
    assert other.get("/admin/you").status_code == 303
    assert anna.client.get_cookie("tolk-session").value != anna.token  # type: ignore[union-attr]
    assert sessions.who(office.desk.db, anna.token, datetime.now(UTC)) is None
    assert passwords.is_right(office.desk.db, anna.user, NEW)


def test_an_authenticator_is_on_once_it_gave_a_code(anna: Visitor, office: Office) -> None:
    assert anna.post("/admin/you/authenticator/begin", password_now="wrong").status_code == 422
    assert anna.post("/admin/you/authenticator/begin", password_now=PASSWORD).status_code == 303
    page = anna.get("/admin/you/authenticator").text
    found = re.search(r'<code class="secret" dir="ltr">([A-Z2-7 ]+)</code>', page)
    assert found and 'src="data:image/svg+xml' in page
    secret = found[1].replace(" ", "")
    assert anna.post("/admin/you/authenticator", code="12").status_code == 422
    answer = anna.post("/admin/you/authenticator", code=pyotp.TOTP(secret).now())
    shown = re.findall(r"<li>([a-z2-7]{4}(?:-[a-z2-7]{4})+)</li>", answer.text)
    assert len(shown) == recovery.left(office.desk.db, anna.user.id) == 10
    assert users.find(office.desk.db, anna.user.id).has_totp
    assert recovery.use(office.desk.db, anna.user.id, shown[0])


def test_turning_the_authenticator_off_needs_the_password(anna: Visitor, office: Office) -> None:
    anna.post("/admin/you/authenticator/begin", password_now=PASSWORD)
    secret = next(office.desk.db.query("select totp_offered from tolk_user where id = ?", [anna.user.id]))
    answer = anna.post("/admin/you/authenticator", code=pyotp.TOTP(secret["totp_offered"]).now())
    renewed = Visitor(anna.client, anna.user, anna.client.get_cookie("tolk-session").value)  # type: ignore[union-attr]
    assert answer.status_code == 200
    assert renewed.post("/admin/you/authenticator/off", password_now="wrong").status_code == 422
    assert renewed.post("/admin/you/codes", password_now="wrong").status_code == 422
    assert renewed.post("/admin/you/codes", password_now=PASSWORD).text.count("<li>") >= 10
    assert renewed.post("/admin/you/authenticator/off", password_now=PASSWORD).status_code == 303
    assert not users.find(office.desk.db, anna.user.id).has_totp


def test_signing_out_everywhere_leaves_this_session(anna: Visitor, office: Office) -> None:
    other = office.visit(anna.user)
    assert anna.post("/admin/you/sessions/end").status_code == 303
    assert (anna.get("/admin/").status_code, other.get("/admin/").status_code) == (200, 303)


def test_one_device_is_signed_out_alone(anna: Visitor, office: Office) -> None:
    other, third = office.visit(anna.user), office.visit(anna.user)
    found = sessions.who(office.desk.db, other.token, datetime.now(UTC))
    assert found
    assert anna.post(f"/admin/you/sessions/{found.id}/end").status_code == 303
    assert (other.get("/admin/").status_code, third.get("/admin/").status_code) == (303, 200)


def test_nobody_signs_out_somebody_else(anna: Visitor, office: Office) -> None:
    ben = office.visit(office.person("ben", "editor"))
    found = sessions.who(office.desk.db, ben.token, datetime.now(UTC))
    assert found
    assert anna.post(f"/admin/you/sessions/{found.id}/end").status_code == 404
    assert ben.get("/admin/").status_code == 200


def test_name_language_and_colours_are_kept(anna: Visitor, office: Office) -> None:
    anna.post("/admin/you", name="Anna B.", language="nl", theme="dark")
    page = anna.get("/admin/you").text
    assert '<html lang="nl" dir="ltr" data-theme="dark"' in page
    assert 'value="Anna B."' in page
    assert audit.entries(office.desk.db, action="own.change")[0].after == {"name": "Anna B.", "language": "nl"}


def test_no_other_colours_than_there_are(anna: Visitor) -> None:
    anna.post("/admin/you", name="Anna", theme='dark" onload="x')
    assert 'data-theme="auto"' in anna.get("/admin/you").text


def test_a_passkey_is_offered_only_for_the_password(anna: Visitor) -> None:
    refused = anna.post("/admin/you/passkeys/options", password_now="wrong")
    assert (refused.status_code, set(refused.json or {})) == (422, {"said"})
    options = (anna.post("/admin/you/passkeys/options", password_now=PASSWORD).json or {})["options"]
    assert options["rp"]["id"] == "127.0.0.1"
    assert options["authenticatorSelection"]["userVerification"] == "required"


def test_what_is_no_passkey_is_refused_in_words(anna: Visitor) -> None:
    for answer in ("", "[]", "{}", '{"response": {"clientDataJSON": "x"}}', "null"):
        refused = anna.post("/admin/you/passkeys", name="Laptop", answer=answer)
        assert (refused.status_code, set(refused.json or {})) == (422, {"said"}), answer
        assert anna.post("/admin/sign-in/passkey", answer=answer).status_code == 401
