"""An edit that leaves the meaning as it was makes no translation stale, and an edit of a fact never counts as one."""

from typing import Any

import orjson
import pytest

from cms.content import imports, revisions, types
from cms.content.imports import Imported
from cms.content.plaintext import understand
from cms.errors import Invalid, Refused, RevisionClash
from cms.localize import glossary, memory, review, translations, waivers
from cms.localize.carry import changes, refuse_changed_facts
from cms.localize.glossary import Term
from cms.publish import minor_edits
from cms.publish.refresh import drain
from cms.store import Database
from tests.builders import (
    BY,
    SITE,
    a_paragraph,
    create,
    cut,
    document,
    event_types,
    events,
    everything,
    later,
    publish,
    published,
    save,
    translate,
)  # fmt: skip

OLD, NEW = "Blijf bewegen, ook als het pijn doet.", "Blijf in beweging, ook als het pijn doet."
KIND = types.find("article")


def edit(db: Database, entry: str, day: int = 1, by: str = "editor", **fields: Any) -> Any:
    newest = revisions.latest(db, entry)
    content = {**newest.content, **fields}
    return minor_edits.save(db, entry, content, based_on=newest.number, by=by, now=later(days=day), note="wording")


def texts(db: Database, entry: str, locale: str = "en") -> dict[tuple[str, str], str]:
    return {(each.path, each.source): each.text for each in translations.approved(db, entry, locale)}


def carried(db: Database) -> list[tuple[str, dict[str, Any]]]:
    return [(row["locale"], orjson.loads(row["data"])) for row in events(db) if row["type"] == "translation.carried"]


def test_every_live_locale_stays_current(db: Database) -> None:
    entry = published(db, "article", body=[a_paragraph(OLD, "b1", urgency="emergency"), a_paragraph("Rust uit.", "b2")])
    for locale in ("en", "ar"):
        words = {"title": "t", "body.b1.text": "x y", "body.b2.text": "z"}
        translate(db, entry, locale, words)
    site = SITE.__class__(**{**vars(SITE), "checks_translations": False})
    for locale in ("en", "ar"):
        publish(db, entry, locale, site=site)
    edit(db, entry, body=[a_paragraph(NEW, "b1", urgency="emergency"), a_paragraph("Rust uit.", "b2")])
    publish(db, entry, now=later(days=2), site=site)
    for locale in ("en", "ar"):
        found = document(db, entry, locale)
        assert found["translation"]["freshness"] == "current"
        assert found["translation"]["stale_since"] is None
        assert found["body"][0]["html"] == "x y"
        assert "notice" not in found["body"][0]
        assert found["version"] == 2
    assert "translation.stale" not in event_types(db)
    assert "translation.stale.critical" not in event_types(db)


def test_it_is_told_who_carried_what_where(db: Database) -> None:
    entry = create(db, "article", body=[a_paragraph(OLD), a_paragraph("Rust uit.", "b2")])
    translate(db, entry, "en")
    translate(db, entry, "de", {"title": "Hexenschuss"})
    edit(db, entry, title="Door de rug gaan", body=[a_paragraph(NEW), a_paragraph("Rust uit.", "b2")])
    said = {"by": "editor", "from": 1, "to": 2, "note": "wording"}
    assert carried(db) == [
        ("de", {**said, "paths": ["title"]}),
        ("en", {**said, "paths": ["title", "body.b1.text"]}),
    ]
    [kept] = [each for each in translations.approved(db, entry, "de") if each.source == "Door de rug gaan"]
    assert (kept.text, kept.revision, kept.saved_by) == ("Hexenschuss", 2, BY)


def test_the_revision_is_a_minor_one(db: Database) -> None:
    entry = create(db, "article", body=[a_paragraph(OLD)])
    before = revisions.latest(db, entry)
    found = edit(db, entry, body=[a_paragraph(NEW)])
    assert found.changed
    assert (found.revision.update_type, found.revision.note) == ("minor", "wording")
    assert found.revision.content_changed_at == before.content_changed_at


def test_nothing_new_is_nothing_carried(db: Database) -> None:
    entry = create(db, "article")
    translate(db, entry)
    before = everything(db)
    assert not edit(db, entry).changed
    assert everything(db) == before


def test_what_is_stale_or_missing_stays_so(db: Database) -> None:
    entry = create(db, "article", body=[a_paragraph(OLD), a_paragraph("Rust uit.", "b2")])
    translate(db, entry, texts={"body.b1.text": "Keep moving."})
    save(db, entry, body=[a_paragraph("Blijf lopen.", "b1"), a_paragraph("Rust uit.", "b2")])
    edit(db, entry, body=[a_paragraph("Blijf wandelen.", "b1"), a_paragraph("Rust goed uit.", "b2")])
    assert carried(db) == []
    assert texts(db, entry) == {("body.b1.text", OLD): "Keep moving."}


