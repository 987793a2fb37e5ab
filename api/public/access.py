"""Who asks the delivery API: anybody, or a partner by its key, who is given its part alone.

What a partner may have is decided in the library. Where nobody shows a key, all that is done is to look for one.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, after_this_request, current_app, request

from api import bearer
from api.connections import Connections
from api.settings import Settings
from cms.content import types
from cms.content.types import Type
from cms.errors import KeyMissing, KeyOfProgram
from cms.partners import holdings, partner_keys, scopes
from cms.partners.partners import Partner
from cms.partners.scopes import Scope
from cms.partners.usage import NOBODY, Meter
from cms.people import keys
from cms.publish import documents, events
from cms.publish.documents import Document
from cms.publish.references import TOPICS
from cms.store import Database
from cms.store.fulltext import ANYTHING, Condition

# Where in the environ the partner is found who asks, and what counts. Looking there is the fastest that there is.
PARTNER, METER = "tolk.partner", "tolk.meter"
ALL = Scope()
Environ = dict[str, Any]
# What needs no key, and looks at none: what leads to the API, proves what it gave, or has doors of its own.
OPEN = frozenset({"/", "/health", "/ready", "/docs", "/embed.js", "/v1/openapi.json"})
OPEN_BELOW = ("/admin", "/manage", "/docs/", "/media/", "/.well-known/", "/v1/signatures/")


def set_up(app: Flask, settings: Settings, connections: Connections) -> Callable[[Environ], None]:
    """Return what learns of a request who makes it; where keys are asked for, it refuses who shows none."""
    key_only = settings.public == "key"
    own = f"private, max-age={min(60, settings.cache_seconds)}"
    meter = Meter()
    app.extensions["tolk_meter"] = meter
    app.config["KEY_ONLY"] = key_only

    def enter(environ: Environ) -> None:
        environ[METER] = meter
        if "HTTP_AUTHORIZATION" in environ or key_only:
            if environ["REQUEST_METHOD"] == "OPTIONS" or is_open(environ.get("PATH_INFO", "")):
                return
            shown, db, now = bearer.secret(), connections.get(), datetime.now(UTC)
            after_this_request(keep_private)
            environ[PARTNER] = bearer.known(db, shown, partner_keys.who, keys.knows, KeyOfProgram, now)

    def keep_private(response: Response) -> Response:
        if response.headers.get("Cache-Control", "").startswith("public"):
            response.headers["Cache-Control"] = own
        return response

    return enter


def partner() -> Partner | None:
    """Return the partner who asks, None where nobody showed a key."""
    found: Partner | None = request.environ.get(PARTNER)
    return found


def needed() -> Partner:
    """Return the partner who asks. Raises KeyMissing where nobody showed a key."""
    if (found := partner()) is None:
        raise KeyMissing
    return found


def scope() -> Scope:
    """Return which part of what is published who asks may have."""
    return who.scope if (who := partner()) else ALL


def locales() -> tuple[str, ...]:
    """Return the languages, of the installation's, that who asks may have."""
    known: tuple[str, ...] = current_app.config["SITE"].locales
    if not (own := scope().locales):
        return known
    return tuple(locale for locale in known if locale in own)


def has(kind: Type) -> bool:
    """Tell whether who asks may have anything of a type."""
    own = scope().types
    return not own or kind.name in own


def topics(kind: Type) -> tuple[str, ...]:
    """Return the topics of which an entry of a type must name one to be given to who asks; none where all is."""
    own = scope().topics
    return tuple(sorted(own)) if own and scopes.has_topics(kind.name) else ()


def read(db: Database, locale: str, type_name: str, handle: str) -> Document | None:
    """Return what stands at an address, as `documents.read` does; what is not for who asks is not there."""
    return own(db, locale, type_name, documents.read(db, locale, type_name, handle))


