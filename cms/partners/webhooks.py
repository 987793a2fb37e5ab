"""Webhooks: where a partner wants to be told, of what, and with which secrets that is signed. It sends nothing."""

import base64
import ipaddress
import secrets as randomness
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import orjson
from marshmallow import RAISE, Schema

from cms import locales as tags
from cms.content import types, validate
from cms.content.fields import Choice, Link, ListOf, Ref, Text
from cms.content.identity import new_id, stamp
from cms.errors import Invalid, NotFound, Problem, Refused
from cms.partners import partners
from cms.partners.messages import EVENTS, PING
from cms.partners.scopes import Scope
from cms.publish import events
from cms.store import Database, Row, write

ACTIVE, DISABLED = "active", "disabled"
# Why one is disabled: somebody asked for it; its server says that it is gone (410); it failed for three days.
ASKED, GONE, FAILING = "asked", "gone", "failing"
REASONS = (ASKED, GONE, FAILING)
MARK = "whsec_"
SECRET_BYTES = 32  # Standard Webhooks 1.0: 24 to 64
ROTATION = timedelta(hours=24)
MOST_HOURS = 168
MOST_WEBHOOKS = 20  # of a partner
DISABLED_EVENT = "webhook.disabled"

_LISTS = ("events", "types", "locales", "topics")


class _Given(Schema):
    """What somebody may say of a webhook."""

    class Meta:
        """Refuse what the schema does not name."""

        unknown = RAISE

    url = Link(required=True)
    events = ListOf(Choice(*EVENTS), maximum=len(EVENTS))
    types = ListOf(Text(max_length=80), maximum=100)
    locales = ListOf(Text(max_length=40), maximum=200)
    topics = ListOf(Ref("topic"), maximum=1_000)


_GIVEN = _Given()


@dataclass(frozen=True)
class Secret:
    """What a webhook's messages are signed with, until a moment where it has an end."""

    value: str
    until: str


@dataclass(frozen=True)
class Webhook:
    """An address that is told of events; no events, types, locales or topics means all that the partner may have.

    `state` is active or disabled, `reason` one of REASONS where it is. Its server asked to be left alone until
    `not_before`. `position` is the last event looked at for it.
    """

    id: str
    partner: str
    url: str
    events: tuple[str, ...]
    types: tuple[str, ...]
    locales: tuple[str, ...]
    topics: tuple[str, ...]
    secrets: tuple[Secret, ...] = field(repr=False)
    state: str
    reason: str
    not_before: str
    position: int
    created_at: str
    changed_at: str

    @property
    def scope(self) -> Scope:
        """Return which part of what the partner may have it asks for."""
        return Scope(frozenset(self.types), frozenset(self.locales), frozenset(self.topics))

    @property
    def is_active(self) -> bool:
        """Tell whether it is told anything."""
        return self.state == ACTIVE

    def live_secrets(self, now: datetime) -> list[str]:
        """Return the secrets that messages are signed with now, the newest first."""
        return [secret.value for secret in self.secrets if not secret.until or secret.until > stamp(now)]


def add(
    db: Database,
    partner: str,
    *,
    url: str,
    events: Iterable[str] = (),
    types: Iterable[str] = (),
    locales: Iterable[str] = (),
    topics: Iterable[str] = (),
    private: bool = False,
    now: datetime,
) -> tuple[Webhook, str]:
    """Add a webhook that is told of what happens from now on, and return it with its secret.

    `private` allows addresses without TLS and within one's own network. Raises Invalid, Refused, NotFound.
    """
    given = {"url": url, "events": events, "types": types, "locales": locales, "topics": topics}
    secret = _make_secret()
    id = new_id()
    with write(db):
        partners.find(db, partner)
        if db.table("webhook").count_where("partner = ?", [partner]) >= MOST_WEBHOOKS:
            raise Refused([Problem("", "too_many", {"maximum": MOST_WEBHOOKS})])
        row = {
            "id": id,
            "partner": partner,
            **_checked(db, _as_lists(given), private),
            "secrets": _written([Secret(secret, "")]),
            "state": ACTIVE,
            "reason": "",
            "not_before": "",
            "position": _newest_event(db),
            "created_at": stamp(now),
            "changed_at": stamp(now),
        }
        db.table("webhook").insert(row)
        return find(db, id), secret


