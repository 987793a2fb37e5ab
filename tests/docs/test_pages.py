"""The pages hold together: links, words, headings; and the code explains itself."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from tests.docs import pages

PAGES = pages.every()
LINK = re.compile(r"(?<!!)\[(?:[^\]\[]|\[[^\]]*\])*\]\(([^)\s]+)\)")
MACHINE = re.compile(r"(?<![\w.}/~-])/(?:work|tmp|root|home)/")
# Words of other systems for what has a word here.
SYNONYMS = re.compile(
    r"\b(?:content item|content object|language version|translation unit|web hook|back-?end)s?\b", re.I
)
# The words of DESIGN.md's first section.
WORDS = (
    "Entry", "Revision", "Locale", "Segment", "Translation", "Edition", "Document", "Partner", "Event", "Delivery",
    "Memory", "Term", "Finding",
)  # fmt: skip


def _name(path: Path) -> str:
    return str(path.relative_to(pages.ROOT))


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_every_link_leads_somewhere(path: Path) -> None:
    broken = []
    for target in LINK.findall(pages.FENCE.sub("", path.read_text("utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        to = (path.parent / name).resolve() if name else path
        known = {pages.anchor(text) for _, text in pages.headings(to.read_text("utf-8"))} if anchor else set()
        if not to.exists() or (anchor and anchor not in known):
            broken.append(target)
    assert broken == []


def test_every_page_can_be_reached() -> None:
    reached, waiting = set(), [pages.ROOT / "README.md"]
    while waiting:
        path = waiting.pop()
        if path in reached or path.suffix != ".md" or not path.exists():
            continue
        reached.add(path)
        for target in LINK.findall(path.read_text("utf-8")):
            if not re.match(r"[a-z]+:", target):
                waiting.append((path.parent / target.partition("#")[0]).resolve())
    assert {_name(path) for path in PAGES} - {_name(path) for path in reached} == set()


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_a_page_has_one_title(path: Path) -> None:
    assert [level for level, _ in pages.headings(path.read_text("utf-8"))].count(1) <= 2
    assert path.read_text("utf-8").startswith("# ")


@pytest.mark.parametrize("path", sorted((pages.DOCS / "decisions").glob("0*.md")), ids=_name)
def test_a_decision_has_its_four_parts(path: Path) -> None:
    text = path.read_text("utf-8")
    assert [name for level, name in pages.headings(text) if level == 2] == [
        "Context", "Options", "Decision", "Consequences",
    ]  # fmt: skip
    assert text.startswith(f"# {int(path.name[:4])}. ")
    assert all(pages.section(text, name).strip() for name in ("Context", "Options", "Decision", "Consequences"))
    assert len(text.split()) < 500


def test_the_glossary_has_the_words() -> None:
    assert set(WORDS) <= set(pages.names(pages.read("glossary.md")))


def test_no_synonyms_are_used() -> None:
    used = {_name(path): SYNONYMS.findall(pages.prose(path.read_text("utf-8"))) for path in PAGES}
    assert {name: words for name, words in used.items() if words} == {}


def test_nothing_names_a_place_on_somebodys_machine() -> None:
    named = []
    for path in _files():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        named += [f"{_name(path)}: {line.strip()}" for line in text.split("\n") if MACHINE.search(line)]
    assert named == []


def test_the_tree_in_the_readme_is_the_tree() -> None:
    tree = next(
        fence.text for fence in pages.fences((pages.ROOT / "README.md").read_text("utf-8")) if "cms/  " in fence.text
    )
    top = ""
    for line in tree.strip().split("\n"):
        name = line.split()[0]
        top = top if line.startswith(" ") else name
        assert (pages.ROOT / (top + name if line.startswith(" ") else name)).is_dir(), line


def test_every_module_and_public_name_says_what_it_is_for() -> None:
    silent = []
    for path in [*(pages.ROOT / "cms").rglob("*.py"), *(pages.ROOT / "api").rglob("*.py")]:
        tree = ast.parse(path.read_text("utf-8"))
        if not ast.get_docstring(tree):
            silent.append(_name(path))
        silent += [
            f"{_name(path)}: {thing.name}"
            for thing in tree.body
            if isinstance(thing, ast.FunctionDef | ast.ClassDef)
            and not thing.name.startswith("_")
            and not ast.get_docstring(thing)
        ]
    assert silent == []


def _files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=pages.ROOT, capture_output=True, text=True,
    )  # fmt: skip
    if listed.returncode:  # Not a checkout.
        return [path for folder in ("api", "cms", "docs", "migrations") for path in (pages.ROOT / folder).rglob("*.*")]
    return [path for name in listed.stdout.split("\n") if name and (path := pages.ROOT / name).is_file()]
