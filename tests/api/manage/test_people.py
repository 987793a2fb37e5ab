"""Users, keys, the audit and pictures by API."""

import csv
import io
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import orjson

from tests.api.manage.asked import a_picture
from tests.api.manage.conftest import Bureau, Caller

NEW = {"name": "Eva Editor", "email": "eva@example.org", "roles": ["editor"]}


def test_a_user_is_added_and_sets_a_password_with_the_link(bureau: Bureau, admin: Caller) -> None:
    made = admin.post("/users", NEW, status=201)
    assert made["user"]["has_password"] is False
    page = bureau.desk.app.test_client().get(urlsplit(made["link"]).path)
    assert (page.status_code, "Eva Editor" in page.text or "eva@example.org" in page.text) == (200, True)
    assert admin.post("/users", NEW, status=422)["errors"][0]["code"] == "email_taken"


def test_a_user_is_changed_disabled_and_helped_back_in(bureau: Bureau, admin: Caller) -> None:
    user = admin.post("/users", NEW, status=201)["user"]["id"]
    changed = admin.send("PATCH", f"/users/{user}", {"roles": ["translator"], "locales": ["tr"]})
    assert (changed["roles"], changed["locales"], changed["name"]) == (["translator"], ["tr"], "Eva Editor")
    assert admin.send("PATCH", f"/users/{user}", {"roles": ["boss"]}, status=422)["errors"][0]["pointer"] == "/roles/0"
    assert admin.send("PATCH", f"/users/{user}", {"state": "disabled"})["state"] == "disabled"
    assert admin.post(f"/users/{user}/password", status=201)["link"]
    admin.send("DELETE", f"/users/{user}/second-factor", None, status=204)
    assert [each["name"] for each in admin.get("/users?search=eva")["data"]] == ["Eva Editor"]


def test_the_last_administrator_stays(bureau: Bureau, admin: Caller) -> None:
    (ada,) = admin.get("/users")["data"]
    told = admin.send("PATCH", f"/users/{ada['id']}", {"roles": ["editor"]}, status=409)
    assert told["errors"][0]["code"] == "last_administrator"


def test_a_key_is_made_shown_once_used_and_revoked(bureau: Bureau, admin: Caller) -> None:
    (ada,) = admin.get("/users")["data"]
    ends = (datetime.now(UTC) + timedelta(days=30)).isoformat()
    asked = {"name": "bouw", "owner": ada["id"], "scopes": {"actions": ["entry.read"]}, "expires_at": ends}
    made = admin.post("/keys", asked, status=201)
    assert made["secret"].startswith(f"tolk_{made['key']['prefix']}_")
    assert made["secret"] not in admin.ask("GET", "/keys").text
    built = Caller(bureau.desk.app, made["secret"])
    built.get("/entries")
    assert admin.get(f"/keys/{made['key']['id']}")["last_used_at"]
    assert admin.send("DELETE", f"/keys/{made['key']['id']}", None)["revoked_at"]
    assert built.ask("GET", "/entries").status_code == 401
    told = admin.post("/keys", {**asked, "scopes": {"actions": ["entry.rd"]}}, status=422)
    assert told["errors"][0]["pointer"] == "/scopes/actions"


def test_a_key_makes_none_that_may_more_than_itself(bureau: Bureau) -> None:
    ada = bureau.person("ada", "administrator")
    caller = Caller(bureau.desk.app, bureau.key(ada, "keys.manage", "entry.read"))
    asked = {"name": "meer", "owner": ada.id, "scopes": {"actions": ["*"]}}
    caller.post("/keys", asked, status=403)
    caller.post("/keys", {**asked, "scopes": {"actions": ["entry.read"]}}, status=201)


def test_the_audit_is_filtered_paged_and_exported(admin: Caller) -> None:
    for title in ("Rug", "Nek", "Knie"):
        admin.post("/entries", {"type": "topic", "content": {"title": title}}, status=201)
    first = admin.get("/audit?action=entry.create&limit=2")
    assert len(first) == 2
    rest = admin.get(f"/audit?action=entry.create&limit=2&before={first[-1]['seq']}")
    assert [each["seq"] for each in [*first, *rest]] == sorted((each["seq"] for each in [*first, *rest]), reverse=True)
    assert len(rest) == 1
    assert admin.get("/audit?until=2020-01-01") == []
    assert len(admin.get("/audit?since=2020-01-01&action=entry.create")) == 3
    lines = admin.ask("GET", "/audit/file?action=entry.create").data.splitlines()
    assert [orjson.loads(line)["action"] for line in lines] == ["entry.create"] * 3
    table = admin.ask("GET", "/audit/file?action=entry.create&format=csv")
    assert table.content_type == "text/csv; charset=utf-8"
    assert [row["action"] for row in csv.DictReader(io.StringIO(table.text))] == ["entry.create"] * 3


def test_a_picture_is_sent_as_the_body_or_in_a_form(bureau: Bureau, admin: Caller) -> None:
    answer = admin.ask("POST", "/pictures?focus_x=20", data=a_picture(), content_type="image/png")
    assert (answer.status_code, answer.json["focus_x"], answer.json["width"]) == (201, 20, 40)
    form = {"file": (io.BytesIO(a_picture()), "x.png")}
    again = admin.ask("POST", "/pictures", data=form, content_type="multipart/form-data")
    assert again.json["id"] == answer.json["id"]
    assert bureau.desk.get(answer.json["src"]).status_code == 200
    moved = admin.send("PATCH", f"/pictures/{answer.json['id']}", {"focus_x": 1, "focus_y": 99})
    assert (moved["focus_x"], moved["focus_y"]) == (1, 99)
    assert [each["id"] for each in admin.get("/pictures")] == [answer.json["id"]]
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    told = admin.send("POST", "/pictures", None, status=422, data=svg, content_type="application/octet-stream")
    assert told["errors"][0]["code"] == "not_a_picture"
    admin.send("POST", "/pictures", None, status=415, data=svg, content_type="image/svg+xml")
