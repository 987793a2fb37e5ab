"""The glossary: how terms are to be translated, found in texts by their stems rather than letter by letter."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

from cms.content.fields import tidy
from cms.content.identity import new_id
from cms.errors import Invalid, Problem
from cms.localize import stems
from cms.store import Database, write

STATUSES = ("preferred", "forbidden", "keep")
COLUMNS = ("source_locale", "target_locale", "source", "target", "status", "note")


@dataclass(frozen=True)
class Term:
    """One rule: `source` is to be `target` (preferred), is never to be it (forbidden), or stays as it is (keep)."""

    source_locale: str
    target_locale: str
    source: str
    target: str
    status: str
    note: str = ""


@dataclass(frozen=True)
class Place:
    """Where a term stands in a text: [start, end) in characters."""

    term: Term
    start: int
    end: int


def add(db: Database, terms: Iterable[Term]) -> int:
    """Store terms; the same rule again replaces its note. Returns how many were given. Raises Invalid, storing none."""
    wanted = list(terms)
    problems = [problem for number, term in enumerate(wanted) for problem in _problems(number, term)]
    if problems:
        raise Invalid(problems)
    with write(db):
        for term in wanted:
            remove(db, term)
            db.table("term").insert({"id": new_id(), **asdict(term)})
    return len(wanted)


def remove(db: Database, term: Term) -> None:
    """Forget a rule, whatever its note."""
    with write(db):
        db.table("term").delete_where(
            "source_locale = ? and target_locale = ? and source = ? and target = ? and status = ?",
            [term.source_locale, term.target_locale, term.source, term.target, term.status],
        )


def terms(db: Database, source_locale: str, target_locale: str) -> list[Term]:
    """Return the rules for one pair of languages, in the order of their sources."""
    rows = db.query(
        f"select {', '.join(COLUMNS)} from term where source_locale = ? and target_locale = ?"
        " order by source, status, target",
        [source_locale, target_locale],
    )
    return [Term(**row) for row in rows]


def in_text(known: Sequence[Term], text: str, locale: str) -> list[Place]:
    """Return where the sources of terms stand in a text, in any inflection. Pure."""
    return sorted(
        (Place(term, start, end) for term in known for start, end in find(term.source, text, locale)),
        key=lambda place: (place.start, -place.end),
    )


def find(phrase: str, text: str, locale: str) -> Iterator[tuple[int, int]]:
    """Yield where a word or phrase stands in a text, compared stem by stem. Pure."""
    wanted = [stems.stem(word, locale) for _, _, word in stems.words(phrase)]
    words = stems.words(text)
    found = [stems.stem(word, locale) for _, _, word in words]
    for at in range(len(found) - len(wanted) + 1 if wanted else 0):
        if found[at : at + len(wanted)] == wanted:
            yield words[at][0], words[at + len(wanted) - 1][1]


def to_csv(known: Iterable[Term]) -> str:
    """Return terms as CSV with a head line (RFC 4180)."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(asdict(term) for term in known)
    return out.getvalue()


def from_csv(text: str) -> list[Term]:
    """Return the terms of a CSV file with a head line. Raises Invalid where it lacks a column."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    missing = [name for name in COLUMNS[:-1] if name not in (reader.fieldnames or [])]
    if missing:
        raise Invalid([Problem("", "columns_missing", {"names": missing})])
    return [Term(**{name: tidy(row.get(name) or "") for name in COLUMNS}) for row in reader]


def _problems(number: int, term: Term) -> Iterator[Problem]:
    if term.status not in STATUSES:
        values = {"value": term.status, "choices": list(STATUSES)}
        yield Problem(f"/{number}/status", "not_a_choice", values)
    for name in ("source", "target") if term.status != "keep" else ("source",):
        if not getattr(term, name).strip():
            yield Problem(f"/{number}/{name}", "blank")
