"""Scopes: which part of what is published somebody may have, or asks for. It is pure, and knows no partner.

Two scopes have no common one: what names a topic of each fits both, without a topic that both name.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from cms.content import types
from cms.content.fields import ListOf, Ref
from cms.errors import NotFound
from cms.publish.references import TOPICS


@dataclass(frozen=True)
class Scope:
    """Types and locales by name, topics by the ids of their entries; what is empty does not limit."""

    types: frozenset[str] = frozenset()
    locales: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Tell whether it limits anything."""
        return bool(self.types or self.locales or self.topics)


def fits(scope: Scope, *, type: str, locale: str, topics: Collection[str]) -> bool:
    """Tell whether what is of this type, in this locale and about these topics is in a scope."""
    return (
        (not scope.types or type in scope.types)
        and (not scope.locales or locale in scope.locales)
        and (not scope.topics or not has_topics(type) or not scope.topics.isdisjoint(topics))
    )


def has_topics(type: str) -> bool:
    """Tell whether entries of a type name topics: an author or a clinic has none, and no topic keeps it out.

    Of a type that is registered no longer it is taken for granted: what nobody can judge is not handed out.
    """
    try:
        field = types.find(type).schema.fields.get(TOPICS)
    except NotFound:
        return True
    return isinstance(field, ListOf) and isinstance(field.inner, Ref) and field.inner.target == "topic"


@lru_cache(maxsize=1024)
def digest(*scopes: Scope) -> str:
    """Return a short text for what is in all of these scopes: another for others, the same in every process."""
    said = "\n".join(" ".join(sorted(part)) for scope in scopes for part in (scope.types, scope.locales, scope.topics))
    return blake2b(said.encode(), digest_size=8).hexdigest()
