"""No page, module or script of the admin says words that are not marked for translation.

What counts as words is a judgement on their looks: it can be fooled, but an ordinary sentence or label is found.
"""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from api import languages

API = Path(languages.__file__).parent
TEMPLATES = sorted(API.rglob("*.html"))
SCRIPTS = sorted((API / "admin" / "static").glob("*.js"))
# Where people are spoken to. What `api/openapi.py` and the like describe is taken from the description itself.
MODULES = sorted([*(API / "admin").rglob("*.py"), *API.glob("*_commands.py"), API / "cli.py", API / "report.py"])
MARKS = {"_", "gettext", "ngettext", "pgettext", "npgettext", "lazy_gettext"}
READ_ALOUD = {"alt", "aria-label", "aria-description", "aria-roledescription", "placeholder", "title"}
NEVER_SHOWN = {"script", "style", "code", "kbd", "pre", "svg"}
# Names, and words of protocols and of code: the same in every language.
ALIKE = {
    "Alt", "Android", "Chrome", "Cookie", "Edge", "Enter", "Escape", "Firefox", "Lax", "Linux", "Mac OS X", "Opera",
    "Safari", "Samsung Internet", "Tab", "View", "Windows", "json", "openapi",
}  # fmt: skip
VALUE = "\N{OBJECT REPLACEMENT CHARACTER}"
WORD = re.compile(r"[^\W\d_]{2,}")
# A label begins with one capital; a sentence has small words in a row. Names of classes, icons and codes do neither.
PROSE = re.compile(r"^[“‘]?[A-Z][a-z]+(?:[ ,.:;?!…’']|$)|^[A-Z] [a-z]+ |[a-z]{2,} [a-z]{2,} [a-z]{2,}.*[.!?…]$")
ATTRIBUTE = re.compile(r'[\w-]+="[^"]*"')
COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", re.DOTALL)
SCRIPT_STRING = re.compile(r"""(["'`])((?:\\.|(?!\1)[^\\])*)\1""")


class Seen(HTMLParser):
    """What a page shows or has read aloud, as far as it stands in the template itself."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in NEVER_SHOWN:
            self.hidden.append(tag)
        self.texts += [value for name, value in attrs if value and name in READ_ALOUD]

    def handle_endtag(self, tag: str) -> None:
        if self.hidden and self.hidden[-1] == tag:
            self.hidden.pop()

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.texts.append(data)


def said_by_template(source: str) -> Iterator[str]:
    """Yield each text of a template that is shown as it stands, then each one that looks so within an expression."""
    shown = ""
    for _, kind, value in Environment().lex(source):
        if kind == "data":
            shown += value
        elif kind == "variable_begin":
            shown += VALUE
    page = Seen()
    page.feed(shown)
    page.close()
    for text in page.texts:
        if not set(WORD.findall(ATTRIBUTE.sub("", text))) <= ALIKE:
            yield " ".join(text.split())
    yield from _constants(Environment().parse(source))


def _constants(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in MARKS:
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str) and PROSE.search(node.value):
        yield node.value
    for inner in node.iter_child_nodes():
        yield from _constants(inner)


def said_by_module(source: str) -> Iterator[str]:
    """Yield each string of a module that looks like words for people; docstrings and keys of tables are not."""
    yield from _strings(ast.parse(source))


def _strings(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.JoinedStr):
        text = "".join(str(part.value) if isinstance(part, ast.Constant) else VALUE for part in node.values)
    else:
        text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
    if PROSE.search(text) and text not in ALIKE:
        yield text
    if not isinstance(node, ast.JoinedStr):
        for inner in _spoken(node):
            yield from _strings(inner)


def _spoken(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what stands within a piece of code, but for what is marked and what nobody is shown."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
        return
    if isinstance(node, ast.keyword) and node.arg == "help":
        return
    for name, inside in ast.iter_fields(node):
        if name not in ("annotation", "returns", "keys"):
            for inner in inside if isinstance(inside, list) else [inside]:
                if isinstance(inner, ast.AST) and not _is_docstring(inner):
                    yield inner


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def said_by_script(source: str) -> Iterator[str]:
    """Yield each string of a script that looks like words for people: a script has its words from the page."""
    for _, text in SCRIPT_STRING.findall(COMMENT.sub("", source)):
        if PROSE.search(text) and text not in ALIKE:
            yield text


def name(path: Path) -> str:
    return str(path.relative_to(API))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_says_nothing_unmarked(path: Path) -> None:
    assert list(said_by_template(path.read_text("utf-8"))) == []


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_says_nothing_unmarked(path: Path) -> None:
    assert list(said_by_module(path.read_text("utf-8"))) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_a_script_has_its_words_from_the_page(path: Path) -> None:
    assert list(said_by_script(path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ('<p>{{ _("Saved.") }}</p>', []),
        ("<p>Saved.</p>", ["Saved."]),
        ("<p>{{ number(count) }} texts</p>", [f"{VALUE} texts"]),
        ('<a aria-label="{{ _("Menu") }}" class="menu button">{{ icon("menu") }}</a>', []),
        ('<a aria-label="Menu">{{ icon("menu") }}</a>', ["Menu"]),
        ('{{ parts.button("Save draft", "quiet small", "do", "save") }}', ["Save draft"]),
        ('{{ parts.button(_("Save draft"), "quiet small", "do", "save") }}', []),
        ('{% set title = "Publish" if live else _("Draft") %}', ["Publish"]),
        ('{{ ngettext("%(num)d text", "%(num)d texts", count) }}', []),
        ("{# Only we read this. #}<script>const Said = 'No one reads this';</script>", []),
    ],
)
def test_words_in_a_template_are_found(template: str, said: list[str]) -> None:
    assert list(said_by_template(template)) == said


@pytest.mark.parametrize(
    ("module", "said"),
    [
        ('page.say(_("Saved."))', []),
        ('page.say("Saved.")', ["Saved."]),
        ('page.say(f"{count} texts were saved.")', [f"{VALUE} texts were saved."]),
        ('LABELS = {"Symptoms": _("Symptoms"), "Types": "Kinds"}', ["Kinds"]),
        ('def show(page: "Page") -> "Node":\n    """Show a page."""', []),
        ('@click.option("--all", help="All of them.")\ndef run() -> None: ...', []),
        ('db.query("SELECT id FROM entry WHERE type = ?")', []),
        ('headers["Content-Type"] = "text/html; charset=utf-8"', []),
    ],
)
def test_words_in_a_module_are_found(module: str, said: list[str]) -> None:
    assert list(said_by_module(module)) == said


def test_words_in_a_script_are_found() -> None:
    script = 'status.textContent = "Saved."; // Say it aloud.\nnode.closest("[data-item]").focus();'
    assert list(said_by_script(script)) == ["Saved."]
