"""Users: added, changed, disabled, helped back in. The rules are in `cms.people`."""

from dataclasses import dataclass
from typing import Any

from flask import current_app

from api import mail
from api.admin import recovery
from api.manage.asking import LIMIT, PAGE, cut, listed, words
from api.manage.bodies import Body
from api.manage.operations import Answer, Call, Group
from cms.content.fields import Choice, Inline, ListOf
from cms.people import managing, users
from cms.people.rights import ROLES, require
from cms.people.users import MAX_EMAIL, MAX_NAME, STATES, User

group = Group("users", "People who may sign in, in their roles.")

SEARCH = words("search", "Only users whose name or e-mail address holds this.", 200)
RESET_HOURS = 24


class New(Body):
    """Somebody who may sign in from now on."""

    name = Inline(required=True, max_length=MAX_NAME)
    email = Inline(required=True, max_length=MAX_EMAIL)
    roles = ListOf(Choice(*ROLES), required=True, minimum=1, maximum=len(ROLES))
    locales = ListOf(Inline(max_length=40), load_default=list, maximum=200)
    language = Inline(max_length=40, load_default="")


class Change(Body):
    """What is to be different; what is not named stays."""

    name = Inline(max_length=MAX_NAME)
    email = Inline(max_length=MAX_EMAIL)
    roles = ListOf(Choice(*ROLES), minimum=1, maximum=len(ROLES))
    locales = ListOf(Inline(max_length=40), maximum=200)
    language = Inline(max_length=40)
    state = Choice(*STATES)


@dataclass(frozen=True)
class Invited:
    """A user, with the link to set a password: null where it was mailed."""

    user: User
    link: str | None


@dataclass(frozen=True)
class Link:
    """A link to set a password with, once: null where it was mailed."""

    link: str | None


@group.does("GET", "/users", needs="people.manage", gives=listed(User), query=(SEARCH, PAGE, LIMIT))
def list_users(call: Call) -> Answer:
    """List users, by name."""
    require(call.actor, "people.manage")
    sought = call.asked["search"].casefold()
    return cut(call, [user for user in users.every(call.db) if sought in f"{user.name}\n{user.email}".casefold()])


@group.does("POST", "/users", needs="people.manage", gives={201: Invited}, body=New(), once=True)
def add_user(call: Call) -> Answer:
    """Add a user, who sets a password with a link that works once."""
    user, token = managing.add_user(call.db, call.actor, **call.given, now=call.now)
    link = _hand_over(user, token, managing.INVITE_HOURS)
    return Answer(Invited(user, link), 201, {"Location": f"{call.site.url}/manage/v1/users/{user.id}"})


@group.does("GET", "/users/<user>", needs="people.manage", gives=User)
def get_user(call: Call, user: str) -> Answer:
    """Read a user."""
    require(call.actor, "people.manage")
    return Answer(users.find(call.db, user))


@group.does("PATCH", "/users/<user>", needs="people.manage", gives=User, body=Change())
def change_user(call: Call, user: str) -> Answer:
    """Change a user; who is disabled loses all sessions and keys at once."""
    return Answer(managing.change_user(call.db, call.actor, user, now=call.now, **call.given))


@group.does("POST", "/users/<user>/password", needs="people.manage", gives={201: Link})
def reset_password(call: Call, user: str) -> Answer:
    """Make a link with which a user sets another password."""
    token = managing.reset_password(call.db, call.actor, user, now=call.now)
    return Answer(Link(_hand_over(users.find(call.db, user), token, RESET_HOURS)), 201)


@group.does("DELETE", "/users/<user>/second-factor", needs="people.manage", gives={204: None})
def reset_second_factor(call: Call, user: str) -> Answer:
    """Take away the authenticator, recovery codes and passkeys of a user who lost them."""
    managing.reset_second_factor(call.db, call.actor, user, now=call.now)
    return Answer(None, 204)


def _hand_over(user: User, token: str, hours: int) -> str | None:
    """Mail somebody their link where mail can be sent, else return it to be handed over."""
    settings: Any = current_app.config["MAIL"]
    if mail.can_send(settings):
        recovery.mail_link(user, token, hours)
        return None
    return recovery.address_of(token)
