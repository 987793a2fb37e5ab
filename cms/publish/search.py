"""Finding documents: which of their words are indexed, what a reader's query means, and what to show of a hit.

It knows no SQL and no query syntax of an engine: `cms.store.fulltext` does, and takes words alone.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any as Anything

from cms.content.fields import Blocks, Inline
from cms.content.types import Type
from cms.localize import stems
from cms.publish.snippets import snippet
from cms.store import Database, fulltext
from cms.store.fulltext import All, Any, Condition, Node, Phrase, Prefix, Term

Document = Mapping[str, Anything]

# Where the words of a document are: a path (lists are walked through), and the search field that they count for.
FIELDS = {
    "title": "title",
    "name": "title",
    "summary": "summary",
    "description_html": "summary",
    "bio_html": "summary",
    "job_title": "summary",
    "synonyms": "summary",
    "services": "extra",
    "specialisms": "extra",
    "networks": "extra",
    "addresses.city": "extra",
    "credentials.number": "extra",
    "credentials.title": "extra",
    "topics.title": "extra",
    "authors.name": "extra",
    "clinics.name": "extra",
    "codes.code": "extra",
    "body": "body",
}
# What is read of a block, in the order in which it is shown. A notice is about the block, and no part of it.
TEXTS = ("title", "question", "caption", "html", "text", "alt", "cite", "name")
NESTED = ("clinic", "columns", "rows", "cells", "items", "body", "answer")

MOST_WORDS = 32  # of a query; the rest is ignored
LEAST_PREFIX = 2  # characters before a *; one alone would match half of the index

_TAG = re.compile(r"""<(?:"[^"]*"|'[^']*'|[^'">])*>""")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_QUOTES = re.compile('["“”„«»]')
_HYPHENS = frozenset("-\u2010\u2011")


@dataclass(frozen=True)
class Segment:
    """A piece of plain text that a phrase may run through, and the locale that it is in."""

    text: str
    locale: str


@dataclass(frozen=True)
class Hit:
    """An entry that matches; the snippet is HTML, with the matching words in `<mark>`."""

    entry: str
    snippet_html: str


@dataclass(frozen=True)
class Found:
    """How many entries match, and one page of them, best first."""

    total: int = 0
    hits: list[Hit] = field(default_factory=list)


def fields_of(kind: Type) -> dict[str, str]:
    """Return where the words of a type's documents are: FIELDS, its title, and what it calls searchable."""
    own = {kind.title: "title"}
    for name, shape in kind.schema.fields.items():
        if isinstance(shape, Blocks):
            own[name] = "body"
        elif shape.metadata.get("searchable"):
            own.setdefault(f"{name}_html" if isinstance(shape, Inline) else name, "extra")
    return {**own, **FIELDS}


def index(db: Database, document: Document, fields: Mapping[str, str] = FIELDS) -> None:
    """Index a document, or index it anew; `fields` is what `fields_of` its type gives."""
    found = collect(document, fields)
    bag: dict[str, None] = {}
    streams: dict[str, Iterable[str | None]] = {name: list(_stream(found[name], bag)) for name in fulltext.FIELDS}
    for segment in found["extra"]:
        for word in _stream([segment], bag):
            if word is not None:
                bag[word] = None
    fulltext.put(
        db,
        locale=document["locale"],
        type=document["type"],
        entry=document["id"],
        fields={**streams, "extra": bag},
        text="\n".join(segment.text for name in ("summary", "body") for segment in found[name]),
    )


def unindex(db: Database, locale: str, entry: str) -> None:
    """Take an entry out of the index of a locale."""
    fulltext.remove(db, locale, entry)


def find(
    db: Database,
    locale: str,
    q: str,
    type: str | None = None,
    limit: int = 20,
    offset: int = 0,
    within: Condition = fulltext.ANYTHING,
) -> Found:
    """Return the documents that a reader's words find in one locale. Never raises for what the reader wrote."""
    node = understand(q, locale)
    if node is None:
        return Found()
    entries = fulltext.match(db, node, locale, type, limit, offset, within)
    # A page that is not full says how many there are; only a full one, or one beyond the end, needs a count.
    last = 0 < len(entries) < limit
    total = offset + len(entries) if last else fulltext.count(db, node, locale, type, within)
    texts = fulltext.texts(db, locale, entries)
    return Found(total, [Hit(entry, snippet(texts.get(entry, ""), node, locale)) for entry in entries])


def understand(q: str, locale: str) -> Node | None:
    """Return what a query asks for, None where it holds no words.

    Words are all required, each as its stem, as it was typed, or as the parts of the compound that it is; words such
    as "the" are, unless there are no others, not asked for. "…" is a phrase, word* any word that begins so.
    """
    kept: list[Node] = []
    stop: list[Node] = []
    left = MOST_WORDS
    pieces = _QUOTES.split(q)
    for number, piece in enumerate(pieces):
        quoted = number % 2 == 1 and number < len(pieces) - 1  # a quote that is never closed means nothing
        groups = list(_groups(piece))
        if quoted:
            groups = [[word for group in groups for word in group]]
        for group in groups:
            group = group[:left]
            left -= len(group)
            if not group:
                continue
            if quoted:
                kept.append(_phrase([word for _, _, word in group], locale))
            elif (prefix := _prefix(piece, group)) is not None:
                kept.append(_all([*(_word(word, locale) for _, _, word in group[:-1]), prefix]))
            elif all(stems.is_stop_word(word, locale) for _, _, word in group):
                stop.append(_group(group, locale))
            else:
                kept.append(_group(group, locale))
    asked = list(dict.fromkeys(kept or stop))
    return _all(asked) if asked else None


