"""The append-only ledger of schema changes. Columns are text, integer and bytes; it knows nothing of what they mean."""

from typing import Any

from sqlite_utils import Migrations

from cms.store import append_only, fulltext

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


@migrations()
def desk(db: Any) -> None:
    """What people who write and translate see at a glance, and what they have not saved yet."""
    db["entry"].add_column("archived_at", str, not_null_default="")
    db["touched"].create({"entry": str}, pk="entry")
    db["board"].create(
        {
            "entry": str,
            "type": str,
            "source_locale": str,
            "title": str,
            "title_key": str,
            "state": str,
            "is_live": int,
            "revision": int,
            "live_revision": int,
            "segments": int,
            "critical": int,
            "locales_stale": int,
            "locales_missing": int,
            "locales_critical": int,
            "locales_waiting": int,
            "changed_at": str,
            "changed_by": str,
            "review_due": str,
        },
        pk="entry",
        not_null={
            "type",
            "source_locale",
            "title",
            "title_key",
            "state",
            "is_live",
            "revision",
            "live_revision",
            "segments",
            "critical",
            "locales_stale",
            "locales_missing",
            "locales_critical",
            "locales_waiting",
            "changed_at",
            "changed_by",
            "review_due",
        },
        foreign_keys=[("entry", "entry", "id")],
    )
    for column in ("title_key", "changed_at", "review_due"):
        db["board"].create_index(["type", column, "entry"])
        db["board"].create_index([column, "entry"])
    db["board"].create_index(["is_live", "review_due", "entry", "type"])
    db["board"].create_index(["is_live", "type", "source_locale", "segments"])
    # All that is counted is in an index: ten thousand rows are not read to say how many there are.
    behind = ("stale", "missing", "critical", "waiting")
    counted = [
        "type",
        "state",
        "source_locale",
        "entry",
        "segments",
        "critical",
        *(f"locales_{name}" for name in behind),
    ]
    db["board"].create_index(counted, "idx_board_counted")
    db["board_locale"].create(
        {
            "entry": str,
            "locale": str,
            "type": str,
            "state": str,
            "is_live": int,
            "source_is_live": int,
            "total": int,
            "current": int,
            "stale": int,
            "missing": int,
            "waiting": int,
            "critical": int,
            "since": str,
            "changed_at": str,
        },
        pk=("entry", "locale"),
        not_null={
            "type",
            "state",
            "is_live",
            "source_is_live",
            "total",
            "current",
            "stale",
            "missing",
            "waiting",
            "critical",
            "since",
            "changed_at",
        },
        foreign_keys=[("entry", "entry", "id")],
    )
    db["board_locale"].create_index(["locale", "entry", "state", *behind], "idx_board_locale_counted")
    db["board_locale"].create_index(["locale", "missing", "source_is_live", "type", "total"])
    for name, columns in {
        "stale": ["stale", "is_live", "critical"],
        "critical": ["critical", "is_live"],
        "waiting": ["waiting"],
    }.items():
        db["board_locale"].create_index(["locale", *columns, "type", "since", "entry"], f"idx_board_locale_{name}")
    ready = ["locale", "state", "source_is_live", *behind[:2], "waiting", "type", "total", "changed_at", "entry"]
    db["board_locale"].create_index(ready, "idx_board_locale_ready")
    db["mention"].create({"entry": str, "field": str, "target": str}, pk=("entry", "field", "target"))
    db["mention"].create_index(["target", "field", "entry"])
    db["draft"].create(
        {
            "actor": str,
            "entry": str,
            "type": str,
            "content": str,
            "based_on": int,
            "kept_at": str,
        },
        pk=("actor", "entry"),
        not_null={"type", "content", "based_on", "kept_at"},
    )
    db["picture"].create(
        {
            "id": str,
            "hash": str,
            "src": str,
            "width": int,
            "height": int,
            "focus_x": int,
            "focus_y": int,
            "name": str,
            "renditions": str,
            "added_at": str,
            "added_by": str,
        },
        pk="id",
        not_null={
            "hash",
            "src",
            "width",
            "height",
            "focus_x",
            "focus_y",
            "name",
            "renditions",
            "added_at",
            "added_by",
        },
    )
    db["picture"].create_index(["src"], unique=True)
    db["picture"].create_index(["added_at", "id"])
    # What is there already is counted at the first look.
    db.execute("insert into touched (entry) select id from entry")


