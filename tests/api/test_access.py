"""Who asks the delivery API, and what is given to whom."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.bearer import MOST_REFUSED
from cms.partners import holdings, partner_keys, partners, usage
from cms.partners.partners import Partner
from cms.people import keys, users
from cms.people.rights import Scopes
from cms.publish import editions
from cms.store import connect
from migrations import migrate
from tests import postgres
from tests.api.conftest import Desk, desk_at, rewrite, translate


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Reader:
    """Somebody who asks a site, with a key or without."""

    desk: Desk
    secret: str = ""

    def ask(self, path: str, **kwargs: Any) -> Any:
        headers = {**({"Authorization": f"Bearer {self.secret}"} if self.secret else {}), **kwargs.pop("headers", {})}
        return self.desk.app.test_client().open(path, headers=headers, buffered=True, **kwargs)

    def status(self, path: str) -> int:
        return int(self.ask(path).status_code)

    def code(self, path: str) -> tuple[int, str]:
        answer = self.ask(path)
        return answer.status_code, answer.json["code"]

    def slugs(self, path: str) -> list[str]:
        return sorted(item["slug"] for item in self.ask(path).json["data"])


@dataclass(frozen=True)
class Office:
    """A site with two articles about different topics, in Dutch and English, and its partners."""

    desk: Desk
    back: str
    knee: str
    topic: str

    def partner(self, **fields: Any) -> Partner:
        name = f"Partner {len(partners.every(self.desk.db))}"
        return partners.add(self.desk.db, self.desk.settings.site, name=name, by="tester", now=now(), **fields)

    def key(self, partner: Partner, **fields: Any) -> str:
        return partner_keys.make(self.desk.db, partner=partner.id, name="Website", now=now(), **fields)[1]

    def reader(self, **fields: Any) -> Reader:
        """Return somebody who asks with the key of a new partner."""
        return Reader(self.desk, self.key(self.partner(**fields)))

    def anybody(self) -> Reader:
        return Reader(self.desk)


def furnish(desk: Desk) -> Office:
    clinic = desk.clinic()
    topic = desk.publish("topic", {"title": "Rug", "slug": "rug"})
    back = desk.article(title="Door je rug gaan", slug="rug", clinics=[clinic], topics=[topic])
    knee = desk.article(title="Een pijnlijke knie", slug="knie", clinics=[clinic])
    for entry, slug in ((clinic, "bank"), (back, "back"), (knee, "knee")):
        translate(desk.db, entry, "en", now(), slug=slug)
        desk.publish_again(entry, now(), "en")
    return Office(desk, back, knee, topic)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def offices(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Office, Office]]:
    """Yield one site as it is read by anybody, and as it is where keys are asked for."""
    folder = tmp_path_factory.mktemp("offices")
    with contextlib.ExitStack() as stack:
        if request.param == "sqlite":
            url = f"sqlite:///{folder}/office.db"
        elif postgres.missing():
            pytest.skip(f"not tested on PostgreSQL: {postgres.missing()}")
        else:
            url = stack.enter_context(postgres.schema(request.getfixturevalue("postgres_server")))
        db = connect(url)
        migrate(db)
        db.close()
        office = furnish(stack.enter_context(desk_at(url, folder)))
        yield office, replace(office, desk=stack.enter_context(desk_at(url, folder, TOLK_PUBLIC="key")))


@pytest.fixture
def office(offices: tuple[Office, Office]) -> Office:
    """Return a site that anybody may read; tests leave its content as it is."""
    return offices[0]


@pytest.fixture
def closed(offices: tuple[Office, Office]) -> Office:
    """Return the same, where everybody is asked for a key."""
    return offices[1]


@pytest.fixture
def own(desk: Desk) -> Office:
    """Return a site of the test's own."""
    return furnish(desk)


READ = ["/v1/nl/articles", "/v1/nl/articles/rug", "/v1/articles/rug", "/v1/articles", "/v1/nl/search?q=rug"]
WAYS_IN = ["/", "/health", "/ready", "/docs", "/v1/openapi.json", "/docs/static/docs.css"]