def collect(document: Document, fields: Mapping[str, str] = FIELDS) -> dict[str, list[Segment]]:
    """Return the plain text of a document, by search field."""
    found: dict[str, list[Segment]] = {"title": [], "summary": [], "body": [], "extra": []}
    locale = document["locale"]
    for path, name in fields.items():
        if name == "body":
            for block in document.get(path) or ():
                found[name] += _block(block, locale)
        else:
            found[name] += [Segment(text, locale) for text in _at(document, path.split("."))]
    return found


def _at(value: Anything, path: list[str]) -> Iterator[str]:
    if isinstance(value, Mapping):
        if path and path[0] in value:
            inner = value[path[0]]
            is_html = path[0].endswith("html") and isinstance(inner, str)
            yield from _at(_plain(inner) if is_html else inner, path[1:])
    elif isinstance(value, str):
        if not path and (text := _spaced(value)):
            yield text
    elif isinstance(value, Iterable):
        for item in value:
            yield from _at(item, path)


def _block(block: Mapping[str, Anything], locale: str) -> Iterator[Segment]:
    """Walk a block, or a part of one; what is not in the document's language is stemmed in its own."""
    locale = block.get("lang") or locale
    for name in TEXTS:
        if isinstance(value := block.get(name), str):
            text = _spaced(_plain(value) if name == "html" else value)
            if text:
                yield Segment(text, locale)
    for name in NESTED:
        inner = block.get(name)
        for part in [inner] if isinstance(inner, Mapping) else inner or ():
            if isinstance(part, Mapping):
                yield from _block(part, locale)


def _plain(value: str) -> str:
    return unescape(_TAG.sub("", _BREAK.sub(" ", value)))


def _spaced(value: str) -> str:
    return " ".join(value.replace("\0", " ").split())


def _stream(segments: Iterable[Segment], bag: dict[str, None]) -> Iterator[str | None]:
    """Yield the stems of some text, and fill the bag with the other forms of its words.

    Where unaccented spelling gives other stems, the segment follows again in those, for who types it so in a phrase.
    """
    for segment in segments:
        groups = list(_groups(segment.text))
        found = [stems.forms(word, segment.locale) for group in groups for _, _, word in group]
        stemmed, plain = [word.stem for word in found], [word.plain for word in found]
        yield from (*stemmed, None)
        if plain != stemmed:
            yield from (*plain, None)
        for word in found:
            if len(word.every) > 1:
                bag.update(dict.fromkeys(word.every))
        for group in groups:
            if len(group) > 1:
                bag.update(dict.fromkeys(stems.forms(_joined(group), segment.locale).every))


def _groups(text: str) -> Iterator[list[tuple[int, int, str]]]:
    """Yield the words of a text, those together that a hyphen, or a script without spaces, holds together."""
    group: list[tuple[int, int, str]] = []
    for span in stems.words(text):
        if group and not _close(text, group[-1], span):
            yield group
            group = []
        group.append(span)
    if group:
        yield group


def _close(text: str, one: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    gap = other[0] - one[1]
    if gap == 0:
        return stems.unspaced(one[2]) and stems.unspaced(other[2])
    return gap == 1 and text[one[1]] in _HYPHENS


def _joined(group: Iterable[tuple[int, int, str]]) -> str:
    return "".join(word for _, _, word in group)


def _prefix(piece: str, group: list[tuple[int, int, str]]) -> Prefix | None:
    _, end, word = group[-1]
    start = stems.fold(word)
    return Prefix(start) if piece[end : end + 1] == "*" and len(start) >= LEAST_PREFIX else None


def _group(group: list[tuple[int, int, str]], locale: str) -> Node:
    words = [word for _, _, word in group]
    if len(words) == 1:
        return _word(words[0], locale)
    if stems.unspaced(words[0]):
        return _phrase(words, locale)
    return _any([_all([_word(word, locale) for word in words]), _word("".join(words), locale)])


def _word(word: str, locale: str) -> Node:
    found = stems.forms(word, locale)
    whole: list[Node] = [Term(form) for form in (found.stem, found.plain, found.raw)]
    return _any([*whole, _all([Term(part) for part in found.parts])] if found.parts else whole)


def _phrase(words: list[str], locale: str) -> Node:
    found = [stems.forms(word, locale) for word in words]
    return _any([Phrase(tuple(word.stem for word in found)), Phrase(tuple(word.plain for word in found))])


def _all(nodes: Iterable[Node]) -> Node:
    once = tuple(dict.fromkeys(nodes))
    return once[0] if len(once) == 1 else All(once)


def _any(nodes: Iterable[Node]) -> Node:
    once = tuple(dict.fromkeys(nodes))
    return once[0] if len(once) == 1 else Any(once)
