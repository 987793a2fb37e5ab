"""The home page, the tables of entries and the glossary."""

from dataclasses import replace

from cms.localize import glossary
from cms.localize.glossary import Term
from cms.people import audit
from tests.api.admin.conftest import Office, Visitor

TERM = Term("nl", "en", "huisarts", "GP", "preferred", "Never: family doctor")


def test_a_table_lists_the_entries_of_its_type(anna: Visitor, office: Office) -> None:
    entry = office.desk.article(title="Nek & rug")
    page = anna.get("/admin/articles").text
    assert f'href="/admin/entries/{entry}"' in page
    assert "Nek &amp; rug" in page and "Published" in page
    assert entry not in anna.get("/admin/authors").text


def test_an_empty_table_says_how_to_begin(anna: Visitor) -> None:
    assert 'href="/admin/topics/new"' in anna.get("/admin/topics").text


def test_a_table_is_sought_and_filtered(anna: Visitor, office: Office) -> None:
    office.desk.article(title="Stijve nek")
    found = {query: "Stijve nek" in anna.get(f"/admin/articles?{query}").text for query in (
        "search=NEK", "search=knie", "state=published", "state=draft", "locale=en&freshness=missing",
        "locale=en&freshness=current", "state=nonsense&freshness=x&sort=y&locale=zz&page=-3",
    )}  # fmt: skip
    assert list(found.values()) == [True, False, True, False, True, False, True]


def test_a_long_table_has_pages(anna: Visitor, office: Office) -> None:
    clinic = office.desk.clinic()
    for number in range(51):
        office.desk.article(title=f"Artikel {number:02}", clinics=[clinic])
    first = anna.get("/admin/articles?sort=title").text
    assert ("Artikel 49" in first, "Artikel 50" in first, "page=2" in first) == (True, False, True)
    second = anna.get("/admin/articles?sort=title&page=2").text
    assert ("Artikel 50" in second, "Page 2 of 2" in second) == (True, True)


def test_a_long_list_of_people_has_pages(anna: Visitor, office: Office) -> None:
    for number in range(50):
        office.person(f"sam-{number:02}")
    first = anna.get("/admin/people").text
    assert ("Sam-48" in first, "Sam-49" in first, "page=2" in first) == (True, False, True)
    assert "Sam-49" in anna.get("/admin/people?page=2").text


def test_a_long_glossary_has_pages(anna: Visitor, office: Office) -> None:
    glossary.add(office.desk.db, [replace(TERM, source=f"term {number:03}") for number in range(101)])
    first = anna.get("/admin/glossary").text
    assert ("term 099" in first, "term 100" in first, "101 terms" in first) == (True, False, True)
    assert "term 100" in anna.get("/admin/glossary?page=2").text


def test_a_type_that_is_none_is_a_page(anna: Visitor) -> None:
    assert anna.get("/admin/recipes").status_code == 404


def test_home_shows_what_an_editor_and_a_translator_can_do(office: Office) -> None:
    entry = office.desk.article(title="Stijve nek")
    translator = office.visit(office.person("fatma", "translator", locales=("tr",)))
    page = translator.get("/admin/").text
    assert f"/admin/entries/{entry}/translate/tr" in page
    assert f"/admin/entries/{entry}/translate/pl" not in page
    assert "New article" not in page
    editor = office.visit(office.person("jos", "editor"))
    assert "New article" in editor.get("/admin/").text


def test_home_says_when_nothing_waits(office: Office) -> None:
    piet = office.visit(office.person("piet", "partner_manager"))
    assert "Nothing waits for you" in piet.get("/admin/").text


def test_a_term_is_added_changed_and_removed(anna: Visitor, office: Office) -> None:
    db = office.desk.db
    fields = {name: getattr(TERM, name) for name in ("source_locale", "target_locale", "source", "target", "note")}
    assert anna.post("/admin/glossary/new", **fields, status="preferred").status_code == 303
    assert "Never: family doctor" in anna.get("/admin/glossary?locale=en&search=huis").text
    address = "?source_locale=nl&target_locale=en&source=huisarts&target=GP"
    assert 'value="huisarts"' in anna.get(f"/admin/glossary/term{address}").text
    changed = {**fields, "target": "doctor", "status": "forbidden"}
    assert anna.post(f"/admin/glossary/term{address}", **changed).status_code == 303
    assert [(term.target, term.status) for term in glossary.terms(db)] == [("doctor", "forbidden")]
    gone = "?source_locale=nl&target_locale=en&source=huisarts&target=doctor"
    assert "Remove" in anna.get(f"/admin/glossary/remove{gone}").text
    assert anna.post(f"/admin/glossary/remove{gone}").status_code == 303
    assert glossary.terms(db) == []
    done = audit.entries(db, action="glossary.save")
    assert [(bool(each.before), bool(each.after)) for each in done] == [(True, False), (True, True), (False, True)]


def test_a_term_that_cannot_be_is_explained_at_its_field(anna: Visitor, office: Office) -> None:
    given = {"source_locale": "nl", "target_locale": "en", "source": "", "target": "GP", "status": "preferred"}
    answer = anna.post("/admin/glossary/new", **given)
    assert (answer.status_code, 'id="source-problem"' in answer.text) == (422, True)
    assert glossary.terms(office.desk.db) == []


def test_a_failed_change_of_a_term_leaves_the_old_one(anna: Visitor, office: Office) -> None:
    glossary.add(office.desk.db, [TERM])
    address = "?source_locale=nl&target_locale=en&source=huisarts&target=GP"
    given = {"source_locale": "nl", "target_locale": "en", "source": "huisarts", "target": "", "status": "preferred"}
    assert anna.post(f"/admin/glossary/term{address}", **given).status_code == 422
    assert glossary.terms(office.desk.db) == [TERM]


def test_a_translator_changes_terms_of_their_own_languages_alone(office: Office) -> None:
    glossary.add(office.desk.db, [TERM])
    fatma = office.visit(office.person("fatma", "translator", locales=("tr",)))
    own = {"source_locale": "nl", "source": "huisarts", "target": "aile hekimi", "status": "preferred"}
    assert fatma.post("/admin/glossary/new", **own, target_locale="tr").status_code == 303
    assert fatma.post("/admin/glossary/new", **own, target_locale="pl").status_code == 403
    address = "?source_locale=nl&target_locale=en&source=huisarts&target=GP"
    assert fatma.post(f"/admin/glossary/term{address}", **own, target_locale="tr").status_code == 403
    assert fatma.post(f"/admin/glossary/remove{address}").status_code == 403
    assert TERM in glossary.terms(office.desk.db)