# Which keys are taken.


@pytest.mark.parametrize("path", READ)
def test_anybody_may_read_where_that_is_open(office: Office, path: str) -> None:
    assert office.anybody().status(path) in (200, 302)


@pytest.mark.parametrize("path", READ)
def test_a_partner_may_read_with_its_key(office: Office, path: str) -> None:
    assert office.reader().status(path) in (200, 302)


@pytest.mark.parametrize("path", [*READ, "/v1/nl/articles/nothing", "/nothing", "/sitemap.xml", "/oembed"])
def test_where_keys_are_asked_for_nothing_is_read_without_one(closed: Office, path: str) -> None:
    answer = closed.anybody().ask(path)
    assert (answer.status_code, answer.json["code"]) == (401, "key_missing")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", READ)
def test_where_keys_are_asked_for_a_partner_may_read(closed: Office, path: str) -> None:
    assert closed.reader().status(path) in (200, 302)


@pytest.mark.parametrize("path", WAYS_IN)
@pytest.mark.parametrize("secret", ["", "tolk_abcdefgh_wrong"])
def test_what_leads_to_the_api_stays_open(closed: Office, path: str, secret: str) -> None:
    assert Reader(closed.desk, secret).status(path) == 200


def test_what_has_a_door_of_its_own_keeps_it(closed: Office) -> None:
    assert closed.anybody().ask("/admin/sign-in").status_code == 200
    assert closed.anybody().code("/manage/v1/key") == (401, "key_missing")


def test_the_description_says_whether_a_key_is_needed(office: Office, closed: Office) -> None:
    either, needed = (each.anybody().ask("/v1/openapi.json").json for each in (office, closed))
    assert (either["security"], needed["security"]) == ([{}, {"key": []}], [{"key": []}])
    assert needed["paths"]["/health"]["get"]["security"] == []
    for path, operations in needed["paths"].items():
        asks = closed.anybody().status(path.replace("{", "").replace("}", "")) == 401
        assert asks == ("security" not in operations["get"]), path


def test_browsers_may_ask_beforehand(closed: Office) -> None:
    assert closed.anybody().ask("/v1/nl/articles", method="OPTIONS").status_code == 200


@pytest.mark.parametrize(
    "shown", ["Bearer", "Bearer tolk_abcdefgh_wrong", "Basic dG9sazp0b2xr", "tolk_abcdefgh_wrong", "Bearer \xff"]
)
def test_a_bad_key_is_never_anonymous(office: Office, shown: str) -> None:
    for path in ("/v1/nl/articles/rug", "/v1/nl/articles", "/nothing"):
        answer = office.anybody().ask(path, headers={"Authorization": shown})
        assert (answer.status_code, answer.json["code"]) == (401, "bad_key")
        assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_key_ends_with_its_time_its_revocation_and_its_partner(office: Office) -> None:
    partner = office.partner()
    reader = Reader(office.desk, office.key(partner))
    assert reader.status(READ[0]) == 200
    partners.suspend(office.desk.db, partner.id)
    assert reader.code(READ[0]) == (401, "partner_suspended")
    partners.resume(office.desk.db, partner.id)
    assert reader.status(READ[0]) == 200
    partner_keys.revoke(office.desk.db, partner_keys.of(office.desk.db, partner.id)[0].id, now=now())
    assert reader.code(READ[0]) == (401, "key_revoked")
    yesterday = now() - timedelta(days=1)
    _, ended = partner_keys.make(
        office.desk.db, partner=partner.id, name="Short", expires_at=yesterday, now=yesterday - timedelta(hours=1)
    )
    assert Reader(office.desk, ended).code(READ[0]) == (401, "key_expired")


