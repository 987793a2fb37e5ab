"""Sync over HTTP: what is asked and answered, cursors that lead nowhere, a partner's part, what its cursor proves."""

import base64
import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest

from api.server import tick
from cms.desk import merging
from cms.partners import holdings, partner_keys, partners
from cms.partners.partners import Partner
from cms.people.rights import OPERATOR
from cms.publish import editions, events
from cms.store import write
from tests.api.conftest import NOW, Desk, Library, desk_at, rewrite
from tests.api.test_openapi import check, described

Json = dict[str, Any]


def read(desk: Desk, path: str = "/v1/sync", key: str = "", status: int = 200) -> Json:
    """Return what an address answers, also where it is given whole."""
    path = path.removeprefix(desk.settings.site.url)
    answer = desk.get(path, headers={"Authorization": f"Bearer {key}"} if key else {})
    assert answer.status_code == status, answer.json
    found: Json = answer.json
    return found


def run(desk: Desk, path: str = "/v1/sync", key: str = "") -> tuple[list[Json], Json]:
    """Return the changes of all pages from an address on, and the last page."""
    page = read(desk, path, key)
    changes = page["changes"]
    while page["more"]:
        page = read(desk, page["links"]["next"], key)
        changes += page["changes"]
    return changes, page


def told(changes: list[Json]) -> list[tuple[str, str, str, str]]:
    return [(each["op"], each["reason"], each["type"], each["locale"]) for each in changes]


def article(desk: Desk, title: str = "Stijve nek", **content: Any) -> str:
    """Publish an article; all of them name one clinic."""
    known = desk.db.query("select id from entry where type = 'clinic'")
    clinic = next((row["id"] for row in known), "") or desk.clinic()
    return desk.article(title=title, clinics=[clinic], **content)


def topic(desk: Desk, title: str) -> str:
    return desk.publish("topic", {"title": title})


