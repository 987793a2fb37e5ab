"""What people who do not write see of an entry, and how they record that they reviewed it. All without scripts."""

from datetime import UTC, datetime, timedelta

import pytest

from cms.content import revisions
from cms.desk import writing
from cms.people import sessions
from tests.api.admin.conftest import Office, Visitor
from tests.api.admin.filling import Page

TODAY = datetime.now(UTC).date()


@pytest.fixture
def rita(office: Office) -> Visitor:
    """Sign in a reviewer."""
    return office.visit(office.person("rita", "reviewer"))


def review(page: Page, entry: str, **fields: str) -> Page:
    number = page.root.xpath("//form//input[@name='based_on']/@value")[0]
    day = (TODAY - timedelta(days=1)).isoformat()
    return page.send(f"/admin/entries/{entry}/review", **{"based_on": number, "role": "medical", "date": day, **fields})


def test_a_reviewer_records_a_review_and_is_offered_as_its_author(office: Office, rita: Visitor) -> None:
    author = office.desk.publish("author", {"name": "Rita"})
    entry = office.desk.article()
    page = Page.open(rita, f"/admin/entries/{entry}/review")
    assert "Blijf bewegen." in page.text
    assert page.root.xpath("//select[@name='/author']/option[@selected]/@value") == [author]
    due = (TODAY + timedelta(days=365)).isoformat()
    page = review(page, entry, **{"/author": author, "review_due": due})
    assert "The review is recorded, as revision 2." in page.text
    content = revisions.latest(office.desk.db, entry).content
    assert [(each["author"], each["role"]) for each in content["reviewers"]] == [(author, "medical")]
    assert (content["last_reviewed"], content["review_due"]) == ((TODAY - timedelta(days=1)).isoformat(), due)


def test_what_is_wrong_is_said_at_its_field(office: Office, rita: Visitor) -> None:
    entry = office.desk.article()
    page = review(Page.open(rita, f"/admin/entries/{entry}/review"), entry, review_due="gauw")
    assert page.response.status_code == 422
    assert page.root.get_element_by_id("/author").get("aria-invalid") == "true"
    assert page.root.get_element_by_id("review_due-problem") is not None
    assert revisions.latest(office.desk.db, entry).number == 1


def test_what_changed_meanwhile_is_read_again_first(office: Office, rita: Visitor) -> None:
    author = office.desk.publish("author", {"name": "Sanne"})
    entry = office.desk.article()
    page = Page.open(rita, f"/admin/entries/{entry}/review")
    eva, now = sessions.actor_for(office.person("eva", "editor")), datetime.now(UTC)
    content = {**revisions.latest(office.desk.db, entry).content, "title": "Anders"}
    writing.save(office.desk.db, eva, entry, content, based_on=1, now=now)
    page = review(page, entry, **{"/author": author})
    assert "It was changed since you opened it." in page.text
    assert "reviewers" not in revisions.latest(office.desk.db, entry).content


def test_a_review_is_for_those_who_may_and_for_what_is_reviewed(office: Office, rita: Visitor) -> None:
    entry, clinic = office.desk.article(), office.desk.publish("clinic", {"name": "Zee"})
    tess = office.visit(office.person("tess", "translator", locales=("en",)))
    assert tess.get(f"/admin/entries/{entry}/review").status_code == 403
    assert tess.post(f"/admin/entries/{entry}/review").status_code == 403
    assert f"/admin/entries/{entry}/review" not in tess.get(f"/admin/entries/{entry}").text
    assert rita.get(f"/admin/entries/{clinic}/review").status_code == 404
    assert f"/admin/entries/{clinic}/review" not in rita.get(f"/admin/entries/{clinic}").text


def test_what_is_put_away_is_read_and_says_so_on_each_of_its_pages(office: Office) -> None:
    eva = office.visit(office.person("eva", "editor"))
    entry = office.desk.publish("topic", {"title": "Rug"})
    eva.post(f"/admin/entries/{entry}/archive", explanation="Voorbij.")
    for page in ("", "/publish", "/preview", "/history"):
        shown = Page.open(eva, f"/admin/entries/{entry}{page}")
        assert "This is put away since" in shown.text, page
    assert not Page.open(eva, f"/admin/entries/{entry}").root.xpath("//*[@id='writing']")
