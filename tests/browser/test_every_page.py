"""Every page of the admin that can be opened: nothing stands in anybody's way, whichever way it is read.

Each is looked at in both directions, light and dark, wide, on a tablet and on a phone; a new page is found by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, ViewportSize
from werkzeug.routing import Rule

from api.application import create_app
from cms.content import revisions, saving
from cms.desk import drafts, preview, writing
from cms.localize import glossary, translations
from cms.localize.glossary import Term
from cms.partners import deliveries, holdings, pages, partner_keys, partners, recalls, usage, webhooks
from cms.partners.messages import Message
from cms.people import keys, one_time, own_secrets, sessions, totp, users
from cms.people.rights import OPERATOR, Scopes
from cms.publish.schedule import ask
from cms.store import Database, write
from tests.api.conftest import read_settings
from tests.browser.office import PASSWORD, Office, serving
from tests.browser.watch import Watched
from tests.builders import SITE, an_article, publish, published

# What answers with no page of its own: files, JSON, and ways to somewhere else.
NO_PAGES = {
    "admin.static", "admin.sso.begin", "admin.sso.back", "admin.audit.export", "admin.writing.find",
    "admin.exchange_pages.download", "admin.recalls.report", "admin.translating.begin", "admin.translating.memory",
    "admin.translations.choose",
}  # fmt: skip
# Pages for people who are not signed in.
STRANGERS = ("admin.signing.sign_in", "admin.signing.second", "admin.recovery.forgot", "admin.recovery.link")
BODY = [
    {"id": "b1", "type": "heading", "level": 2, "text": "Wat helpt"},
    {"id": "b2", "type": "list", "ordered": True, "items": [
        {"id": "i1", "text": "Neem **3 dagen** rust."}, {"id": "i2", "text": "Leg je hoofd op een kussen."},
    ]},
    {"id": "b3", "type": "callout", "urgency": "emergency", "title": "Bel", "body": [
        {"id": "p1", "type": "paragraph", "text": "Bel **112** als je het gevoel in je arm verliest."},
    ]},
    {"id": "b4", "type": "table", "columns": [{"id": "k1", "text": "Dag"}, {"id": "k2", "text": "Doe"}],
     "rows": [{"id": "r1", "cells": [{"id": "c1", "text": "1"}, {"id": "c2", "text": "Rust"}]}]},
    {"id": "b5", "type": "faq", "items": [
        {"id": "q1", "question": "Mag ik lopen?", "answer": [{"id": "b6", "type": "paragraph", "text": "Ja."}]}]},
    {"id": "b7", "type": "callout", "urgency": "emergency", "title": "Bel ook", "body": [
        {"id": "p2", "type": "paragraph", "text": "Bel **112** als je niet meer kunt plassen."},
    ]},
]  # fmt: skip


@dataclass(frozen=True)
class House:
    """An admin with something of everything; `known` are the values that addresses are made of."""

    office: Office
    known: dict[str, str]
    paths: tuple[str, ...]
    open_paths: tuple[str, ...]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Serve an admin in which no page is empty."""
    folder = tmp_path_factory.mktemp("house")
    with serving(folder, TOLK_MACHINE="libretranslate", TOLK_MACHINE_URL="http://127.0.0.1:9") as office:
        known = _fill(office)
        app = create_app(read_settings(f"sqlite:///{folder}/office.db", Path(folder)))
        rules = [
            rule
            for rule in app.url_map.iter_rules()
            if rule.endpoint.startswith("admin.") and "GET" in (rule.methods or ()) and rule.endpoint not in NO_PAGES
        ]
        app.extensions["tolk_connections"].close()
        paths = [_address(rule, known) for rule in rules if rule.endpoint not in STRANGERS]
        paths += [f"/admin/entries/{known[name]}" for name in ("draft", "away", "author", "clinic", "topic")]
        paths += [f"/admin/entries/{known['draft']}{end}" for end in ("?draft=on", "/publish", "/preview?draft=on")]
        paths += [f"/admin/{plural}/new" for plural in ("authors", "clinics", "topics")]
        paths += [
            "/admin/articles?search=nothing",
            f"/admin/entries/{known['entry']}/translate/ar",
            "/admin/audit?page=9",
            f"/admin/webhooks/{known['gone']}",
            f"/admin/recalls/drill?entry={known['entry']}",
        ]
        strangers = [_address(rule, known) for rule in rules if rule.endpoint in STRANGERS]
        yield House(office, known, tuple(paths), tuple(strangers))


