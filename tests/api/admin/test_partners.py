"""Partners in the browser: their terms, keys, webhooks and pages, and what they may still show."""

import re
from datetime import UTC, datetime

import pytest

from cms.partners import deliveries, holdings, pages, partner_keys, partners, recalls, usage, webhooks
from cms.partners.messages import Message
from cms.partners.partners import Partner
from cms.people import audit
from cms.publish import events
from cms.store import Database, write
from tests.api.admin.conftest import Office, Visitor
from tests.builders import BY, SITE


def _now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def rug(office: Office) -> Partner:
    return partners.add(office.desk.db, SITE, name="RugNetwerk", domains=["localhost"], by=BY, now=_now())


def secret_on(page: str) -> str:
    found = re.search(r'<code class="secret"[^>]*>([^<]+)</code>', page)
    assert found, "no secret on this page"
    return found[1]


def told(db: Database, hook: str, state: str = "waiting", **changes: object) -> str:
    """Give a webhook a message in some state; return the delivery."""
    with write(db):
        made = deliveries.put(db, hook, Message("m1", 1, "edition.published", "", '{"type": "x"}', False), _now())
        db.table("delivery").update(made.id, {"state": state, **changes})
    return made.id


def test_a_partner_is_added_given_a_key_and_suspended(anna: Visitor, office: Office) -> None:
    db = office.desk.db
    given = {"name": "RugNetwerk", "refresh_hours": "48", "acknowledge_hours": "24", "indexing": "noindex"}
    added = anna.post(
        "/admin/partners/new", **given, domains="rug.example\n www.rug.example \n\n", contacts="a@rug.example",
        locales=["nl", "en"], types=["article"], terms="Noem ons.",
    )  # fmt: skip
    [rug] = partners.every(db)
    assert (added.status_code, added.location) == (303, f"/admin/partners/{rug.id}/keys")
    assert (rug.domains, rug.contacts) == (("rug.example", "www.rug.example"), ("a@rug.example",))
    assert (rug.locales, rug.types, rug.acknowledge_hours, rug.indexing) == (("nl", "en"), ("article",), 24, "noindex")
    assert "RugNetwerk" in anna.get("/admin/partners").text

    made = anna.post(f"/admin/partners/{rug.id}/keys", name="Website", expires="2999-01-01")
    secret = secret_on(made.text)
    assert partner_keys.who(db, secret, address="", now=_now()) == partners.find(db, rug.id)
    [key] = partner_keys.of(db, rug.id)
    assert secret not in anna.get(f"/admin/partners/{rug.id}/keys").text
    assert "Website" in anna.get(f"/admin/partners/{rug.id}/keys/{key.id}/revoke").text
    other = partners.add(db, SITE, name="Knie", by=BY, now=_now()).id
    assert anna.post(f"/admin/partners/{other}/keys/{key.id}/revoke").status_code == 404
    anna.post(f"/admin/partners/{rug.id}/keys/{key.id}/revoke")
    assert partner_keys.find(db, key.id).revoked_at
    anna.post(f"/admin/partners/{rug.id}/state", state="suspended")
    assert "its keys open nothing" in anna.get(f"/admin/partners/{rug.id}").text
    anna.post(f"/admin/partners/{rug.id}/state", state="active")
    assert partners.find(db, rug.id).is_active


def test_faults_stand_at_the_fields_of_a_partner_and_nothing_typed_is_lost(anna: Visitor, rug: Partner) -> None:
    path = f"/admin/partners/{rug.id}"
    answer = anna.post(
        path, name="", domains="https://x", refresh_hours="many", acknowledge_hours="1", indexing="index"
    )
    assert answer.status_code == 422
    assert {"name-problem", "domains-problem", "refresh_hours-problem"} <= set(
        re.findall(r'<p class="problem" id="([\w-]+)"', answer.text)
    )
    assert "https://x</textarea>" in answer.text
    for name, day in (("", ""), ("x", "2020-01-01"), ("x", "soon")):
        refused = anna.post(f"{path}/keys", name=name, expires=day)
        assert (refused.status_code, 'class="problem"' in refused.text) == (422, True)


def test_a_webhook_is_added_tried_changed_rotated_and_removed(anna: Visitor, office: Office, rug: Partner) -> None:
    db, own = office.desk.db, f"/admin/partners/{rug.id}/webhooks"
    refused = anna.post(own, url="http://127.0.0.1/x", events=["edition.withdrawn"])
    assert (refused.status_code, 'id="url-problem"' in refused.text) == (422, True)
    assert re.search(r'value="edition.withdrawn" checked', refused.text)
    secret = secret_on(anna.post(own, url="https://rug.example/x", events=["edition.withdrawn"]).text)
    [hook] = webhooks.of(db, rug.id)
    assert (hook.live_secrets(_now()), hook.events) == ([secret], ("edition.withdrawn",))
    page = f"/admin/webhooks/{hook.id}"
    anna.post(page, do="ping")
    assert [each.type for each in deliveries.of(db, [hook.id])[1]] == ["webhook.ping"]
    anna.post(page, do="change", url="https://rug.example/y", locales=["nl"])
    assert anna.post(page, do="change", url="https://user@rug.example/y").status_code == 422
    assert anna.post(page, do="rotate", hours="999").status_code == 422
    newer = secret_on(anna.post(page, do="rotate", hours="48").text)
    changed = webhooks.find(db, hook.id)
    assert (changed.url, changed.events, changed.locales) == ("https://rug.example/y", (), ("nl",))
    assert changed.live_secrets(_now()) == [newer, secret]
    shown = anna.get(page).text
    assert newer not in shown and secret not in shown
    anna.post(page, do="remove")
    assert webhooks.of(db, rug.id) == []
    assert [each.action for each in audit.entries(db, limit=5)] == [
        "webhook.remove", "webhook.rotate", "webhook.change", "webhook.ping", "webhook.add",
    ]  # fmt: skip


