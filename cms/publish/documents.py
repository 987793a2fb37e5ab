"""Documents: finished bytes, put and read. They are disposable: `refresh` makes them again from rows at any time.

What proves them (RFC 9421) is put beside them.
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from cms.content import types
from cms.content.fields import Blocks
from cms.content.types import Type
from cms.publish import search
from cms.publish.currency import EXPIRED
from cms.publish.events import Told
from cms.publish.signing_keys import Signer
from cms.store import Database

ENTRY_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LIVE, MOVED, GONE = 200, 301, 410
LONGEST_KEY = 200
STANDING = (
    "locale, type, slug, entry, status, seq, etag, updated_at, location, title_key, freshness, published_at,"
    " modified_at, content_changed_at, last_reviewed, review_due, body"
)

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Document:
    """What is served at one address: 200 with `body`, 301 to the slug in `location`, or 410 with `body`.

    `updated_at` is when this text came to be served, whatever clock the content itself tells. What proves the bytes
    (RFC 9421) is empty where they were made before there were keys.
    """

    entry: str
    slug: str
    status: int
    seq: int
    etag: str
    updated_at: str
    location: str
    body: bytes
    signature_input: str = ""
    signature: str = ""


def freeze(value: Mapping[str, Any]) -> bytes:
    """Return canonical JSON: keys sorted, UTF-8, no white space."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def etag(body: bytes) -> str:
    """Return the strong ETag of a document: the SHA-256 of its bytes, as hex."""
    return hashlib.sha256(body).hexdigest()


def read(db: Database, locale: str, type_name: str, handle: str) -> Document | None:
    """Return what stands under a slug or an entry id in a locale, in one statement."""
    columns = "entry, slug, status, seq, etag, updated_at, location, body, signature_input, signature"
    if ENTRY_ID.fullmatch(handle):
        rows = db.query(
            f"select {columns} from document where entry = ? and locale = ? and type = ? and status <> 301",
            (handle, locale, type_name),
        )
    else:
        rows = db.query(
            f"select {columns} from document where locale = ? and type = ? and slug = ?",
            (locale, type_name, handle),
        )
    for row in rows:
        return Document(**row)
    return None


def known_as(db: Database, type_name: str, handle: str) -> str:
    """Return the id of the entry that the handle names in any locale, or an empty text.

    The id of an entry that was merged into another is one of the names of that other.
    """
    rows = db.query(
        "select entry from slug where type = ? and slug = ? order by since, locale limit 1",
        [type_name, handle],
    )
    return next((str(row["entry"]) for row in rows), handle if ENTRY_ID.fullmatch(handle) else "")


def slugs(db: Database, type_name: str, entry: str) -> dict[str, str]:
    """Return the slug of an entry in each locale in which it is live."""
    rows = db.query(
        "select locale, slug from document where entry = ? and type = ? and status = 200 order by locale",
        [entry, type_name],
    )
    return {row["locale"]: row["slug"] for row in rows}


def any_url(db: Database) -> str:
    """Return the address that some live document gives as its own, an empty text where there is none."""
    for row in db.query("select brief from document where status = 200 limit 1"):
        return str(orjson.loads(row["brief"])["url"])
    return ""


def standing(db: Database, entry: str, locales: Collection[str]) -> dict[str, Row]:
    """Return what is served of an entry in each of these locales where something is: the row, but for its brief."""
    if not locales:
        return {}
    marks = ", ".join("?" for _ in locales)
    rows = db.query(
        f"select {STANDING} from document where entry = ? and locale in ({marks}) and status <> 301",
        [entry, *locales],
    )
    return {row["locale"]: row for row in rows}


def addresses(db: Database, entry: str, locales: Collection[str]) -> dict[str, list[str]]:
    """Return every slug that an entry has or had in each of these locales."""
    marks = ", ".join("?" for _ in locales)
    found: dict[str, list[str]] = {locale: [] for locale in locales}
    rows = db.query(f"select locale, slug from slug where entry = ? and locale in ({marks})", [entry, *locales])
    for row in rows:
        found[row["locale"]].append(row["slug"])
    return found