def test_a_translation_of_the_new_text_is_never_overwritten(db: Database) -> None:
    entry = create(db, "article", body=[a_paragraph(OLD)])
    translate(db, entry, texts={"body.b1.text": "First."})
    save(db, entry, body=[a_paragraph(NEW)])
    translate(db, entry, texts={"body.b1.text": "Second."})
    edit(db, entry, body=[a_paragraph(OLD)])
    assert texts(db, entry)["body.b1.text", OLD] == "First."
    assert carried(db) == []


def test_a_draft_stays_with_the_text_it_was_made_from(db: Database) -> None:
    entry = create(db, "article", body=[a_paragraph(OLD)])
    translate(db, entry, texts={"body.b1.text": "Approved."})
    translate(db, entry, texts={"body.b1.text": "Half a"}, state="draft", now=later(hours=1))
    edit(db, entry, body=[a_paragraph(NEW)])
    standing = {(each.source, each.state): each.text for each in translations.working(db, entry, "en")}
    assert standing == {(OLD, "draft"): "Half a", (NEW, "approved"): "Approved."}


def test_a_draft_alone_is_not_carried(db: Database) -> None:
    entry = create(db, "article", body=[a_paragraph(OLD)])
    translate(db, entry, texts={"body.b1.text": "Half a"}, state="draft")
    edit(db, entry, body=[a_paragraph(NEW)])
    assert carried(db) == []


def test_a_waived_warning_stays_waived(db: Database) -> None:
    entry = create(db, "article", body=[a_paragraph("Blijf niet in bed liggen.")])
    path, text = "body.b1.text", "Do stay in bed."
    translate(db, entry, texts={path: text}, checks=True)
    review.waive(db, entry, "en", path, "negation", "said otherwise", by=BY, now=later())
    translations.approve(db, entry, "en", [path], by=BY, now=later())
    edit(db, entry, body=[a_paragraph("Blijf niet liggen in bed.")])
    assert len({key[1] for key in waivers.waived(db, entry, "en")}) == 2
    assert {each.reason for each in waivers.waived(db, entry, "en").values()} == {"said otherwise"}
    assert translations.save(db, entry, "en", {path: text}, by=BY, now=later())[path].findings == ()


def test_what_is_carried_is_remembered_with_the_new_text(db: Database) -> None:
    entry = create(db, "article", body=[a_paragraph(OLD)])
    translate(db, entry, texts={"body.b1.text": "Keep moving, even if it hurts."})
    translate(db, entry, "de", {"title": "Hexenschuss"})
    edit(db, entry, body=[a_paragraph(NEW)])
    first = memory.suggest(db, NEW, "nl", "en")[0]
    assert (first.pair.target, first.likeness) == ("Keep moving, even if it hurts.", 100)
    assert (first.pair.entry, first.pair.path, first.pair.saved_by) == (entry, "body.b1.text", "editor")
    assert [pair.source for pair in memory.pairs(db, "nl", "de")] == ["Door je rug gaan"]


def test_where_a_check_that_passed_would_fail_nothing_is_carried(db: Database) -> None:
    entry = create(db, "article", body=[a_paragraph(OLD)])
    translate(db, entry, "en", {"body.b1.text": "Keep moving, even if it hurts."}, checks=True)
    translate(db, entry, "de", {"body.b1.text": "**Bleiben** Sie in Bewegung."})
    edit(db, entry, body=[a_paragraph("**Blijf** bewegen, ook als het pijn doet.")])
    assert [(locale, told["paths"]) for locale, told in carried(db)] == [("de", ["body.b1.text"])]


def test_an_import_of_the_same_text_in_other_words_may_be_minor(db: Database) -> None:
    first = import_text(db, OLD)
    path = next(segment.path for segment in cut(db, first.article) if segment.source == OLD)
    translate(db, first.article, texts={path: "Keep moving, even if it hurts."})
    again = import_text(db, NEW)
    assert (again.article, again.revision) == (first.article, 2)
    assert revisions.latest(db, first.article).update_type == "minor"
    assert [(locale, told["paths"]) for locale, told in carried(db)] == [("en", [path])]
    with pytest.raises(Refused):
        import_text(db, NEW.replace("ook", "niet"))
    assert revisions.latest(db, first.article).number == 2


def import_text(db: Database, said: str) -> Imported:
    understood = understand(f"Door je rug gaan\n\nEen begin.\n\n{said}\n".encode())
    proposals = imports.propose(db, understood)
    return minor_edits.accept(db, proposals, by="editor", now=later(), source_locale="nl")


def test_putting_back_what_is_live_reaches_the_live_locale(db: Database) -> None:
    site = SITE.__class__(**{**vars(SITE), "checks_translations": False})
    entry = published(db, "article", body=[a_paragraph(OLD)], site=site)
    translate(db, entry)
    publish(db, entry, "en", site=site)
    save(db, entry, now=later(days=1), body=[a_paragraph("Iets anders.")])
    publish(db, entry, now=later(days=1), site=site)
    save(db, entry, now=later(days=2), body=[a_paragraph("Nog iets.")])
    translate(db, entry, texts={"body.b1.text": "Something."}, now=later(days=2))
    edit(db, entry, 3, body=[a_paragraph("Iets anders.")])
    drain(db, site, later(days=3))
    assert document(db, entry, "en")["body"][0]["html"] == "Something."
    assert document(db, entry, "en")["translation"]["freshness"] == "current"


