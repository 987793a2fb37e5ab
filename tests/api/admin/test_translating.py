"""Translating in the browser without scripts: one form, and nothing that was typed is lost."""

import base64
from dataclasses import replace
from io import BytesIO
from time import monotonic
from typing import Any

import pytest
from lxml import html
from werkzeug.test import TestResponse

from api.admin.marking import changed, marked, signs
from cms.content import entries, revisions, types
from cms.content.identity import stamp
from cms.localize import glossary, suggestions, translations
from cms.localize.differences import difference
from cms.localize.glossary import Term
from cms.localize.segments import cut
from cms.people import audit
from cms.store import write
from tests.api.admin.conftest import Office, Visitor
from tests.api.conftest import NOW, rewrite
from tests.cms.localize.machine.services import KEY, libretranslate, running

BODY: list[dict[str, Any]] = [
    {"id": "h1", "type": "heading", "level": 2, "text": "Wat helpt"},
    {"id": "l1", "type": "list", "items": [{"id": "i1", "text": "Rust **3 dagen**."}, {"id": "i2", "text": "Beweeg."}]},
    {"id": "c1", "type": "callout", "urgency": "emergency", "title": "Let op",
     "body": [{"id": "p1", "type": "paragraph", "text": "Bel 112."}]},
]  # fmt: skip
ITEM, CRITICAL = "body.l1.items.i1.text", "body.c1.body.p1.text"


@pytest.fixture
def entry(office: Office) -> str:
    return office.desk.article(title="Rugpijn", body=BODY)


@pytest.fixture
def tansu(office: Office) -> Visitor:
    """Sign in a translator of Turkish."""
    return office.visit(office.person("tansu", "translator", locales=("tr",)))


def address(entry: str, locale: str = "tr") -> str:
    return f"/admin/entries/{entry}/translate/{locale}"


def form(visitor: Visitor, path: str) -> dict[str, str]:
    """Return the fields that a browser would send, as they stand."""
    return _values(html.fromstring(visitor.get(path).text))


def _values(page: html.HtmlElement) -> dict[str, str]:
    inputs, areas = (page.xpath(f'//form[@id="bench"]//{tag}[@name]') for tag in ("input", "textarea"))
    return {each.get("name"): each.get("value") or "" for each in inputs} | {
        each.get("name"): (each.text or "").removeprefix("\n") for each in areas
    }


def send(visitor: Visitor, path: str, fields: dict[str, str], **changes: str) -> TestResponse:
    return visitor.client.post(path, data={**fields, **changes})


def texts(office: Office, entry: str, locale: str = "tr") -> dict[str, tuple[str, str]]:
    return {each.path: (each.text, each.state) for each in translations.working(office.desk.db, entry, locale)}


def translated(office: Office, entry: str, texts: dict[str, str], locale: str = "tr", state: str = "approved") -> None:
    translations.save(office.desk.db, entry, locale, texts, by="Meryem", now=NOW, state=state, checks=False)


def reworded(office: Office, entry: str, item: str) -> None:
    """Change the first item of the list in the source."""
    items = [{"id": "i1", "text": item}, BODY[1]["items"][1]]
    rewrite(office.desk.db, entry, NOW, body=[BODY[0], {**BODY[1], "items": items}, BODY[2]])


def shown(response: TestResponse, path: str) -> html.HtmlElement:
    """Return the segment of a path as the page shows it."""
    return html.fromstring(response.text).get_element_by_id(f"s-{path}")


def words(element: html.HtmlElement) -> str:
    """Return what is read, without the marks that keep a text's direction its own."""
    return " ".join(element.text_content().replace("\u2068", "").replace("\u2069", "").split())


# What is shown


