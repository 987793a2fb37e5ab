"""Publishing by API: what stands in each language, what blocks it, withdrawing and scheduling."""

from datetime import UTC, datetime, timedelta

from tests.api.manage.asked import make
from tests.api.manage.conftest import Bureau, Caller


def _standing(caller: Caller, entry: str, locale: str) -> str:
    return str(next(each["state"] for each in caller.get(f"/entries/{entry}/locales") if each["locale"] == locale))


def test_an_article_is_published_and_taken_back(bureau: Bureau, admin: Caller) -> None:
    clinic = bureau.desk.clinic()
    content = {"title": "Knie", "clinics": [clinic], "body": [{"type": "paragraph", "text": "Blijf bewegen."}]}
    entry = admin.post("/entries", {"type": "article", "content": content}, status=201)["id"]
    edition = admin.post(f"/entries/{entry}/locales/nl/publish", {"update_type": "major"}, 1)
    assert (edition["state"], edition["revision"], edition["slug"]) == ("published", 1, "knie")
    assert bureau.desk.get("/v1/nl/articles/knie").status_code == 200
    assert admin.post(f"/entries/{entry}/locales/nl/unpublish") == {"locales": ["nl"]}
    assert _standing(admin, entry, "nl") == "unpublished"


def test_what_still_blocks_publishing_is_told_without_trying_and_by_trying(bureau: Bureau, admin: Caller) -> None:
    world = make(bureau)
    blockers = admin.get(f"/entries/{world.draft}/locales/nl/blockers")
    assert {each["code"] for each in blockers} == {"needed", "needs_author"}
    assert all(each["detail"] for each in blockers)
    told = admin.post(f"/entries/{world.draft}/locales/nl/publish", revision=1, status=409)
    assert {each["code"] for each in told["errors"]} == {"needed", "needs_author"}
    assert admin.get(f"/entries/{world.article}/locales/nl/blockers") == []


def test_advice_is_withdrawn_with_an_explanation(bureau: Bureau, admin: Caller) -> None:
    world = make(bureau)
    asked = {"explanation": "Het klopt niet meer.", "severity": "safety"}
    assert set(admin.post(f"/entries/{world.article}/withdraw", asked)["locales"]) == {"nl", "tr"}
    gone = bureau.desk.get(f"/v1/nl/articles/{world.article}")
    assert (gone.status_code, gone.json["detail"]) == (410, "Het klopt niet meer.")
    (standing,) = [each for each in admin.get(f"/entries/{world.article}/locales") if each["locale"] == "nl"]
    assert standing["notice"]["severity"] == "safety"
    admin.post(f"/entries/{world.article}/withdraw", {"explanation": " "}, status=422)


def test_publishing_is_scheduled_and_cancelled(bureau: Bureau, admin: Caller) -> None:
    world = make(bureau)
    due = datetime.now(UTC) + timedelta(days=1)
    where = f"/entries/{world.article}/locales/nl/tasks"
    task = admin.post(where, {"action": "unpublish", "due_at": due.isoformat()}, status=201)
    assert [each["id"] for each in admin.get(f"/tasks?entry={world.article}")] == [task["id"], world.task]
    assert [each["id"] for each in admin.get("/tasks")] == [task["id"], world.task]
    admin.send("DELETE", f"/tasks/{task['id']}", None, status=204)
    assert admin.send("DELETE", f"/tasks/{task['id']}", None, status=409)["errors"][0]["code"] == "already_settled"
    past = {"action": "publish", "due_at": "2020-01-01T00:00:00Z"}
    assert admin.post(where, past, status=409)["errors"][0]["code"] == "not_in_future"
    for odd in ("tomorrow", "2027-01-01", "2027-01-01T00:00:00", "9999-12-31T23:59:59-10:00", 7, None):
        told = admin.post(where, {"action": "publish", "due_at": odd}, status=422)
        assert told["errors"][0]["pointer"] == "/due_at"


def test_what_there_is_to_do_depends_on_the_key(bureau: Bureau, admin: Caller) -> None:
    make(bureau)
    pola = bureau.caller("pola", "translator", locales=("pl",))
    assert admin.get("/todo")["waiting"]["total"] == 1
    assert pola.get("/todo")["waiting"]["total"] == 0
    assert {item["locale"] for item in pola.get("/todo")["missing"]["items"]} == {"pl"}


def test_a_key_for_some_languages_sees_no_others(bureau: Bureau) -> None:
    world = make(bureau)
    caller = Caller(bureau.desk.app, bureau.key(bureau.person("ada", "administrator"), locales=("tr",)))
    assert [each["locale"] for each in caller.get(f"/entries/{world.article}/locales")] == ["nl", "tr"]
    assert caller.ask("GET", f"/entries/{world.article}/locales/pl").status_code == 403
