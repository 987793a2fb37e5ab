"""Writing an entry without scripts: every button is a form that is sent, kept as a draft and shown again."""

from io import BytesIO
from typing import Any

import pytest
from lxml.html import fromstring
from PIL import Image

from cms.content import revisions, saving
from cms.desk import drafts
from cms.people import sessions, users
from cms.people.rights import Actor
from tests.api.admin.conftest import Office, Visitor
from tests.api.admin.filling import Page, pairs
from tests.builders import NOW

BODY = [
    {"id": "b1", "type": "paragraph", "text": "Blijf bewegen."},
    {
        "id": "b2",
        "type": "list",
        "ordered": False,
        "items": [{"id": "i1", "text": "Wandel"}, {"id": "i2", "text": "Zwem"}],
    },
]


@pytest.fixture
def eva(office: Office) -> Visitor:
    """Sign in an editor."""
    return office.visit(office.person("eva", "editor"))


def latest(office: Office, entry: str) -> revisions.Revision:
    return revisions.latest(office.desk.db, entry)


def an_article(office: Office, **content: Any) -> str:
    return office.desk.article(**{"body": BODY, **content})


def page_of(visitor: Visitor, entry: str) -> Page:
    return Page.open(visitor, f"/admin/entries/{entry}")


def block_texts(page: Page) -> list[str]:
    return [value for name, value in page.values().items() if name.count("/") == 3 and name.endswith("/text")]


def test_a_new_author_is_written_and_saved(office: Office, eva: Visitor) -> None:
    page = Page.open(eva, "/admin/authors/new").fill(name="Jos Kooistra", job_title="Fysiotherapeut")
    page = page.press("add /specialisms").fill(specialisms__0__text="Rug")
    page = page.press("add /languages").fill(languages__0="nl").press("save")
    assert "Saved." in page.text
    entry = page.address.rpartition("/")[2]
    content = latest(office, entry).content
    assert content["name"] == "Jos Kooistra"
    assert [each["text"] for each in content["specialisms"]] == ["Rug"]
    assert content["languages"] == ["nl"]
    assert latest(office, entry).saved_by == "Eva"


def test_a_block_is_added_where_it_was_asked_for_and_readers_of_the_draft_alone_see_it(
    office: Office, eva: Visitor
) -> None:
    entry = an_article(office)
    page = page_of(eva, entry).fill(title="Nieuwe titel").press("add /body 1 callout")
    assert page.address.endswith("#at/body/1")
    assert page.values()["/body/1/type"] == "callout"
    assert page.values()["/body/1/body/0/type"] == "paragraph"
    assert page.values()["/title"] == "Nieuwe titel"
    assert latest(office, entry).number == 1
    page = page.fill(body__1__body__0__text="Bel **112**.", body__1__urgency="emergency").press("save")
    assert "Saved as revision 2" in page.text
    callout = latest(office, entry).content["body"][1]
    assert (callout["urgency"], callout["body"][0]["text"]) == ("emergency", "Bel **112**.")


def test_a_block_is_moved_and_removed_and_put_back(office: Office, eva: Visitor) -> None:
    entry = an_article(office)
    page = page_of(eva, entry).press("down /body/0")
    assert page.address.endswith("#at/body/1")
    assert page.values()["/body/1/id"] == "b1"
    page = page.press("remove /body/1")
    assert "/body/1/id" not in page.values()
    page = page.press("back /body/1")
    assert page.values()["/body/1/text"] == "Blijf bewegen."
    page.press("save")
    assert [block["id"] for block in latest(office, entry).content["body"]] == ["b2", "b1"]


def test_items_of_a_list_are_added_moved_and_removed(office: Office, eva: Visitor) -> None:
    entry = an_article(office)
    page = page_of(eva, entry).press("add /body/1/items").fill(body__1__items__2__text="Fiets")
    page = page.press("up /body/1/items/2").press("remove /body/1/items/0")
    page.press("save")
    assert [item["text"] for item in latest(office, entry).content["body"][1]["items"]] == ["Fiets", "Zwem"]


def test_what_is_wrong_is_said_at_its_field_and_above_and_nothing_is_lost(office: Office, eva: Visitor) -> None:
    entry = an_article(office)
    page = page_of(eva, entry).press("add /references")
    page = page.fill(references__0__title="Richtlijn", references__0__url="geen adres").press("save")
    assert page.response.status_code == 422
    assert "one thing needs your attention" in page.text
    field = page.root.get_element_by_id("/references/0/url")
    assert field.get("aria-invalid") == "true"
    said = page.root.get_element_by_id(field.get("aria-describedby").split()[-1]).text_content()
    assert "is no address on the web" in said
    assert page.root.get_element_by_id("problems").xpath(".//a/@href") == ["#/references/0/url"]
    assert page.values()["/references/0/url"] == "geen adres"
    assert latest(office, entry).number == 1
    page.fill(references__0__url="https://example.org").press("save")
    assert latest(office, entry).content["references"][0]["url"] == "https://example.org"