@migrations()
def people(db: Any) -> None:
    """Users and what they sign in with, keys, and the audit."""
    db["tolk_user"].create(
        {
            "id": str,
            "name": str,
            "email": str,
            "email_key": str,
            "roles": str,
            "locales": str,
            "language": str,
            "state": str,
            "password": str,
            "totp_secret": str,
            "totp_offered": str,
            "totp_step": int,
            "created_at": str,
            "last_seen_at": str,
        },
        pk="id",
        not_null={
            "name",
            "email",
            "email_key",
            "roles",
            "locales",
            "language",
            "state",
            "password",
            "totp_secret",
            "totp_offered",
            "totp_step",
            "created_at",
            "last_seen_at",
        },
    )
    db["tolk_user"].create_index(["email_key"], unique=True)
    db["session"].create(
        {
            "id": str,
            "token_hash": str,
            "person": str,
            "address": str,
            "agent": str,
            "opened_at": str,
            "seen_at": str,
        },
        pk="id",
        not_null={"token_hash", "person", "address", "agent", "opened_at", "seen_at"},
        foreign_keys=[("person", "tolk_user", "id")],
    )
    db["session"].create_index(["token_hash"], unique=True)
    db["session"].create_index(["person"])
    # No reference: a challenge to a passkey is made before it is known whose it is.
    db["one_time"].create(
        {
            "token_hash": str,
            "purpose": str,
            "person": str,
            "made_at": str,
            "expires_at": str,
        },
        pk="token_hash",
        not_null={"purpose", "person", "made_at", "expires_at"},
    )
    db["one_time"].create_index(["person"])
    db["one_time"].create_index(["expires_at"])
    db["recovery_code"].create(
        {"person": str, "code_hash": str, "made_at": str},
        pk=("person", "code_hash"),
        not_null={"made_at"},
        foreign_keys=[("person", "tolk_user", "id")],
    )
    db["passkey"].create(
        {
            "id": str,
            "person": str,
            "name": str,
            "public_key": bytes,
            "sign_count": int,
            "transports": str,
            "created_at": str,
            "last_used_at": str,
        },
        pk="id",
        not_null={"person", "name", "public_key", "sign_count", "transports", "created_at", "last_used_at"},
        foreign_keys=[("person", "tolk_user", "id")],
    )
    db["passkey"].create_index(["person"])
    db["attempt"].create(
        {"id": str, "subject": str, "at": str},
        pk="id",
        not_null={"subject", "at"},
    )
    db["attempt"].create_index(["subject", "at"])
    db["attempt"].create_index(["at"])
    db["api_key"].create(
        {
            "id": str,
            "prefix": str,
            "secret_hash": str,
            "name": str,
            "owner": str,
            "scopes": str,
            "created_at": str,
            "expires_at": str,
            "last_used_at": str,
            "last_address": str,
            "revoked_at": str,
        },
        pk="id",
        not_null={
            "prefix",
            "secret_hash",
            "name",
            "owner",
            "scopes",
            "created_at",
            "expires_at",
            "last_used_at",
            "last_address",
            "revoked_at",
        },
        foreign_keys=[("owner", "tolk_user", "id")],
    )
    db["api_key"].create_index(["prefix"], unique=True)
    db["audit"].create(
        {
            "seq": int,
            "at": str,
            "actor": str,
            "actor_name": str,
            "actor_kind": str,
            "address": str,
            "action": str,
            "entry": str,
            "type": str,
            "locale": str,
            "before": str,
            "after": str,
            "note": str,
        },
        pk="seq",
        not_null={
            "at",
            "actor",
            "actor_name",
            "actor_kind",
            "address",
            "action",
            "entry",
            "type",
            "locale",
            "before",
            "after",
            "note",
        },
    )
    for columns in (["actor"], ["actor", "action"], ["action"], ["entry"], ["at"]):
        db["audit"].create_index([*columns, "seq"])
    append_only.keep(db, "audit")


@migrations()
def own_secrets(db: Any) -> None:
    """What this installation signs with, made when it is first needed."""
    db["secret"].create({"name": str, "value": str}, pk="name", not_null={"value"})


@migrations()
def manage(db: Any) -> None:
    """What requests to the management API were answered with, for a day: asked again, they are answered the same."""
    db["answer"].create(
        {"id": str, "request": str, "answer": bytes, "made_at": str},
        pk="id",
        not_null={"request", "answer", "made_at"},
    )
    db["answer"].create_index(["made_at"])


@migrations()
def drafts_by_age(db: Any) -> None:
    """Find the drafts that nobody goes on with, without reading the rest."""
    db["draft"].create_index(["kept_at"])


