"""The append-only ledger of schema changes. Columns are text, integer and bytes; it knows nothing of what they mean."""

from typing import Any

from sqlite_utils import Migrations

from cms.store import fulltext

migrations = Migrations("tolk")


@migrations()
def content(db: Any) -> None:
    """Entries and their immutable revisions."""
    db["entry"].create(
        {
            "id": str,
            "type": str,
            "source_locale": str,
            "latest": int,
            "created_at": str,
            "created_by": str,
        },
        pk="id",
        not_null={"type", "source_locale", "latest", "created_at", "created_by"},
    )
    db["entry"].create_index(["type", "created_at"])
    db["revision"].create(
        {
            "entry": str,
            "number": int,
            "content": str,
            "content_hash": str,
            "based_on": int,
            "update_type": str,
            "note": str,
            "content_changed_at": str,
            "saved_at": str,
            "saved_by": str,
        },
        pk=("entry", "number"),
        not_null={
            "content",
            "content_hash",
            "based_on",
            "update_type",
            "note",
            "content_changed_at",
            "saved_at",
            "saved_by",
        },
        foreign_keys=[("entry", "entry", "id")],
    )


@migrations()
def localize(db: Any) -> None:
    """What was translated, from which source text, in what state."""
    db["translation"].create(
        {
            "entry": str,
            "locale": str,
            "path": str,
            "source_hash": str,
            "approved": int,
            "source": str,
            "text": str,
            "state": str,
            "origin": str,
            "revision": int,
            "saved_at": str,
            "saved_by": str,
        },
        pk=("entry", "locale", "path", "source_hash", "approved"),
        not_null={"source", "text", "state", "origin", "revision", "saved_at", "saved_by"},
        foreign_keys=[("entry", "entry", "id")],
    )


@migrations()
def review(db: Any) -> None:
    """What is offered to translators, and which warnings a person has waived."""
    db["suggestion"].create(
        {
            "id": str,
            "entry": str,
            "locale": str,
            "path": str,
            "source_hash": str,
            "text": str,
            "origin": str,
            "why": str,
            "made_at": str,
            "made_by": str,
        },
        pk="id",
        not_null={"entry", "locale", "path", "source_hash", "text", "origin", "why", "made_at", "made_by"},
        foreign_keys=[("entry", "entry", "id")],
    )
    db["suggestion"].create_index(["entry", "locale"])
    db["waiver"].create(
        {
            "entry": str,
            "locale": str,
            "path": str,
            "source_hash": str,
            "text_hash": str,
            "code": str,
            "reason": str,
            "waived_at": str,
            "waived_by": str,
        },
        pk=("entry", "locale", "path", "source_hash", "text_hash", "code"),
        not_null={"reason", "waived_at", "waived_by"},
        foreign_keys=[("entry", "entry", "id")],
    )


@migrations()
def memory(db: Any) -> None:
    """What was translated before, and how terms are to be translated."""
    db["memory"].create(
        {
            "number": int,
            "source_locale": str,
            "target_locale": str,
            "source_hash": str,
            "target_hash": str,
            "source": str,
            "target": str,
            "entry": str,
            "path": str,
            "saved_at": str,
            "saved_by": str,
        },
        pk="number",
        not_null={
            "source_locale",
            "target_locale",
            "source_hash",
            "target_hash",
            "source",
            "target",
            "entry",
            "path",
            "saved_at",
            "saved_by",
        },
    )
    db["memory"].create_index(["source_locale", "target_locale", "source_hash", "target_hash"], unique=True)
    db["term"].create(
        {
            "id": str,
            "source_locale": str,
            "target_locale": str,
            "source": str,
            "target": str,
            "status": str,
            "note": str,
        },
        pk="id",
        not_null={"source_locale", "target_locale", "source", "target", "status", "note"},
    )
    db["term"].create_index(["source_locale", "target_locale"])


@migrations()
def publish(db: Any) -> None:
    """Editions, their documents and addresses, what embeds what, and what happened."""
    db["edition"].create(
        {
            "entry": str,
            "locale": str,
            "number": int,
            "type": str,
            "revision": int,
            "state": str,
            "slug": str,
            "update_type": str,
            "published_at": str,
            "since": str,
            "until": str,
            "published_by": str,
            "translated_from": int,
            "stale_since": str,
            "notice": str,
        },
        pk=("entry", "locale", "number"),
        not_null={
            "type",
            "revision",
            "state",
            "slug",
            "update_type",
            "published_at",
            "since",
            "until",
            "published_by",
            "translated_from",
            "stale_since",
            "notice",
        },
        foreign_keys=[("entry", "entry", "id")],
    )
    db["edition"].create_index(["entry", "until"])
    db["slug"].create(
        {"type": str, "locale": str, "slug": str, "entry": str, "since": str},
        pk=("type", "locale", "slug"),
        not_null={"entry", "since"},
        foreign_keys=[("entry", "entry", "id")],
    )
    db["slug"].create_index(["entry", "locale"])
    db["slug"].create_index(["slug", "type"])
    db["document"].create(
        {
            "locale": str,
            "type": str,
            "slug": str,
            "entry": str,
            "status": int,
            "seq": int,
            "etag": str,
            "updated_at": str,
            "location": str,
            "title_key": str,
            "freshness": str,
            "published_at": str,
            "modified_at": str,
            "content_changed_at": str,
            "last_reviewed": str,
            "review_due": str,
            # The long ones last: SQLite reads through what stands before a column.
            "brief": bytes,
            "body": bytes,
        },
        pk=("locale", "type", "slug"),
        not_null={
            "entry",
            "status",
            "seq",
            "etag",
            "updated_at",
            "location",
            "body",
            "brief",
            "title_key",
            "freshness",
            "published_at",
            "modified_at",
            "content_changed_at",
            "last_reviewed",
            "review_due",
        },
    )
    # One column more than the lists below share, or SQLite would walk a whole list to find one entry.
    db["document"].create_index(["entry", "locale", "type", "status"])
    db["document"].create_index(["locale", "type", "status", "freshness", "published_at", "entry"])
    for column in (
        "title_key",
        "published_at",
        "content_changed_at",
        "modified_at",
        "updated_at",
        "last_reviewed",
        "review_due",
    ):
        db["document"].create_index(["locale", "type", "status", column, "entry"])
    db["reference"].create(
        {"entry": str, "field": str, "target": str},
        pk=("entry", "field", "target"),
    )
    db["reference"].create_index(["target", "field", "entry"])
    db["pending"].create({"entry": str, "seq": int}, pk="entry", not_null={"seq"})
    db["pending"].create_index(["seq", "entry"])
    db["event"].create(
        {"seq": int, "id": str, "type": str, "entry": str, "locale": str, "data": str, "at": str},
        pk="seq",
        not_null={"id", "type", "entry", "locale", "data", "at"},
    )
    db["event"].create_index(["entry", "seq"])
    db["schedule"].create(
        {
            "id": str,
            "entry": str,
            "locale": str,
            "action": str,
            "due_at": str,
            "state": str,
            "asked_by": str,
            "asked_at": str,
            "settled_at": str,
            "outcome": str,
        },
        pk="id",
        not_null={
            "entry",
            "locale",
            "action",
            "due_at",
            "state",
            "asked_by",
            "asked_at",
            "settled_at",
            "outcome",
        },
        foreign_keys=[("entry", "entry", "id")],
    )
    db["schedule"].create_index(["state", "due_at"])


@migrations()
def search(db: Any) -> None:
    """The engine's own full-text index."""
    fulltext.create(db)