def test_saving_what_is_unchanged_makes_no_revision(office: Office, eva: Visitor) -> None:
    entry = an_article(office)
    assert "nothing was saved" in page_of(eva, entry).press("save").text
    assert latest(office, entry).number == 1


def test_a_change_has_its_kind_and_a_note(office: Office, eva: Visitor) -> None:
    entry = an_article(office)
    page_of(eva, entry).fill(body__0__text="Rust even.", _change="safety", _note="Nieuw onderzoek").press("save")
    made = latest(office, entry)
    assert (made.update_type, made.note) == ("safety", "Nieuw onderzoek")


def test_the_meaning_is_not_the_same_where_a_number_changed(office: Office, eva: Visitor) -> None:
    entry = an_article(office, body=[{"id": "b1", "type": "paragraph", "text": "Wacht 2 dagen."}])
    page = page_of(eva, entry).fill(body__0__text="Wacht 3 dagen.", _change="same").press("save")
    assert page.response.status_code == 422
    assert "no minor edit" in page.text
    assert latest(office, entry).number == 1
    page = page.fill(body__0__text="Wacht 2 dagen!", _change="same").press("save")
    assert latest(office, entry).update_type == "minor"


def test_a_draft_is_offered_when_the_page_is_opened_again(office: Office, eva: Visitor) -> None:
    entry = an_article(office)
    page_of(eva, entry).fill(summary="Half af").press("keep")
    page = page_of(eva, entry)
    assert "You have a draft of this" in page.text
    again = Page.open(eva, f"/admin/entries/{entry}?draft=on")
    assert again.values()["/summary"] == "Half af"
    page.send(f"/admin/entries/{entry}", do="discard")
    assert "/summary" in page_of(eva, entry).values()
    assert page_of(eva, entry).values()["/summary"] == ""


def test_a_draft_is_kept_while_one_types(office: Office, eva: Visitor) -> None:
    entry = an_article(office)
    answer = eva.client.post(
        f"/admin/entries/{entry}",
        data={"csrf": eva.csrf, "do": "keep", "based_on": "1", "/title": "Half"},
        headers={"X-Enhanced": "1"},
    )
    assert answer.json["said"].startswith("Saved as a draft at ")
    rows = list(office.desk.db.query("select content from draft where entry = ?", [entry]))
    assert len(rows) == 1
    assert '"title":"Half"' in rows[0]["content"]


def test_two_who_write_at_once_both_keep_what_they_wrote(office: Office, eva: Visitor) -> None:
    entry = an_article(office)
    rob = office.visit(office.person("rob", "editor"))
    hers, his = page_of(eva, entry), page_of(rob, entry)
    his.fill(body__0__text="Blijf rustig bewegen.", summary="Van Rob").press("save")
    page = hers.fill(body__0__text="Blijf vaak bewegen.", title="Van Eva").press("save")
    assert page.response.request.path == f"/admin/entries/{entry}/clash"
    assert latest(office, entry).number == 2
    assert [each.text for each in page.root.xpath("//ins")].count("vaak ") == 1
    page = page.send(f"/admin/entries/{entry}/clash", latest="2", **{"side body.b1.text": "theirs"})
    assert "Saved as revision 3" in page.text
    content = latest(office, entry).content
    assert (content["title"], content["summary"]) == ("Van Eva", "Van Rob")
    assert content["body"][0]["text"] == "Blijf rustig bewegen."


def test_a_choice_between_two_texts_is_asked_again_where_a_third_came(office: Office, eva: Visitor) -> None:
    entry = an_article(office)
    rob = office.visit(office.person("rob", "editor"))
    hers = page_of(eva, entry)
    page_of(rob, entry).fill(title="Eerste").press("save")
    page = hers.fill(title="Tweede").press("save")
    page_of(rob, entry).fill(title="Derde").press("save")
    page = page.send(f"/admin/entries/{entry}/clash", latest="2", **{"side title": "yours"})
    assert "Derde" in page.text
    assert latest(office, entry).number == 3


def test_what_was_copied_elsewhere_becomes_blocks(office: Office, eva: Visitor) -> None:
    entry = an_article(office)
    html = "<h2>Kop</h2><p>Zin</p><table><tr><td>a<td>b<tr><td>c<td>d</table><script>x()</script>"
    page = page_of(eva, entry)
    sent = eva.client.post(
        f"/admin/entries/{entry}", data={"csrf": eva.csrf, "do": "paste /body/0", "html": html, **page.values()}
    )
    values = Page.open(eva, sent.location).values()
    kinds = [values[f"/body/{number}/type"] for number in range(5)]
    assert kinds == ["paragraph", "heading", "paragraph", "table", "list"]


