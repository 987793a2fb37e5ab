"""Who may do what: one table of actions and roles, and the two questions asked of it.

It is pure: it knows neither users nor keys, only the `Actor` that they become.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from cms.errors import Forbidden

ROLES = ("administrator", "editor", "translator", "reviewer", "partner_manager")
Kind = Literal["person", "key", "operator", "partner"]


def _roles(*names: str) -> frozenset[str]:
    return frozenset(names)


_ALL = frozenset(ROLES)
_WRITING = _roles("administrator", "editor")
_REVIEWING = _roles("administrator", "editor", "reviewer")
_TRANSLATING = _roles("administrator", "editor", "translator")
_RUNNING = _roles("administrator")

# What may be done, and by which roles.
ACTIONS: Mapping[str, frozenset[str]] = {
    "entry.read": _ALL,
    "entry.create": _WRITING,
    "entry.save": _WRITING,
    "entry.archive": _WRITING,
    "entry.merge": _WRITING,
    "entry.publish": _WRITING,
    "entry.unpublish": _WRITING,
    "entry.schedule": _WRITING,
    "entry.import": _WRITING,
    "entry.withdraw": _REVIEWING,
    "entry.review": _REVIEWING,
    "picture.upload": _WRITING,
    "translation.read": _ALL,
    "translation.save": _TRANSLATING,
    "translation.import": _TRANSLATING,
    "translation.machine": _TRANSLATING,
    "translation.export": _TRANSLATING | {"reviewer"},
    "translation.approve": _roles("administrator", "reviewer"),
    "translation.waive": _roles("administrator", "reviewer"),
    "translation.publish": _REVIEWING,
    "translation.unpublish": _REVIEWING,
    "glossary.save": _TRANSLATING,
    "people.manage": _RUNNING,
    "keys.manage": _RUNNING,
    "audit.read": _RUNNING,
    "partners.manage": _roles("administrator", "partner_manager"),
    "recall.manage": _roles("administrator", "reviewer", "partner_manager"),
}
# Where the role of a translator reaches no further than the translator's own locales.
OWN_LOCALES = frozenset(
    {"translation.save", "translation.import", "translation.machine", "translation.export", "glossary.save"}
)
ANY = "*"


@dataclass(frozen=True)
class Scopes:
    """What a key is good for: `actions` may hold "*" for all; no types or no locales means every one."""

    actions: frozenset[str]
    types: frozenset[str] = frozenset()
    locales: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Actor:
    """Whoever acts: a person, a key or the operator at the command line, and what limits them."""

    id: str
    name: str
    kind: Kind
    roles: frozenset[str]
    locales: frozenset[str] = frozenset()
    scopes: Scopes | None = None
    address: str = ""
    language: str = ""


OPERATOR = Actor("operator", "operator", "operator", _ALL)


def may(actor: Actor, action: str, type: str = "", locale: str = "") -> bool:
    """Tell whether an actor may do something, to a type and in a locale where it concerns one.

    What a key or a translator is limited to must be named: an empty `type` or `locale` is outside every limit.
    Raises KeyError for an action that is none.
    """
    able = actor.roles & ACTIONS[action]
    if not able or (action in OWN_LOCALES and able == {"translator"} and locale not in actor.locales):
        return False
    return actor.scopes is None or _within(actor.scopes, action, type, locale)


def may_somewhere(actor: Actor, action: str) -> bool:
    """Tell whether there is any type and locale in which an actor may do something: for menus, never for deciding."""
    return bool(actor.roles & ACTIONS[action]) and (actor.scopes is None or bool(actor.scopes.actions & {action, ANY}))


def require(actor: Actor, action: str, type: str = "", locale: str = "") -> None:
    """Raise Forbidden unless the actor may do this."""
    if not may(actor, action, type, locale):
        raise Forbidden(action, type, locale)


def _within(scopes: Scopes, action: str, type: str, locale: str) -> bool:
    # Whoever translates into a locale must be able to read what is written in the source's.
    everywhere = action == "entry.read" or not scopes.locales
    return (
        bool(scopes.actions & {action, ANY})
        and (not scopes.types or type in scopes.types)
        and (everywhere or locale in scopes.locales)
    )
