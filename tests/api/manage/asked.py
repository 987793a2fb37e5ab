"""One request for each operation that a caller with the right to it is answered well, and the right that it takes."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from PIL import Image

from cms.content import revisions, saving, types
from cms.desk import pictures
from cms.localize import glossary, suggestions, translations
from cms.localize.glossary import Term
from cms.localize.segments import cut
from cms.partners import deliveries, pages, partner_keys, partners, recalls, webhooks
from cms.people import keys
from cms.people.rights import OPERATOR, Scopes
from cms.publish import schedule
from cms.store import write
from tests.api.manage.conftest import Bureau

TERM = {"source_locale": "nl", "target_locale": "tr", "source": "rug", "target": "sırt", "status": "preferred"}
CSV = "source_locale,target_locale,source,target,status\r\nnl,tr,nek,boyun,preferred\r\n"
# A body, or a file, or parameters beside the address.
Request = tuple[str, dict[str, Any]]


def a_picture() -> bytes:
    """Return a small PNG."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (10, 120, 90)).save(out, "PNG")
    return out.getvalue()


@dataclass(frozen=True)
class World:
    """What there is to ask about; the article is published in Dutch and Turkish."""

    article: str
    author: str
    double: str
    draft: str
    spare: str
    user: str
    key: str
    task: str
    suggestion: str
    refused: str
    picture: str
    partner: str
    partner_key: str
    spare_key: str
    webhook: str
    spare_webhook: str
    delivery: str
    recall: str
    open_recall: str


def make(bureau: Bureau) -> World:
    """Fill a site."""
    db, site, now = bureau.desk.db, bureau.desk.settings.site, datetime.now(UTC)
    author = bureau.desk.publish("author", {"name": "Jos Kooistra"}, now)
    double = saving.create(db, "author", {"name": "J. Kooistra"}, by="eva", now=now).id
    article = bureau.desk.article(now, authors=[author])
    draft = saving.create(db, "article", {"title": "Nog niet af"}, by="eva", now=now).id
    spare = saving.create(db, "article", {"title": "Niet meer nodig"}, by="eva", now=now).id
    content = revisions.latest(db, article).content
    segments = list(cut(types.find("article"), content))
    texts = {segment.path: f"{segment.source} [tr]" for segment in segments}
    translations.save(db, article, "tr", texts, by="tuba", now=now, checks=False)
    bureau.desk.publish_again(article, now, "tr")
    changed = {"title": "Boyun tutulması"}
    translations.save(db, article, "tr", changed, by="tuba", now=now, state="needs_review", seen=texts)
    with write(db):
        suggestions.offer(db, article, "tr", segments[0], "Tutuk boyun", origin="machine", by="deepl", now=now)
        suggestions.offer(db, article, "tr", segments[1], "Yürüyün.", origin="machine", by="deepl", now=now)
    user = bureau.person("vera", "editor")
    key, _ = keys.make(db, name="old", owner=user.id, scopes=Scopes(frozenset({"*"})), now=now)
    task = schedule.ask(db, article, "tr", "unpublish", now + timedelta(days=2), by="eva", now=now, site=site)
    glossary.add(db, [Term(**TERM)])
    folder = bureau.desk.settings.media_dir
    folder.mkdir(parents=True, exist_ok=True)
    picture = pictures.add(db, OPERATOR, a_picture(), "a.png", media_dir=folder, now=now)
    offered = [each.id for each in sorted(suggestions.open_for(db, article, "tr"), key=lambda each: each.path)[::-1]]
    partner = partners.add(db, site, name="RugNetwerk", domains=["rug.example"], by="piet", now=now).id
    others = [partner_keys.make(db, partner=partner, name=name, now=now)[0].id for name in ("een", "twee")]
    hooks = [webhooks.add(db, partner, url=f"https://rug.example/{name}", now=now)[0].id for name in ("tolk", "oud")]
    delivery = deliveries.ping(db, hooks[0], now=now).id
    pages.put(db, site, partner, url="https://rug.example/nek", entry=article, locale="tr", now=now)
    drills = [recalls.drill(db, article, explanation="Oefening.", by="piet", now=now).id for _ in range(2)]
    made = (article, author, double, draft, spare, user.id, key.id, task.id, *offered, picture.id)
    return World(*made, partner, *others, *hooks, delivery, *drills)