def test_a_text_looks_like_what_it_is_and_shows_no_html(office: Office, entry: str, tansu: Visitor) -> None:
    page = tansu.get(address(entry))
    assert shown(page, "body.h1.text").xpath('.//h2[@lang="nl"]')[0].text_content() == "Wat helpt"
    item = shown(page, ITEM)
    assert "look-item" in item.get("class")
    assert item.xpath('.//*[contains(@class, "source")]')[0].text_content() == "Rust **3 dagen**."
    assert [each.text_content() for each in item.xpath('.//*[contains(@class, "source")]//strong')] == ["3 dagen"]
    field = item.xpath(".//textarea")[0]
    assert (field.get("lang"), field.get("dir")) == ("tr", "ltr")


def test_the_field_of_a_right_to_left_language_is_right_to_left(office: Office, entry: str, anna: Visitor) -> None:
    field = shown(anna.get(address(entry, "ar")), ITEM).xpath(".//textarea")[0]
    assert (field.get("lang"), field.get("dir")) == ("ar", "rtl")


def test_a_stale_text_shows_the_old_and_the_new_source_over_its_translation(
    office: Office, entry: str, tansu: Visitor
) -> None:
    translated(office, entry, {ITEM: "**3 gün** dinlenin."})
    reworded(office, entry, "Rust **4 dagen**.")
    segment = shown(tansu.get(address(entry)), ITEM)
    assert [each.text_content() for each in segment.xpath(".//del")] == ["3"]
    assert segment.xpath(".//ins")[0].text_content() == "4"
    assert segment.xpath(".//textarea")[0].text.strip() == "**3 gün** dinlenin."
    assert "Outdated" in words(segment)
    assert "“4 dagen” became “3 gün”" in words(segment.find_class("findings")[0])


def test_terms_are_underlined_with_what_is_wanted_of_them(office: Office, entry: str, tansu: Visitor) -> None:
    glossary.add(office.desk.db, [Term("nl", "tr", "rusten", "dinlenmek", "preferred")])
    segment = shown(tansu.get(address(entry)), ITEM)
    term = segment.xpath(".//dfn")[0]
    assert term.text_content() == "Rust"
    assert segment.get_element_by_id(term.get("aria-describedby")).text_content() == "Use “dinlenmek”"


def test_the_page_can_be_narrowed_down(office: Office, entry: str, tansu: Visitor) -> None:
    translated(office, entry, {ITEM: "**3 gün** dinlenin.", "title": "Sırt ağrısı"})
    reworded(office, entry, "Rust **4 dagen**.")

    def left(show: str) -> list[str]:
        page = html.fromstring(tansu.get(f"{address(entry)}?show={show}").text)
        return [each.get("data-path") for each in page.find_class("segment")]

    assert left("stale") == [ITEM]
    assert left("critical") == ["body.c1.title", CRITICAL]
    assert "title" not in left("unfinished")
    assert len(left("all")) == 6


def test_the_next_thing_to_do_is_what_could_harm(office: Office, entry: str, tansu: Visitor) -> None:
    assert tansu.get(f"{address(entry)}/next").location.endswith("#s-body.c1.title")


def test_nothing_is_translated_into_the_language_it_is_written_in(entry: str, tansu: Visitor) -> None:
    assert tansu.get(address(entry, "nl")).status_code == 404
    assert tansu.get(address(entry, "xx")).status_code == 404


# Saving


def test_a_button_saves_its_text_and_leads_back_to_it(office: Office, entry: str, tansu: Visitor) -> None:
    fields = form(tansu, address(entry))
    answer = send(tansu, address(entry), fields, **{f"text:{ITEM}": "**3 gün** dinlenin.", "do": f"save {ITEM}"})
    assert answer.status_code == 303
    assert answer.location.endswith(f"#s-{ITEM}")
    assert texts(office, entry) == {ITEM: ("**3 gün** dinlenin.", "draft")}


def test_what_was_typed_elsewhere_in_the_form_is_kept_as_a_draft(office: Office, entry: str, tansu: Visitor) -> None:
    typed = {"text:title": "Sırt ağrısı", f"text:{ITEM}": "**3 gün** dinlenin.", "do": f"review {ITEM}"}
    send(tansu, address(entry), form(tansu, address(entry)), **typed)
    assert texts(office, entry) == {
        "title": ("Sırt ağrısı", "draft"),
        ITEM: ("**3 gün** dinlenin.", "needs_review"),
    }


