"""Partners: organisations that take content over, each within a scope and on terms. It knows not how they ask."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import orjson
from marshmallow import RAISE, Schema

from cms.content import entries, types, validate
from cms.content.fields import MAX_TEXT, Choice, ListOf, Mail, Ref, Text, Whole, tidy
from cms.content.identity import new_id, stamp
from cms.errors import Invalid, NotFound, Problem
from cms.partners.domains import Domain
from cms.partners.scopes import Scope
from cms.site import INDEXING, Site
from cms.store import Database, Row, write

ACTIVE, SUSPENDED = "active", "suspended"
STATES = (ACTIVE, SUSPENDED)
ACKNOWLEDGE_HOURS = 72
MOST_HOURS = 8_760  # a year
MAX_NAME = 200
MAX_EMAIL = 254  # RFC 5321, section 4.5.3.1

_LISTS = ("domains", "contacts", "locales", "types", "topics")


class _Given(Schema):
    """What somebody may say of a partner."""

    class Meta:
        """Refuse what the schema does not name."""

        unknown = RAISE

    name = Text(required=True, max_length=MAX_NAME)
    domains = ListOf(Domain(), maximum=100)
    contacts = ListOf(Mail(max_length=MAX_EMAIL), maximum=50)
    locales = ListOf(Text(max_length=40), maximum=200)
    types = ListOf(Text(max_length=80), maximum=100)
    topics = ListOf(Ref("topic"), maximum=1_000)
    terms = Text(max_length=MAX_TEXT)
    refresh_hours = Whole(minimum=1, maximum=MOST_HOURS)
    acknowledge_hours = Whole(minimum=1, maximum=MOST_HOURS)
    indexing = Choice(*INDEXING)


_GIVEN = _Given()


@dataclass(frozen=True)
class Partner:
    """An organisation that takes content over; no locales, types or topics means all of them.

    It has to refresh what it shows within `refresh_hours`, and to acknowledge a recall within `acknowledge_hours`.
    `indexing` is what search engines may do with its pages, as for the site.
    `position` is the newest event that it has shown to have worked through; `seen_at` says when it last did.
    """

    id: str
    name: str
    state: str
    domains: tuple[str, ...]
    contacts: tuple[str, ...]
    locales: tuple[str, ...]
    types: tuple[str, ...]
    topics: tuple[str, ...]
    terms: str
    refresh_hours: int
    acknowledge_hours: int
    indexing: str
    position: int
    seen_at: str
    created_at: str
    created_by: str

    @property
    def scope(self) -> Scope:
        """Return which part of what is published it may have."""
        return Scope(frozenset(self.types), frozenset(self.locales), frozenset(self.topics))

    @property
    def is_active(self) -> bool:
        """Tell whether it may have anything at all."""
        return self.state == ACTIVE


def add(
    db: Database,
    site: Site,
    *,
    name: str,
    domains: Iterable[str] = (),
    contacts: Iterable[str] = (),
    locales: Iterable[str] = (),
    types: Iterable[str] = (),
    topics: Iterable[str] = (),
    terms: str = "",
    refresh_hours: int | None = None,
    acknowledge_hours: int = ACKNOWLEDGE_HOURS,
    indexing: str | None = None,
    by: str,
    now: datetime,
) -> Partner:
    """Add a partner, active from now on; where nothing is said, what holds for the whole site holds for it.

    Raises Invalid, with a pointer for each field.
    """
    id = new_id()
    given = {
        "name": name,
        "domains": list(domains),
        "contacts": list(contacts),
        "locales": list(locales),
        "types": list(types),
        "topics": list(topics),
        "terms": terms,
        "refresh_hours": site.refresh_hours if refresh_hours is None else refresh_hours,
        "acknowledge_hours": acknowledge_hours,
        "indexing": site.indexing if indexing is None else indexing,
    }
    with write(db):
        made = {"state": ACTIVE, "position": 0, "seen_at": "", "created_at": stamp(now), "created_by": by}
        db.table("partner").insert({"id": id, **_checked(db, site, id, given), **made})
        return find(db, id)


def change(db: Database, site: Site, id: str, **changes: Any) -> Partner:
    """Change the fields of a partner that are named, as `add` takes them, and return it. Raises Invalid, NotFound."""
    with write(db):
        partner = find(db, id)
        given = {name: _as_given(getattr(partner, name)) for name in _GIVEN.fields}
        given |= {name: _as_given(value) for name, value in changes.items()}
        db.table("partner").update(id, _checked(db, site, id, given, judged=changes))
        return find(db, id)


def suspend(db: Database, id: str) -> Partner:
    """Shut a partner out until it is resumed: its keys open nothing, and it is told nothing. Raises NotFound."""
    return _set_state(db, id, SUSPENDED)


def resume(db: Database, id: str) -> Partner:
    """Let a suspended partner in again. Raises NotFound."""
    return _set_state(db, id, ACTIVE)


# Written out once: every request of a partner asks it.
_FIND = f"select {', '.join(Partner.__dataclass_fields__)} from partner where id = ?"


def find(db: Database, id: str) -> Partner:
    """Return the partner of this id. Raises NotFound."""
    for row in db.query(_FIND, [id]):
        return read(row)
    raise NotFound("partner", id)


def named(db: Database, name: str) -> Partner:
    """Return the partner of this id or name, however the name is capitalised. Raises NotFound."""
    for row in db.table("partner").rows_where("id = ? or name_key = ?", [name, _key(name)]):
        return read(row)
    raise NotFound("partner", name)


def every(db: Database) -> list[Partner]:
    """Return all partners, by name."""
    return [read(row) for row in db.table("partner").rows_where(order_by="name_key, id")]


def active(db: Database) -> list[Partner]:
    """Return the partners that are not suspended, by name."""
    return [partner for partner in every(db) if partner.is_active]


def read(row: Row) -> Partner:
    """Make a partner of its row."""
    lists: dict[str, Any] = {name: tuple(orjson.loads(row[name])) for name in _LISTS}
    return Partner(**lists, **{name: row[name] for name in Partner.__dataclass_fields__ if name not in _LISTS})


def as_facts(partner: Partner) -> dict[str, Any]:
    """Return what the audit is to keep of a partner: what people decide, not how far it has come."""
    return {name: value for name, value in asdict(partner).items() if name not in ("position", "seen_at")}


def _set_state(db: Database, id: str, state: str) -> Partner:
    with write(db):
        db.table("partner").update(id, {"state": state})
        return find(db, id)


def _as_given(value: Any) -> Any:
    return list(value) if isinstance(value, tuple | set | frozenset) else value


def _one_line(name: str) -> str:
    return " ".join(tidy(name).split())


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", _one_line(name).casefold())


def _checked(
    db: Database, site: Site, id: str, given: Mapping[str, Any], judged: Collection[str] = ()
) -> dict[str, Any]:
    """Return the columns to keep. Raises Invalid, with all that is wrong of the `judged` fields, or of all.

    A locale that is none of the installation's any longer must not stand in the way of another address.
    """
    problems: list[Problem] = []
    kept: Mapping[str, Any] = given
    try:
        kept = validate.read(_GIVEN, given)
    except Invalid as error:
        problems += error.problems
    faulty = {problem.pointer for problem in problems}
    found = [*_name_problems(db, id, kept["name"]), *_choice_problems(site, kept), *topic_problems(db, kept["topics"])]
    problems += [problem for problem in found if problem.pointer not in faulty]
    if judged:
        problems = [problem for problem in problems if problem.pointer.split("/")[1] in judged]
    if problems:
        raise Invalid(problems)
    lists = {name: orjson.dumps(list(dict.fromkeys(kept[name]))).decode() for name in _LISTS}
    return {**kept, **lists, "name": _one_line(kept["name"]), "name_key": _key(kept["name"])}


def _name_problems(db: Database, id: str, name: Any) -> Iterator[Problem]:
    if isinstance(name, str) and db.table("partner").count_where("name_key = ? and id <> ?", [_key(name), id]):
        yield Problem("/name", "partner_taken")


def _choice_problems(site: Site, kept: Mapping[str, Any]) -> Iterator[Problem]:
    known = {
        "locales": ("unknown_locale", "locale", "known", list(site.locales)),
        "types": ("not_a_choice", "value", "choices", [kind.name for kind in types.every()]),
    }
    for field, (code, said, named, choices) in known.items():
        for number, value in texts(kept[field]):
            if value not in choices:
                yield Problem(f"/{field}/{number}", code, {said: value[:80], named: choices})


def topic_problems(db: Database, topics: Any) -> Iterator[Problem]:
    """Yield what is wrong with a list of topics: those that are none."""
    named = list(texts(topics))
    found = entries.types_of(db, [topic for _, topic in named])
    for number, topic in named:
        if found.get(topic) != "topic":
            yield Problem(f"/topics/{number}", "no_such_entry", {"id": topic[:80], "type": "topic"})


def texts(value: Any) -> Iterator[tuple[int, str]]:
    """Yield what is text in a list, with its place; what else was given is refused already."""
    given: Collection[Any] = value if isinstance(value, list) else ()
    return ((number, each) for number, each in enumerate(given) if isinstance(each, str) and each)