def put(
    db: Database,
    document: Mapping[str, Any],
    body: bytes,
    status: int,
    told: Told,
    *,
    signer: Signer,
    before: Row | None,
    slugs: Collection[str],
    afresh: bool = False,
) -> None:
    """Store a document, frozen as `body` and signed, and send its earlier slugs there; an older write never wins.

    `before` is what stands there now, `slugs` every slug that the entry has or had there. What has the words that
    it had is left as it stands in the search index, unless it shall be made afresh.
    """
    if before and before["seq"] > told.seq:
        return
    locale, kind = document["locale"], types.find(document.get("entry_type") or document["type"])
    entry = document["id"]
    signed = signer.sign(
        entry, kind.name, locale, revision=document["version"], status=status, told=told, afresh=afresh
    )
    row = {
        "locale": locale,
        "type": kind.name,
        "slug": document["slug"],
        "entry": entry,
        "status": status,
        "seq": told.seq,
        "etag": told.etag,
        "updated_at": told.changed_at or told.at,
        "location": "",
        "body": body,
        "signature_input": signed.input,
        "signature": signed.signature,
        **_listing(kind, document, status),
    }
    earlier = [slug for slug in slugs if slug != row["slug"]]
    if before and not afresh and not earlier and row["slug"] == before["slug"]:
        # Most of what lists are sorted by stays as it was, and so do their indexes.
        changes = {name: value for name, value in row.items() if name not in before or before[name] != value}
        db.table("document").update((locale, kind.name, row["slug"]), changes)
    else:
        db.table("document").delete_where("entry = ? and locale = ?", [entry, locale])
        db.table("document").insert(row)
        for slug in earlier:
            moved = {"slug": slug, "status": MOVED, "location": row["slug"], "body": b"", "brief": b""}
            db.table("document").insert({**row, **moved, "signature_input": "", "signature": ""})
    words = search.fields_of(kind)
    if status != LIVE or document["review_state"] == EXPIRED:
        search.unindex(db, locale, entry)
    elif afresh or not before or not _says_the_same(before, document, words):
        search.index(db, document, words)


def remove(db: Database, entry: str, locale: str) -> None:
    """Take away all that is served of an entry in a locale."""
    db.table("document").delete_where("entry = ? and locale = ?", [entry, locale])
    search.unindex(db, locale, entry)


def _says_the_same(before: Row, document: Mapping[str, Any], words: Mapping[str, str]) -> bool:
    if before["status"] != LIVE:
        return False
    old = orjson.loads(before["body"])
    if old.get("review_state") == EXPIRED:  # It was not to be found then.
        return False
    if all(old.get(name) == document.get(name) for name in {path.partition(".")[0] for path in words}):
        return True
    return search.collect(old, words) == search.collect(document, words)


def _listing(kind: Type, document: Mapping[str, Any], status: int) -> dict[str, Any]:
    if status != LIVE:
        blank = dict.fromkeys(("title_key", "freshness", "published_at", "content_changed_at"), "")
        dates = {"last_reviewed": "", "review_due": "", "modified_at": document["withdrawn_at"]}
        return {**blank, **dates, "brief": b""}
    left_out = {
        name for name, field in kind.schema.fields.items() if isinstance(field, Blocks) or field.metadata.get("full")
    }
    return {
        "modified_at": document["modified_at"],
        "brief": freeze({name: value for name, value in document.items() if name not in left_out}),
        "title_key": sort_key(document[kind.title]),
        "freshness": document["translation"]["freshness"],
        "published_at": document["published_at"],
        "content_changed_at": document["content_changed_at"],
        "last_reviewed": document.get("last_reviewed") or "",
        "review_due": document.get("review_due") or "",
    }


def sort_key(title: str) -> str:
    """Return by what a title is sorted and sought: without case and accents."""
    parts = unicodedata.normalize("NFKD", title.casefold())
    # PostgreSQL's indexes take some 2,700 bytes a row.
    return "".join(part for part in parts if not unicodedata.combining(part))[:LONGEST_KEY]
