"""Pasted text taken in: told first what it amounts to, then kept as drafts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.manage.asking import flag
from api.manage.bodies import Body, Id
from api.manage.operations import Answer, Call, Group
from api.wording import say_doubt
from cms.content import imports
from cms.content.fields import Flag, Inline, ListOf
from cms.content.imports import Imported, Proposal
from cms.content.plaintext import understand
from cms.desk import writing

group = Group("imports", "Plain text, as pasted from Word or a web page, made into structured drafts.")

LONGEST = 500_000
DRY_RUN = flag("dry_run", "Tell what would become of it, and keep nothing.")


class Pasted(Body):
    """A text, the records that it is known to be about, and whether it says the same as before in other words."""

    text = Inline(required=True, max_length=LONGEST)
    authors = ListOf(Id(), maximum=50, load_default=list)
    clinics = ListOf(Id(), maximum=50, load_default=list)
    minor = Flag(load_default=False)


class Copied(Body):
    """What was copied from a web page or a word processor: its HTML."""

    html = Inline(required=True, max_length=LONGEST)


@dataclass(frozen=True)
class Blocks:
    """Blocks without ids, as the body of an article takes them."""

    blocks: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Unsure:
    """What an editor should look at, in words."""

    code: str
    line: int
    text: str
    detail: str


@dataclass(frozen=True)
class Proposed:
    """One record that a text speaks of; `entry` is empty where it would be a new one."""

    type: str
    entry: str
    content: Mapping[str, Any]


@dataclass(frozen=True)
class TextProposals:
    """What a text amounts to, and what it left unsure."""

    article: Proposed
    authors: Sequence[Proposed]
    clinics: Sequence[Proposed]
    doubts: Sequence[Unsure]


@group.does(
    "POST",
    "/imports",
    needs="entry.import",
    gives={200: TextProposals, 201: Imported},
    body=Pasted(),
    query=(DRY_RUN,),
    once=True,
)
def import_text(call: Call) -> Answer:
    """Take in a pasted text: the article, and the authors and clinics that are new."""
    given = call.given
    if call.asked["dry_run"]:
        found = writing.propose_text(
            call.db, call.actor, given["text"], authors=given["authors"], clinics=given["clinics"]
        )
        return Answer(_told(found, given["text"]))
    made = writing.import_text(
        call.db,
        call.actor,
        given["text"],
        now=call.now,
        site=call.site,
        authors=given["authors"],
        clinics=given["clinics"],
        minor=given["minor"],
    )
    return Answer(made, 201, {"Location": f"{call.site.url}/manage/v1/entries/{made.article}"})


@group.does("POST", "/imports/blocks", needs="entry.import", gives=Blocks, body=Copied())
def read_blocks(call: Call) -> Answer:
    """See which blocks the HTML of a web page or a word processor amounts to; nothing is kept."""
    return Answer(Blocks(writing.read_blocks(call.actor, call.given["html"], site=call.site)))


def _told(found: imports.Proposals, text: str) -> TextProposals:
    return TextProposals(
        _proposed(found.article),
        [_proposed(each) for each in found.authors],
        [_proposed(each) for each in found.clinics],
        [
            Unsure(doubt.code, doubt.line, doubt.text, say_doubt(doubt.code, doubt.values))
            for doubt in understand(text).doubts
        ],
    )


def _proposed(found: Proposal) -> Proposed:
    return Proposed(found.type, found.entry, found.content)