# What is no minor edit

CHANGED = [
    ("Neem 2 tabletten.", "Neem 3 tabletten."),
    ("Neem twee tabletten.", "Neem drie tabletten."),
    ("Neem 500 mg.", "Neem 500 g."),
    ("Twee keer per dag.", "Twee keer per week."),
    ("Neem 1,5 liter.", "Neem 15 liter."),
    ("Stop niet met bewegen.", "Stop met bewegen."),
    ("Bewegen mag.", "Bewegen mag niet."),
    ("Neem geen pillen.", "Neem weinig pillen."),
    ("Neem maximaal drie tabletten.", "Neem minimaal drie tabletten."),
    ("Ga liggen, tenzij het pijn doet.", "Ga liggen, als het pijn doet."),
    ("Bel 112.", "Bel 113."),
    ("Bel 020 123 4567.", "Bel 020 123 4568."),
    ("Zie [hier](https://a.nl/b).", "Zie [hier](https://a.nl/c)."),
    ("Zie [hier](https://a.nl/b).", "Zie hier."),
    ("Mail naar a@b.nl.", "Mail naar c@b.nl."),
    ("Kom op maandag.", "Kom op dinsdag."),
    ("Kom op 12 maart 2026.", "Kom op 13 maart 2026."),
    ("Kom om 17.30 uur.", "Kom om 18.30 uur."),
    ("Het kost € 15.", "Het kost € 16."),
    ("Bij 5% van de mensen.", "Bij 15% van de mensen."),
    ("Twee keer per dag, drie keer per week.", "Drie keer per dag, twee keer per week."),
]  # fmt: skip
SAME = [
    ("Neem 2 tabletten.", "Slik 2 tabletten."),
    ("Neem twee tabletten.", "Neem 2 tabletten."),
    ("Bel 020 123 4567.", "Bel +31 20 123 45 67."),
    ("Dat is onmogelik.", "Dat is onmogelijk."),
    ("Ga nooit tillen", "Ga nooit tillen."),
    ("Neem 1,5 liter.", "Neem anderhalve liter."),
    ("Kom op 12-03-2026.", "Kom op 12 maart 2026."),
    ("Zie [hier](https://a.nl/b).", "Kijk eens [hier](https://a.nl/b)."),
    ("Oefen iedere dag.", "Oefen elke dag."),
    ("Een hernia geneest.", "De hernia geneest."),
]


def change(old: str, new: str) -> Any:
    return changes(KIND, {"title": old}, {"title": new})


@pytest.mark.parametrize(("old", "new"), CHANGED)
def test_a_changed_fact_is_no_minor_edit(old: str, new: str) -> None:
    with pytest.raises(Refused) as caught:
        refuse_changed_facts(change(old, new), "nl")
    [reason] = caught.value.reasons
    assert (reason.pointer, reason.code) == ("/title", "fact_changed")
    assert reason.values["before"] or reason.values["after"]


@pytest.mark.parametrize(("old", "new"), SAME)
def test_the_same_facts_in_other_words_are_one(old: str, new: str) -> None:
    refuse_changed_facts(change(old, new), "nl")


def test_a_refusal_names_every_fact_and_saves_nothing(db: Database) -> None:
    entry = create(db, "article", title="Twee weken", body=[a_paragraph("Bel niet 112.")])
    translate(db, entry, texts={"title": "Two weeks"})
    before = everything(db)
    with pytest.raises(Refused) as caught:
        edit(db, entry, title="Drie weken", body=[a_paragraph("Bel 112.")])
    assert [(each.pointer, each.values["before"], each.values["after"]) for each in caught.value.reasons] == [
        ("/title", ["Twee weken"], ["Drie weken"]),
        ("/body.b1.text", ["niet"], []),
    ]
    assert everything(db) == before


def test_another_term_is_another_meaning(db: Database) -> None:
    glossary.add(db, [Term("nl", "en", "hernia", "hernia", "preferred")])
    entry = create(db, "article", title="Een hernia")
    before = everything(db)
    with pytest.raises(Refused) as caught:
        edit(db, entry, title="Een breuk")
    assert caught.value.reasons[0].values == {"before": ["hernia"], "after": []}
    assert everything(db) == before
    assert edit(db, entry, title="Die hernia").changed


def test_what_saving_refuses_is_refused(db: Database) -> None:
    entry = create(db, "article")
    before = everything(db)
    with pytest.raises(Invalid):
        edit(db, entry, title="")
    save(db, entry, title="Anders")
    with pytest.raises(RevisionClash):
        minor_edits.save(db, entry, {"title": "X"}, based_on=1, by=BY, now=later())
    assert len(everything(db)["revision"]) == len(before["revision"]) + 1
