"""What has a name is done once: asked again it is answered the same, also by two at once."""

import io
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from werkzeug.test import TestResponse

from api.application import create_app
from cms.content.identity import moment, stamp
from cms.desk.once import KEPT
from cms.store import write
from tests.api.manage.asked import a_picture
from tests.api.manage.conftest import Bureau, Caller

TOPIC = {"type": "topic", "content": {"title": "Rug"}}


def ask(caller: Caller, name: str, path: str = "/entries", sent: Any = TOPIC) -> TestResponse:
    """Send a request by a name."""
    return caller.ask("POST", path, json=sent, headers={"Idempotency-Key": name})


def test_the_same_request_again_is_answered_the_same_and_makes_nothing(admin: Caller) -> None:
    first, again = ask(admin, "een"), ask(admin, "een")
    assert (first.status_code, first.data, first.headers["Location"], first.headers["ETag"]) == (
        again.status_code, again.data, again.headers["Location"], again.headers["ETag"],
    )  # fmt: skip
    assert admin.get("/entries")["meta"]["total"] == 1
    assert ask(admin, "twee").json["id"] != first.json["id"]


def test_it_is_known_again_however_its_members_are_ordered(admin: Caller) -> None:
    turned = {"content": {"title": "Rug"}, "type": "topic"}
    assert ask(admin, "een").json["id"] == ask(admin, "een", sent=turned).json["id"]


def test_another_request_by_the_same_name_is_refused(admin: Caller) -> None:
    ask(admin, "een")
    for path, sent in (("/entries", {**TOPIC, "content": {"title": "Nek"}}), ("/imports", {"text": "Rug\n\nTekst."})):
        answer = ask(admin, "een", path, sent)
        assert (answer.status_code, answer.json["code"]) == (422, "idempotency_key_reused")
    assert admin.get("/entries")["meta"]["total"] == 1


def test_names_are_those_of_one_key(bureau: Bureau, admin: Caller) -> None:
    eva = bureau.caller("eva", "editor")
    assert ask(admin, "een").json["id"] != ask(eva, "een").json["id"]


def test_what_was_refused_may_be_sent_again_in_order(admin: Caller) -> None:
    assert ask(admin, "een", sent={"type": "topic", "content": {}}).status_code == 422
    assert ask(admin, "een").status_code == 201


def test_after_a_day_a_name_is_new(bureau: Bureau, admin: Caller) -> None:
    first = ask(admin, "een").json["id"]
    with write(bureau.desk.db) as db:
        (row,) = list(db.query("select id, made_at from answer"))
        db.table("answer").update(row["id"], {"made_at": stamp(moment(row["made_at"]) - KEPT)})
    assert ask(admin, "een").json["id"] != first
    assert bureau.desk.db.table("answer").count_where() == 1


def test_secrets_in_answers_are_not_kept_for_others_to_read(bureau: Bureau, admin: Caller) -> None:
    (ada,) = admin.get("/users")["data"]
    asked = {"name": "k", "owner": ada["id"], "scopes": {"actions": ["entry.read"]}}
    first = ask(admin, "een", "/keys", asked).json["secret"]
    assert ask(admin, "een", "/keys", asked).json["secret"] == first
    (row,) = list(bureau.desk.db.query("select answer from answer"))
    assert first.encode() not in bytes(row["answer"])
    assert len(admin.get("/keys")) == 2


@pytest.mark.parametrize("name", [" ", "a b", "x" * 201, "é"])
def test_a_name_is_printable_and_short(admin: Caller, name: str) -> None:
    answer = ask(admin, name)
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (422, "not_a_name")


def test_a_picture_in_a_form_is_known_again(admin: Caller) -> None:
    def send() -> TestResponse:
        form = {"file": (io.BytesIO(a_picture()), "x.png")}
        headers = {"Idempotency-Key": "een"}
        return admin.ask("POST", "/pictures", data=form, content_type="multipart/form-data", headers=headers)

    assert send().data == send().data


@pytest.mark.parametrize("path", ["/entries", "/users", "/imports"])
def test_two_at_once_make_one(bureau: Bureau, admin: Caller, path: str) -> None:
    sent: dict[str, Any] = {
        "/entries": TOPIC,
        "/users": {"name": "Eva", "email": "eva@example.org", "roles": ["editor"]},
        "/imports": {"text": "Pijn in de knie\n\nVaak gaat het vanzelf over."},
    }
    together = Barrier(2, timeout=30)
    # Processes of their own, as far as can be: what one has in common with the other is the database.
    apps = [create_app(bureau.desk.settings) for _ in range(2)]

    def send(number: int) -> tuple[int, bytes]:
        app = apps[number]
        together.wait()
        answer = ask(Caller(app, admin.secret), "een", path, sent[path])
        app.extensions["tolk_connections"].close()
        return answer.status_code, answer.data

    with ThreadPoolExecutor(2) as threads:
        answers = set(threads.map(send, range(2)))
    assert len(answers) == 1
    assert next(iter(answers))[0] == 201
    counted = admin.get("/users" if path == "/users" else "/entries")["meta"]["total"]
    assert counted == (2 if path == "/users" else 1)
