"""Where partners show what: what is kept of it, and what is refused."""

from typing import Any

import pytest

from cms.errors import Invalid, NotFound
from cms.partners import pages
from cms.partners.partners import Partner
from cms.store import Database
from tests.builders import SITE, create
from tests.cms.partners.conftest import NOW, Adding

URL = "https://www.rugnetwerk.example/rug"


@pytest.fixture
def partner(add: Adding) -> Partner:
    return add(domains=["rugnetwerk.example"], types=["article"])


@pytest.fixture
def entry(db: Database) -> str:
    return create(db, "article")


def put(db: Database, partner: Partner, entry: str, url: str = URL, locale: str = "nl") -> pages.Page:
    return pages.put(db, SITE, partner.id, url=url, entry=entry, locale=locale, now=NOW)


def test_a_page_is_kept_by_its_address(db: Database, partner: Partner, entry: str) -> None:
    page = put(db, partner, entry, f" {URL}#top")
    assert page == pages.Page(partner.id, URL, entry, "nl", "2026-03-02T09:30:00.000000Z", "", None)
    assert pages.find(db, partner.id, f"{URL}#bottom") == page
    assert (pages.of(db, partner.id), pages.count(db, partner.id)) == ([page], 1)


def test_addresses_are_kept_in_ascii(db: Database, partner: Partner, entry: str) -> None:
    page = put(db, partner, entry, "https://rugnetwerk.example/één?q=a%20b&c=ü")
    assert page.url == "https://rugnetwerk.example/%C3%A9%C3%A9n?q=a%20b&c=%C3%BC"
    assert put(db, partner, entry, page.url) == page


def test_another_entry_at_an_address_takes_its_place(db: Database, partner: Partner, entry: str) -> None:
    page = pages.note_check(db, put(db, partner, entry), [{"code": "outdated"}], NOW)
    assert (page.checked_at, page.findings) == ("2026-03-02T09:30:00.000000Z", [{"code": "outdated"}])
    assert put(db, partner, entry) == page
    other = put(db, partner, create(db, "article"), locale="en")
    assert (other.locale, other.checked_at, other.findings) == ("en", "", None)
    assert pages.count(db, partner.id) == 1


def test_pages_are_listed_by_address(db: Database, partner: Partner, entry: str) -> None:
    other = create(db, "article")
    for path, shown in (("c", entry), ("a", other), ("b", entry)):
        put(db, partner, shown, f"https://rugnetwerk.example/{path}")
    assert [page.url[-1] for page in pages.of(db, partner.id)] == ["a", "b", "c"]
    assert [page.url[-1] for page in pages.of(db, partner.id, entry=entry)] == ["b", "c"]
    assert [page.url[-1] for page in pages.of(db, partner.id, limit=1, offset=1)] == ["b"]


def test_a_page_can_be_forgotten(db: Database, partner: Partner, entry: str) -> None:
    page = put(db, partner, entry)
    assert pages.remove(db, partner.id, URL) == page
    with pytest.raises(NotFound):
        pages.remove(db, partner.id, URL)
    with pytest.raises(NotFound):
        pages.note_check(db, page, [], NOW)


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ({"url": "https://example.org/rug"}, [("/url", "not_at_domain")]),
        ({"url": "https://rugnetwerk.example.evil/"}, [("/url", "not_at_domain")]),
        ({"url": "https://norugnetwerk.example/"}, [("/url", "not_at_domain")]),
        ({"url": "https://rugnetwerk.example@example.org/"}, [("/url", "not_at_domain")]),
        ({"url": "ftp://rugnetwerk.example/"}, [("/url", "not_a_link")]),
        ({"url": "/rug"}, [("/url", "not_a_link")]),
        ({"url": "https://[rugnetwerk.example/"}, [("/url", "not_a_link")]),
        ({"url": f"https://rugnetwerk.example/{'é' * 900}"}, [("/url", "too_long")]),
        ({"entry": "0198ffff-0000-7000-8000-000000000000"}, [("/entry", "no_such_entry_here")]),
        ({"entry": "rug"}, [("/entry", "not_an_entry_id")]),
        ({"locale": "xx"}, [("/locale", "unknown_locale")]),
        ({"url": "", "entry": "", "locale": ""}, [("/url", "blank"), ("/entry", "blank"), ("/locale", "blank")]),
    ],
)
def test_what_does_not_fit_is_refused(
    db: Database, partner: Partner, entry: str, given: dict[str, Any], at: list[tuple[str, str]]
) -> None:
    with pytest.raises(Invalid) as refused:
        pages.put(db, SITE, partner.id, now=NOW, **{"url": URL, "entry": entry, "locale": "nl", **given})
    assert [(problem.pointer, problem.code) for problem in refused.value.problems] == at


def test_what_a_partner_may_not_have_is_not_there_for_it(db: Database, partner: Partner) -> None:
    with pytest.raises(Invalid) as refused:
        put(db, partner, create(db, "clinic"))
    assert [problem.pointer for problem in refused.value.problems] == ["/entry"]


def test_a_partner_without_domains_shows_nothing_yet(db: Database, add: Adding, entry: str) -> None:
    with pytest.raises(Invalid) as refused:
        put(db, add("Gezond"), entry)
    assert [problem.code for problem in refused.value.problems] == ["domains_needed"]


def test_a_partner_has_so_many_pages(
    db: Database, partner: Partner, entry: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_PAGES", 1)
    put(db, partner, entry)
    put(db, partner, entry)
    with pytest.raises(Invalid) as refused:
        put(db, partner, entry, f"{URL}-2")
    assert [problem.code for problem in refused.value.problems] == ["too_many"]


def test_nobody_shows_nothing(db: Database, entry: str) -> None:
    with pytest.raises(NotFound):
        pages.put(db, SITE, "nobody", url=URL, entry=entry, locale="nl", now=NOW)
