"""Entries by API: written, read, refused, put away, merged, reviewed; and what happens when two save at once."""

from typing import Any

import pytest

from cms.people import audit
from tests.api.manage.asked import make
from tests.api.manage.conftest import Bureau, Caller

TOPIC = {"type": "topic", "content": {"title": "Rug"}}


@pytest.fixture
def topic(admin: Caller) -> str:
    """Make a topic."""
    found: str = admin.post("/entries", TOPIC, status=201)["id"]
    return found


def test_an_entry_is_made_read_and_saved(admin: Caller, topic: str) -> None:
    answer = admin.ask("GET", f"/entries/{topic}")
    assert (answer.json["revision"], answer.headers["ETag"]) == (1, '"r1"')
    saved = admin.put(f"/entries/{topic}", {"content": {"title": "Rugpijn"}, "note": "duidelijker"}, 1)
    assert saved["changed"] is True
    assert (saved["entry"]["revision"], saved["entry"]["note"]) == (2, "duidelijker")
    assert admin.get(f"/entries/{topic}")["content"] == {"title": "Rugpijn"}


def test_where_it_was_made_is_said(admin: Caller) -> None:
    answer = admin.ask("POST", "/entries", json=TOPIC)
    assert answer.headers["Location"] == f"http://127.0.0.1:8000/manage/v1/entries/{answer.json['id']}"
    assert answer.headers["ETag"] == '"r1"'


def test_the_same_content_again_makes_no_revision(admin: Caller, topic: str) -> None:
    saved = admin.put(f"/entries/{topic}", {"content": {"title": "Rug"}}, 1)
    assert (saved["changed"], saved["entry"]["revision"]) == (False, 1)


def test_what_the_caller_has_is_not_sent_again(admin: Caller, topic: str) -> None:
    assert admin.ask("GET", f"/entries/{topic}", headers={"If-None-Match": '"r1"'}).status_code == 304
    listed = admin.ask("GET", "/entries")
    assert admin.ask("GET", "/entries", headers={"If-None-Match": listed.headers["ETag"]}).status_code == 304


def test_putting_away_changes_the_etag(admin: Caller, topic: str) -> None:
    admin.post(f"/entries/{topic}/archive", {}, 1)
    answer = admin.ask("GET", f"/entries/{topic}", headers={"If-None-Match": '"r1"'})
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"r1-archived"')
    admin.put(f"/entries/{topic}", {"content": {"title": "X"}}, 1, status=409)
    back = admin.ask("POST", f"/entries/{topic}/unarchive", headers={"If-Match": '"r1-archived"'})
    assert back.json["archived_at"] == ""