def test_limits_that_the_form_could_not_offer_are_kept(anna: Visitor, office: Office, rug: Partner) -> None:
    db = office.desk.db
    hook = webhooks.add(db, rug.id, url="https://rug.example/x", locales=["fy"], now=_now())[0].id
    assert 'value="fy" checked' in anna.get(f"/admin/webhooks/{hook}").text


def test_a_webhook_that_failed_is_enabled_and_a_message_is_sent_again(
    anna: Visitor, office: Office, rug: Partner
) -> None:
    db = office.desk.db
    hook = webhooks.add(db, rug.id, url="https://rug.example/x", now=_now())[0].id
    page, delivery = f"/admin/webhooks/{hook}", told(db, hook, "failed", attempts=10)
    with write(db):
        said = {"took_ms": 9, "status": 503, "said": "<script>later</script>", "error": ""}
        db.table("delivery_attempt").insert({"delivery": delivery, "number": 1, "at": rug.created_at, **said})
    shown = anna.get(f"/admin/deliveries/{delivery}").text
    assert "503" in shown and "&lt;script&gt;later" in shown
    webhooks.disable(db, hook, "failing", now=_now())
    assert "RugNetwerk" in anna.get("/admin/").text
    anna.post(f"/admin/deliveries/{delivery}")
    assert deliveries.find(db, delivery).state == "failed"
    anna.post(page, do="enable")
    assert deliveries.find(db, delivery).state == "waiting"
    anna.post(page, do="disable")
    anna.post(page, do="skip")
    assert deliveries.find(db, delivery).state == "dropped"
    assert delivery in anna.get(f"{page}?state=dropped").text
    assert delivery not in anna.get(f"{page}?state=failed").text
    anna.post(f"/admin/deliveries/{delivery}")
    assert deliveries.find(db, delivery).state == "waiting"


def test_pages_are_registered_looked_at_and_forgotten(anna: Visitor, office: Office, rug: Partner) -> None:
    db, own = office.desk.db, f"/admin/partners/{rug.id}/pages"
    entry = office.desk.article()
    refused = anna.post(own, do="put", url="https://elsewhere.example/a", **{"/entry": entry}, locale="nl")
    assert (refused.status_code, 'id="url-problem"' in refused.text) == (422, True)
    for url in ("http://localhost/a", "http://localhost/b"):
        anna.post(own, do="put", url=url, **{"/entry": entry}, locale="nl")
    anna.post(own, do="remove", url="http://localhost/b")
    # No server is called that stands within one's own network, and that is found.
    anna.post(own, do="look")
    [page] = pages.of(db, rug.id)
    assert [each["code"] for each in page.findings] == ["page_unreachable"]
    shown = anna.get(own).text
    assert "This page could not be fetched" in shown and "Stijve nek" in shown
    assert "1 page is not as it should be" in shown


def test_what_a_partner_holds_and_how_often_it_was_given_something(anna: Visitor, office: Office, rug: Partner) -> None:
    db, entry = office.desk.db, office.desk.article()
    holdings.note(db, rug.id, [(entry, "nl", 12, 5), (entry, "nl", 13, 6)], "sync", _now())
    usage.record(db, {(_now().date().isoformat(), rug.id, entry, "nl", "item"): 1234})
    shown = anna.get(f"/admin/partners/{rug.id}/holdings").text
    assert "was given revision 13 since" in shown and "1,234 times" in shown
    assert "2 versions" in anna.get(f"/admin/partners/{rug.id}").text


def test_a_partner_is_behind_by_what_changed_for_readers(anna: Visitor, office: Office, rug: Partner) -> None:
    db, entry = office.desk.db, office.desk.article()
    assert "Has not synced yet" in anna.get("/admin/partners").text
    holdings.prove(db, rug.id, events.latest(db), _now())
    # That a recall was opened or closed is no change that sync would bring.
    recalls.drill(db, entry, explanation="Oefening.", by=BY, now=_now())
    assert "Behind" not in anna.get("/admin/partners").text
    office.desk.publish("topic", {"title": "Rug"})
    for path in ("", f"/{rug.id}"):
        assert "by 1 change" in anna.get(f"/admin/partners{path}").text


def test_a_partner_manager_looks_after_partners_and_nothing_else(office: Office, rug: Partner) -> None:
    piet = office.visit(office.person("piet", "partner_manager"))
    home = piet.get("/admin/").text
    assert "/admin/partners" in home and "/admin/people" not in home
    assert piet.get(f"/admin/partners/{rug.id}").status_code == 200
    assert office.visit(office.person("bea")).get("/admin/partners").status_code == 403
