"""The engine's own full-text index, FTS5 or tsvector with GIN, behind one door. It knows words, and no language.

Every word is kept as it is given, marked with its locale, so that a search in one locale touches no other. What
either engine could not keep (a word too long, too far on or too often) is dropped for both: they find the same.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cms.store.protocol import Database

FIELDS = ("title", "summary", "body")  # in these the order of words counts; "extra" is a bag
LONGEST = 64  # characters of a word that count; a lexeme of PostgreSQL has at most 2,046 bytes
POSITIONS = 16_000  # PostgreSQL can tell positions up to 16,383 apart
BAG = 16_383  # stands for no position: a word without any would be found whatever weight is asked for
REPEATS = 255  # and keeps at most 256 of one lexeme
BYTES = 800_000  # and 1 MB of lexemes in one vector
OFTEN = 3  # times that a word of the body stands in it for it to be what the text is about
RANKED = 1000  # matches that PostgreSQL ranks by the whole text; those beyond by what they are about
GAP = "~"  # stands between words that are not neighbours

_ODD = re.compile("[^0-9a-z_.\u00a0-\ud7ff\ue000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Term:
    """The word itself."""

    word: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """Any word that begins so."""

    start: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """These words, one after the other, in one field that is not a bag."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class All:
    """Every one of these."""

    nodes: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Any:
    """At least one of these."""

    nodes: "tuple[Node, ...]"


Node = Term | Prefix | Phrase | All | Any
# A further condition on what is found, on `t.entry` and `t.type`, with the values that it takes.
Condition = tuple[str, Sequence[str]]
ANYTHING: Condition = ("", ())


def create(db: Database) -> None:
    """Make the index and the table of plain texts that snippets are cut from."""
    for statement in _CREATE[db.engine]:
        db.execute(statement)


def clear(db: Database) -> None:
    """Forget everything: the way to start afresh when words are stemmed in another way."""
    for table in _TABLES[db.engine]:
        db.execute(f"drop table {table}")
    create(db)


def put(
    db: Database,
    *,
    locale: str,
    type: str,
    entry: str,
    fields: Mapping[str, Iterable[str | None]],
    text: str = "",
) -> None:
    """Index an entry in a locale, or index it anew.

    `fields` holds the words of "title", "summary" and "body" in their order, None where a phrase must not run on, and
    those of "extra" in any order. `text` is what `texts` gives back.
    """
    laid, extra = lay_out(locale, fields)
    if db.engine == "sqlite":
        remove(db, locale, entry)
        row = db.execute(
            "insert into search_text (locale, type, entry, text) values (?, ?, ?, ?) returning docid",
            (locale, type, entry, text),
        ).fetchone()
        columns = [*(" ".join(word or GAP for word in words) for words in laid), " ".join(extra)]
        db.execute(
            "insert into search_index (rowid, scope, title, summary, body, extra) values (?, ?, ?, ?, ?, ?)",
            (row[0], _clean(type), *columns),
        )
        return
    db.execute(
        "insert into search_text (locale, type, entry, text, vector, head)"
        " values (?, ?, ?, ?, cast(? as tsvector), cast(? as tsvector)) on conflict (locale, entry) do update"
        " set type = excluded.type, text = excluded.text, vector = excluded.vector, head = excluded.head",
        (locale, type, entry, text, *_vectors(laid, extra)),
    )


def remove(db: Database, locale: str, entry: str) -> None:
    """Take an entry out of the index of a locale, if it is there."""
    where, key = "where locale = ? and entry = ?", (locale, entry)
    if db.engine == "sqlite":
        db.execute(f"delete from search_index where rowid = (select docid from search_text {where})", key)
    db.execute(f"delete from search_text {where}", key)