@pytest.mark.parametrize("given", [None, "*", ""])
def test_a_save_must_say_what_it_was_based_on(admin: Caller, topic: str, given: str | None) -> None:
    headers = {} if given is None else {"If-Match": given}
    answer = admin.ask("PUT", f"/entries/{topic}", json={"content": {"title": "X"}}, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (428, "precondition_required")


@pytest.mark.parametrize(
    "path", ["/archive", "/unarchive", "/merge", "/review", "/revisions/1/restore", "/locales/nl/publish"]
)
def test_whatever_concerns_the_newest_revision_must_say_which_was_seen(admin: Caller, topic: str, path: str) -> None:
    bodies: dict[str, Any] = {
        "/merge": {"duplicate": topic},
        "/review": {"reviewer": topic, "role": "medical", "date": "2026-01-01"},
    }
    sent = {"json": bodies[path]} if path in bodies else {}
    assert admin.ask("POST", f"/entries/{topic}{path}", **sent).status_code == 428
    answer = admin.ask("POST", f"/entries/{topic}{path}", headers={"If-Match": '"r7"'}, **sent)
    # Topics are not reviewed; and what says the same already need not be restored.
    if path not in ("/review", "/revisions/1/restore"):
        assert (answer.status_code, answer.json["latest"]) == (412, 1)


def test_a_save_on_an_older_revision_is_told_who_saved_and_what_changed(
    bureau: Bureau, admin: Caller, topic: str
) -> None:
    eva = bureau.caller("eva", "editor")
    eva.put(f"/entries/{topic}", {"content": {"title": "Rug", "synonyms": []}}, 1)
    eva.put(f"/entries/{topic}", {"content": {"title": "Onderrug", "synonyms": []}}, 2)
    answer = admin.ask(
        "PUT", f"/entries/{topic}", json={"content": {"title": "Bovenrug"}}, headers={"If-Match": '"r1"'}
    )
    assert (answer.status_code, answer.headers["ETag"]) == (412, '"r3"')
    told = answer.json
    assert (told["code"], told["latest"], told["based_on"]) == ("precondition_failed", 3, 1)
    assert "title" in told["changed"]
    assert told["saved_by"] == "test (Eva)"
    assert admin.get(f"/entries/{topic}")["content"]["title"] == "Onderrug"


@pytest.mark.parametrize("given", ['W/"r1"', '"r0"', '"x"', '"r99999999999999"', "r2", '"r1", "r5"'])
def test_a_tag_that_is_not_the_newest_revision_does_not_fit(admin: Caller, topic: str, given: str) -> None:
    answer = admin.ask("PUT", f"/entries/{topic}", json={"content": {"title": "X"}}, headers={"If-Match": given})
    assert (answer.status_code, answer.json["latest"]) == (412, 1)


def test_content_that_does_not_fit_is_told_by_its_place_in_what_was_sent(admin: Caller) -> None:
    body = [{"type": "heading", "level": 9, "text": "x"}, {"type": "paragraf", "text": "y"}]
    told = admin.post("/entries", {"type": "article", "content": {"titel": "X", "body": body}}, status=422)
    found = {error["pointer"]: error for error in told["errors"]}
    assert found["/content/titel"]["did_you_mean"] == "title"
    assert found["/content/body/0/level"]["code"] == "out_of_range"
    assert found["/content/body/1/type"]["code"] == "not_a_choice"
    assert found["/content/title"]["code"] == "required"


def test_what_an_operation_does_not_know_is_refused(admin: Caller, topic: str) -> None:
    told = admin.put(f"/entries/{topic}", {"content": {"title": "X"}, "notes": "x"}, 1, status=422)
    assert told["errors"][0]["did_you_mean"] == "note"
    told = admin.ask("GET", "/entries?tipe=topic").json
    assert told["errors"][0] == {
        "parameter": "tipe",
        "code": "unknown_parameter",
        "detail": "There is no parameter “tipe” here.",
        "did_you_mean": "type",
    }


def test_a_minor_edit_is_refused_where_a_fact_changed(bureau: Bureau, admin: Caller) -> None:
    entry = bureau.desk.article(body=[{"id": "b1", "type": "paragraph", "text": "Rust 2 dagen."}])
    content = admin.get(f"/entries/{entry}")["content"]
    said = {**content, "body": [{"id": "b1", "type": "paragraph", "text": "Rust 3 dagen."}]}
    told = admin.put(f"/entries/{entry}", {"content": said, "minor": True}, 1, status=409)
    assert told["errors"][0]["code"] == "fact_changed"
    same = {**content, "body": [{"id": "b1", "type": "paragraph", "text": "Rust 2 dagen!"}]}
    assert admin.put(f"/entries/{entry}", {"content": same, "minor": True}, 1)["entry"]["update_type"] == "minor"
    told = admin.put(f"/entries/{entry}", {"content": same, "minor": True, "update_type": "major"}, 2, status=422)
    assert told["errors"][0]["pointer"] == "/update_type"


def test_entries_are_found_filtered_and_paged(bureau: Bureau, admin: Caller) -> None:
    make(bureau)
    found = admin.get("/entries?type=article&sort=title&limit=2")
    assert (found["meta"]["total"], found["meta"]["pages"], len(found["data"])) == (3, 2, 2)
    assert found["links"]["next"].endswith("/manage/v1/entries?type=article&sort=title&limit=2&page=2")
    assert [row["title"] for row in admin.get("/entries?search=kooistra&sort=title")["data"]] == [
        "J. Kooistra",
        "Jos Kooistra",
    ]
    (row,) = admin.get("/entries?type=article&locale=tr&state=published")["data"]
    assert row["locales"]["tr"]["waiting"] == 1


def test_revisions_are_listed_compared_and_restored(admin: Caller, topic: str) -> None:
    admin.put(f"/entries/{topic}", {"content": {"title": "Rug en nek"}}, 1)
    assert [each["number"] for each in admin.get(f"/entries/{topic}/revisions")] == [2, 1]
    (changed,) = admin.get(f"/entries/{topic}/revisions/2/changes")
    assert changed["difference"] == [["same", "Rug "], ["new", "en nek"]] or changed["path"] == "title"
    assert admin.get(f"/entries/{topic}/revisions/1")["content"] == {"title": "Rug"}
    restored = admin.post(f"/entries/{topic}/revisions/1/restore", revision=2)
    assert (restored["entry"]["revision"], restored["entry"]["content"]) == (3, {"title": "Rug"})
    for odd in ("9", "0", "x", "99999999999", "-1"):
        assert admin.ask("GET", f"/entries/{topic}/revisions/{odd}").status_code == 404


def test_a_duplicate_is_merged(bureau: Bureau, admin: Caller) -> None:
    world = make(bureau)
    said = admin.get(f"/entries/{world.article}")
    content = {**said["content"], "authors": [world.double]}
    admin.put(f"/entries/{world.article}", {"content": content}, 1)
    done = admin.post(f"/entries/{world.author}/merge", {"duplicate": world.double}, 1)
    assert done == {"kept": world.author, "changed": [world.article]}
    assert admin.get(f"/entries/{world.article}")["content"]["authors"] == [world.author]
    assert admin.get(f"/entries/{world.double}")["archived_at"]


def test_a_reviewer_says_that_an_article_was_reviewed_and_can_change_nothing_else(bureau: Bureau) -> None:
    world, rik = make(bureau), bureau.caller("rik", "reviewer")
    review = {"reviewer": world.double, "role": "medical", "date": "2026-11-01", "review_due": "2028-11-01"}
    saved = rik.post(f"/entries/{world.article}/review", review, 1)["entry"]
    (reviewer,) = saved["content"]["reviewers"]
    assert (reviewer["author"], reviewer["date"]) == (world.double, "2026-11-01")
    assert (saved["content"]["last_reviewed"], saved["content"]["review_due"]) == ("2026-11-01", "2028-11-01")
    assert saved["update_type"] == "minor"
    rik.put(f"/entries/{world.article}", {"content": saved["content"]}, 2, status=403)
    again = rik.post(f"/entries/{world.article}/review", {**review, "date": "2026-11-20"}, 2)["entry"]["content"]
    assert [each["date"] for each in again["reviewers"]] == ["2026-11-20"]
    told = rik.post(f"/entries/{world.author}/review", review, 1, status=409)
    assert told["errors"][0]["code"] == "not_reviewed"


def test_pasted_text_is_told_first_and_kept_then(admin: Caller) -> None:
    text = "Pijn in de knie\n\nVaak gaat het vanzelf over.\n\nWat kun je zelf doen?\n\n- Blijf bewegen.\n"
    told = admin.post("/imports?dry_run=true", {"text": text})
    assert told["article"]["content"]["title"] == "Pijn in de knie"
    assert admin.get("/entries")["meta"]["total"] == 0
    made = admin.post("/imports", {"text": text}, status=201)
    assert admin.get(f"/entries/{made['article']}")["content"]["title"] == "Pijn in de knie"
    admin.post("/imports", {"text": "\n"}, status=422)


def test_a_preview_is_the_document_and_a_link_shows_it_for_a_while(bureau: Bureau, admin: Caller) -> None:
    world = make(bureau)
    shown = admin.get(f"/entries/{world.article}/preview/nl")
    assert (shown["title"], shown["locale"]) == ("Stijve nek", "nl")
    made = admin.post(f"/entries/{world.article}/preview/nl/links", {"hours": 1}, status=201)
    page = bureau.desk.app.test_client().get(made["url"].removeprefix("http://127.0.0.1:8000"))
    assert page.status_code == 200
    assert "Stijve nek" in page.text
    assert admin.ask("GET", f"/entries/{world.article}/preview/nl?revision=9").status_code == 404


def test_what_was_done_is_in_the_audit_with_the_key_that_did_it(bureau: Bureau, admin: Caller, topic: str) -> None:
    admin.put(f"/entries/{topic}", {"content": {"title": "Nek"}}, 1)
    done = admin.get(f"/audit?entry={topic}")
    assert [each["action"] for each in done] == ["entry.save", "entry.create"]
    assert {each["actor_kind"] for each in done} == {"key"}
    assert done[0]["address"] == "127.0.0.1"
    assert len(list(audit.export(bureau.desk.db))) == 2


def test_an_unknown_entry_is_not_found(admin: Caller) -> None:
    for path in ("", "/revisions", "/uses", "/locales", "/locales/tr", "/preview/tr", "/locales/tr/blockers"):
        assert admin.ask("GET", f"/entries/x{path}").status_code == 404
    assert admin.ask("GET", "/entries/x/locales/xx").json["code"] == "unknown_locale"


def test_what_was_copied_from_a_page_becomes_the_body_of_an_article(admin: Caller) -> None:
    html = "<h2>Wat helpt</h2><ul><li>Rust <b>3 dagen</b>.</li></ul><script>alert(1)</script>"
    body = admin.post("/imports/blocks", {"html": html})["blocks"]
    assert [block["type"] for block in body] == ["heading", "list"]
    made = admin.post("/entries", {"type": "article", "content": {"title": "Rug", "body": body}}, status=201)
    assert made["content"]["body"][1]["items"][0]["text"] == "Rust **3 dagen**."
