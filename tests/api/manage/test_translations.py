"""Translating by API: what a translator sees, saving beside others, approving, waiving, suggestions, files."""

import io

import pytest

from api.manage.files import MEDIA_TYPES
from cms.localize import translations
from tests.api.manage.asked import CSV, TERM, World, make
from tests.api.manage.conftest import Bureau, Caller


@pytest.fixture
def world(bureau: Bureau) -> World:
    """Fill the site."""
    return make(bureau)


@pytest.fixture
def tuba(bureau: Bureau) -> Caller:
    """Give a translator of Turkish."""
    return bureau.caller("tuba", "translator", locales=("tr",))


def _at(world: World, rest: str = "", locale: str = "tr") -> str:
    return f"/entries/{world.article}/locales/{locale}{rest}"


def test_a_translator_sees_each_segment_in_the_order_of_the_entry(world: World, tuba: Caller) -> None:
    found = tuba.get(_at(world))
    assert [each["path"] for each in found["segments"]] == ["title", "body.b1.text"]
    assert (found["current"], found["stale"], found["missing"]) == (2, 0, 0)
    title, text = found["segments"]
    assert (title["text"], title["approved"], title["state"]) == ("Boyun tutulması", "Stijve nek [tr]", "needs_review")
    assert [each["text"] for each in title["suggestions"]] == ["Tutuk boyun"]
    assert (text["block"], text["block_type"]) == ("b1", "paragraph")
    assert {each["code"] for each in text["findings"]} >= {"untranslated"}
    assert all(each["detail"] for each in text["findings"])


def test_a_stale_segment_shows_what_changed_in_words(world: World, admin: Caller, tuba: Caller) -> None:
    content = admin.get(f"/entries/{world.article}")["content"]
    content["body"][0]["text"] = "Blijf rustig bewegen."
    admin.put(f"/entries/{world.article}", {"content": content}, 1)
    text = tuba.get(_at(world))["segments"][1]
    assert (text["freshness"], text["text"]) == ("stale", "")
    assert text["older"]["change"] == [["same", "Blijf "], ["new", "rustig "], ["same", "bewegen."]]


def test_a_text_is_saved_as_a_draft_and_approved_by_a_reviewer(bureau: Bureau, world: World, tuba: Caller) -> None:
    given = {"texts": {"title": "Tutuk boyun"}, "seen": {"title": "Boyun tutulması"}}
    assert tuba.put(_at(world, "/segments"), given)["title"]["what"] == "saved"
    tuba.put(_at(world, "/segments"), {**given, "state": "approved"}, status=403)
    tuba.post(_at(world, "/approve"), {"paths": ["title"]}, status=403)
    rik = bureau.caller("rik", "reviewer")
    told = rik.post(_at(world, "/approve"), {"paths": ["title"], "seen": {"title": "iets anders"}}, status=409)
    assert told["clashes"] == [{"path": "title", "theirs": "Tutuk boyun", "yours": "iets anders", "by": "test (Tuba)"}]
    assert rik.post(_at(world, "/approve"), {"paths": ["title"]}) == {"paths": ["title"]}
    assert tuba.get(_at(world))["segments"][0]["approved"] == "Tutuk boyun"


def test_who_saves_over_another_text_than_was_seen_is_shown_both(world: World, tuba: Caller) -> None:
    told = tuba.put(_at(world, "/segments"), {"texts": {"title": "X boyun"}, "seen": {"title": "oud"}}, status=409)
    assert (told["code"], told["clashes"][0]["theirs"]) == ("translation_clash", "Boyun tutulması")


def test_a_translator_of_one_language_cannot_touch_another(world: World, tuba: Caller) -> None:
    told = tuba.put(_at(world, "/segments", "pl"), {"texts": {"title": "Szyja"}}, status=403)
    assert (told["action"], told["locale"]) == ("translation.save", "pl")


def test_a_path_or_text_that_does_not_fit_is_told_by_its_place(world: World, tuba: Caller) -> None:
    told = tuba.put(_at(world, "/segments"), {"texts": {"body.b9.text": "x"}}, status=422)
    assert told["errors"][0]["pointer"] == "/texts/body.b9.text"
    told = tuba.put(_at(world, "/segments"), {"texts": {"title": 5, "slug": None}}, status=422)
    assert [each["pointer"] for each in told["errors"]] == ["/texts"]
    assert tuba.ask("GET", _at(world, "", "nl")).status_code == 422


def test_texts_are_checked_without_being_saved(world: World, tuba: Caller) -> None:
    found = tuba.post(_at(world, "/checks"), {"texts": {"title": "Stijve nek", "body.b1.text": "Hareket edin."}})
    assert found["title"][0]["code"] == "untranslated"
    assert tuba.get(_at(world))["segments"][0]["text"] == "Boyun tutulması"


def test_a_warning_is_waived_with_a_reason(bureau: Bureau, world: World, admin: Caller) -> None:
    content = admin.get(f"/entries/{world.article}")["content"]
    content["body"][0]["text"] = "Blijf niet liggen als je last hebt van je rug."
    admin.put(f"/entries/{world.article}", {"content": content}, 1)
    given = {"texts": {"body.b1.text": "Sırtınız ağrıyorsa hareket edin, yürüyün ve işinize dönün."}}
    admin.put(_at(world, "/segments"), given)
    assert "negation" in {each["code"] for each in admin.get(_at(world))["segments"][1]["findings"]}
    reason = {"path": "body.b1.text", "code": "negation", "reason": "Zo zeg je dat in het Turks."}
    admin.post(_at(world, "/waive"), reason, status=204)
    segment = admin.get(_at(world))["segments"][1]
    assert [each["reason"] for each in segment["waived"]] == ["Zo zeg je dat in het Turks."]
    assert "negation" not in {each["code"] for each in segment["findings"]}