def canonical(document: Json) -> bytes:
    """Write canonical JSON as anybody can: by Python's own library, not by the one that Tolk uses."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(document: Json) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(canonical(document)).digest()).decode()}:"


@pytest.fixture
def partner(desk: Desk) -> Partner:
    return partners.add(
        desk.db, desk.settings.site, name="RugNetwerk", refresh_hours=24, terms="Noem de bron.", by="tester", now=NOW
    )


@pytest.fixture
def key(desk: Desk, partner: Partner) -> str:
    return partner_keys.make(desk.db, partner=partner.id, name="site", now=NOW)[1]


def test_a_run_brings_all_that_is_live(library: Library) -> None:
    desk = Desk(library.settings, library.app, library.db)
    changes, page = run(desk, "/v1/sync?limit=7")
    brought = {(each["id"], each["locale"]): each for each in changes}
    live = library.db.query("select entry, locale, body from document where status = 200")
    assert {key: canonical(each["document"]) for key, each in brought.items()} == {
        (row["entry"], row["locale"]): row["body"] for row in live
    }
    assert (page["more"], page["complete"], len(brought)) == (False, True, len(changes))
    assert all(digest(each["document"]) == each["digest"] for each in changes)
    assert all(each["document"]["url"] == each["url"] for each in changes)


@pytest.mark.parametrize("path", ["/v1/sync?limit=500", "/v1/sync?locale=en,ar&type=article", "/v1/manifest?limit=3"])
def test_answers_are_as_described(library: Library, path: str) -> None:
    client = library.app.test_client()
    check(client, described(client), path)


def test_changes_are_as_described(desk: Desk) -> None:
    entry = article(desk)
    _, page = run(desk)
    editions.withdraw(desk.db, entry, explanation="Fout.", severity="safety", by="e", now=NOW, site=desk.settings.site)
    client = desk.app.test_client()
    path = page["links"]["next"].removeprefix(desk.settings.site.url)
    assert told(check(client, described(client), path)["changes"]) == [("removed", "withdrawn", "article", "nl")]


def test_a_withdrawal_says_why_and_what_to_show_instead(desk: Desk) -> None:
    other, entry = article(desk), article(desk, title="Tennisarm")
    _, page = run(desk)
    site = desk.settings.site
    editions.withdraw(
        desk.db, entry, explanation="Dit klopt niet.", severity="safety", replacement=other, by="e", now=NOW, site=site
    )
    [change] = read(desk, page["links"]["next"])["changes"]
    url = site.document_url("nl", "articles", "stijve-nek")
    assert change == {
        "op": "removed", "reason": "withdrawn", "id": entry, "type": "article", "locale": "nl", "severity": "safety",
        "explanation": "Dit klopt niet.", "at": change["at"], "seq": events.latest(desk.db),
        "replacement": {"id": other, "type": "article", "locale": "nl", "url": url},
    }  # fmt: skip


def test_the_gravest_of_what_a_reader_has_not_had_is_said(desk: Desk) -> None:
    entry = article(desk)
    _, page = run(desk)
    for update_type, summary in (("safety", "Pas op."), ("minor", "Pas op!")):
        rewrite(desk.db, entry, NOW, summary=summary)
        editions.publish(desk.db, entry, "nl", by="e", now=NOW, site=desk.settings.site, update_type=update_type)
    [change] = read(desk, page["links"]["next"])["changes"]
    assert (change["update_type"], change["document"]["update_type"]) == ("safety", "minor")
    assert (change["reason"], change["version"]) == ("published", 3)


def test_filters_are_carried_by_the_next_address(desk: Desk) -> None:
    topics = [topic(desk, "Nek"), topic(desk, "Knie")]
    about = [article(desk, title=f"Over {number}", topics=[topics[number]]) for number in (0, 1)]
    changes, page = run(desk, "/v1/sync?type=article&topic=nek&limit=1")
    assert [each["id"] for each in changes] == about[:1]
    rewrite(desk.db, about[0], NOW, topics=topics[1:])
    desk.publish_again(about[0])
    changes, page = run(desk, page["links"]["next"])
    assert told(changes) == [("removed", "left_scope", "article", "nl")]
    rewrite(desk.db, about[0], NOW, topics=topics)
    desk.publish_again(about[0])
    assert told(run(desk, page["links"]["next"])[0]) == [("upsert", "published", "article", "nl")]


def test_a_topic_that_is_live_no_longer_is_followed_all_the_same(desk: Desk) -> None:
    neck = topic(desk, "Nek")
    entry = article(desk, topics=[neck])
    _, page = run(desk, f"/v1/sync?topic={neck}&type=article")
    editions.unpublish(desk.db, neck, "nl", by="e", now=NOW, site=desk.settings.site)
    desk.drain()
    changes, page = run(desk, page["links"]["next"])
    assert [(each["id"], each["reason"]) for each in changes] == [(entry, "updated")]


def test_a_merged_entry_says_which_one_was_kept(desk: Desk) -> None:
    keep, gone = article(desk), article(desk, title="Nekpijn")
    _, page = run(desk, "/v1/sync?type=article")
    merging.merge(desk.db, OPERATOR, keep, gone, now=NOW, site=desk.settings.site)
    changes, _ = run(desk, page["links"]["next"])
    removal = next(each for each in changes if each["id"] == gone)
    assert (removal["reason"], removal["replacement"]["id"]) == ("moved", keep)


def test_what_nobody_changed_brings_nothing_and_the_cursor_stays(desk: Desk) -> None:
    article(desk)
    _, page = run(desk)
    first = read(desk, page["links"]["next"])
    second = read(desk, first["links"]["next"])
    assert (second["changes"], second["more"], second["complete"]) == ([], False, True)
    assert second["cursor"] == first["cursor"]


def test_no_answer_is_kept_by_caches(desk: Desk) -> None:
    assert {desk.get(path).headers["Cache-Control"] for path in ("/v1/sync", "/v1/manifest", "/v1/sync?cursor=x")} == {
        "no-store"
    }


# Cursors


def other(letter: str) -> str:
    return "A" if letter != "A" else "B"


@pytest.mark.parametrize("spoil", [
    lambda cursor: "x", lambda cursor: "é", lambda cursor: cursor[:-2], lambda cursor: other(cursor[0]) + cursor[1:],
    lambda cursor: cursor[:-1] + other(cursor[-1]), lambda cursor: "A" * 900, lambda cursor: "====",
])  # fmt: skip
def test_a_cursor_that_was_changed_is_refused(desk: Desk, spoil: Any) -> None:
    _, page = run(desk)
    found = read(desk, f"/v1/sync?cursor={spoil(page['cursor'])}&type=article", status=400)
    assert (found["code"], found["links"]["restart"]) == (
        "bad_cursor", f"{desk.settings.site.url}/v1/sync?type=article",
    )  # fmt: skip


def test_a_cursor_of_the_manifest_is_none_of_sync_and_the_other_way_round(desk: Desk) -> None:
    article(desk)
    after = read(desk, "/v1/manifest?limit=1")["links"]["next"].partition("after=")[2]
    assert read(desk, f"/v1/sync?cursor={after}", status=400)["code"] == "bad_cursor"
    cursor = read(desk, "/v1/sync?limit=1")["cursor"]
    assert read(desk, f"/v1/manifest?after={cursor}", status=400)["code"] == "bad_cursor"


def test_a_cursor_of_another_selection_leads_nowhere(desk: Desk, key: str) -> None:
    _, page = run(desk)
    for path, with_key in (("/v1/sync?type=article", ""), ("/v1/sync?limit=3", key)):
        found = read(desk, f"{path}&cursor={page['cursor']}", with_key, status=410)
        assert (found["code"], found["reason"]) == ("cursor_expired", "other_selection")
        assert found["links"]["restart"] == f"{desk.settings.site.url}{path}"
        read(desk, found["links"]["restart"], with_key)


def test_filters_may_be_written_in_any_order(desk: Desk) -> None:
    _, page = run(desk, "/v1/sync?locale=nl,en&type=topic,article")
    read(desk, f"/v1/sync?type=article,topic&locale=en,nl&limit=3&cursor={page['cursor']}")


def test_a_cursor_from_before_a_restored_backup_leads_nowhere(desk: Desk) -> None:
    article(desk)
    with write(desk.db):
        before = list(desk.db.table("event").rows_where())
    entry = article(desk, title="Knie")
    _, page = run(desk)
    for further in ([], ["Voet", "Teen"]):
        with write(desk.db):
            desk.db.table("event").delete_where("seq > ?", [len(before)])
        for title in further:
            rewrite(desk.db, entry, NOW, title=title)
            desk.publish_again(entry)
        found = read(desk, page["links"]["next"], status=410)
        assert (found["code"], found["reason"]) == ("cursor_expired", "other_history")


def test_who_stayed_away_for_longer_than_events_are_kept_begins_anew(desk: Desk) -> None:
    entry = article(desk)
    _, page = run(desk)
    for title in ("Knie", "Voet"):
        rewrite(desk.db, entry, NOW, title=title)
        desk.publish_again(entry)
    site = desk.settings.site
    tick(desk.db, site, NOW + timedelta(days=site.events_days - 1))
    read(desk, page["links"]["next"])
    tick(desk.db, site, NOW + timedelta(days=site.events_days + 1))
    found = read(desk, page["links"]["next"], status=410)
    assert (found["code"], found["reason"]) == ("cursor_expired", "too_old")


@pytest.mark.parametrize("query", [
    "limit=0", "limit=501", "limit=x", "locale=xx", "locale=", "type=foo", "topic=", "topic=a,,b", "cursor=",
    "topc=nek", "type=article,foo",
])  # fmt: skip
def test_what_cannot_be_asked_is_named(desk: Desk, query: str) -> None:
    found = read(desk, f"/v1/sync?{query}", status=400)
    assert (found["code"], found["errors"][0]["parameter"]) == ("bad_parameter", query.partition("=")[0])


def test_a_topic_that_is_not_there_is_a_404(desk: Desk) -> None:
    clinic = desk.clinic()
    for handle in ("nergens", clinic, "a%00b"):
        assert read(desk, f"/v1/sync?topic={handle}", status=404)["errors"][0]["parameter"] == "topic"


# The manifest


def test_the_manifest_lists_what_sync_has_brought_and_leads_on(desk: Desk) -> None:
    article(desk)
    lines: list[Json] = []
    page = read(desk, "/v1/manifest?limit=1")
    while page["links"]["next"]:
        assert page["cursor"] is None
        lines += page["data"]
        # What happens while it is read is told afterwards.
        if len(lines) == 1:
            topic(desk, "Nieuw")
        page = read(desk, page["links"]["next"])
    lines += page["data"]
    changes, last = run(desk, page["links"]["sync"])
    assert ("upsert", "published", "topic", "nl") in told(changes)
    brought = {each["id"]: each for each in run(desk)[0]}
    for line in (*lines, *changes):
        same = ("id", "type", "locale", "version", "seq", "digest", "url")
        assert {name: line[name] for name in same} == {name: brought[line["id"]][name] for name in same}
    assert {each["id"] for each in (*lines, *changes)} == set(brought)
    assert last["complete"]


def test_a_copy_that_was_damaged_is_put_right_by_the_manifest(desk: Desk) -> None:
    """What the reference says, step by step: a copy that lacks one, has one too many and one that is old."""
    entries = [article(desk, f"Artikel {number}") for number in range(4)]
    copy = {(each["id"], each["locale"]): (each["seq"], each["document"]) for each in run(desk)[0]}
    rewrite(desk.db, entries[1], NOW, title="Nieuw")
    desk.publish_again(entries[1])
    del copy[entries[0], "nl"]
    copy["nobody", "nl"] = (1, {})
    lines: list[Json] = []
    page = read(desk, "/v1/manifest?limit=2")
    while page["links"]["next"]:
        lines += page["data"]
        page = read(desk, page["links"]["next"])
    lines += page["data"]
    # While it is read, one that it named goes.
    editions.unpublish(desk.db, entries[2], "nl", by="e", now=NOW, site=desk.settings.site)

    named = {(line["id"], line["locale"]): line for line in lines}
    copy = {key: kept for key, kept in copy.items() if key in named}
    lacking = [line for key, line in named.items() if copy.get(key, (0,))[0] != line["seq"]]
    assert {line["id"] for line in lacking} == {entries[0], entries[1]}
    for line in lacking:
        document = read(desk, line["url"])
        assert digest(document) == line["digest"]
        copy[line["id"], line["locale"]] = (line["seq"], document)
    changes, last = run(desk, page["links"]["sync"])
    for each in changes:
        if each["op"] == "removed":
            copy.pop((each["id"], each["locale"]), None)
        else:
            copy[each["id"], each["locale"]] = (each["seq"], each["document"])
    assert last["complete"]
    truth = {(each["id"], each["locale"]): (each["seq"], each["document"]) for each in run(desk)[0]}
    assert copy == truth


# Partners


def held(desk: Desk, partner: Partner) -> list[tuple[str, int, str]]:
    return sorted((each.entry, each.revision, each.how) for each in holdings.held(desk.db, partner.id))


def test_a_partner_is_given_its_part_on_its_terms(desk: Desk, key: str, partner: Partner) -> None:
    neck = topic(desk, "Nek")
    entry = article(desk, topics=[neck])
    article(desk, title="Knie")
    partners.change(desk.db, desk.settings.site, partner.id, topics=[neck], types=["article"], indexing="noindex")
    changes, page = run(desk, key=key)
    assert [each["id"] for each in changes] == [entry]
    assert page["terms"] == {
        "text": "Noem de bron.", "licence": {"name": "All rights reserved", "url": ""}, "indexing": "noindex",
        "refresh_hours": 24, "acknowledge_hours": 72,
    }  # fmt: skip
    lines = read(desk, "/v1/manifest", key)["data"]
    assert [line["id"] for line in lines] == [entry]
    assert run(desk, "/v1/sync?type=topic", key)[0] == []


def test_another_scope_begins_anew(desk: Desk, key: str, partner: Partner) -> None:
    _, page = run(desk, key=key)
    partners.change(desk.db, desk.settings.site, partner.id, types=["article"])
    assert read(desk, page["links"]["next"], key, status=410)["reason"] == "other_selection"


def test_a_cursor_is_of_who_was_given_it(desk: Desk, key: str) -> None:
    other = partners.add(desk.db, desk.settings.site, name="Ander", by="tester", now=NOW)
    secret = partner_keys.make(desk.db, partner=other.id, name="site", now=NOW)[1]
    _, page = run(desk, key=key)
    assert read(desk, page["links"]["next"], secret, status=410)["reason"] == "other_selection"


def test_what_a_partner_was_given_is_held_until_its_cursor_has_passed_what_came_after(
    desk: Desk, key: str, partner: Partner
) -> None:
    entry = article(desk)
    changes, page = run(desk, key=key)
    everything = sorted((each["id"], 1, "sync") for each in changes)
    assert held(desk, partner) == everything
    editions.withdraw(desk.db, entry, explanation="Fout.", severity="safety", by="e", now=NOW, site=desk.settings.site)
    page = read(desk, page["links"]["next"], key)
    assert told(page["changes"]) == [("removed", "withdrawn", "article", "nl")]
    # It was told, and has not shown yet that it knows.
    assert held(desk, partner) == everything
    assert partners.find(desk.db, partner.id).position < events.latest(desk.db)
    read(desk, page["links"]["next"], key)
    assert held(desk, partner) == [each for each in everything if each[0] != entry]
    assert partners.find(desk.db, partner.id).position == events.latest(desk.db)


def test_a_position_never_goes_back(desk: Desk, key: str, partner: Partner) -> None:
    article(desk)
    _, old = run(desk, key=key)
    topic(desk, "Nek")
    page = read(desk, old["links"]["next"], key)
    read(desk, page["links"]["next"], key)
    read(desk, old["links"]["next"], key)
    assert partners.find(desk.db, partner.id).position == events.latest(desk.db)


def test_who_is_still_walking_has_proved_nothing(desk: Desk, key: str, partner: Partner) -> None:
    article(desk)
    page = read(desk, "/v1/sync?limit=1", key)
    while not page["complete"]:
        topic(desk, "Tijdens het lopen")
        assert partners.find(desk.db, partner.id).position == 0
        page = read(desk, page["links"]["next"].replace("limit=1", "limit=2"), key)
    assert partners.find(desk.db, partner.id).position == 0
    read(desk, page["links"]["next"], key)
    assert partners.find(desk.db, partner.id).position == events.latest(desk.db)


def test_a_run_that_has_ended_proves_that_what_it_did_not_bring_is_gone(desk: Desk, key: str, partner: Partner) -> None:
    entry = article(desk)
    run(desk, key=key)
    partners.change(desk.db, desk.settings.site, partner.id, types=["article"])
    _, page = run(desk, key=key)
    assert len(held(desk, partner)) == 2
    read(desk, page["links"]["next"], key)
    assert held(desk, partner) == [(entry, 1, "sync")]


def test_who_follows_a_part_proves_nothing_of_the_rest(desk: Desk, key: str, partner: Partner) -> None:
    article(desk)
    _, page = run(desk, "/v1/sync?type=article", key)
    for _ in range(2):
        page = read(desk, page["links"]["next"], key)
    assert partners.find(desk.db, partner.id).position == 0


def test_asking_for_nothing_but_the_head_notes_nothing(desk: Desk, key: str, partner: Partner) -> None:
    article(desk)
    answer = desk.app.test_client().head("/v1/sync", headers={"Authorization": f"Bearer {key}"})
    assert (answer.status_code, held(desk, partner)) == (200, [])


def test_documents_are_counted_by_who_was_given_them(desk: Desk, key: str, partner: Partner) -> None:
    entry = article(desk)
    for with_key in (key, ""):
        run(desk, "/v1/sync?type=article", with_key)
    desk.app.extensions["tolk_meter"].keep(desk.db, NOW)
    rows = desk.db.table("partner_usage").rows_where("entry = ?", [entry], order_by="partner")
    assert [(row["partner"], row["way"], row["count"]) for row in rows] == [("", "sync", 1), (partner.id, "sync", 1)]


def test_where_keys_are_asked_for_sync_takes_none_without(database_url: str, tmp_path: Any) -> None:
    with desk_at(database_url, tmp_path, TOLK_PUBLIC="key") as desk:
        for path in ("/v1/sync", "/v1/manifest"):
            assert read(desk, path, status=401)["code"] == "key_missing"