def test_a_stale_translation_that_nobody_touched_is_not_taken_for_a_new_one(
    office: Office, entry: str, tansu: Visitor
) -> None:
    translated(office, entry, {ITEM: "**3 gün** dinlenin."})
    reworded(office, entry, "Rust **4 dagen**.")
    fields = form(tansu, address(entry))
    send(tansu, address(entry), fields, **{"text:title": "Sırt ağrısı", "do": "save title"})
    assert [each.source for each in translations.working(office.desk.db, entry, "tr") if each.path == ITEM] == [
        "Rust **3 dagen**."
    ]


def test_when_two_save_the_same_text_both_are_shown_and_one_is_chosen(
    office: Office, entry: str, tansu: Visitor
) -> None:
    fields = form(tansu, address(entry))
    translated(office, entry, {ITEM: "Onların metni 3.", "title": "Sırt"}, state="draft")
    mine = {f"text:{ITEM}": "Benim metnim 3.", "text:body.h1.text": "Ne yardım eder", "do": f"review {ITEM}"}
    answer = send(tansu, address(entry), fields, **mine)
    assert answer.status_code == 422
    clash = shown(answer, ITEM)
    assert "Meryem saved another text" in words(clash)
    assert "Onların metni 3." in words(clash.find_class("theirs")[0])
    assert clash.xpath(".//textarea")[0].text.strip() == "Benim metnim 3."
    # What did not clash was saved, and what was not touched was left alone.
    assert texts(office, entry)["body.h1.text"] == ("Ne yardım eder", "draft")
    assert texts(office, entry)["title"] == ("Sırt", "draft")
    assert texts(office, entry)[ITEM] == ("Onların metni 3.", "draft")
    again = _values(html.fromstring(answer.text))
    send(tansu, address(entry), again, do=f"save {ITEM}")
    assert texts(office, entry)[ITEM] == ("Benim metnim 3.", "draft")


def test_the_other_text_can_be_kept(office: Office, entry: str, tansu: Visitor) -> None:
    fields = form(tansu, address(entry))
    translated(office, entry, {ITEM: "Onların metni 3."}, state="draft")
    answer = send(tansu, address(entry), fields, **{f"text:{ITEM}": "Benim metnim 3.", "do": f"save {ITEM}"})
    send(tansu, address(entry), _values(html.fromstring(answer.text)), do=f"theirs {ITEM}")
    assert texts(office, entry)[ITEM] == ("Onların metni 3.", "draft")


def test_a_text_typed_for_an_older_source_is_not_taken_for_one_of_the_new(
    office: Office, entry: str, tansu: Visitor
) -> None:
    fields = form(tansu, address(entry))
    reworded(office, entry, "Rust **4 dagen**.")
    answer = send(tansu, address(entry), fields, **{f"text:{ITEM}": "**3 gün** dinlenin.", "do": f"save {ITEM}"})
    assert answer.status_code == 422
    assert "The source was changed while you were typing" in words(shown(answer, ITEM))
    assert shown(answer, ITEM).xpath(".//textarea")[0].text.strip() == "**3 gün** dinlenin."
    assert texts(office, entry) == {}


def test_what_a_field_cannot_hold_is_refused_where_it_stands(office: Office, entry: str, tansu: Visitor) -> None:
    fields = form(tansu, address(entry))
    answer = send(tansu, address(entry), fields, **{"text:title": "Sırt <b>ağrısı</b>", "do": "save title"})
    assert answer.status_code == 422
    assert "HTML" in words(shown(answer, "title"))
    assert texts(office, entry) == {}


def test_with_scripts_only_the_segment_comes_back(office: Office, entry: str, tansu: Visitor) -> None:
    page = html.fromstring(tansu.get(address(entry)).text)
    marks = {name: value for name, value in _values(page).items() if name in (f"mark:{ITEM}", "csrf")}
    data = {**marks, f"text:{ITEM}": "**3 gün** dinlenin.", "do": f"review {ITEM}"}
    answer = tansu.client.post(address(entry), data=data, headers={"X-Enhanced": "1"})
    assert answer.status_code == 200
    part = html.fromstring(answer.text)
    assert [each.get("data-path") for each in part.find_class("segment")] == [ITEM]
    assert shown(answer, ITEM).get("data-told") == "Saved, to be reviewed."
    assert part.get_element_by_id("progress") is not None