def _fill(office: Office) -> dict[str, str]:
    db, now = office.db, datetime.now(UTC)
    owner = office.person("anna", "administrator")
    office.person("layla", "administrator", language="ar")
    person = office.person("jos", "editor")
    author = published(db, "author", name="Jos Kooistra", credentials=[{"id": "c1", "kind": "BIG", "number": "1"}])
    clinic = published(db, "clinic", name="Zeelucht", phones=["+31201234567"], email="a@b.nl", addresses=[
        {"id": "a1", "street": "Dorp", "city": "Zee", "country": "NL"}])  # fmt: skip
    topic, away = published(db, "topic", title="Nek"), published(db, "topic", title="Oud")
    writing.archive(db, OPERATOR, away, now=now, site=SITE, explanation="Voorbij.")
    named = {"authors": [author], "clinics": [clinic], "topics": [topic]}
    review = [{"id": "w1", "author": author, "role": "medical", "date": "2025-01-01"}]
    entry = published(db, "article", title="Stijve nek", body=BODY, reviewers=review, review_due="2026-01-01", **named)
    glossary.add(db, [Term("nl", "en", "kussen", "pillow", "preferred", "Not: cushion")])
    texts = {"title": "A stiff neck", "body.b1.text": "What helps", "body.b2.items.i1.text": "Rest for **3 days**."}
    translations.save(db, entry, "en", texts, by="Emma", now=now, checks=False)
    changed = {**revisions.latest(db, entry).content, "summary": "Kort."}
    changed["body"][1]["items"][0]["text"] = "Neem **4 dagen** rust."
    saving.save(db, entry, changed, based_on=1, by="Jos", now=now)
    publish(db, entry)
    ask(db, entry, "nl", "unpublish", now + timedelta(days=3), by="Jos", now=now, site=SITE)
    draft = saving.create(db, "article", an_article(title="Nieuw", body=BODY, **named), by="Jos", now=now).id
    for local in ("anna", "layla"):
        user = users.by_email(db, f"{local}@example.org")
        assert user
        actor = sessions.actor_for(user)
        typed = {**an_article(title="Nieuwer", body=BODY), "clinics": [clinic]}
        drafts.keep(db, actor, draft, typed, based_on=1, now=now)
        drafts.keep(db, actor, entry, typed, based_on=1, now=now)
        totp.offer(db, actor.id, issuer="Tolk")
    key, _secret = keys.make(db, name="Import", owner=owner, scopes=Scopes(frozenset("*")), now=now)
    partner, others = _fill_partners(db, entry, now)
    shown = preview.token(own_secrets.of(db, "preview"), entry, "nl", 0, now + timedelta(days=1))
    link = one_time.make(db, person, "reset", now=now)
    return {
        "entry": entry, "draft": draft, "away": away, "author": author, "clinic": clinic, "topic": topic,
        "person": person, "keys": key.id, "partner": partner, **others, "preview": shown, "link": link, "locale": "en",
        "plural": "articles",
    }  # fmt: skip


def _fill_partners(db: Database, entry: str, now: datetime) -> tuple[str, dict[str, str]]:
    """Add a partner with all that its pages can show; return it, and what addresses below it are made of."""
    rug = partners.add(
        db, SITE, name="RugNetwerk", domains=["rug.example"], contacts=["a@rug.example"], locales=["nl"], by="Anna",
        acknowledge_hours=1, now=now - timedelta(days=2),
    )  # fmt: skip
    partners.suspend(db, partners.add(db, SITE, name="شبكة العافية", by="Anna", now=now).id)
    key, _secret = partner_keys.make(db, partner=rug.id, name="Website", now=now)
    hook, _secret = webhooks.add(db, rug.id, url="https://rug.example/tolk", events=["recall.opened"], now=now)
    gone, _secret = webhooks.add(db, rug.id, url="https://rug.example/gone", now=now)
    failed = {"state": "failed", "attempts": 1, "settled_at": hook.created_at}
    with write(db):
        told = deliveries.put(db, hook.id, Message("m1", 1, "edition.published", entry, '{"type": "x"}', False), now)
        db.table("delivery").update(told.id, failed)
        attempt = {"delivery": told.id, "number": 1, "at": hook.created_at, "took_ms": 9, "status": 503}
        db.table("delivery_attempt").insert({**attempt, "said": "<h1>Later</h1>", "error": ""})
    webhooks.disable(db, gone.id, "gone", now=now)
    for name, found in (("a", [{"code": "page_missing", "severity": "error", "values": {"status": 404}}]), ("b", [])):
        page = pages.put(db, SITE, rug.id, url=f"https://rug.example/{name}", entry=entry, locale="nl", now=now)
        pages.note_check(db, page, found, now)
    holdings.note(db, rug.id, [(entry, "nl", 1, 1), (entry, "nl", 2, 2)], "sync", now)
    usage.record(db, {(now.date().isoformat(), rug.id, entry, "nl", "item"): 3})
    recall = recalls.drill(db, entry, explanation="Oefening.", by="Anna", now=now - timedelta(hours=2))
    recalls.drill(db, entry, explanation="Nog een.", by="Anna", now=now)
    recalls.keep(db, now)
    return rug.id, {"webhook": hook.id, "gone": gone.id, "delivery": told.id, "key": key.id, "recall": recall.id}


