"""The least that is valid of each content type, and the short way from there to what readers get."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from cms.content import revisions, saving, types
from cms.content.revisions import Revision
from cms.localize import segments, translations
from cms.localize.translations import Outcome
from cms.publish import documents, editions
from cms.publish.live import Edition
from cms.publish.refresh import drain
from cms.site import Site
from cms.store import Database

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
# The tests that use it translate by marking a text; what the checks would say of that is tested apart.
SITE = Site(name="Tolk", url="https://tolk.example", checks_translations=False)
BY = "tester"
# What the store holds, but for the full-text index, which each engine keeps in its own way.
TABLES = (
    "entry", "revision", "translation", "suggestion", "waiver", "edition", "slug", "document", "reference", "pending",
    "event", "schedule", "currency", "signature", "signing_key",
)  # fmt: skip

Content = dict[str, Any]


def later(**passed: float) -> datetime:
    """Return a moment after NOW: `later(days=1)`."""
    return NOW + timedelta(**passed)


def an_article(**fields: Any) -> Content:
    return {"title": "Door je rug gaan", "body": [a_paragraph()], **fields}


def an_author(**fields: Any) -> Content:
    return {"name": "Jos Kooistra", **fields}


def a_clinic(**fields: Any) -> Content:
    return {"name": "Fysiogroep Waterland", **fields}


def a_topic(**fields: Any) -> Content:
    return {"title": "Rugpijn", **fields}


def a_paragraph(text: str = "Blijf bewegen.", id: str = "b1", **fields: Any) -> Content:
    return {"id": id, "type": "paragraph", "text": text, **fields}


LEAST = {"article": an_article, "author": an_author, "clinic": a_clinic, "topic": a_topic}


def create(db: Database, type_name: str, *, now: datetime = NOW, entry: str = "", **fields: Any) -> str:
    """Create an entry with the least content and these fields; return its id."""
    content = LEAST[type_name](**fields)
    return saving.create(db, type_name, content, by=BY, now=now, entry=entry).id


def save(db: Database, entry: str, *, now: datetime = NOW, update_type: str = "major", **fields: Any) -> Revision:
    """Save the newest revision with these fields changed; None takes a field away."""
    newest = revisions.latest(db, entry)
    content = {name: value for name, value in {**newest.content, **fields}.items() if value is not None}
    return saving.save(db, entry, content, based_on=newest.number, by=BY, now=now, update_type=update_type).revision


def publish(
    db: Database, entry: str, locale: str = "nl", *, now: datetime = NOW, site: Site = SITE, **options: Any
) -> Edition:
    """Publish, and render what waits for it, as all who publish do in the end."""
    edition = editions.publish(db, entry, locale, by=BY, now=now, site=site, **options)
    drain(db, site, now)
    return edition


def unpublish(db: Database, entry: str, locale: str = "nl", *, now: datetime = NOW, site: Site = SITE) -> list[Edition]:
    """Unpublish, and render what waits for it."""
    ended = editions.unpublish(db, entry, locale, by=BY, now=now, site=site)
    drain(db, site, now)
    return ended


def withdraw(
    db: Database, entry: str, *, now: datetime = NOW, site: Site = SITE, explanation: str = "Fout.", **options: Any
) -> list[Edition]:
    """Withdraw, and render what waits for it."""
    ended = editions.withdraw(db, entry, explanation=explanation, by=BY, now=now, site=site, **options)
    drain(db, site, now)
    return ended


def published(
    db: Database, type_name: str, *, now: datetime = NOW, site: Site = SITE, entry: str = "", **fields: Any
) -> str:
    """Create and publish an entry; an article that names nobody gets an author, who is published too."""
    if type_name == "article" and not fields.keys() & {"authors", "clinics"}:
        fields["authors"] = [published(db, "author", now=now, site=site)]
    entry = create(db, type_name, now=now, entry=entry, **fields)
    publish(db, entry, now=now, site=site)
    return entry


def translate(
    db: Database, entry: str, locale: str = "en", texts: Mapping[str, str] | None = None, *,
    now: datetime = NOW, state: str = "approved", origin: str = "human", revision: int = 0,
    checks: bool = SITE.checks_translations,
) -> dict[str, Outcome]:  # fmt: skip
    """Save these translations, or one for every segment: `[en] ` and the source text."""
    if texts is None:
        texts = {segment.path: f"[{locale}] {segment.source}" for segment in cut(db, entry)}
    # An older text of the same path may have a translation of its own, saved later than this one's.
    hashes = {segment.path: segment.source_hash for segment in cut(db, entry, revision)}
    standing = {(each.path, each.source_hash): each.text for each in translations.working(db, entry, locale)}
    seen = {path: standing.get((path, hashes.get(path, "")), "") for path in texts}
    return translations.save(
        db, entry, locale, texts,
        by=BY, now=now, state=state, origin=origin, revision=revision, seen=seen, checks=checks,
    )  # fmt: skip


def cut(db: Database, entry: str, revision: int = 0) -> list[segments.Segment]:
    """Return the segments of a revision, the newest where none is given."""
    kind = db.table("entry").get(entry)["type"]
    found = revisions.get(db, entry, revision) if revision else revisions.latest(db, entry)
    return segments.cut(types.find(kind), found.content)


def document(db: Database, handle: str, locale: str = "nl", type_name: str = "article") -> Content:
    """Return what is served at an address as JSON values; fails where nothing is."""
    found = documents.read(db, locale, type_name, handle)
    assert found, f"nothing is served at {locale}/{type_name}/{handle}"
    return dict(orjson.loads(found.body))


def event_types(db: Database, entry: str = "", since: int = 0) -> list[str]:
    """Return the types of the events after `since`, of one entry or of all, in their order."""
    return [row["type"] for row in events(db, since) if entry in ("", row["entry"])]


def events(db: Database, since: int = 0) -> Iterator[dict[str, Any]]:
    return db.table("event").rows_where("seq > ?", [since], order_by="seq")


def everything(db: Database) -> dict[str, list[dict[str, Any]]]:
    """Return all rows of all tables, to see whether anything changed."""
    return {name: rows(db, name) for name in TABLES}


def rows(db: Database, table: str) -> list[dict[str, Any]]:
    """Return all rows of a table, in the order of its primary key."""
    return list(db.table(table).rows_where(order_by=", ".join(db.table(table).pks)))


def texts(block: Any) -> Iterator[str]:
    """Yield every text that a reader sees of a document's block, as HTML or plain."""
    if isinstance(block, Mapping):
        for name, value in block.items():
            if name in ("html", "title", "question", "alt", "caption", "credit", "cite", "notice"):
                yield value
            elif name not in ("image", "clinic"):
                yield from texts(value)
    elif isinstance(block, list):
        for inner in block:
            yield from texts(inner)
