"""What a partner looks after itself: its webhooks and what they were told."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from api.partner import PREFIX
from cms.calls import Answer
from cms.content.identity import stamp
from cms.partners import attempts, deliveries, leases, outbox, partner_keys, partners, webhooks
from cms.people import audit
from cms.store import Database
from tests.api.conftest import Desk, desk_at
from tests.api.partner.conftest import Caller, Calling, description

URL = "http://127.0.0.1:9/tolk"


def add(caller: Caller, **fields: Any) -> dict[str, Any]:
    """Add a webhook; return it as it is shown."""
    found: dict[str, Any] = caller.post("/webhooks", {"url": URL, **fields}, 201)["webhook"]
    return found


def work(db: Database, desk: Desk, answer: Answer) -> None:
    """Send what is due once, to a server that answers this."""
    now = datetime.now(UTC)
    outbox.fan_out(db, desk.settings.site, now)
    for claimed in leases.claim(db, now, 10):
        outcome = attempts.attempt(claimed, lambda _: answer, now=now, clock=lambda: 0.0)
        leases.settle(db, claimed, outcome, chance=0.0)


def test_the_description_is_valid_and_there_for_who_has_a_key(caller: Caller, desk: Desk) -> None:
    OpenAPIV31SpecValidator(caller.get("/openapi.json")).validate()
    assert desk.app.test_client().get(f"{PREFIX}/openapi.json").status_code == 401


def test_every_route_is_described(desk: Desk) -> None:
    routes = {
        (rule.rule.replace("<", "{").replace(">", "}"), method.lower())
        for rule in desk.app.url_map.iter_rules()
        if rule.rule.startswith(PREFIX)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == {(path, method) for path, methods in description()["paths"].items() for method in methods}


def test_a_partner_learns_what_is_agreed(calling: Calling) -> None:
    caller = calling("RugNetwerk", locales=["nl"], refresh_hours=24, terms="Noem de bron.")
    account = caller.get("/account")
    assert (account["id"], account["locales"], account["refresh_hours"]) == (caller.partner.id, ["nl"], 24)
    assert account["terms"] == "Noem de bron."


@pytest.mark.parametrize("path", ["/account", "/webhooks", "/deliveries", "/webhooks/x"])
def test_nobody_comes_in_without_the_key_of_a_partner(desk: Desk, caller: Caller, path: str) -> None:
    assert Caller(desk.app, caller.partner).get(path, 401)["code"] == "key_missing"
    assert Caller(desk.app, caller.partner, "tolk_aaaaaaaa_b").get(path, 401)["code"] == "bad_key"


def test_who_is_suspended_or_revoked_is_told_so(db: Database, caller: Caller) -> None:
    partners.suspend(db, caller.partner.id)
    assert caller.ask("GET", "/account", status=_status(caller))["code"] == "partner_suspended"
    partners.resume(db, caller.partner.id)
    partner_keys.revoke(db, partner_keys.of(db, caller.partner.id)[0].id, now=datetime.now(UTC))
    assert caller.get("/webhooks", 401)["code"] == "key_revoked"


def _status(caller: Caller) -> int:
    headers = {"Authorization": f"Bearer {caller.secret}"}
    return caller.app.test_client().get(f"{PREFIX}/account", headers=headers).status_code


def test_a_webhook_is_added_read_changed_and_removed(db: Database, caller: Caller) -> None:
    made = caller.post("/webhooks", {"url": URL, "events": ["edition.withdrawn"]}, 201)
    webhook, secret = made["webhook"], made["secret"]
    assert webhooks.find(db, webhook["id"]).live_secrets(datetime.now(UTC)) == [secret]
    assert caller.get("/webhooks") == [webhook]
    assert caller.get(f"/webhooks/{webhook['id']}") == webhook
    changed = caller.ask("PATCH", f"/webhooks/{webhook['id']}", sent={"locales": ["nl"], "events": []})
    assert (changed["url"], changed["events"], changed["locales"]) == (URL, [], ["nl"])
    assert secret not in str(caller.get("/webhooks"))
    caller.ask("DELETE", f"/webhooks/{webhook['id']}", 204)
    assert caller.get("/webhooks") == []


def test_what_cannot_be_is_pointed_at(caller: Caller) -> None:
    found = caller.post("/webhooks", {"url": "ftp://x", "types": ["recipe"]}, 422)["errors"]
    assert {each["pointer"]: each["code"] for each in found} == {"/url": "not_a_link", "/types/0": "not_a_choice"}
    unknown = caller.post("/webhooks", {"url": URL, "topic": []}, 422)["errors"]
    assert [(each["code"], each["did_you_mean"]) for each in unknown] == [("unknown_field", "topics")]


def test_a_request_that_has_a_name_adds_one_webhook(caller: Caller) -> None:
    named = {"Idempotency-Key": "first"}
    made = caller.post("/webhooks", {"url": URL}, 201, **named)
    assert caller.post("/webhooks", {"url": URL}, 201, **named) == made
    assert len(caller.get("/webhooks")) == 1


def test_a_secret_is_rotated(db: Database, caller: Caller) -> None:
    webhook = add(caller)
    second = caller.post(f"/webhooks/{webhook['id']}/secret", {})["secret"]
    third = caller.post(f"/webhooks/{webhook['id']}/secret", {"hours": 1})["secret"]
    found = webhooks.find(db, webhook["id"])
    now = datetime.now(UTC)
    assert found.live_secrets(now) == [third, second]
    assert found.live_secrets(now + timedelta(hours=1)) == [third]
    assert caller.post(f"/webhooks/{webhook['id']}/secret", {"hours": 999}, 422)["code"] == "invalid"


def test_a_webhook_is_tried(db: Database, caller: Caller, desk: Desk) -> None:
    webhook = add(caller)
    pinged = caller.post(f"/webhooks/{webhook['id']}/ping", status=202)
    assert (pinged["type"], pinged["state"]) == ("webhook.ping", "waiting")
    work(db, desk, Answer(403, {}, b"who are you?"))
    found = caller.get(f"/deliveries/{pinged['id']}")
    assert found["delivery"]["state"] == "failed"
    assert found["body"]["data"] == {"webhook": webhook["id"], "id": pinged["message"]}
    (attempt,) = found["attempts"]
    assert (attempt["status"], attempt["error"], attempt["said"]) == (403, "not_accepted", "who are you?")


def test_a_webhook_is_disabled_and_enabled(db: Database, caller: Caller, desk: Desk) -> None:
    webhook = add(caller)
    path = f"/webhooks/{webhook['id']}"
    assert caller.post(f"{path}/disable")["reason"] == "asked"
    assert caller.post(f"{path}/ping", status=409)["errors"][0]["code"] == "webhook_disabled"
    entry = desk.publish("topic", {"title": "Rug"})
    assert caller.post(f"{path}/enable", {})["state"] == "active"
    work(db, desk, Answer(204, {}, b""))
    (told,) = caller.get("/deliveries?state=delivered")["data"]
    assert (told["entry"], told["type"]) == (entry, "edition.published")
    assert caller.get(path)["deliveries"] == {"delivered": 1}
    caller.post(f"{path}/disable")
    desk.publish("topic", {"title": "Nek"})
    caller.post(f"{path}/enable", {"skip": True})
    work(db, desk, Answer(204, {}, b""))
    assert caller.get(path)["deliveries"] == {"delivered": 1}


def test_messages_are_sent_again(db: Database, caller: Caller, desk: Desk) -> None:
    webhook = add(caller)
    desk.publish("topic", {"title": "Rug"})
    work(db, desk, Answer(204, {}, b""))
    (told,) = caller.get("/deliveries")["data"]
    assert caller.post(f"/deliveries/{told['id']}/replay", status=202)["state"] == "waiting"
    work(db, desk, Answer(204, {}, b""))
    path = f"/webhooks/{webhook['id']}/replay"
    assert caller.post(path, {"since": stamp(datetime.now(UTC) - timedelta(hours=1))}, 202) == {"messages": 1}
    assert caller.post(path, {"since": "yesterday"}, 422)["errors"][0]["code"] == "not_a_moment"
    work(db, desk, Answer(204, {}, b""))
    assert len(caller.get(f"/deliveries/{told['id']}")["attempts"]) == 3


def test_what_is_anothers_is_not_there(db: Database, caller: Caller, calling: Calling) -> None:
    other = calling("Another")
    webhook = add(other)
    pinged = deliveries.ping(db, webhook["id"], now=datetime.now(UTC))
    path = f"/webhooks/{webhook['id']}"
    assert caller.get("/webhooks") == []
    assert caller.get("/deliveries")["data"] == []
    for method, where, sent in [
        ("GET", path, None), ("PATCH", path, {}), ("DELETE", path, None), ("POST", f"{path}/secret", {}),
        ("POST", f"{path}/disable", None), ("POST", f"{path}/enable", {}), ("POST", f"{path}/ping", None),
        ("POST", f"{path}/replay", {"since": "2026-01-01T00:00:00Z"}),
        ("GET", f"/deliveries?webhook={webhook['id']}", None),
        ("GET", f"/deliveries/{pinged.id}", None), ("POST", f"/deliveries/{pinged.id}/replay", None),
    ]:  # fmt: skip
        assert caller.ask(method, where, 404, sent)["code"] == "not_found"


def test_what_a_partner_does_is_audited(db: Database, caller: Caller) -> None:
    webhook = add(caller)
    caller.post(f"/webhooks/{webhook['id']}/secret", {})
    done = audit.entries(db)
    assert [each.action for each in done] == ["webhook.rotate", "webhook.add"]
    assert {(each.actor, each.actor_kind, each.actor_name) for each in done} == {
        (caller.partner.id, "partner", caller.partner.name)
    }
    assert "whsec_" not in str(done)


def test_nobody_asks_too_often(database_url: str, tmp_path: Path, caller: Caller) -> None:
    with desk_at(database_url, tmp_path, TOLK_MANAGE_PER_MINUTE="2") as strict:
        mine = Caller(strict.app, caller.partner, caller.secret)
        assert [_status(mine) for _ in range(3)] == [200, 200, 429]
