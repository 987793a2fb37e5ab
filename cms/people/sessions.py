"""Sessions: from signing in until signing out. The store keeps only the hash of what the browser holds.

It knows not how somebody came to be signed in.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cms.content.identity import new_id, stamp
from cms.people import tokens, users
from cms.people.rights import Actor
from cms.people.users import User
from cms.store import Database, write

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=30)
SEEN_EVERY = timedelta(minutes=1)
MAX_AGENT = 300
MAX_ADDRESS = 64


@dataclass(frozen=True)
class Session:
    """Who asks, signed in; `csrf` is what each form must carry."""

    user: User
    id: str
    csrf: str
    opened_at: str
    seen_at: str
    address: str
    agent: str


@dataclass(frozen=True)
class OpenSession:
    """One of a user's sessions, as it is listed: from where, with what, since when."""

    id: str
    address: str
    agent: str
    opened_at: str
    seen_at: str


def open_session(db: Database, user: str, *, address: str, agent: str, now: datetime) -> str:
    """Open a session for the user of this id, and return the token that the browser is to keep."""
    token = tokens.make()
    at = stamp(now)
    with write(db):
        _forget_old(db, now)
        db.table("session").insert(
            {
                "id": new_id(),
                "token_hash": tokens.hashed(token),
                "person": user,
                "address": kept(address, MAX_ADDRESS),
                "agent": kept(agent, MAX_AGENT),
                "opened_at": at,
                "seen_at": at,
            }
        )
        db.table("tolk_user").update(user, {"last_seen_at": at})
    return token


def who(db: Database, token: str, now: datetime) -> Session | None:
    """Return the session of a token; None where it is unknown, over, or idle for too long, or its user disabled."""
    rows = db.query(
        f"select {users.COLUMNS}, s.id as session, s.address, s.agent, s.opened_at, s.seen_at"
        " from session s join tolk_user u on u.id = s.person"
        " where s.token_hash = ? and s.opened_at > ? and s.seen_at > ? and u.state = 'active'",
        [tokens.hashed(token), stamp(now - LONGEST), stamp(now - IDLE)],
    )
    for row in rows:
        if row["seen_at"] <= stamp(now - SEEN_EVERY):
            _see(db, row["session"], row["id"], stamp(now))
        return Session(
            users.read(row),
            row["session"],
            tokens.derived(token, "csrf"),
            row["opened_at"],
            row["seen_at"],
            row["address"],
            row["agent"],
        )
    return None


def rotate(db: Database, token: str, now: datetime) -> str | None:
    """Give a session another token, for when more is trusted to it; None where it is over."""
    fresh = tokens.make()
    with write(db):
        found = who(db, token, now)
        if found is None:
            return None
        db.table("session").update(found.id, {"token_hash": tokens.hashed(fresh)})
    return fresh


def close(db: Database, token: str) -> None:
    """End the session of a token, if there is one."""
    with write(db):
        db.table("session").delete_where("token_hash = ?", [tokens.hashed(token)])


def close_one(db: Database, user: str, session: str) -> bool:
    """End one session of a user by its id, and return whether there was such a one."""
    with write(db):
        return bool(db.table("session").delete_where("id = ? and person = ?", [session, user]))


def close_all(db: Database, user: str, but: str = "") -> int:
    """End all sessions of a user but the one with this id, and return how many."""
    with write(db):
        return db.table("session").delete_where("person = ? and id <> ?", [user, but])


def close_everybody(db: Database) -> int:
    """End the sessions of all users; return how many there were."""
    with write(db):
        return db.table("session").delete_where()


def of(db: Database, user: str, now: datetime) -> list[OpenSession]:
    """Return the open sessions of a user, the last seen first."""
    rows = db.query(
        "select id, address, agent, opened_at, seen_at from session"
        " where person = ? and opened_at > ? and seen_at > ? order by seen_at desc, id",
        [user, stamp(now - LONGEST), stamp(now - IDLE)],
    )
    return [OpenSession(**row) for row in rows]


def actor_of(session: Session, address: str = "") -> Actor:
    """Return the person of a session as the one who acts."""
    return actor_for(session.user, address)


def actor_for(user: User, address: str = "") -> Actor:
    """Return a user as the one who acts."""
    return Actor(
        user.id, user.name, "person", frozenset(user.roles), frozenset(user.locales), None, address, user.language
    )


def kept(said: str, most: int) -> str:
    """Return what a client said of itself in a form that any store keeps."""
    return "".join(char if char.isprintable() else " " for char in said)[:most]


def _see(db: Database, session: str, user: str, at: str) -> None:
    with write(db):
        db.execute("update session set seen_at = ? where id = ? and seen_at < ?", [at, session, at])
        db.execute("update tolk_user set last_seen_at = ? where id = ? and last_seen_at < ?", [at, user, at])


def _forget_old(db: Database, now: datetime) -> None:
    db.table("session").delete_where("opened_at <= ? or seen_at <= ?", [stamp(now - LONGEST), stamp(now - IDLE)])
