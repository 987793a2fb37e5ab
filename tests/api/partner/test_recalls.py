"""Partners acknowledge recalls, and register where they show what they were given."""

from datetime import timedelta

from cms.partners import holdings
from cms.publish import editions
from tests.api.conftest import NOW, Desk
from tests.api.partner.conftest import Caller, Calling


def recalled(desk: Desk) -> str:
    """Publish an article and withdraw it for safety; return its id."""
    entry = desk.article(NOW)
    now = NOW + timedelta(hours=1)
    editions.withdraw(
        desk.db, entry, explanation="Te veel.", by="eva", now=now, site=desk.settings.site, severity="safety"
    )
    return entry


def test_a_partner_sees_a_recall_and_acknowledges_it_once(desk: Desk, caller: Caller) -> None:
    entry = recalled(desk)
    [recall] = caller.get("/recalls?waiting=true")
    assert (recall["entry"], recall["explanation"], recall["drill"]) == (entry, "Te veel.", False)
    said = {"applied_at": "2026-11-23T11:00:00Z", "where": ["https://rug.example/nek"], "note": "Weg."}
    done = caller.post(f"/recalls/{recall['id']}/acknowledgement", said)
    assert (done["state"], done["how"], done["applied_at"][:16]) == ("acknowledged", "api", "2026-11-23T11:00")
    assert (done["where"], done["note"]) == (["https://rug.example/nek"], "Weg.")
    again = caller.post(f"/recalls/{recall['id']}/acknowledgement", {"note": "Nog eens."})
    assert again["note"] == "Weg."
    assert caller.get("/recalls?waiting=true") == []
    assert caller.get(f"/recalls/{recall['id']}")["closed_at"]


def test_what_is_another_partners_is_not_there(desk: Desk, calling: Calling) -> None:
    rug, knie = calling(), calling("Knienetwerk", types=["author"])
    recalled(desk)
    [recall] = rug.get("/recalls")
    assert knie.get("/recalls") == []
    knie.get(f"/recalls/{recall['id']}", 404)
    knie.post(f"/recalls/{recall['id']}/acknowledgement", {}, 404)


def test_what_is_wrong_with_an_acknowledgement_is_named(desk: Desk, caller: Caller) -> None:
    recalled(desk)
    [recall] = caller.get("/recalls")
    answer = caller.post(f"/recalls/{recall['id']}/acknowledgement", {"applied_at": "gisteren", "where": ["nek"]}, 422)
    assert [each["pointer"] for each in answer["errors"]] == ["/applied_at", "/where/0"]
    assert caller.get("/recalls?waiting=true")


def test_an_acknowledgement_ends_what_was_held(desk: Desk, caller: Caller) -> None:
    entry = desk.article(NOW)
    holdings.note(desk.db, caller.partner.id, [(entry, "nl", 1, 1)], "item", NOW)
    now = NOW + timedelta(hours=1)
    editions.withdraw(desk.db, entry, explanation="x", by="eva", now=now, site=desk.settings.site, severity="safety")
    [recall] = caller.get("/recalls")
    assert recall["holds"] == [{"locale": "nl", "revision": 1}]
    caller.post(f"/recalls/{recall['id']}/acknowledgement")
    assert holdings.holders(desk.db, entry) == []


def test_pages_are_registered_listed_and_forgotten(desk: Desk, calling: Calling) -> None:
    caller, entry = calling(domains=["rug.example"]), desk.article(NOW)
    page = {"url": "https://www.rug.example/nek", "entry": entry, "locale": "nl"}
    assert caller.ask("PUT", "/pages", sent=page)["findings"] is None
    assert [each["url"] for each in caller.get("/pages")["data"]] == [page["url"]]
    answer = caller.ask("PUT", "/pages", 422, {**page, "url": "https://elders.example/"})
    assert answer["errors"][0]["code"] == "not_at_domain"
    assert caller.ask("DELETE", f"/pages?url={page['url']}") == {"pages": 0}
    caller.ask("DELETE", f"/pages?url={page['url']}", 404)


def test_a_partner_sees_its_own_usage(caller: Caller) -> None:
    assert caller.get("/usage?since=2026-01-01") == []
