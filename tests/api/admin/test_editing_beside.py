"""The other pages about an entry: publishing, history, preview, uses, import. All without scripts."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cms.content import entries, revisions, saving
from cms.desk import preview
from cms.people import own_secrets
from cms.publish import live
from tests.api.admin.conftest import Office, Visitor
from tests.api.admin.filling import Page
from tests.api.conftest import NOW

TEXTS = Path(__file__).parents[2] / "texts"


@pytest.fixture
def eva(office: Office) -> Visitor:
    """Sign in an editor."""
    return office.visit(office.person("eva", "editor"))


def at(visitor: Visitor, entry: str, page: str = "") -> Page:
    return Page.open(visitor, f"/admin/entries/{entry}{page}")


def a_draft(office: Office, eva: Visitor) -> str:
    """Write an article that names nobody."""
    page = Page.open(eva, "/admin/articles/new").fill(title="Hielpijn", body__0__text="Rust even.").press("save")
    return page.address.rpartition("/")[2]


def state(office: Office, entry: str, locale: str = "nl") -> str:
    standing = live.current(office.desk.db, entry).get(locale)
    return standing.state if standing else ""


def test_what_keeps_it_back_is_listed_and_leads_to_its_field(office: Office, eva: Visitor) -> None:
    entry = a_draft(office, eva)
    page = at(eva, entry, "/publish")
    assert "What still keeps it back" in page.text
    assert f"/admin/entries/{entry}#/authors" in page.root.xpath("//ul[@class='checklist']//a/@href")
    refused = page.send(f"/admin/entries/{entry}/publish", do="publish", locale="nl")
    assert refused.response.status_code == 422
    assert "Not done in Dutch" in refused.text
    assert state(office, entry) == ""


def test_it_is_published_and_taken_offline(office: Office, eva: Visitor) -> None:
    entry = a_draft(office, eva)
    clinic = office.desk.clinic()
    at(eva, entry).press("add /clinics").fill(clinics__0=clinic).press("save publish")
    page = at(eva, entry, "/publish").send(f"/admin/entries/{entry}/publish", do="publish", locale="nl")
    assert "Published: readers see revision 2." in page.text
    assert state(office, entry) == "published"
    page.send(f"/admin/entries/{entry}/publish", do="unpublish", locale="nl")
    assert state(office, entry) == "unpublished"


def test_it_is_scheduled_and_that_is_taken_back(office: Office, eva: Visitor) -> None:
    entry = office.desk.article()
    due = (datetime.now(UTC) + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    address = f"/admin/entries/{entry}/publish"
    page = at(eva, entry, "/publish").send(address, do="schedule", locale="nl", action="unpublish", due=due)
    assert "Taken offline at" in page.text
    task = page.root.xpath("//input[@name='task']/@value")[0]
    page = page.send(address, do="cancel", locale="nl", task=task)
    assert "Taken offline at" not in page.text
    page = page.send(address, do="schedule", locale="nl", action="unpublish", due="gisteren")
    assert page.response.status_code == 422
    assert "is no moment" in page.text


def test_advice_is_withdrawn_with_a_reason(office: Office, eva: Visitor) -> None:
    clinic = office.desk.clinic()
    entry, other = (office.desk.article(title=title, clinics=[clinic]) for title in ("Nek", "Nekpijn"))
    address = f"/admin/entries/{entry}/withdraw"
    page = at(eva, entry, "/withdraw").send(address, locale="", severity="safety", explanation=" ")
    assert page.response.status_code == 422
    assert "must be filled in" in page.text
    page = page.send(
        address, **{"locale": "", "severity": "safety", "explanation": "Het klopt niet.", "/replacement": other}
    )
    assert "Withdrawn." in page.text
    assert "Het klopt niet.</q>" in page.response.text
    assert "Nekpijn</bdi>" in page.response.text
    notice = live.current(office.desk.db, entry)["nl"].notice
    assert "Het klopt niet." in notice
    assert other in notice


def test_what_changed_between_two_revisions_is_shown_by_word_and_an_earlier_one_comes_back(
    office: Office, eva: Visitor
) -> None:
    entry = office.desk.article()
    at(eva, entry).fill(body__0__text="Blijf rustig bewegen.").press("save")
    page = at(eva, entry, "/history")
    assert page.root.xpath("//*[@id='changes']//ins/text()") == ["rustig "]
    assert "Changed: Text › Paragraph 1" in page.text
    page = page.send(f"/admin/entries/{entry}/history", revision="1", latest="2")
    assert "Revision 1 is back, as revision 3." in page.text
    newest = revisions.latest(office.desk.db, entry)
    assert newest.content == revisions.get(office.desk.db, entry, 1).content


def test_a_preview_is_shown_by_a_link_without_signing_in_until_it_ends(office: Office, eva: Visitor) -> None:
    entry = office.desk.article()
    at(eva, entry).fill(title="Nog niet te lezen").press("save")
    page = at(eva, entry, "/preview")
    assert "Nog niet te lezen" in page.text
    assert '"version": 2' in page.text
    page = page.send(f"/admin/entries/{entry}/preview", locale="nl", lasts="1")
    link = re.search(r"/admin/preview/[\w.-]+", page.root.get_element_by_id("the-link").text_content())
    assert link
    shown = office.stranger().get(link[0])
    assert shown.status_code == 200
    assert "Nog niet te lezen" in shown.text
    assert office.stranger().get(f"{link[0]}x").status_code == 410
    past = preview.token(own_secrets.of(office.desk.db, "preview"), entry, "nl", 0, datetime.now(UTC))
    assert office.stranger().get(f"/admin/preview/{past}").status_code == 410


def test_a_secret_of_the_installation_stays_the_same(office: Office) -> None:
    first = own_secrets.of(office.desk.db, "preview")
    assert len(first) > 40
    assert own_secrets.of(office.desk.db, "preview") == first
    assert own_secrets.of(office.desk.db, "other") != first


def test_a_pasted_text_is_shown_before_it_is_taken_in(office: Office, eva: Visitor) -> None:
    text = (TEXTS / "schouder.txt").read_text("utf-8")
    page = Page.open(eva, "/admin/import").send("/admin/import", text=text, do="look")
    assert "What this amounts to" in page.text
    assert "things to look at" in page.text or "One thing to look at" in page.text
    assert not list(office.desk.db.query("select id from entry"))
    page = page.send("/admin/import", text=text, do="load")
    assert "taken in as a draft" in page.text
    kinds = {row["type"] for row in office.desk.db.query("select type from entry")}
    assert "article" in kinds


def test_an_empty_text_is_refused(office: Office, eva: Visitor) -> None:
    page = Page.open(eva, "/admin/import").send("/admin/import", text="  ", do="look")
    assert page.response.status_code == 422
    assert "There is no text in it." in page.text


def test_where_it_is_used_is_told_and_it_is_put_away_and_taken_back(office: Office, eva: Visitor) -> None:
    clinic = office.desk.clinic()
    office.desk.article(title="Nek", clinics=[clinic])
    page = at(eva, clinic, "/uses")
    assert "Nek" in page.text
    assert "Clinics that answer for it" in page.text
    page = page.send(f"/admin/entries/{clinic}/archive")
    assert entries.find(office.desk.db, clinic).archived_at
    assert "Readers still find it" in page.text
    page.send(f"/admin/entries/{clinic}/unarchive")
    assert not entries.find(office.desk.db, clinic).archived_at


def test_many_uses_come_in_pages(office: Office, eva: Visitor) -> None:
    topic = office.desk.publish("topic", {"title": "Rug"})
    for number in range(51):
        content = {"title": f"Artikel {number:02}", "topics": [topic]}
        saving.create(office.desk.db, "article", content, by="editor", now=NOW)
    first, second = at(eva, topic, "/uses"), at(eva, topic, "/uses?page=2")
    assert ("Artikel 49" in first.text, "Artikel 50" in first.text, "Page 1 of 2" in first.text) == (True, False, True)
    assert ("Artikel 49" in second.text, "Artikel 50" in second.text) == (False, True)


def test_what_is_there_twice_is_merged_after_asking(office: Office, eva: Visitor) -> None:
    keep, gone = office.desk.clinic(), office.desk.publish("clinic", {"name": "Praktijk Oever 2"})
    article = office.desk.article(clinics=[gone])
    address = f"/admin/entries/{gone}/merge"
    page = at(eva, gone, "/uses").send(address, **{"/keep": keep})
    assert "Merge “Praktijk Oever 2” into “Praktijk Oever”?" in page.text
    assert not entries.find(office.desk.db, gone).archived_at
    page.send(address, **{"/keep": keep, "sure": "yes"})
    assert entries.find(office.desk.db, gone).archived_at
    assert revisions.latest(office.desk.db, article).content["clinics"] == [keep]


def test_a_reviewer_may_withdraw_and_not_publish(office: Office) -> None:
    entry = office.desk.article()
    rita = office.visit(office.person("rita", "reviewer"))
    assert "Withdraw…" in at(rita, entry, "/publish").text
    assert rita.post(f"/admin/entries/{entry}/publish", do="unpublish", locale="nl").status_code == 403


@pytest.mark.parametrize("page", ["", "/publish", "/history", "/preview", "/uses", "/withdraw"])
def test_what_is_not_there_is_not_found(office: Office, eva: Visitor, page: str) -> None:
    assert eva.get(f"/admin/entries/01900000-0000-7000-8000-000000000000{page}").status_code == 404


def test_what_readers_see_with_it_is_published_along(office: Office, eva: Visitor) -> None:
    text = (TEXTS / "hardlopen.txt").read_text("utf-8")
    article = Page.open(eva, "/admin/import").send("/admin/import", text=text, do="load").address.rpartition("/")[2]
    page = at(eva, article, "/publish")
    assert "“FysioPlus Zuid” is not published" in page.text
    page = page.send(f"/admin/entries/{article}/publish", do="together", locale="nl")
    content = revisions.latest(office.desk.db, article).content
    assert [state(office, entry) for entry in (article, *content["authors"], *content["clinics"])] == ["published"] * 3
    assert "Publish it with these" not in page.text


def test_what_was_taken_offline_is_not_published_along(office: Office, eva: Visitor) -> None:
    clinic = office.desk.clinic()
    entry = office.desk.article(clinics=[clinic])
    for each in (entry, clinic):
        eva.post(f"/admin/entries/{each}/publish", do="unpublish", locale="nl")
    assert "Publish it with these" not in at(eva, entry, "/publish").text


def test_a_draft_says_how_it_differs_before_one_goes_on_with_it(office: Office, eva: Visitor) -> None:
    entry = office.desk.article()
    at(eva, entry).fill(body__0__text="Blijf rustig bewegen.").press("keep")
    page = at(eva, entry)
    assert "You have a draft of this" in page.text
    assert page.root.xpath("//*[@class='diff']//ins/text()") == ["rustig "]
    assert "Changed: Text › Paragraph 1" in page.text


def test_a_draft_is_previewed_by_its_writer_alone_and_not_saved(office: Office, eva: Visitor) -> None:
    entry = office.desk.article()
    page = at(eva, entry).fill(body__0__text="Nog **niet** bewaard.").press("preview")
    assert "This is your draft." in page.text
    assert "Nog niet bewaard." in page.text
    rob = office.visit(office.person("rob", "editor"))
    assert "bewaard" not in at(rob, entry, "/preview?draft=on").text
    assert revisions.latest(office.desk.db, entry).number == 1


def test_a_draft_that_cannot_be_drawn_is_shown_in_its_form_again(office: Office, eva: Visitor) -> None:
    page = at(eva, office.desk.article()).fill(title="").press("preview")
    assert "This must be given." in page.text
    assert page.values()["/title"] == ""


def test_the_first_revision_has_nothing_to_be_compared_with(office: Office, eva: Visitor) -> None:
    page = at(eva, office.desk.article(), "/history")
    assert "This is how it was saved first" in page.text
    assert not page.root.xpath("//input[@type='radio']")


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("0299 653 499", "", "+31299653499"),
        ("06-12345678", "NL", "+31612345678"),
        ("03 123 45 67", "BE", "+3231234567"),
        ("+32 3 123 45 67", "NL", "+3231234567"),
        ("112", "", "112"),
    ],
)
def test_a_number_is_typed_as_at_home_and_shown_with_its_country(
    eva: Visitor, office: Office, typed: str, country: str, kept: str
) -> None:
    page = Page.open(eva, "/admin/clinics/new").fill(name="Praktijk Zee").press("add /phones").press("add /addresses")
    page = page.fill(phones__0=typed, addresses__0__street="Dorp", addresses__0__city="Zee")
    page = page.fill(addresses__0__country=country).press("save")
    entry = page.address.rpartition("/")[2]
    assert revisions.latest(office.desk.db, entry).content["phones"] == [kept]
    shown = at(eva, entry).values()["/phones/0"]
    assert shown.replace(" ", "") == kept
    assert (" " in shown) is (kept != "112")


def test_a_web_address_is_typed_without_its_scheme(office: Office, eva: Visitor) -> None:
    page = Page.open(eva, "/admin/clinics/new").fill(name="Praktijk Zee", website="praktijk-zee.nl/contact?x=1")
    page = page.press("save")
    assert page.values()["/website"] == "https://praktijk-zee.nl/contact?x=1"
    page = page.fill(website="javascript:alert(1)").press("save")
    assert page.response.status_code == 422


def test_what_is_no_number_stays_as_it_was_typed(eva: Visitor) -> None:
    page = Page.open(eva, "/admin/clinics/new").fill(name="Praktijk Zee").press("add /phones")
    page = page.fill(phones__0="bel even").press("save")
    assert page.response.status_code == 422
    assert page.values()["/phones/0"] == "bel even"