def test_a_suggestion_is_taken_or_refused(world: World, tuba: Caller, admin: Caller) -> None:
    where = _at(world, f"/suggestions/{world.suggestion}")
    taken = tuba.post(f"{where}/accept", {"seen": "Boyun tutulması"})
    assert taken["title"]["what"] in ("saved", "held")
    assert tuba.get(_at(world))["segments"][0]["state"] == "needs_review"
    assert admin.send("DELETE", where, None, status=404)["code"] == "not_found"


def test_the_memory_is_asked_for_a_segment(bureau: Bureau, world: World, tuba: Caller) -> None:
    assert isinstance(tuba.get(_at(world, "/offers?path=title")), list)
    assert tuba.ask("GET", _at(world, "/offers")).json["errors"][0]["code"] == "required"
    assert tuba.ask("GET", _at(world, "/offers?path=x")).status_code == 422


@pytest.mark.parametrize("form", MEDIA_TYPES)
def test_a_file_goes_out_and_comes_back(world: World, tuba: Caller, form: str) -> None:
    answer = tuba.ask("GET", _at(world, f"/file?format={form}"))
    assert answer.status_code == 200
    assert f'filename="{world.article}.tr.' in answer.headers["Content-Disposition"]
    changed = answer.data.replace("Boyun tutulması".encode(), b"Tutuk ense")
    where = _at(world, "/file")
    told = tuba.send("POST", f"{where}?dry_run=true", None, data=changed, content_type=answer.mimetype)
    assert (told["is_dry_run"], told["counts"]) == (True, {"unchanged": 1, "suggested": 1})
    assert len(tuba.get(_at(world))["segments"][0]["suggestions"]) == 1
    form_data = {"file": (io.BytesIO(changed), "vertaling.xlf")}
    told = tuba.send("POST", where, None, data=form_data, content_type="multipart/form-data")
    assert [unit["text"] for unit in told["units"] if unit["outcome"] == "suggested"] == ["Tutuk ense"]
    # A file never takes the place of what a person wrote.
    title = tuba.get(_at(world))["segments"][0]
    assert (title["text"], title["suggestions"][-1]["text"]) == ("Boyun tutulması", "Tutuk ense")


def test_a_file_that_is_none_is_refused(world: World, tuba: Caller) -> None:
    where = _at(world, "/file")
    assert tuba.send("POST", where, None, status=422, data=b"niets", content_type="text/plain")["errors"]
    tuba.send("POST", where, None, status=422, data=b"", content_type="text/csv")
    tuba.send("POST", where, None, status=415, data=b"{}", content_type="application/json")
    other = {"file": (io.BytesIO(b"x"), "a"), "bestand": "x"}
    told = tuba.send("POST", where, None, status=422, data=other, content_type="multipart/form-data")
    assert told["errors"][0]["code"] == "unknown_field"
    tuba.send("POST", f"{where}?state=approved", None, status=403, data=b"x", content_type="text/plain")


def test_terms_are_kept_changed_and_removed(bureau: Bureau, admin: Caller, tuba: Caller) -> None:
    term = {**TERM, "source": "knie", "target": "diz"}
    assert tuba.post("/glossary", term, status=201)["target"] == "diz"
    named = {name: term[name] for name in ("source_locale", "target_locale", "source", "target")}
    tuba.put("/glossary", {"instead_of": named, "term": {**term, "target": "dizkapağı"}})
    (kept,) = tuba.get("/glossary?target_locale=tr&search=knie")["data"]
    assert kept["target"] == "dizkapağı"
    query = "source_locale=nl&target_locale=tr&source=knie&target=dizkapağı"
    tuba.send("DELETE", f"/glossary?{query}", None, status=204)
    tuba.send("DELETE", f"/glossary?{query}", None, status=404)
    told = tuba.post("/glossary", {**term, "status": "prefered"}, status=422)
    assert told["errors"][0]["pointer"] == "/status"
    tuba.post("/glossary", {**term, "target_locale": "pl"}, status=403)


def test_terms_come_and_go_as_csv(bureau: Bureau, admin: Caller, tuba: Caller) -> None:
    assert tuba.send("POST", "/glossary/file", None, data=CSV, content_type="text/csv") == {"terms": 1}
    assert "nl,tr,nek,boyun,preferred" in tuba.ask("GET", "/glossary/file?target_locale=tr").text
    polish = CSV.replace(",tr,", ",pl,").replace("boyun", "szyja")
    tuba.send("POST", "/glossary/file", None, status=403, data=CSV + polish.splitlines()[1], content_type="text/csv")
    assert admin.get("/glossary?target_locale=pl")["meta"]["total"] == 0
    replaced = CSV.replace("nek", "schouder").replace("boyun", "omuz")
    tuba.send("POST", "/glossary/file?replace_all=true", None, data=replaced, content_type="text/csv")
    assert [each["source"] for each in tuba.get("/glossary?target_locale=tr")["data"]] == ["schouder"]
    done = admin.get("/audit?action=glossary.save")
    assert done[0]["after"] == {"terms": 1, "replaced_all": True}


def test_drafts_that_wait_are_counted(bureau: Bureau, world: World, admin: Caller) -> None:
    assert len(translations.working(bureau.desk.db, world.article, "tr")) == 2
    (row,) = [each for each in admin.get(f"/entries/{world.article}/locales") if each["locale"] == "tr"]
    assert (row["total"], row["current"], row["waiting"], row["state"]) == (2, 2, 1, "published")