def test_what_is_typed_is_checked_as_it_is_typed(office: Office, entry: str, tansu: Visitor) -> None:

    def found(text: str) -> str:
        data = {"csrf": tansu.csrf, "path": ITEM, "text": text}
        return words(html.fromstring(tansu.client.post(f"{address(entry)}/check", data=data).text))

    assert "“3" in found("**5 gün** dinlenin.")
    assert found("**3 gün** dinlenin.") == ""
    assert texts(office, entry) == {}


@pytest.mark.parametrize(
    "do", ["accept", "dismiss", "theirs", "waive", "take", "nothing", "save nowhere", "accept title x", "take title"]
)
def test_a_button_that_no_page_has_changes_nothing(office: Office, entry: str, anna: Visitor, do: str) -> None:
    assert send(anna, address(entry), {"csrf": anna.csrf}, do=do).status_code in (303, 400, 404)
    assert texts(office, entry) == {}


# Suggestions


def test_a_change_of_facts_alone_is_taken_with_one_button(office: Office, entry: str, tansu: Visitor) -> None:
    translated(office, entry, {ITEM: "**3 gün** dinlenin."})
    reworded(office, entry, "Rust **4 dagen**.")
    page = tansu.get(address(entry))
    button = shown(page, ITEM).xpath('.//button[starts-with(@value, "accept ")]')[0]
    send(tansu, address(entry), _values(html.fromstring(page.text)), do=button.get("value"))
    assert texts(office, entry)[ITEM] == ("**4 gün** dinlenin.", "needs_review")


def test_a_machines_suggestion_can_be_dismissed(office: Office, entry: str, tansu: Visitor) -> None:
    latest = revisions.latest(office.desk.db, entry)
    segment = next(each for each in cut(types.find("article"), latest.content) if each.path == ITEM)
    with write(office.desk.db):
        suggestions.offer(office.desk.db, entry, "tr", segment, "Dinlenin.", origin="machine", by="deepl", now=NOW)
    page = tansu.get(address(entry))
    button = shown(page, ITEM).xpath('.//button[starts-with(@value, "dismiss ")]')[0]
    send(tansu, address(entry), _values(html.fromstring(page.text)), do=button.get("value"))
    assert suggestions.open_for(office.desk.db, entry, "tr") == []


def test_a_text_from_the_memory_becomes_a_draft_to_go_on_from(office: Office, entry: str, tansu: Visitor) -> None:
    other = office.desk.article(title="Rugpijn", clinics=[office.desk.publish("clinic", {"name": "Elders"})])
    translated(office, other, {"title": "Sırt ağrısı"})
    page = tansu.get(address(entry))
    button = shown(page, "title").xpath('.//button[starts-with(@name, "take:")]')[0]
    send(tansu, address(entry), _values(html.fromstring(page.text)), **{button.get("name"): button.get("value")})
    assert texts(office, entry) == {"title": ("Sırt ağrısı", "draft")}


# Reviewing


def test_a_reviewer_approves_what_they_saw_and_nothing_else(office: Office, entry: str) -> None:
    translated(office, entry, {"title": "Sırt ağrısı", ITEM: "**3 gün** dinlenin."}, state="needs_review")
    rana = office.visit(office.person("rana", "reviewer"))
    fields = form(rana, address(entry))
    translations.save(
        office.desk.db, entry, "tr", {"title": "Başka"}, by="Meryem", now=NOW, state="needs_review",
        seen={"title": "Sırt ağrısı"}, checks=False,
    )  # fmt: skip
    send(rana, address(entry), fields, do=f"approve {ITEM}")
    assert texts(office, entry)[ITEM] == ("**3 gün** dinlenin.", "approved")
    answer = send(rana, address(entry), fields, do="approve title")
    assert answer.status_code == 422
    assert "Başka" in words(shown(answer, "title"))
    assert texts(office, entry)["title"] == ("Başka", "needs_review")


