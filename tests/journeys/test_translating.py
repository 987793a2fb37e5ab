"""The commands for translators and reviewers: what waits, what stands against it, and what is offered."""

from pathlib import Path

import pytest

from cms.content import imports, revisions
from cms.content.plaintext import understand
from cms.localize import suggestions, translations, waivers
from cms.store import Database, write
from tests.builders import BY, a_paragraph, create, cut, later, save, translate
from tests.catalogues import compile_stale
from tests.commands import tolk

PATH = "body.b1.text"
DENIES, AFFIRMS = "Blijf niet in bed liggen.", "Do stay in bed."


@pytest.fixture(autouse=True)
def env(terminal: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def waiting(db: Database, source: str, text: str) -> str:
    """Return an article whose English waits for approval."""
    entry = create(db, "article", body=[a_paragraph(source)])
    translate(db, entry, texts={"title": "Putting your back out", PATH: text}, state="needs_review")
    return entry


def approved(db: Database, entry: str) -> list[str]:
    return sorted(each.text for each in translations.approved(db, entry, "en"))


def test_what_waits_is_approved_all_of_it_or_by_its_path(db: Database) -> None:
    entry = waiting(db, "Neem 2 tabletten.", "Take 2 tablets.")
    assert tolk("approve", entry, "en", "title").output == "Approved: title\n"
    assert tolk("approve", entry, "en").output == f"Approved: {PATH}\n"
    assert tolk("approve", entry, "en").output == "Nothing waits for approval.\n"
    assert tolk("approve", entry, "en", "title").stderr == "Nothing waits at: title\n"
    assert approved(db, entry) == ["Putting your back out", "Take 2 tablets."]
    assert {each.saved_by for each in translations.approved(db, entry, "en")} == {"tester"}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en_GB.UTF-8", f"/{PATH}: The translation fails a check (number: “2” became “3”)."),
        ("nl_NL.UTF-8", f"/{PATH}: De vertaling komt niet door een controle (number: “2” werd “3”)."),
    ],
)
def test_what_fails_a_check_is_refused_in_words(
    db: Database, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    compile_stale()
    monkeypatch.setenv("LANG", language)
    entry = waiting(db, "Neem 2 tabletten.", "Take 3 tablets.")
    assert said in tolk("approve", entry, "en", status=1).stderr
    assert approved(db, entry) == []


def test_a_warning_is_waived_with_a_reason_and_then_approved(db: Database) -> None:
    entry = waiting(db, DENIES, AFFIRMS)
    assert "waive it with a reason" in tolk("approve", entry, "en", PATH, status=1).stderr
    said = tolk("waive", entry, "en", PATH, "negation", "--reason", "said otherwise").output
    assert said == f"Waived: {PATH} (negation)\n"
    assert tolk("approve", entry, "en", PATH).output == f"Approved: {PATH}\n"
    [kept] = waivers.waived(db, entry, "en").values()
    assert (kept.reason, kept.waived_by) == ("said otherwise", "tester")


def test_what_may_not_be_waived_or_has_no_reason_is_refused(db: Database) -> None:
    entry = waiting(db, "Neem 2 tabletten.", "Take 3 tablets.")
    said = tolk("waive", entry, "en", PATH, "number", "--reason", "looks right", status=1).stderr
    assert "This cannot be waived (number: “2” became “3”)" in said
    assert "/reason: " in tolk("waive", entry, "en", PATH, "number", "--reason", " ", status=1).stderr
    tolk("waive", entry, "en", PATH, "number", status=2)
    tolk("waive", entry, "en", PATH, "spelling", "--reason", "x", status=2)
    assert waivers.waived(db, entry, "en") == {}


def test_a_change_of_facts_is_offered_and_taken(db: Database) -> None:
    entry = create(db, "article", body=[a_paragraph("Rust 3 dagen.")])
    translate(db, entry, texts={PATH: "Rest for 3 days."})
    save(db, entry, body=[a_paragraph("Rust 4 dagen.")])
    [line] = tolk("suggestions", entry, "en").output.splitlines()
    id, _, rest = line.partition("  ")
    assert rest == f"memory facts  {PATH}: Rest for 4 days."
    assert tolk("accept", entry, "en", id).output == f"Approved: {PATH}\n"
    assert tolk("suggestions", entry, "en").output == ""
    assert approved(db, entry) == ["Rest for 3 days.", "Rest for 4 days."]


def test_a_suggestion_takes_the_place_of_a_persons_text_only_when_told_to(db: Database) -> None:
    entry = create(db, "article", body=[a_paragraph("Rust 3 dagen.")])
    translate(db, entry, texts={PATH: "Rest for 3 days."})
    segment = next(each for each in cut(db, entry) if each.path == PATH)
    with write(db):
        suggestions.offer(db, entry, "en", segment, "Rest for 2 days.", origin="import", by="agency", now=later())
    line, beside = tolk("suggestions", entry, "en").output.splitlines()
    assert beside.strip() == "This stands, and stays: Rest for 3 days."
    id = line.split()[0]
    said = tolk("accept", entry, "en", id, status=1).stderr
    assert f"{PATH}: {BY}: Rest for 3 days." in said and "Rest for 2 days." in said
    said = tolk("accept", entry, "en", id, "--replace").output
    assert said == f"Saved, to be reviewed: {PATH}\n    error: “3 dagen” became “2 days”\n"
    assert approved(db, entry) == ["Rest for 3 days."]


def test_a_text_is_imported_again_as_a_minor_edit(db: Database, tmp_path: Path) -> None:
    file = tmp_path / "nek.txt"
    file.write_text("Stijve nek\n\nBlijf bewegen.\n\nOok als het pijn doet.\n", "utf-8")
    tolk("import", str(file))
    entry = imports.propose(db, understand(file.read_bytes())).article.entry
    path = next(segment.path for segment in cut(db, entry) if segment.source == "Ook als het pijn doet.")
    translate(db, entry, texts={path: "Even if it hurts."})
    file.write_text("Stijve nek\n\nBlijf bewegen.\n\nOok al doet het pijn.\n", "utf-8")
    tolk("import", "--minor", str(file))
    assert revisions.latest(db, entry).update_type == "minor"
    assert {each.source for each in translations.approved(db, entry, "en")} == {
        "Ook als het pijn doet.", "Ook al doet het pijn.",
    }  # fmt: skip
    file.write_text("Stijve nek\n\nBlijf bewegen.\n\nOok al doet het geen pijn.\n", "utf-8")
    assert "This is no minor edit" in tolk("import", "--minor", str(file), status=1).stderr
    assert revisions.latest(db, entry).number == 2