def change(db: Database, id: str, *, private: bool = False, now: datetime, **changes: Any) -> Webhook:
    """Change the fields of a webhook that are named, as `add` takes them. Raises Invalid, NotFound."""
    with write(db):
        webhook = find(db, id)
        given = {name: getattr(webhook, name) for name in _GIVEN.fields} | changes
        checked = _checked(db, _as_lists(given), private, judged=changes)
        db.table("webhook").update(id, {**checked, "changed_at": stamp(now)})
        return find(db, id)


def rotate(db: Database, id: str, *, after: timedelta = ROTATION, now: datetime) -> tuple[Webhook, str]:
    """Give a webhook another secret, and return both; the one before goes on beside it for as long as `after`.

    Never more than two are live: one of a rotation before ends. Raises NotFound, Invalid.
    """
    if not timedelta(0) <= after <= timedelta(hours=MOST_HOURS):
        raise Invalid([Problem("/hours", "out_of_range", {"minimum": 0, "maximum": MOST_HOURS})])
    secret = _make_secret()
    with write(db):
        before = find(db, id).live_secrets(now)[:1] if after else []
        kept = [Secret(secret, ""), *(Secret(each, stamp(now + after)) for each in before)]
        db.table("webhook").update(id, {"secrets": _written(kept), "changed_at": stamp(now)})
        return find(db, id), secret


def disable(db: Database, id: str, reason: str = ASKED, *, now: datetime) -> Webhook:
    """Tell a webhook nothing more until it is enabled; what waits for it is held. Raises NotFound.

    That it was not asked for is told as an event, from which people hear of it.
    """
    with write(db):
        webhook = find(db, id)
        if not webhook.is_active:
            return webhook
        db.table("webhook").update(id, {"state": DISABLED, "reason": reason, "changed_at": stamp(now)})
        db.execute("update delivery set state = 'held' where webhook = ? and state = 'waiting'", [id])
        if reason != ASKED:
            facts = {"partner": webhook.partner, "webhook": id, "url": webhook.url, "reason": reason}
            events.append(db, DISABLED_EVENT, "", "", facts, now)
        return find(db, id)


def enable(db: Database, id: str, *, skip: bool = False, now: datetime) -> Webhook:
    """Tell a webhook again. Raises NotFound.

    What it missed follows: what was held for it, what failed last before it was disabled, and what has happened since;
    with `skip`, none of that.
    """
    with write(db):
        webhook = find(db, id)
        if webhook.is_active:
            return webhook
        at = stamp(now)
        changes: dict[str, Any] = {"state": ACTIVE, "reason": "", "not_before": "", "changed_at": at}
        # What failed did so when it was disabled, or has been sent again since.
        missed = "webhook = ? and (state = 'held' or (state = 'failed' and type <> ?))"
        if skip:
            db.execute(f"update delivery set state = 'dropped', settled_at = ? where {missed}", [at, id, PING])
            changes["position"] = _newest_event(db)
        else:
            again = "state = 'waiting', attempts = 0, made_at = ?, next_at = ?, settled_at = ''"
            db.execute(f"update delivery set {again} where {missed}", [at, at, id, PING])
        db.table("webhook").update(id, changes)
        return find(db, id)


def remove(db: Database, id: str) -> Webhook:
    """Take a webhook away with all that was kept of its deliveries. Raises NotFound."""
    with write(db):
        webhook = find(db, id)
        db.execute("delete from delivery_attempt where delivery in (select id from delivery where webhook = ?)", [id])
        db.table("delivery").delete_where("webhook = ?", [id])
        db.table("webhook").delete_where("id = ?", [id])
        return webhook


