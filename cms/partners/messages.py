"""Messages: what a delivery carries. The events about one entry that belong together become one. It is pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from cms.content import types
from cms.content.saving import UPDATE_TYPES
from cms.errors import NotFound
from cms.partners.scopes import Scope, fits
from cms.publish import events
from cms.publish.events import Event
from cms.site import Site

# What a webhook may ask for, by the name of the event.
EVENTS = (
    "edition.published", "edition.moved", "edition.updated", "edition.unpublished", "edition.withdrawn",
    "edition.renewed", "edition.overdue", "edition.expired",
    "translation.stale", "translation.stale.critical",
    "recall.opened", "recall.reminder", "recall.overdue", "recall.closed",
    "webhook.disabled",
)  # fmt: skip
# What only who names it is told: it comes for every document again and again, and changes nothing for readers.
NAMED_ONLY = frozenset({events.RENEWED})
PING = "webhook.ping"
# Ways in which what is served can have changed, of which the first that happened names the whole.
SERVED = ("edition.published", "edition.moved", "edition.updated")
GONE, NOT_FOUND = 410, 404
URGENT = frozenset({"edition.withdrawn", "edition.unpublished", "translation.stale.critical"})
# Standard Webhooks 1.0 asks for less than 20 kB in all; what is not about a locale is small.
MOST_BYTES = 16_000
LONGEST_TEXT = 2_000
# The events of a message, its name and what it says.
Part = tuple[Sequence[Event], str, dict[str, Any]]


@dataclass(frozen=True)
class Message:
    """What is to be told, once: `id` and `seq` are those of its first event, whatever else becomes part of it."""

    id: str
    seq: int
    type: str
    entry: str
    body: str
    is_urgent: bool


def is_urgent(event: Event) -> bool:
    """Tell whether readers may be harmed by what they had before, so that it is to go before everything else."""
    if event.type in URGENT or event.type.startswith("recall."):
        return True
    is_suspended = event.data.get("status") == GONE
    return event.type in SERVED and (is_suspended or event.data.get("update_type") == "safety")


def is_wanted(
    event: Event, names: Collection[str], scopes: Sequence[Scope], topics: Sequence[Collection[str]] = ((),)
) -> bool:
    """Tell whether an event is named (no names stand for all) and is about something in each of these scopes.

    `topics` are those of the entry, and those that it had before: who had it must hear that it is not theirs any more.
    A recall is told whatever its topics: who is concerned by it has been found out elsewhere.
    """
    if event.type not in (names or EVENTS) or (event.type in NAMED_ONLY and event.type not in names):
        return False
    kind = str(event.data.get("type", ""))
    if not kind:
        return True  # It is about no entry, or about one of which nothing is known but that it is gone.
    if event.type.startswith("recall."):
        return all(
            any(
                fits(Scope(scope.types, scope.locales), type=kind, locale=locale, topics=())
                for locale in event.data.get("locales") or scope.locales or [""]
            )
            for scope in scopes
        )
    return any(all(fits(scope, type=kind, locale=event.locale, topics=own) for scope in scopes) for own in topics)


def made(happened: Iterable[Event], site: Site) -> list[Message]:
    """Return the messages that tell these events, given in their order, and in the order of their first events."""
    groups: list[list[Event]] = []
    standing: dict[tuple[str, str], list[Event]] = {}
    for event in happened:
        about = event.type.partition(".")[0]
        # What becomes of editions is told in its order; that translations fell behind stands beside it.
        track = event.entry, about if about == "edition" else event.type
        group = standing.get(track)
        if about in ("edition", "translation") and group and _family(group[0].type) == _family(event.type):
            group.append(event)
        else:
            standing[track] = group = [event]
            groups.append(group)
    parts = sorted((each for group in groups for each in _told(group, site)), key=lambda each: each[0][0].seq)
    told: list[Message] = []
    newest: dict[str, int] = {}
    for own, kind, data in parts:
        entry = own[0].entry
        if entry:
            # Who leaves what has a lower number than it knows must not leave this: it is sent later.
            data["seq"] = newest[entry] = max(data["seq"], newest.get(entry, 0))
        told.append(_message(own, kind, data))
    return told


def ping(id: str, webhook: str, at: str) -> str:
    """Return the body of a message that says nothing but that messages arrive."""
    return _written(PING, at, {"webhook": webhook, "id": id})


def _family(kind: str) -> str:
    return SERVED[0] if kind in SERVED else kind


def _told(group: Sequence[Event], site: Site) -> Iterator[Part]:
    first = group[0]
    if first.type.partition(".")[0] not in ("edition", "translation"):
        facts = {name: _short(value) for name, value in first.data.items() if name not in ("partner", "type")}
        about = {"id": first.entry, "entry_type": first.data.get("type", "")} if first.entry else {}
        data = {**about, "seq": first.seq, **facts}
        yield group, first.type, data
        return
    by_locale: dict[str, list[Event]] = {}
    for event in group:
        by_locale.setdefault(event.locale, []).append(event)
    part: list[list[Event]] = []
    size = 0
    for own in by_locale.values():
        length = len(orjson.dumps(_locale(own, site)))
        if part and size + length > MOST_BYTES:
            yield _about(part, site)
            part, size = [], 0
        part.append(own)
        size += length + 1
    yield _about(part, site)


def _short(value: Any) -> Any:
    """Return a fact; of a long text the beginning."""
    is_long = isinstance(value, str) and len(value) > LONGEST_TEXT
    return f"{value[: LONGEST_TEXT - 1]}…" if is_long else value


def _about(part: Sequence[Sequence[Event]], site: Site) -> Part:
    """Return what is told about some locales of an entry, given by the events in each."""
    told = sorted((event for own in part for event in own), key=lambda event: event.seq)
    types_of_update = {str(event.data.get("update_type", "")) for event in told} & set(UPDATE_TYPES)
    data = {
        "id": told[0].entry,
        "entry_type": next((event.data["type"] for event in told if event.data.get("type")), ""),
        "version": max(int(event.data.get("revision", 0)) for event in told),
        "update_type": min(types_of_update, key=UPDATE_TYPES.index, default=""),
        "seq": told[-1].seq,
        "locales": [_locale(own, site) for own in part],
    }
    return told, _gravest(told), data


def _gravest(told: Sequence[Event]) -> str:
    happened = {event.type for event in told}
    return next((kind for kind in SERVED if kind in happened), told[0].type)


def _locale(own: Sequence[Event], site: Site) -> dict[str, Any]:
    newest = own[-1]
    return {
        "locale": newest.locale,
        "event": _gravest(own),
        "url": _url(newest, site),
        # What is answered there now.
        "status": NOT_FOUND if newest.type == events.UNPUBLISHED else newest.data.get("status"),
        "etag": newest.data.get("etag"),
        "freshness": newest.data.get("freshness"),
    }


def _url(event: Event, site: Site) -> str | None:
    try:
        plural = types.find(str(event.data.get("type", ""))).plural
    except NotFound:
        return None  # A type that was registered once.
    slug = event.data.get("slug")
    return site.document_url(event.locale, plural, str(slug)) if slug else None


def _message(told: Sequence[Event], kind: str, data: Mapping[str, Any]) -> Message:
    first = told[0]
    urgent = any(map(is_urgent, told))
    return Message(first.id, first.seq, kind, first.entry, _written(kind, told[-1].at, data), urgent)


def _written(kind: str, at: str, data: Mapping[str, Any]) -> str:
    return orjson.dumps({"type": kind, "timestamp": at, "data": data}).decode()
