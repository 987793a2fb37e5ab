"""The commands that keep the glossary and the memory, as an editor uses them."""

from pathlib import Path

import pytest

import sample
from cms.localize import glossary, memory
from cms.store import Database
from tests.builders import create, translate
from tests.catalogues import compile_stale
from tests.commands import tolk

BETWEEN = ("--from", "nl", "--to", "en")


@pytest.fixture(autouse=True)
def env(terminal: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_glossary_is_taken_in_edited_and_replaced(db: Database) -> None:
    known = Path(sample.HERE) / "glossary.csv"
    count = len(known.read_text("utf-8-sig").splitlines()) - 1
    assert tolk("glossary", "import", str(known)).output == f"{count} terms kept.\n"
    assert tolk("glossary", "export").stdout_bytes.count(b"\r\n") == count + 1
    tolk("glossary", "export", "--to", "en", "--semicolons", "-o", "en.csv")
    lines = Path("en.csv").read_text("utf-8-sig").splitlines()
    assert lines[0] == "source_locale;target_locale;source;target;status;note"
    kept = [line for line in lines if ";koorts;" not in line]
    Path("en.csv").write_text("\r\n".join(kept), "utf-8-sig")
    assert tolk("glossary", "import", "--replace", "en.csv").output == f"{len(kept) - 1} terms kept.\n"
    assert "koorts" not in {term.source for term in glossary.terms(db, "nl", "en")}
    assert "koorts" in {term.source for term in glossary.terms(db, "nl", "tr")}


def test_a_wrong_row_is_named_and_nothing_is_stored(db: Database) -> None:
    text = "source;target;status;source_locale;target_locale\nrug;back;preferred;nl;en\nnek;;preferred;nl;en\n"
    said = tolk("glossary", "import", "-", stdin=text, status=1)
    assert said.stderr == "-: line 3, column target: This may not be empty.\n"
    assert glossary.terms(db) == []


@pytest.mark.parametrize(
    ("language", "said"), [("nl_NL.UTF-8", "regel 2, kolom source: "), ("en", "line 2, column source: ")]
)
def test_faults_are_told_in_the_users_language(monkeypatch: pytest.MonkeyPatch, language: str, said: str) -> None:
    compile_stale()
    monkeypatch.setenv("LANG", language)
    text = "source,target,status,source_locale,target_locale\n,back,preferred,nl,en\n"
    assert said in tolk("glossary", "import", "-", stdin=text, status=1).stderr


def test_a_table_without_its_columns_is_refused() -> None:
    said = tolk("glossary", "import", "-", stdin="rug,back\n", status=1).stderr
    assert said == "-: The table lacks these columns: source_locale, target_locale, source, target, status.\n"


def test_a_memory_travels_and_offers_what_it_holds(db: Database) -> None:
    entry = create(db, "article", title="Neem 2 tabletten")
    translate(db, entry, texts={"title": "Take 2 tablets"})
    tolk("memory", "export", *BETWEEN, "-o", "nl-en.tmx")
    assert tolk("memory", "import", *BETWEEN, "nl-en.tmx").output == "1 pair read, 0 of them new.\n"
    memory.forget(db, "nl", "en", memory.pairs(db, "nl", "en"))
    assert tolk("memory", "suggest", *BETWEEN, "Neem 2 tabletten").output == "Nothing like it was translated before.\n"
    stdin = Path("nl-en.tmx").read_bytes()
    assert tolk("memory", "import", *BETWEEN, "-", stdin=stdin).output == "1 pair read, 1 of them new.\n"
    assert tolk("memory", "suggest", *BETWEEN, "Neem 2 tabletten").output.splitlines() == [
        "100.0 %  Take 2 tablets",
        f"         {entry} title",
    ]
    assert tolk("memory", "suggest", *BETWEEN, "-", stdin="Neem 3 tabletten\n").output.splitlines() == [
        " 93.8 %  Take 2 tablets",
        "         Neem [-2 -]{+3 +}tabletten",
        f"         {entry} title",
    ]
    assert tolk("memory", "export", "--from", "nl", "--to", "de").stdout.count("<tu") == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("import", *BETWEEN, "-"), "-: This is no XML"),
        (("import", *BETWEEN, "none.tmx"), "none.tmx: No such file or directory"),
        (("import", "--from", "nl", "--to", "NL", "-"), "must differ"),
        (("suggest", "--from", "nl", "--to", "??", "x"), "“??” is no BCP 47 language tag"),
        (("export", *BETWEEN, "-o", "none/x.tmx"), "none/x.tmx: No such file or directory"),
    ],
)
def test_what_cannot_be_done_is_worded(words: tuple[str, ...], said: str) -> None:
    assert said in tolk("memory", *words, stdin=b"no xml", status=1).stderr


def test_a_file_without_the_languages_says_which_it_has() -> None:
    unit = '<tu><tuv xml:lang="de"><seg>x</seg></tuv><tuv xml:lang="fr"><seg>y</seg></tuv></tu>'
    file = f'<tmx version="1.4"><header/><body>{unit}</body></tmx>'
    said = tolk("memory", "import", *BETWEEN, "-", stdin=file, status=1).stderr
    assert said == "-: The file has no texts in both “nl” and “en”; it has: de, fr.\n"
