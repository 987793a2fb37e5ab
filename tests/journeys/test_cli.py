"""The command line, as an operator and an editor use it: what it does, what it says, and how it ends."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from api.application import create_app
from api.cli import HOMES, main
from api.settings import VARIABLES
from cms.store import Database, write
from tests.builders import published, translate
from tests.commands import tolk

PASTED = """Stijve nek na het werk

Je nek zit vast en draaien doet pijn. Meestal gaat dat binnen een week over.

Wat kun je zelf doen?

1. Blijf rustig bewegen.
2. Leg iets warms in je nek.
3. Wissel van houding.

Wanneer moet je bellen?

Bel ons als de pijn na twee weken niet minder is.

Geschreven door Anna de Wit, fysiotherapeut
"""


def refused(*words: str, stdin: str | bytes | None = None) -> str:
    """Run a command that cannot be done: it says why on standard error and exits with 1."""
    result = tolk(*words, stdin=stdin, status=None)
    assert result.exit_code == 1
    assert result.stderr.strip()
    return result.stderr


def served(path: str) -> Any:
    """Ask the application for a path."""
    app = create_app()
    try:
        return app.test_client().get(path, buffered=True)
    finally:
        app.extensions["tolk_connections"].close()


@pytest.fixture
def pasted(tmp_path: Path) -> Path:
    """Return a file with an article as somebody would paste it."""
    path = tmp_path / "nek.txt"
    path.write_text(PASTED, "utf-8")
    return path


def test_migrating_twice_changes_nothing(empty_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_url)
    monkeypatch.setenv("TOLK_MEDIA_DIR", str(tmp_path))
    assert re.search(r"up to date \([1-9]\d* applied\)", tolk("migrate").output)
    assert "(0 applied)" in tolk("migrate").output


def test_every_command_names_the_remedy_on_a_database_that_is_not_migrated(
    empty_url: str, monkeypatch: pytest.MonkeyPatch, pasted: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_url)
    monkeypatch.delenv("LANG", raising=False)
    for words in (
        ["sample"], ["list", "article"], ["publish", "article/x"], ["tick"], ["rebuild"], ["tasks"], ["serve"],
        ["import", str(pasted)],
    ):  # fmt: skip
        assert "tolk migrate" in refused(*words), words


def test_sample_content_is_added_once(terminal: None) -> None:
    first = tolk("sample").output
    assert int(first.split()[0]) > 30
    assert tolk("sample").output == "0 sample entries added.\n"
    assert served("/v1/nl/articles").json["meta"]["total"] == 12
    assert served("/media/sitting-desk.svg").status_code == 200


def test_a_dry_run_shows_what_would_be_made_and_makes_nothing(terminal: None, pasted: Path, db: Database) -> None:
    said = tolk("import", "--dry-run", str(pasted)).output
    assert "Stijve nek na het werk" in said
    assert "1. Blijf rustig bewegen." in said
    assert "Anna de Wit" in said
    assert db.table("entry").count_where() == 0


def test_an_import_makes_a_draft_and_says_how_to_publish_it(terminal: None, pasted: Path) -> None:
    said = tolk("import", str(pasted)).output
    assert served("/v1/nl/articles").json["data"] == []
    named = re.search(r"tolk publish (.+)", said)
    assert named
    author, article = named[1].split()
    assert "Publish at least one of the authors or clinics first." in refused("publish", article)
    assert served("/v1/nl/articles").json["data"] == []
    assert tolk("publish", author, article).output.count("Published: ") == 2
    assert [item["title"] for item in served("/v1/nl/articles").json["data"]] == ["Stijve nek na het werk"]


def test_an_import_can_be_published_at_once(terminal: None, pasted: Path) -> None:
    said = tolk("import", "--publish", str(pasted)).output
    address = re.search(r"Published: http://127\.0\.0\.1:8000(\S+)", said)
    assert address
    document = served(address[1]).json
    assert document["title"] == "Stijve nek na het werk"
    assert [block["type"] for block in document["body"]] == ["heading", "list", "heading", "paragraph"]
    assert (document["authors"][0]["name"], document["authors"][0]["job_title"]) == ("Anna de Wit", "fysiotherapeut")


def test_the_same_import_again_changes_nothing(terminal: None, pasted: Path, db: Database) -> None:
    tolk("import", "--publish", str(pasted))
    before = db.table("revision").count_where()
    etag = served("/v1/nl/articles/stijve-nek-na-het-werk").headers["ETag"]
    assert "Nothing changed" in tolk("import", "--publish", str(pasted)).output
    assert db.table("revision").count_where() == before
    assert served("/v1/nl/articles/stijve-nek-na-het-werk").headers["ETag"] == etag


def test_an_import_prints_what_it_understood_as_json_and_nothing_else(terminal: None, pasted: Path) -> None:
    for words in (["--dry-run"], [], ["--publish"]):
        understood = json.loads(tolk("import", "--json", *words, str(pasted)).stdout)
        assert understood["title"] == "Stijve nek na het werk"


def test_an_import_reads_standard_input(terminal: None) -> None:
    tolk("import", "--publish", "-", stdin=PASTED)
    assert served("/v1/nl/articles/stijve-nek-na-het-werk").status_code == 200


def test_an_import_reads_what_windows_wrote(terminal: None, tmp_path: Path) -> None:
    path = tmp_path / "windows.txt"
    path.write_bytes(PASTED.replace("Stijve", "Één stijve").replace("\n", "\r\n").encode("cp1252"))
    said = tolk("import", "--publish", str(path)).output
    assert "cp1252" in said
    assert served("/v1/nl/articles").json["data"][0]["title"] == "Één stijve nek na het werk"


def test_one_bad_file_does_not_keep_the_others_out(terminal: None, pasted: Path, tmp_path: Path) -> None:
    binary, missing = tmp_path / "picture.png", tmp_path / "missing.txt"
    binary.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
    said = refused("import", "--publish", str(missing), str(binary), str(pasted), str(tmp_path))
    for bad in (missing, binary, tmp_path):
        assert f"{bad}: " in said
    assert served("/v1/nl/articles/stijve-nek-na-het-werk").status_code == 200


@pytest.mark.parametrize("content", ["", " \n\n\t\n", "\0", "\ufeff"])
def test_a_file_without_text_is_refused(terminal: None, content: str) -> None:
    assert "-: " in refused("import", "-", stdin=content)


@pytest.fixture
def live(terminal: None, pasted: Path) -> str:
    """Publish the pasted article and return how it is named on the command line."""
    tolk("import", "--publish", str(pasted))
    return "article/stijve-nek-na-het-werk"


ADDRESS = "/v1/nl/articles/stijve-nek-na-het-werk"


def test_unpublishing_takes_an_article_away_and_publishing_brings_it_back(live: str) -> None:
    assert tolk("unpublish", live).output == "Unpublished in: nl\n"
    assert served(ADDRESS).status_code == 404
    assert "not published" in refused("unpublish", live)
    assert ADDRESS in tolk("publish", live).output
    assert served(ADDRESS).status_code == 200


def test_withdrawing_says_why_and_what_to_read_instead(live: str) -> None:
    other = PASTED.replace("Stijve nek", "Soepele nek")
    tolk("import", "--publish", "-", stdin=other)
    said = tolk(
        "withdraw", live, "--explanation", "Achterhaald.", "--replacement", "article/soepele-nek-na-het-werk",
        "--severity", "safety",
    ).output  # fmt: skip
    assert said == "Withdrawn in: nl\n"
    answer = served(ADDRESS)
    assert (answer.status_code, answer.json["detail"]) == (410, "Achterhaald.")
    assert answer.json["replacement"]["slug"] == "soepele-nek-na-het-werk"


def test_a_command_that_changes_one_language_leaves_no_other_waiting(terminal: None, db: Database) -> None:
    entry = published(db, "article", slug="rug")
    translate(db, entry, "en", {"title": "A sore back", "body.b1.text": "Keep moving."})
    seen = []
    for words in (["publish"], ["unpublish"], ["publish"], ["withdraw", "--explanation", "Onjuist."]):
        tolk(words[0], entry, "--locale", "en", *words[1:])
        seen.append([each["locale"] for each in served("/v1/nl/articles/rug").json["alternates"]])
    assert (seen, list(db.query("select entry from pending"))) == ([["en"], [], ["en"], []], [])


def test_what_is_scheduled_is_listed_cancelled_and_carried_out(live: str, db: Database) -> None:
    tolk("unpublish", live)
    tasks = [
        re.search(r"task (\S+)\)", tolk("schedule", live, "publish", "2099-03-01T08:30+01:00").output) for _ in range(2)
    ]
    assert tasks[0]
    assert tasks[1]
    listed = tolk("tasks").output.splitlines()
    assert len(listed) == 2
    assert all(line.startswith("2099-03-01T07:30:00.000000Z  publish") for line in listed)
    assert tolk("cancel", tasks[0][1]).output == "Cancelled.\n"
    assert "settled" in refused("cancel", tasks[0][1])
    assert tolk("tick").output.startswith("0 tasks")
    with write(db):
        db.table("schedule").update(tasks[1][1], {"due_at": "2026-01-01T00:00:00.000000Z"})
    assert tolk("tick").stdout.startswith("1 task carried out.")
    assert served(ADDRESS).status_code == 200
    assert tolk("tasks").output == ""


@pytest.mark.parametrize(
    ("when", "status"),
    [
        ("2020-01-01", 1),
        ("gisteren", 2),
        ("2026-02-30", 2),
        ("0001-01-01T00:00+10:00", 2),
        ("9999-12-31T23:59-10:00", 2),
    ],
)
def test_a_moment_that_cannot_be_is_refused(live: str, when: str, status: int) -> None:
    assert tolk("schedule", live, "publish", when, status=None).exit_code == status


def test_a_rebuild_after_a_change_of_settings_renders_all_afresh(live: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert tolk("rebuild").output == "0 documents changed.\n"
    monkeypatch.setenv("TOLK_URL", "https://api.example.org")
    assert tolk("rebuild").output == "2 documents changed.\n"
    assert served(ADDRESS).json["url"] == f"https://api.example.org{ADDRESS}"


def test_entries_are_listed_with_where_they_are_live(live: str) -> None:
    assert re.fullmatch(r"[0-9a-f-]{36}  nl +Stijve nek na het werk\n", tolk("list", "article").output)
    tolk("unpublish", live)
    assert re.fullmatch(r"[0-9a-f-]{36}  - +Stijve nek na het werk\n", tolk("list", "article").output)


def test_the_description_is_printed(terminal: None) -> None:
    OpenAPIV31SpecValidator(json.loads(tolk("openapi").stdout)).validate()


def test_every_setting_is_listed_with_its_value_and_reason(terminal: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOLK_NAME", "Rug en Nek")
    said = tolk("settings").output
    assert "TOLK_NAME=Rug en Nek\n" in said
    for name, (_, reason) in VARIABLES.items():
        assert f"{name}=" in said
        assert reason in said


WRONG = {
    "DATABASE_URL": "mysql://somewhere",
    "TOLK_URL": "no-address",
    "TOLK_PAGE_URL": "https://x/{nothing}",
    "TOLK_SOURCE_LOCALE": "dutch",
    "TOLK_LOCALES": "nl,xx-yy-",
    "TOLK_TRUST": "article=luck",
    "TOLK_CACHE_SECONDS": "-1",
    "TOLK_MAX_BODY_BYTES": "many",
    "PORT": "99999",
    "TOLK_WORKERS": "0",
    "TOLK_THREADS": "0",
    "TOLK_CLOCK_SECONDS": "1.5",
    "TOLK_LOG_LEVEL": "loud",
    "TOLK_ACCESS_LOG": "perhaps",
}


def test_all_faults_of_the_settings_are_named_at_once(terminal: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in WRONG.items():
        monkeypatch.setenv(name, value)
    said = refused("list", "article")
    assert re.findall(r"^  (\w+): ", said, re.MULTILINE) == sorted(WRONG)


@pytest.mark.parametrize(("name", "value"), WRONG.items())
def test_each_fault_of_the_settings_is_named_alone(
    terminal: None, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert re.findall(r"^  (\w+): ", refused("tasks"), re.MULTILINE) == [name]


def test_a_module_of_content_types_that_is_not_there_is_a_fault_of_the_settings(
    terminal: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOLK_CONTENT_TYPES", "no.such.module")
    assert "TOLK_CONTENT_TYPES" in refused("tasks")


@pytest.mark.parametrize(
    "words",
    [
        ["publish", "article/nergens"],
        ["publish", "nergens"],
        ["publish", "recept/taart"],
        ["publish", "00000000-0000-0000-0000-000000000000"],
        ["publish", ""],
        ["unpublish", "article/nergens"],
        ["withdraw", "article/nergens", "--explanation", "x"],
        ["schedule", "article/nergens", "publish", "2099-01-01"],
        ["cancel", "nothing"],
        ["list", "recept"],
    ],
    ids=" ".join,
)
def test_what_is_not_there_is_told(terminal: None, words: list[str]) -> None:
    refused(*words)


def test_a_language_that_is_not_there_is_told(live: str) -> None:
    assert "languages here" in refused("publish", live, "--locale", "xx")
    assert "translated" in refused("publish", live, "--locale", "en")
    assert "not published" in refused("unpublish", live, "--locale", "en")
    assert "languages here" in refused("schedule", live, "publish", "2040-01-01T08:00", "--locale", "xx")


def test_a_withdrawal_without_a_reason_or_to_itself_is_refused(live: str) -> None:
    assert "/explanation" in refused("withdraw", live, "--explanation", " ")
    assert "/replacement" in refused("withdraw", live, "--explanation", "x", "--replacement", live)
    assert served(ADDRESS).status_code == 200


@pytest.mark.parametrize("url", ["sqlite:///{folder}/file/x.db", "postgresql://nobody@127.0.0.1:1/x"])
def test_a_database_that_does_not_answer_is_told(
    terminal: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("DATABASE_URL", url.format(folder=tmp_path))
    for words in (["migrate"], ["tasks"], ["tick"], ["serve"]):
        assert "database" in refused(*words)


def test_help_and_version_need_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "none")
    assert "tolk" in tolk("--version").output
    for command in main.every():
        assert "Usage:" in tolk(command, "--help").output


def test_each_command_is_found_where_it_is_made() -> None:
    made = {name: str(command.callback.__module__) for name, command in main.every().items() if command.callback}
    assert {name: f"api.{module}" for name, module in HOMES.items()} == made


def test_a_command_does_not_wait_for_what_others_need() -> None:
    others = {"granian", "httpx", "lxml", "cryptography", "structlog", "phonenumbers", "snowballstemmer", "rapidfuzz"}
    program = f"import sys, api.cli as cli; cli.main.get_command(None, 'migrate'); print({others} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout == "set()\n"