def find(db: Database, id: str, partner: str = "") -> Webhook:
    """Return the webhook of this id, where a partner is named one of its own. Raises NotFound."""
    for row in db.table("webhook").rows_where("id = ?", [id]):
        if partner in ("", row["partner"]):
            return read(row)
    raise NotFound("webhook", id)


def of(db: Database, partner: str) -> list[Webhook]:
    """Return the webhooks of a partner, the oldest first."""
    rows = db.table("webhook").rows_where("partner = ?", [partner], order_by="created_at, id")
    return [read(row) for row in rows]


def every(db: Database) -> list[Webhook]:
    """Return the webhooks of all partners, the oldest first."""
    return [read(row) for row in db.table("webhook").rows_where(order_by="created_at, id")]


def read(row: Row) -> Webhook:
    """Make a webhook of its row."""
    lists: dict[str, Any] = {name: tuple(orjson.loads(row[name])) for name in _LISTS}
    lists["secrets"] = tuple(Secret(**each) for each in orjson.loads(row["secrets"]))
    return Webhook(**lists, **{name: row[name] for name in Webhook.__dataclass_fields__ if name not in lists})


def as_facts(webhook: Webhook) -> dict[str, Any]:
    """Return what may be shown and kept of a webhook: all but its secrets, and how far it has come."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in vars(webhook).items()
        if name not in ("secrets", "not_before", "position")
    }


def _newest_event(db: Database) -> int:
    return events.latest(db)


def _make_secret() -> str:
    return MARK + base64.b64encode(randomness.token_bytes(SECRET_BYTES)).decode()


def _written(kept: Iterable[Secret]) -> str:
    return orjson.dumps(list(kept)).decode()


def _as_lists(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple | set | frozenset) else value for name, value in given.items()}


def _checked(db: Database, given: Mapping[str, Any], private: bool, judged: Collection[str] = ()) -> dict[str, Any]:
    """Return the columns to keep. Raises Invalid, with all that is wrong of the `judged` fields, or of all."""
    problems: list[Problem] = []
    kept: Mapping[str, Any] = given
    try:
        kept = validate.read(_GIVEN, given)
    except Invalid as error:
        problems += error.problems
    faulty = {problem.pointer for problem in problems}
    found = [
        *_url_problems(kept["url"], private),
        *_choice_problems(kept),
        *partners.topic_problems(db, kept["topics"]),
    ]
    problems += [problem for problem in found if problem.pointer not in faulty]
    if judged:
        problems = [problem for problem in problems if problem.pointer.split("/")[1] in judged]
    if problems:
        raise Invalid(problems)
    lists = {name: orjson.dumps(list(dict.fromkeys(kept[name]))).decode() for name in _LISTS}
    return {"url": kept["url"], **lists}


def _url_problems(url: Any, private: bool) -> Iterator[Problem]:
    """Yield what can be said of an address without asking a name server; the rest is judged whenever it is called."""
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        yield Problem("/url", "not_a_link", {"value": str(url)[:80]})
        return
    if parts.username is not None or parts.fragment:
        yield Problem("/url", "not_a_target")
    elif parts.scheme != "https" and not private:
        yield Problem("/url", "needs_https")
    elif not private and _is_within(host):
        yield Problem("/url", "target_refused")


def _is_within(host: str) -> bool:
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False


def _choice_problems(kept: Mapping[str, Any]) -> Iterator[Problem]:
    choices = [kind.name for kind in types.every()]
    for number, value in partners.texts(kept["types"]):
        if value not in choices:
            yield Problem(f"/types/{number}", "not_a_choice", {"value": value[:80], "choices": choices})
    for number, value in partners.texts(kept["locales"]):
        if not tags.is_standard(value):
            yield Problem(f"/locales/{number}", "not_a_language_tag", {"value": value[:80]})