def test_a_draft_of_an_older_source_is_not_approved_along_with_the_newer(office: Office, entry: str) -> None:
    translated(office, entry, {ITEM: "**3 gün** dinlenin."}, state="draft")
    reworded(office, entry, "Rust **4 dagen**.")
    translated(office, entry, {ITEM: "**4 gün** dinlenin."}, state="needs_review")
    rana = office.visit(office.person("rana", "reviewer"))
    assert send(rana, address(entry), form(rana, address(entry)), do=f"approve {ITEM}").status_code == 303
    found = translations.working(office.desk.db, entry, "tr")
    assert {each.text: each.state for each in found if each.path == ITEM} == {
        "**3 gün** dinlenin.": "draft",
        "**4 gün** dinlenin.": "approved",
    }


def test_all_that_waits_is_approved_but_for_what_something_stands_against(office: Office, entry: str) -> None:
    waiting = {"title": "Sırt ağrısı", ITEM: "**9 gün** dinlenin.", "body.h1.text": "Ne yardım eder"}
    translated(office, entry, waiting, state="needs_review")
    # What a translator has not handed over is not to be reviewed yet.
    translated(office, entry, {CRITICAL: "112'yi arayın."}, state="draft")
    rana = office.visit(office.person("rana", "reviewer"))
    assert words(html.fromstring(rana.get(address(entry)).text).get_element_by_id("progress")).startswith("3 texts")
    send(rana, address(entry), form(rana, address(entry)), do="approve-all")
    states = {path: state for path, (_, state) in texts(office, entry).items()}
    assert states == {"title": "approved", "body.h1.text": "approved", ITEM: "needs_review", CRITICAL: "draft"}


def test_all_drafts_are_handed_to_a_reviewer_but_for_those_with_an_error(
    office: Office, entry: str, tansu: Visitor
) -> None:
    translated(office, entry, {"title": "Sırt ağrısı", ITEM: "**9 gün** dinlenin."}, state="draft")
    send(tansu, address(entry), form(tansu, address(entry)), do="review-all")
    states = {path: state for path, (_, state) in texts(office, entry).items()}
    assert states == {"title": "needs_review", ITEM: "draft"}


def test_a_warning_is_waived_with_a_reason_and_not_without(office: Office, entry: str) -> None:
    reworded(office, entry, "Rust niet te lang, **3 dagen**.")
    translated(office, entry, {ITEM: "Uzun süre dinlenin, **3 gün**."}, state="needs_review")
    rana = office.visit(office.person("rana", "reviewer"))
    page = rana.get(address(entry))
    button = shown(page, ITEM).xpath('.//button[starts-with(@value, "waive ")]')[0].get("value")
    code = button.rpartition(" ")[2]
    fields = _values(html.fromstring(page.text))
    without = send(rana, address(entry), fields, do=button)
    assert without.status_code == 422
    assert "a waiver needs a reason" in words(shown(without, ITEM))
    send(rana, address(entry), fields, **{"do": button, f"reason:{ITEM}:{code}": "Türkçede gerekmez."})
    assert "Waived by Rana: Türkçede gerekmez." in words(shown(rana.get(address(entry)), ITEM))


def test_a_translator_can_neither_approve_nor_waive(office: Office, entry: str, tansu: Visitor) -> None:
    translated(office, entry, {ITEM: "**3 gün** dinlenin."}, state="needs_review")
    fields = form(tansu, address(entry))
    assert send(tansu, address(entry), fields, do=f"approve {ITEM}").status_code == 403
    assert send(tansu, address(entry), fields, do=f"waive {ITEM} negation").status_code == 403
    assert texts(office, entry)[ITEM] == ("**3 gün** dinlenin.", "needs_review")


