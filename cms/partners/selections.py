"""Selections: who reads changes, and which part of what is published. It is pure."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from cms.content import types
from cms.errors import NotFound
from cms.partners import scopes
from cms.partners.scopes import Scope

ALL = Scope()
NOTHING = frozenset({""})  # the name of no type and of no locale


@dataclass(frozen=True)
class Selection:
    """What a reader, the id of a partner or nobody, may have, and what of that is asked for: both must hold."""

    reader: str = ""
    may: Scope = ALL
    asked: Scope = ALL

    @cached_property
    def digest(self) -> str:
        """Return a short text that no other reader or part has."""
        return f"{scopes.digest(self.may, self.asked)}{self.reader.replace('-', '')[-12:]}"

    @property
    def is_whole(self) -> bool:
        """Tell whether it is all that the reader may have."""
        return not self.asked

    @cached_property
    def types(self) -> frozenset[str]:
        """Return the types to look among; none where all are."""
        return _common(self.may.types, self.asked.types)

    @cached_property
    def locales(self) -> frozenset[str]:
        """Return the locales to look among; none where all are."""
        return _common(self.may.locales, self.asked.locales)

    @property
    def is_by_topic(self) -> bool:
        """Tell whether topics limit it."""
        return bool(self.may.topics or self.asked.topics)

    def fits(self, type: str, locale: str, topics: Collection[str]) -> bool:
        """Tell whether a document of this type, in this locale and about these topics is in it.

        Nothing is whose type is registered no longer: it has no address any more.
        """
        return _is_registered(type) and all(
            scopes.fits(scope, type=type, locale=locale, topics=topics) for scope in (self.may, self.asked)
        )

    def may_fit(self, type: str, locale: str) -> bool:
        """Tell whether a document could be in it, whatever it is about."""
        return all(
            scopes.fits(scope, type=type, locale=locale, topics=scope.topics) for scope in (self.may, self.asked)
        )


def _is_registered(type: str) -> bool:
    try:
        return bool(types.find(type))
    except NotFound:
        return False


def _common(may: frozenset[str], asked: frozenset[str]) -> frozenset[str]:
    if not may or not asked:
        return may or asked
    return may & asked or NOTHING