def test_an_empty_line_begins_another_paragraph_or_item(office: Office, eva: Visitor) -> None:
    entry = an_article(office)
    page = Page.open(eva, f"/admin/entries/{entry}")
    page = page.fill(body__0__text="Een\n \nTwee\nregels", body__1__items__1__text="Zwem\n\nFiets").press("save")
    first, second, swim = latest(office, entry).content["body"]
    assert (first["id"], first["text"], second["text"]) == ("b1", "Een", "Twee\nregels")
    assert [item["text"] for item in swim["items"]] == ["Wandel", "Zwem", "Fiets"]
    assert [item["id"] for item in swim["items"]][:2] == ["i1", "i2"]
    # The view beside a field is what readers get.
    assert eva.post("/admin/view", text="Een\n\nTwee").json == {"html": "Een<br><br>Twee", "marked": True}


def test_with_scripts_a_page_carries_the_menu_of_blocks_once(office: Office, eva: Visitor) -> None:
    address = f"/admin/entries/{an_article(office)}"
    plain, enhanced = (eva.get(address, headers=headers).text for headers in ({}, {"X-Enhanced": "1"}))
    assert (plain.count("add /body 1 table"), enhanced.count("add /body 1 table")) == (1, 0)
    assert enhanced.count("add /body 2 table") == 1


def test_several_items_are_pasted_behind_an_item(office: Office, eva: Visitor) -> None:
    entry = an_article(office)
    page = Page.open(eva, f"/admin/entries/{entry}")
    fields = {**page.values(), "csrf": eva.csrf, "do": "paste /body/1/items/0", "plain": "- Fiets\n- Ren"}
    eva.client.post(f"/admin/entries/{entry}", data=fields)
    page = Page.open(eva, f"/admin/entries/{entry}?draft=on")
    items = [page.values()[f"/body/1/items/{place}/text"] for place in range(4)]
    assert items == ["Wandel", "Fiets", "Ren", "Zwem"]


def test_whoever_was_signed_out_while_writing_sends_it_again(office: Office, eva: Visitor) -> None:
    entry = an_article(office)
    typed = {**Page.open(eva, f"/admin/entries/{entry}").values(), "/summary": "Getypt & bewaard", "do": "save"}
    own = {"Sec-Fetch-Site": "same-origin"}
    eva.client.delete_cookie("tolk-session")
    # Larger than what a stranger may send elsewhere.
    typed["/body/0/text"] = "lang " * 1_900
    typed["~"] = "x" * 90_000
    answer = eva.client.post(f"/admin/entries/{entry}", data=typed, headers=own)
    assert answer.status_code == 403
    eva.client.set_cookie("tolk-session", eva.token)
    for _ in range(2):
        [form] = [form for form in fromstring(answer.text).forms if form.get("action") == f"/admin/entries/{entry}"]
        answer = eva.client.post(f"/admin/entries/{entry}", data=dict(pairs(form)), headers=own)
    assert answer.status_code == 303
    assert latest(office, entry).content["summary"] == "Getypt & bewaard"
    # What comes from elsewhere is not shown, and neither is a password.
    assert "Getypt" not in eva.client.post(f"/admin/entries/{entry}", data=typed).text
    assert "geheim" not in eva.client.post("/admin/you/password", data={"old": "geheim"}, headers=own).text


def test_text_that_is_one_piece_is_pasted_as_text(office: Office, eva: Visitor) -> None:
    assert eva.post("/admin/paste", html="<b>Let</b> op").json == {"text": "**Let** op"}
    assert eva.post("/admin/paste", html="<p>Een</p><p>Twee</p>").json == {"text": None}
    assert eva.post("/admin/paste", html="").json == {"text": ""}


def test_a_text_is_shown_as_readers_will_see_it(office: Office, eva: Visitor) -> None:
    shown = eva.post("/admin/view", text="**Let** <b>op</b> [x](javascript:alert(1))").json
    assert shown == {"html": "<strong>Let</strong> &lt;b&gt;op&lt;/b&gt; x", "marked": True}


def test_entries_are_found_by_a_part_of_their_name(office: Office, eva: Visitor) -> None:
    clinic = office.desk.clinic()
    assert eva.get("/admin/find?type=clinic&q=oev").json == [{"id": clinic, "title": "Praktijk Oever"}]
    assert eva.get("/admin/find?type=author&q=oev").json == []


def a_picture() -> BytesIO:
    made = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(made, "PNG")
    made.seek(0)
    return made