def test_a_key_of_one_door_opens_no_other_and_is_told_so(office: Office) -> None:
    db = office.desk.db
    owner = users.add(db, name="Ada", email="ada@example.org", roles=["administrator"], now=now())
    _, program = keys.make(db, name="Script", owner=owner.id, scopes=Scopes(frozenset("*")), now=now())
    partner = office.key(office.partner())
    assert Reader(office.desk, program).code("/v1/nl/articles") == (401, "key_of_program")
    assert Reader(office.desk, partner).code("/manage/v1/key") == (401, "key_of_partner")
    assert Reader(office.desk, program).status("/manage/v1/key") == 200
    assert Reader(office.desk, partner).status("/v1/nl/articles") == 200
    # Of half a secret nothing is said.
    assert Reader(office.desk, partner[:-1]).code("/manage/v1/key") == (401, "bad_key")
    assert Reader(office.desk, program[:-1]).code("/v1/nl/articles") == (401, "bad_key")


def test_wrong_keys_are_counted_and_a_right_one_still_reads(own: Office) -> None:
    wrong, right = Reader(own.desk, "tolk_abcdefgh_wrong"), own.reader()
    assert [wrong.status(READ[0]) for _ in range(MOST_REFUSED)] == [401] * MOST_REFUSED
    assert wrong.code(READ[0]) == (429, "throttled")
    assert right.status(READ[0]) == own.anybody().status(READ[0]) == 200


# What a partner is given.


def test_a_partner_without_limits_is_given_all(office: Office) -> None:
    reader = office.reader()
    assert reader.slugs("/v1/nl/articles") == office.anybody().slugs("/v1/nl/articles") == ["knie", "rug"]
    assert reader.ask("/v1/nl/articles/rug").data == office.anybody().ask("/v1/nl/articles/rug").data


def test_a_partner_is_given_its_topics_alone(office: Office) -> None:
    reader = office.reader(topics=[office.topic])
    assert reader.slugs("/v1/nl/articles") == ["rug"]
    assert reader.ask("/v1/nl/articles").json["meta"]["total"] == 1
    assert reader.slugs("/v1/nl/search?q=pijnlijke") == []
    assert reader.slugs("/v1/nl/search?q=bewegen") == ["rug"]
    assert reader.ask("/v1/nl/search?q=bewegen").json["meta"]["total"] == 1
    assert reader.ask("/v1/nl/search?q=bewegen&limit=1&page=2").json["meta"]["total"] == 1
    assert [reader.status(f"/v1/nl/articles/{handle}") for handle in ("rug", office.back, "knie", office.knee)] == [
        200, 200, 404, 404,
    ]  # fmt: skip
    # What has no topics is not kept back by them.
    assert reader.slugs("/v1/nl/clinics") == ["oever"]
    assert reader.slugs("/v1/nl/search?q=oever&type=clinic") == ["oever"]


def test_a_partner_is_given_its_types_alone(office: Office) -> None:
    reader = office.reader(types=["article"])
    assert reader.slugs("/v1/nl/articles") == ["knie", "rug"]
    assert reader.code("/v1/nl/clinics") == reader.code("/v1/nl/clinics/oever") == (404, "not_found")
    assert "oever" in office.anybody().slugs("/v1/nl/search?q=oever")
    assert reader.slugs("/v1/nl/search?q=oever") == ["knie", "rug"]
    assert reader.slugs("/v1/nl/search?q=oever&type=clinic") == []


def test_a_partner_is_given_its_languages_alone(office: Office) -> None:
    reader = office.reader(locales=["nl"])
    answer = reader.ask("/v1/en/articles")
    assert (answer.status_code, answer.json["code"], answer.json["available_locales"]) == (
        404,
        "unknown_locale",
        ["nl"],
    )
    assert reader.code("/v1/en/articles/back") == (404, "unknown_locale")
    assert reader.code("/v1/en/search?q=back") == (404, "unknown_locale")
    for path in ("/v1/articles", "/v1/articles/rug", "/v1/articles/back"):
        sent = reader.ask(path, headers={"Accept-Language": "en"})
        assert (sent.status_code, sent.headers["Location"].split("/")[2]) == (302, "nl")


