"""The admin in another language and direction: all that its pages themselves say."""

import re
from collections.abc import Iterator

import pytest
from lxml import html

from api.admin import moments
from cms.localize import glossary
from cms.localize.glossary import Term
from cms.store import write
from tests.api.admin.conftest import Office, Visitor
from tests.catalogues import compile_stale

# Content and names that are in no Latin letters: those that are left were said by the admin.
BODY = [
    {"id": "h1", "type": "heading", "level": 2, "text": "Что помогает"},
    {"id": "l1", "type": "list", "items": [{"id": "i1", "text": "Отдых **3 дня**."}]},
    {"id": "c1", "type": "callout", "urgency": "emergency", "title": "Внимание",
     "body": [{"id": "p1", "type": "paragraph", "text": "Звоните 112."}]},
    {"id": "f1", "type": "faq", "items": [{"id": "q1", "question": "Когда?", "answer": [
        {"id": "a1", "type": "paragraph", "text": "Сейчас."}]}]},
]  # fmt: skip
# Names, formats and units are the same in every language; so are the clinic and the editor of the office.
ALIKE = {
    "editor", "Praktijk", "Oever",
    "Tolk", "XLIFF", "PO", "gettext", "CSV", "JSON", "JSONL", "JPEG", "PNG", "WebP", "AGB", "RugNetwerk", "strong",
    "English", "Nederlands", "RFC", "slug", "example", "org",
}  # fmt: skip
UNSEEN = {"script", "style", "code", "pre", "kbd", "svg", "textarea", "bdi", "time"}
READ_ALOUD = ("aria-label", "title", "placeholder", "alt", "data-label")
WORD = re.compile("[A-Za-z]{2,}")


@pytest.fixture(scope="session", autouse=True)
def compiled() -> None:
    """Have the catalogues compiled."""
    compile_stale()


@pytest.fixture
def entry(office: Office) -> str:
    """Give an article, and a term."""
    with write(office.desk.db):
        glossary.add(office.desk.db, [Term("nl", "ar", "боль", "ألم", "preferred", "")])
    return office.desk.article(title="Боль", summary="Коротко.", body=BODY)


@pytest.fixture
def sara(office: Office) -> Visitor:
    """Sign in an administrator who chose Arabic."""
    return office.visit(office.person("сара", "administrator", language="ar"))


def pages(office: Office, entry: str) -> Iterator[str]:
    """Yield the address of every page that an administrator can open."""
    for rule in office.desk.app.url_map.iter_rules():
        left = rule.arguments - {"entry", "locale", "plural"}
        if rule.endpoint.startswith("admin.") and "GET" in (rule.methods or ()) and not left:
            address = rule.rule.replace("<entry>", entry).replace("<locale>", "ar")
            if "<plural>" in address:
                yield from (
                    address.replace("<plural>", plural) for plural in ("articles", "authors", "clinics", "topics")
                )
            else:
                yield address


def left_in_english(page: html.HtmlElement) -> list[str]:
    """Return what is said in Latin letters by the page itself: content says its own language or direction."""
    return [text for text in _said(page, page.get("lang")) if not set(WORD.findall(text)) <= ALIKE]


def _said(element: html.HtmlElement, lang: str) -> Iterator[str]:
    if not isinstance(element.tag, str) or element.tag in UNSEEN:
        return
    if element.tag != "html" and (element.get("lang", lang) != lang or element.get("dir") in ("ltr", "auto")):
        return
    yield from (element.get(name) for name in READ_ALOUD if element.get(name))
    yield element.text or ""
    for inner in element:
        yield from _said(inner, lang)
        yield inner.tail or ""


def test_every_page_speaks_arabic_from_right_to_left(office: Office, entry: str, sara: Visitor) -> None:
    opened = 0
    for address in pages(office, entry):
        answer = sara.get(address)
        if answer.mimetype == "text/html" and answer.status_code not in (302, 303):
            page = html.fromstring(answer.text)
            assert (page.get("lang"), page.get("dir")) == ("ar", "rtl"), address
            assert answer.headers["Content-Language"] == "ar"
            assert left_in_english(page) == [], address
            opened += 1
    assert opened > 30


def test_what_is_wrong_is_said_in_arabic(office: Office, sara: Visitor) -> None:
    refused = html.fromstring(sara.post("/admin/people/new", name="", email="x", roles=["translator"]).text)
    assert left_in_english(refused) == []
    assert "يجب" in refused.text_content() or "اذكر" in refused.text_content()


def test_what_somebody_chose_goes_before_what_the_browser_asks_for(office: Office, sara: Visitor) -> None:
    page = html.fromstring(sara.get("/admin/", headers={"Accept-Language": "nl"}).text)
    assert page.get("lang") == "ar"


@pytest.mark.parametrize(
    ("asked", "said"),
    [("ar-EG", ("ar", "rtl")), ("nl-BE", ("nl", "ltr")), ("en-GB", ("en", "ltr")), ("zh", ("en", "ltr"))],
)
def test_a_stranger_is_met_in_the_language_of_the_browser(office: Office, asked: str, said: tuple[str, str]) -> None:
    page = html.fromstring(office.stranger().get("/admin/sign-in", headers={"Accept-Language": asked}).text)
    assert (page.get("lang"), page.get("dir")) == said


@pytest.mark.parametrize(
    ("language", "day", "passed"), [("ar", "23 نوفمبر 2026", "قبل"), ("nl", "23 november 2026", "geleden")]
)
def test_days_and_numbers_are_written_as_the_reader_does(office: Office, language: str, day: str, passed: str) -> None:
    with office.desk.app.test_request_context(headers={"Accept-Language": language}):
        assert day in moments.day("2026-11-23")
        assert passed in moments.ago("2026-11-23T08:00:00.000000Z")
        assert moments.number(12345) == {"ar": "12,345", "nl": "12.345"}[language]