@pytest.mark.parametrize("do", ["save title", "review title", "save", "accept title x", "dismiss title x", "slug"])
def test_a_translator_of_turkish_cannot_touch_polish(office: Office, entry: str, tansu: Visitor, do: str) -> None:
    page = tansu.get(address(entry, "pl"))
    assert page.status_code == 200
    assert html.fromstring(page.text).xpath('//form[@id="bench"]//textarea') == []
    forged = {**_values(html.fromstring(page.text)), "text:title": "Ból pleców", "slug": "bol", "do": do}
    assert tansu.client.post(address(entry, "pl"), data=forged).status_code == 403
    assert texts(office, entry, "pl") == {}
    assert audit.entries(office.desk.db, entry=entry) == []


@pytest.mark.parametrize(
    ("role", "files", "saving", "approving", "publishing"),
    [
        ("administrator", 200, 303, 303, 303),
        ("editor", 200, 303, 403, 303),
        ("translator", 200, 303, 403, 403),
        ("reviewer", 200, 403, 303, 303),
        ("partner_manager", 403, 403, 403, 403),
    ],
)
def test_each_role_does_what_is_its_own(
    office: Office, entry: str, role: str, files: int, saving: int, approving: int, publishing: int
) -> None:
    translated(office, entry, {"title": "Sırt ağrısı"}, state="needs_review")
    visitor = office.visit(office.person(role, role, locales=("tr",)))
    assert visitor.get(address(entry)).status_code == 200
    assert visitor.get(f"{address(entry)}/files").status_code == files
    page = form(visitor, address(entry))
    assert (
        send(visitor, address(entry), page, **{f"text:{ITEM}": "**3 gün**.", "do": f"save {ITEM}"}).status_code
        == saving
    )
    assert send(visitor, address(entry), page, do="approve title").status_code == approving
    assert send(visitor, address(entry), {"csrf": visitor.csrf}, do="publish").status_code == publishing


# Publishing


def test_what_keeps_it_from_its_readers_is_listed_and_leads_to_its_text(office: Office, entry: str) -> None:
    rana = office.visit(office.person("rana", "reviewer"))
    translated(office, entry, {"title": "Sırt ağrısı"})
    page = html.fromstring(rana.get(address(entry)).text)
    reasons = page.get_element_by_id("publish").xpath('.//ul[@class="blockers"]//a/@href')
    assert reasons == [
        f"#s-{path}" for path in ("body.h1.text", ITEM, "body.l1.items.i2.text", "body.c1.title", CRITICAL)
    ]


def test_a_finished_translation_is_published_under_its_own_address(office: Office, entry: str, anna: Visitor) -> None:
    latest = revisions.latest(office.desk.db, entry)
    every = {each.path: f"{each.source} [tr]" for each in cut(types.find("article"), latest.content)}
    translated(office, entry, every)
    fields = form(anna, address(entry))
    assert send(anna, address(entry), fields, slug="!", do="slug").status_code == 422
    send(anna, address(entry), fields, slug="Sırt ağrısı", do="slug")
    assert send(anna, address(entry), form(anna, address(entry)), do="publish").status_code == 303
    assert office.desk.get("/v1/tr/articles/sirt-agrisi").status_code == 200


def test_what_is_not_finished_is_not_published(office: Office, entry: str, anna: Visitor) -> None:
    answer = send(anna, address(entry), form(anna, address(entry)), do="publish")
    assert "cannot be published yet" in anna.get(answer.location).text
    assert office.desk.get(f"/v1/tr/articles/{entry}").status_code == 404


# Files