def own(db: Database, locale: str, type_name: str, document: Document | None) -> Document | None:
    """Return a document of an address if it is for who asks, None where it is not."""
    if document is None or not (limits := scope()):
        return document
    return document if _fits(db, limits, document.entry, type_name, locale, document.seq) else None


def slugs(db: Database, type_name: str, entry: str) -> dict[str, str]:
    """Return where an entry is live, as `documents.slugs` does, for who asks."""
    found = documents.slugs(db, type_name, entry)
    if not (limits := scope()):
        return found
    return {locale: slug for locale, slug in found.items() if _fits(db, limits, entry, type_name, locale)}


def condition() -> Condition:
    """Return what a search adds, that only what is for who asks be found."""
    limits, terms, values = scope(), [], []
    if limits.types:
        terms.append(f"t.type in ({_marks(limits.types)})")
        values += sorted(limits.types)
    if limits.topics:
        without = [kind.name for kind in types.every() if not scopes.has_topics(kind.name)]
        named = f"t.entry in (select entry from reference where target in ({_marks(limits.topics)}) and field = ?)"
        terms.append(f"(t.type in ({_marks(without)}) or {named})" if without else named)
        values += [*without, *sorted(limits.topics), TOPICS]
    return (" and ".join(terms), values) if terms else ANYTHING


def gave(way: str, locale: str, document: Document, *, whole: bool = True) -> None:
    """Count that a document was given to who asks; where that is a partner, and got the `whole` of it, note it."""
    environ = request.environ
    if environ["REQUEST_METHOD"] == "HEAD":
        return
    who: Partner | None = environ.get(PARTNER)
    environ[METER].count(who.id if who else NOBODY, document.entry, locale, way)
    if who is not None and whole:
        _note(who, way, locale, [(document.entry, document.seq)])


def gave_many(way: str, locale: str, given: Sequence[tuple[str, int]], *, whole: bool) -> None:
    """Count and note the same of several documents, as (entry, `seq`); who showed no key is not counted here."""
    if (who := partner()) is None or request.method == "HEAD":
        return
    count(way, locale, [entry for entry, _ in given])
    if whole:
        _note(who, way, locale, given)


def count(way: str, locale: str, entries: Iterable[str]) -> None:
    """Count that documents were given to who asks."""
    meter, who = request.environ[METER], partner()
    for entry in entries:
        meter.count(who.id if who else NOBODY, entry, locale, way)


def is_open(path: str) -> bool:
    """Tell whether an address needs no key wherever keys are asked for, and looks at none."""
    return path in OPEN or path.startswith(OPEN_BELOW)


def _note(who: Partner, how: str, locale: str, given: Sequence[tuple[str, int]]) -> None:
    db: Database = current_app.extensions["tolk_connections"].get()
    new = holdings.lacking(db, who.id, [(entry, locale, seq) for entry, seq in given])
    if new:
        told = events.facts(db, [seq for _, _, seq in new])
        versions = [(entry, where, int(told.get(seq, {}).get("revision", 0)), seq) for entry, where, seq in new]
        holdings.note(db, who.id, versions, how, datetime.now(UTC))


def _fits(db: Database, limits: Scope, entry: str, type_name: str, locale: str, seq: int = 0) -> bool:
    about = _topics_of(db, entry, seq) if limits.topics and scopes.has_topics(type_name) else ()
    return scopes.fits(limits, type=type_name, locale=locale, topics=about)


def _topics_of(db: Database, entry: str, seq: int) -> Sequence[str]:
    rows = db.query("select target from reference where entry = ? and field = ?", [entry, TOPICS])
    if found := [row["target"] for row in rows]:
        return found
    # What is withdrawn everywhere refers to nothing any longer, and is about what it was about.
    told = events.facts(db, [seq]) if seq else {}
    return tuple(told.get(seq, {}).get("topics", ()))


def _marks(values: Iterable[str]) -> str:
    return ", ".join("?" for _ in values)