def _address(rule: Rule, known: dict[str, str]) -> str:
    job = rule.endpoint.split(".")[1]
    of = {"keys": "keys", "partners": "partner", "webhooks": "partner"}
    own = {"id": known[of.get(job, "person")], "token": known["preview" if job == "preview" else "link"]}
    path = rule.rule
    for name in rule.arguments:
        path = path.replace(f"<{name}>", {**known, **own}[name])
    if rule.endpoint in ("admin.glossary.term", "admin.glossary.remove"):
        return f"{path}?source_locale=nl&target_locale=en&source=kussen&target=pillow"
    return path


@pytest.mark.parametrize(("local", "direction", "turn"), [("anna", "ltr", 0), ("layla", "rtl", 1)])
def test_nothing_stands_in_anybodys_way(house: House, browser: Browser, local: str, direction: str, turn: int) -> None:
    office = house.office
    context = browser.new_context(reduced_motion="reduce", locale="en")
    user = users.by_email(office.db, f"{local}@example.org")
    assert user
    office.let_in(context, user.id)
    watched = Watched(context.new_page())
    assert len(house.paths) > 40
    for number, path in enumerate(house.paths):
        _look(watched, office.url + path, is_phone=(number + turn) % 2 == 1)
        assert watched.page.url.partition("#")[0] == office.url + path
        assert watched.page.locator("html").get_attribute("dir") == direction, path
    assert watched.faults() == []
    context.close()


@pytest.mark.parametrize(("language", "is_phone"), [("en", True), ("ar", False)])
def test_nothing_stands_in_the_way_of_strangers(house: House, browser: Browser, language: str, is_phone: bool) -> None:
    office = house.office
    context = browser.new_context(reduced_motion="reduce", locale=language)
    watched = Watched(context.new_page())
    for path in house.open_paths:
        if path.endswith("/second"):
            _begin_to_sign_in(watched, office, f"tess-{language}")
        _look(watched, office.url + path, is_phone=is_phone)
        assert watched.page.url == office.url + path
        assert watched.page.locator("html").get_attribute("lang") == language, path
    assert watched.faults() == []
    context.close()


def _look(watched: Watched, address: str, *, is_phone: bool) -> None:
    page = watched.page
    own: ViewportSize = {"width": 390, "height": 844} if is_phone else {"width": 1280, "height": 900}
    page.set_viewport_size(own)
    page.emulate_media(color_scheme="dark" if is_phone else "light")
    answer = page.goto(address, wait_until="load")
    assert answer
    assert answer.status == 200, address
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    for size in ({"width": 820, "height": 1100}, own):
        page.set_viewport_size(size)
        assert watched.overflow() <= 0, address
    assert not watched.barriers(), address


def _begin_to_sign_in(watched: Watched, office: Office, local: str) -> None:
    """Give a password, so that the code of an authenticator is asked for."""
    user = office.person(local, "editor")
    secret = totp.offer(office.db, user, issuer="Tolk").secret
    now = datetime.now(UTC)
    totp.confirm(office.db, user, pyotp.TOTP(secret).at(now), now=now)
    watched.page.goto(f"{office.url}/admin/sign-in")
    watched.page.locator('input[name="email"]').fill(f"{local}@example.org")
    watched.page.locator('input[name="password"]').fill(PASSWORD)
    watched.page.keyboard.press("Enter")
    watched.page.wait_for_url("**/second")
