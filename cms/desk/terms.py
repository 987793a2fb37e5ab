"""The glossary in somebody's name: a term kept, changed or forgotten. It knows not how terms are found in texts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from cms.desk.doing import doing
from cms.errors import Invalid, Problem
from cms.localize import glossary
from cms.localize.glossary import Term
from cms.people import audit, rights
from cms.people.rights import Actor
from cms.store import Database, write


def save(db: Database, actor: Actor, term: Term, *, now: datetime, instead_of: Term | None = None) -> Term:
    """Keep a term, in the place of another where one is given; return it as it is kept. Raises Invalid, Forbidden."""
    kept = glossary.tidied(term)
    if instead_of is not None:
        rights.require(actor, "glossary.save", locale=instead_of.target_locale)
    with doing(db, actor, "glossary.save", now=now, locale=kept.target_locale, note=kept.source[:200]) as record:
        if instead_of is not None and glossary.remove(db, instead_of):
            record.before = asdict(instead_of)
        try:
            glossary.add(db, [kept])
        except Invalid as error:
            # One term was given: its place in the list says nothing.
            raise Invalid([_alone(problem) for problem in error.problems]) from None
        record.after = asdict(kept)
    return kept


def remove(db: Database, actor: Actor, term: Term, *, now: datetime) -> bool:
    """Forget a term, and return whether it was there. Raises Forbidden."""
    with doing(db, actor, "glossary.save", now=now, locale=term.target_locale, note=term.source[:200]) as record:
        found = glossary.remove(db, term)
        record.before, record.nothing_done = asdict(term), not found
        return found


def load(db: Database, actor: Actor, given: Sequence[Term], *, now: datetime, replace_all: bool = False) -> int:
    """Keep many terms in one write, or none; return how many. `replace_all` as in `glossary.add`.

    Raises Invalid, Forbidden for any of their languages.
    """
    kept = [glossary.tidied(term) for term in given]
    for locale in sorted({term.target_locale for term in kept}):
        rights.require(actor, "glossary.save", locale=locale)
    with write(db):
        stored = glossary.add(db, kept, replace_all=replace_all)
        for locale, count in sorted(Counter(term.target_locale for term in kept).items()):
            after = {"terms": count, "replaced_all": replace_all}
            audit.record(db, actor, "glossary.save", now=now, locale=locale, after=after)
        return stored


def _alone(problem: Problem) -> Problem:
    return Problem(problem.pointer.removeprefix("/0"), problem.code, problem.values)
