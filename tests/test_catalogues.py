"""The words of Tolk's own interface: every message translated, and none that nobody says."""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from gettext import c2py
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from click.testing import CliRunner, Result
from flask import Flask
from flask_babel import force_locale, gettext

from api import languages
from api import settings as settings_module
from api.application import create_app
from api.cli import main
from api.wording import DOUBTS, DROPPED, ERRORS, FAULTS, say, say_doubt, say_error
from tests.catalogues import compile_stale
from translations.__main__ import TEMPLATE, as_po, catalogues, extract, read, unfinished

API = Path(languages.__file__).parent
PLACE = re.compile(r"%\((\w+)\)[sd]")
ARABIC = re.compile("[\u0621-\u064a]")
# What says how many there are: the number itself, and the number as the language writes it.
COUNT = {"num", "shown"}
SAME = "The same as in English."
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


def keys(catalogue: Catalog) -> set[tuple[object, str | None]]:
    return {(message.id, message.context) for message in messages(catalogue)}


def forms(text: str | Sequence[str]) -> tuple[str, ...]:
    """Return the singular and the plurals of a text, or the text alone."""
    return (text,) if isinstance(text, str) else tuple(text)


def pairs(catalogue: Catalog) -> Iterator[tuple[str, str]]:
    """Yield each translated form, after the English form that it is made from."""
    for message in messages(catalogue):
        english = forms(message.id)
        for place, said in enumerate(forms(message.string)):
            yield english[min(place, len(english) - 1)], said


def tag(path: Path) -> str:
    return path.parent.parent.name


def test_every_spoken_language_but_english_has_a_catalogue() -> None:
    assert {tag(path) for path in PATHS} == set(languages.SPOKEN) - {"en"}


def test_the_template_is_what_the_code_says(template: Catalog) -> None:
    stored, said = keys(read(TEMPLATE)), keys(template)
    assert said - stored == set(), UP_TO_DATE
    assert stored - said == set(), UP_TO_DATE
    assert TEMPLATE.read_bytes() == as_po(template), UP_TO_DATE


@pytest.mark.parametrize("path", PATHS, ids=tag)
def test_a_catalogue_is_complete_and_no_more(path: Path, template: Catalog) -> None:
    catalogue = read(path)
    assert keys(template) - keys(catalogue) == set(), UP_TO_DATE
    assert keys(catalogue) - keys(template) == set(), UP_TO_DATE
    assert not catalogue.obsolete
    assert not [message.id for message in unfinished(catalogue)]
    before = path.read_bytes()
    catalogue.update(template, no_fuzzy_matching=True)
    assert as_po(catalogue) == before, UP_TO_DATE


def test_one_missing_plural_form_or_a_doubtful_message_is_unfinished() -> None:
    catalogue = Catalog(locale="ar")
    catalogue.add(("%(num)d text", "%(num)d texts"), ("a", "b", "c", "d", "e", ""))
    catalogue.add("Save", "f", flags=["fuzzy"])
    catalogue.add("Back", "g")
    catalogue.add("On")
    assert [forms(message.id)[0] for message in unfinished(catalogue)] == ["%(num)d text", "Save", "On"]


@pytest.mark.parametrize("path", PATHS, ids=tag)
def test_each_plural_form_is_chosen_for_the_numbers_that_it_is_made_for(path: Path) -> None:
    """The formula that is written in a catalogue must tell numbers apart as the language does (CLDR)."""
    catalogue, rule = read(path), Locale(tag(path)).plural_form
    choose = c2py(catalogue.plural_expr)
    assert {(choose(n), rule(n)) for n in range(1001)} == set(enumerate(kinds_of_number(path)))
    assert catalogue.num_plurals == len(kinds_of_number(path))
    for message in messages(catalogue):
        expected = 1 if isinstance(message.id, str) else catalogue.num_plurals
        assert len(forms(message.string)) == expected, message.id


def kinds_of_number(path: Path) -> list[str]:
    """Return the kinds of whole numbers that a language tells apart, in the order in which catalogues list them."""
    rule = Locale(tag(path)).plural_form
    said = {rule(n) for n in range(1001)}
    return [kind for kind in ("zero", "one", "two", "few", "many", "other") if kind in said]


@pytest.mark.parametrize("path", PATHS, ids=tag)
def test_translations_take_the_same_values(path: Path) -> None:
    kinds = kinds_of_number(path)
    for message in messages(read(path)):
        english, said = forms(message.id), forms(message.string)
        if len(english) == 1:
            assert Counter(PLACE.findall(english[0])) == Counter(PLACE.findall(said[0])), message.id
        else:
            for kind, form in zip(kinds, said, strict=True):
                wanted, given = set(PLACE.findall(english[1])), set(PLACE.findall(form))
                # A form for one number alone may say the number in words.
                left_out = wanted - given - (COUNT if kind in ("zero", "one", "two") else set())
                assert (left_out, given - wanted) == (set(), set()), form


@pytest.mark.parametrize("path", PATHS, ids=tag)
def test_translations_keep_code_and_the_end_of_a_sentence(path: Path) -> None:
    for english, said in pairs(read(path)):
        # Code stands between backticks; it is no matter for translators.
        assert Counter(re.findall("`[^`]+`", english)) == Counter(re.findall("`[^`]+`", said)), said
        assert english.strip()[-1:] in (".", ":") or said.strip()[-1:] not in (".", ":"), said
        assert (english[:1].isspace(), english[-1:].isspace()) == (said[:1].isspace(), said[-1:].isspace()), said


@pytest.mark.parametrize("path", PATHS, ids=tag)
def test_every_message_formats(path: Path) -> None:
    for english, said in pairs(read(path)):
        for text in (english, said):
            places = PLACE.findall(text)
            if places:
                assert "%(" not in text % dict.fromkeys(places, 1)
            else:
                assert "%" not in text, f"a text without values is not formatted, so its % is shown as it is: {text}"


@pytest.mark.parametrize("path", PATHS, ids=tag)
def test_a_copy_of_the_english_has_been_looked_at(path: Path) -> None:
    """Some words are the same in two languages: the catalogue says so above them, and nowhere else."""
    for message in messages(read(path)):
        same = message.id == message.string and any(map(str.isalpha, PLACE.sub("", forms(message.id)[0])))
        assert same == (SAME in message.user_comments), message.id


@pytest.mark.parametrize("path", PATHS, ids=tag)
def test_translations_are_written_in_the_letters_of_their_language(path: Path) -> None:
    other = Locale(tag(path)).text_direction == "rtl"
    for message in messages(read(path)):
        for said in forms(message.string):
            letters = PLACE.sub("", re.sub("`[^`]+`", "", said))
            if other and SAME not in message.user_comments and any(map(str.isalpha, letters)):
                assert ARABIC.search(letters), said
                assert not re.search("[\u0660-\u0669]", said), f"digits as values are shown: {said}"
            if not other:
                assert not ARABIC.search(letters), said


@pytest.mark.parametrize("path", [path for path in PATHS if tag(path) == "nl"], ids=tag)
def test_dutch_is_plain(path: Path) -> None:
    for _, said in pairs(read(path)):
        assert not re.search(r"\b([Uu]|[Uu]w)\b", said), said


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
        ("ar-EG, nl;q=0.9", "ar", "لا يوجد شيء في هذا العنوان."),
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
