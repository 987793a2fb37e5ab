"""Take in what was understood from a pasted text: match it to what is there, then save it as drafts."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cms.content import revisions, saving
from cms.content.alignment import align
from cms.content.plaintext import Understood
from cms.content.revisions import Revision
from cms.content.slugs import slugify
from cms.store import Database, write


@dataclass(frozen=True)
class Proposal:
    """One record that a text speaks of: the existing entry that it matches, or a new one to be made."""

    type: str
    content: Mapping[str, Any]
    entry: str

    @property
    def is_new(self) -> bool:
        """Tell whether nothing that is there matches."""
        return not self.entry


@dataclass(frozen=True)
class Proposals:
    """All that a text amounts to: the article, its authors and its clinics."""

    article: Proposal
    authors: tuple[Proposal, ...]
    clinics: tuple[Proposal, ...]


@dataclass(frozen=True)
class Imported:
    """The entries that an import made or matched; `changed` tells whether the article is new or has a new revision."""

    article: str
    authors: tuple[str, ...]
    clinics: tuple[str, ...]
    revision: int
    changed: bool


def propose(
    db: Database, understood: Understood, *, authors: Sequence[str] = (), clinics: Sequence[str] = ()
) -> Proposals:
    """Match what was understood to the records that are there, and add the named ones. Nothing is written."""
    found = Proposals(
        article=Proposal(
            "article", {"title": understood.title, "summary": understood.summary, "body": understood.body}, ""
        ),
        authors=(
            *(Proposal("author", author, "") for author in understood.authors),
            *(Proposal("author", revisions.latest(db, author).content, author) for author in authors),
        ),
        clinics=(
            *(Proposal("clinic", _named(clinic), "") for clinic in understood.clinics),
            *(Proposal("clinic", revisions.latest(db, clinic).content, clinic) for clinic in clinics),
        ),
    )
    return _matched(db, found)


def accept(
    db: Database, proposals: Proposals, *, by: str, now: datetime, source_locale: str, update_type: str = "major"
) -> Imported:
    """Save the proposals as drafts in one write: new records are created, matched ones stay as they are.

    An article that was imported before gets a new revision of this update type whose blocks keep their ids. Raises
    Invalid.
    """
    with write(db):
        # Somebody may have imported the same text since it was proposed.
        proposals = _matched(db, proposals)
        clinics = [_entry(db, proposal, {}, by, now, source_locale) for proposal in proposals.clinics]
        names = {f"@{index}": entry for index, entry in enumerate(clinics)}
        authors = [_entry(db, proposal, names, by, now, source_locale) for proposal in proposals.authors]
        article_content = _resolve(proposals.article.content, names)
        content = {**article_content, "authors": _once(authors), "clinics": _once(clinics)}
        if proposals.article.is_new:
            article = saving.create(db, "article", content, by=by, now=now, source_locale=source_locale)
            return Imported(article.id, tuple(authors), tuple(clinics), article.latest, changed=True)
        latest = revisions.latest(db, proposals.article.entry)
        saved = saving.save(
            db, latest.entry, _continued(latest, content),
            based_on=latest.number, by=by, now=now, update_type=update_type, note="import",
        )  # fmt: skip
        return Imported(latest.entry, tuple(authors), tuple(clinics), saved.revision.number, saved.changed)


def _entry(
    db: Database, proposal: Proposal, names: Mapping[str, str], by: str, now: datetime, source_locale: str
) -> str:
    if not proposal.is_new:
        return proposal.entry
    content = _resolve(proposal.content, names)
    return saving.create(db, proposal.type, content, by=by, now=now, source_locale=source_locale).id


def _continued(latest: Revision, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the article as it stands with what the text says in place of what it said before."""
    body = align(latest.content.get("body", []), content["body"])
    known = {name: latest.content.get(name, []) for name in ("authors", "clinics")}
    return {
        **latest.content,
        **content,
        "body": body,
        **{name: _once([*known[name], *content[name]]) for name in known},
    }


