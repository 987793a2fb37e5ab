"""The words of Tolk's own interface: every message translated, and none that nobody says."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from click.testing import CliRunner, Result
from flask import Flask
from flask_babel import force_locale, gettext

from api import create_app, languages
from api import settings as settings_module
from api.cli import main
from api.wording import DOUBTS, DROPPED, ERRORS, FAULTS, say, say_doubt, say_error
from tests.catalogues import compile_stale
from translations.__main__ import TEMPLATE, as_po, catalogues, extract, read

API = Path(languages.__file__).parent
PLACE = re.compile(r"%\((\w+)\)s")
PATHS = list(catalogues())
UP_TO_DATE = "run `python -m translations`, and fill in what it lists"
TEXT = """Pijn in de knie

Veel mensen hebben wel eens pijn in de knie. Vaak gaat het vanzelf over.

Wat kun je zelf doen?

- Blijf bewegen.
- Rust na het sporten.
"""


@pytest.fixture(scope="session", autouse=True)
def compiled() -> None:
    """Have the catalogues compiled."""
    compile_stale()


@pytest.fixture(scope="module")
def template() -> Catalog:
    """Give what the code says now."""
    return extract()


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Give an application; no test here reads its database."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/none.db")
    return create_app(settings_module.read())


def messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def test_every_spoken_language_but_english_has_a_catalogue() -> None:
    assert {path.parent.parent.name for path in PATHS} == set(languages.SPOKEN) - {"en"}


def test_the_template_is_what_the_code_says(template: Catalog) -> None:
    stored = {message.id for message in messages(read(TEMPLATE))}
    said = {message.id for message in messages(template)}
    assert said - stored == set(), UP_TO_DATE
    assert stored - said == set(), UP_TO_DATE
    assert TEMPLATE.read_bytes() == as_po(template), UP_TO_DATE


@pytest.mark.parametrize("path", PATHS, ids=str)
def test_a_catalogue_is_complete_and_no_more(path: Path, template: Catalog) -> None:
    catalogue = read(path)
    assert {m.id for m in messages(template)} == {m.id for m in messages(catalogue)}, UP_TO_DATE
    assert not catalogue.obsolete
    assert not [m.id for m in messages(catalogue) if not m.string or m.fuzzy]
    before = path.read_bytes()
    catalogue.update(template, no_fuzzy_matching=True)
    assert as_po(catalogue) == before, UP_TO_DATE


@pytest.mark.parametrize("path", PATHS, ids=str)
def test_translations_take_the_same_values(path: Path) -> None:
    for message in messages(read(path)):
        assert Counter(PLACE.findall(message.id)) == Counter(PLACE.findall(message.string)), message.id
        # Code stands between backticks; it is no matter for translators.
        assert Counter(re.findall("`[^`]+`", message.id)) == Counter(re.findall("`[^`]+`", message.string)), message.id
        assert message.id.strip()[-1:] in ".:" or message.string.strip()[-1:] not in ".:", message.id


@pytest.mark.parametrize("path", PATHS, ids=str)
def test_every_message_formats(path: Path) -> None:
    for message in messages(read(path)):
        for text in (message.id, message.string):
            filled = text % dict.fromkeys(PLACE.findall(text), "<value>")
            assert "%(" not in filled


@pytest.mark.parametrize("path", PATHS, ids=str)
def test_dutch_is_plain(path: Path) -> None:
    if path.parent.parent.name == "nl":
        for message in messages(read(path)):
            assert not re.search(r"\b([Uu]|[Uu]w)\b", message.string), message.string


def test_nothing_that_is_said_escapes_extraction(template: Catalog) -> None:
    """An f-string hides a message from the extractor; the syntax tree still shows it."""
    for path in API.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "gettext"):
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    assert first.value in template, f"{path}:{node.lineno} is not found by the extractor"


def test_all_wordings_are_said_in_dutch(app: Flask) -> None:
    with app.app_context(), force_locale("nl"):
        for text in [*ERRORS.values(), *FAULTS.values(), *DOUBTS.values(), *DROPPED.values()]:
            assert gettext(text) != text
        assert say_error("refused") == "Een regel staat dit nu niet toe."
        assert say("not_a_choice", {"value": "x", "choices": ["a", "b"]}) == "“x” kan hier niet; kies een van: a, b."
        assert say_doubt("single_name", {"name": "Jos"}) == "“Jos” is maar één naam"


@pytest.mark.parametrize(
    ("wanted", "language", "title"),
    [
        ("nl", "nl", "Op dit adres is niets te vinden."),
        ("nl-BE, en;q=0.5", "nl", "Op dit adres is niets te vinden."),
        ("fr, nl;q=0.3", "nl", "Op dit adres is niets te vinden."),
        ("en-GB", "en", "There is nothing at this address."),
        ("zz-ZZ", "en", "There is nothing at this address."),
        ("", "en", "There is nothing at this address."),
    ],
)
def test_problems_speak_the_callers_language(app: Flask, wanted: str, language: str, title: str) -> None:
    answer = app.test_client().get("/nowhere", headers={"Accept-Language": wanted})
    assert answer.status_code == 404
    assert answer.json is not None
    assert answer.json["title"] == title
    assert answer.headers["Content-Language"] == language
    assert "Accept-Language" in answer.headers["Vary"]


def tolk(tmp_path: Path, *words: str, **variables: str) -> Result:
    """Run the command line with a database of its own and these variables."""
    own = {"DATABASE_URL": f"sqlite:///{tmp_path}/tolk.db", "LC_ALL": "", "LC_MESSAGES": "", "LANG": ""}
    return CliRunner().invoke(main, words, env=own | variables)


def test_an_import_is_told_in_dutch(tmp_path: Path) -> None:
    text = tmp_path / "knie.txt"
    text.write_text(TEXT, "utf-8")
    done = tolk(tmp_path, "migrate", LANG="nl_NL.UTF-8")
    assert done.output.startswith("De database is bijgewerkt")
    told = tolk(tmp_path, "import", str(text), LANG="nl_NL.UTF-8").output
    assert "artikel   Pijn in de knie  [nieuw]" in told
    assert "lijst: 2" in told
    assert "Opgeslagen als concept:" in told
    assert "Publiceren gaat met: tolk publish" in told


def test_errors_are_told_in_the_users_language(tmp_path: Path) -> None:
    tolk(tmp_path, "migrate")
    for variables in ({"LANG": "nl_BE.UTF-8"}, {"LANG": "C", "LC_ALL": "nl_NL"}, {"LANG": "C", "LC_MESSAGES": "nl"}):
        told = tolk(tmp_path, "publish", "article/none", **variables)
        assert told.exit_code == 1
        assert told.output.startswith("Op dit adres is niets te vinden.")
    assert tolk(tmp_path, "publish", "article/none", LANG="C").output.startswith("There is nothing")
    assert tolk(tmp_path, "migrate", LANG="nl_NL", PORT="0").output.startswith("De instellingen kloppen niet.")