def test_a_picture_is_uploaded_and_what_matters_in_it_is_said(office: Office, eva: Visitor) -> None:
    entry = an_article(office)
    page = page_of(eva, entry).press("add /images")
    page = page.press("upload /images/0", **{"file /images/0": (a_picture(), "rug.png")})
    assert page.values()["/images/0/src"].startswith("/media/")
    page = page.fill(**{"_focus-x /images/0": "20", "_focus-y /images/0": "70"}).press("focus /images/0")
    assert page.values()["focus-x /images/0"] == "20"
    page = page.press("save")
    assert "This must be given" in page.text
    page.fill(images__0__alt="Een rug").press("save")
    image = latest(office, entry).content["images"][0]
    assert (image["width"], image["height"], image["alt"]) == (40, 30, "Een rug")


def test_what_is_no_picture_is_refused_where_it_was_chosen(office: Office, eva: Visitor) -> None:
    entry = an_article(office)
    page = page_of(eva, entry).press("add /images")
    page = page.press("upload /images/0", **{"file /images/0": (BytesIO(b"<svg/>"), "x.png")})
    assert page.response.status_code == 422
    assert "no picture that can be used" in page.text


def test_a_translator_reads_and_cannot_save(office: Office) -> None:
    entry = an_article(office)
    tess = office.visit(office.person("tess", "translator", locales=("en",)))
    page = page_of(tess, entry)
    assert "You may read this, not change it." in page.text
    assert page.root.xpath("//article//p[contains(., 'Blijf')]")
    assert not page.root.xpath("//textarea")
    assert page.root.xpath(f"//main//a[@href='/admin/entries/{entry}/translate/en']")
    sent = {"csrf": tess.csrf, "do": "save", "based_on": "1", "/title": "Anders"}
    assert tess.client.post(f"/admin/entries/{entry}", data=sent).status_code == 403
    assert tess.get("/admin/articles/new").status_code == 403


def test_enter_in_a_field_keeps_the_draft_and_nothing_else(office: Office, eva: Visitor) -> None:
    form = page_of(eva, an_article(office)).form
    assert form.xpath("(.//button)[1]/@value") == ["keep"]


def test_a_draft_of_another_is_not_shown(office: Office, eva: Visitor) -> None:
    entry = an_article(office)
    page_of(eva, entry).fill(title="Van Eva").press("keep")
    rob = office.visit(office.person("rob", "editor"))
    assert page_of(rob, entry).values()["/title"] == "Stijve nek"
    assert drafts.find(office.desk.db, _actor(office, "rob"), entry) is None


def _actor(office: Office, local: str) -> Actor:
    user = users.by_email(office.desk.db, f"{local}@example.org")
    assert user
    return sessions.actor_for(user)


def test_an_entry_that_was_begun_twice_goes_on_as_the_one_that_was_saved(office: Office, eva: Visitor) -> None:
    first = Page.open(eva, "/admin/topics/new").fill(title="Rug").press("add /synonyms")
    entry = first.values()["entry"]
    first.press("save")
    again = Page(eva, first.address, first.response).fill(title="Rugpijn").press("save")
    assert again.response.request.path == f"/admin/entries/{entry}"
    assert again.values()["/title"] == "Rugpijn"
    assert latest(office, entry).content["title"] == "Rug"
    assert eva.get(f"/admin/topics/new?entry={entry}").location == f"/admin/entries/{entry}"


def test_among_many_entries_one_is_found_by_name(office: Office, eva: Visitor) -> None:
    for number in range(101):
        saving.create(office.desk.db, "topic", {"title": f"Onderwerp {number:03}"}, by="Eva", now=NOW)
    entry = an_article(office)
    page = page_of(eva, entry).press("add /topics")
    shown = page.root.xpath("//select[@name='/topics/0']/option/text()")
    assert "Onderwerp 100" not in shown
    page = page.fill(**{"_find /topics/0": "100"}).press("find /topics/0")
    options = page.root.xpath("//select[@name='/topics/0']/option")
    assert [option.text for option in options] == ["Choose…", "Onderwerp 100"]
    page.fill(topics__0=options[1].get("value")).press("save")
    assert len(latest(office, entry).content["topics"]) == 1


def test_what_was_begun_and_never_saved_is_offered_where_a_new_one_is_begun(office: Office, eva: Visitor) -> None:
    begun = Page.open(eva, "/admin/articles/new").fill(title="Half stuk").press("keep")
    page = Page.open(eva, "/admin/articles/new")
    link = page.root.xpath("//a[. = 'Half stuk']/@href")[0]
    again = Page.open(eva, f"/admin/articles/new{link}")
    assert again.values()["/title"] == "Half stuk"
    assert "You began before" not in Page.open(eva, "/admin/authors/new").text
    again.press("save")
    assert latest(office, begun.values()["entry"]).content["title"] == "Half stuk"
    assert "Half stuk" not in Page.open(eva, "/admin/articles/new").text
