"""Users: who may sign in, in which roles. It knows not how they prove who they are."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from marshmallow import ValidationError

from cms import locales as tags
from cms.content.fields import Mail, Text, tidy
from cms.content.identity import new_id, stamp
from cms.errors import Fault, Invalid, NotFound, Problem, Refused
from cms.people.rights import ROLES
from cms.store import Database, Row, write

State = Literal["active", "disabled"]
STATES: tuple[State, ...] = ("active", "disabled")
MAX_NAME = 200
MAX_EMAIL = 254  # RFC 5321, section 4.5.3.1

# Beside `select`, for whoever reads a user together with something else.
COLUMNS = (
    "u.id, u.name, u.email, u.roles, u.locales, u.language, u.state, u.created_at, u.last_seen_at,"
    " case when u.password = '' then 0 else 1 end as has_password,"
    " case when u.totp_secret = '' then 0 else 1 end as has_totp"
)


@dataclass(frozen=True)
class User:
    """A person who may sign in; `locales` are those that a translator may translate into."""

    id: str
    name: str
    email: str
    roles: tuple[str, ...]
    locales: tuple[str, ...]
    language: str
    state: State
    has_password: bool
    has_totp: bool
    created_at: str
    last_seen_at: str


def add(
    db: Database,
    *,
    name: str,
    email: str,
    roles: Iterable[str],
    locales: Iterable[str] = (),
    language: str = "",
    now: datetime,
) -> User:
    """Add a user who has no password yet. Raises Invalid, with a pointer for each field."""
    id = new_id()
    given = {"name": name, "email": email, "roles": list(roles), "locales": list(locales), "language": language}
    with write(db):
        kept = _checked(db, id, given)
        db.table("tolk_user").insert(
            {
                "id": id,
                **kept,
                "state": "active",
                "password": "",
                "totp_secret": "",
                "totp_offered": "",
                "totp_step": 0,
                "created_at": stamp(now),
                "last_seen_at": "",
            }
        )
        return find(db, id)


def find(db: Database, id: str) -> User:
    """Return the user of this id. Raises NotFound."""
    for row in db.query(f"select {COLUMNS} from tolk_user u where u.id = ?", [id]):
        return read(row)
    raise NotFound("user", id)


def by_email(db: Database, email: str) -> User | None:
    """Return the user with this e-mail address, however it is capitalised."""
    if not (key := email_key(email)):
        return None
    rows = db.query(f"select {COLUMNS} from tolk_user u where u.email_key = ?", [key])
    return next(map(read, rows), None)


def every(db: Database) -> list[User]:
    """Return all users, by name."""
    return [read(row) for row in db.query(f"select {COLUMNS} from tolk_user u order by u.name, u.id")]


def change(
    db: Database,
    id: str,
    *,
    now: datetime,
    name: str | None = None,
    email: str | None = None,
    roles: Iterable[str] | None = None,
    locales: Iterable[str] | None = None,
    language: str | None = None,
    state: str | None = None,
) -> User:
    """Change the fields of a user that are given, and return the user.

    Who is disabled loses all sessions and links at once, and all keys for good. Raises Invalid, NotFound, and Refused
    ("last_administrator") where nobody would be left to manage people.
    """
    with write(db):
        user = find(db, id)
        given = {
            "name": user.name if name is None else name,
            "email": user.email if email is None else email,
            "roles": list(user.roles if roles is None else roles),
            "locales": list(user.locales if locales is None else locales),
            "language": user.language if language is None else language,
        }
        kept = _checked(db, id, given)
        wanted = state or user.state
        if wanted not in STATES:
            raise Invalid([Problem("/state", "not_a_choice", {"value": wanted[:80], "choices": list(STATES)})])
        stays = wanted == "active" and "administrator" in kept["roles"].split()
        if not stays and _is_last_administrator(db, user):
            raise Refused([Problem("/roles" if wanted == "active" else "/state", "last_administrator")])
        db.table("tolk_user").update(id, {**kept, "state": wanted})
        if wanted == "disabled":
            _shut_out(db, id, stamp(now))
        return find(db, id)


def email_key(email: str) -> str:
    """Return what an e-mail address is found by, empty where it is none."""
    kept = tidy(email)
    try:
        Mail(max_length=MAX_EMAIL).deserialize(kept)
    except ValidationError:
        return ""
    return unicodedata.normalize("NFC", kept.casefold())


def read(row: Row) -> User:
    """Make a user of a row that holds `COLUMNS`, and perhaps more."""
    return User(
        id=row["id"],
        name=row["name"],
        email=row["email"],
        roles=tuple(row["roles"].split()),
        locales=tuple(row["locales"].split()),
        language=row["language"],
        state=row["state"],
        has_password=bool(row["has_password"]),
        has_totp=bool(row["has_totp"]),
        created_at=row["created_at"],
        last_seen_at=row["last_seen_at"],
    )


def _is_last_administrator(db: Database, user: User) -> bool:
    able = [other.id for other in every(db) if other.state == "active" and "administrator" in other.roles]
    return able == [user.id]


def _shut_out(db: Database, id: str, at: str) -> None:
    db.table("session").delete_where("person = ?", [id])
    db.table("one_time").delete_where("person = ?", [id])
    db.execute("update api_key set revoked_at = ? where owner = ? and revoked_at = ''", [at, id])


def _checked(db: Database, id: str, given: Mapping[str, Any]) -> dict[str, str]:
    """Return the columns to keep. Raises Invalid."""
    problems = [*_name_problems(given["name"]), *_email_problems(db, id, given["email"]), *_role_problems(given)]
    if given["language"] and not tags.is_standard(given["language"]):
        problems.append(Problem("/language", "not_a_language_tag", {"value": given["language"][:80]}))
    if problems:
        raise Invalid(problems)
    return {
        "name": tidy(given["name"]),
        "email": tidy(given["email"]),
        "email_key": email_key(given["email"]),
        "roles": " ".join(role for role in ROLES if role in given["roles"]),
        "locales": " ".join(sorted(set(given["locales"]))),
        "language": given["language"],
    }


def _name_problems(name: str) -> Iterator[Problem]:
    yield from _field_problems("/name", Text(required=True, max_length=MAX_NAME), name)


def _email_problems(db: Database, id: str, email: str) -> Iterator[Problem]:
    yield from _field_problems("/email", Mail(required=True, max_length=MAX_EMAIL), email)
    holder = by_email(db, email)
    if holder and holder.id != id:
        yield Problem("/email", "email_taken")


def _role_problems(given: Mapping[str, Any]) -> Iterator[Problem]:
    roles, locales = given["roles"], given["locales"]
    if not roles:
        yield Problem("/roles", "required")
    for number, role in enumerate(roles):
        if role not in ROLES:
            yield Problem(f"/roles/{number}", "not_a_choice", {"value": role[:80], "choices": list(ROLES)})
    if "translator" in roles and not locales:
        yield Problem("/locales", "locales_needed")
    for number, locale in enumerate(locales):
        if not tags.is_standard(locale):
            yield Problem(f"/locales/{number}", "not_a_language_tag", {"value": locale[:80]})


def _field_problems(pointer: str, field: Text, value: str) -> Iterator[Problem]:
    try:
        field.deserialize(value)
    except ValidationError as error:
        for found in error.messages:
            if isinstance(found, Fault):
                yield Problem(pointer, found.code, found.values)