def test_feeds_and_sitemaps_tell_a_partner_of_its_part_alone(office: Office) -> None:
    about = office.reader(topics=[office.topic])
    feed = about.ask("/v1/nl/articles/feed.json").json
    assert [office.back in item["id"] for item in feed["items"]] == [True]
    pages = about.ask("/sitemap/nl/articles.xml").text
    assert ("/rug<" in pages, "/knie<" in pages) == (True, False)
    dutch = office.reader(types=["article"], locales=["nl"])
    for path in ("/v1/nl/clinics/feed.atom", "/v1/en/articles/feed.atom", "/sitemap/nl/clinics.xml"):
        assert dutch.status(path) == 404
    index = dutch.ask("/sitemap.xml").text
    assert ("/nl/articles.xml" in index, "/en/" in index, "clinics" in index) == (True, False, False)


def test_what_is_put_into_pages_is_of_a_partners_part_alone(office: Office) -> None:
    about = office.reader(topics=[office.topic])
    assert [about.status(f"/v1/nl/articles/{slug}/embed") for slug in ("rug", "knie")] == [200, 404]
    url = office.desk.settings.site.document_url("nl", "articles", "knie")
    assert about.status(f"/oembed?url={url}") == 404


def test_what_is_outside_is_as_if_it_were_not_there(office: Office) -> None:
    reader = office.reader(topics=[office.topic])
    outside, nowhere = reader.ask("/v1/nl/articles/knie").json, reader.ask("/v1/nl/articles/nergens").json
    assert {**outside, "instance": "", "request_id": ""} == {**nowhere, "instance": "", "request_id": ""}
    assert reader.code("/v1/articles/knie") == (404, "not_found")
    assert reader.code(f"/v1/en/articles/{office.knee}") == (404, "not_found")


def test_no_other_language_is_offered_or_given_instead(office: Office) -> None:
    reader = office.reader(locales=["nl", "tr"])
    answer = reader.ask("/v1/tr/articles/rug").json
    assert (answer["code"], answer["available_locales"]) == ("not_in_locale", ["nl"])
    assert reader.status("/v1/tr/articles/rug?fallback=en") == 404
    assert reader.ask("/v1/tr/articles/rug?fallback=en,nl").json["fallback"]["served"] == "nl"


def test_what_was_withdrawn_is_told_to_whom_it_concerned(own: Office) -> None:
    about, beside = own.reader(topics=[own.topic]), own.reader(types=["clinic"])
    editions.withdraw(own.desk.db, own.back, explanation="Klopt niet.", by="e", now=now(), site=own.desk.settings.site)
    own.desk.drain(now())
    assert about.code("/v1/nl/articles/rug") == (410, "withdrawn")
    assert beside.code("/v1/nl/articles/rug") == (404, "not_found")
    editions.withdraw(own.desk.db, own.knee, explanation="Ook niet.", by="e", now=now(), site=own.desk.settings.site)
    assert about.code("/v1/nl/articles/knie") == (404, "not_found")


def test_an_address_that_moved_leads_nobody_out_of_its_part(own: Office) -> None:
    for entry, slug in ((own.back, "ruggen"), (own.knee, "knieen")):
        rewrite(own.desk.db, entry, now(), slug=slug)
        own.desk.publish_again(entry, now())
    reader = own.reader(topics=[own.topic])
    assert reader.status("/v1/nl/articles/rug") == 301
    assert reader.code("/v1/nl/articles/knie") == (404, "not_found")


def test_a_scope_holds_from_the_moment_that_it_is_set(office: Office) -> None:
    partner = office.partner()
    reader = Reader(office.desk, office.key(partner))
    assert reader.status("/v1/nl/articles/knie") == 200
    partners.change(office.desk.db, office.desk.settings.site, partner.id, topics=[office.topic])
    assert reader.status("/v1/nl/articles/knie") == 404


# Caches.