def based(revision: int = 1, **more: Any) -> dict[str, Any]:
    """Return a request that is based on a revision."""
    return {"headers": {"If-Match": f'"r{revision}"'}, **more}


def _due() -> str:
    return (datetime.now(UTC) + timedelta(days=1)).isoformat()


def _here(world: World, rest: str = "") -> str:
    return f"/entries/{world.article}/locales/tr{rest}"


A = "article"
# By name: how it is asked, and the right that it takes, for which type and in which language.
ASKED: dict[str, tuple[Callable[[World], Request], tuple[str, str, str]]] = {
    "list_entries": (lambda w: ("/entries?type=article", {}), ("entry.read", A, "nl")),
    "create_entry": (
        lambda w: ("/entries", {"json": {"type": "article", "content": {"title": "Knie"}}}),
        ("entry.create", A, "nl"),
    ),
    "get_entry": (lambda w: (f"/entries/{w.article}", {}), ("entry.read", A, "nl")),
    "save_entry": (
        lambda w: (f"/entries/{w.draft}", based(json={"content": {"title": "Af"}, "note": "klaar"})),
        ("entry.save", A, "nl"),
    ),
    "archive_entry": (lambda w: (f"/entries/{w.spare}/archive", based()), ("entry.archive", A, "nl")),
    "unarchive_entry": (lambda w: (f"/entries/{w.spare}/unarchive", based()), ("entry.archive", A, "nl")),
    "merge_entry": (
        lambda w: (f"/entries/{w.author}/merge", based(json={"duplicate": w.double})),
        ("entry.merge", "author", "nl"),
    ),
    "review_entry": (
        lambda w: (
            f"/entries/{w.article}/review",
            based(json={"reviewer": w.double, "role": "medical", "date": "2026-11-01", "review_due": "2028-11-01"}),
        ),
        ("entry.review", A, "nl"),
    ),
    "list_uses": (lambda w: (f"/entries/{w.author}/uses", {}), ("entry.read", "author", "nl")),
    "list_revisions": (lambda w: (f"/entries/{w.article}/revisions", {}), ("entry.read", A, "nl")),
    "get_revision": (lambda w: (f"/entries/{w.article}/revisions/1", {}), ("entry.read", A, "nl")),
    "list_changes": (lambda w: (f"/entries/{w.article}/revisions/1/changes", {}), ("entry.read", A, "nl")),
    "restore_revision": (lambda w: (f"/entries/{w.article}/revisions/1/restore", based()), ("entry.save", A, "nl")),
    "preview_entry": (lambda w: (f"/entries/{w.article}/preview/tr?drafts=true", {}), ("translation.read", A, "tr")),
    "link_preview": (
        lambda w: (f"/entries/{w.article}/preview/tr/links", {"json": {"hours": 2}}),
        ("translation.read", A, "tr"),
    ),
    "import_text": (
        lambda w: ("/imports", {"json": {"text": "Pijn in de knie\n\nVaak gaat het vanzelf over.\n\nBlijf bewegen."}}),
        ("entry.import", A, "nl"),
    ),
    "read_blocks": (lambda w: ("/imports/blocks", {"json": {"html": "<p>Rust.</p>"}}), ("entry.import", A, "nl")),
    "list_locales": (lambda w: (f"/entries/{w.article}/locales", {}), ("entry.read", A, "nl")),
    "list_blockers": (lambda w: (_here(w, "/blockers"), {}), ("translation.read", A, "tr")),
    "publish_entry": (lambda w: (_here(w, "/publish"), based()), ("translation.publish", A, "tr")),
    "unpublish_entry": (lambda w: (_here(w, "/unpublish"), {}), ("translation.unpublish", A, "tr")),
    "withdraw_entry": (
        lambda w: (f"/entries/{w.article}/withdraw", {"json": {"explanation": "Het klopt niet."}}),
        ("entry.withdraw", A, "nl"),
    ),
    "list_tasks": (lambda w: (f"/tasks?entry={w.article}", {}), ("entry.read", A, "nl")),
    "schedule_entry": (
        lambda w: (_here(w, "/tasks"), {"json": {"action": "publish", "due_at": _due()}}),
        ("entry.schedule", A, "tr"),
    ),
    "cancel_task": (lambda w: (f"/tasks/{w.task}", {}), ("entry.schedule", A, "tr")),
    "get_translation": (lambda w: (_here(w), {}), ("translation.read", A, "tr")),
    "save_segments": (
        lambda w: (
            _here(w, "/segments"),
            {"json": {"texts": {"title": "Tutuk boyun"}, "seen": {"title": "Boyun tutulması"}}},
        ),
        ("translation.save", A, "tr"),
    ),
    "check_texts": (
        lambda w: (_here(w, "/checks"), {"json": {"texts": {"title": "Stijve nek"}}}),
        ("translation.read", A, "tr"),
    ),
    "approve_segments": (
        lambda w: (_here(w, "/approve"), {"json": {"paths": ["title"]}}),
        ("translation.approve", A, "tr"),
    ),
    "waive_finding": (
        lambda w: (
            _here(w, "/waive"),
            {"json": {"path": "body.b1.text", "code": "untranslated", "reason": "Het klopt zo."}},
        ),
        ("translation.waive", A, "tr"),
    ),
    "list_offers": (lambda w: (_here(w, "/offers?path=title"), {}), ("translation.read", A, "tr")),
    "accept_suggestion": (
        lambda w: (_here(w, f"/suggestions/{w.suggestion}/accept"), {"json": {"seen": "Boyun tutulması"}}),
        ("translation.save", A, "tr"),
    ),
    "dismiss_suggestion": (lambda w: (_here(w, f"/suggestions/{w.refused}"), {}), ("translation.save", A, "tr")),
    "estimate_machine": (lambda w: (_here(w, "/machine"), {}), ("translation.machine", A, "tr")),
    "ask_machine": (lambda w: (_here(w, "/machine"), {}), ("translation.machine", A, "tr")),
    "export_translation": (lambda w: (_here(w, "/file?format=po"), {}), ("translation.export", A, "tr")),
    "import_translation": (
        lambda w: (
            _here(w, "/file?dry_run=true"),
            {
                "data": f"entry,path,source,target\r\n{w.article},title,Stijve nek,Tutuk boyun\r\n",
                "content_type": "text/csv",
            },
        ),
        ("translation.import", A, "tr"),
    ),
    "list_terms": (lambda w: ("/glossary?target_locale=tr", {}), ("translation.read", "", "tr")),
    "add_term": (
        lambda w: ("/glossary", {"json": {**TERM, "source": "knie", "target": "diz"}}),
        ("glossary.save", "", "tr"),
    ),
    "change_term": (
        lambda w: (
            "/glossary",
            {
                "json": {
                    "instead_of": {name: TERM[name] for name in ("source_locale", "target_locale", "source", "target")},
                    "term": {**TERM, "note": "altijd"},
                }
            },
        ),
        ("glossary.save", "", "tr"),
    ),
    "remove_term": (
        lambda w: ("/glossary?source_locale=nl&target_locale=tr&source=rug&target=sırt", {}),
        ("glossary.save", "", "tr"),
    ),
    "export_terms": (lambda w: ("/glossary/file?target_locale=tr", {}), ("translation.read", "", "tr")),
    "import_terms": (
        lambda w: ("/glossary/file", {"data": CSV, "content_type": "text/csv"}),
        ("glossary.save", "", "tr"),
    ),
    "list_pictures": (lambda w: ("/pictures", {}), ("entry.read", A, "nl")),
    "add_picture": (
        lambda w: ("/pictures?focus_x=40", {"data": a_picture(), "content_type": "image/png"}),
        ("picture.upload", "", ""),
    ),
    "get_picture": (lambda w: (f"/pictures/{w.picture}", {}), ("entry.read", A, "nl")),
    "focus_picture": (
        lambda w: (f"/pictures/{w.picture}", {"json": {"focus_x": 10, "focus_y": 20}}),
        ("picture.upload", "", ""),
    ),
    "get_todo": (lambda w: ("/todo", {}), ("entry.read", A, "nl")),
    "list_users": (lambda w: ("/users", {}), ("people.manage", "", "")),
    "add_user": (
        lambda w: ("/users", {"json": {"name": "Nieuw", "email": "nieuw@example.org", "roles": ["editor"]}}),
        ("people.manage", "", ""),
    ),
    "get_user": (lambda w: (f"/users/{w.user}", {}), ("people.manage", "", "")),
    "change_user": (lambda w: (f"/users/{w.user}", {"json": {"name": "Vera Vos"}}), ("people.manage", "", "")),
    "reset_password": (lambda w: (f"/users/{w.user}/password", {}), ("people.manage", "", "")),
    "reset_second_factor": (lambda w: (f"/users/{w.user}/second-factor", {}), ("people.manage", "", "")),
    "get_self": (lambda w: ("/key", {}), ("entry.read", A, "nl")),
    "list_keys": (lambda w: ("/keys", {}), ("keys.manage", "", "")),
    "make_key": (
        lambda w: ("/keys", {"json": {"name": "een", "owner": w.user, "scopes": {"actions": ["entry.read"]}}}),
        ("keys.manage", "", ""),
    ),
    "get_key": (lambda w: (f"/keys/{w.key}", {}), ("keys.manage", "", "")),
    "revoke_key": (lambda w: (f"/keys/{w.key}", {}), ("keys.manage", "", "")),
    "list_audit": (lambda w: ("/audit?action=entry.save", {}), ("audit.read", "", "")),
    "export_audit": (lambda w: ("/audit/file", {}), ("audit.read", "", "")),
    "list_partners": (lambda w: ("/partners", {}), ("partners.manage", "", "")),
    "add_partner": (
        lambda w: ("/partners", {"json": {"name": "Knienetwerk", "contacts": ["a@knie.example"]}}),
        ("partners.manage", "", ""),
    ),
    "get_partner": (lambda w: (f"/partners/{w.partner}", {}), ("partners.manage", "", "")),
    "change_partner": (
        lambda w: (f"/partners/{w.partner}", {"json": {"refresh_hours": 24}}),
        ("partners.manage", "", ""),
    ),
    "suspend_partner": (lambda w: (f"/partners/{w.partner}/suspend", {}), ("partners.manage", "", "")),
    "resume_partner": (lambda w: (f"/partners/{w.partner}/resume", {}), ("partners.manage", "", "")),
    "list_partner_keys": (lambda w: (f"/partners/{w.partner}/keys", {}), ("partners.manage", "", "")),
    "make_partner_key": (
        lambda w: (f"/partners/{w.partner}/keys", {"json": {"name": "drie"}}),
        ("partners.manage", "", ""),
    ),
    "revoke_partner_key": (lambda w: (f"/partner-keys/{w.spare_key}", {}), ("partners.manage", "", "")),
    "list_partner_pages": (lambda w: (f"/partners/{w.partner}/pages", {}), ("partners.manage", "", "")),
    "put_partner_page": (
        lambda w: (
            f"/partners/{w.partner}/pages",
            {"json": {"url": "https://rug.example/b", "entry": w.article, "locale": "nl"}},
        ),
        ("partners.manage", "", ""),
    ),
    "remove_partner_page": (
        lambda w: (f"/partners/{w.partner}/pages?url=https://rug.example/nek", {}),
        ("partners.manage", "", ""),
    ),
    "check_partner_pages": (lambda w: (f"/partners/{w.partner}/conformance", {}), ("partners.manage", "", "")),
    "list_partner_usage": (
        lambda w: (f"/partners/{w.partner}/usage?since=2026-01-01", {}),
        ("partners.manage", "", ""),
    ),
    "list_partner_holdings": (lambda w: (f"/partners/{w.partner}/holdings", {}), ("partners.manage", "", "")),
    "list_holders": (lambda w: (f"/entries/{w.article}/holders?revision=1", {}), ("partners.manage", "", "")),
    "list_webhooks": (lambda w: (f"/partners/{w.partner}/webhooks", {}), ("partners.manage", "", "")),
    "add_webhook": (
        lambda w: (f"/partners/{w.partner}/webhooks", {"json": {"url": "https://rug.example/nieuw"}}),
        ("partners.manage", "", ""),
    ),
    "get_webhook": (lambda w: (f"/webhooks/{w.webhook}", {}), ("partners.manage", "", "")),
    "change_webhook": (
        lambda w: (f"/webhooks/{w.webhook}", {"json": {"events": ["edition.withdrawn"]}}),
        ("partners.manage", "", ""),
    ),
    "rotate_webhook": (
        lambda w: (f"/webhooks/{w.webhook}/rotate", {"json": {"hours": 2}}),
        ("partners.manage", "", ""),
    ),
    "disable_webhook": (lambda w: (f"/webhooks/{w.webhook}/disable", {}), ("partners.manage", "", "")),
    "enable_webhook": (lambda w: (f"/webhooks/{w.webhook}/enable", {}), ("partners.manage", "", "")),
    "ping_webhook": (lambda w: (f"/webhooks/{w.webhook}/ping", {}), ("partners.manage", "", "")),
    "remove_webhook": (lambda w: (f"/webhooks/{w.spare_webhook}", {}), ("partners.manage", "", "")),
    "list_deliveries": (lambda w: (f"/webhooks/{w.webhook}/deliveries?state=waiting", {}), ("partners.manage", "", "")),
    "get_delivery": (lambda w: (f"/deliveries/{w.delivery}", {}), ("partners.manage", "", "")),
    "replay_delivery": (lambda w: (f"/deliveries/{w.delivery}/replay", {}), ("partners.manage", "", "")),
    "list_recalls": (lambda w: ("/recalls?open=true", {}), ("recall.manage", "", "nl")),
    "begin_drill": (
        lambda w: ("/recalls", {"json": {"entry": w.article, "explanation": "Nog een."}}),
        ("recall.manage", A, "nl"),
    ),
    "get_recall": (lambda w: (f"/recalls/{w.recall}", {}), ("recall.manage", "", "nl")),
    "note_acknowledgement": (
        lambda w: (f"/recalls/{w.recall}/acknowledgements", {"json": {"partner": w.partner, "note": "Gebeld."}}),
        ("recall.manage", A, "nl"),
    ),
    "close_recall": (
        lambda w: (f"/recalls/{w.open_recall}/close", {"json": {"why": "Klaar."}}),
        ("recall.manage", A, "nl"),
    ),
    "get_description": (lambda w: ("/openapi.json", {}), ("entry.read", A, "nl")),
}
# What a caller with the right to it may be answered with, where it is not simply done.
OTHERWISE = {
    "unarchive_entry": {409},  # it is not archived
    "waive_finding": {409},  # it is an error
    "estimate_machine": {404},  # there is none
    "ask_machine": {404},
    "import_translation": {422},
    "replay_delivery": {409},  # it waits still
    "close_recall": {409},  # somebody of the test's has closed it
}
