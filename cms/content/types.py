"""The registry of content types. A type is a marshmallow schema and a few facts about it; nothing is generated."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from marshmallow import RAISE, Schema

from cms.content.fields import ListOf, Slug, Text
from cms.errors import NotFound
from cms.site import TRUST_RULES

# What every document carries beside its fields; a field of the same name would be lost.
ENVELOPE = frozenset(
    {"id", "type", "locale", "dir", "translation", "alternates", "published_at", "content_changed_at", "modified_at"}
    | {"update_type", "version", "url", "canonical_url", "attribution", "indexing", "refresh_by", "display_until"}
    | {"review_state", "review_notice", "review_notice_lang"}
)


class ContentType(Schema):
    """The base of every content type: fields that all of them have."""

    class Meta:
        """Refuse what the schema does not name."""

        unknown = RAISE

    slug = Slug()


@dataclass(frozen=True)
class Type:
    """Describe a content type: `title` is the field that names an entry, `card` the fields that others embed."""

    name: str
    plural: str
    schema: Schema
    title: str
    card: tuple[str, ...]
    trust: frozenset[str]


_types: dict[str, Type] = {}


def content_type(
    name: str, *, plural: str, title: str = "title", card: tuple[str, ...] = (), trust: tuple[str, ...] = ()
) -> Callable[[type[ContentType]], type[ContentType]]:
    """Register a schema as a content type; `trust` names the rules of cms.site.TRUST_RULES that it publishes by.

    Raises ValueError for a name, plural, field or rule that cannot be.
    """

    def register(schema: type[ContentType]) -> type[ContentType]:
        known = schema().fields
        others = [other for other in _types.values() if other.name != name]
        wrong = {
            "missing": [field for field in (title, *card) if field not in known],
            # Every entry has a title that is filled: its card, its slug and its place in lists are made of it.
            "untitled": title in known and not (isinstance(known[title], Text) and known[title].required),
            "reserved": sorted(ENVELOPE & known.keys()),
            "taken": [other.name for other in others if {name, plural} & {other.plural, other.name}],
            "unknown": sorted(set(trust) - set(TRUST_RULES)),
            # A path names values by ids; the texts of a plain list have none (use Lines).
            "pathless": [field for field, shape in known.items() if _is_pathless(shape)],
            "unnamed": not (name.isidentifier() and plural.isidentifier()),
        }
        if found := [f"{fault}={what!r}" for fault, what in wrong.items() if what]:
            raise ValueError(f"content type {name!r}: {' '.join(found)}")
        _types[name] = Type(name, plural, schema(), title, tuple(dict.fromkeys((title, *card))), frozenset(trust))
        return schema

    return register


def _is_pathless(shape: object) -> bool:
    return isinstance(shape, ListOf) and bool(shape.inner.metadata.get("translatable"))


def find(name: str) -> Type:
    """Return the type of that name; NotFound where there is none."""
    try:
        return _types[name]
    except KeyError:
        raise NotFound("type", name) from None


def find_plural(plural: str) -> Type:
    """Return the type whose collection has that name; NotFound where there is none."""
    for kind in _types.values():
        if kind.plural == plural:
            return kind
    raise NotFound("type", plural)


def every() -> Iterator[Type]:
    """Yield all registered types, in the order of registration."""
    yield from _types.values()
