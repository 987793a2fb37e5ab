"""Every address of the admin, by every method: who may, and who is turned away. The rights are those of the library.

An address that is not in the table fails here: whoever adds one says what it takes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.admin.segments import short
from cms.content.identity import new_id
from cms.partners import deliveries, partner_keys, partners, recalls, webhooks
from cms.people import audit, keys, own_secrets, rights, sessions, users
from cms.people.rights import ROLES, Actor, Scopes
from tests.api.admin.conftest import KEPT, Office, Visitor, form_token
from tests.api.conftest import desk_at

OPEN = "open"  # for everybody
SELF = "self"  # for whoever is signed in
NOT_HERE = ("PUT", "PATCH", "DELETE", "TRACE")


@dataclass(frozen=True)
class Case:
    """What a request takes: a right, OPEN or SELF; in which locale; what is sent with it."""

    takes: str
    locale: str = ""
    sent: dict[str, str] = field(default_factory=dict)
    ends_session: bool = False


def reads(takes: str = "entry.read") -> dict[str, list[Case]]:
    return {"GET": [Case(takes)]}


def does(takes: str, **sent: str) -> dict[str, list[Case]]:
    return {"POST": [Case(takes, sent=sent)]}


def both(takes: str, **sent: str) -> dict[str, list[Case]]:
    return reads(takes) | does(takes, **sent)


def tongues(method: str, takes: str, **sent: str) -> dict[str, list[Case]]:
    return {method: [Case(takes, locale, sent) for locale in ("tr", "pl")]}


def step(takes: str, do: str) -> list[Case]:
    sent = {"mark:title": f"{short('Stijve nek')}..", "text:title": "Boyun tutulması", "reason:title:x": "reden"}
    if not do.startswith(("save", "review", "approve")):
        del sent["text:title"]
    return tongues("POST", takes, do=do, **sent)["POST"]


TERM = {"source_locale": "nl", "source": "nek", "target": "boyun", "status": "approved", "note": ""}
TERMS = [Case("glossary.save", locale, {**TERM, "target_locale": locale}) for locale in ("tr", "pl")]
ENDING = [Case(SELF, ends_session=True)]
TAKES: dict[str, dict[str, list[Case]]] = {
    "static": reads(OPEN),
    "home.show": reads(SELF),
    "signing.sign_in": both(OPEN),
    "signing.second": both(OPEN),
    "signing.sign_out": {"POST": ENDING},
    "sso.begin": reads(OPEN),
    "sso.back": reads(OPEN),
    "recovery.forgot": both(OPEN),
    "recovery.link": both(OPEN),
    "passkeys.sign_in_options": does(OPEN),
    "passkeys.sign_in": does(OPEN),
    "passkeys.options": does(SELF),
    "passkeys.add": does(SELF),
    "passkeys.remove": does(SELF),
    "you.show": both(SELF),
    "you.password": does(SELF),
    "you.authenticator": both(SELF),
    "you.begin_authenticator": does(SELF),
    "you.authenticator_off": does(SELF),
    # Recovery codes are for who has an authenticator; nobody here has, and that is a 403 of its own.
    "you.codes": {"POST": [Case("recovery_codes.make")]},
    "you.end_sessions": {"POST": ENDING},
    "you.end_session": does(SELF),
    "people.show": reads("people.manage"),
    "people.new": both("people.manage"),
    "people.one": both("people.manage"),
    "people.state": does("people.manage"),
    "people.link": does("people.manage"),
    "people.second_factor": does("people.manage"),
    "keys.show": reads("keys.manage"),
    "keys.new": both("keys.manage"),
    "keys.revoke": both("keys.manage"),
    "partners.show": reads("partners.manage"),
    "partners.new": both("partners.manage"),
    "partners.one": both("partners.manage"),
    "partners.state": does("partners.manage", state="active"),
    "partners.keys": both("partners.manage"),
    "partners.revoke": both("partners.manage"),
    "partners.shown_at": both("partners.manage"),
    "partners.held": reads("partners.manage"),
    "webhooks.show": both("partners.manage"),
    "webhooks.one": both("partners.manage", do="ping"),
    "webhooks.delivery": both("partners.manage"),
    "recalls.show": reads("recall.manage"),
    "recalls.drill": both("recall.manage", do="begin"),
    "recalls.one": both("recall.manage", do="close"),
    "recalls.report": reads("recall.manage"),
    "audit.show": reads("audit.read"),
    "audit.export": reads("audit.read"),
    "glossary.show": reads("translation.read"),
    "glossary.new": {**reads("glossary.save"), "POST": TERMS},
    "glossary.term": both("glossary.save"),
    "glossary.remove": both("glossary.save"),
    "tables.show": reads(),
    "writing.begin": reads("entry.create"),
    "writing.begin_sent": does("entry.create", entry=new_id(), do="save"),
    "writing.edit": reads(),
    "writing.edit_sent": {"POST": [Case("entry.save", sent={"do": verb}) for verb in ("keep", "save", "discard")]},
    "writing.find": reads(),
    "writing.view": does("entry.read"),
    "writing.paste": does("entry.read"),
    "clashes.show": reads("entry.save"),
    "clashes.choose": does("entry.save"),
    "publishing.show": reads(),
    "publishing.act": {
        "POST": [
            Case("entry.publish", sent={"do": "publish", "locale": "nl"}),
            Case("translation.publish", sent={"do": "publish", "locale": "tr"}),
            Case("entry.unpublish", sent={"do": "unpublish", "locale": "nl"}),
            Case("translation.unpublish", sent={"do": "unpublish", "locale": "tr"}),
            Case("entry.schedule", sent={
                "do": "schedule", "locale": "nl", "action": "publish", "due": "2100-01-01T10:00"}),
        ]
    },
    "publishing.ask_withdraw": reads("entry.withdraw"),
    "publishing.withdraw": does("entry.withdraw"),
    "history.show": reads(),
    "history.restore": does("entry.save", revision="1", latest="1"),
    "preview.show": reads(),
    "preview.make_link": does("entry.read"),
    "preview.shared": reads(OPEN),
    "reviewing.show": reads("entry.review"),
    "reviewing.record": does("entry.review"),
    "uses.show": reads(),
    "uses.merge": does("entry.merge"),
    "uses.archive": does("entry.archive"),
    "uses.unarchive": does("entry.archive"),
    "importing.show": reads("entry.import"),
    "importing.take_in": does("entry.import", text="Kop\n\nBlijf bewegen.", do="load"),
    "translations.choose": reads("translation.read"),
    "translations.show": tongues("GET", "translation.read"),
    "translating.show": tongues("GET", "translation.read"),
    "translating.begin": tongues("GET", "translation.read"),
    "translating.memory": tongues("GET", "translation.read"),
    "translating.check": tongues("POST", "translation.read"),
    "translating.take_step": {
        "POST": [
            *step("translation.save", "save title"),
            *step("translation.save", "review title"),
            *step("translation.waive", "waive title x"),
            *step("translation.publish", "publish"),
        ]
    },
    "exchange_pages.show": tongues("GET", "translation.export"),
    "exchange_pages.download": tongues("GET", "translation.export"),
    "exchange_pages.upload": tongues("POST", "translation.import", name="x.csv", data="cGF0aCx0YXJnZXQK"),
    "machine_pages.show": tongues("GET", "translation.machine"),
    "machine_pages.ask": tongues("POST", "translation.machine", only="nothing"),
}  # fmt: skip


@dataclass(frozen=True)
class House:
    """An admin with one of everything, and the addresses of it all."""

    office: Office
    values: dict[str, str]

    def walk(self) -> Iterator[tuple[str, str, str, Case]]:
        """Yield each endpoint with a method, its address and a case."""
        for rule in self.office.desk.app.url_map.iter_rules():
            if not rule.rule.startswith("/admin"):
                continue
            name = rule.endpoint.removeprefix("admin.")
            known = TAKES.get(name, {})
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                assert known.get(method), f"say in this table what {method} {rule.rule} ({name}) takes"
                for case in known[method]:
                    yield name, method, self.address(name, rule.rule, case), case

    def address(self, name: str, rule: str, case: Case) -> str:
        """Return an address of a rule, with what is there in the place of its parameters."""
        values = {**self.values, "locale": case.locale or "tr"}
        values |= {"id": self.values.get(name.partition(".")[0], "x"), "filename": "base.css"}
        values |= {"key": self.values["partner_key"]}
        values |= {"token": self.values["preview" if name.startswith("preview") else "link"]}
        for each, value in values.items():
            rule = rule.replace(f"<path:{each}>", value).replace(f"<{each}>", value)
        asked = {"writing.find": "?type=article", "translating.memory": "?path=title"}
        term = "&".join(f"{each}={TERM[each]}" for each in ("source_locale", "source", "target"))
        asked |= dict.fromkeys(("glossary.term", "glossary.remove"), f"?target_locale=tr&{term}")
        return rule + asked.get(name, "")


@pytest.fixture
def house(tmp_path: Path, sqlite_template: Path) -> Iterator[House]:
    """Give an admin on one engine: the rights ask the store nothing."""
    (tmp_path / "test.db").write_bytes(sqlite_template.read_bytes())
    machine = {"TOLK_MACHINE": "libretranslate", "TOLK_MACHINE_URL": "http://127.0.0.1:9"}
    with desk_at(f"sqlite:///{tmp_path}/test.db", tmp_path, **machine) as desk:
        desk.app.jinja_env.bytecode_cache = KEPT
        office = Office(desk)
        now = datetime.now(UTC)
        someone = office.person("someone", "editor")
        owner = office.person("owner", "administrator")
        key, _ = keys.make(desk.db, name="x", owner=owner.id, scopes=Scopes(frozenset({"*"})), now=now)
        partner = partners.add(desk.db, desk.settings.site, name="Rug", by="owner", now=now).id
        webhook = webhooks.add(desk.db, partner, url="https://rug.example/tolk", now=now)[0].id
        entry = desk.article()
        values = {
            "partners": partner, "webhooks": partner, "webhook": webhook,
            "partner_key": partner_keys.make(desk.db, partner=partner, name="x", now=now)[0].id,
            "delivery": deliveries.ping(desk.db, webhook, now=now).id,
            "recall": recalls.drill(desk.db, entry, explanation="Oefening.", by="owner", now=now).id,
            "entry": entry, "plural": "articles", "people": someone.id, "keys": key.id, "form": "csv",
            "preview": "x.y", "link": "x",
        }  # fmt: skip
        own_secrets.of(desk.db, "preview")
        yield House(office, values)


def _send(client: FlaskClient, method: str, path: str, csrf: str, case: Case) -> TestResponse:
    return client.open(
        path, method=method, data={"csrf": csrf, **case.sent} if method == "POST" else None, buffered=True
    )


def _done(office: Office) -> int:
    return max((each.seq for each in audit.entries(office.desk.db, limit=1)), default=0)


def test_each_role_does_what_its_rights_allow_and_nothing_else(house: House) -> None:
    office = house.office
    people = {role: office.person(role, role, locales=("tr",)) for role in ROLES}
    visitors = {role: office.visit(user) for role, user in people.items()}
    walked = 0
    for name, method, path, case in house.walk():
        for role in ROLES:
            actor = Actor("", "", "person", frozenset({role}), frozenset({"tr"}))
            if case.ends_session:
                visitors[role] = office.visit(people[role])
            used = visitors[role]
            before = _done(office)
            answer = _send(used.client, method, path, used.csrf, case)
            allowed = case.takes in (OPEN, SELF) or _may(actor, case)
            said = (name, method, path, role, case.sent, answer.status_code)
            assert answer.status_code < 500 or answer.status_code == 503, said
            assert (answer.status_code != 403) is allowed, said
            if not allowed:
                assert answer.mimetype == "text/html", said
                assert _done(office) == before, said
            walked += 1
            if case.ends_session:
                visitors[role] = office.visit(people[role])
    assert walked > 5 * 80


def _may(actor: Actor, case: Case) -> bool:
    if case.takes not in rights.ACTIONS:
        return False
    # Where no locale is concerned, a translator's own are enough to open the page.
    return rights.may(actor, case.takes, "article", case.locale or "tr")


def test_who_is_not_signed_in_is_sent_to_sign_in_and_does_nothing(house: House) -> None:
    office = house.office
    now = datetime.now(UTC)
    disabled, late = office.person("disabled", "administrator"), office.person("late", "administrator")
    users.change(office.desk.db, disabled.id, state="disabled", now=now)
    idle = sessions.open_session(
        office.desk.db, late.id, address="", agent="", now=now - sessions.IDLE + timedelta(seconds=-1)
    )
    nobodies = {"disabled": office.visit(disabled), "idle": _with(office, late, idle), "stranger": None}
    for name, method, path, case in house.walk():
        if case.takes == OPEN:
            continue
        for who, visitor in nobodies.items():
            client = visitor.client if visitor else office.stranger()
            said = (name, method, path, who)
            before = _done(office)
            # With the token of the session that is over, and with one that this browser got with a page.
            fresh = form_token(client.get("/admin/sign-in").text) if method == "POST" else ""
            for csrf in filter(None, (visitor.csrf if visitor else "x", fresh)):
                answer = _send(client, method, path, csrf, case)
                if method == "POST" and csrf != fresh:
                    assert answer.status_code == 403, said
                else:
                    assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/admin/sign-in"), said
                assert "no-store" in answer.headers["Cache-Control"], said
            assert _done(office) == before, said


def _with(office: Office, user: users.User, token: str) -> Visitor:
    client = office.desk.app.test_client()
    client.set_cookie("tolk-session", token)
    return Visitor(client, user, token)


def test_what_an_address_does_not_know_is_refused_as_a_page(house: House) -> None:
    anna = house.office.visit(house.office.person("anna", "administrator"))
    seen = set()
    for _, _, path, case in house.walk():
        if path in seen or case.takes == OPEN:
            continue
        seen.add(path)
        for method in NOT_HERE:
            answer = anna.client.open(path, method=method, headers={"X-CSRF-Token": anna.csrf})
            assert (answer.status_code, answer.mimetype) == (405, "text/html"), (path, method)


def test_nothing_that_is_asked_for_by_get_is_audited(house: House) -> None:
    anna = house.office.visit(house.office.person("anna", "administrator"))
    before = _done(house.office)
    for _, method, path, _ in house.walk():
        if method == "GET":
            for verb in ("GET", "HEAD", "OPTIONS"):
                # As a link on a page elsewhere would send it, with what a form would say.
                answer = anna.client.open(
                    f"{path}{'&' if '?' in path else '?'}do=save&sure=on&csrf={anna.csrf}", method=verb, buffered=True
                )
                assert answer.status_code < 500, (verb, path)
    assert _done(house.office) == before