def _once(entries: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(entries))


def _named(clinic: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a clinic that has a name: what it can be reached by, where the text does not say how it is called."""
    reached = [clinic.get("email", ""), *clinic.get("phones", []), clinic.get("website", ""), "?"]
    return {**clinic, "name": clinic["name"] or next(filter(None, reached))}


def _resolve(value: Any, names: Mapping[str, str]) -> Any:
    """Return content in which a placeholder such as "@0" has become the id of the entry that it stands for."""
    if isinstance(value, Mapping):
        return {name: _resolve(inner, names) for name, inner in value.items()}
    if isinstance(value, list):
        return [_resolve(inner, names) for inner in value]
    return names.get(value, value) if isinstance(value, str) else value


def _matched(db: Database, found: Proposals) -> Proposals:
    """Return the proposals with the entry that each matches, where it had none."""
    authors = tuple(_match(db, author, _matching_author) for author in found.authors)
    clinics = tuple(_match(db, clinic, _matching_clinic) for clinic in found.clinics)
    people = {proposal.entry for proposal in (*authors, *clinics)}

    def matching(db: Database, article: Mapping[str, Any]) -> str:
        return _matching_article(db, article, people)

    return Proposals(_match(db, found.article, matching), authors, clinics)


def _match(db: Database, proposal: Proposal, matching: Callable[[Database, Mapping[str, Any]], str]) -> Proposal:
    return proposal if proposal.entry else replace(proposal, entry=matching(db, proposal.content))


def _matching_article(db: Database, article: Mapping[str, Any], people: Set[str]) -> str:
    """Match by title or address, where the same people answer for both, or nobody does, or the texts are alike.

    Two clinics may each have an article called "Nekpijn"; neither must take the other's place.
    """
    title, slug = _plain(article["title"]), slugify(article["title"])
    for entry, content in _latest_of(db, "article"):
        answering = {*content.get("authors", []), *content.get("clinics", [])}
        same = _plain(content["title"]) == title or (content.get("slug") or slugify(content["title"])) == slug
        if title and same and (not answering or answering & people or _alike(article, content)):
            return entry
    return ""


def _alike(article: Mapping[str, Any], content: Mapping[str, Any]) -> bool:
    """Tell whether two articles are versions of one: of all their lines, a third stand in both."""
    one, other = set(_lines(article.get("body"))), set(_lines(content.get("body")))
    return 3 * len(one & other) >= len(one | other) > 0


def _lines(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if isinstance(text := value.get("text"), str):
            yield _plain(text)
        for inner in value.values():
            yield from _lines(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _lines(inner)


def _matching_author(db: Database, author: Mapping[str, Any]) -> str:
    wanted = _plain(author["name"])
    return next((entry for entry, content in _latest_of(db, "author") if _plain(content["name"]) == wanted), "")


def _matching_clinic(db: Database, clinic: Mapping[str, Any]) -> str:
    """Match by name first, then by an address of its own that no other clinic would share."""
    known = list(_latest_of(db, "clinic"))
    for entry, content in known:
        if _plain(content["name"]) == _plain(clinic["name"]):
            return entry
    for entry, content in known:
        if clinic.get("email") and content.get("email", "").lower() == clinic["email"].lower():
            return entry
        if set(clinic.get("phones", [])) & set(content.get("phones", [])):
            return entry
    return ""


def _latest_of(db: Database, type_name: str) -> list[tuple[str, dict[str, Any]]]:
    rows = db.query(
        "select r.* from entry e join revision r on r.entry = e.id and r.number = e.latest"
        " where e.type = ? and e.archived_at = '' order by e.created_at, e.id",
        [type_name],
    )
    return [(row["entry"], revisions.from_row(row).content) for row in rows]


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name.casefold())
    return " ".join(re.findall(r"\w+", "".join(char for char in folded if not unicodedata.combining(char))))