def match(
    db: Database,
    node: Node,
    locale: str,
    type: str | None = None,
    limit: int = 20,
    offset: int = 0,
    within: Condition = ANYTHING,
) -> list[str]:
    """Return the ids of the entries that match, best first: a title counts most, then summary, body and extra."""
    if db.engine == "sqlite":
        sql = (
            "select t.entry from search_index join search_text t on t.docid = search_index.rowid"
            f" where search_index match ?{_also(within)}"
            " order by bm25(search_index, 0.0, 10.0, 4.0, 1.0, 0.5), t.entry limit ? offset ?"
        )
        return [row["entry"] for row in db.query(sql, (_fts5_in(node, locale, type), *within[1], limit, offset))]
    query = _tsquery(node, locale)
    where, params = _where(query, type, within)
    # Ranking reads a whole vector, 10 µs each: the short heads choose which are worth it when many match.
    sql = (
        f"select entry from (select entry, vector, row_number() over (order by {_RANK.format('head')} desc, entry)"
        f" as place from search_text t where {where}) found"
        f" order by case when place <= {RANKED} then {_RANK.format('vector')} else -place end desc, entry"
        " limit ? offset ?"
    )
    return [row["entry"] for row in db.query(sql, (query, *params, query, limit, offset))]


def count(db: Database, node: Node, locale: str, type: str | None = None, within: Condition = ANYTHING) -> int:
    """Count the entries that match."""
    if db.engine == "sqlite":
        joined = " join search_text t on t.docid = search_index.rowid" if within[0] else ""
        sql = f"select count(*) from search_index{joined} where search_index match ?{_also(within)}"
        return int(db.execute(sql, (_fts5_in(node, locale, type), *within[1])).fetchone()[0])
    where, params = _where(_tsquery(node, locale), type, within)
    return int(db.execute(f"select count(*) from search_text t where {where}", params).fetchone()[0])


def texts(db: Database, locale: str, entries: Sequence[str]) -> dict[str, str]:
    """Return the plain text of each of these entries that is indexed."""
    if not entries:
        return {}
    marks = ", ".join("?" * len(entries))
    sql = f"select entry, text from search_text where locale = ? and entry in ({marks})"
    return {row["entry"]: row["text"] for row in db.query(sql, (locale, *entries))}


def lay_out(locale: str, fields: Mapping[str, Iterable[str | None]]) -> tuple[list[list[str | None]], list[str]]:
    """Return the marked words of each field, None where a phrase breaks, and the bag; within both engines' limits."""
    laid: list[list[str | None]] = []
    repeats: dict[str, int] = {}
    spilt: list[str] = []
    position = size = 0
    for field in FIELDS:
        words: list[str | None] = []
        for word in fields.get(field, ()):
            marked = mark(locale, word) if word else None
            if marked is None:
                if not words or words[-1] is None:
                    continue
            elif position >= POSITIONS or repeats.get(marked, 0) >= REPEATS:
                spilt.append(marked)
                marked = None
            elif marked in repeats:
                repeats[marked] += 1
            elif size < BYTES:
                size += len(marked.encode())
                repeats[marked] = 1
            else:
                marked = None
            if position < POSITIONS:
                words.append(marked)
                position += 1
        laid.append(words)
        position += 1
    extra: dict[str, None] = {}
    for marked in (*spilt, *(mark(locale, word) for word in fields.get("extra", ()) if word)):
        if marked not in repeats and marked not in extra:
            size += len(marked.encode())
            if size > BYTES:
                break
            extra[marked] = None
    return laid, list(extra)


@lru_cache(maxsize=1 << 16)
def mark(locale: str, word: str) -> str:
    """Return the word as the index keeps it: `nl:knie`."""
    return f"{_clean(locale)}:{_clean(word)}"


def _clean(word: str) -> str:
    """Leave nothing in a word that either engine's syntax or tokenizer could take for anything but a letter."""
    return _ODD.sub("_", word[:LONGEST].lower())[:LONGEST]


