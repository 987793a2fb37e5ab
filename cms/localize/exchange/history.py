"""Which source text a received unit belongs to: the newest, an older one, or none that Tolk knows."""

import unicodedata
from dataclasses import dataclass

from cms.content import entries, revisions, types
from cms.content.entries import Entry
from cms.errors import NotFound
from cms.localize import translations
from cms.localize.exchange.codes import Content, shown
from cms.localize.exchange.inline import plain
from cms.localize.exchange.received import Received
from cms.localize.exchange.units import Value, tree, values
from cms.localize.translations import Translation
from cms.store import Database


@dataclass(frozen=True)
class Found:
    """A source text: the segment with its field, the revision that it was read in, and whether it is the newest."""

    value: Value
    revision: int
    is_current: bool


class History:
    """The source texts of one entry, newest first, and what a locale has for them; older ones are read when asked."""

    def __init__(self, db: Database, entry: Entry, locale: str) -> None:
        self._db, self.entry = db, entry
        self._kind = types.find(entry.type)
        self.newest = values(self._kind, revisions.get(db, entry.id, entry.latest).content)
        self._older: dict[str, list[Found]] | None = None
        self.standing: dict[tuple[str, str], Translation] = {}
        for each in translations.working(db, entry.id, locale):
            self.standing[each.path, each.source_hash] = each

    def find(self, received: Received) -> Found | None:
        """Return the source text that a unit was translated from: by its hash, else by the text in the file.

        A hash counts only where the text in the file reads as the hashed one does: some tools let the source be
        edited and keep the hash.
        """
        known = self._known(received.path, received.source_hash, received.source)
        if received.source_hash:
            for found in known:
                if found.value.segment.source_hash == received.source_hash and _is_alike(received.source, found.value):
                    return found
        if received.source is None:
            return None
        return next((found for found in known if _is_alike(received.source, found.value)), None)

    def texts_of_older(self, path: str, source_hash: str) -> list[str]:
        """Return the translations at a path that were made from other source texts."""
        return [each.text for (at, made_from), each in self.standing.items() if at == path and made_from != source_hash]

    def _known(self, path: str, source_hash: str, source: Content | None) -> list[Found]:
        value = self.newest.get(path)
        current = [Found(value, self.entry.latest, True)] if value else []
        is_enough = bool(value) and value is not None and _is_alike(source, value)
        if is_enough and value and source_hash in ("", value.segment.source_hash):
            return current
        if self._older is None:
            self._older = self._read_older()
        return current + self._older.get(path, [])

    def _read_older(self) -> dict[str, list[Found]]:
        found: dict[str, list[Found]] = {}
        for number in range(self.entry.latest - 1, 0, -1):
            content = revisions.get(self._db, self.entry.id, number).content
            for path, value in values(self._kind, content).items():
                hashes = [each.value.segment.source_hash for each in found.get(path, [])]
                newest = self.newest.get(path)
                if newest:
                    hashes.append(newest.segment.source_hash)
                if value.segment.source_hash not in hashes:
                    found.setdefault(path, []).append(Found(value, number, False))
        return found


def read(db: Database, entry: str, locale: str) -> History | None:
    """Return the history of an entry, None where there is no such entry."""
    try:
        return History(db, entries.find(db, entry), locale)
    except NotFound:
        return None


def _is_alike(content: Content | None, value: Value) -> bool:
    """Tell whether a text in a file is a source text, whatever a tool made of its spaces; no text contradicts none."""
    if content is None:
        return True
    source = value.segment.source
    known = plain(tree(source, value.is_inline)) if isinstance(content, tuple) else source
    return _bare(shown(content)) == _bare(known)


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split())