@migrations()
def partners(db: Any) -> None:
    """Partners with their keys, pages and webhooks, what they were told and given, recalls, and what proves it."""

    def table(name: str, columns: dict[str, Any], pk: Any, foreign_keys: Any = ()) -> None:
        keys = (pk,) if isinstance(pk, str) else pk
        db[name].create(columns, pk=pk, not_null=set(columns) - set(keys), foreign_keys=list(foreign_keys))

    table(
        "partner",
        {
            "id": str,
            "name": str,
            "name_key": str,
            "state": str,
            "domains": str,
            "contacts": str,
            "locales": str,
            "types": str,
            "topics": str,
            "terms": str,
            "refresh_hours": int,
            "acknowledge_hours": int,
            "indexing": str,
            "position": int,
            "seen_at": str,
            "created_at": str,
            "created_by": str,
        },
        "id",
    )
    db["partner"].create_index(["name_key"], unique=True)
    table(
        "partner_key",
        {
            "id": str,
            "prefix": str,
            "secret_hash": str,
            "name": str,
            "partner": str,
            "created_at": str,
            "expires_at": str,
            "last_used_at": str,
            "last_address": str,
            "revoked_at": str,
        },
        "id",
        [("partner", "partner", "id")],
    )
    db["partner_key"].create_index(["prefix"], unique=True)
    db["partner_key"].create_index(["partner"])
    table(
        "partner_page",
        {"partner": str, "url": str, "entry": str, "locale": str, "added_at": str, "checked_at": str, "findings": str},
        ("partner", "url"),
        [("partner", "partner", "id")],
    )
    table(
        "partner_usage",
        {"day": str, "partner": str, "entry": str, "locale": str, "way": str, "count": int},
        ("day", "partner", "entry", "locale", "way"),
    )
    db["partner_usage"].create_index(["partner", "day"])
    db["partner_usage"].create_index(["entry", "day"])
    # What a partner was given of a document, until it is known to have something newer, or nothing.
    table(
        "holding",
        {
            "partner": str,
            "entry": str,
            "locale": str,
            "revision": int,
            "seq": int,
            "how": str,
            "since": str,
            "ended_at": str,
            "ended_how": str,
        },
        ("partner", "entry", "locale", "seq"),
        [("partner", "partner", "id")],
    )
    db["holding"].create_index(["partner", "ended_at", "seq"])
    db["holding"].create_index(["entry", "ended_at"])
    table(
        "webhook",
        {
            "id": str,
            "partner": str,
            "url": str,
            "events": str,
            "types": str,
            "locales": str,
            "topics": str,
            "secrets": str,
            "state": str,
            "reason": str,
            "not_before": str,
            "position": int,
            "created_at": str,
            "changed_at": str,
        },
        "id",
        [("partner", "partner", "id")],
    )
    db["webhook"].create_index(["partner"])
    db["webhook"].create_index(["state", "position"])
    table(
        "delivery",
        {
            "id": str,
            "webhook": str,
            "entry": str,
            "seq": int,
            "message": str,
            "type": str,
            "body": str,
            "state": str,
            "attempts": int,
            "next_at": str,
            "locked_until": str,
            "lease": str,
            "made_at": str,
            "settled_at": str,
        },
        "id",
        [("webhook", "webhook", "id")],
    )
    # Each webhook has its own queue, so that one that fails keeps no other waiting; within it each entry has its order.
    db["delivery"].create_index(["webhook", "state", "next_at", "seq"])
    db["delivery"].create_index(["webhook", "entry", "state", "seq"])
    db["delivery"].create_index(["webhook", "made_at"])
    table(
        "delivery_attempt",
        {"delivery": str, "number": int, "at": str, "took_ms": int, "status": int, "said": str, "error": str},
        ("delivery", "number"),
        [("delivery", "delivery", "id")],
    )
    table(
        "recall",
        {
            "id": str,
            "entry": str,
            "type": str,
            "title": str,
            "locales": str,
            "severity": str,
            "explanation": str,
            "replacement": str,
            "drill": int,
            "seq": int,
            "opened_at": str,
            "opened_by": str,
            "closed_at": str,
            "closed_by": str,
            "closed_why": str,
        },
        "id",
        [("entry", "entry", "id")],
    )
    db["recall"].create_index(["entry"])
    db["recall"].create_index(["closed_at", "opened_at"])
    table(
        "recall_partner",
        {
            "recall": str,
            "partner": str,
            "holds": str,
            "deadline_at": str,
            "acknowledged_at": str,
            "how": str,
            "applied_at": str,
            "places": str,
            "note": str,
            "reminded_at": str,
            "escalated_at": str,
        },
        ("recall", "partner"),
        [("recall", "recall", "id"), ("partner", "partner", "id")],
    )
    db["recall_partner"].create_index(["partner", "acknowledged_at"])
    table(
        "signing_key",
        {
            "id": str,
            "private_key": str,
            "public_key": str,
            "state": str,
            "created_at": str,
            "retired_at": str,
            "revoked_at": str,
        },
        "id",
    )
    # Every version that was ever served can be proved, whatever has become of its document.
    table(
        "signature",
        {
            "digest": str,
            "entry": str,
            "type": str,
            "locale": str,
            "revision": int,
            "status": int,
            "seq": int,
            "key": str,
            "input": str,
            "signature": str,
            "made_at": str,
        },
        "digest",
    )
    db["signature"].create_index(["entry", "locale", "seq"])
    table("currency", {"entry": str, "refresh_by": str, "review_state": str, "changes_at": str}, "entry")
    db["currency"].create_index(["refresh_by"])
    db["currency"].create_index(["changes_at"])
    db["currency"].create_index(["review_state", "entry"])
    # How far each reader of events has come.
    table("follower", {"name": str, "seq": int}, "name")
    for name, default in (("signature_input", ""), ("signature", "")):
        db["document"].add_column(name, str, not_null_default=default)


@migrations()
def in_review(db: Any) -> None:
    """How many texts were handed over for review, beside those that are drafts still."""
    db["board_locale"].add_column("in_review", int, not_null_default=0)
    columns = ["locale", "in_review", "type", "since", "entry"]
    db["board_locale"].create_index(columns, "idx_board_locale_in_review")
    db.execute("insert into touched (entry) select id from entry where true on conflict (entry) do nothing")
