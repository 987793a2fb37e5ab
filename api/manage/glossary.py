"""The glossary: how terms are to be translated. A term is known by its two languages and its two texts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.manage.asking import LIMIT, PAGE, cut, flag, listed, words
from api.manage.bodies import Body
from api.manage.operations import Answer, Call, Group
from cms.content.fields import Choice, Inline, one
from cms.desk import terms as desk
from cms.errors import NotFound
from cms.localize import glossary, glossary_csv
from cms.localize.glossary import STATUSES, Term
from cms.people import rights

group = Group("glossary", "How terms are to be translated: preferred, forbidden, or kept as they are.")

SOURCE = words("source_locale", "Only terms of this language.", 40)
TARGET = words("target_locale", "Only terms for this language; a key that is limited by language names one.", 40)
SEARCH = words("search", "Only terms that hold this text.", 200)
NAMES = (
    words("source_locale", "The language of the term.", 40),
    words("target_locale", "The language that it is translated into.", 40),
    words("source", "The term."),
    words("target", "Its translation; empty for what is kept as it is."),
)
KEPT = ("source_locale", "target_locale", "source", "target")
REPLACE = flag("replace_all", "The languages that occur in the file keep no other terms.")


class Named(Body):
    """By what a term is known."""

    source_locale = Inline(required=True, max_length=40)
    target_locale = Inline(required=True, max_length=40)
    source = Inline(required=True, max_length=500)
    target = Inline(max_length=500, load_default="")


class Kept(Named):
    """A term: `source` is to be `target` (preferred), is never to be it (forbidden), or stays as it is (keep)."""

    status = Choice(*STATUSES, required=True)
    note = Inline(max_length=500, load_default="")


class Change(Body):
    """A term in the place of another."""

    instead_of = one(Named, required=True)
    term = one(Kept, required=True)


@dataclass(frozen=True)
class Loaded:
    """How many terms a file brought."""

    terms: int


def _may_read(call: Call) -> None:
    rights.require(call.actor, "translation.read", "", call.asked["target_locale"])


def _known(call: Call) -> list[Term]:
    return glossary.terms(call.db, call.asked["source_locale"], call.asked["target_locale"])


@group.does(
    "GET",
    "/glossary",
    needs="translation.read",
    gives=listed(Term),
    query=(SOURCE, TARGET, SEARCH, PAGE, LIMIT),
)
def list_terms(call: Call) -> Answer:
    """List terms, in the order of their sources."""
    _may_read(call)
    sought = call.asked["search"].casefold()
    return cut(call, [term for term in _known(call) if sought in f"{term.source}\n{term.target}".casefold()])


@group.does("POST", "/glossary", needs="glossary.save", gives={201: Term}, body=Kept(), once=True)
def add_term(call: Call) -> Answer:
    """Keep a term; the same texts again get the new status and note."""
    return Answer(desk.save(call.db, call.actor, Term(**call.given), now=call.now), 201)


@group.does("PUT", "/glossary", needs="glossary.save", gives=Term, body=Change())
def change_term(call: Call) -> Answer:
    """Keep a term in the place of another."""
    before = _find(call, call.given["instead_of"])
    return Answer(desk.save(call.db, call.actor, Term(**call.given["term"]), now=call.now, instead_of=before))


@group.does("DELETE", "/glossary", needs="glossary.save", gives={204: None}, query=NAMES, required=KEPT[:3])
def remove_term(call: Call) -> Answer:
    """Forget a term."""
    desk.remove(call.db, call.actor, _find(call, call.asked), now=call.now)
    return Answer(None, 204)


@group.does(
    "GET",
    "/glossary/file",
    needs="translation.read",
    gives={200: {"type": "string"}},
    query=(SOURCE, TARGET),
    media=("text/csv",),
)
def export_terms(call: Call) -> Answer:
    """Take the terms away as CSV."""
    _may_read(call)
    headers = {"Content-Disposition": 'attachment; filename="glossary.csv"'}
    return Answer(glossary_csv.to_csv(_known(call)), headers=headers, media="text/csv; charset=utf-8")


@group.does(
    "POST",
    "/glossary/file",
    needs="glossary.save",
    gives=Loaded,
    query=(REPLACE,),
    files=("text/csv", "text/plain", "text/tab-separated-values"),
)
def import_terms(call: Call) -> Answer:
    """Bring in terms as CSV: all of them, or none where one is wrong."""
    given = glossary_csv.from_csv(call.upload.data)
    return Answer(Loaded(desk.load(call.db, call.actor, given, now=call.now, replace_all=call.asked["replace_all"])))


def _find(call: Call, named: Mapping[str, Any]) -> Term:
    rights.require(call.actor, "glossary.save", locale=named["target_locale"])
    wanted = [named[name] for name in KEPT]
    for term in glossary.terms(call.db, *wanted[:2]):
        if [getattr(term, name) for name in KEPT] == wanted:
            return term
    raise NotFound("term", named["source"])
