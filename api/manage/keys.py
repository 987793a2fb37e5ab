"""Keys for programs: made, listed, revoked; and what the key that asks may do."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.manage.bodies import Body, Id, Moment
from api.manage.operations import Answer, Call, Group
from cms.content.fields import Inline, ListOf, one
from cms.people import keys, managing
from cms.people.key_secrets import MAX_NAME
from cms.people.keys import Key
from cms.people.rights import ACTIONS, Scopes, may_somewhere, require

group = Group("keys", "Keys for programs: each acts for its owner, within its scopes.")


class ScopesGiven(Body):
    """What a key is good for: `*` is every action; no types or locales means all."""

    actions = ListOf(Inline(max_length=80), required=True, minimum=1, maximum=100)
    types = ListOf(Inline(max_length=80), load_default=list, maximum=100)
    locales = ListOf(Inline(max_length=40), load_default=list, maximum=200)


class New(Body):
    """A key to be made."""

    name = Inline(required=True, max_length=MAX_NAME)
    owner = Id(required=True)
    scopes = one(ScopesGiven, required=True)
    expires_at = Moment()


@dataclass(frozen=True)
class NewKey:
    """A key with its secret, which is never to be had again."""

    key: Key
    secret: str


@dataclass(frozen=True)
class Self:
    """The key that asks: for whom it acts, and what it may do for some type and language."""

    id: str
    name: str
    roles: Sequence[str]
    locales: Sequence[str]
    scopes: Scopes | None
    actions: Sequence[str]


@group.does("GET", "/key", needs=tuple(ACTIONS), gives=Self)
def get_self(call: Call) -> Answer:
    """See for whom the key that asks acts, and what it may do."""
    actor = call.actor
    return Answer(
        Self(
            actor.id,
            actor.name,
            sorted(actor.roles),
            sorted(actor.locales),
            actor.scopes,
            [action for action in ACTIONS if may_somewhere(actor, action)],
        )
    )


@group.does("GET", "/keys", needs="keys.manage", gives=list[Key])
def list_keys(call: Call) -> Answer:
    """List all keys, the newest first; their secrets are kept nowhere."""
    require(call.actor, "keys.manage")
    return Answer(keys.every(call.db))


@group.does("POST", "/keys", needs="keys.manage", gives={201: NewKey}, body=New(), once=True)
def make_key(call: Call) -> Answer:
    """Make a key; its secret is in this answer alone. A key makes none that may more than itself."""
    given = call.given
    scopes = Scopes(**{name: frozenset(values) for name, values in given["scopes"].items()})
    key, secret = managing.make_key(
        call.db,
        call.actor,
        name=given["name"],
        owner=given["owner"],
        scopes=scopes,
        expires_at=given.get("expires_at"),
        now=call.now,
    )
    return Answer(NewKey(key, secret), 201, {"Location": f"{call.site.url}/manage/v1/keys/{key.id}"})


@group.does("GET", "/keys/<key>", needs="keys.manage", gives=Key)
def get_key(call: Call, key: str) -> Answer:
    """Read a key: its scopes, when it was last used, when it ends."""
    require(call.actor, "keys.manage")
    return Answer(keys.find(call.db, key))


@group.does("DELETE", "/keys/<key>", needs="keys.manage", gives={200: Key})
def revoke_key(call: Call, key: str) -> Answer:
    """End a key for good."""
    return Answer(managing.revoke_key(call.db, call.actor, key, now=call.now))
