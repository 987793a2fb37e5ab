"""Links that set a password, by mail: through a real mail server on this machine."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from api import logs, mail
from api.mail_settings import Mail
from tests.api.admin.conftest import PASSWORD, Office, form_token, sign_in
from tests.api.conftest import desk_at
from tests.postbox import Postbox
from tests.postbox import running as postbox_running


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    """Run a mail server."""
    with postbox_running() as box:
        yield box


@pytest.fixture
def mailing(database_url: str, tmp_path: Path, postbox: Postbox) -> Iterator[Office]:
    """Give an office that sends mail."""
    settings = {"TOLK_SMTP_URL": postbox.address, "TOLK_MAIL_FROM": "tolk@clinic.example", "TOLK_NAME": "Rug & Nek"}
    with desk_at(database_url, tmp_path, **settings) as desk:
        yield Office(desk)


def ask(office: Office, email: str) -> str:
    client = office.stranger()
    token = form_token(client.get("/admin/forgot").text)
    answer = client.post("/admin/forgot", data={"csrf": token, "email": email})
    assert answer.status_code == 200
    return answer.text


def test_who_forgot_the_password_gets_a_link_by_mail(mailing: Office, postbox: Postbox) -> None:
    mailing.person("bea", "editor", password="an old password of hers", language="nl")
    ask(mailing, "Bea@Example.org")
    letter = postbox.first()
    assert (letter["To"], letter["From"]) == ("bea@example.org", "tolk@clinic.example")
    text = letter.get_content()
    link = re.search(r"http://127\.0\.0\.1:8000(/admin/link/\w+)", text)
    assert link and "Rug & Nek" in text
    client = mailing.stranger()
    form = {"csrf": form_token(client.get(link[1]).text), "password": PASSWORD, "again": PASSWORD}
    assert client.post(link[1], data=form).status_code == 303
    assert sign_in(client, "bea@example.org").location == "/admin/"


def test_nobody_learns_who_has_an_account(mailing: Office, postbox: Postbox) -> None:
    mailing.person("bea", "editor")
    hide = re.compile(r'value="[^"]*"')
    assert hide.sub("", ask(mailing, "bea@example.org")) == hide.sub("", ask(mailing, "nobody@example.org"))
    postbox.first()
    assert len(postbox.letters) == 1


def test_links_are_not_sent_without_end(mailing: Office) -> None:
    client = mailing.stranger()
    token = form_token(client.get("/admin/forgot").text)
    form = {"csrf": token, "email": "bea@example.org"}
    answers = [client.post("/admin/forgot", data=form) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_who_is_invited_gets_a_mail_and_nobody_else_sees_the_link(mailing: Office, postbox: Postbox) -> None:
    anna = mailing.visit(mailing.person("anna", "administrator"))
    answer = anna.post("/admin/people/new", name="Bea", email="bea@example.org", roles=["editor"])
    assert answer.status_code == 303
    link = re.search(r"/admin/link/\w+", postbox.first().get_content())
    assert link and link[0] not in anna.get(answer.location).text


def test_without_a_mail_server_the_page_says_whom_to_ask(office: Office) -> None:
    client = office.stranger()
    page = client.get("/admin/forgot").text
    assert ("Ask an administrator" in page, 'name="csrf"' in page) == (True, False)
    token = form_token(client.get("/admin/sign-in").text)
    assert client.post("/admin/forgot", data={"csrf": token, "email": "a@b.example"}).status_code == 404


def test_a_server_that_is_not_there_is_logged_and_stops_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("info")
    mail.send_soon(Mail(host="127.0.0.1", port=1, sender="a@b.example"), "c@d.example", "Hello", "Text").join(10)
    assert '"event": "mail_failed"' in capsys.readouterr().err


def test_a_password_is_not_sent_in_the_clear(postbox: Postbox) -> None:
    host, port = postbox.address.removeprefix("smtp://").split(":")
    settings = Mail(host=host, port=int(port), user="u", password="p", sender="a@b.example")
    with pytest.raises(mail.smtplib.SMTPException, match="no TLS"):
        mail.send(settings, mail.message(settings, "c@d.example", "Hello", "Text"))


def test_a_header_cannot_be_smuggled_in() -> None:
    with pytest.raises(ValueError, match="Header"):
        mail.message(Mail(host="h", sender="a@b.example"), "c@d.example\nBcc: e@f.example", "Hello", "Text")
