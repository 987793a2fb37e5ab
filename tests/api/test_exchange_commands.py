"""`tolk export` and `tolk import-translations`, as a project manager of translations uses them."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from cms.localize import translations
from cms.store import Database, connect
from tests.cms.localize.exchange.rich import ENTRY, TEXTS, an_entry, by_now, standing, translated

TITLE = {"title": "Hurt your back"}


@pytest.fixture
def db(database_url: str) -> Database:
    db = connect(database_url)
    an_entry(db)
    return db


def tolk(database_url: str, *words: str, input: bytes | None = None, **variables: str) -> Result:
    own = {"DATABASE_URL": database_url, "LC_ALL": "C", "LC_MESSAGES": "", "LANG": ""}
    return CliRunner().invoke(main, words, env=own | variables, input=input)


def test_a_file_goes_out_and_comes_back(db: Database, database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "rug.xlf"
    written = tolk(database_url, "export", ENTRY, "--locale", "en", "-o", str(file))
    assert (written.exit_code, written.output) == (0, f"Written: {file}\n")
    file.write_bytes(translated(file.read_bytes()))
    tried = tolk(database_url, "import-translations", str(file), "--dry-run")
    assert tried.output.startswith(f"{file}  [xliff2, en]\n  accepted     {ENTRY} title: Hurt your back\n")
    assert tried.output.endswith("  6 accepted\n  This was a dry run: nothing was saved.\n")
    assert standing(db) == {}
    done = tolk(database_url, "import-translations", str(file), "--by", "bureau", "--approve")
    assert done.exit_code == 0
    assert {each.path for each in translations.approved(db, ENTRY, "en")} == {
        path for path in TEXTS if not path.startswith("body.b3")
    }
    assert {each.saved_by for each in translations.working(db, ENTRY, "en")} == {"bureau"}
    again = tolk(database_url, "import-translations", str(file))
    assert again.output == f"{file}  [xliff2, en]\n  6 unchanged\n"
    assert "unchanged    " in tolk(database_url, "import-translations", str(file), "--all").output


@pytest.mark.parametrize("format", ["xliff2", "xliff1", "po", "csv"])
def test_every_format_goes_through_pipes(db: Database, database_url: str, format: str) -> None:
    sent = tolk(database_url, "export", ENTRY, "--locale", "en", "--format", format, "--only", "missing")
    assert sent.exit_code == 0
    back = tolk(database_url, "import-translations", "-", input=sent.stdout_bytes)
    assert (back.exit_code, back.output) == (0, f"-  [{format}, en]\n  6 empty\n")


def test_what_stands_is_shown_beside_what_was_brought(db: Database, database_url: str) -> None:
    sent = tolk(database_url, "export", ENTRY, "--locale", "en").stdout_bytes
    by_now(db, "title", "Sore back", days=2)
    back = tolk(database_url, "import-translations", "-", input=translated(sent, TITLE))
    assert f"  suggested    {ENTRY} title: Hurt your back\n      This stands, and stays: Sore back\n" in back.output


def test_one_bad_file_stops_no_other(db: Database, database_url: str, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.xlf", tmp_path / "bad.xlf"
    good.write_bytes(translated(tolk(database_url, "export", ENTRY, "--locale", "en").stdout_bytes, TITLE))
    bad.write_bytes(b"<!DOCTYPE a><a/>")
    done = tolk(database_url, "import-translations", str(bad), str(tmp_path / "none.xlf"), str(good))
    assert done.exit_code == 1
    assert f"{bad}: The file has a document type (DOCTYPE); remove it." in done.output
    assert "No such file" in done.output
    assert standing(db)["title"][0] == "Hurt your back"


def test_a_large_file_is_refused_unread(db: Database, database_url: str, tmp_path: Path) -> None:
    large = tmp_path / "large.xlf"
    with large.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    done = tolk(database_url, "import-translations", str(large))
    assert (done.exit_code, done.output) == (1, f"{large}: This is larger than 20971520 bytes.\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--locale", "nl"), "“nl” is the language that the entry is written in; it is not translated."),
        (("--locale", "xx"), "“xx” is not one of the languages here: nl, en, de, fr, tr, ar, pl, uk."),
        (("--locale", "en", "--only", "stale"), "There is nothing to translate into “en”."),
    ],
)
def test_what_cannot_be_exported_is_said(db: Database, database_url: str, words: tuple[str, ...], said: str) -> None:
    done = tolk(database_url, "export", ENTRY, *words)
    assert (done.exit_code, done.output) == (1, f"{said}\n")


def test_it_speaks_dutch(db: Database, database_url: str) -> None:
    sent = tolk(database_url, "export", ENTRY, "--locale", "en").stdout_bytes
    back = tolk(database_url, "import-translations", "-", input=translated(sent, TITLE), LC_ALL="nl_NL.UTF-8")
    assert f"  aangenomen   {ENTRY} title: Hurt your back\n  1 aangenomen, 5 leeg\n" in back.output