def test_a_file_goes_out_and_is_looked_at_before_it_is_taken_in(office: Office, entry: str, tansu: Visitor) -> None:
    files = f"{address(entry)}/files"
    out = tansu.get(f"{files}/download?format=csv")
    assert out.headers["Content-Disposition"].startswith("attachment; filename=rugpijn.tr.csv")
    rows = out.text.splitlines()
    assert len(rows) == 7
    filled = tansu.get(f"{files}/download?format=xliff2").data.replace(
        b"<source>Beweeg.</source>", b"<source>Beweeg.</source><target>Hareket edin.</target>"
    )
    data = {"csrf": tansu.csrf, "do": "look", "file": (BytesIO(filled), "terug.xlf")}
    looked = tansu.client.post(files, data=data, content_type="multipart/form-data")
    assert looked.status_code == 200
    assert "What would become of terug.xlf" in looked.text
    assert "Hareket edin." in looked.text
    assert texts(office, entry) == {}
    kept = {
        each.get("name"): each.get("value")
        for each in html.fromstring(looked.text).xpath('//section[@id="report"]//input')
    }
    done = tansu.client.post(files, data={**kept, "do": "keep"})
    assert "What became of terug.xlf" in done.text
    assert texts(office, entry)["body.l1.items.i2.text"][0] == "Hareket edin."


def test_a_file_that_is_none_is_refused_in_words(entry: str, tansu: Visitor) -> None:
    data = {"csrf": tansu.csrf, "do": "look", "name": "x.xlf", "data": base64.b64encode(b"<xliff").decode()}
    answer = tansu.client.post(f"{address(entry)}/files", data=data)
    assert answer.status_code == 422
    assert "no XML that can be read" in answer.text


def test_files_of_another_language_are_not_for_a_translator(entry: str, tansu: Visitor) -> None:
    files = f"{address(entry, 'pl')}/files"
    assert tansu.get(files).status_code == 403
    assert tansu.get(f"{files}/download").status_code == 403
    data = base64.b64encode(b"<xliff/>").decode()
    assert tansu.post(files, do="keep", data=data).status_code == 403


# A machine


def test_without_a_machine_there_is_no_page_for_one(entry: str, tansu: Visitor) -> None:
    assert tansu.get(f"{address(entry)}/machine").status_code == 404


def test_a_machine_says_what_it_costs_before_it_is_asked(office: Office, entry: str, tansu: Visitor) -> None:
    page = f"{address(entry)}/machine"
    with running(libretranslate) as service:
        service.translate = lambda text, target: text.replace("Rust", "Dinlenin")
        machine = replace(office.desk.settings.machine, name="libretranslate", url=service.url, key=KEY)
        office.desk.app.config["SETTINGS"] = replace(office.desk.settings, machine=machine)
        assert "Machine" in tansu.get(address(entry)).text
        facts = [words(each) for each in html.fromstring(tansu.get(page).text).xpath("//dd")]
        assert facts[:2] == ["6", "50"]
        assert [asked.path for asked in service.asked] == []
        answer = tansu.post(page, only="missing")
    assert answer.status_code == 303
    assert texts(office, entry)[ITEM] == ("Dinlenin **3 dagen**.", "draft")
    assert "6 texts came from the machine." in tansu.get(answer.location).text


# The list


def test_the_list_of_a_language_puts_first_what_could_harm(office: Office, entry: str, tansu: Visitor) -> None:
    latest = revisions.latest(office.desk.db, entry)
    every = {each.path: f"{each.source} [tr]" for each in cut(types.find("article"), latest.content)}
    translated(office, entry, every)
    office.desk.publish_again(entry, locale="tr")
    changed_body = [*BODY[:2], {**BODY[2], "title": "Pas op"}]
    rewrite(office.desk.db, entry, NOW, body=changed_body)
    office.desk.publish_again(entry)
    page = html.fromstring(tansu.get("/admin/translations/tr").text)
    assert page.xpath("//section//h2/@id")[:2] == ["pile-critical", "pile-stale"]
    first = page.xpath('//section[1]//ul[@class="lines"]//a')[0]
    assert (first.text_content(), first.get("href")) == ("Rugpijn", f"{address(entry)}/next")
    assert tansu.get("/admin/translations").location.endswith("/admin/translations/tr")