@pytest.mark.parametrize("path", [*READ, "/v1/nl/articles/nothing"])
def test_what_a_partner_is_given_is_kept_by_nobody_else(office: Office, path: str) -> None:
    answer = office.reader().ask(path)
    assert answer.headers["Cache-Control"] == "private, max-age=60"
    assert "Authorization" in answer.headers.getlist("Vary")


@pytest.mark.parametrize("path", READ)
def test_what_anybody_is_given_is_no_answer_for_a_partner(office: Office, path: str) -> None:
    answer = office.anybody().ask(path)
    assert answer.headers["Cache-Control"].startswith("public")
    assert "Authorization" in answer.headers.getlist("Vary")


def test_a_partner_may_ask_whether_anything_is_new(office: Office) -> None:
    reader = office.reader()
    etag = reader.ask("/v1/nl/articles/rug").headers["ETag"]
    again = reader.ask("/v1/nl/articles/rug", headers={"If-None-Match": etag})
    assert (again.status_code, again.headers["Cache-Control"]) == (304, "private, max-age=60")


# What is counted and noted.


def counted(office: Office, **asked: Any) -> list[tuple[Any, ...]]:
    office.desk.app.extensions["tolk_meter"].keep(office.desk.db, now())
    rows = usage.totals(office.desk.db, ("partner", "entry", "locale", "way"), **asked)
    return [tuple(row.values()) for row in rows]


def test_what_is_read_is_counted_by_partner_and_document(office: Office) -> None:
    partner = office.partner()
    reader = Reader(office.desk, office.key(partner))
    for path in ("/v1/nl/articles/rug", f"/v1/nl/articles/{office.back}", "/v1/en/articles/back?format=text"):
        reader.status(path)
    reader.status("/v1/nl/articles?topic=rug")
    reader.status("/v1/nl/articles/rug/embed?part=fragment")
    reader.status("/v1/nl/articles/nothing")
    reader.ask("/v1/nl/articles/knie", method="HEAD")
    assert counted(office, partner=partner.id) == [
        (partner.id, office.back, "en", "item", 1),
        (partner.id, office.back, "nl", "embed", 1),
        (partner.id, office.back, "nl", "item", 2),
        (partner.id, office.back, "nl", "list", 1),
    ]


def test_who_shows_no_key_is_counted_as_nobody(own: Office) -> None:
    for path in ("/v1/nl/articles/rug", "/v1/nl/articles/rug", "/v1/nl/articles"):
        own.anybody().status(path)
    assert counted(own) == [(usage.NOBODY, own.back, "nl", "item", 2)]


def test_what_a_partner_was_given_is_in_the_ledger(own: Office) -> None:
    partner = own.partner()
    reader = Reader(own.desk, own.key(partner))
    reader.status("/v1/nl/articles/rug")
    reader.status("/v1/nl/articles/rug?view=jsonld")
    rewrite(own.desk.db, own.back, now(), title="Anders")
    own.desk.publish_again(own.back, now())
    reader.status("/v1/nl/articles?fields=body")
    held = holdings.holders(own.desk.db, own.back)
    assert [(each.locale, each.revision, each.how) for each in held] == [("nl", 1, "item"), ("nl", 2, "list")]
    assert [each.revision for each in holdings.holders(own.desk.db, own.knee)] == [1]


def test_what_merely_leads_to_a_document_is_no_holding(own: Office) -> None:
    reader = own.reader()
    own.anybody().status("/v1/nl/articles/rug")
    for path in (
        "/v1/nl/articles",
        "/v1/nl/articles/rug?fields=title,url",
        "/v1/nl/search?q=bewegen",
        "/v1/articles/rug",
    ):
        assert reader.status(path) < 400
    reader.ask("/v1/nl/articles/rug", method="HEAD")
    assert holdings.holders(own.desk.db, own.back) == []


def test_a_list_of_what_is_whole_in_it_is_noted(office: Office) -> None:
    partner = office.partner()
    Reader(office.desk, office.key(partner)).status("/v1/nl/clinics")
    assert [each.how for each in holdings.held(office.desk.db, partner.id)] == ["list"]
