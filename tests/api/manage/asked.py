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
    return World(article, author, double, draft, spare, user.id, key.id, task.id, *offered, picture.id)


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
    "get_description": (lambda w: ("/openapi.json", {}), ("entry.read", A, "nl")),
}
# What a caller with the right to it may be answered with, where it is not simply done.
OTHERWISE = {
    "unarchive_entry": {409},  # it is not archived
    "waive_finding": {409},  # it is an error
    "estimate_machine": {404},  # there is none
    "ask_machine": {404},
    "import_translation": {422},
}
