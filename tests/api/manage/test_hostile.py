"""Whatever is sent, nothing breaks: no body, header, path or parameter is answered with a fault of ours."""

from typing import Any

import pytest

from tests.api.manage.asked import ASKED, make
from tests.api.manage.conftest import OPERATIONS, Bureau, Caller

BODIES: dict[str, bytes] = {
    "not UTF-8": b'{"a":"\xff\xfe"}',
    "a lone surrogate": b'{"type":"topic","content":{"title":"\\ud800"},"text":"\\udfff"}',
    "NUL": b'{"type":"topic","content":{"title":"a\\u0000b"},"text":"a\\u0000b","explanation":"\\u0000"}',
    "a list": b"[]",
    "deep lists": b"[" * 5_000 + b"]" * 5_000,
    "deep objects": b'{"content":' * 900 + b"{}" + b"}" * 900,
    "deep content": b'{"type":"article","content":{"title":"x","body":' + b'[{"type":"callout","body":' * 300
    + b"[]" + b"}]" * 300 + b"}}",
    "the same member twice": b'{"type":"topic","type":"article","content":{}}',
}  # fmt: skip
WRONG: tuple[Any, ...] = (None, 2**70, "a\0b", [[]], {"": ""})


@pytest.fixture
def everything(bureau: Bureau) -> tuple[Any, Caller]:
    """Fill a site, and give a caller that may everything."""
    return make(bureau), bureau.caller("ada", "administrator")


def test_no_body_breaks_an_operation(everything: tuple[Any, Caller]) -> None:
    world, admin = everything
    for name, operation in OPERATIONS.items():
        if operation.body is None:
            continue
        path, how = ASKED[name][0](world)
        for what, body in BODIES.items():
            answer = admin.ask(
                operation.method, path, data=body, content_type="application/json", headers=how.get("headers")
            )
            assert answer.status_code < 500, (name, what, answer.text[:300])
            if what not in ("the same member twice", "deep objects"):
                assert answer.status_code in (400, 404, 409, 412, 413, 422), (name, what, answer.text[:300])


def test_no_wrong_value_of_a_member_breaks_an_operation(everything: tuple[Any, Caller]) -> None:
    world, admin = everything
    for name, operation in OPERATIONS.items():
        path, how = ASKED[name][0](world)
        sent = how.get("json")
        if operation.body is None:
            continue
        for member in operation.body.fields:
            for wrong in WRONG:
                body = {**(sent or {}), member: wrong}
                answer = admin.ask(operation.method, path, json=body, headers=how.get("headers"))
                assert answer.status_code < 500, (name, member, wrong, answer.text[:300])


def test_no_parameter_breaks_an_operation(everything: tuple[Any, Caller]) -> None:
    world, admin = everything
    for name, operation in OPERATIONS.items():
        path, how = ASKED[name][0](world)
        plain = path.partition("?")[0]
        how = {**how, "headers": how.get("headers")}
        for parameter in [*operation.query, "x"]:
            for wrong in ("%00", "%ed%a0%80", "9" * 30, "x" * 3_000):
                if operation.method != "GET" and wrong != "%00":
                    continue
                answer = admin.ask(operation.method, f"{plain}?{parameter}={wrong}", **how)
                assert answer.status_code < 500, (name, parameter, wrong, answer.text[:300])


@pytest.mark.parametrize("odd", ["%00", "%ff", "'"])
def test_no_id_breaks_an_operation(bureau: Bureau, admin: Caller, odd: str) -> None:
    client = bureau.desk.app.test_client()
    for operation in OPERATIONS.values():
        if "<" not in operation.path:
            continue
        path = operation.path.replace("<locale>", "tr")
        for name in ("entry", "revision", "suggestion", "task", "user", "key", "picture"):
            path = path.replace(f"<{name}>", odd)
        answer = client.open(
            f"/manage/v1{path}",
            method=operation.method,
            headers={"Authorization": f"Bearer {admin.secret}", "If-Match": '"r1"'},
        )
        assert answer.status_code < 500, (path, answer.text[:300])


def test_a_body_of_another_kind_is_refused(everything: tuple[Any, Caller]) -> None:
    world, admin = everything
    for name, operation in OPERATIONS.items():
        if operation.method == "GET":
            continue
        path, how = ASKED[name][0](world)
        answer = admin.ask(
            operation.method, path, data=b"x=1", content_type="application/x-www-form-urlencoded",
            headers=how.get("headers"),
        )  # fmt: skip
        assert answer.status_code == 415, (name, answer.text)


def test_a_body_that_is_too_large_is_refused_before_it_is_read(everything: tuple[Any, Caller]) -> None:
    world, admin = everything
    for name in ("create_entry", "save_segments", "import_translation", "add_picture"):
        path, how = ASKED[name][0](world)
        large = (13 if OPERATIONS[name].files else 2) * 2**20
        kind = how.get("content_type", "application/json")
        answer = admin.ask(OPERATIONS[name].method, path, data=b"x" * large, content_type=kind)
        assert (answer.status_code, answer.json["code"]) == (413, "too_large"), name


def test_html_and_scripts_stay_text(admin: Caller) -> None:
    title = "<script>alert(1)</script>"
    told = admin.post("/entries", {"type": "topic", "content": {"title": title}}, status=422)
    assert told["errors"][0]["code"] == "html_in_text"
    assert admin.ask("GET", "/entries").headers["X-Content-Type-Options"] == "nosniff"