# Marks in a source text


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Bel **112** na *een* val", ["strong", "em"]),
        ("Zie [de NHG](https://nhg.nl/a_b_c) en `code`", ["link", "code"]),
        ("**a *b* c**", ["strong", "em"]),
        ("een_twee_drie en 2 * 3", []),
        (r"a\*b*", []),
    ],
)
def test_marks_are_shown_where_markdown_reads_them(text: str, kinds: list[str]) -> None:
    assert sorted(span.kind for span in signs(text) if span.kind != "sign") == sorted(kinds)
    assert html.fromstring(f"<p>{marked(text, is_inline=True)}</p>").text_content() == text


def test_what_changed_is_marked_within_what_is_marked() -> None:
    text, new = changed(difference("Rust **3 dagen**.", "Rust **4 dagen**."), "new")
    assert marked(text, is_inline=True, changes=new) == (
        'Rust <span class="sign">**</span><ins><strong>4</strong></ins><strong> dagen</strong>'
        '<span class="sign">**</span>.'
    )


def test_a_text_that_looks_like_html_is_shown_as_it_stands() -> None:
    assert marked("<script>alert(1)</script>", is_inline=True) == "&lt;script&gt;alert(1)&lt;/script&gt;"


@pytest.mark.parametrize("sign", ["*", "_", "`", "[", "**a", "[a](", "`a"])
def test_many_marks_do_not_keep_a_page_waiting(sign: str) -> None:
    began = monotonic()
    for times in (390, 5_000):
        signs(sign * (times // (sign.count("*") + sign.count("_") + sign.count("`") + sign.count("["))))
    assert monotonic() - began < 2


def test_what_is_approved_stays_so_where_nobody_changed_it(office: Office, entry: str, tansu: Visitor) -> None:
    translated(office, entry, {ITEM: "**3 gün** dinlenin."})
    sent = send(tansu, address(entry), form(tansu, address(entry)), do=f"review {ITEM}")
    assert sent.status_code == 303
    assert texts(office, entry)[ITEM] == ("**3 gün** dinlenin.", "approved")
    assert "It is saved already; nothing changed." in tansu.get(address(entry)).text


def test_what_a_field_refuses_is_one_sentence(entry: str, tansu: Visitor) -> None:
    fields = {**form(tansu, address(entry)), "path": "title", "text": "Bel <b>ağrısı</b>"}
    found = html.fromstring(tansu.client.post(f"{address(entry)}/check", data=fields).text)
    assert words(found.find_class("finding")[0]) == "Mend this: Plain text cannot hold HTML such as “<b>”."


def test_what_was_typed_for_a_text_that_is_gone_is_told_and_not_lost_silently(
    office: Office, entry: str, tansu: Visitor
) -> None:
    fields = {**form(tansu, address(entry)), f"text:{ITEM}": "**3 gün** dinlenin.", "do": f"save {ITEM}"}
    rewrite(office.desk.db, entry, NOW, body=[BODY[0], BODY[2]])
    sent = tansu.client.post(address(entry), data=fields, headers={"X-Enhanced": "1"})
    assert sent.status_code == 410
    assert "Its source is not in the text any more" in words(html.fromstring(sent.text).find(".//h1"))
    assert send(tansu, address(entry), fields).status_code == 303
    assert "“**3 gün** dinlenin.”" in tansu.get(address(entry)).text
    assert ITEM not in texts(office, entry)


def test_what_is_put_away_is_shown_and_not_offered_for_translation(
    office: Office, entry: str, tansu: Visitor, anna: Visitor
) -> None:
    with write(office.desk.db):
        entries.archive(office.desk.db, entry, stamp(NOW))
    for visitor in (tansu, anna):
        page = html.fromstring(visitor.get(address(entry)).text)
        assert not page.xpath("//textarea")
        assert not page.xpath('//form[@id="bench"]//button[@name="do" and not(@aria-hidden)]')
        assert "nobody can change it" in words(page.find_class("notice")[0])


def test_who_has_nothing_to_do_is_not_told_that_all_is_done(office: Office, entry: str) -> None:
    rana = office.visit(office.person("rana", "reviewer"))
    progress = html.fromstring(rana.get(address(entry)).text).get_element_by_id("progress")
    assert words(progress).startswith("Nothing here waits for you 6 missing")
