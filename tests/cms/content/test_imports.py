"""A pasted text is matched to what is there; accepting it saves all of it, or nothing."""

from dataclasses import replace
from typing import Any

import pytest

from cms.content import imports, revisions
from cms.content.imports import Imported
from cms.content.plaintext import Understood
from cms.errors import Invalid
from cms.store import Database
from tests.builders import BY, a_paragraph, create, everything, later, rows, save

UNDERSTOOD = Understood(
    title="Door je rug gaan",
    summary="Het schiet erin.",
    body=[
        {"type": "paragraph", "text": "Blijf bewegen."},
        {"type": "list", "ordered": True, "items": [{"text": "Loop."}, {"text": "Fiets."}]},
        {"type": "contact", "clinic": "@0"},
    ],
    authors=[{"name": "Jos Kooistra", "job_title": "Fysiotherapeut", "clinics": ["@0"]}],
    clinics=[{"name": "Fysiogroep Waterland", "phones": ["+31299653499"], "email": "info@waterland.example"}],
    doubts=[],
    dropped=[],
    provenance=[],
)


def take_in(db: Database, understood: Understood = UNDERSTOOD, days: int = 0) -> Imported:
    proposals = imports.propose(db, understood)
    return imports.accept(db, proposals, by=BY, now=later(days=days), source_locale="nl")


def content(db: Database, entry: str) -> dict[str, Any]:
    return revisions.latest(db, entry).content


def test_proposing_writes_nothing(db: Database) -> None:
    before = everything(db)
    proposals = imports.propose(db, UNDERSTOOD)
    assert [p.is_new for p in (proposals.article, *proposals.authors, *proposals.clinics)] == [True, True, True]
    assert everything(db) == before


def test_what_is_new_is_made_and_tied_together(db: Database) -> None:
    made = take_in(db)
    [author], [clinic] = made.authors, made.clinics
    article = content(db, made.article)
    assert (made.changed, made.revision) == (True, 1)
    assert (article["authors"], article["clinics"], article["body"][2]["clinic"]) == ([author], [clinic], clinic)
    assert content(db, author)["clinics"] == [clinic]
    assert content(db, clinic)["phones"] == ["+31299653499"]


def test_a_draft_is_not_published(db: Database) -> None:
    take_in(db)
    assert (rows(db, "edition"), rows(db, "document")) == ([], [])


def test_importing_the_same_text_again_changes_nothing(db: Database) -> None:
    first = take_in(db)
    before = everything(db)
    again = take_in(db, days=1)
    assert again == replace(first, changed=False)
    assert everything(db) == before


def test_an_edited_text_becomes_a_new_revision_that_keeps_its_ids(db: Database) -> None:
    first = take_in(db)
    before = content(db, first.article)["body"]
    items = [{"text": "Fiets."}, {"text": "Loop."}, {"text": "Zwem."}]
    edited = replace(UNDERSTOOD, body=[UNDERSTOOD.body[0], {"type": "list", "ordered": True, "items": items}])
    again = take_in(db, edited, days=1)
    after = content(db, again.article)["body"]
    assert (again.article, again.revision, again.changed) == (first.article, 2, True)
    assert [block["id"] for block in after] == [before[0]["id"], before[1]["id"]]
    kept = {item["text"]: item["id"] for item in before[1]["items"]}
    assert {item["text"]: item["id"] for item in after[1]["items"]} == {**kept, "Zwem.": after[1]["items"][2]["id"]}


def test_what_an_editor_added_survives_an_import(db: Database) -> None:
    first = take_in(db)
    topic, second = create(db, "topic"), create(db, "author", name="Els Bakker")
    save(db, first.article, topics=[topic], authors=[*first.authors, second], last_reviewed="2026-01-01")
    take_in(db, replace(UNDERSTOOD, summary="Anders."), days=1)
    article = content(db, first.article)
    assert (article["topics"], article["authors"], article["last_reviewed"], article["summary"]) == (
        [topic],
        [*first.authors, second],
        "2026-01-01",
        "Anders.",
    )


@pytest.mark.parametrize("name", ["Jos Kooistra", "jos  kooistra", "JOS KOOISTRA", "Jós Kooistra"])
def test_an_author_is_matched_by_name_however_it_is_written(db: Database, name: str) -> None:
    author = create(db, "author", name=name, bio="Van de site.")
    before = revisions.latest(db, author)
    assert take_in(db).authors == (author,)
    assert revisions.latest(db, author) == before


def test_another_name_is_another_author(db: Database) -> None:
    author = create(db, "author", name="Jan Kooistra")
    assert author not in take_in(db).authors


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "fysiogroep waterland"},
        {"name": "Waterland", "email": "INFO@waterland.example"},
        {"name": "Waterland", "phones": ["+31201234567", "+31299653499"]},
    ],
)
def test_a_clinic_is_matched_by_name_mail_or_telephone(db: Database, fields: dict[str, Any]) -> None:
    clinic = create(db, "clinic", **fields)
    assert take_in(db).clinics == (clinic,)


def test_a_clinic_of_the_same_name_wins_over_one_of_the_same_number(db: Database) -> None:
    create(db, "clinic", name="Een ander", phones=["+31299653499"])
    named = create(db, "clinic")
    assert take_in(db).clinics == (named,)


def test_another_clinic_is_made_anew(db: Database) -> None:
    clinic = create(db, "clinic", name="Een ander", phones=["+31201234567"], email="info@ander.example")
    assert clinic not in take_in(db).clinics


def test_an_article_is_matched_by_its_address_too(db: Database) -> None:
    article = create(db, "article", title="Het schiet in je rug", slug="door-je-rug-gaan")
    assert take_in(db).article == article


def test_another_clinics_article_of_the_same_title_is_left_alone(db: Database) -> None:
    other = create(db, "clinic", name="Een ander", phones=["+31201234567"], email="info@ander.example")
    theirs = create(db, "article", title=UNDERSTOOD.title, clinics=[other], body=[a_paragraph("Rust is goed.")])
    before = revisions.latest(db, theirs)
    assert take_in(db).article != theirs
    assert revisions.latest(db, theirs) == before


def test_what_was_imported_since_it_was_proposed_is_not_made_twice(db: Database) -> None:
    proposals = imports.propose(db, UNDERSTOOD)
    first = imports.accept(db, proposals, by=BY, now=later(), source_locale="nl")
    second = imports.accept(db, proposals, by=BY, now=later(), source_locale="nl")
    assert (second.article, second.authors, second.clinics) == (first.article, first.authors, first.clinics)


@pytest.mark.parametrize("part", ["article", "author", "clinic"])
def test_an_import_is_saved_as_a_whole_or_not_at_all(db: Database, part: str) -> None:
    broken = {
        "article": replace(UNDERSTOOD, body=[{"type": "paragraph", "text": ""}]),
        "author": replace(UNDERSTOOD, authors=[*UNDERSTOOD.authors, {"name": ""}]),
        "clinic": replace(UNDERSTOOD, clinics=[*UNDERSTOOD.clinics, {"name": "x", "phones": ["geen"]}]),
    }[part]
    before = everything(db)
    with pytest.raises(Invalid):
        take_in(db, broken)
    assert everything(db) == before


def test_a_text_without_byline_is_taken_in(db: Database) -> None:
    bare = replace(UNDERSTOOD, authors=[], clinics=[], body=UNDERSTOOD.body[:1])
    made = take_in(db, bare)
    assert (made.authors, made.clinics) == ((), ())
    assert content(db, made.article)["title"] == "Door je rug gaan"