def _vectors(laid: Sequence[Sequence[str | None]], extra: Iterable[str]) -> tuple[str, str]:
    """Write two tsvectors: all words, weighted A, B or C by field, the bag's D; and those that the text is about."""
    places: dict[str, list[str]] = {}
    heads: dict[str, None] = {}
    position = 0
    for words, weight in zip(laid, "ABC", strict=True):
        for word in words:
            position += 1
            if word:
                at = places.setdefault(word, [])
                at.append(f"{position}{weight}")
                if weight != "C" or len(at) == OFTEN:
                    heads[word] = None
        position += 1  # so that no phrase runs from one field into the next
    written = {word: f"'{word}':{','.join(at)}" for word, at in places.items()}
    return (
        " ".join([*written.values(), *(f"'{word}':{BAG}" for word in extra)]),
        " ".join(written[word] for word in heads),
    )


def _where(query: str, type: str | None, within: Condition) -> tuple[str, tuple[str, ...]]:
    if type is None:
        return f"vector @@ cast(? as tsquery){_also(within)}", (query, *within[1])
    return f"vector @@ cast(? as tsquery) and type = ?{_also(within)}", (query, type, *within[1])


def _also(within: Condition) -> str:
    return f" and {within[0]}" if within[0] else ""


def _fts5_in(node: Node, locale: str, type: str | None) -> str:
    query = _fts5(node, locale)
    return query if type is None else f'scope : "{_clean(type)}" AND {query}'


def _fts5(node: Node, locale: str) -> str:
    """Write a query of FTS5 (sqlite.org/fts5.html, section 3); every word is a quoted string."""
    match node:
        case Term(word):
            return f'"{mark(locale, word)}"'
        case Prefix(start):
            return f'"{mark(locale, start)}" *'
        case Phrase(words):
            return f'({{title summary body}} : "{" ".join(mark(locale, word) for word in words)}")'
        case All(nodes):
            return f"({' AND '.join(_fts5(inner, locale) for inner in nodes)})"
        case Any(nodes):
            return f"({' OR '.join(_fts5(inner, locale) for inner in nodes)})"


def _tsquery(node: Node, locale: str) -> str:
    """Write a tsquery (PostgreSQL manual, section 8.11.2); every word is quoted."""
    match node:
        case Term(word):
            return f"'{mark(locale, word)}'"
        case Prefix(start):
            return f"'{mark(locale, start)}':*"
        case Phrase(words):
            # The weights keep a phrase out of the bag, as FTS5's columns do.
            return "({})".format(" <-> ".join(f"'{mark(locale, word)}':ABC" for word in words))
        case All(nodes):
            return f"({' & '.join(_tsquery(inner, locale) for inner in nodes)})"
        case Any(nodes):
            return f"({' | '.join(_tsquery(inner, locale) for inner in nodes)})"


_RANK = "ts_rank('{{0.05, 0.15, 0.5, 1}}', {}, cast(? as tsquery), 1)"
_TABLES = {"sqlite": ("search_index", "search_text"), "postgresql": ("search_text",)}
_CREATE = {
    "sqlite": (
        "create table search_text (docid integer primary key, locale text not null, type text not null,"
        " entry text not null, text text not null) strict",
        "create unique index idx_search_text_locale_entry on search_text (locale, entry)",
        # The tokenizer only splits at spaces: all that may be in a word is a letter to it.
        "create virtual table search_index using fts5(scope, title, summary, body, extra,"
        f""" tokenize = "ascii tokenchars '._:{GAP}'")""",
    ),
    "postgresql": (
        'create table search_text (locale text collate "C" not null, type text collate "C" not null,'
        ' entry text collate "C" not null, text text collate "C" not null, vector tsvector not null,'
        " head tsvector not null,"
        " primary key (locale, entry))",
        # Without fastupdate a search never has to read a list of words that wait to be indexed.
        "create index idx_search_text_vector on search_text using gin (vector) with (fastupdate = off)",
    ),
}
